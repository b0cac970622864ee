//! What became of calls by version and branch of the script: how many were talks, meetings and
//! refusals, with the bounds within which such a share lies by chance.

use std::collections::BTreeMap;

use super::{Filter, Sight};
use crate::values::*;

/// The standard deviations of a bound of 95 %.
const Z: f64 = 1.96;

codes! {
    /// What of a version is counted.
    ScriptCount {
        /// Calls made with it.
        Calls = "calls",
        /// Of them those in which somebody talked about the matter.
        Conversations = "conversations",
        /// Of these those in which a meeting was agreed.
        Meetings = "meetings",
        /// Of them those that were refused.
        Refusals = "refusals",
    }
}

/// Calls that are alike: of one campaign, version and branch, by one caller, meaning the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The campaign.
    pub campaign: CampaignId,
    /// The version of its script; nought where there was none.
    pub version: i64,
    /// The branch that was marked; nought for none.
    pub branch: i64,
    /// Who called.
    pub caller: UserId,
    /// The reason of a refusal.
    pub reason: Option<String>,
    /// How many.
    pub calls: i64,
    /// Of them talks about the matter.
    pub talks: i64,
    /// Of the talks those with a meeting.
    pub meetings: i64,
    /// Of the talks those that were refused.
    pub refusals: i64,
}

/// The sums of a version's branch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Calls.
    pub calls: i64,
    /// Talks about the matter.
    pub talks: i64,
    /// Meetings.
    pub meetings: i64,
    /// Refusals.
    pub refusals: i64,
    /// Why they refused, with how many.
    pub reasons: BTreeMap<String, i64>,
}

impl Tally {
    /// One of its counts.
    pub fn count(&self, of: ScriptCount) -> i64 {
        match of {
            ScriptCount::Calls => self.calls,
            ScriptCount::Conversations => self.talks,
            ScriptCount::Meetings => self.meetings,
            ScriptCount::Refusals => self.refusals,
        }
    }
    /// What a count is a share of; nothing for the calls themselves.
    pub fn base(&self, of: ScriptCount) -> Option<i64> {
        match of {
            ScriptCount::Calls => None,
            ScriptCount::Conversations => Some(self.calls),
            ScriptCount::Meetings | ScriptCount::Refusals => Some(self.talks),
        }
    }
    fn add(&mut self, said: &Said) {
        self.calls += said.calls;
        self.talks += said.talks;
        self.meetings += said.meetings;
        self.refusals += said.refusals;
        if let Some(reason) = &said.reason
            && said.refusals > 0
        {
            *self.reasons.entry(reason.clone()).or_default() += said.refusals;
        }
    }
}

/// Which campaign, version and branch; no branch stands for the whole version.
pub type Part = (CampaignId, i64, Option<i64>);

/// Sums what the filter and the viewer's sight let through: each version as a whole, then its
/// branches where one was ever marked.
pub fn fold(said: &[Said], (sight, filter): (&Sight, &Filter)) -> BTreeMap<Part, Tally> {
    let is_meant = |one: &&Said| {
        let is_seen = match sight {
            Sight::All => true,
            Sight::People(ids) => ids.contains(&one.caller),
            Sight::Campaigns(ids) => ids.contains(&one.campaign),
        };
        is_seen && filter.campaign.is_none_or(|campaign| campaign == one.campaign)
    };
    let mut parts: BTreeMap<Part, Tally> = BTreeMap::new();
    for one in said.iter().filter(is_meant) {
        for branch in [None, Some(one.branch)] {
            parts.entry((one.campaign, one.version, branch)).or_default().add(one);
        }
    }
    let marked: Vec<(CampaignId, i64)> = parts
        .keys()
        .filter(|(_, _, branch)| branch.is_some_and(|branch| branch > 0))
        .map(|(campaign, version, _)| (*campaign, *version))
        .collect();
    parts.retain(|(campaign, version, branch), _| {
        branch.is_none() || marked.contains(&(*campaign, *version))
    });
    parts
}

/// The bounds within which a share of `part` in `whole` lies at 95 %, after Wilson, in thousandths;
/// `None` where there is nothing below.
pub fn bounds(part: i64, whole: i64) -> Option<(i64, i64)> {
    if whole <= 0 {
        return None;
    }
    let (part, n) = (part as f64, whole as f64);
    let share = part / n;
    let middle = share + Z * Z / (2.0 * n);
    let reach = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let all = 1.0 + Z * Z / n;
    let thousandths = |value: f64| (value * 1_000.0).round().clamp(0.0, 1_000.0) as i64;
    Some((thousandths((middle - reach) / all), thousandths((middle + reach) / all)))
}
