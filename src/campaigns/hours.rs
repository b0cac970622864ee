//! Days and hours, reckoned in somebody's own zone: when a client may be called, and how many
//! working minutes have passed.

use jiff::civil::{Date, DateTime, Time, Weekday};

use super::holidays::Calendar;
use crate::values::*;

/// Minutes in a day.
pub const DAY_MINUTES: i64 = 24 * 60;
/// How far ahead an open hour is looked for: longer than any row of holidays.
const DAYS_AHEAD: i64 = 30;

/// Days of the week and the hours within them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallingHours {
    /// Bit 0 is Monday, bit 6 Sunday.
    pub days: i64,
    /// First minute of the day.
    pub from_minute: i64,
    /// The minute before which it ends.
    pub to_minute: i64,
    /// True where public holidays are free.
    pub holidays_off: bool,
    /// Whose holidays.
    pub calendar: Calendar,
}

impl Default for CallingHours {
    fn default() -> Self {
        Self {
            days: 0b001_1111,
            from_minute: 9 * 60,
            to_minute: 18 * 60,
            holidays_off: true,
            calendar: Calendar::Ru,
        }
    }
}

impl CallingHours {
    /// The usual hours, with the holidays of the country; where those are not known, every day
    /// counts as the weekday it is.
    pub fn of(country: Country) -> Self {
        let calendar = Calendar::of(country);
        let usual = Self::default();
        Self {
            holidays_off: calendar.is_some(),
            calendar: calendar.unwrap_or(usual.calendar),
            ..usual
        }
    }

    /// True when that weekday (0 is Monday) is one of the days.
    pub fn has_day(self, index: i64) -> bool {
        (0..7).contains(&index) && self.days & (1 << index) != 0
    }

    /// True when the day is neither closed nor a holiday.
    pub fn is_working_day(self, day: Date) -> bool {
        let index = i64::from(day.weekday().to_monday_zero_offset());
        self.has_day(index) && !self.is_day_off(day)
    }

    /// True when the day is free as a public holiday.
    pub fn is_day_off(self, day: Date) -> bool {
        self.holidays_off && self.calendar.is_holiday(day)
    }

    /// True when it is open at that moment in that zone.
    pub fn is_open(self, at: Instant, zone: &Zone) -> bool {
        let local = at.local(zone);
        let minute = minute_of(local);
        self.is_working_day(local.date()) && minute >= self.from_minute && minute < self.to_minute
    }

    /// The moment itself when it is open, else the next opening; `None` when it never opens.
    pub fn next_open(self, at: Instant, zone: &Zone) -> Option<Instant> {
        if self.is_open(at, zone) {
            return Some(at);
        }
        self.openings(at, zone).find(|opens| *opens > at)
    }

    /// When it closes, if it is open.
    pub fn closes_at(self, at: Instant, zone: &Zone) -> Option<Instant> {
        self.is_open(at, zone).then(|| at_minute(at.day(zone), self.to_minute, zone))
    }

    /// The moment at which so many open minutes will have passed.
    pub fn after_working_minutes(self, at: Instant, minutes: i64, zone: &Zone) -> Instant {
        let mut left = minutes.max(0) * MINUTE_MS;
        let mut moment = at;
        // A month is many rows of closed days; should it never open, plain minutes count.
        for _ in 0..400 {
            let Some(opens) = self.next_open(moment, zone) else { break };
            let closes = at_minute(opens.day(zone), self.to_minute, zone);
            let span = closes.ms() - opens.ms();
            if span <= 0 {
                break;
            }
            if left <= span {
                return opens.plus_ms(left);
            }
            left -= span;
            moment = closes;
        }
        moment.plus_ms(left)
    }

    fn openings(self, at: Instant, zone: &Zone) -> impl Iterator<Item = Instant> {
        let first = at.day(zone);
        (0..DAYS_AHEAD).filter_map(move |days| {
            let day = first.checked_add(jiff::Span::new().days(days)).ok()?;
            self.is_working_day(day).then(|| at_minute(day, self.from_minute, zone))
        })
    }
}

/// The moment of that minute of a day.
pub fn at_minute(day: Date, minute: i64, zone: &Zone) -> Instant {
    if minute >= DAY_MINUTES {
        let next = day.tomorrow().unwrap_or(day);
        return Instant::from_local(next.to_datetime(Time::midnight()), zone);
    }
    let hour = i8::try_from(minute / 60).unwrap_or(0);
    let minute = i8::try_from(minute % 60).unwrap_or(0);
    Instant::from_local(day.at(hour, minute, 0, 0), zone)
}

fn minute_of(at: DateTime) -> i64 {
    i64::from(at.hour()) * 60 + i64::from(at.minute())
}

/// Monday of the week, for those who count in weeks.
pub fn weekday_index(day: Date) -> i64 {
    i64::from(day.weekday().to_monday_zero_offset())
}

/// The weekday of an index from Monday.
pub fn weekday(index: i8) -> Weekday {
    Weekday::from_monday_zero_offset(index).unwrap_or(Weekday::Monday)
}
