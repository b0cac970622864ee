//! Which column holds the names: told by what it is called and by what stands in it.

use std::cmp::Reverse;
use std::collections::HashMap;

use linkage::normalise;

use super::headings::{Surety, surety};
use super::{Meaning, VALUES_MAX, of_heading, share, values};

/// Values by which a column is known to say the same again and again.
const VALUES_MIN: usize = 8;
/// Of a hundred rows a column of names says something in at least so many.
const FILLED_MIN: usize = 10;

/// Of several columns that may hold the names the surest keeps the meaning. One that says the same
/// in most rows, or nothing, is the last choice, and none where its heading is of something else.
pub(super) fn keep_surest(header: &[String], guessed: &mut [Meaning], rows: &[Vec<String>]) {
    let named: Vec<usize> =
        (0..guessed.len()).filter(|column| guessed[*column] == Meaning::Name).collect();
    let kept = named.iter().copied().min_by_key(|column| {
        let (surety, has_forms) = sure(header, rows, *column);
        (is_dull(rows, *column), Reverse((surety, has_forms)), *column)
    });
    let Some(kept) = kept else { return };
    let full = guessed.iter().position(|meaning| *meaning == Meaning::FullName);
    let is_replaced = full.is_some_and(|full| !is_dull(rows, full));
    let is_elses = sure(header, rows, kept).0 == Surety::Else;
    let is_none = is_dull(rows, kept) && (is_replaced || is_elses);
    for column in named {
        if column != kept || is_none {
            guessed[column] = Meaning::Ignore;
        }
    }
}

/// How surely a column is one of names by its heading, and whether its values have legal forms.
fn sure(header: &[String], rows: &[Vec<String>], column: usize) -> (Surety, bool) {
    let heading = header.get(column).map_or("", String::as_str);
    let is_called = of_heading(heading) == Meaning::Name;
    let surety = if is_called { surety(heading) } else { Surety::Any };
    let forms = share(&values(rows, column), |value| normalise::name(value).form.is_some());
    (surety, forms > 60)
}

/// True for a column that says the same in most rows, or nothing in nearly all.
pub(super) fn is_dull(rows: &[Vec<String>], column: usize) -> bool {
    let values = values(rows, column);
    let looked = rows.len().min(VALUES_MAX);
    if values.len() * 100 < looked * FILLED_MIN && looked >= VALUES_MIN {
        return true;
    }
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for value in &values {
        *counts.entry(value).or_default() += 1;
    }
    let most = counts.into_values().max().unwrap_or(0);
    values.len() >= VALUES_MIN && most * 2 > values.len()
}
