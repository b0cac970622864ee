//! What stands around an opportunity: its meetings, whom to call, what was promised without a day.

use std::collections::BTreeSet;

use super::{Opportunity, State, actions};
use crate::companies::sight::{self, PhoneSeen};
use crate::companies::{self, Company, Contact};
use crate::meetings::{self, Meeting, MeetingState};
use crate::people::Viewer;
use crate::storage::Tx;
use crate::values::*;

/// Meetings shown beside an opportunity.
const MEETINGS_MAX: i64 = 5;

/// What a page of an opportunity shows beside the opportunity itself.
#[derive(Default)]
pub struct Around {
    /// Meetings with the client that the viewer may see, the newest first.
    pub meetings: Vec<Meeting>,
    /// Those whose host holds another talk at the same time.
    pub clashing: BTreeSet<MeetingId>,
    /// Who still works there, who decides first, each with their numbers.
    pub people: Vec<(Contact, Vec<PhoneSeen>)>,
    /// Numbers that are nobody's in particular.
    pub phones: Vec<PhoneSeen>,
    /// Some numbers are masked here that the viewer may open on the company's card.
    pub may_open: bool,
    /// What passports say was promised, while nobody has dated it or put it away.
    pub told: Vec<String>,
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
        let clashing = meetings::booking::list_clashing(tx, viewer.org, &meetings).await?;
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
        let told = match o.state {
            State::Lost => Vec::new(),
            State::Open | State::Won => actions::list_told(tx, viewer.org, o.company).await?,
        };
        Ok(Self { meetings, clashing, people, phones, may_open, told })
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
        MeetingState::MissedBySeller | MeetingState::Dropped => "neg",
    }
}
