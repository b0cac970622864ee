//! A lead passes from one caller to another by the word of who leads its campaign.
//!
//! What is in somebody's hands passes as a grant of its own: it counts, so that nothing the loser
//! still sends is taken. A promised call passes to who answers for it from now on. Both tell the
//! one who lost it and the one who got it.

use super::store::{self, queue, seats};
use super::{Grant, Lead, LeadRefusal, dialling, leasing};
use crate::campaigns;
use crate::companies;
use crate::events::{Event, Kind};
use crate::people::{self, Role, Viewer};
use crate::storage::{Act, Tx};
use crate::tiers::Tier;
use crate::values::*;

/// A lead of a campaign that the viewer leads, as they saw it, locked. One that was granted to
/// somebody since, or is out of the queue, is refused.
pub async fn hold_led_in(
    tx: &mut Tx,
    act: &Act,
    viewer: &Viewer,
    (id, generation): (LeadId, i64),
) -> Outcome<Lead> {
    let lead = store::find_lead_for_update(tx, act.org, id).await?.ok_or(Error::NotFound)?;
    campaigns::actions::find_led(tx, viewer, lead.campaign).await?;
    match lead.generation == generation {
        true => Ok(lead),
        false => Err(LeadRefusal::NotFromThisState.into()),
    }
}

/// A company goes back to its queue out of a caller's hands.
pub async fn return_in(tx: &mut Tx, act: &Act, lead: Lead) -> Outcome<()> {
    leasing::take_back_in(tx, act, lead).await
}

/// What somebody holds passes to another caller of the campaign. Admission is asked anew, unless
/// the call was made already and only its result is missing.
pub async fn pass_in(
    tx: &mut Tx,
    act: &Act,
    (viewer, lead): (&Viewer, &Lead),
    to: UserId,
) -> Outcome<Grant> {
    let from = lead.lease.ok_or(LeadRefusal::NotFromThisState)?.owner;
    check_taker(tx, viewer, lead, to).await?;
    if from == to {
        return Err(Fields::one("to", "unknown-choice"));
    }
    // What the taker asks for meanwhile waits, or is waited for.
    seats::insert_empty_seat(tx, act.org, to, lead.campaign).await?;
    if let Some(held) = store::find_held(tx, act.org, to).await?
        && (held.is_held(act.now) || !leasing::lapse_in(tx, act, held.id).await?)
    {
        return Err(LeadRefusal::TakerHoldsAnother.into());
    }
    if !lead.awaits_result {
        dialling::admit_in(tx, act, lead, None).await?;
    }
    let campaign = campaigns::actions::find(tx, act.org, lead.campaign).await?;
    let until = act.now.plus_ms(campaign.policy.lease_seconds * 1_000);
    let grant = (lead.id, lead.generation);
    if queue::update_passed(tx, act.org, grant, (to, until), act.now).await? == 0 {
        return Err(LeadRefusal::StaleLease.into());
    }
    seats::update_idle(tx, act.org, from, Some(act.now)).await?;
    seats::update_idle(tx, act.org, to, None).await?;
    companies::actions::take_back_in(tx, act, lead.company, from).await?;
    companies::actions::lend_in(tx, act, lead.company, to, until).await?;
    let generation = lead.generation + 1;
    tell_in(tx, act, lead, (Some(from), Some(to)), generation).await?;
    Ok(Grant { lead: lead.id, company: lead.company, generation, until })
}

/// A promised call passes to another caller of the campaign, or to anyone, as its lead was seen: by
/// another version nothing passes, for somebody else has passed it or kept it since.
pub async fn promise_in(
    tx: &mut Tx,
    act: &Act,
    (viewer, lead): (&Viewer, &Lead),
    (to, version): (Option<UserId>, Option<i64>),
) -> Outcome<()> {
    if version != Some(lead.version) {
        return Err(LeadRefusal::NotFromThisState.into());
    }
    if let Some(to) = to {
        check_taker(tx, viewer, lead, to).await?;
    }
    if store::callbacks::update_callback_owner(tx, act.org, lead.id, to).await? == 0 {
        return Err(LeadRefusal::NotFromThisState.into());
    }
    tell_in(tx, act, lead, (lead.callback_owner, to), lead.generation).await
}

/// Whoever gets a lead calls for its campaign, is a caller still, and is one whom the viewer leads:
/// of somebody else neither of them would see what became of it.
async fn check_taker(tx: &mut Tx, viewer: &Viewer, lead: &Lead, to: UserId) -> Outcome<()> {
    let tier = Tier::Acquisition;
    let members = campaigns::actions::list_members(tx, viewer.org, lead.campaign, tier).await?;
    let taker = people::actions::find_user(tx, viewer.org, to).await?;
    let is_caller = taker.is_some_and(|user| {
        user.roles.has(Role::Caller) && viewer.scope().sees(Some(user.id), user.team)
    });
    match is_caller && members.contains(&to) {
        true => Ok(()),
        false => Err(Fields::one("to", "unknown-choice")),
    }
}

pub(super) async fn tell_in(
    tx: &mut Tx,
    act: &Act,
    lead: &Lead,
    (from, to): (Option<UserId>, Option<UserId>),
    generation: i64,
) -> Outcome<()> {
    Event::new(Kind::LeadReassigned, lead.id)
        .company(lead.company)
        .campaign(lead.campaign)
        .person(to)
        .tier(1)
        .with("from", from.map(|from| from.to_string()))
        .with("generation", generation)
        .record(tx, act)
        .await?;
    for user in [from, to].into_iter().flatten() {
        tx.announce(format!("user:{user}"));
    }
    tx.announce(format!("campaign:{}", lead.campaign));
    Ok(())
}
