//! What is done with rounds: started, filled by what is due, answered, taken back, ended.

use serde::{Deserialize, Serialize};

use super::answers::{Answer, AnswerForm, Answers, Reach};
use super::{Progress, Round, RoundTerms, store};
use crate::begin;
use crate::calls::{self, Call};
use crate::campaigns::{self, Campaign, CampaignState, Member, script};
use crate::companies::actions::Noticed;
use crate::companies::{self, Contact, Standing};
use crate::events::{Event, Kind};
use crate::jobs;
use crate::leads::{self, Grant, Lead, leasing};
use crate::people::{self, Scope, Viewer};
use crate::storage::{Act, Tx};
use crate::tiers::Tier;
use crate::values::*;
use crate::verification::{self, About, CheckedBy, Field, Finding, Verify};

/// Companies enlisted in one transaction.
const BATCH: i64 = 500;
/// What lies between two looks for companies that have become due.
const LOOK_AGAIN_MS: i64 = HOUR_MS;
/// How much earlier one point of urgency is called.
const POINT_MS: i64 = MINUTE_MS;
/// The reason given for a person who was not found at their company.
const LEFT_BY_CALL: &str = "";

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
    let campaign =
        campaigns::actions::make_in(&mut tx, act, viewer, terms.campaign(), team).await?;
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
/// next company leased, in one transaction.
pub async fn answer(
    act: &Act,
    viewer: &Viewer,
    id: LeadId,
    form: &AnswerForm,
) -> Outcome<Answered> {
    let campaign = calls::actions::find_worked(&mut act.db.read().await?, viewer, id).await?;
    if !campaign.is_round() {
        return Err(Error::NotFound);
    }
    let answers = form.read().map_err(Error::Invalid)?;
    if answers.reach == Reach::DoNotCall {
        // It stands at once, even where the lease is stale.
        let done = calls::actions::record(act, viewer, id, &answers.call).await?;
        return Ok(Answered { call: done.call, next: done.next });
    }
    leasing::top_up(act, campaign.id).await?;
    let mut tx = begin!(act);
    leasing::sit_in(&mut tx, act, viewer.id(), campaign.id).await?;
    let lead = leasing::hold_in(&mut tx, act, (id, form.generation), viewer.id()).await?;
    let call = keep_in(&mut tx, act, viewer, (&campaign, &lead), &answers).await?;
    let next = match form.then.as_str() {
        "pause" => None,
        _ => leasing::next_in(&mut tx, act, &campaign, viewer.id()).await?,
    };
    tx.announce(format!("user:{}", viewer.id()));
    tx.finish(Answered { call: call.id, next }).await
}

async fn keep_in(
    tx: &mut Tx,
    act: &Act,
    viewer: &Viewer,
    (campaign, lead): (&Campaign, &Lead),
    answers: &Answers,
) -> Outcome<Call> {
    let worked = (campaign, lead);
    let call = calls::actions::record_in(tx, act, viewer, worked, &answers.call).await?;
    for answer in &answers.all {
        let (field, finding, about, before) = apply_in(tx, act, &call, answer).await?;
        let verify = Verify {
            company: call.company,
            field,
            finding,
            source: CheckedBy::Call,
            note: None,
            about,
        };
        let check =
            verification::actions::verify_for_in(tx, act, verify, Some(campaign.id)).await?;
        let before = serde_json::to_string(&before).map_err(Error::failure)?;
        store::insert_answer(tx, act.org, (call.id, check), &before).await?;
    }
    Ok(call)
}

/// What stood there before an answer, as it is kept to take the answer back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Before {
    Same,
    Phone { phone: PhoneId, standing: String },
    People { added: Option<ContactId>, were: Vec<Was> },
    Email { added: Option<String> },
    Address { was: Option<String> },
}

/// A person as they stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Was {
    id: ContactId,
    name: String,
    role: Option<String>,
    is_decision_maker: bool,
    gone_at: Option<i64>,
    gone_reason: Option<String>,
}

impl Was {
    fn of(contact: &Contact) -> Self {
        Self {
            id: contact.id,
            name: contact.name.clone(),
            role: contact.role.clone(),
            is_decision_maker: contact.is_decision_maker,
            gone_at: contact.gone_at.map(Instant::ms),
            gone_reason: contact.gone_reason.clone(),
        }
    }
    fn contact(self, company: CompanyId) -> Contact {
        Contact {
            id: self.id,
            company,
            name: self.name,
            role: self.role,
            is_decision_maker: self.is_decision_maker,
            gone_at: self.gone_at.map(Instant),
            gone_reason: self.gone_reason,
            version: 0,
        }
    }
}

type Found = (Field, Finding, About, Before);

/// Corrects the card by one answer.
async fn apply_in(tx: &mut Tx, act: &Act, call: &Call, answer: &Answer) -> Outcome<Found> {
    use Finding::*;
    let company = call.company;
    Ok(match answer {
        Answer::PhoneRight => {
            let (about, before) = mark_in(tx, act, call, Standing::Good).await?;
            (Field::Phone, Confirmed, about, before)
        }
        // The call itself has failed the number.
        Answer::PhoneWrong => {
            let subject = call.phone.map(|phone| phone.to_string());
            (Field::Phone, Wrong, About { subject, ..About::default() }, Before::Same)
        }
        Answer::Stays(id) => {
            let person = find_person(tx, act, call, *id).await?;
            (Field::Contact, Confirmed, of_person(&person), Before::Same)
        }
        Answer::Left(id) => {
            let person = find_person(tx, act, call, *id).await?;
            let noticed = (LEFT_BY_CALL, Noticed::ByCheck);
            let was = companies::actions::part_with_in(tx, act, *id, noticed).await?;
            if was.is_decision_maker {
                let about = of_person(&was);
                lower_decision_in(tx, act, call, about).await?;
            }
            let before = Before::People { added: None, were: vec![Was::of(&was)] };
            (Field::Contact, Wrong, of_person(&person), before)
        }
        Answer::Decides(id) => {
            let person = find_person(tx, act, call, *id).await?;
            (Field::DecisionMaker, Confirmed, of_person(&person), Before::Same)
        }
        Answer::Named(new) => {
            let named = companies::actions::name_decider_in(tx, act, company, new.clone()).await?;
            let (id, were) = named;
            let old = were.first().map(|person| person.name.clone());
            let about = About { subject: Some(id.to_string()), old, new: Some(new.name.clone()) };
            let were = were.iter().map(Was::of).collect();
            (Field::DecisionMaker, Corrected, about, Before::People { added: Some(id), were })
        }
        Answer::EmailRight => (Field::Email, Confirmed, About::default(), Before::Same),
        Answer::EmailNamed(new) => {
            let known = companies::actions::list_emails(tx, act.org, company).await?;
            let is_new = companies::actions::add_email_in(tx, act, company, new).await?;
            let old = known.first().map(|email| email.address.clone());
            let about = About { subject: None, old, new: Some(new.clone()) };
            let added = is_new.then(|| new.clone());
            (Field::Email, Corrected, about, Before::Email { added })
        }
        Answer::AddressRight => (Field::Address, Confirmed, About::default(), Before::Same),
        Answer::AddressNamed(new) => {
            let was = companies::actions::readdress_in(tx, act, company, Some(new)).await?;
            let about = About { subject: None, old: was.clone(), new: Some(new.clone()) };
            (Field::Address, Corrected, about, Before::Address { was })
        }
    })
}

/// Who left had decided: nobody is known to decide now. Part of the same talk.
async fn lower_decision_in(tx: &mut Tx, act: &Act, call: &Call, about: About) -> Outcome<()> {
    let verify = Verify {
        company: call.company,
        field: Field::DecisionMaker,
        finding: Finding::Wrong,
        source: CheckedBy::Call,
        note: None,
        about,
    };
    let check = verification::actions::verify_for_in(tx, act, verify, Some(call.campaign)).await?;
    let before = serde_json::to_string(&Before::Same).map_err(Error::failure)?;
    store::insert_answer(tx, act.org, (call.id, check), &before).await
}

async fn mark_in(
    tx: &mut Tx,
    act: &Act,
    call: &Call,
    standing: Standing,
) -> Outcome<(About, Before)> {
    let Some(phone) = call.phone else { return Ok((About::default(), Before::Same)) };
    let marked = (standing, Noticed::ByCheck);
    let was = companies::actions::mark_phone_in(tx, act, phone, marked).await?;
    let about = About { subject: Some(phone.to_string()), ..About::default() };
    let before = was.map_or(Before::Same, |was| {
        let standing = was.code().to_owned();
        Before::Phone { phone, standing }
    });
    Ok((about, before))
}

/// A person of the company that was called.
async fn find_person(tx: &mut Tx, act: &Act, call: &Call, id: ContactId) -> Outcome<Contact> {
    let found = companies::actions::find_contact(tx, act.org, id).await?;
    found.filter(|person| person.company == call.company).ok_or(Error::NotFound)
}

fn of_person(person: &Contact) -> About {
    let (subject, old) = (Some(person.id.to_string()), Some(person.name.clone()));
    About { subject, old, new: None }
}

/// Takes the caller's last card back: call, checks and what they corrected.
pub async fn take_back(act: &Act, viewer: &Viewer, id: CallId) -> Outcome<Grant> {
    let mut tx = begin!(act);
    let grant = calls::actions::reverse_in(&mut tx, act, viewer, id).await?;
    take_answers_back_in(&mut tx, act, (id, grant.company)).await?;
    tx.finish(grant).await
}

/// Takes the checks of a call back; those that were taken back before are left.
pub async fn take_answers_back_in(
    tx: &mut Tx,
    act: &Act,
    (call, company): (CallId, CompanyId),
) -> Outcome<()> {
    for (check, before) in store::list_answers(tx, act.org, call).await? {
        if !verification::actions::take_back_in(tx, act, check).await? {
            continue;
        }
        match serde_json::from_str(&before).map_err(Error::failure)? {
            Before::Same => {}
            Before::Phone { phone, standing } => {
                let standing = standing.parse().unwrap_or_default();
                let marked = (standing, Noticed::ByCheck);
                companies::actions::mark_phone_in(tx, act, phone, marked).await?;
            }
            Before::People { added, were } => {
                if let Some(added) = added {
                    let noticed = (LEFT_BY_CALL, Noticed::ByCheck);
                    companies::actions::part_with_in(tx, act, added, noticed).await?;
                }
                for was in were {
                    let was = was.contact(company);
                    companies::actions::restore_contact_in(tx, act, &was).await?;
                }
            }
            Before::Email { added } => {
                if let Some(address) = added {
                    companies::actions::drop_email_in(tx, act, company, &address).await?;
                }
            }
            Before::Address { was } => {
                companies::actions::readdress_in(tx, act, company, was.as_deref()).await?;
            }
        }
    }
    Ok(())
}
