//! Holdings over the API. The same actions as the pages.

use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Held;
use super::actions;
use crate::people::{User, Viewer};
use crate::tiers::Tier;
use crate::values::*;
use crate::web::json::{self, Sent};
use crate::web::{Answer, App, Slice};

/// What a person holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoldingsShown {
    /// Who.
    pub person: UserId,
    /// Their name.
    pub name: String,
    /// When they were shut out, RFC 3339.
    pub disabled_at: Option<String>,
    /// Open opportunities.
    pub opportunities: i64,
    /// Clients they lead.
    pub clients: i64,
    /// Open promises.
    pub promises: i64,
    /// Open tasks.
    pub tasks: i64,
    /// Offers that wait for them.
    pub offers: i64,
}

impl HoldingsShown {
    fn of((user, held): (User, Held)) -> Self {
        Self {
            person: user.id,
            name: user.name,
            disabled_at: user.disabled_at.map(Instant::rfc3339),
            opportunities: held.opportunities,
            clients: held.clients,
            promises: held.promises,
            tasks: held.tasks,
            offers: held.offers(),
        }
    }
}

/// To whom holdings go.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOverSent {
    /// What of: 2 for opportunities, 3 for clients; 1 for the promises and tasks of a caller.
    pub tier: i64,
    /// To whom; somebody who works in that tier.
    pub to: UserId,
}

/// Who holds what, of those whom one may hand over; who was shut out and still holds something
/// first.
#[utoipa::path(get, path = "/api/v1/holdings", tag = "holdings",
    operation_id = "list_holdings",
    responses((status = 200, body = json::Many<HoldingsShown>)))]
pub async fn list(State(app): State<App>, viewer: Viewer) -> Answer {
    let mut tx = app.db.read().await?;
    let rows = actions::list(&mut tx, &viewer).await?;
    let rows = rows.into_iter().map(HoldingsShown::of).collect();
    json::many(Slice { rows, next: None })
}

/// What a person holds.
#[utoipa::path(get, path = "/api/v1/holdings/{holder}", tag = "holdings",
    operation_id = "show_holdings", params(("holder" = UserId, Path)),
    responses((status = 200, body = json::One<HoldingsShown>),
        (status = 404, body = json::Problem)))]
pub async fn show(State(app): State<App>, viewer: Viewer, Path(user): Path<UserId>) -> Answer {
    let mut tx = app.db.read().await?;
    let found = actions::find(&mut tx, &viewer, user).await?;
    json::one(HoldingsShown::of((found.user, found.held)))
}

/// Hands over what a person holds in a tier; what is left to them is answered.
#[utoipa::path(post, path = "/api/v1/holdings/{holder}/reassignment", tag = "holdings",
    operation_id = "hand_over_holdings", request_body = HandOverSent,
    params(("holder" = UserId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<HoldingsShown>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn hand_over(
    State(app): State<App>,
    viewer: Viewer,
    Path(user): Path<UserId>,
    sent: Sent<HandOverSent>,
) -> Answer {
    let HandOverSent { tier, to } = sent.body;
    let tier = Tier::of_rank(tier).ok_or_else(|| Fields::one("tier", "unknown-choice"))?;
    let act = viewer.act(&app, sent.key);
    actions::hand_over(&act, &viewer, user, (tier, to)).await?;
    show(State(app), viewer, Path(user)).await
}
