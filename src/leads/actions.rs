//! What is done with leads.

use std::collections::BTreeSet;

use super::callbacks::CancelReason;
use super::{Lead, LeadRefusal, LeadState, Priority, Snapshot, anew, keeping, passing, store};
use crate::begin;
use crate::campaigns::passport::Passport;
use crate::campaigns::{self, CampaignRefusal, CampaignState};
use crate::companies;
use crate::events::{self, Event, Kind, Recorded};
use crate::people::{self, Scope, Viewer};
use crate::storage::{Act, Tx, take_numbers};
use crate::tiers::Tier;
use crate::values::*;

/// A lead of the firm, for the rooms above.
pub async fn find(tx: &mut Tx, org: OrgId, id: LeadId) -> Outcome<Lead> {
    store::find_lead(tx, org, id).await?.ok_or(Error::NotFound)
}

/// What the caller learned of a lead that qualified; nothing for any other.
pub async fn find_passport(tx: &mut Tx, org: OrgId, id: LeadId) -> Outcome<Passport> {
    store::find_passport(tx, org, id).await
}

/// Keeps what was learned of a lead that qualifies, for the hand-off that is made of it.
pub async fn keep_passport_in(
    tx: &mut Tx,
    org: OrgId,
    id: LeadId,
    passport: &Passport,
) -> Outcome<()> {
    store::update_passport(tx, org, id, passport).await.map(drop)
}

/// Tier 2 took the offered lead.
pub async fn convert_in(tx: &mut Tx, act: &Act, lead: LeadId) -> Outcome<()> {
    match store::update_converted(tx, act.org, lead, act.now).await? {
        0 => Err(LeadRefusal::NotFromThisState.into()),
        _ => Ok(()),
    }
}

/// Tier 2 sent the offered lead back or let its clock run out: it is its caller's again, first
/// in their queue, with the reason.
pub async fn return_in(tx: &mut Tx, act: &Act, lead: LeadId, reason: &str) -> Outcome<()> {
    let found = store::find_lead_for_update(tx, act.org, lead).await?.ok_or(Error::NotFound)?;
    match store::update_returned(tx, act.org, lead, reason, act.now).await? {
        0 => Err(LeadRefusal::NotFromThisState.into()),
        _ => keeping::owe_in(tx, act, &found).await,
    }
}

/// A lead that came back is offered again, as after a rejection that was overturned.
pub async fn offer_in(tx: &mut Tx, act: &Act, lead: LeadId) -> Outcome<()> {
    let found = store::find_lead_for_update(tx, act.org, lead).await?.ok_or(Error::NotFound)?;
    match store::update_offered(tx, act.org, found.id, act.now).await? {
        0 => Err(LeadRefusal::NotFromThisState.into()),
        _ => keeping::cancel_in(tx, act, &found, CancelReason::Offered).await,
    }
}

/// Starts a campaign, or goes on with a paused one: every company of its segment that is not yet
/// a lead of it becomes one. Says how many.
pub async fn launch(act: &Act, viewer: &Viewer, id: CampaignId) -> Outcome<u64> {
    go_on(act, viewer, id, "").await
}

/// The same; where complaints stopped the campaign, `why` says why it goes on.
pub async fn go_on(act: &Act, viewer: &Viewer, id: CampaignId, why: &str) -> Outcome<u64> {
    let mut tx = begin!(act);
    companies::actions::hold_base(&mut tx, act.org).await?;
    let mut campaign = campaigns::actions::find_led(&mut tx, viewer, id).await?;
    if campaign.complained_at.is_some() {
        campaigns::actions::answer_in(&mut tx, act, &campaign, why).await?;
        campaign = campaigns::actions::find_led(&mut tx, viewer, id).await?;
    }
    if campaigns::actions::find_script(&mut tx, act.org, id).await?.is_none() {
        return Err(CampaignRefusal::NoScript.into());
    }
    let callers = campaigns::actions::list_members(&mut tx, act.org, id, Tier::Acquisition).await?;
    if callers.is_empty() {
        return Err(CampaignRefusal::NobodyCalls.into());
    }
    let segment = &campaign.segment;
    let count =
        campaigns::actions::count_segment(&mut tx, act.org, segment, Some(id), act.now).await?;
    if count == 0 && campaign.launched_at.is_none() {
        return Err(CampaignRefusal::EmptySegment.into());
    }
    campaigns::actions::turn_in(&mut tx, act, &campaign, CampaignState::Running).await?;
    let mut made = 0;
    if count > 0 {
        let first = take_numbers(&mut tx, act.org, "lead", count).await?;
        made = store::insert_segment(&mut tx, act.org, &campaign, (first, count), act.now).await?;
    }
    store::order::update_turns(&mut tx, act.org, id, &campaign.segment.mix).await?;
    tx.finish(made).await
}

/// A ban was lifted: what calls had closed by it waits in the queue again, unless another ban
/// still forbids calling the company or the attempts of the campaign are used up. Follows both the
/// company that was banned and the one at which the ban was lifted.
pub(super) async fn reopen_unbanned(act: &Act, lifted: &Recorded) -> Outcome<()> {
    let mut tx = begin!(act);
    let told = events::list_for_subject(&mut tx, act.org, &lifted.subject).await?;
    let companies: BTreeSet<CompanyId> = told.iter().filter_map(|event| event.company).collect();
    for company in companies {
        // One that was merged since has its leads where it stands now.
        let company = companies::actions::hold_standing(&mut tx, act.org, company).await?;
        let phones = companies::actions::list_phones(&mut tx, act.org, company).await?;
        let ban = companies::actions::find_suppression(&mut tx, act.org, company, &phones, act.now);
        if ban.await?.is_some() {
            continue;
        }
        for lead in store::list_banned_for_update(&mut tx, act.org, company).await? {
            let campaign = campaigns::actions::find(&mut tx, act.org, lead.campaign).await?;
            if lead.attempts >= campaign.policy.attempts_max {
                continue;
            }
            store::update_reopened(&mut tx, act.org, lead.id, act.now).await?;
            Event::new(Kind::LeadReopened, lead.id)
                .company(company)
                .campaign(lead.campaign)
                .person(lifted.actor)
                .tier(1)
                .record(&mut tx, act)
                .await?;
            tx.announce(format!("campaign:{}", lead.campaign));
        }
    }
    // Leads come after the companies that are held, as everywhere.
    anew::look_unbanned_in(&mut tx, act).await?;
    tx.finish(()).await
}

/// Makes leads of companies, each to be called in the order of its instant; those that are leads
/// of the campaign already stay as they are. Says how many are new.
pub async fn enlist_in(
    tx: &mut Tx,
    act: &Act,
    campaign: CampaignId,
    companies: &[(CompanyId, Instant)],
) -> Outcome<u64> {
    let how_many = i64::try_from(companies.len()).map_err(Error::failure)?;
    if how_many == 0 {
        return Ok(0);
    }
    let first = take_numbers(tx, act.org, "lead", how_many).await?;
    let made = store::insert_leads(tx, act.org, (campaign, first), companies, act.now).await?;
    tx.announce(format!("campaign:{campaign}"));
    Ok(made)
}

/// The lead a caller holds, also when its lease has run out and nobody noticed yet.
pub async fn find_held(tx: &mut Tx, org: OrgId, user: UserId) -> Outcome<Option<Lead>> {
    store::find_held(tx, org, user).await
}

/// Leads of a caller that wait for their promised call, soonest first.
pub async fn list_promised(
    tx: &mut Tx,
    org: OrgId,
    (user, now): (UserId, Instant),
    limit: i64,
) -> Outcome<Vec<Lead>> {
    store::list_promised(tx, org, (user, now), limit).await
}

/// Leads of a campaign that are in somebody's hands or promised, within what the viewer sees.
pub async fn list_watched(tx: &mut Tx, scope: &Scope, id: CampaignId) -> Outcome<Vec<Lead>> {
    store::list_watched(tx, scope, id).await
}

/// Where the leads of a campaign stand, as codes with counts.
pub async fn count_places(
    tx: &mut Tx,
    org: OrgId,
    id: CampaignId,
    now: Instant,
) -> Outcome<Vec<(String, i64)>> {
    store::count_places(tx, org, id, now).await
}

/// When the next company of a campaign may be called at the soonest: when a lead's rest ends, and
/// the campaign calls. `None` where nobody waits.
pub async fn find_next_at(tx: &mut Tx, org: OrgId, id: CampaignId) -> Outcome<Option<Instant>> {
    let Some(at) = store::find_next_at(tx, org, id).await? else { return Ok(None) };
    let campaign = campaigns::actions::find(tx, org, id).await?;
    let zone = people::actions::firm(tx, org).await?.zone;
    Ok(Some(campaign.policy.next_open(at, &zone).unwrap_or(at)))
}

/// Gives a promised call to another caller of the campaign, or to anyone, by the version of its
/// lead that was seen.
pub async fn reassign(
    act: &Act,
    viewer: &Viewer,
    id: LeadId,
    (to, version): (Option<UserId>, i64),
) -> Outcome<()> {
    let mut tx = begin!(act);
    let lead = store::find_lead_for_update(&mut tx, act.org, id).await?.ok_or(Error::NotFound)?;
    campaigns::actions::find_led(&mut tx, viewer, lead.campaign).await?;
    passing::promise_in(&mut tx, act, (viewer, &lead), (to, Some(version))).await?;
    tx.finish(()).await
}

/// Puts a lead before or after the others of its queue, from where it was seen to stand; for who
/// leads its campaign. A company in somebody's hands stays there.
pub async fn prioritise(
    act: &Act,
    viewer: &Viewer,
    id: LeadId,
    (was, priority): (Priority, Priority),
) -> Outcome<()> {
    let mut tx = begin!(act);
    let seen = find(&mut tx, act.org, id).await?;
    campaigns::actions::find_led(&mut tx, viewer, seen.campaign).await?;
    let lead = store::find_lead_for_update(&mut tx, act.org, id).await?.ok_or(Error::NotFound)?;
    let put = (was, priority);
    if store::order::update_priority(&mut tx, act.org, id, put, act.now).await? == 0 {
        let is_there = lead.state == LeadState::Queued;
        let refusal =
            if is_there { LeadRefusal::PutElsewhere } else { LeadRefusal::NotFromThisState };
        return Err(refusal.into());
    }
    Event::new(Kind::LeadPrioritised, id)
        .company(lead.company)
        .campaign(lead.campaign)
        .tier(1)
        .reason(priority.code().to_owned())
        .record(&mut tx, act)
        .await?;
    tx.announce(format!("campaign:{}", lead.campaign));
    tx.finish(()).await
}

/// Puts a lead back to what it was before its last call, as part of taking that call back.
pub async fn restore_in(
    tx: &mut Tx,
    act: &Act,
    (id, version): (LeadId, i64),
    (call, before): (CallId, &Snapshot),
) -> Outcome<()> {
    let found = store::find_lead_for_update(tx, act.org, id).await?.ok_or(Error::NotFound)?;
    if store::update_restored(tx, act.org, (id, version), before, act.now).await? == 0 {
        return Err(LeadRefusal::NotFromThisState.into());
    }
    let promised = before.callback_at.map(|at| (at, before.callback_owner));
    keeping::restore_in(tx, act, (&found, call), promised).await
}

/// Every lead a company is or was, the newest first.
pub async fn list_for_company(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<Vec<Lead>> {
    store::list_for_company(tx, org, company).await
}
