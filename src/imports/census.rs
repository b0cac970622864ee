//! Who carries which key in a file, counted before its rows are judged: a number of very many glues
//! nobody, and a row that shares no key with any other need not be remembered.
//!
//! A list of a million rows has some millions of keys, so a key is kept as a number, and once all
//! are known only those that more than one row has.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::draft::Draft;

/// A number carried by more rows than this is nobody's own.
const CROWD: usize = 20;

/// The keys of a file that occur in it more than once.
#[derive(Debug, Default)]
pub(super) struct Census {
    phones: Keys,
    emails: Keys,
    tax_ids: Keys,
    said: Keys,
    crowded: HashSet<String>,
}

/// Keys as numbers, in their order once all are known.
#[derive(Debug, Default)]
struct Keys(Vec<u64>);

impl Keys {
    /// Keeps those that occur more than once; answers those that more than `most` carry.
    fn settle(&mut self, most: usize) -> Vec<u64> {
        self.0.sort_unstable();
        let mut crowd = Vec::new();
        let mut shared = Vec::new();
        for same in self.0.chunk_by(|one, other| one == other) {
            shared.extend(same.first().filter(|_| same.len() > 1));
            crowd.extend(same.first().filter(|_| same.len() > most));
        }
        self.0 = shared;
        crowd
    }

    fn has(&self, key: u64) -> bool {
        self.0.binary_search(&key).is_ok()
    }
}

impl Census {
    /// Goes through a file once.
    pub fn of(drafts: impl Iterator<Item = Draft>) -> Self {
        let mut census = Self::default();
        for draft in drafts.filter(|draft| draft.faults.is_empty()) {
            let new = &draft.company;
            census.phones.0.extend(new.phones.iter().map(|new| digits(&new.phone.e164)));
            census.emails.0.extend(new.emails.iter().map(|email| hash(&email.to_lowercase())));
            census.tax_ids.0.extend(new.tax_id.iter().map(|tax_id| digits(tax_id)));
            census.said.0.push(hash(&draft.digest));
        }
        let crowd = census.phones.settle(CROWD);
        census.crowded = crowd.into_iter().map(|number| format!("+{number}")).collect();
        for keys in [&mut census.emails, &mut census.tax_ids, &mut census.said] {
            keys.settle(CROWD);
        }
        census
    }

    /// Numbers that say nothing, for very many carry them.
    pub fn crowded(&self) -> &HashSet<String> {
        &self.crowded
    }

    /// True when another row says the very same.
    pub fn is_said_again(&self, draft: &Draft) -> bool {
        self.said.has(hash(&draft.digest))
    }

    /// True when another row says the very same, or may be the same company.
    pub fn is_met_again(&self, draft: &Draft) -> bool {
        self.is_said_again(draft) || self.may_repeat(draft)
    }

    /// True when another row may be the same company: only tax number, telephone or mail can make
    /// that certain.
    pub fn may_repeat(&self, draft: &Draft) -> bool {
        let new = &draft.company;
        new.tax_id.as_ref().is_some_and(|tax_id| self.tax_ids.has(digits(tax_id)))
            || new.phones.iter().any(|new| self.phones.has(digits(&new.phone.e164)))
            || new.emails.iter().any(|email| self.emails.has(hash(&email.to_lowercase())))
    }
}

/// A telephone in E.164 or a tax number as a number: neither has more digits than fit.
fn digits(text: &str) -> u64 {
    text.trim_start_matches('+').parse().unwrap_or_else(|_| hash(text))
}

fn hash(key: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::companies::{NewCompany, NewPhone};
    use crate::values::Phone;

    #[test]
    fn keys_of_one_row_are_forgotten_and_a_crowd_is_known_by_its_number() {
        let draft = |number: usize, phone: &str| Draft {
            digest: number.to_string(),
            company: NewCompany {
                tax_id: Some(format!("77142398{:02}", number / 2)),
                phones: vec![NewPhone {
                    phone: Phone::parse(phone, "RU").expect("a phone"),
                    label: None,
                }],
                ..NewCompany::default()
            },
            ..Draft::default()
        };
        let all: Vec<Draft> = (0..21).map(|number| draft(number, "8 495 963-76-77")).collect();
        let other = draft(98, "8 495 963-76-78");
        let census = Census::of(all.iter().cloned().chain([other.clone()]));
        assert_eq!(census.crowded(), &HashSet::from(["+74959637677".to_owned()]));
        assert!(census.may_repeat(&all[0]) && census.may_repeat(&all[20]), "by its telephone");
        assert!(!census.is_met_again(&other));
        assert_eq!(census.tax_ids.0.len(), 10, "of twenty-one rows the last stands alone");
    }
}
