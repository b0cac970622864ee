//! Crowded blocks, parted by what else their rows have.

use super::block::{Atoms, Shared};
use super::lists::{Blocks, Lists};
use super::parts::{Map, Parts, mix};
use super::threads::shared;

/// The same within a parted block, where a key in common says less than the first one did.
const FINE_CAP: usize = 8;
/// Neighbours that a row meets in a block which cannot be parted.
const WINDOW: usize = 6;
/// Crowded lists that are parted in one go.
const CROWDS: usize = 16;
/// So many of those are put to the blocks at a time.
const PIECES: usize = 64;

/// Parts crowds, some at a time, so that what they make does not stand twice for long.
pub(super) fn part_all(
    blocks: &mut Blocks,
    parts: &Parts,
    (atoms, crowded): (&[Atoms], &Lists),
    threads: usize,
) {
    let of_rows = OfRows::new(atoms, crowded, parts.rows);
    let pieces = crowded.len().div_ceil(CROWDS);
    for from in (0..pieces).step_by(PIECES) {
        let parted = shared(threads, PIECES.min(pieces - from), |at| {
            let (mut parted, at) = (Parted::default(), from + at);
            for crowd in at * CROWDS..crowded.len().min((at + 1) * CROWDS) {
                part(&mut parted, parts, &of_rows, crowded.of(crowd));
            }
            (parted.lists, parted.narrowed)
        });
        blocks.narrowed += parted.iter().map(|(_, narrowed)| narrowed).sum::<u64>();
        blocks.lists.extend(parted.into_iter().map(|(lists, _)| lists).collect());
    }
}

/// The atoms of every sort, row by row, of those rows that are in a crowd: the number of the sort
/// in the first bits, so that they ascend sort by sort.
struct OfRows {
    starts: Vec<u32>,
    atoms: Vec<u64>,
}

/// Bits of an atom below the number of its sort.
const ATOM_BITS: u32 = 57;

impl OfRows {
    fn new(atoms: &[Atoms], crowds: &Lists, rows: u32) -> Self {
        let mut is_crowded = vec![false; rows as usize];
        (0..crowds.len()).flat_map(|at| crowds.of(at)).for_each(|r| is_crowded[*r as usize] = true);
        let mut of_rows = Self { starts: vec![0], atoms: Vec::new() };
        for (row, is_crowded) in (0..).zip(is_crowded) {
            for (sort, one) in (0_u64..).zip(atoms).filter(|_| is_crowded) {
                let marked = |atom: &u64| sort << ATOM_BITS | atom >> (64 - ATOM_BITS);
                of_rows.atoms.extend(one.of(row).iter().map(marked));
            }
            of_rows.starts.push(of_rows.atoms.len() as u32);
        }
        of_rows
    }

    fn of(&self, row: u32) -> &[u64] {
        let row = row as usize;
        &self.atoms[self.starts[row] as usize..self.starts[row + 1] as usize]
    }
}

/// What parting made.
#[derive(Default)]
struct Parted {
    lists: Lists,
    /// Pairs that no finer key brought together.
    narrowed: u64,
    /// Room to work in, one for each depth.
    entries: Vec<Vec<(u64, u32)>>,
    once: Vec<u64>,
    shared: Shared,
    /// Lists of this crowd by the hash of their rows.
    met: Map<u64, u32>,
}

impl Parted {
    /// One more list, unless the crowd has it already.
    fn push(&mut self, parts: &Parts, rows: &[u32]) {
        let hash = rows.iter().fold(0, |hash, row| mix(hash ^ u64::from(*row)));
        let list = self.lists.len() as u32;
        let earlier = *self.met.entry(hash).or_insert(list);
        if earlier == list || self.lists.of(earlier as usize) != rows {
            self.lists.push(parts, rows);
        }
    }
}

/// Parts a crowded block by every other atom of its rows; what is crowded still meets its
/// neighbours only.
fn part(parted: &mut Parted, parts: &Parts, atoms: &OfRows, rows: &[u32]) {
    let before = parted.lists.len();
    parted.met.clear();
    finer(parted, parts, atoms, (rows, 0), 0);
    let pairs = |rows: u64| rows * (rows - 1) / 2;
    let covered: u64 =
        (before..parted.lists.len()).map(|block| pairs(parted.lists.of(block).len() as u64)).sum();
    // Rows come sorted by content, which is as good as any order that the contents alone decide.
    for window in rows.windows(WINDOW).step_by(WINDOW / 2) {
        parted.lists.push(parts, window);
    }
    parted.narrowed += pairs(rows.len() as u64).saturating_sub(covered);
}

/// Parts rows by each atom from one on, and what is crowded then once more from the next atom on.
fn finer(
    parted: &mut Parted,
    parts: &Parts,
    atoms: &OfRows,
    (rows, from): (&[u32], u64),
    depth: usize,
) {
    if parted.entries.len() == depth {
        parted.entries.push(Vec::new());
    }
    let mut entries = std::mem::take(&mut parted.entries[depth]);
    entries.clear();
    for row in rows {
        let mine = atoms.of(*row).iter().filter(|atom| *atom >> ATOM_BITS >= from);
        entries.extend(mine.map(|atom| (*atom, *row)));
    }
    parted.shared.look(entries.iter().map(|(atom, _)| *atom), entries.len(), &mut parted.once);
    entries.retain(|(atom, _)| parted.shared.may_have(*atom));
    entries.sort_unstable();
    let is_finer = |run: &&[(u64, u32)]| run.len() > 1 && run.len() * 10 < rows.len() * 9;
    let mut run_rows = Vec::new();
    for run in entries.chunk_by(|one, other| one.0 == other.0).filter(is_finer) {
        run_rows.clear();
        run_rows.extend(run.iter().map(|(_, row)| *row));
        if run_rows.len() <= FINE_CAP {
            parted.push(parts, &run_rows);
        } else {
            let next = (run[0].0 >> ATOM_BITS) + 1;
            finer(parted, parts, atoms, (&run_rows, next), depth + 1);
        }
    }
    parted.entries[depth] = entries;
}
