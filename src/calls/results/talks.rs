//! The talk that a caller agreed on, as it was typed or chosen.

use super::{Booking, CallForm, MEETING_MINUTES, SLOT, Situation, read_phrase};
use crate::values::*;

pub(super) fn read(form: &CallForm, on: &Situation<'_>, fields: &mut Fields) -> Option<Booking> {
    let (typed, chosen) = (form.meeting.trim(), form.meeting_slot.trim());
    let (field, starts_at) = match (typed.is_empty(), chosen.is_empty()) {
        (true, true) => return None,
        (false, true) => ("meeting", read_phrase(typed, "meeting", on, fields)),
        (true, false) => (SLOT, read_slot(chosen, on, fields)),
        (false, false) => {
            fields.note("meeting", "meeting-said-twice");
            return None;
        }
    };
    let minutes = match form.meeting_minutes.trim() {
        "" => MEETING_MINUTES,
        text => text.parse().unwrap_or(0),
    };
    if !(5..=480).contains(&minutes) {
        let bounds = vec![("min", "5".to_owned()), ("max", "480".to_owned())];
        fields.note_with("meeting_minutes", "out-of-range", bounds);
    }
    if form.meeting_place.chars().count() > 300 {
        fields.note_with("meeting_place", "too-long", vec![("max", "300".to_owned())]);
    }
    let place = form.meeting_place.trim().to_owned();
    Some(Booking { starts_at: starts_at?, field, minutes, place })
}

fn read_slot(text: &str, on: &Situation<'_>, fields: &mut Fields) -> Option<Instant> {
    let at = Instant::from_rfc3339(text);
    match at {
        None => fields.note(SLOT, "unknown-choice"),
        Some(at) if at <= on.now => fields.note(SLOT, "phrase-in-the-past"),
        Some(_) => {}
    }
    at.filter(|at| *at > on.now)
}
