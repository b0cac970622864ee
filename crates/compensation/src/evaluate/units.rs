//! Units: each event that a component of somebody's plan looks at, and whether it counts.

use crate::hash::{Map, Set};
use std::collections::BTreeMap;

use ledger::Currency;

use crate::credit::{Idle, Unpaid};
use crate::exact::Exact;
use crate::history::{Happening, History};
use crate::plan::{Absent, Component, Measure, Once, Payees, Source, Who};
use crate::rule::{Computed, Failure};
use crate::rules::Rules;
use crate::{Name, Period};

/// An event that a component looks at.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    /// The place of the news.
    pub news: usize,
    /// The place of the person among the parts, where what is counted is split, and the share.
    pub part: Option<(usize, Exact)>,
    /// What was measured, or why it does not count.
    pub measure: Result<Exact, Unpaid>,
}

/// The units of a version in an assignment, by component.
pub(super) type Bucket = Vec<Vec<Unit>>;
/// Buckets by the places of assignment and version.
pub(super) type Buckets = BTreeMap<(usize, usize), Bucket>;

/// What counts once: plan, component, part, and what it is.
type OnceKey<'a> = (&'a str, &'a str, usize, &'a str, &'a str);

/// Makes units of news.
pub(super) struct Sorter<'a> {
    rules: &'a Rules,
    history: &'a History<'a>,
    /// Kinds that any component looks at.
    kinds: Set<&'a str>,
    rolls_up: bool,
    told: Map<OnceKey<'a>, usize>,
    pub buckets: Buckets,
    pub idle: Vec<Idle>,
}

/// Whom an event leads to.
pub(super) fn resolve<'a>(
    who: &Who,
    news: &'a Happening<'_>,
    rules: &'a Rules,
) -> Option<&'a Name> {
    let person = news.person(who.role())?;
    match who {
        Who::Role(_) => Some(person),
        Who::HeadOf(_) => rules.head(person, news.event.when.at),
    }
}

/// Everybody who has a share, with the place of the part, the share and whether it is an overlay.
pub(super) fn shared<'a>(
    payees: &Payees,
    news: &'a Happening<'_>,
    rules: &'a Rules,
) -> Option<Vec<(usize, &'a Name, Exact, bool)>> {
    let mut found = Vec::with_capacity(payees.split.len() + payees.overlay.len());
    let mut whole = Exact::ZERO;
    for (place, part) in payees.split.iter().enumerate() {
        if let Some(person) = resolve(&part.who, news, rules) {
            let share = Exact::from(part.share.0);
            whole = whole.plus(share)?;
            found.push((place, person, share, false));
        }
    }
    if payees.absent == Absent::Others {
        for part in &mut found {
            part.2 = part.2.divided(whole)?;
        }
    }
    for (place, part) in payees.overlay.iter().enumerate() {
        if let Some(person) = resolve(&part.who, news, rules) {
            found.push((payees.split.len() + place, person, part.share.0.into(), true));
        }
    }
    Some(found)
}

impl<'a> Sorter<'a> {
    pub fn new(rules: &'a Rules, history: &'a History<'a>) -> Self {
        let mut kinds = Set::default();
        let mut rolls_up = false;
        for component in rules.plans.iter().flat_map(|one| &one.plan().components) {
            if let Source::Events(on) = &component.on {
                kinds.extend(on.iter().map(Name::as_str));
            }
            if let Some(payees) = &component.payees {
                let parts = payees.split.iter().chain(&payees.overlay).map(|part| &part.who);
                rolls_up |= parts.chain([&payees.by]).any(|who| matches!(who, Who::HeadOf(_)));
            }
        }
        let (buckets, idle, told) = (Buckets::new(), Vec::new(), Map::default());
        Self { rules, history, kinds, rolls_up, told, buckets, idle }
    }

    /// Every unit of every event, in the order of events.
    pub fn sort(&mut self) {
        let history = self.history;
        for (place, news) in history.news.iter().enumerate() {
            if self.kinds.contains(news.event.kind.as_str()) {
                self.place(place, news);
            }
        }
    }

    fn place(&mut self, place: usize, news: &'a Happening<'a>) {
        let rules = self.rules;
        let at = news.event.when.at;
        let mut people: Vec<&Name> = news.people.iter().map(|(_, person)| person).collect();
        let named = people.len();
        if named == 0 {
            self.idle.push(Idle::NamesNobody(news.event.id.clone()));
        }
        if self.rolls_up {
            for index in 0..named {
                people.extend(rules.head(people[index], at));
            }
        }
        for index in 0..people.len() {
            let person = people[index];
            if people[..index].contains(&person) {
                continue;
            }
            let mut has_plan = false;
            for assignment in rules.of_person.get(person).into_iter().flatten() {
                let one = &rules.assignments[*assignment];
                if !one.covers(at) {
                    continue;
                }
                if let Some(version) = rules.version(&one.plan, at) {
                    let triggered = rules.plans[version].triggered(&news.event.kind);
                    has_plan = true;
                    for component in triggered {
                        self.unit(place, news, person, (*assignment, version, *component));
                    }
                }
            }
            if index < named && !has_plan {
                let (event, person) = (news.event.id.clone(), person.clone());
                self.idle.push(Idle::NoPlan { event, person });
            }
        }
    }

    fn unit(
        &mut self,
        place: usize,
        news: &'a Happening<'a>,
        person: &Name,
        of: (usize, usize, usize),
    ) {
        let (assignment, version, index) = of;
        let plan = self.rules.plans[version].plan();
        let component = &plan.components[index];
        let Some(payees) = &component.payees else { return };
        let mut found: Vec<Option<(usize, Exact)>> = Vec::new();
        if component.period == Period::Event {
            if resolve(&payees.by, news, self.rules) == Some(person) {
                found.push(None);
            }
        } else {
            let parts = shared(payees, news, self.rules).unwrap_or_default();
            let own = parts.into_iter().filter(|part| part.1 == person);
            found.extend(own.map(|(place, _, share, _)| Some((place, share))));
        }
        for part in found {
            let mut measure = counts(component, news, plan.currency);
            if measure.is_ok()
                && let Some(key) = once_key(component, &plan.plan, news, part.map(|part| part.0))
                && let Some(before) = self.told.insert(key, place)
            {
                self.told.insert(key, before);
                let before = self.history.news[before].event.id.clone();
                measure = Err(Unpaid::ToldBefore(before));
            }
            let bucket = self.buckets.entry((assignment, version)).or_default();
            if bucket.len() < plan.components.len() {
                bucket.resize_with(plan.components.len(), Vec::new);
            }
            bucket[index].push(Unit { news: place, part, measure });
        }
    }
}

fn once_key<'a>(
    component: &'a Component,
    plan: &'a Name,
    news: &'a Happening<'a>,
    part: Option<usize>,
) -> Option<OnceKey<'a>> {
    let month = match component.once {
        Once::Event => return None,
        Once::Subject => "",
        Once::SubjectInMonth => news.event.labels.month.as_str(),
    };
    let part = part.map_or(0, |part| part + 1);
    Some((plan.as_str(), component.code.as_str(), part, news.event.subject.as_str(), month))
}

/// What one event measures, or why it does not count.
fn counts(
    component: &Component,
    news: &Happening<'_>,
    currency: Currency,
) -> Result<Exact, Unpaid> {
    if let Some(by) = news.gone {
        return Err(Unpaid::Gone(by.clone()));
    }
    if component.last_day.is_some_and(|last| news.event.when.day > last) {
        return Err(Unpaid::PastLastDay);
    }
    let failed = Unpaid::NoAnswer;
    if let Some(filter) = &component.filter
        && !filter.is_true(&news.facts).map_err(failed)?
    {
        return Err(Unpaid::Filtered);
    }
    match &component.measure {
        Measure::Count => Ok(Exact::ONE),
        Measure::Of(rule) => match rule.compute(&news.facts).map_err(failed)? {
            Computed::Whole(whole) => Ok(Exact::whole(whole)),
            Computed::Money(money, found) if found == currency => Ok(money),
            Computed::Money(_, found) => Err(Unpaid::OtherCurrency(found.to_string().into())),
            _ => Err(Unpaid::NoAnswer(Failure::Unchecked(crate::Type::Whole))),
        },
        Measure::Result | Measure::Days => Err(Unpaid::Nothing),
    }
}
