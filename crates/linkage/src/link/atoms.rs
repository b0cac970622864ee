//! What of the values of rows may make a key: atoms, of several sorts in each field.

use super::Kind;
use super::dictionary::Dictionary;
use super::numbers::Numbers;
use super::parts::{NONE, Parts, hash};
use super::threads::shared;
use crate::normalise::{is_free_mail, skeleton};
use smallvec::{SmallVec, smallvec};

/// Atoms of one sort in one field: those of each row that another row has as well, since whatever
/// key the others are part of, nobody shares it. They are numbered in the order of the values, so
/// that near numbers are of near rows.
pub(super) struct Atoms {
    pub field: usize,
    starts: Vec<u32>,
    numbers: Vec<u32>,
    /// How many rows have each; two, at least.
    pub rows_of: Vec<u32>,
    /// How many pairs of all share one, as a share.
    pub collision: f64,
    /// Always a key, however common: refined where it is crowded.
    pub identifies: bool,
}

impl Atoms {
    /// Those of a row, ascending.
    pub fn of(&self, row: u32) -> &[u32] {
        &self.numbers[self.starts[row as usize] as usize..self.starts[row as usize + 1] as usize]
    }

    /// How many there are in all rows together.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Drops those that one row alone has, and numbers the others anew.
    fn drop_single(&mut self) {
        let mut anew = vec![NONE; self.rows_of.len()];
        let shared = (0..anew.len()).filter(|number| self.rows_of[*number] > 1);
        for (new, number) in (0..).zip(shared) {
            anew[number] = new;
        }
        self.rows_of.retain(|rows| *rows > 1);
        self.rows_of.shrink_to_fit();
        let (mut kept, mut from) = (0, 0);
        for at in 1..self.starts.len() {
            let to = self.starts[at] as usize;
            for place in from..to {
                self.numbers[kept] = anew[self.numbers[place] as usize];
                kept += usize::from(self.numbers[kept] != NONE);
            }
            (self.starts[at], from) = (kept as u32, to);
        }
        self.numbers.truncate(kept);
        self.numbers.shrink_to_fit();
    }
}

/// The atoms of every field, sort by sort; the sorts are shared by `threads`.
pub(super) fn all_atoms(parts: &Parts, threads: usize) -> Vec<Atoms> {
    let columns = parts.columns.iter().enumerate();
    let sorts: Vec<(usize, Sort, bool)> = columns
        .flat_map(|(field, column)| sorts(column.kind).iter().map(move |(s, i)| (field, *s, *i)))
        .collect();
    let all = shared(threads, sorts.len(), |at| atoms(parts, sorts[at]));
    all.into_iter().filter(|atoms| atoms.len() > 0).collect()
}

/// The atoms of one sort in a field.
fn atoms(parts: &Parts, (field, sort, identifies): (usize, Sort, bool)) -> Atoms {
    let column = &parts.columns[field];
    let of_values = OfValues::new(&parts.dictionaries[column.dictionary], sort, &column.carriers);
    let (mut starts, mut numbers) = (vec![0], Vec::new());
    let mut rows_of = vec![0_u32; of_values.count];
    for row in 0..parts.rows {
        let start = numbers.len();
        let values = column.of(row);
        values.iter().for_each(|value| numbers.extend_from_slice(of_values.of(*value)));
        numbers[start..].sort_unstable();
        let mut kept = start;
        for at in start..numbers.len() {
            if at == start || numbers[at] != numbers[at - 1] {
                numbers[kept] = numbers[at];
                rows_of[numbers[kept] as usize] += 1;
                kept += 1;
            }
        }
        numbers.truncate(kept);
        starts.push(kept as u32);
    }
    let pairs: f64 = rows_of.iter().map(|rows| f64::from(*rows)).map(|n| n * (n - 1.0)).sum();
    let collision = pairs / (f64::from(parts.rows) * (f64::from(parts.rows) - 1.0)).max(1.0);
    let mut atoms = Atoms { field, starts, numbers, rows_of, collision, identifies };
    atoms.drop_single();
    atoms
}

/// The atoms of values, by numbers.
struct OfValues {
    starts: Vec<u32>,
    numbers: Vec<u32>,
    /// How many different ones there are.
    count: usize,
}

impl OfValues {
    /// Those of the values that a row carries.
    fn new(dictionary: &Dictionary, sort: Sort, carriers: &[u32]) -> Self {
        let (mut starts, mut numbers) = (vec![0], Vec::new());
        if matches!(sort, Sort::Whole) {
            // Different values are different atoms.
            let count = carriers.len();
            return Self {
                starts: (0..=count as u32).collect(),
                numbers: (0..count as u32).collect(),
                count,
            };
        }
        let (mut hashes, mut by_hash) = (Vec::<u64>::new(), Numbers::default());
        for (value, carriers) in (0..dictionary.values.len() as u32).zip(carriers) {
            if *carriers > 0 {
                for hash in atoms_of(sort, dictionary, value) {
                    let new = hashes.len() as u32;
                    let number = by_hash.of(hash, new, |at| hashes[at as usize] == hash);
                    if number == new {
                        hashes.push(hash);
                    }
                    numbers.push(number);
                }
            }
            starts.push(numbers.len() as u32);
        }
        Self { starts, numbers, count: hashes.len() }
    }

    fn of(&self, value: u32) -> &[u32] {
        let value = value as usize;
        &self.numbers[self.starts[value] as usize..self.starts[value + 1] as usize]
    }
}

/// What of a value makes a key.
#[derive(Clone, Copy)]
enum Sort {
    Whole,
    Skeleton,
    Words(usize),
    WordPairs,
    Prefix(usize),
    Suffix(usize),
    Mailbox,
    MailDomain,
    SortedDigits,
}

/// The sorts of atoms of a kind, and whether each is a key by itself however common.
fn sorts(kind: Kind) -> &'static [(Sort, bool)] {
    match kind {
        Kind::CompanyName => &[
            (Sort::Whole, true),
            (Sort::Skeleton, true),
            (Sort::Words(2), true),
            (Sort::WordPairs, false),
        ],
        Kind::PersonName => {
            &[(Sort::Whole, false), (Sort::Skeleton, false), (Sort::Prefix(4), false)]
        }
        Kind::Text => &[(Sort::Words(6), true), (Sort::WordPairs, true)],
        Kind::Address => &[(Sort::Whole, false), (Sort::WordPairs, false), (Sort::Words(1), false)],
        Kind::City => &[(Sort::Whole, false), (Sort::Skeleton, false)],
        Kind::Postcode | Kind::Category | Kind::Number => &[(Sort::Whole, false)],
        Kind::Phone => &[(Sort::Suffix(7), true), (Sort::Prefix(3), false)],
        Kind::Email => &[(Sort::Whole, true), (Sort::Mailbox, false), (Sort::MailDomain, false)],
        Kind::Domain => &[(Sort::Whole, true)],
        Kind::TaxId => &[(Sort::Whole, true), (Sort::Prefix(5), false), (Sort::Suffix(5), false)],
        Kind::Date => {
            &[(Sort::Whole, false), (Sort::SortedDigits, false), (Sort::Prefix(6), false)]
        }
    }
}

fn atoms_of(sort: Sort, dictionary: &Dictionary, value: u32) -> SmallVec<[u64; 6]> {
    let text = dictionary.key(value);
    let key = text.as_bytes();
    match sort {
        Sort::Whole => smallvec![u64::from(value)],
        Sort::Skeleton => {
            let bones = skeleton(text);
            if bones.len() < 2 { SmallVec::new() } else { smallvec![hash(2, bones.as_bytes())] }
        }
        Sort::Words(count) => {
            let rarest = rarest(dictionary, value, count);
            rarest.iter().map(|word| hash(3, &word.to_le_bytes())).collect()
        }
        Sort::WordPairs => {
            let rarest = rarest(dictionary, value, 3);
            let mut pairs = SmallVec::new();
            for (at, one) in rarest.iter().enumerate() {
                for other in &rarest[at + 1..] {
                    let pair = u64::from(*one.min(other)) << 32 | u64::from(*one.max(other));
                    pairs.push(hash(4, &pair.to_le_bytes()));
                }
            }
            pairs
        }
        Sort::Prefix(length) if key.len() > length => smallvec![hash(5, &key[..length])],
        Sort::Suffix(length) if key.len() >= length => {
            smallvec![hash(6, &key[key.len() - length..])]
        }
        Sort::Prefix(_) | Sort::Suffix(_) => SmallVec::new(),
        Sort::Mailbox => {
            let mailbox = text.split('@').next().unwrap_or("");
            if mailbox.len() < 6 { SmallVec::new() } else { smallvec![hash(7, mailbox.as_bytes())] }
        }
        Sort::MailDomain => match text.split_once('@') {
            Some((_, domain)) if !is_free_mail(domain) => {
                smallvec![hash(8, domain.as_bytes())]
            }
            _ => SmallVec::new(),
        },
        Sort::SortedDigits => {
            let mut digits = key.to_vec();
            digits.sort_unstable();
            smallvec![hash(9, &digits)]
        }
    }
}

/// The rarest words that more than one row has.
fn rarest(dictionary: &Dictionary, value: u32, count: usize) -> SmallVec<[u32; 8]> {
    let rows = |word: &u32| dictionary.word_rows[*word as usize];
    let mut words: SmallVec<[u32; 8]> =
        dictionary.words(value).iter().copied().filter(|word| rows(word) > 1).collect();
    words.sort_by_key(|word| (rows(word), *word));
    words.truncate(count);
    words
}
