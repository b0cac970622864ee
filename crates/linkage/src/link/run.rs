//! The stages in a row.

use super::block::blocks;
use super::cluster::{Edge, Groups, sort};
use super::compare::{BATCH, FIELDS_MAX, SAME, is_vetoed, pattern, patterns};
use super::doubt::{believed, doubt, rests_on_number, strays};
use super::learn::{Corrections, DECISION, Tally, best_cut, learn, surely};
use super::pairs::Pairs;
use super::parts::{Map, NONE, Parts, parts};
use super::source::Source;
use super::weigh::{Weights, logistic, weigh};
use super::{Field, Lesson, Linked, Pair, Settings, Table};

/// Probability from which on two rows are the same, where nothing else is known.
const THRESHOLD: f64 = 0.5;
/// Pairs of a smaller probability are never looked at again.
const LOWEST: f64 = 0.02;
/// Log-odds that a number in common cannot lift a pair above whose names differ and which has no
/// contact in common: somebody else's number, pasted in, is as likely. For a person to look at.
const PASTED: f64 = -0.2;
/// The same for a number that is only nearly the same: another firm's, most likely.
const NEARLY: f64 = -3.0;

/// Rows one after the other that are of one half where lessons are halved.
const TOGETHER: u32 = 64;

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

/// Puts the rows in order, makes comparable values of all cells and numbers them, as linking
/// begins; says how many different ones there are. For measuring.
#[must_use]
pub fn read_only(fields: &[Field], tables: &[Table], threads: usize) -> usize {
    let parts = parts(fields, tables, &[], threads);
    parts.dictionaries.iter().map(|dictionary| dictionary.values.len()).sum()
}

/// The cells of a table, put to be read as linking puts them. For measuring.
#[derive(Debug)]
pub struct Cells<'a>(Source<'a>);

impl<'a> Cells<'a> {
    /// Puts them.
    #[must_use]
    pub fn new(fields: &'a [Field], table: &Table) -> Self {
        Self(Source::new(fields, std::slice::from_ref(table), &[], 1))
    }

    /// Makes comparable values of every cell and nothing else, what stands in several as often as
    /// it does; says how many there are.
    #[must_use]
    pub fn normalise(&self) -> usize {
        self.0.normalise()
    }
}

/// Tables that have been read, compared and weighed, ready to be asked.
#[derive(Debug)]
pub struct Linker {
    pub(super) parts: Parts,
    pub(super) weights: Weights,
    corrections: Corrections,
    pairs: Pairs,
    /// Log-odds of the patterns of `pairs`, by their numbers.
    log_odds: Vec<f64>,
    /// Numbers of those patterns.
    pattern_numbers: Map<u64, u32>,
    compared: u64,
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
        let mut parts = parts(fields, tables, &settings.lessons, settings.threads);
        let blocks = blocks(&parts, settings.threads);
        let mut pairs = Pairs::compared(&parts, &blocks, settings.threads);
        let weights = weigh(&parts, &blocks, &pairs.histogram(), (settings.seed, settings.threads));
        let (crowded_keys, narrowed) = (blocks.crowded, blocks.narrowed);
        drop(blocks);
        let mask = numbers_mask(&parts);
        if doubt(&mut parts, &pairs, |pattern| weights.log_odds(pattern & !mask)) > 0 {
            pairs.change(|a, b, pattern| believed(&parts, pattern, a, b));
        }
        let mut place = vec![0_u32; parts.rows as usize];
        for (at, origin) in parts.origin.iter().enumerate() {
            place[*origin as usize] = at as u32;
        }
        let decided: Map<(u32, u32), bool> = settings
            .labels
            .iter()
            .filter(|(a, b, _)| a != b && a.max(b) < &parts.rows)
            .map(|(a, b, same)| {
                let (a, b) = (place[*a as usize], place[*b as usize]);
                ((a.min(b), a.max(b)), *same)
            })
            .collect();
        let taught = taught(&parts, &settings.lessons).chain(decided.iter().map(|(p, s)| (*p, *s)));
        let lessons = tallies(&parts, &pairs, taught);
        let [one, other] = &lessons;
        let strays = strays(&parts, one.iter().chain(other));
        let corrections = learn(&weights, [one, other], strays, settings.threads);
        let mut linker = Self {
            parts,
            weights,
            corrections,
            compared: pairs.len() as u64,
            pairs,
            log_odds: Vec::new(),
            pattern_numbers: Map::default(),
            decided,
            place,
            settings: settings.clone(),
            crowded_keys,
            narrowed,
        };
        linker.settle();
        linker
    }

    /// Works out what each pattern is worth, and forgets pairs that are never looked at again.
    fn settle(&mut self) {
        let patterns = &self.pairs.patterns;
        let log_odds: Vec<f64> = patterns.iter().map(|p| self.log_odds_of(*p)).collect();
        self.pattern_numbers = patterns.iter().copied().zip(0..).collect();
        let floor = self.floor();
        self.pairs.retain(|number| log_odds[number as usize] >= floor);
        self.log_odds = log_odds;
    }

    fn floor(&self) -> f64 {
        logit(self.settings.report_from.min(LOWEST))
    }

    /// The threshold given, or else, where decisions have made the probabilities right, the one
    /// that promises the best F1, or else the default; as log-odds.
    fn chosen_threshold(&self, edges: &[Edge]) -> f64 {
        if let Some(share) = self.settings.threshold {
            return logit(share);
        }
        let is_taught = !self.decided.is_empty() || !self.settings.lessons.is_empty();
        if !is_taught || self.corrections.is_empty() {
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

    /// From where on pairs may be taken unasked; the sorted edges tell.
    fn auto_from(&self, edges: &[Edge]) -> Option<f64> {
        let is_checked = !self.corrections.is_empty();
        is_checked.then(|| surely(edges.iter().map(|edge| logistic(edge.log_odds))))
    }

    fn is_one_to_one(&self) -> bool {
        self.settings.one_to_one && self.parts.first.is_some()
    }

    /// The log-odds of a pattern. Numbers with check digits are no part of what labels teach, so
    /// their weight is added to it.
    pub(super) fn log_odds_of(&self, pattern: u64) -> f64 {
        let sum = self.weights.log_odds(pattern) + self.corrections_of(pattern);
        match rests_on_number(&self.parts, pattern) {
            Some(SAME) => sum.min(PASTED),
            Some(_) => sum.min(NEARLY),
            None => sum,
        }
    }

    /// What labels add to the log-odds of a pattern, in nats.
    pub(super) fn corrections_of(&self, pattern: u64) -> f64 {
        self.corrections.of(&self.weights, pattern & !numbers_mask(&self.parts))
    }

    /// The log-odds that the rows of each pair (in the order of `parts`) are the same.
    fn score(&self, pairs: &[(u32, u32)], scores: &mut Vec<f64>) {
        scores.clear();
        let mut found = [0; BATCH];
        for pairs in pairs.chunks(BATCH) {
            patterns(&self.parts, pairs, &mut found);
            scores.extend(pairs.iter().zip(found).map(|((a, b), pattern)| {
                let pattern = believed(&self.parts, pattern, *a, *b);
                let known = self.pattern_numbers.get(&pattern);
                known.map_or_else(|| self.log_odds_of(pattern), |at| self.log_odds[*at as usize])
            }));
        }
    }

    /// What two rows (in the order of `parts`) are to each other, doubted numbers left aside.
    pub(super) fn pattern(&self, a: u32, b: u32) -> u64 {
        believed(&self.parts, pattern(&self.parts, a, b), a, b)
    }

    /// Pairs and clusters.
    #[must_use]
    pub fn linked(&self) -> Linked {
        let mut edges: Vec<Edge> = self
            .pairs
            .all()
            .map(|(a, b, at)| Edge { a: *a, b: *b, log_odds: self.log_odds[*at as usize] })
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
            groups.join(&edges, from, |pairs, scores| self.score(pairs, scores));
        }
        Linked {
            pairs: self.reported(&edges),
            clusters: self.numbered(&groups.into_groups()),
            compared: self.compared,
            threshold: logistic(from),
            auto_from: self.auto_from(&edges),
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

/// The bits of the fields that hold numbers with check digits.
fn numbers_mask(parts: &Parts) -> u64 {
    let vetoing = parts.columns.iter().take(FIELDS_MAX).enumerate().filter(|(_, c)| c.vetoes);
    vetoing.map(|(at, _)| 15 << (4 * at)).sum()
}

/// The rows of lessons: they stand behind all others, two by two.
fn taught(parts: &Parts, lessons: &[Lesson]) -> impl Iterator<Item = ((u32, u32), bool)> {
    let lefts = (parts.rows..).step_by(2);
    lefts.zip(lessons).map(|(left, lesson)| ((left, left + 1), lesson.same))
}

/// What the pairs teach whose answer is known: pairs with valid numbers on both sides that another
/// key brought together, and pairs that somebody decided. In two halves; rows that stand together
/// are of one half.
fn tallies(
    parts: &Parts,
    pairs: &Pairs,
    decided: impl Iterator<Item = ((u32, u32), bool)>,
) -> [Vec<Tally>; 2] {
    let mask = numbers_mask(parts);
    let half = |row: u32| (row / TOGETHER) as usize % 2;
    let vetoing: Vec<_> = parts.columns.iter().filter(|column| column.vetoes).collect();
    let mut of_patterns = vec![[[0_u32; 2]; 2]; pairs.patterns.len()];
    for (a, b, at) in pairs.by_other_keys().filter(|_| !vetoing.is_empty()) {
        let (mut is_known, mut is_same) = (false, true);
        for column in &vetoing {
            let (one, other) = (column.valid[*a as usize], column.valid[*b as usize]);
            let both = one != NONE && other != NONE;
            is_known |= both;
            is_same &= !both || one == other;
        }
        if is_known {
            of_patterns[*at as usize][half(*a)][usize::from(!is_same)] += 1;
        }
    }
    let mut counts: [Map<u64, [f64; 3]>; 2] = [Map::default(), Map::default()];
    for (pattern, halves) in pairs.patterns.iter().zip(of_patterns) {
        for (counts, [same, different]) in counts.iter_mut().zip(halves) {
            if same + different > 0 {
                let count = counts.entry(pattern & !mask).or_default();
                count[0] += f64::from(same);
                count[1] += f64::from(different);
            }
        }
    }
    for ((a, b), same) in decided {
        let pattern = believed(parts, pattern(parts, a, b), a, b);
        let count = counts[half(a)].entry(pattern & !mask).or_default();
        count[if same { 0 } else { 2 }] += DECISION;
    }
    counts.map(|counts| {
        let mut tallies: Vec<Tally> = counts
            .into_iter()
            .map(|(pattern, [same, different, refused])| Tally {
                pattern,
                same,
                different,
                refused,
            })
            .collect();
        tallies.sort_unstable_by_key(|tally| tally.pattern);
        tallies
    })
}
