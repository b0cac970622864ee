//! How near two strings are. All measures count characters, not bytes, and are symmetric.

use std::collections::BTreeSet;

/// Damerau–Levenshtein distance: the least number of insertions, deletions, replacements and swaps
/// of neighbours that turn one string into the other. The unrestricted form (Lowrance and Wagner
/// 1975), which is a true metric; memory and time grow with the product of the lengths.
#[must_use]
pub fn damerau_levenshtein(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    let width = right.len() + 2;
    let beyond = left.len() + right.len();
    let mut cost = vec![0_usize; (left.len() + 2) * width];
    cost[0] = beyond;
    for row in 0..=left.len() {
        cost[(row + 1) * width] = beyond;
        cost[(row + 1) * width + 1] = row;
    }
    for column in 0..=right.len() {
        cost[column + 1] = beyond;
        cost[width + column + 1] = column;
    }
    // Words have few letters: looking through them is faster than hashing them.
    let mut last_row_of: Vec<(char, usize)> = Vec::new();
    for row in 1..=left.len() {
        let mut last_column = 0;
        for column in 1..=right.len() {
            let met = last_row_of.iter().find(|(letter, _)| *letter == right[column - 1]);
            let other_row = met.map_or(0, |(_, row)| *row);
            let other_column = last_column;
            let same = left[row - 1] == right[column - 1];
            if same {
                last_column = column;
            }
            let replaced = cost[row * width + column] + usize::from(!same);
            let inserted = cost[(row + 1) * width + column] + 1;
            let deleted = cost[row * width + column + 1] + 1;
            let swapped = cost[other_row * width + other_column]
                + (row - other_row - 1)
                + 1
                + (column - other_column - 1);
            cost[(row + 1) * width + column + 1] = replaced.min(inserted).min(deleted).min(swapped);
        }
        match last_row_of.iter_mut().find(|(letter, _)| *letter == left[row - 1]) {
            Some(known) => known.1 = row,
            None => last_row_of.push((left[row - 1], row)),
        }
    }
    cost[(left.len() + 1) * width + right.len() + 1]
}

/// Jaro similarity, 0 (nothing in common) to 1 (equal). Two empty strings are equal.
#[must_use]
pub fn jaro(left: &str, right: &str) -> f64 {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    if left.is_empty() || right.is_empty() {
        return if left.len() == right.len() { 1.0 } else { 0.0 };
    }
    let reach = (left.len().max(right.len()) / 2).saturating_sub(1);
    let mut taken = vec![false; right.len()];
    let mut matched_left = Vec::new();
    for (at, letter) in left.iter().enumerate() {
        let from = at.saturating_sub(reach);
        let to = (at + reach + 1).min(right.len());
        if let Some(found) = (from..to).find(|&spot| !taken[spot] && right[spot] == *letter) {
            taken[found] = true;
            matched_left.push(*letter);
        }
    }
    if matched_left.is_empty() {
        return 0.0;
    }
    let matched_right = right.iter().zip(&taken).filter(|(_, taken)| **taken).map(|(c, _)| c);
    let displaced = matched_left.iter().zip(matched_right).filter(|(a, b)| a != b).count();
    let matched = matched_left.len() as f64;
    let transposed = (displaced / 2) as f64;
    (matched / left.len() as f64 + matched / right.len() as f64 + (matched - transposed) / matched)
        / 3.0
}

/// Jaro–Winkler similarity (Winkler 1990), 0 to 1: [`jaro`] raised for a common beginning of up to
/// four characters, with the customary weight of 0.1 for each.
#[must_use]
pub fn jaro_winkler(left: &str, right: &str) -> f64 {
    let plain = jaro(left, right);
    let prefix = left.chars().zip(right.chars()).take(4).take_while(|(a, b)| a == b).count();
    plain + prefix as f64 * 0.1 * (1.0 - plain)
}

/// How two sets of words overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// Distinct words found on both sides.
    pub shared: usize,
    /// Distinct words of the smaller side.
    pub smaller: usize,
    /// Distinct words of both sides together.
    pub together: usize,
}

impl Overlap {
    /// Shared words as a share of all (Jaccard), 0 to 1; 0 when there is no word at all.
    #[must_use]
    pub fn jaccard(self) -> f64 {
        if self.together == 0 { 0.0 } else { self.shared as f64 / self.together as f64 }
    }

    /// Shared words as a share of the smaller side, 0 to 1; 1 means that one contains the other.
    #[must_use]
    pub fn containment(self) -> f64 {
        if self.smaller == 0 { 0.0 } else { self.shared as f64 / self.smaller as f64 }
    }
}

/// Overlap of two lists of words taken as sets; repetition and order do not count.
#[must_use]
pub fn token_overlap<S: AsRef<str>>(left: &[S], right: &[S]) -> Overlap {
    let left: BTreeSet<&str> = left.iter().map(AsRef::as_ref).collect();
    let right: BTreeSet<&str> = right.iter().map(AsRef::as_ref).collect();
    let shared = left.intersection(&right).count();
    Overlap {
        shared,
        smaller: left.len().min(right.len()),
        together: left.len() + right.len() - shared,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn distances_of_the_literature() {
        let check = |a: &str, b: &str, wanted| {
            assert_eq!(damerau_levenshtein(a, b), wanted, "{a} {b}");
        };
        check("", "", 0);
        check("", "абв", 3);
        check("вектор", "вектор", 0);
        check("вектор", "веткор", 1);
        check("вектор", "вектр", 1);
        check("kitten", "sitting", 3);
        // The unrestricted distance is 2 where the restricted one says 3.
        check("ca", "abc", 2);
    }

    #[test]
    fn jaro_winkler_gives_the_published_values() {
        let check = |a: &str, b: &str, wanted: f64| {
            let found = jaro_winkler(a, b);
            assert!((found - wanted).abs() < 5e-4, "{a} {b}: {found}");
        };
        check("MARTHA", "MARHTA", 0.9611);
        check("DIXON", "DICKSONX", 0.8133);
        check("DWAYNE", "DUANE", 0.8400);
        check("", "", 1.0);
        check("a", "", 0.0);
        check("abc", "xyz", 0.0);
    }

    #[test]
    fn words_overlap_as_sets() {
        let overlap = token_overlap(&["вектор", "плюс", "вектор"], &["вектор"]);
        assert_eq!(overlap, Overlap { shared: 1, smaller: 1, together: 2 });
        assert!((overlap.jaccard() - 0.5).abs() < 1e-12);
        assert!((overlap.containment() - 1.0).abs() < 1e-12);
        let none = token_overlap::<&str>(&[], &[]);
        assert!(none.jaccard() == 0.0 && none.containment() == 0.0);
    }

    proptest! {
        #[test]
        fn the_distance_is_a_metric(a in "[абв]{0,6}", b in "[абв]{0,6}", c in "[абв]{0,6}") {
            let ab = damerau_levenshtein(&a, &b);
            prop_assert_eq!(ab, damerau_levenshtein(&b, &a));
            prop_assert_eq!(ab == 0, a == b);
            prop_assert!(
                damerau_levenshtein(&a, &c) <= ab + damerau_levenshtein(&b, &c)
            );
        }

        #[test]
        fn jaro_winkler_stays_within_its_bounds(a in "[абвг]{0,8}", b in "[абвг]{0,8}") {
            let value = jaro_winkler(&a, &b);
            prop_assert!((0.0..=1.0 + 1e-12).contains(&value));
            prop_assert!((value - jaro_winkler(&b, &a)).abs() < 1e-12);
        }
    }
}
