//! The ladder: acquisition, sales, service; who keeps a client under which policy.
//!
//! A tier is data, never a folder: a lead passes through all three. The engagement policy of a
//! campaign says whether three people, two, or one lead a client; records and pay are the same.
//!
//! Invariants: a person works in one tier of a campaign, except where its policy lets them keep
//! the client; a hand-off goes one rung up, and from service back to sales for an up-sell.
//!
//! `doors` says which roles open which pages.
//!
//! Neighbours: uses `people`; campaigns, hand-offs and routes ask here.

pub mod actions;
pub mod doors;

use std::fmt;
use std::str::FromStr;

use crate::people::{Reach, Role, Scope, User, Viewer};
use crate::values::*;

/// A rung of the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tier {
    /// 1: cleans the base, calls, books meetings.
    Acquisition,
    /// 2: turns a qualified lead into a contract.
    Sales,
    /// 3: serves the client.
    Service,
}

impl Tier {
    /// Every tier, from the bottom.
    pub const ALL: [Self; 3] = [Self::Acquisition, Self::Sales, Self::Service];
    /// 1, 2, 3: also how it is stored.
    pub fn rank(self) -> i64 {
        match self {
            Self::Acquisition => 1,
            Self::Sales => 2,
            Self::Service => 3,
        }
    }
    /// The tier of a rank.
    pub fn of_rank(rank: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|tier| tier.rank() == rank)
    }
    /// The role that works in it.
    pub fn role(self) -> Role {
        match self {
            Self::Acquisition => Role::Caller,
            Self::Sales => Role::Seller,
            Self::Service => Role::Service,
        }
    }
    /// Key of its word.
    pub fn key(self) -> &'static str {
        match self {
            Self::Acquisition => "tier-1",
            Self::Sales => "tier-2",
            Self::Service => "tier-3",
        }
    }
}

/// How many people lead a client through the tiers; chosen per campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EngagementPolicy {
    /// Three people, two hand-offs.
    ThreeTiers,
    /// One person sells and serves.
    TwoTiers,
    /// Whoever wins the client leads them.
    HunterKeeps,
}

impl EngagementPolicy {
    /// Every policy.
    pub const ALL: [Self; 3] = [Self::ThreeTiers, Self::TwoTiers, Self::HunterKeeps];
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::ThreeTiers => "three_tiers",
            Self::TwoTiers => "two_tiers",
            Self::HunterKeeps => "hunter_keeps",
        }
    }
    /// True when the giver of a hand-off between these tiers is also its receiver, so that it is
    /// accepted the moment it is offered. The record and the pay are the same as for two people,
    /// but for an up-sell: handed to oneself it earns nothing until the client pays.
    pub fn keeps(self, from: Tier, to: Tier) -> bool {
        match self {
            Self::ThreeTiers => false,
            Self::TwoTiers => from != Tier::Acquisition && to != Tier::Acquisition,
            Self::HunterKeeps => true,
        }
    }
    /// True when one person may work in both tiers of a campaign under this policy.
    pub fn may_hold_both(self, one: Tier, other: Tier) -> bool {
        one == other || self.keeps(one, other)
    }
}

impl fmt::Display for EngagementPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for EngagementPolicy {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|policy| policy.code() == code).ok_or(())
    }
}

/// True when work of a tier may be given to a person: they work there, or head it.
pub fn may_take(user: &User, tier: Tier) -> bool {
    let is_head = user.roles.has(Role::Head) && user.tier == Some(tier.rank());
    user.disabled_at.is_none() && (user.roles.has(tier.role()) || is_head)
}

/// True when the viewer may hand over what a person of that team holds: its head, or the owner.
/// A head who administers the firm as well sees all of it, and still leads one team.
pub fn may_hand_over(viewer: &Viewer, owner: UserId, team: Option<TeamId>) -> bool {
    let led = Scope { reach: Reach::Team, ..viewer.scope() };
    viewer.is(Role::Owner) || (viewer.is(Role::Head) && led.sees(Some(owner), team))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_keeps_the_client_is_the_policy_s_choice() {
        use EngagementPolicy::*;
        use Tier::*;
        for (policy, from, to, expected) in [
            (ThreeTiers, Acquisition, Sales, false),
            (ThreeTiers, Sales, Service, false),
            (TwoTiers, Acquisition, Sales, false),
            (TwoTiers, Sales, Service, true),
            (TwoTiers, Service, Sales, true),
            (HunterKeeps, Acquisition, Sales, true),
            (HunterKeeps, Sales, Service, true),
        ] {
            assert_eq!(policy.keeps(from, to), expected, "{policy:?} {from:?} → {to:?}");
        }
    }
}
