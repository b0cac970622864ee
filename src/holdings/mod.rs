//! What a person holds: open opportunities, clients, promises, tasks and offers that wait for them.
//! Whoever leaves takes none of it along: the head hands it over, all at once.
//!
//! Invariants:
//! - what is handed over goes to somebody of the same tier whom the viewer is above, with the
//!   events of each record and one of the whole, in one transaction;
//! - what belongs to no record of a tier goes with the last of them.
//!
//! Neighbours: uses `opportunities`, `clients`, `promises`, `tasks` and `handoffs`; each of them
//! says itself what follows when it passes on.

pub mod actions;
pub mod api;
pub mod pages;
#[cfg(test)]
mod tests;

use crate::people::User;
use crate::tiers::Tier;
use crate::values::*;

/// How much a person holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Held {
    /// Open opportunities.
    pub opportunities: i64,
    /// Clients they lead.
    pub clients: i64,
    /// Open promises.
    pub promises: i64,
    /// Open tasks.
    pub tasks: i64,
    /// Offers to sales that wait for them.
    pub sales_offers: i64,
    /// Offers to service that wait for them.
    pub service_offers: i64,
}

impl Held {
    /// Offers that wait for them.
    pub fn offers(&self) -> i64 {
        self.sales_offers + self.service_offers
    }
    /// True when they hold nothing.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
    /// The tiers in which they hold records.
    pub fn tiers(&self) -> Vec<Tier> {
        let sales = self.opportunities + self.sales_offers;
        let service = self.clients + self.service_offers;
        let all = [(Tier::Sales, sales), (Tier::Service, service)];
        all.into_iter().filter(|(_, count)| *count > 0).map(|(tier, _)| tier).collect()
    }
    /// The tiers in which it can be handed over: where records are; promises and tasks alone go
    /// to the tier of the person.
    pub fn ways(&self, user: &User) -> Vec<Tier> {
        let tiers = self.tiers();
        if !tiers.is_empty() || self.is_nothing() {
            return tiers;
        }
        let own = user.tier.and_then(Tier::of_rank);
        vec![own.unwrap_or(Tier::Sales)]
    }
}

/// Why nothing is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldingsRefusal {
    /// The person holds nothing there.
    NothingHeld,
}

impl Refusal for HoldingsRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NothingHeld => "nothing-held",
        }
    }
}
