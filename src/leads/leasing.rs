//! The lease: who may call a company, one at a time, for a while.
//!
//! A grant is one conditional statement that counts it. What was found admissible when the queue
//! filled is asked about again in the transaction that grants; what is denied there waits until
//! its rule lets go, so the queue never spins. A caller's own requests take turns at their seat,
//! a company's at its row: neither can be leased twice.

use super::filling::{self, LOW, MOMENT};
use super::store::lapsed;
use super::store::queue::{self, Ask, Candidate, Slot};
use super::store::seats;
use super::{
    Grant, Lead, LeadRefusal, Next, SkipReason, dialling, keeping, passing, resting, store,
};
use crate::begin;
use crate::campaigns::parts::DayPart;
use crate::campaigns::{self, Campaign};
use crate::companies;
use crate::events::{self, Event, Kind};
use crate::people::{self, Viewer};
use crate::storage::{Act, Begun, Tx};
use crate::values::*;

/// How many such moments one waits before one is told that there is nobody to call.
const TURNS_MAX: usize = 40;
/// Candidates one grant looks at before it says that there is nobody to call.
const LOOKS_MAX: usize = 256;
/// Whoever held no company for so long has had a break.
const BREAK_MINUTES: i64 = 5;
/// So has whoever asked for nothing and told nothing for so long, whatever they held.
pub(super) const ABSENT_MINUTES: i64 = 30;
/// No talk takes longer.
const TALK_HOURS: i64 = 4;
/// Lapsed leases one grant tidies away.
const LAPSED_MAX: i64 = 16;

/// Leases the next admissible company of a campaign; `None` when nobody may be called. A caller
/// who holds one gets that again.
pub async fn lease(act: &Act, viewer: &Viewer, id: CampaignId) -> Outcome<Option<Grant>> {
    for _ in 0..TURNS_MAX {
        let grant = lease_once(act, viewer, id).await?;
        if let Turn::Answered(grant) = grant {
            return Ok(grant);
        }
        tokio::time::sleep(MOMENT).await;
    }
    Ok(None)
}

/// What one try came to.
enum Turn {
    /// A company, or the knowledge that nobody may be called.
    Answered(Option<Grant>),
    /// Whoever is ready is just being looked at by others; nothing was written.
    Busy,
}

async fn lease_once(act: &Act, viewer: &Viewer, id: CampaignId) -> Outcome<Turn> {
    let mut look = act.db.read().await?;
    let is_low = filling::is_low(&mut look, act.org, id, act.now).await?;
    let low = if is_low { Some(find_called(&mut look, viewer, id).await?) } else { None };
    drop(look);
    if let Some(campaign) = low {
        filling::fill(act, &campaign, LOW).await?;
    }
    let mut tx = match act.begin().await? {
        Begun::Fresh(tx) => *tx,
        Begun::Done(answer) => return Ok(Turn::Answered(answer)),
    };
    let campaign = find_called(&mut tx, viewer, id).await?;
    if !campaign.is_running() {
        return Err(LeadRefusal::NotRunning.into());
    }
    let since = |minutes: i64| act.now.plus_minutes(-minutes);
    let rested = (since(BREAK_MINUTES), since(ABSENT_MINUTES), since(TALK_HOURS * 60));
    seats::update_working(&mut tx, act.org, viewer.id(), rested, act.now).await?;
    seats::insert_seat(&mut tx, act.org, viewer.id(), id, act.now).await?;
    if let Some(held) = store::find_held(&mut tx, act.org, viewer.id()).await? {
        if let Some(grant) = live_grant(&held, act.now) {
            return tx.finish(Some(grant)).await.map(Turn::Answered);
        }
        if !lapse_in(&mut tx, act, held.id).await? {
            // It was renewed, or ended in another way, after it was read.
            let held = store::find_held(&mut tx, act.org, viewer.id()).await?;
            if let Some(grant) = held.and_then(|held| live_grant(&held, act.now)) {
                return tx.finish(Some(grant)).await.map(Turn::Answered);
            }
        }
    }
    let (grant, looks) = look_in(&mut tx, act, &campaign, viewer).await?;
    if grant.is_none()
        && let Some(rest) = resting::keeps_from(&mut tx, act, (&campaign, viewer.id())).await?
    {
        return Err(resting::refuse(&mut tx, act, &rest).await?);
    }
    if grant.is_none()
        && looks == 0
        && (queue::has_ready(&mut tx, act.org, id, act.now).await?
            || queue::has_waiting(&mut tx, act.org, id, act.now).await?)
    {
        return Ok(Turn::Busy);
    }
    tx.finish(grant).await.map(Turn::Answered)
}

/// A campaign this person calls for; others may not know of it.
pub(super) async fn find_called(tx: &mut Tx, viewer: &Viewer, id: CampaignId) -> Outcome<Campaign> {
    let campaign = campaigns::actions::find(tx, viewer.org, id).await?;
    let is_theirs = campaigns::actions::is_caller(tx, viewer, id).await?;
    if is_theirs { Ok(campaign) } else { Err(Error::NotFound) }
}

/// True where a campaign gives this caller companies: it runs, and they call for it still.
async fn gives(tx: &mut Tx, campaign: &Campaign, viewer: &Viewer) -> Outcome<bool> {
    Ok(campaign.is_running() && campaigns::actions::is_caller(tx, viewer, campaign.id).await?)
}

pub(super) fn live_grant(held: &Lead, now: Instant) -> Option<Grant> {
    let lease = held.lease.filter(|_| held.is_held(now))?;
    let (lead, company) = (held.id, held.company);
    Some(Grant { lead, company, generation: lease.generation, until: lease.until })
}

/// Holds off a caller's other requests until this transaction ends.
pub async fn sit_in(tx: &mut Tx, act: &Act, caller: UserId, campaign: CampaignId) -> Outcome<()> {
    seats::insert_seat(tx, act.org, caller, campaign, act.now).await
}

/// The campaign a caller sat down at last.
pub async fn find_seat(tx: &mut Tx, org: OrgId, caller: UserId) -> Outcome<Option<CampaignId>> {
    seats::find_seat(tx, org, caller).await
}

/// Leases the next admissible company to somebody who sits and holds none; nothing to who does not
/// call for the campaign any more.
pub async fn next_in(
    tx: &mut Tx,
    act: &Act,
    campaign: &Campaign,
    viewer: &Viewer,
) -> Outcome<Option<Grant>> {
    if !gives(tx, campaign, viewer).await? {
        return Ok(None);
    }
    look_in(tx, act, campaign, viewer).await.map(|(grant, _)| grant)
}

/// The same; also says at how many candidates was looked in vain.
async fn look_in(
    tx: &mut Tx,
    act: &Act,
    campaign: &Campaign,
    viewer: &Viewer,
) -> Outcome<(Option<Grant>, usize)> {
    for lapsed in lapsed::list_expired(tx, act.org, act.now, LAPSED_MAX).await? {
        lapse_in(tx, act, lapsed).await?;
    }
    let (caller, zone) = (viewer.id(), &viewer.zone);
    let ask = Ask { org: act.org, campaign, zone, now: act.now };
    let (granted, promised) = look_at_promised_in(tx, act, &ask, caller).await?;
    // Who rests is given what was promised, and nothing else.
    if granted.is_some() || resting::keeps_from(tx, act, (campaign, caller)).await?.is_some() {
        return Ok((granted, promised));
    }
    let (mut is_sifted, mut is_filled) = (false, false);
    let mut looks = 0;
    while looks < LOOKS_MAX {
        match queue::list_ready(tx, &ask, 1).await?.pop() {
            Some(candidate) => {
                let granted = try_in(tx, act, &ask, (candidate, caller)).await?;
                if granted.is_some() {
                    return Ok((granted, looks));
                }
                looks += 1;
                // Where one was denied that was ready the hour has changed, and others are, too.
                if !is_sifted {
                    looks += filling::sift_in(tx, &ask).await?;
                    is_sifted = true;
                }
            }
            None if is_filled => break,
            None => is_filled = filling::fill_in(tx, &ask).await? == 0,
        }
    }
    Ok((None, promised + looks))
}

/// The promised calls come before the others. Where one that is due is denied, all that are due are
/// looked at together, as those that are ready.
async fn look_at_promised_in(
    tx: &mut Tx,
    act: &Act,
    ask: &Ask<'_>,
    caller: UserId,
) -> Outcome<(Option<Grant>, usize)> {
    let mut looks = 0;
    while looks < LOOKS_MAX
        && let Some(candidate) = queue::list_due_callbacks(tx, ask, caller, 1).await?.pop()
    {
        let granted = try_in(tx, act, ask, (candidate, caller)).await?;
        if granted.is_some() {
            return Ok((granted, looks));
        }
        if looks == 0 {
            looks += filling::sift_promised_in(tx, act, ask, caller).await?;
        }
        looks += 1;
    }
    Ok((None, looks))
}

/// Asks admission once more and grants; `None` when it denies or somebody was faster.
async fn try_in(
    tx: &mut Tx,
    act: &Act,
    ask: &Ask<'_>,
    (mut candidate, caller): (Candidate, UserId),
) -> Outcome<Option<Grant>> {
    if let Err((rule, until)) = dialling::judge_in(tx, act, ask, &mut candidate).await? {
        deny_in(tx, act, ask, &candidate, (rule.code(), until)).await?;
        return Ok(None);
    }
    grant_in(tx, act, ask.campaign, (candidate.slot, caller)).await
}

/// A candidate waits until its rule lets go; where that is never, nothing is promised any more.
async fn deny_in(
    tx: &mut Tx,
    act: &Act,
    ask: &Ask<'_>,
    candidate: &Candidate,
    denied: (&str, Instant),
) -> Outcome<()> {
    queue::update_denied(tx, ask, &[candidate.slot.id], denied).await?;
    match candidate.facts.is_promised {
        true => keeping::deny_in(tx, act, candidate.slot.id, denied.0).await,
        false => Ok(()),
    }
}

pub(super) async fn grant_in(
    tx: &mut Tx,
    act: &Act,
    campaign: &Campaign,
    (slot, caller): (Slot, UserId),
) -> Outcome<Option<Grant>> {
    let until = act.now.plus_ms(campaign.policy.lease_seconds * 1_000);
    let lease = (caller, until);
    if queue::update_leased(tx, act.org, slot, lease, act.now).await? == 0 {
        return Ok(None);
    }
    let (lead, company, generation) = (slot.id, slot.company, slot.generation + 1);
    seats::update_idle(tx, act.org, caller, None).await?;
    companies::actions::lend_in(tx, act, company, caller, until).await?;
    Event::new(Kind::LeadLeased, lead)
        .company(company)
        .campaign(campaign.id)
        .person(caller)
        .tier(1)
        .with("generation", generation)
        .with("preset", campaign.policy.preset.mark())
        .record(tx, act)
        .await?;
    tx.announce(format!("campaign:{}", campaign.id));
    Ok(Some(Grant { lead, company, generation, until }))
}

/// A lead in the caller's hands under that grant, locked, and its company before it; refuses when
/// it is not theirs any more. Who never held it does not learn that there is such a lead.
pub async fn hold_in(
    tx: &mut Tx,
    act: &Act,
    (id, generation): (LeadId, i64),
    caller: UserId,
) -> Outcome<Lead> {
    let seen = super::actions::find(tx, act.org, id).await?;
    hold_seen_in(tx, act, (&seen, generation), caller).await
}

/// The same of a lead that was read in this transaction.
pub async fn hold_seen_in(
    tx: &mut Tx,
    act: &Act,
    (seen, generation): (&Lead, i64),
    caller: UserId,
) -> Outcome<Lead> {
    let lead = hold_after_company_in(tx, act.org, seen).await?;
    let held = lead.lease_of(caller, generation);
    if held.is_err() && !is_worked_by(tx, act.org, &lead, caller).await? {
        return Err(Error::NotFound);
    }
    held?;
    Ok(lead)
}

/// A lead, locked, and its company before it, as merges and erasures take it.
pub(super) async fn hold_after_company_in(tx: &mut Tx, org: OrgId, seen: &Lead) -> Outcome<Lead> {
    companies::actions::find_standing_for_update(tx, org, seen.company).await?;
    store::find_lead_for_update(tx, org, seen.id).await?.ok_or(Error::NotFound)
}

/// True for who holds a lead, and for whom it was granted or passed to before: nobody else of its
/// campaign knows the company.
pub async fn is_worked_by(tx: &mut Tx, org: OrgId, lead: &Lead, user: UserId) -> Outcome<bool> {
    if lead.lease.is_some_and(|lease| lease.owner == user) {
        return Ok(true);
    }
    let told = events::list_for_subject(tx, org, &lead.id.to_string()).await?;
    let is_grant = |kind| matches!(kind, Kind::LeadLeased | Kind::LeadReassigned);
    Ok(told.iter().any(|event| is_grant(event.kind) && event.person == Some(user)))
}

/// Ends the lease with the result of a call, which may have missed them in a part of their day, and
/// moves the lead on; says its version after.
pub async fn settle_in(
    tx: &mut Tx,
    act: &Act,
    (lead, call): (&Lead, CallId),
    (next, missed): (&Next, Option<DayPart>),
) -> Outcome<i64> {
    let grant = (lead.id, lead.generation);
    if queue::update_settled(tx, act.org, grant, (next, missed), act.now).await? == 0 {
        return Err(LeadRefusal::StaleLease.into());
    }
    keeping::settle_in(tx, act, (lead, call), next).await?;
    if let Some(lease) = lead.lease {
        seats::update_idle(tx, act.org, lease.owner, Some(act.now)).await?;
        companies::actions::keep_in_sight_in(tx, act, lead.company, lease.owner).await?;
    }
    if let Next::Closed { reason } = next {
        Event::new(Kind::LeadClosed, lead.id)
            .company(lead.company)
            .campaign(lead.campaign)
            .person(lead.lease.map(|lease| lease.owner))
            .tier(1)
            .reason(reason.clone())
            .record(tx, act)
            .await?;
    }
    tx.announce(format!("campaign:{}", lead.campaign));
    Ok(lead.version + 1)
}

/// Makes the caller's lease as long as a fresh one; says until when.
pub async fn renew(
    act: &Act,
    viewer: &Viewer,
    (id, generation): (LeadId, i64),
) -> Outcome<Instant> {
    let mut tx = begin!(act);
    // Whoever asks for the next company meanwhile waits; a renewal that is refused leaves no seat.
    let seen = super::actions::find(&mut tx, act.org, id).await?;
    sit_in(&mut tx, act, viewer.id(), seen.campaign).await?;
    let lead = hold_seen_in(&mut tx, act, (&seen, generation), viewer.id()).await?;
    let campaign = campaigns::actions::find(&mut tx, act.org, lead.campaign).await?;
    let until = act.now.plus_ms(campaign.policy.lease_seconds * 1_000);
    let caller = viewer.id();
    let grant = (id, generation);
    if queue::update_lease_until(&mut tx, act.org, grant, caller, until).await? == 0 {
        return Err(LeadRefusal::StaleLease.into());
    }
    companies::actions::lend_in(&mut tx, act, lead.company, caller, until).await?;
    tx.finish(until).await
}

/// Gives a company back without calling it, with a reason.
pub async fn release(
    act: &Act,
    viewer: &Viewer,
    (id, generation): (LeadId, i64),
    reason: SkipReason,
) -> Outcome<()> {
    let mut tx = begin!(act);
    let lead = hold_in(&mut tx, act, (id, generation), viewer.id()).await?;
    let rest = act.now.plus_minutes(reason.rest_minutes());
    let next_at = if reason == SkipReason::Pause { lead.next_at } else { rest };
    free_in(&mut tx, act, &lead, (Kind::LeadReleased, reason.code()), next_at).await?;
    if reason == SkipReason::Pause {
        resting::pause_in(&mut tx, act, viewer.id()).await?;
    }
    tx.finish(()).await
}

/// Gives a company back for a caller who takes another instead, as when a call is taken back.
pub(super) async fn put_down_in(tx: &mut Tx, act: &Act, caller: UserId) -> Outcome<()> {
    let Some(held) = store::find_held(tx, act.org, caller).await? else { return Ok(()) };
    let next_at = held.next_at;
    free_in(tx, act, &held, (Kind::LeadReleased, SkipReason::Pause.code()), next_at).await
}

/// The head takes a company out of a caller's hands, as they saw it: what was granted to somebody
/// since stays there.
pub async fn take_back(act: &Act, viewer: &Viewer, grant: (LeadId, i64)) -> Outcome<()> {
    let mut tx = begin!(act);
    let lead = passing::hold_led_in(&mut tx, act, viewer, grant).await?;
    take_back_in(&mut tx, act, lead).await?;
    tx.finish(()).await
}

/// A company goes back to its queue out of a caller's hands.
pub(super) async fn take_back_in(tx: &mut Tx, act: &Act, lead: Lead) -> Outcome<()> {
    let Some(lease) = lead.lease else { return Err(LeadRefusal::NotFromThisState.into()) };
    let owner = people::actions::find_user(tx, act.org, lease.owner).await?;
    // Who was shut out cannot say any more how their call went.
    let lead = match owner.is_some_and(|owner| owner.disabled_at.is_some()) {
        true => Lead { awaits_result: false, ..lead },
        false => lead,
    };
    free_in(tx, act, &lead, (Kind::LeadReleased, "taken_back"), act.now).await
}

/// A lease that ran out returns its company to the queue.
pub(super) async fn lapse_in(tx: &mut Tx, act: &Act, id: LeadId) -> Outcome<bool> {
    let found = store::find_lead_for_update(tx, act.org, id).await?;
    let Some(lead) = found.filter(|lead| lead.lease.is_some() && !lead.is_held(act.now)) else {
        return Ok(false);
    };
    free_in(tx, act, &lead, (Kind::LeaseExpired, ""), act.now).await?;
    Ok(true)
}

async fn free_in(
    tx: &mut Tx,
    act: &Act,
    lead: &Lead,
    (kind, reason): (Kind, &str),
    next_at: Instant,
) -> Outcome<()> {
    if lead.awaits_result {
        return Err(LeadRefusal::AwaitsResult.into());
    }
    let grant = (lead.id, lead.generation);
    if queue::update_freed(tx, act.org, grant, next_at, act.now).await? == 0 {
        return Err(LeadRefusal::StaleLease.into());
    }
    let owner = lead.lease.map(|lease| lease.owner);
    if let Some(owner) = owner {
        seats::update_idle(tx, act.org, owner, Some(act.now)).await?;
        companies::actions::take_back_in(tx, act, lead.company, owner).await?;
        tx.announce(format!("user:{owner}"));
    }
    Event::new(kind, lead.id)
        .company(lead.company)
        .campaign(lead.campaign)
        .person(owner)
        .tier(1)
        .reason((!reason.is_empty()).then(|| reason.to_owned()))
        .with("generation", lead.generation)
        .record(tx, act)
        .await?;
    if lead.callback_at.is_some() {
        keeping::review_in(tx, act, lead.id).await?;
    }
    tx.announce(format!("campaign:{}", lead.campaign));
    Ok(())
}

/// Leases a lead to the caller who takes their call about it back, past the rules of how often;
/// what they hold instead goes back. Where the campaign gives them nothing any more it stays in its
/// queue.
pub async fn regrant_in(
    tx: &mut Tx,
    act: &Act,
    campaign: &Campaign,
    (id, viewer): (LeadId, &Viewer),
) -> Outcome<Option<Grant>> {
    if !gives(tx, campaign, viewer).await? {
        keeping::review_in(tx, act, id).await?;
        return Ok(None);
    }
    put_down_in(tx, act, viewer.id()).await?;
    let seen = super::actions::find(tx, act.org, id).await?;
    let lead = hold_after_company_in(tx, act.org, &seen).await?;
    let slot = Slot { id, company: lead.company, generation: lead.generation };
    let grant = grant_in(tx, act, campaign, (slot, viewer.id())).await?;
    Ok(Some(grant.ok_or(LeadRefusal::NotFromThisState)?))
}
