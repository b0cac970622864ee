//! What stands around an opportunity: its meetings, whom to call, what was promised without a day.

use super::{Opportunity, State};
use crate::companies::sight::{self, PhoneSeen};
use crate::companies::{self, Company, Contact};
use crate::meetings::{self, Meeting, MeetingState};
use crate::people::Viewer;
use crate::promises::{self, WORDS_MAX};
use crate::storage::Tx;
use crate::values::*;

/// Meetings shown beside an opportunity.
const MEETINGS_MAX: i64 = 5;

/// What a page of an opportunity shows beside the opportunity itself.
#[derive(Default)]
pub struct Around {
    /// Meetings with the client that the viewer may see, the newest first.
    pub meetings: Vec<Meeting>,
    /// Who still works there, who decides first, each with their numbers.
    pub people: Vec<(Contact, Vec<PhoneSeen>)>,
    /// Numbers that are nobody's in particular.
    pub phones: Vec<PhoneSeen>,
    /// Some numbers are masked here that the viewer may open on the company's card.
    pub may_open: bool,
    /// What the passport says was promised, while nobody has dated it.
    pub undated: Option<String>,
}

impl Around {
    pub(super) async fn of(
        tx: &mut Tx,
        viewer: &Viewer,
        (o, company): (&Opportunity, Option<&Company>),
        now: Instant,
    ) -> Outcome<Self> {
        let scope = viewer.scope();
        let meetings =
            meetings::actions::list_of_company(tx, &scope, o.company, MEETINGS_MAX).await?;
        let mut contacts = companies::actions::list_contacts(tx, viewer.org, o.company).await?;
        contacts.retain(|contact| contact.gone_at.is_none());
        contacts.sort_by_key(|contact| !contact.is_decision_maker);
        let mut phones = match company {
            Some(company) => sight::list_to_call(tx, viewer, company, now).await?,
            None => Vec::new(),
        };
        let is_masked = phones.iter().any(|phone| phone.tel.is_none());
        let mut people = Vec::new();
        for contact in contacts {
            let theirs = phones.extract_if(.., |phone| phone.contact == Some(contact.id));
            let theirs: Vec<PhoneSeen> = theirs.collect();
            people.push((contact, theirs));
        }
        let may_open = match company.filter(|_| is_masked) {
            Some(company) => companies::actions::may_read_phones(tx, viewer, company, now).await?,
            None => false,
        };
        let undated = undated(tx, viewer.org, o).await?;
        Ok(Self { meetings, people, phones, may_open, undated })
    }
    /// The first number that may be dialled.
    pub fn dialled(&self) -> Option<PhoneId> {
        let theirs = self.people.iter().flat_map(|(_, phones)| phones);
        theirs.chain(&self.phones).find(|phone| phone.tel.is_some()).map(|phone| phone.id)
    }
}

/// The tone of what became of a meeting.
pub(super) fn tone(state: MeetingState) -> &'static str {
    match state {
        MeetingState::Booked => "act",
        MeetingState::Held => "pos",
        MeetingState::MissedByClient => "warn",
        MeetingState::MissedBySeller => "neg",
    }
}

/// The passport says what was promised but not until when: its new keeper says so, once.
async fn undated(tx: &mut Tx, org: OrgId, o: &Opportunity) -> Outcome<Option<String>> {
    let said = o.passport.get("promises").and_then(|answer| answer.as_str()).unwrap_or_default();
    let words: String = said.trim().chars().take(WORDS_MAX).collect();
    let words = words.trim();
    if words.is_empty() || o.state != State::Open {
        return Ok(None);
    }
    let made = promises::actions::list_of_company(tx, org, o.company).await?;
    let is_dated = made.iter().any(|promise| promise.words == words);
    Ok((!is_dated).then(|| words.to_owned()))
}
