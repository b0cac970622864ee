//! What is remembered of the rows of a file that were judged, so that those below are told from
//! them. Most rows need none of it, see `census.rs`; what repeats is kept as short as tells it, and
//! a file that needs more than a bound is refused before anything of it is written. One that comes
//! to need more since then breaks off and rests, and what is written of it can be taken back.

use std::collections::{HashMap, HashSet};

use linkage::duplicates::{Index, Match, Record};

use super::draft::{Draft, key};
use crate::companies::filling::{Fillable, Missing};
use crate::values::{CompanyId, Phone};

/// Bytes that may be remembered of one file: a million rows of which each may repeat another, at
/// two kilobytes. Of a million rows of `bench list` half are such. A node works on two files at
/// most, besides the small ones that are looked at while their senders wait, see `check.rs`.
pub(super) const REMEMBERED_MAX: usize = if cfg!(test) { 16 << 20 } else { 2 << 30 };
/// Bytes of a row that another may repeat, besides its name, its telephones and its addresses: its
/// place, and half a dozen keys by which its name is looked up, each in two tables.
const RECORD_BYTES: usize = 1_200;
/// A name is kept whole and in words, in its own letters and in Latin ones.
const NAME_COPIES: usize = 4;
/// Bytes of a telephone with its key.
const PHONE_BYTES: usize = 200;
/// Bytes of an address with its domain, and the keys of both.
const EMAIL_BYTES: usize = 400;
/// Bytes of a digest of sixteen and a line, in a table that may be more than half empty.
const KEY_BYTES: usize = 64;

/// What is remembered of the rows above.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Rows that another may repeat, by what they are recognised by.
    index: Index,
    index_bytes: usize,
    /// Lines by the digest of what they say.
    said: HashMap<[u8; 16], i64>,
    /// Digests of what rows bring to companies of the base, each with its company.
    brought: HashSet<[u8; 16]>,
    /// Lines of rows that another may repeat and that state no town, those about companies of the
    /// base left out, and whether each states a tax number.
    townless: HashMap<i64, bool>,
}

impl Memory {
    /// The first row that says the very same.
    pub fn line_of(&self, draft: &Draft) -> Option<i64> {
        self.said.get(&said(draft)).copied()
    }

    /// Remembers what a row says; false where one above says the very same.
    pub fn say(&mut self, draft: &Draft) -> bool {
        let line = *self.said.entry(said(draft)).or_insert(draft.line);
        line == draft.line
    }

    /// Remembers a row that another may repeat.
    pub fn add(&mut self, record: &Record) {
        self.index_bytes += RECORD_BYTES
            + NAME_COPIES * record.name.core.len()
            + PHONE_BYTES * record.phones.len()
            + EMAIL_BYTES * record.emails.len();
        self.index.add(record);
    }

    /// Rows above that may be the same company, the surest first.
    pub fn find(&self, record: &Record) -> Vec<Match> {
        self.index.find(record)
    }

    /// Remembers that a row of a new company states no town: one that repeats it may bring one.
    pub fn leave_unplaced(&mut self, line: i64, has_tax_id: bool) {
        self.townless.insert(line, has_tax_id);
    }

    /// Of a row above that has no town: whether it states a tax number.
    pub fn find_townless(&self, line: i64) -> Option<bool> {
        self.townless.get(&line).copied()
    }

    /// Remembers that a row below brought a town to that one.
    pub fn place(&mut self, line: i64) {
        self.townless.remove(&line);
    }

    /// Leaves out of what a company of the base lacks what rows above bring to it already; answers
    /// the fields to which they bring another value.
    pub fn leave_out_brought(
        &self,
        company: CompanyId,
        missing: &mut Missing,
    ) -> Vec<(Fillable, String)> {
        let is_news = |what, value: &str| !self.brought.contains(&part(company, what, value));
        let (fields, mut brought): (Vec<_>, Vec<_>) = std::mem::take(&mut missing.fields)
            .into_iter()
            .partition(|(field, _)| is_news(field.code(), ""));
        missing.fields = fields;
        brought.retain(|(field, value)| is_news(field.code(), &said_of(*field, value)));
        missing.phones.retain(|new| is_news(PHONE, &number(&new.phone)));
        missing.emails.retain(|address| is_news(EMAIL, &address.to_lowercase()));
        missing.contacts.retain(|new| is_news(CONTACT, &new.name.to_lowercase()));
        brought
    }

    /// Remembers what a row brings to a company of the base.
    pub fn bring(&mut self, company: CompanyId, missing: &Missing) {
        let fields = missing.fields.iter().flat_map(|(field, value)| {
            ["".to_owned(), said_of(*field, value)].map(|said| part(company, field.code(), &said))
        });
        let phones = missing.phones.iter().map(|new| part(company, PHONE, &number(&new.phone)));
        let emails = missing.emails.iter().map(|one| part(company, EMAIL, &one.to_lowercase()));
        let contacts = missing.contacts.iter();
        let contacts = contacts.map(|new| part(company, CONTACT, &new.name.to_lowercase()));
        self.brought.extend(fields.chain(phones).chain(emails).chain(contacts));
    }

    /// Remembers a ground or a note that a row brings to a company of the base; false where a row
    /// above brings it.
    pub fn bring_words(&mut self, company: CompanyId, what: &str, words: &str) -> bool {
        self.brought.insert(part(company, what, words))
    }

    /// Forgets what rows brought to companies of the base: written, it stands there.
    pub fn forget_brought(&mut self) {
        self.brought.clear();
    }

    /// True where something is remembered that rows brought to companies of the base.
    #[cfg(test)]
    pub fn remembers_brought(&self) -> bool {
        !self.brought.is_empty()
    }

    /// True once it takes more memory than one file may, with so many keys that are kept beside it.
    pub fn is_full(&self, keys_beside: usize) -> bool {
        let keys = self.said.len() + self.brought.len() + self.townless.len() + keys_beside;
        self.index_bytes + KEY_BYTES * keys > REMEMBERED_MAX
    }
}

const PHONE: &str = "phone";
const EMAIL: &str = "email";
const CONTACT: &str = "contact";

fn said(draft: &Draft) -> [u8; 16] {
    key(&[&draft.digest])
}

fn part(company: CompanyId, what: &str, value: &str) -> [u8; 16] {
    key(&[company.to_string().as_str(), what, value])
}

/// What a field says, told from the mark that it says anything.
fn said_of(field: Fillable, value: &str) -> String {
    format!("={}", field.key(value))
}

/// A number with its extension.
fn number(phone: &Phone) -> String {
    format!("{}{:?}", phone.e164, phone.extension)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::companies::NewPhone;
    use crate::values::Instant;

    #[test]
    fn what_a_row_above_brings_to_a_company_is_left_out_of_those_below() {
        let (one, other) = (CompanyId::fresh(Instant(1)), CompanyId::fresh(Instant(1)));
        let missing = |city: &str, number: &str, email: &str| Missing {
            fields: vec![(Fillable::City, city.to_owned())],
            phones: vec![NewPhone {
                phone: Phone::parse(number, "RU").expect("a phone"),
                label: None,
            }],
            emails: vec![email.to_owned()],
            ..Missing::default()
        };
        let above = missing("Тверь", "8 495 963-76-77", "len@len.example");
        let mut memory = Memory::default();
        memory.bring(one, &above);
        let left = |company, mut lacked: Missing| {
            memory.leave_out_brought(company, &mut lacked);
            lacked.codes().join(",")
        };
        assert_eq!(left(one, missing("Омск", "8 495 963-76-77", "LEN@len.example")), "");
        let below = missing("Омск", "8 495 963-76-78", "a@len.example");
        assert_eq!(left(one, below), "phones,emails");
        assert_eq!(left(other, above), "city,phones,emails");
        let unlike = |city: &str| {
            let mut lacked = missing(city, "8 495 963-76-77", "len@len.example");
            memory.leave_out_brought(one, &mut lacked)
        };
        assert!(unlike("г. ТВЕРЬ").is_empty(), "it says the same");
        assert_eq!(unlike("Омск"), [(Fillable::City, "Омск".to_owned())]);
    }

    #[test]
    fn a_row_that_is_said_again_takes_no_more_memory() {
        let mut memory = Memory::default();
        let draft = |line| Draft { line, digest: "same".to_owned(), ..Draft::default() };
        assert!(memory.say(&draft(1)));
        assert!((2..9).all(|line| !memory.say(&draft(line))));
        assert_eq!((memory.line_of(&draft(9)), memory.said.len()), (Some(1), 1));
    }

    #[test]
    fn it_is_full_before_it_takes_more_than_it_may() {
        let mut memory = Memory::default();
        let usual = RECORD_BYTES + PHONE_BYTES;
        let most = u64::try_from(REMEMBERED_MAX / usual).expect("few");
        let phones = vec!["+74959637677".to_owned()];
        for id in 0..=most {
            assert!(!memory.is_full(0), "{id} of {most}");
            memory.add(&Record { id, phones: phones.clone(), ..Record::default() });
        }
        assert!(memory.is_full(0));
    }
}
