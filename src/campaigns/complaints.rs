//! How many complaints a campaign bears before it stops by itself.
//!
//! Complaints are counted of the calls of thirty days. While a campaign has made few calls it is
//! judged as though it had made as many as its policy says: one complaint of five calls is no rate,
//! and with the usual thousand the second one among them stops it.

use super::{CallingPolicy, Campaign, CampaignState};
use crate::values::*;

/// Of how many days complaints and calls are counted.
pub const DAYS: i64 = 30;
/// The limit is said in complaints of so many calls.
pub const OF: i64 = 10_000;

/// What was heard of a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Complaints {
    /// Companies that complained after a call of the campaign.
    pub complaints: i64,
    /// Its calls.
    pub calls: i64,
}

/// A campaign that complaints stopped, until somebody decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Halt {
    /// When it stopped.
    pub at: Instant,
    /// What had been heard by then.
    pub heard: Complaints,
    /// Complaints of [`OF`] calls that it was allowed.
    pub limit: i64,
    /// Who had it go on, when, and why; nothing while nobody has.
    pub answer: Option<(UserId, Instant, String)>,
}

impl CallingPolicy {
    /// True where more complained than may.
    pub fn is_over(&self, heard: Complaints) -> bool {
        let calls = heard.calls.max(self.complaints_calls_min);
        heard.complaints * OF > calls * self.complaints_max
    }
}

impl Campaign {
    /// Since when its complaints and calls count: thirty days, and not from before a decision.
    pub fn counts_since(&self, now: Instant) -> Instant {
        let month = now.plus_days(-DAYS);
        self.complaints_from.map_or(month, |from| from.max(month))
    }
    /// True where complaints may stop it: it calls, or would when somebody goes on.
    pub fn may_be_halted(&self) -> bool {
        let is_alive = matches!(self.state, CampaignState::Running | CampaignState::Paused);
        is_alive && self.complained_at.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_calls_are_judged_as_though_they_were_more() {
        let usual = CallingPolicy::default();
        let strict = CallingPolicy { complaints_calls_min: 1, ..usual };
        let mild = CallingPolicy { complaints_max: 100, complaints_calls_min: 100, ..usual };
        for (policy, complaints, calls, expected) in [
            (usual, 0, 0, false),
            (usual, 1, 5, false),
            (usual, 2, 5, true),
            (usual, 2, 1_999, true),
            (usual, 2, 2_000, false),
            (usual, 3, 2_000, true),
            (strict, 1, 5, true),
            (strict, 1, 1_000, false),
            (strict, 0, 0, false),
            (mild, 1, 5, false),
            (mild, 2, 5, true),
            (mild, 5, 500, false),
            (mild, 6, 500, true),
        ] {
            let heard = Complaints { complaints, calls };
            assert_eq!(policy.is_over(heard), expected, "{complaints} of {calls}");
        }
    }
}
