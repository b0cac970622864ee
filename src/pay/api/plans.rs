//! Plans over the API: versions, drafts, publication, who is paid by them.

use axum::extract::{Path, State};
use compensation::Component;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::actions::{self, Agreed, NewAssignment};
use super::super::pages;
use super::super::plan::Version;
use super::super::preset::{Preset, Round};
use super::super::terms::Terms;
use super::{Confirmation, Sum};
use crate::people::Viewer;
use crate::tiers::doors::PAYING;
use crate::values::*;
use crate::web::json::{self, Nothing, Sent};
use crate::web::{Answer, App, Slice};

/// A published version of a plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionShown {
    /// The plan.
    pub plan: PlanId,
    /// Its name.
    pub name: String,
    /// Its tier.
    pub tier: i64,
    /// Counts from one.
    pub version: i64,
    /// In force from, RFC 3339.
    pub effective_from: String,
    /// How the fraction of a minor unit is rounded: `half_up`, `half_even` or `floor`.
    #[schema(value_type = String)]
    pub rounding: Round,
    /// What it pays for, in the language of plans.
    #[schema(value_type = Vec<Object>)]
    pub components: Vec<Component>,
    /// The most that all components together earn somebody in a month, a salary aside.
    pub cap: Option<Sum>,
    /// The least that a month pays, for whoever has no terms of their own.
    pub guarantee: Option<Sum>,
    /// The credit window: for how many days after a hand-off went nowhere whoever gave it is
    /// credited when the firm comes back by another's; nought where never.
    pub window: i64,
}

fn version_shown(version: &Version) -> VersionShown {
    let sum = |sum: compensation::Money| Sum::from(Money::new(sum.minor(), version.currency));
    VersionShown {
        plan: version.plan,
        name: version.name.clone(),
        tier: version.tier,
        version: version.version,
        effective_from: version.effective_from.rfc3339(),
        rounding: version.body.rounding,
        components: version.body.components.clone(),
        cap: version.body.cap.map(sum),
        guarantee: version.body.guarantee.map(sum),
        window: version.body.window.unwrap_or(0),
    }
}

/// Every published version of the plans one may see.
#[utoipa::path(get, path = "/api/v1/pay-plans", tag = "pay",
    operation_id = "list_pay_plans",
    responses((status = 200, body = json::Many<VersionShown>)))]
pub async fn list_plans(State(app): State<App>, viewer: Viewer) -> Answer {
    let mut tx = app.db.read().await?;
    let (_, versions, assignments) = actions::list_plans(&mut tx, viewer.org).await?;
    let is_keeper = viewer.is_any(PAYING);
    let is_mine =
        |plan: PlanId| assignments.iter().any(|a| a.plan == plan && a.person == viewer.id());
    let rows = versions.iter().filter(|v| is_keeper || is_mine(v.plan)).map(version_shown);
    json::many(Slice { rows: rows.collect(), next: None })
}

/// A plan to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanSent {
    /// Its name.
    pub name: String,
    /// Its tier: 1, 2, 3.
    pub tier: i64,
}

/// Makes a plan whose draft is the usual one of its tier.
#[utoipa::path(post, path = "/api/v1/pay-plans", tag = "pay",
    operation_id = "make_pay_plan", request_body = PlanSent,
    params(json::KeyHeader),
    responses((status = 201, body = json::One<PlanId>), (status = 409, body = json::Problem),
        (status = 422, body = json::Problem)))]
pub async fn make_plan(State(app): State<App>, viewer: Viewer, sent: Sent<PlanSent>) -> Answer {
    let PlanSent { name, tier } = sent.body;
    json::made(actions::make_plan(&viewer.act(&app, sent.key), &name, tier).await?)
}

/// Begins the next version of a plan.
#[utoipa::path(post, path = "/api/v1/pay-plans/{plan}/draft", tag = "pay",
    operation_id = "start_plan_draft", request_body = Nothing,
    params(("plan" = PlanId, Path), json::KeyHeader),
    responses((status = 201, body = json::One<PlanId>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn start_draft(
    State(app): State<App>,
    viewer: Viewer,
    Path(plan): Path<PlanId>,
    sent: Sent<Nothing>,
) -> Answer {
    actions::start_draft(&viewer.act(&app, sent.key), plan).await?;
    json::made(plan)
}

/// A component in four words, or whole.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Put {
    /// In four words.
    Preset(Preset),
    /// Whole.
    Whole(Box<Component>),
}

/// A component for a draft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ComponentSent {
    /// A preset, `{"trigger": "meeting", "tier": 1, "measure": {"each": 35000}, "cap": null}`, or
    /// a component in the language of plans, as a version tells it.
    #[schema(value_type = Object)]
    pub component: Put,
}

/// Puts a component into a draft.
#[utoipa::path(post, path = "/api/v1/pay-plans/{plan}/components", tag = "pay",
    operation_id = "put_plan_component", request_body = ComponentSent,
    params(("plan" = PlanId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<String>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn put_component(
    State(app): State<App>,
    viewer: Viewer,
    Path(plan): Path<PlanId>,
    sent: Sent<ComponentSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let code = match &sent.body.component {
        Put::Preset(preset) => preset.code(),
        Put::Whole(component) => component.code.to_string(),
    };
    match sent.body.component {
        Put::Preset(preset) => actions::put_preset(&act, plan, preset).await?,
        Put::Whole(component) => actions::put_component(&act, plan, *component).await?,
    }
    json::one(code)
}

/// What holds for all components of a draft together.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitsSent {
    /// The most that all of them earn somebody in a month, a salary aside; none where nothing is
    /// said.
    pub cap: Option<Sum>,
    /// The least that a month pays, for whoever has no terms of their own; none where nothing is
    /// said.
    pub guarantee: Option<Sum>,
    /// The credit window in days, 365 at most; nought, or nothing said: there is none.
    pub window: Option<i64>,
}

/// Says the cap, the guarantee and the credit window of a draft, in place of those it has.
#[utoipa::path(post, path = "/api/v1/pay-plans/{plan}/limits", tag = "pay",
    operation_id = "put_plan_limits", request_body = LimitsSent,
    params(("plan" = PlanId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<PlanId>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn put_limits(
    State(app): State<App>,
    viewer: Viewer,
    Path(plan): Path<PlanId>,
    sent: Sent<LimitsSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let LimitsSent { cap, guarantee, window } = sent.body;
    let limits = (cap.map(money_of), guarantee.map(money_of), window);
    actions::put_limits(&act, plan, limits).await?;
    json::one(plan)
}

/// A day of the firm's calendar.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DaySent {
    /// `2026-11-01`.
    pub day: String,
}

/// From when a draft holds, and which state of it is approved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanApprovalSent {
    /// `2026-11-01`.
    pub day: String,
    /// The state of the draft that was looked at, as the what-if of the plan tells it.
    pub revision: i64,
}

/// Approves a draft from a day on; one that was changed meanwhile is to be looked at again.
#[utoipa::path(post, path = "/api/v1/pay-plans/{plan}/approval", tag = "pay",
    operation_id = "approve_plan_draft", request_body = PlanApprovalSent,
    params(("plan" = PlanId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<String>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn approve_draft(
    State(app): State<App>,
    viewer: Viewer,
    Path(plan): Path<PlanId>,
    sent: Sent<PlanApprovalSent>,
) -> Answer {
    let PlanApprovalSent { day, revision } = sent.body;
    let from = pages::day("day", &day)?;
    actions::approve_draft(&viewer.act(&app, sent.key), plan, from, revision).await?;
    json::one(midnight(from, &viewer.zone).rfc3339())
}

/// Publishes an approved draft as the next version.
#[utoipa::path(post, path = "/api/v1/pay-plans/{plan}/publication", tag = "pay",
    operation_id = "publish_plan", request_body = Confirmation,
    params(("plan" = PlanId, Path), json::KeyHeader),
    responses((status = 201, body = json::One<i64>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn publish(
    State(app): State<App>,
    viewer: Viewer,
    Path(plan): Path<PlanId>,
    sent: Sent<Confirmation>,
) -> Answer {
    json::made(actions::publish(&viewer.act(&app, sent.key), plan, sent.body.confirm).await?)
}

/// Who is to be paid by a plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignmentSent {
    /// Who.
    pub user: UserId,
    /// First day, `2026-11-01`.
    pub day: String,
    /// Last day.
    pub until: Option<String>,
    /// Monthly salary.
    pub salary: Option<Sum>,
    /// Rates and quotas of their own, an advance:
    /// `{"rates": {"payment-2": "8 %"}, "quotas": {"money": {"target": "10000.00 RUB", "ramp":
    /// ["50 %"], "prorated": true}}, "draw": {"floor": "1000.00 RUB", "recoverable": true}}`.
    #[schema(value_type = Option<Object>)]
    pub terms: Option<Terms>,
}

/// Assigns a person to a plan.
#[utoipa::path(post, path = "/api/v1/pay-plans/{plan}/assignments", tag = "pay",
    operation_id = "assign_plan", request_body = AssignmentSent,
    params(("plan" = PlanId, Path), json::KeyHeader),
    responses((status = 201, body = json::One<AnyId>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn assign(
    State(app): State<App>,
    viewer: Viewer,
    Path(plan): Path<PlanId>,
    sent: Sent<AssignmentSent>,
) -> Answer {
    let AssignmentSent { user, day, until, salary, terms } = sent.body;
    let salary = salary.map_or(Money::new(0, viewer.currency), money_of);
    let until = until.map(|day| pages::day("until", &day)).transpose()?;
    let from = pages::day("day", &day)?;
    let new = NewAssignment { person: user, plan, from, until, salary };
    let act = viewer.act(&app, sent.key);
    json::made(actions::assign_on(&act, new, terms.unwrap_or_default()).await?)
}

/// What is agreed with somebody anew.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignmentTermsSent {
    /// From which day, `2026-11-01`: the first day of the assignment puts its terms right, from a
    /// later one another assignment goes on.
    pub day: String,
    /// Monthly salary, nought for none; as it is where nothing is said.
    pub salary: Option<Sum>,
    /// Rates and quotas of their own, an advance, as they are assigned with; none where nothing is
    /// said.
    #[schema(value_type = Option<Object>)]
    pub terms: Option<Terms>,
}

/// Agrees on other terms; answers the assignment that has them.
#[utoipa::path(post, path = "/api/v1/pay-assignments/{assignment}/terms", tag = "pay",
    operation_id = "change_assignment_terms", request_body = AssignmentTermsSent,
    params(("assignment" = AnyId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<AnyId>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn change_terms(
    State(app): State<App>,
    viewer: Viewer,
    Path(assignment): Path<AnyId>,
    sent: Sent<AssignmentTermsSent>,
) -> Answer {
    let AssignmentTermsSent { day, salary, terms } = sent.body;
    let agreed = Agreed {
        revision: None,
        from: pages::day("day", &day)?,
        salary: salary.map(money_of),
        terms: terms.unwrap_or_default(),
    };
    json::one(actions::change_terms(&viewer.act(&app, sent.key), assignment, agreed).await?)
}

fn money_of(sum: Sum) -> Money {
    Money::new(sum.minor, sum.currency)
}

/// Ends an assignment with its last day.
#[utoipa::path(post, path = "/api/v1/pay-assignments/{assignment}/end", tag = "pay",
    operation_id = "end_assignment", request_body = DaySent,
    params(("assignment" = AnyId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<AnyId>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn end_assignment(
    State(app): State<App>,
    viewer: Viewer,
    Path(assignment): Path<AnyId>,
    sent: Sent<DaySent>,
) -> Answer {
    let last = pages::day("day", &sent.body.day)?;
    actions::end_assignment(&viewer.act(&app, sent.key), assignment, last).await?;
    json::one(assignment)
}
