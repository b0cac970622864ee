//! Connections in: a client that sends slowly hurts only itself. The head of a request has a while
//! to come, a body must keep a pace; otherwise the connection ends. Only what comes in is timed: an
//! answer that nobody reads waits.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Json, Router};
use futures_util::{StreamExt as _, stream};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout_at};
use tower::ServiceExt as _;

use super::{Stop, words};
use crate::values::Lang;

/// How long one waits for a client.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For the head of a request, and for the next one on a connection that is kept.
    pub head: Duration,
    /// For a body before its pace counts.
    pub body: Duration,
    /// Bytes a second that a body keeps from then on.
    pub pace: u64,
}

/// A kept connection lives longer than the one or two minutes for which a proxy keeps it, or the
/// proxy would ask on one that is just closed. The pace is a quarter of a slow mobile line.
pub const PATIENCE: Patience =
    Patience { head: Duration::from_secs(150), body: Duration::from_secs(30), pace: 2 << 10 };

/// After a connection could not be taken: there may be none to take for a while.
const BREATH: Duration = Duration::from_millis(500);

/// Serves until told to stop, and returns once every connection has ended.
pub async fn serve(listener: TcpListener, router: Router, patience: Patience, stop: Stop) {
    let (busy, mut idle) = mpsc::channel::<()>(1);
    loop {
        let taken = tokio::select! {
            taken = listener.accept() => taken,
            () = stop.told() => break,
        };
        match taken {
            Ok((stream, from)) => {
                let (router, stop, busy) = (router.clone(), stop.clone(), busy.clone());
                tokio::spawn(async move {
                    speak((stream, from), router, patience, stop).await;
                    drop(busy);
                });
            }
            Err(error) if is_its_own(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "a connection was not taken");
                sleep(BREATH).await;
            }
        }
    }
    drop((listener, busy));
    idle.recv().await;
}

/// True where only that connection is broken.
fn is_its_own(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Answers the requests of one connection.
async fn speak(
    (stream, from): (TcpStream, SocketAddr),
    router: Router,
    patience: Patience,
    stop: Stop,
) {
    let service = service_fn(move |request| answer(router.clone(), request, (from, patience)));
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(patience.head);
    let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(stream), service));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.told() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}

async fn answer(
    router: Router,
    request: Request<Incoming>,
    (from, patience): (SocketAddr, Patience),
) -> Result<Response, std::convert::Infallible> {
    let is_late = Arc::new(AtomicBool::new(false));
    let mut request = request.map(|body| paced(Body::new(body), patience, is_late.clone()));
    request.extensions_mut().insert(ConnectInfo(from));
    let lang = words::wanted(request.headers());
    let is_api = request.uri().path().starts_with("/api/");
    let response = router.oneshot(request).await?;
    // Whatever was made of the half of a body, it is not what the client asked for.
    if is_late.load(Ordering::SeqCst) { Ok(too_slow(lang, is_api)) } else { Ok(response) }
}

/// The handler had no whole body, so it did nothing.
fn too_slow(lang: Lang, is_api: bool) -> Response {
    let message = words::say(lang, "error-too-slow", &[]);
    let status = StatusCode::REQUEST_TIMEOUT;
    let mut response = if is_api {
        let error = json!({ "code": "too-slow", "message": message, "fields": {} });
        (status, Json(json!({ "error": error }))).into_response()
    } else {
        (status, message).into_response()
    };
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// The body, as long as it keeps its pace.
fn paced(body: Body, patience: Patience, is_late: Arc<AtomicBool>) -> Body {
    if body.is_end_stream() {
        return body;
    }
    let began = Instant::now();
    let start = (body.into_data_stream(), 0_u64);
    Body::from_stream(stream::unfold(start, move |(mut rest, mut count)| {
        let is_late = is_late.clone();
        async move {
            let due = began + patience.body + Duration::from_secs(count / patience.pace.max(1));
            let part = match timeout_at(due, rest.next()).await {
                Ok(part) => part?,
                Err(_) => {
                    is_late.store(true, Ordering::SeqCst);
                    Err(axum::Error::new(io::Error::from(io::ErrorKind::TimedOut)))
                }
            };
            count += part.as_ref().map_or(0, |bytes| bytes.len() as u64);
            Some((part, (rest, count)))
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Bytes;
    use axum::routing::{get, post};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::time::timeout;

    const SOON: Patience =
        Patience { head: Duration::from_millis(300), body: Duration::from_millis(300), pace: 1 };
    /// Longer than any of this takes where nothing hangs.
    const NEVER: Duration = Duration::from_secs(60);

    async fn served(patience: Patience) -> (SocketAddr, Stop, tokio::task::JoinHandle<()>) {
        let length = post(|body: Bytes| async move { body.len().to_string() });
        let router = Router::new()
            .route("/", get(|| async { "well" }))
            .route("/api/length", length.clone())
            .route("/length", length);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let (address, stop) = (listener.local_addr().expect("a port"), Stop::default());
        (address, stop.clone(), tokio::spawn(serve(listener, router, patience, stop)))
    }

    /// Sends the parts with a pause before each, and reads until the connection ends.
    async fn heard(address: SocketAddr, parts: &[&str], pause: Duration) -> String {
        let mut stream = TcpStream::connect(address).await.expect("it listens");
        let mut said = Vec::new();
        for part in parts {
            sleep(pause).await;
            // It may be closed by now, which is what is asked about.
            if stream.write_all(part.as_bytes()).await.is_err() {
                break;
            }
        }
        let read = timeout(NEVER, stream.read_to_end(&mut said)).await.expect("it is ended");
        if read.is_err() {
            said.extend_from_slice(b"(reset)");
        }
        String::from_utf8(said).expect("text")
    }

    #[tokio::test]
    async fn who_is_slow_is_cut_off_and_who_is_not_is_answered() {
        let (address, ..) = served(SOON).await;
        let now = Duration::ZERO;
        let get = "GET / HTTP/1.1\r\nHost: t\r\n\r\n";
        let post = "POST /length HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\n\r\n";
        assert!(heard(address, &[get], now).await.ends_with("well"), "then it waits in vain");
        assert!(heard(address, &[get, get], now).await.matches("well").count() == 2);
        assert!(heard(address, &[&format!("{post}ab"), "cd"], now).await.ends_with('4'));
        for silent in ["", "GET / HTTP/1.1\r\nHost: t\r\n"] {
            assert!(!heard(address, &[silent], now).await.contains("200"), "{silent:?}");
        }
        let stopped = heard(address, &[post, "ab"], now).await;
        assert!(stopped.starts_with("HTTP/1.1 408"), "{stopped}");
        assert!(stopped.contains("Ничего не изменилось"), "{stopped}");
        let drips = [&["GET / HTTP/1.1\r\n"], ["A: b\r\n"; 30].as_slice(), &["\r\n"]].concat();
        let dripped = heard(address, &drips, Duration::from_millis(30)).await;
        assert!(!dripped.contains("200"), "{dripped}");
    }

    #[tokio::test]
    async fn who_was_too_slow_is_told_what_became_of_it() {
        let (address, ..) = served(SOON).await;
        let told = async |path: &str| {
            let head = format!("POST {path} HTTP/1.1\r\nHost: t\r\nAccept-Language: en-GB,ru\r\n");
            let half = format!("{head}Content-Length: 4\r\n\r\nab");
            let said = heard(address, &[&half], Duration::ZERO).await;
            assert!(said.starts_with("HTTP/1.1 408"), "{said}");
            assert!(said.contains("Nothing was changed"), "{said}");
            said.to_ascii_lowercase()
        };
        assert!(told("/length").await.contains("content-type: text/plain; charset=utf-8"));
        let envelope = told("/api/length").await;
        assert!(envelope.contains("content-type: application/json"), "{envelope}");
        assert!(envelope.contains(r#""code":"too-slow""#), "{envelope}");
    }

    #[tokio::test]
    async fn a_body_that_keeps_its_pace_may_take_long() {
        let (address, ..) = served(Patience { pace: 10, ..SOON }).await;
        let head = "POST /length HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\n";
        let tens = [&[head], ["0123456789"; 10].as_slice()].concat();
        let heard = heard(address, &tens, Duration::from_millis(100)).await;
        assert!(heard.ends_with("100"), "{heard}");
    }

    #[tokio::test]
    async fn at_the_end_what_was_asked_is_answered_and_nothing_new_is_taken() {
        let (address, stop, served) = served(PATIENCE).await;
        let mut idle = TcpStream::connect(address).await.expect("it listens");
        idle.write_all(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n").await.expect("it listens");
        let mut said = [0; 15];
        idle.read_exact(&mut said).await.expect("an answer");
        assert_eq!(&said, b"HTTP/1.1 200 OK");
        stop.tell();
        timeout(NEVER, served).await.expect("a kept connection holds nothing").expect("it ends");
        assert!(TcpStream::connect(address).await.is_err(), "nobody listens");
    }
}
