//! What one record has that another lacks. Nothing that stands is ever overwritten.

use linkage::normalise;

use super::alike::Known;
use super::{Company, Contact, NewBasis, NewCompany, NewContact, NewPhone, PARTS_MAX};

/// The code of its numbers.
const PHONES: &str = "phones";

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
    /// A value in comparable spelling: two that say the same are the same in it.
    pub fn key(self, value: &str) -> String {
        let lower = value.trim().to_lowercase();
        match self {
            Self::FullName => {
                let name = normalise::name(value);
                format!("{:?} {}", name.form, name.core)
            }
            Self::City => normalise::town(value),
            Self::Address => format!("{:?}", normalise::address(value)),
            Self::Website => match normalise::web_domain(value) {
                Ok(domain) => domain.host().to_owned(),
                Err(_) => lower,
            },
            Self::TaxId | Self::Kpp | Self::Ogrn | Self::Industry => lower,
        }
    }
}

/// Something of which the one at hand says another thing than the company of the base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Otherwise {
    /// The code of what it is.
    pub what: &'static str,
    /// What the one at hand says.
    pub said: String,
    /// What stands; empty where nothing does and nothing is filled in, as what a person does.
    pub stands: String,
}

/// What is said otherwise: fields, and what people do whom the company has under the same name.
pub fn otherwise(known: &Known, new: &NewCompany) -> Vec<Otherwise> {
    let fields = pairs(&known.company, new).into_iter().filter_map(|(field, stands, said)| {
        let (stands, said) = (stands?, said?);
        let is_same = field.key(stands) == field.key(said);
        (!is_same).then(|| Otherwise::of(field.code(), said, stands))
    });
    let roles = new.contacts.iter().filter_map(|one| {
        let said = one.role.as_deref()?;
        let same: Vec<&Contact> =
            known.people().filter(|had| is_same_text(&had.name, &one.name)).collect();
        let roles: Vec<&str> = same.iter().filter_map(|had| had.role.as_deref()).collect();
        let is_told = !same.is_empty() && !roles.iter().any(|role| is_same_text(role, said));
        is_told.then(|| Otherwise::of("role", said, roles.first().copied().unwrap_or_default()))
    });
    fields.chain(roles).collect()
}

impl Otherwise {
    fn of(what: &'static str, said: &str, stands: &str) -> Self {
        Self { what, said: said.to_owned(), stands: stands.to_owned() }
    }
}

/// A field with what stands in it and what the one at hand says.
type Pair<'a> = (Fillable, Option<&'a str>, Option<&'a str>);

fn pairs<'a>(had: &'a Company, new: &'a NewCompany) -> [Pair<'a>; 8] {
    [
        (Fillable::FullName, had.full_name.as_deref(), new.full_name.as_deref()),
        (Fillable::TaxId, had.tax_id.as_deref(), new.tax_id.as_deref()),
        (Fillable::Kpp, had.kpp.as_deref(), new.kpp.as_deref()),
        (Fillable::Ogrn, had.ogrn.as_deref(), new.ogrn.as_deref()),
        (Fillable::City, had.city.as_deref(), new.city.as_deref()),
        (Fillable::Address, had.address.as_deref(), new.address.as_deref()),
        (Fillable::Website, had.website.as_deref(), new.website.as_deref()),
        (Fillable::Industry, had.industry.as_deref(), new.industry.as_deref()),
    ]
}

fn is_same_text(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
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
        Self {
            fields: pairs(&known.company, new)
                .into_iter()
                .filter(|(_, had, _)| had.is_none())
                .filter_map(|(field, _, new)| Some((field, new?.to_owned())))
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

    /// Leaves out the parts for which the company has no place; answers the codes of those.
    pub fn fit(&mut self, known: &Known) -> Vec<&'static str> {
        let mut left = Vec::new();
        let mut places = |code: &'static str, had: usize, more: usize| {
            let places = PARTS_MAX.saturating_sub(had);
            left.extend((more > places).then_some(code));
            places
        };
        self.phones.truncate(places(PHONES, known.phones.len(), self.phones.len()));
        self.emails.truncate(places("emails", known.emails.len(), self.emails.len()));
        self.contacts.truncate(places("contacts", known.contacts.len(), self.contacts.len()));
        left
    }

    /// Its numbers alone: what may be kept of a record of the same tax number under another name.
    pub fn numbers(self) -> Self {
        Self { phones: self.phones, ..Self::default() }
    }

    /// Codes of what is left where its numbers alone are kept.
    pub fn codes_beside_numbers(&self) -> Vec<&'static str> {
        self.codes().into_iter().filter(|code| *code != PHONES).collect()
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
            (PHONES, self.phones.is_empty()),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_say_the_same_are_the_same_however_they_are_written() {
        use Fillable::{Address, City, FullName, Industry, Kpp, Website};
        for (field, one, other, is_same) in [
            (City, "г. Тверь", "Тверь", true),
            (City, "Тверь", "Омск", false),
            (Address, "ул. Льна, д. 1", "улица Льна, дом 1", true),
            (Address, "ул. Льна, д. 1", "ул. Льна, д. 2", false),
            (Website, "https://www.len.example/about", "len.example", true),
            (Website, "len.example", "silk.example", false),
            (FullName, "ООО «Лён»", "ООО \"Лён\"", true),
            (FullName, "ООО «Лён»", "АО «Лён»", false),
            (Industry, "Ткани", "ткани", true),
            (Kpp, "771401001", "690101001", false),
        ] {
            assert_eq!(field.key(one) == field.key(other), is_same, "{one} and {other}");
        }
    }
}
