//! Days of the Gregorian calendar, counted; `2026-03-01` in text.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A day, as the count of days since 1970-01-01. The text form has years 0001 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(i32);

/// The first and the last day that have a text form, as counts.
const FIRST: i32 = -719_162;
const LAST: i32 = 2_932_896;

/// A text is no day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a day is written as 2026-03-01 and stands in the calendar")]
pub struct NotADay;

impl Day {
    /// The day so many days after 1970-01-01.
    ///
    /// # Errors
    /// [`NotADay`] before the year 1 and after the year 9999.
    pub fn new(count: i32) -> Result<Self, NotADay> {
        if (FIRST..=LAST).contains(&count) { Ok(Self(count)) } else { Err(NotADay) }
    }

    /// The day of a year, a month (1 to 12) and a day of the month (1 to 31).
    ///
    /// # Errors
    /// [`NotADay`] when the calendar has no such day.
    pub fn of(year: i32, month: u8, day: u8) -> Result<Self, NotADay> {
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let length = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if is_leap => 29,
            2 => 28,
            _ => return Err(NotADay),
        };
        if !(1..=9_999).contains(&year) || !(1..=length).contains(&day) {
            return Err(NotADay);
        }
        // `days_from_civil` of H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
        let (month, day) = (i32::from(month), i32::from(day));
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
        Ok(Self(era * 146_097 + days - 719_468))
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn count(self) -> i32 {
        self.0
    }

    /// Year, month and day of the month.
    #[must_use]
    pub const fn parts(self) -> (i32, u8, u8) {
        // `civil_from_days` of the same source.
        let shifted = self.0 + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let turned = (5 * of_year + 2) / 153;
        let day = of_year - (153 * turned + 2) / 5 + 1;
        let month = if turned < 10 { turned + 3 } else { turned - 9 };
        let year = year + era * 400 + if month <= 2 { 1 } else { 0 };
        (year, month as u8, day as u8)
    }

    /// Months since the beginning of the year nought; two days of one month have one number.
    #[must_use]
    pub const fn month_number(self) -> i32 {
        let (year, month, _) = self.parts();
        year * 12 + month as i32 - 1
    }

    /// The day so many days later; none where the calendar of the text form ends.
    #[must_use]
    pub fn plus(self, days: i64) -> Option<Self> {
        let count = i64::from(self.0).checked_add(days)?;
        i32::try_from(count).ok().and_then(|count| Self::new(count).ok())
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Day {
    type Err = NotADay;

    fn from_str(text: &str) -> Result<Self, NotADay> {
        let is_shaped = text.len() == 10
            && text.bytes().enumerate().all(|(place, byte)| match place {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !is_shaped {
            return Err(NotADay);
        }
        let part = |from: usize, to: usize| text[from..to].parse::<u16>().map_err(|_| NotADay);
        let small = |from, to| part(from, to).and_then(|n| u8::try_from(n).map_err(|_| NotADay));
        Self::of(i32::from(part(0, 4)?), small(5, 7)?, small(8, 10)?)
    }
}

impl TryFrom<String> for Day {
    type Error = NotADay;

    fn try_from(text: String) -> Result<Self, NotADay> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}
