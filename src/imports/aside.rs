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

/// Things that a thread makes, each while the ones before are worked on. That there are no more and
/// that the thread broke are two answers: whoever takes the one for the other loses rows.
pub(super) struct Ahead<T> {
    receiver: mpsc::Receiver<Outcome<T>>,
    work: Option<JoinHandle<()>>,
}

impl<T: Send + 'static> Ahead<T> {
    /// Begins to make them; ends when nobody wants more, or with the first that goes wrong.
    pub fn of(things: impl Iterator<Item = Outcome<T>> + Send + 'static) -> Self {
        let (sender, receiver) = mpsc::channel(HELD_MAX);
        let work = tokio::task::spawn_blocking(move || {
            for one in things {
                let is_whole = one.is_ok();
                if sender.blocking_send(one).is_err() || !is_whole {
                    return;
                }
            }
        });
        Self { receiver, work: Some(work) }
    }

    /// The next one; `None` behind the last.
    pub async fn next(&mut self) -> Outcome<Option<T>> {
        if let Some(one) = self.receiver.recv().await {
            return one.map(Some);
        }
        match self.work.take() {
            Some(work) => work.await.map_err(Error::failure).map(|()| None),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_broke_in_the_midst_is_not_who_came_to_the_end() {
        let mut whole = Ahead::of((1..3).map(Ok));
        assert_eq!(whole.next().await.expect("whole"), Some(1));
        assert_eq!(whole.next().await.expect("whole"), Some(2));
        assert_eq!(whole.next().await.expect("whole"), None);
        let mut broken = Ahead::of((1..3).map(|n| if n < 2 { Ok(n) } else { panic!("broke") }));
        assert_eq!(broken.next().await.expect("whole"), Some(1));
        broken.next().await.expect_err("it broke");
        let torn = |n| if n == 2 { Err(Error::failure("torn")) } else { Ok(n) };
        let mut torn = Ahead::of((1..9).map(torn));
        assert_eq!(torn.next().await.expect("whole"), Some(1));
        torn.next().await.expect_err("it cannot be read");
        assert_eq!(torn.next().await.expect("nothing follows"), None);
    }
}
