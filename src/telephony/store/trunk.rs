//! Every statement about ways out and numbers of ours.

use crate::storage::Tx;
use crate::telephony::trunk::{Paused, Trouble};
use crate::vals;
use crate::values::*;

/// How many calls in a row came to nothing on the way out of a run.
pub(in crate::telephony) async fn find_failures(
    tx: &mut Tx,
    org: OrgId,
    exchange: ExchangeId,
) -> Outcome<i64> {
    let text = "select failures from exchanges where org_id = $1 and id = $2 \
                /*for no key update*/";
    let row = tx.maybe(text, vals![org, exchange]).await?;
    row.map_or(Ok(0), |row| row.int("failures"))
}

/// One more came to nothing.
pub(in crate::telephony) async fn update_failed(
    tx: &mut Tx,
    org: OrgId,
    (exchange, failures): (ExchangeId, i64),
    (cause, closed_until): (&str, Option<Instant>),
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update exchanges set failures = $3, trouble = $4, closed_until = $5, \
         trouble_at = coalesce(trouble_at, $6) where org_id = $1 and id = $2",
        vals![org, exchange, failures, cause, closed_until, now],
    )
    .await
}

/// One reached its number; nought rows where nothing was wrong.
pub(in crate::telephony) async fn update_works(
    tx: &mut Tx,
    org: OrgId,
    exchange: ExchangeId,
) -> Outcome<u64> {
    tx.run(
        "update exchanges set failures = 0, trouble = null, trouble_at = null, \
         closed_until = null where org_id = $1 and id = $2 and failures > 0",
        vals![org, exchange],
    )
    .await
}

/// What is wrong with the runs that were heard of since then.
pub(in crate::telephony) async fn list_troubles(
    tx: &mut Tx,
    org: OrgId,
    since: Instant,
) -> Outcome<Vec<Trouble>> {
    tx.all(
        "select trouble, trouble_at, closed_until from exchanges where org_id = $1 \
         and ended_at is null and seen_at >= $2 and trouble is not null order by trouble_at, id",
        vals![org, since],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Trouble {
            cause: row.id("trouble")?,
            since: row.at("trouble_at")?,
            closed_until: row.opt_at("closed_until")?,
        })
    })
    .collect()
}

/// A number of ours pauses.
pub(in crate::telephony) async fn insert_paused(
    tx: &mut Tx,
    org: OrgId,
    paused: &Paused,
    (attempt, now): (AttemptId, Instant),
) -> Outcome<u64> {
    tx.run(
        "insert into paused_numbers (org_id, number, until, contact, attempt_id, made_at) \
         values ($1, $2, $3, $4, $5, $6) on conflict (org_id, number) do update \
         set until = excluded.until, contact = excluded.contact, \
         attempt_id = excluded.attempt_id, made_at = excluded.made_at",
        vals![org, &paused.number, paused.until, &paused.contact, attempt, now],
    )
    .await
}

/// It no longer does; nought rows where it did not.
pub(in crate::telephony) async fn delete_paused(
    tx: &mut Tx,
    org: OrgId,
    number: &str,
) -> Outcome<u64> {
    let text = "delete from paused_numbers where org_id = $1 and number = $2";
    tx.run(text, vals![org, number]).await
}

/// The numbers of ours that pause at that moment.
pub(in crate::telephony) async fn list_paused(
    tx: &mut Tx,
    org: OrgId,
    now: Instant,
) -> Outcome<Vec<Paused>> {
    tx.all(
        "select number, until, contact from paused_numbers where org_id = $1 and until > $2 \
         order by number",
        vals![org, now],
    )
    .await?
    .iter()
    .map(|row| {
        let (number, until) = (row.text("number")?, row.at("until")?);
        Ok(Paused { number, until, contact: row.opt_text("contact")? })
    })
    .collect()
}
