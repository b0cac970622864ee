//! Every statement about the queue: filling it, granting a lease, giving one back.

use crate::campaigns::Campaign;
use crate::campaigns::parts::{DayPart, Tries};
use crate::companies::Channel;
use crate::leads::Next;
use crate::leads::admission::Facts;
use crate::leads::leasing::ABSENT_MINUTES;
use crate::storage::{Row, Tx, Val};
use crate::vals;
use crate::values::*;

/// What a grant is made of: the lead, its company, and the grant before.
#[derive(Debug, Clone, Copy)]
pub(in crate::leads) struct Slot {
    pub id: LeadId,
    pub company: CompanyId,
    pub generation: i64,
}

/// A lead that may be leased, with what admission asks about it.
pub(in crate::leads) struct Candidate {
    pub slot: Slot,
    pub facts: Facts,
    /// True where another company has one of its numbers: those are asked about, too.
    pub shares_number: bool,
}

/// For which campaign one asks, and when.
pub(in crate::leads) struct Ask<'a> {
    pub org: OrgId,
    pub campaign: &'a Campaign,
    /// The firm's zone, for companies whose own is not known.
    pub zone: &'a Zone,
    pub now: Instant,
}

/// What is read of a candidate: $1 the firm, $2 the campaign, $3 now, $4 the basis the campaign
/// names, $5 and $6 how many attempts a day and contacts in the window come before the last
/// allowed one, $7 to $9 the same of the spans of the country's caps.
///
/// What is asked of other tables is asked with a limit of one and not with `exists`: PostgreSQL,
/// which thinks of all that waits, would read and hash those tables whole for a handful of rows.
/// A limit is a sum: SQLite looks at one that is bound, and plans the statement anew each time.
macro_rules! candidate {
    () => {
        "select l.id, l.company_id, l.lease_generation, l.attempts, l.tries, c.zone, \
         (c.removed_at is null and c.merged_into is null) as is_in_base, \
         coalesce(c.owner_tier, 0) as owner_tier, \
         (l.callback_at is not null and l.callback_at <= $3) as is_promised, \
         (l.returned_reason is not null) as came_back, \
         ((select 1 from suppressions s where s.org_id = $1 \
           and s.company_id = l.company_id and s.kind = 'company' \
           and s.channel in ('all', 'call') and (s.until is null or s.until > $3) \
           and not exists (select 1 from suppressions e \
             where e.org_id = $1 and e.ends_id = s.id) limit 1) is not null \
         or (select 1 from companies a join suppressions s on s.org_id = $1 \
           and s.company_id = a.id where a.org_id = $1 and a.merged_into = l.company_id \
           and s.kind = 'company' and s.channel in ('all', 'call') \
           and (s.until is null or s.until > $3) and not exists (select 1 from suppressions e \
             where e.org_id = $1 and e.ends_id = s.id) limit 1) is not null) as is_suppressed, \
         (select 1 from bases b where b.org_id = $1 and b.company_id = l.company_id \
           and b.kind in ($4, 'consent') and (b.until is null or b.until > $3) limit 1) \
           is not null as has_basis, \
         (select 1 from phones p where p.org_id = $1 and p.company_id = l.company_id \
           and p.standing in ('unknown', 'good') limit 1) is not null as has_phone, \
         (select min(coalesce(p.held_until, 0)) from phones p where p.org_id = $1 \
           and p.company_id = l.company_id and p.standing in ('unknown', 'good')) as held_until, \
         (select 1 from phones p where p.org_id = $1 and p.company_id = l.company_id \
           and (select 1 from phones o where o.org_id = $1 and o.e164 = p.e164 \
             and o.company_id <> p.company_id limit 1) is not null limit 1) is not null \
           as shares_number, \
         (select max(k.at) from calls k \
           where k.lead_id = l.id and k.reversed_at is null) as last_at, \
         (select k.at from calls k where k.lead_id = l.id and k.reversed_at is null \
           order by k.at desc limit 1 offset $5) as day_cap_at, \
         (select u.at from (select k.at from calls k where k.org_id = $1 \
             and k.company_id = l.company_id and k.reversed_at is null \
             union all select w.sent_at from letters w where w.org_id = $1 \
             and w.company_id = l.company_id and w.is_answer = false \
             and w.taken_back_at is null) u \
           order by u.at desc limit 1 offset $6) as pressure_cap_at, \
         (select k.at from calls k where k.org_id = $1 and k.company_id = l.company_id \
           and k.reversed_at is null order by k.at desc limit 1 offset $7) as cap_1_at, \
         (select k.at from calls k where k.org_id = $1 and k.company_id = l.company_id \
           and k.reversed_at is null order by k.at desc limit 1 offset $8) as cap_7_at, \
         (select k.at from calls k where k.org_id = $1 and k.company_id = l.company_id \
           and k.reversed_at is null order by k.at desc limit 1 offset $9) as cap_30_at, \
         (select max(k.at) from calls k where k.org_id = $1 and k.company_id = l.company_id \
           and k.meaning = 'refusal' and k.reversed_at is null) as refused_at \
         from leads l join companies c on c.id = l.company_id \
         where l.org_id = $1 and l.campaign_id = $2 and l.state = 'queued' "
    };
}

/// A lease passes to another caller as a grant of its own; nought rows when it is not that grant
/// any more. Whether a result is awaited passes along.
pub(in crate::leads) async fn update_passed(
    tx: &mut Tx,
    org: OrgId,
    (id, generation): (LeadId, i64),
    (to, until): (UserId, Instant),
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update leads set lease_owner_id = $4, lease_generation = lease_generation + 1, \
         lease_until = $5, leased_at = $6, version = version + 1, changed_at = $6 \
         where org_id = $1 and id = $2 and lease_generation = $3 and lease_owner_id is not null \
         and lease_owner_id <> $4",
        vals![org, id, generation, to, until, now],
    )
    .await
}

/// True when a lead is ready, be it that others are just looking at it.
pub(in crate::leads) async fn has_ready(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
    now: Instant,
) -> Outcome<bool> {
    let found = tx
        .maybe(
            "select l.id from leads l where l.org_id = $1 and l.campaign_id = $2 \
             and l.state = 'queued' and l.is_ready = true and l.lease_owner_id is null \
             and l.next_at <= $3 and not exists (select 1 from leads h where h.org_id = $1 \
               and h.company_id = l.company_id and h.lease_owner_id is not null) limit 1",
            vals![org, campaign, now],
        )
        .await?;
    Ok(found.is_some())
}

/// True when a lead waits to be looked at.
pub(in crate::leads) async fn has_waiting(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
    now: Instant,
) -> Outcome<bool> {
    let text = "select id from leads where org_id = $1 and campaign_id = $2 and state = 'queued' \
                and is_ready = false and lease_owner_id is null and next_at <= $3 \
                and callback_at is null limit 1";
    Ok(tx.maybe(text, vals![org, campaign, now]).await?.is_some())
}

/// True when one waits that was put first, which few or none do: they have an index of their own.
pub(in crate::leads) async fn has_first_waiting(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
    now: Instant,
) -> Outcome<bool> {
    // The nought is the rank of what comes first, written out so that the index is seen to do.
    let text = "select id from leads where org_id = $1 and campaign_id = $2 and state = 'queued' \
                and is_ready = false and lease_owner_id is null and priority = 0 \
                and next_at <= $3 and callback_at is null limit 1";
    Ok(tx.maybe(text, vals![org, campaign, now]).await?.is_some())
}

/// The promised calls that are due and that this caller may make: their own first, then those that
/// they stand in for – where its owner is away, or has let the grace pass – then those that belong
/// to anyone, then a colleague's that have waited out their grace, twice where somebody stood in.
pub(in crate::leads) async fn list_due_callbacks(
    tx: &mut Tx,
    ask: &Ask<'_>,
    caller: UserId,
    limit: i64,
) -> Outcome<Vec<Candidate>> {
    let grace = ask.campaign.policy.callback_grace_minutes;
    let overdue = ask.now.plus_minutes(-grace);
    let twice = ask.now.plus_minutes(-2 * grace);
    let absent = ask.now.plus_minutes(-ABSENT_MINUTES);
    tx.all(
        concat!(
            candidate!(),
            "and l.lease_owner_id is null and l.callback_at <= $3 and l.next_at <= $3 \
             and (l.callback_owner_id is null or l.callback_owner_id = $10 \
               or (l.callback_fallback_id is null and l.callback_at <= $11) \
               or (l.callback_fallback_id = $10 and (l.callback_at <= $11 \
                 or not exists (select 1 from seats s where s.org_id = $1 \
                   and s.user_id = l.callback_owner_id and s.seen_at > $14))) \
               or l.callback_at <= $13) \
             and not exists (select 1 from leads h where h.org_id = $1 \
               and h.company_id = l.company_id and h.lease_owner_id is not null) \
             order by case when l.callback_owner_id = $10 then 0 \
               when l.callback_fallback_id = $10 then 1 \
               when l.callback_owner_id is null then 2 else 3 end, l.callback_at, l.id \
             limit 0 + $12 /*skip locked*/"
        ),
        &candidate_vals(ask, vals![caller, overdue, limit, twice, absent]),
    )
    .await?
    .iter()
    .map(|row| read_candidate(row, ask.zone))
    .collect()
}

/// What may be found admissible next. Promised calls come by themselves when they are due.
pub(in crate::leads) async fn list_waiting(
    tx: &mut Tx,
    ask: &Ask<'_>,
    limit: i64,
) -> Outcome<Vec<Candidate>> {
    tx.all(
        concat!(
            candidate!(),
            "and l.lease_owner_id is null and l.is_ready = false and l.next_at <= $3 \
             and l.callback_at is null \
             order by l.priority, l.attempts, l.next_at, l.turn, l.id limit 0 + $10 /*skip locked*/"
        ),
        &candidate_vals(ask, vals![limit]),
    )
    .await?
    .iter()
    .map(|row| read_candidate(row, ask.zone))
    .collect()
}

/// What was found admissible when the queue was filled, in the order it is leased; companies in
/// somebody's hands are left out.
pub(in crate::leads) async fn list_ready(
    tx: &mut Tx,
    ask: &Ask<'_>,
    limit: i64,
) -> Outcome<Vec<Candidate>> {
    tx.all(
        concat!(
            candidate!(),
            "and l.lease_owner_id is null and l.is_ready = true and l.next_at <= $3 \
             and not exists (select 1 from leads h where h.org_id = $1 \
               and h.company_id = l.company_id and h.lease_owner_id is not null) \
             order by l.priority, l.hour_rank, l.attempts, l.next_at, l.turn, l.id \
             limit 0 + $10 /*skip locked*/"
        ),
        &candidate_vals(ask, vals![limit]),
    )
    .await?
    .iter()
    .map(|row| read_candidate(row, ask.zone))
    .collect()
}

/// A lead in nobody's hands, with what admission asks about it.
pub(in crate::leads) async fn find_free(
    tx: &mut Tx,
    ask: &Ask<'_>,
    id: LeadId,
) -> Outcome<Option<Candidate>> {
    tx.maybe(
        concat!(candidate!(), "and l.id = $10 and l.lease_owner_id is null"),
        &candidate_vals(ask, vals![id]),
    )
    .await?
    .map(|row| read_candidate(&row, ask.zone))
    .transpose()
}

/// A lead in somebody's hands, with what admission asks about it.
pub(in crate::leads) async fn find_leased(
    tx: &mut Tx,
    ask: &Ask<'_>,
    (id, generation): (LeadId, i64),
) -> Outcome<Option<Candidate>> {
    tx.maybe(
        concat!(
            candidate!(),
            "and l.id = $10 and l.lease_generation = $11 and l.lease_owner_id is not null"
        ),
        &candidate_vals(ask, vals![id, generation]),
    )
    .await?
    .map(|row| read_candidate(&row, ask.zone))
    .transpose()
}

/// More attempts than any company has.
const ENDLESS: i64 = 1_000_000;

fn candidate_vals(ask: &Ask<'_>, more: &[Val]) -> Vec<Val> {
    let policy = &ask.campaign.policy;
    let mut values = vals![
        ask.org,
        ask.campaign.id,
        ask.now,
        ask.campaign.legal_basis.code(),
        policy.attempts_per_day_max - 1,
        policy.pressure_max - 1,
    ]
    .to_vec();
    // Where there is no cap no attempt is the last one.
    values.extend(policy.caps().map(|cap| Val::from(cap.map_or(ENDLESS, |max| max - 1))));
    values.extend_from_slice(more);
    values
}

/// The company's zone, or the firm's where its own is not known.
pub(super) fn zone_or(row: &Row, firm: &Zone) -> Outcome<Zone> {
    Ok(row.opt_text("zone")?.map_or_else(|| firm.clone(), |name| Zone::named(&name)))
}

fn read_candidate(row: &Row, firm: &Zone) -> Outcome<Candidate> {
    Ok(Candidate {
        slot: Slot {
            id: row.id("id")?,
            company: row.id("company_id")?,
            generation: row.int("lease_generation")?,
        },
        shares_number: row.flag("shares_number")?,
        facts: Facts {
            channel: Channel::Call,
            zone: zone_or(row, firm)?,
            is_in_base: row.flag("is_in_base")?,
            is_suppressed: row.flag("is_suppressed")?,
            is_led: row.int("owner_tier")? >= 2,
            has_basis: row.flag("has_basis")?,
            has_phone: row.flag("has_phone")?,
            held_until: row.opt_at("held_until")?.filter(|until| until.0 > 0),
            is_promised: row.flag("is_promised")?,
            came_back: row.flag("came_back")?,
            attempts: row.int("attempts")?,
            tries: Tries::unpack(row.int("tries")?),
            last_at: row.opt_at("last_at")?,
            day_cap_at: row.opt_at("day_cap_at")?,
            pressure_cap_at: row.opt_at("pressure_cap_at")?,
            caps_at: [row.opt_at("cap_1_at")?, row.opt_at("cap_7_at")?, row.opt_at("cap_30_at")?],
            refused_at: row.opt_at("refused_at")?,
            numbers: Vec::new(),
        },
    })
}

/// How many leads are ready to be leased, counted up to `limit`.
pub(in crate::leads) async fn count_ready(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
    limit: i64,
) -> Outcome<i64> {
    tx.one(
        "select count(*) as n from (select id from leads where org_id = $1 \
         and campaign_id = $2 and state = 'queued' and is_ready = true limit 0 + $3) ready",
        vals![org, campaign, limit],
    )
    .await?
    .int("n")
}

/// Candidates were found admissible.
pub(in crate::leads) async fn update_ready(
    tx: &mut Tx,
    org: OrgId,
    ids: &[LeadId],
) -> Outcome<u64> {
    let ids: Vec<Val> = ids.iter().copied().map(Val::from).collect();
    let text = "update leads set is_ready = true, denied_rule = null where org_id = $1 \
                and state = 'queued' and lease_owner_id is null and id in (/*among*/)";
    tx.run_among(text, vals![org], &ids).await
}

/// Candidates may not be called before `until`, by that rule of the campaign's preset.
pub(in crate::leads) async fn update_denied(
    tx: &mut Tx,
    ask: &Ask<'_>,
    ids: &[LeadId],
    (rule, until): (&str, Instant),
) -> Outcome<u64> {
    let preset = ask.campaign.policy.preset.mark();
    let ids: Vec<Val> = ids.iter().copied().map(Val::from).collect();
    let text = "update leads set is_ready = false, denied_rule = $2, next_at = $3, \
                denied_preset = $4 \
                where org_id = $1 and lease_owner_id is null and id in (/*among*/)";
    tx.run_among(text, vals![ask.org, rule, until, preset], &ids).await
}

/// Grants the lease: one conditional statement that counts the grant. Nought rows when somebody
/// was faster with this lead, or holds its company by another campaign.
pub(in crate::leads) async fn update_leased(
    tx: &mut Tx,
    org: OrgId,
    slot: Slot,
    (caller, until): (UserId, Instant),
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update leads set lease_owner_id = $3, lease_generation = lease_generation + 1, \
         lease_until = $4, leased_at = $5, is_ready = false, denied_rule = null, \
         version = version + 1, changed_at = $5 \
         where org_id = $1 and id = $2 and lease_generation = $6 and lease_owner_id is null \
         and state = 'queued' and not exists (select 1 from leads h where h.org_id = $1 \
           and h.company_id = $7 and h.lease_owner_id is not null)",
        vals![org, slot.id, caller, until, now, slot.generation, slot.company],
    )
    .await
}

/// Makes a lease longer; nought rows when it is not that grant any more.
pub(in crate::leads) async fn update_lease_until(
    tx: &mut Tx,
    org: OrgId,
    (id, generation): (LeadId, i64),
    caller: UserId,
    until: Instant,
) -> Outcome<u64> {
    tx.run(
        "update leads set lease_until = $5 where org_id = $1 and id = $2 \
         and lease_generation = $3 and lease_owner_id = $4",
        vals![org, id, generation, caller, until],
    )
    .await
}

/// Gives a lead back to the queue without a result; nought rows when it is not that grant.
pub(in crate::leads) async fn update_freed(
    tx: &mut Tx,
    org: OrgId,
    (id, generation): (LeadId, i64),
    next_at: Instant,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update leads set lease_owner_id = null, lease_until = null, leased_at = null, \
         awaits_result = false, is_ready = false, next_at = $4, version = version + 1, \
         changed_at = $5 \
         where org_id = $1 and id = $2 and lease_generation = $3 and lease_owner_id is not null",
        vals![org, id, generation, next_at, now],
    )
    .await
}

/// Ends the lease with a result and moves the lead on; nought rows when it is not that grant.
pub(in crate::leads) async fn update_settled(
    tx: &mut Tx,
    org: OrgId,
    (id, generation): (LeadId, i64),
    (next, missed): (&Next, Option<DayPart>),
    now: Instant,
) -> Outcome<u64> {
    let at = match next {
        Next::Again { at }
        | Next::Callback { at, .. }
        | Next::Recycle { at }
        | Next::Nurture { until: at } => *at,
        Next::Offered | Next::Closed { .. } => now,
    };
    let nurture = if let Next::Nurture { until } = next { Some(*until) } else { None };
    // Who is worked anew has all attempts again.
    let is_anew = matches!(next, Next::Recycle { .. } | Next::Nurture { .. });
    let closed = if let Next::Closed { reason } = next { Some(reason.as_str()) } else { None };
    tx.run(
        "update leads set caller_id = lease_owner_id, lease_owner_id = null, lease_until = null, \
         leased_at = null, awaits_result = false, is_ready = false, denied_rule = null, \
         attempts = case when $9 = true then 0 else attempts + 1 end, \
         tries = case when $9 = true then 0 else tries + $10 end, \
         state = $4, next_at = $5, nurture_until = $6, closed_reason = $7, \
         returned_reason = null, version = version + 1, changed_at = $8 \
         where org_id = $1 and id = $2 and lease_generation = $3 and lease_owner_id is not null",
        vals![
            org,
            id,
            generation,
            next.state().code(),
            at,
            nurture,
            closed,
            now,
            is_anew,
            missed.map_or(0, Tries::one),
        ],
    )
    .await
}
