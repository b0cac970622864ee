//! Who of two companies is one person: by the name, unless everything else contradicts it. Pure.

use std::collections::{BTreeMap, BTreeSet};

use crate::companies::erased::is_same_person;
use crate::companies::{CompanyEmail, CompanyPhone, Contact};
use crate::values::*;

/// Who stands at both companies, the left one's record first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namesake {
    /// The record of the left company.
    pub left: Contact,
    /// The record of the right company.
    pub right: Contact,
}

/// A person with what is their own.
#[derive(Debug, Clone)]
pub struct Known {
    /// Their record.
    pub contact: Contact,
    phones: BTreeSet<String>,
    emails: BTreeSet<String>,
}

/// The people of a company, each with what is their own.
pub fn known(
    contacts: Vec<Contact>,
    phones: &[CompanyPhone],
    emails: &[CompanyEmail],
) -> Vec<Known> {
    let mut all: Vec<Known> = contacts
        .into_iter()
        .map(|contact| Known { contact, phones: BTreeSet::new(), emails: BTreeSet::new() })
        .collect();
    let mut places: BTreeMap<ContactId, &mut Known> =
        all.iter_mut().map(|one| (one.contact.id, one)).collect();
    for phone in phones {
        if let Some(one) = phone.contact.and_then(|id| places.get_mut(&id)) {
            one.phones.insert(phone.phone.e164.clone());
        }
    }
    for email in emails {
        if let Some(one) = email.contact.and_then(|id| places.get_mut(&id)) {
            one.emails.insert(email.address.to_lowercase());
        }
    }
    all
}

impl Known {
    fn role(&self) -> String {
        self.contact.role.as_deref().unwrap_or_default().trim().to_lowercase()
    }

    /// True unless the name or all else says that they are two. Somebody who left and somebody who
    /// works there are told apart, too: which of the two is right is for a person to find out.
    fn may_be(&self, other: &Self) -> bool {
        let differ = |own: &BTreeSet<String>, others: &BTreeSet<String>| {
            !own.is_empty() && !others.is_empty() && own.is_disjoint(others)
        };
        let (role, other_role) = (self.role(), other.role());
        let is_another = differ(&self.phones, &other.phones)
            && differ(&self.emails, &other.emails)
            && !role.is_empty()
            && !other_role.is_empty()
            && role != other_role;
        is_same_person(&self.contact.name, &other.contact.name)
            && self.contact.gone_at.is_some() == other.contact.gone_at.is_some()
            && !is_another
    }

    /// True where something beside the name is the same.
    fn shares(&self, other: &Self) -> bool {
        let role = self.role();
        !self.phones.is_disjoint(&other.phones)
            || !self.emails.is_disjoint(&other.emails)
            || (!role.is_empty() && role == other.role())
    }
}

/// Who stands at both companies. Of several namesakes only those are taken for one of whom it is
/// clear which is which: first by what they share beside the name, then by being left over.
pub fn find(left: &[Known], right: &[Known]) -> Vec<Namesake> {
    let mut found = Vec::new();
    for is_sure in [true, false] {
        let is_left = |one: &Known, found: &[Namesake]| {
            let id = one.contact.id;
            found.iter().all(|pair: &Namesake| pair.left.id != id && pair.right.id != id)
        };
        let may = |one: &Known, other: &Known, found: &[Namesake]| {
            is_left(one, found)
                && is_left(other, found)
                && one.may_be(other)
                && (!is_sure || one.shares(other))
        };
        let mut more = Vec::new();
        for one in left {
            let mut others = right.iter().filter(|other| may(one, other, &found));
            let (Some(other), None) = (others.next(), others.next()) else { continue };
            if left.iter().filter(|rival| may(rival, other, &found)).count() == 1 {
                let (left, right) = (one.contact.clone(), other.contact.clone());
                more.push(Namesake { left, right });
            }
        }
        found.extend(more);
    }
    found
}

codes! {
    /// What of a person's record is filled from the other one.
    Filled {
        /// The name, where the other has a patronymic.
        Name = "name",
        /// What they do.
        Role = "role",
        /// That they decide.
        Decides = "is_decision_maker",
    }
}

/// What the record that stays lacks and the other has: what it said before, and what it says then.
pub fn lacking(stays: &Contact, other: &Contact) -> Vec<(Filled, Option<String>, Option<String>)> {
    let mut filled = Vec::new();
    let words = |name: &str| name.split_whitespace().count();
    if words(&other.name) > words(&stays.name) {
        filled.push((Filled::Name, Some(stays.name.clone()), Some(other.name.clone())));
    }
    if stays.role.is_none() && other.role.is_some() {
        filled.push((Filled::Role, None, other.role.clone()));
    }
    if other.is_decision_maker && !stays.is_decision_maker && stays.gone_at.is_none() {
        filled.push((Filled::Decides, Some("false".to_owned()), Some("true".to_owned())));
    }
    filled
}
