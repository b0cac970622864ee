//! The stages in a row.

use super::block::{Blocks, blocks};
use super::cluster::{Edge, Groups, sort};
use super::compare::{DIFFERENT, FIELDS_MAX, SAME, is_vetoed, level, pattern, valid_number};
use super::learn::{Corrections, DECISION, Lesson, best_cut, learn};
use super::parts::{Map, Parts, parts};
use super::weigh::{Weights, histogram, logistic, weigh};
use super::{Field, Kind, Linked, Pair, Settings, Table};

/// Probability from which on two rows are the same, where nothing else is known.
const THRESHOLD: f64 = 0.5;
/// Pairs of a smaller probability are never looked at again.
const LOWEST: f64 = 0.02;
/// Log-odds that a number in common cannot lift a pair above whose names differ and which has no
/// contact in common: somebody else's number, pasted in, is as likely. For a person to look at.
const PASTED: f64 = -0.2;

/// A probability as log-odds.
fn logit(share: f64) -> f64 {
    let share = share.clamp(1e-9, 1.0 - 1e-9);
    (share / (1.0 - share)).ln()
}

/// Links the rows of one table or of several; see the module for what is promised.
#[must_use]
pub fn link(fields: &[Field], tables: &[Table], settings: &Settings) -> Linked {
    Linker::new(fields, tables, settings).linked()
}

/// Tables that have been read, compared and weighed, ready to be asked.
#[derive(Debug)]
pub struct Linker {
    pub(super) parts: Parts,
    pub(super) weights: Weights,
    corrections: Corrections,
    pairs: Vec<(u32, u32, u64)>,
    log_odds: Map<u64, f64>,
    /// Pairs that somebody decided, in the order of `parts`.
    pub(super) decided: Map<(u32, u32), bool>,
    /// Where in `parts` a row stands.
    pub(super) place: Vec<u32>,
    settings: Settings,
    crowded_keys: u64,
    narrowed: u64,
}

impl Linker {
    /// Reads, blocks, compares and weighs.
    #[must_use]
    pub fn new(fields: &[Field], tables: &[Table], settings: &Settings) -> Self {
        let parts = parts(fields, tables, settings.threads);
        let blocks = blocks(&parts);
        let (pairs, by_other_keys) = compare(&parts, &blocks, settings.threads);
        let patterns = histogram(pairs.iter().map(|(_, _, pattern)| *pattern));
        let weights = weigh(&parts, &blocks, &patterns, settings.seed);
        let mut place = vec![0_u32; parts.rows as usize];
        for (at, origin) in parts.origin.iter().enumerate() {
            place[*origin as usize] = at as u32;
        }
        let decided = settings
            .labels
            .iter()
            .filter(|(a, b, _)| a != b && a.max(b) < &parts.rows)
            .map(|(a, b, same)| {
                let (a, b) = (place[*a as usize], place[*b as usize]);
                ((a.min(b), a.max(b)), *same)
            })
            .collect();
        let lessons = lessons(&parts, &pairs[..by_other_keys], &decided);
        let corrections = learn(&weights, &lessons);
        let mut linker = Self {
            parts,
            weights,
            corrections,
            pairs,
            log_odds: Map::default(),
            decided,
            place,
            settings: settings.clone(),
            crowded_keys: blocks.crowded,
            narrowed: blocks.narrowed,
        };
        linker.log_odds =
            patterns.iter().map(|(pattern, _)| (*pattern, linker.log_odds_of(*pattern))).collect();
        linker
    }

    /// The threshold given, or else, where decisions have made the probabilities right, the one
    /// that promises the best F1, or else the default; as log-odds.
    fn chosen_threshold(&self, edges: &[Edge]) -> f64 {
        if let Some(share) = self.settings.threshold {
            return logit(share);
        }
        if self.decided.is_empty() || self.corrections.is_empty() {
            return logit(THRESHOLD);
        }
        let same = edges.iter().map(|edge| logistic(edge.log_odds)).sum();
        let could_be = if self.is_one_to_one() {
            let mut groups = Groups::new(&self.parts, &self.decided);
            groups.join_one_to_one(edges, logit(LOWEST))
        } else {
            edges.iter().map(|edge| edge.log_odds).collect()
        };
        best_cut(could_be, same)
    }

    fn is_one_to_one(&self) -> bool {
        self.settings.one_to_one && self.parts.first.is_some()
    }

    /// The log-odds of a pattern. Numbers with check digits are no part of what labels teach, so
    /// their weight is added to it.
    pub(super) fn log_odds_of(&self, pattern: u64) -> f64 {
        let sum = self.weights.log_odds(pattern) + self.corrections_of(pattern);
        if is_pasted(&self.parts, pattern) { sum.min(PASTED) } else { sum }
    }

    /// What labels add to the log-odds of a pattern, in nats.
    pub(super) fn corrections_of(&self, pattern: u64) -> f64 {
        self.corrections.of(&self.weights, pattern & !numbers_mask(&self.parts))
    }

    /// The log-odds that two rows (in the order of `parts`) are the same.
    fn score(&self, a: u32, b: u32) -> f64 {
        let pattern = pattern(&self.parts, a, b);
        self.log_odds.get(&pattern).copied().unwrap_or_else(|| self.log_odds_of(pattern))
    }

    /// Pairs and clusters.
    #[must_use]
    pub fn linked(&self) -> Linked {
        let floor = logit(self.settings.report_from.min(LOWEST));
        let mut edges: Vec<Edge> = self
            .pairs
            .iter()
            .map(|(a, b, pattern)| Edge { a: *a, b: *b, log_odds: self.log_odds[pattern] })
            .filter(|edge| edge.log_odds >= floor)
            .filter(|edge| !self.decided.contains_key(&(edge.a, edge.b)))
            .filter(|edge| !is_vetoed(&self.parts, edge.a, edge.b))
            .collect();
        let mut same: Vec<(u32, u32)> =
            self.decided.iter().filter(|(_, same)| **same).map(|(pair, _)| *pair).collect();
        same.sort_unstable();
        edges.extend(same.into_iter().map(|(a, b)| Edge { a, b, log_odds: 40.0 }));
        sort(&mut edges);
        let from = self.chosen_threshold(&edges);
        let mut groups = Groups::new(&self.parts, &self.decided);
        if self.is_one_to_one() {
            groups.join_one_to_one(&edges, from);
        } else {
            groups.join(&edges, from, |a, b| self.score(a, b));
        }
        Linked {
            pairs: self.reported(&edges),
            clusters: self.numbered(&groups.into_groups()),
            compared: self.pairs.len() as u64,
            threshold: logistic(from),
            crowded_keys: self.crowded_keys,
            narrowed: self.narrowed,
        }
    }

    /// Edges as pairs of the rows' own numbers.
    fn reported(&self, edges: &[Edge]) -> Vec<Pair> {
        let mut pairs: Vec<Pair> = edges
            .iter()
            .map(|edge| {
                let (a, b) =
                    (self.parts.origin[edge.a as usize], self.parts.origin[edge.b as usize]);
                Pair { a: a.min(b), b: a.max(b), probability: logistic(edge.log_odds) }
            })
            .filter(|pair| pair.probability >= self.settings.report_from)
            .collect();
        pairs.sort_by(|one, other| {
            other
                .probability
                .total_cmp(&one.probability)
                .then(one.a.cmp(&other.a))
                .then(one.b.cmp(&other.b))
        });
        pairs
    }

    /// Groups numbered from nought in the order of their first rows.
    fn numbered(&self, groups: &[u32]) -> Vec<u32> {
        let mut of_row = vec![0_u32; groups.len()];
        for (at, origin) in self.parts.origin.iter().enumerate() {
            of_row[*origin as usize] = groups[at];
        }
        let mut numbers: Map<u32, u32> = Map::default();
        let number = |group: u32| {
            let next = numbers.len() as u32;
            *numbers.entry(group).or_insert(next)
        };
        of_row.into_iter().map(number).collect()
    }
}

/// Whether nothing but a number with check digits speaks for a pair whose names differ.
fn is_pasted(parts: &Parts, pattern: u64) -> bool {
    let fields = || parts.columns.iter().take(FIELDS_MAX).enumerate();
    let levels = |wanted: Kind| {
        fields().filter(move |(_, c)| c.kind == wanted).map(|(at, _)| level(pattern, at))
    };
    let has_number = fields().any(|(at, c)| c.vetoes && level(pattern, at) >= SAME);
    let contacts = [Kind::Phone, Kind::Email, Kind::Domain, Kind::Address];
    let has_contact = contacts.into_iter().flat_map(levels).any(|level| level >= 6);
    has_number && !has_contact && levels(Kind::CompanyName).any(|level| level == DIFFERENT)
}

/// The bits of the fields that hold numbers with check digits.
fn numbers_mask(parts: &Parts) -> u64 {
    let vetoing = parts.columns.iter().take(FIELDS_MAX).enumerate().filter(|(_, c)| c.vetoes);
    vetoing.map(|(at, _)| 15 << (4 * at)).sum()
}

/// What the pairs teach whose answer is known: pairs with valid numbers on both sides that another
/// key brought together, and pairs that somebody decided.
fn lessons(
    parts: &Parts,
    pairs: &[(u32, u32, u64)],
    decided: &Map<(u32, u32), bool>,
) -> Vec<Lesson> {
    let mask = numbers_mask(parts);
    let mut counts: Map<u64, (f64, f64)> = Map::default();
    let mut note = |pattern: u64, same: bool, weight: f64| {
        let count = counts.entry(pattern & !mask).or_default();
        *(if same { &mut count.0 } else { &mut count.1 }) += weight;
    };
    let vetoing: Vec<_> = parts.columns.iter().filter(|column| column.vetoes).collect();
    for (a, b, pattern) in pairs {
        let known: Vec<bool> = vetoing
            .iter()
            .filter_map(|column| {
                let one = valid_number(parts, column, *a)?;
                Some(one == valid_number(parts, column, *b)?)
            })
            .collect();
        if !known.is_empty() {
            note(*pattern, known.iter().all(|same| *same), 1.0);
        }
    }
    for ((a, b), same) in decided {
        note(pattern(parts, *a, *b), *same, DECISION);
    }
    let mut lessons: Vec<Lesson> = counts
        .into_iter()
        .map(|(pattern, (same, different))| Lesson { pattern, same, different })
        .collect();
    lessons.sort_unstable_by_key(|lesson| lesson.pattern);
    lessons
}

/// The patterns of all pairs that share a key, in an order that does not depend on the threads,
/// and how many of them, in front, share another key than a number with check digits.
fn compare(parts: &Parts, blocks: &Blocks, threads: usize) -> (Vec<(u32, u32, u64)>, usize) {
    type Done = (Vec<(u32, u32, u64)>, usize);
    let one = |run: std::ops::Range<usize>| -> Done {
        let (mut pairs, mut by_other_keys) = (Vec::new(), 0);
        blocks.each_pair(parts, run, |a, b, block| {
            by_other_keys += usize::from(block < blocks.numbers_from);
            pairs.push((a, b, pattern(parts, a, b)));
        });
        (pairs, by_other_keys)
    };
    let runs = blocks.runs(threads);
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let Some(run) = runs.get(at) else { return done };
            done.push((at, one(run.clone())));
        }
    };
    let mut done: Vec<(usize, Done)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        done.extend(others.into_iter().flat_map(|work| work.join().unwrap_or_default()));
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    let by_other_keys = done.iter().map(|(_, (_, count))| count).sum();
    (done.into_iter().flat_map(|(_, (pairs, _))| pairs).collect(), by_other_keys)
}
