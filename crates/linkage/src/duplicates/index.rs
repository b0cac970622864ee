//! The records, the blocks they fall into, and the search among them.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use smallvec::SmallVec;

use super::compare::{Comparison, compare};
use super::keys::{Key, Prepared};
use super::{Match, Record, weigh};

/// Bounds on the work of one search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A block with more records than this is parted by a second key (the name for a contact, the
    /// town for a name). A part that is still larger is passed over and counted.
    pub block_records_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { block_records_max: 64 }
    }
}

/// How large an index is and what it passes over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Records held.
    pub records: usize,
    /// Different blocking keys.
    pub keys: usize,
    /// Keys carried by more records than a block may have.
    pub crowded_keys: usize,
    /// Records that no search finds by some key, since even the key's part is too large; counted
    /// once for each such key. Another key may still find them.
    pub passed_over: usize,
    /// Records in the largest block.
    pub largest_block: usize,
}

/// The records of a key in order of second key and slot. Most keys have one or two: those stand in
/// the table itself.
type Block = SmallVec<[(u32, u32); 2]>;

/// Records of organisations, searchable for those that may be the same. Records can be added,
/// replaced and removed at any time; an answer depends only on what is held at the moment.
#[derive(Clone, Debug, Default)]
pub struct Index {
    limits: Limits,
    pub(super) records: Vec<Option<Prepared>>,
    slots: HashMap<u64, u32>,
    free: Vec<u32>,
    /// For each key its records in order of second key and slot.
    blocks: HashMap<Key, Block>,
    apart: HashSet<(u64, u64)>,
}

impl Index {
    /// An empty index with the default limits.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty index with limits of one's own.
    #[must_use]
    pub fn with_limits(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// How many records are held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether no record is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Adds a record; one of the same id is replaced.
    pub fn add(&mut self, record: &Record) {
        self.remove(record.id);
        let prepared = Prepared::of(record);
        let slot = self.free.pop().unwrap_or(self.records.len() as u32);
        for key in &prepared.keys {
            let place = (prepared.refinement(key.field), slot);
            let block = self.blocks.entry(*key).or_default();
            if let Err(at) = block.binary_search(&place) {
                block.insert(at, place);
            }
        }
        self.slots.insert(record.id, slot);
        if slot as usize == self.records.len() {
            self.records.push(Some(prepared));
        } else {
            self.records[slot as usize] = Some(prepared);
        }
    }

    /// Removes the record of this id; says whether there was one.
    pub fn remove(&mut self, id: u64) -> bool {
        let Some(slot) = self.slots.remove(&id) else { return false };
        let Some(prepared) = self.records[slot as usize].take() else { return false };
        for key in &prepared.keys {
            let place = (prepared.refinement(key.field), slot);
            if let Some(block) = self.blocks.get_mut(key) {
                block.retain(|other| *other != place);
                if block.is_empty() {
                    self.blocks.remove(key);
                }
            }
        }
        self.free.push(slot);
        true
    }

    /// Remembers that somebody decided the two are different: they are not found again for each
    /// other and never stand in one cluster. Outlives their removal.
    pub fn keep_apart(&mut self, a: u64, b: u64) {
        self.apart.insert((a.min(b), a.max(b)));
    }

    /// Takes back what [`keep_apart`](Self::keep_apart) remembered.
    pub fn allow_together(&mut self, a: u64, b: u64) {
        self.apart.remove(&(a.min(b), a.max(b)));
    }

    pub(super) fn are_kept_apart(&self, a: u64, b: u64) -> bool {
        !self.apart.is_empty() && self.apart.contains(&(a.min(b), a.max(b)))
    }

    /// The records that may be the same as this one, the surest first, then by id. The record need
    /// not be in the index; if one of its id is, that one is left out of the answer.
    #[must_use]
    pub fn find(&self, record: &Record) -> Vec<Match> {
        let asked = Prepared::of(record);
        self.find_prepared(&asked)
    }

    pub(super) fn find_prepared(&self, asked: &Prepared) -> Vec<Match> {
        let mut matches: Vec<Match> = self
            .candidates(asked)
            .filter_map(|other| weigh::explained(asked, other, self.compare_prepared(asked, other)))
            .collect();
        matches.sort_by_key(|found| (Reverse(found.strength), Reverse(found.weight), found.b));
        matches
    }

    /// Two records compared part by part, against what the index knows of how common their values
    /// are. Also shows a pair that a veto keeps out of [`find`](Self::find).
    #[must_use]
    pub fn compare(&self, left: &Record, right: &Record) -> Comparison {
        self.compare_prepared(&Prepared::of(left), &Prepared::of(right))
    }

    pub(super) fn compare_prepared(&self, left: &Prepared, right: &Prepared) -> Comparison {
        compare(left, right, |key| self.carriers(key, left))
    }

    /// How many records have a key, the one asked about counted as it is now.
    fn carriers(&self, key: &Key, asked: &Prepared) -> usize {
        let held = self.blocks.get(key).map_or(0, SmallVec::len);
        let held_of_asked = self
            .slots
            .get(&asked.id)
            .and_then(|slot| self.records[*slot as usize].as_ref())
            .is_some_and(|held| held.keys.contains(key));
        held - usize::from(held_of_asked) + 1
    }

    /// The records that share a block with this one, each once.
    fn candidates(&self, asked: &Prepared) -> impl Iterator<Item = &Prepared> {
        let mut slots: Vec<u32> = Vec::new();
        for key in &asked.keys {
            let Some(block) = self.blocks.get(key) else { continue };
            let part = self.worth_comparing(block, asked.refinement(key.field));
            slots.extend(part.iter().map(|(_, slot)| *slot));
        }
        slots.sort_unstable();
        slots.dedup();
        let id = asked.id;
        slots
            .into_iter()
            .filter_map(|slot| self.records[slot as usize].as_ref())
            .filter(move |other| other.id != id && !self.are_kept_apart(id, other.id))
    }

    /// A whole block, its part under the second key when it is crowded, or nothing.
    fn worth_comparing<'a>(&self, block: &'a [(u32, u32)], second: u32) -> &'a [(u32, u32)] {
        if block.len() <= self.limits.block_records_max {
            return block;
        }
        let from = block.partition_point(|(other, _)| *other < second);
        let until = block.partition_point(|(other, _)| *other <= second);
        let part = &block[from..until];
        if part.len() <= self.limits.block_records_max { part } else { &[] }
    }

    /// The size of the index and of its blocks. Walks over all of them.
    #[must_use]
    pub fn figures(&self) -> Figures {
        let mut figures =
            Figures { records: self.len(), keys: self.blocks.len(), ..Figures::default() };
        for block in self.blocks.values() {
            figures.largest_block = figures.largest_block.max(block.len());
            if block.len() <= self.limits.block_records_max {
                continue;
            }
            figures.crowded_keys += 1;
            let parts = block.chunk_by(|left, right| left.0 == right.0);
            let too_large = parts.filter(|part| part.len() > self.limits.block_records_max);
            figures.passed_over += too_large.map(<[_]>::len).sum::<usize>();
        }
        figures
    }
}
