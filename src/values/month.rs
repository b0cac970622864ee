//! Calendar months: what pay is closed by and clients are kept for. A month begins at midnight in
//! the zone of the firm.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, date};

use super::{Instant, Zone};

/// A calendar month, written `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// The month an instant lies in, as the firm's wall clock shows it.
    pub fn of(at: Instant, zone: &Zone) -> Self {
        let day = at.day(zone);
        Self { year: day.year(), month: day.month() }
    }
    /// The month after this.
    #[must_use]
    pub fn next(self) -> Self {
        if self.month == 12 {
            Self { year: self.year.saturating_add(1), month: 1 }
        } else {
            Self { month: self.month + 1, ..self }
        }
    }
    /// The month before this.
    #[must_use]
    pub fn before(self) -> Self {
        if self.month == 1 {
            Self { year: self.year.saturating_sub(1), month: 12 }
        } else {
            Self { month: self.month - 1, ..self }
        }
    }
    /// Its first day.
    pub fn first_day(self) -> Date {
        date(self.year, self.month, 1)
    }
    /// How many days it has.
    pub fn days(self) -> i64 {
        i64::from(self.first_day().days_in_month())
    }
    /// Its first instant.
    pub fn starts_at(self, zone: &Zone) -> Instant {
        midnight(self.first_day(), zone)
    }
    /// The first instant after it.
    pub fn ends_at(self, zone: &Zone) -> Instant {
        self.next().starts_at(zone)
    }
    /// Whole days of this month before `at`, from nought to [`Month::days`].
    pub fn days_before(self, at: Instant, zone: &Zone) -> i64 {
        let day = at.day(zone);
        if day < self.first_day() {
            0
        } else if day >= self.next().first_day() {
            self.days()
        } else {
            i64::from(day.day()) - 1
        }
    }
}

/// The instant a day begins in a zone.
pub fn midnight(day: Date, zone: &Zone) -> Instant {
    Instant::from_local(day.at(0, 0, 0, 0), zone)
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (year, month) = text.split_once('-').ok_or(())?;
        let are_digits = year.bytes().chain(month.bytes()).all(|byte| byte.is_ascii_digit());
        if year.len() != 4 || month.len() != 2 || !are_digits {
            return Err(());
        }
        let read =
            Self { year: year.parse().map_err(|_| ())?, month: month.parse().map_err(|_| ())? };
        if (2000..=2199).contains(&read.year) && (1..=12).contains(&read.month) {
            Ok(read)
        } else {
            Err(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::HOUR_MS;
    use super::*;

    #[test]
    fn a_month_ends_at_midnight_of_each_russian_zone() {
        for (zone, offset_hours) in [
            ("Europe/Kaliningrad", 2),
            ("Europe/Moscow", 3),
            ("Europe/Samara", 4),
            ("Asia/Yekaterinburg", 5),
            ("Asia/Omsk", 6),
            ("Asia/Krasnoyarsk", 7),
            ("Asia/Irkutsk", 8),
            ("Asia/Yakutsk", 9),
            ("Asia/Vladivostok", 10),
            ("Asia/Magadan", 11),
            ("Asia/Kamchatka", 12),
        ] {
            let zone_name = zone;
            let zone = Zone::named(zone);
            for (month, first_of_next) in [
                ("2026-10", "2026-11-01T00:00:00Z"),
                ("2026-12", "2027-01-01T00:00:00Z"),
                ("2027-02", "2027-03-01T00:00:00Z"),
                ("2028-02", "2028-03-01T00:00:00Z"),
            ] {
                let month: Month = month.parse().expect("a month");
                let first = Instant::from_rfc3339(first_of_next).expect("an instant");
                let end = first.plus_ms(-offset_hours * HOUR_MS);
                assert_eq!(month.next().starts_at(&zone), end, "{month} in {zone_name}");
                assert_eq!(Month::of(end.plus_ms(-1), &zone), month, "{month} in {zone_name}");
                assert_eq!(Month::of(end, &zone), month.next(), "{month} in {zone_name}");
                assert_eq!(month.ends_at(&zone), end);
            }
        }
    }

    #[test]
    fn months_follow_one_another() {
        for (text, next) in [("2026-10", "2026-11"), ("2026-12", "2027-01"), ("2028-02", "2028-03")]
        {
            let month: Month = text.parse().expect("a month");
            assert_eq!(month.next().to_string(), next);
            assert_eq!(month.next().before(), month);
        }
        for text in ["2026-13", "2026-00", "2026", "x-01", "99999-01", "-1-01"] {
            assert_eq!(text.parse::<Month>(), Err(()), "{text}");
        }
    }
}
