//! Crowded blocks, parted by what else their rows have.

use super::atoms::Atoms;
use super::block::Shared;
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

/// The atoms of every sort, row by row, of those rows that are in a crowd: numbered through all
/// sorts, so that they ascend sort by sort.
struct OfRows {
    starts: Vec<u32>,
    atoms: Vec<u32>,
    /// The number behind the last of each sort.
    ends: Vec<u32>,
}

impl OfRows {
    fn new(atoms: &[Atoms], crowds: &Lists, rows: u32) -> Self {
        let mut is_crowded = vec![false; rows as usize];
        (0..crowds.len()).flat_map(|at| crowds.of(at)).for_each(|r| is_crowded[*r as usize] = true);
        let mut ends = vec![0];
        for sort in atoms {
            ends.push(ends[ends.len() - 1] + sort.rows_of.len() as u32);
        }
        let mut of_rows = Self { starts: vec![0], atoms: Vec::new(), ends };
        for (row, is_crowded) in (0..).zip(is_crowded) {
            for (sort, before) in atoms.iter().zip(&of_rows.ends).filter(|_| is_crowded) {
                of_rows.atoms.extend(sort.of(row).iter().map(|atom| before + atom));
            }
            of_rows.starts.push(of_rows.atoms.len() as u32);
        }
        of_rows
    }

    /// The first number of the sort behind that of an atom.
    fn next_sort(&self, atom: u32) -> u32 {
        self.ends[self.ends.partition_point(|end| *end <= atom)]
    }

    /// The first atom of a row; nought where it has none.
    fn first(&self, row: u32) -> u32 {
        self.atoms.get(self.starts[row as usize] as usize).copied().unwrap_or(0)
    }

    fn of(&self, row: u32) -> &[u32] {
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
    /// Room to work in, one for each depth: an atom and the row that has it.
    entries: Vec<Vec<u64>>,
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
    // Fetched for all before the first is gone through.
    std::hint::black_box(rows.iter().fold(0, |seen, row| seen ^ atoms.first(*row)));
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
    (rows, from): (&[u32], u32),
    depth: usize,
) {
    if parted.entries.len() == depth {
        parted.entries.push(Vec::new());
    }
    let mut entries = std::mem::take(&mut parted.entries[depth]);
    entries.clear();
    for row in rows {
        let all = atoms.of(*row);
        let mine = &all[all.partition_point(|atom| *atom < from)..];
        entries.extend(mine.iter().map(|atom| u64::from(*atom) << 32 | u64::from(*row)));
    }
    parted.shared.look(entries.iter().map(|entry| entry >> 32), entries.len(), &mut parted.once);
    entries.retain(|entry| parted.shared.may_have(entry >> 32));
    entries.sort_unstable();
    let is_finer = |run: &&[u64]| run.len() > 1 && run.len() * 10 < rows.len() * 9;
    let mut run_rows = Vec::new();
    for run in entries.chunk_by(|one, other| one >> 32 == other >> 32).filter(is_finer) {
        run_rows.clear();
        run_rows.extend(run.iter().map(|entry| *entry as u32));
        if run_rows.len() <= FINE_CAP {
            parted.push(parts, &run_rows);
        } else {
            let next = atoms.next_sort((run[0] >> 32) as u32);
            finer(parted, parts, atoms, (&run_rows, next), depth + 1);
        }
    }
    parted.entries[depth] = entries;
}
