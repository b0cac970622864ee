//! Parts of plans and terms as they are typed, and as they are written back: what is written reads
//! as the same part again.

use compensation::{Day, Level, Pay, Row, Share};

use super::super::facts::{day as counted, sum};
use super::draft::percent;
use super::{day, number};
use crate::values::*;
pub(super) use crate::web::forms::tick;

pub(super) fn typed(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

pub(super) fn unknown(field: &'static str) -> Error {
    Fields::one(field, "unknown-choice")
}

pub(super) fn not_read(field: &'static str) -> Error {
    Fields::one(field, "pay-not-read")
}

pub(super) fn missing(field: &'static str) -> Error {
    Fields::one(field, "required")
}

/// A sum as it is typed.
pub(super) fn money(
    field: &'static str,
    text: &str,
    currency: Currency,
) -> Outcome<compensation::Money> {
    let typed = Money::typed(text, currency);
    sum(typed.map_err(|problem| Fields::one(field, problem.code()))?)
}

/// A sum of money; nothing where nothing is typed.
pub(super) fn optional_sum(
    field: &'static str,
    text: &str,
    currency: Currency,
) -> Outcome<Option<Money>> {
    let typed = typed(text).map(|text| Money::typed(text, currency)).transpose();
    typed.map_err(|problem| Fields::one(field, problem.code()))
}

/// A percentage, or a fraction such as `1/3`, which no percentage says whole.
pub(super) fn part(field: &'static str, text: &str) -> Outcome<Share> {
    if text.contains('/') {
        return text.trim().parse().map_err(|_| Fields::one(field, "pay-percent"));
    }
    percent(field, text).map(Share)
}

/// What a part leaves of the whole.
pub(super) fn rest_of(field: &'static str, Share(part): Share) -> Outcome<Share> {
    let rest = part.denominator().checked_sub(part.numerator());
    let rest = rest.and_then(|rest| ledger::Rate::new(rest, part.denominator()).ok());
    rest.map(Share).ok_or_else(|| Fields::one(field, "pay-percent"))
}

/// A height: a share of the quota, money, or a whole number.
pub(super) fn level(
    field: &'static str,
    text: &str,
    (is_money, currency): (bool, Currency),
) -> Outcome<Option<Level>> {
    let Some(text) = typed(text) else { return Ok(None) };
    Ok(Some(if text.contains(['%', '/']) {
        Level::Share(part(field, text)?)
    } else if is_money {
        Level::Money(money(field, text, currency)?)
    } else {
        Level::Whole(number(field, text)?)
    }))
}

/// What is paid: a share of the money, or a sum.
pub(super) fn pay(field: &'static str, text: &str, currency: Currency) -> Outcome<Pay> {
    if text.contains(['%', '/']) {
        return part(field, text).map(Pay::Share);
    }
    money(field, text, currency).map(Pay::Money)
}

/// Rows, one a line: `0 – 10 000: 5 %`, the last `25 000: 10 %` without an end.
pub(super) fn rows(
    field: &'static str,
    text: &str,
    (is_money, currency): (bool, Currency),
) -> Outcome<Vec<Row>> {
    let height = |text: &str| level(field, text, (is_money, currency));
    let mut rows = Vec::new();
    for line in text.lines().filter_map(typed) {
        let (heights, pays) = line.rsplit_once(':').ok_or_else(|| not_read(field))?;
        let parts = heights.split_once(['–', '-']);
        let (over, up_to) = parts.map_or((heights, ""), |(over, up_to)| (over, up_to));
        let pays = pay(field, pays, currency)?;
        let over = height(over)?.ok_or_else(|| not_read(field))?;
        rows.push(Row { over, up_to: height(up_to)?, pays });
    }
    Ok(rows)
}

/// A day of the firm's calendar, as the engine has it.
pub(super) fn calendar_day(field: &'static str, text: &str) -> Outcome<Option<Day>> {
    typed(text).map(|text| counted(day(field, text)?)).transpose()
}

/// A sum of a plan as it is written in a field.
pub(super) fn sum_text(minor: i64, currency: Currency) -> String {
    Money::new(minor, currency).typed_text()
}

pub(super) fn level_text(level: Level, currency: Currency) -> String {
    match level {
        Level::Whole(whole) => whole.to_string(),
        Level::Money(sum) => sum_text(sum.minor(), currency),
        Level::Share(part) => part.to_string(),
    }
}

pub(super) fn pay_text(pays: Pay, currency: Currency) -> String {
    match pays {
        Pay::Money(sum) => sum_text(sum.minor(), currency),
        Pay::Share(part) => part.to_string(),
    }
}

pub(super) fn rows_text(rows: &[Row], currency: Currency) -> String {
    let line = |row: &Row| {
        let over = level_text(row.over, currency);
        let heights = row
            .up_to
            .map_or(over.clone(), |up_to| format!("{over} – {}", level_text(up_to, currency)));
        format!("{heights}: {}", pay_text(row.pays, currency))
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

pub(super) fn day_text(day: Option<Day>) -> String {
    day.map_or(String::new(), |day| day.to_string())
}
