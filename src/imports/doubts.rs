//! What looks wrong with how a file is read, told before anything of it is written. Nothing is
//! forbidden by it: a list may be as odd as it looks.

use super::Import;
use super::columns::{self, Meaning};
use super::row::quoted;
use crate::companies::alike::Remark;

/// Rows by which another delimiter is told.
const ROWS_MIN: usize = 2;

/// What looks wrong, each with its row and column.
pub(super) fn doubts(import: &Import) -> Vec<Remark> {
    let mut all: Vec<Remark> = Vec::new();
    if let Some((delimiter, width)) = import.found.otherwise {
        all.push(
            Remark::new("cut-otherwise")
                .with("delimiter", shown(import.reading.delimiter))
                .with("other", shown(delimiter))
                .with("count", width.to_string()),
        );
    }
    let row = import.reading.header_row;
    let is_of_rows = import.reading.has_header && import.reading.field_column == 0 && row > 0;
    if is_of_rows
        && !import.header.is_empty()
        && !columns::is_header(&import.header, import.found.country())
    {
        let first = import.header.iter().find(|cell| !cell.trim().is_empty());
        let value = quoted(first.map_or("", String::as_str));
        all.push(Remark::about("heading-is-row", value).with("line", row.to_string()));
    }
    all.extend(doubled(&import.header, &import.reading.meanings));
    all
}

/// Columns of one heading of which only the first is read.
fn doubled(header: &[String], meanings: &[Meaning]) -> Vec<Remark> {
    let same = |one: &str, other: &str| one.trim().to_lowercase() == other.trim().to_lowercase();
    let left_out = |place: &usize| meanings.get(*place) == Some(&Meaning::Ignore);
    (0..header.len())
        .filter(left_out)
        .filter_map(|second| {
            let heading = header[second].as_str();
            let first = (0..second).find(|first| same(&header[*first], heading))?;
            let is_read = !heading.trim().is_empty() && !left_out(&first);
            is_read.then(|| {
                Remark::about("heading-twice", quoted(heading))
                    .with("first", (first + 1).to_string())
                    .with("second", (second + 1).to_string())
            })
        })
        .collect()
}

/// A delimiter as it is shown.
fn shown(delimiter: char) -> String {
    if delimiter == '\t' { "⇥".to_owned() } else { delimiter.to_string() }
}

/// The delimiter that makes several columns of rows that are one column each, and how many.
pub(super) fn cut_otherwise(rows: &[Vec<String>]) -> Option<(char, usize)> {
    if rows.len() < ROWS_MIN || rows.iter().any(|row| row.len() > 1) {
        return None;
    }
    let text: Vec<&str> = rows.iter().filter_map(|row| Some(row.first()?.as_str())).collect();
    let text = text.join("\n");
    let delimiter = intake::csv::delimiter_of(&text);
    let widths: Vec<usize> = intake::csv::rows(&text, delimiter).map(|row| row.len()).collect();
    let first = *widths.first()?;
    let alike = widths.iter().filter(|width| **width == first).count();
    (first > 1 && alike * 10 >= widths.len() * 8).then_some((delimiter, first))
}
