//! A meeting as a calendar file (iCalendar, RFC 5545), for whichever calendar a person keeps.

use super::{Meeting, MeetingState};
use crate::values::*;

/// Bytes of a line before it is folded, the break not counted.
const LINE_BYTES_MAX: usize = 75;

/// The calendar file of a meeting; `title` and `notes` are what it says.
pub fn file(meeting: &Meeting, title: &str, notes: &str, now: Instant) -> String {
    let state = match meeting.state {
        MeetingState::Booked | MeetingState::Held => "CONFIRMED",
        MeetingState::MissedByClient | MeetingState::MissedBySeller | MeetingState::Dropped => {
            "CANCELLED"
        }
    };
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Troika//Meetings//EN".to_owned(),
        "METHOD:PUBLISH".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}@troika", meeting.id),
        format!("SEQUENCE:{}", meeting.version),
        format!("DTSTAMP:{}", stamp(now)),
        format!("DTSTART:{}", stamp(meeting.starts_at)),
        format!("DTEND:{}", stamp(meeting.ends_at())),
        format!("SUMMARY:{}", escaped(title)),
        format!("LOCATION:{}", escaped(&meeting.place)),
        format!("DESCRIPTION:{}", escaped(notes)),
        format!("STATUS:{state}"),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    lines.iter().map(|line| folded(line)).collect()
}

/// `20261102T070000Z`.
fn stamp(at: Instant) -> String {
    let t = at.local(&Zone::utc());
    format!(
        "{:04}{:02}{:02}T{:02}{:02}{:02}Z",
        t.year(),
        t.month(),
        t.day(),
        t.hour(),
        t.minute(),
        t.second()
    )
}

/// Text as a property may hold it.
fn escaped(text: &str) -> String {
    let mut kept = String::new();
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => {
                kept.push('\\');
                kept.push(c);
            }
            '\n' => kept.push_str("\\n"),
            c if c.is_control() => {}
            c => kept.push(c),
        }
    }
    kept
}

/// A line broken so that none is longer than calendars take, never inside a letter.
fn folded(line: &str) -> String {
    let mut text = String::new();
    let mut bytes = 0;
    for c in line.chars() {
        if bytes + c.len_utf8() > LINE_BYTES_MAX {
            text.push_str("\r\n ");
            bytes = 1;
        }
        bytes += c.len_utf8();
        text.push(c);
    }
    text.push_str("\r\n");
    text
}
