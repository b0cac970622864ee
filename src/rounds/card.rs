//! What a caller sees of a company in a round: whom to call, and what is to be asked.

use super::answers::AnswerForm;
use super::{Round, actions};
use crate::calls;
use crate::campaigns::reasons::RefusalReason;
use crate::campaigns::script::{self, Block};
use crate::campaigns::{self, Campaign};
use crate::companies::{self, Company, CompanyEmail, CompanyPhone, Contact};
use crate::leads::{self, Lead, Lease};
use crate::people::Viewer;
use crate::quality;
use crate::storage::Tx;
use crate::telephony::panel::Panel;
use crate::values::*;
use crate::verification::{self, Field, Freshness, Verification};
use crate::web::{Ui, drafts, format};

/// A field that is to be asked about.
pub struct Question {
    /// Which.
    pub field: Field,
    /// How fresh it is.
    pub freshness: Freshness,
    /// When it was checked last.
    pub checked_at: Option<Instant>,
}

/// Everything on the card.
pub struct Card {
    /// The lead.
    pub lead: Lead,
    /// Its lease, which is the viewer's.
    pub lease: Lease,
    /// The campaign.
    pub campaign: Campaign,
    /// The company.
    pub company: Company,
    /// Where its clock stands.
    pub zone: Zone,
    /// When one may no longer call today; `None` when one may not call now.
    pub closes_at: Option<Instant>,
    /// Numbers that may be dialled.
    pub phones: Vec<CompanyPhone>,
    /// Mail addresses.
    pub emails: Vec<CompanyEmail>,
    /// The person asked about, who is not the one that decides where there is another.
    pub person: Option<Contact>,
    /// Who is said to decide.
    pub decider: Option<Contact>,
    /// What is to be asked.
    pub questions: Vec<Question>,
    /// The words.
    pub blocks: Vec<Block>,
    /// Why companies refuse.
    pub reasons: Vec<RefusalReason>,
    /// What was typed so far.
    pub form: AnswerForm,
    /// The name the caller gives.
    pub me: String,
    /// Their phone and the call that is under way.
    pub panel: Panel,
}

impl Card {
    /// The card of a lead in the viewer's hands; `None` when it is not theirs.
    pub async fn of(tx: &mut Tx, viewer: &Viewer, ui: &Ui, id: LeadId) -> Outcome<Option<Self>> {
        let lead = leads::actions::find(tx, viewer.org, id).await?;
        let Some(lease) = lead.lease.filter(|lease| lease.owner == viewer.id()) else {
            return Ok(None);
        };
        let campaign = campaigns::actions::find(tx, viewer.org, lead.campaign).await?;
        let round = actions::find(tx, viewer.org, &campaign).await?;
        let company = companies::actions::find(tx, viewer.org, lead.company).await?;
        let company = company.ok_or(Error::NotFound)?;
        let zone = company.zone_or(&viewer.zone);
        let people = companies::actions::list_contacts(tx, viewer.org, company.id).await?;
        let people: Vec<Contact> = people.into_iter().filter(|p| p.gone_at.is_none()).collect();
        let decider = people.iter().find(|person| person.is_decision_maker).cloned();
        let person = people.iter().find(|person| !person.is_decision_maker).or(decider.as_ref());
        let emails = companies::actions::list_emails(tx, viewer.org, company.id).await?;
        let script = campaigns::actions::find_script(tx, viewer.org, campaign.id).await?;
        let scope = calls::actions::draft_scope(id);
        let draft = drafts::find(tx, viewer.org, viewer.id(), &scope).await?;
        let questions = questions(tx, viewer.org, (&company, &round), ui.now).await?;
        let closes_at = campaign.policy.closes_at(ui.now, &zone);
        let phones = leads::dialling::list_free(tx, viewer.org, &lead, ui.now).await?;
        let is_open = closes_at.is_some();
        Ok(Some(Self {
            panel: Panel::of(tx, viewer, &lead, (&phones, is_open), ui.now).await?,
            closes_at,
            phones,
            blocks: script.map(|script| script::read(&script.body)).unwrap_or_default(),
            reasons: campaigns::actions::list_reasons(tx, viewer.org).await?,
            form: restored(draft),
            me: viewer.user.alias.clone(),
            person: person.cloned(),
            decider,
            emails,
            questions,
            lead,
            lease,
            campaign,
            company,
            zone,
        }))
    }

    /// True where a field is to be asked about.
    pub fn asks(&self, field: Field) -> bool {
        self.questions.iter().any(|question| question.field == field)
    }
    /// The mail address that is asked about.
    pub fn asked_email(&self) -> Option<&str> {
        let first = self.emails.first().filter(|_| self.asks(Field::Email));
        first.map(|email| email.address.as_str())
    }
    /// The address that is asked about.
    pub fn asked_address(&self) -> Option<&str> {
        self.company.address.as_deref().filter(|_| self.asks(Field::Address))
    }
    /// The time at the company's.
    pub fn local_time(&self, now: &Instant) -> String {
        format::time(*now, &self.zone)
    }
    /// When calling ends today, by their clock.
    pub fn local_close(&self, at: &Instant) -> String {
        format::time(*at, &self.zone)
    }
    /// A line of the script with the names in it.
    pub fn spoken(&self, text: &str) -> String {
        let contact = self.person.as_ref().map(|person| person.name.as_str());
        script::spoken(text, contact, &self.company.name, &self.me)
    }
}

/// What of the round's fields is due by what the company's score says, which also enlisted it.
/// Where nothing is – a colleague checked it since, or a card was taken back a moment ago – the
/// caller is on the line all the same, and is given everything the company has.
async fn questions(
    tx: &mut Tx,
    org: OrgId,
    (company, round): (&Company, &Round),
    now: Instant,
) -> Outcome<Vec<Question>> {
    let scored = quality::actions::find_score(tx, org, company.id).await?;
    let due_at = scored.map(|(score, _)| score.due_at);
    let asked = asked(&round.fields, due_at.as_ref(), now);
    let ageing = verification::actions::find_ageing(tx, org).await?;
    let last = verification::actions::list_last(tx, org, company.id).await?;
    Ok(asked
        .into_iter()
        .map(|field| {
            let check: Option<&Verification> = last.iter().find(|check| check.field == field);
            Question {
                field,
                freshness: check.map_or(Freshness::Stale, |check| ageing.freshness_of(check, now)),
                checked_at: check.map(|check| check.made_at),
            }
        })
        .collect())
}

/// Which of the fields of a round are asked; `None` where the company was never scored.
pub(super) fn asked(fields: &[Field], due_at: Option<&DueAt>, now: Instant) -> Vec<Field> {
    let Some(due_at) = due_at else { return fields.to_vec() };
    let at = |field: &Field| {
        let place = Field::ALL.iter().position(|one| one == field)?;
        due_at.get(place).copied().flatten()
    };
    let among = |is_asked: &dyn Fn(Instant) -> bool| -> Vec<Field> {
        fields.iter().copied().filter(|field| at(field).is_some_and(is_asked)).collect()
    };
    let due = among(&|at| at <= now);
    if due.is_empty() { among(&|_| true) } else { due }
}

/// When each field of a company is due, in the order of [`Field::ALL`].
type DueAt = [Option<Instant>; Field::ALL.len()];

/// A draft as a form; what does not fit it any more is left out.
fn restored(draft: drafts::Draft) -> AnswerForm {
    let known = serde_json::to_value(AnswerForm::default()).unwrap_or_default();
    let map: serde_json::Map<String, serde_json::Value> = draft
        .into_iter()
        .filter(|(name, _)| name != "generation" && known.get(name).is_some())
        .map(|(name, text)| (name, text.into()))
        .collect();
    serde_json::from_value(map.into()).unwrap_or_default()
}
