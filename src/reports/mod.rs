//! Figures with a way down to the records behind them. Reads everything, writes nothing.
//!
//! A figure is a count of records: of calls, which carry both results, and of events, which carry
//! whose work they are, in which tier and why. The funnel, the breakdowns and the comparison of
//! policies are sums over one cube of figures, so that they agree with one another by construction,
//! and each number leads to the list of exactly the records it counts.
//!
//! Invariants:
//! - no number without its records: `steps` says for each step what is counted, and both the
//!   counting and the listing statement follow it;
//! - a head sees the work of their team, and no noughts for tiers that are not theirs; a principal
//!   their own campaigns and no names;
//! - a step counts in the period in which it happened, never by when its lead began.
//!
//! Neighbours: reads every table with its own statements; nobody depends on it.

pub mod actions;
pub mod api;
mod board;
mod cube;
pub mod pages;
mod pairs;
mod period;
mod records;
mod scripts;
mod steps;
mod store;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub use period::{Chosen, Period};
pub use steps::Step;

use crate::tiers::EngagementPolicy;
use crate::values::*;

/// What stands for "none" where a record has no source, reason or person.
pub const NONE: &str = "-";

/// One cell of the cube: how often a step happened on a day to the same five things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// What happened.
    pub step: Step,
    /// In which campaign.
    pub campaign: Option<CampaignId>,
    /// Whose work it is.
    pub person: Option<UserId>,
    /// Where the company came from.
    pub source: String,
    /// The coded reason, for steps that have one.
    pub reason: String,
    /// How often.
    pub count: i64,
    /// The money it moved, in minor units of the firm's currency.
    pub amount: i64,
}

/// How often, and how much money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    /// How often.
    pub count: i64,
    /// Minor units of the firm's currency.
    pub amount: i64,
}

impl Sum {
    fn add(&mut self, figure: &Figure) {
        self.count += figure.count;
        self.amount += figure.amount;
    }
}

/// What is looked at, beside the period.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Only this campaign.
    pub campaign: Option<CampaignId>,
    /// Only the work of this person.
    pub person: Option<UserId>,
    /// Only companies of this source; [`NONE`] for those without.
    pub source: Option<String>,
    /// Only campaigns under this policy.
    pub policy: Option<EngagementPolicy>,
    /// Only with this reason.
    pub reason: Option<String>,
}

/// How far the viewer sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// Everything of the firm.
    All,
    /// The work of these people: a head's team and the head.
    People(BTreeSet<UserId>),
    /// These campaigns, without names: a principal's.
    Campaigns(BTreeSet<CampaignId>),
}

impl Sight {
    /// True when the figure may be seen.
    pub fn sees(&self, figure: &Figure) -> bool {
        match self {
            Self::All => true,
            Self::People(people) => figure.person.is_some_and(|id| people.contains(&id)),
            Self::Campaigns(ids) => figure.campaign.is_some_and(|id| ids.contains(&id)),
        }
    }
}

/// The sums of every step.
pub type Sums = BTreeMap<Step, Sum>;

/// The figures of a period, cut in every way the page shows.
#[derive(Debug, Clone, Default)]
pub struct Cut {
    /// By step.
    pub steps: Sums,
    /// By step and reason.
    pub reasons: BTreeMap<(Step, String), Sum>,
    /// By campaign.
    pub campaigns: BTreeMap<Option<CampaignId>, Sums>,
    /// By person.
    pub people: BTreeMap<Option<UserId>, Sums>,
    /// By source.
    pub sources: BTreeMap<String, Sums>,
    /// By engagement policy of the campaign.
    pub policies: BTreeMap<&'static str, Sums>,
}

impl Cut {
    /// Sums the figures that the filter and the viewer's sight let through.
    pub fn of<'a>(
        figures: impl Iterator<Item = &'a Figure>,
        filter: &Filter,
        sight: &Sight,
        policies: &BTreeMap<CampaignId, EngagementPolicy>,
    ) -> Self {
        let mut cut = Self::default();
        for figure in figures.filter(|figure| sight.sees(figure)) {
            let policy = figure.campaign.and_then(|id| policies.get(&id).copied());
            if filter.lets(figure, policy) {
                cut.add(figure, policy);
            }
        }
        cut
    }

    fn add(&mut self, figure: &Figure, policy: Option<EngagementPolicy>) {
        let step = figure.step;
        self.steps.entry(step).or_default().add(figure);
        if step.has_reasons() {
            self.reasons.entry((step, figure.reason.clone())).or_default().add(figure);
        }
        let by_campaign = self.campaigns.entry(figure.campaign).or_default();
        by_campaign.entry(step).or_default().add(figure);
        let by_person = self.people.entry(figure.person).or_default();
        by_person.entry(step).or_default().add(figure);
        let by_source = self.sources.entry(figure.source.clone()).or_default();
        by_source.entry(step).or_default().add(figure);
        if let Some(policy) = policy {
            let by_policy = self.policies.entry(policy.code()).or_default();
            by_policy.entry(step).or_default().add(figure);
        }
    }
}

impl Filter {
    fn lets(&self, figure: &Figure, policy: Option<EngagementPolicy>) -> bool {
        (self.campaign.is_none() || self.campaign == figure.campaign)
            && (self.person.is_none() || self.person == figure.person)
            && self.source.as_ref().is_none_or(|source| *source == figure.source)
            && self.reason.as_ref().is_none_or(|reason| *reason == figure.reason)
            && (self.policy.is_none() || self.policy == policy)
    }
}
