//! The demo: a fictional firm with ninety days of history, made by the product's own actions
//! under a simulated clock. A seed gives the same firm on every machine.
//!
//! Nothing here writes a row: people, companies, calls, hand-offs, contracts, orders and pay come
//! from the same actions that pages call, so the demo is also a test of the whole path.

pub mod base;
pub mod calling;
pub mod chances;
pub mod doubles;
pub mod firm;
pub mod names;
pub mod opening;
pub mod paying;
pub mod selling;
pub mod serving;
pub mod story;

use jiff::civil::Weekday;

use crate::storage::Db;
use crate::values::*;
use firm::Firm;
use story::Story;

/// How many days of history the demo has.
pub const DAYS: i64 = 90;
/// So many days before the end a second list comes, with companies that the base has already.
const DOUBLES_DAYS: i64 = 5;
/// The hours of a working day in which things happen.
const HOURS: std::ops::Range<i8> = 9..18;

/// Fills an empty database with a firm and its history up to `today`.
pub async fn fill(db: &Db, lang: Lang, seed: u64, today: Instant) -> Outcome<Firm> {
    let zone = Zone::named(if lang == Lang::Ru { "Europe/Moscow" } else { "Europe/London" });
    let first = today.plus_days(-DAYS).day(&zone);
    let clock = Clock::standing(Instant::from_local(first.at(8, 0, 0, 0), &zone));
    let firm = firm::found(db, lang, clock.now()).await?;
    let mut story = Story::new(db.clone(), clock.clone(), firm, (seed, today));
    story.open().await?;
    let mut day = first;
    let doubled = today.plus_days(-DOUBLES_DAYS).day(&zone);
    while Instant::from_local(day.at(8, 0, 0, 0), &zone) < today {
        let is_work = !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        for hour in HOURS.filter(|_| is_work) {
            let at = Instant::from_local(day.at(hour, 0, 0, 0), &zone);
            if at.plus_ms(HOUR_MS) > today {
                break;
            }
            clock.set(at.max(clock.now()));
            story.hour().await?;
        }
        if day == doubled {
            let evening = Instant::from_local(day.at(19, 0, 0, 0), &zone);
            clock.set(evening.max(clock.now()));
            story.bring_doubles().await?;
        }
        let night = Instant::from_local(day.at(23, 0, 0, 0), &zone);
        if night < today {
            clock.set(night.max(clock.now()));
            story.settle().await?;
        }
        if day.day() == 4 {
            story.close_months().await?;
        }
        day = day.tomorrow().map_err(Error::failure)?;
    }
    story.settle().await?;
    Ok(story.firm)
}

impl Story {
    /// The firm as it is on its first morning.
    async fn open(&mut self) -> Outcome<()> {
        self.start_pay().await?;
        self.bring_base().await?;
        self.settle().await?;
        self.start_campaigns().await?;
        self.settle().await
    }

    /// One working hour of everybody.
    async fn hour(&mut self) -> Outcome<()> {
        let done = self.call().await;
        self.told("calling", done)?;
        self.settle().await?;
        self.sell().await?;
        self.settle().await?;
        let done = self.serve().await;
        self.told("serving", done)?;
        let done = self.do_tasks().await;
        self.told("doing tasks", done)?;
        self.settle().await
    }

    /// An error with the place of the telling where it happened.
    fn told(&self, what: &str, done: Outcome<()>) -> Outcome<()> {
        let at = self.now().rfc3339();
        done.map_err(|error| Error::failure(format!("the demo, {what} at {at}: {error}")))
    }
}
