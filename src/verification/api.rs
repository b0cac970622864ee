//! Checks over the API. The same actions as the pages.

use axum::extract::{Path, State as Web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::pages::CheckForm;
use super::{Ageing, Verification, actions};
use crate::companies;
use crate::people::Viewer;
use crate::values::*;
use crate::web::json::{self, Sent};
use crate::web::{Answer, App, Cursor, Query, Slice};

/// A recorded check.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckShown {
    /// Its id.
    pub id: VerificationId,
    /// `phone`, `email`, `contact`, `decision_maker`, `requisites` or `address`.
    pub field: String,
    /// `confirmed`, `corrected` or `wrong`.
    pub finding: String,
    /// Against what: `call`, `website`, `registry`, `document` or `colleague`.
    pub source: String,
    /// What stood there before, where it was replaced.
    pub old: Option<String>,
    /// What stands there now.
    pub new: Option<String>,
    /// What else was worth keeping.
    pub note: Option<String>,
    /// Who checked.
    pub person: Option<UserId>,
    /// When, RFC 3339.
    pub made_at: String,
    /// How far the field can be trusted by this check now: `fresh`, `ageing` or `stale`.
    pub freshness: String,
}

fn shown(check: Verification, ageing: &Ageing, now: Instant) -> CheckShown {
    CheckShown {
        id: check.id,
        field: check.field.code().to_owned(),
        finding: check.finding.code().to_owned(),
        source: check.source.code().to_owned(),
        person: check.actor,
        made_at: check.made_at.rfc3339(),
        freshness: ageing.freshness_of(&check, now).code().to_owned(),
        old: check.about.old.map(|value| value.text),
        new: check.about.new.map(|value| value.text),
        note: check.note,
    }
}

/// The checks of a company, newest first.
#[utoipa::path(get, path = "/api/v1/companies/{company}/checks", tag = "verification",
    operation_id = "list_checks", params(("company" = CompanyId, Path), Cursor),
    responses((status = 200, body = json::Many<CheckShown>),
        (status = 404, body = json::Problem)))]
pub async fn list(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<CompanyId>,
    Query(cursor): Query<Cursor>,
) -> Answer {
    let (mut tx, now) = (app.db.read().await?, app.now());
    let seen = companies::actions::find_seen(&mut tx, &viewer.scope(), id, now).await?;
    let id = seen.ok_or(Error::NotFound)?.id;
    let (after, limit) = (cursor.after().parse().ok(), cursor.limit());
    let checks = actions::list(&mut tx, viewer.org, id, after, limit + 1).await?;
    let ageing = actions::find_ageing(&mut tx, viewer.org).await?;
    let slice = Slice::cut(checks, limit, |check| check.id.to_string());
    let rows = slice.rows.into_iter().map(|check| shown(check, &ageing, now)).collect();
    json::many(Slice { rows, next: slice.next })
}

/// A check to be recorded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckSent {
    /// `phone`, `email`, `contact`, `decision_maker`, `requisites` or `address`.
    field: String,
    /// `confirmed`, `corrected` or `wrong`.
    finding: String,
    /// Against what: `call`, `website`, `registry`, `document` or `colleague`.
    source: String,
    /// What else is worth keeping.
    note: Option<String>,
}

/// A check that was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckMade {
    /// Its id.
    id: VerificationId,
}

/// Records a check.
#[utoipa::path(post, path = "/api/v1/companies/{company}/checks", tag = "verification",
    operation_id = "record_check", params(("company" = CompanyId, Path), json::KeyHeader),
    request_body = CheckSent,
    responses((status = 201, body = json::One<CheckMade>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn record(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<CompanyId>,
    sent: Sent<CheckSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let CheckSent { field, finding, source, note } = sent.body;
    let form = CheckForm { field, finding, source, note: note.unwrap_or_default() };
    let id = actions::record(&act, &viewer, form.read(id)?).await?;
    json::made(CheckMade { id })
}
