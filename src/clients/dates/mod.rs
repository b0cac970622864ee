//! An important date of a person at a client: a birthday, a jubilee, whatever they told us.
//!
//! Invariants:
//! - a day and a month that the calendar has, with the year where it is known; 29 February is kept
//!   on the 28th in years without it;
//! - some days ahead of it, once a year, it becomes a task of whoever leads the client then.
//!
//! Neighbours: part of `clients`; leaves `tasks`.

pub mod actions;
mod store;
#[cfg(test)]
mod tests;

use jiff::civil::{self, Date};

use crate::values::*;

/// The longest name of a person and of what they celebrate.
pub const TEXT_CHARS_MAX: usize = 120;
/// How many days ahead the task appears, where nobody says otherwise.
pub const DAYS_AHEAD: i64 = 7;
/// The furthest a task may be ahead of its date: never beyond the second month after this one,
/// which is how far the daily look reaches.
pub const DAYS_AHEAD_MAX: i64 = 45;
/// The earliest year a date may have: older people are not called upon.
const YEAR_MIN: i64 = 1900;

/// A date to be noted.
#[derive(Debug, Clone)]
pub struct NewDate {
    /// The person of the base, where it is theirs.
    pub contact: Option<ContactId>,
    /// Whose it is, in words: "director's grandson Pyotr".
    pub person_name: String,
    /// What it is.
    pub what: String,
    /// The month, 1 to 12.
    pub month: i64,
    /// The day of the month.
    pub day: i64,
    /// The year, where it is known.
    pub year: Option<i64>,
    /// How many days ahead the task appears.
    pub days_ahead: i64,
}

impl NewDate {
    /// What is wrong with it; this year is the latest it may have begun in.
    pub fn check(&self, this_year: i64) -> Fields {
        let mut fields = Fields::default();
        let name = if self.contact.is_some() { "-" } else { self.person_name.as_str() };
        for (field, text) in [("person_name", name), ("what", self.what.as_str())] {
            if text.trim().is_empty() {
                fields.note(field, "required");
            } else if text.chars().count() > TEXT_CHARS_MAX {
                fields.note_with(field, "too-long", vec![("max", TEXT_CHARS_MAX.to_string())]);
            }
        }
        if self.year.is_some_and(|year| !(YEAR_MIN..=this_year).contains(&year)) {
            let bounds = vec![("min", YEAR_MIN.to_string()), ("max", this_year.to_string())];
            fields.note_with("year", "out-of-range", bounds);
        }
        // Without a year any day that some year has will do: 2024 has them all.
        let year = self.year.unwrap_or(2024);
        if day_of(year, self.month, self.day).is_none() {
            fields.note("day", "not-a-day");
        }
        if !(0..=DAYS_AHEAD_MAX).contains(&self.days_ahead) {
            let bounds = vec![("min", "0".to_owned()), ("max", DAYS_AHEAD_MAX.to_string())];
            fields.note_with("days_ahead", "out-of-range", bounds);
        }
        fields
    }
}

/// An important date of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportantDate {
    /// Its id.
    pub id: ImportantDateId,
    /// Where the person belongs.
    pub company: CompanyId,
    /// The person of the base, where it is theirs.
    pub contact: Option<ContactId>,
    /// Whose it is, in words.
    pub person_name: String,
    /// What it is.
    pub what: String,
    /// The month, 1 to 12.
    pub month: i64,
    /// The day of the month.
    pub day: i64,
    /// The year, where it is known.
    pub year: Option<i64>,
    /// How many days ahead the task appears.
    pub days_ahead: i64,
}

impl ImportantDate {
    /// The next time it comes, today included.
    pub fn next_from(&self, today: Date) -> Option<Date> {
        let this_year = i64::from(today.year());
        (this_year..=this_year + 1)
            .filter_map(|year| kept_on(year, self.month, self.day))
            .find(|day| *day >= today)
    }
    /// The time for which a task is due to exist today: it comes within the days ahead.
    pub fn due(&self, today: Date) -> Option<Date> {
        let next = self.next_from(today)?;
        let days = today.until(next).ok()?.get_days();
        (i64::from(days) <= self.days_ahead).then_some(next)
    }
    /// The key under which its task of that time is asked for once.
    pub fn once(&self, next: Date) -> String {
        format!("date:{}:{}", self.id, next.year())
    }
}

/// The day a date is kept on in a year: 29 February on the 28th where there is no 29th.
fn kept_on(year: i64, month: i64, day: i64) -> Option<Date> {
    let is_leap_day = (month, day) == (2, 29);
    day_of(year, month, day).or_else(|| is_leap_day.then(|| day_of(year, 2, 28)).flatten())
}

fn day_of(year: i64, month: i64, day: i64) -> Option<Date> {
    let year = i16::try_from(year).ok()?;
    civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}
