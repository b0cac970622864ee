//! The days of the telling, reckoned from the moment at which it ends, apart from any database: so
//! every day of a year can be asked whether the demo can be made on it.

use jiff::civil::Date;

use super::Extent;
use crate::campaigns::holidays::Calendar;
use crate::campaigns::hours::CallingHours;
use crate::values::*;

/// So many days before the end a second list comes, with companies that the base has already.
const DOUBLES_DAYS: i64 = 5;
/// So many days before the end the line begins that is open day and night.
const LINE_DAYS: i64 = 3;
/// The hours of a working day in which things happen.
const HOURS: std::ops::Range<i8> = 9..18;
/// The day of a month on which those that have ended are closed.
const CLOSING_DAY: i8 = 4;
/// How long before the end the last shift begins.
const LAST_SHIFT_MS: i64 = 2 * HOUR_MS;
/// Nowhere does a day begin so long before it begins in Greenwich.
const EAST_MS: i64 = 14 * HOUR_MS;
/// A working day is found within so many days: the new year's holidays of Russia are the longest.
const DAYS_OFF_MAX: i64 = 30;

/// What happens at a moment of the telling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The line that is open day and night begins.
    Line,
    /// A working hour of everybody.
    Hour,
    /// The second list comes.
    Doubles,
    /// What is due by itself, at night.
    Night,
    /// Months that have ended are closed.
    Months,
    /// The last shift, whatever the day and the hour: see `duty`.
    LastShift,
}

/// Where the firm is.
pub fn zone(lang: Lang) -> Zone {
    Zone::named(if lang == Lang::Ru { "Europe/Moscow" } else { "Europe/London" })
}

/// When the firm works, and calls where nothing else was agreed.
pub fn hours(lang: Lang) -> CallingHours {
    let calendar = if lang == Lang::Ru { Calendar::Ru } else { Calendar::Gb };
    CallingHours { calendar, ..CallingHours::default() }
}

/// The morning on which the firm begins.
pub fn opening(lang: Lang, extent: Extent, until: Instant) -> Instant {
    let zone = zone(lang);
    let first = until.plus_days(-extent.days).day(&zone);
    Instant::from_local(first.at(8, 0, 0, 0), &zone)
}

/// Everything that happens after the firm began, in order.
pub fn plan(lang: Lang, extent: Extent, until: Instant) -> Outcome<Vec<(Instant, Step)>> {
    let (zone, hours) = (zone(lang), hours(lang));
    let end = until.plus_ms(-LAST_SHIFT_MS);
    let days_before = |days: i64| until.plus_days(-days).day(&zone);
    let mut steps = Vec::new();
    let mut day = until.plus_days(-extent.days).day(&zone);
    loop {
        let at = |hour: i8| Instant::from_local(day.at(hour, 0, 0, 0), &zone);
        if at(8) >= end {
            break;
        }
        if day == days_before(LINE_DAYS) {
            steps.push((at(8), Step::Line));
        }
        let is_working = hours.is_working_day(day);
        let whole = HOURS.map(at).filter(|at| is_working && at.plus_ms(HOUR_MS) <= end);
        steps.extend(whole.map(|at| (at, Step::Hour)));
        if extent.has_doubles && day == days_before(DOUBLES_DAYS) {
            steps.push((at(19), Step::Doubles));
        }
        if at(23) < end {
            steps.push((at(23), Step::Night));
            if day.day() == CLOSING_DAY {
                steps.push((at(23), Step::Months));
            }
        }
        day = day.tomorrow().map_err(Error::failure)?;
    }
    steps.push((end, Step::LastShift));
    Ok(steps)
}

/// The first day on which clients are called, so many days ahead or later: wherever the client
/// is, its morning still comes.
pub fn day_to_call(hours: CallingHours, now: Instant, days: i64) -> Date {
    let first = now.plus_ms(EAST_MS).plus_days(days - 1);
    let days = (1..=DAYS_OFF_MAX).map(|days| first.plus_days(days).day(&Zone::utc()));
    let mut days = days.peekable();
    let next = days.peek().copied();
    days.find(|day| hours.is_working_day(*day)).or(next).unwrap_or_default()
}

/// The beginning of the month in which the telling ends. The month before it is left open for
/// whoever reviews one in the demo.
pub fn present_month(lang: Lang, until: Instant) -> Instant {
    let zone = zone(lang);
    let first = until.day(&zone).first_of_month();
    Instant::from_local(first.at(0, 0, 0, 0), &zone)
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan as _;
    use jiff::civil::date;

    use super::*;

    /// Every day from one leap day past the next new year, at that hour and minute of the firm.
    fn year(lang: Lang, hour: i8, minute: i8) -> impl Iterator<Item = Instant> {
        let zone = zone(lang);
        let days = date(2028, 2, 28).series(1.days()).take(367);
        days.map(move |day| Instant::from_local(day.at(hour, minute, 0, 0), &zone))
    }

    #[test]
    fn on_every_day_of_a_year_there_is_a_history_to_tell() {
        for (lang, until) in [Lang::Ru, Lang::En].into_iter().flat_map(|lang| {
            [(0, 5), (12, 0), (23, 50)]
                .into_iter()
                .flat_map(move |(hour, minute)| year(lang, hour, minute))
                .map(move |until| (lang, until))
        }) {
            let told = |step: Step, from: &[(Instant, Step)]| {
                from.iter().filter(|(_, one)| *one == step).count()
            };
            let plan = plan(lang, Extent::WHOLE, until).expect("days follow each other");
            let label = until.rfc3339();
            assert!(plan.is_sorted_by_key(|(at, _)| *at), "{label}");
            assert!(plan[0].0 > opening(lang, Extent::WHOLE, until), "{label}");
            let (last, before) = plan.split_last().expect("something happens");
            assert_eq!(*last, (until.plus_ms(-LAST_SHIFT_MS), Step::LastShift), "{label}");
            assert!(before.iter().all(|(at, _)| at.plus_ms(HOUR_MS) <= until), "{label}");
            for (step, count) in [(Step::Line, 1), (Step::Doubles, 1), (Step::LastShift, 1)] {
                assert_eq!(told(step, &plan), count, "{step:?}, {label}");
            }
            assert!(told(Step::Hour, &plan) > 450, "{} hours, {label}", told(Step::Hour, &plan));
            assert!((2..=3).contains(&told(Step::Months, &plan)), "{label}");
        }
    }

    #[test]
    fn on_every_day_of_a_year_a_day_to_call_again_is_found() {
        let zones = ["Europe/London", "Europe/Moscow", "Asia/Krasnoyarsk", "Asia/Kamchatka"];
        let zones = zones.map(Zone::named);
        for lang in [Lang::Ru, Lang::En] {
            let hours = hours(lang);
            for now in [0, 9, 14, 20, 23].into_iter().flat_map(|hour| year(lang, hour, 59)) {
                for days in [1, 7] {
                    let day = day_to_call(hours, now, days);
                    let far = day.duration_since(now.day(&Zone::utc())).as_hours() / 24;
                    assert!((days..days + 14).contains(&far), "{far} days, {}", now.rfc3339());
                    for zone in &zones {
                        for hour in [10, 16] {
                            let at = Instant::from_local(day.at(hour, 0, 0, 0), zone);
                            assert!(at > now && hours.is_open(at, zone), "{}", now.rfc3339());
                        }
                    }
                }
            }
        }
    }
}
