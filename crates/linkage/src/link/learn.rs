//! What labels teach: corrections to the weights, interactions between fields included.
//!
//! Fellegi and Sunter take fields for independent, so that "the same telephone and another last
//! word of the name", which is a sister company, weighs the same as its two halves. Labels tell:
//! a logistic regression over levels and pairs of levels, with the unlabelled log-odds as its
//! starting point and a ridge that pulls every correction to nought. So few labels change little.
//! Labels are what somebody decided, and, where a list has numbers with check digits, every pair
//! that another key brought together and of which both sides have one.

use super::compare::{FIELDS_MAX, LEVELS, level};
use super::weigh::{Weights, logistic};

/// Fewer labels than this of either answer teach nothing.
const LABELS_MIN: f64 = 5.0;
/// What one decision of a person counts for beside one pair of equal numbers.
pub(super) const DECISION: f64 = 5.0;
/// Log-odds beyond which the unlabelled weights are not believed where there are labels.
const SURE: f64 = 10.0;
const RIDGE: f64 = 1.0;
const ROUNDS: usize = 120;
const STEP: f64 = 0.15;
/// Coarse levels for interactions: unknown, different, somewhat near, near, common, rare.
pub(super) const COARSE: usize = 6;

/// A pattern with how often it was the same and how often not, as labels say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tally {
    pub pattern: u64,
    pub same: f64,
    pub different: f64,
}

/// Corrections in nats.
#[derive(Clone, Debug, Default)]
pub(super) struct Corrections {
    fields: usize,
    values: Vec<f64>,
}

impl Corrections {
    /// Whether nothing was learned.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

pub(super) fn coarse(level: u8) -> usize {
    match level {
        0 => 0,
        1 => 1,
        2..=5 => 2,
        6..=10 => 3,
        11..=12 => 4,
        _ => 5,
    }
}

/// The numbers of the corrections that a pattern takes.
fn places(pattern: u64, fields: usize, places: &mut Vec<u32>) {
    places.clear();
    let mut base = 0;
    for field in 0..fields {
        let level = level(pattern, field);
        if level > 0 {
            places.push((base + usize::from(level)) as u32);
        }
        base += LEVELS;
    }
    for one in 0..fields {
        let left = coarse(level(pattern, one));
        for other in one + 1..fields {
            let right = coarse(level(pattern, other));
            places.push((base + left * COARSE + right) as u32);
            base += COARSE * COARSE;
        }
    }
}

impl Corrections {
    /// What to add to the log-odds of a pattern.
    pub fn of(&self, weights: &Weights, pattern: u64) -> f64 {
        if self.values.is_empty() {
            return 0.0;
        }
        let start = start(weights, pattern) - weights.log_odds(pattern);
        let mut taken = Vec::new();
        places(pattern, self.fields, &mut taken);
        start + taken.iter().map(|place| self.values[*place as usize]).sum::<f64>()
    }
}

/// Where learning starts from: the log-odds of a pattern, but no surer than fields can make it that
/// are not independent.
fn start(weights: &Weights, pattern: u64) -> f64 {
    weights.log_odds(pattern).clamp(-SURE, SURE)
}

/// Learns corrections; none where there are too few lessons of either sort.
pub(super) fn learn(weights: &Weights, lessons: &[Tally]) -> Corrections {
    let same: f64 = lessons.iter().map(|lesson| lesson.same).sum();
    let different: f64 = lessons.iter().map(|lesson| lesson.different).sum();
    if same < LABELS_MIN || different < LABELS_MIN {
        return Corrections::default();
    }
    let fields = weights.levels.len().min(FIELDS_MAX);
    let size = fields * LEVELS + fields * fields.saturating_sub(1) / 2 * COARSE * COARSE;
    let mut values = vec![0.0_f64; size];
    let mut taken = Vec::new();
    let mut starts = vec![0_u32];
    let mut all: Vec<u32> = Vec::new();
    for lesson in lessons {
        places(lesson.pattern, fields, &mut taken);
        all.extend_from_slice(&taken);
        starts.push(all.len() as u32);
    }
    let offsets: Vec<f64> = lessons.iter().map(|lesson| start(weights, lesson.pattern)).collect();
    // Adam (Kingma and Ba 2015) on the whole batch: no draw, so the same answer each time.
    let mut gradient = vec![0.0; size];
    let (mut mean, mut square) = (vec![0.0; size], vec![0.0; size]);
    for round in 1..=ROUNDS {
        for (at, value) in values.iter().enumerate() {
            gradient[at] = RIDGE * value;
        }
        for (at, lesson) in lessons.iter().enumerate() {
            let mine = &all[starts[at] as usize..starts[at + 1] as usize];
            let sum: f64 = mine.iter().map(|place| values[*place as usize]).sum();
            let share = logistic(offsets[at] + sum);
            let error = (lesson.same + lesson.different) * share - lesson.same;
            mine.iter().for_each(|place| gradient[*place as usize] += error);
        }
        let step = STEP / (1.0 + round as f64 / 40.0);
        let (first, second) = (1.0 - 0.9_f64.powi(round as i32), 1.0 - 0.99_f64.powi(round as i32));
        for at in 0..size {
            mean[at] = 0.9 * mean[at] + 0.1 * gradient[at];
            square[at] = 0.99 * square[at] + 0.01 * gradient[at] * gradient[at];
            values[at] -= step * (mean[at] / first) / ((square[at] / second).sqrt() + 1e-8);
        }
    }
    Corrections { fields, values }
}

/// The log-odds from which on taking pairs makes for the best F1 that is to be expected, given the
/// log-odds of the pairs that could be taken and how many pairs are the same in all, by estimate.
pub(super) fn best_cut(mut could_be: Vec<f64>, same: f64) -> f64 {
    could_be.sort_by(|one, other| other.total_cmp(one));
    let (mut right, mut best, mut cut) = (0.0, 0.0, 0.0);
    for (at, log_odds) in could_be.iter().enumerate() {
        right += logistic(*log_odds);
        let f1 = 2.0 * right / (at as f64 + 1.0 + same);
        if f1 > best {
            (best, cut) = (f1, *log_odds);
        }
    }
    cut
}

/// Of a thousand pairs taken unasked, as many must be the same.
const SURELY: f64 = 0.998;
/// No pair of a smaller probability is taken unasked, however sure the others are.
const SURELY_EACH: f64 = 0.95;

/// The probability from which on pairs together are surely the same; of probabilities from the
/// highest down. One above all where not even the first is.
pub(super) fn surely(probabilities: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut from) = (0.0, 1.0);
    for (count, probability) in probabilities.take_while(|p| *p >= SURELY_EACH).enumerate() {
        sum += probability;
        if sum < SURELY * (count as f64 + 1.0) {
            break;
        }
        from = probability;
    }
    from
}
