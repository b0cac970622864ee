//! What a call by the product itself asks of the lead in its caller's hands: may they be called
//! now, and the lease that then waits for a result.
//!
//! Admission is the function that fills the queue, asked in the transaction that starts the call.

use super::admission::{Facts, Rule, Verdict, admit, closed_numbers, denied_numbers};
use super::store::queue::{self, Ask, Candidate, Slot};
use super::{Lead, LeadRefusal, numbers, store};
use crate::begin;
use crate::campaigns::{self, CallingPolicy, parts::Tries};
use crate::companies::{self, CompanyPhone};
use crate::events::{Event, Kind};
use crate::people::{self, Viewer};
use crate::storage::{Act, Tx};
use crate::values::*;

/// A rule forbids the call, until a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied {
    /// The rule.
    pub rule: Rule,
    /// When to ask again.
    pub until: Instant,
    /// The firm's zone, in which that moment is told.
    pub zone: Zone,
    /// Of which lead.
    pub lead: LeadId,
    /// Its company.
    pub company: CompanyId,
    /// Its campaign.
    pub campaign: CampaignId,
    /// By which rules of a country, as in `ru@1`.
    pub preset: String,
}

impl Denied {
    pub(super) fn of(ask: &Ask<'_>, slot: Slot, (rule, until): (Rule, Instant)) -> Self {
        Self {
            rule,
            until,
            zone: ask.zone.clone(),
            lead: slot.id,
            company: slot.company,
            campaign: ask.campaign.id,
            preset: ask.campaign.policy.preset.mark(),
        }
    }
}

impl Refusal for Denied {
    fn code(&self) -> &'static str {
        "call-denied"
    }
    fn args(&self) -> Vec<(&'static str, String)> {
        let until = self.until.local(&self.zone).strftime("%d.%m.%Y %H:%M").to_string();
        let rule = self.rule.code().to_owned();
        vec![("rule", rule), ("until", until), ("until_at", self.until.rfc3339())]
    }
}

/// The numbers that may be called for a lead in somebody's hands; refuses, with the rule, where
/// none may be now, or not the one that is `wanted`.
pub async fn admit_in(
    tx: &mut Tx,
    act: &Act,
    lead: &Lead,
    wanted: Option<PhoneId>,
) -> Outcome<Vec<CompanyPhone>> {
    judge_leased_in(tx, act, lead, wanted).await?.map_err(Error::from)
}

/// The same for who is about to call: what forbids it is an answer, and is kept by [`keep_denied`].
pub async fn judge_leased_in(
    tx: &mut Tx,
    act: &Act,
    lead: &Lead,
    wanted: Option<PhoneId>,
) -> Outcome<Result<Vec<CompanyPhone>, Denied>> {
    let campaign = campaigns::actions::find(tx, act.org, lead.campaign).await?;
    if !campaign.is_running() {
        return Err(LeadRefusal::NotRunning.into());
    }
    let zone = people::actions::firm(tx, act.org).await?.zone;
    let ask = Ask { org: act.org, campaign: &campaign, zone: &zone, now: act.now };
    let found = queue::find_leased(tx, &ask, (lead.id, lead.generation)).await?;
    let mut found = found.ok_or(LeadRefusal::StaleLease)?;
    numbers::learn_held_in(tx, &ask, &mut found).await?;
    let slot = found.slot;
    let denied = |rule, until| Ok(Err(Denied::of(&ask, slot, (rule, until))));
    let mut facts = found.facts;
    // In which part of the day they are tried was decided when the company was given.
    facts.tries = Tries::default();
    let mut phones =
        companies::actions::list_callable_phones(tx, act.org, lead.company, act.now).await?;
    facts.keep_numbers(&phones, act.now);
    if let Verdict::Deny { rule, until } = admit(&campaign.policy, &facts, act.now) {
        return denied(rule, until);
    }
    let held = held_numbers(&campaign.policy, &facts, &phones, act.now);
    if let Some((_, rule, until)) = held.iter().find(|(phone, _, _)| Some(*phone) == wanted) {
        return denied(*rule, *until);
    }
    phones.retain(|phone| held.iter().all(|(waits, _, _)| *waits != phone.id));
    match held.into_iter().min_by_key(|(_, _, until)| *until) {
        Some((_, rule, until)) if phones.is_empty() => denied(rule, until),
        _ => Ok(Ok(phones)),
    }
}

/// Keeps that a person was not allowed to call, by which rule of which preset and until when: in a
/// transaction of its own, for nothing else of what they asked for stands.
pub async fn keep_denied(act: &Act, viewer: &Viewer, denied: &Denied) -> Outcome<()> {
    let act = &act.part("denied");
    let mut tx = begin!(act);
    let event = Event::new(Kind::CallDenied, denied.lead)
        .company(denied.company)
        .campaign(denied.campaign)
        .person(viewer.id())
        .reason(denied.rule.code().to_owned())
        .with("preset", denied.preset.as_str())
        .with("until", denied.until.rfc3339());
    let event = match viewer.user.tier {
        Some(tier) => event.tier(tier),
        None => event,
    };
    event.record(&mut tx, act).await?;
    tx.finish(()).await
}

/// The numbers of a company that wait, each by its rule and until when: how often they were tried,
/// and the hour where they ring.
pub(super) fn held_numbers(
    policy: &CallingPolicy,
    facts: &Facts,
    phones: &[CompanyPhone],
    now: Instant,
) -> Vec<(PhoneId, Rule, Instant)> {
    let mut held = denied_numbers(&policy.bounded(), facts, now);
    held.extend(closed_numbers(policy, &facts.zone, phones, now));
    held
}

/// Why a number on record may not be dialled that is none of those that may: it is said not to
/// exist, leads nowhere, or is banned by itself.
pub(super) async fn why_undialled(tx: &mut Tx, act: &Act, id: PhoneId) -> Outcome<(Rule, Instant)> {
    let known = companies::actions::find_phone(tx, act.org, id).await?.ok_or(Error::NotFound)?;
    let later = act.now.plus_days(1);
    Ok(match known.held_until.filter(|until| *until > act.now) {
        Some(until) => (Rule::NumberHeld, until),
        None if !known.standing.is_worth_dialling() => (Rule::NoPhone, later),
        None => (Rule::Suppressed, later),
    })
}

/// The numbers of a candidate that nobody forbids to dial, or the rule that denies it now.
pub(super) async fn judge_in(
    tx: &mut Tx,
    act: &Act,
    ask: &Ask<'_>,
    candidate: &mut Candidate,
) -> Outcome<Result<Vec<CompanyPhone>, (Rule, Instant)>> {
    let policy = &ask.campaign.policy;
    // Whom another rule denies already needs no look at the numbers, which holds them.
    if let Verdict::Deny { rule, until } = admit(policy, &candidate.facts, act.now) {
        return Ok(Err((rule, until)));
    }
    numbers::learn_held_in(tx, ask, candidate).await?;
    let company = candidate.slot.company;
    let callable = companies::actions::list_callable_phones(tx, act.org, company, act.now).await?;
    let facts = &mut candidate.facts;
    facts.keep_numbers(&callable, act.now);
    if let Verdict::Deny { rule, until } = admit(policy, facts, act.now) {
        return Ok(Err((rule, until)));
    }
    let closed = closed_numbers(policy, &facts.zone, &callable, ask.now);
    let soonest = closed.iter().min_by_key(|(_, _, until)| *until);
    let all_closed = soonest.filter(|_| closed.len() == callable.len());
    Ok(match all_closed {
        Some((_, rule, until)) => Err((*rule, *until)),
        None => Ok(callable),
    })
}

/// The numbers of a lead in somebody's hands, those first that may be dialled now, and how many
/// they are. Where a rule holds them all up, the lease decides, and all are offered.
pub async fn sort_in(
    tx: &mut Tx,
    org: OrgId,
    lead: &Lead,
    phones: Vec<CompanyPhone>,
    now: Instant,
) -> Outcome<(Vec<CompanyPhone>, usize)> {
    let all = phones.len();
    if all < 2 {
        return Ok((phones, all));
    }
    let campaign = campaigns::actions::find(tx, org, lead.campaign).await?;
    let zone = people::actions::firm(tx, org).await?.zone;
    let ask = Ask { org, campaign: &campaign, zone: &zone, now };
    let Some(found) = queue::find_leased(tx, &ask, (lead.id, lead.generation)).await? else {
        return Ok((phones, all));
    };
    let mut found = [found];
    numbers::learn_in(tx, &ask, &mut found).await?;
    let [found] = found;
    let denied = held_numbers(&campaign.policy, &found.facts, &phones, now);
    let is_free = |phone: &CompanyPhone| denied.iter().all(|(denied, _, _)| *denied != phone.id);
    let (mut sorted, held): (Vec<_>, Vec<_>) = phones.into_iter().partition(is_free);
    let free = if sorted.is_empty() { all } else { sorted.len() };
    sorted.extend(held);
    Ok((sorted, free))
}

/// The numbers of a lead in somebody's hands that may be dialled now; see [`sort_in`].
pub async fn list_free(
    tx: &mut Tx,
    org: OrgId,
    lead: &Lead,
    now: Instant,
) -> Outcome<Vec<CompanyPhone>> {
    let phones = companies::actions::list_callable_phones(tx, org, lead.company, now).await?;
    let (mut phones, free) = sort_in(tx, org, lead, phones, now).await?;
    phones.truncate(free);
    Ok(phones)
}

/// Holds a lead until the transaction ends, before what was dialled for it.
pub async fn hold_in(tx: &mut Tx, org: OrgId, lead: LeadId) -> Outcome<()> {
    store::find_lead_for_update(tx, org, lead).await.map(drop)
}

/// From here on the lease waits for a result: neither time nor a skip ends it.
pub async fn await_result_in(tx: &mut Tx, act: &Act, grant: (LeadId, i64)) -> Outcome<()> {
    match store::update_awaits_result(tx, act.org, grant, true).await? {
        0 => Err(LeadRefusal::StaleLease.into()),
        _ => Ok(()),
    }
}

/// The call that was begun under this lease was none, so that nothing is to be said of it.
pub async fn await_nothing_in(tx: &mut Tx, act: &Act, grant: (LeadId, i64)) -> Outcome<()> {
    store::update_awaits_result(tx, act.org, grant, false).await.map(drop)
}
