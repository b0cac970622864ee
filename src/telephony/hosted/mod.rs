//! Calls that go through an exchange of somebody else's: what is told of them, folded; the attempt
//! that each of them was; who hears of one that comes in.
//!
//! Invariants:
//! - what is told is kept once, in whatever order it comes, and folded anew each time;
//! - a call belongs to one attempt at most and an attempt to one call at most: the first that its
//!   caller filed after it with a number of that company, and of several calls the one that was
//!   answered, or the last;
//! - no call makes an attempt: one that fits none is kept as it was told, and belongs to nothing;
//! - a number is kept for thirty days and never longer than its person is in the base.
//!
//! Decision 0020 (calls of hosted exchanges) says why.

pub mod actions;
pub mod api;
pub mod course;
pub mod incoming;
pub mod pages;
#[cfg(test)]
mod tests;

use super::drivers::hosted::Direction;
use super::{End, Measured, State};
use crate::values::*;

/// A call at an exchange of somebody else's, as far as it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostedCall {
    /// Its id.
    pub id: HostedCallId,
    /// Whose exchange.
    pub connector: ConnectorId,
    /// The provider's name of it.
    pub reference: String,
    /// Who calls whom.
    pub direction: Option<Direction>,
    /// The other end; E.164 where that could be read, and nothing once it was forgotten.
    pub number: Option<String>,
    /// Whose extension it was.
    pub user: Option<UserId>,
    /// When it began.
    pub began_at: Instant,
    /// Its times.
    pub measured: Measured,
    /// How it ended.
    pub end: Option<End>,
    /// True where the provider has its sound.
    pub is_recorded: bool,
    /// The attempt that it was.
    pub attempt: Option<AttemptId>,
    /// When something was told of it first.
    pub made_at: Instant,
}

impl HostedCall {
    /// How far it is.
    pub fn state(&self) -> State {
        let Measured { rang_at, answered_at, ended_at, .. } = self.measured;
        match (ended_at, answered_at, rang_at) {
            (Some(_), ..) => State::Ended,
            (None, Some(_), _) => State::Answered,
            (None, None, Some(_)) => State::Ringing,
            (None, None, None) => State::Dialling,
        }
    }
    /// Since when its state lasts.
    pub fn since(&self) -> i64 {
        let Measured { rang_at, answered_at, .. } = self.measured;
        answered_at.or(rang_at).unwrap_or(self.began_at).ms()
    }
    /// The tone of its state.
    pub fn tone(&self) -> &'static str {
        if self.state() == State::Answered { "pos" } else { "act" }
    }
}

/// How far the clocks of an exchange and of this product may be apart.
pub const SKEW_MS: i64 = MINUTE_MS;
/// How long after its beginning a call's result is filed at most.
pub const FILED_WITHIN_MS: i64 = 4 * HOUR_MS;
/// How old what is told may be when it comes.
pub const TAKEN_WITHIN_MS: i64 = 2 * DAY_MS;
/// How far ahead of our clock it may be.
pub const AHEAD_MS: i64 = HOUR_MS;
/// How long numbers are kept, and with them what was told.
pub const KEPT_DAYS: i64 = 30;

/// True for what is told neither too late nor of a time to come.
pub fn is_taken(at: Instant, now: Instant) -> bool {
    now.plus_ms(-TAKEN_WITHIN_MS) <= at && at <= now.plus_ms(AHEAD_MS)
}

/// Of the calls that an attempt may have been, the one that it was: one that was answered before
/// one that was not, and the later before the earlier.
pub fn meant(mut calls: Vec<HostedCall>) -> Option<HostedCall> {
    calls.sort_by(|one, other| {
        let key = |call: &HostedCall| (call.measured.answered_at.is_some(), call.began_at, call.id);
        key(one).cmp(&key(other))
    });
    calls.pop()
}

/// A number as the base keeps it, out of what an exchange tells: with or without a plus, with the
/// code of its country or as one dials it at home. What is no number stays as it was told.
pub fn number_of(told: &str, country: &str) -> String {
    let digits: String = told.chars().filter(char::is_ascii_digit).collect();
    let is_at_home = digits.len() <= 10 || digits.len() == 11 && digits.starts_with('8');
    let abroad = || Phone::parse(&format!("+{digits}"), country).ok();
    let home = || Phone::parse(told, country).ok();
    let read = match told.trim_start().starts_with('+') || !is_at_home {
        true => abroad().or_else(home),
        false => home().or_else(abroad),
    };
    read.map_or_else(|| told.to_owned(), |phone| phone.e164)
}
