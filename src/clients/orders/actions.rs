//! What is done with orders and prototypes: order, deliver, cancel, show, send, answer.

use super::{
    Answer, CancelReason, NewAnswer, NewOrder, Order, OrderRefusal, OrderState, Prototype,
    check_description, store,
};
use crate::begin;
use crate::clients::{self, Client};
use crate::events::{Event, Kind};
use crate::people::session::digest;
use crate::people::{Scope, Viewer};
use crate::storage::{Act, Tx, take_numbers};
use crate::tasks::{self, NewTask, Origin};
use crate::values::*;
use crate::web::upload::SentFile;
use crate::web::words;

/// Opens an order of a client.
pub async fn open(act: &Act, viewer: &Viewer, client: ClientId, new: NewOrder) -> Outcome<OrderId> {
    let today = Instant::from_local(act.now.day(&viewer.zone).at(0, 0, 0, 0), &viewer.zone);
    new.check(today).into_result()?;
    let mut tx = begin!(act);
    let client = clients::actions::locked(&mut tx, viewer, client).await?;
    if !client.is_active() {
        return Err(OrderRefusal::ClientEnded.into());
    }
    let order = Order {
        id: OrderId::fresh(act.now),
        number: take_numbers(&mut tx, act.org, "order", 1).await?,
        client: client.id,
        company: client.company,
        title: new.title.trim().to_owned(),
        amount: new.amount,
        due_at: new.due_at,
        state: OrderState::Open,
        opened_at: act.now,
        closed_at: None,
        cancel_reason: None,
        cancel_note: String::new(),
        version: 1,
    };
    store::insert(&mut tx, act, &order).await?;
    let event = told(Kind::OrderOpened, &order, &client).amount(order.amount);
    event.record(&mut tx, act).await?;
    tx.announce(format!("user:{}", client.owner));
    tx.finish(order.id).await
}

/// The client has the order.
pub async fn deliver(act: &Act, viewer: &Viewer, id: OrderId) -> Outcome<ClientId> {
    let mut tx = begin!(act);
    let (order, client) = locked(&mut tx, &viewer.scope(), id).await?;
    let delivered = order.deliver(act.now)?;
    keep(&mut tx, act, &delivered).await?;
    let event = told(Kind::OrderDelivered, &order, &client).amount(order.amount);
    event.record(&mut tx, act).await?;
    tx.announce(format!("user:{}", client.owner));
    tx.finish(client.id).await
}

/// The order will not be made.
pub async fn cancel(
    act: &Act,
    viewer: &Viewer,
    id: OrderId,
    reason: CancelReason,
    note: &str,
) -> Outcome<ClientId> {
    let mut tx = begin!(act);
    let (order, client) = locked(&mut tx, &viewer.scope(), id).await?;
    let cancelled = order.cancel(reason, note, act.now)?;
    keep(&mut tx, act, &cancelled).await?;
    let event = told(Kind::OrderCancelled, &order, &client).reason(reason.code().to_owned());
    event.record(&mut tx, act).await?;
    tx.announce(format!("user:{}", client.owner));
    tx.finish(client.id).await
}

/// Adds the next version of what an open order will be.
pub async fn add_prototype(
    act: &Act,
    viewer: &Viewer,
    id: OrderId,
    description: &str,
    file: Option<SentFile>,
) -> Outcome<(PrototypeId, ClientId)> {
    check_description(description)?;
    let mut tx = begin!(act);
    let (order, client) = locked(&mut tx, &viewer.scope(), id).await?;
    order.still_open()?;
    let (last, _) = store::find_last_positions(&mut tx, act.org, id).await?;
    let file = match file {
        Some(file) => Some(store::insert_file(&mut tx, act, file).await?),
        None => None,
    };
    let prototype = Prototype {
        id: PrototypeId::fresh(act.now),
        order: id,
        position: last + 1,
        description: description.trim().to_owned(),
        file,
        made_at: act.now,
        sent_at: None,
        answer: None,
        answer_name: String::new(),
        answer_comment: String::new(),
        answered_at: None,
    };
    store::insert_prototype(&mut tx, act, &prototype).await?;
    let event = told_of_version(Kind::PrototypeAdded, &prototype, &order, &client);
    event.record(&mut tx, act).await?;
    tx.announce(format!("user:{}", client.owner));
    tx.finish((prototype.id, client.id)).await
}

/// Makes the link for the client out of a fresh secret, in place of the link before; only the
/// digest is kept. Answers the digest: after a repeat it differs from the new secret's, and the
/// secret shown the first time is the one that works.
pub async fn send(
    act: &Act,
    viewer: &Viewer,
    id: PrototypeId,
    secret: &str,
) -> Outcome<(String, ClientId)> {
    let mut tx = begin!(act);
    let scope = viewer.scope();
    let seen = store::find_prototype(&mut tx, &scope, id).await?.ok_or(Error::NotFound)?;
    let (order, client) = locked(&mut tx, &scope, seen.order).await?;
    let prototype = store::find_prototype(&mut tx, &scope, id).await?.ok_or(Error::NotFound)?;
    prototype.check_send(&order)?;
    let link_hash = digest(secret);
    if store::update_link(&mut tx, act, id, &link_hash).await? == 0 {
        return Err(OrderRefusal::Answered.into());
    }
    let event = told_of_version(Kind::PrototypeSent, &prototype, &order, &client);
    event.record(&mut tx, act).await?;
    tx.announce(format!("user:{}", client.owner));
    tx.finish((link_hash, client.id)).await
}

/// What a client sees through their link.
pub struct Shown {
    /// The firm.
    pub org: OrgId,
    /// The version.
    pub prototype: Prototype,
    /// What it will be.
    pub order: Order,
    /// Who ordered.
    pub client: Client,
    /// Why the version cannot be answered, if so.
    pub refusal: Option<OrderRefusal>,
}

/// What is behind a link; `None` where nothing is.
pub async fn find_shown(tx: &mut Tx, secret: &str) -> Outcome<Option<Shown>> {
    let found = store::find_by_link(tx, &digest(secret)).await?;
    let Some((org, prototype)) = found else { return Ok(None) };
    let order = store::find(tx, &Scope::whole(org), prototype.order).await?;
    let order = order.ok_or_else(|| Error::failure("the order of a version is missing"))?;
    let client = client_of(tx, org, &order).await?;
    let (_, sent) = store::find_last_positions(tx, org, order.id).await?;
    let refusal = prototype.check_answer(&order, sent).err();
    Ok(Some(Shown { org, prototype, order, client, refusal }))
}

/// True when the link leads to a version of this client's.
pub async fn is_link_of(tx: &mut Tx, secret: &str, client: ClientId) -> Outcome<bool> {
    let found = find_shown(tx, secret).await?;
    Ok(found.is_some_and(|shown| shown.client.id == client))
}

/// The client answers through their link; nobody is signed in.
pub async fn answer(act: &Act, secret: &str, answer: NewAnswer) -> Outcome<()> {
    answer.check().into_result()?;
    let mut tx = begin!(act);
    let seen = find_shown(&mut tx, secret).await?.ok_or(Error::NotFound)?;
    // The order is the lock that two answers, or an answer and a newer version, meet at.
    locked(&mut tx, &Scope::whole(seen.org), seen.order.id).await?;
    let shown = find_shown(&mut tx, secret).await?.ok_or(Error::NotFound)?;
    if let Some(refusal) = shown.refusal {
        return Err(refusal.into());
    }
    let Shown { prototype, order, client, .. } = shown;
    if store::update_answer(&mut tx, act, prototype.id, &answer).await? == 0 {
        return Err(OrderRefusal::Answered.into());
    }
    let kind = match answer.answer {
        Answer::Approved => Kind::PrototypeApproved,
        Answer::Commented => Kind::PrototypeCommented,
    };
    told_of_version(kind, &prototype, &order, &client).record(&mut tx, act).await?;
    leave_task(&mut tx, act, (&prototype, &order, &client), answer.answer).await?;
    tx.announce(format!("user:{}", client.owner));
    tx.finish(()).await
}

/// Whoever leads the client learns of the answer by a task that travels with the client.
async fn leave_task(
    tx: &mut Tx,
    act: &Act,
    (prototype, order, client): (&Prototype, &Order, &Client),
    answer: Answer,
) -> Outcome<()> {
    let Some(lead) = clients::actions::find_lead(tx, act.org, client).await? else {
        return Ok(());
    };
    let key = match answer {
        Answer::Approved => "task-prototype-approved",
        Answer::Commented => "task-prototype-commented",
    };
    let named = [("number", words::Word::Count(order.number)), ("title", (&order.title).into())];
    let new = NewTask {
        person: lead.id,
        company: Some(order.company),
        what: words::say(lead.lang, key, &named),
        due_at: act.now.plus_days(1),
        origin: Origin::Prototype,
        once: Some(format!("prototype:{}", prototype.id)),
    };
    tasks::actions::add_in(tx, act, new).await?;
    Ok(())
}

/// The file of a version that the viewer may see.
pub async fn find_file(tx: &mut Tx, viewer: &Viewer, id: PrototypeId) -> Outcome<Option<SentFile>> {
    let found = store::find_prototype(tx, &viewer.scope(), id).await?;
    let Some(file) = found.and_then(|prototype| prototype.file) else { return Ok(None) };
    store::find_file(tx, viewer.org, file.id).await
}

/// The file of a version that a client sees through their link.
pub async fn find_shown_file(tx: &mut Tx, secret: &str) -> Outcome<Option<SentFile>> {
    let Some((org, prototype)) = store::find_by_link(tx, &digest(secret)).await? else {
        return Ok(None);
    };
    let Some(file) = prototype.file else { return Ok(None) };
    store::find_file(tx, org, file.id).await
}

/// An order that the scope sees.
pub async fn find(tx: &mut Tx, scope: &Scope, id: OrderId) -> Outcome<Option<Order>> {
    store::find(tx, scope, id).await
}

/// The orders of a client with their versions, newest first.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    client: ClientId,
) -> Outcome<Vec<(Order, Vec<Prototype>)>> {
    let orders = store::list(tx, scope, client).await?;
    let prototypes = store::list_prototypes(tx, scope, client).await?;
    let of = |id| prototypes.iter().filter(|p| p.order == id).cloned().collect();
    Ok(orders.into_iter().map(|order| (order.clone(), of(order.id))).collect())
}

async fn locked(tx: &mut Tx, scope: &Scope, id: OrderId) -> Outcome<(Order, Client)> {
    let order = store::find_for_update(tx, scope, id).await?.ok_or(Error::NotFound)?;
    let client = client_of(tx, scope.org, &order).await?;
    Ok((order, client))
}

async fn client_of(tx: &mut Tx, org: OrgId, order: &Order) -> Outcome<Client> {
    let client = clients::actions::find(tx, &Scope::whole(org), order.client).await?;
    client.ok_or_else(|| Error::failure("the client of an order is missing"))
}

async fn keep(tx: &mut Tx, act: &Act, order: &Order) -> Outcome<()> {
    if store::update_state(tx, act.org, order).await? == 0 {
        return Err(OrderRefusal::Stale.into());
    }
    Ok(())
}

fn told(kind: Kind, order: &Order, client: &Client) -> Event {
    Event::new(kind, order.id)
        .company(order.company)
        .campaign(client.campaign)
        .person(client.owner)
        .tier(3)
        .with("client", client.id.to_string())
        .with("number", order.number)
}

fn told_of_version(kind: Kind, prototype: &Prototype, order: &Order, client: &Client) -> Event {
    Event::new(kind, prototype.id)
        .company(order.company)
        .campaign(client.campaign)
        .person(client.owner)
        .tier(3)
        .with("order", order.id.to_string())
        .with("number", order.number)
        .with("version", prototype.position)
}
