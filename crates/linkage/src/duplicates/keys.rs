//! What a record is looked up by: values prepared once, and the blocking keys made of them.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::Record;
use crate::normalise::{Kpp, TaxId, latin_key, name, skeleton};

/// Which part of a record a key was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Field {
    TaxId,
    Phone,
    Email,
    Domain,
    /// The whole Latin key of the name.
    Name,
    /// The beginning and the end of the Latin key: one of them survives a single misspelling.
    NameStart,
    NameEnd,
    /// The consonants of the name.
    Skeleton,
    /// The two longest words of the name, in whatever order they stand.
    WordPair,
}

/// A blocking key; records that share one are compared. Of its value only a digest is kept: there
/// are some ten keys a record, twice each, and a list of a million rows is held in memory. Two
/// values of one digest would have their records compared in vain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    pub field: Field,
    value: u64,
}

impl Key {
    pub fn new(field: Field, value: &str) -> Self {
        // Without a secret, so that it is the same on every machine.
        let mut hasher = DefaultHasher::new();
        value.hash(&mut hasher);
        Self { field, value: hasher.finish() }
    }
}

/// A record with everything that comparing needs, worked out once.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    pub id: u64,
    pub tax_id: Option<TaxId>,
    pub tax_id_repaired: bool,
    pub branch: Option<Kpp>,
    pub form: Option<&'static str>,
    /// The words of the name in order of the alphabet.
    pub words: Vec<String>,
    pub compact: String,
    pub latin: String,
    pub latin_words: Vec<String>,
    /// The numbers in the name, such as that of a school, within words too («Салон24»).
    pub numbers: Vec<String>,
    pub phones: Vec<String>,
    pub emails: Vec<String>,
    pub domains: Vec<String>,
    pub city: Option<String>,
    pub keys: Vec<Key>,
    /// Second keys for blocks too crowded to be compared whole.
    by_name: u32,
    by_city: u32,
}

/// How many letters of a name's beginning and end make a key.
const AFFIX_LETTERS: usize = 5;

impl Prepared {
    pub fn of(record: &Record) -> Self {
        let latin = record.name.latin_key();
        let sorted = |mut values: Vec<String>| {
            values.retain(|value| !value.is_empty());
            values.sort_unstable();
            values.dedup();
            values
        };
        let web = record.domain.iter().filter(|domain| !domain.is_shared()).cloned();
        let mail = record.emails.iter().filter_map(|email| email.web_domain());
        let domains = web.chain(mail).map(|domain| domain.registrable().to_owned()).collect();
        let city = record.city.as_deref().and_then(city_key);
        let numbers = record.name.tokens.iter().flat_map(|word| digit_runs(word));
        let mut prepared = Self {
            id: record.id,
            tax_id: record.tax_id,
            tax_id_repaired: record.tax_id_repaired,
            branch: record.branch,
            form: record.name.form,
            words: sorted(record.name.tokens.clone()),
            compact: record.name.compact(),
            latin_words: record.name.tokens.iter().map(|word| latin_key(word)).collect(),
            numbers: sorted(numbers.map(str::to_owned).collect()),
            phones: sorted(record.phones.clone()),
            emails: sorted(record.emails.iter().map(|email| email.key()).collect()),
            domains: sorted(domains),
            by_name: hash(&skeleton(&latin)),
            by_city: city.as_deref().map_or(0, hash),
            latin,
            city,
            keys: Vec::new(),
        };
        prepared.keys = prepared.blocking_keys();
        prepared.keys.shrink_to_fit();
        prepared
    }

    /// The second key by which a crowded block of this field is parted: contacts and numbers by the
    /// name, names by the town.
    pub fn refinement(&self, field: Field) -> u32 {
        match field {
            Field::TaxId | Field::Phone | Field::Email | Field::Domain => self.by_name,
            _ => self.by_city,
        }
    }

    fn blocking_keys(&self) -> Vec<Key> {
        let mut keys = Vec::new();
        if let Some(tax_id) = self.tax_id {
            keys.push(Key::new(Field::TaxId, &tax_id.digits()));
        }
        let contacts = [
            (Field::Phone, &self.phones),
            (Field::Email, &self.emails),
            (Field::Domain, &self.domains),
        ];
        for (field, values) in contacts {
            keys.extend(values.iter().map(|value| Key::new(field, value)));
        }
        if self.latin.is_empty() {
            return keys;
        }
        keys.push(Key::new(Field::Name, &self.latin));
        let letters: Vec<char> = self.latin.chars().collect();
        if letters.len() > AFFIX_LETTERS {
            let start: String = letters[..AFFIX_LETTERS].iter().collect();
            let end: String = letters[letters.len() - AFFIX_LETTERS..].iter().collect();
            keys.push(Key::new(Field::NameStart, &start));
            keys.push(Key::new(Field::NameEnd, &end));
        }
        let bones = skeleton(&self.latin);
        if bones.len() >= 3 {
            keys.push(Key::new(Field::Skeleton, &bones));
        }
        let mut longest: Vec<&String> = self.latin_words.iter().collect();
        longest.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        if let [first, second, ..] = longest[..] {
            let (first, second) = if first < second { (first, second) } else { (second, first) };
            keys.push(Key::new(Field::WordPair, &format!("{first} {second}")));
        }
        keys
    }
}

fn digit_runs(word: &str) -> impl Iterator<Item = &str> {
    word.split(|letter: char| !letter.is_numeric()).filter(|run| !run.is_empty())
}

/// A town in comparable spelling, without «г.» or «город».
fn city_key(city: &str) -> Option<String> {
    let mut words = name(city).tokens;
    words.retain(|word| !matches!(word.as_str(), "г" | "гор" | "город" | "city"));
    (!words.is_empty()).then(|| words.join(" "))
}

/// FNV-1a, so that the parts of a crowded block are the same on every machine.
fn hash(text: &str) -> u32 {
    text.bytes()
        .fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
