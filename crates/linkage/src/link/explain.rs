//! Why two rows are, or are not, the same: field by field, as codes with parameters.

use super::Kind;
use super::compare::{DIFFERENT, ELSEWHERE, SAME, is_clash, is_vetoed, level};
use super::run::Linker;
use super::weigh::logistic;

/// What one field says.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// Which field, counted from nought.
    pub field: usize,
    /// A stable code: `same`, `same_common` (carried by so many rows that it counts for little),
    /// `same_other_form` (a name with another legal form), `same_elsewhere` (in another field, or
    /// parts in another order), `near`, `similar`, `different`, `different_valid` (two numbers
    /// whose check digits hold), `unknown`.
    pub code: &'static str,
    /// What it adds to the surety, in bits: the logarithm to base two of how much likelier it is
    /// between rows of the same thing than between others.
    pub bits: f64,
    /// The comparable values, joined by `; `.
    pub left: String,
    /// As `left`, of the other row.
    pub right: String,
    /// Rows that carry the rarest value both have; 0 where they have none.
    pub carriers: u32,
}

/// What is known of a pair.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// How likely the two are the same, 0 to 1; 0 for a pair that is ruled out.
    pub probability: f64,
    /// Whether two different valid numbers, or somebody's decision, rule it out.
    pub is_ruled_out: bool,
    /// One for each field, in their order.
    pub reasons: Vec<Reason>,
    /// What the fields say together beyond their sum, in bits.
    pub together_bits: f64,
}

impl Linker {
    /// Explains a pair of rows, numbered through all tables; `None` if there is no such pair.
    #[must_use]
    pub fn explain(&self, a: u32, b: u32) -> Option<Explanation> {
        let (a, b) = (*self.place.get(a as usize)?, *self.place.get(b as usize)?);
        if a == b {
            return None;
        }
        let pattern = self.pattern(a, b);
        // The place is told by fields that have a say of their own.
        let fields = self.parts.place.unwrap_or(self.weights.levels.len());
        let reasons = (0..fields).map(|field| self.reason(field, pattern, a, b)).collect();
        let decided = self.decided.get(&(a.min(b), a.max(b))).copied();
        let is_ruled_out =
            decided == Some(false) || (decided.is_none() && is_vetoed(&self.parts, a, b));
        let probability = match decided {
            Some(true) => 1.0,
            _ if is_ruled_out => 0.0,
            _ => logistic(self.log_odds_of(pattern)),
        };
        let of_place = self
            .parts
            .place
            .map_or(0.0, |at| self.weights.levels[at][usize::from(level(pattern, at))]);
        let together_bits =
            (self.corrections_of(pattern) + of_place + self.weights.together(pattern))
                / std::f64::consts::LN_2;
        Some(Explanation { probability, is_ruled_out, reasons, together_bits })
    }

    fn reason(&self, field: usize, pattern: u64, a: u32, b: u32) -> Reason {
        let column = &self.parts.columns[field];
        let dictionary = &self.parts.dictionaries[column.dictionary];
        let text = |row: u32| -> String {
            let keys = column.of(row).iter().map(|n| dictionary.key(*n));
            keys.collect::<Vec<_>>().join("; ")
        };
        let shared = column.of(a).iter().filter(|number| column.of(b).contains(number));
        let carriers = shared.map(|number| column.carriers[*number as usize]).min().unwrap_or(0);
        let level = level(pattern, field);
        let code = match level {
            0 => "unknown",
            ..SAME if is_clash(column, a, b) => "different_valid",
            DIFFERENT => "different",
            2..=5 => "similar",
            6..=9 => "near",
            ELSEWHERE if column.kind == Kind::CompanyName => "same_other_form",
            ELSEWHERE if column.kind == Kind::Text => "near",
            ELSEWHERE => "same_elsewhere",
            SAME | 12 => "same_common",
            _ => "same",
        };
        let bits = self.weights.levels[field][usize::from(level)] / std::f64::consts::LN_2;
        Reason { field, code, bits, left: text(a), right: text(b), carriers }
    }
}
