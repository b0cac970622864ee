//! The list of contracts, one contract with its payments, and what is done on it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State as Web};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{
    Contract, ContractState, EndReason, Filter, NewEnd, NewPayment, Payment, ReversalReason,
    actions,
};
use crate::companies;
use crate::people::{self, Viewer};
use crate::storage::Tx;
use crate::tiers::doors::SELLING;
use crate::values::*;
use crate::web::errors::form_again;
use crate::web::{Answer, App, Cursor, Query, Submitted, Ui, format, go, page};

/// Names of people by id.
struct People(BTreeMap<UserId, String>);

impl People {
    async fn of(tx: &mut Tx, org: OrgId) -> Outcome<Self> {
        let users = people::actions::list_users(tx, org).await?;
        Ok(Self(users.into_iter().map(|user| (user.id, user.name)).collect()))
    }
    fn name(&self, id: &UserId) -> &str {
        self.0.get(id).map_or("", String::as_str)
    }
}

/// What the list is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct ListQuery {
    state: Option<String>,
    owed: Option<String>,
    after: Option<String>,
    limit: Option<i64>,
}

impl ListQuery {
    pub(super) fn filter(&self) -> Filter {
        let state = self.state.as_deref().unwrap_or_default().parse().ok();
        Filter { state, is_owed: self.owed.as_deref() == Some("yes") }
    }
    pub(super) fn cursor(&self) -> Cursor {
        Cursor { after: self.after.clone(), limit: self.limit }
    }
}

#[derive(Template)]
#[template(path = "contracts/views/index.html")]
struct ListPage {
    ui: Ui,
    filter: Filter,
    rows: Vec<Contract>,
    companies: BTreeMap<CompanyId, String>,
    people: People,
    next: Option<String>,
}

impl ListPage {
    fn company(&self, id: &CompanyId) -> &str {
        self.companies.get(id).map_or("", String::as_str)
    }
    fn is_state(&self, state: &ContractState) -> bool {
        self.filter.state == Some(*state)
    }
}

/// `GET /contracts`
pub async fn index(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Query(query): Query<ListQuery>,
) -> Answer {
    let filter = query.filter();
    let mut tx = app.db.read().await?;
    let slice = actions::list(&mut tx, &viewer.scope(), &filter, &query.cursor()).await?;
    let ids: Vec<CompanyId> = slice.rows.iter().map(|contract| contract.company).collect();
    let companies = companies::actions::list_by_ids(&mut tx, viewer.org, &ids).await?;
    let next = slice.next.map(|after| {
        let state = filter.state.map_or("", |state| state.code());
        let owed = if filter.is_owed { "yes" } else { "" };
        format!("/contracts?state={state}&owed={owed}&after={after}")
    });
    page(&ListPage {
        filter,
        rows: slice.rows,
        companies: companies.into_iter().map(|company| (company.id, company.name)).collect(),
        people: People::of(&mut tx, viewer.org).await?,
        next,
        ui,
    })
}

/// What stands in the fields of the page.
#[derive(Debug, Clone, Default)]
struct Typed {
    amount: String,
    paid_on: String,
    note: String,
    is_cancelled: bool,
    end_reason: String,
    end_note: String,
}

#[derive(Template)]
#[template(path = "contracts/views/show.html")]
struct ShowPage {
    ui: Ui,
    c: Contract,
    company: String,
    sees_company: bool,
    people: People,
    payments: Vec<Payment>,
    can_change: bool,
    typed: Typed,
    problems: Fields,
    refused: Option<String>,
}

impl ShowPage {
    fn is_active(&self) -> bool {
        self.c.state == ContractState::Active
    }
    fn can_be_paid(&self) -> bool {
        self.can_change && self.c.state != ContractState::Cancelled && self.c.remaining().minor > 0
    }
    fn share(&self) -> String {
        self.ui.percent(&self.c.paid.minor, &self.c.value.minor)
    }
    /// The paid part of a bar of a hundred.
    fn bar(&self) -> i64 {
        let share = i128::from(self.c.paid.minor) * 100 / i128::from(self.c.value.minor.max(1));
        i64::try_from(share).unwrap_or(0).clamp(0, 100)
    }
    fn remaining(&self) -> String {
        self.ui.money(&self.c.remaining())
    }
    fn is_wrong(&self, field: &str) -> bool {
        self.problems.0.contains_key(field)
    }
    fn wrong(&self, field: &str) -> Option<String> {
        self.ui.wrong(&self.problems, field)
    }
    /// The number of the payment that a line takes back.
    fn reversed_number(&self, line: &Payment) -> i64 {
        let found = self.payments.iter().find(|payment| Some(payment.id) == line.reverses);
        found.map_or(0, |payment| payment.number)
    }
    fn end_reasons(&self) -> &'static [EndReason] {
        EndReason::ALL
    }
    fn reversal_reasons(&self) -> &'static [ReversalReason] {
        ReversalReason::ALL
    }
}

/// `GET /contracts/{contract}`
pub async fn show(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ContractId>,
) -> Answer {
    page(&show_page(&app, &viewer, ui, id).await?)
}

async fn show_page(app: &App, viewer: &Viewer, ui: Ui, id: ContractId) -> Outcome<ShowPage> {
    let mut tx = app.db.read().await?;
    let scope = viewer.scope();
    let c = actions::find(&mut tx, &scope, id).await?.ok_or(Error::NotFound)?;
    let company = companies::actions::find(&mut tx, viewer.org, c.company).await?;
    let seen = companies::actions::find_seen(&mut tx, &scope, c.company, ui.now).await?;
    let sells = viewer.is_any(SELLING);
    let typed = Typed { paid_on: format::input_day(ui.now, &ui.zone), ..Typed::default() };
    Ok(ShowPage {
        company: company.map(|company| company.name).unwrap_or_default(),
        sees_company: seen.is_some(),
        people: People::of(&mut tx, viewer.org).await?,
        payments: actions::list_payments(&mut tx, viewer.org, id).await?,
        can_change: sells && scope.sees(Some(c.seller), c.team),
        typed,
        problems: Fields::default(),
        refused: None,
        c,
        ui,
    })
}

/// Money that came in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentForm {
    amount: String,
    paid_on: String,
    note: String,
}

impl PaymentForm {
    fn read(&self, viewer: &Viewer, now: Instant) -> Outcome<NewPayment> {
        let mut fields = Fields::default();
        let amount = Money::typed(&self.amount, viewer.currency)
            .map_err(|problem| fields.note("amount", problem.code()))
            .unwrap_or_default();
        let paid_on = Instant::typed_day(&self.paid_on, &viewer.zone, now)
            .map_err(|problem| fields.note("paid_on", problem.code()))
            .unwrap_or_default();
        fields.into_result()?;
        Ok(NewPayment { amount, paid_on, note: self.note.clone() })
    }
}

/// `POST /contracts/{contract}/payments`
pub async fn enter_payment(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ContractId>,
    form: Submitted<PaymentForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let typed = form.fields;
    let entered = match typed.read(&viewer, app.now()) {
        Ok(payment) => actions::enter_payment(&act, &viewer, id, payment).await,
        Err(error) => Err(error),
    };
    match entered {
        Ok(_) => go(format!("/contracts/{id}")),
        Err(error) => {
            let PaymentForm { amount, paid_on, note } = typed;
            let typed = Typed { amount, paid_on, note, ..Typed::default() };
            again(&app, &viewer, ui, (id, error), Some(typed)).await
        }
    }
}

/// Why a payment is taken back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReversalForm {
    reason: String,
    note: String,
}

/// `POST /payments/{payment}/reversal`
pub async fn reverse_payment(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<PaymentId>,
    form: Submitted<ReversalForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let ReversalForm { reason, note } = form.fields;
    let found = actions::find_payment(&mut app.db.read().await?, &viewer.scope(), id).await?;
    let contract = found.ok_or(Error::NotFound)?.contract;
    let reversed = match reason.parse() {
        Ok(reason) => actions::reverse_payment(&act, &viewer, id, reason, &note).await,
        Err(()) => Err(Fields::one("reversal", "unknown-choice")),
    };
    match reversed {
        Ok(_) => go(format!("/contracts/{contract}")),
        Err(error) => again(&app, &viewer, ui, (contract, error), None).await,
    }
}

/// `GET /payments/{payment}`: its line on the page of its contract.
pub async fn show_payment(Web(app): Web<App>, viewer: Viewer, Path(id): Path<PaymentId>) -> Answer {
    let found = actions::find_payment(&mut app.db.read().await?, &viewer.scope(), id).await?;
    let payment = found.ok_or(Error::NotFound)?;
    go(format!("/contracts/{}#p-{}", payment.contract, payment.number))
}

/// The end of a contract.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndForm {
    version: i64,
    how: String,
    end_reason: String,
    end_note: String,
}

/// `POST /contracts/{contract}/end`
pub async fn end(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ContractId>,
    form: Submitted<EndForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let EndForm { version, how, end_reason, end_note } = form.fields;
    let is_cancelled = how == "cancelled";
    let ended = match end_reason.parse() {
        Ok(reason) => {
            let new = NewEnd { is_cancelled, reason, note: end_note.clone() };
            actions::end(&act, &viewer, id, version, new).await
        }
        Err(()) => Err(Fields::one("end_reason", "required")),
    };
    match ended {
        Ok(()) => go(format!("/contracts/{id}")),
        Err(error) => {
            let typed = Typed { is_cancelled, end_reason, end_note, ..Typed::default() };
            again(&app, &viewer, ui, (id, error), Some(typed)).await
        }
    }
}

/// The page as it is now, with what was typed and what is wrong with it.
async fn again(
    app: &App,
    viewer: &Viewer,
    ui: Ui,
    (id, error): (ContractId, Error),
    typed: Option<Typed>,
) -> Answer {
    let (status, problems, refused) = form_again(ui.lang, error)?;
    let mut shown = show_page(app, viewer, ui, id).await?;
    shown.refused =
        refused.or_else(|| problems.0.get("reversal").map(|problem| shown.ui.problem(problem)));
    shown.problems = problems;
    if let Some(typed) = typed {
        let today = std::mem::take(&mut shown.typed.paid_on);
        shown.typed = typed;
        if shown.typed.paid_on.is_empty() && shown.typed.amount.is_empty() {
            shown.typed.paid_on = today;
        }
    }
    let drawn: Response = page(&shown)?;
    Ok((status, drawn).into_response())
}
