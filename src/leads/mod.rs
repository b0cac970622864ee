//! A company being worked in a campaign: queue, lease, attempts, recycling.
//!
//! Invariants:
//! - a company is one lead of a campaign and is leased to at most one caller, whatever the
//!   campaign; a caller holds at most one lease (the database refuses a second);
//! - a lease is owner, generation, until; each grant increments the generation, and every later
//!   write names the generation it was made under;
//! - nobody is offered who may not be called: `admission` is asked when the queue fills and again
//!   in the transaction of the lease; who is denied waits until the rule lets go;
//! - a lead is queued, offered to tier 2, converted there, or closed with a reason.
//!
//! Neighbours: uses `campaigns` and `companies`; `calls` records results, `handoffs` converts or
//! returns.

pub mod actions;
pub mod jobs;
mod store;

use crate::campaigns::coded;
use crate::values::*;

coded! {
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
    /// Higher is called earlier.
    pub priority: i64,
    /// Attempts so far.
    pub attempts: i64,
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

/// Why a lead cannot be worked so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeadRefusal {
    /// The lease ended or passed to somebody else; the typed text is kept.
    StaleLease,
    /// The lead is not in a state that allows this.
    NotFromThisState,
}

impl Refusal for LeadRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::StaleLease => "lead-stale-lease",
            Self::NotFromThisState => "lead-not-from-this-state",
        }
    }
}
