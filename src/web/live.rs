//! Live notices: a page learns that something it shows has changed, and asks for it again.
//!
//! A notice carries a topic and no content, so it can leak nothing. A reader that is too slow
//! misses notices and is told to look again; memory per reader is bounded.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, Sse};
use futures_util::stream::{self, Stream};
use serde::Deserialize;
use tokio::sync::broadcast::error::RecvError;

use super::{App, Query};

/// How often a quiet stream says that it is alive.
const BEAT: Duration = Duration::from_secs(4);

/// What a page listens to.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    topics: String,
}

/// `GET /live?topics=a,b`
pub async fn stream(
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let topics: Vec<String> = wanted.topics.split(',').take(8).map(str::to_owned).collect();
    let heard = app.db.announcements();
    let notices = stream::unfold((heard, topics), |(mut heard, topics)| async move {
        loop {
            let topic = match tokio::time::timeout(BEAT, heard.recv()).await {
                Err(_) => "beat".to_owned(),
                Ok(Ok(topic)) if topics.contains(&topic) => topic,
                Ok(Ok(_)) => continue,
                Ok(Err(RecvError::Lagged(_))) => topics.first().cloned().unwrap_or_default(),
                Ok(Err(RecvError::Closed)) => return None,
            };
            let notice = Event::default().data(serde_json::json!({ "topic": topic }).to_string());
            return Some((Ok(notice), (heard, topics)));
        }
    });
    Sse::new(notices)
}
