//! Which of two values survives, field by field: proposed by rule, changed by a person.
//!
//! Valid before invalid, checked before merely brought, fuller before shorter, newer before older.
//! A name is not the better one for being longer or newer: there the record that stands keeps its
//! own.

use std::collections::BTreeMap;

use crate::companies::Company;
use crate::companies::forms::Details;
use crate::values::*;
use linkage::normalise::layout::slip_of_name;

codes! {
    /// A fact of which one value survives. Numbers, mail addresses and people are united instead.
    Field {
        /// What it is called.
        Name = "name",
        /// The name in full.
        FullName = "full_name",
        /// The tax number.
        TaxId = "tax_id",
        /// КПП.
        Kpp = "kpp",
        /// ОГРН.
        Ogrn = "ogrn",
        /// Town.
        City = "city",
        /// Postal address.
        Address = "address",
        /// Site.
        Website = "website",
        /// What it does.
        Industry = "industry",
        /// Where the record came from.
        Source = "source",
    }
}

codes! {
    /// Of which of the two companies.
    Side {
        /// The one on the left.
        Left = "left",
        /// The one on the right.
        Right = "right",
    }
}

impl Side {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }
}

/// Of which company each field survives.
pub type Choices = BTreeMap<Field, Side>;

/// A company as one side of a pair.
#[derive(Debug, Clone)]
pub struct Half {
    /// The record.
    pub company: Company,
    /// When its requisites were last confirmed or corrected.
    pub requisites_checked_at: Option<Instant>,
    /// When its address was.
    pub address_checked_at: Option<Instant>,
    /// When the record last changed.
    pub changed_at: Instant,
    /// Calls, hand-offs, opportunities, contracts and the like.
    pub records: i64,
    /// True while tier 3 serves it.
    pub is_served: bool,
}

impl Half {
    /// When a fact was last found right.
    pub fn checked_at(&self, field: Field) -> Option<Instant> {
        match field {
            Field::City | Field::Address => self.address_checked_at,
            Field::Name | Field::FullName | Field::TaxId | Field::Kpp | Field::Ogrn => {
                self.requisites_checked_at
            }
            Field::Website | Field::Industry | Field::Source => None,
        }
    }
}

/// The value of a field.
pub fn value(company: &Company, field: Field) -> Option<&str> {
    match field {
        Field::Name => Some(company.name.as_str()),
        Field::FullName => company.full_name.as_deref(),
        Field::TaxId => company.tax_id.as_deref(),
        Field::Kpp => company.kpp.as_deref(),
        Field::Ogrn => company.ogrn.as_deref(),
        Field::City => company.city.as_deref(),
        Field::Address => company.address.as_deref(),
        Field::Website => company.website.as_deref(),
        Field::Industry => company.industry.as_deref(),
        Field::Source => company.source.as_deref(),
    }
}

/// Writes a value into a field of a record.
pub fn restore(company: &mut Company, field: Field, value: Option<String>) {
    match field {
        Field::Name => company.name = value.unwrap_or_default(),
        Field::FullName => company.full_name = value,
        Field::TaxId => company.tax_id = value,
        Field::Kpp => company.kpp = value,
        Field::Ogrn => company.ogrn = value,
        Field::City => company.city = value,
        Field::Address => company.address = value,
        Field::Website => company.website = value,
        Field::Industry => company.industry = value,
        Field::Source => company.source = value,
    }
}

/// Writes a value into a field.
pub fn set(details: &mut Details, field: Field, value: Option<String>) {
    match field {
        Field::Name => details.name = value.unwrap_or_default(),
        Field::FullName => details.full_name = value,
        Field::TaxId => details.tax_id = value,
        Field::Kpp => details.kpp = value,
        Field::Ogrn => details.ogrn = value,
        Field::City => details.city = value,
        Field::Address => details.address = value,
        Field::Website => details.website = value,
        Field::Industry => details.industry = value,
        Field::Source => details.source = value,
    }
}

/// Which record stands for both, where nobody has said otherwise: the one tier 3 serves, then the
/// one that a higher tier leads, then the one with more records, then the older one.
pub fn survivor(left: &Half, right: &Half) -> Side {
    let rank = |half: &Half| {
        let tier = half.company.lead.and(half.company.lead_tier).unwrap_or(0);
        (half.is_served, tier, half.records, std::cmp::Reverse(half.company.number))
    };
    if rank(right) > rank(left) { Side::Right } else { Side::Left }
}

/// Of which company each field should survive.
pub fn propose(left: &Half, right: &Half) -> Choices {
    let record = survivor(left, right);
    let mut choices: Choices =
        Field::ALL.iter().map(|field| (*field, better(*field, (left, right), record))).collect();
    // КПП and ОГРН belong to their tax number.
    let of_tax_id = choices[&Field::TaxId];
    let half = if of_tax_id == Side::Left { left } else { right };
    for field in [Field::Kpp, Field::Ogrn] {
        if value(&half.company, Field::TaxId).is_some() && value(&half.company, field).is_some() {
            choices.insert(field, of_tax_id);
        }
    }
    if let Some(side) = place(left, right, choices[&Field::Address]) {
        choices.extend([(Field::City, side), (Field::Address, side)]);
    }
    choices
}

/// Of which company town and address survive together: the town of one and the address of another
/// are a place where nobody is. The side of the better address, unless only the other says both.
fn place(left: &Half, right: &Half, of_address: Side) -> Option<Side> {
    let says_both = |side: Side| {
        let half = if side == Side::Left { left } else { right };
        [Field::City, Field::Address].iter().all(|field| value(&half.company, *field).is_some())
    };
    [of_address, of_address.other()].into_iter().find(|side| says_both(*side))
}

/// Of which company one field should survive; `record` is the side whose record does.
fn better(field: Field, (left, right): (&Half, &Half), record: Side) -> Side {
    let said = |half: &Half| value(&half.company, field).map(str::to_owned);
    let (one, other) = match (said(left), said(right)) {
        (None, None) => return record,
        (Some(_), None) => return Side::Left,
        (None, Some(_)) => return Side::Right,
        (Some(one), Some(other)) if one == other => return record,
        (Some(one), Some(other)) => (one, other),
    };
    if field == Field::Source {
        return record;
    }
    let rank = |half: &Half, text: &str| {
        let is_valid = is_valid(field, text);
        let changed_at = (field != Field::Name).then_some(half.changed_at);
        (is_valid, half.checked_at(field), fullness(field, text), changed_at)
    };
    let (one, other) = (rank(left, &one), rank(right, &other));
    match one.cmp(&other) {
        std::cmp::Ordering::Greater => Side::Left,
        std::cmp::Ordering::Less => Side::Right,
        std::cmp::Ordering::Equal => record,
    }
}

fn is_valid(field: Field, text: &str) -> bool {
    match field {
        Field::TaxId => linkage::normalise::tax_id(text).is_ok(),
        Field::Kpp => linkage::normalise::kpp(text).is_ok(),
        Field::Ogrn => linkage::normalise::ogrn(text).is_ok(),
        Field::Website => linkage::normalise::web_domain(text).is_ok(),
        // Capitals throughout are how a register shouts, not how a company is written.
        Field::Name => text.chars().any(char::is_lowercase) && slip_of_name(text).is_none(),
        Field::FullName => text.chars().any(char::is_lowercase),
        _ => true,
    }
}

fn fullness(field: Field, text: &str) -> usize {
    match field {
        // A longer name or number is not a better one.
        Field::Name | Field::TaxId | Field::Kpp | Field::Ogrn | Field::City => 0,
        _ => text.chars().filter(|c| c.is_alphanumeric()).count(),
    }
}
