//! Work that waits for the disk, on a thread of its own: tasks share few threads, and one that
//! waits holds up all others.

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::values::{Error, Outcome};

/// Things on their way from one to the other: enough that neither waits for each single one.
const HELD_MAX: usize = 4;

/// A thread that is given things one by one.
pub(super) struct Aside<T, R> {
    sender: mpsc::Sender<T>,
    work: JoinHandle<Outcome<R>>,
}

impl<T: Send + 'static, R: Send + 'static> Aside<T, R> {
    /// Begins the work; it ends with the last thing, or with what goes wrong.
    pub fn begin<W>(work: W) -> Self
    where
        W: FnOnce(&mut dyn Iterator<Item = T>) -> Outcome<R> + Send + 'static,
    {
        let (sender, mut receiver) = mpsc::channel(HELD_MAX);
        let work = move || work(&mut std::iter::from_fn(move || receiver.blocking_recv()));
        Self { sender, work: tokio::task::spawn_blocking(work) }
    }

    /// Hands the next thing over; false where the work ended before.
    pub async fn give(&self, thing: T) -> bool {
        self.sender.send(thing).await.is_ok()
    }

    /// What came of it.
    pub async fn finish(self) -> Outcome<R> {
        drop(self.sender);
        self.work.await.map_err(Error::failure)?
    }
}

/// Things that a thread makes, each while the ones before are worked on.
pub(super) struct Ahead<T> {
    receiver: mpsc::Receiver<T>,
}

impl<T: Send + 'static> Ahead<T> {
    /// Begins to make them; ends when nobody wants more.
    pub fn of(mut things: impl Iterator<Item = T> + Send + 'static) -> Self {
        let (sender, receiver) = mpsc::channel(HELD_MAX);
        tokio::task::spawn_blocking(move || things.try_for_each(|one| sender.blocking_send(one)));
        Self { receiver }
    }

    /// The next one.
    pub async fn next(&mut self) -> Option<T> {
        self.receiver.recv().await
    }
}
