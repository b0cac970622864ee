//! Companies: the base of legal entities with their people, numbers and mail addresses.
//!
//! Invariants:
//! - a company is never deleted: it is removed (`removed_at`) or merged (`merged_into`), and old
//!   links still find it;
//! - its search terms are written with it, so that what is stored can be found by any of its words,
//!   its tax number or a piece of its telephone;
//! - who must not be contacted is a list of facts that only grows, kept by record and by keyed
//!   hash, so that a new file cannot bring a forbidden number back; the name of a banned
//!   company with a tax number bars nobody who stands in the base, it only keeps that company from
//!   coming back as a new one;
//! - phones are for whoever leads the company and for whom it was lent; others see them masked.
//!
//! Neighbours: uses `people`; `imports`, `verification` and everything above use [`actions`].

pub mod actions;
pub mod alike;
pub mod api;
pub mod basis;
pub mod edit;
pub mod erased;
pub mod filling;
pub mod forms;
mod near;
pub mod pages;
pub mod search;
pub mod sight;
mod store;
pub mod suppression;
#[cfg(test)]
mod tests;
pub mod ties;
pub mod words;
pub mod zones;

pub use basis::{BasisKind, NewBasis};
pub use near::Near;
pub use suppression::{Channel, Suppress, SuppressReason, Suppression};

use std::str::FromStr;

use crate::people::Role;
use crate::tiers::doors::HEADS;
use crate::values::*;

/// A legal entity of the base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    /// Its id.
    pub id: CompanyId,
    /// The number people read aloud.
    pub number: i64,
    /// What it is called, as short as documents allow.
    pub name: String,
    /// The name in full.
    pub full_name: Option<String>,
    /// The legal form in its official spelling.
    pub legal_form: Option<String>,
    /// ИНН: 10 or 12 digits whose check digits hold.
    pub tax_id: Option<String>,
    /// КПП: tells branches of one company apart.
    pub kpp: Option<String>,
    /// ОГРН: 13 or 15 digits.
    pub ogrn: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// IANA zone of its working day, where one is known.
    pub zone: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// Site.
    pub website: Option<String>,
    /// What it does.
    pub industry: Option<String>,
    /// Where the record came from.
    pub source: Option<String>,
    /// Who leads it now.
    pub lead: Option<UserId>,
    /// In which tier they lead it.
    pub lead_tier: Option<i64>,
    /// The team of whoever leads it.
    pub team: Option<TeamId>,
    /// The file it came with.
    pub import: Option<ImportId>,
    /// The record it was merged into.
    pub merged_into: Option<CompanyId>,
    /// When it left the base.
    pub removed_at: Option<Instant>,
    /// Grows with each change.
    pub version: i64,
    /// When it was added.
    pub made_at: Instant,
}

impl Company {
    /// True while it is neither removed nor merged away: only then may it be worked.
    pub fn is_in_base(&self) -> bool {
        self.removed_at.is_none() && self.merged_into.is_none()
    }
    /// The zone of its working day; the firm's where it is not known.
    pub fn zone_or(&self, firm: &Zone) -> Zone {
        self.zone.as_deref().map_or_else(|| firm.clone(), Zone::named)
    }
}

/// What became of a number so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Standing {
    /// Nobody has tried it.
    #[default]
    Unknown,
    /// The company answered on it.
    Good,
    /// Right in form, yet nobody's: all nines and the like.
    Dummy,
    /// Somebody else answered.
    Wrong,
    /// It does not exist.
    Dead,
}

impl Standing {
    /// Every standing.
    pub const ALL: [Self; 5] = [Self::Unknown, Self::Good, Self::Dummy, Self::Wrong, Self::Dead];
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Good => "good",
            Self::Dummy => "dummy",
            Self::Wrong => "wrong",
            Self::Dead => "dead",
        }
    }
    /// True unless it is known to lead nowhere. A dummy is suspicious, yet nobody tried it.
    pub fn is_worth_dialling(self) -> bool {
        !matches!(self, Self::Wrong | Self::Dead)
    }
}

impl FromStr for Standing {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|standing| standing.code() == code).ok_or(())
    }
}

/// One dialable number of a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanyPhone {
    /// Its id.
    pub id: PhoneId,
    /// Whose it is.
    pub company: CompanyId,
    /// The person who answers it.
    pub contact: Option<ContactId>,
    /// The number with its extension.
    pub phone: Phone,
    /// What the file called it: «факс», «бухгалтерия».
    pub label: Option<String>,
    /// What became of it so far.
    pub standing: Standing,
    /// Until when nobody dials it: the network says that it does not exist.
    pub held_until: Option<Instant>,
}

/// A person at a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Their id.
    pub id: ContactId,
    /// Where they work.
    pub company: CompanyId,
    /// Their name as written.
    pub name: String,
    /// What they do there.
    pub role: Option<String>,
    /// True when they decide about a purchase.
    pub is_decision_maker: bool,
    /// Since when they no longer work there.
    pub gone_at: Option<Instant>,
    /// Why.
    pub gone_reason: Option<String>,
    /// Grows with each change.
    pub version: i64,
}

impl Contact {
    /// As they stand after a correction.
    pub fn changed(
        &self,
        change: forms::ContactChange,
        now: Instant,
    ) -> Result<Self, CompanyRefusal> {
        if change.version != self.version {
            return Err(CompanyRefusal::Stale);
        }
        let gone_at = change.gone.as_ref().map(|_| self.gone_at.unwrap_or(now));
        Ok(Self {
            name: change.as_new.name,
            role: change.as_new.role,
            // Who left decides no more.
            is_decision_maker: change.as_new.is_decision_maker && gone_at.is_none(),
            gone_at,
            gone_reason: change.gone.filter(|reason| !reason.is_empty()),
            ..self.clone()
        })
    }
}

impl CompanyPhone {
    /// True where it is worth to dial it now.
    pub fn may_be_dialled(&self, now: Instant) -> bool {
        self.standing.is_worth_dialling() && self.held_until.is_none_or(|until| until <= now)
    }
    /// True for the own number of one of these people who left: it leads to them, not to the
    /// company.
    pub fn went_with(&self, people: &[Contact]) -> bool {
        people.iter().any(|one| Some(one.id) == self.contact && one.gone_at.is_some())
    }
}

/// A mail address as a record that letters name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownEmail {
    /// Its id.
    pub id: AnyId,
    /// What is known of it.
    pub email: CompanyEmail,
}

/// A mail address of a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanyEmail {
    /// The person it belongs to.
    pub contact: Option<ContactId>,
    /// The address.
    pub address: String,
}

/// A note about a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its id.
    pub id: AnyId,
    /// Who wrote it.
    pub author: Option<UserId>,
    /// What it says.
    pub body: String,
    /// When.
    pub made_at: Instant,
}

/// A number to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPhone {
    /// The number.
    pub phone: Phone,
    /// What it was called.
    pub label: Option<String>,
}

/// A person to be added.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewContact {
    /// Their name.
    pub name: String,
    /// What they do there.
    pub role: Option<String>,
    /// True when they decide about a purchase.
    pub is_decision_maker: bool,
}

/// A company to be added, its parts already checked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewCompany {
    /// What it is called.
    pub name: String,
    /// The name in full.
    pub full_name: Option<String>,
    /// The tax number.
    pub tax_id: Option<String>,
    /// КПП.
    pub kpp: Option<String>,
    /// ОГРН.
    pub ogrn: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// Site.
    pub website: Option<String>,
    /// What it does.
    pub industry: Option<String>,
    /// Where the record comes from.
    pub source: Option<String>,
    /// Numbers.
    pub phones: Vec<NewPhone>,
    /// Mail addresses.
    pub emails: Vec<String>,
    /// People.
    pub contacts: Vec<NewContact>,
    /// On what ground it may be contacted.
    pub basis: Option<NewBasis>,
    /// What a file says of it in words.
    pub note: Option<String>,
    /// The file it comes with.
    pub import: Option<ImportId>,
}

/// A part of the base, as a campaign chooses whom to call.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Segment {
    /// In this town.
    pub city: Option<String>,
    /// In this line of business.
    pub industry: Option<String>,
    /// From this source.
    pub source: Option<String>,
    /// From this file.
    pub import: Option<ImportId>,
    /// Only those nobody leads.
    pub is_free: bool,
    /// Only those with a number.
    pub has_phone: bool,
}

/// Who adds companies by hand: those who bring files, too.
pub const ADDERS: &[Role] = HEADS;
/// The longest name, address and the like.
pub const TEXT_MAX: usize = 500;
/// The longest note.
pub const NOTE_MAX: usize = 5_000;
/// Numbers, addresses or people one record may bring.
pub const PARTS_MAX: usize = 50;
/// The longest text that so many are typed in, in bytes.
pub const PARTS_BYTES_MAX: usize = 10_000;

impl NewCompany {
    /// What is wrong with it.
    pub fn check(&self) -> Fields {
        let mut fields = Fields::default();
        if self.name.trim().is_empty() {
            fields.note("name", "required");
        }
        let texts: [(&'static str, Option<&String>); 7] = [
            ("name", Some(&self.name)),
            ("full_name", self.full_name.as_ref()),
            ("city", self.city.as_ref()),
            ("address", self.address.as_ref()),
            ("website", self.website.as_ref()),
            ("industry", self.industry.as_ref()),
            ("source", self.source.as_ref()),
        ];
        for (field, text) in texts {
            if text.is_some_and(|text| text.chars().count() > TEXT_MAX) {
                fields.note_with(field, "too-long", vec![("max", TEXT_MAX.to_string())]);
            }
        }
        let parts = [
            ("phones", self.phones.len()),
            ("emails", self.emails.len()),
            ("contacts", self.contacts.len()),
        ];
        for (field, count) in parts {
            if count > PARTS_MAX {
                fields.note_with(field, "too-many", vec![("max", PARTS_MAX.to_string())]);
            }
        }
        fields
    }
}

/// The name in the order of lists and of exact comparison: lower case, ё as е, without legal form
/// and punctuation.
pub fn name_key(name: &str) -> String {
    let core = linkage::normalise::name(name).core;
    let key = if core.is_empty() { name.trim().to_lowercase() } else { core };
    key.replace('ё', "е").chars().take(120).collect()
}

/// Why a company cannot be changed so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompanyRefusal {
    /// Somebody changed it in between.
    Stale,
    /// It was removed from the base or merged into another.
    NotInBase,
    /// The fact was ended already, or was never a ban.
    NotSuppressed,
    /// A court or an authority ordered it.
    NeverLifted,
    /// It has these numbers.
    PhoneKnown,
    /// It has these mail addresses.
    EmailKnown,
    /// That ground is noted.
    BasisKnown,
}

impl Refusal for CompanyRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Stale => "company-stale",
            Self::NotInBase => "company-not-in-base",
            Self::NotSuppressed => "company-not-suppressed",
            Self::NeverLifted => "company-never-lifted",
            Self::PhoneKnown => "company-phone-known",
            Self::EmailKnown => "company-email-known",
            Self::BasisKnown => "company-basis-known",
        }
    }
}

/// The base seems to have a company already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlikeRefusal {
    /// Those that may be it and that the person may know of: number and name.
    pub names: String,
    /// True where there is one besides that they may not know of.
    pub has_unseen: bool,
}

impl AlikeRefusal {
    /// Its code.
    pub const CODE: &'static str = "company-alike";
}

impl Refusal for AlikeRefusal {
    fn code(&self) -> &'static str {
        Self::CODE
    }
    fn args(&self) -> Vec<(&'static str, String)> {
        let unseen = match (self.has_unseen, self.names.is_empty()) {
            (false, _) => "none",
            (true, true) => "only",
            (true, false) => "also",
        };
        vec![("names", self.names.clone()), ("unseen", unseen.to_owned())]
    }
}
