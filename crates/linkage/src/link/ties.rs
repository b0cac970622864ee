//! What two fields say together beyond their sum, learned without labels.
//!
//! Fellegi and Sunter take fields for independent. A suburb, its postal code and its state are not:
//! three agreements there are hardly more than one, yet weigh as three, so that two people of one
//! street corner with a name in common seem to be one. So the levels of two fields are counted
//! together among pairs of different things, and the most telling ties that form no circle are kept
//! (Chow and Liu 1968): a forest of ties is still a distribution, so nothing is told twice.
//!
//! Two different things mostly agree on nothing, so pairs are drawn not only at random but also
//! among rows that have a value in common, and each counts by how seldom such a pair is drawn (the
//! balance heuristic of Veach and Guibas 1995). Where numbers with check digits tell which pairs
//! are the same, they teach what fields say together, see `learn`, and no tie is needed.

use super::compare::{FIELDS_MAX, all_patterns, level};
use super::learn::{COARSE, coarse};
use super::parts::{Column, Parts, mix};
use super::weigh::{Weights, logistic};

/// Pairs drawn at random, and among those with a value of one field in common.
const AT_RANDOM: u64 = 20_000;
const OF_A_FIELD: u64 = 4_000;
/// Pairs that independence counts for wherever a tie is estimated.
const PRIOR: f64 = 10.0;
/// No tie is worth more than this, in nats.
const TIE_MAX: f64 = 10.0;
/// A tie is one where agreement on both fields is by so many nats likelier than by chance.
const TELLING: f64 = 1.0;

/// From this coarse level on two values are the same.
const SAME_FROM: usize = 4;

/// What the coarse levels of two fields say together, in nats.
#[derive(Clone, Debug)]
pub(super) struct Tie {
    one: usize,
    other: usize,
    nats: [[f64; COARSE]; COARSE],
}

impl Tie {
    /// What it adds to the log-odds of a pattern.
    pub fn of(&self, pattern: u64) -> f64 {
        self.nats[coarse(level(pattern, self.one))][coarse(level(pattern, self.other))]
    }
}

/// Pairs of the same coarse levels in two fields.
#[derive(Clone, Copy, Default)]
struct Cell {
    /// What they count for together, and the squares of it.
    sum: f64,
    squares: f64,
    /// How many of those drawn are of different things.
    drawn: f64,
}

/// The levels of two fields counted together.
type Together = [[Cell; COARSE]; COARSE];

/// Counts of every two fields.
struct Tables {
    fields: usize,
    tables: Vec<Together>,
}

impl Tables {
    fn new(fields: usize) -> Self {
        Self { fields, tables: vec![Together::default(); fields * fields] }
    }

    fn note(&mut self, pattern: u64, different: f64, density: f64) {
        let weight = different / density;
        let mut levels = [0; FIELDS_MAX];
        for (at, coarse_level) in levels.iter_mut().enumerate().take(self.fields) {
            *coarse_level = coarse(level(pattern, at));
        }
        for one in 0..self.fields {
            for other in one + 1..self.fields {
                let table = &mut self.tables[one * self.fields + other];
                let cell = &mut table[levels[one]][levels[other]];
                cell.sum += weight;
                cell.squares += weight * weight;
                cell.drawn += different;
            }
        }
    }

    /// The ties of a forest, the most telling first.
    fn forest(&self) -> Vec<Tie> {
        let mut ties: Vec<(f64, Tie)> = Vec::new();
        for one in 0..self.fields {
            for other in one + 1..self.fields {
                let (telling, nats) = tie(&self.tables[one * self.fields + other]);
                if telling >= TELLING {
                    ties.push((telling, Tie { one, other, nats }));
                }
            }
        }
        ties.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        let mut trees: Vec<usize> = (0..self.fields).collect();
        let mut forest = Vec::new();
        for (_, tie) in ties {
            let (from, into) = (trees[tie.one], trees[tie.other]);
            if from != into {
                trees.iter_mut().filter(|tree| **tree == from).for_each(|tree| *tree = into);
                forest.push(tie);
            }
        }
        forest
    }
}

/// How telling a table is, and what to add where two known levels meet: the less, the oftener they
/// meet in pairs of different things.
fn tie(table: &Together) -> (f64, [[f64; COARSE]; COARSE]) {
    let (mut rows, mut columns, mut all) = ([0.0; COARSE], [0.0; COARSE], 0.0);
    for i in 1..COARSE {
        for j in 1..COARSE {
            let sum = table[i][j].sum;
            rows[i] += sum;
            columns[j] += sum;
            all += sum;
        }
    }
    let (mut telling, mut nats) = (0.0, [[0.0; COARSE]; COARSE]);
    for i in 1..COARSE {
        for j in 1..COARSE {
            let Cell { sum, squares, drawn } = table[i][j];
            let by_chance = rows[i] * columns[j] / f64::max(all, f64::MIN_POSITIVE);
            if squares <= 0.0 || by_chance <= 0.0 {
                continue;
            }
            let seen = (sum * sum / squares).min(drawn);
            let lift = (sum / by_chance * seen + PRIOR) / (seen + PRIOR);
            let lift = lift.ln().clamp(-TIE_MAX, TIE_MAX);
            nats[i][j] = -lift;
            if i >= SAME_FROM && j >= SAME_FROM {
                telling += lift.abs() * seen / (seen + PRIOR);
            }
        }
    }
    (telling, nats)
}

/// The rows that carry each value of a column which more than one row does.
struct Carriers {
    entries: Vec<(u32, u32)>,
    /// Where runs of one value begin, and how many pairs there are up to their ends.
    runs: Vec<(u32, u64)>,
}

impl Carriers {
    fn of(column: &Column, rows: u32) -> Self {
        let mut entries: Vec<(u32, u32)> = (0..rows)
            .flat_map(|row| column.of(row).iter().map(move |number| (*number, row)))
            .filter(|(number, _)| column.carriers[*number as usize] > 1)
            .collect();
        entries.sort_unstable();
        let (mut runs, mut start, mut pairs) = (Vec::new(), 0, 0_u64);
        for run in entries.chunk_by(|one, other| one.0 == other.0) {
            let length = run.len() as u64;
            pairs += length * (length - 1) / 2;
            runs.push((start, pairs));
            start += run.len() as u32;
        }
        Self { entries, runs }
    }

    fn pairs(&self) -> u64 {
        self.runs.last().map_or(0, |(_, pairs)| *pairs)
    }

    /// Two rows with a value in common, every such two as likely.
    fn draw(&self, random: u64) -> (u32, u32) {
        let wanted = ((u128::from(random) * u128::from(self.pairs())) >> 64) as u64;
        let at = self.runs.partition_point(|(_, pairs)| *pairs <= wanted);
        let start = self.runs[at].0 as usize;
        let end = self.runs.get(at + 1).map_or(self.entries.len(), |(start, _)| *start as usize);
        let length = (end - start) as u64;
        let random = mix(random ^ 0x5bd1_e995);
        let one = ((random >> 32) * length) >> 32;
        let other = ((random & 0xffff_ffff) * (length - 1)) >> 32;
        let other = if other >= one { other + 1 } else { other };
        (self.entries[start + one as usize].1, self.entries[start + other as usize].1)
    }
}

/// Counts pairs of different things.
fn of_others(parts: &Parts, weights: &Weights, (seed, threads): (u64, usize)) -> Tables {
    let fields = weights.levels.len();
    let mut tables = Tables::new(fields);
    let all = parts.all_pairs().max(1.0);
    let columns = &parts.columns[..fields];
    let mut drawn: Vec<(u32, u32)> = Vec::new();
    let rows = u64::from(parts.rows);
    for draw in 0..AT_RANDOM {
        let random = mix(mix(seed ^ 0x7469) ^ draw);
        let (a, b) = (((random >> 32) * rows) >> 32, ((random & 0xffff_ffff) * rows) >> 32);
        drawn.push((a as u32, b as u32));
    }
    let mut shares = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let carriers = Carriers::of(column, parts.rows);
        let pairs = carriers.pairs();
        let count = OF_A_FIELD.min(pairs);
        shares.push(if pairs == 0 { 0.0 } else { count as f64 / pairs as f64 });
        let salt = mix(seed ^ (at as u64 + 1) << 40);
        drawn.extend((0..count).map(|draw| carriers.draw(mix(salt ^ draw))));
    }
    drawn.retain(|(a, b)| parts.may_meet(*a, *b));
    drawn.iter_mut().for_each(|(a, b)| (*a, *b) = (*a.min(b), *a.max(b)));
    let patterns = all_patterns(parts, &drawn, threads);
    for ((a, b), pattern) in drawn.iter().zip(patterns) {
        let mut density = AT_RANDOM as f64 / all;
        for (column, share) in columns.iter().zip(&shares) {
            let (left, right) = (column.of(*a), column.of(*b));
            if left.iter().any(|number| right.contains(number)) {
                density += share;
            }
        }
        tables.note(pattern, 1.0 - logistic(weights.log_odds(pattern)), density);
    }
    tables
}

/// The ties of the fields of a list; none where numbers with check digits teach more.
pub(super) fn ties(parts: &Parts, weights: &Weights, (seed, threads): (u64, usize)) -> Vec<Tie> {
    let has_numbers = parts.columns.iter().any(|column| column.vetoes);
    if has_numbers { Vec::new() } else { of_others(parts, weights, (seed, threads)).forest() }
}
