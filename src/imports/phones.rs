//! What the columns of telephones gave and what they did not: none of it is dropped without a word.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::columns::{self, Meaning};
use super::draft::Draft;
use super::row::Row;

/// A cell of a row that holds telephones, or looks so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneCell {
    /// Its column, from nought.
    pub column: usize,
    /// What of it is no number, with the code of the reason.
    pub unread: Option<(&'static str, String)>,
    /// False where its column is left out.
    pub is_read: bool,
    /// True where it looks like a telephone.
    pub looks_alike: bool,
}

impl PhoneCell {
    /// One of a column of telephones.
    pub fn read(column: usize) -> Self {
        Self { column, unread: None, is_read: true, looks_alike: true }
    }
}

/// A column of telephones of which something was not read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PhoneColumn {
    /// Which, from nought.
    pub column: usize,
    /// True where it is left out, though it looks like telephones or is called so.
    pub is_left_out: bool,
    /// Rows in which it says something.
    pub filled: i64,
    /// Those of them in which something could not be read.
    pub unread: i64,
    /// The code of the commonest reason.
    pub why: String,
    /// A text that could not be read for that reason.
    pub example: String,
}

/// The share of a column's cells that must look like telephones, where no heading says so.
const ALIKE_MIN: i64 = 60;
/// Digits of a number with its area code.
const DIGITS: std::ops::RangeInclusive<usize> = 9..=15;

/// What looks like a telephone by its signs, whether some country has it or not: a plus, a bracket
/// or a nought in front, or several groups that are not those of a sum.
pub(super) fn looks_alike(cell: &str) -> bool {
    let text = cell.trim().trim_start_matches('\'');
    let is_sign = |c: char| c.is_whitespace() || "+()-.‐‑–/".contains(c);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if !DIGITS.contains(&digits) || !text.chars().all(|c| c.is_ascii_digit() || is_sign(c)) {
        return false;
    }
    let groups: Vec<&str> = text.split(is_sign).filter(|group| !group.is_empty()).collect();
    let is_sum = groups.iter().skip(1).all(|group| group.len() == 3) && !text.contains(['(', '-']);
    text.starts_with(['+', '(', '0']) || groups.len() >= 3 && !is_sum
}

/// Cells of a row that are left out though they may be telephones: the column is called so, or is
/// called nothing that is known.
pub(super) fn left_out(row: &Row<'_>) -> Vec<PhoneCell> {
    let meanings = row.shape.meanings.iter().enumerate();
    let ignored = meanings.filter(|(_, meaning)| **meaning == Meaning::Ignore);
    let of_cell = |(column, _): (usize, &Meaning)| {
        let cell = row.cells.get(column).filter(|cell: &&String| !cell.trim().is_empty())?;
        let is_called_so = match row.shape.called.get(column) {
            Some(Meaning::Phones) => true,
            None | Some(Meaning::Ignore) => false,
            Some(_) => return None,
        };
        let looks_alike = is_called_so || looks_alike(cell);
        Some(PhoneCell { column, unread: None, is_read: false, looks_alike })
    };
    ignored.filter_map(of_cell).collect()
}

/// Counts what the columns of telephones gave.
#[derive(Debug, Default)]
pub(super) struct Tally(BTreeMap<usize, Counted>);

#[derive(Debug, Default)]
struct Counted {
    is_left_out: bool,
    filled: i64,
    alike: i64,
    unread: i64,
    why: BTreeMap<&'static str, (i64, String)>,
}

impl Tally {
    /// Counts the cells of one more row.
    pub fn add(&mut self, draft: &Draft) {
        for cell in &draft.phone_cells {
            let counted = self.0.entry(cell.column).or_default();
            counted.is_left_out = !cell.is_read;
            counted.filled += 1;
            counted.alike += i64::from(cell.looks_alike);
            counted.unread += i64::from(cell.unread.is_some());
            if let Some((code, text)) = &cell.unread {
                let why = counted.why.entry(code).or_insert_with(|| (0, text.clone()));
                why.0 += 1;
            }
        }
    }

    /// The columns of which something is to be told.
    pub fn columns(self) -> Vec<PhoneColumn> {
        let is_told = |counted: &Counted| match counted.is_left_out {
            true => counted.alike * 100 > counted.filled * ALIKE_MIN,
            false => counted.unread > 0,
        };
        let told = self.0.into_iter().filter(|(_, counted)| is_told(counted));
        told.map(|(column, counted)| {
            let most = counted.why.into_iter().max_by_key(|(_, (count, _))| *count);
            let (why, example) =
                most.map_or_else(Default::default, |(code, (_, text))| (code.to_owned(), text));
            PhoneColumn {
                column,
                is_left_out: counted.is_left_out,
                filled: counted.filled,
                unread: counted.unread,
                why,
                example,
            }
        })
        .collect()
    }
}

/// What each column is called, as far as its words are known.
pub(super) fn called(header: &[String]) -> Vec<Meaning> {
    header.iter().map(|heading| columns::of_heading(heading)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephones_are_told_from_sums_dates_and_registrations() {
        for (cell, expected) in [
            ("020 7946 0958", true),
            ("(0131) 496 0778", true),
            ("+44 20 7946 0958", true),
            ("'+442079460958", true),
            ("07700900123", true),
            ("212-555-0123", true),
            ("8 (495) 963-76-77", true),
            ("1 234 567 890", false),
            ("2026-11-28 10:00", false),
            ("28.11.2026", false),
            ("1027700132195", false),
            ("7714239823", false),
            ("4506 123456", false),
            ("GB123 4567 89", false),
            ("01234567", false),
            ("", false),
        ] {
            assert_eq!(looks_alike(cell), expected, "{cell}");
        }
    }
}
