//! Every statement about orders, prototypes and the files that come with them.

use super::{CancelReason, NewAnswer, Order, Prototype, StoredFile};
use crate::people::Scope;
use crate::storage::{Act, Row, Tx};
use crate::vals;
use crate::values::*;
use crate::web::upload::SentFile;

pub(super) async fn insert(tx: &mut Tx, act: &Act, order: &Order) -> Outcome<()> {
    tx.run(
        "insert into orders (id, org_id, client_id, company_id, number, title, amount, currency, \
         due_at, state, opened_by, opened_at, cancel_note, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        vals![
            order.id,
            act.org,
            order.client,
            order.company,
            order.number,
            &order.title,
            order.amount.minor,
            order.amount.currency,
            order.due_at,
            order.state.code(),
            act.actor,
            order.opened_at,
            &order.cancel_note,
            order.version,
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn find(tx: &mut Tx, scope: &Scope, id: OrderId) -> Outcome<Option<Order>> {
    tx.maybe(
        "select id, number, client_id, company_id, title, amount, currency, due_at, state, \
         opened_at, closed_at, cancel_reason, cancel_note, version from orders \
         where org_id = $1 and id = $5 and client_id in (select id from clients where org_id = $1 \
         and ($2 = 'all' or ($2 = 'team' and team_id = $3) or owner_id = $4))",
        vals![scope.org, scope.reach(), scope.team, scope.user, id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

pub(super) async fn find_for_update(
    tx: &mut Tx,
    scope: &Scope,
    id: OrderId,
) -> Outcome<Option<Order>> {
    tx.maybe(
        "select id, number, client_id, company_id, title, amount, currency, due_at, state, \
         opened_at, closed_at, cancel_reason, cancel_note, version from orders \
         where org_id = $1 and id = $5 and client_id in (select id from clients where org_id = $1 \
         and ($2 = 'all' or ($2 = 'team' and team_id = $3) or owner_id = $4)) /*for update*/",
        vals![scope.org, scope.reach(), scope.team, scope.user, id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

pub(super) async fn list(tx: &mut Tx, scope: &Scope, client: ClientId) -> Outcome<Vec<Order>> {
    tx.all(
        "select id, number, client_id, company_id, title, amount, currency, due_at, state, \
         opened_at, closed_at, cancel_reason, cancel_note, version from orders \
         where org_id = $1 and client_id = $5 and client_id in (select id from clients \
         where org_id = $1 and ($2 = 'all' or ($2 = 'team' and team_id = $3) or owner_id = $4)) \
         order by number desc",
        vals![scope.org, scope.reach(), scope.team, scope.user, client],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Returns 0 when somebody changed the order in between.
pub(super) async fn update_state(tx: &mut Tx, org: OrgId, order: &Order) -> Outcome<u64> {
    tx.run(
        "update orders set state = $4, closed_at = $5, cancel_reason = $6, cancel_note = $7, \
         version = version + 1 where org_id = $1 and id = $2 and version = $3",
        vals![
            org,
            order.id,
            order.version,
            order.state.code(),
            order.closed_at,
            order.cancel_reason.map(CancelReason::code),
            &order.cancel_note,
        ],
    )
    .await
}

/// The newest version of an order, and the newest that was sent; noughts where there is none.
pub(super) async fn find_last_positions(
    tx: &mut Tx,
    org: OrgId,
    order: OrderId,
) -> Outcome<(i64, i64)> {
    let row = tx
        .one(
            "select coalesce(max(position), 0) as made, \
             coalesce(max(case when sent_at is null then 0 else position end), 0) as sent \
             from prototypes where org_id = $1 and order_id = $2",
            vals![org, order],
        )
        .await?;
    Ok((row.int("made")?, row.int("sent")?))
}

pub(super) async fn insert_prototype(tx: &mut Tx, act: &Act, prototype: &Prototype) -> Outcome<()> {
    tx.run(
        "insert into prototypes (id, org_id, order_id, position, description, file_id, made_by, \
         made_at, answer_name, answer_comment) values ($1, $2, $3, $4, $5, $6, $7, $8, '', '')",
        vals![
            prototype.id,
            act.org,
            prototype.order,
            prototype.position,
            &prototype.description,
            prototype.file.as_ref().map(|file| file.id),
            act.actor,
            prototype.made_at,
        ],
    )
    .await?;
    Ok(())
}

/// The versions of every order of a client, newest first.
pub(super) async fn list_prototypes(
    tx: &mut Tx,
    scope: &Scope,
    client: ClientId,
) -> Outcome<Vec<Prototype>> {
    tx.all(
        "select p.id, p.order_id, p.position, p.description, p.file_id, f.name as file_name, \
         f.byte_count, p.made_at, p.sent_at, p.answer, p.answer_name, p.answer_comment, \
         p.answered_at from prototypes p left join files f on f.id = p.file_id \
         where p.org_id = $1 and p.order_id in (select o.id from orders o \
         join clients c on c.id = o.client_id where o.org_id = $1 and o.client_id = $5 \
         and ($2 = 'all' or ($2 = 'team' and c.team_id = $3) or c.owner_id = $4)) \
         order by p.position desc",
        vals![scope.org, scope.reach(), scope.team, scope.user, client],
    )
    .await?
    .iter()
    .map(read_prototype)
    .collect()
}

pub(super) async fn find_prototype(
    tx: &mut Tx,
    scope: &Scope,
    id: PrototypeId,
) -> Outcome<Option<Prototype>> {
    tx.maybe(
        "select p.id, p.order_id, p.position, p.description, p.file_id, f.name as file_name, \
         f.byte_count, p.made_at, p.sent_at, p.answer, p.answer_name, p.answer_comment, \
         p.answered_at from prototypes p left join files f on f.id = p.file_id \
         where p.org_id = $1 and p.id = $5 and p.order_id in (select o.id from orders o \
         join clients c on c.id = o.client_id where o.org_id = $1 \
         and ($2 = 'all' or ($2 = 'team' and c.team_id = $3) or c.owner_id = $4))",
        vals![scope.org, scope.reach(), scope.team, scope.user, id],
    )
    .await?
    .as_ref()
    .map(read_prototype)
    .transpose()
}

/// The version behind a link, with its firm. Whoever holds the link may see it.
pub(super) async fn find_by_link(
    tx: &mut Tx,
    link_hash: &str,
) -> Outcome<Option<(OrgId, Prototype)>> {
    let row = tx
        .maybe(
            "select p.org_id, p.id, p.order_id, p.position, p.description, p.file_id, \
             f.name as file_name, f.byte_count, p.made_at, p.sent_at, p.answer, p.answer_name, \
             p.answer_comment, p.answered_at \
             from prototypes p left join files f on f.id = p.file_id where p.link_hash = $1",
            vals![link_hash],
        )
        .await?;
    row.map(|row| Ok((row.id("org_id")?, read_prototype(&row)?))).transpose()
}

/// Returns 0 when the client answered in between.
pub(super) async fn update_link(
    tx: &mut Tx,
    act: &Act,
    id: PrototypeId,
    link_hash: &str,
) -> Outcome<u64> {
    tx.run(
        "update prototypes set link_hash = $3, sent_by = $4, sent_at = $5 \
         where org_id = $1 and id = $2 and answer is null",
        vals![act.org, id, link_hash, act.actor, act.now],
    )
    .await
}

/// Returns 0 when the version was answered before.
pub(super) async fn update_answer(
    tx: &mut Tx,
    act: &Act,
    id: PrototypeId,
    answer: &NewAnswer,
) -> Outcome<u64> {
    tx.run(
        "update prototypes set answer = $3, answer_name = $4, answer_comment = $5, \
         answered_at = $6 where org_id = $1 and id = $2 and answer is null",
        vals![
            act.org,
            id,
            answer.answer.code(),
            answer.name.trim(),
            answer.comment.trim(),
            act.now,
        ],
    )
    .await
}

pub(super) async fn insert_file(tx: &mut Tx, act: &Act, file: SentFile) -> Outcome<StoredFile> {
    let id = FileId::fresh(act.now);
    let byte_count = i64::try_from(file.bytes.len()).map_err(Error::failure)?;
    let digest = file.digest();
    tx.run(
        "insert into files (id, org_id, name, media_type, byte_count, sha256, content, made_at) \
         values ($1, $2, $3, 'application/octet-stream', $4, $5, $6, $7)",
        vals![id, act.org, &file.name, byte_count, digest, file.bytes, act.now],
    )
    .await?;
    Ok(StoredFile { id, name: file.name, byte_count })
}

pub(super) async fn find_file(tx: &mut Tx, org: OrgId, id: FileId) -> Outcome<Option<SentFile>> {
    tx.maybe("select name, content from files where org_id = $1 and id = $2", vals![org, id])
        .await?
        .map(|row| Ok(SentFile { name: row.text("name")?, bytes: row.bytes("content")? }))
        .transpose()
}

fn read(row: &Row) -> Outcome<Order> {
    Ok(Order {
        id: row.id("id")?,
        number: row.int("number")?,
        client: row.id("client_id")?,
        company: row.id("company_id")?,
        title: row.text("title")?,
        amount: row.money("amount", "currency")?,
        due_at: row.at("due_at")?,
        state: row.id("state")?,
        opened_at: row.at("opened_at")?,
        closed_at: row.opt_at("closed_at")?,
        cancel_reason: row.opt_id("cancel_reason")?,
        cancel_note: row.text("cancel_note")?,
        version: row.int("version")?,
    })
}

fn read_prototype(row: &Row) -> Outcome<Prototype> {
    let file = match row.opt_id("file_id")? {
        Some(id) => Some(StoredFile {
            id,
            name: row.text("file_name")?,
            byte_count: row.int("byte_count")?,
        }),
        None => None,
    };
    Ok(Prototype {
        id: row.id("id")?,
        order: row.id("order_id")?,
        position: row.int("position")?,
        description: row.text("description")?,
        file,
        made_at: row.at("made_at")?,
        sent_at: row.opt_at("sent_at")?,
        answer: row.opt_id("answer")?,
        answer_name: row.text("answer_name")?,
        answer_comment: row.text("answer_comment")?,
        answered_at: row.opt_at("answered_at")?,
    })
}
