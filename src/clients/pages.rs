//! The list of clients and the page of one client.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;

use super::dates::{self, ImportantDate, NewDate};
use super::orders::{self, Answer as ClientAnswer, CancelReason, Order, Prototype};
use super::{Client, EndReason, Filter, Standing, Step, Waiting, actions, owner};
use crate::companies::{self, Contact};
use crate::contracts::{self, Contract};
use crate::people::{self, Scope, Viewer};
use crate::promises::{self, Promise};
use crate::storage::Tx;
use crate::tasks::{self, Task, Whose};
use crate::values::*;
use crate::web::once::{self, Carried};
use crate::web::{Answer, App, Cursor, Failed, Query, Submitted, Ui, go, page, page_again};
use crate::{opportunities, tiers};

/// What a list is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct ListQuery {
    #[serde(default)]
    whose: String,
    #[serde(default)]
    standing: String,
    #[serde(default)]
    waiting: String,
    after: Option<String>,
    limit: Option<i64>,
}

impl ListQuery {
    /// The choices; who sees more than their own starts with the team's.
    pub(super) fn filter(&self, viewer: &Viewer) -> Filter {
        let sees_more = viewer.scope().reach != people::Reach::Own;
        let whose = if self.whose.is_empty() && sees_more { "team" } else { &self.whose };
        Filter::of_codes(whose, &self.standing, &self.waiting)
    }
    /// Where the page starts.
    pub(super) fn cursor(&self) -> Cursor {
        Cursor { after: self.after.clone(), limit: self.limit }
    }
}

/// A row of the list, formatted.
struct ListedRow {
    id: ClientId,
    number: i64,
    company: String,
    owner: String,
    since: String,
    steps: (i64, i64),
    open_orders: i64,
    next_due: Option<String>,
    is_late: bool,
}

#[derive(Template)]
#[template(path = "clients/views/index.html")]
struct IndexPage {
    ui: Ui,
    filter: Filter,
    can_see_team: bool,
    rows: Vec<ListedRow>,
    next: Option<String>,
}

/// `GET /clients`
pub async fn index(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Query(query): Query<ListQuery>,
) -> Answer {
    let filter = query.filter(&viewer);
    let mut tx = app.db.read().await?;
    let slice = actions::list(&mut tx, &viewer, filter, &query.cursor(), app.now()).await?;
    let ids: Vec<CompanyId> = slice.rows.iter().map(|listed| listed.client.company).collect();
    let companies = company_names(&mut tx, viewer.org, &ids).await?;
    let people = names(&mut tx, viewer.org).await?;
    let today = Instant::from_local(app.now().day(&viewer.zone).at(0, 0, 0, 0), &viewer.zone);
    let rows = slice
        .rows
        .into_iter()
        .map(|listed| ListedRow {
            id: listed.client.id,
            number: listed.client.number,
            company: companies.get(&listed.client.company).cloned().unwrap_or_default(),
            owner: people.get(&listed.client.owner).cloned().unwrap_or_default(),
            since: ui.day(&listed.client.opened_at),
            steps: listed.steps,
            open_orders: listed.open_orders,
            next_due: listed.next_due_at.map(|at| ui.day(&at)),
            is_late: listed.next_due_at.is_some_and(|at| at < today),
        })
        .collect();
    let next = slice.next.map(|after| {
        let (whose, standing, waiting) =
            (filter.whose.code(), filter.standing.code(), filter.waiting.code());
        format!("/clients?whose={whose}&standing={standing}&waiting={waiting}&after={after}")
    });
    let can_see_team = viewer.scope().reach != people::Reach::Own;
    page(&IndexPage { ui, filter, can_see_team, rows, next })
}

/// What a person typed into one of the forms of a page, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// Which form.
    pub form: String,
    /// What was typed, by field.
    pub values: BTreeMap<String, String>,
    /// What is wrong, by field.
    pub fields: Fields,
    /// What was refused, in a sentence.
    pub refusal: Option<String>,
}

impl Typed {
    /// What a form held, with what was answered to it; other errors go on to the edge.
    pub fn of(ui: &Ui, form: impl Into<String>, pairs: &Pairs, error: Error) -> Outcome<Self> {
        let (fields, refusal) = match error {
            Error::Invalid(fields) => (fields, None),
            Error::Refused(refusal) => {
                let sentence = crate::web::errors::sentence(ui.lang, &Error::Refused(refusal));
                (Fields::default(), Some(sentence))
            }
            other => return Err(other),
        };
        let values = pairs.iter().cloned().collect();
        Ok(Self { form: form.into(), values, fields, refusal })
    }
    /// What was typed into a field of a form.
    pub fn value(&self, form: &str, name: &str) -> &str {
        if self.form == form { self.values.get(name).map_or("", String::as_str) } else { "" }
    }
    /// What is wrong with a field of a form.
    pub fn wrong(&self, ui: &Ui, form: &str, name: &str) -> Option<String> {
        if self.form == form { ui.wrong(&self.fields, name) } else { None }
    }
    /// True when that form was sent and not taken.
    pub fn is(&self, form: &str) -> bool {
        self.form == form
    }
}

/// Fields of a form in their order.
pub type Pairs = Arc<Vec<(String, String)>>;

/// An order as its client's page shows it.
pub struct OrderShown {
    order: Order,
    prototypes: Vec<Prototype>,
}

#[derive(Template)]
#[template(path = "clients/views/show.html")]
struct ShowPage {
    ui: Ui,
    client: Client,
    company: String,
    owner: String,
    people: HashMap<UserId, String>,
    steps: Vec<Step>,
    orders: Vec<OrderShown>,
    dates: Vec<(ImportantDate, String)>,
    contacts: Vec<Contact>,
    contracts: Vec<Contract>,
    tasks: Vec<Task>,
    promises: Vec<Promise>,
    /// What passports say was promised.
    told: Vec<String>,
    typed: Typed,
    link: Option<String>,
    link_note: Option<&'static str>,
    /// Who else may lead them, where the viewer may say so.
    takers: Vec<(UserId, String)>,
}

impl ShowPage {
    fn steps_done(&self) -> usize {
        self.steps.iter().filter(|step| step.done_at.is_some()).count()
    }
    fn name(&self, id: &UserId) -> &str {
        self.people.get(id).map_or("", String::as_str)
    }
    fn is_late(&self, order: &Order) -> bool {
        order.is_late(self.ui.now)
    }
    fn is_task_late(&self, task: &Task) -> bool {
        task.is_overdue(self.ui.now)
    }
    fn is_promise_late(&self, promise: &Promise) -> bool {
        promise.is_overdue(self.ui.now)
    }
    fn is_approved(&self, prototype: &Prototype) -> bool {
        prototype.answer == Some(ClientAnswer::Approved)
    }
    fn kilobytes(&self, bytes: &i64) -> i64 {
        (bytes + 1_023) / 1_024
    }
    /// The months of the year as a choice.
    fn months(&self) -> Vec<(i64, String)> {
        (1..=12).map(|month| (month, self.ui.t(&format!("month-of-{month}")))).collect()
    }
}

/// What the page of a client is shown with after something was done.
#[derive(Default)]
pub struct After {
    /// What was typed and not taken.
    pub typed: Typed,
    /// A link for the client, shown once.
    pub link: Option<String>,
    /// What to say about the link.
    pub link_note: Option<&'static str>,
}

/// What the page of a client is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct ShowQuery {
    /// Set when a link for the client was asked for under a key that had made one before.
    link: Option<String>,
}

/// `GET /clients/{client}`; a link that was just made for the client is shown once.
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ClientId>,
    Query(query): Query<ShowQuery>,
    Carried(secret): Carried,
) -> Answer {
    let link = orders::pages::link_to_show(&app, secret.as_deref(), id).await?;
    let before = query.link.map(|_| "link-shown-before");
    let link_note = link.as_ref().map(|_| "link-shown-once").or(before);
    let after = After { link, link_note, ..After::default() };
    let drawn = page(&shown(&app, &viewer, ui, id, after).await?)?;
    if secret.is_some() { once::spent(&app, &format!("/clients/{id}"), drawn) } else { Ok(drawn) }
}

/// The page of a client with a form that was not taken: 409 for a refusal, 422 for a fault.
pub async fn show_again(app: &App, viewer: &Viewer, ui: Ui, id: ClientId, typed: Typed) -> Answer {
    let is_refused = typed.refusal.is_some();
    let drawn = shown(app, viewer, ui, id, After { typed, ..After::default() }).await?;
    let mut response = page_again(&drawn)?;
    if is_refused {
        *response.status_mut() = StatusCode::CONFLICT;
    }
    Ok(response)
}

async fn shown(
    app: &App,
    viewer: &Viewer,
    ui: Ui,
    id: ClientId,
    after: After,
) -> Outcome<ShowPage> {
    let mut tx = app.db.read().await?;
    let client = actions::find(&mut tx, &viewer.scope(), id).await?.ok_or(Error::NotFound)?;
    let company = companies::actions::find(&mut tx, viewer.org, client.company).await?;
    let people = names(&mut tx, viewer.org).await?;
    let today = app.now().day(&viewer.zone);
    let dates = dates::actions::list(&mut tx, &client, viewer.org).await?;
    let contacts = companies::actions::list_contacts(&mut tx, viewer.org, client.company).await?;
    let orders = orders::actions::list(&mut tx, &viewer.scope(), id).await?;
    Ok(ShowPage {
        company: company.map(|company| company.name).unwrap_or_default(),
        owner: people.get(&client.owner).cloned().unwrap_or_default(),
        steps: actions::list_steps(&mut tx, viewer.org, id).await?,
        orders: orders
            .into_iter()
            .map(|(order, prototypes)| OrderShown { order, prototypes })
            .collect(),
        dates: dates
            .into_iter()
            .map(|date| {
                let next = date.next_from(today);
                let day = next.map(|next| dates::actions::day_of_month(ui.lang, next));
                (date, day.unwrap_or_default())
            })
            .collect(),
        contacts: contacts.into_iter().filter(|contact| contact.gone_at.is_none()).collect(),
        contracts: contracts_of(&mut tx, viewer.org, id).await?,
        tasks: tasks::actions::list_open(&mut tx, viewer.org, client.company).await?,
        promises: promises::actions::list_open(&mut tx, viewer.org, client.company).await?,
        told: opportunities::actions::list_told(&mut tx, viewer.org, client.company).await?,
        typed: after.typed,
        link: after.link,
        link_note: after.link_note,
        takers: owner::list_takers(&mut tx, viewer, &client).await?,
        people,
        client,
        ui,
    })
}

async fn contracts_of(tx: &mut Tx, org: OrgId, id: ClientId) -> Outcome<Vec<Contract>> {
    let mut all = Vec::new();
    for held in actions::list_contracts(tx, org, id).await? {
        all.extend(contracts::actions::find(tx, &Scope::whole(org), held.contract).await?);
    }
    Ok(all)
}

/// A step ticked or unticked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepForm {
    step: i64,
    done: String,
}

/// `POST /clients/{client}/onboarding`
pub async fn tick(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ClientId>,
    form: Submitted<StepForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    actions::set_step(&act, &viewer, id, form.fields.step, form.fields.done == "yes").await?;
    go(format!("/clients/{id}#onboarding"))
}

/// A client who left.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndForm {
    reason: String,
    note: String,
}

/// `POST /clients/{client}/end`
pub async fn end(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ClientId>,
    form: Submitted<EndForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let EndForm { reason, note } = form.fields;
    let ended = match reason.parse::<EndReason>() {
        Ok(reason) => actions::end(&act, &viewer, id, reason, &note).await,
        Err(()) => Err(Fields::one("reason", "unknown-choice")),
    };
    match ended {
        Ok(()) => go(format!("/clients/{id}")),
        Err(error) => {
            let pairs = pairs_of(&[("reason", &reason), ("note", &note)]);
            let typed = Typed::of(&ui, "end", &pairs, error).map_err(Failed)?;
            show_again(&app, &viewer, ui, id, typed).await
        }
    }
}

/// Who leads a client from now on, as typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnerForm {
    to: String,
}

/// `POST /clients/{client}/owner`
pub async fn reassign(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ClientId>,
    form: Submitted<OwnerForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let done = match tiers::actions::read_taker(&form.fields.to) {
        Ok(to) => owner::reassign(&act, &viewer, id, to).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => go(format!("/clients/{id}")),
        Err(error) => {
            let pairs = pairs_of(&[("to", &form.fields.to)]);
            let typed = Typed::of(&ui, "owner", &pairs, error).map_err(Failed)?;
            show_again(&app, &viewer, ui, id, typed).await
        }
    }
}

/// A date to be noted, as typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DateForm {
    contact: String,
    person_name: String,
    what: String,
    day: String,
    month: String,
    year: String,
    days_ahead: String,
}

impl DateForm {
    fn read(&self) -> Outcome<NewDate> {
        let mut fields = Fields::default();
        let contact = match self.contact.as_str() {
            "" => None,
            id => id.parse().map_err(|_| fields.note("contact", "unknown-choice")).ok(),
        };
        let mut number = |field: &'static str, text: &str| {
            text.trim().parse().map_err(|_| fields.note(field, "not-a-number")).unwrap_or(0)
        };
        let (day, month) = (number("day", &self.day), number("month", &self.month));
        let days_ahead = number("days_ahead", &self.days_ahead);
        let year = match self.year.trim() {
            "" => None,
            text => Some(number("year", text)),
        };
        fields.into_result()?;
        let (person_name, what) = (self.person_name.clone(), self.what.clone());
        Ok(NewDate { contact, person_name, what, month, day, year, days_ahead })
    }
    fn pairs(&self) -> Pairs {
        pairs_of(&[
            ("contact", &self.contact),
            ("person_name", &self.person_name),
            ("what", &self.what),
            ("day", &self.day),
            ("month", &self.month),
            ("year", &self.year),
            ("days_ahead", &self.days_ahead),
        ])
    }
}

/// `POST /clients/{client}/dates`
pub async fn note_date(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ClientId>,
    form: Submitted<DateForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let noted = match form.fields.read() {
        Ok(new) => dates::actions::note(&act, &viewer, id, new).await,
        Err(error) => Err(error),
    };
    match noted {
        Ok(_) => go(format!("/clients/{id}#dates")),
        Err(error) => {
            let typed = Typed::of(&ui, "date", &form.fields.pairs(), error).map_err(Failed)?;
            show_again(&app, &viewer, ui, id, typed).await
        }
    }
}

/// A form without fields.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// `POST /dates/{date}/removal`
pub async fn remove_date(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ImportantDateId>,
    form: Submitted<Nothing>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let client = dates::actions::remove(&act, &viewer, id).await?;
    go(format!("/clients/{client}#dates"))
}

/// Pairs of a form out of what its handler read.
pub fn pairs_of(pairs: &[(&str, &str)]) -> Pairs {
    Arc::new(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect())
}

/// The names of everybody in the firm.
pub async fn names(tx: &mut Tx, org: OrgId) -> Outcome<HashMap<UserId, String>> {
    let users = people::actions::list_users(tx, org).await?;
    Ok(users.into_iter().map(|user| (user.id, user.name)).collect())
}

/// The names of companies.
pub async fn company_names(
    tx: &mut Tx,
    org: OrgId,
    ids: &[CompanyId],
) -> Outcome<HashMap<CompanyId, String>> {
    let companies = companies::actions::list_by_ids(tx, org, ids).await?;
    Ok(companies.into_iter().map(|company| (company.id, company.name)).collect())
}
