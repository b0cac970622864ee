//! The dictionary of reasons over the API.

use axum::extract::{Path, State as Web};
use serde::Serialize;
use utoipa::ToSchema;

use super::{DONE, Done};
use crate::campaigns::dictionary::{self, ReasonForm};
use crate::people::Viewer;
use crate::web::json::{self, Sent};
use crate::web::{Answer, App, Slice};

/// A coded reason of a refusal.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RefusalReason)]
pub struct ReasonShown {
    /// Its code; calls on record name it.
    pub code: String,
    /// Its words in Russian.
    pub label_ru: String,
    /// Its words in English.
    pub label_en: String,
    /// Days after which one asks again; null for never.
    pub reentry_days: Option<i64>,
    /// What is offered then, in Russian; empty for nothing.
    pub offer_ru: String,
    /// The same in English.
    pub offer_en: String,
    /// True where it is chosen no more.
    pub is_retired: bool,
}

/// A reason that was added.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReasonAdded {
    /// Its code.
    pub code: String,
}

/// Every reason of the firm.
#[utoipa::path(get, path = "/api/v1/refusal-reasons", tag = "campaigns",
    operation_id = "list_refusal_reasons",
    responses((status = 200, body = json::Many<ReasonShown>)))]
pub async fn list_reasons(Web(app): Web<App>, viewer: Viewer) -> Answer {
    dictionary::check_keeps(&viewer)?;
    let all = dictionary::list_all(&mut app.db.read().await?, viewer.org).await?;
    let rows = all.into_iter().map(|(reason, is_retired)| ReasonShown {
        code: reason.code,
        label_ru: reason.label_ru,
        label_en: reason.label_en,
        reentry_days: reason.reentry_days,
        offer_ru: reason.offer_ru,
        offer_en: reason.offer_en,
        is_retired,
    });
    json::many(Slice { rows: rows.collect(), next: None })
}

/// Adds a reason behind the others.
#[utoipa::path(post, path = "/api/v1/refusal-reasons", tag = "campaigns",
    operation_id = "add_refusal_reason", request_body = ReasonForm, params(json::KeyHeader),
    responses((status = 201, body = json::One<ReasonAdded>),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn add_reason(Web(app): Web<App>, viewer: Viewer, sent: Sent<ReasonForm>) -> Answer {
    let act = viewer.act(&app, sent.key);
    json::made(ReasonAdded { code: dictionary::add(&act, &viewer, &sent.body).await? })
}

/// Sets a reason whole: what is not sent is emptied.
#[utoipa::path(post, path = "/api/v1/refusal-reasons/{reason}", tag = "campaigns",
    operation_id = "set_refusal_reason", request_body = ReasonForm,
    params(("reason" = String, Path), json::KeyHeader),
    responses((status = 200, body = json::One<Done>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn set_reason(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(code): Path<String>,
    sent: Sent<ReasonForm>,
) -> Answer {
    dictionary::set(&viewer.act(&app, sent.key), &viewer, &code, &sent.body).await?;
    json::one(DONE)
}
