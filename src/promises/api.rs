//! Promises over the API. The same actions as the pages.

use axum::extract::{Path, State as Web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::pages::{ListQuery, View, due};
use super::{Promise, actions};
use crate::companies;
use crate::people::Viewer;
use crate::values::*;
use crate::web::json::{self, Sent};
use crate::web::{Answer, App, Query, Slice};

/// A thing promised to a client.
#[derive(Debug, Serialize, ToSchema)]
pub struct PromiseShown {
    /// Its id.
    pub id: PromiseId,
    /// The number people read aloud.
    pub number: i64,
    /// To whom.
    pub company: CompanyId,
    /// What was promised.
    pub words: String,
    /// Until when, RFC 3339.
    pub due_at: String,
    /// Who keeps it now.
    pub holder: UserId,
    /// Who promised it.
    pub made_by: UserId,
    /// When it was promised, RFC 3339.
    pub made_at: String,
    /// `open`, `kept`, `broken`, `released`.
    pub state: String,
    /// True when it is open and its time has passed.
    pub is_overdue: bool,
    /// What was said when it was answered.
    pub note: String,
    /// When it was answered, RFC 3339.
    pub answered_at: Option<String>,
}

impl PromiseShown {
    fn of(promise: Promise, now: Instant) -> Self {
        Self {
            id: promise.id,
            number: promise.number,
            company: promise.company,
            is_overdue: promise.is_overdue(now),
            words: promise.words,
            due_at: promise.due_at.rfc3339(),
            holder: promise.holder,
            made_by: promise.made_by,
            made_at: promise.made_at.rfc3339(),
            state: promise.state.code().to_owned(),
            note: promise.note,
            answered_at: promise.answered.map(|(_, at)| at.rfc3339()),
        }
    }
}

/// Which promises are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the query; `ListQuery` reads it")]
pub struct PromiseParams {
    /// `mine`: open ones I keep; `team`: open ones of the team; `answered`.
    view: Option<String>,
}

/// A promise to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PromiseSent {
    /// What is promised, in the words said to the client.
    pub words: String,
    /// Until when: RFC 3339, or a day as `2026-11-23` for its end of work.
    #[serde(default)]
    pub due_at: String,
    /// What a passport says was promised is put away with this word: it was done, or nothing was
    /// promised. Then it has no time.
    pub away: Option<String>,
}

/// What became of a promise.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerSent {
    /// `kept`, `broken` (with a note) or `released`.
    pub state: String,
    /// What was said.
    #[serde(default)]
    pub note: String,
}

/// The id of a new promise.
#[derive(Debug, Serialize, ToSchema)]
pub struct PromiseMade {
    /// Its id.
    pub promise: PromiseId,
}

/// Promises of one view; 100 at most.
#[utoipa::path(get, path = "/api/v1/promises", tag = "promises",
    operation_id = "list_promises", params(PromiseParams),
    responses((status = 200, body = json::Many<PromiseShown>)))]
pub async fn list(Web(app): Web<App>, viewer: Viewer, Query(query): Query<ListQuery>) -> Answer {
    let mut tx = app.db.read().await?;
    let view = View::asked(query.view.as_deref(), &viewer);
    let found = view.list(&mut tx, &viewer).await?;
    let rows = found.into_iter().map(|promise| PromiseShown::of(promise, app.now())).collect();
    json::many(Slice { rows, next: None })
}

/// Every promise to a company, the newest first; 200 at most.
#[utoipa::path(get, path = "/api/v1/companies/{company}/promises", tag = "promises",
    operation_id = "list_promises_of_company", params(("company" = CompanyId, Path)),
    responses((status = 200, body = json::Many<PromiseShown>),
        (status = 404, body = json::Problem)))]
pub async fn of_company(Web(app): Web<App>, viewer: Viewer, Path(id): Path<CompanyId>) -> Answer {
    let mut tx = app.db.read().await?;
    let now = app.now();
    let seen = companies::actions::find_seen(&mut tx, &viewer.scope(), id, now).await?;
    let id = seen.ok_or(Error::NotFound)?.id;
    let found = actions::list_of_company(&mut tx, viewer.org, id).await?;
    let rows = found.into_iter().map(|promise| PromiseShown::of(promise, now)).collect();
    json::many(Slice { rows, next: None })
}

/// Promises something to a company.
#[utoipa::path(post, path = "/api/v1/companies/{company}/promises", tag = "promises",
    operation_id = "make_promise", request_body = PromiseSent,
    params(("company" = CompanyId, Path), json::KeyHeader),
    responses((status = 201, body = json::One<PromiseMade>), (status = 404, body = json::Problem),
        (status = 422, body = json::Problem)))]
pub async fn make(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<CompanyId>,
    sent: Sent<PromiseSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    if let Some(note) = &sent.body.away {
        let promise = actions::put_away(&act, &viewer, id, &sent.body.words, note).await?;
        return json::made(PromiseMade { promise });
    }
    let due_at = match Instant::from_rfc3339(&sent.body.due_at) {
        Some(due_at) => due_at,
        None => due(&sent.body.due_at, &viewer.zone, app.now())?,
    };
    let promise = actions::make(&act, &viewer, id, &sent.body.words, due_at).await?;
    json::made(PromiseMade { promise })
}

/// Says what became of a promise.
#[utoipa::path(post, path = "/api/v1/promises/{promise}/answer", tag = "promises",
    operation_id = "answer_promise", request_body = AnswerSent,
    params(("promise" = PromiseId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<PromiseShown>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn answer(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<PromiseId>,
    sent: Sent<AnswerSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let AnswerSent { state, note } = sent.body;
    let state = state.parse().map_err(|()| Fields::one("state", "unknown-choice"))?;
    actions::answer(&act, &viewer, id, state, &note).await?;
    let mut tx = app.db.read().await?;
    let found = actions::find(&mut tx, &viewer.scope(), id).await?.ok_or(Error::NotFound)?;
    json::one(PromiseShown::of(found, app.now()))
}
