//! Verification: who checked which field of a company, when, against what, and how fresh it is.
//!
//! Invariants:
//! - a check is a fact and is never changed; the newest one says how fresh its field is; one that
//!   was made by mistake is taken back by a record of its own;
//! - what a person can be told by – a name, a number, an address, a remark – stands in
//!   `check_values` beside the check, and can be erased without touching the check;
//! - a call that is taken back takes its own checks along and what they changed, in its own
//!   transaction; what was changed since stays;
//! - a number that fails and a person who left lower their field at once, whoever noticed it;
//! - a check counts as work, and so may be paid, only when it was needed: the field was not fresh,
//!   or something else was found than before.
//!
//! Neighbours: uses `companies` and `leads`; `calls` and `rounds` record checks here, `quality`
//! weighs them, `pay` follows `CompanyVerified`.

pub mod actions;
pub mod ageing;
pub mod api;
mod changes;
pub mod jobs;
pub mod pages;
mod store;
#[cfg(test)]
mod tests;

pub use ageing::{Ageing, Freshness, Rule};
pub use changes::Change;

use std::str::FromStr;

use crate::companies::{CompanyPhone, Contact};
use crate::values::*;

/// What is checked about a company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// Its number answers.
    Phone,
    /// Its mail address takes letters.
    Email,
    /// The person we talk to works there.
    Contact,
    /// Who decides.
    DecisionMaker,
    /// Name, tax number and the like.
    Requisites,
    /// Where it is.
    Address,
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 6] = [
        Self::Phone,
        Self::Email,
        Self::Contact,
        Self::DecisionMaker,
        Self::Requisites,
        Self::Address,
    ];
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Contact => "contact",
            Self::DecisionMaker => "decision_maker",
            Self::Requisites => "requisites",
            Self::Address => "address",
        }
    }
    /// The names of the settings of its ageing: months, percent.
    pub fn setting_names(self) -> (&'static str, &'static str) {
        match self {
            Self::Phone => ("phone_months", "phone_percent"),
            Self::Email => ("email_months", "email_percent"),
            Self::Contact => ("contact_months", "contact_percent"),
            Self::DecisionMaker => ("decision_maker_months", "decision_maker_percent"),
            Self::Requisites => ("requisites_months", "requisites_percent"),
            Self::Address => ("address_months", "address_percent"),
        }
    }
}

impl FromStr for Field {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|field| field.code() == code).ok_or(())
    }
}

/// What the check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Finding {
    /// It is as we have it.
    Confirmed,
    /// It was corrected.
    Corrected,
    /// It is wrong, and the right value is not known.
    Wrong,
}

impl Finding {
    /// Every finding.
    pub const ALL: [Self; 3] = [Self::Confirmed, Self::Corrected, Self::Wrong];
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Corrected => "corrected",
            Self::Wrong => "wrong",
        }
    }
}

impl FromStr for Finding {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|finding| finding.code() == code).ok_or(())
    }
}

/// Against what it was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CheckedBy {
    /// A talk on the telephone.
    Call,
    /// The company's own site.
    Website,
    /// A public register.
    Registry,
    /// A letter or a document of theirs.
    Document,
    /// A colleague's word, as when a card is corrected by hand.
    Colleague,
}

impl CheckedBy {
    /// Every source.
    pub const ALL: [Self; 5] =
        [Self::Call, Self::Website, Self::Registry, Self::Document, Self::Colleague];
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Website => "website",
            Self::Registry => "registry",
            Self::Document => "document",
            Self::Colleague => "colleague",
        }
    }
}

impl FromStr for CheckedBy {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|source| source.code() == code).ok_or(())
    }
}

/// A check to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verify {
    /// Of which company.
    pub company: CompanyId,
    /// Which field.
    pub field: Field,
    /// What was found.
    pub finding: Finding,
    /// Against what.
    pub source: CheckedBy,
    /// What else is worth keeping.
    pub note: Option<String>,
    /// Of which value.
    pub about: About,
    /// The call that found it.
    pub call: Option<CallId>,
    /// What it changed on the card.
    pub change: Option<Change>,
}

impl Verify {
    /// A check that changed nothing on the card.
    pub fn of(company: CompanyId, field: Field, finding: Finding, source: CheckedBy) -> Self {
        let about = About::default();
        Self { company, field, finding, source, note: None, about, call: None, change: None }
    }
}

/// A value as a check tells it, and whose it is: it goes when that person is erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The value.
    pub text: String,
    /// The person it is of.
    pub contact: Option<ContactId>,
}

impl Value {
    /// What a person is called.
    pub fn name(person: &Contact) -> Self {
        Self { text: person.name.clone(), contact: Some(person.id) }
    }
    /// A number.
    pub fn number(known: &CompanyPhone) -> Self {
        Self { text: known.phone.e164.clone(), contact: known.contact }
    }
    /// A value that is the company's own.
    pub fn of_company(text: impl Into<String>) -> Self {
        Self { text: text.into(), contact: None }
    }
}

/// Of which value of a field a check is, where the field has several or the value changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct About {
    /// The id of the number or the person.
    pub subject: Option<String>,
    /// What stood there.
    pub old: Option<Value>,
    /// What stands there now.
    pub new: Option<Value>,
}

impl About {
    /// Of a person, who is as they were called.
    pub fn person(person: &Contact) -> Self {
        let subject = Some(person.id.to_string());
        Self { subject, old: Some(Value::name(person)), new: None }
    }
    /// Of who decides, by who was said to before; what is found by it. Where nobody else did, it is
    /// as we have it.
    pub fn decider(id: ContactId, name: &str, before: &[Contact]) -> (Finding, Self) {
        let other = before.iter().find(|person| person.id != id);
        let is_known = other.is_none() && !before.is_empty();
        let new = Value { text: name.to_owned(), contact: Some(id) };
        let about = Self {
            subject: Some(id.to_string()),
            old: other.or(before.first()).map(Value::name),
            new: (!is_known).then_some(new),
        };
        (if is_known { Finding::Confirmed } else { Finding::Corrected }, about)
    }
    /// Of a number.
    pub fn phone(known: &CompanyPhone) -> Self {
        let subject = Some(known.id.to_string());
        Self { subject, old: Some(Value::number(known)), new: None }
    }
}

/// A recorded check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Its id.
    pub id: VerificationId,
    /// Which field.
    pub field: Field,
    /// What was found.
    pub finding: Finding,
    /// Against what.
    pub source: CheckedBy,
    /// What else was worth keeping.
    pub note: Option<String>,
    /// Who checked.
    pub actor: Option<UserId>,
    /// When.
    pub made_at: Instant,
    /// Of which value.
    pub about: About,
}

impl Verification {
    /// When its field was last known to be right by it; a value found wrong never was.
    pub fn confirmed_at(&self) -> Option<Instant> {
        (self.finding != Finding::Wrong).then_some(self.made_at)
    }
}

/// True when a check was needed: nobody looked before, the field is no longer fresh, or something
/// else was found than the last time.
pub fn counts(
    last: Option<&Verification>,
    finding: Finding,
    ageing: &Ageing,
    now: Instant,
) -> bool {
    last.is_none_or(|last| ageing.freshness_of(last, now) != Freshness::Fresh && last.made_at < now)
        || last.is_some_and(|last| {
            last.finding != finding && finding != Finding::Confirmed && last.made_at < now
        })
}
