//! What is done with rounds: started, filled by what is due, answered, taken back, ended.

use serde::{Deserialize, Serialize};

use super::answers::{Answer, AnswerForm, Answers, Reach};
use super::{Progress, Round, RoundTerms, store};
use crate::begin;
use crate::calls::{self, Call};
use crate::campaigns::hours::CallingHours;
use crate::campaigns::{self, Campaign, CampaignState, Member, script};
use crate::companies::actions::{Noticed, NumberNamed};
use crate::companies::erased::meant;
use crate::companies::{self, Contact, NewContact, Standing};
use crate::events::{Event, Kind};
use crate::jobs;
use crate::leads::{self, Grant, Lead, LeadRefusal, filling, leasing, resting};
use crate::people::{self, Scope, Viewer};
use crate::storage::{Act, Tx};
use crate::tiers::Tier;
use crate::values::*;
use crate::verification::{self, About, Change, CheckedBy, Field, Finding, Value, Verify};

/// Companies enlisted in one transaction.
const BATCH: i64 = 500;
/// What lies between two looks for companies that have become due.
const LOOK_AGAIN_MS: i64 = HOUR_MS;
/// How much earlier one point of urgency is called.
const POINT_MS: i64 = MINUTE_MS;

/// Starts a round: its campaign with its callers and words, running; companies follow by a job.
pub async fn start(
    act: &Act,
    viewer: &Viewer,
    terms: RoundTerms,
    body: &str,
) -> Outcome<CampaignId> {
    let mut wrong = terms.check(act.now);
    for (field, problem) in script::check(body).0 {
        wrong.0.entry(field).or_insert(problem);
    }
    wrong.into_result()?;
    let mut tx = begin!(act);
    let first = terms.callers.first().copied().ok_or(Error::NotFound)?;
    let first = people::actions::find_user(&mut tx, act.org, first).await?;
    let team = viewer.user.team.or(first.and_then(|user| user.team));
    let mut set = terms.campaign();
    set.policy.hours = CallingHours::of(viewer.country);
    let campaign = campaigns::actions::make_in(&mut tx, act, viewer, set, team).await?;
    campaigns::actions::write_script_in(&mut tx, act, campaign.id, body).await?;
    for user in &terms.callers {
        let member = Member { user: *user, tier: Tier::Acquisition };
        campaigns::actions::add_member_in(&mut tx, act, &campaign, member).await?;
    }
    let round = Round {
        fields: terms.fields,
        until: terms.until,
        ..Round::of_campaign(campaign.id, act.now)
    };
    store::insert_round(&mut tx, act.org, &round, act.actor).await?;
    campaigns::actions::turn_in(&mut tx, act, &campaign, CampaignState::Running).await?;
    Event::new(Kind::RoundStarted, campaign.id)
        .campaign(campaign.id)
        .person(act.actor)
        .record(&mut tx, act)
        .await?;
    let job = super::jobs::ENLIST;
    jobs::enqueue(&mut tx, act.org, job, &campaign.id.to_string(), act.now).await?;
    tx.finish(campaign.id).await
}

/// Makes the next stretch of due companies leads of a round; says whether there is more.
pub async fn enlist(act: &Act, id: CampaignId) -> Outcome<bool> {
    let mut tx = act.db.begin().await?;
    companies::actions::hold_base(&mut tx, act.org).await?;
    let Some(round) = store::find_round(&mut tx, act.org, id).await? else { return Ok(false) };
    let campaign = campaigns::actions::find(&mut tx, act.org, id).await?;
    if !campaign.is_running() {
        return Ok(false);
    }
    let due = store::list_due(&mut tx, act.org, (&campaign, &round), act.now, BATCH).await?;
    let placed: Vec<(CompanyId, Instant)> = due
        .iter()
        .map(|(company, urgency)| (*company, round.made_at.plus_ms(-urgency * POINT_MS)))
        .collect();
    leads::actions::enlist_in(&mut tx, act, id, &placed).await?;
    let has_more = i64::try_from(due.len()).is_ok_and(|count| count == BATCH);
    let after = match due.last() {
        Some((last, _)) if has_more => last.to_string(),
        _ => String::new(),
    };
    let enlisted_at = (!has_more).then_some(act.now);
    store::update_enlisted(&mut tx, act.org, id, (&after, enlisted_at)).await?;
    tx.announce(format!("campaign:{id}"));
    tx.commit().await?;
    if !has_more {
        // Its page then tells by which rules nobody is called now, and not that all may be.
        filling::top_up(act, act.db.read().await?, id).await?;
    }
    Ok(has_more)
}

/// Rounds for which the base is to be looked through now.
pub async fn list_to_enlist(tx: &mut Tx, org: OrgId, now: Instant) -> Outcome<Vec<CampaignId>> {
    store::list_to_enlist(tx, org, now.plus_ms(-LOOK_AGAIN_MS)).await
}

/// Stops the rounds whose day has come. One that cannot be stopped holds up no other.
pub async fn end_over(act: &Act) -> Outcome<()> {
    let over = store::list_over(&mut act.db.read().await?, act.org, act.now).await?;
    for id in over {
        if let Err(error) = end(act, id).await {
            tracing::error!(campaign = %id, %error, "a round stays open and is ended later");
        }
    }
    Ok(())
}

async fn end(act: &Act, id: CampaignId) -> Outcome<()> {
    let mut tx = act.db.begin().await?;
    let campaign = campaigns::actions::find(&mut tx, act.org, id).await?;
    campaigns::actions::turn_in(&mut tx, act, &campaign, CampaignState::Stopped).await?;
    tx.commit().await
}

/// The round of a campaign of actualisation.
pub async fn find(tx: &mut Tx, org: OrgId, campaign: &Campaign) -> Outcome<Round> {
    if !campaign.is_round() {
        return Err(Error::NotFound);
    }
    let found = store::find_round(tx, org, campaign.id).await?;
    Ok(found.unwrap_or_else(|| Round::of_campaign(campaign.id, campaign.made_at)))
}

/// A round the viewer may know of, with its campaign.
pub async fn find_seen(tx: &mut Tx, scope: &Scope, id: CampaignId) -> Outcome<(Campaign, Round)> {
    let campaign = campaigns::actions::find_seen(tx, scope, id).await?;
    let round = find(tx, scope.org, &campaign).await?;
    Ok((campaign, round))
}

/// The rounds the viewer may know of, the newest first.
pub async fn list(tx: &mut Tx, scope: &Scope) -> Outcome<Vec<(Campaign, Round)>> {
    let mut seen = campaigns::actions::list(tx, scope).await?;
    let rounds = store::list_rounds(tx, scope.org).await?;
    Ok(rounds
        .into_iter()
        .filter_map(|round| {
            let place = seen.iter().position(|campaign| campaign.id == round.campaign)?;
            Some((seen.swap_remove(place), round))
        })
        .collect())
}

/// How far a round is.
pub async fn progress(tx: &mut Tx, org: OrgId, id: CampaignId, now: Instant) -> Outcome<Progress> {
    let checks = store::count_checks(tx, org, id).await?;
    let places = leads::actions::count_places(tx, org, id, now).await?;
    Ok(Progress { places, ..checks })
}

/// Files a round may be over.
pub async fn list_imports(tx: &mut Tx, org: OrgId) -> Outcome<Vec<(ImportId, String)>> {
    store::list_imports(tx, org).await
}

/// What became of a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The call.
    pub call: CallId,
    /// The next company, leased in the same transaction.
    pub next: Option<Grant>,
}

/// Records what a company said: one call, a check for each answer, the card corrected, and the
/// next company leased, in one transaction. Where the lease is gone the text is kept as a draft.
pub async fn answer(
    act: &Act,
    viewer: &Viewer,
    id: LeadId,
    form: &AnswerForm,
) -> Outcome<Answered> {
    let done = answer_leased(act, viewer, id, form).await;
    if let Err(Error::Refused(refusal)) = &done
        && refusal.code() == LeadRefusal::StaleLease.code()
    {
        calls::actions::keep_typed(act, viewer, id, form).await?;
    }
    done
}

async fn answer_leased(
    act: &Act,
    viewer: &Viewer,
    id: LeadId,
    form: &AnswerForm,
) -> Outcome<Answered> {
    let mut look = act.db.read().await?;
    let (lead, campaign) = calls::actions::find_worked(&mut look, viewer, id).await?;
    if !campaign.is_round() {
        return Err(Error::NotFound);
    }
    let city = find_city(&mut look, viewer, &lead).await?;
    let near = companies::Near::of(viewer.country, city.as_deref());
    let answers = match form.read(near) {
        Ok(answers) => answers,
        Err(wrong) => {
            // Nobody mends a card that is in other hands.
            lead.lease_of(viewer.id(), form.generation)?;
            return Err(Error::Invalid(wrong));
        }
    };
    if answers.reach == Reach::DoNotCall {
        drop(look);
        // It stands at once, even where the lease is stale.
        let done = calls::actions::record(act, viewer, id, &answers.call).await?;
        return Ok(Answered { call: done.call, next: done.next });
    }
    filling::top_up(act, look, campaign.id).await?;
    let mut tx = begin!(act);
    leasing::sit_in(&mut tx, act, viewer.id(), campaign.id).await?;
    let lead = leasing::hold_in(&mut tx, act, (id, form.generation), viewer.id()).await?;
    let campaign = campaigns::actions::find(&mut tx, act.org, lead.campaign).await?;
    let call = keep_in(&mut tx, act, viewer, (&campaign, &lead), &answers).await?;
    let next = match form.then.as_str() {
        "pause" => {
            resting::pause_in(&mut tx, act, viewer.id()).await?;
            None
        }
        _ => leasing::next_in(&mut tx, act, &campaign, viewer).await?,
    };
    tx.announce(format!("user:{}", viewer.id()));
    tx.finish(Answered { call: call.id, next }).await
}

/// The town of the company of a lead: its code completes a short number.
async fn find_city(tx: &mut Tx, viewer: &Viewer, lead: &Lead) -> Outcome<Option<String>> {
    let company = companies::actions::find(tx, viewer.org, lead.company).await?;
    Ok(company.and_then(|company| company.city))
}

async fn keep_in(
    tx: &mut Tx,
    act: &Act,
    viewer: &Viewer,
    (campaign, lead): (&Campaign, &Lead),
    answers: &Answers,
) -> Outcome<Call> {
    let worked = (campaign, lead);
    let mut form = answers.call.clone();
    let mut named = None;
    if let Some(phone) = answers.number() {
        // The one that was dialled is the first of those there were until now; the right one goes
        // on the card before the call is kept, for where there is one the company is called again.
        if form.phone.is_empty() {
            form.phone = first_number(tx, act, lead).await?;
        }
        let kept = companies::actions::name_number_in(tx, act, lead.company, ("phone_new", phone));
        let kept = kept.await?;
        named = Some((phone, kept));
    }
    let call = calls::actions::record_in(tx, act, viewer, worked, (&form, None)).await?;
    if let Some((phone, named)) = &named {
        if call.phone == Some(named.phone) {
            return Err(Fields::one("phone_new", "number-was-dialled"));
        }
        let verify = right_number(&call, phone, named);
        verification::actions::verify_for_in(tx, act, verify, Some(campaign.id)).await?;
    }
    for answer in &answers.all {
        for verify in apply_in(tx, act, &call, answer).await? {
            verification::actions::verify_for_in(tx, act, verify, Some(campaign.id)).await?;
        }
    }
    Ok(call)
}

/// The number that is dialled where none was chosen, by id.
async fn first_number(tx: &mut Tx, act: &Act, lead: &Lead) -> Outcome<String> {
    let there = leads::dialling::list_free(tx, act.org, lead, act.now).await?;
    Ok(there.first().map(|phone| phone.id.to_string()).unwrap_or_default())
}

fn right_number(call: &Call, phone: &Phone, named: &NumberNamed) -> Verify {
    let about = About {
        subject: Some(named.phone.to_string()),
        old: None,
        new: Some(Value::of_company(&phone.e164)),
    };
    let right = Verify::of(call.company, Field::Phone, Finding::Corrected, CheckedBy::Call);
    Verify { about, call: Some(call.id), change: Change::number(named), ..right }
}

/// Corrects the card by one answer; the checks that it is.
async fn apply_in(tx: &mut Tx, act: &Act, call: &Call, answer: &Answer) -> Outcome<Vec<Verify>> {
    use Finding::*;
    let company = call.company;
    let found = |field, finding| {
        let verify = Verify::of(company, field, finding, CheckedBy::Call);
        Verify { call: Some(call.id), ..verify }
    };
    Ok(match answer {
        Answer::PhoneRight => vec![right_number_in(tx, act, call, found).await?],
        // The call itself has failed the number, and keeps that check.
        Answer::PhoneWrong | Answer::PhoneNamed(_) => Vec::new(),
        Answer::Stays(id) => {
            let person = find_person(tx, act, call, *id).await?;
            if person.gone_at.is_some() {
                return Err(Fields::one("contact_answer", "left-meanwhile"));
            }
            vec![Verify { about: About::person(&person), ..found(Field::Contact, Confirmed) }]
        }
        Answer::Left { contact, why } => {
            left_in(tx, act, call, (*contact, why.as_str()), found).await?
        }
        Answer::Decides(id) => {
            let person = find_person(tx, act, call, *id).await?;
            if person.gone_at.is_some() || !person.is_decision_maker {
                return Err(Fields::one("decision", "decides-no-more"));
            }
            vec![Verify { about: About::person(&person), ..found(Field::DecisionMaker, Confirmed) }]
        }
        Answer::Named(new) => vec![named_in(tx, act, call, new, found).await?],
        Answer::EmailRight(asked) => {
            let about = About { old: asked_email(tx, act, call, asked).await?, ..About::default() };
            vec![Verify { about, ..found(Field::Email, Confirmed) }]
        }
        Answer::EmailNamed { asked, new } => {
            let old = asked_email(tx, act, call, asked).await?;
            let asked = old.as_ref().map(|value| value.text.as_str());
            let named = companies::actions::correct_email_in(tx, act, company, (asked, new));
            let change = Change::email(named.await?);
            let contact = old.as_ref().and_then(|value| value.contact);
            let new = Value { text: new.clone(), contact };
            let about = About { subject: None, old, new: Some(new) };
            vec![Verify { about, change, ..found(Field::Email, Corrected) }]
        }
        Answer::AddressRight => {
            let known = companies::actions::find(tx, act.org, company).await?;
            let old = known.and_then(|known| known.address).map(Value::of_company);
            let about = About { old, ..About::default() };
            vec![Verify { about, ..found(Field::Address, Confirmed) }]
        }
        Answer::AddressNamed(new) => {
            let was = companies::actions::readdress_in(tx, act, company, Some(new)).await?;
            let (old, new) = (was.map(Value::of_company), Some(Value::of_company(new)));
            let about = About { subject: None, old, new };
            let change = Some(Change::Address);
            vec![Verify { about, change, ..found(Field::Address, Corrected) }]
        }
    })
}

/// The mail address that was asked about, where the company still has it.
async fn asked_email(
    tx: &mut Tx,
    act: &Act,
    call: &Call,
    asked: &Option<String>,
) -> Outcome<Option<Value>> {
    let known = companies::actions::list_emails(tx, act.org, call.company).await?;
    let is_asked = |address: &str| {
        asked.as_ref().is_none_or(|asked| asked.to_lowercase() == address.to_lowercase())
    };
    let found = known.into_iter().find(|email| is_asked(&email.address));
    Ok(found.map(|email| Value { text: email.address, contact: email.contact }))
}

/// Who answered on a number talks for the company: the number is good.
async fn right_number_in(
    tx: &mut Tx,
    act: &Act,
    call: &Call,
    found: impl Fn(Field, Finding) -> Verify,
) -> Outcome<Verify> {
    let right = found(Field::Phone, Finding::Confirmed);
    let Some(id) = call.phone else { return Ok(right) };
    let marked = (Standing::Good, Noticed::ByCheck);
    let was = companies::actions::mark_phone_in(tx, act, id, marked).await?;
    let known = companies::actions::find_phone(tx, act.org, id).await?;
    let about = known.as_ref().map(About::phone).unwrap_or_default();
    let change = was.and_then(|was| Change::phone(id, was, Standing::Good));
    Ok(Verify { about, change, ..right })
}

/// Somebody does not work there any more. Where they decided, nobody is known to decide now: part
/// of the same talk.
async fn left_in(
    tx: &mut Tx,
    act: &Act,
    call: &Call,
    (id, why): (ContactId, &str),
    found: impl Fn(Field, Finding) -> Verify,
) -> Outcome<Vec<Verify>> {
    let person = find_person(tx, act, call, id).await?;
    let was = companies::actions::part_with_in(tx, act, id, (why, Noticed::ByCheck)).await?;
    let decided = was.is_decision_maker;
    let about = About::person(&person);
    let is_changed = was.gone_at.is_none();
    let people = companies::actions::list_contacts(tx, act.org, call.company).await?;
    let deciding = people.iter().filter(|one| one.is_decision_maker);
    let beside = deciding.map(|one| one.id).collect();
    let change = Change::Left { contact: id, at: act.now.ms(), decided, beside };
    let left = Verify {
        about: about.clone(),
        note: (!why.is_empty()).then(|| why.to_owned()),
        change: is_changed.then_some(change),
        ..found(Field::Contact, Finding::Wrong)
    };
    let lowered = Verify { about, ..found(Field::DecisionMaker, Finding::Wrong) };
    Ok(if decided { vec![lowered, left] } else { vec![left] })
}

/// Who decides was named, and decides alone from here on. A name that one of the company's people
/// has is theirs: they stay as they are but for a role named anew, which is the remark, too.
async fn named_in(
    tx: &mut Tx,
    act: &Act,
    call: &Call,
    new: &NewContact,
    found: impl Fn(Field, Finding) -> Verify,
) -> Outcome<Verify> {
    let people = companies::actions::list_contacts(tx, act.org, call.company).await?;
    let there: Vec<&Contact> = people.iter().filter(|one| one.gone_at.is_none()).collect();
    let known = meant(&there, &new.name);
    let note =
        known.and_then(|one| new.role.clone().filter(|role| Some(role) != one.role.as_ref()));
    let named = (known.map(|one| one.id), new.clone());
    let (id, were) = companies::actions::decide_in(tx, act, call.company, named).await?;
    let name = known.map_or(&new.name, |one| &one.name);
    let (finding, about) = About::decider(id, name, &were);
    let before = were.iter().map(|person| person.id).collect();
    let change = match known {
        None => Some(Change::Decider { added: id, before }),
        Some(_) if finding == Finding::Confirmed && note.is_none() => None,
        Some(one) => {
            let role = note.as_ref().map(|_| one.role.clone().unwrap_or_default());
            Some(Change::Decides { contact: id, before, role })
        }
    };
    Ok(Verify { about, note, change, ..found(Field::DecisionMaker, finding) })
}

/// A person of the company that was called.
async fn find_person(tx: &mut Tx, act: &Act, call: &Call, id: ContactId) -> Outcome<Contact> {
    let found = companies::actions::find_contact(tx, act.org, id).await?;
    found.filter(|person| person.company == call.company).ok_or(Error::NotFound)
}
