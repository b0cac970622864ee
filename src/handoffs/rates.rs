//! How offers fare: the giver's rejected share, the receiver's overturned rejections, the delay.
//!
//! What a person keeps for themselves is no hand-over between two people and is not counted.

use std::iter::Sum;
use std::ops::Add;

use crate::values::*;

/// How far back rates look, in days.
pub const RATE_DAYS: i64 = 90;

/// How the offers of one giver to one receiver fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Who offered.
    pub giver: UserId,
    /// Their team then.
    pub giver_team: Option<TeamId>,
    /// To whom; nobody where it was open to a team and none took it.
    pub receiver: Option<UserId>,
    /// Their team then.
    pub receiver_team: Option<TeamId>,
    /// Offers.
    pub offered: i64,
    /// Taken.
    pub accepted: i64,
    /// Sent back.
    pub rejected: i64,
    /// Left to run out.
    pub expired: i64,
    /// Rejections contested.
    pub contested: i64,
    /// Rejections overturned.
    pub overturned: i64,
    /// Working minutes that the answered ones waited, in all.
    pub delay_minutes: i64,
}

/// How a number of offers fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rates {
    /// Offers.
    pub offered: i64,
    /// Taken.
    pub accepted: i64,
    /// Sent back.
    pub rejected: i64,
    /// Left to run out.
    pub expired: i64,
    /// Rejections contested.
    pub contested: i64,
    /// Rejections overturned.
    pub overturned: i64,
    /// Working minutes that the answered ones waited, in all.
    pub delay_minutes: i64,
}

impl Rates {
    /// Offers that have found an end.
    pub fn ended(&self) -> i64 {
        self.accepted + self.rejected + self.expired
    }
    /// Rejections that stand.
    pub fn rejected_rightly(&self) -> i64 {
        self.rejected - self.overturned
    }
    /// Working minutes until an answer on average.
    pub fn delay_minutes_mean(&self) -> Option<i64> {
        (self.ended() > 0).then(|| self.delay_minutes / self.ended())
    }
}

impl From<&Pair> for Rates {
    fn from(pair: &Pair) -> Self {
        Self {
            offered: pair.offered,
            accepted: pair.accepted,
            rejected: pair.rejected,
            expired: pair.expired,
            contested: pair.contested,
            overturned: pair.overturned,
            delay_minutes: pair.delay_minutes,
        }
    }
}

impl Add for Rates {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            offered: self.offered + other.offered,
            accepted: self.accepted + other.accepted,
            rejected: self.rejected + other.rejected,
            expired: self.expired + other.expired,
            contested: self.contested + other.contested,
            overturned: self.overturned + other.overturned,
            delay_minutes: self.delay_minutes + other.delay_minutes,
        }
    }
}

impl Sum for Rates {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

/// The sum over the pairs that a condition chooses.
pub fn total(pairs: &[Pair], chosen: impl Fn(&Pair) -> bool) -> Rates {
    pairs.iter().filter(|pair| chosen(pair)).map(Rates::from).sum()
}
