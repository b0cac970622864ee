//! What a head types to start a round, read into terms that are checked.

use serde::{Deserialize, Serialize};

use super::RoundTerms;
use crate::campaigns::{LegalBasis, Segment};
use crate::people::{Role, User};
use crate::values::*;
use crate::verification::Field;

/// The form of a round. All texts are as typed; a box that is not ticked is empty.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RoundForm {
    pub(super) name: String,
    pub(super) import: String,
    pub(super) source: String,
    pub(super) city: String,
    pub(super) industry: String,
    pub(super) asks_phone: String,
    pub(super) asks_contact: String,
    pub(super) asks_decision_maker: String,
    pub(super) asks_email: String,
    pub(super) asks_address: String,
    /// The id of a team or of a person.
    pub(super) who: String,
    pub(super) until: String,
    pub(super) legal_basis: String,
    pub(super) principal: String,
    pub(super) is_paid: String,
    pub(super) script: String,
}

impl RoundForm {
    /// A form of a round to be started.
    pub fn fresh(script: String) -> Self {
        let on = || "on".to_owned();
        Self {
            asks_phone: on(),
            asks_contact: on(),
            asks_decision_maker: on(),
            is_paid: on(),
            legal_basis: LegalBasis::PublicSource.code().to_owned(),
            script,
            ..Self::default()
        }
    }

    /// What is asked about, and whether it is ticked.
    pub fn asks(&self) -> [(Field, &'static str, bool); 5] {
        [
            (Field::Phone, "asks_phone", !self.asks_phone.is_empty()),
            (Field::Contact, "asks_contact", !self.asks_contact.is_empty()),
            (Field::DecisionMaker, "asks_decision_maker", !self.asks_decision_maker.is_empty()),
            (Field::Email, "asks_email", !self.asks_email.is_empty()),
            (Field::Address, "asks_address", !self.asks_address.is_empty()),
        ]
    }

    /// Reads the terms; `people` are those who may be chosen to call.
    pub fn read(&self, people: &[User], zone: &Zone, now: Instant) -> Result<RoundTerms, Fields> {
        let mut wrong = Fields::default();
        let until = match self.until.trim() {
            "" => None,
            text => match Instant::typed_day(text, zone, now) {
                // The day named is the last on which is called.
                Ok(day) => Some(day.plus_days(1)),
                Err(problem) => {
                    wrong.note("until", problem.code());
                    None
                }
            },
        };
        let choice = |text: &String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let terms = RoundTerms {
            name: self.name.trim().to_owned(),
            segment: Segment {
                city: choice(&self.city),
                industry: choice(&self.industry),
                source: choice(&self.source),
                import: parsed(&self.import, "import", &mut wrong),
                with_shared: true,
                ..Segment::default()
            },
            fields: self.asks().iter().filter(|(_, _, on)| *on).map(|(f, _, _)| *f).collect(),
            callers: self.callers(people, &mut wrong),
            until,
            legal_basis: self.legal_basis.parse().unwrap_or_else(|()| {
                wrong.note("legal_basis", "unknown-choice");
                LegalBasis::PublicSource
            }),
            principal: parsed(&self.principal, "principal", &mut wrong),
            is_paid: !self.is_paid.is_empty(),
        };
        for (field, problem) in terms.check(now).0 {
            wrong.0.entry(field).or_insert(problem);
        }
        if wrong.0.is_empty() { Ok(terms) } else { Err(wrong) }
    }

    fn callers(&self, people: &[User], wrong: &mut Fields) -> Vec<UserId> {
        let is_chosen = |one: &&User| {
            one.id.to_string() == self.who
                || one.team.is_some_and(|team| team.to_string() == self.who)
        };
        let chosen: Vec<UserId> = people.iter().filter(is_chosen).map(|one| one.id).collect();
        if chosen.is_empty() && !self.who.is_empty() {
            wrong.note("callers", "unknown-choice");
        }
        chosen
    }
}

/// True for who may call in a round.
pub fn may_call(user: &User) -> bool {
    user.roles.has(Role::Caller) && user.disabled_at.is_none()
}

fn parsed<T: std::str::FromStr>(text: &str, field: &'static str, wrong: &mut Fields) -> Option<T> {
    if text.trim().is_empty() {
        return None;
    }
    let read = text.trim().parse().ok();
    if read.is_none() {
        wrong.note(field, "unknown-choice");
    }
    read
}
