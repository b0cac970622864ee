//! A version that passed every check: the only kind that rules can be built from.

use crate::hash::Map;
use std::collections::BTreeSet;

use ledger::Rounding;

use super::{Fault, Limits, Place, Section, Wrong, component, graph};
use crate::plan::{Component, Measure, Plan, Source};
use crate::rule::Schema;
use crate::{Money, Name, Type};

/// A version that passed every check.
#[derive(Debug, Clone)]
pub struct Published {
    plan: Plan,
    rounding: Rounding,
    /// Places of the components, each after all it follows from.
    order: Vec<usize>,
    /// Places of the components that an event of a kind triggers.
    by_kind: Map<Name, Vec<usize>>,
    /// Codes of the components that count money.
    of_money: BTreeSet<Name>,
}

impl Published {
    /// The version as it was written.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Its rounding.
    #[must_use]
    pub const fn rounding(&self) -> Rounding {
        self.rounding
    }

    /// True when a component of it counts money, false when it counts pieces.
    pub(crate) fn counts_money(&self, component: &Component) -> bool {
        self.of_money.contains(&component.code)
    }

    pub(crate) fn order(&self) -> &[usize] {
        &self.order
    }

    pub(crate) fn triggered(&self, kind: &str) -> &[usize] {
        self.by_kind.get(kind).map_or(&[], Vec::as_slice)
    }
}

impl Plan {
    /// Everything that keeps the version from being published; nothing when it may be.
    #[must_use]
    pub fn check(&self, schema: &Schema, limits: &Limits) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut wrong = |part, wrong| {
            let place = Place { component: None, part, index: None };
            faults.push(Fault { place, wrong });
        };
        if self.plan.trim().is_empty() {
            wrong(Section::Head, Wrong::Empty);
        }
        if self.version < 1 {
            wrong(Section::Head, Wrong::NotAVersion);
        }
        if self.rounding.is_none() {
            wrong(Section::Rounding, Wrong::NoRounding);
        }
        if self.components.is_empty() {
            wrong(Section::Head, Wrong::NoComponents);
        }
        if self.components.len() > limits.components_max {
            wrong(Section::Head, Wrong::TooMany(limits.components_max));
            return faults;
        }
        let mut sum = |part, money: Option<Money>| {
            let found = money.and_then(|money| component::sum_fault(self, limits, money));
            found.into_iter().for_each(|found| wrong(part, found));
            if money.is_some_and(|money| money.minor() < 1) {
                wrong(part, Wrong::NotPositive);
            }
        };
        sum(Section::Cap, self.cap);
        sum(Section::Guarantee, self.guarantee);
        if let (Some(cap), Some(guarantee)) = (self.cap, self.guarantee)
            && cap.minor() < guarantee.minor()
        {
            wrong(Section::Cap, Wrong::CapBelowGuarantee);
        }
        let mut codes = BTreeSet::new();
        for component in &self.components {
            if !codes.insert(&component.code) {
                wrong(Section::Head, Wrong::Twice(component.code.clone()));
            }
        }
        if let Err(circle) = graph::order(self) {
            wrong(Section::On, Wrong::Cycle(circle));
        }
        for place in 0..self.components.len() {
            faults.extend(component::check(self, place, schema, limits));
        }
        faults
    }

    /// The version ready for rules.
    ///
    /// # Errors
    /// Everything [`Plan::check`] finds.
    pub fn publish(self, schema: &Schema, limits: &Limits) -> Result<Published, Vec<Fault>> {
        let faults = self.check(schema, limits);
        if !faults.is_empty() {
            return Err(faults);
        }
        // A checked version has both; and only what was checked is small enough to be ordered.
        let (Some(rounding), Ok(order)) = (self.rounding, graph::order(&self)) else {
            return Err(faults);
        };
        let mut by_kind: Map<Name, Vec<usize>> = Map::default();
        for (place, component) in self.components.iter().enumerate() {
            if let Source::Events(kinds) = &component.on {
                for kind in kinds {
                    by_kind.entry(kind.clone()).or_default().push(place);
                }
            }
        }
        let of_money = self.components.iter().filter(|component| counts(component, schema));
        let of_money = of_money.map(|component| component.code.clone()).collect();
        Ok(Published { plan: self, rounding, order, by_kind, of_money })
    }
}

/// True when a component counts money.
fn counts(component: &Component, schema: &Schema) -> bool {
    match &component.measure {
        Measure::Of(rule) => rule.kind(schema) == Ok(Type::Money),
        Measure::Result => true,
        Measure::Count | Measure::Days => false,
    }
}
