//! What labels teach: corrections to the weights, interactions between fields included.
//!
//! Fellegi and Sunter take fields for independent, so that "the same telephone and another last
//! word of the name", which is a sister company, weighs the same as its two halves. Labels tell:
//! a logistic regression over levels and pairs of levels, with the unlabelled log-odds as its
//! starting point and a ridge that pulls every correction to nought. So few labels change little.
//! Labels are what somebody decided, and, where a list has numbers with check digits, every pair
//! that another key brought together and of which both sides have one. A number may be somebody
//! else's, pasted in, so a small share of what is the same is taken to have different numbers.
//! What somebody decided is taken as it was said.

use super::compare::{FIELDS_MAX, LEVELS, level};
use super::threads::shared;
use super::weigh::{Weights, logistic};

/// Fewer labels than this of either answer teach nothing.
const LABELS_MIN: f64 = 5.0;
/// What one decision of a person counts for beside one pair of equal numbers.
pub(super) const DECISION: f64 = 5.0;
/// Log-odds beyond which the unlabelled weights are not believed where there are labels.
const SURE: f64 = 10.0;
const RIDGE: f64 = 1.0;
const ROUNDS: usize = 120;
/// Rounds for a half that is learned from to judge the other.
const ROUNDS_OF_HALF: usize = 80;
/// Rounds in which log-odds are made right; they settle in fewer.
const ROUNDS_OF_RIGHT: usize = 12;
/// Pairs that count for log-odds that are right as they are.
const PRIOR_OF_RIGHT: f64 = 20.0;
const STEP: f64 = 0.15;
/// Coarse levels for interactions: unknown, different, somewhat near, near, common, rare.
pub(super) const COARSE: usize = 6;

/// A pattern with how often it was the same and how often not, as labels say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tally {
    pub pattern: u64,
    /// How often it was the same.
    pub same: f64,
    /// How often two numbers with check digits say that it was not.
    pub different: f64,
    /// How often somebody said so.
    pub refused: f64,
}

/// Corrections in nats.
#[derive(Clone, Debug, Default)]
pub(super) struct Corrections {
    fields: usize,
    values: Vec<f64>,
    /// What makes the log-odds right that come of them.
    right: Option<Right>,
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
        let right = self.right.unwrap_or(Right::NOTHING);
        right.of(self.raw(weights, pattern)) - weights.log_odds(pattern)
    }

    /// The log-odds of a pattern as they were learned.
    fn raw(&self, weights: &Weights, pattern: u64) -> f64 {
        let mut taken = Vec::new();
        places(pattern, self.fields, &mut taken);
        let learned = taken.iter().map(|place| self.values[*place as usize]).sum::<f64>();
        start(weights, pattern) + learned
    }
}

/// Where learning starts from: the log-odds of a pattern, but no surer than fields can make it that
/// are not independent.
fn start(weights: &Weights, pattern: u64) -> f64 {
    weights.log_odds(pattern).clamp(-SURE, SURE)
}

/// Learns corrections; none where there are too few lessons of either sort. `strays` is the share
/// of pairs of the same thing whose numbers differ all the same.
///
/// What is learned fits the lessons it was learned from too well, so the lessons are halved, each
/// half is judged by what the other teaches, and the log-odds are made right by what that tells
/// (after Platt 1999).
pub(super) fn learn(
    weights: &Weights,
    halves: [&[Tally]; 2],
    strays: f64,
    threads: usize,
) -> Corrections {
    let judge = |from: usize| {
        let corrections = learned(weights, halves[from], strays, ROUNDS_OF_HALF);
        let judged = halves[1 - from].iter().filter(|_| !corrections.is_empty());
        judged.map(|one| (corrections.raw(weights, one.pattern), *one)).collect::<Vec<_>>()
    };
    let mut corrections = learned(weights, &together(halves), strays, ROUNDS);
    if !corrections.is_empty() {
        let judged = shared(threads, 2, judge).concat();
        corrections.right = Some(Right::learned(&judged, strays));
    }
    corrections
}

/// Two halves as one, pattern by pattern.
fn together(halves: [&[Tally]; 2]) -> Vec<Tally> {
    let mut both = halves.concat();
    both.sort_by_key(|one| one.pattern);
    both.dedup_by(|one, kept| {
        let is_same = one.pattern == kept.pattern;
        if is_same {
            kept.same += one.same;
            kept.different += one.different;
            kept.refused += one.refused;
        }
        is_same
    });
    both
}

/// Where the slope changes: what is doubtful and what is nearly sure are wrong by different shares.
const KNEE: f64 = 2.0;

/// What makes log-odds right: a shift, a slope up to the knee, and a slope beyond it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Right([f64; 3]);

impl Right {
    const NOTHING: Self = Self([0.0, 1.0, 1.0]);
    const LEAST: [f64; 3] = [-2.0, 0.5, 0.5];
    const MOST: [f64; 3] = [2.0, 1.25, 1.25];

    fn terms(log_odds: f64) -> [f64; 3] {
        [1.0, log_odds.min(KNEE), (log_odds - KNEE).max(0.0)]
    }

    fn of(self, log_odds: f64) -> f64 {
        self.0.iter().zip(Self::terms(log_odds)).map(|(factor, term)| factor * term).sum()
    }

    /// By Newton's method, of judged lessons with their log-odds.
    fn learned(judged: &[(f64, Tally)], strays: f64) -> Self {
        let mut right = Self::NOTHING;
        for _ in 0..ROUNDS_OF_RIGHT {
            // The prior: as if so many pairs had been said right.
            let mut gradient = [0.0; 3];
            let mut spread = [[0.0; 3]; 3];
            for at in 0..3 {
                gradient[at] = PRIOR_OF_RIGHT * (Self::NOTHING.0[at] - right.0[at]);
                spread[at][at] = PRIOR_OF_RIGHT;
            }
            for (log_odds, one) in judged {
                let (share, terms) = (logistic(right.of(*log_odds)), Self::terms(*log_odds));
                let all = one.same + one.different + one.refused;
                let error = one.same + one.different * stray(strays, share) - all * share;
                for at in 0..3 {
                    gradient[at] += error * terms[at];
                    for other in 0..3 {
                        let both = terms[at] * terms[other];
                        spread[at][other] += all * share * (1.0 - share) * both;
                    }
                }
            }
            for (at, step) in solved(spread, gradient).into_iter().enumerate() {
                right.0[at] = (right.0[at] + step).clamp(Self::LEAST[at], Self::MOST[at]);
            }
        }
        right
    }
}

/// The solution of three linear equations whose matrix is positive definite.
fn solved(mut matrix: [[f64; 3]; 3], mut wanted: [f64; 3]) -> [f64; 3] {
    for at in 0..3 {
        for row in at + 1..3 {
            let factor = matrix[row][at] / matrix[at][at];
            let above = matrix[at];
            matrix[row].iter_mut().zip(above).for_each(|(cell, above)| *cell -= factor * above);
            wanted[row] -= factor * wanted[at];
        }
    }
    for at in (0..3).rev() {
        let known: f64 = (at + 1..3).map(|row| matrix[at][row] * wanted[row]).sum();
        wanted[at] = (wanted[at] - known) / matrix[at][at];
    }
    wanted
}

/// How likely a pair with different numbers is the same all the same, one of them pasted.
fn stray(strays: f64, share: f64) -> f64 {
    strays * share / (1.0 - (1.0 - strays) * share)
}

fn learned(weights: &Weights, lessons: &[Tally], strays: f64, rounds: usize) -> Corrections {
    let same: f64 = lessons.iter().map(|lesson| lesson.same).sum();
    let different: f64 = lessons.iter().map(|one| one.different + one.refused).sum();
    if same < LABELS_MIN || different < LABELS_MIN {
        return Corrections::default();
    }
    let fields = weights.levels.len().min(FIELDS_MAX);
    let size = fields * LEVELS + fields * fields.saturating_sub(1) / 2 * COARSE * COARSE;
    let mut values = vec![0.0_f64; size + 1];
    let sides = Sides::new(lessons, fields, size);
    let offsets: Vec<f64> = lessons.iter().map(|lesson| start(weights, lesson.pattern)).collect();
    // Adam (Kingma and Ba 2015) on the whole batch: no draw, so the same answer each time.
    let mut gradient = vec![0.0; size + 1];
    let (mut mean, mut square) = (vec![0.0; size], vec![0.0; size]);
    for round in 1..=rounds {
        for (at, value) in values.iter().enumerate() {
            gradient[at] = RIDGE * value;
        }
        for (at, some) in lessons.chunks(SIDES).enumerate() {
            let sums = sides.sums(at, &values);
            for ((side, lesson), offset) in some.iter().enumerate().zip(&offsets[at * SIDES..]) {
                let share = logistic(offset + sums[side]);
                // Of those with different numbers some are the same: one of the two was pasted.
                let same = lesson.same + lesson.different * stray(strays, share);
                let error = (lesson.same + lesson.different + lesson.refused) * share - same;
                sides.of(at).iter().for_each(|p| gradient[usize::from(p[side])] += error);
            }
        }
        let step = STEP / (1.0 + round as f64 / 40.0);
        let (first, second) = (1.0 - 0.9_f64.powi(round as i32), 1.0 - 0.99_f64.powi(round as i32));
        for at in 0..size {
            mean[at] = 0.9 * mean[at] + 0.1 * gradient[at];
            square[at] = 0.99 * square[at] + 0.01 * gradient[at] * gradient[at];
            values[at] -= step * (mean[at] / first) / ((square[at] / second).sqrt() + 1e-8);
        }
    }
    values.truncate(size);
    Corrections { fields, values, right: None }
}

/// Lessons that are gone through side by side: sums that do not wait for one another.
const SIDES: usize = 4;

/// The places of lessons, so many lessons side by side.
struct Sides {
    width: usize,
    places: Vec<[u16; SIDES]>,
}

impl Sides {
    /// Every lesson takes as many places; `nowhere` is that of a level that is not known, where
    /// nought stands.
    fn new(lessons: &[Tally], fields: usize, nowhere: usize) -> Self {
        let width = fields + fields * fields.saturating_sub(1) / 2;
        let mut places = vec![[nowhere as u16; SIDES]; width * lessons.len().div_ceil(SIDES)];
        let mut taken = Vec::new();
        for (at, lesson) in lessons.iter().enumerate() {
            self::places(lesson.pattern, fields, &mut taken);
            // Levels that are not known have no place: what is taken stands at the end.
            let from = (at / SIDES) * width + width - taken.len();
            for (sides, place) in places[from..].iter_mut().zip(&taken) {
                sides[at % SIDES] = *place as u16;
            }
        }
        Self { width, places }
    }

    fn of(&self, at: usize) -> &[[u16; SIDES]] {
        &self.places[at * self.width..][..self.width]
    }

    /// What stands at the places of some lessons, added up.
    fn sums(&self, at: usize, values: &[f64]) -> [f64; SIDES] {
        let mut sums = [0.0; SIDES];
        for places in self.of(at) {
            for (sum, place) in sums.iter_mut().zip(places) {
                *sum += values[usize::from(*place)];
            }
        }
        sums
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(same: f64, different: f64) -> Tally {
        Tally { pattern: 0, same, different, refused: 0.0 }
    }

    #[test]
    fn log_odds_that_are_too_sure_are_made_right() {
        let truly = |log_odds: f64| 0.6 * log_odds;
        let said = [-4.0, -2.0, 0.0, 2.0, 4.0, 6.0];
        let judged = said.map(|log_odds| {
            let share = logistic(truly(log_odds));
            (log_odds, tally(1_000.0 * share, 1_000.0 * (1.0 - share)))
        });
        let right = Right::learned(&judged, 0.0);
        for log_odds in said {
            assert!((right.of(log_odds) - truly(log_odds)).abs() < 0.2, "{log_odds}: {right:?}");
        }
    }

    #[test]
    fn a_stray_number_does_not_part_what_is_surely_the_same() {
        assert!(stray(0.01, 0.9999) > 0.98 && stray(0.01, 0.5) < 0.02);
        assert_eq!(stray(0.0, 0.999), 0.0);
    }
}
