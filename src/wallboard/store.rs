//! What the board asks the tables. Nothing here writes.

use super::{ByLink, DUE_MAX, Due, Hand, Load, Signs};
use crate::storage::{Row, Tx, Val};
use crate::telephony::hosted::SKEW_MS;
use crate::vals;
use crate::values::*;

fn spelled<T: Copy>(ids: &[T]) -> Vec<Val>
where
    Val: From<T>,
{
    ids.iter().copied().map(Val::from).collect()
}

/// What these people hold.
pub(super) async fn list_hands(tx: &mut Tx, org: OrgId, users: &[UserId]) -> Outcome<Vec<Hand>> {
    tx.all_among(
        "select l.id, l.campaign_id, l.lease_owner_id, l.lease_generation, l.leased_at, \
         l.lease_until, l.awaits_result, c.name, (select max(coalesce(a.ended_at, a.settled_at)) \
         from attempts a where a.lead_id = l.id and a.lease_generation = l.lease_generation \
           and a.origin <> 'in') \
         as ended_at from leads l join companies c on c.id = l.company_id \
         where l.org_id = $1 and l.lease_owner_id in (/*among*/)",
        vals![org],
        &spelled(users),
    )
    .await?
    .iter()
    .map(read_hand)
    .collect()
}

fn read_hand(row: &Row) -> Outcome<Hand> {
    Ok(Hand {
        lead: row.id("id")?,
        generation: row.int("lease_generation")?,
        campaign: row.id("campaign_id")?,
        company: row.text("name")?,
        owner: row.id("lease_owner_id")?,
        leased_at: row.opt_at("leased_at")?,
        until: row.at("lease_until")?,
        awaits_result: row.flag("awaits_result")?,
        ended_at: row.opt_at("ended_at")?,
    })
}

/// The signs of these people, but for what they hold.
pub(super) async fn list_signs(
    tx: &mut Tx,
    org: OrgId,
    users: &[UserId],
    now: Instant,
) -> Outcome<Vec<(UserId, Signs)>> {
    tx.all_among(
        "select u.id, s.seen_at, s.paused_at, a.made_at, a.answered_at, \
         exists (select 1 from sessions n where n.org_id = $1 and n.user_id = u.id \
           and n.ends_at > $2) as is_signed_in \
         from users u left join seats s on s.org_id = $1 and s.user_id = u.id \
         left join attempts a on a.org_id = $1 and a.caller_id = u.id and a.settled_at is null \
         where u.org_id = $1 and u.id in (/*among*/)",
        vals![org, now],
        &spelled(users),
    )
    .await?
    .iter()
    .map(|row| {
        let begun = row.opt_at("made_at")?;
        let answered = row.opt_at("answered_at")?;
        let signs = Signs {
            is_signed_in: row.flag("is_signed_in")?,
            seen_at: row.opt_at("seen_at")?.filter(|at| at.ms() > 0),
            paused_at: row.opt_at("paused_at")?,
            hand: None,
            call: begun.map(|begun| (begun, answered)),
            link: None,
        };
        Ok((row.id("id")?, signs))
    })
    .collect()
}

/// The calls by link of these people that wait for a result, the latest last; with the times that
/// the exchange of their telephone tells of a call to that number.
pub(super) async fn list_links(
    tx: &mut Tx,
    org: OrgId,
    users: &[UserId],
) -> Outcome<Vec<(UserId, ByLink)>> {
    tx.all_among(
        "select a.caller_id, a.made_at, h.answered_at, h.ended_at from leads l \
         join attempts a on a.lead_id = l.id and a.lease_generation = l.lease_generation \
           and a.origin = 'link' and a.call_id is null and a.mechanism is null \
         left join phones p on p.id = a.phone_id \
         left join hosted_calls h on h.org_id = $1 and h.user_id = a.caller_id \
           and h.direction = 'out' and h.attempt_id is null and h.number = p.e164 \
           and h.began_at >= a.made_at - $2 \
         where l.org_id = $1 and l.awaits_result = true and l.lease_owner_id in (/*among*/) \
         order by a.made_at, h.began_at, h.id",
        vals![org, SKEW_MS],
        &spelled(users),
    )
    .await?
    .iter()
    .map(|row| {
        let link = ByLink {
            followed_at: row.at("made_at")?,
            answered_at: row.opt_at("answered_at")?,
            ended_at: row.opt_at("ended_at")?,
        };
        Ok((row.id("caller_id")?, link))
    })
    .collect()
}

/// Calls of these people since then, of each: all, answered, with a meeting.
pub(super) async fn count_today(
    tx: &mut Tx,
    org: OrgId,
    users: &[UserId],
    since: Instant,
) -> Outcome<Vec<(UserId, [i64; 3])>> {
    tx.all_among(
        "select caller_id, count(*) as dials, count(meeting_id) as meetings, \
         cast(sum(case when mechanism = 'answered' then 1 else 0 end) as bigint) as answered \
         from calls where org_id = $1 and at >= $2 and reversed_at is null \
         and caller_id in (/*among*/) group by caller_id",
        vals![org, since],
        &spelled(users),
    )
    .await?
    .iter()
    .map(|row| {
        let counts = [row.int("dials")?, row.int("answered")?, row.int("meetings")?];
        Ok((row.id("caller_id")?, counts))
    })
    .collect()
}

/// The rests of these people since midnight, and how they were spent.
pub(super) async fn count_rests(
    tx: &mut Tx,
    org: OrgId,
    users: &[UserId],
    (midnight, now): (Instant, Instant),
) -> Outcome<Load> {
    let rows = tx
        .all_among(
            "select user_id, count(*) as n, \
             cast(sum(case when kind = 'refusals' then 1 else 0 end) as bigint) as refusals, \
             cast(sum(case when kind = 'minutes' then 1 else 0 end) as bigint) as minutes, \
             cast(sum(case when until > $3 then 1 else 0 end) as bigint) as now, \
             cast(sum(case when exists (select 1 from calls c where c.org_id = $1 \
               and c.caller_id = rests.user_id and c.at > rests.began_at and c.at < rests.until \
               and c.reversed_at is null and c.purpose <> 'actualisation' \
               and not exists (select 1 from callbacks k \
                 where k.lead_id = c.lead_id and k.ended_in = c.id) \
               and not exists (select 1 from calls r where r.lead_id = c.lead_id \
                 and r.lease_generation = c.lease_generation - 1 \
                 and r.caller_id = c.caller_id and r.reversed_at is not null)) \
               then 1 else 0 end) as bigint) as skipped \
             from rests where org_id = $1 and began_at >= $2 \
             and user_id in (/*among*/) group by user_id",
            vals![org, midnight, now],
            &spelled(users),
        )
        .await?;
    let mut load = Load::default();
    for row in &rows {
        load.rested += 1;
        load.resting += row.int("now")?.min(1);
        load.rests += row.int("n")?;
        load.refusals += row.int("refusals")?;
        load.minutes += row.int("minutes")?;
        load.skipped += row.int("skipped")?;
    }
    Ok(load)
}

/// Calls of these people in a span, those taken back included: an index answers it alone.
pub(super) async fn count_between(
    tx: &mut Tx,
    org: OrgId,
    users: &[UserId],
    (from, until): (Instant, Instant),
) -> Outcome<i64> {
    let rows = tx
        .all_among(
            "select count(*) as n from calls where org_id = $1 and at >= $2 and at < $3 \
             and caller_id in (/*among*/)",
            vals![org, from, until],
            &spelled(users),
        )
        .await?;
    rows.iter().map(|row| row.int("n")).sum()
}

/// Calls of these campaigns since then, by campaign and caller.
pub(super) async fn count_pace(
    tx: &mut Tx,
    org: OrgId,
    campaigns: &[CampaignId],
    since: Instant,
) -> Outcome<Vec<(CampaignId, UserId, i64)>> {
    tx.all_among(
        "select campaign_id, caller_id, count(*) as n from calls where org_id = $1 \
         and at >= $2 and campaign_id in (/*among*/) group by campaign_id, caller_id",
        vals![org, since],
        &spelled(campaigns),
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("campaign_id")?, row.id("caller_id")?, row.int("n")?)))
    .collect()
}

/// Leads of each campaign whose time has come, counted up to a limit. What a rule denies waits for
/// a later time and is not among them.
pub(super) async fn count_due(
    tx: &mut Tx,
    org: OrgId,
    campaigns: &[CampaignId],
    now: Instant,
) -> Outcome<Vec<(CampaignId, i64)>> {
    tx.all_among(
        "select c.id, (select count(*) from (select l.id from leads l where l.org_id = $1 \
           and l.campaign_id = c.id and l.state = 'queued' and l.lease_owner_id is null \
           and l.next_at <= $2 limit $3) due) as n \
         from campaigns c where c.org_id = $1 and c.id in (/*among*/)",
        vals![org, now, DUE_MAX],
        &spelled(campaigns),
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("id")?, row.int("n")?)))
    .collect()
}

/// Answered calls by the product's own lines since then, of each campaign, and how many of them
/// were abandoned.
pub(super) async fn count_talked(
    tx: &mut Tx,
    org: OrgId,
    campaigns: &[CampaignId],
    since: Instant,
) -> Outcome<Vec<(CampaignId, i64, i64)>> {
    tx.all_among(
        "select campaign_id, count(*) as n, \
         cast(sum(case when mechanism = 'abandoned' then 1 else 0 end) as bigint) as abandoned \
         from attempts where org_id = $1 and made_at >= $2 and origin <> 'in' \
         and (answered_at is not null or mechanism = 'abandoned') \
         and campaign_id in (/*among*/) group by campaign_id",
        vals![org, since],
        &spelled(campaigns),
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("campaign_id")?, row.int("n")?, row.int("abandoned")?)))
    .collect()
}

/// Whose promised calls are looked at.
pub(super) struct Promises<'a> {
    /// The campaign.
    pub campaign: CampaignId,
    /// Those of these callers.
    pub callers: &'a [UserId],
    /// Those of anyone, too.
    pub are_of_anyone: bool,
    /// The moment by which their time has come.
    pub now: Instant,
}

/// Promised calls whose time has come and that may be made now, the oldest first: what a rule
/// denies waits until it lets go, and nobody is late with it.
pub(super) async fn list_due(
    tx: &mut Tx,
    org: OrgId,
    whose: Promises<'_>,
    limit: i64,
) -> Outcome<Vec<Due>> {
    let Promises { campaign, callers, are_of_anyone, now } = whose;
    let mut owners = spelled(callers);
    // Nobody has this id: a list in a statement is never empty.
    owners.push(Val::from(String::new()));
    tx.all_among(
        "select l.id, l.campaign_id, l.lease_generation, l.version, l.callback_owner_id, \
         l.callback_at, c.name from leads l join companies c on c.id = l.company_id \
         where l.org_id = $1 and l.campaign_id = $2 and l.state = 'queued' \
         and l.callback_at is not null and l.callback_at <= $3 and l.next_at <= $3 \
         and l.lease_owner_id is null and ($4 = true and l.callback_owner_id is null \
           or l.callback_owner_id in (/*among*/)) order by l.callback_at, l.id limit $5",
        vals![org, campaign, now, are_of_anyone, limit],
        &owners,
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Due {
            lead: row.id("id")?,
            generation: row.int("lease_generation")?,
            version: row.int("version")?,
            campaign: row.id("campaign_id")?,
            company: row.text("name")?,
            owner: row.opt_id("callback_owner_id")?,
            at: row.at("callback_at")?,
        })
    })
    .collect()
}
