//! A callback: a call that was promised for a time, as a record of its own.
//!
//! Only what happened is stored: that it was promised, and how it ended. Whether an open one is in
//! somebody's hands is told by the lease of its lead, whether it is due by the clock, so neither a
//! lost browser nor a crash leaves it in a state that is over. Of a lead one is open at most; what
//! the queue finds it by are columns of the lead, written together with the record.

use super::Lead;
use super::admission::Rule;
use crate::values::*;

codes! {
    /// Where a callback stands: always in exactly one of these.
    CallbackState {
        /// Its time has not come.
        Scheduled = "scheduled",
        /// Its time has come and nobody has the company in hand.
        Due = "due",
        /// The company is in somebody's hands to be called.
        InHand = "in_hand",
        /// The call was made, and both its results are on record.
        Done = "done",
        /// It will not be made, for a reason that is on record.
        Cancelled = "cancelled",
    }
}

impl CallbackState {
    /// Of one that has not ended.
    pub fn open(at: Instant, is_in_hand: bool, now: Instant) -> Self {
        match is_in_hand {
            true => Self::InHand,
            false if at <= now => Self::Due,
            false => Self::Scheduled,
        }
    }
}

codes! {
    /// How a callback came to be.
    CallbackOrigin {
        /// Somebody promised it in a call.
        Call = "call",
        /// Tier 2 sent the lead back, and its caller calls again.
        Return = "return",
        /// They called, and nobody took it.
        Incoming = "incoming",
        /// It was promised before callbacks were records.
        Before = "before",
    }
}

codes! {
    /// Why a callback was cancelled.
    CancelReason {
        /// The company must not be called.
        Suppressed = "suppressed",
        /// The company was removed from the base.
        NotInBase = "not_in_base",
        /// A seller or an account manager leads the company now.
        Led = "led",
        /// The campaign was stopped for good.
        CampaignStopped = "campaign_stopped",
        /// The company was merged into another, which has a lead of its own in the campaign.
        Merged = "merged",
        /// The call that promised it was taken back.
        TakenBack = "taken_back",
        /// The lead was offered to tier 2 again.
        Offered = "offered",
    }
}

impl CancelReason {
    /// Why a rule ends a promise for good. Another rule holds it up, and it stays due until then.
    pub fn of_rule(rule: Rule) -> Option<Self> {
        match rule {
            Rule::Suppressed => Some(Self::Suppressed),
            Rule::NotInBase => Some(Self::NotInBase),
            Rule::Led => Some(Self::Led),
            _ => None,
        }
    }
}

/// How a callback ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallbackEnd {
    /// It was made: that call.
    Done(CallId),
    /// It will not be made.
    Cancelled(CancelReason),
}

/// An end with its moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// When.
    pub at: Instant,
    /// How.
    pub how: CallbackEnd,
    /// Who ended it; nobody where the product did.
    pub by: Option<UserId>,
}

/// A promised call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// Its id.
    pub id: CallbackId,
    /// The lead to be called.
    pub lead: LeadId,
    /// Its campaign.
    pub campaign: CampaignId,
    /// How it came to be.
    pub origin: CallbackOrigin,
    /// The call in which it was promised.
    pub asked_in: Option<CallId>,
    /// Who promised it.
    pub asked_by: Option<UserId>,
    /// When it was promised.
    pub made_at: Instant,
    /// The time that was promised.
    pub at: Instant,
    /// Whose it is; `None` is anyone's. After the grace of the campaign a personal one is anyone's,
    /// too.
    pub owner: Option<UserId>,
    /// Who makes it where its owner is away, was shut out, or does not within the grace.
    pub fallback: Option<UserId>,
    /// The zone in which its time was said; the firm's where it is not known.
    pub zone: Option<String>,
    /// When the company would have been called by itself, where it called and the call that is owed
    /// for it comes before: the agreed time is kept where nobody is reached, or the call not made.
    pub resumes: Option<Instant>,
    /// How it ended; `None` while it is open.
    pub ended: Option<Ended>,
    /// Counts its changes.
    pub version: i64,
}

impl Callback {
    /// The same of another owner. Nobody stands in for themselves, nor for anyone.
    #[must_use]
    pub fn of(self, owner: Option<UserId>) -> Self {
        let fallback = self.fallback.filter(|one| owner.is_some_and(|owner| owner != *one));
        Self { owner, fallback, ..self }
    }

    /// Where it stands, by its lead and the clock.
    pub fn state(&self, lead: &Lead, now: Instant) -> CallbackState {
        match self.ended.map(|ended| ended.how) {
            Some(CallbackEnd::Done(_)) => CallbackState::Done,
            Some(CallbackEnd::Cancelled(_)) => CallbackState::Cancelled,
            None => CallbackState::open(self.at, lead.lease.is_some(), now),
        }
    }
}

impl Lead {
    /// Where its open callback stands; nothing where no call is promised.
    pub fn callback_state(&self, now: Instant) -> Option<CallbackState> {
        self.callback_at.map(|at| CallbackState::open(at, self.lease.is_some(), now))
    }

    /// What its promised call waits for though its time has come: the rule that holds it up, where
    /// one does, and until when; no moment where the rule does not end by itself.
    pub fn held_up(&self, now: Instant) -> Option<(Option<Rule>, Option<Instant>)> {
        if self.callback_state(now) != Some(CallbackState::Due) || self.next_at <= now {
            return None;
        }
        let rule = self.denied_rule.as_deref().and_then(|code| code.parse().ok());
        let ends = rule.is_none_or(Rule::ends_by_itself);
        Some((rule, ends.then_some(self.next_at)))
    }
}
