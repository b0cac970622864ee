//! Verification: who checked which field of a company, when, against what, and how fresh it is.
//!
//! Invariants:
//! - a check is a fact and is never changed; the newest one says how fresh its field is;
//! - a check counts as work, and so may be paid, only when it was needed: the field was not fresh,
//!   or something else was found than before.
//!
//! Neighbours: uses `companies`; calls record checks here, `pay` follows `CompanyVerified`.

pub mod actions;
pub mod api;
pub mod pages;
mod store;
#[cfg(test)]
mod tests;

use std::str::FromStr;

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
    /// After how many months half of such values are out of date.
    pub fn half_life_months(self) -> i64 {
        match self {
            Self::Email => 9,
            Self::Phone | Self::Contact | Self::DecisionMaker | Self::Requisites => 12,
            Self::Address => 24,
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
}

impl CheckedBy {
    /// Every source.
    pub const ALL: [Self; 4] = [Self::Call, Self::Website, Self::Registry, Self::Document];
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Website => "website",
            Self::Registry => "registry",
            Self::Document => "document",
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
}

/// How far a field can be trusted by its age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Freshness {
    /// Checked lately.
    Fresh,
    /// Some values of this age are out of date.
    Ageing,
    /// Half of the values of this age are out of date, or it was never checked.
    Stale,
}

impl Freshness {
    /// The freshness of a field confirmed or corrected at an instant.
    pub fn of(field: Field, checked_at: Option<Instant>, now: Instant) -> Self {
        let Some(at) = checked_at else { return Self::Stale };
        let half_life_ms = field.half_life_months() * 30 * DAY_MS;
        let age_ms = now.ms() - at.ms();
        if age_ms < half_life_ms / 4 {
            Self::Fresh
        } else if age_ms < half_life_ms {
            Self::Ageing
        } else {
            Self::Stale
        }
    }
    /// The code of its word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Ageing => "ageing",
            Self::Stale => "stale",
        }
    }
    /// The tone of its word on screen.
    pub fn tone(self) -> &'static str {
        match self {
            Self::Fresh => "pos",
            Self::Ageing => "warn",
            Self::Stale => "neg",
        }
    }
}

impl Verification {
    /// How fresh its field is now; a value found wrong is stale at once.
    pub fn freshness(&self, now: Instant) -> Freshness {
        let checked_at = (self.finding != Finding::Wrong).then_some(self.made_at);
        Freshness::of(self.field, checked_at, now)
    }
}

/// True when a check was needed: nobody looked before, the field is no longer fresh, or something
/// else was found than the last time.
pub fn counts(last: Option<&Verification>, finding: Finding, now: Instant) -> bool {
    last.is_none_or(|last| last.freshness(now) != Freshness::Fresh && last.made_at < now)
        || last.is_some_and(|last| {
            last.finding != finding && finding != Finding::Confirmed && last.made_at < now
        })
}
