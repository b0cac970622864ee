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
    fn zoned(self, zone: &Zone) -> jiff::Zoned {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or_default().to_zoned(zone.0.clone())
    }
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
