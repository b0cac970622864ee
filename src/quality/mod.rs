//! What the base is worth: a score of 0 to 100 for every company, made of six parts, and the same
//! for the whole base, a source, a file and a campaign, with its history.
//!
//! Invariants:
//! - a score is kept, never computed while somebody waits: companies that something happened to
//!   are scored again within seconds, and all of them once a week, for they age by themselves; the
//!   sums are kept for every day;
//! - a pass over the base comes to its end whatever is asked meanwhile: another follows it, and
//!   what a file touched is scored before either;
//! - every figure opens the records behind it;
//! - what is assumed rather than measured stands in [`score`] with its number, and on the screen.
//!
//! Neighbours: uses `companies`, `imports`, `verification` and what `merges` found and people
//! decided; `rounds` asks what is due.

pub mod actions;
pub mod api;
pub mod jobs;
pub mod pages;
pub mod score;
pub mod settings;
mod store;
#[cfg(test)]
pub(crate) mod tests;
mod validity;

pub use score::{Facts, Score};

use crate::values::*;

codes! {
    /// A part of the score.
    Part {
        /// What there should be is there.
        Completeness = "completeness",
        /// What is there can be right.
        Validity = "validity",
        /// It stands in the base once.
        Uniqueness = "uniqueness",
        /// It was confirmed lately.
        Freshness = "freshness",
        /// Somebody there can be reached.
        Contactability = "contactability",
        /// Who decides is known.
        DecisionMaker = "decision_maker",
    }
}

/// How many parts a score has.
pub const PARTS: usize = 6;
/// The most a part may weigh.
pub const WEIGHT_MAX: i64 = 100;

impl Part {
    /// What it weighs before the owner says otherwise.
    pub fn usual_weight(self) -> i64 {
        match self {
            Self::Completeness | Self::Validity | Self::Contactability => 20,
            Self::Uniqueness | Self::Freshness => 15,
            Self::DecisionMaker => 10,
        }
    }
}

/// What each part weighs in the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weights(pub [i64; PARTS]);

impl Default for Weights {
    fn default() -> Self {
        let mut all = [0; PARTS];
        for part in Part::ALL {
            all[*part as usize] = part.usual_weight();
        }
        Self(all)
    }
}

impl Weights {
    /// What a part weighs.
    pub fn of(&self, part: Part) -> i64 {
        self.0[part as usize]
    }
    /// What is wrong with them, by the code of the part.
    pub fn check(&self) -> Fields {
        let mut wrong = Fields::default();
        for part in Part::ALL {
            if !(0..=WEIGHT_MAX).contains(&self.of(*part)) {
                let bounds = vec![("min", "0".to_owned()), ("max", WEIGHT_MAX.to_string())];
                wrong.note_with(part.code(), "out-of-range", bounds);
            }
        }
        if wrong.0.is_empty() && self.0.iter().sum::<i64>() == 0 {
            wrong.note(Part::Completeness.code(), "weights-all-nought");
        }
        wrong
    }
    /// The score of parts in thousandths.
    pub fn weigh(&self, parts: &[i64; PARTS]) -> i64 {
        let whole: i64 = self.0.iter().sum();
        let sum: i64 = self.0.iter().zip(parts).map(|(weight, part)| weight * part).sum();
        if whole == 0 { 0 } else { (sum + whole / 2) / whole }
    }
}

codes! {
    /// Over what a score is summed up.
    ScopeKind {
        /// The whole base.
        Base = "base",
        /// What came from a source.
        Source = "source",
        /// What came with a file.
        Import = "import",
        /// What a campaign works on.
        Campaign = "campaign",
    }
}

/// Sums over the companies of a scope, on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// Over what.
    pub kind: ScopeKind,
    /// Which one; empty for the base.
    pub key: String,
    /// What it is called; empty where that says nothing.
    pub label: String,
    /// The day.
    pub day: String,
    /// How many companies.
    pub companies: i64,
    /// The sum of their scores, in thousandths.
    pub score: i64,
    /// The sums of their parts, in thousandths.
    pub parts: [i64; PARTS],
}

impl Total {
    /// Takes in what another sum is over.
    fn add(&mut self, other: &Self) {
        self.companies += other.companies;
        self.score += other.score;
        for (sum, more) in self.parts.iter_mut().zip(other.parts) {
            *sum += more;
        }
    }
    fn mean(&self, sum: i64) -> i64 {
        if self.companies == 0 { 0 } else { (sum + self.companies * 5) / (self.companies * 10) }
    }
    /// The mean score, 0 to 100.
    pub fn mean_score(&self) -> i64 {
        self.mean(self.score)
    }
    /// The mean of a part, 0 to 100.
    pub fn mean_part(&self, part: Part) -> i64 {
        self.mean(self.parts[part as usize])
    }
}
