//! Columns that a person names as they bring a file go before what is guessed.

use super::*;
use crate::imports::columns::{self, Named};

/// Columns that are listed where a person names one that is not there.
const LISTED_MAX: usize = 60;

/// Takes over what a person said; true where they said something.
pub(super) fn take(looked: &mut Looked, named: &[Named]) -> Outcome<bool> {
    let width = looked.reading.meanings.len();
    let mut known: Vec<Option<Meaning>> = vec![None; width];
    for one in named {
        let place = columns::place(&looked.header, width, &one.heading);
        let place = place.ok_or_else(|| unknown(&looked.header, width, &one.heading))?;
        if known[place].replace(one.meaning).is_some() {
            return Err(said_twice(&looked.header, place));
        }
    }
    columns::settle(&mut looked.reading.meanings, &known);
    check_meanings(&looked.reading.meanings)?;
    Ok(!named.is_empty())
}

/// Which of two meanings of a column somebody meant is not guessed.
fn said_twice(header: &[String], place: usize) -> Error {
    let heading = header.get(place).map_or("", |heading| heading.trim());
    let called = if heading.is_empty() { (place + 1).to_string() } else { heading.to_owned() };
    let mut fields = Fields::default();
    fields.note_with("column", "column-said-twice", vec![("heading", called)]);
    Error::Invalid(fields)
}

fn unknown(header: &[String], width: usize, heading: &str) -> Error {
    let called = header.iter().map(|heading| format!("“{}”", heading.trim()));
    let listed: Vec<String> = called.take(LISTED_MAX).collect();
    let known = if header.is_empty() { format!("1–{width}") } else { listed.join(", ") };
    let mut fields = Fields::default();
    let args = vec![("heading", heading.to_owned()), ("known", known)];
    fields.note_with("column", "column-unknown", args);
    Error::Invalid(fields)
}
