//! What a caller answers on the card of a company, and what it means. Pure.

use serde::{Deserialize, Serialize};

use crate::calls::results::CallForm;
use crate::calls::{Meaning, Mechanism};
use crate::companies::{self, NewContact};
use crate::values::*;

/// The longest name, role or address.
const TEXT_MAX: usize = 500;

codes! {
    /// How the call ended, and what it says of the number; in the order of the digits.
    Reach {
        /// Somebody there talked: the number is right.
        Talked = "talked",
        /// Somebody else answered.
        NotTheirs = "not_theirs",
        /// There is no such number.
        Dead = "dead",
        /// Nobody answered.
        NotReached = "not_reached",
        /// They would not answer questions.
        Refusal = "refusal",
        /// They asked not to be called.
        DoNotCall = "do_not_call",
    }
}

impl Reach {
    /// Its digit on the keyboard.
    pub fn digit(self) -> usize {
        let place = Self::ALL.iter().position(|one| *one == self).unwrap_or(0);
        if self == Self::DoNotCall { 0 } else { place + 1 }
    }
    /// True when the number that was dialled leads to somebody else or to nobody.
    pub fn is_wrong_number(self) -> bool {
        matches!(self, Self::NotTheirs | Self::Dead)
    }
    /// Its tone on the screen.
    pub fn tone(self) -> &'static str {
        match self {
            Self::Talked => "pos",
            Self::Refusal | Self::DoNotCall => "neg",
            _ => "",
        }
    }
    /// The two results of the call.
    fn results(self) -> (Meaning, Option<Mechanism>) {
        match self {
            Self::Talked => (Meaning::Checked, None),
            Self::NotTheirs => (Meaning::BadNumber, Some(Mechanism::Answered)),
            Self::Dead => (Meaning::BadNumber, Some(Mechanism::InvalidNumber)),
            Self::NotReached => (Meaning::NotReached, None),
            Self::Refusal => (Meaning::Refusal, None),
            Self::DoNotCall => (Meaning::DoNotCall, None),
        }
    }
}

/// What the card sends. All texts are as typed; an empty one was not given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AnswerForm {
    /// The grant of the lease it is written under.
    pub generation: i64,
    /// How the call ended: `talked`, `not_theirs`, `dead`, `not_reached`, `refusal` or
    /// `do_not_call`; empty with an answer means `talked`.
    pub reach: String,
    /// The number that was dialled, by id.
    pub phone: String,
    /// The right number, where the one that was dialled is wrong.
    pub phone_new: String,
    /// Why they refused, as a code.
    pub reason: String,
    /// The person asked about, by id.
    pub contact: String,
    /// `stays` or `left`.
    pub contact_answer: String,
    /// Where to and why, where they left.
    pub contact_why: String,
    /// Who is said to decide, by id.
    pub decider: String,
    /// `same` or `another`.
    pub decision: String,
    /// Who decides instead.
    pub decision_name: String,
    /// What they do there.
    pub decision_role: String,
    /// `same` or `another`.
    pub email: String,
    /// The address that was asked about; empty for the first one.
    pub email_asked: String,
    /// The address they named, in place of the one that was asked about.
    pub email_new: String,
    /// `same` or `another`.
    pub address: String,
    /// Where they are now.
    pub address_new: String,
    /// What else is worth knowing.
    pub note: String,
    /// `pause` to lease nothing after it.
    pub then: String,
}

/// What was learned about one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The number that was dialled is theirs.
    PhoneRight,
    /// It is not, or does not exist.
    PhoneWrong,
    /// They can be called by this one.
    PhoneNamed(Phone),
    /// The person works there.
    Stays(ContactId),
    /// The person does not.
    Left {
        /// Who.
        contact: ContactId,
        /// Where to and why, as far as it was said.
        why: String,
    },
    /// Who was said to decide does.
    Decides(ContactId),
    /// Somebody else does.
    Named(NewContact),
    /// The mail address that was asked about is right; `None` for the first one.
    EmailRight(Option<String>),
    /// It is another.
    EmailNamed {
        /// The one that was asked about; `None` for the first one.
        asked: Option<String>,
        /// The right one.
        new: String,
    },
    /// They are where we have it.
    AddressRight,
    /// They are elsewhere.
    AddressNamed(String),
}

/// A card, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    /// How the call ended.
    pub reach: Reach,
    /// What was learned.
    pub all: Vec<Answer>,
    /// What the call is recorded by.
    pub call: CallForm,
}

impl Answers {
    /// The right number, where they named it.
    pub fn number(&self) -> Option<&Phone> {
        self.all.iter().find_map(|answer| match answer {
            Answer::PhoneNamed(phone) => Some(phone),
            _ => None,
        })
    }
}

impl AnswerForm {
    /// Reads the card of a company in a town; all that is wrong with it comes back at once.
    pub fn read(&self, near: companies::Near<'_>) -> Result<Answers, Fields> {
        let mut wrong = Fields::default();
        let mut all = Vec::new();
        let said = self.reach.parse::<Reach>();
        // Without a talk nothing else was learned, whatever was pressed and typed before.
        if said.is_err() || said == Ok(Reach::Talked) {
            self.read_contact(&mut all, &mut wrong);
            self.read_decision(&mut all, &mut wrong);
            self.read_email(&mut all, &mut wrong);
            self.read_address(&mut all, &mut wrong);
        }
        let reach = match said {
            Ok(reach) => Some(reach),
            Err(()) if self.reach.is_empty() && !all.is_empty() => Some(Reach::Talked),
            Err(()) => {
                let is_none = self.reach.is_empty();
                wrong.note("reach", if is_none { "required" } else { "unknown-choice" });
                None
            }
        };
        let named = match reach {
            Some(reach) if reach.is_wrong_number() => self.read_number(near, &mut wrong),
            _ => None,
        };
        let Some(reach) = reach.filter(|_| wrong.0.is_empty()) else { return Err(wrong) };
        match reach {
            Reach::Talked => all.insert(0, Answer::PhoneRight),
            Reach::NotTheirs | Reach::Dead => {
                all.push(Answer::PhoneWrong);
                all.extend(named.map(Answer::PhoneNamed));
            }
            _ => {}
        }
        Ok(Answers { reach, all, call: self.call(reach) })
    }

    /// The right number in place of the one that was dialled, where they named it.
    fn read_number(&self, near: companies::Near<'_>, wrong: &mut Fields) -> Option<Phone> {
        let text = self.phone_new.trim();
        if text.is_empty() {
            return None;
        }
        let read = companies::forms::read_phone(text, near);
        read.map_err(|code| wrong.note("phone_new", code)).ok()
    }

    fn call(&self, reach: Reach) -> CallForm {
        let (meaning, mechanism) = reach.results();
        CallForm {
            generation: self.generation,
            outcome: meaning.code().to_owned(),
            mechanism: mechanism.map_or("", Mechanism::code).to_owned(),
            phone: self.phone.clone(),
            reason: if reach == Reach::Refusal { self.reason.clone() } else { String::new() },
            note: self.note.clone(),
            then: self.then.clone(),
            ..CallForm::default()
        }
    }

    fn read_contact(&self, all: &mut Vec<Answer>, wrong: &mut Fields) {
        let (answer, id) = (self.contact_answer.as_str(), self.contact.parse());
        match (answer, id) {
            ("", _) => {}
            ("stays", Ok(id)) => all.push(Answer::Stays(id)),
            ("left", Ok(contact)) => {
                let why = self.contact_why.trim().to_owned();
                if why.chars().count() > TEXT_MAX {
                    too_long("contact_why", wrong);
                }
                all.push(Answer::Left { contact, why });
            }
            _ => wrong.note("contact_answer", "unknown-choice"),
        }
    }

    fn read_decision(&self, all: &mut Vec<Answer>, wrong: &mut Fields) {
        let left = all.iter().find_map(|answer| match answer {
            Answer::Left { contact, .. } => Some(*contact),
            _ => None,
        });
        match (self.decision.as_str(), self.decider.parse()) {
            ("", _) => {}
            // Who left decides no more: one of the two was pressed by mistake.
            ("same", Ok(id)) if left == Some(id) => {
                wrong.note("decision", "who-left-decides-not");
            }
            ("same", Ok(id)) => all.push(Answer::Decides(id)),
            ("another", _) => {
                let name = typed("decision_name", &self.decision_name, wrong);
                let role = self.decision_role.trim();
                if role.chars().count() > TEXT_MAX {
                    too_long("decision_role", wrong);
                }
                let role = (!role.is_empty()).then(|| role.to_owned());
                all.extend(
                    name.map(|name| {
                        Answer::Named(NewContact { name, role, is_decision_maker: true })
                    }),
                );
            }
            _ => wrong.note("decision", "unknown-choice"),
        }
    }

    fn read_email(&self, all: &mut Vec<Answer>, wrong: &mut Fields) {
        let asked = self.email_asked.trim();
        let asked = (!asked.is_empty()).then(|| asked.to_owned());
        match self.email.as_str() {
            "" => {}
            "same" => all.push(Answer::EmailRight(asked)),
            "another" => match crate::companies::forms::read_email(&self.email_new) {
                Some(new) => all.push(Answer::EmailNamed { asked, new }),
                None => wrong.note("email_new", "email"),
            },
            _ => wrong.note("email", "unknown-choice"),
        }
    }

    fn read_address(&self, all: &mut Vec<Answer>, wrong: &mut Fields) {
        match self.address.as_str() {
            "" => {}
            "same" => all.push(Answer::AddressRight),
            "another" => {
                let address = typed("address_new", &self.address_new, wrong);
                all.extend(address.map(Answer::AddressNamed));
            }
            _ => wrong.note("address", "unknown-choice"),
        }
    }
}

fn typed(field: &'static str, text: &str, wrong: &mut Fields) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        wrong.note(field, "required");
        return None;
    }
    if text.chars().count() > TEXT_MAX {
        too_long(field, wrong);
        return None;
    }
    Some(text.to_owned())
}

fn too_long(field: &'static str, wrong: &mut Fields) {
    wrong.note_with(field, "too-long", vec![("max", TEXT_MAX.to_string())]);
}
