//! What-if: two runs side by side. Another version is only another [`crate::Rules`]; the engine is
//! the same, and here is what it changes.

use std::collections::BTreeMap;

use ledger::Currency;

use crate::Name;
use crate::credit::Credit;

/// Sums of credits, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Totals {
    /// What is owed.
    pub posted: i128,
    /// What would be beyond it if everything open were passed.
    pub pending: i128,
}

/// One line of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Change {
    /// In the first run.
    pub before: Totals,
    /// In the second.
    pub after: Totals,
}

impl Change {
    /// After, less before.
    #[must_use]
    pub const fn difference(&self) -> Totals {
        Totals {
            posted: self.after.posted - self.before.posted,
            pending: self.after.pending - self.before.pending,
        }
    }
}

/// Two runs side by side. Sums of different currencies never meet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison {
    /// By person and component.
    pub lines: BTreeMap<(Name, Name, Currency), Change>,
    /// By person.
    pub people: BTreeMap<(Name, Currency), Change>,
    /// By component.
    pub components: BTreeMap<(Name, Currency), Change>,
    /// In all: the cost.
    pub total: BTreeMap<Currency, Change>,
}

impl Comparison {
    /// Adds to a run what somebody is paid for a component; to the second where `is_after`.
    pub fn add(
        &mut self,
        (person, component, currency): (&Name, &Name, Currency),
        sum: Totals,
        is_after: bool,
    ) {
        let line = (person.clone(), component.clone(), currency);
        let changes = [
            self.lines.entry(line).or_default(),
            self.people.entry((person.clone(), currency)).or_default(),
            self.components.entry((component.clone(), currency)).or_default(),
            self.total.entry(currency).or_default(),
        ];
        for change in changes {
            let totals = if is_after { &mut change.after } else { &mut change.before };
            totals.posted += sum.posted;
            totals.pending += sum.pending;
        }
    }
}

/// What changes from one run to another.
#[must_use]
pub fn compare(before: &[Credit], after: &[Credit]) -> Comparison {
    let mut found = Comparison::default();
    let runs = before.iter().map(|credit| (credit, false));
    for (credit, is_after) in runs.chain(after.iter().map(|credit| (credit, true))) {
        let of = (&credit.key.person, &credit.key.component, credit.currency);
        let sum = Totals { posted: i128::from(credit.posted), pending: i128::from(credit.pending) };
        found.add(of, sum, is_after);
    }
    found
}
