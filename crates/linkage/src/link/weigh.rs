//! What each level is worth: Fellegi and Sunter's weights, estimated without labels.
//!
//! m, how often a level occurs in pairs of the same thing, and the number of such pairs come from
//! EM over the patterns of the blocked pairs. u, how often it occurs in other pairs, comes from all
//! pairs: those of equal values are counted exactly, the rest by a sample, and what EM takes for
//! the same is subtracted (in a list of many duplicates most agreements on a rare number are
//! matches, so that without this a rare number would seem to be common). Both are held by the
//! default weights below as if those had been seen in some pairs before, so that a small list
//! leans on them and a large one does not notice them. What fields say together is told by `ties`,
//! which need weights to begin with, so that EM runs once without them and once with them.

use super::Kind;
use super::compare::{DIFFERENT, ELSEWHERE, FIELDS_MAX, LEVELS, SAME, all_patterns, level, rarity};
use super::lists::Blocks;
use super::parts::{Parts, mix};
use super::ties::{Tie, ties};

/// Random pairs looked at for u, for each row; within bounds.
const SAMPLE_PER_ROW: u64 = 10;
const SAMPLE_MIN: u64 = 20_000;
const SAMPLE_MAX: u64 = 200_000;
/// Rounds of EM; it settles in far fewer.
const ROUNDS: usize = 40;
/// Pairs of the same thing that the default m counts for.
const PRIOR_PAIRS: f64 = 20.0;
/// Pairs of different things that the default u counts for.
const PRIOR_OTHERS: f64 = 200.0;
/// The default share of levels among pairs of different things: by judgement, like the default m.
const DEFAULT_U: [f64; LEVELS] = [
    0.0, 0.85, 0.02, 0.01, 0.01, 0.005, 0.005, 0.003, 0.003, 0.002, 0.002, 0.08, 0.02, 0.006,
    0.002, 0.001,
];
/// No single field is worth more than this, in nats.
const WEIGHT_MAX: f64 = 14.0;

/// Weights in nats, field by level, and the prior log-odds of a pair of all pairs.
#[derive(Clone, Debug)]
pub(super) struct Weights {
    /// `levels[field][level]`; level 0, unknown, is worth nothing.
    pub levels: Vec<[f64; LEVELS]>,
    /// Log-odds of any pair before anything is known of it.
    pub prior: f64,
    /// What fields say together beyond their sum.
    pub ties: Vec<Tie>,
}

impl Weights {
    /// The log-odds of a pattern.
    pub fn log_odds(&self, pattern: u64) -> f64 {
        let sum: f64 = self
            .levels
            .iter()
            .enumerate()
            .map(|(field, weights)| weights[usize::from(level(pattern, field))])
            .sum();
        self.prior + sum + self.together(pattern)
    }

    /// What of it the fields say together beyond their sum.
    pub fn together(&self, pattern: u64) -> f64 {
        self.ties.iter().map(|tie| tie.of(pattern)).sum()
    }
}

/// How often each level occurs, field by field.
type Counts = Vec<[f64; LEVELS]>;

/// The default share of a kind's levels among pairs of the same thing where both sides are known:
/// (the same, the same but elsewhere, near, different). By judgement; they give way to counts.
fn default_shares(kind: Kind) -> (f64, f64, f64, f64) {
    match kind {
        Kind::TaxId | Kind::Email | Kind::Domain => (0.85, 0.01, 0.06, 0.08),
        Kind::Phone => (0.75, 0.02, 0.03, 0.20),
        Kind::Date | Kind::Postcode | Kind::City | Kind::Category => (0.82, 0.02, 0.08, 0.08),
        Kind::PersonName | Kind::CompanyName => (0.70, 0.04, 0.18, 0.08),
        Kind::Address => (0.60, 0.04, 0.26, 0.10),
        Kind::Text => (0.08, 0.12, 0.70, 0.10),
        Kind::Number => (0.60, 0.01, 0.24, 0.15),
    }
}

/// Estimates the weights from the patterns of blocked pairs, each with how often it occurs.
pub(super) fn weigh(
    parts: &Parts,
    blocks: &Blocks,
    patterns: &[(u64, u32)],
    (seed, threads): (u64, usize),
) -> Weights {
    let all = all_pairs(parts, blocks, patterns, (seed, threads));
    let shares = same_shares(parts);
    let defaults = defaults(parts, &shares);
    let pairs = parts.all_pairs().max(1.0);
    let blocked: f64 = patterns.iter().map(|(_, count)| f64::from(*count)).sum();
    let mut matches = (0.2 * f64::from(parts.rows)).min(blocked * 0.5).max(1.0);
    let counted = Counted { all, defaults, patterns, pairs, blocked };
    let mut m = counted.defaults.clone();
    let free = counted.settle(&mut m, &mut matches, Vec::new());
    let ties = ties(parts, &free, (seed, threads));
    if ties.is_empty() { free } else { counted.settle(&mut m, &mut matches, ties) }
}

/// What the weights are estimated from.
struct Counted<'a> {
    all: Counts,
    defaults: Counts,
    patterns: &'a [(u64, u32)],
    pairs: f64,
    blocked: f64,
}

impl Counted<'_> {
    /// Rounds of EM until it settles; from `m` and `matches` on, which it makes better.
    fn settle(&self, m: &mut Counts, matches: &mut f64, ties: Vec<Tie>) -> Weights {
        let mut matched: Counts = m.iter().map(|_| [0.0; LEVELS]).collect();
        let mut weights = solve(&self.all, m, &matched, *matches, self.pairs);
        weights.ties = ties;
        for _ in 0..ROUNDS {
            matched.iter_mut().for_each(|levels| levels.fill(0.0));
            let mut sum = 0.0;
            for (pattern, count) in self.patterns {
                let share = f64::from(*count) * logistic(weights.log_odds(*pattern));
                sum += share;
                for (field, levels) in matched.iter_mut().enumerate() {
                    levels[usize::from(level(*pattern, field))] += share;
                }
            }
            let was = *matches;
            *matches = sum.clamp(1.0, self.blocked.max(1.0));
            for (field, levels) in m.iter_mut().enumerate() {
                let known: f64 = matched[field][1..].iter().sum();
                for at in 1..LEVELS {
                    levels[at] = (matched[field][at] + PRIOR_PAIRS * self.defaults[field][at])
                        / (known + PRIOR_PAIRS);
                }
            }
            let ties = std::mem::take(&mut weights.ties);
            weights = Weights { ties, ..solve(&self.all, m, &matched, *matches, self.pairs) };
            if (was - *matches).abs() < 1e-5 * *matches {
                break;
            }
        }
        weights
    }
}

/// Weights of what has been counted so far.
fn solve(all: &Counts, m: &Counts, matched: &Counts, matches: f64, pairs: f64) -> Weights {
    let levels = all
        .iter()
        .zip(m)
        .zip(matched)
        .map(|((all, m), matched)| {
            let known: f64 = all[1..].iter().sum::<f64>().max(1.0);
            let mut weights = [0.0; LEVELS];
            for at in 1..LEVELS {
                // At least half a pair, and never less than a twentieth of what was seen: EM may
                // not explain away all agreement there is.
                let others = (all[at] - matched[at]).max(0.5).max(all[at] * 0.02);
                let u = (others + PRIOR_OTHERS * DEFAULT_U[at]) / (known + PRIOR_OTHERS);
                weights[at] = (m[at] / u).ln().clamp(-WEIGHT_MAX, WEIGHT_MAX);
            }
            weights
        })
        .collect();
    Weights { levels, prior: (matches / (pairs - matches).max(1.0)).ln(), ties: Vec::new() }
}

/// The share of rows, among those that have a value, whose value falls into each class of rarity.
fn same_shares(parts: &Parts) -> Counts {
    let mut shares = Vec::new();
    for column in parts.columns.iter().take(FIELDS_MAX) {
        let mut classes = [0.0; LEVELS];
        let mut sum = 0.0;
        for (number, carriers) in column.carriers.iter().enumerate().filter(|(_, n)| **n > 0) {
            let class = rarity(column, number as u32, parts.rows);
            classes[usize::from(class)] += f64::from(*carriers);
            sum += f64::from(*carriers);
        }
        classes.iter_mut().for_each(|class| *class /= f64::max(sum, 1.0));
        shares.push(classes);
    }
    shares
}

/// The default m, spread over the levels.
fn defaults(parts: &Parts, shares: &Counts) -> Counts {
    let mut counts = Vec::new();
    for (column, shares) in parts.columns.iter().zip(shares) {
        let (same, elsewhere, near, different) = default_shares(column.kind);
        let mut levels = [0.0; LEVELS];
        levels[usize::from(DIFFERENT)] = different;
        levels[usize::from(ELSEWHERE)] = elsewhere;
        // Nearer is likelier: shares of 1, 2, … 8.
        for at in 2..ELSEWHERE {
            levels[usize::from(at)] = near * f64::from(at - 1) / 36.0;
        }
        for at in usize::from(SAME)..LEVELS {
            levels[at] = same * (0.9 * shares[at] + 0.02);
        }
        counts.push(levels);
    }
    counts
}

/// How often each level occurs in all pairs there are: blocked pairs are counted, of the others a
/// sample is, and pairs of equal values are counted from how many rows carry each.
fn all_pairs(
    parts: &Parts,
    blocks: &Blocks,
    patterns: &[(u64, u32)],
    (seed, threads): (u64, usize),
) -> Counts {
    let fields = parts.columns.len().min(FIELDS_MAX);
    let mut sampled = vec![[0.0; LEVELS]; fields];
    let mut random: Vec<(u32, u32)> = Vec::new();
    each_random_pair(parts, seed, |a, b| random.push((a, b)));
    random.retain(|(a, b)| !blocks.meet(*a, *b));
    for pattern in all_patterns(parts, &random, threads) {
        for (field, levels) in sampled.iter_mut().enumerate() {
            levels[usize::from(level(pattern, field))] += 1.0;
        }
    }
    let drawn = random.len() as f64;
    let blocked: f64 = patterns.iter().map(|(_, count)| f64::from(*count)).sum();
    let scale = (parts.all_pairs() - blocked).max(0.0) / f64::max(drawn, 1.0);
    for (field, (levels, column)) in sampled.iter_mut().zip(&parts.columns).enumerate() {
        levels.iter_mut().for_each(|count| *count *= scale);
        for (pattern, count) in patterns {
            levels[usize::from(level(*pattern, field))] += f64::from(*count);
        }
        levels[usize::from(SAME)..].fill(0.0);
        let share = parts.all_pairs() / (f64::from(parts.rows).powi(2) / 2.0).max(1.0);
        for (number, carriers) in column.carriers.iter().enumerate().filter(|(_, n)| **n > 1) {
            let class = rarity(column, number as u32, parts.rows);
            let carriers = f64::from(*carriers);
            levels[usize::from(class)] += carriers * (carriers - 1.0) / 2.0 * share;
        }
    }
    sampled
}

/// Draws pairs by the seed; all of them where there are few.
fn each_random_pair(parts: &Parts, seed: u64, mut with: impl FnMut(u32, u32)) {
    let rows = u64::from(parts.rows);
    let sample = (rows * SAMPLE_PER_ROW).clamp(SAMPLE_MIN, SAMPLE_MAX);
    if parts.all_pairs() <= sample as f64 {
        for a in 0..parts.rows {
            (a + 1..parts.rows).filter(|b| parts.may_meet(a, *b)).for_each(|b| with(a, b));
        }
        return;
    }
    for draw in 0..sample {
        let random = mix(mix(seed) ^ draw);
        let (a, b) = (((random >> 32) * rows) >> 32, ((random & 0xffff_ffff) * rows) >> 32);
        if parts.may_meet(a as u32, b as u32) {
            with(a.min(b) as u32, a.max(b) as u32);
        }
    }
}

/// Log-odds as a probability.
pub(super) fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}
