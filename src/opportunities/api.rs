//! Opportunities over the API. The same actions as the pages.

use axum::extract::{Path, State as Web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::actions::{self, Win};
use super::lists::Card;
use super::pages::ListQuery;
use super::{Details, Opportunity, Stage, owner};
use crate::contracts::api::Sum;
use crate::people::Viewer;
use crate::values::*;
use crate::web::json::{self, Nothing, Sent};
use crate::web::{Answer, App, Query, Slice};

/// A row of the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpportunityRow {
    /// Its id.
    pub id: OpportunityId,
    /// The number people read aloud.
    pub number: i64,
    /// Whose chance it is.
    pub company: CompanyId,
    /// The company's name.
    pub company_name: String,
    /// Who leads it.
    pub owner: UserId,
    /// `open`, `won` or `lost`.
    pub state: String,
    /// Code of its stage.
    pub stage: String,
    /// Since when it stands there, RFC 3339.
    pub stage_since: String,
    /// What it may bring.
    pub amount: Option<Sum>,
    /// What is done next.
    pub next_step: String,
    /// When, RFC 3339.
    pub next_step_at: Option<String>,
    /// What is wrong with it: `no_step`, `late`, `stuck`.
    pub marks: Vec<String>,
    /// What a change has to name.
    pub version: i64,
}

/// One opportunity.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpportunityShown {
    /// Its id.
    pub id: OpportunityId,
    /// The number people read aloud.
    pub number: i64,
    /// Whose chance it is.
    pub company: CompanyId,
    /// The campaign it came from.
    pub campaign: Option<CampaignId>,
    /// The hand-off that brought it.
    pub handoff: Option<HandoffId>,
    /// Who leads it.
    pub owner: UserId,
    /// True when service handed a client back for more.
    pub is_upsell: bool,
    /// The passport as it was accepted: answers by field.
    pub passport: Value,
    /// What the client needs.
    pub need: String,
    /// `open`, `won` or `lost`.
    pub state: String,
    /// Code of its stage.
    pub stage: String,
    /// Since when it stands there, RFC 3339.
    pub stage_since: String,
    /// What it may bring.
    pub amount: Option<Sum>,
    /// What is done next.
    pub next_step: String,
    /// When, RFC 3339.
    pub next_step_at: Option<String>,
    /// The day the contract is expected, as in `2026-11-23`.
    pub expected_close_on: Option<String>,
    /// Why it was lost.
    pub loss_reason: Option<String>,
    /// What was said about that.
    pub loss_note: Option<String>,
    /// When it was won or lost, RFC 3339.
    pub closed_at: Option<String>,
    /// The contract it was won with.
    pub contract: Option<ContractId>,
    /// When it was opened, RFC 3339.
    pub opened_at: String,
    /// What a change has to name.
    pub version: i64,
}

/// A position of the pipeline.
#[derive(Debug, Serialize, ToSchema)]
pub struct StageShown {
    /// Its code.
    pub code: String,
    /// Its place from the left.
    pub position: i64,
    /// Its name in the language of the token's owner.
    pub name: String,
    /// What must be known before it is left.
    pub exit_criteria: Vec<String>,
    /// Days after which an opportunity counts as stuck here.
    pub stuck_after_days: i64,
}

/// A move to another stage.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveSent {
    /// The version that was seen.
    pub version: i64,
    /// Code of the stage.
    pub stage: String,
}

/// What its owner keeps up to date; what is left out is emptied.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DetailsSent {
    /// The version that was seen.
    pub version: i64,
    /// What the client needs.
    #[serde(default)]
    pub need: String,
    /// What it may bring.
    pub amount: Option<Sum>,
    /// What is done next.
    #[serde(default)]
    pub next_step: String,
    /// When, RFC 3339.
    pub next_step_at: Option<String>,
    /// The day the contract is expected.
    pub expected_close_on: Option<String>,
}

/// A loss.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LossSent {
    /// The version that was seen.
    pub version: i64,
    /// `price`, `competitor`, `no_budget`, `no_need`, `timing`, `terms`, `not_ours`, `silent`,
    /// `other`.
    pub reason: String,
    /// What the client said.
    pub note: String,
}

/// A win with the terms of its contract.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WinSent {
    /// The version that was seen.
    pub version: i64,
    /// What the contract is worth.
    pub value: Sum,
    /// First day of the term, as in `2026-11-23`.
    pub term_from: String,
    /// Last day of the term.
    pub term_to: String,
}

/// A change that needs nothing but the version that was seen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeenSent {
    /// The version that was seen.
    pub version: i64,
}

/// The version after a change.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionMade {
    /// What the next change has to name.
    pub version: i64,
}

/// The contract a win signed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContractMade {
    /// Its id.
    pub contract: ContractId,
}

/// What the list is narrowed by.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListParams {
    /// `mine`, `team`, `all`; the widest one may see when left out.
    pub who: Option<String>,
    /// `open`, `won`, `lost`.
    pub state: Option<String>,
    /// Code of a stage.
    pub stage: Option<String>,
    /// `stuck`, `no_step`, `late`.
    pub mark: Option<String>,
    /// The cursor of the page before.
    pub after: Option<String>,
    /// Rows wanted, 1 to 100.
    pub limit: Option<i64>,
}

fn row(card: Card, now: Instant) -> OpportunityRow {
    OpportunityRow {
        marks: card.marks(now).into_iter().map(|mark| mark.code().to_owned()).collect(),
        id: card.id,
        number: card.number,
        company: card.company,
        company_name: card.company_name,
        owner: card.owner,
        state: card.state.code().to_owned(),
        stage: card.stage,
        stage_since: card.stage_since.rfc3339(),
        amount: card.amount.map(Sum::of),
        next_step: card.next_step,
        next_step_at: card.next_step_at.map(Instant::rfc3339),
        version: card.version,
    }
}

fn shown(o: Opportunity, zone: &Zone) -> OpportunityShown {
    OpportunityShown {
        id: o.id,
        number: o.number,
        company: o.company,
        campaign: o.campaign,
        handoff: o.handoff,
        owner: o.owner,
        is_upsell: o.is_upsell,
        passport: o.passport,
        need: o.need,
        state: o.state.code().to_owned(),
        stage: o.stage,
        stage_since: o.stage_since.rfc3339(),
        amount: o.amount.map(Sum::of),
        next_step: o.next_step,
        next_step_at: o.next_step_at.map(Instant::rfc3339),
        expected_close_on: o.expected_close_on.map(|on| on.day(zone).to_string()),
        loss_reason: o.loss_reason.map(|reason| reason.code().to_owned()),
        loss_note: o.loss_note,
        closed_at: o.closed_at.map(Instant::rfc3339),
        contract: o.contract,
        opened_at: o.opened_at.rfc3339(),
        version: o.version,
    }
}

/// Opportunities, newest first.
#[utoipa::path(get, path = "/api/v1/opportunities", tag = "opportunities",
    operation_id = "list_opportunities", params(ListParams),
    responses((status = 200, body = json::Many<OpportunityRow>)))]
pub async fn list(Web(app): Web<App>, viewer: Viewer, Query(query): Query<ListQuery>) -> Answer {
    let now = app.now();
    let mut tx = app.db.read().await?;
    let stages = actions::list_stages(&mut tx, viewer.org).await?;
    let (_, filter) = query.filter(&viewer, &stages);
    let slice = actions::list(&mut tx, viewer.org, &filter, &query.cursor(), now).await?;
    let rows = slice.rows.into_iter().map(|card| row(card, now)).collect();
    json::many(Slice { rows, next: slice.next })
}

/// One opportunity.
#[utoipa::path(get, path = "/api/v1/opportunities/{opportunity}", tag = "opportunities",
    operation_id = "show_opportunity", params(("opportunity" = OpportunityId, Path)),
    responses((status = 200, body = json::One<OpportunityShown>),
        (status = 404, body = json::Problem)))]
pub async fn show(Web(app): Web<App>, viewer: Viewer, Path(id): Path<OpportunityId>) -> Answer {
    let mut tx = app.db.read().await?;
    let found = actions::find(&mut tx, &viewer.scope(), id).await?;
    json::one(shown(found.ok_or(Error::NotFound)?, &viewer.zone))
}

/// The stages in order.
#[utoipa::path(get, path = "/api/v1/stages", tag = "opportunities", operation_id = "list_stages",
    responses((status = 200, body = json::Many<StageShown>)))]
pub async fn stages(Web(app): Web<App>, viewer: Viewer) -> Answer {
    let all = actions::list_stages(&mut app.db.read().await?, viewer.org).await?;
    let lang = viewer.user.lang;
    let told = |stage: Stage| StageShown {
        name: stage.name(lang).to_owned(),
        exit_criteria: stage.criteria.iter().map(|c| c.code().to_owned()).collect(),
        code: stage.code,
        position: stage.position,
        stuck_after_days: stage.stuck_after_days,
    };
    json::many(Slice { rows: all.into_iter().map(told).collect(), next: None })
}

/// Moves an opportunity to another stage.
#[utoipa::path(post, path = "/api/v1/opportunities/{opportunity}/stage", tag = "opportunities",
    operation_id = "advance_opportunity", request_body = MoveSent,
    params(("opportunity" = OpportunityId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<VersionMade>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn advance(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<OpportunityId>,
    sent: Sent<MoveSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let MoveSent { version, stage } = sent.body;
    let version = actions::advance(&act, &viewer, id, version, &stage).await?;
    json::one(VersionMade { version })
}

/// Takes one's own last move back within a minute.
#[utoipa::path(post, path = "/api/v1/opportunities/{opportunity}/stage-reversal",
    tag = "opportunities", operation_id = "undo_move",
    params(("opportunity" = OpportunityId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<VersionMade>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem)))]
pub async fn undo_move(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<OpportunityId>,
    sent: Sent<Nothing>,
) -> Answer {
    let version = actions::undo_move(&viewer.act(&app, sent.key), &viewer, id).await?;
    json::one(VersionMade { version })
}

/// Keeps need, amount, next step and expected close.
#[utoipa::path(post, path = "/api/v1/opportunities/{opportunity}/details", tag = "opportunities",
    operation_id = "keep_opportunity", request_body = DetailsSent,
    params(("opportunity" = OpportunityId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<VersionMade>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn keep_details(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<OpportunityId>,
    sent: Sent<DetailsSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let (zone, now) = (&viewer.zone, app.now());
    let DetailsSent { version, need, amount, next_step, next_step_at, expected_close_on } =
        sent.body;
    let mut fields = Fields::default();
    let details = Details {
        need,
        amount: amount.map(|sum| sum.read_in("amount", viewer.currency)).transpose()?,
        next_step,
        next_step_at: next_step_at.and_then(|text| {
            let read = sent_instant(&text, zone, now);
            read.map_err(|problem| fields.note("next_step_at", problem.code())).ok()
        }),
        expected_close_on: expected_close_on.and_then(|text| {
            let read = Instant::typed_day(&text, zone, now);
            read.map_err(|problem| fields.note("expected_close_on", problem.code())).ok()
        }),
    };
    fields.into_result()?;
    let version = actions::keep_details(&act, &viewer, id, version, details).await?;
    json::one(VersionMade { version })
}

/// An instant of RFC 3339 whose day is within the sight of a person.
fn sent_instant(text: &str, zone: &Zone, now: Instant) -> Result<Instant, DayProblem> {
    let at = Instant::from_rfc3339(text).ok_or(DayProblem::NotADate)?;
    Instant::typed_day(&at.day(zone).to_string(), zone, now).map(|_| at)
}

/// Gives an opportunity up.
#[utoipa::path(post, path = "/api/v1/opportunities/{opportunity}/loss", tag = "opportunities",
    operation_id = "lose_opportunity", request_body = LossSent,
    params(("opportunity" = OpportunityId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<VersionMade>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn lose(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<OpportunityId>,
    sent: Sent<LossSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let LossSent { version, reason, note } = sent.body;
    let reason = reason.parse().map_err(|()| Fields::one("reason", "unknown-choice"))?;
    let version = actions::lose(&act, &viewer, id, version, (reason, &note)).await?;
    json::one(VersionMade { version })
}

/// Wins an opportunity and signs its contract.
#[utoipa::path(post, path = "/api/v1/opportunities/{opportunity}/win", tag = "opportunities",
    operation_id = "win_opportunity", request_body = WinSent,
    params(("opportunity" = OpportunityId, Path), json::KeyHeader),
    responses((status = 201, body = json::One<ContractMade>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn win(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<OpportunityId>,
    sent: Sent<WinSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let WinSent { version, value, term_from, term_to } = sent.body;
    let day = |field: &'static str, text: &str| {
        Instant::typed_day(text, &viewer.zone, app.now())
            .map_err(|problem| Fields::one(field, problem.code()))
    };
    let win = Win {
        value: value.read_in("value", viewer.currency)?,
        term_from: day("term_from", &term_from)?,
        term_to: day("term_to", &term_to)?,
    };
    let contract = actions::win(&act, &viewer, id, version, win).await?;
    json::made(ContractMade { contract })
}

/// Takes a lost opportunity up again.
#[utoipa::path(post, path = "/api/v1/opportunities/{opportunity}/reopening",
    tag = "opportunities", operation_id = "reopen_opportunity", request_body = SeenSent,
    params(("opportunity" = OpportunityId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<VersionMade>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem)))]
pub async fn reopen(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<OpportunityId>,
    sent: Sent<SeenSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let version = actions::reopen(&act, &viewer, id, sent.body.version).await?;
    json::one(VersionMade { version })
}

/// Who leads it from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpportunityOwnerSent {
    /// The person; somebody who works in sales.
    pub to: UserId,
}

/// Hands an open opportunity to another seller. For its head and the owner.
#[utoipa::path(post, path = "/api/v1/opportunities/{opportunity}/owner",
    tag = "opportunities", operation_id = "reassign_opportunity",
    request_body = OpportunityOwnerSent,
    params(("opportunity" = OpportunityId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<VersionMade>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn reassign(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<OpportunityId>,
    sent: Sent<OpportunityOwnerSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let version = owner::reassign(&act, &viewer, id, sent.body.to).await?;
    json::one(VersionMade { version })
}
