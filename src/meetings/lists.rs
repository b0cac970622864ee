//! Which meetings a list is about.

use jiff::ToSpan as _;

use crate::values::*;

/// Days of a page of the calendar.
pub const PAGE_DAYS: i64 = 7;

/// On which side of a meeting one stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Talks.
    Host,
    /// Booked it.
    Booker,
}

impl Side {
    /// Both sides.
    pub const ALL: [Self; 2] = [Self::Host, Self::Booker];
    /// The code in the address.
    pub fn code(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Booker => "booker",
        }
    }
    /// The side of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|side| side.code() == code)
    }
}

/// From when until when, and on which side the asker stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Those that begin then or later.
    pub from: Instant,
    /// Those that begin before.
    pub until: Instant,
    /// Only where the asker stands on this side.
    pub side: Option<Side>,
}

impl Range {
    /// So many days beginning with the day of a moment.
    pub fn days(day: Instant, days: i64, side: Option<Side>, zone: &Zone) -> Self {
        let first = day.day(zone);
        let midnight = |date: jiff::civil::Date| Instant::from_local(date.at(0, 0, 0, 0), zone);
        let last = first.checked_add(days.days()).unwrap_or(first);
        Self { from: midnight(first), until: midnight(last), side }
    }
    /// The page of days before this one begins.
    pub fn before(&self, zone: &Zone) -> Instant {
        let first = self.from.day(zone);
        let earlier = first.checked_sub(PAGE_DAYS.days()).unwrap_or(first);
        Instant::from_local(earlier.at(0, 0, 0, 0), zone)
    }
}
