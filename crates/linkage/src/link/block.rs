//! Which rows are worth comparing: those that share a key.
//!
//! A key is an atom of one field that is rare enough (a number, a telephone, an uncommon name) or
//! two atoms of two fields together. A block of more rows than the cap is parted by what else its
//! rows have; what is crowded even then is looked through in a window over its sorted rows, and
//! counted. So every pair that shares a key is either compared or counted.

use super::Kind;
use super::dictionary::Dictionary;
use super::parts::{Parts, hash, mix};
use super::threads::shared;
use crate::normalise::skeleton;

/// Rows of a block that are compared each with each.
const CAP: usize = 24;
/// The same within a parted block, where a key in common says less than the first one did.
const FINE_CAP: usize = 8;
/// Neighbours that a row meets in a block which cannot be parted.
const WINDOW: usize = 6;
/// A single atom is a key while it brings no more pairs to a row than this.
const SINGLE_PAIRS_MAX: f64 = 5.0;
/// Two atoms together are a key while they bring no more pairs to a row than this.
const DOUBLE_PAIRS_MAX: f64 = 0.5;
/// Pairs of atoms in use at most.
const DOUBLES_MAX: usize = 24;

/// Blocks, and what did not fit.
#[derive(Default, Debug)]
pub(super) struct Blocks {
    starts: Vec<u32>,
    members: Vec<u32>,
    row_starts: Vec<u32>,
    row_blocks: Vec<u32>,
    /// From this block on, blocks are of numbers with check digits.
    pub numbers_from: u32,
    /// Blocks of more rows than the cap, which were parted.
    pub crowded: u64,
    /// Pairs in parted blocks that no finer key brought together.
    pub narrowed: u64,
}

/// Atoms of one sort: those of each row.
struct Atoms {
    field: usize,
    starts: Vec<u32>,
    hashes: Vec<u64>,
    /// How many pairs of all share one, as a share.
    collision: f64,
    /// Always a key, however common: refined where it is crowded.
    identifies: bool,
}

impl Atoms {
    fn of(&self, row: u32) -> &[u64] {
        &self.hashes[self.starts[row as usize] as usize..self.starts[row as usize + 1] as usize]
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

/// Makes the blocks of all rows; the keys are shared by `threads`.
pub(super) fn blocks(parts: &Parts, threads: usize) -> Blocks {
    let atoms = all_atoms(parts, threads);
    let (before, of_numbers) = keys(parts, &atoms);
    let all: Vec<Key> = before.iter().chain(&of_numbers).copied().collect();
    let of_keys = shared(threads, all.len(), |at| of_key(parts, &atoms, all[at]));
    drop(atoms);
    let mut blocks = Blocks { starts: vec![0], ..Blocks::default() };
    blocks.members.reserve_exact(of_keys.iter().map(|key| key.members.len()).sum());
    blocks.starts.reserve_exact(of_keys.iter().map(Blocks::len).sum());
    for (at, of_key) in of_keys.into_iter().enumerate() {
        if at == before.len() {
            blocks.numbers_from = blocks.len() as u32;
        }
        blocks.append(of_key);
    }
    if of_numbers.is_empty() {
        blocks.numbers_from = blocks.len() as u32;
    }
    index_rows(&mut blocks, parts.rows);
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
fn of_key(parts: &Parts, atoms: &[Atoms], key: Key) -> Blocks {
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
    let mut blocks = Blocks { starts: vec![0], ..Blocks::default() };
    take(&mut blocks, parts, atoms, entries);
    blocks.members.shrink_to_fit();
    blocks.starts.shrink_to_fit();
    blocks
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

/// Groups entries of one key into blocks; crowded ones are parted.
fn take(blocks: &mut Blocks, parts: &Parts, atoms: &[Atoms], mut entries: Vec<(u64, u32)>) {
    drop_single(&mut entries);
    entries.sort_unstable();
    entries.dedup();
    for run in entries.chunk_by(|one, other| one.0 == other.0).filter(|run| run.len() > 1) {
        let rows: Vec<u32> = run.iter().map(|(_, row)| *row).collect();
        if rows.len() <= CAP {
            push(blocks, parts, &rows);
        } else {
            blocks.crowded += 1;
            part(blocks, parts, atoms, &rows, 0);
        }
    }
}

/// Drops entries whose key nobody shares, nearly all of them: what is left is cheaper to sort.
fn drop_single(entries: &mut Vec<(u64, u32)>) {
    let bits = (entries.len() * 8).next_power_of_two().max(64);
    let (mut once, mut twice) = (vec![0_u64; bits / 64], vec![0_u64; bits / 64]);
    let place = |key: u64| {
        let bit = key as usize & (bits - 1);
        (bit / 64, 1_u64 << (bit % 64))
    };
    for (key, _) in entries.iter() {
        let (word, bit) = place(*key);
        twice[word] |= once[word] & bit;
        once[word] |= bit;
    }
    entries.retain(|(key, _)| {
        let (word, bit) = place(*key);
        twice[word] & bit != 0
    });
}

/// A block for these rows, if any two of them may meet.
fn push(blocks: &mut Blocks, parts: &Parts, rows: &[u32]) {
    let crosses = parts.first.is_none_or(|first| {
        rows.first().is_some_and(|row| *row < first) && rows.last().is_some_and(|row| *row >= first)
    });
    if rows.len() > 1 && crosses {
        blocks.members.extend_from_slice(rows);
        blocks.starts.push(blocks.members.len() as u32);
    }
}

/// Parts a crowded block by every other atom of its rows, and what is crowded then once more from
/// the next atom on; what is crowded still meets its neighbours only.
fn part(blocks: &mut Blocks, parts: &Parts, atoms: &[Atoms], rows: &[u32], from: usize) {
    let before = blocks.starts.len() - 1;
    let mut entries: Vec<(u64, u32)> = Vec::new();
    for (at, one) in atoms.iter().enumerate().skip(from) {
        entries.clear();
        for row in rows {
            entries.extend(one.of(*row).iter().map(|atom| (*atom, *row)));
        }
        drop_single(&mut entries);
        entries.sort_unstable();
        let is_finer = |run: &&[(u64, u32)]| run.len() > 1 && run.len() * 10 < rows.len() * 9;
        for run in entries.chunk_by(|one, other| one.0 == other.0).filter(is_finer) {
            let run: Vec<u32> = run.iter().map(|(_, row)| *row).collect();
            if run.len() <= FINE_CAP {
                push(blocks, parts, &run);
            } else if at + 1 < atoms.len() {
                part(blocks, parts, atoms, &run, at + 1);
            }
        }
    }
    if from > 0 {
        return;
    }
    let mut covered = 0_u64;
    for block in before..blocks.starts.len() - 1 {
        let length = u64::from(blocks.starts[block + 1] - blocks.starts[block]);
        covered += length * (length - 1) / 2;
    }
    // Rows come sorted by content, which is as good as any order that the contents alone decide.
    for window in rows.windows(WINDOW).step_by(WINDOW / 2) {
        push(blocks, parts, window);
    }
    let all = rows.len() as u64 * (rows.len() as u64 - 1) / 2;
    blocks.narrowed += all.saturating_sub(covered);
}

/// For each row its blocks, ascending.
fn index_rows(blocks: &mut Blocks, rows: u32) {
    let mut starts = vec![0_u32; rows as usize + 2];
    for row in &blocks.members {
        starts[*row as usize + 2] += 1;
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let mut row_blocks = vec![0_u32; blocks.members.len()];
    for block in 0..blocks.len() {
        for row in &blocks.members[blocks.range(block)] {
            let place = &mut starts[*row as usize + 1];
            row_blocks[*place as usize] = block as u32;
            *place += 1;
        }
    }
    starts.pop();
    blocks.row_starts = starts;
    blocks.row_blocks = row_blocks;
}

impl Blocks {
    /// Puts the blocks of another key behind.
    fn append(&mut self, other: Self) {
        let before = self.members.len() as u32;
        self.members.extend(other.members);
        self.starts.extend(other.starts.iter().skip(1).map(|start| before + start));
        self.crowded += other.crowded;
        self.narrowed += other.narrowed;
    }

    /// How many blocks there are.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    fn range(&self, block: usize) -> std::ops::Range<usize> {
        self.starts[block] as usize..self.starts[block + 1] as usize
    }

    fn of_row(&self, row: u32) -> &[u32] {
        let row = row as usize;
        &self.row_blocks[self.row_starts[row] as usize..self.row_starts[row + 1] as usize]
    }

    /// Whether two rows share a block.
    pub fn meet(&self, a: u32, b: u32) -> bool {
        first_shared(self.of_row(a), self.of_row(b)) != u32::MAX
    }

    /// Hands out every pair that shares a block once, with the first block of it; `a < b`, and `a`
    /// is one of `rows`.
    pub fn each_pair(
        &self,
        parts: &Parts,
        rows: std::ops::Range<u32>,
        met: &mut Met,
        mut with: impl FnMut(u32, u32, u32),
    ) {
        met.0.resize(parts.rows as usize, u32::MAX);
        for a in rows {
            for block in self.of_row(a) {
                let members = self.members[self.range(*block as usize)].iter().rev();
                for b in members.copied().take_while(|b| *b > a) {
                    let last = &mut met.0[b as usize];
                    if *last != a && parts.may_meet(a, b) {
                        *last = a;
                        with(a, b, *block);
                    }
                }
            }
        }
    }
}

/// For each row the last one that it met.
#[derive(Default)]
pub(super) struct Met(Vec<u32>);

/// Runs of so many rows, for `threads` to share: small enough that none waits for another.
pub(super) fn runs(rows: u32, threads: usize) -> Vec<std::ops::Range<u32>> {
    let length = rows.div_ceil(threads as u32 * 32).max(64);
    (0..rows).step_by(length as usize).map(|from| from..rows.min(from + length)).collect()
}

/// The first number that two ascending lists have in common; they have one.
fn first_shared(one: &[u32], other: &[u32]) -> u32 {
    let (mut i, mut j) = (0, 0);
    while i < one.len() && j < other.len() {
        match one[i].cmp(&other[j]) {
            std::cmp::Ordering::Equal => return one[i],
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
        }
    }
    u32::MAX
}
