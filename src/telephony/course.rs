//! The course of an attempt out of what was told of it: a pure fold.
//!
//! It depends on which events came, not on how often or in which order. What carries a later number
//! than the end of its call changes nothing, unless it is of a recording or a statistic.

use std::collections::BTreeMap;

use super::port::{CallEvent, CallEventKind};
use super::{End, Measured, State};

/// What is known of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// How far it is.
    pub state: State,
    /// Its times.
    pub measured: Measured,
    /// How it ended, once the end and its cause are both known.
    pub end: Option<End>,
}

/// What the events say together.
pub fn fold<'a>(events: impl IntoIterator<Item = &'a CallEvent>) -> Course {
    let mut by_seq = BTreeMap::new();
    for event in events {
        by_seq.entry(event.seq).or_insert(event);
    }
    let mut course = Course { state: State::Taken, measured: Measured::default(), end: None };
    let (mut cause, mut is_over) = (None, false);
    for event in by_seq.into_values() {
        if is_over {
            break;
        }
        let (measured, at) = (&mut course.measured, Some(event.at));
        match &event.kind {
            CallEventKind::Dialling => {
                course.state = course.state.max(State::Dialling);
                measured.dialled_at = at;
            }
            CallEventKind::Ringing { .. } => {
                course.state = course.state.max(State::Ringing);
                measured.rang_at = measured.rang_at.or(at);
            }
            CallEventKind::Answered => {
                course.state = course.state.max(State::Answered);
                measured.answered_at = measured.answered_at.or(at);
            }
            CallEventKind::LegEnded { end } => cause = Some(*end),
            CallEventKind::Refused { end } => {
                (cause, is_over) = (Some(*end), true);
                measured.ended_at = at;
            }
            CallEventKind::Ended { talk_ms, ring_ms } => {
                is_over = true;
                measured.ended_at = at;
                measured.talk_ms = Some(*talk_ms);
                measured.ring_ms = Some(*ring_ms);
            }
            _ => {}
        }
    }
    if is_over {
        course.state = State::Ended;
        course.end = cause;
    }
    course
}
