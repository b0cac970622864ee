//! Groups and branches over the API.

use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::companies;
use crate::companies::ties::Relative;
use crate::merges::{TieEnd, actions};
use crate::people::Viewer;
use crate::storage::Tx;
use crate::values::*;
use crate::web::json::{self, Sent};
use crate::web::{Answer, App, Slice};

/// A company that another is tied to.
#[derive(Debug, Serialize, ToSchema)]
pub struct RelativeShown {
    /// The tie.
    pub tie: TieId,
    /// What the other company is: `group`, `branch` or `head`.
    pub is: String,
    /// The other company.
    pub company: CompanyId,
    /// Its number.
    pub number: i64,
    /// What it is called.
    pub name: String,
}

/// The companies tied to this one, of one group, branch or head, that the caller may know of.
#[utoipa::path(get, path = "/api/v1/companies/{company}/ties", tag = "merges",
    operation_id = "list_ties", params(("company" = CompanyId, Path)),
    responses((status = 200, body = json::Many<RelativeShown>),
        (status = 404, body = json::Problem)))]
pub async fn ties(State(app): State<App>, viewer: Viewer, Path(id): Path<CompanyId>) -> Answer {
    let mut tx = app.db.read().await?;
    let tied = relatives(&mut tx, &viewer, id, app.now()).await?;
    let rows = tied.into_iter().map(RelativeShown::from);
    json::many(Slice { rows: rows.collect(), next: None })
}

async fn relatives(
    tx: &mut Tx,
    viewer: &Viewer,
    id: CompanyId,
    now: Instant,
) -> Outcome<Vec<Relative>> {
    let scope = viewer.scope();
    let seen = companies::actions::find_seen(tx, &scope, id, now).await?;
    let id = seen.ok_or(Error::NotFound)?.id;
    companies::actions::list_relatives_seen(tx, &scope, id, now).await
}

impl From<Relative> for RelativeShown {
    fn from(one: Relative) -> Self {
        Self {
            tie: one.tie.id,
            is: one.code().to_owned(),
            company: one.company.id,
            number: one.company.number,
            name: one.company.name,
        }
    }
}

/// What another company is to this one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TieSent {
    /// What the other company is: `group`, `branch` or `head`.
    pub is: TieEnd,
    /// Its number.
    pub number: i64,
}

/// Says that another company is of one group with this one, its branch or its head.
#[utoipa::path(post, path = "/api/v1/companies/{company}/ties", tag = "merges",
    operation_id = "tie_company", request_body = TieSent,
    params(("company" = CompanyId, Path), json::KeyHeader),
    responses((status = 201, body = json::One<RelativeShown>),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem),
        (status = 422, body = json::Problem)))]
pub async fn tie(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CompanyId>,
    sent: Sent<TieSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let TieSent { is, number } = sent.body;
    let made = actions::tie(&act, &viewer, id, (is, number)).await?;
    let mut tx = app.db.read().await?;
    let tied = relatives(&mut tx, &viewer, id, app.now()).await?;
    let made = tied.into_iter().find(|one| one.tie.id == made).ok_or(Error::NotFound)?;
    json::made(RelativeShown::from(made))
}

/// A tie that ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct TieEnded {
    /// Its id.
    pub id: TieId,
}

/// Says that two companies are no longer of one group, or branch and head.
#[utoipa::path(post, path = "/api/v1/ties/{tie}/ending", tag = "merges", operation_id = "end_tie",
    request_body = json::Nothing, params(("tie" = TieId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<TieEnded>), (status = 404, body = json::Problem)))]
pub async fn untie(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<TieId>,
    sent: Sent<json::Nothing>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    actions::untie(&act, &viewer, id).await?;
    json::one(TieEnded { id })
}
