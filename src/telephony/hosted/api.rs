//! The same over the API.

use axum::extract::{Path, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::incoming::{self, Incoming};
use crate::leads::forms::NothingForm;
use crate::people::Viewer;
use crate::values::*;
use crate::web::json::{self, Sent};
use crate::web::{Answer, App, Slice};

/// A call that comes in, as one was told of it. It names the company and no number.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IncomingCall)]
pub struct IncomingShown {
    /// Its id.
    pub id: IncomingCallId,
    /// Who calls.
    pub company: CompanyId,
    /// The lead by which one is concerned; null where it is not by one.
    pub lead: Option<LeadId>,
    /// The attempt that it was, where the product rang somebody for it and knows the lead.
    pub attempt: Option<AttemptId>,
    /// `rings`, `talks`, `over`, `missed`.
    pub state: String,
    /// When it began, RFC 3339.
    pub began_at: String,
    /// When it was answered.
    pub answered_at: Option<String>,
    /// When it was over.
    pub ended_at: Option<String>,
}

/// How many are listed.
const LISTED_MAX: i64 = 200;

fn shown(incoming: Incoming, now: Instant) -> IncomingShown {
    IncomingShown {
        id: incoming.id,
        company: incoming.company,
        lead: incoming.lead,
        attempt: incoming.attempt,
        state: incoming.state(now).to_owned(),
        began_at: incoming.began_at.rfc3339(),
        answered_at: incoming.answered_at.map(Instant::rfc3339),
        ended_at: incoming.ended_at.map(Instant::rfc3339),
    }
}

/// The calls that came in within a quarter of an hour, that one was told of and has not put away,
/// the newest first; 200 at most.
#[utoipa::path(get, path = "/api/v1/incoming-calls", tag = "telephony",
    operation_id = "list_incoming_calls",
    responses((status = 200, body = json::Many<IncomingShown>)))]
pub async fn list(State(app): State<App>, viewer: Viewer) -> Answer {
    let (mut tx, now) = (app.db.read().await?, app.now());
    let rows = incoming::list_shown(&mut tx, &viewer, LISTED_MAX, now).await?;
    let rows = rows.into_iter().map(|(one, _)| shown(one, now)).collect();
    json::many(Slice { rows, next: None })
}

/// Puts one away; it is shown no more.
#[utoipa::path(post, path = "/api/v1/incoming-calls/{incoming}/removal", tag = "telephony",
    operation_id = "put_incoming_call_away", request_body = NothingForm,
    params(("incoming" = IncomingCallId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<IncomingShown>),
        (status = 404, body = json::Problem)))]
pub async fn put_away(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<IncomingCallId>,
    sent: Sent<NothingForm>,
) -> Answer {
    let id = incoming::put_away(&viewer.act(&app, sent.key), &viewer, id).await?;
    let found = incoming::find(&mut app.db.read().await?, &viewer, id).await?;
    json::one(shown(found, app.now()))
}
