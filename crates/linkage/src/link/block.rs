//! Which rows are worth comparing: those that share a key.
//!
//! A key is an atom of one field that is rare enough (a number, a telephone, an uncommon name) or
//! two atoms of two fields together. A block of more rows than the cap is parted by what else its
//! rows have; what is crowded even then is looked through in a window over its sorted rows, and
//! counted. So every pair that shares a key is either compared or counted.
//!
//! Blocking as in Christen, *Data Matching* (2012), chapter 4; the window over sorted rows is the
//! sorted neighbourhood of Hernández and Stolfo 1995.

use super::atoms::{Atoms, all_atoms};
use super::crowd::part_all;
use super::lists::{Blocks, Lists};
use super::parts::{Parts, mix};
use super::threads::shared;

/// Rows of a block that are compared each with each.
const CAP: usize = 24;
/// A single atom is a key while it brings no more pairs to a row than this.
const SINGLE_PAIRS_MAX: f64 = 5.0;
/// Two atoms together are a key while they bring no more pairs to a row than this.
const DOUBLE_PAIRS_MAX: f64 = 0.5;
/// Pairs of atoms in use at most.
const DOUBLES_MAX: usize = 24;

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

impl Keyed {
    /// Rows that share a key, ascending; one alone shares it with nobody.
    fn push(&mut self, parts: &Parts, rows: &[u32]) {
        let lists = if rows.len() <= CAP { &mut self.small } else { &mut self.crowds };
        lists.push(parts, rows);
    }
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
    let mut keyed = Keyed::default();
    match key {
        Key::Single(at) => single(parts, &atoms[at], &mut keyed),
        Key::Double(i, j) => double(parts, &atoms[i], &atoms[j], &mut keyed),
    }
    keyed.small.shrink();
    keyed
}

/// Blocks of rows that have an atom in common.
fn single(parts: &Parts, atoms: &Atoms, keyed: &mut Keyed) {
    let rows = (0..parts.rows).flat_map(|row| atoms.of(row).iter().map(move |atom| (*atom, row)));
    let (starts, members) = grouped(&atoms.rows_of, rows);
    for bounds in starts.windows(2) {
        keyed.push(parts, &members[bounds[0]..bounds[1]]);
    }
}

/// Blocks of rows that have two atoms in common.
fn double(parts: &Parts, one: &Atoms, other: &Atoms, keyed: &mut Keyed) {
    let of_row = |row: u32| {
        let pairs = one.of(row).iter().flat_map(move |a| other.of(row).iter().map(move |b| (a, b)));
        pairs.map(move |(a, b)| (*a, *b, row))
    };
    let all = || (0..parts.rows).flat_map(of_row);
    let key = |a: u32, b: u32| mix(u64::from(a) << 32 | u64::from(b));
    let count = (0..parts.rows).map(|row| one.of(row).len() * other.of(row).len()).sum();
    let shared = Shared::of(all().map(|(a, b, _)| key(a, b)), count);
    // Nearly no key is shared.
    let kept: Vec<_> = all().filter(|(a, b, _)| shared.may_have(key(*a, *b))).collect();
    let mut counts = vec![0; one.rows_of.len()];
    kept.iter().for_each(|(a, ..)| counts[*a as usize] += 1);
    let entries = kept.iter().map(|(a, b, row)| (*a, u64::from(*b) << 32 | u64::from(*row)));
    let (starts, mut entries) = grouped(&counts, entries);
    let mut rows = Vec::new();
    for bounds in starts.windows(2) {
        let entries = &mut entries[bounds[0]..bounds[1]];
        entries.sort_unstable();
        for run in entries.chunk_by(|one, other| one >> 32 == other >> 32) {
            rows.clear();
            rows.extend(run.iter().map(|entry| *entry as u32));
            keyed.push(parts, &rows);
        }
    }
}

/// Things by the numbers of their groups, in the order in which they come, of groups that are so
/// many each: where groups begin, and their things.
fn grouped<T: Copy + Default>(
    counts: &[u32],
    things: impl Iterator<Item = (u32, T)>,
) -> (Vec<usize>, Vec<T>) {
    let mut starts = vec![0; counts.len() + 2];
    for (group, count) in counts.iter().enumerate() {
        starts[group + 2] = starts[group + 1] + *count as usize;
    }
    let mut grouped = vec![T::default(); starts[counts.len() + 1]];
    for (group, thing) in things {
        let place = &mut starts[group as usize + 1];
        grouped[*place] = thing;
        *place += 1;
    }
    starts.pop();
    (starts, grouped)
}
