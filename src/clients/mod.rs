//! Tier 3: a client is a company under a contract whom somebody leads from month to month.
//!
//! Invariants:
//! - a company is an active client at most once; a further contract joins the same client;
//! - a client opens with the firm's onboarding checklist;
//! - every client active at the end of a month of the firm's zone is kept for that month, once;
//! - the owner of a client follows whoever leads the company in tier 3.
//!
//! Neighbours: uses `companies`, `contracts`, `tasks` and `people`; `handoffs` opens clients here.
//! Orders with their prototypes are in `orders`, important dates of people in `dates`.

pub mod actions;
pub mod jobs;
mod month;
mod store;
#[cfg(test)]
mod tests;

pub use month::Month;

use crate::values::*;

/// Words of the steps every onboarding starts with, by their keys.
pub const FIRST_STEPS: [&str; 6] = [
    "onboarding-first-greeting",
    "onboarding-first-contacts",
    "onboarding-first-promises",
    "onboarding-first-brief",
    "onboarding-first-plan",
    "onboarding-first-payment",
];

/// A client to be opened.
#[derive(Debug, Clone)]
pub struct NewClient {
    /// Who.
    pub company: CompanyId,
    /// What they signed.
    pub contract: ContractId,
    /// Where they came from.
    pub campaign: Option<CampaignId>,
    /// The hand-off that brought them to tier 3.
    pub handoff: Option<HandoffId>,
    /// Who leads them.
    pub owner: UserId,
    /// The owner's team.
    pub team: Option<TeamId>,
}

/// A company led by tier 3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its id.
    pub id: ClientId,
    /// The number people read aloud.
    pub number: i64,
    /// Who.
    pub company: CompanyId,
    /// Where they came from.
    pub campaign: Option<CampaignId>,
    /// Who leads them.
    pub owner: UserId,
    /// The owner's team.
    pub team: Option<TeamId>,
    /// Since when.
    pub opened_at: Instant,
    /// The last month they were kept for.
    pub kept_through: Month,
    /// When they left.
    pub ended_at: Option<Instant>,
    /// Counts the changes.
    pub version: i64,
}

impl Client {
    /// True while somebody leads them.
    pub fn is_active(&self) -> bool {
        self.ended_at.is_none()
    }
}
