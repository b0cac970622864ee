//! Pay over the API. The same actions as the pages, the same eyes.

pub mod payouts;
pub mod plans;
pub mod what_if;

use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::actions::{self, Claim, Decision, PeriodRow};
use super::entry::Entry;
use super::period::Period;
use crate::people::Viewer;
use crate::values::*;
use crate::web::json::{self, Nothing, Sent};
use crate::web::{Answer, App, Slice};

/// A sum in minor units.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PaySum)]
pub struct Sum {
    /// Kopecks, cents; below nought for what is taken.
    pub minor: i64,
    /// Three letters, as in `RUB`.
    #[schema(value_type = String)]
    pub currency: Currency,
}

impl From<Money> for Sum {
    fn from(money: Money) -> Self {
        Self { minor: money.minor, currency: money.currency }
    }
}

/// One immutable line of pay with its inputs.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryShown {
    /// Its id.
    pub id: EntryId,
    /// Its place in the firm's chain.
    pub seq: i64,
    /// When it was written, RFC 3339.
    pub at: String,
    /// The period it falls into, `2026-11`.
    pub period: String,
    /// `pending`, `posted`, `post`, `void` or `reversal`.
    pub kind: &'static str,
    /// What it adds to what is owed.
    pub posted: Sum,
    /// What it adds to what waits.
    pub pending: Sum,
    /// The component of the plan.
    pub component: String,
    /// The plan.
    pub plan: Option<PlanId>,
    /// The version of the plan.
    pub version: Option<i64>,
    /// The event it came from.
    pub event: Option<EventId>,
    /// The inputs, as they are hashed.
    #[schema(value_type = Object)]
    pub inputs: serde_json::Value,
    /// The line it settles, reverses or refers to.
    pub corrects: Option<EntryId>,
    /// Hash of the line before.
    pub previous_hash: String,
    /// Its own hash.
    pub hash: String,
}

fn entry_shown(entry: &Entry) -> Outcome<EntryShown> {
    let sum = |minor| Sum { minor, currency: entry.amount.currency };
    Ok(EntryShown {
        id: entry.id,
        seq: entry.seq,
        at: entry.at.rfc3339(),
        period: entry.period.to_string(),
        kind: entry.kind.code(),
        posted: sum(entry.posted()),
        pending: sum(entry.pending()),
        component: entry.component.clone(),
        plan: entry.version.map(|(plan, _)| plan),
        version: entry.version.map(|(_, version)| version),
        event: entry.event,
        inputs: serde_json::from_str(&entry.reason).map_err(Error::failure)?,
        corrects: entry.corrects,
        previous_hash: entry.previous_hash.clone(),
        hash: entry.hash.clone(),
    })
}

/// A person's pay of a month.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatementShown {
    /// Whose.
    pub person: UserId,
    /// `2026-11`.
    pub period: String,
    /// `open`, `review` or `closed`.
    pub state: &'static str,
    /// Carried over from before.
    pub opening: Sum,
    /// What counts in the month.
    pub earned: Sum,
    /// What was handed over to payroll.
    pub paid_out: Sum,
    /// What is owed after the month.
    pub closing: Sum,
    /// What is on record as really paid; null where nobody recorded a payment, and of a part.
    pub paid: Option<Sum>,
    /// False where the asker sees only the days on which the person was of their team: nothing is
    /// carried over into a part, and nothing handed over of it.
    pub is_whole: bool,
    /// Every change of the ledger in the month; more than the lines of the statement where
    /// something waited and was settled within it.
    pub entries: Vec<EntryShown>,
}

/// A month of pay.
#[derive(Debug, Serialize, ToSchema)]
pub struct PeriodShown {
    /// Its id.
    pub id: PeriodId,
    /// `2026-11`.
    pub month: String,
    /// `open`, `review` or `closed`.
    pub state: &'static str,
    /// When it was approved, RFC 3339.
    pub approved_at: Option<String>,
    /// When it was closed, RFC 3339.
    pub closed_at: Option<String>,
}

fn period_shown(period: &Period) -> PeriodShown {
    PeriodShown {
        id: period.id,
        month: period.month.to_string(),
        state: period.state.code(),
        approved_at: period.approved.map(|(_, at, _)| at.rfc3339()),
        closed_at: period.closed.map(|(_, at)| at.rfc3339()),
    }
}

/// A person's sums of a month.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PayRow)]
pub struct RowShown {
    /// Who.
    pub person: UserId,
    /// Carried over.
    pub opening: Sum,
    /// What counts in the month.
    pub earned: Sum,
    /// What still waits.
    pub pending: Sum,
    /// What is owed, before the pay-out.
    pub due: Sum,
    /// Lines of the month as the statement shows them: what waited and was settled within the month
    /// is one. Closing the month is confirmed by the number of everybody's together.
    pub lines: i64,
}

fn row_shown(row: &PeriodRow) -> RowShown {
    RowShown {
        person: row.person.id,
        opening: row.opening.into(),
        earned: row.earned.into(),
        pending: row.pending.into(),
        due: row.due.into(),
        lines: row.lines,
    }
}

/// Every month of pay.
#[utoipa::path(get, path = "/api/v1/pay-periods", tag = "pay",
    operation_id = "list_pay_periods",
    responses((status = 200, body = json::Many<PeriodShown>)))]
pub async fn list_periods(State(app): State<App>, viewer: Viewer) -> Answer {
    let mut tx = app.db.read().await?;
    let periods = actions::list_periods(&mut tx, viewer.org).await?;
    json::many(Slice { rows: periods.iter().map(period_shown).collect(), next: None })
}

/// Sums of a month for everybody one may see.
#[utoipa::path(get, path = "/api/v1/pay-periods/{period}", tag = "pay",
    operation_id = "show_pay_period",
    params(("period" = PeriodId, Path)),
    responses((status = 200, body = json::Many<RowShown>), (status = 404, body = json::Problem)))]
pub async fn show_period(
    State(app): State<App>,
    viewer: Viewer,
    Path(period): Path<PeriodId>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let (_, rows) = actions::list_period(&mut tx, &viewer, period).await?;
    json::many(Slice { rows: rows.iter().map(row_shown).collect(), next: None })
}

/// A person's pay of a month with its lines.
#[utoipa::path(get, path = "/api/v1/pay-periods/{period}/statements/{user}", tag = "pay",
    operation_id = "show_statement",
    params(("period" = PeriodId, Path), ("user" = UserId, Path)),
    responses((status = 200, body = json::One<StatementShown>),
        (status = 404, body = json::Problem)))]
pub async fn show_statement(
    State(app): State<App>,
    viewer: Viewer,
    Path((period, user)): Path<(PeriodId, UserId)>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let statement = actions::statement(&mut tx, &viewer, period, user).await?;
    let entries: Outcome<Vec<EntryShown>> = statement.lines.iter().map(entry_shown).collect();
    json::one(StatementShown {
        person: statement.person.id,
        period: statement.period.month.to_string(),
        state: statement.period.state.code(),
        opening: statement.opening.into(),
        earned: statement.earned.into(),
        paid_out: statement.paid_out.into(),
        closing: statement.closing.into(),
        paid: statement.paid.map(Sum::from),
        is_whole: statement.is_whole,
        entries: entries?,
    })
}

/// One immutable line with its inputs.
#[utoipa::path(get, path = "/api/v1/entries/{entry}", tag = "pay",
    operation_id = "show_entry",
    params(("entry" = EntryId, Path)),
    responses((status = 200, body = json::One<EntryShown>), (status = 404, body = json::Problem)))]
pub async fn show_entry(
    State(app): State<App>,
    viewer: Viewer,
    Path(entry): Path<EntryId>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let line = actions::find_line(&mut tx, &viewer, entry).await?;
    json::one(entry_shown(&line.entry)?)
}

/// A number, sent again as a confirmation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// The number of lines that the statements of the period show, everybody's together, or the
    /// number of the version.
    pub confirm: i64,
}

/// Sends a month to review and books its salaries.
#[utoipa::path(post, path = "/api/v1/pay-periods/{period}/review", tag = "pay",
    operation_id = "review_pay_period", request_body = Nothing,
    params(("period" = PeriodId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<PeriodId>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn review(
    State(app): State<App>,
    viewer: Viewer,
    Path(period): Path<PeriodId>,
    sent: Sent<Nothing>,
) -> Answer {
    actions::review(&viewer.act(&app, sent.key), period).await?;
    json::one(period)
}

/// Approves a month with the lines it has.
#[utoipa::path(post, path = "/api/v1/pay-periods/{period}/approval", tag = "pay",
    operation_id = "approve_pay_period", request_body = Nothing,
    params(("period" = PeriodId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<PeriodId>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn approve(
    State(app): State<App>,
    viewer: Viewer,
    Path(period): Path<PeriodId>,
    sent: Sent<Nothing>,
) -> Answer {
    actions::approve(&viewer.act(&app, sent.key), period).await?;
    json::one(period)
}

/// Closes a month for good.
#[utoipa::path(post, path = "/api/v1/pay-periods/{period}/closing", tag = "pay",
    operation_id = "close_pay_period", request_body = Confirmation,
    params(("period" = PeriodId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<PeriodId>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn close(
    State(app): State<App>,
    viewer: Viewer,
    Path(period): Path<PeriodId>,
    sent: Sent<Confirmation>,
) -> Answer {
    actions::close(&viewer.act(&app, sent.key), period, sent.body.confirm).await?;
    json::one(period)
}

/// What is wrong with a line.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimSent {
    /// `amount`, `rule`, `not-paid`, `not-mine` or `other`.
    pub category: String,
    /// In the person's words.
    pub comment: String,
}

/// Contests a line of one's own pay.
#[utoipa::path(post, path = "/api/v1/entries/{entry}/dispute", tag = "pay",
    operation_id = "dispute_entry", request_body = ClaimSent,
    params(("entry" = EntryId, Path), json::KeyHeader),
    responses((status = 201, body = json::One<DisputeId>),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem),
        (status = 422, body = json::Problem)))]
pub async fn dispute(
    State(app): State<App>,
    viewer: Viewer,
    Path(entry): Path<EntryId>,
    sent: Sent<ClaimSent>,
) -> Answer {
    let claim = Claim { category: sent.body.category, comment: sent.body.comment };
    json::made(actions::dispute(&viewer.act(&app, sent.key), &viewer, entry, claim).await?)
}

/// What is decided about a dispute.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DisputeDecision)]
pub struct DecisionSent {
    /// True when the person is right.
    pub is_granted: bool,
    /// What is added or taken, in the currency of the contested line. A second person approves it.
    pub amount: Option<Sum>,
    /// The decider's words.
    pub answer: String,
}

/// Decides a dispute; a sum that is granted waits for a second person, as one by hand.
#[utoipa::path(post, path = "/api/v1/pay-disputes/{dispute}/decision", tag = "pay",
    operation_id = "decide_pay_dispute", request_body = DecisionSent,
    params(("dispute" = DisputeId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<DisputeId>),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem),
        (status = 422, body = json::Problem)))]
pub async fn decide_dispute(
    State(app): State<App>,
    viewer: Viewer,
    Path(dispute): Path<DisputeId>,
    sent: Sent<DecisionSent>,
) -> Answer {
    let DecisionSent { is_granted, amount, answer } = sent.body;
    let amount = amount.map(|sum| Money::new(sum.minor, sum.currency));
    let decision = Decision { is_granted, amount, answer };
    actions::decide_dispute(&viewer.act(&app, sent.key), &viewer, dispute, decision).await?;
    json::one(dispute)
}

/// A sum by hand.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdjustmentSent {
    /// Whose pay.
    pub user: UserId,
    /// How much.
    pub amount: Sum,
    /// Why.
    pub reason: String,
}

/// Proposes a sum by hand.
#[utoipa::path(post, path = "/api/v1/pay-adjustments", tag = "pay",
    operation_id = "propose_adjustment", request_body = AdjustmentSent,
    params(json::KeyHeader),
    responses((status = 201, body = json::One<AnyId>), (status = 409, body = json::Problem),
        (status = 422, body = json::Problem)))]
pub async fn adjust(State(app): State<App>, viewer: Viewer, sent: Sent<AdjustmentSent>) -> Answer {
    let AdjustmentSent { user, amount, reason } = sent.body;
    let amount = Money::new(amount.minor, amount.currency);
    let act = viewer.act(&app, sent.key);
    json::made(actions::adjust(&act, &viewer, user, amount, &reason).await?)
}

/// Whether a sum by hand is approved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalSent {
    /// True to approve, false to decline.
    pub is_approved: bool,
}

/// Approves or declines a sum by hand.
#[utoipa::path(post, path = "/api/v1/pay-adjustments/{adjustment}/decision", tag = "pay",
    operation_id = "decide_adjustment", request_body = ApprovalSent,
    params(("adjustment" = AnyId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<AnyId>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn decide_adjustment(
    State(app): State<App>,
    viewer: Viewer,
    Path(adjustment): Path<AnyId>,
    sent: Sent<ApprovalSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    actions::decide_adjustment(&act, &viewer, adjustment, sent.body.is_approved).await?;
    json::one(adjustment)
}
