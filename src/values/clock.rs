//! Instants, zones and where "now" comes from.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::civil;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// Milliseconds in a minute.
pub const MINUTE_MS: i64 = 60_000;
/// Milliseconds in an hour.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Milliseconds in a day of 24 hours.
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// A moment: milliseconds since 1970 in UTC.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Instant(pub i64);

impl Instant {
    /// Milliseconds since 1970 in UTC.
    pub fn ms(self) -> i64 {
        self.0
    }
    /// This moment moved by `ms` milliseconds; saturates at the ends of time.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }
    /// This moment moved by whole minutes.
    #[must_use]
    pub fn plus_minutes(self, minutes: i64) -> Self {
        self.plus_ms(minutes.saturating_mul(MINUTE_MS))
    }
    /// This moment moved by days of 24 hours.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_ms(days.saturating_mul(DAY_MS))
    }
    /// The wall-clock reading of this moment in a zone.
    pub fn local(self, zone: &Zone) -> civil::DateTime {
        self.zoned(zone).datetime()
    }
    /// The calendar day of this moment in a zone.
    pub fn day(self, zone: &Zone) -> civil::Date {
        self.local(zone).date()
    }
    /// RFC 3339 in UTC, as the API writes instants.
    pub fn rfc3339(self) -> String {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or_default().to_string()
    }
    /// Reads RFC 3339; `None` when it is not one.
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        text.trim().parse::<jiff::Timestamp>().ok().map(|t| Self(t.as_millisecond()))
    }
    /// The moment a wall clock in `zone` shows `at`; a time skipped or repeated by a clock change
    /// resolves as calendars do (the later offset for a gap, the earlier for a fold).
    pub fn from_local(at: civil::DateTime, zone: &Zone) -> Self {
        at.to_zoned(zone.0.clone()).map_or(Self(0), |z| Self(z.timestamp().as_millisecond()))
    }
    /// Reads a day as `<input type="date">` sends it (`2026-11-23`) or as people write it
    /// (`23.11.2026`): its midnight in `zone`. From 1990 to twenty years after `now`.
    pub fn typed_day(text: &str, zone: &Zone, now: Self) -> Result<Self, DayProblem> {
        let day = read_day(text.trim()).ok_or(DayProblem::NotADate)?;
        within_sight(day, zone, now)?;
        Ok(Self::from_local(day.at(0, 0, 0, 0), zone))
    }
    /// Reads a day and a time (`2026-11-23T14:05`, `23.11.2026 14:05`) within the same bounds.
    pub fn typed_day_time(text: &str, zone: &Zone, now: Self) -> Result<Self, DayProblem> {
        let (day, time) = text.trim().split_once(['T', ' ']).ok_or(DayProblem::NotADate)?;
        let day = read_day(day.trim_end_matches(',')).ok_or(DayProblem::NotADate)?;
        let time: civil::Time = time.trim().parse().map_err(|_| DayProblem::NotADate)?;
        within_sight(day, zone, now)?;
        Ok(Self::from_local(day.to_datetime(time), zone))
    }
    fn zoned(self, zone: &Zone) -> jiff::Zoned {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or_default().to_zoned(zone.0.clone())
    }
}

/// Why a typed day is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayProblem {
    /// The calendar has no such day.
    NotADate,
    /// Before 1990 or further than twenty years ahead: a slip of the keyboard.
    OutOfRange,
}

impl DayProblem {
    /// The code of the sentence that says so.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotADate => "not-a-date",
            Self::OutOfRange => "date-out-of-range",
        }
    }
}

/// The first year a person may type.
const YEAR_MIN: i16 = 1990;
/// How far ahead a person may type.
const YEARS_AHEAD_MAX: i16 = 20;

fn read_day(text: &str) -> Option<civil::Date> {
    let is_figures = |mark| text.bytes().all(|b| b.is_ascii_digit() || b == mark);
    let parts: Vec<&str> = text.split(['-', '.']).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    let (year, month, day) = if is_figures(b'-') {
        (first, second, third)
    } else if is_figures(b'.') {
        (third, second, first)
    } else {
        return None;
    };
    if year.len() != 4 {
        return None;
    }
    civil::Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn within_sight(day: civil::Date, zone: &Zone, now: Instant) -> Result<(), DayProblem> {
    let last = now.day(zone).year().saturating_add(YEARS_AHEAD_MAX);
    let is_near = (YEAR_MIN..=last).contains(&day.year());
    if is_near { Ok(()) } else { Err(DayProblem::OutOfRange) }
}

/// A time zone by its IANA name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone of that name, or UTC when the name is unknown.
    pub fn named(name: &str) -> Self {
        TimeZone::get(name).map_or_else(|_| Self::utc(), Self)
    }
    /// True when the name is a known zone.
    pub fn is_known(name: &str) -> bool {
        TimeZone::get(name).is_ok()
    }
    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }
    /// The IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }
}

/// Where "now" comes from: the system, or a hand that a test or the demo moves.
#[derive(Clone, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Self {
        Self(None)
    }
    /// A clock that stands at `now` until [`Clock::set`] moves it.
    pub fn standing(now: Instant) -> Self {
        Self(Some(Arc::new(AtomicI64::new(now.ms()))))
    }
    /// The present moment.
    #[expect(clippy::disallowed_methods, reason = "this is where every instant comes from")]
    pub fn now(&self) -> Instant {
        match &self.0 {
            Some(hand) => Instant(hand.load(Ordering::SeqCst)),
            None => Instant(jiff::Timestamp::now().as_millisecond()),
        }
    }
    /// Moves a standing clock; a system clock cannot be moved and stays.
    pub fn set(&self, now: Instant) {
        if let Some(hand) = &self.0 {
            hand.store(now.ms(), Ordering::SeqCst);
        }
    }
    /// Moves a standing clock forward by milliseconds.
    pub fn advance_ms(&self, ms: i64) {
        self.set(self.now().plus_ms(ms));
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now().rfc3339())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_days_are_read_in_the_zone_and_slips_are_told() {
        let moscow = Zone::named("Europe/Moscow");
        let now = Instant(1_793_602_800_000);
        let midnight = Ok(Instant(1_795_381_200_000));
        for (text, expected) in [
            ("2026-11-23", midnight),
            (" 23.11.2026 ", midnight),
            ("2026-02-30", Err(DayProblem::NotADate)),
            ("23.11.26", Err(DayProblem::NotADate)),
            ("2026.11-23", Err(DayProblem::NotADate)),
            ("", Err(DayProblem::NotADate)),
            ("1989-12-31", Err(DayProblem::OutOfRange)),
            ("2047-01-01", Err(DayProblem::OutOfRange)),
        ] {
            assert_eq!(Instant::typed_day(text, &moscow, now), expected, "{text}");
        }
    }

    #[test]
    fn typed_times_are_read_in_the_zone() {
        let moscow = Zone::named("Europe/Moscow");
        let now = Instant(1_793_602_800_000);
        for (text, expected) in [
            ("2026-11-02T10:00", Ok(now)),
            ("02.11.2026, 10:00", Ok(now)),
            ("2026-11-02", Err(DayProblem::NotADate)),
            ("2026-11-02T25:00", Err(DayProblem::NotADate)),
            ("1066-11-02T10:00", Err(DayProblem::OutOfRange)),
        ] {
            assert_eq!(Instant::typed_day_time(text, &moscow, now), expected, "{text}");
        }
    }
}
