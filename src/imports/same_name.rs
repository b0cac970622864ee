//! Whether most rows of a file have one name: then another column holds the names, most likely.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::{Deserialize, Serialize};

/// A list of fewer rows may be of one company.
const ROWS_MIN: i64 = 8;
/// Different names held at once: one that most rows have is among the first.
const HELD_MAX: usize = 20_000;

/// How many rows have one name. The name itself is kept nowhere else than in its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SameName {
    /// Rows of that name.
    pub alike: i64,
    /// Rows of any name.
    pub named: i64,
}

/// Counts names.
#[derive(Debug, Default)]
pub(super) struct Names {
    counts: HashMap<u64, i64>,
    named: i64,
}

impl Names {
    /// Counts the name of one more row, where it has one.
    pub fn add(&mut self, name: &str) {
        if name.is_empty() {
            return;
        }
        self.named += 1;
        let mut hasher = DefaultHasher::new();
        name.to_lowercase().hash(&mut hasher);
        let digest = hasher.finish();
        if self.counts.len() < HELD_MAX || self.counts.contains_key(&digest) {
            *self.counts.entry(digest).or_default() += 1;
        }
    }

    /// How many rows have the same name, where most have.
    pub fn told(self) -> Option<SameName> {
        let alike = self.counts.into_values().max().unwrap_or(0);
        let named = self.named;
        (named >= ROWS_MIN && alike * 2 > named).then_some(SameName { alike, named })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_of_most_rows_is_told() {
        let told = |names: &[&str]| {
            let mut all = Names::default();
            names.iter().for_each(|name| all.add(name));
            all.told().map(|same| (same.alike, same.named))
        };
        assert_eq!(told(&["Лён", "ЛЁН", "Лён", "Лён", "Лён", "а", "б", "в", ""]), Some((5, 8)));
        assert_eq!(told(&["Лён", "Лён", "Лён", "Лён", "а", "б", "в", "г"]), None, "half");
        assert_eq!(told(&["Лён", "Лён", "Лён"]), None, "a short list");
        assert_eq!(told(&[]), None);
    }
}
