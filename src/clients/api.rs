//! Clients with their onboarding and dates over the API. The same actions as the pages.

use axum::extract::{Path, State as Web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::dates::{self, DAYS_AHEAD, ImportantDate, NewDate};
use super::pages::ListQuery;
use super::{Client, EndReason, Listed, Step, actions, owner};
use crate::people::Viewer;
use crate::values::*;
use crate::web::json::{self, Nothing, Sent};
use crate::web::{Answer, App, Query, Slice};

/// A row of the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientRow {
    /// Its id.
    pub id: ClientId,
    /// The number people read aloud.
    pub number: i64,
    /// Who.
    pub company: CompanyId,
    /// Who leads them.
    pub owner: UserId,
    /// Since when, RFC 3339.
    pub opened_at: String,
    /// When they left, RFC 3339.
    pub ended_at: Option<String>,
    /// Steps of onboarding done.
    pub steps_done: i64,
    /// All steps of onboarding.
    pub steps: i64,
    /// Orders in work.
    pub open_orders: i64,
    /// The day the most urgent of them is due, RFC 3339.
    pub next_due_at: Option<String>,
}

/// One client.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientShown {
    /// Its id.
    pub id: ClientId,
    /// The number people read aloud.
    pub number: i64,
    /// Who.
    pub company: CompanyId,
    /// Where they came from.
    pub campaign: Option<CampaignId>,
    /// Who leads them.
    pub owner: UserId,
    /// Since when, RFC 3339.
    pub opened_at: String,
    /// The last month they were kept for, as in `2026-10`.
    pub kept_through: String,
    /// When they left, RFC 3339.
    pub ended_at: Option<String>,
    /// What they signed.
    pub contracts: Vec<ContractId>,
    /// The onboarding checklist.
    pub onboarding: Vec<StepShown>,
    /// The important dates of their people.
    pub dates: Vec<DateShown>,
}

/// A step of onboarding.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OnboardingStep)]
pub struct StepShown {
    /// Its place on the list.
    pub step: i64,
    /// What to do.
    pub what: String,
    /// When it was done, RFC 3339.
    pub done_at: Option<String>,
    /// Who did it.
    pub done_by: Option<UserId>,
}

/// An important date of a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct DateShown {
    /// Its id.
    pub id: ImportantDateId,
    /// The person of the base, where it is theirs.
    pub contact: Option<ContactId>,
    /// Whose it is.
    pub person_name: String,
    /// What it is.
    pub what: String,
    /// The month, 1 to 12.
    pub month: i64,
    /// The day of the month.
    pub day: i64,
    /// The year, where it is known.
    pub year: Option<i64>,
    /// How many days ahead the task appears.
    pub days_ahead: i64,
}

fn row(listed: Listed) -> ClientRow {
    let Listed { client, steps, open_orders, next_due_at } = listed;
    ClientRow {
        id: client.id,
        number: client.number,
        company: client.company,
        owner: client.owner,
        opened_at: client.opened_at.rfc3339(),
        ended_at: client.ended_at.map(Instant::rfc3339),
        steps_done: steps.0,
        steps: steps.1,
        open_orders,
        next_due_at: next_due_at.map(Instant::rfc3339),
    }
}

fn step(step: Step) -> StepShown {
    StepShown {
        step: step.position,
        what: step.what,
        done_at: step.done_at.map(Instant::rfc3339),
        done_by: step.done_by,
    }
}

fn date(date: ImportantDate) -> DateShown {
    let ImportantDate { id, contact, person_name, what, month, day, year, days_ahead, .. } = date;
    DateShown { id, contact, person_name, what, month, day, year, days_ahead }
}

/// The list's choices.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query that the page reads")]
pub struct ClientListParams {
    /// `mine` or, for a head, `team`.
    whose: Option<String>,
    /// `active` or `ended`.
    standing: Option<String>,
    /// `any`, `onboarding`, `order`, `late_order` or `comment`.
    waiting: Option<String>,
    /// Where the page starts.
    after: Option<String>,
    /// Rows wanted.
    limit: Option<i64>,
}

/// The clients one may see, newest first.
#[utoipa::path(get, path = "/api/v1/clients", tag = "clients", operation_id = "list_clients",
    params(ClientListParams), responses((status = 200, body = json::Many<ClientRow>)))]
pub async fn list(Web(app): Web<App>, viewer: Viewer, Query(query): Query<ListQuery>) -> Answer {
    let filter = query.filter(&viewer);
    let mut tx = app.db.read().await?;
    let slice = actions::list(&mut tx, &viewer, filter, &query.cursor(), app.now()).await?;
    json::many(Slice { rows: slice.rows.into_iter().map(row).collect(), next: slice.next })
}

/// One client.
#[utoipa::path(get, path = "/api/v1/clients/{client}", tag = "clients",
    operation_id = "show_client", params(("client" = ClientId, Path)),
    responses((status = 200, body = json::One<ClientShown>),
        (status = 404, body = json::Problem)))]
pub async fn show(Web(app): Web<App>, viewer: Viewer, Path(id): Path<ClientId>) -> Answer {
    json::one(shown(&app, &viewer, id).await?)
}

async fn shown(app: &App, viewer: &Viewer, id: ClientId) -> Outcome<ClientShown> {
    let mut tx = app.db.read().await?;
    let client = actions::find(&mut tx, &viewer.scope(), id).await?.ok_or(Error::NotFound)?;
    let steps = actions::list_steps(&mut tx, viewer.org, id).await?;
    let held = actions::list_contracts(&mut tx, viewer.org, id).await?;
    let dates = dates::actions::list(&mut tx, &client, viewer.org).await?;
    let Client { number, company, campaign, owner, opened_at, kept_through, ended_at, .. } = client;
    Ok(ClientShown {
        id,
        number,
        company,
        campaign,
        owner,
        opened_at: opened_at.rfc3339(),
        kept_through: kept_through.to_string(),
        ended_at: ended_at.map(Instant::rfc3339),
        contracts: held.into_iter().map(|held| held.contract).collect(),
        onboarding: steps.into_iter().map(step).collect(),
        dates: dates.into_iter().map(date).collect(),
    })
}

/// A step ticked or unticked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepSent {
    /// Its place on the list.
    step: i64,
    /// Whether it is done.
    done: bool,
}

/// Ticks or unticks a step of onboarding.
#[utoipa::path(post, path = "/api/v1/clients/{client}/onboarding", tag = "clients",
    operation_id = "tick_onboarding", params(("client" = ClientId, Path), json::KeyHeader),
    request_body = StepSent,
    responses((status = 200, body = json::One<ClientShown>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem)))]
pub async fn tick(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<ClientId>,
    sent: Sent<StepSent>,
) -> Answer {
    let StepSent { step, done } = sent.body;
    actions::set_step(&viewer.act(&app, sent.key), &viewer, id, step, done).await?;
    json::one(shown(&app, &viewer, id).await?)
}

/// Why a client left.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientEndSent {
    /// `contract_over`, `dissatisfied`, `price`, `no_need` or `other`.
    reason: String,
    /// What was said about that; needed with `other`.
    #[serde(default)]
    note: String,
}

/// The client left.
#[utoipa::path(post, path = "/api/v1/clients/{client}/end", tag = "clients",
    operation_id = "end_client", params(("client" = ClientId, Path), json::KeyHeader),
    request_body = ClientEndSent,
    responses((status = 200, body = json::One<ClientShown>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn end(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<ClientId>,
    sent: Sent<ClientEndSent>,
) -> Answer {
    let ClientEndSent { reason, note } = sent.body;
    let reason: EndReason = reason.parse().map_err(|()| Fields::one("reason", "unknown-choice"))?;
    actions::end(&viewer.act(&app, sent.key), &viewer, id, reason, &note).await?;
    json::one(shown(&app, &viewer, id).await?)
}

/// A date to be noted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DateSent {
    /// The person of the base, where it is theirs.
    contact: Option<ContactId>,
    /// Whose it is, where it is somebody else's.
    #[serde(default)]
    person_name: String,
    /// What it is.
    what: String,
    /// The month, 1 to 12.
    month: i64,
    /// The day of the month.
    day: i64,
    /// The year, where it is known.
    year: Option<i64>,
    /// How many days ahead the task appears, 0 to 45; a week where nobody says otherwise.
    days_ahead: Option<i64>,
}

/// A date that was noted.
#[derive(Debug, Serialize, ToSchema)]
pub struct DateMade {
    /// Its id.
    id: ImportantDateId,
}

/// Notes an important date of a person at the client.
#[utoipa::path(post, path = "/api/v1/clients/{client}/dates", tag = "clients",
    operation_id = "note_date", params(("client" = ClientId, Path), json::KeyHeader),
    request_body = DateSent,
    responses((status = 201, body = json::One<DateMade>), (status = 404, body = json::Problem),
        (status = 422, body = json::Problem)))]
pub async fn note_date(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<ClientId>,
    sent: Sent<DateSent>,
) -> Answer {
    let DateSent { contact, person_name, what, month, day, year, days_ahead } = sent.body;
    let days_ahead = days_ahead.unwrap_or(DAYS_AHEAD);
    let new = NewDate { contact, person_name, what, month, day, year, days_ahead };
    let act = viewer.act(&app, sent.key);
    json::made(DateMade { id: dates::actions::note(&act, &viewer, id, new).await? })
}

/// Forgets an important date.
#[utoipa::path(post, path = "/api/v1/dates/{date}/removal", tag = "clients",
    operation_id = "remove_date", params(("date" = ImportantDateId, Path), json::KeyHeader),
    request_body = Nothing,
    responses((status = 200, body = json::One<ClientShown>), (status = 404, body = json::Problem)))]
pub async fn remove_date(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<ImportantDateId>,
    sent: Sent<Nothing>,
) -> Answer {
    let client = dates::actions::remove(&viewer.act(&app, sent.key), &viewer, id).await?;
    json::one(shown(&app, &viewer, client).await?)
}

/// Who leads a client from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientOwnerSent {
    /// The person; somebody who works in service.
    to: UserId,
}

/// Hands a client to another account manager. For its head and the owner.
#[utoipa::path(post, path = "/api/v1/clients/{client}/owner", tag = "clients",
    operation_id = "reassign_client", request_body = ClientOwnerSent,
    params(("client" = ClientId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<ClientShown>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn reassign(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<ClientId>,
    sent: Sent<ClientOwnerSent>,
) -> Answer {
    owner::reassign(&viewer.act(&app, sent.key), &viewer, id, sent.body.to).await?;
    json::one(shown(&app, &viewer, id).await?)
}
