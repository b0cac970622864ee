//! Payroll, invoices and what was really paid, over the API.

use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::actions::{self, PayrollRow};
use super::super::pages::{days_of, engagement_of};
use super::super::remittance::{NewRemittance, Reconciled, Remittance};
use super::Sum;
use crate::events;
use crate::people::Viewer;
use crate::values::*;
use crate::web::json::{self, Sent};
use crate::web::{Answer, App, Slice};

/// A closed month for payroll.
#[derive(Debug, Serialize, ToSchema)]
pub struct PayrollShown {
    /// `2026-11`.
    pub period: String,
    /// Its first day, `2026-11-01`.
    pub from: String,
    /// Its last day.
    pub to: String,
    /// Everybody to whom something is due, or who owes something.
    pub people: Vec<PayeeShown>,
}

/// A person of the payroll, in one currency.
#[derive(Debug, Serialize, ToSchema)]
pub struct PayeeShown {
    /// Who.
    pub person: UserId,
    /// Their number.
    pub number: i64,
    /// What they sign in with.
    pub login: String,
    /// Their name.
    pub name: String,
    /// `employee` or `contractor`.
    pub engagement: &'static str,
    /// What the components add up to: what the statement says is due.
    pub total: Sum,
    /// What it is made of.
    pub components: Vec<ComponentSum>,
}

/// A component with what it comes to.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComponentSum {
    /// The component of the plan; `opening` is what was carried over.
    pub component: String,
    /// What counts, before deductions.
    pub gross: Sum,
}

/// Rows of one person stand together.
fn payees(rows: &[PayrollRow]) -> Vec<PayeeShown> {
    let mut people: Vec<PayeeShown> = Vec::new();
    for row in rows {
        let line = ComponentSum { component: row.component.clone(), gross: row.gross.into() };
        let is_other = |last: &PayeeShown| {
            (last.person, last.total.currency) != (row.person.id, row.total.currency)
        };
        if people.last().is_none_or(is_other) {
            people.push(PayeeShown {
                person: row.person.id,
                number: row.person.number,
                login: row.person.login.clone(),
                name: row.person.name.clone(),
                engagement: row.engagement.code(),
                total: row.total.into(),
                components: Vec::new(),
            });
        }
        if let Some(last) = people.last_mut() {
            last.components.push(line);
        }
    }
    people
}

/// What payroll takes over from a closed month: person by person and component by component.
#[utoipa::path(get, path = "/api/v1/pay-periods/{period}/payroll", tag = "pay",
    operation_id = "show_payroll",
    params(("period" = PeriodId, Path)),
    responses((status = 200, body = json::One<PayrollShown>),
        (status = 404, body = json::Problem)))]
pub async fn payroll(
    State(app): State<App>,
    viewer: Viewer,
    Path(period): Path<PeriodId>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let (period, rows) = actions::payroll(&mut tx, &viewer, period).await?;
    drop(tx);
    let act = viewer.act(&app, None);
    events::record_export(&act, period.id, "payroll-json", rows.len()).await?;
    let (from, to) = days_of(&period, &viewer.zone);
    json::one(PayrollShown { period: period.month.to_string(), from, to, people: payees(&rows) })
}

/// What a contractor asks to be paid for a closed month.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvoiceShown {
    /// Its number; the same for the same month and person for ever.
    pub number: String,
    /// Who asks.
    pub person: UserId,
    /// The name they ask under.
    pub name: String,
    /// Their tax number.
    pub tax_id: String,
    /// Whom they ask.
    pub firm: String,
    /// `2026-11`.
    pub period: String,
    /// Its first day.
    pub from: String,
    /// Its last day.
    pub to: String,
    /// What for.
    pub lines: Vec<ComponentSum>,
    /// What the lines add up to.
    pub total: Sum,
}

/// The invoice of a contractor for a closed month; an employee has none.
#[utoipa::path(get, path = "/api/v1/pay-periods/{period}/invoices/{user}", tag = "pay",
    operation_id = "show_invoice",
    params(("period" = PeriodId, Path), ("user" = UserId, Path)),
    responses((status = 200, body = json::One<InvoiceShown>),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem)))]
pub async fn show_invoice(
    State(app): State<App>,
    viewer: Viewer,
    Path((period, user)): Path<(PeriodId, UserId)>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let invoice = actions::invoice(&mut tx, &viewer, period, user).await?;
    let (from, to) = days_of(&invoice.period, &viewer.zone);
    let line =
        |(component, gross): (String, Money)| ComponentSum { component, gross: gross.into() };
    json::one(InvoiceShown {
        number: invoice.number,
        person: invoice.person.id,
        name: invoice.name,
        tax_id: invoice.tax_id,
        firm: invoice.firm,
        period: invoice.period.month.to_string(),
        from,
        to,
        lines: invoice.lines.into_iter().map(line).collect(),
        total: invoice.total.into(),
    })
}

/// A record of what was really paid.
#[derive(Debug, Serialize, ToSchema)]
pub struct RemittanceShown {
    /// Its id.
    pub id: AnyId,
    /// The number people read aloud.
    pub number: i64,
    /// What was paid; nought where a correction says that nothing was.
    pub amount: Sum,
    /// On which day, `2026-11-10`.
    pub paid_on: String,
    /// The payment order, or whatever tells it from others.
    pub reference: String,
    /// The record it stands in the place of.
    pub corrects: Option<AnyId>,
}

/// A person's month in one currency: due, paid, and what is between.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReconciledShown {
    /// Who.
    pub person: UserId,
    /// What was paid too much for the closed months before, below nought.
    pub opening: Sum,
    /// What is due: handed over to payroll where the month is closed, else owed as it stands.
    pub due: Sum,
    /// What was paid.
    pub paid: Sum,
    /// What is still to be paid after both; below nought where too much was.
    pub difference: Sum,
    /// Every record, those that were corrected among them.
    pub remittances: Vec<RemittanceShown>,
}

fn reconciled_shown(row: &Reconciled, zone: &Zone) -> ReconciledShown {
    let record = |one: &Remittance| RemittanceShown {
        id: one.id,
        number: one.number,
        amount: one.amount.into(),
        paid_on: one.paid_on.day(zone).to_string(),
        reference: one.reference.clone(),
        corrects: one.corrects,
    };
    ReconciledShown {
        person: row.person.id,
        opening: row.opening.into(),
        due: row.due.into(),
        paid: row.paid.into(),
        difference: row.difference.into(),
        remittances: row.remittances.iter().map(record).collect(),
    }
}

/// What is due for a month, what was really paid, and the difference.
#[utoipa::path(get, path = "/api/v1/pay-periods/{period}/remittances", tag = "pay",
    operation_id = "reconcile_pay_period",
    params(("period" = PeriodId, Path)),
    responses((status = 200, body = json::Many<ReconciledShown>),
        (status = 404, body = json::Problem)))]
pub async fn reconcile(
    State(app): State<App>,
    viewer: Viewer,
    Path(period): Path<PeriodId>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let (_, rows) = actions::reconcile(&mut tx, &viewer, period).await?;
    let rows = rows.iter().map(|row| reconciled_shown(row, &viewer.zone)).collect();
    json::many(Slice { rows, next: None })
}

/// What was really paid to somebody.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemittanceSent {
    /// Who was paid.
    pub user: UserId,
    /// How much.
    pub amount: Sum,
    /// On which day, `2026-11-10`.
    pub paid_on: String,
    /// The payment order, or whatever tells it from others; two payments that are alike otherwise
    /// need two.
    #[serde(default)]
    pub reference: String,
    /// True where it is another payment than one that is alike and stands under another month.
    #[serde(default)]
    pub anyway: bool,
}

/// Records what was really paid to somebody for a month.
#[utoipa::path(post, path = "/api/v1/pay-periods/{period}/remittances", tag = "pay",
    operation_id = "record_remittance", request_body = RemittanceSent,
    params(("period" = PeriodId, Path), json::KeyHeader),
    responses((status = 201, body = json::One<AnyId>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn remit(
    State(app): State<App>,
    viewer: Viewer,
    Path(period): Path<PeriodId>,
    sent: Sent<RemittanceSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let RemittanceSent { user, amount, paid_on, reference, anyway } = sent.body;
    let new = NewRemittance {
        person: user,
        amount: Money::new(amount.minor, amount.currency),
        paid_on: day_sent(&paid_on, &viewer.zone, app.now())?,
        reference,
        anyway,
    };
    json::made(actions::remit(&act, &viewer, period, new).await?)
}

fn day_sent(text: &str, zone: &Zone, now: Instant) -> Outcome<Instant> {
    Instant::typed_day(text, zone, now).map_err(|problem| Fields::one("paid_on", problem.code()))
}

/// What is right, in the place of what was recorded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemittanceCorrection {
    /// Minor units in the currency of the record; nought where nothing was paid.
    pub minor: i64,
    /// On which day, `2026-11-10`.
    pub paid_on: String,
    /// The payment order, or whatever tells it from others.
    #[serde(default)]
    pub reference: String,
}

/// Puts a record of a payment right by a further one that stands in its place.
#[utoipa::path(post, path = "/api/v1/pay-remittances/{remittance}/correction", tag = "pay",
    operation_id = "correct_remittance", request_body = RemittanceCorrection,
    params(("remittance" = AnyId, Path), json::KeyHeader),
    responses((status = 201, body = json::One<AnyId>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn correct_remittance(
    State(app): State<App>,
    viewer: Viewer,
    Path(remittance): Path<AnyId>,
    sent: Sent<RemittanceCorrection>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let RemittanceCorrection { minor, paid_on, reference } = sent.body;
    let right = (minor, day_sent(&paid_on, &viewer.zone, app.now())?, reference);
    json::made(actions::correct_remittance(&act, &viewer, remittance, right).await?)
}

/// How somebody is engaged.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EngagementSent {
    /// Who.
    pub user: UserId,
    /// The first month it holds in, `2026-11`.
    pub month: String,
    /// `employee` or `contractor`.
    pub kind: String,
    /// The legal form and the name of a contractor.
    #[serde(default)]
    pub name: String,
    /// The tax number of a contractor.
    #[serde(default)]
    pub tax_id: String,
}

/// Notes how somebody is engaged from a month on.
#[utoipa::path(post, path = "/api/v1/pay-engagements", tag = "pay",
    operation_id = "note_engagement", request_body = EngagementSent,
    params(json::KeyHeader),
    responses((status = 201, body = json::One<AnyId>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn engage(State(app): State<App>, viewer: Viewer, sent: Sent<EngagementSent>) -> Answer {
    let act = viewer.act(&app, sent.key);
    let EngagementSent { user, month, kind, name, tax_id } = sent.body;
    let month = month.parse::<Month>().map_err(|()| Fields::one("month", "not-a-date"))?;
    let engagement = engagement_of(&kind, name, tax_id)?;
    json::made(actions::engage(&act, &viewer, (user, month), engagement).await?)
}
