//! The door for exchanges of others: `POST /hooks/telephony/{connector}`, without a session, for
//! the signature is the authority. It answers plainly and says no more than it must.
//!
//! 200: it was taken, or was known, or is none of ours. 401: the signature does not fit. 404: there
//! is no such connector. 413: too long. 422: signed, and not understood. 429: too much.

use std::net::SocketAddr;

use axum::Extension;
use axum::body::Body;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::connectors::Connector;
use super::drivers::hosted::{self as driver, Credentials, Hook, HostedEvent, Reading, Rejected};
use super::hosted::actions;
use super::store::connectors as store;
use crate::people;
use crate::storage::Act;
use crate::values::*;
use crate::web::{App, limits};

/// The longest body; what exchanges tell has a few hundred bytes.
const BYTES_MAX: usize = 64 << 10;
/// What one connector may tell in a minute.
const TOLD_A_MINUTE: i64 = 3_000;
/// What one address may get wrong, or try unsigned, in a minute.
const WRONG_A_MINUTE: i64 = 60;
/// How often what crossed another change is made in all.
const TRIES: usize = 3;

/// A plain answer.
fn plain(status: StatusCode, text: &'static str) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

/// A connector with what it is known by, where the path names one.
async fn believed(app: &App, path: &str) -> Outcome<Option<(OrgId, Connector, Credentials)>> {
    let id = path.split('/').next().unwrap_or_default();
    let Ok(id) = id.parse::<ConnectorId>() else { return Ok(None) };
    store::find_believed(&mut app.db.read().await?, id).await
}

fn failed(error: &Error) -> Response {
    match error {
        Error::TooMany(seconds) => {
            let wait = [(header::RETRY_AFTER, seconds.to_string())];
            (wait, plain(StatusCode::TOO_MANY_REQUESTS, "too many")).into_response()
        }
        error => {
            tracing::error!(%error, "a hook could not be taken");
            plain(StatusCode::SERVICE_UNAVAILABLE, "try again")
        }
    }
}

/// `GET /hooks/telephony/{connector}`: what Zadarma asks when the address is typed in at its site.
pub async fn echo(State(app): State<App>, Path(path): Path<String>, uri: Uri) -> Response {
    match believed(&app, &path).await {
        Ok(Some((_, connector, _))) => {
            match driver::echo(connector.provider, uri.query().unwrap_or_default()) {
                Some(text) => {
                    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
                }
                None => plain(StatusCode::NOT_FOUND, "not found"),
            }
        }
        Ok(None) => plain(StatusCode::NOT_FOUND, "not found"),
        Err(error) => failed(&error),
    }
}

/// `POST /hooks/telephony/{connector}`
pub async fn take(
    State(app): State<App>,
    from: Option<Extension<ConnectInfo<SocketAddr>>>,
    Path(path): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let from = limits::whence(from.map(|Extension(ConnectInfo(from))| from.ip()));
    match taken(&app, &from, (&path, &uri), (&headers, body)).await {
        Ok(response) => response,
        Err(error) => failed(&error),
    }
}

async fn taken(
    app: &App,
    from: &str,
    (path, uri): (&str, &Uri),
    (headers, body): (&HeaderMap, Body),
) -> Outcome<Response> {
    let now = app.now();
    let wrong = || app.limits.count("hooks-wrong", from, WRONG_A_MINUTE, MINUTE_MS, now);
    let Some((org, connector, known)) = believed(app, path).await? else {
        wrong()?;
        return Ok(plain(StatusCode::NOT_FOUND, "not found"));
    };
    let Ok(body) = axum::body::to_bytes(body, BYTES_MAX).await else {
        wrong()?;
        return Ok(plain(StatusCode::PAYLOAD_TOO_LARGE, "too long"));
    };
    let zone = match &connector.zone {
        Some(name) => Zone::named(name),
        None => people::actions::firm(&mut app.db.read().await?, org).await?.zone,
    };
    let url = format!("{}{uri}", app.settings.origin);
    let rest = path.split_once('/').map_or("", |(_, rest)| rest);
    let hook = Hook { url: &url, rest, headers, body: &body };
    let by = Reading { known: &known, zone: &zone, now };
    let events = match driver::read(connector.provider, &hook, &by) {
        Ok(events) => events,
        Err(Rejected::Forged) => {
            wrong()?;
            tracing::warn!(connector.id = %connector.id, "a hook whose signature does not fit");
            return Ok(plain(StatusCode::UNAUTHORIZED, "not signed"));
        }
        // Nobody signed it, so it is no word of the connector's.
        Err(Rejected::Tried) => {
            wrong()?;
            return Ok(plain(StatusCode::OK, "ok"));
        }
        Err(Rejected::Unreadable) => {
            tracing::warn!(connector.id = %connector.id, "a signed hook that nobody understands");
            return Ok(plain(StatusCode::UNPROCESSABLE_ENTITY, "not understood"));
        }
    };
    let told = connector.id.to_string();
    app.limits.count("hooks-told", &told, TOLD_A_MINUTE, MINUTE_MS, now)?;
    let act = Act { db: app.db.clone(), org, actor: None, now, key: None };
    for event in &events {
        keep(&act, &connector, event).await?;
    }
    Ok(plain(StatusCode::OK, "ok"))
}

/// Keeps what was told; what crossed another change is made again, for it is kept once.
async fn keep(act: &Act, connector: &Connector, event: &HostedEvent) -> Outcome<()> {
    for _ in 1..TRIES {
        match actions::keep(act, connector, event).await {
            Err(Error::Crossed(_)) => {}
            done => return done.map(drop),
        }
    }
    actions::keep(act, connector, event).await.map(drop)
}
