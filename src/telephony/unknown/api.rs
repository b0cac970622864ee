//! The same over the API.

use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::forms::WhoseSent;
use super::{Unknown, actions};
use crate::leads::forms::NothingForm;
use crate::people::Viewer;
use crate::values::*;
use crate::web::json::{self, Sent};
use crate::web::{Answer, App, Query, Slice};

/// A call that came in of whom the base does not know.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnknownCall)]
pub struct UnknownShown {
    /// Its id.
    pub id: UnknownCallId,
    /// The number that called; null where it is hidden, and after thirty days.
    pub number: Option<String>,
    /// Who took it, or was rung last; null where nobody could be.
    pub user: Option<UserId>,
    /// `rings`, `talks`, `over`, `missed`.
    pub state: String,
    /// When it came, RFC 3339.
    pub began_at: String,
    /// When somebody took it.
    pub answered_at: Option<String>,
    /// When it was over.
    pub ended_at: Option<String>,
    /// When somebody said whose it was, or it was put away for its age; null until then.
    pub settled_at: Option<String>,
    /// Who said so; null where it was put away for its age.
    pub settled_by: Option<UserId>,
    /// The call that it is to its company; null where it was nobody's.
    pub incoming: Option<IncomingCallId>,
    /// That company; null where one may not know of it.
    pub company: Option<CompanyId>,
}

/// The company whose call it was.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TiedCall)]
pub struct TiedShown {
    /// Its id.
    pub company: CompanyId,
}

fn shown(call: Unknown, now: Instant) -> UnknownShown {
    UnknownShown {
        id: call.id,
        state: call.state(now).to_owned(),
        user: call.user,
        began_at: call.began_at.rfc3339(),
        answered_at: call.answered_at.map(Instant::rfc3339),
        ended_at: call.ended_at.map(Instant::rfc3339),
        settled_at: call.settled_at.map(Instant::rfc3339),
        settled_by: call.settled_by,
        incoming: call.incoming,
        company: call.company,
        number: call.number,
    }
}

/// Which calls are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UnknownAsked {
    /// True for those of which all was said within thirty days: who said so, and whose they were.
    #[serde(default)]
    is_settled: bool,
}

/// Calls of unknown numbers, the newest first: those of which nobody said whose they were, or those
/// of which all was said, where they are asked for. One's own, and those of the people one leads.
/// Of thirty days; 200 at most.
#[utoipa::path(get, path = "/api/v1/unknown-calls", tag = "telephony",
    operation_id = "list_unknown_calls", params(UnknownAsked),
    responses((status = 200, body = json::Many<UnknownShown>)))]
pub async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<UnknownAsked>,
) -> Answer {
    let (mut tx, now) = (app.db.read().await?, app.now());
    let rows = match asked.is_settled {
        true => actions::list_settled(&mut tx, &viewer, now).await?,
        false => actions::list_open(&mut tx, &viewer, now).await?,
    };
    let rows = rows.into_iter().map(|call| shown(call, now)).collect();
    json::many(Slice { rows, next: None })
}

/// Says whose a call was: a company of the base, or a new one that is added with the number.
#[utoipa::path(post, path = "/api/v1/unknown-calls/{unknown}/company", tag = "telephony",
    operation_id = "tie_unknown_call", request_body = WhoseSent,
    params(("unknown" = UnknownCallId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<TiedShown>),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem),
        (status = 422, body = json::Problem)))]
pub async fn tie(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<UnknownCallId>,
    sent: Sent<WhoseSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let company = actions::tie(&act, &viewer, id, &sent.body.into()).await?;
    json::one(TiedShown { company })
}

/// Says that a call was no company's: it is listed no more, and stays on record.
#[utoipa::path(post, path = "/api/v1/unknown-calls/{unknown}/removal", tag = "telephony",
    operation_id = "put_unknown_call_away", request_body = NothingForm,
    params(("unknown" = UnknownCallId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<UnknownShown>),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem)))]
pub async fn put_away(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<UnknownCallId>,
    sent: Sent<NothingForm>,
) -> Answer {
    let id = actions::put_away(&viewer.act(&app, sent.key), &viewer, id).await?;
    let found = actions::find(&mut app.db.read().await?, &viewer, id).await?;
    json::one(shown(found, app.now()))
}
