//! Settling: which lines are missing between what is written of a credit and what it should be.
//!
//! A credit has at most one open announcement. It is posted where all of it is owed, and otherwise
//! voided and made anew. What is owed grows by a new line; where it must shrink, or follows from
//! another version, the newest lines are reversed and the rest is posted again. Nothing written is
//! ever changed.

use ledger::Kind;

use super::credit::Credit;
use super::entry::{Entry, What, Why};
use crate::values::*;

/// A line to be written, before it has a place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLine {
    /// What it does.
    pub kind: Kind,
    /// What it tells.
    pub what: What,
    /// How much, one minor unit or more.
    pub amount: Money,
    /// True where the person is owed more by it.
    pub is_owed: bool,
    /// The place in the credit of the line it names.
    pub corrects: Option<i64>,
    /// Its own place in the credit.
    pub ordinal: i64,
}

/// Where a credit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// What is owed, in minor units.
    pub posted: i64,
    /// What waits.
    pub pending: i64,
}

/// Where the written lines of a credit leave it.
pub fn standing(written: &[Entry]) -> Standing {
    Standing {
        posted: written.iter().map(Entry::posted).sum(),
        pending: written.iter().map(Entry::pending).sum(),
    }
}

/// The lines of one credit while more are made.
struct Lines {
    currency: Currency,
    /// The open announcement: its place, and its sum with a sign.
    open: Option<(i64, i64)>,
    /// Lines that count and were not reversed: the place and the sum of each, the newest last.
    live: Vec<(i64, i64)>,
    /// True after a line that ended what was before.
    is_ended: bool,
    count: i64,
    made: Vec<NewLine>,
}

/// The lines missing between `written` and where the credit should stand, in order.
pub fn missing(written: &[Entry], wanted: Option<&Credit>) -> Vec<NewLine> {
    let to = wanted.map_or(Standing::default(), |credit| Standing {
        posted: credit.posted,
        pending: credit.pending,
    });
    let last = written.last();
    let currency = wanted.map(|credit| credit.version.currency);
    let Some(currency) = currency.or_else(|| last.map(|entry| entry.amount.currency)) else {
        return Vec::new();
    };
    let version = wanted.map(|credit| (credit.version.plan, credit.version.version));
    let is_other_rule = last.is_some_and(|entry| version.is_some() && entry.version != version);
    missing_to(written, to, currency, is_other_rule)
}

/// The lines missing between `written` and a standing; where what is written followed from
/// another rule, all of it is taken back first.
pub fn missing_to(
    written: &[Entry],
    to: Standing,
    currency: Currency,
    is_other_rule: bool,
) -> Vec<NewLine> {
    let before = standing(written);
    if before == to {
        return Vec::new();
    }
    let mut lines = Lines::of(written, currency);
    lines.move_to(before.posted, to, is_other_rule);
    lines.made
}

impl Lines {
    fn of(written: &[Entry], currency: Currency) -> Self {
        let is_named = |entry: &Entry, kinds: &[Kind]| {
            let mut later = written.iter();
            later.any(|other| other.corrects == Some(entry.id) && kinds.contains(&other.kind))
        };
        let mut lines = Self {
            currency,
            open: None,
            live: Vec::new(),
            is_ended: false,
            count: 0,
            made: Vec::new(),
        };
        for entry in written {
            let place = (entry.ordinal, entry.signed());
            match entry.kind {
                Kind::Pending if !is_named(entry, &[Kind::Post, Kind::Void]) => {
                    lines.open = Some(place);
                }
                Kind::Posted | Kind::Post if !is_named(entry, &[Kind::Reversal]) => {
                    lines.live.push(place);
                }
                _ => {}
            }
            lines.is_ended = match entry.kind {
                Kind::Void => entry.why.what != What::Replaced,
                Kind::Reversal => true,
                Kind::Pending | Kind::Posted | Kind::Post => false,
            };
            lines.count = lines.count.max(entry.ordinal + 1);
        }
        lines
    }

    fn move_to(&mut self, before: i64, to: Standing, is_other_rule: bool) {
        if let Some((place, sum)) = self.open
            && sum != to.pending
        {
            self.open = None;
            if before + sum == to.posted {
                self.add(Kind::Post, What::Confirmed, sum, Some(place));
                return self.announce(to.pending);
            }
            let is_over = to.pending == 0 && to.posted == before;
            let what = if is_over { What::Voided } else { What::Replaced };
            self.add(Kind::Void, what, sum, Some(place));
        }
        let mut posted = before;
        while posted != to.posted
            && let Some(place) = self.reversible(to.posted - posted, is_other_rule)
        {
            let (ordinal, sum) = self.live.remove(place);
            self.add(Kind::Reversal, What::TakenBack, -sum, Some(ordinal));
            posted -= sum;
        }
        if posted != to.posted {
            let what = if self.is_ended { What::Restored } else { What::Earned };
            self.add(Kind::Posted, what, to.posted - posted, self.last());
        }
        self.announce(to.pending);
    }

    /// The newest line that has to go before what is owed can move so: one that moves it the other
    /// way, or any where another version speaks now.
    fn reversible(&self, by: i64, is_other_rule: bool) -> Option<usize> {
        let goes = |(_, sum): &(i64, i64)| is_other_rule || (*sum < 0) != (by < 0);
        self.live.iter().rposition(goes)
    }

    fn announce(&mut self, sum: i64) {
        if sum != 0 && self.open.is_none() {
            self.add(Kind::Pending, What::Announced, sum, self.last());
        }
    }

    /// The line before the next.
    fn last(&self) -> Option<i64> {
        let made = self.made.len() as i64;
        (self.count + made > 0).then(|| self.count + made - 1)
    }

    fn add(&mut self, kind: Kind, what: What, sum: i64, corrects: Option<i64>) {
        self.is_ended = matches!(kind, Kind::Reversal);
        let amount = Money::new(sum.saturating_abs(), self.currency);
        let ordinal = self.count + self.made.len() as i64;
        let is_owed = sum > 0;
        self.made.push(NewLine { kind, what, amount, is_owed, corrects, ordinal });
    }
}

/// The inputs of a line of a credit.
pub fn why(line: &NewLine, credit: &Credit) -> Why {
    let cause = credit.cause.as_ref();
    Why {
        made: Some(credit.made.clone()),
        plan: Some(credit.version.plan),
        plan_name: Some(credit.version.name.clone()),
        version: Some(credit.version.version),
        since: Some(credit.version.effective_from),
        base: credit.base,
        days: credit.days,
        event: cause.and_then(|cause| cause.kind.clone()),
        reason: cause.and_then(|cause| cause.reason.clone()),
        happened_at: cause.filter(|_| !credit.is_salary()).map(|cause| cause.at),
        ..Why::of(line.what)
    }
}

/// The month a line of a credit belongs to: that of what caused it, or where nothing did the one
/// it counts in.
pub fn month(credit: &Credit, zone: &Zone) -> Option<Month> {
    let caused = credit.cause.as_ref().map(|cause| Month::of(cause.at, zone));
    caused.or_else(|| credit.month.as_ref().and_then(|month| month.parse().ok()))
}
