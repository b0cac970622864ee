//! Public holidays of the countries that presets know, reckoned for any year.
//!
//! A day is fixed, the n-th or last weekday of a month, or so many days from Easter; where a law
//! gives another day for one that falls on a weekend, that day is free too. Holidays of regions,
//! and those a government sets from year to year, are not known.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan as _};

use crate::values::*;

codes! {
    /// Whose public holidays are kept.
    Calendar {
        /// Russia: Labour Code, article 112, without the days that are moved each year.
        Ru = "ru",
        /// The federal holidays of the United States: 5 U.S.C. 6103.
        Us = "us",
        /// The bank holidays of England and Wales.
        Gb = "gb",
        /// The holidays that all states of Germany share.
        De = "de",
        /// France: Code du travail, L3133-1.
        Fr = "fr",
        /// The federal holidays of Canada: Canada Labour Code, division V.
        Ca = "ca",
        /// The days that all states of Australia share, and the Monday that some give for a
        /// weekend.
        Au = "au",
        /// The days on which banks of the European Union rest (TARGET).
        Eu = "eu",
    }
}

/// The other countries of the European Union.
const OF_EU: [&str; 25] = [
    "AT", "BE", "BG", "CY", "CZ", "DK", "EE", "ES", "FI", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
    "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// A day of every year.
#[derive(Debug, Clone, Copy)]
enum Feast {
    /// Month and day.
    On(i8, i8),
    /// Month, weekday, which of them; −1 is the last.
    Nth(i8, Weekday, i8),
    /// Days from Easter Sunday of the western churches.
    Easter(i64),
    /// The Monday before that day of that month.
    MondayBefore(i8, i8),
}

/// What is free instead of a day on a weekend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Instead {
    /// Nothing.
    Nothing,
    /// Friday for Saturday, Monday for Sunday.
    Nearest,
    /// The next weekday that is not free itself.
    Next,
    /// The next weekday, for a Sunday only.
    NextOfSunday,
}

use Feast::*;
use Weekday::*;

const RU: [Feast; 14] = [
    On(1, 1),
    On(1, 2),
    On(1, 3),
    On(1, 4),
    On(1, 5),
    On(1, 6),
    On(1, 7),
    On(1, 8),
    On(2, 23),
    On(3, 8),
    On(5, 1),
    On(5, 9),
    On(6, 12),
    On(11, 4),
];
const US: [Feast; 11] = [
    On(1, 1),
    Nth(1, Monday, 3),
    Nth(2, Monday, 3),
    Nth(5, Monday, -1),
    On(6, 19),
    On(7, 4),
    Nth(9, Monday, 1),
    Nth(10, Monday, 2),
    On(11, 11),
    Nth(11, Thursday, 4),
    On(12, 25),
];
const GB: [Feast; 8] = [
    On(1, 1),
    Easter(-2),
    Easter(1),
    Nth(5, Monday, 1),
    Nth(5, Monday, -1),
    Nth(8, Monday, -1),
    On(12, 25),
    On(12, 26),
];
const DE: [Feast; 9] = [
    On(1, 1),
    Easter(-2),
    Easter(1),
    On(5, 1),
    Easter(39),
    Easter(50),
    On(10, 3),
    On(12, 25),
    On(12, 26),
];
const FR: [Feast; 11] = [
    On(1, 1),
    Easter(1),
    On(5, 1),
    On(5, 8),
    Easter(39),
    Easter(50),
    On(7, 14),
    On(8, 15),
    On(11, 1),
    On(11, 11),
    On(12, 25),
];
const CA: [Feast; 10] = [
    On(1, 1),
    Easter(-2),
    MondayBefore(5, 25),
    On(7, 1),
    Nth(9, Monday, 1),
    On(9, 30),
    Nth(10, Monday, 2),
    On(11, 11),
    On(12, 25),
    On(12, 26),
];
const AU: [Feast; 7] =
    [On(1, 1), On(1, 26), Easter(-2), Easter(1), On(4, 25), On(12, 25), On(12, 26)];
const EU: [Feast; 6] = [On(1, 1), Easter(-2), Easter(1), On(5, 1), On(12, 25), On(12, 26)];

impl Calendar {
    /// The holidays of a country; `None` where they are not known.
    pub fn of(country: Country) -> Option<Self> {
        let code = country.code();
        let own = code.to_ascii_lowercase().parse().ok();
        own.or_else(|| OF_EU.contains(&code).then_some(Self::Eu))
    }

    fn feasts(self) -> (&'static [Feast], Instead) {
        match self {
            Self::Ru => (&RU, Instead::Nothing),
            Self::Us => (&US, Instead::Nearest),
            Self::Gb => (&GB, Instead::Next),
            Self::De => (&DE, Instead::Nothing),
            Self::Fr => (&FR, Instead::Nothing),
            Self::Ca => (&CA, Instead::NextOfSunday),
            Self::Au => (&AU, Instead::Next),
            Self::Eu => (&EU, Instead::Nothing),
        }
    }

    /// True on a public holiday, or on the day that is free instead of one.
    pub fn is_holiday(self, day: Date) -> bool {
        let (feasts, instead) = self.feasts();
        if feasts.iter().any(|feast| feast.falls_on(day)) {
            return true;
        }
        // What is free instead stands at most three days from the feast: two of them on a weekend.
        let near = |days: i64| day.checked_add(Span::new().days(days)).ok();
        (-3..=1).filter_map(near).any(|feast| {
            feasts.iter().any(|one| one.falls_on(feast))
                && self.instead_of(feast, instead) == Some(day)
        })
    }

    fn instead_of(self, feast: Date, instead: Instead) -> Option<Date> {
        let weekday = feast.weekday();
        if !matches!(weekday, Saturday | Sunday) {
            return None;
        }
        match instead {
            Instead::Nothing => None,
            Instead::Nearest if weekday == Saturday => feast.yesterday().ok(),
            Instead::NextOfSunday if weekday == Saturday => None,
            Instead::Nearest => feast.tomorrow().ok(),
            Instead::Next | Instead::NextOfSunday => self.next_free(feast),
        }
    }

    /// The next weekday that is neither a feast nor taken by a feast of the day before.
    fn next_free(self, feast: Date) -> Option<Date> {
        let (feasts, _) = self.feasts();
        let is_feast = |day: Date| feasts.iter().any(|one| one.falls_on(day));
        // Of two feasts on one weekend the second takes the day after the first one's.
        let before = feast.yesterday().ok()?;
        let is_second = feast.weekday() == Sunday && is_feast(before);
        let mut day = feast;
        let mut left = if is_second { 2 } else { 1 };
        while left > 0 {
            day = day.tomorrow().ok()?;
            if !matches!(day.weekday(), Saturday | Sunday) && !is_feast(day) {
                left -= 1;
            }
        }
        Some(day)
    }
}

impl Feast {
    fn falls_on(self, day: Date) -> bool {
        match self {
            On(month, of_month) => (day.month(), day.day()) == (month, of_month),
            Nth(month, weekday, n) => {
                let nth = Date::new(day.year(), month, 1)
                    .and_then(|first| first.nth_weekday_of_month(n, weekday));
                nth.is_ok_and(|nth| nth == day)
            }
            Easter(days) => {
                let moved = easter(day.year()).and_then(|sunday| sunday.checked_add(days.days()));
                moved.is_ok_and(|moved| moved == day)
            }
            MondayBefore(month, of_month) => {
                let before = Date::new(day.year(), month, of_month)
                    .and_then(|date| date.nth_weekday(-1, Monday));
                before.is_ok_and(|before| before == day)
            }
        }
    }
}

/// Easter Sunday of the western churches: the anonymous Gregorian computus (Meeus, *Astronomical
/// Algorithms*, chapter 8).
fn easter(year: i16) -> Result<Date, jiff::Error> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    Date::new(year, i8::try_from(month).unwrap_or(1), i8::try_from(day).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn free(calendar: Calendar, year: i16) -> Vec<String> {
        let first = date(year, 1, 1);
        let days = first.series(1.days()).take_while(|day| day.year() == year);
        let free = days.filter(|day| calendar.is_holiday(*day));
        free.map(|day| day.strftime("%m-%d").to_string()).collect()
    }

    /// As the governments publish them, and for 2033 by the rule of the law.
    #[test]
    fn the_holidays_of_a_year_are_those_that_are_published() {
        let rows: [(Calendar, i16, &str); 11] = [
            (
                Calendar::Us,
                2026,
                "01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25",
            ),
            (
                Calendar::Us,
                2027,
                "01-01 01-18 02-15 05-31 06-18 06-19 07-04 07-05 09-06 \
                 10-11 11-11 11-25 12-24 12-25 12-31",
            ),
            (Calendar::Gb, 2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-26 12-28"),
            (Calendar::Gb, 2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-25 12-26 12-27 12-28"),
            (Calendar::Gb, 2033, "01-01 01-03 04-15 04-18 05-02 05-30 08-29 12-25 12-26 12-27"),
            (Calendar::De, 2026, "01-01 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26"),
            (
                Calendar::Fr,
                2026,
                "01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25",
            ),
            (Calendar::Ca, 2026, "01-01 04-03 05-18 07-01 09-07 09-30 10-12 11-11 12-25 12-26"),
            (Calendar::Au, 2026, "01-01 01-26 04-03 04-06 04-25 04-27 12-25 12-26 12-28"),
            (Calendar::Eu, 2026, "01-01 04-03 04-06 05-01 12-25 12-26"),
            (
                Calendar::Ru,
                2026,
                "01-01 01-02 01-03 01-04 01-05 01-06 01-07 01-08 02-23 \
                 03-08 05-01 05-09 06-12 11-04",
            ),
        ];
        for (calendar, year, expected) in rows {
            assert_eq!(free(calendar, year).join(" "), expected, "{calendar:?} {year}");
        }
    }

    #[test]
    fn a_country_keeps_its_own_holidays_or_those_of_its_union() {
        for (code, expected) in [
            ("RU", Some(Calendar::Ru)),
            ("GB", Some(Calendar::Gb)),
            ("DE", Some(Calendar::De)),
            ("PL", Some(Calendar::Eu)),
            ("KZ", None),
            ("CH", None),
        ] {
            let country = Country::from_code(code).expect("a country");
            assert_eq!(Calendar::of(country), expected, "{code}");
        }
    }

    #[test]
    fn easter_is_where_the_tables_have_it() {
        for (year, month, day) in
            [(1961, 4, 2), (2000, 4, 23), (2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2038, 4, 25)]
        {
            assert_eq!(easter(year).expect("a day"), date(year, month, day));
        }
    }
}
