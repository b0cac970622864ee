//! Rules of a firm: published versions, who is assigned to which plan, who leads whom, and which
//! days make a month. Everything but the events that decides about pay.

use crate::hash::Map;
use std::collections::BTreeMap;

use ledger::Recovery;
use serde::{Deserialize, Serialize};

use crate::check::Published;
use crate::rate::Pay;
use crate::{Day, Labels, Level, Moment, Money, Name, Period, Share};

/// Somebody is paid by a plan for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// Its id.
    pub id: Name,
    /// Who.
    pub person: Name,
    /// By which plan.
    pub plan: Name,
    /// From then.
    pub from: Moment,
    /// Until then, which is no longer in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
    /// Monthly salary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salary: Option<Money>,
    /// Rates of their own, by component: a sum for `each`, `milestone` and `one_time`, a share
    /// for `share`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rates: BTreeMap<Name, Pay>,
    /// Quotas by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub quotas: BTreeMap<Name, Quota>,
    /// What is advanced in a month that earns less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draw: Option<DrawTerms>,
}

/// What somebody should reach in a period of the component that is held against it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// The target of a whole period: money or a whole number, above nought.
    pub target: Level,
    /// The share of it that holds in the first month of the assignment, the second, and so on;
    /// later the whole. Each above nought.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ramp: Vec<Share>,
    /// True when a period of which only some days are worked has a smaller target, by days.
    #[serde(default)]
    pub prorated: bool,
}

/// A floor under what a month pays, and what becomes of the gap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawTerms {
    /// The least that leaves in a month, nought or more.
    pub floor: Money,
    /// True when the gap is owed back; false for a guarantee.
    pub recoverable: bool,
    /// The first month that has the floor; from the first day where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// The first month that has it no more, by a day in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// From the month of this day what is due is recovered; at once where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recover_from: Option<Day>,
    /// From the month of this day it is no longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recover_until: Option<Day>,
    /// True when a month worked in part has a smaller floor, by days.
    #[serde(default)]
    pub prorated: bool,
}

impl DrawTerms {
    /// What becomes of an advance in a month.
    #[must_use]
    pub fn recovery(&self, month: &Month) -> Recovery {
        if !self.recoverable {
            return Recovery::Forgiven;
        }
        let number = month.first.month_number();
        let has_begun = self.recover_from.is_none_or(|day| day.month_number() <= number);
        let has_ended = self.recover_until.is_some_and(|day| day.month_number() <= number);
        if has_begun && !has_ended { Recovery::Running } else { Recovery::Waiting }
    }

    /// True in a month that has the floor.
    #[must_use]
    pub fn holds(&self, month: &Month) -> bool {
        let number = month.first.month_number();
        self.from.is_none_or(|day| day.month_number() <= number)
            && self.until.is_none_or(|day| number < day.month_number())
    }
}

/// Who leads whom, for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Headship {
    /// Who is led.
    pub person: Name,
    /// By whom.
    pub head: Name,
    /// From this instant.
    pub from: i64,
    /// Until this one, which is no longer in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

/// A month of the firm's calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Month {
    /// What it and its quarter and year are called; events carry the same.
    pub labels: Labels,
    /// Its first day.
    pub first: Day,
    /// How many days it has, one or more.
    pub days: u16,
    /// The first instant after it; salaries and empty periods count as owed from then.
    pub ends_at: i64,
}

impl Month {
    /// How many of its days lie in `from..until`, by their place: first inside, first outside.
    #[must_use]
    pub fn stretch(&self, from: Day, until: Option<Day>) -> (i64, i64) {
        let days = i64::from(self.days);
        let first = i64::from(self.first.count());
        let place = |day: Day| (i64::from(day.count()) - first).clamp(0, days);
        (place(from), until.map_or(days, place))
    }
}

/// Everything but the events. Built by [`Rules::new`], which checks that it fits together.
#[derive(Debug, Clone)]
pub struct Rules {
    pub(crate) plans: Vec<Published>,
    pub(crate) assignments: Vec<Assignment>,
    pub(crate) heads: Vec<Headship>,
    pub(crate) months: Vec<Month>,
    /// Places of the assignments of a person.
    pub(crate) of_person: Map<Name, Vec<usize>>,
    /// Places of the headships over a person.
    pub(crate) over_person: Map<Name, Vec<usize>>,
    /// Places of the versions of a plan, by when they begin.
    pub(crate) of_plan: Map<Name, Vec<usize>>,
}

impl Assignment {
    /// True at an instant of its time.
    #[must_use]
    pub fn covers(&self, at: i64) -> bool {
        self.from.at <= at && self.until.is_none_or(|until| at < until.at)
    }
}

impl Rules {
    /// The version of a plan in force at an instant: its place, and when the next begins.
    pub(crate) fn version(&self, plan: &Name, at: i64) -> Option<usize> {
        let versions = self.of_plan.get(plan)?;
        versions.iter().rev().find(|place| self.plans[**place].plan().from.at <= at).copied()
    }

    /// When a version stops being in force.
    pub(crate) fn version_ends(&self, place: usize) -> Option<Moment> {
        let versions = self.of_plan.get(&self.plans[place].plan().plan)?;
        let next = versions.iter().position(|other| *other == place)? + 1;
        versions.get(next).map(|next| self.plans[*next].plan().from)
    }

    /// The head of a person at an instant.
    pub(crate) fn head(&self, person: &Name, at: i64) -> Option<&Name> {
        let places = self.over_person.get(person)?;
        let fitting = places.iter().map(|place| &self.heads[*place]);
        fitting
            .filter(|one| one.from <= at && one.until.is_none_or(|until| at < until))
            .map(|one| &one.head)
            .min()
    }

    /// The months of a period label, with their places; every month for a term.
    pub(crate) fn months_of<'a, 'l>(
        &'a self,
        period: Period,
        label: Option<&'l Name>,
    ) -> impl Iterator<Item = &'a Month> + use<'a, 'l> {
        self.months.iter().filter(move |month| match period {
            Period::Event => false,
            Period::Term => true,
            _ => month.labels.of(period) == label,
        })
    }

    /// The published versions.
    pub fn plans(&self) -> impl Iterator<Item = &Published> {
        self.plans.iter()
    }

    /// The assignments.
    #[must_use]
    pub fn assignments(&self) -> &[Assignment] {
        &self.assignments
    }

    /// The calendar, in order.
    #[must_use]
    pub fn months(&self) -> &[Month] {
        &self.months
    }
}
