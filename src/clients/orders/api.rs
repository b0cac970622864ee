//! Orders and prototypes over the API. The same actions as the pages; a file comes as a form.

use axum::extract::{Path, State as Web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::pages::link;
use super::{CancelReason, NewOrder, Order, Prototype, actions};
use crate::clients;
use crate::contracts::api::Sum;
use crate::people::Viewer;
use crate::people::session::{digest, fresh_secret};
use crate::values::*;
use crate::web::json::{self, Nothing, Sent};
use crate::web::{Answer, App, Slice};

/// Work a client ordered.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderShown {
    /// Its id.
    pub id: OrderId,
    /// The number people read aloud.
    pub number: i64,
    /// Who ordered.
    pub client: ClientId,
    /// What is ordered.
    pub title: String,
    /// What it is worth.
    pub amount: Sum,
    /// The day it is due, as in `2026-11-23`.
    pub due_on: String,
    /// `open`, `delivered` or `cancelled`.
    pub state: String,
    /// When it was ordered, RFC 3339.
    pub opened_at: String,
    /// When the client got it or did without, RFC 3339.
    pub closed_at: Option<String>,
    /// Why it was cancelled.
    pub cancel_reason: Option<String>,
    /// Its versions, newest first.
    pub prototypes: Vec<PrototypeShown>,
}

/// A version of what an order will be.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrototypeShown {
    /// Its id.
    pub id: PrototypeId,
    /// First, second, third.
    pub version: i64,
    /// What is to be seen.
    pub description: String,
    /// The name of its file.
    pub file: Option<String>,
    /// When its link was made last, RFC 3339.
    pub sent_at: Option<String>,
    /// `approved` or `commented`.
    pub answer: Option<String>,
    /// Who signed the answer.
    pub answer_name: String,
    /// In the client's words.
    pub answer_comment: String,
    /// When they answered, RFC 3339.
    pub answered_at: Option<String>,
}

fn shown((order, prototypes): (Order, Vec<Prototype>), zone: &Zone) -> OrderShown {
    OrderShown {
        id: order.id,
        number: order.number,
        client: order.client,
        title: order.title,
        amount: Sum::of(order.amount),
        due_on: order.due_at.day(zone).to_string(),
        state: order.state.code().to_owned(),
        opened_at: order.opened_at.rfc3339(),
        closed_at: order.closed_at.map(Instant::rfc3339),
        cancel_reason: order.cancel_reason.map(|reason| reason.code().to_owned()),
        prototypes: prototypes.into_iter().map(version).collect(),
    }
}

fn version(prototype: Prototype) -> PrototypeShown {
    PrototypeShown {
        id: prototype.id,
        version: prototype.position,
        description: prototype.description,
        file: prototype.file.map(|file| file.name),
        sent_at: prototype.sent_at.map(Instant::rfc3339),
        answer: prototype.answer.map(|answer| answer.code().to_owned()),
        answer_name: prototype.answer_name,
        answer_comment: prototype.answer_comment,
        answered_at: prototype.answered_at.map(Instant::rfc3339),
    }
}

/// The orders of a client, newest first, with their prototypes.
#[utoipa::path(get, path = "/api/v1/clients/{client}/orders", tag = "clients",
    operation_id = "list_orders", params(("client" = ClientId, Path)),
    responses((status = 200, body = json::Many<OrderShown>), (status = 404, body = json::Problem)))]
pub async fn list(Web(app): Web<App>, viewer: Viewer, Path(id): Path<ClientId>) -> Answer {
    let mut tx = app.db.read().await?;
    let scope = viewer.scope();
    clients::actions::find(&mut tx, &scope, id).await?.ok_or(Error::NotFound)?;
    let orders = actions::list(&mut tx, &scope, id).await?;
    let rows = orders.into_iter().map(|order| shown(order, &viewer.zone)).collect();
    json::many(Slice { rows, next: None })
}

async fn one(app: &App, viewer: &Viewer, id: OrderId) -> Answer {
    let mut tx = app.db.read().await?;
    let scope = viewer.scope();
    let order = actions::find(&mut tx, &scope, id).await?.ok_or(Error::NotFound)?;
    let all = actions::list(&mut tx, &scope, order.client).await?;
    let found = all.into_iter().find(|(order, _)| order.id == id).ok_or(Error::NotFound)?;
    json::one(shown(found, &viewer.zone))
}

/// One order with its prototypes.
#[utoipa::path(get, path = "/api/v1/orders/{order}", tag = "clients", operation_id = "show_order",
    params(("order" = OrderId, Path)),
    responses((status = 200, body = json::One<OrderShown>), (status = 404, body = json::Problem)))]
pub async fn show(Web(app): Web<App>, viewer: Viewer, Path(id): Path<OrderId>) -> Answer {
    one(&app, &viewer, id).await
}

/// An order to be opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderSent {
    /// What is ordered.
    title: String,
    /// What it is worth.
    amount: Sum,
    /// The day it is due, as in `2026-11-23`.
    due_on: String,
}

/// An order that was opened.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderMade {
    /// Its id.
    id: OrderId,
}

/// Opens an order of a client.
#[utoipa::path(post, path = "/api/v1/clients/{client}/orders", tag = "clients",
    operation_id = "open_order", params(("client" = ClientId, Path), json::KeyHeader),
    request_body = OrderSent,
    responses((status = 201, body = json::One<OrderMade>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn open(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<ClientId>,
    sent: Sent<OrderSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let OrderSent { title, amount, due_on } = sent.body;
    let due_at = Instant::typed_day(&due_on, &viewer.zone, act.now)
        .map_err(|problem| Fields::one("due", problem.code()))?;
    let new = NewOrder { title, amount: amount.read_in("amount", viewer.currency)?, due_at };
    json::made(OrderMade { id: actions::open(&act, &viewer, id, new).await? })
}

/// The client has the order.
#[utoipa::path(post, path = "/api/v1/orders/{order}/delivery", tag = "clients",
    operation_id = "deliver_order", params(("order" = OrderId, Path), json::KeyHeader),
    request_body = Nothing,
    responses((status = 200, body = json::One<OrderShown>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem)))]
pub async fn deliver(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<OrderId>,
    sent: Sent<Nothing>,
) -> Answer {
    actions::deliver(&viewer.act(&app, sent.key), &viewer, id).await?;
    one(&app, &viewer, id).await
}

/// Why an order is cancelled.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancellationSent {
    /// `client_declined`, `mistake`, `impossible` or `other`.
    reason: String,
    /// What was said about that; needed with `other`.
    #[serde(default)]
    note: String,
}

/// The order will not be made.
#[utoipa::path(post, path = "/api/v1/orders/{order}/cancellation", tag = "clients",
    operation_id = "cancel_order", params(("order" = OrderId, Path), json::KeyHeader),
    request_body = CancellationSent,
    responses((status = 200, body = json::One<OrderShown>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn cancel(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<OrderId>,
    sent: Sent<CancellationSent>,
) -> Answer {
    let CancellationSent { reason, note } = sent.body;
    let reason: CancelReason =
        reason.parse().map_err(|()| Fields::one("reason", "unknown-choice"))?;
    actions::cancel(&viewer.act(&app, sent.key), &viewer, id, reason, &note).await?;
    one(&app, &viewer, id).await
}

/// A version to be shown to the client.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PrototypeSent {
    /// What is to be seen.
    description: String,
}

/// A version that was added.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrototypeMade {
    /// Its id.
    id: PrototypeId,
}

/// Adds the next version of an open order, without a file.
#[utoipa::path(post, path = "/api/v1/orders/{order}/prototypes", tag = "clients",
    operation_id = "add_prototype", params(("order" = OrderId, Path), json::KeyHeader),
    request_body = PrototypeSent,
    responses((status = 201, body = json::One<PrototypeMade>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn add_prototype(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<OrderId>,
    sent: Sent<PrototypeSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let made = actions::add_prototype(&act, &viewer, id, &sent.body.description, None).await?;
    json::made(PrototypeMade { id: made.0 })
}

/// A link for the client.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApprovalLink)]
pub struct LinkMade {
    /// The address, shown once; null where a repeated request made none.
    link: Option<String>,
}

/// Makes the link under which the client approves the version or comments on it. A repeat of the
/// request changes nothing and shows no link: ask for a new one under a new key.
#[utoipa::path(post, path = "/api/v1/prototypes/{prototype}/link", tag = "clients",
    operation_id = "send_prototype", params(("prototype" = PrototypeId, Path), json::KeyHeader),
    request_body = Nothing,
    responses((status = 200, body = json::One<LinkMade>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem)))]
pub async fn send(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<PrototypeId>,
    sent: Sent<Nothing>,
) -> Answer {
    let secret = fresh_secret()?;
    let (kept, _) = actions::send(&viewer.act(&app, sent.key), &viewer, id, &secret).await?;
    let link = (kept == digest(&secret)).then(|| link(&app, &secret));
    json::one(LinkMade { link })
}
