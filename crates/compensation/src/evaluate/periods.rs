//! What is added up over a period before a rate falls on the sum, and salaries by days.

use std::collections::BTreeMap;

use super::bucket::{About, Came, Payer};
use super::caps::{Belongs, Both, Caps};
use super::figures::target;
use super::pay::{Counted, Run, fits};
use super::units::Unit;
use crate::credit::{Input, LeftOut, Of, Unpaid, Why};
use crate::exact::Exact;
use crate::plan::{Component, Source};
use crate::rate::{Pay, Rate, Reading, Table};
use crate::{Labels, Name, Period};

/// What belongs to one label.
#[derive(Default)]
struct Group<'a> {
    units: Vec<&'a Unit>,
    /// Results of the component that is measured.
    came: Vec<Both>,
    /// Where the last of those counts.
    last: Option<&'a Labels>,
}

/// Sums of a group, for what is owed and for all that is open.
struct Sums {
    each: [Vec<Counted>; 2],
    total: [Counted; 2],
}

const NONE: Counted = Counted { pieces: Exact::ZERO, measure: Exact::ZERO };

impl Counted {
    fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            pieces: self.pieces.plus(other.pieces)?,
            measure: self.measure.plus(other.measure)?,
        })
    }

    fn times(self, share: Exact) -> Option<Self> {
        Some(Self { pieces: self.pieces.times(share)?, measure: self.measure.times(share)? })
    }
}

impl<'a> Payer<'a, '_> {
    /// Credits of a component that adds up.
    pub(super) fn periods(&mut self, index: usize, units: &'a [Unit]) {
        let component = self.component(index);
        let mut groups: BTreeMap<Option<Name>, Group<'a>> = BTreeMap::new();
        for unit in units {
            let labels = &self.around.history.news[unit.news].event.labels;
            let label = labels.of(component.period).cloned();
            groups.entry(label).or_default().units.push(unit);
        }
        if let Source::Component(code) = &component.on {
            let components = &self.published.plan().components;
            let measured = components.iter().position(|other| other.code == *code);
            let came = measured.and_then(|place| self.came.get(&place));
            for came in came.into_iter().flatten() {
                let of_event = || came.labels.and_then(|labels| labels.of(component.period));
                let label = came.own.clone().unwrap_or_else(|| of_event().cloned());
                let group = groups.entry(label).or_default();
                group.came.push(came.amount);
                group.last = came.labels;
            }
        }
        for label in self.owed_without_event(component) {
            groups.entry(Some(label)).or_default();
        }
        let mut caps = Caps::default();
        for (label, group) in groups {
            self.period(index, label, &group, &mut caps);
        }
    }

    fn period(&mut self, index: usize, label: Option<Name>, group: &Group<'a>, caps: &mut Caps) {
        let component = self.component(index);
        let months = self.around.rules.months_of(component.period, label.as_ref());
        let in_calendar = months.last().map(|month| &month.labels);
        let last = group.units.last().map(|unit| &self.around.history.news[unit.news]);
        let in_events = last.map(|news| &news.event.labels).or(group.last);
        let labels: Option<&'a Labels> = match component.period {
            Period::Term => in_events,
            _ => in_calendar.or(in_events),
        };
        let of = label.clone().map_or(Of::Term, Of::Period);
        let about = About { index, of, labels, news: None };
        let mut why = Why::default();
        let amount = self.sum(&about, label.as_ref(), group, (&mut why, caps));
        let amount = amount.unwrap_or_else(|unpaid| {
            why.unpaid = Some(unpaid);
            self.came_to_nothing(index, labels, Some(label.clone()));
            Both::default()
        });
        self.give(&about, amount, why);
    }

    fn sum(
        &mut self,
        about: &About<'a>,
        label: Option<&Name>,
        group: &Group<'a>,
        told: (&mut Why, &mut Caps),
    ) -> Result<Both, Unpaid> {
        let (why, caps) = told;
        let component = self.component(about.index);
        let sums = self.sums(component, group, why)?;
        why.counted = sums.total[1].measure.part();
        let rules = self.around.rules;
        let quota = target(rules, self.assignment, self.stretch, (component, label));
        if let Some(quota) = quota {
            let share = |run: usize| fits(sums.total[run].measure.divided(quota));
            let reached = (share(0)?, share(1)?);
            why.quota = Some((quota.part(), reached.1.part()));
            let key = (component.code.clone(), label.cloned());
            self.attained.insert(key, reached);
        }
        let is_money = self.published.counts_money(component);
        let own = self.own_rate(about.index);
        let run = |place: usize| Run {
            component,
            is_money,
            own,
            total: sums.total[place],
            each: &sums.each[place],
            quota,
        };
        let (owed, open) = (run(0).paid()?, run(1).paid()?);
        why.slices = open.slices;
        why.unpaid = open.unpaid;
        let factors = self.factors(about.index, None, label, &mut why.factors)?;
        let mut amount = Both {
            posted: self.round(owed.amount.times(factors[0]))?,
            open: self.round(open.amount.times(factors[1]))?,
        };
        if !self.is_over(component, label) {
            amount.posted = 0;
        }
        why.earned = amount.open;
        let belongs = Belongs { deal: None, labels: about.labels, own: label };
        let left = caps.cut(component, &belongs, amount, &mut why.cuts);
        let came = Came { labels: about.labels, own: Some(label.cloned()), amount: left };
        self.came.entry(about.index).or_default().push(came);
        Ok(self.under_plan(about.labels, left, why))
    }

    /// Adds up what counts, and tells what does not.
    fn sums(
        &self,
        component: &Component,
        group: &Group<'a>,
        why: &mut Why,
    ) -> Result<Sums, Unpaid> {
        let mut sums = Sums { each: [Vec::new(), Vec::new()], total: [NONE, NONE] };
        let mut add = |counted: [Counted; 2]| -> Result<(), Unpaid> {
            for (run, counted) in counted.into_iter().enumerate() {
                sums.total[run] = fits(sums.total[run].plus(counted))?;
                sums.each[run].push(counted);
            }
            Ok(())
        };
        for came in &group.came {
            let counted = |minor: i64| Counted { measure: Exact::whole(minor), ..NONE };
            add([counted(came.posted), counted(came.open)])?;
        }
        for unit in &group.units {
            let news = &self.around.history.news[unit.news];
            let event = news.event.id.clone();
            let measure = match &unit.measure {
                Ok(measure) => *measure,
                Err(unpaid) => {
                    why.left_out.push(LeftOut { event, why: unpaid.clone() });
                    continue;
                }
            };
            let share = unit.part.map_or(Exact::ONE, |(_, share)| share);
            let passages = self.passages(component, news);
            let (released, open) = fits(passages.shares())?;
            if let Some(failed) = &passages.failed {
                let why_not = Unpaid::Failed(failed.clone());
                why.left_out.push(LeftOut { event: event.clone(), why: why_not });
            }
            why.clawed_back |= passages.clawed_back;
            why.due = [why.due, passages.due].into_iter().flatten().min();
            let whole = Counted { pieces: Exact::ONE, measure };
            let weighed = |by: Exact| fits(share.times(by).and_then(|by| whole.times(by)));
            add([weighed(released)?, weighed(open)?])?;
            why.inputs.push(Input {
                event,
                measure: measure.part(),
                released: fits(share.times(released))?.part(),
                open: fits(share.times(open))?.part(),
                words: news.words.iter().map(|word| (*word).clone()).collect(),
            });
        }
        Ok(sums)
    }

    /// False while a lump waits for the end of its period: what it comes to is not known before.
    fn is_over(&self, component: &Component, label: Option<&Name>) -> bool {
        if !is_lump(component) {
            return true;
        }
        if component.period == Period::Term {
            return self.assignment.until.is_some_and(|end| end.at <= self.around.as_of);
        }
        let last = self.around.rules.months_of(component.period, label).last();
        last.is_some_and(|month| month.ends_at <= self.around.as_of)
    }

    /// Labels of periods that are over and pay something though nothing may have happened.
    fn owed_without_event(&self, component: &Component) -> Vec<Name> {
        let pays = match &component.rate {
            Rate::Table(Table { reading: Reading::Lump, rows, .. }) => {
                rows.first().is_some_and(|row| match row.pays {
                    Pay::Money(money) => money.minor() != 0,
                    Pay::Share(_) => false,
                })
            }
            _ => false,
        };
        if !pays || component.period == Period::Term {
            return Vec::new();
        }
        let mut labels: Vec<Name> = Vec::new();
        for month in &self.around.rules.months {
            let (from, until) = month.stretch(self.stretch.from, self.stretch.until);
            let label = month.labels.of(component.period);
            if let Some(label) = label.filter(|_| from < until)
                && !labels.contains(label)
                && self.is_over(component, Some(label))
            {
                labels.push(label.clone());
            }
        }
        labels
    }

    /// The salary of each month that has begun, by its days.
    ///
    /// Counted as the difference of two rounded sums from the first of the month, so that however
    /// a month is cut into stretches their parts add up to the salary.
    pub(super) fn salary(&mut self, index: usize) {
        let Some(salary) = self.assignment.salary else { return };
        let mut begins = i64::MIN;
        for month in &self.around.rules.months {
            let has_begun = begins <= self.around.as_of;
            begins = month.ends_at;
            let (from, until) = month.stretch(self.stretch.from, self.stretch.until);
            if !has_begun || from >= until {
                continue;
            }
            let days = i64::from(month.days);
            let sum = |day: i64| {
                let share = Exact::new(day, days);
                self.round(share.and_then(|share| Exact::whole(salary.minor()).times(share)))
            };
            let mut why = Why { days: Some((from, until, days)), ..Why::default() };
            let part = sum(until).and_then(|until| sum(from).map(|from| until - from));
            let part = part.unwrap_or_else(|unpaid| {
                why.unpaid = Some(unpaid);
                0
            });
            why.earned = part;
            let is_over = month.ends_at <= self.around.as_of;
            let amount = Both { posted: if is_over { part } else { 0 }, open: part };
            let of = Of::Period(month.labels.month.clone());
            let about = About { index, of, labels: Some(&month.labels), news: None };
            // A salary is owed for its days: the cap of the plan is for what is earned beside it.
            self.give(&about, amount, why);
        }
    }
}

fn is_lump(component: &Component) -> bool {
    matches!(&component.rate, Rate::Table(table) if table.reading == Reading::Lump)
}
