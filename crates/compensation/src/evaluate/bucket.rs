//! One version in one assignment: its components one after another, each after all it follows
//! from.

use crate::hash::Map;

use super::caps::{Both, Caps};
use super::figures::{Attained, Looked, Scores};
use super::units::{Bucket, Unit, shared};
use crate::check::Published;
use crate::credit::{Credit, Factor, Key, Of, PartOf, Unpaid, Why};
use crate::exact::Exact;
use crate::history::{Happening, History};
use crate::plan::{Component, Payees, Source};
use crate::rate::Pay;
use crate::rules::{Assignment, Rules};
use crate::share::weights;
use crate::{Day, Labels, Name, Period, Share};

/// What all buckets look at.
pub(super) struct Around<'a> {
    pub rules: &'a Rules,
    pub history: &'a History<'a>,
    pub scores: Scores<'a>,
    pub as_of: i64,
}

/// The days on which a version pays an assignment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    pub from: Day,
    /// The first day no longer inside.
    pub until: Option<Day>,
}

/// A result that another component may measure.
pub(super) struct Came<'a> {
    /// The labels of the event, or of the month in which a period counts.
    pub labels: Option<&'a Labels>,
    /// The label of the period, where that is what was paid.
    pub own: Option<Option<Name>>,
    pub amount: Both,
}

/// The work on one bucket.
pub(super) struct Payer<'a, 'o> {
    pub around: &'a Around<'a>,
    pub assignment: &'a Assignment,
    pub published: &'a Published,
    pub stretch: Stretch,
    pub attained: Attained,
    pub came: Map<usize, Vec<Came<'a>>>,
    plan_cap: Caps,
    out: &'o mut Vec<Credit>,
}

/// What a credit is about, beside its amount.
pub(super) struct About<'a> {
    pub index: usize,
    pub of: Of,
    pub labels: Option<&'a Labels>,
    /// The event whose people are paid; none where the assigned person is.
    pub news: Option<&'a Happening<'a>>,
}

impl<'a, 'o> Payer<'a, 'o> {
    pub fn new(around: &'a Around<'a>, of: (usize, usize), out: &'o mut Vec<Credit>) -> Self {
        let assignment = &around.rules.assignments[of.0];
        let published = &around.rules.plans[of.1];
        let next = around.rules.version_ends(of.1);
        let ends = [assignment.until, next].into_iter().flatten().map(|end| end.day).min();
        let from = assignment.from.day.max(published.plan().from.day);
        Self {
            around,
            assignment,
            published,
            stretch: Stretch { from, until: ends },
            attained: Attained::default(),
            came: Map::default(),
            plan_cap: Caps::default(),
            out,
        }
    }

    /// Every credit of the bucket.
    pub fn pay(&mut self, bucket: &'a Bucket) {
        let published = self.published;
        for index in published.order() {
            let component = &published.plan().components[*index];
            let units: &'a [Unit] = bucket.get(*index).map_or(&[], Vec::as_slice);
            match (&component.on, component.period) {
                (Source::Calendar, _) => self.salary(*index),
                (Source::Events(_), Period::Event) => self.singles(*index, units),
                _ => self.periods(*index, units),
            }
        }
    }

    pub fn component(&self, index: usize) -> &'a Component {
        &self.published.plan().components[index]
    }

    /// Notes a result of nothing: what was counted had no answer.
    pub fn came_to_nothing(
        &mut self,
        index: usize,
        labels: Option<&'a Labels>,
        own: Option<Option<Name>>,
    ) {
        let came = Came { labels, own, amount: Both::default() };
        self.came.entry(index).or_default().push(came);
    }

    /// The rate of the person's own.
    pub fn own_rate(&self, index: usize) -> Option<Pay> {
        self.assignment.rates.get(&self.component(index).code).copied()
    }

    /// The product of the multipliers for what is owed and for all that is open.
    pub fn factors(
        &self,
        index: usize,
        labels: Option<&'a Labels>,
        own: Option<&Name>,
        told: &mut Vec<Factor>,
    ) -> Result<[Exact; 2], Unpaid> {
        let component = self.component(index);
        if component.multipliers.is_empty() {
            return Ok([Exact::ONE; 2]);
        }
        let looked = Looked {
            history: self.around.history,
            scores: &self.around.scores,
            attained: &self.attained,
            person: &self.assignment.person,
            labels,
            own: (component.period, own),
        };
        let components = &self.published.plan().components;
        let period_of = |code: &Name| {
            let found = components.iter().find(|other| other.code == *code);
            found.map_or(Period::Event, |found| found.period)
        };
        looked.factors(&component.multipliers, period_of, told)
    }

    /// Rounded, as the version says.
    pub fn round(&self, exact: Option<Exact>) -> Result<i64, Unpaid> {
        let rounded = exact.and_then(|exact| exact.rounded(self.published.rounding()));
        rounded.ok_or(Unpaid::TooLarge)
    }

    /// The amount under the cap of the whole plan.
    pub fn under_plan(&mut self, labels: Option<&Labels>, amount: Both, why: &mut Why) -> Both {
        match (self.published.plan().cap, labels) {
            (Some(cap), Some(labels)) => {
                self.plan_cap.cut_month(cap.minor(), &labels.month, amount, &mut why.cuts)
            }
            _ => amount,
        }
    }

    /// Gives an amount to everybody who has a part of it.
    pub fn give(&mut self, about: &About<'a>, amount: Both, why: Why) {
        let payees = self.component(about.index).payees.as_ref();
        let (Some(payees), Some(news)) = (payees, about.news) else {
            return self.credit(about, &self.assignment.person, amount, why);
        };
        let shares = shared(payees, news, self.around.rules).unwrap_or_default();
        if shares.is_empty() {
            let why = Why { unpaid: why.unpaid.clone().or(Some(Unpaid::Nobody)), ..why };
            return self.credit(about, &self.assignment.person, Both::default(), why);
        }
        if let [(place, person, _, false)] = shares[..]
            && payees.split.len() == 1
        {
            let part = part_of(payees, place, payees.split[0].share, false);
            return self.credit(about, person, amount, Why { parts: vec![part], ..why });
        }
        let mut found: Vec<(&Name, Both, Vec<PartOf>)> = Vec::new();
        for (place, person, _, is_overlay) in &shares {
            let both = self.part(payees, amount, (*place, *is_overlay), &shares);
            let part = part_of(payees, *place, part_at(payees, *place), *is_overlay);
            match found.iter_mut().find(|known| known.0 == *person) {
                Some(known) => {
                    known.1.posted = known.1.posted.saturating_add(both.posted);
                    known.1.open = known.1.open.saturating_add(both.open);
                    known.2.push(part);
                }
                None => found.push((*person, both, vec![part])),
            }
        }
        for (person, both, parts) in found {
            self.credit(about, person, both, Why { parts, ..why.clone() });
        }
    }

    /// The part of one person: a split of the whole, or an overlay beyond it.
    fn part(
        &self,
        payees: &Payees,
        amount: Both,
        of: (usize, bool),
        shares: &[(usize, &Name, Exact, bool)],
    ) -> Both {
        let (place, is_overlay) = of;
        if is_overlay {
            let share = Exact::from(part_at(payees, place).0);
            let over =
                |whole: i64| self.round(Exact::whole(whole).times(share)).unwrap_or_default();
            return Both { posted: over(amount.posted), open: over(amount.open) };
        }
        let all: Vec<Share> = payees.split.iter().map(|part| part.share).collect();
        let mut parts = weights(&all).map(|weights| weights.parts).unwrap_or_default();
        if payees.absent == crate::plan::Absent::Others {
            for (place, part) in parts.iter_mut().enumerate() {
                if !shares.iter().any(|share| share.0 == place) {
                    *part = 0;
                }
            }
        }
        let split = |whole: i64| super::single::split(whole, &parts, self.published)[place];
        Both { posted: split(amount.posted), open: split(amount.open) }
    }

    fn credit(&mut self, about: &About<'a>, person: &Name, amount: Both, mut why: Why) {
        let plan = self.published.plan();
        if amount == Both::default() && why.unpaid.is_none() {
            why.unpaid =
                Some(if why.cuts.is_empty() { Unpaid::Nothing } else { Unpaid::CapReached });
        }
        self.out.push(Credit {
            key: Key {
                person: person.clone(),
                earner: self.assignment.person.clone(),
                assignment: self.assignment.id.clone(),
                plan: plan.plan.clone(),
                version: plan.version,
                component: self.component(about.index).code.clone(),
                of: about.of.clone(),
            },
            subject: about.news.map(|news| news.event.subject.clone()),
            deal: about.news.map(|news| news.event.group().clone()),
            labels: about.labels.cloned(),
            posted: amount.posted,
            pending: amount.open.saturating_sub(amount.posted),
            currency: plan.currency,
            why: Box::new(why),
        });
    }
}

fn part_at(payees: &Payees, place: usize) -> Share {
    let all = payees.split.iter().chain(&payees.overlay);
    all.map(|part| part.share).nth(place).unwrap_or(Share::NONE)
}

fn part_of(payees: &Payees, place: usize, share: Share, is_overlay: bool) -> PartOf {
    let mut all = payees.split.iter().chain(&payees.overlay);
    let who = all.nth(place).map_or_else(|| payees.by.clone(), |part| part.who.clone());
    PartOf { who, share, is_overlay }
}
