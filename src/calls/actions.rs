//! What is done with calls: record one and take the next company, take one back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::results::{self, CallForm, CallResults, Situation};
use super::{Call, Meaning, Mechanism, dead, decider, load, measured, shields, slots, store};
use crate::begin;
use crate::campaigns::{self, Campaign, Script, TargetAction};
use crate::companies::actions::Noticed;
use crate::companies::{self, Standing};
use crate::events::{Event, Kind};
use crate::leads::{self, Grant, Lead, LeadRefusal, dialling, filling, keeping, leasing, resting};
use crate::people::Viewer;
use crate::storage::{Act, Tx};
use crate::telephony::{self, Attempt, actions::Filed};
use crate::tiers::Tier;
use crate::values::*;
use crate::verification::{self, About, Change, CheckedBy, Field, Finding, Verify};
use crate::web::drafts;

/// What became of a recorded call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// The call.
    pub call: CallId,
    /// The meeting it booked.
    pub meeting: Option<MeetingId>,
    /// The next company, leased in the same transaction; absent when nobody may be called now, or
    /// the caller rests.
    pub next: Option<Grant>,
    /// Until when the caller rests.
    #[serde(default)]
    pub rests_until: Option<Instant>,
}

/// Under which scope what is typed about a lead is kept.
pub fn draft_scope(lead: LeadId) -> String {
    format!("lead:{lead}")
}

/// Records a call with its two results and leases the next admissible company, in one
/// transaction. What was typed under a lease that is no longer the caller's is kept as a draft.
pub async fn record(
    act: &Act,
    viewer: &Viewer,
    lead: LeadId,
    form: &CallForm,
) -> Outcome<Recorded> {
    let form = &form.clone().by_one_key();
    let ban = match form.outcome.parse() {
        Ok(meaning @ (Meaning::DoNotCall | Meaning::Abusive)) => {
            // A key that is another request's is refused before anything stands.
            if let Some(done) = act.find_done(&mut act.db.read().await?).await? {
                return Ok(done);
            }
            shields::state(&act.part("suppress"), viewer, lead, meaning).await?
        }
        _ => None,
    };
    let done = record_leased(act, viewer, lead, (form, ban)).await;
    if let Err(Error::Refused(refusal)) = &done
        && refusal.code() == LeadRefusal::StaleLease.code()
    {
        keep_typed(act, viewer, lead, form).await?;
    }
    done
}

async fn record_leased(
    act: &Act,
    viewer: &Viewer,
    id: LeadId,
    (form, ban): (&CallForm, Option<SuppressionId>),
) -> Outcome<Recorded> {
    let mut look = act.db.read().await?;
    let seen = find_worked_lead(&mut look, viewer, id).await?;
    filling::top_up(act, look, seen.campaign).await?;
    let mut tx = begin!(act);
    let (seen, campaign) = find_worked(&mut tx, viewer, id).await?;
    leasing::sit_in(&mut tx, act, viewer.id(), campaign.id).await?;
    let grant = (&seen, form.generation);
    let lead = leasing::hold_seen_in(&mut tx, act, grant, viewer.id()).await?;
    let call = record_in(&mut tx, act, viewer, (&campaign, &lead), (form, ban)).await?;
    let meeting = call.meeting;
    let rest = load::guard_in(&mut tx, act, viewer, &campaign).await?;
    let next = match form.then.as_str() {
        "pause" => {
            resting::pause_in(&mut tx, act, viewer.id()).await?;
            None
        }
        _ => leasing::next_in(&mut tx, act, &campaign, viewer).await?,
    };
    tx.announce(format!("user:{}", viewer.id()));
    let rests_until = rest.map(|rest| rest.until);
    tx.finish(Recorded { call: call.id, meeting, next, rests_until }).await
}

/// Records a call about a lead in the caller's hands, as part of another transaction, and with it
/// the ban that it raised.
pub async fn record_in(
    tx: &mut Tx,
    act: &Act,
    viewer: &Viewer,
    (campaign, lead): (&Campaign, &Lead),
    (form, ban): (&CallForm, Option<SuppressionId>),
) -> Outcome<Call> {
    let lease = (lead.id, lead.generation);
    let attempts = telephony::actions::list_of_lease(tx, act.org, lease).await?;
    let (mut results, measured) =
        read_in(tx, act, viewer, (campaign, lead), (form, &attempts)).await?;
    // A machine knows better than a form; a call that passed on is of who made it, and pays them.
    let dialled = telephony::actions::dialled(&attempts);
    let (caller, phone) = dialled.unwrap_or((viewer.id(), None));
    results.phone = phone.or(results.phone);
    let meeting = match &results.meeting {
        Some(booked) => {
            let who = (viewer, caller);
            Some(slots::book_in(tx, act, who, (campaign, lead), booked).await?)
        }
        None => None,
    };
    let said = (measured, results.is_said.then_some(viewer.id()));
    let made = (meeting, ban);
    let call = keep_in(tx, act, (campaign, lead), (caller, &results, said), made).await?;
    let is_measured = telephony::actions::file_in(tx, act, &attempts, filed(&call)).await?;
    dead::review_in(tx, act, &call, viewer).await?;
    tell_in(tx, act, (campaign, lead), (&call, is_measured), &results).await?;
    drafts::forget(tx, act.org, viewer.id(), &draft_scope(lead.id)).await?;
    Ok(call)
}

/// A lead that this person holds or held, and its campaign; others may not know of it.
pub async fn find_worked(tx: &mut Tx, viewer: &Viewer, id: LeadId) -> Outcome<(Lead, Campaign)> {
    let lead = find_worked_lead(tx, viewer, id).await?;
    let campaign = campaigns::actions::find(tx, viewer.org, lead.campaign).await?;
    Ok((lead, campaign))
}

pub(super) async fn find_worked_lead(tx: &mut Tx, viewer: &Viewer, id: LeadId) -> Outcome<Lead> {
    let lead = leads::actions::find(tx, viewer.org, id).await?;
    let is_theirs = leasing::is_worked_by(tx, viewer.org, &lead, viewer.id()).await?;
    if is_theirs { Ok(lead) } else { Err(Error::NotFound) }
}

/// Keeps what was typed about a lead that is in other hands meanwhile, as a draft of the person.
pub async fn keep_typed(
    act: &Act,
    viewer: &Viewer,
    id: LeadId,
    form: &impl Serialize,
) -> Outcome<()> {
    let body = serde_json::to_string(&typed(form)?).map_err(Error::failure)?;
    let mut tx = act.db.begin().await?;
    let whose = (act.org, viewer.id());
    drafts::keep(&mut tx, whose, &draft_scope(id), &body, act.now).await?;
    tx.commit().await
}

/// What was typed, by field, as drafts hold it.
fn typed(form: &impl Serialize) -> Outcome<BTreeMap<String, String>> {
    let value = serde_json::to_value(form).map_err(Error::failure)?;
    let all = value.as_object().cloned().unwrap_or_default();
    Ok(all
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
        .filter(|(_, text)| !text.is_empty())
        .collect())
}

async fn read_in(
    tx: &mut Tx,
    act: &Act,
    viewer: &Viewer,
    (campaign, lead): (&Campaign, &Lead),
    (form, attempts): (&CallForm, &[Attempt]),
) -> Outcome<(CallResults, Option<Mechanism>)> {
    let company = companies::actions::find(tx, act.org, lead.company).await?;
    let company = company.ok_or(Error::NotFound)?;
    // Only who says who decides, or why they refused, needs to have it looked up.
    let contacts = match form.decider.is_empty() && form.decider_name.is_empty() {
        true => Vec::new(),
        false => companies::actions::list_contacts(tx, act.org, lead.company).await?,
    };
    let reasons = match form.reason.is_empty() {
        true => Vec::new(),
        false => campaigns::actions::list_reasons(tx, act.org).await?,
    };
    let phones =
        companies::actions::list_callable_phones(tx, act.org, lead.company, act.now).await?;
    let (phones, _) = dialling::sort_in(tx, act.org, lead, phones, act.now).await?;
    let measured = measured::find_in(tx, viewer, (attempts, &phones), act.now).await?;
    let phones: Vec<PhoneId> = phones.iter().map(|phone| phone.id).collect();
    let script = find_script(tx, act.org, campaign.id, &form.script_version).await?;
    let callers = match form.callback_fallback.is_empty() {
        true => Vec::new(),
        false => {
            campaigns::actions::list_members(tx, act.org, campaign.id, Tier::Acquisition).await?
        }
    };
    let may_be_rejected =
        measured == Some(Mechanism::Rejected) || form.mechanism == Mechanism::Rejected.code();
    let was_rejected = may_be_rejected && store::was_rejected(tx, act.org, lead.id).await?;
    let situation = Situation {
        now: act.now,
        caller: viewer.id(),
        zone: company.zone_or(&viewer.zone),
        campaign,
        lead,
        reasons: &reasons,
        phones: &phones,
        measured,
        was_rejected,
        callers: &callers,
        contacts: &contacts,
        near: companies::Near::of(viewer.country, company.city.as_deref()),
        script: script.as_ref(),
    };
    let results = results::read(form, &situation).map_err(Error::Invalid)?;
    Ok((results, measured))
}

/// The script in the version that was seen, the newest where none is named; nothing where there
/// never was such a one.
async fn find_script(
    tx: &mut Tx,
    org: OrgId,
    id: CampaignId,
    seen: &str,
) -> Outcome<Option<Script>> {
    if seen.is_empty() {
        return campaigns::actions::find_script(tx, org, id).await;
    }
    let Ok(version) = seen.parse() else { return Ok(None) };
    campaigns::actions::find_script_of(tx, org, (id, version)).await
}

/// Moves the lead on and keeps the call beside it.
async fn keep_in(
    tx: &mut Tx,
    act: &Act,
    (campaign, lead): (&Campaign, &Lead),
    (caller, results, said): (UserId, &CallResults, (Option<Mechanism>, Option<UserId>)),
    (meeting, ban): (Option<MeetingId>, Option<SuppressionId>),
) -> Outcome<Call> {
    let id = CallId::fresh(act.now);
    let next = (&results.next, results.missed());
    let lead_version = leasing::settle_in(tx, act, (lead, id), next).await?;
    if results.meaning == Meaning::Qualified {
        leads::actions::keep_passport_in(tx, act.org, lead.id, &results.passport).await?;
    }
    let call = Call {
        id,
        lead: lead.id,
        campaign: campaign.id,
        company: lead.company,
        caller,
        generation: lead.generation,
        at: act.now,
        mechanism: results.mechanism,
        measured: said.0,
        mechanism_by: said.1,
        meaning: results.meaning,
        reason: results.reason.clone(),
        note: results.note.clone(),
        phone: results.phone,
        script_version: results.script_version,
        checkpoints: results.checkpoints.clone(),
        branch: results.branch,
        callback_at: results.next.promised().map(|(at, _)| at),
        meeting,
        ban,
        lead_version,
        reversed_at: None,
    };
    let under = (campaign.purpose.code(), campaign.legal_basis.code(), results.part);
    if store::insert_call(tx, act.org, &call, under, &lead.snapshot()).await? == 0 {
        return Err(LeadRefusal::StaleLease.into());
    }
    Ok(call)
}

/// What telephony is told of a call with its results.
fn filed(call: &Call) -> Filed {
    Filed {
        call: call.id,
        grant: (call.lead, call.generation),
        company: call.company,
        campaign: call.campaign,
        caller: call.caller,
        phone: call.phone,
    }
}

/// Records what happened, for the story, for pay and for who follows.
async fn tell_in(
    tx: &mut Tx,
    act: &Act,
    (campaign, lead): (&Campaign, &Lead),
    (call, is_measured): (&Call, bool),
    results: &CallResults,
) -> Outcome<()> {
    let about = |kind: Kind, subject: String| {
        Event::new(kind, subject)
            .company(call.company)
            .campaign(call.campaign)
            .person(call.caller)
            .tier(1)
    };
    about(Kind::CallRecorded, call.id.to_string())
        .reason(call.meaning.code().to_owned())
        .with("lead", lead.id.to_string())
        .with("mechanism", call.mechanism.code())
        .with("measured", call.measured.map(|one| one.code().to_owned()))
        .with("attempt", lead.attempts + 1)
        .with("attested", !is_measured)
        .record(tx, act)
        .await?;
    if results.next.promised().is_some() {
        keeping::tell_promised_in(tx, act, lead).await?;
    }
    match call.meaning {
        Meaning::BadNumber => fail_number_in(tx, act, campaign, call).await?,
        Meaning::Refusal => {
            let refused = about(Kind::LeadRefused, lead.id.to_string()).reason(call.reason.clone());
            refused.record(tx, act).await?;
        }
        Meaning::DecisionMakerFound => {
            let found = about(Kind::DecisionMakerFound, lead.id.to_string())
                .target(campaign.is_target(TargetAction::DecisionMakerFound));
            decide_in(tx, act, (call, found), results).await?;
        }
        Meaning::Qualified => {
            about(Kind::LeadQualified, lead.id.to_string())
                .with("meeting", call.meeting.map(|id| id.to_string()))
                .record(tx, act)
                .await?;
        }
        _ => {}
    }
    Ok(())
}

/// Who decides stands on the card however often they are named; it counts once for a lead.
async fn decide_in(
    tx: &mut Tx,
    act: &Act,
    (call, found): (&Call, Event),
    results: &CallResults,
) -> Outcome<()> {
    let Some(named) = &results.decider else { return Ok(()) };
    let contact = decider::keep_in(tx, act, call, named).await?;
    if !is_repeated(tx, act.org, call).await? {
        found.with("contact", contact.to_string()).record(tx, act).await?;
    }
    Ok(())
}

/// The number that was dialled is not theirs any more, or never was one: it is marked, and the
/// check that found it is kept. In a round that check is work.
async fn fail_number_in(tx: &mut Tx, act: &Act, campaign: &Campaign, call: &Call) -> Outcome<()> {
    let standing = match call.mechanism {
        Mechanism::Answered => Standing::Wrong,
        _ => Standing::Dead,
    };
    let wrong = Verify::of(call.company, Field::Phone, Finding::Wrong, CheckedBy::Call);
    let mut verify = Verify { call: Some(call.id), ..wrong };
    if let Some(id) = call.phone {
        let marked = (standing, Noticed::ByCheck);
        let was = companies::actions::mark_phone_in(tx, act, id, marked).await?;
        verify.change = was.and_then(|was| Change::phone(id, was, standing));
        let known = companies::actions::find_phone(tx, act.org, id).await?;
        verify.about = known.as_ref().map(About::phone).unwrap_or_default();
    }
    if campaign.is_round() {
        verification::actions::verify_for_in(tx, act, verify, Some(campaign.id)).await?;
    } else if verify.change.is_some() {
        // What stood so before lowers nothing. A number that was not said stays as it stands.
        verification::actions::note_in(tx, act, verify).await?;
    }
    Ok(())
}

/// True when an earlier call about the lead meant the same.
async fn is_repeated(tx: &mut Tx, org: OrgId, call: &Call) -> Outcome<bool> {
    let all = store::list_for_lead(tx, org, call.lead).await?;
    Ok(all.iter().any(|other| {
        other.id != call.id && other.meaning == call.meaning && other.reversed_at.is_none()
    }))
}

/// A lead the viewer may look at: one they hold or called, or one of a campaign they lead.
pub async fn find_seen(tx: &mut Tx, viewer: &Viewer, id: LeadId) -> Outcome<Lead> {
    let lead = leads::actions::find(tx, viewer.org, id).await?;
    let calls = list_for_lead(tx, viewer.org, id).await?;
    let is_held = lead.lease.is_some_and(|lease| lease.owner == viewer.id());
    let is_own = is_held || calls.iter().any(|call| call.caller == viewer.id());
    let campaign = campaigns::actions::find(tx, viewer.org, lead.campaign).await?;
    if is_own || campaign.is_led_by(viewer) { Ok(lead) } else { Err(Error::NotFound) }
}

/// Calls of a lead, newest first, also those taken back.
pub async fn list_for_lead(tx: &mut Tx, org: OrgId, lead: LeadId) -> Outcome<Vec<Call>> {
    store::list_for_lead(tx, org, lead).await
}

/// The latest calls to a company.
pub async fn list_for_company(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    limit: i64,
) -> Outcome<Vec<Call>> {
    store::list_for_company(tx, org, company, limit).await
}

/// The caller's last call with whether it may still be taken back; what may not is told of only
/// just after it was recorded.
pub async fn find_last(
    tx: &mut Tx,
    org: OrgId,
    caller: UserId,
    now: Instant,
) -> Outcome<Option<(Call, bool)>> {
    let since = now.plus_ms(-super::REVERSAL_MS);
    let last = store::find_last_of(tx, org, caller, since).await?;
    let last = last.map(|call| (call.reverse(caller, now).is_ok(), call));
    let is_told = |may: bool, call: &Call| may || now <= call.at.plus_ms(super::TOLD_MS);
    Ok(last.filter(|(may, call)| is_told(*may, call)).map(|(may, call)| (call, may)))
}

/// A caller's own figures since an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, utoipa::ToSchema)]
pub struct OwnFigures {
    /// Attempts.
    pub calls: i64,
    /// Attempts on which somebody spoke.
    pub answered: i64,
    /// Leads qualified.
    pub qualified: i64,
    /// Refusals.
    pub refusals: i64,
}

/// What a caller has done since an instant.
pub async fn count_own(
    tx: &mut Tx,
    org: OrgId,
    caller: UserId,
    since: Instant,
) -> Outcome<OwnFigures> {
    let mut own = OwnFigures::default();
    for (meaning, mechanism, count) in store::count_of(tx, org, caller, since).await? {
        own.calls += count;
        if mechanism == Mechanism::Answered.code() {
            own.answered += count;
        }
        match meaning.parse() {
            Ok(Meaning::Qualified) => own.qualified += count,
            Ok(Meaning::Refusal) => own.refusals += count,
            _ => {}
        }
    }
    Ok(own)
}

/// A campaign's calls since an instant, by meaning and reason.
pub async fn count_in_campaign(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
    since: Instant,
) -> Outcome<Vec<(String, Option<String>, i64)>> {
    store::count_in_campaign(tx, org, campaign, since).await
}
