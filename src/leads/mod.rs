//! A company being worked in a campaign: queue, lease, attempts, recycling.
//!
//! Invariants:
//! - a company is one lead of a campaign and is leased to at most one caller, whatever the
//!   campaign; a caller holds at most one lease (the database refuses a second);
//! - a lease is owner, generation, until; each grant increments the generation, and every later
//!   write names the generation it was made under;
//! - nobody is offered who may not be called: `admission` is asked when the queue fills and again
//!   in the transaction of the lease; who is denied waits until the rule lets go; a letter asks the
//!   same function (`writing`);
//! - a lead is queued, offered to tier 2, converted there, or closed with a reason; what a ban
//!   closed is queued again when the ban is lifted, and nothing else that is closed;
//! - a promised call is a record of its own, in exactly one state; a lead has one open at most, and
//!   only while it is queued.
//!
//! Neighbours: uses `campaigns` and `companies`; `calls` records results, `handoffs` converts or
//! returns.

pub mod actions;
pub mod admission;
mod anew;
pub mod api;
pub mod callbacks;
pub mod dialling;
pub mod filling;
#[cfg(test)]
pub mod floor;
pub mod forms;
pub mod jobs;
pub mod keeping;
pub mod leasing;
pub mod manual;
mod numbers;
pub mod pages;
pub mod passing;
pub mod resting;
mod store;
#[cfg(test)]
mod tests;
pub mod writing;

use serde::{Deserialize, Serialize};

use crate::campaigns::parts::Tries;
use crate::values::*;

codes! {
    /// Where a lead stands.
    LeadState {
        /// Waits for its next call.
        Queued = "queued",
        /// Qualified; tier 2 is asked to take it.
        Offered = "offered",
        /// Tier 2 took it.
        Converted = "converted",
        /// Out of the queue for good.
        Closed = "closed",
    }
}

/// A company being worked in a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// Its id.
    pub id: LeadId,
    /// The number people read aloud.
    pub number: i64,
    /// The campaign.
    pub campaign: CampaignId,
    /// The company.
    pub company: CompanyId,
    /// Where it stands.
    pub state: LeadState,
    /// Why it left the queue.
    pub closed_reason: Option<String>,
    /// Attempts so far.
    pub attempts: i64,
    /// In which parts of the client's day nobody was reached.
    pub tries: Tries,
    /// Before, among or after the others of its queue.
    pub priority: Priority,
    /// Not before this moment.
    pub next_at: Instant,
    /// The rule that denied it last.
    pub denied_rule: Option<String>,
    /// When a call was promised.
    pub callback_at: Option<Instant>,
    /// Who promised it; `None` with a promise means anyone.
    pub callback_owner: Option<UserId>,
    /// Not ready to buy until then.
    pub nurture_until: Option<Instant>,
    /// Who spoke to them last: whose lead it counts as.
    pub caller: Option<UserId>,
    /// Why tier 2 sent it back, if it did.
    pub returned_reason: Option<String>,
    /// Who holds it now.
    pub lease: Option<Lease>,
    /// True while a call that was made under the lease has no result: until it is filed the lease
    /// ends in no other way, and its caller gets no other company.
    pub awaits_result: bool,
    /// Grants so far.
    pub generation: i64,
    /// Counts its changes.
    pub version: i64,
}

/// The right to call a company, for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Who holds it.
    pub owner: UserId,
    /// Which grant it is.
    pub generation: i64,
    /// Until when.
    pub until: Instant,
}

/// A lease as it was granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The lead.
    pub lead: LeadId,
    /// Its company.
    pub company: CompanyId,
    /// Which grant it is; later writes name it.
    pub generation: i64,
    /// Until when.
    pub until: Instant,
}

/// Where a lead goes after a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Called again, not before `at`.
    Again {
        /// The moment.
        at: Instant,
    },
    /// Called at a promised time.
    Callback {
        /// The promised time.
        at: Instant,
        /// Who promised it; `None` for anyone.
        owner: Option<UserId>,
        /// What else was said of it.
        said: Said,
    },
    /// Back to the base, to be worked anew from `at` on.
    Recycle {
        /// The day.
        at: Instant,
    },
    /// Not ready to buy before `until`.
    Nurture {
        /// The day.
        until: Instant,
    },
    /// Offered to tier 2.
    Offered,
    /// Out of the queue.
    Closed {
        /// Why.
        reason: String,
    },
}

impl Next {
    /// Where the lead then stands.
    pub fn state(&self) -> LeadState {
        match self {
            Self::Again { .. }
            | Self::Callback { .. }
            | Self::Recycle { .. }
            | Self::Nurture { .. } => LeadState::Queued,
            Self::Offered => LeadState::Offered,
            Self::Closed { .. } => LeadState::Closed,
        }
    }
    /// The time that is promised, and whose the call is.
    pub fn promised(&self) -> Option<(Instant, Option<UserId>)> {
        match self {
            Self::Callback { at, owner, .. } => Some((*at, *owner)),
            _ => None,
        }
    }
}

/// What is said of a promised call beside its time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Who makes it where its owner is away, was shut out, or does not within the grace.
    pub fallback: Option<UserId>,
    /// The zone in which the time was said: the client's.
    pub zone: Option<String>,
}

/// What a call changes about a lead, kept so that the call can be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Where it stood.
    pub state: LeadState,
    /// Attempts so far.
    pub attempts: i64,
    /// In which parts of the client's day.
    #[serde(default)]
    pub tries: Tries,
    /// Not before this moment.
    pub next_at: Instant,
    /// When a call was promised.
    pub callback_at: Option<Instant>,
    /// Who promised it.
    pub callback_owner: Option<UserId>,
    /// Not ready to buy until then.
    pub nurture_until: Option<Instant>,
    /// Who spoke to them last.
    pub caller: Option<UserId>,
    /// Why tier 2 sent it back.
    pub returned_reason: Option<String>,
}

codes! {
    /// Where a lead stands in its queue, whatever else decides there.
    Priority {
        /// Before the others.
        First = "first",
        /// As it comes.
        Usual = "usual",
        /// After the others.
        Last = "last",
    }
}

impl Priority {
    /// As it is stored: the queue goes upwards.
    pub fn rank(self) -> i64 {
        match self {
            Self::First => 0,
            Self::Usual => 1,
            Self::Last => 2,
        }
    }
    /// What is stored, read again.
    pub fn of_rank(rank: i64) -> Self {
        match rank {
            0 => Self::First,
            2 => Self::Last,
            _ => Self::Usual,
        }
    }
}

impl Lead {
    /// What a call may change about it.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            state: self.state,
            attempts: self.attempts,
            tries: self.tries,
            next_at: self.next_at,
            callback_at: self.callback_at,
            callback_owner: self.callback_owner,
            nurture_until: self.nurture_until,
            caller: self.caller,
            returned_reason: self.returned_reason.clone(),
        }
    }
    /// True while its lease stands: its time has not run out, or a call made under it has no
    /// result.
    pub fn is_held(&self, now: Instant) -> bool {
        self.lease.is_some_and(|lease| lease.until > now || self.awaits_result)
    }
    /// Its lease, when that is the caller's and still that grant. A caller who was slower than the
    /// clock keeps it for as long as nobody else was granted the lead.
    pub fn lease_of(&self, caller: UserId, generation: i64) -> Result<Lease, LeadRefusal> {
        self.lease
            .filter(|lease| lease.owner == caller && lease.generation == generation)
            .ok_or(LeadRefusal::StaleLease)
    }
}

codes! {
    /// Why a caller gives a company back without calling it.
    SkipReason {
        /// They stop calling for now.
        Pause = "pause",
        /// The record is not fit to be called by.
        BadRecord = "bad_record",
        /// They know the people there.
        KnownPersonally = "known_personally",
        /// They do not speak the language.
        Language = "language",
        /// Something else.
        Other = "other",
    }
}

impl SkipReason {
    /// How long the lead then rests; a pause is no fault of its.
    pub fn rest_minutes(self) -> i64 {
        match self {
            Self::Pause => 0,
            Self::KnownPersonally | Self::Language => 30,
            Self::BadRecord | Self::Other => 24 * 60,
        }
    }
}

/// Why a lead cannot be worked so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeadRefusal {
    /// The lease ended or passed to somebody else; the typed text is kept.
    StaleLease,
    /// The lead is not in a state that allows this.
    NotFromThisState,
    /// Somebody put it elsewhere in the queue meanwhile.
    PutElsewhere,
    /// The campaign does not run.
    NotRunning,
    /// The caller holds another company and says first how that went.
    HoldsAnother,
    /// A call was made and nobody has said how it went.
    AwaitsResult,
    /// Who is to take it holds another company.
    TakerHoldsAnother,
    /// No company of the campaign has that number.
    NumberNotHere,
    /// Somebody else holds the company.
    InOtherHands,
}

impl Refusal for LeadRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::StaleLease => "lead-stale-lease",
            Self::NotFromThisState => "lead-not-from-this-state",
            Self::PutElsewhere => "lead-put-elsewhere",
            Self::NotRunning => "lead-not-running",
            Self::HoldsAnother => "lead-holds-another",
            Self::AwaitsResult => "lead-awaits-result",
            Self::TakerHoldsAnother => "lead-taker-holds-another",
            Self::NumberNotHere => "lead-number-not-here",
            Self::InOtherHands => "lead-in-other-hands",
        }
    }
}
