//! Evaluation: what every credit should stand at. A pure function of events, rules and an
//! instant; what is written and what must be written is nobody's concern here.

mod bucket;
mod caps;
mod figures;
mod gates;
mod pay;
mod periods;
mod single;
mod units;

use bucket::{Around, Payer};
use figures::Scores;
use units::Sorter;

use crate::credit::{Credit, Idle};
use crate::event::Event;
use crate::hash::Set;
use crate::history::History;
use crate::plan::{Component, Source};
use crate::rate::{Rate, Reading};
use crate::rules::Rules;

/// What follows from events and rules.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evaluation {
    /// Every credit, those of nothing too, each with its reason. They stand in the order of the
    /// assignments in the rules, of versions, of components (each after all it follows from) and
    /// of time.
    pub credits: Vec<Credit>,
    /// What says nothing to any component, and why; each once, in order.
    pub idle: Vec<Idle>,
}

/// What every credit should stand at, in the order of [`Evaluation::credits`].
///
/// The order of `events` and how often one stands there change nothing, not even that order.
/// `as_of` is the instant, in milliseconds since 1970-01-01 UTC, up to which silence is heard:
/// limits of stages that ran out by then, months that ended by then. Events are heard whatever
/// their instant.
#[must_use]
pub fn credits(events: &[Event], rules: &Rules, as_of: i64) -> Vec<Credit> {
    evaluate(events, rules, as_of).credits
}

/// The same, with what said nothing to any component.
#[must_use]
pub fn evaluate(events: &[Event], rules: &Rules, as_of: i64) -> Evaluation {
    let history = History::new(events, &heard(rules));
    let mut sorter = Sorter::new(rules, &history);
    sorter.sort();
    let mut idle = std::mem::take(&mut sorter.idle);
    let mut buckets = std::mem::take(&mut sorter.buckets);
    drop(sorter);
    idle.extend(history.idle.iter().cloned());
    idle.sort();
    idle.dedup();
    for of in by_the_calendar(rules) {
        buckets.entry(of).or_default();
    }
    let scores = Scores::new(rules, &history);
    let around = Around { rules, history: &history, scores, as_of };
    let mut credits = Vec::new();
    for (of, bucket) in &buckets {
        Payer::new(&around, *of, &mut credits).pay(bucket);
    }
    Evaluation { credits, idle }
}

/// Kinds of event that decide a stage of any gate.
fn heard(rules: &Rules) -> Set<&str> {
    let components = rules.plans.iter().flat_map(|one| &one.plan().components);
    let gates = components.filter_map(|component| component.gate.as_ref());
    let words = gates.flat_map(|gate| &gate.stages).flat_map(|stage| &stage.words);
    words.map(|word| word.on.as_str()).collect()
}

/// Versions in assignments that may owe something though nothing happened.
fn by_the_calendar(rules: &Rules) -> Vec<(usize, usize)> {
    let owes = |component: &Component| match &component.rate {
        Rate::Salary => component.on == Source::Calendar,
        Rate::Table(table) => table.reading == Reading::Lump,
        _ => false,
    };
    let mut found = Vec::new();
    for (place, assignment) in rules.assignments.iter().enumerate() {
        for version in rules.of_plan.get(&assignment.plan).into_iter().flatten() {
            let begins = rules.plans[*version].plan().from.at;
            let is_after = assignment.until.is_some_and(|end| end.at <= begins);
            let is_before =
                rules.version_ends(*version).is_some_and(|end| end.at <= assignment.from.at);
            let is_owing = rules.plans[*version].plan().components.iter().any(owes);
            if is_owing && !is_after && !is_before {
                found.push((place, *version));
            }
        }
    }
    found
}
