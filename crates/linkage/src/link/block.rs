//! Which rows are worth comparing: those that share a key.
//!
//! A key is an atom of one field that is rare enough (a number, a telephone, an uncommon name) or
//! two atoms of two fields together. A block of more rows than the cap is parted by what else its
//! rows have; what is crowded even then is looked through in a window over its sorted rows, and
//! counted. So every pair that shares a key is either compared or counted.

use super::Kind;
use super::crowd::part_all;
use super::dictionary::Dictionary;
use super::lists::{Blocks, Lists};
use super::parts::{Parts, hash, mix};
use super::threads::shared;
use crate::normalise::skeleton;

/// Rows of a block that are compared each with each.
const CAP: usize = 24;
/// A single atom is a key while it brings no more pairs to a row than this.
const SINGLE_PAIRS_MAX: f64 = 5.0;
/// Two atoms together are a key while they bring no more pairs to a row than this.
const DOUBLE_PAIRS_MAX: f64 = 0.5;
/// Pairs of atoms in use at most.
const DOUBLES_MAX: usize = 24;

/// Atoms of one sort: those of each row.
pub(super) struct Atoms {
    field: usize,
    starts: Vec<u32>,
    hashes: Vec<u64>,
    /// How many pairs of all share one, as a share.
    collision: f64,
    /// Always a key, however common: refined where it is crowded.
    identifies: bool,
}

impl Atoms {
    /// Those of a row.
    pub fn of(&self, row: u32) -> &[u64] {
        &self.hashes[self.starts[row as usize] as usize..self.starts[row as usize + 1] as usize]
    }
}

impl Atoms {
    /// Drops atoms that one row alone has: whatever key they are part of, nobody shares it.
    fn drop_single(&mut self) {
        let shared = Shared::of(self.hashes.iter().copied(), self.hashes.len());
        let (mut kept, mut from) = (0, 0);
        for at in 1..self.starts.len() {
            let to = self.starts[at] as usize;
            for place in from..to {
                if shared.may_have(self.hashes[place]) {
                    self.hashes[kept] = self.hashes[place];
                    kept += 1;
                }
            }
            (self.starts[at], from) = (kept as u32, to);
        }
        self.hashes.truncate(kept);
        self.hashes.shrink_to_fit();
    }
}

/// Which of many hashes may occur twice.
#[derive(Default)]
pub(super) struct Shared(Vec<u64>);

impl Shared {
    fn of(hashes: impl Iterator<Item = u64>, count: usize) -> Self {
        let mut shared = Self::default();
        shared.look(hashes, count, &mut Vec::new());
        shared
    }

    /// Looks at other hashes, in the room that is there.
    pub fn look(&mut self, hashes: impl Iterator<Item = u64>, count: usize, once: &mut Vec<u64>) {
        let words = (count * 8).next_power_of_two().max(64) / 64;
        for bits in [&mut self.0, once] {
            bits.clear();
            bits.resize(words, 0);
        }
        for hash in hashes {
            let (word, bit) = self.place(hash);
            self.0[word] |= once[word] & bit;
            once[word] |= bit;
        }
    }

    fn place(&self, hash: u64) -> (usize, u64) {
        ((hash >> 6) as usize & (self.0.len() - 1), 1_u64 << (hash & 63))
    }

    pub fn may_have(&self, hash: u64) -> bool {
        let (word, bit) = self.place(hash);
        self.0[word] & bit != 0
    }
}

/// What makes a key.
#[derive(Clone, Copy)]
enum Key {
    /// One sort of atoms.
    Single(usize),
    /// Two sorts together.
    Double(usize, usize),
}

/// What one key makes: blocks, and lists of rows that are too long for one.
#[derive(Default)]
struct Keyed {
    small: Lists,
    crowds: Lists,
}

/// Makes the blocks of all rows; the keys, and then the crowds, are shared by `threads`.
pub(super) fn blocks(parts: &Parts, threads: usize) -> Blocks {
    let atoms = all_atoms(parts, threads);
    let (before, of_numbers) = keys(parts, &atoms);
    let all: Vec<Key> = before.iter().chain(&of_numbers).copied().collect();
    let mut of_keys = shared(threads, all.len(), |at| of_key(parts, &atoms, all[at])).into_iter();
    let mut blocks = Blocks::default();
    for count in [before.len(), of_numbers.len()] {
        blocks.numbers_from = blocks.lists.len() as u32;
        let keyed = of_keys.by_ref().take(count);
        let (small, crowds): (Vec<Lists>, Vec<Lists>) =
            keyed.map(|keyed| (keyed.small, keyed.crowds)).unzip();
        blocks.lists.extend(small);
        let mut crowded = Lists::default();
        crowded.extend(crowds);
        blocks.crowded += crowded.len() as u64;
        // Several keys of one name make the same crowd; it is parted once.
        crowded.drop_repeats(parts.rows);
        part_all(&mut blocks, parts, (&atoms, &crowded), threads);
    }
    drop(atoms);
    blocks.index(parts.rows);
    blocks
}

/// The keys in use: those of numbers with check digits apart, since they stand behind the others.
fn keys(parts: &Parts, atoms: &[Atoms]) -> (Vec<Key>, Vec<Key>) {
    let rows = f64::from(parts.rows);
    let is_single =
        |atoms: &Atoms| atoms.identifies || atoms.collision * rows / 2.0 <= SINGLE_PAIRS_MAX;
    let has_numbers = |atoms: &Atoms| parts.columns[atoms.field].vetoes;
    let singles = |of_numbers: bool| {
        let all = atoms.iter().enumerate();
        let some = all.filter(move |(_, one)| is_single(one) && has_numbers(one) == of_numbers);
        some.map(|(at, _)| Key::Single(at))
    };
    let mut doubles: Vec<(f64, usize, usize)> = Vec::new();
    for (i, one) in atoms.iter().enumerate() {
        for (j, other) in atoms.iter().enumerate().skip(i + 1) {
            let expected = one.collision * other.collision * rows / 2.0;
            let is_weak = |atoms: &Atoms| !is_single(atoms) && !has_numbers(atoms);
            let wanted = is_weak(one) && is_weak(other) && one.field != other.field;
            if wanted && expected <= DOUBLE_PAIRS_MAX {
                doubles.push((expected, i, j));
            }
        }
    }
    doubles.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    doubles.truncate(DOUBLES_MAX);
    let doubles = doubles.into_iter().map(|(_, i, j)| Key::Double(i, j));
    (singles(false).chain(doubles).collect(), singles(true).collect())
}

/// The blocks that one key makes.
fn of_key(parts: &Parts, atoms: &[Atoms], key: Key) -> Keyed {
    let mut entries = Vec::new();
    for row in 0..parts.rows {
        match key {
            Key::Single(at) => {
                entries.extend(atoms[at].of(row).iter().map(|atom| (*atom ^ at as u64, row)));
            }
            Key::Double(i, j) => {
                for one in atoms[i].of(row) {
                    for other in atoms[j].of(row) {
                        entries.push((mix(one.rotate_left(17) ^ other ^ (i * 31 + j) as u64), row));
                    }
                }
            }
        }
    }
    take(parts, entries)
}

/// The atoms of every field, sort by sort; the sorts are shared by `threads`.
fn all_atoms(parts: &Parts, threads: usize) -> Vec<Atoms> {
    let columns = parts.columns.iter().enumerate();
    let sorts: Vec<(usize, Sort, bool)> = columns
        .flat_map(|(field, column)| sorts(column.kind).iter().map(move |(s, i)| (field, *s, *i)))
        .collect();
    let all = shared(threads, sorts.len(), |at| atoms(parts, sorts[at]));
    all.into_iter().filter(|atoms| !atoms.hashes.is_empty()).collect()
}

/// The atoms of one sort in a field.
fn atoms(parts: &Parts, (field, sort, identifies): (usize, Sort, bool)) -> Atoms {
    let column = &parts.columns[field];
    let dictionary = &parts.dictionaries[column.dictionary];
    let (mut starts, mut by_value) = (vec![0_u32], Vec::new());
    for number in 0..dictionary.values.len() {
        if column.carriers.get(number).is_some_and(|carriers| *carriers > 0) {
            by_value.extend(atoms_of(sort, dictionary, number as u32));
        }
        starts.push(by_value.len() as u32);
    }
    let of_value = |number: u32| {
        &by_value[starts[number as usize] as usize..starts[number as usize + 1] as usize]
    };
    let mut atoms =
        Atoms { field, starts: vec![0], hashes: Vec::new(), collision: 0.0, identifies };
    for row in 0..parts.rows {
        let start = atoms.hashes.len();
        for number in column.of(row) {
            atoms.hashes.extend_from_slice(of_value(*number));
        }
        atoms.hashes[start..].sort_unstable();
        let mut kept = start;
        for at in start..atoms.hashes.len() {
            if at == start || atoms.hashes[at] != atoms.hashes[at - 1] {
                atoms.hashes[kept] = atoms.hashes[at];
                kept += 1;
            }
        }
        atoms.hashes.truncate(kept);
        atoms.starts.push(kept as u32);
    }
    atoms.drop_single();
    atoms.collision = collision(&atoms.hashes, parts.rows);
    atoms
}

/// The share of pairs of rows that have an atom in common.
fn collision(hashes: &[u64], rows: u32) -> f64 {
    let mut sorted = hashes.to_vec();
    sorted.sort_unstable();
    let pairs: f64 = sorted
        .chunk_by(|one, other| one == other)
        .map(|run| run.len() as f64 * (run.len() as f64 - 1.0))
        .sum();
    pairs / (f64::from(rows) * (f64::from(rows) - 1.0)).max(1.0)
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

fn atoms_of(sort: Sort, dictionary: &Dictionary, value: u32) -> Vec<u64> {
    let text = dictionary.key(value);
    let key = text.as_bytes();
    match sort {
        Sort::Whole => vec![hash(1, key)],
        Sort::Skeleton => {
            let bones = skeleton(text);
            if bones.len() < 2 { Vec::new() } else { vec![hash(2, bones.as_bytes())] }
        }
        Sort::Words(count) => {
            let rarest = rarest(dictionary, value, count);
            rarest.iter().map(|word| hash(3, &word.to_le_bytes())).collect()
        }
        Sort::WordPairs => {
            let rarest = rarest(dictionary, value, 3);
            let mut pairs = Vec::new();
            for (at, one) in rarest.iter().enumerate() {
                for other in &rarest[at + 1..] {
                    let pair = u64::from(*one.min(other)) << 32 | u64::from(*one.max(other));
                    pairs.push(hash(4, &pair.to_le_bytes()));
                }
            }
            pairs
        }
        Sort::Prefix(length) if key.len() > length => vec![hash(5, &key[..length])],
        Sort::Suffix(length) if key.len() >= length => vec![hash(6, &key[key.len() - length..])],
        Sort::Prefix(_) | Sort::Suffix(_) => Vec::new(),
        Sort::Mailbox => {
            let mailbox = text.split('@').next().unwrap_or("");
            if mailbox.len() < 6 { Vec::new() } else { vec![hash(7, mailbox.as_bytes())] }
        }
        Sort::MailDomain => match text.split_once('@') {
            Some((_, domain)) if !crate::normalise::is_free_mail(domain) => {
                vec![hash(8, domain.as_bytes())]
            }
            _ => Vec::new(),
        },
        Sort::SortedDigits => {
            let mut digits = key.to_vec();
            digits.sort_unstable();
            vec![hash(9, &digits)]
        }
    }
}

/// The rarest words that more than one row has.
fn rarest(dictionary: &Dictionary, value: u32, count: usize) -> Vec<u32> {
    let rows = |word: &u32| dictionary.word_rows[*word as usize];
    let mut words: Vec<u32> =
        dictionary.words(value).iter().copied().filter(|word| rows(word) > 1).collect();
    words.sort_by_key(|word| (rows(word), *word));
    words.truncate(count);
    words
}

/// Groups entries of one key into blocks; crowded ones apart.
fn take(parts: &Parts, mut entries: Vec<(u64, u32)>) -> Keyed {
    drop_single(&mut entries);
    entries.sort_unstable();
    entries.dedup();
    let (mut keyed, mut rows) = (Keyed::default(), Vec::new());
    for run in entries.chunk_by(|one, other| one.0 == other.0).filter(|run| run.len() > 1) {
        rows.clear();
        rows.extend(run.iter().map(|(_, row)| *row));
        if rows.len() <= CAP {
            keyed.small.push(parts, &rows);
        } else {
            keyed.crowds.push(parts, &rows);
        }
    }
    keyed.small.shrink();
    keyed
}

/// Drops entries whose key nobody shares, nearly all of them: what is left is cheaper to sort.
fn drop_single(entries: &mut Vec<(u64, u32)>) {
    let shared = Shared::of(entries.iter().map(|(key, _)| *key), entries.len());
    entries.retain(|(key, _)| shared.may_have(*key));
}
