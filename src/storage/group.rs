//! Group commit on SQLite: how many writers share one flush to disk.
//!
//! A writer takes the connection, works and leaves the transaction open. If somebody waits behind,
//! the flush is left to them; the last in line flushes and everybody is told at once. Whoever joins
//! a transaction that others wrote in works inside a savepoint, so that taking back their own takes
//! back nothing else. SQLite keeps what a savepoint changes in memory as it was, so whoever writes
//! very much has a transaction of their own.
//!
//! Whoever waits may give up at any moment, as when a browser hangs up. Entering and committing
//! then still come to their end, each in a task of its own: half-way they would leave others'
//! writes in a transaction that nobody knows the state of.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::{OwnedMutexGuard, oneshot};

use super::db::{Lite, Writer};
use crate::values::{Error, Outcome};

/// How long one trusts the next in line to flush.
const PATIENCE: std::time::Duration = std::time::Duration::from_millis(20);

/// The writer's turn. Dropping it unfinished takes back what was written in it.
pub struct Turn {
    lite: Arc<Lite>,
    guard: Option<OwnedMutexGuard<Writer>>,
    /// Others wrote in the transaction before, and this is a savepoint in it.
    is_joined: bool,
}

/// Waits for the writer and joins the open transaction, or opens one. A turn that is `large` joins
/// none: what is open is flushed first.
pub async fn enter(lite: Arc<Lite>, is_large: bool) -> Outcome<Turn> {
    tokio::spawn(enter_whole(lite, is_large)).await.map_err(Error::failure)?
}

async fn enter_whole(lite: Arc<Lite>, is_large: bool) -> Outcome<Turn> {
    lite.waiting.fetch_add(1, Ordering::SeqCst);
    let queued = Queued(lite.clone());
    let guard = lite.writer.clone().lock_owned().await;
    drop(queued);
    let mut turn = Turn { lite, guard: Some(guard), is_joined: false };
    let writer = turn.writer()?;
    if is_large {
        flush(writer).await;
    }
    if writer.is_open {
        if let Err(cause) = writer.execute("savepoint turn").await {
            fail(writer, &cause).await;
            return Err(cause);
        }
        turn.is_joined = true;
    } else {
        writer.execute("begin immediate").await?;
        writer.is_open = true;
    }
    Ok(turn)
}

/// Counts one waiter for as long as it lives, also when the waiting is given up.
struct Queued(Arc<Lite>);

impl Drop for Queued {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Turn {
    pub fn connection(&mut self) -> Outcome<&mut sqlx::sqlite::SqliteConnection> {
        self.writer()?.connection()
    }

    fn writer(&mut self) -> Outcome<&mut Writer> {
        self.guard.as_deref_mut().ok_or_else(|| Error::failure("the writer's turn has ended"))
    }

    /// Keeps what was written; returns once it is on disk. Not to be given up half-way.
    pub async fn commit(mut self) -> Outcome<()> {
        let lite = self.lite.clone();
        let Some(mut guard) = self.guard.take() else {
            return Err(Error::failure("the writer's turn has ended"));
        };
        let writer = &mut *guard;
        if self.is_joined
            && let Err(cause) = writer.execute("release turn").await
        {
            // A full disk or the like ended the outer transaction: nobody's write is kept.
            fail(writer, &cause).await;
            return Err(cause);
        }
        let (told, answer) = oneshot::channel();
        writer.acknowledgements.push(told);
        if lite.must_flush(writer.acknowledgements.len()) {
            flush(writer).await;
        }
        drop(guard);
        match told_or_flushed(&lite, answer).await {
            Ok(told) => told,
            Err(_) => Err(Error::failure("the writer went away before the flush")),
        }
    }
}

/// Waits to be told. Should the one who was to flush have given up its place, flushes itself.
async fn told_or_flushed(
    lite: &Lite,
    mut answer: oneshot::Receiver<Outcome<()>>,
) -> Result<Outcome<()>, oneshot::error::RecvError> {
    loop {
        match tokio::time::timeout(PATIENCE, &mut answer).await {
            Ok(told) => return told,
            Err(_) => flush(&mut *lite.writer.lock().await).await,
        }
    }
}

/// Commits the shared transaction and tells everybody who waits for it.
pub async fn flush(writer: &mut Writer) {
    if !writer.is_open {
        return;
    }
    match writer.execute("commit").await {
        Ok(_) => {
            writer.is_open = false;
            for told in writer.acknowledgements.drain(..) {
                // One who stopped waiting loses nothing.
                let _ = told.send(Ok(()));
            }
        }
        Err(cause) => fail(writer, &cause).await,
    }
}

/// Takes back a transaction in which nobody else wrote.
async fn take_back(writer: &mut Writer) {
    if let Err(cause) = writer.execute("rollback").await {
        // A full disk or the like ended it already; nothing of it remains.
        tracing::debug!(error = %cause, "nothing to roll back");
    }
    writer.is_open = false;
}

async fn fail(writer: &mut Writer, cause: &Error) {
    // The transaction may be gone already; either way nothing of it remains.
    if let Err(second) = writer.execute("rollback").await {
        tracing::debug!(error = %second, "nothing to roll back");
    }
    writer.is_open = false;
    for told in writer.acknowledgements.drain(..) {
        // Who hung up meanwhile is told nothing.
        let _ = told.send(Err(same(cause)));
    }
}

/// What is told to everybody whose write was lost with the flush.
fn same(cause: &Error) -> Error {
    match cause {
        Error::Full(text) => Error::Full(text.clone()),
        cause => Error::failure(cause),
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(mut guard) = self.guard.take() else { return };
        let (lite, is_joined) = (self.lite.clone(), self.is_joined);
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            let writer = &mut *guard;
            if !is_joined {
                return take_back(writer).await;
            }
            if let Err(cause) = writer.execute("rollback to turn; release turn").await {
                fail(writer, &cause).await;
            } else if lite.must_flush(writer.acknowledgements.len()) {
                flush(writer).await;
            }
        });
    }
}
