//! How fast what we know goes out of date. Pure; the owner may set it, [`Ageing::default`] is what
//! the product begins with.

use super::{Field, Verification};
use crate::values::*;

/// A month of ageing: thirty days, so that a half-life is the same all the year round.
const MONTH_MS: i64 = 30 * DAY_MS;
/// The shortest and the longest half-life.
pub const HALF_LIFE_MONTHS: (i64, i64) = (1, 120);
/// The lowest and the highest worth at which a check is due.
pub const DUE_PERCENT: (i64, i64) = (10, 90);

/// How the values of one field age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// After how many months half of such values are out of date.
    pub half_life_months: i64,
    /// A check is due once so many in a hundred can be expected to be right.
    pub due_percent: i64,
}

impl Rule {
    /// The rule of a field before the owner says otherwise.
    pub fn usual(field: Field) -> Self {
        let half_life_months = match field {
            Field::Email => 9,
            Field::Phone | Field::Contact | Field::DecisionMaker | Field::Requisites => 12,
            Field::Address => 24,
        };
        Self { half_life_months, due_percent: 50 }
    }
    fn half_life_ms(self) -> f64 {
        (self.half_life_months * MONTH_MS) as f64
    }
    /// How old a value may become before it is to be checked.
    fn due_age_ms(self) -> i64 {
        let halves = (100.0 / self.due_percent as f64).log2();
        (self.half_life_ms() * halves).round() as i64
    }
    /// How likely a value of that age is still right: 1 at once, a half after its half-life.
    pub fn worth(self, age_ms: i64) -> f64 {
        2_f64.powf(-(age_ms.max(0) as f64) / self.half_life_ms())
    }
    /// When a value confirmed at an instant is to be checked; at once where it never was.
    pub fn due_at(self, confirmed_at: Option<Instant>) -> Instant {
        confirmed_at.map_or(Instant(0), |at| at.plus_ms(self.due_age_ms()))
    }
    /// What is wrong with it, by form field.
    pub fn check(self, field: Field, wrong: &mut Fields) {
        let bounds =
            |(min, max): (i64, i64)| vec![("min", min.to_string()), ("max", max.to_string())];
        let (months, percent) = field.setting_names();
        if !(HALF_LIFE_MONTHS.0..=HALF_LIFE_MONTHS.1).contains(&self.half_life_months) {
            wrong.note_with(months, "out-of-range", bounds(HALF_LIFE_MONTHS));
        }
        if !(DUE_PERCENT.0..=DUE_PERCENT.1).contains(&self.due_percent) {
            wrong.note_with(percent, "out-of-range", bounds(DUE_PERCENT));
        }
    }
}

/// How the values of every field age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ageing([Rule; Field::ALL.len()]);

impl Default for Ageing {
    fn default() -> Self {
        Self(Field::ALL.map(Rule::usual))
    }
}

impl Ageing {
    /// The rule of a field.
    pub fn of(&self, field: Field) -> Rule {
        self.0[field as usize]
    }
    /// The same with another rule for a field.
    #[must_use]
    pub fn with(mut self, field: Field, rule: Rule) -> Self {
        self.0[field as usize] = rule;
        self
    }
    /// The freshness of a field confirmed or corrected at an instant.
    pub fn freshness(
        &self,
        field: Field,
        confirmed_at: Option<Instant>,
        now: Instant,
    ) -> Freshness {
        let Some(at) = confirmed_at else { return Freshness::Stale };
        let (age_ms, due_age_ms) = (now.ms() - at.ms(), self.of(field).due_age_ms());
        if age_ms < due_age_ms / 4 {
            Freshness::Fresh
        } else if age_ms < due_age_ms {
            Freshness::Ageing
        } else {
            Freshness::Stale
        }
    }
    /// The freshness that a check left its field with; a value found wrong is stale at once.
    pub fn freshness_of(&self, check: &Verification, now: Instant) -> Freshness {
        self.freshness(check.field, check.confirmed_at(), now)
    }
}

/// How far a field can be trusted by its age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Freshness {
    /// Checked lately.
    Fresh,
    /// Some values of this age are out of date.
    Ageing,
    /// A check is due: too many of this age are out of date, or it was never checked.
    Stale,
}

impl Freshness {
    /// The code of its word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Ageing => "ageing",
            Self::Stale => "stale",
        }
    }
    /// The tone of its word on screen.
    pub fn tone(self) -> &'static str {
        match self {
            Self::Fresh => "pos",
            Self::Ageing => "warn",
            Self::Stale => "neg",
        }
    }
}
