//! Contracts and payments over the API. The same actions as the pages.

use axum::extract::{Path, State as Web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::pages::ListQuery;
use super::{Contract, NewEnd, NewPayment, Payment, actions};
use crate::people::Viewer;
use crate::values::*;
use crate::web::json::{self, Sent};
use crate::web::{Answer, App, Query, Slice};

/// A sum in minor units of its currency.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ContractSum)]
pub struct Sum {
    /// Kopecks, cents.
    pub minor: i64,
    /// Three letters, as in `RUB`.
    pub currency: String,
}

impl Sum {
    /// A sum as it is shown.
    pub fn of(money: Money) -> Self {
        Self { minor: money.minor, currency: money.currency.code().to_owned() }
    }
    /// A sum as it was sent.
    pub fn read(&self, field: &'static str) -> Outcome<Money> {
        let currency = Currency::from_code(&self.currency)
            .ok_or_else(|| Fields::one(field, "unknown-choice"))?;
        Ok(Money::new(self.minor, currency))
    }
    /// The same of a sum that reports add up: it is in the currency of the firm.
    pub fn read_in(&self, field: &'static str, firm: Currency) -> Outcome<Money> {
        let money = self.read(field)?;
        if money.currency != firm {
            return Err(Fields::one(field, "other-currency-of-firm"));
        }
        Ok(money)
    }
}

/// A contract.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContractShown {
    /// Its id.
    pub id: ContractId,
    /// The number people read aloud.
    pub number: i64,
    /// The opportunity that was won.
    pub opportunity: OpportunityId,
    /// With whom.
    pub company: CompanyId,
    /// Who sold it.
    pub seller: UserId,
    /// What it is worth.
    pub value: Sum,
    /// The payments so far, reversals subtracted.
    pub paid: Sum,
    /// First day of the term, as in `2026-11-23`.
    pub term_from: String,
    /// Last day of the term.
    pub term_to: String,
    /// `active`, `ended` or `cancelled`.
    pub state: String,
    /// Why it is over.
    pub end_reason: Option<String>,
    /// When it was signed, RFC 3339.
    pub signed_at: String,
    /// What a change has to name.
    pub version: i64,
}

/// A contract with its payments.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContractWithPayments {
    /// The contract.
    #[serde(flatten)]
    pub contract: ContractShown,
    /// Its payments and reversals, newest first.
    pub payments: Vec<PaymentShown>,
}

/// A line of a contract's payments.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentShown {
    /// Its id.
    pub id: PaymentId,
    /// The number people read aloud.
    pub number: i64,
    /// What came; below nought on a reversal line.
    pub amount: Sum,
    /// The day it came or went back.
    pub paid_on: String,
    /// What the bank said.
    pub note: String,
    /// On a reversal line: the payment it takes back.
    pub reverses: Option<PaymentId>,
    /// On a reversal line: why.
    pub reason: Option<String>,
    /// True when a reversal line names it.
    pub is_reversed: bool,
}

/// Money that came in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentSent {
    /// How much.
    pub amount: Sum,
    /// The day it came, as in `2026-11-23`.
    pub paid_on: String,
    /// What the bank said.
    #[serde(default)]
    pub note: String,
}

/// Why a payment is taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReversalSent {
    /// `mistake`, `refunded`, `bounced`.
    pub reason: String,
    /// What was said.
    #[serde(default)]
    pub note: String,
}

/// The end of a contract.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndSent {
    /// The version that was seen.
    pub version: i64,
    /// True when it is void as if never signed; false when it simply stops.
    pub is_cancelled: bool,
    /// `fulfilled`, `client_left`, `not_paid`, `agreed`, `mistake`, `other`.
    pub end_reason: String,
    /// What was said; required with `other`.
    #[serde(default)]
    pub end_note: String,
}

/// The line that was written.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentMade {
    /// Its id.
    pub payment: PaymentId,
}

/// What the list is narrowed by.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ContractParams {
    /// `active`, `ended`, `cancelled`.
    pub state: Option<String>,
    /// `yes` for those that are not paid in full.
    pub owed: Option<String>,
    /// The cursor of the page before.
    pub after: Option<String>,
    /// Rows wanted, 1 to 100.
    pub limit: Option<i64>,
}

fn shown(c: Contract, zone: &Zone) -> ContractShown {
    ContractShown {
        id: c.id,
        number: c.number,
        opportunity: c.opportunity,
        company: c.company,
        seller: c.seller,
        value: Sum::of(c.value),
        paid: Sum::of(c.paid),
        term_from: c.term_from.day(zone).to_string(),
        term_to: c.term_to.day(zone).to_string(),
        state: c.state.code().to_owned(),
        end_reason: c.end_reason.map(|reason| reason.code().to_owned()),
        signed_at: c.signed_at.rfc3339(),
        version: c.version,
    }
}

fn line(payment: Payment, zone: &Zone) -> PaymentShown {
    PaymentShown {
        id: payment.id,
        number: payment.number,
        amount: Sum::of(payment.amount),
        paid_on: payment.paid_on.day(zone).to_string(),
        note: payment.note,
        reverses: payment.reverses,
        reason: payment.reason.map(|reason| reason.code().to_owned()),
        is_reversed: payment.is_reversed,
    }
}

/// Contracts, newest first.
#[utoipa::path(get, path = "/api/v1/contracts", tag = "contracts",
    operation_id = "list_contracts", params(ContractParams),
    responses((status = 200, body = json::Many<ContractShown>)))]
pub async fn list(Web(app): Web<App>, viewer: Viewer, Query(query): Query<ListQuery>) -> Answer {
    let mut tx = app.db.read().await?;
    let scope = viewer.scope();
    let slice = actions::list(&mut tx, &scope, &query.filter(), &query.cursor()).await?;
    let rows = slice.rows.into_iter().map(|c| shown(c, &viewer.zone)).collect();
    json::many(Slice { rows, next: slice.next })
}

/// One contract with its payments.
#[utoipa::path(get, path = "/api/v1/contracts/{contract}", tag = "contracts",
    operation_id = "show_contract", params(("contract" = ContractId, Path)),
    responses((status = 200, body = json::One<ContractWithPayments>),
        (status = 404, body = json::Problem)))]
pub async fn show(Web(app): Web<App>, viewer: Viewer, Path(id): Path<ContractId>) -> Answer {
    let mut tx = app.db.read().await?;
    let c = actions::find(&mut tx, &viewer.scope(), id).await?.ok_or(Error::NotFound)?;
    let payments = actions::list_payments(&mut tx, viewer.org, id).await?;
    json::one(ContractWithPayments {
        contract: shown(c, &viewer.zone),
        payments: payments.into_iter().map(|payment| line(payment, &viewer.zone)).collect(),
    })
}

/// Enters money that came in.
#[utoipa::path(post, path = "/api/v1/contracts/{contract}/payments", tag = "contracts",
    operation_id = "enter_payment", request_body = PaymentSent,
    params(("contract" = ContractId, Path), json::KeyHeader),
    responses((status = 201, body = json::One<PaymentMade>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn enter_payment(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<ContractId>,
    sent: Sent<PaymentSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let PaymentSent { amount, paid_on, note } = sent.body;
    let paid_on = Instant::typed_day(&paid_on, &viewer.zone, app.now())
        .map_err(|problem| Fields::one("paid_on", problem.code()))?;
    let new = NewPayment { amount: amount.read("amount")?, paid_on, note };
    let payment = actions::enter_payment(&act, &viewer, id, new).await?;
    json::made(PaymentMade { payment })
}

/// Takes a payment back by a line of its own.
#[utoipa::path(post, path = "/api/v1/payments/{payment}/reversal", tag = "contracts",
    operation_id = "reverse_payment", request_body = ReversalSent,
    params(("payment" = PaymentId, Path), json::KeyHeader),
    responses((status = 201, body = json::One<PaymentMade>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn reverse_payment(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<PaymentId>,
    sent: Sent<ReversalSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let ReversalSent { reason, note } = sent.body;
    let reason = reason.parse().map_err(|()| Fields::one("reason", "unknown-choice"))?;
    let payment = actions::reverse_payment(&act, &viewer, id, reason, &note).await?;
    json::made(PaymentMade { payment })
}

/// Ends or cancels a contract.
#[utoipa::path(post, path = "/api/v1/contracts/{contract}/end", tag = "contracts",
    operation_id = "end_contract", request_body = EndSent,
    params(("contract" = ContractId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<ContractShown>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn end(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<ContractId>,
    sent: Sent<EndSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let EndSent { version, is_cancelled, end_reason, end_note } = sent.body;
    let reason = end_reason.parse().map_err(|()| Fields::one("end_reason", "unknown-choice"))?;
    let new = NewEnd { is_cancelled, reason, note: end_note };
    actions::end(&act, &viewer, id, version, new).await?;
    let found = actions::find(&mut app.db.read().await?, &viewer.scope(), id).await?;
    json::one(shown(found.ok_or(Error::NotFound)?, &viewer.zone))
}
