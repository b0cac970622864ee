//! Every statement about leads; the queue has its own file.

pub(super) mod anew;
pub(super) mod callbacks;
pub(super) mod lapsed;
pub(super) mod numbers;
pub(super) mod order;
pub(super) mod queue;
pub(super) mod rests;
pub(super) mod seats;
pub(super) mod writing;

use super::{Lead, Lease, Priority, Snapshot};
use crate::campaigns::parts::Tries;
use crate::campaigns::passport::{self, Passport};
use crate::campaigns::{Campaign, in_segment, segment_vals};
use crate::people::Scope;
use crate::storage::{Row, Tx, Val};
use crate::vals;
use crate::values::*;

/// The columns of a lead before the rest of a statement, in which leads are `l`.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select l.id, l.number, l.campaign_id, l.company_id, l.state, l.closed_reason, \
             l.attempts, l.tries, l.priority, l.next_at, l.denied_rule, l.callback_at, \
             l.callback_owner_id, \
             l.nurture_until, l.caller_id, l.returned_reason, l.lease_owner_id, \
             l.lease_generation, l.lease_until, l.awaits_result, l.version from leads l ",
            $rest
        )
    };
}

/// Companies as leads of a campaign, numbered from `first`.
pub(super) async fn insert_leads(
    tx: &mut Tx,
    org: OrgId,
    (campaign, first): (CampaignId, i64),
    companies: &[(CompanyId, Instant)],
    now: Instant,
) -> Outcome<u64> {
    let rows: Vec<Vec<Val>> = (first..)
        .zip(companies)
        .map(|(number, (company, next_at))| {
            let id = LeadId::fresh(now);
            let place = vals![id, org, number, campaign, *company, *next_at];
            let mut row = place.to_vec();
            row.extend_from_slice(vals!["queued", 0, false, 0, 1, now, now]);
            row
        })
        .collect();
    tx.insert_many(
        "insert into leads (id, org_id, number, campaign_id, company_id, next_at, state, attempts, \
         is_ready, lease_generation, version, made_at, changed_at) values",
        &rows,
        "on conflict (campaign_id, company_id) do nothing",
    )
    .await
}

/// Makes leads of every company of the campaign's segment, at most `limit`, numbered from `first`.
/// No index gives the order, so it is sorted, and the choice is complete before the first lead is
/// written: otherwise PostgreSQL asks a table that was empty when it planned, and grows as it
/// asks, once for each company.
pub(super) async fn insert_segment(
    tx: &mut Tx,
    org: OrgId,
    campaign: &Campaign,
    (first, limit): (i64, i64),
    now: Instant,
) -> Outcome<u64> {
    let mut values = segment_vals(org, &campaign.segment, Some(campaign.id), now);
    // The head of a fresh id with the lead's number behind it: as unique, and made in one go.
    let head: String = LeadId::fresh(now).to_string().chars().take(24).collect();
    values.extend_from_slice(vals![first, limit, head]);
    tx.run(
        concat!(
            "insert into leads (id, org_id, number, campaign_id, company_id, state, \
             attempts, next_at, is_ready, lease_generation, version, made_at, changed_at) \
             select $14 || substr(cast(999999999999 + $12 \
             + row_number() over (order by c.made_at, c.number) as text), 2), \
             c.org_id, \
             $12 - 1 + row_number() over (order by c.made_at, c.number), $11, c.id, 'queued', \
             0, $10, false, 0, 1, $10, $10",
            in_segment!(),
            " order by c.made_at, c.number limit $13 \
             on conflict (campaign_id, company_id) do nothing"
        ),
        &values,
    )
    .await
}

pub(super) async fn find_lead(tx: &mut Tx, org: OrgId, id: LeadId) -> Outcome<Option<Lead>> {
    tx.maybe(select!("where org_id = $1 and id = $2"), vals![org, id])
        .await?
        .as_ref()
        .map(read_lead)
        .transpose()
}

pub(super) async fn find_passport(tx: &mut Tx, org: OrgId, id: LeadId) -> Outcome<Passport> {
    let text =
        "select coalesce(passport, '{}') as passport from leads where org_id = $1 and id = $2";
    let Some(row) = tx.maybe(text, vals![org, id]).await? else { return Ok(Passport::new()) };
    let answers = serde_json::from_str(&row.text("passport")?).map_err(Error::failure)?;
    Ok(passport::from_json(&answers))
}

pub(super) async fn update_passport(
    tx: &mut Tx,
    org: OrgId,
    id: LeadId,
    answers: &Passport,
) -> Outcome<u64> {
    tx.run(
        "update leads set passport = $3 where org_id = $1 and id = $2",
        vals![org, id, passport::to_json(answers).to_string()],
    )
    .await
}

/// The same, locked until the transaction ends.
pub(super) async fn find_lead_for_update(
    tx: &mut Tx,
    org: OrgId,
    id: LeadId,
) -> Outcome<Option<Lead>> {
    tx.maybe(select!("where org_id = $1 and id = $2 /*for update*/"), vals![org, id])
        .await?
        .as_ref()
        .map(read_lead)
        .transpose()
}

/// A call made under a lease has no result yet, or needs none; nought rows when it is not that
/// grant.
pub(super) async fn update_awaits_result(
    tx: &mut Tx,
    org: OrgId,
    (id, generation): (LeadId, i64),
    awaits: bool,
) -> Outcome<u64> {
    tx.run(
        "update leads set awaits_result = $4 where org_id = $1 and id = $2 \
         and lease_generation = $3 and lease_owner_id is not null",
        vals![org, id, generation, awaits],
    )
    .await
}

/// The offered lead is tier 2's now; nought rows when it was not offered.
pub(super) async fn update_converted(
    tx: &mut Tx,
    org: OrgId,
    id: LeadId,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update leads set state = 'converted', version = version + 1, changed_at = $3 \
         where org_id = $1 and id = $2 and state = 'offered'",
        vals![org, id, now],
    )
    .await
}

/// A queued lead that nobody holds is called at another time.
pub(super) async fn update_next_at(
    tx: &mut Tx,
    org: OrgId,
    id: LeadId,
    at: Instant,
) -> Outcome<u64> {
    tx.run(
        "update leads set next_at = $3, is_ready = false, denied_rule = null, \
         version = version + 1 where org_id = $1 and id = $2 and state = 'queued' \
         and lease_owner_id is null",
        vals![org, id, at],
    )
    .await
}

/// A lead that was called for its own call, and not reached, waits for the time agreed before.
pub(super) async fn update_resumed(
    tx: &mut Tx,
    org: OrgId,
    lead: &Lead,
    at: Instant,
) -> Outcome<u64> {
    tx.run(
        "update leads set next_at = $3, nurture_until = $4 where org_id = $1 and id = $2 \
         and state = 'queued' and lease_owner_id is null",
        vals![org, lead.id, at, lead.nurture_until],
    )
    .await
}

/// The offered lead goes back to the front of its caller's queue.
pub(super) async fn update_returned(
    tx: &mut Tx,
    org: OrgId,
    id: LeadId,
    reason: &str,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update leads set state = 'queued', returned_reason = $3, next_at = $4, \
         denied_rule = null, version = version + 1, changed_at = $4 \
         where org_id = $1 and id = $2 and state = 'offered'",
        vals![org, id, reason, now],
    )
    .await
}

/// A queued lead nobody holds is offered to tier 2.
pub(super) async fn update_offered(
    tx: &mut Tx,
    org: OrgId,
    id: LeadId,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update leads set state = 'offered', is_ready = false, denied_rule = null, \
         version = version + 1, changed_at = $3 \
         where org_id = $1 and id = $2 and state = 'queued' and lease_owner_id is null",
        vals![org, id, now],
    )
    .await
}

/// Leads of a company that ended because it must not be called, by its wish or ours, locked until
/// the transaction ends.
pub(super) async fn list_banned_for_update(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<Lead>> {
    tx.all(
        select!(
            "where org_id = $1 and company_id = $2 and state = 'closed' \
             and closed_reason in ('do_not_call', 'abusive') order by id /*for update*/"
        ),
        vals![org, company],
    )
    .await?
    .iter()
    .map(read_lead)
    .collect()
}

/// A lead that a ban had closed waits in its queue again; attempts stay counted.
pub(super) async fn update_reopened(
    tx: &mut Tx,
    org: OrgId,
    id: LeadId,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update leads set state = 'queued', closed_reason = null, next_at = $3, \
         nurture_until = null, is_ready = false, denied_rule = null, version = version + 1, \
         changed_at = $3 where org_id = $1 and id = $2 and state = 'closed'",
        vals![org, id, now],
    )
    .await
}

/// The lead a caller holds, also when its lease has run out and nobody noticed yet.
pub(super) async fn find_held(tx: &mut Tx, org: OrgId, user: UserId) -> Outcome<Option<Lead>> {
    tx.maybe(select!("where org_id = $1 and lease_owner_id = $2"), vals![org, user])
        .await?
        .as_ref()
        .map(read_lead)
        .transpose()
}

/// Puts a lead back to what it was before its last call; nought rows when it moved on since.
pub(super) async fn update_restored(
    tx: &mut Tx,
    org: OrgId,
    (id, version): (LeadId, i64),
    before: &Snapshot,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update leads set state = $4, closed_reason = null, attempts = $5, next_at = $6, \
         nurture_until = $7, caller_id = $8, returned_reason = $9, tries = $11, is_ready = false, \
         denied_rule = null, version = version + 1, changed_at = $10 \
         where org_id = $1 and id = $2 and version = $3 and lease_owner_id is null",
        vals![
            org,
            id,
            version,
            before.state.code(),
            before.attempts,
            before.next_at,
            before.nurture_until,
            before.caller,
            &before.returned_reason,
            now,
            before.tries.pack(),
        ],
    )
    .await
}

/// Where the leads of a campaign stand, as codes with counts: a state, `in_hand`, `due`,
/// `callback`, `nurture`, `later`, `closed:` with its reason, `rule:` with the rule.
pub(super) async fn count_places(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
    now: Instant,
) -> Outcome<Vec<(String, i64)>> {
    tx.all(
        "select case when state = 'closed' then 'closed:' || coalesce(closed_reason, '') \
         when state <> 'queued' then state when lease_owner_id is not null then 'in_hand' \
         when next_at <= $3 then 'due' when denied_rule is not null then 'rule:' || denied_rule \
         when callback_at is not null then 'callback' \
         when nurture_until is not null then 'nurture' else 'later' end as place, \
         count(*) as n from leads where org_id = $1 and campaign_id = $2 \
         group by place order by place",
        vals![org, campaign, now],
    )
    .await?
    .iter()
    .map(|row| Ok((row.text("place")?, row.int("n")?)))
    .collect()
}

/// When the next lead of a campaign may be looked at; those denied by a rule that does not end by
/// itself are not waited for.
pub(super) async fn find_next_at(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
) -> Outcome<Option<Instant>> {
    tx.maybe(
        "select next_at from leads where org_id = $1 and campaign_id = $2 \
         and state = 'queued' and lease_owner_id is null and (denied_rule is null or denied_rule \
         not in ('not_in_base', 'suppressed', 'led', 'no_basis', 'no_phone', 'attempts_total', \
         'parts_total', 'number_total')) \
         order by next_at limit 1",
        vals![org, campaign],
    )
    .await?
    .map(|row| row.at("next_at"))
    .transpose()
}

/// Leads in somebody's hands or promised, those that wait longest first: what a head watches.
/// A head of another team sees only their own people's.
pub(super) async fn list_watched(
    tx: &mut Tx,
    scope: &Scope,
    campaign: CampaignId,
) -> Outcome<Vec<Lead>> {
    tx.all(
        select!(
            "left join users u on u.id = coalesce(l.lease_owner_id, l.callback_owner_id) \
             join campaigns g on g.id = l.campaign_id \
             where l.org_id = $1 and l.campaign_id = $5 and l.state = 'queued' \
             and (l.lease_owner_id is not null or l.callback_at is not null) \
             and ($2 = 'all' or ($2 = 'team' and (g.team_id = $3 or u.team_id = $3)) or u.id = $4) \
             order by case when l.lease_owner_id is not null then 0 else 1 end, \
             coalesce(l.lease_until, l.callback_at), l.id limit 200"
        ),
        vals![scope.org, scope.reach(), scope.team, scope.user, campaign],
    )
    .await?
    .iter()
    .map(read_lead)
    .collect()
}

/// Leads of a caller that tier 2 sent back, whose promised call is theirs, or for which they stand
/// in and which is due, soonest first.
pub(super) async fn list_promised(
    tx: &mut Tx,
    org: OrgId,
    (user, now): (UserId, Instant),
    limit: i64,
) -> Outcome<Vec<Lead>> {
    tx.all(
        select!(
            "where l.id in (select id from leads where org_id = $1 and callback_owner_id = $2 \
               union select id from leads where org_id = $1 and callback_fallback_id = $2 \
                 and callback_at <= $4) and l.state = 'queued' \
             and l.callback_at is not null order by l.callback_at, l.id limit $3"
        ),
        vals![org, user, limit, now],
    )
    .await?
    .iter()
    .map(read_lead)
    .collect()
}

pub(super) async fn list_for_company(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<Lead>> {
    tx.all(
        select!("where org_id = $1 and company_id = $2 order by made_at desc, id desc limit 50"),
        vals![org, company],
    )
    .await?
    .iter()
    .map(read_lead)
    .collect()
}

fn read_lead(row: &Row) -> Outcome<Lead> {
    let owner = row.opt_id("lease_owner_id")?;
    let generation = row.int("lease_generation")?;
    let lease = match (owner, row.opt_at("lease_until")?) {
        (Some(owner), Some(until)) => Some(Lease { owner, generation, until }),
        _ => None,
    };
    Ok(Lead {
        id: row.id("id")?,
        number: row.int("number")?,
        campaign: row.id("campaign_id")?,
        company: row.id("company_id")?,
        state: row.id("state")?,
        closed_reason: row.opt_text("closed_reason")?,
        attempts: row.int("attempts")?,
        tries: Tries::unpack(row.int("tries")?),
        priority: Priority::of_rank(row.int("priority")?),
        next_at: row.at("next_at")?,
        denied_rule: row.opt_text("denied_rule")?,
        callback_at: row.opt_at("callback_at")?,
        callback_owner: row.opt_id("callback_owner_id")?,
        nurture_until: row.opt_at("nurture_until")?,
        caller: row.opt_id("caller_id")?,
        returned_reason: row.opt_text("returned_reason")?,
        lease,
        awaits_result: row.flag("awaits_result")?,
        generation,
        version: row.int("version")?,
    })
}
