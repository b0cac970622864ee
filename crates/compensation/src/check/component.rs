//! Checks of one component: each clause by itself, and with the others.

use std::collections::BTreeSet;

use super::table::{Heights, is_nought, pays, shape};
use super::{Fault, Limits, Place, Section, Wrong};
use crate::gate::Gate;
use crate::plan::{Component, Measure, Once, Part, Payees, Plan, Source};
use crate::rate::{By, Figure, Multiplier, Pay, Rate, Reading, Row, Table};
use crate::rule::{Expr, Schema};
use crate::{Level, Money, Name, Period, Share, Type};

/// What is counted: pieces, units or money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counted {
    Whole,
    Money,
}

struct Checker<'a> {
    plan: &'a Plan,
    component: &'a Component,
    schema: &'a Schema,
    limits: &'a Limits,
    faults: Vec<Fault>,
}

/// A sum in another currency, or larger than may be meant.
pub(super) fn sum_fault(plan: &Plan, limits: &Limits, money: Money) -> Option<Wrong> {
    if money.currency() != plan.currency {
        return Some(Wrong::OtherCurrency(money.currency()));
    }
    let size = money.minor().checked_abs();
    size.is_none_or(|size| size > limits.money_max).then_some(Wrong::Beyond)
}

/// Everything wrong with the component at a place of a plan.
pub(super) fn check(plan: &Plan, at: usize, schema: &Schema, limits: &Limits) -> Vec<Fault> {
    let component = &plan.components[at];
    let mut checker = Checker { plan, component, schema, limits, faults: Vec::new() };
    if component.code.trim().is_empty() {
        checker.wrong(Section::Head, Wrong::Empty);
    }
    checker.source();
    let counted = checker.measure();
    checker.rate(counted);
    checker.quota(counted);
    for (place, multiplier) in component.multipliers.iter().enumerate() {
        checker.multiplier(place, multiplier);
    }
    checker.count(Section::Multiplier, component.multipliers.len());
    if let Some(gate) = &component.gate {
        checker.gate(gate);
    }
    checker.caps();
    if let Some(payees) = &component.payees {
        checker.payees(payees);
    }
    let twin = plan.components[..at].iter().find(|other| is_same(other, component));
    if let Some(twin) = twin {
        checker.wrong(Section::On, Wrong::PaidTwice(twin.code.clone()));
    }
    checker.faults
}

/// True when two components pay the same people for the same events in the same way: the second
/// would pay again what the first has paid.
fn is_same(one: &Component, other: &Component) -> bool {
    let meets = match (&one.on, &other.on) {
        (Source::Events(one), Source::Events(other)) => one.iter().any(|kind| other.contains(kind)),
        (one, other) => one == other,
    };
    meets
        && one.filter == other.filter
        && one.measure == other.measure
        && one.period == other.period
        && one.payees == other.payees
        && one.rate.word() == other.rate.word()
}

impl Checker<'_> {
    fn wrong(&mut self, part: Section, wrong: Wrong) {
        self.wrong_at(part, None, wrong);
    }

    fn wrong_at(&mut self, part: Section, index: Option<(usize, usize)>, wrong: Wrong) {
        let place = Place { component: Some(self.component.code.clone()), part, index };
        self.faults.push(Fault { place, wrong });
    }

    fn wrong_unless(&mut self, holds: bool, part: Section, wrong: Wrong) {
        if !holds {
            self.wrong(part, wrong);
        }
    }

    fn count(&mut self, part: Section, count: usize) {
        let most = self.limits.list_max;
        self.wrong_unless(count <= most, part, Wrong::TooMany(most));
    }

    fn event(&mut self, part: Section, kind: &Name) {
        let is_known = self.schema.kinds.contains(kind);
        self.wrong_unless(is_known, part, Wrong::UnknownEvent(kind.clone()));
    }

    fn role(&mut self, part: Section, role: &Name) {
        let is_known = self.schema.roles.contains(role);
        self.wrong_unless(is_known, part, Wrong::UnknownRole(role.clone()));
    }

    fn sum(&mut self, part: Section, index: Option<(usize, usize)>, money: Money) {
        if let Some(found) = sum_fault(self.plan, self.limits, money) {
            self.wrong_at(part, index, found);
        }
    }

    fn share(&mut self, part: Section, index: Option<(usize, usize)>, share: Share) {
        let most = self.limits.share_max;
        let is_below = ledger::Rate::new(-most.numerator(), most.denominator())
            .is_ok_and(|least| share.0 < least);
        if is_below || share.0 > most {
            self.wrong_at(part, index, Wrong::Beyond);
        }
    }

    /// A rule: its type, and its currency.
    fn rule(&mut self, part: Section, rule: &Expr, wanted: Option<Type>) -> Option<Type> {
        let kind = match wanted {
            Some(wanted) => rule.must_be(wanted, self.schema),
            None => rule.kind(self.schema),
        };
        let mut currencies = BTreeSet::new();
        rule.names(&mut currencies, &mut BTreeSet::new());
        let other = currencies.into_iter().find(|found| *found != self.plan.currency);
        if let Some(other) = other {
            self.wrong(part, Wrong::OtherCurrency(other));
        }
        kind.map_err(|error| self.wrong(part, Wrong::Rule(error))).ok()
    }

    fn source(&mut self) {
        let component = self.component;
        match &component.on {
            Source::Events(kinds) => {
                self.wrong_unless(!kinds.is_empty(), Section::On, Wrong::Empty);
                self.count(Section::On, kinds.len());
                for (place, kind) in kinds.iter().enumerate() {
                    self.event(Section::On, kind);
                    if kinds[..place].contains(kind) {
                        self.wrong(Section::On, Wrong::Twice(kind.clone()));
                    }
                }
                self.wrong_unless(component.payees.is_some(), Section::Payees, Wrong::Empty);
            }
            Source::Component(code) => {
                let Some(other) = self.plan.components.iter().find(|other| other.code == *code)
                else {
                    return self.wrong(Section::On, Wrong::UnknownComponent(code.clone()));
                };
                let is_fit = [Period::Event, component.period].contains(&other.period);
                self.wrong_unless(is_fit, Section::Period, Wrong::PeriodsDiffer);
                let has_period = component.period != Period::Event;
                self.wrong_unless(has_period, Section::Period, Wrong::NeedsPeriod);
                let is_salary = other.on == Source::Calendar;
                self.wrong_unless(!is_salary, Section::On, Wrong::Unfit);
                self.alone();
            }
            Source::Calendar => {
                self.wrong_unless(component.period == Period::Month, Section::Period, Wrong::Unfit);
                self.wrong_unless(component.rate == Rate::Salary, Section::Rate, Wrong::Unfit);
                self.wrong_unless(component.caps.is_empty(), Section::Cap, Wrong::Unfit);
                let is_plain = component.multipliers.is_empty();
                self.wrong_unless(is_plain, Section::Multiplier, Wrong::Unfit);
                self.alone();
            }
        }
        if let Some(filter) = &component.filter {
            self.rule(Section::Filter, filter, Some(Type::Boolean));
        }
    }

    /// Where no event makes it pay, nothing can be said about events.
    fn alone(&mut self) {
        let component = self.component;
        self.wrong_unless(component.filter.is_none(), Section::Filter, Wrong::Unfit);
        self.wrong_unless(component.gate.is_none(), Section::Gate, Wrong::Unfit);
        self.wrong_unless(component.once == Once::Event, Section::Once, Wrong::Unfit);
        self.wrong_unless(component.payees.is_none(), Section::Payees, Wrong::Unfit);
        self.wrong_unless(component.last_day.is_none(), Section::LastDay, Wrong::Unfit);
        self.wrong_unless(!component.clawback, Section::Gate, Wrong::Unfit);
    }

    fn measure(&mut self) -> Counted {
        let component = self.component;
        let is_fit = match (&component.on, &component.measure) {
            (Source::Events(_), Measure::Count | Measure::Of(_))
            | (Source::Component(_), Measure::Result)
            | (Source::Calendar, Measure::Days) => true,
            (Source::Events(_) | Source::Component(_) | Source::Calendar, _) => false,
        };
        self.wrong_unless(is_fit, Section::Measure, Wrong::Unfit);
        match &component.measure {
            Measure::Count | Measure::Days => Counted::Whole,
            Measure::Result => Counted::Money,
            Measure::Of(rule) => match self.rule(Section::Measure, rule, None) {
                Some(Type::Money) => Counted::Money,
                Some(Type::Whole) | None => Counted::Whole,
                Some(kind) => {
                    self.wrong(Section::Measure, Wrong::MeasureType(kind));
                    Counted::Whole
                }
            },
        }
    }

    fn rate(&mut self, counted: Counted) {
        let has_period = self.component.period != Period::Event;
        match &self.component.rate {
            Rate::Each(money) => {
                self.sum(Section::Rate, None, *money);
                self.wrong_unless(money.minor() != 0, Section::Rate, Wrong::NotPositive);
                let is_fit = matches!(self.component.on, Source::Events(_));
                self.wrong_unless(is_fit, Section::Rate, Wrong::Unfit);
            }
            Rate::Share(share) => {
                self.share(Section::Rate, None, *share);
                self.wrong_unless(share.0.numerator() != 0, Section::Rate, Wrong::NotPositive);
                self.wrong_unless(counted == Counted::Money, Section::Rate, Wrong::PayType);
            }
            Rate::Table(table) => self.table(table, counted),
            Rate::Milestone { reach, pays } => {
                self.sum(Section::Rate, None, *pays);
                self.wrong_unless(pays.minor() > 0, Section::Rate, Wrong::NotPositive);
                self.level(Section::Rate, *reach, counted);
            }
            Rate::OneTime(money) => {
                self.sum(Section::Rate, None, *money);
                self.wrong_unless(money.minor() > 0, Section::Rate, Wrong::NotPositive);
                self.wrong_unless(has_period, Section::Period, Wrong::NeedsPeriod);
                let is_fit = matches!(self.component.on, Source::Events(_));
                self.wrong_unless(is_fit, Section::Rate, Wrong::Unfit);
            }
            Rate::Salary => {
                let is_fit = self.component.on == Source::Calendar;
                self.wrong_unless(is_fit, Section::Rate, Wrong::Unfit);
            }
        }
    }

    fn table(&mut self, table: &Table, counted: Counted) {
        let heights = match table.by {
            By::Attainment => {
                let has_quota = self.component.quota.is_some();
                self.wrong_unless(has_quota, Section::Quota, Wrong::NoQuota);
                Heights::Share
            }
            By::Count => {
                let is_fit = matches!(self.component.on, Source::Events(_));
                self.wrong_unless(is_fit, Section::Rate, Wrong::Unfit);
                Heights::Whole
            }
            By::Measure if counted == Counted::Money => Heights::Money,
            By::Measure => Heights::Whole,
        };
        let is_lump = table.reading == Reading::Lump;
        let fits = |pay: Pay| match pay {
            Pay::Money(_) => is_lump || !matches!(self.component.measure, Measure::Result),
            Pay::Share(_) => !is_lump && counted == Counted::Money,
        };
        let unfit = pays(&table.rows, fits);
        self.rows(Section::Rate, 0, &table.rows, heights);
        for (row, wrong) in unfit {
            self.wrong_at(Section::Rate, Some((0, row)), wrong);
        }
    }

    fn rows(&mut self, part: Section, at: usize, rows: &[Row], heights: Heights) {
        self.count(part, rows.len());
        for (row, wrong) in shape(rows, heights) {
            self.wrong_at(part, Some((at, row)), wrong);
        }
        for (place, row) in rows.iter().enumerate() {
            let index = Some((at, place));
            for level in [Some(row.over), row.up_to].into_iter().flatten() {
                match level {
                    Level::Money(money) => self.sum(part, index, money),
                    Level::Whole(_) | Level::Share(_) => {}
                }
            }
            match row.pays {
                Pay::Money(money) => self.sum(part, index, money),
                Pay::Share(share) => self.share(part, index, share),
            }
        }
    }

    /// A height that stands by itself, above nought.
    fn level(&mut self, part: Section, level: Level, counted: Counted) {
        let is_fit = match (level, counted) {
            (Level::Whole(whole), Counted::Whole) => whole > 0,
            (Level::Money(money), Counted::Money) => {
                self.sum(part, None, money);
                money.minor() > 0
            }
            (Level::Share(share), _) => {
                let has_quota = self.component.quota.is_some();
                self.wrong_unless(has_quota, Section::Quota, Wrong::NoQuota);
                share.0.numerator() > 0
            }
            (Level::Whole(_) | Level::Money(_), _) => {
                return self.wrong(part, Wrong::LevelType);
            }
        };
        self.wrong_unless(is_fit && !is_nought(level), part, Wrong::NotPositive);
    }

    fn quota(&mut self, counted: Counted) {
        if let Some(quota) = &self.component.quota {
            self.wrong_unless(!quota.trim().is_empty(), Section::Quota, Wrong::Empty);
            let has_period = self.component.period != Period::Event;
            self.wrong_unless(has_period, Section::Period, Wrong::NeedsPeriod);
            let is_fit = self.component.on != Source::Calendar;
            self.wrong_unless(is_fit, Section::Quota, Wrong::Unfit);
        }
        if let Some(cliff) = self.component.cliff {
            self.level(Section::Cliff, cliff, counted);
            let is_fit = self.component.on != Source::Calendar;
            self.wrong_unless(is_fit, Section::Cliff, Wrong::Unfit);
        }
    }

    fn multiplier(&mut self, place: usize, multiplier: &Multiplier) {
        match &multiplier.figure {
            Figure::Attainment(code) => self.attainment(code),
            Figure::Score { on, role, value } => {
                self.event(Section::Multiplier, on);
                self.role(Section::Multiplier, role);
                self.rule(Section::Multiplier, value, Some(Type::Share));
            }
        }
        self.rows(Section::Multiplier, place, &multiplier.rows, Heights::Share);
        let is_factor = |pay: Pay| matches!(pay, Pay::Share(share) if share.0.numerator() >= 0);
        for (row, wrong) in pays(&multiplier.rows, is_factor) {
            self.wrong_at(Section::Multiplier, Some((place, row)), wrong);
        }
        let index = Some((place, multiplier.rows.len()));
        self.share(Section::Multiplier, index, multiplier.unknown);
        if multiplier.unknown.0.numerator() < 0 {
            self.wrong_at(Section::Multiplier, index, Wrong::Negative);
        }
    }

    fn attainment(&mut self, code: &Name) {
        let component = self.component;
        let Some(other) = self.plan.components.iter().find(|other| other.code == *code) else {
            return self.wrong(Section::Multiplier, Wrong::UnknownComponent(code.clone()));
        };
        self.wrong_unless(other.quota.is_some(), Section::Multiplier, Wrong::NoQuota);
        let is_fit = component.period == Period::Event || component.period == other.period;
        self.wrong_unless(is_fit, Section::Multiplier, Wrong::PeriodsDiffer);
    }

    fn gate(&mut self, gate: &Gate) {
        self.count(Section::Gate, gate.stages.len());
        self.wrong_unless(!gate.stages.is_empty(), Section::Gate, Wrong::Empty);
        let mut codes = BTreeSet::new();
        for (place, stage) in gate.stages.iter().enumerate() {
            let index = Some((place, 0));
            if stage.code.trim().is_empty() || (stage.words.is_empty() && stage.limit.is_none()) {
                self.wrong_at(Section::Gate, index, Wrong::Empty);
            }
            if !codes.insert(&stage.code) {
                self.wrong_at(Section::Gate, index, Wrong::Twice(stage.code.clone()));
            }
            self.count(Section::Gate, stage.words.len());
            for (at, word) in stage.words.iter().enumerate() {
                self.event(Section::Gate, &word.on);
                if stage.words[..at].contains(word) {
                    self.wrong_at(Section::Gate, index, Wrong::Twice(word.on.clone()));
                }
                if let Some(filter) = &word.filter {
                    self.rule(Section::Gate, filter, Some(Type::Boolean));
                }
            }
            if let Some(limit) = stage.limit {
                let is_fit = (1..=self.limits.hours_max).contains(&limit.hours);
                self.wrong_unless(is_fit, Section::Gate, Wrong::Beyond);
            }
        }
        let stages = gate.stages.iter().map(|stage| stage.releases);
        self.whole(Section::Gate, [gate.at_once].into_iter().chain(stages).collect(), true);
    }

    /// Shares that sum to one, each above nought or at least not below.
    fn whole(&mut self, part: Section, shares: Vec<Share>, may_be_nought: bool) {
        let least = if may_be_nought { 0 } else { 1 };
        if shares.iter().any(|share| share.0.numerator() < least) {
            let wrong = if may_be_nought { Wrong::Negative } else { Wrong::NotPositive };
            return self.wrong(part, wrong);
        }
        // Weights with one denominator are what an amount is split by.
        let Some(weights) = crate::share::weights(&shares) else {
            return self.wrong(part, Wrong::Beyond);
        };
        let (sum, unit) = (weights.parts.iter().sum::<u64>(), weights.unit);
        if sum != unit {
            let parts = i64::try_from(sum).ok().zip(i64::try_from(unit).ok());
            let rate = parts.and_then(|(over, under)| ledger::Rate::new(over, under).ok());
            self.wrong(part, rate.map_or(Wrong::Beyond, Wrong::NotTheWhole));
        }
    }

    fn caps(&mut self) {
        let component = self.component;
        self.count(Section::Cap, component.caps.len());
        for (place, cap) in component.caps.iter().enumerate() {
            let index = Some((place, 0));
            self.sum(Section::Cap, index, cap.most);
            if cap.most.minor() < 1 {
                self.wrong_at(Section::Cap, index, Wrong::NotPositive);
            }
            let is_wide = match cap.per {
                crate::plan::Per::Amount => true,
                crate::plan::Per::Deal => component.period == Period::Event,
                per => per.period() >= Some(component.period),
            };
            if !is_wide {
                self.wrong_at(Section::Cap, index, Wrong::CapTooNarrow);
            }
            if component.caps[..place].iter().any(|other| other.per == cap.per) {
                self.wrong_at(Section::Cap, index, Wrong::Twice(component.code.clone()));
            }
        }
    }

    fn payees(&mut self, payees: &Payees) {
        self.role(Section::Payees, payees.by.role());
        self.count(Section::Payees, payees.split.len() + payees.overlay.len());
        self.wrong_unless(!payees.split.is_empty(), Section::Payees, Wrong::Empty);
        let parts: Vec<&Part> = payees.split.iter().chain(&payees.overlay).collect();
        for (place, part) in parts.iter().enumerate() {
            self.role(Section::Payees, part.who.role());
            self.share(Section::Payees, Some((place, 0)), part.share);
            if parts[..place].iter().any(|other| other.who == part.who) {
                self.wrong(Section::Payees, Wrong::Twice(part.who.role().clone()));
            }
        }
        if payees.overlay.iter().any(|part| part.share.0.numerator() < 1) {
            self.wrong(Section::Payees, Wrong::NotPositive);
        }
        let shares = payees.split.iter().map(|part| part.share).collect();
        self.whole(Section::Payees, shares, false);
    }
}
