//! What is done with hand-offs: accept, reject, contest, decide, pass on, offer again.

mod lookups;
pub(super) mod offering;

pub use lookups::*;

use self::offering::{
    NewOffer, Wishes, accept_in, assign_in, campaign_of, offer_in, side_of, told,
};
use super::{
    Answerer, CONTEST_DAYS, Decision, Handoff, HandoffRefusal, Judge, Offered, Opened,
    RejectionReason, Side, clock, jobs, store,
};
use crate::begin;
use crate::campaigns::passport::Passport;
use crate::clients;
use crate::companies;
use crate::events::Kind;
use crate::leads::{self, LeadState};
use crate::meetings;
use crate::opportunities::actions::is_upsell_open;
use crate::people::{self, Role, Scope, Viewer};
use crate::storage::{Act, Tx};
use crate::tiers::Tier;
use crate::values::*;

/// Takes the offer; says what was opened.
pub async fn accept(act: &Act, viewer: &Viewer, id: HandoffId) -> Outcome<Opened> {
    let mut tx = begin!(act);
    let handoff = found_for_update(&mut tx, &viewer.scope(), id).await?;
    let by = answerer(&mut tx, act, viewer, &handoff).await?;
    let opened = accept_in(&mut tx, act, &handoff, by).await?;
    tx.finish(opened).await
}

/// Sends the offer back with a reason that its giver sees. A lead goes back to its caller.
pub async fn reject(
    act: &Act,
    viewer: &Viewer,
    id: HandoffId,
    reason: RejectionReason,
    comment: &str,
) -> Outcome<()> {
    let mut tx = begin!(act);
    let handoff = found_for_update(&mut tx, &viewer.scope(), id).await?;
    let by = answerer(&mut tx, act, viewer, &handoff).await?;
    let rejected = handoff.reject(by, reason, comment, act.now)?;
    keep_answer(&mut tx, act, &rejected).await?;
    return_lead_in(&mut tx, act, &rejected, reason.code()).await?;
    told(Kind::HandoffRejected, &rejected)
        .reason(reason.code().to_owned())
        .record(&mut tx, act)
        .await?;
    announce(&mut tx, &rejected);
    let for_good = act.now.plus_days(CONTEST_DAYS).plus_ms(1);
    jobs::drop_later_in(&mut tx, act, &rejected, for_good).await?;
    tx.finish(()).await
}

/// The talk of a lead that was sent back for good is held by nobody; not where the lead was offered
/// with it again and that offer waits or was taken.
pub(super) async fn drop_meeting(act: &Act, id: HandoffId) -> Outcome<()> {
    let mut tx = begin!(act);
    let handoff = found_for_update(&mut tx, &Scope::whole(act.org), id).await?;
    let later = later_in(&mut tx, act, &handoff).await?;
    let goes_on = later.iter().any(|other| {
        other.meeting == handoff.meeting && (!other.came_back() || other.is_overturned())
    });
    if let Some(meeting) = handoff.meeting.filter(|_| !goes_on)
        && (handoff.is_rejected_for_good(act.now) || handoff.state == super::HandoffState::Expired)
    {
        meetings::actions::drop_in(&mut tx, act, meeting).await?;
    }
    tx.finish(()).await
}

/// Contests a rejection; the head of either team will decide.
pub async fn contest(act: &Act, viewer: &Viewer, id: HandoffId, words: &str) -> Outcome<()> {
    let mut tx = begin!(act);
    let handoff = found_for_update(&mut tx, &viewer.scope(), id).await?;
    if !later_in(&mut tx, act, &handoff).await?.is_empty() {
        return Err(HandoffRefusal::OfferedAnew.into());
    }
    let contested = handoff.contest(viewer.id(), words, act.now)?;
    keep_dispute(&mut tx, act, &contested).await?;
    told(Kind::HandoffDisputed, &contested).record(&mut tx, act).await?;
    announce(&mut tx, &contested);
    for team in [contested.giver_team, contested.receiver.team].into_iter().flatten() {
        tx.announce(format!("team:{team}"));
    }
    tx.finish(()).await
}

/// Decides a contested rejection. What is overturned counts as accepted for its giver and is
/// offered again, to the person named or by turn; says which offer that is.
pub async fn decide(
    act: &Act,
    viewer: &Viewer,
    id: HandoffId,
    (decision, words): (Decision, &str),
    to: Option<UserId>,
) -> Outcome<Option<HandoffId>> {
    let mut tx = begin!(act);
    let handoff = found_for_update(&mut tx, &viewer.scope(), id).await?;
    let decided = handoff.decide(judge(viewer), decision, words, act.now)?;
    keep_dispute(&mut tx, act, &decided).await?;
    told(Kind::HandoffDecided, &decided)
        .reason(decision.code().to_owned())
        .record(&mut tx, act)
        .await?;
    announce(&mut tx, &decided);
    let again = match decision {
        Decision::Upheld => {
            jobs::drop_later_in(&mut tx, act, &decided, act.now).await?;
            None
        }
        Decision::Overturned if !is_waiting_in(&mut tx, act, &decided).await? => None,
        Decision::Overturned => {
            if let Offered::Lead(lead) = decided.offered {
                leads::actions::offer_in(&mut tx, act, lead).await?;
            }
            let passport = decided.passport.clone();
            Some(repeat_in(&mut tx, act, &decided, passport, to).await?)
        }
    };
    tx.finish(again).await
}

/// Passes an open offer on to somebody else of the tier; its clock begins anew. For heads.
pub async fn reassign(act: &Act, viewer: &Viewer, id: HandoffId, to: UserId) -> Outcome<()> {
    let mut tx = begin!(act);
    let handoff = found_for_update(&mut tx, &viewer.scope(), id).await?;
    if !handoff.is_headed_by(judge(viewer)) {
        return Err(HandoffRefusal::NotTheHead.into());
    }
    let side = side_of(&mut tx, act.org, to, handoff.to()).await?;
    check_diary_in(&mut tx, act, &handoff, to).await?;
    reassign_in(&mut tx, act, &handoff, side).await?;
    tx.finish(()).await
}

/// Whoever is chosen to take a lead is free for the talk that was agreed with it.
async fn check_diary_in(tx: &mut Tx, act: &Act, handoff: &Handoff, to: UserId) -> Outcome<()> {
    match handoff.meeting {
        Some(meeting) => meetings::booking::check_host_in(tx, act, meeting, to).await,
        None => Ok(()),
    }
}

/// Offers a contract or a client again after it came back, with the passport put right.
pub async fn offer_again(
    act: &Act,
    viewer: &Viewer,
    id: HandoffId,
    passport: Passport,
    to: Option<UserId>,
) -> Outcome<HandoffId> {
    let mut tx = begin!(act);
    let handoff = found_for_update(&mut tx, &viewer.scope(), id).await?;
    if handoff.giver != viewer.id() && !handoff.is_headed_by(judge(viewer)) {
        return Err(HandoffRefusal::NotTheHead.into());
    }
    handoff.check_again()?;
    check_passport(&mut tx, act, handoff.campaign, &passport).await?;
    let again = repeat_in(&mut tx, act, &handoff, passport, to).await?;
    tx.finish(again).await
}

/// Offers a client back to tier 2, where they may buy more; not while an earlier up-sell of theirs
/// is still being sold. Under a policy by which one person keeps the client it is accepted at once
/// and earns nothing by itself: what the client then pays does.
pub async fn offer_upsell(
    act: &Act,
    viewer: &Viewer,
    client: ClientId,
    passport: Passport,
    to: Option<UserId>,
) -> Outcome<HandoffId> {
    let mut tx = begin!(act);
    let client = clients::actions::find_for_update(&mut tx, &viewer.scope(), client).await?;
    let client = client.filter(|client| client.is_active()).ok_or(Error::NotFound)?;
    check_upsell(&passport)?;
    check_nothing_sold(&mut tx, act.org, client.company).await?;
    let campaign = campaign_of(&mut tx, act.org, client.campaign).await?;
    let offered = Offered::Client(client.id);
    let keeps = campaign.as_ref().is_some_and(|c| c.engagement.keeps(Tier::Service, Tier::Sales));
    let receiver = match to {
        _ if keeps => Side { user: Some(client.owner), team: client.team },
        Some(user) => side_of(&mut tx, act.org, user, Tier::Sales).await?,
        None => {
            let known = store::find_last_taker(&mut tx, act.org, client.company, Tier::Sales);
            let known = known.await?;
            let wishes = Wishes { known, ..Wishes::default() };
            assign_in(&mut tx, act.org, offered, campaign.as_ref(), client.owner, wishes).await?
        }
    };
    let new = NewOffer {
        offered,
        company: client.company,
        campaign: client.campaign,
        meeting: None,
        again_of: None,
        giver: client.owner,
        receiver,
        passport,
    };
    let handoff = offer_in(&mut tx, act, new, campaign.as_ref()).await?;
    let handoff = handoff.ok_or(HandoffRefusal::AlreadyOffered)?;
    if keeps {
        let team = client.team;
        let by = Answerer { user: client.owner, team, delay_minutes: 0 };
        accept_in(&mut tx, act, &handoff, by).await?;
    }
    tx.finish(handoff.id).await
}

/// The clock of an offer ran out: a lead goes back to its caller, anything else up to a head.
pub(super) async fn expire(act: &Act, id: HandoffId) -> Outcome<()> {
    let mut tx = begin!(act);
    let handoff = found_for_update(&mut tx, &Scope::whole(act.org), id).await?;
    let delay = delay(&mut tx, act, &handoff).await?;
    let Ok(expired) = handoff.expire(delay, act.now) else {
        // Somebody answered between the look and the lock.
        return tx.finish(()).await;
    };
    keep_answer(&mut tx, act, &expired).await?;
    told(Kind::HandoffExpired, &expired).record(&mut tx, act).await?;
    announce(&mut tx, &expired);
    match expired.offered {
        Offered::Lead(_) => {
            return_lead_in(&mut tx, act, &expired, "expired").await?;
            jobs::drop_later_in(&mut tx, act, &expired, act.now).await?;
        }
        Offered::Contract(_) | Offered::Client(_) => escalate_in(&mut tx, act, &expired).await?,
    }
    tx.finish(()).await
}

/// What is offered to a person who was shut out, or does the work of that tier no more, is offered
/// to somebody else.
pub(super) async fn pass_on_all(act: &Act, user: UserId) -> Outcome<()> {
    let mut tx = begin!(act);
    let of = people::actions::find_user(&mut tx, act.org, user).await?.ok_or(Error::NotFound)?;
    let mut open = store::list_open_of(&mut tx, act.org, user).await?;
    open.retain(|handoff| !offering::may_answer(&of, handoff.to()));
    for handoff in open {
        let side = other_than_in(&mut tx, act, &handoff, user).await?;
        reassign_in(&mut tx, act, &handoff, side).await?;
    }
    tx.finish(()).await
}

/// Offers of a tier that wait for one person pass to another, and by turn to a third where the
/// other gave them; their clocks begin anew.
pub async fn pass_on_in(
    tx: &mut Tx,
    act: &Act,
    (from, tier): (UserId, Tier),
    to: UserId,
) -> Outcome<()> {
    let side = side_of(tx, act.org, to, tier).await?;
    let mut open = store::list_open_of(tx, act.org, from).await?;
    open.retain(|handoff| handoff.to() == tier);
    for handoff in &open {
        let is_theirs = handoff.giver == to;
        let side = if is_theirs { other_than_in(tx, act, handoff, from).await? } else { side };
        reassign_in(tx, act, handoff, side).await?;
    }
    Ok(())
}

/// Who takes an offer instead of one person: somebody of the tier by turn, or who is above.
async fn other_than_in(tx: &mut Tx, act: &Act, handoff: &Handoff, but: UserId) -> Outcome<Side> {
    let campaign = campaign_of(tx, act.org, handoff.campaign).await?;
    let (offered, giver) = (handoff.offered, handoff.giver);
    let wishes = Wishes { unwilling: Some(but), meeting: handoff.meeting, ..Wishes::default() };
    let by_turn = assign_in(tx, act.org, offered, campaign.as_ref(), giver, wishes).await?;
    if by_turn.user != Some(but) {
        return Ok(by_turn);
    }
    let above = offering::above(tx, act.org, handoff.to(), by_turn, Some(giver)).await?;
    above.ok_or_else(|| HandoffRefusal::NobodyThere.into())
}

async fn reassign_in(tx: &mut Tx, act: &Act, handoff: &Handoff, to: Side) -> Outcome<()> {
    let campaign = campaign_of(tx, act.org, handoff.campaign).await?;
    let firm = people::actions::firm(tx, act.org).await?;
    let due_at = clock::due_at(campaign.as_ref(), &firm, act.now);
    let passed = handoff.reassign(to, due_at, act.now)?;
    if store::update_receiver(tx, act.org, &passed).await? == 0 {
        return Err(HandoffRefusal::Stale.into());
    }
    told(Kind::HandoffReassigned, &passed)
        .with("before", handoff.receiver.user.map(|user| user.to_string()))
        .record(tx, act)
        .await?;
    announce(tx, handoff);
    announce(tx, &passed);
    Ok(())
}

/// The same record offered once more, to a named person or by turn to somebody else.
async fn repeat_in(
    tx: &mut Tx,
    act: &Act,
    before: &Handoff,
    passport: Passport,
    to: Option<UserId>,
) -> Outcome<HandoffId> {
    if let Offered::Client(client) = before.offered {
        // The client is the lock at which two up-sells of theirs meet.
        let whole = Scope::whole(act.org);
        clients::actions::find_for_update(tx, &whole, client).await?;
        check_nothing_sold(tx, act.org, before.company).await?;
    }
    let campaign = campaign_of(tx, act.org, before.campaign).await?;
    let receiver = match to {
        Some(user) => {
            let side = side_of(tx, act.org, user, before.to()).await?;
            check_diary_in(tx, act, before, user).await?;
            side
        }
        None => {
            let unwilling = before.receiver.user;
            let wishes = Wishes { unwilling, meeting: before.meeting, ..Wishes::default() };
            assign_in(tx, act.org, before.offered, campaign.as_ref(), before.giver, wishes).await?
        }
    };
    let new = NewOffer { receiver, passport, ..NewOffer::again(before) };
    let again = offer_in(tx, act, new, campaign.as_ref()).await?;
    Ok(again.ok_or(HandoffRefusal::AlreadyOffered)?.id)
}

/// Nobody below answered: a head of the tier is asked, then the owner. When these let it run out
/// too it stays where its giver and the heads see it and can offer it again.
async fn escalate_in(tx: &mut Tx, act: &Act, expired: &Handoff) -> Outcome<()> {
    let (to, giver) = (expired.to(), Some(expired.giver));
    let Some(receiver) = offering::above(tx, act.org, to, expired.receiver, giver).await? else {
        return Ok(());
    };
    let campaign = campaign_of(tx, act.org, expired.campaign).await?;
    let new = NewOffer { receiver, ..NewOffer::again(expired) };
    offer_in(tx, act, new, campaign.as_ref()).await?;
    Ok(())
}

/// Gives a lead back to its caller, unless it has left the way between the tiers meanwhile.
async fn return_lead_in(tx: &mut Tx, act: &Act, handoff: &Handoff, reason: &str) -> Outcome<()> {
    let Offered::Lead(id) = handoff.offered else { return Ok(()) };
    let lead = leads::actions::find(tx, act.org, id).await?;
    if lead.state == LeadState::Offered {
        leads::actions::return_in(tx, act, id, reason).await?;
    }
    if let Some(meeting) = handoff.meeting {
        meetings::actions::free_host_in(tx, act, meeting).await?;
    }
    Ok(())
}

/// True when the record of an overturned rejection still waits for somebody: a lead may have been
/// called again, qualified anew or closed since it came back.
async fn is_waiting_in(tx: &mut Tx, act: &Act, handoff: &Handoff) -> Outcome<bool> {
    Ok(match handoff.offered {
        Offered::Lead(id) => {
            let lead = leads::actions::find(tx, act.org, id).await?;
            lead.state == LeadState::Queued && lead.lease.is_none()
        }
        Offered::Client(_) if is_upsell_open(tx, act.org, handoff.company).await? => false,
        Offered::Contract(_) | Offered::Client(_) => {
            later_in(tx, act, handoff).await?.iter().all(Handoff::came_back)
        }
    })
}

/// The offers of the same record that came after this one.
async fn later_in(tx: &mut Tx, act: &Act, handoff: &Handoff) -> Outcome<Vec<Handoff>> {
    let mut all = store::list_of_record(tx, act.org, handoff.offered).await?;
    all.retain(|other| other.number > handoff.number);
    Ok(all)
}

async fn check_passport(
    tx: &mut Tx,
    act: &Act,
    campaign: Option<CampaignId>,
    answers: &Passport,
) -> Outcome<()> {
    use crate::campaigns::passport::check;
    let campaign = campaign_of(tx, act.org, campaign).await?;
    let required = campaign.map(|campaign| campaign.passport).unwrap_or_default();
    check(&required, answers).map_err(Error::Invalid)
}

/// A client is offered for more when somebody said what they need and what comes next.
fn check_upsell(answers: &Passport) -> Outcome<()> {
    use crate::campaigns::passport::{PassportField, check};
    check(&[PassportField::Need, PassportField::NextStep], answers).map_err(Error::Invalid)
}

/// One up-sell of a client at a time: another waits until the earlier one is won or lost.
async fn check_nothing_sold(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<()> {
    if is_upsell_open(tx, org, company).await? {
        return Err(HandoffRefusal::UpsellIsOpen.into());
    }
    Ok(())
}

/// The hand-off, kept from others until the transaction ends: its company first, as merges do.
async fn found_for_update(tx: &mut Tx, scope: &Scope, id: HandoffId) -> Outcome<Handoff> {
    let seen = store::find(tx, scope, id).await?.ok_or(Error::NotFound)?;
    companies::actions::find_standing_for_update(tx, scope.org, seen.company).await?;
    store::find_for_update(tx, scope, id).await?.ok_or(Error::NotFound)
}

async fn answerer(tx: &mut Tx, act: &Act, viewer: &Viewer, handoff: &Handoff) -> Outcome<Answerer> {
    let delay_minutes = delay(tx, act, handoff).await?;
    Ok(Answerer { user: viewer.id(), team: viewer.user.team, delay_minutes })
}

async fn delay(tx: &mut Tx, act: &Act, handoff: &Handoff) -> Outcome<i64> {
    let campaign = campaign_of(tx, act.org, handoff.campaign).await?;
    let firm = people::actions::firm(tx, act.org).await?;
    let hours = clock::hours(campaign.as_ref(), firm.country);
    Ok(clock::working_minutes(hours, handoff.offered_at, act.now, &firm.zone))
}

/// What a person may do as a judge of contests and a head of offers.
pub fn judge(viewer: &Viewer) -> Judge {
    let heads = if viewer.is(Role::Head) { viewer.user.team } else { None };
    Judge { user: viewer.id(), heads, is_above: viewer.is(Role::Owner) }
}

async fn keep_answer(tx: &mut Tx, act: &Act, handoff: &Handoff) -> Outcome<()> {
    match store::update_answer(tx, act.org, handoff).await? {
        0 => Err(HandoffRefusal::Stale.into()),
        _ => Ok(()),
    }
}

async fn keep_dispute(tx: &mut Tx, act: &Act, handoff: &Handoff) -> Outcome<()> {
    match store::update_dispute(tx, act.org, handoff).await? {
        0 => Err(HandoffRefusal::Stale.into()),
        _ => Ok(()),
    }
}

/// Tells the live screens of both sides.
fn announce(tx: &mut Tx, handoff: &Handoff) {
    tx.announce(format!("handoff:{}", handoff.id));
    tx.announce(format!("user:{}", handoff.giver));
    if let Some(user) = handoff.receiver.user {
        tx.announce(format!("user:{user}"));
    }
    if let Some(team) = handoff.receiver.team {
        tx.announce(format!("team:{team}"));
    }
}
