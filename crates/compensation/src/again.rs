//! Again: what must be evaluated anew when one event arrives.
//!
//! Most components pay each thing by itself, and then only the subject of the event is looked at
//! again. Where a cap goes over a deal, or something is added up over a period, everything of the
//! people concerned in that deal or period is.

use std::collections::BTreeSet;

use crate::check::Published;
use crate::credit::Credit;
use crate::event::Event;
use crate::plan::{Per, Source};
use crate::rate::Figure;
use crate::rules::Rules;
use crate::{Labels, Name, Period};

/// What must be evaluated anew.
///
/// To do it from a store: load every event of the subjects; every event of a deal, by its deal or
/// its subject; every piece of news that names the person, or somebody they lead, in the period;
/// and then every event about any subject found so. [`Again::select`] does the same in memory.
/// Evaluate those, and keep the credits that [`Again::covers`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Again {
    /// Subjects.
    pub subjects: BTreeSet<Name>,
    /// People in deals.
    pub deals: BTreeSet<(Name, Name)>,
    /// People in periods; the label is none for the whole time.
    pub spans: BTreeSet<(Name, Period, Option<Name>)>,
}

/// How far one event of a version reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    Subject,
    Deal,
    Over(Period),
}

fn reach(published: &Published) -> Reach {
    let plan = published.plan();
    let mut widest = plan.cap.map_or(Reach::Subject, |_| Reach::Over(Period::Month));
    for component in &plan.components {
        if component.period != Period::Event && component.on != Source::Calendar {
            widest = widest.max(Reach::Over(component.period));
        }
        for cap in &component.caps {
            widest = widest.max(match cap.per {
                Per::Amount => Reach::Subject,
                Per::Deal => Reach::Deal,
                per => Reach::Over(per.period().unwrap_or(Period::Term)),
            });
        }
        if !component.multipliers.is_empty() {
            widest = widest.max(Reach::Over(component.period.max(Period::Month)));
        }
    }
    widest
}

/// What must be evaluated anew when `event` arrives.
///
/// `about` holds every other event of its subject, and of the subject of the event it is a word
/// about, with the words about those that were told under another subject. Further events may be
/// there too and change nothing but the time it takes.
#[must_use]
pub fn again(event: &Event, about: &[Event], rules: &Rules) -> Again {
    let mut found = Again::default();
    found.subjects.insert(event.subject.clone());
    let mut is_grown = true;
    // A word leads to the subject of what it is about, and a word about a word one further.
    while is_grown {
        let words = about.iter().chain([event]);
        let named: BTreeSet<&Name> = words
            .filter(|word| found.subjects.contains(&word.subject))
            .filter_map(|word| word.word.about())
            .collect();
        let before = found.subjects.len();
        let led = about.iter().filter(|other| named.contains(&other.id));
        found.subjects.extend(led.map(|other| other.subject.clone()));
        is_grown = found.subjects.len() > before;
    }
    // Words told under another subject change the people of what they are about.
    let ids: BTreeSet<&Name> = about
        .iter()
        .chain([event])
        .filter(|other| found.subjects.contains(&other.subject))
        .map(|other| &other.id)
        .collect();
    let is_told = |other: &&Event| {
        found.subjects.contains(&other.subject)
            || other.word.about().is_some_and(|id| ids.contains(id))
    };
    let told: Vec<&Event> = about.iter().chain([event]).filter(is_told).collect();
    let people: BTreeSet<&Name> =
        told.iter().flat_map(|event| event.people.iter().map(|(_, person)| person)).collect();
    for news in told.iter().filter(|other| other.word.is_news()) {
        let at = news.when.at;
        let heads = people.iter().filter_map(|person| rules.head(person, at));
        for person in people.iter().copied().chain(heads) {
            found.reach(rules, news, person);
        }
    }
    found
}

impl Again {
    fn reach(&mut self, rules: &Rules, news: &Event, person: &Name) {
        let places = rules.of_person.get(person).map_or(&[][..], Vec::as_slice);
        let reaches = |place: &usize| {
            let plan = &rules.assignments[*place].plan;
            let versions = rules.of_plan.get(plan).into_iter().flatten();
            versions.map(|version| reach(&rules.plans[*version])).max()
        };
        let heard = places.iter().filter(|place| is_heard(rules, news, **place));
        if heard.filter_map(reaches).max().is_none_or(|widest| widest == Reach::Subject) {
            return;
        }
        // Another plan of theirs may add up over more, and what is evaluated anew of a person is
        // evaluated by all their plans.
        match places.iter().filter_map(reaches).max() {
            None | Some(Reach::Subject) => {}
            Some(Reach::Deal) => {
                self.deals.insert((person.clone(), news.group().clone()));
            }
            Some(Reach::Over(period)) => {
                let label = news.labels.of(period).cloned();
                self.spans.insert((person.clone(), period, label));
            }
        }
    }

    /// True where an event belongs to a deal that is looked at, or a person in a period.
    fn takes(&self, event: &Event, rules: &Rules) -> bool {
        if self.deals.iter().any(|(_, deal)| deal == event.group()) {
            return true;
        }
        let spanned = |person: &Name| self.is_spanned(person, &event.labels);
        event.people.iter().any(|(_, person)| {
            spanned(person) || rules.head(person, event.when.at).is_some_and(spanned)
        })
    }

    fn is_spanned(&self, person: &Name, labels: &Labels) -> bool {
        let periods = [Period::Month, Period::Quarter, Period::Year, Period::Term];
        periods.into_iter().any(|period| {
            self.spans.contains(&(person.clone(), period, labels.of(period).cloned()))
        })
    }

    /// The events that decide about what is evaluated anew.
    #[must_use]
    pub fn select<'a>(&self, events: &'a [Event], rules: &Rules) -> Vec<&'a Event> {
        let mut subjects: BTreeSet<&Name> = self.subjects.iter().collect();
        // A correction may name a person whom the news does not: its own labels say little, so
        // whatever it is about comes along.
        let mut named: BTreeSet<&Name> = BTreeSet::new();
        for event in events {
            if self.takes(event, rules) {
                subjects.insert(&event.subject);
            }
            let is_spanned = |person: &Name| self.spans.iter().any(|span| span.0 == *person);
            if let Some(about) = event.word.about()
                && event.people.iter().any(|(_, person)| {
                    let mut heads = rules.over_person.get(person).into_iter().flatten();
                    is_spanned(person) || heads.any(|at| is_spanned(&rules.heads[*at].head))
                })
            {
                named.insert(about);
            }
        }
        let led = events.iter().filter(|event| named.contains(&event.id));
        subjects.extend(led.map(|event| &event.subject));
        let ids: BTreeSet<&Name> = events
            .iter()
            .filter(|event| subjects.contains(&event.subject))
            .map(|event| &event.id)
            .collect();
        // A word about a word is two steps away from the news.
        let words: BTreeSet<&Name> = events
            .iter()
            .filter(|event| event.word.about().is_some_and(|id| ids.contains(id)))
            .map(|event| &event.id)
            .collect();
        let is_about = |id: &Name| ids.contains(id) || words.contains(id);
        events
            .iter()
            .filter(|event| ids.contains(&event.id) || event.word.about().is_some_and(is_about))
            .collect()
    }

    /// True for a credit that may have changed.
    #[must_use]
    pub fn covers(&self, credit: &Credit) -> bool {
        credit.subject.as_ref().is_some_and(|subject| self.subjects.contains(subject))
            || credit
                .deal
                .as_ref()
                .is_some_and(|deal| self.deals.contains(&(credit.key.earner.clone(), deal.clone())))
            || self.spans.contains(&(credit.key.earner.clone(), Period::Term, None))
            || credit
                .labels
                .as_ref()
                .is_some_and(|labels| self.is_spanned(&credit.key.earner, labels))
    }
}

/// True when a plan of an assignment looks at a piece of news.
fn is_heard(rules: &Rules, news: &Event, place: usize) -> bool {
    let assignment = &rules.assignments[place];
    let mut versions = rules.of_plan.get(&assignment.plan).into_iter().flatten();
    // A score counts in its whole period, also before and after the assignment.
    versions.any(|version| hears(&rules.plans[*version], &news.kind))
        || assignment.covers(news.when.at)
            && rules
                .version(&assignment.plan, news.when.at)
                .is_some_and(|version| !rules.plans[version].triggered(&news.kind).is_empty())
}

/// True when a version looks up a score in events of a kind.
fn hears(published: &Published, kind: &Name) -> bool {
    let mut multipliers =
        published.plan().components.iter().flat_map(|component| &component.multipliers);
    multipliers.any(|multiplier| match &multiplier.figure {
        Figure::Score { on, .. } => on == kind,
        Figure::Attainment(_) => false,
    })
}
