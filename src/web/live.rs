//! Live notices: a page learns that something it shows has changed, and asks for it again.
//!
//! A notice carries a topic and no content. Which topics somebody may hear is asked when they come
//! and at every beat, so that who was shut out hears nothing more. A reader that is too slow misses
//! notices and is told to look again; memory per reader is bounded.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Interval, MissedTickBehavior};

use super::{App, Stop};
use crate::storage::LOOK_AGAIN;
use crate::values::Outcome;

/// How often a stream says that it is alive, and asks whether it may go on.
const BEAT: Duration = Duration::from_secs(4);

/// Topics that one stream may carry.
const TOPICS_MAX: usize = 8;

/// What a page listens to.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    topics: String,
}

impl Wanted {
    /// The topics asked for.
    pub fn topics(&self) -> Vec<String> {
        self.topics.split(',').take(TOPICS_MAX).map(str::to_owned).collect()
    }
}

/// A stream of notices. `ask` says which topics may be heard now, or `None` when the stream is to
/// end; a notice of `own` has it asked at once.
pub fn answer<A, F>(app: &App, own: String, ask: A) -> Response
where
    A: Fn() -> F + Send + 'static,
    F: Future<Output = Outcome<Option<Vec<String>>>> + Send,
{
    let mut beat = tokio::time::interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let heard = app.db.announcements();
    let reader = Reader { heard, stop: app.stop.clone(), beat, own, topics: Vec::new(), ask };
    let notices = stream::unfold(reader, |mut reader| async move {
        let notice = match reader.next().await? {
            Said::Beat => json!({ "topic": "beat" }),
            Said::Changed(topic) => json!({ "topic": topic }),
            Said::LookAgain => json!({ "again": true }),
        };
        Some((Ok::<_, Infallible>(Event::default().data(notice.to_string())), reader))
    });
    Sse::new(notices).into_response()
}

/// What a reader is told.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    Beat,
    Changed(String),
    LookAgain,
}

/// Somebody who listens. The first beat comes at once.
struct Reader<A> {
    heard: Receiver<String>,
    stop: Stop,
    beat: Interval,
    own: String,
    topics: Vec<String>,
    ask: A,
}

impl<A, F> Reader<A>
where
    A: Fn() -> F,
    F: Future<Output = Outcome<Option<Vec<String>>>>,
{
    /// The next thing to tell; `None` ends the stream.
    async fn next(&mut self) -> Option<Said> {
        loop {
            // In this order, so that no flood of notices delays an end or a beat.
            let heard = tokio::select! {
                biased;
                () = self.stop.told() => return None,
                _ = self.beat.tick() => return self.may_go_on().await.then_some(Said::Beat),
                heard = self.heard.recv() => heard,
            };
            match heard {
                Ok(topic) if topic == LOOK_AGAIN => return Some(Said::LookAgain),
                Ok(topic) => {
                    if topic == self.own && !self.may_go_on().await {
                        return None;
                    }
                    if self.topics.contains(&topic) {
                        return Some(Said::Changed(topic));
                    }
                }
                Err(RecvError::Lagged(_)) => return Some(Said::LookAgain),
                Err(RecvError::Closed) => return None,
            }
        }
    }

    async fn may_go_on(&mut self) -> bool {
        match (self.ask)().await {
            Ok(Some(topics)) => {
                self.topics = topics;
                true
            }
            Ok(None) => false,
            Err(error) => {
                tracing::warn!(%error, "a live stream ends, for it could not be checked");
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use tokio::sync::broadcast;
    use tokio::time::timeout;

    use super::*;

    /// No beat of a test comes by itself unless the test says how often.
    const NEVER: Duration = Duration::from_secs(3_600);
    /// A wait that only a stream which hangs outlasts.
    const PATIENCE: Duration = Duration::from_secs(20);

    fn allowed(topics: &[&str]) -> Outcome<Option<Vec<String>>> {
        Ok(Some(topics.iter().map(|&topic| topic.to_owned()).collect()))
    }

    fn reader<A>(heard: Receiver<String>, every: Duration, ask: A) -> Reader<A> {
        let beat = tokio::time::interval(every);
        let own = "user:me".to_owned();
        Reader { heard, stop: Stop::default(), beat, own, topics: Vec::new(), ask }
    }

    async fn said<A, F>(reader: &mut Reader<A>) -> Option<Said>
    where
        A: Fn() -> F,
        F: Future<Output = Outcome<Option<Vec<String>>>>,
    {
        timeout(PATIENCE, reader.next()).await.expect("something is said")
    }

    #[tokio::test]
    async fn a_busy_firm_s_stream_beats_all_the_same() {
        let (tell, heard) = broadcast::channel(16);
        let every = Duration::from_millis(20);
        let mut reader = reader(heard, every, || async { allowed(&["user:me"]) });
        // Notices of others, at every turn of the runtime.
        let flood = tokio::spawn(async move {
            while tell.send("user:somebody".to_owned()).is_ok() {
                tokio::task::yield_now().await;
            }
        });
        for _ in 0..3 {
            let beat = async {
                loop {
                    // The flood outruns a slow reader, who is told so.
                    match reader.next().await {
                        Some(Said::LookAgain) => {}
                        said => return said,
                    }
                }
            };
            let said = timeout(PATIENCE, beat).await.expect("a beat comes");
            assert_eq!(said, Some(Said::Beat));
        }
        flood.abort();
    }

    #[tokio::test]
    async fn a_reader_hears_what_they_may_and_no_more() {
        let (tell, heard) = broadcast::channel(16);
        let mut reader = reader(heard, NEVER, || async { allowed(&["team:a", "user:me"]) });
        assert_eq!(said(&mut reader).await, Some(Said::Beat));
        for topic in ["user:somebody", "team:b", "team:a", LOOK_AGAIN, "user:me"] {
            tell.send(topic.to_owned()).expect("is heard");
        }
        assert_eq!(said(&mut reader).await, Some(Said::Changed("team:a".to_owned())));
        assert_eq!(said(&mut reader).await, Some(Said::LookAgain));
        assert_eq!(said(&mut reader).await, Some(Said::Changed("user:me".to_owned())));
        for _ in 0..17 {
            tell.send("team:b".to_owned()).expect("is heard");
        }
        assert_eq!(said(&mut reader).await, Some(Said::LookAgain), "some were missed");
        drop(tell);
        assert_eq!(said(&mut reader).await, None);
    }

    #[tokio::test]
    async fn who_may_listen_no_more_hears_no_more() {
        for (every, notice) in [(Duration::from_millis(20), "beat"), (NEVER, "user:me")] {
            let (tell, heard) = broadcast::channel(16);
            let is_in = Arc::new(AtomicBool::new(true));
            let asked = is_in.clone();
            let mut reader = reader(heard, every, move || {
                let is_in = asked.load(Ordering::SeqCst);
                async move { if is_in { allowed(&["user:me"]) } else { Ok(None) } }
            });
            assert_eq!(said(&mut reader).await, Some(Said::Beat));
            is_in.store(false, Ordering::SeqCst);
            tell.send(notice.to_owned()).expect("is heard");
            assert_eq!(said(&mut reader).await, None, "at {notice}");
        }
    }

    #[tokio::test]
    async fn a_stream_ends_with_the_product() {
        let (tell, heard) = broadcast::channel(16);
        let mut reader = reader(heard, NEVER, || async { allowed(&["user:me"]) });
        assert_eq!(said(&mut reader).await, Some(Said::Beat));
        tell.send("user:me".to_owned()).expect("is heard");
        reader.stop.tell();
        assert_eq!(said(&mut reader).await, None);
    }
}
