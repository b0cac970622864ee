//! A calendar month of the firm's zone, for which clients are kept.

use std::fmt;
use std::str::FromStr;

use jiff::civil;

use crate::values::{Instant, Zone};

/// A month of a year, written `2026-10`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// The month of an instant in a zone.
    pub fn of(at: Instant, zone: &Zone) -> Self {
        let day = at.day(zone);
        Self { year: day.year(), month: day.month() }
    }
    /// The month after.
    #[must_use]
    pub fn next(self) -> Self {
        if self.month == 12 {
            Self { year: self.year.saturating_add(1), month: 1 }
        } else {
            Self { month: self.month + 1, ..self }
        }
    }
    /// The month before.
    #[must_use]
    pub fn previous(self) -> Self {
        if self.month == 1 {
            Self { year: self.year.saturating_sub(1), month: 12 }
        } else {
            Self { month: self.month - 1, ..self }
        }
    }
    /// Its first moment in a zone.
    pub fn starts_at(self, zone: &Zone) -> Instant {
        Instant::from_local(civil::date(self.year, self.month, 1).at(0, 0, 0, 0), zone)
    }
    /// Its last millisecond in a zone.
    pub fn last_moment(self, zone: &Zone) -> Instant {
        self.next().starts_at(zone).plus_ms(-1)
    }
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
        let year = year.parse().map_err(|_| ())?;
        let month = month.parse().map_err(|_| ())?;
        if (1..=12).contains(&month) && (0..=9999).contains(&year) {
            Ok(Self { year, month })
        } else {
            Err(())
        }
    }
}
