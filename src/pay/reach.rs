//! Reach: what has to be computed anew when something happened. Mostly its own subject; where a
//! cap, a table or a quota goes over more, everything of the people concerned in that period or
//! of that contract.

use std::collections::{BTreeMap, BTreeSet};

use compensation::{Again, Event, Name, Period, again};

use super::credit::bucket;
use super::facts::{id_of, labels};
use super::rules::Rules;
use crate::people::teams::{EVER, Span};
use crate::values::*;

/// How far an event may lie outside the period it counts in: the keeping of a client is told in
/// the next month.
pub const AROUND_DAYS: i64 = 35;

/// What some events reach, out of everything that is told about their subjects.
pub fn reach(news: &BTreeSet<EventId>, told: &[Event], rules: &compensation::Rules) -> Again {
    let mut of_subject: BTreeMap<&Name, Vec<Event>> = BTreeMap::new();
    for event in told {
        of_subject.entry(&event.subject).or_default().push(event.clone());
    }
    let mut found = Again::default();
    for about in of_subject.values() {
        for event in about.iter().filter(|one| id_of(&one.id).is_some_and(|id| news.contains(&id)))
        {
            let more = again(event, about, rules);
            found.subjects.extend(more.subjects);
            found.deals.extend(more.deals);
            found.spans.extend(more.spans);
        }
    }
    found
}

/// True where more than the subjects is reached.
pub fn is_wide(again: &Again) -> bool {
    !again.deals.is_empty() || !again.spans.is_empty()
}

/// The people of the spans, each with the time in which their events count, and some more.
pub fn times(again: &Again, zone: &Zone) -> Vec<(UserId, Span)> {
    let time = |(person, period, label): &(Name, Period, Option<Name>)| {
        let person = person.parse().ok()?;
        let (first, last) = match (period, label) {
            (Period::Term, _) | (_, None) => return Some((person, EVER)),
            (_, Some(label)) => months(label)?,
        };
        let from = first.starts_at(zone).plus_days(-AROUND_DAYS);
        Some((person, (from, last.ends_at(zone).plus_days(AROUND_DAYS))))
    };
    again.spans.iter().filter_map(time).collect()
}

/// The subjects of what is added up in the spans, also of versions that pay it no more.
pub fn buckets(again: &Again, rules: &Rules, now: (Instant, &Zone)) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (person, period, label) in &again.spans {
        let own = rules.assignments.iter().filter(|one| one.person.to_string() == person.as_str());
        for assignment in own {
            let span = match (period, label) {
                (Period::Term, _) | (_, None) => {
                    let first = Month::of(assignment.starts_at, now.1);
                    Some((first, Month::of(now.0, now.1).max(first)))
                }
                (_, Some(label)) => months(label),
            };
            let Some((first, last)) = span else { continue };
            let versions = rules.versions.iter().filter(|one| one.plan == assignment.plan);
            for version in versions {
                let subject =
                    |label: &str| bucket(&assignment.id.to_string(), version.version, label);
                found.insert(subject("term"));
                let mut month = first;
                while month <= last {
                    let all = labels(month);
                    found.extend([all.month, all.quarter, all.year].map(|label| subject(&label)));
                    month = month.next();
                }
            }
        }
    }
    found
}

/// The first and the last month of a period by its label: `2026-03`, `2026-Q1`, `2026`.
fn months(label: &str) -> Option<(Month, Month)> {
    if let Ok(month) = label.parse() {
        return Some((month, month));
    }
    let (year, first, last) = match label.split_once("-Q") {
        Some((year, quarter)) => {
            let quarter: u8 = quarter.parse().ok().filter(|one| (1..=4).contains(one))?;
            (year, quarter * 3 - 2, quarter * 3)
        }
        None => (label, 1, 12),
    };
    let month = |number: u8| format!("{year}-{number:02}").parse().ok();
    Some((month(first)?, month(last)?))
}
