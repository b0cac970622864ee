//! Every statement about phone accounts and runs of engines.

use crate::storage::{Row, Tx};
use crate::telephony::port::Account;
use crate::vals;
use crate::values::*;

/// Gives a person a phone account, or their account another password.
pub(in crate::telephony) async fn insert_account(
    tx: &mut Tx,
    org: OrgId,
    account: &Account,
    (by, now): (Option<UserId>, Instant),
) -> Outcome<u64> {
    tx.run(
        "insert into phone_accounts (user_id, org_id, name, proof_hash, made_by, made_at) \
         values ($1, $2, $3, $4, $5, $6) on conflict (user_id) do update \
         set proof_hash = excluded.proof_hash, made_by = excluded.made_by, \
         made_at = excluded.made_at",
        vals![account.user, org, &account.name, &account.proof, by, now],
    )
    .await
}

/// Takes a phone account away; nought rows where there is none.
pub(in crate::telephony) async fn delete_account(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
) -> Outcome<u64> {
    let text = "delete from phone_accounts where org_id = $1 and user_id = $2";
    tx.run(text, vals![org, user]).await
}

/// The name of a person's phone and when its password was made.
pub(in crate::telephony) async fn find_account(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
) -> Outcome<Option<(String, Instant)>> {
    let text = "select name, made_at from phone_accounts where org_id = $1 and user_id = $2";
    let row = tx.maybe(text, vals![org, user]).await?;
    row.map(|row| Ok((row.text("name")?, row.at("made_at")?))).transpose()
}

/// Every phone account.
pub(in crate::telephony) async fn list_accounts(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Account>> {
    tx.all(
        "select user_id, name, proof_hash from phone_accounts where org_id = $1 order by user_id",
        vals![org],
    )
    .await?
    .iter()
    .map(|row| {
        let proof = row.text("proof_hash")?;
        Ok(Account { user: row.id("user_id")?, name: row.text("name")?, proof })
    })
    .collect()
}

/// A run of an engine begins.
pub(in crate::telephony) async fn insert_exchange(
    tx: &mut Tx,
    org: OrgId,
    (id, place, own_numbers): (ExchangeId, &str, &[String]),
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "insert into exchanges (id, org_id, place, own_numbers, began_at, seen_at, is_trunk_up) \
         values ($1, $2, $3, $5, $4, $4, false)",
        vals![id, org, place, now, own_numbers.join(",")],
    )
    .await
}

/// Other runs at the same place are gone: a place has one socket.
pub(in crate::telephony) async fn update_displaced(
    tx: &mut Tx,
    org: OrgId,
    (id, place): (ExchangeId, &str),
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update exchanges set ended_at = $4 where org_id = $1 and place = $3 and id <> $2 \
         and ended_at is null",
        vals![org, id, place, now],
    )
    .await
}

/// A run says that it is alive, and whether its trunk answers; nought rows when it is taken for
/// gone.
pub(in crate::telephony) async fn update_seen(
    tx: &mut Tx,
    org: OrgId,
    (id, is_trunk_up): (ExchangeId, bool),
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update exchanges set seen_at = $4, is_trunk_up = $3 where org_id = $1 and id = $2 \
         and ended_at is null",
        vals![org, id, is_trunk_up, now],
    )
    .await
}

/// A run ends.
pub(in crate::telephony) async fn update_exchange_ended(
    tx: &mut Tx,
    org: OrgId,
    id: ExchangeId,
    now: Instant,
) -> Outcome<u64> {
    let text = "update exchanges set ended_at = $3 where org_id = $1 and id = $2 \
                and ended_at is null";
    tx.run(text, vals![org, id, now]).await
}

/// Runs that are over, or not heard of since then, and have attempts that are not settled.
pub(in crate::telephony) async fn list_gone(
    tx: &mut Tx,
    org: OrgId,
    since: Instant,
) -> Outcome<Vec<ExchangeId>> {
    tx.all(
        "select x.id from exchanges x where x.org_id = $1 \
         and (x.ended_at is not null or x.seen_at < $2) and exists (select 1 from attempts a \
           where a.exchange_id = x.id and a.settled_at is null)",
        vals![org, since],
    )
    .await?
    .iter()
    .map(|row| row.id("id"))
    .collect()
}

/// A run that is alive: heard of since then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The run.
    pub id: ExchangeId,
    /// Where phones find it.
    pub place: String,
    /// True while its trunk answers and gets calls.
    pub is_trunk_up: bool,
    /// The numbers of ours that its calls may come from; without any, its line has one.
    pub own_numbers: Vec<String>,
}

fn read_exchange(row: &Row) -> Outcome<Exchange> {
    let own = row.text("own_numbers")?;
    Ok(Exchange {
        id: row.id("id")?,
        place: row.text("place")?,
        is_trunk_up: row.flag("is_open")?,
        own_numbers: own.split(',').filter(|one| !one.is_empty()).map(str::to_owned).collect(),
    })
}

/// The newest run that is alive.
pub(in crate::telephony) async fn find_exchange(
    tx: &mut Tx,
    org: OrgId,
    (since, now): (Instant, Instant),
) -> Outcome<Option<Exchange>> {
    let text = "select id, place, own_numbers, \
                (is_trunk_up = true and coalesce(closed_until, 0) <= $3) as is_open \
                from exchanges where org_id = $1 \
                and ended_at is null and seen_at >= $2 order by began_at desc, id desc limit 1";
    tx.maybe(text, vals![org, since, now]).await?.as_ref().map(read_exchange).transpose()
}

/// The run that is alive and a person's phone is registered with.
pub(in crate::telephony) async fn find_exchange_of(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
    (since, now): (Instant, Instant),
) -> Outcome<Option<Exchange>> {
    let text = "select x.id, x.place, x.own_numbers, \
                (x.is_trunk_up = true and coalesce(x.closed_until, 0) <= $4) as is_open \
                from exchange_phones p join exchanges x on x.id = p.exchange_id \
                where p.org_id = $1 and p.user_id = $2 and x.ended_at is null \
                and x.seen_at >= $3 order by p.since_at desc limit 1";
    tx.maybe(text, vals![org, user, since, now]).await?.as_ref().map(read_exchange).transpose()
}

/// A phone is registered with a run.
pub(in crate::telephony) async fn insert_phone(
    tx: &mut Tx,
    org: OrgId,
    (exchange, user): (ExchangeId, UserId),
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "insert into exchange_phones (exchange_id, user_id, org_id, since_at) \
         values ($1, $2, $3, $4) on conflict (exchange_id, user_id) do nothing",
        vals![exchange, user, org, now],
    )
    .await
}

/// It is no longer.
pub(in crate::telephony) async fn delete_phone(
    tx: &mut Tx,
    org: OrgId,
    (exchange, user): (ExchangeId, UserId),
) -> Outcome<u64> {
    let text = "delete from exchange_phones where org_id = $1 and exchange_id = $2 \
                and user_id = $3";
    tx.run(text, vals![org, exchange, user]).await
}
