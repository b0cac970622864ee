//! Every statement about where callers sit.

use crate::storage::Tx;
use crate::vals;
use crate::values::*;

/// The caller sits down at a campaign; also holds off their own other requests until this one
/// ends, so that two of them never lease twice.
pub(in crate::leads) async fn insert_seat(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
    campaign: CampaignId,
    now: Instant,
) -> Outcome<()> {
    tx.run(
        "insert into seats (org_id, user_id, campaign_id, seen_at, working_since) \
         values ($1, $2, $3, $4, $4) \
         on conflict (org_id, user_id) do update set campaign_id = excluded.campaign_id, \
         seen_at = excluded.seen_at, paused_at = null",
        vals![org, user, campaign, now],
    )
    .await?;
    Ok(())
}

/// A caller stops for a while.
pub(in crate::leads) async fn update_paused(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update seats set paused_at = $3, seen_at = $3 where org_id = $1 and user_id = $2",
        vals![org, user, now],
    )
    .await
}

/// Another holds off a caller's requests until this transaction ends; where they sit and since
/// when stays as it is. Who never sat is there from now on, and was never seen.
pub(in crate::leads) async fn insert_empty_seat(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
    campaign: CampaignId,
) -> Outcome<u64> {
    tx.run(
        "insert into seats (org_id, user_id, campaign_id, seen_at) values ($1, $2, $3, 0) \
         on conflict (org_id, user_id) do update set seen_at = seats.seen_at",
        vals![org, user, campaign],
    )
    .await
}

/// The campaign a caller sat down at last.
pub(in crate::leads) async fn find_seat(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
) -> Outcome<Option<CampaignId>> {
    tx.maybe("select campaign_id from seats where org_id = $1 and user_id = $2", vals![org, user])
        .await?
        .map(|row| row.id("campaign_id"))
        .transpose()
}

/// A caller asks for a company: their work begins anew where they held none since `idle`, or were
/// not seen since `absent`, unless a call of theirs waits for its result that they took in hand
/// after `talked`: they talked. One that was left waiting overnight was not talked through.
pub(in crate::leads) async fn update_working(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
    (idle, absent, talked): (Instant, Instant, Instant),
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update seats set working_since = $5 where org_id = $1 and user_id = $2 \
         and (working_since is null or idle_since <= $3 or (seen_at <= $4 \
           and not exists (select 1 from leads l where l.org_id = $1 and l.lease_owner_id = $2 \
             and l.awaits_result = true and l.leased_at > $6)))",
        vals![org, user, idle, absent, now, talked],
    )
    .await
}

/// True for who stopped for a while after `since`, and has not begun again.
pub(in crate::leads) async fn is_paused(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
    since: Instant,
) -> Outcome<bool> {
    let text = "select user_id from seats where org_id = $1 and user_id = $2 and paused_at > $3";
    Ok(tx.maybe(text, vals![org, user, since]).await?.is_some())
}

/// From when on a caller holds no company; `None` while they hold one.
pub(in crate::leads) async fn update_idle(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
    since: Option<Instant>,
) -> Outcome<u64> {
    tx.run(
        "update seats set idle_since = $3 where org_id = $1 and user_id = $2",
        vals![org, user, since],
    )
    .await
}

/// Since when a caller works without a break.
pub(in crate::leads) async fn find_working_since(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
) -> Outcome<Option<Instant>> {
    let text = "select working_since from seats where org_id = $1 and user_id = $2";
    match tx.maybe(text, vals![org, user]).await? {
        Some(row) => row.opt_at("working_since"),
        None => Ok(None),
    }
}
