//! The demo: a fictional firm with ninety days of history, made by the product's own actions
//! under a simulated clock. A seed gives the same firm on every machine.
//!
//! Nothing here writes a row: people, companies, calls, hand-offs, contracts, orders and pay come
//! from the same actions that pages call, so the demo is also a test of the whole path.

pub mod base;
pub mod calling;
pub mod chances;
pub mod days;
pub mod doubles;
pub mod duty;
pub mod firm;
pub mod names;
pub mod opening;
pub mod paying;
pub mod selling;
pub mod serving;
pub mod story;
#[cfg(test)]
mod tests;
pub mod writing;

use crate::storage::Db;
use crate::values::*;
use days::Step;
use firm::Firm;
use story::Story;

/// How much history a demo has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Days of history.
    pub days: i64,
    /// Companies of the first list.
    pub companies: usize,
    /// Whether a second list comes, which only a large base has something for.
    pub has_doubles: bool,
}

impl Extent {
    /// What `troika demo` makes.
    pub const WHOLE: Self = Self { days: 90, companies: 2_000, has_doubles: true };
}

/// Fills an empty database with a firm and its history up to `today`.
pub async fn fill(db: &Db, lang: Lang, seed: u64, today: Instant, extent: Extent) -> Outcome<Firm> {
    fill_telling(db, (lang, seed), today, extent, |_| ()).await
}

/// The same; `tell` is told each week that is done, by its number.
pub async fn fill_telling(
    db: &Db,
    (lang, seed): (Lang, u64),
    today: Instant,
    extent: Extent,
    mut tell: impl FnMut(i64),
) -> Outcome<Firm> {
    let clock = Clock::standing(days::opening(lang, extent, today));
    let firm = firm::found(db, lang, clock.now()).await?;
    let mut story = Story::new(db.clone(), clock.clone(), firm, (seed, today, extent));
    story.open().await?;
    let mut week = 0;
    for (at, step) in days::plan(lang, extent, today)? {
        let reached = (at.0 - today.plus_days(-extent.days).0) / (7 * DAY_MS);
        if reached > week {
            week = reached;
            tell(week);
        }
        clock.set(at.max(clock.now()));
        match step {
            Step::Line => story.open_line().await?,
            Step::Hour => story.hour().await?,
            Step::Doubles => story.bring_doubles().await?,
            Step::Night => story.settle().await?,
            Step::Months => story.close_months().await?,
            Step::LastShift => story.keep_duty().await?,
        }
    }
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
        self.follow().await?;
        self.sell().await?;
        self.follow().await?;
        let done = self.serve().await;
        self.told("serving", done)?;
        let done = self.do_tasks().await;
        self.told("doing tasks", done)?;
        self.settle().await
    }

    /// An error with the place of the telling where it happened.
    pub(super) fn told(&self, what: &str, done: Outcome<()>) -> Outcome<()> {
        let at = self.now().rfc3339();
        done.map_err(|error| Error::failure(format!("the demo, {what} at {at}: {error}")))
    }
}
