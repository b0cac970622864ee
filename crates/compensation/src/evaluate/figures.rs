//! Figures: quotas with ramp and proration, attainments, scores, and the factors they give.

use crate::hash::Map;

use super::bucket::Stretch;
use super::pay::{ends, fits, reached};
use crate::credit::{Factor, Unpaid};
use crate::exact::Exact;
use crate::history::History;
use crate::plan::Component;
use crate::rate::{Figure, Multiplier, Pay};
use crate::rule::Computed;
use crate::rules::{Assignment, Month, Rules};
use crate::{Level, Name, Period, Share};

/// The target of a component in a period of an assignment; none where there is no quota, or the
/// calendar does not have the whole period.
pub(super) fn target(
    rules: &Rules,
    assignment: &Assignment,
    stretch: Stretch,
    of: (&Component, Option<&Name>),
) -> Option<Exact> {
    let (component, label) = of;
    let quota = assignment.quotas.get(component.quota.as_ref()?)?;
    let whole = match quota.target {
        Level::Whole(whole) => Exact::whole(whole),
        Level::Money(money) => Exact::whole(money.minor()),
        Level::Share(_) => return None,
    };
    let count = match component.period {
        Period::Month => 1,
        Period::Quarter => 3,
        Period::Year => 12,
        Period::Term => return Some(whole),
        Period::Event => return None,
    };
    let months: Vec<&Month> = rules.months_of(component.period, label).collect();
    if months.len() != count {
        return None;
    }
    let mut sum = Exact::ZERO;
    for month in months {
        let mut part = whole.divided(Exact::whole(i64::try_from(count).ok()?))?;
        let begun = assignment.from.day.month_number();
        let since = usize::try_from(month.first.month_number() - begun).ok();
        if let Some(share) = since.and_then(|since| quota.ramp.get(since)) {
            part = part.times(share.0.into())?;
        }
        if quota.prorated {
            let (from, until) = month.stretch(stretch.from, stretch.until);
            let days = Exact::new((until - from).max(0), i64::from(month.days))?;
            part = part.times(days)?;
        }
        sum = sum.plus(part)?;
    }
    (!sum.is_zero()).then_some(sum)
}

/// The share of its quota that a component reached in a period: owed, and with all that is open.
pub(super) type Attained = Map<(Name, Option<Name>), (Exact, Exact)>;

/// Scores by kind, role and person: places of news, in order.
#[derive(Debug, Default)]
pub(super) struct Scores<'a> {
    of: Map<(&'a str, &'a str, &'a Name), Vec<usize>>,
}

impl<'a> Scores<'a> {
    pub fn new(rules: &'a Rules, history: &'a History<'a>) -> Self {
        let components = rules.plans.iter().flat_map(|one| &one.plan().components);
        let mut wanted: Vec<(&str, &str)> = components
            .flat_map(|component| &component.multipliers)
            .filter_map(|multiplier| match &multiplier.figure {
                Figure::Score { on, role, .. } => Some((on.as_str(), role.as_str())),
                Figure::Attainment(_) => None,
            })
            .collect();
        wanted.sort_unstable();
        wanted.dedup();
        let mut of: Map<(&str, &str, &Name), Vec<usize>> = Map::default();
        for (on, role) in wanted {
            for (place, news) in history.news.iter().enumerate() {
                if news.event.kind.as_str() == on
                    && news.gone.is_none()
                    && let Some(person) = news.person(role)
                {
                    of.entry((on, role, person)).or_default().push(place);
                }
            }
        }
        Self { of }
    }

    /// The latest score of a person in a period that answers.
    fn latest(
        &self,
        history: &History<'_>,
        figure: &Figure,
        who: &Name,
        label: (Period, Option<&Name>),
    ) -> Option<Exact> {
        let Figure::Score { on, role, value } = figure else { return None };
        let places = self.of.get(&(on.as_str(), role.as_str(), who))?;
        places.iter().rev().find_map(|place| {
            let news = &history.news[*place];
            if news.event.labels.of(label.0) != label.1 {
                return None;
            }
            match value.compute(&news.facts) {
                Ok(Computed::Share(share)) => Some(share),
                _ => None,
            }
        })
    }
}

/// Where a multiplier looks for its figure.
pub(super) struct Looked<'a> {
    pub history: &'a History<'a>,
    pub scores: &'a Scores<'a>,
    pub attained: &'a Attained,
    pub person: &'a Name,
    /// The labels of the event, where there is one.
    pub labels: Option<&'a crate::Labels>,
    /// The period of the component and its label.
    pub own: (Period, Option<&'a Name>),
}

impl Looked<'_> {
    /// The figure, for what is owed and for all that is open.
    fn figure(&self, figure: &Figure, period_of: impl Fn(&Name) -> Period) -> [Option<Exact>; 2] {
        match figure {
            Figure::Attainment(code) => {
                let label = match self.labels {
                    Some(labels) => labels.of(period_of(code)),
                    None => self.own.1,
                };
                let found = self.attained.get(&(code.clone(), label.cloned()));
                [found.map(|found| found.0), found.map(|found| found.1)]
            }
            Figure::Score { .. } => {
                let month = self.labels.map(|labels| (Period::Month, Some(&labels.month)));
                let label = month.unwrap_or(self.own);
                let score = self.scores.latest(self.history, figure, self.person, label);
                [score, score]
            }
        }
    }

    /// The product of all factors, for what is owed and for all that is open; the factors told
    /// are those of the latter.
    pub fn factors(
        &self,
        multipliers: &[Multiplier],
        period_of: impl Fn(&Name) -> Period,
        told: &mut Vec<Factor>,
    ) -> Result<[Exact; 2], Unpaid> {
        let mut product = [Exact::ONE; 2];
        for (place, multiplier) in multipliers.iter().enumerate() {
            let ends = ends(&multiplier.rows, Exact::ONE)?;
            let figures = self.figure(&multiplier.figure, &period_of);
            for (product, figure) in product.iter_mut().zip(figures) {
                let row = figure.map(|figure| reached(&ends, figure)).transpose()?;
                let factor = factor(multiplier, row);
                *product = fits(product.times(factor.0.into()))?;
                let figure = figure.map(Exact::part);
                told.push(Factor { multiplier: place, figure, row, factor });
            }
            // The two are told once, as all that is open has it.
            let open = told.pop();
            told.pop();
            told.extend(open);
        }
        Ok(product)
    }
}

fn factor(multiplier: &Multiplier, row: Option<usize>) -> Share {
    let row = row.and_then(|row| multiplier.rows.get(row));
    match row.map(|row| row.pays) {
        Some(Pay::Share(share)) => share,
        // A checked multiplier pays no money.
        Some(Pay::Money(_)) | None => multiplier.unknown,
    }
}
