//! A believable firm at size, in an empty database: people in three tiers, campaigns, calls with
//! both results, letters, hand-offs, opportunities, contracts, payments, clients and pay.
//!
//! The firm, its people, companies, campaigns, leads, plans, pay lines and closed months come from
//! the product's own actions. What happened between them, calls, letters and events, hand-offs and
//! what followed, is written by many rows at once, in the shape the actions give it: a million
//! events one by one would take hours. `troika check` holds on the whole.

mod base;
mod calling;
mod firm;
mod paying;
mod selling;
mod serving;
mod store;
#[cfg(test)]
mod tests;
mod world;
mod writing;

use jiff::civil::Weekday;

use crate::storage::Db;
use crate::values::*;
use world::World;

/// Days of the calendar that the history takes.
const DAYS: i64 = 330;
/// The hour at which work begins.
const OPENS: i8 = 9;
/// The hour of the last day at which the history stops.
const PRESENT: i8 = 15;

/// How much is made.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Companies of the base.
    pub companies: usize,
    /// Events in all, give or take a few of a hundred.
    pub events: i64,
    /// The same seed on the same day gives the same firm.
    pub seed: u64,
}

/// What was made.
#[derive(Debug, Clone, Copy)]
pub struct Loaded {
    /// Events.
    pub events: i64,
    /// Calls.
    pub calls: i64,
    /// Letters.
    pub letters: i64,
    /// Hand-offs.
    pub handoffs: i64,
    /// Lines of pay.
    pub entries: i64,
    /// The moment at which the history stops.
    pub present: Instant,
}

/// Fills an empty database with a firm and its history up to `today`, or to the Friday before.
pub async fn fill(db: &Db, size: Size, today: Instant) -> Outcome<Loaded> {
    let zone = Zone::named("Europe/Moscow");
    let present = present(today, &zone)?;
    let first = present.plus_days(-DAYS).day(&zone);
    let opening = Instant::from_local(first.at(8, 0, 0, 0), &zone);
    let mut world = World::found(db, size, (opening, present)).await?;
    let mut day = first;
    let last = present.day(&zone);
    let mut left: i64 = working_days(first, last)?;
    while day <= last {
        if is_working(day) {
            let open = Instant::from_local(day.at(OPENS, 0, 0, 0), &zone);
            world.call_all_day(open, left)?;
            left -= 1;
        }
        let night = Instant::from_local(day.at(23, 0, 0, 0), &zone).min(present);
        world.keep(night).await?;
        if day.weekday() == Weekday::Friday || day.day() == 4 || day == last {
            world.pay(night).await?;
        }
        if day.day() == 4 {
            world.close_months(night).await?;
        }
        day = day.tomorrow().map_err(Error::failure)?;
    }
    world.end().await
}

/// The latest working day's afternoon that is over.
fn present(today: Instant, zone: &Zone) -> Outcome<Instant> {
    let mut day = today.day(zone);
    loop {
        let present = Instant::from_local(day.at(PRESENT, 0, 0, 0), zone);
        if is_working(day) && present <= today {
            return Ok(present);
        }
        day = day.yesterday().map_err(Error::failure)?;
    }
}

fn is_working(day: jiff::civil::Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn working_days(first: jiff::civil::Date, last: jiff::civil::Date) -> Outcome<i64> {
    let (mut day, mut count) = (first, 0);
    while day <= last {
        count += i64::from(is_working(day));
        day = day.tomorrow().map_err(Error::failure)?;
    }
    Ok(count)
}
