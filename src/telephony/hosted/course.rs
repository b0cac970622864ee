//! The course of a call at an exchange of somebody else's, out of what was told of it: a pure fold.
//!
//! It depends on which events were told, not on how often or in which order. Providers tell times
//! and no numbers, and of some calls twice: a leg's end and later the whole's. What says a cause
//! goes before what says none, what says how long was talked before what does not, and the later
//! before the earlier. That a call was answered may follow from its length alone.

use crate::telephony::drivers::hosted::{Direction, Ending, HostedEvent, HostedKind};
use crate::telephony::{End, EndCause, EndedBy, Measured};
use crate::values::*;

/// What is known of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostedCourse {
    /// Who calls whom.
    pub direction: Option<Direction>,
    /// The number of the other end, as it was told.
    pub number: Option<String>,
    /// The extension of ours: that which answered, or the last that rang.
    pub extension: Option<String>,
    /// When it began.
    pub began_at: Instant,
    /// Its times.
    pub measured: Measured,
    /// How it ended.
    pub end: Option<End>,
    /// True where the provider has its sound.
    pub is_recorded: bool,
}

/// What the events say together; nothing without one.
pub fn fold(events: &[HostedEvent]) -> Option<HostedCourse> {
    let mut sorted: Vec<&HostedEvent> = events.iter().collect();
    sorted.sort_by(|one, other| key(one).cmp(&key(other)));
    sorted.dedup_by(|one, other| (one.kind, &one.told) == (other.kind, &other.told));
    let of = |kind: HostedKind| sorted.iter().copied().filter(move |event| event.kind == kind);
    let first = |kind: HostedKind| of(kind).map(|event| event.at).min();
    let told = sorted.iter().filter(|event| event.kind != HostedKind::Recording);
    let began_at = told.map(|event| event.at).min().or_else(|| sorted.first().map(|e| e.at))?;
    let ended = of(HostedKind::Ended).filter_map(|event| Some((event, event.end?)));
    let ended = ended.max_by_key(|(event, end)| weight(event, end));
    let talked_ms = ended.and_then(|(_, end)| end.seconds).map(|seconds| seconds * 1_000);
    let ended_at = ended.map(|(event, _)| event.at);
    let inferred = || {
        let length = talked_ms.filter(|ms| *ms > 0)?;
        Some(ended_at?.plus_ms(-length).max(began_at))
    };
    let answered_at = first(HostedKind::Answered).or_else(inferred);
    let measured = Measured {
        asked_at: None,
        dialled_at: Some(began_at),
        rang_at: first(HostedKind::Ringing),
        answered_at,
        ended_at,
        ring_ms: answered_at.or(ended_at).map(|until| length(began_at, until)),
        talk_ms: ended_at.map(|ended| {
            talked_ms.unwrap_or_else(|| answered_at.map_or(0, |from| length(from, ended)))
        }),
    };
    let direction = sorted.iter().find_map(|event| event.direction);
    let rang = measured.rang_at.is_some() || answered_at.is_some();
    Some(HostedCourse {
        direction,
        number: sorted.iter().find_map(|event| event.number.clone()),
        extension: extension(&sorted),
        began_at,
        measured,
        end: ended.map(|(_, ending)| end(&ending, direction, (answered_at.is_some(), rang))),
        is_recorded: of(HostedKind::Recording).next().is_some(),
    })
}

/// The order in which events are looked at, whatever the order they came in. Of two that are one,
/// it is the same that stays.
fn key(event: &HostedEvent) -> impl Ord + '_ {
    let HostedEvent { reference, kind, told, at, direction, number, extension, end } = event;
    (*kind, told, *at, *direction, number, extension, *end, reference)
}

fn weight(event: &HostedEvent, end: &Ending) -> (bool, bool, Instant, Ending, String) {
    (end.cause.is_some(), end.seconds.is_some(), event.at, *end, event.told.clone())
}

fn length(from: Instant, until: Instant) -> i64 {
    until.ms().saturating_sub(from.ms()).max(0)
}

/// The extension that answered goes before one that rang, and the later before the earlier.
fn extension(sorted: &[&HostedEvent]) -> Option<String> {
    let named = sorted.iter().filter_map(|event| Some((event, event.extension.as_ref()?)));
    let best = named.max_by_key(|(event, name)| {
        (event.kind == HostedKind::Answered, event.kind == HostedKind::Ended, event.at, *name)
    });
    best.map(|(_, name)| name.clone())
}

fn end(told: &Ending, direction: Option<Direction>, (was_answered, rang): (bool, bool)) -> End {
    let cause = match told.cause {
        _ if was_answered => EndCause::Answered,
        Some(cause) => cause,
        None if direction == Some(Direction::Out) => EndCause::Cancelled,
        None => EndCause::NoAnswer,
    };
    let by = told.by.unwrap_or(match cause {
        EndCause::Cancelled => EndedBy::Caller,
        _ => EndedBy::Far,
    });
    End { cause, by, status: told.status, q850: told.q850, rang }
}
