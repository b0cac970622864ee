//! The clock of an offer: it ticks in the working hours of the firm.

use crate::campaigns::Campaign;
use crate::campaigns::hours::CallingHours;
use crate::people::Firm;
use crate::values::*;

/// Working minutes to answer where no campaign says otherwise: half a working day.
pub const ACCEPTANCE_MINUTES: i64 = 240;
/// Minutes of a span of calendar days are counted one by one no further than this.
const SPAN_DAYS_MAX: i64 = 400;

/// The hours in which offers wait.
pub fn hours(campaign: Option<&Campaign>, country: Country) -> CallingHours {
    campaign.map_or_else(|| CallingHours::of(country), |campaign| campaign.policy.hours)
}

/// Until when an offer made now waits for its answer.
pub fn due_at(campaign: Option<&Campaign>, firm: &Firm, now: Instant) -> Instant {
    match campaign {
        Some(campaign) => campaign.acceptance_until(now, &firm.zone),
        None => {
            hours(None, firm.country).after_working_minutes(now, ACCEPTANCE_MINUTES, &firm.zone)
        }
    }
}

/// Whole working minutes between two moments.
pub fn working_minutes(hours: CallingHours, from: Instant, to: Instant, zone: &Zone) -> i64 {
    let mut moment = from;
    let mut passed = 0;
    for _ in 0..SPAN_DAYS_MAX {
        let Some(opens) = hours.next_open(moment, zone).filter(|opens| *opens < to) else { break };
        let Some(closes) = hours.closes_at(opens, zone).filter(|closes| *closes > opens) else {
            break;
        };
        passed += closes.min(to).ms() - opens.ms();
        moment = closes;
    }
    passed / MINUTE_MS
}
