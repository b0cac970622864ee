//! What one record has that another lacks. Nothing that stands is ever overwritten.

use super::alike::Known;
use super::{NewBasis, NewCompany, NewContact, NewPhone};

/// A field that can be filled, by its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fillable {
    /// The name in full.
    FullName,
    /// The tax number.
    TaxId,
    /// КПП.
    Kpp,
    /// ОГРН.
    Ogrn,
    /// Town.
    City,
    /// Postal address.
    Address,
    /// Site.
    Website,
    /// What it does.
    Industry,
}

impl Fillable {
    /// Every field.
    pub const ALL: [Self; 8] = [
        Self::FullName,
        Self::TaxId,
        Self::Kpp,
        Self::Ogrn,
        Self::City,
        Self::Address,
        Self::Website,
        Self::Industry,
    ];
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::FullName => "full_name",
            Self::TaxId => "tax_id",
            Self::Kpp => "kpp",
            Self::Ogrn => "ogrn",
            Self::City => "city",
            Self::Address => "address",
            Self::Website => "website",
            Self::Industry => "industry",
        }
    }
    /// The field of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.code() == code)
    }
}

/// What a company lacks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Missing {
    /// Fields that are empty, with what would fill them.
    pub fields: Vec<(Fillable, String)>,
    /// Numbers it does not have.
    pub phones: Vec<NewPhone>,
    /// Mail addresses it does not have.
    pub emails: Vec<String>,
    /// People it does not have.
    pub contacts: Vec<NewContact>,
    /// A ground for contact it does not have yet; those it has stay.
    pub basis: Option<NewBasis>,
    /// Something said of it in words that stands in none of its notes.
    pub note: Option<String>,
}

impl Missing {
    /// What the company of the base lacks of the one at hand.
    pub fn of(known: &Known, new: &NewCompany) -> Self {
        let had = &known.company;
        let fields = [
            (Fillable::FullName, &had.full_name, &new.full_name),
            (Fillable::TaxId, &had.tax_id, &new.tax_id),
            (Fillable::Kpp, &had.kpp, &new.kpp),
            (Fillable::Ogrn, &had.ogrn, &new.ogrn),
            (Fillable::City, &had.city, &new.city),
            (Fillable::Address, &had.address, &new.address),
            (Fillable::Website, &had.website, &new.website),
            (Fillable::Industry, &had.industry, &new.industry),
        ];
        let is_same_text = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
        Self {
            fields: fields
                .into_iter()
                .filter(|(_, had, _)| had.is_none())
                .filter_map(|(field, _, new)| Some((field, new.clone()?)))
                .collect(),
            phones: lacking(&new.phones, |new| {
                known.phones.iter().any(|had| had.phone == new.phone)
            }),
            emails: lacking(&new.emails, |new| {
                known.emails.iter().any(|had| is_same_text(&had.address, new))
            }),
            contacts: lacking(&new.contacts, |new| {
                known.people().any(|had| is_same_text(&had.name, &new.name))
            }),
            basis: None,
            note: None,
        }
    }

    /// Its numbers alone: what may be kept of a record of the same tax number under another name.
    pub fn numbers(self) -> Self {
        Self { phones: self.phones, ..Self::default() }
    }

    /// True when it lacks nothing.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
            && self.phones.is_empty()
            && self.emails.is_empty()
            && self.contacts.is_empty()
            && self.basis.is_none()
            && self.note.is_none()
    }

    /// Codes of what it lacks, for a sentence.
    pub fn codes(&self) -> Vec<&'static str> {
        let fields = self.fields.iter().map(|(field, _)| field.code());
        let parts = [
            ("phones", self.phones.is_empty()),
            ("emails", self.emails.is_empty()),
            ("contacts", self.contacts.is_empty()),
            ("basis", self.basis.is_none()),
            ("note", self.note.is_none()),
        ];
        fields.chain(parts.into_iter().filter(|(_, none)| !none).map(|(code, _)| code)).collect()
    }

    /// As a company of its own, for its search terms.
    pub fn as_company(&self) -> NewCompany {
        let mut new = NewCompany {
            phones: self.phones.clone(),
            contacts: self.contacts.clone(),
            ..NewCompany::default()
        };
        for (field, value) in &self.fields {
            let value = Some(value.clone());
            match field {
                Fillable::FullName => new.full_name = value,
                Fillable::TaxId => new.tax_id = value,
                Fillable::Ogrn => new.ogrn = value,
                Fillable::City => new.city = value,
                _ => {}
            }
        }
        new
    }
}

fn lacking<T: Clone>(all: &[T], is_had: impl Fn(&T) -> bool) -> Vec<T> {
    all.iter().filter(|part| !is_had(part)).cloned().collect()
}
