//! Which records stand for the same organisation, and why.
//!
//! The stages are kept apart: `keys` says which records are worth comparing, `compare` puts each
//! pair into levels, `weigh` adds the levels up and draws the bands, `index` holds the records and
//! answers, `cluster` groups. After Fellegi and Sunter 1969, with fixed weights in hundredths of a
//! bit; guards express what a plain sum cannot, such as that one telephone under two names is a
//! sister company rather than a duplicate.
//!
//! Invariants:
//! - Two different valid tax ids are a veto: such a pair is never a match, nor in one cluster. So
//!   are two branches of one tax id, where the caller tells them apart.
//! - What many share says little: the weight of a telephone, an address or a name falls with the
//!   number of records that carry it, and a crowded key is refined by a second one, not dropped.
//! - Answers depend on the set of records, never on the order in which they came.
//! - A reason carries a code and its parameters; the words for it live with whoever shows them.

mod cluster;
mod compare;
mod index;
mod keys;
mod weigh;

pub use cluster::Cluster;
pub use compare::{CityLevel, Comparison, ContactLevel, NameLevel, TaxIdLevel};
pub use index::{Figures, Index, Limits};

use crate::normalise::{CompanyName, Email, Kpp, TaxId, WebDomain};

/// What is known of one organisation, in normalised parts. Whatever is unknown stays empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The caller's number for the record; unique within an index.
    pub id: u64,
    /// The name taken apart.
    pub name: CompanyName,
    /// The tax id.
    pub tax_id: Option<TaxId>,
    /// Whether the tax id was valid only after a repair; it then weighs less and vetoes nothing.
    pub tax_id_repaired: bool,
    /// Its registration reason code, given only by who wants the branches of one tax id told apart:
    /// two that have the same tax id and different codes are then never the same.
    pub branch: Option<Kpp>,
    /// Telephones as E.164 strings; compared as they are.
    pub phones: Vec<String>,
    /// Mail addresses.
    pub emails: Vec<Email>,
    /// The web site.
    pub domain: Option<WebDomain>,
    /// The town; case and «г.» do not matter.
    pub city: Option<String>,
}

impl Record {
    /// A record of which only its number is known.
    #[must_use]
    pub fn new(id: u64) -> Self {
        Self { id, ..Self::default() }
    }
}

/// How sure a match is. The order is that of sureness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// Worth a glance; most of these are different organisations.
    Weak,
    /// Worth a decision by a person.
    Likely,
    /// Safe to treat as the same.
    Certain,
}

impl Strength {
    /// A stable machine code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Weak => "weak",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

/// Two records that may be the same, and what speaks for and against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The record asked about.
    pub a: u64,
    /// The record found.
    pub b: u64,
    /// How sure it is.
    pub strength: Strength,
    /// The sum of the evidence in hundredths of a bit; for ordering, not for showing.
    pub weight: i32,
    /// What speaks for it and against it, the strongest evidence in the order of the fields.
    pub reasons: Vec<Reason>,
}

/// One piece of evidence. `carriers` counts the records that have the value, both sides included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The same valid tax id.
    SameTaxId {
        /// The number they share.
        tax_id: TaxId,
        /// Records with this number.
        carriers: usize,
    },
    /// The same tax id, at least one of them valid only after a repair.
    SameRepairedTaxId {
        /// The number they share.
        tax_id: TaxId,
    },
    /// Different tax ids, at least one of them valid only after a repair. Speaks against.
    DifferentRepairedTaxIds,
    /// The names compared. [`NameLevel::Different`] speaks against.
    Name {
        /// How they compare.
        level: NameLevel,
        /// Records with the name of the record asked about.
        carriers: usize,
    },
    /// Different legal forms. Speaks against.
    DifferentForms {
        /// The form of the record asked about.
        left: &'static str,
        /// The form of the record found.
        right: &'static str,
    },
    /// A telephone in common.
    SharedPhone {
        /// The rarest they share.
        phone: String,
        /// Records with this telephone.
        carriers: usize,
    },
    /// A mail address in common.
    SharedEmail {
        /// The rarest they share.
        email: String,
        /// Records with this address.
        carriers: usize,
    },
    /// A web or mail domain of their own in common.
    SharedDomain {
        /// The rarest they share.
        domain: String,
        /// Records with this domain.
        carriers: usize,
    },
    /// The same town.
    SameCity {
        /// The town, in lower case.
        city: String,
    },
    /// Different towns. Speaks against.
    DifferentCities {
        /// The town of the record asked about, in lower case.
        left: String,
        /// The town of the record found, in lower case.
        right: String,
    },
}

impl Reason {
    /// A stable machine code, the key of the sentence to show.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::SameTaxId { .. } => "same_tax_id",
            Self::SameRepairedTaxId { .. } => "same_repaired_tax_id",
            Self::DifferentRepairedTaxIds => "different_repaired_tax_ids",
            Self::Name { level, .. } => level.code(),
            Self::DifferentForms { .. } => "different_forms",
            Self::SharedPhone { .. } => "shared_phone",
            Self::SharedEmail { .. } => "shared_email",
            Self::SharedDomain { .. } => "shared_domain",
            Self::SameCity { .. } => "same_city",
            Self::DifferentCities { .. } => "different_cities",
        }
    }

    /// The values the sentence needs, by name.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let shared = |name, value: &str, carriers: &usize| {
            vec![(name, value.to_owned()), ("carriers", carriers.to_string())]
        };
        match self {
            Self::SameTaxId { tax_id, carriers } => shared("tax_id", &tax_id.digits(), carriers),
            Self::SameRepairedTaxId { tax_id } => vec![("tax_id", tax_id.digits())],
            Self::DifferentRepairedTaxIds => Vec::new(),
            Self::Name { carriers, .. } => vec![("carriers", carriers.to_string())],
            Self::DifferentForms { left, right } => {
                vec![("left", (*left).to_owned()), ("right", (*right).to_owned())]
            }
            Self::SharedPhone { phone, carriers } => shared("phone", phone, carriers),
            Self::SharedEmail { email, carriers } => shared("email", email, carriers),
            Self::SharedDomain { domain, carriers } => shared("domain", domain, carriers),
            Self::SameCity { city } => vec![("city", city.clone())],
            Self::DifferentCities { left, right } => {
                vec![("left", left.clone()), ("right", right.clone())]
            }
        }
    }
}

#[cfg(test)]
mod tests;
