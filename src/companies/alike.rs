//! Which companies of the base may be the one at hand, and the words for why.

use std::collections::{BTreeMap, HashSet};

use linkage::duplicates::{Reason, Record};
use linkage::normalise;
use serde::{Deserialize, Serialize};

pub use linkage::duplicates::Strength;

use super::filling::{Fillable, Missing};
use super::ties::valid_kpp;
use super::{Company, CompanyEmail, CompanyPhone, Contact, NewCompany, Standing};
use crate::values::{ContactId, PhoneId};

/// A company asked about.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// What is known of it.
    pub new: &'a NewCompany,
    /// True when its tax number was valid only after a repair.
    pub is_tax_id_repaired: bool,
}

/// A company of the base that may be the same.
#[derive(Debug, Clone)]
pub struct Alike {
    /// Its record.
    pub known: Known,
    /// How sure it is.
    pub strength: Strength,
    /// Why.
    pub reasons: Vec<Remark>,
}

impl Alike {
    /// True when both have the same tax number: the same legal entity, whatever it is called.
    pub fn has_same_tax_id(&self) -> bool {
        self.reasons.iter().any(|reason| reason.code == "same_tax_id")
    }
    /// True when a person who adds a company by hand should look at it first: it is the same for
    /// certain, shares what two companies seldom share, or has the same name in the same place.
    pub fn is_worth_a_look(&self, new: &NewCompany) -> bool {
        self.strength == Strength::Certain
            || self.has_any(&["same_tax_id", "shared_phone", "shared_email"])
            || self.is_namesake_there(new)
    }
    /// True for the same name at the same address, or in the same town where one of them has none.
    fn is_namesake_there(&self, new: &NewCompany) -> bool {
        let read = |text: &Option<String>| {
            let address = normalise::address(text.as_deref().unwrap_or_default());
            Some((address.street?, address.house?))
        };
        let is_there = match (read(&new.address), read(&self.known.company.address)) {
            (Some(one), Some(other)) => one == other && !self.has_any(&["different_cities"]),
            _ => self.has_any(&["same_city"]),
        };
        is_there && self.has_any(&["name_same", "name_spacing", "name_transliterated"])
    }
    /// Says of a company of the same tax number that it has another KPP: the one at hand may be a
    /// branch of it.
    pub fn tell_of_branch(&mut self, new: &NewCompany) {
        let valid = |kpp: &Option<String>| valid_kpp(kpp.as_deref());
        let both = valid(&new.kpp).zip(valid(&self.known.company.kpp));
        let both = both.filter(|(left, right)| left != right && self.has_same_tax_id());
        if let Some((left, right)) = both {
            let told = Remark::new("different_kpps").with("left", left).with("right", right);
            self.reasons.push(told);
        }
    }
    fn has_any(&self, codes: &[&str]) -> bool {
        self.reasons.iter().any(|reason| codes.contains(&reason.code.as_str()))
    }
}

/// A company of the base with what it is recognised by.
#[derive(Debug, Clone)]
pub struct Known {
    /// The record.
    pub company: Company,
    /// Its numbers.
    pub phones: Vec<CompanyPhone>,
    /// Its mail addresses.
    pub emails: Vec<CompanyEmail>,
    /// Its people.
    pub contacts: Vec<Contact>,
    /// Other records of these people, that merges joined to the first: they are known by them, too.
    pub joined: Vec<Contact>,
}

impl Known {
    /// The record by itself.
    pub fn bare(company: Company) -> Self {
        let (phones, emails) = (Vec::new(), Vec::new());
        Self { company, phones, emails, contacts: Vec::new(), joined: Vec::new() }
    }
    /// Every record of its people.
    pub fn people(&self) -> impl Iterator<Item = &Contact> {
        self.contacts.iter().chain(&self.joined)
    }
    /// As it is once what it lacked was filled in.
    pub fn absorb(&mut self, missing: &Missing) {
        let company = &mut self.company;
        for (field, value) in &missing.fields {
            let place = match field {
                Fillable::FullName => &mut company.full_name,
                Fillable::TaxId => &mut company.tax_id,
                Fillable::Kpp => &mut company.kpp,
                Fillable::Ogrn => &mut company.ogrn,
                Fillable::City => &mut company.city,
                Fillable::Address => &mut company.address,
                Fillable::Website => &mut company.website,
                Fillable::Industry => &mut company.industry,
            };
            *place = Some(value.clone());
        }
        let (id, now) = (company.id, company.made_at);
        self.phones.extend(missing.phones.iter().map(|new| CompanyPhone {
            id: PhoneId::fresh(now),
            company: id,
            contact: None,
            phone: new.phone.clone(),
            label: new.label.clone(),
            standing: Standing::Unknown,
            held_until: None,
        }));
        let addresses = missing.emails.iter().cloned();
        self.emails.extend(addresses.map(|address| CompanyEmail { contact: None, address }));
        self.contacts.extend(missing.contacts.iter().map(|new| Contact {
            id: ContactId::fresh(now),
            company: id,
            name: new.name.clone(),
            role: new.role.clone(),
            is_decision_maker: new.is_decision_maker,
            gone_at: None,
            gone_reason: None,
            version: 1,
        }));
    }
}

/// What a reason calls the number of those who carry its value.
const CARRIERS: &str = "carriers";

/// Something to tell a person: the code of a sentence and what fills it in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Remark {
    /// The code of the sentence.
    pub code: String,
    /// What fills it in.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, String>,
}

impl Remark {
    /// A remark that needs nothing else.
    pub fn new(code: impl Into<String>) -> Self {
        Self { code: code.into(), args: BTreeMap::new() }
    }
    /// A remark about a value.
    pub fn about(code: impl Into<String>, value: impl Into<String>) -> Self {
        Self::new(code).with("value", value)
    }
    /// One more thing that fills it in.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self
    }
}

impl From<&Reason> for Remark {
    /// Told are the others who carry a value; a reason counts who is asked about among them.
    fn from(reason: &Reason) -> Self {
        let others = |value: &str| value.parse().map_or(0, |count: u64| count.saturating_sub(1));
        let args = reason.parameters().into_iter().map(|(name, value)| match name {
            CARRIERS => (name.to_owned(), others(&value).to_string()),
            _ => (name.to_owned(), value),
        });
        Self { code: reason.code().to_owned(), args: args.collect() }
    }
}

/// The comparable parts of a company at hand. Numbers of a crowd are no evidence.
pub fn record_of_new(id: u64, asked: &Asked<'_>, crowded: &HashSet<String>) -> Record {
    let new = asked.new;
    let numbers = new.phones.iter().map(|p| p.phone.e164.clone());
    Record {
        id,
        name: normalise::name(&new.name),
        tax_id: new.tax_id.as_deref().and_then(|text| normalise::tax_id(text).ok()),
        tax_id_repaired: asked.is_tax_id_repaired,
        branch: None,
        phones: numbers.filter(|number| !crowded.contains(number)).collect(),
        emails: new.emails.iter().filter_map(|text| normalise::email(text).ok()).collect(),
        domain: new.website.as_deref().and_then(|text| normalise::web_domain(text).ok()),
        city: new.city.clone(),
    }
}

/// The comparable parts of a company of the base.
pub fn record_of_known(id: u64, known: &Known, crowded: &HashSet<String>) -> Record {
    let company = &known.company;
    let numbers = known.phones.iter().map(|p| p.phone.e164.clone());
    let addresses = known.emails.iter().filter_map(|e| normalise::email(&e.address).ok());
    Record {
        id,
        name: normalise::name(&company.name),
        tax_id: company.tax_id.as_deref().and_then(|text| normalise::tax_id(text).ok()),
        tax_id_repaired: false,
        branch: None,
        phones: numbers.filter(|number| !crowded.contains(number)).collect(),
        emails: addresses.collect(),
        domain: company.website.as_deref().and_then(|text| normalise::web_domain(text).ok()),
        city: company.city.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_asked_about_is_not_counted_among_the_others_with_a_number() {
        for (carriers, others) in [(2, "1"), (7, "6"), (0, "0")] {
            let phone = "+74959637677".to_owned();
            let told = Remark::from(&Reason::SharedPhone { phone, carriers });
            assert_eq!(told.args["carriers"], others);
            assert_eq!(told.args["phone"], "+74959637677");
        }
    }
}
