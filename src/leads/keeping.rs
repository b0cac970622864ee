//! Promised calls: made, kept, cancelled, opened again. Everything that changes a lead comes here
//! for its callback, in the same transaction.

use super::callbacks::{Callback, CallbackEnd, CallbackOrigin, CancelReason, Ended};
use super::store::callbacks::{self as store, Whose};
use super::{Lead, LeadState, Next, Said, passing};
use crate::begin;
use crate::campaigns::{self, CampaignState};
use crate::companies;
use crate::events::{Event, Kind, Recorded};
use crate::people;
use crate::storage::{Act, Tx};
use crate::values::*;
use crate::web::{Cursor, Slice};

/// Callbacks that one transaction looks at when their campaign stops or their caller leaves.
const LOOKS_MAX: i64 = 100;

/// A call ended with a result: what was promised is kept, and what it promises is open.
pub(super) async fn settle_in(
    tx: &mut Tx,
    act: &Act,
    (lead, call): (&Lead, CallId),
    next: &Next,
) -> Outcome<()> {
    if lead.callback_at.is_some() {
        let kept = end_in(tx, act, lead, CallbackEnd::Done(call)).await?;
        let resumes = kept.and_then(|kept| kept.resumes);
        if let (Next::Again { at }, Some(resumes)) = (next, resumes)
            && resumes > *at
        {
            super::store::update_resumed(tx, act.org, lead, resumes).await?;
        }
    }
    let Next::Callback { at, owner, said } = next else { return Ok(()) };
    let asked_by = lead.lease.map(|lease| lease.owner);
    let made = fresh(lead, CallbackOrigin::Call, act.now);
    let Said { fallback, zone } = said.clone();
    let made = Callback { asked_in: Some(call), asked_by, at: *at, fallback, zone, ..made };
    let made = made.of(*owner);
    store::insert_callback(tx, act.org, &made).await
}

/// Tells of the call that was promised, and takes the promise back at once where it can never be
/// kept, as when the campaign was stopped meanwhile.
pub async fn tell_promised_in(tx: &mut Tx, act: &Act, lead: &Lead) -> Outcome<()> {
    let Some(made) = store::find_open_callback(tx, act.org, lead.id).await? else {
        return Ok(());
    };
    told(Kind::CallbackPromised, lead, &made).record(tx, act).await?;
    review_in(tx, act, lead.id).await
}

/// Tier 2 sent the lead back: its caller owes it a call at once.
pub(super) async fn owe_in(tx: &mut Tx, act: &Act, lead: &Lead) -> Outcome<()> {
    let made = fresh(lead, CallbackOrigin::Return, act.now);
    let made = Callback { asked_by: act.actor, owner: lead.caller, ..made };
    open_in(tx, act, lead, &made).await?;
    review_in(tx, act, lead.id).await
}

/// A company called and nobody took it: who answers for it calls back as soon as one may, unless
/// somebody has it in hand or a call is promised.
pub async fn owe_warm_in(tx: &mut Tx, act: &Act, lead: LeadId, owner: UserId) -> Outcome<()> {
    let found = super::store::find_lead_for_update(tx, act.org, lead).await?;
    let is_open = |lead: &Lead| {
        lead.state == LeadState::Queued && lead.lease.is_none() && lead.callback_at.is_none()
    };
    let Some(lead) = found.filter(is_open) else { return Ok(()) };
    let campaign = campaigns::actions::find(tx, act.org, lead.campaign).await?;
    let company = companies::actions::find(tx, act.org, lead.company).await?;
    let company = company.ok_or(Error::NotFound)?;
    let zone = company.zone_or(&people::actions::firm(tx, act.org).await?.zone);
    let at = match campaign.policy.is_open(act.now, &zone) {
        true => Some(act.now),
        false => campaign.policy.next_open(act.now, &zone),
    };
    let Some(at) = at else { return Ok(()) };
    let made = fresh(&lead, CallbackOrigin::Incoming, act.now);
    let resumes = Some(lead.next_at).filter(|next_at| *next_at > act.now);
    let made = Callback { at, owner: Some(owner), resumes, ..made };
    super::store::update_next_at(tx, act.org, lead.id, at).await?;
    open_in(tx, act, &lead, &made).await?;
    review_in(tx, act, lead.id).await
}

fn fresh(lead: &Lead, origin: CallbackOrigin, now: Instant) -> Callback {
    Callback {
        id: CallbackId::fresh(now),
        lead: lead.id,
        campaign: lead.campaign,
        origin,
        asked_in: None,
        asked_by: None,
        made_at: now,
        at: now,
        owner: None,
        fallback: None,
        zone: None,
        resumes: None,
        ended: None,
        version: 1,
    }
}

/// The open callback of a lead will not be made; nothing where there is none.
pub(super) async fn cancel_in(
    tx: &mut Tx,
    act: &Act,
    lead: &Lead,
    why: CancelReason,
) -> Outcome<()> {
    let ended = end_in(tx, act, lead, CallbackEnd::Cancelled(why)).await?;
    if let Some(resumes) = ended.and_then(|ended| ended.resumes) {
        super::store::update_next_at(tx, act.org, lead.id, resumes).await?;
    }
    Ok(())
}

/// Ends the open callback of a lead; says which it was.
async fn end_in(
    tx: &mut Tx,
    act: &Act,
    lead: &Lead,
    how: CallbackEnd,
) -> Outcome<Option<Callback>> {
    let ended = Ended { at: act.now, how, by: act.actor };
    let found = store::update_callback_ended(tx, act.org, lead.id, &ended).await?;
    let Some(callback) = found else { return Ok(None) };
    let event = match how {
        CallbackEnd::Done(call) => {
            told(Kind::CallbackDone, lead, &callback).with("call", call.to_string())
        }
        CallbackEnd::Cancelled(why) => {
            told(Kind::CallbackCancelled, lead, &callback).reason(why.code().to_owned())
        }
    };
    event.record(tx, act).await?;
    Ok(Some(callback))
}

/// What ended the callback was taken back: the same one is open again.
async fn reopen_in(tx: &mut Tx, act: &Act, lead: &Lead, callback: &Callback) -> Outcome<()> {
    store::update_callback_reopened(tx, act.org, callback).await?;
    told(Kind::CallbackReopened, lead, callback).record(tx, act).await?;
    Ok(())
}

/// The last call of a lead is taken back: what it promised is cancelled, what it kept is open.
pub(super) async fn restore_in(
    tx: &mut Tx,
    act: &Act,
    (lead, call): (&Lead, CallId),
    before: Option<(Instant, Option<UserId>)>,
) -> Outcome<()> {
    if lead.callback_at.is_some() {
        cancel_in(tx, act, lead, CancelReason::TakenBack).await?;
    }
    let Some((at, owner)) = before else { return Ok(()) };
    match store::find_callback_kept(tx, act.org, (lead.id, call)).await? {
        Some(kept) => reopen_in(tx, act, lead, &kept.of(owner)).await,
        None => remember_in(tx, act, lead, (at, owner)).await,
    }
}

/// A call was promised before callbacks were records, and what ended it is taken back now.
async fn remember_in(
    tx: &mut Tx,
    act: &Act,
    lead: &Lead,
    (at, owner): (Instant, Option<UserId>),
) -> Outcome<()> {
    let made = fresh(lead, CallbackOrigin::Before, act.now);
    open_in(tx, act, lead, &Callback { at, owner, ..made }).await
}

async fn open_in(tx: &mut Tx, act: &Act, lead: &Lead, made: &Callback) -> Outcome<()> {
    store::insert_callback(tx, act.org, made).await?;
    told(Kind::CallbackPromised, lead, made).record(tx, act).await?;
    Ok(())
}

/// A merge closed a lead to which a call was promised.
pub async fn cancel_merged_in(tx: &mut Tx, act: &Act, lead: LeadId) -> Outcome<()> {
    let lead = super::actions::find(tx, act.org, lead).await?;
    cancel_in(tx, act, &lead, CancelReason::Merged).await
}

/// The merge that closed a lead is undone: the call that was promised then is owed again.
pub async fn reopen_merged_in(
    tx: &mut Tx,
    act: &Act,
    lead: LeadId,
    (at, owner): (Instant, Option<UserId>),
) -> Outcome<()> {
    let lead = super::actions::find(tx, act.org, lead).await?;
    match store::find_callback_merged(tx, act.org, lead.id).await?.filter(|found| found.at == at) {
        Some(found) => reopen_in(tx, act, &lead, &found.of(owner)).await?,
        None => remember_in(tx, act, &lead, (at, owner)).await?,
    }
    review_in(tx, act, lead.id).await
}

/// A due call may not be made by a rule: one that ends no more ends the promise, too.
pub(super) async fn deny_in(tx: &mut Tx, act: &Act, lead: LeadId, rule: &str) -> Outcome<()> {
    let rule = rule.parse().ok();
    let Some(why) = rule.and_then(CancelReason::of_rule) else { return Ok(()) };
    let lead = super::actions::find(tx, act.org, lead).await?;
    cancel_in(tx, act, &lead, why).await
}

/// Looks at a promised call that nobody has in hand: one that can never be kept is cancelled, one
/// whose caller left is for who stands in, else anyone's.
pub(super) async fn review_in(tx: &mut Tx, act: &Act, lead: LeadId) -> Outcome<()> {
    let found = super::store::find_lead_for_update(tx, act.org, lead).await?;
    let is_open = |lead: &Lead| lead.callback_at.is_some() && lead.lease.is_none();
    let Some(lead) = found.filter(is_open) else { return Ok(()) };
    if let Some(why) = find_void(tx, act, &lead).await? {
        return cancel_in(tx, act, &lead, why).await;
    }
    let Some(owner) = lead.callback_owner else { return Ok(()) };
    let open = store::find_open_callback(tx, act.org, lead.id).await?;
    let fallback = open.and_then(|one| one.fallback);
    let stands_in = match fallback {
        Some(one) if is_here(tx, act.org, one).await? => Some(one),
        _ => None,
    };
    if is_here(tx, act.org, owner).await? {
        if fallback != stands_in {
            return stand_down_in(tx, act, &lead).await;
        }
        return Ok(());
    }
    store::update_callback_owner(tx, act.org, lead.id, stands_in).await?;
    passing::tell_in(tx, act, &lead, (Some(owner), stands_in), lead.generation).await
}

/// Who stood in for a promised call was shut out: nobody does.
async fn stand_down_in(tx: &mut Tx, act: &Act, lead: &Lead) -> Outcome<()> {
    store::update_callback_fallback(tx, act.org, lead.id, None).await?;
    if let Some(callback) = store::find_open_callback(tx, act.org, lead.id).await? {
        told(Kind::CallbackPassed, lead, &callback).record(tx, act).await?;
    }
    Ok(())
}

/// True for who was not shut out.
async fn is_here(tx: &mut Tx, org: OrgId, user: UserId) -> Outcome<bool> {
    let user = people::actions::find_user(tx, org, user).await?;
    Ok(user.is_none_or(|user| user.disabled_at.is_none()))
}

/// Why a promise can never be kept.
async fn find_void(tx: &mut Tx, act: &Act, lead: &Lead) -> Outcome<Option<CancelReason>> {
    let campaign = campaigns::actions::find(tx, act.org, lead.campaign).await?;
    if campaign.state == CampaignState::Stopped {
        return Ok(Some(CancelReason::CampaignStopped));
    }
    let company = companies::actions::find(tx, act.org, lead.company).await?;
    if !company.is_some_and(|company| company.is_in_base()) {
        return Ok(Some(CancelReason::NotInBase));
    }
    let phones = companies::actions::list_phones(tx, act.org, lead.company).await?;
    let ban = companies::actions::find_suppression(tx, act.org, lead.company, &phones, act.now);
    Ok(ban.await?.map(|_| CancelReason::Suppressed))
}

/// A company must not be called: what was promised to it will not be made. Who has it in hand says
/// first how that went.
pub(super) async fn follow_ban(act: &Act, banned: &Recorded) -> Outcome<()> {
    let Some(company) = banned.company else { return Ok(()) };
    let act = &act.part("callbacks");
    let mut tx = begin!(act);
    let company = companies::actions::hold_standing(&mut tx, act.org, company).await?;
    for lead in store::list_promised_of_company(&mut tx, act.org, company).await? {
        review_in(&mut tx, act, lead).await?;
    }
    tx.finish(()).await
}

/// A campaign was stopped for good: nobody makes the calls that were promised in it.
pub(super) async fn follow_stop(act: &Act, stopped: &Recorded) -> Outcome<()> {
    let Some(campaign) = stopped.campaign else { return Ok(()) };
    review_all(act, Whose::Campaign(campaign)).await
}

/// A person may not sign in any more: what they promised is for who stands in, else anyone's to
/// keep, and they stand in for nobody.
pub(super) async fn follow_leaver(act: &Act, left: &Recorded) -> Outcome<()> {
    let Ok(user) = left.subject.parse() else { return Ok(()) };
    review_all(act, Whose::Owner(user)).await?;
    review_all(&act.part("fallbacks"), Whose::Fallback(user)).await
}

async fn review_all(act: &Act, whose: Whose) -> Outcome<()> {
    let mut after = String::new();
    while let Some(last) =
        review_page(&act.part(&format!("callbacks{after}")), whose, &after).await?
    {
        after = last;
    }
    Ok(())
}

/// Looks at callbacks behind one of them; says behind which one goes on, nothing at the end.
async fn review_page(act: &Act, whose: Whose, after: &str) -> Outcome<Option<String>> {
    let mut tx = begin!(act);
    let found = store::list_open(&mut tx, act.org, whose, after, LOOKS_MAX).await?;
    for (_, lead) in &found {
        review_in(&mut tx, act, *lead).await?;
    }
    tx.finish(found.last().map(|(id, _)| id.to_string())).await
}

/// A page of what was promised of a lead, the newest first.
pub async fn list_of_lead(
    tx: &mut Tx,
    org: OrgId,
    lead: LeadId,
    cursor: &Cursor,
) -> Outcome<Slice<Callback>> {
    let limit = cursor.limit();
    let rows = store::list_callbacks(tx, org, lead, cursor.before()?, limit + 1).await?;
    Ok(Slice::cut(rows, limit, |row| format!("{}.{}", row.made_at.ms(), row.id)))
}

fn told(kind: Kind, lead: &Lead, callback: &Callback) -> Event {
    Event::new(kind, callback.id)
        .company(lead.company)
        .campaign(lead.campaign)
        .person(callback.owner)
        .tier(1)
        .with("lead", lead.id.to_string())
        .with("at", callback.at.rfc3339())
        .with("fallback", callback.fallback.map(|user| user.to_string()))
}
