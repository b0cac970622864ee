//! Who was erased on request: recognised again by traces, keyed hashes that say nothing to who
//! reads them, so that neither a file nor a typing hand brings them back.

mod written;

use std::collections::BTreeSet;

use super::suppression::Secret;
use super::{Company, Contact, name_key};
use crate::values::*;

/// What somebody who was erased is recognised by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Trace {
    /// A number.
    Phone(String),
    /// A mail address.
    Email(String),
    /// A tax number or a registration of a person who was their company.
    Company(String),
    /// A name at a company.
    Person(String, Place),
}

/// The company of a name, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// Its record.
    Record(CompanyId),
    /// Its tax number.
    TaxId(String),
    /// Its name, met where there is no tax number.
    Named(String),
    /// Its name, where it had no tax number itself: then whatever number it is met with.
    NamedOnly(String),
}

impl Trace {
    /// A number.
    pub fn phone(e164: &str) -> Self {
        Self::Phone(e164.to_owned())
    }
    /// A mail address, however it is written.
    pub fn email(address: &str) -> Self {
        Self::Email(address.trim().to_lowercase())
    }
    /// A tax number or a registration.
    pub fn company(registered: &str) -> Self {
        Self::Company(registered.to_owned())
    }
    /// What is kept of it.
    pub fn hash(&self, secret: &Secret) -> String {
        let text = match self {
            Self::Phone(e164) => format!("erased phone:{e164}"),
            Self::Email(address) => format!("erased email:{address}"),
            Self::Company(registered) => format!("erased company:{registered}"),
            Self::Person(name, place) => {
                let place = match place {
                    Place::Record(id) => format!("record:{id}"),
                    Place::TaxId(tax_id) => format!("tax:{tax_id}"),
                    Place::Named(key) => format!("named:{key}"),
                    Place::NamedOnly(key) => format!("named only:{key}"),
                };
                format!("erased person:{name}:{place}")
            }
        };
        secret.seal(&text)
    }
    /// What it was: `phone`, `email`, `company` or `person`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Phone(_) => "phone",
            Self::Email(_) => "email",
            Self::Company(_) => "company",
            Self::Person(..) => "person",
        }
    }
}

/// True for a person who trades under their own name: that of the company is theirs, and its
/// address may be where they live.
pub fn is_sole_trader(company: &Company) -> bool {
    let has = |number: &Option<String>, digits| number.as_ref().is_some_and(|n| n.len() == digits);
    let is_called_so = company.legal_form.as_deref() == Some(SOLE_TRADER);
    is_called_so || has(&company.tax_id, 12) || has(&company.ogrn, 15)
}

/// The form of a person who trades under their own name.
const SOLE_TRADER: &str = "ИП";

/// The tax number and the registration of a company.
pub fn registered(company: &Company) -> impl Iterator<Item = &String> {
    company.tax_id.iter().chain(&company.ogrn)
}

/// What a person leaves behind: their name, however it is written, at each record of the company.
pub fn left_by(name: &str, faces: &[Company]) -> Vec<Trace> {
    let of = |face: &Company| {
        let key = name_key(&face.name);
        let mut places = vec![Place::Record(face.id), Place::Named(key.clone())];
        places.push(face.tax_id.clone().map_or(Place::NamedOnly(key), Place::TaxId));
        places
    };
    at_each(&written::left(name), &faces.iter().flat_map(of).collect::<Vec<Place>>())
}

/// By what a name is looked for at a company that is met with this name and tax number.
pub fn met_at(name: &str, company: &str, tax_id: Option<&str>) -> Vec<Trace> {
    let key = name_key(company);
    let places = match tax_id {
        Some(tax_id) => vec![Place::TaxId(tax_id.to_owned()), Place::NamedOnly(key)],
        None => vec![Place::Named(key)],
    };
    at_each(&written::met(name), &places)
}

/// By what a name is looked for at a record of the base.
pub fn met_in(name: &str, record: CompanyId) -> Vec<Trace> {
    at_each(&written::met(name), &[Place::Record(record)])
}

fn at_each(names: &[String], places: &[Place]) -> Vec<Trace> {
    let at = |place: &Place| {
        let all = names.iter().map(|name| Trace::Person(name.clone(), place.clone()));
        all.collect::<Vec<Trace>>()
    };
    places.iter().flat_map(at).collect()
}

/// A person's name as it is compared: in whatever order, without a patronymic, ё as е.
pub fn person_key(name: &str) -> String {
    let folded = name.to_lowercase().replace('ё', "е");
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words: Vec<&str> = words.collect();
    if words.len() > 2 {
        words.retain(|word| !is_patronymic(word));
    }
    words.sort_unstable();
    words.join(" ")
}

/// Who of them has the name; of several who may be meant nobody is guessed.
pub fn meant<'a>(there: &[&'a Contact], name: &str) -> Option<&'a Contact> {
    let is_so_written = there.iter().any(|one| one.name == name);
    let mut alike = there.iter().filter(|one| match is_so_written {
        true => one.name == name,
        false => is_same_person(&one.name, name),
    });
    alike.next().filter(|_| alike.next().is_none()).copied()
}

/// True for two names of one person: a patronymic may be missing in one, but not be another.
pub fn is_same_person(one: &str, other: &str) -> bool {
    let words = |name: &str| -> BTreeSet<String> {
        let folded = name.to_lowercase().replace('ё', "е");
        let words = folded.split(|c: char| !c.is_alphanumeric());
        words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let (own, others) = (words(one), words(other));
    person_key(one) == person_key(other) && (own.is_subset(&others) || others.is_subset(&own))
}

/// True for a patronymic, in small letters.
pub fn is_patronymic(word: &str) -> bool {
    ["ович", "евич", "ич", "овна", "евна", "ична", "оглы", "кызы"]
        .iter()
        .any(|end| word.ends_with(end) && word.chars().count() > end.chars().count() + 2)
}

/// Somebody who was erased does not come back: what it was, and by which act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasedRefusal {
    /// `phone`, `email`, `company` or `person`.
    pub what: &'static str,
    /// The number of the act.
    pub act: i64,
}

impl Refusal for ErasedRefusal {
    fn code(&self) -> &'static str {
        "company-erased"
    }
    fn args(&self) -> Vec<(&'static str, String)> {
        vec![("what", self.what.to_owned()), ("number", self.act.to_string())]
    }
}
