//! The connection: it is made anew when it breaks, and says so. Nothing is decided here.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::AriSettings;
use super::switch::Request;

/// How long a connection may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long one waits before the next try.
const PAUSE: Duration = Duration::from_secs(2);
/// How often the other side is asked whether it is there; silent for twice as long it is gone.
const PING: Duration = Duration::from_secs(15);
/// Messages that wait to be heard.
const WAITING_MAX: usize = 10_000;

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What comes in.
pub(super) enum Heard {
    /// It is connected.
    Up,
    /// An event, or the answer to a request.
    Message(Value),
    /// It is no longer.
    Down,
}

/// The connection as a task of its own: waiting for it may be given up at any moment.
pub(super) struct Socket {
    to: mpsc::UnboundedSender<Request>,
    from: mpsc::Receiver<Heard>,
    task: JoinHandle<()>,
}

impl Socket {
    /// Connects; why not is told in a sentence.
    pub(super) async fn open(settings: &AriSettings) -> Result<Self, String> {
        let first = connect(settings).await?;
        let (to, requests) = mpsc::unbounded_channel();
        let (told, from) = mpsc::channel(WAITING_MAX);
        let task = tokio::spawn(keep(settings.clone(), first, requests, told));
        Ok(Self { to, from, task })
    }

    /// Sends a request; while there is no connection it is dropped, for all that it was about is
    /// over then.
    pub(super) fn send(&self, request: Request) {
        // The task ends with this only.
        let _ = self.to.send(request);
    }

    /// The next that comes in.
    pub(super) async fn hear(&mut self) -> Option<Heard> {
        self.from.recv().await
    }

    /// Sends what is left and ends.
    pub(super) async fn close(self) {
        drop((self.to, self.from));
        // What does not go out in this time stays: the next run hangs it up.
        let _ = tokio::time::timeout(PAUSE, self.task).await;
    }
}

async fn connect(settings: &AriSettings) -> Result<Stream, String> {
    let AriSettings { place, user, secret, app, .. } = settings;
    let key = format!("{user}:{secret}");
    let query = serde_urlencoded::to_string([("app", app.as_str()), ("api_key", key.as_str())])
        .map_err(|cause| cause.to_string())?;
    let address = format!("ws://{place}/ari/events?{query}");
    let told = tokio::time::timeout(PATIENCE, tokio_tungstenite::connect_async(address)).await;
    let refused = |cause: String| {
        format!(
            "Asterisk's ARI at {place} cannot be reached: {cause}; see to http.conf and ari.conf, \
             and to user and password"
        )
    };
    match told {
        Ok(Ok((stream, _))) => Ok(stream),
        Ok(Err(cause)) => Err(refused(cause.to_string())),
        Err(_) => Err(refused("no answer".to_owned())),
    }
}

/// Carries messages until nobody listens, over one connection after another.
async fn keep(
    settings: AriSettings,
    first: Stream,
    mut requests: mpsc::UnboundedReceiver<Request>,
    told: mpsc::Sender<Heard>,
) {
    let mut stream = first;
    loop {
        if told.send(Heard::Up).await.is_err() {
            return;
        }
        if carry(stream, &mut requests, &told).await.is_none() {
            return;
        }
        if told.send(Heard::Down).await.is_err() {
            return;
        }
        stream = loop {
            tokio::time::sleep(PAUSE).await;
            match connect(&settings).await {
                Ok(stream) => break stream,
                Err(cause) => tracing::warn!(cause, "telephony waits for Asterisk"),
            }
            if told.is_closed() {
                return;
            }
        };
        while requests.try_recv().is_ok() {}
    }
}

/// Carries messages over one connection until it breaks; `None` when nobody sends any more.
///
/// A connection that broke is gone when this returns: whoever waits for its end on the other side
/// takes no new one before.
async fn carry(
    mut stream: Stream,
    requests: &mut mpsc::UnboundedReceiver<Request>,
    told: &mpsc::Sender<Heard>,
) -> Option<()> {
    let mut beat = tokio::time::interval_at(Instant::now() + PING, PING);
    let mut is_silent = false;
    loop {
        tokio::select! {
            request = requests.recv() => {
                let Some(request) = request else {
                    // Whoever is there hears a proper end, or is gone.
                    let _ = stream.close(None).await;
                    return None;
                };
                let text = text_of(&request);
                if stream.send(Message::text(text)).await.is_err() {
                    return Some(());
                }
            }
            heard = stream.next() => {
                is_silent = false;
                let message = match heard {
                    Some(Ok(message)) => message,
                    Some(Err(_)) | None => return Some(()),
                };
                let Message::Text(text) = message else { continue };
                // What is no JSON is not understood, and nothing follows from it.
                let Ok(value) = serde_json::from_str(text.as_str()) else { continue };
                if told.send(Heard::Message(value)).await.is_err() {
                    return None;
                }
            }
            _ = beat.tick() => {
                if is_silent || stream.send(Message::Ping(Vec::new().into())).await.is_err() {
                    return Some(());
                }
                is_silent = true;
            }
        }
    }
}

fn text_of(request: &Request) -> String {
    json!({
        "type": "RESTRequest",
        "request_id": request.id.to_string(),
        "method": request.method,
        "uri": request.uri,
    })
    .to_string()
}
