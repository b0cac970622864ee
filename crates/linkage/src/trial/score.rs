//! How well a list was linked, against its truth.

use std::collections::HashMap;

/// Right and wrong pairs, and what follows from them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    /// Pairs that were found and are the same.
    pub right: u64,
    /// Pairs that were found.
    pub found: u64,
    /// Pairs that are the same.
    pub wanted: u64,
}

impl Score {
    /// Which share of what was found is right, 0 to 1; 1 where nothing was found.
    pub fn precision(self) -> f64 {
        share(self.right, self.found)
    }

    /// Which share of what is the same was found, 0 to 1; 1 where nothing is the same. Of the
    /// pairs that were compared this is pair completeness (Christen, *Data Matching*, 7.3).
    pub fn recall(self) -> f64 {
        share(self.right, self.wanted)
    }

    /// The harmonic mean of precision and recall, 0 to 1.
    pub fn f1(self) -> f64 {
        share(2 * self.right, self.found + self.wanted)
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// Judges pairs of rows. `truth` is the number of each row's thing. Where there are two tables,
/// `second` is the first row of the second, and only pairs across them count.
///
/// No pair may be given twice.
pub fn of_pairs(
    pairs: impl IntoIterator<Item = (u32, u32)>,
    truth: &[u32],
    second: Option<u32>,
) -> Score {
    let mut score =
        Score { wanted: pairs_within(truth.iter().copied(), second), ..Score::default() };
    for (a, b) in pairs {
        if second.is_some_and(|second| (a < second) == (b < second)) {
            continue;
        }
        score.found += 1;
        score.right += u64::from(truth[a as usize] == truth[b as usize]);
    }
    score
}

/// Judges clusters by the pairs of rows that stand in one: every two of a cluster are said to be
/// the same. `clusters` is the number of each row's cluster; the rest as in [`of_pairs`].
pub fn of_clusters(clusters: &[u32], truth: &[u32], second: Option<u32>) -> Score {
    let both = clusters.iter().zip(truth).map(|(cluster, truth)| (*cluster, *truth));
    Score {
        right: pairs_within(both, second),
        found: pairs_within(clusters.iter().copied(), second),
        wanted: pairs_within(truth.iter().copied(), second),
    }
}

/// How many pairs of rows have one number.
fn pairs_within<N: std::hash::Hash + Eq>(
    numbers: impl Iterator<Item = N>,
    second: Option<u32>,
) -> u64 {
    let mut sizes: HashMap<N, [u64; 2]> = HashMap::new();
    for (row, number) in numbers.enumerate() {
        let side = usize::from(second.is_some_and(|second| row >= second as usize));
        sizes.entry(number).or_default()[side] += 1;
    }
    let pairs = |[one, two]: [u64; 2]| match second {
        Some(_) => one * two,
        None => one * one.saturating_sub(1) / 2,
    };
    sizes.into_values().map(pairs).sum()
}
