//! Which stretch of days is looked at.

use crate::values::*;

/// The longest stretch that can be asked for.
const DAYS_MAX: i64 = 731;

/// How the stretch is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Chosen {
    /// From the first of this month.
    #[default]
    Month,
    /// The month before.
    LastMonth,
    /// Ninety days, today included.
    Days90,
    /// Between two days, both included.
    Custom,
}

impl Chosen {
    /// Every choice.
    pub const ALL: [Self; 4] = [Self::Month, Self::LastMonth, Self::Days90, Self::Custom];
    /// The code in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::LastMonth => "last_month",
            Self::Days90 => "90_days",
            Self::Custom => "custom",
        }
    }
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|chosen| chosen.code() == code)
    }
}

/// Whole days in the firm's zone, from one midnight to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// How it was chosen.
    pub chosen: Chosen,
    /// The first midnight.
    pub from: Instant,
    /// The midnight after the last day.
    pub until: Instant,
}

impl Period {
    /// Reads what was asked for; without anything it is this month.
    pub fn read(code: &str, days: (&str, &str), zone: &Zone, now: Instant) -> Outcome<Self> {
        let chosen = match code {
            "" => Chosen::default(),
            code => {
                Chosen::from_code(code).ok_or_else(|| Fields::one("period", "unknown-choice"))?
            }
        };
        let today = now.day(zone);
        let midnight = |day: jiff::civil::Date| Instant::from_local(day.at(0, 0, 0, 0), zone);
        let tomorrow = midnight(today.tomorrow().map_err(Error::failure)?);
        let (from, until) = match chosen {
            Chosen::Month => (midnight(today.first_of_month()), tomorrow),
            Chosen::LastMonth => {
                let last = today.first_of_month().yesterday().map_err(Error::failure)?;
                (midnight(last.first_of_month()), midnight(today.first_of_month()))
            }
            Chosen::Days90 => {
                let first = today.saturating_sub(jiff::Span::new().days(89));
                (midnight(first), tomorrow)
            }
            Chosen::Custom => custom(days, zone, now)?,
        };
        Ok(Self { chosen, from, until })
    }

    /// Its days, each from midnight to midnight.
    pub fn days(&self, zone: &Zone) -> Vec<(Instant, Instant)> {
        let mut days = Vec::new();
        let mut from = self.from;
        while from < self.until {
            let next =
                from.day(zone).tomorrow().map(|d| Instant::from_local(d.at(0, 0, 0, 0), zone));
            let Ok(next) = next else { break };
            days.push((from, next.min(self.until)));
            from = next;
        }
        days
    }

    /// The last day of it.
    pub fn last(&self) -> Instant {
        self.until.plus_ms(-1)
    }
}

fn custom((from, until): (&str, &str), zone: &Zone, now: Instant) -> Outcome<(Instant, Instant)> {
    let mut fields = Fields::default();
    let mut read = |name, text| match Instant::typed_day(text, zone, now) {
        Ok(day) => day,
        Err(problem) => {
            fields.note(name, problem.code());
            now
        }
    };
    let (first, last) = (read("from", from), read("until", until));
    fields.into_result()?;
    if last < first {
        return Err(Fields::one("until", "period-backwards"));
    }
    if last.ms() - first.ms() > DAYS_MAX * DAY_MS {
        return Err(Fields::one("until", "period-too-long"));
    }
    let after = last.day(zone).tomorrow().map_err(Error::failure)?;
    Ok((first, Instant::from_local(after.at(0, 0, 0, 0), zone)))
}
