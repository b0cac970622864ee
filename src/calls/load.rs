//! When a caller has borne enough: refusals in a row, an hour without a break, rests that were
//! worked through. Pure, but for the asking at the end.
//!
//! Who rests is told why and until when, and may do something else meanwhile; nothing is forbidden
//! for longer than a few minutes, and what was promised to a client is called in time.

use super::{Meaning, store};
use crate::campaigns::{CallingPolicy, Campaign};
use crate::leads::resting::{self, Rest, RestKind};
use crate::people::Viewer;
use crate::storage::{Act, Tx};
use crate::values::*;

/// So many rests worked through make the next one twice as long, and a rest alone.
const SKIPPED_MAX: i64 = 2;
/// How far back a day of work is looked at.
const DAY_HOURS: i64 = 12;

/// A call with what it meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    /// When it was recorded.
    pub at: Instant,
    /// What it meant.
    pub meaning: Meaning,
    /// True where the company was one that the queue gave anew: no promised call, no result that
    /// was filed again, no check of a round. Only such calls are worked through a rest.
    pub is_fresh: bool,
}

/// What a caller has done of late.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Day {
    /// Their calls, the latest first.
    pub done: Vec<Done>,
    /// Their rests, the latest first.
    pub rests: Vec<Rest>,
    /// Since when they work without a break.
    pub working_since: Option<Instant>,
}

impl Day {
    /// Refusals since the last rest with no good word between; calls that reached nobody are
    /// passed over.
    pub fn refusals(&self) -> i64 {
        let since = self.rests.first().map(|rest| rest.began_at);
        let mut refusals = 0;
        for one in self.done.iter().take_while(|one| since.is_none_or(|since| one.at > since)) {
            match one.meaning {
                Meaning::Refusal | Meaning::DoNotCall | Meaning::Abusive => refusals += 1,
                Meaning::NotReached | Meaning::BadNumber => {}
                _ => break,
            }
        }
        refusals
    }

    /// Minutes without a break; a rest counts as one though it was worked through.
    pub fn minutes(&self, now: Instant) -> i64 {
        let Some(since) = self.working_since else { return 0 };
        let since = self.rests.first().map_or(since, |rest| since.max(rest.until));
        (now.ms() - since.ms()).max(0) / MINUTE_MS
    }

    /// The latest rests in a row in which they called somebody new.
    pub fn skipped(&self) -> i64 {
        let is_skipped = |rest: &&Rest| {
            let falls_in = |one: &Done| rest.began_at < one.at && one.at < rest.until;
            self.done.iter().any(|one| one.is_fresh && falls_in(one))
        };
        self.rests.iter().take_while(is_skipped).count() as i64
    }
}

/// A rest that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Why.
    pub kind: RestKind,
    /// How many refusals, minutes or rests that was.
    pub value: i64,
    /// How long.
    pub minutes: i64,
}

/// The rest that is due after what a caller has done, by the limits of the campaign.
pub fn judge(policy: &CallingPolicy, day: &Day, now: Instant) -> Option<Due> {
    let (refusals, minutes) = (day.refusals(), day.minutes(now));
    let is_over = |value: i64, max: i64| max > 0 && value >= max;
    let (kind, value) = if is_over(refusals, policy.refusals_in_row_max) {
        (RestKind::Refusals, refusals)
    } else if is_over(minutes, policy.work_minutes_max) {
        (RestKind::Minutes, minutes)
    } else {
        return None;
    };
    let skipped = day.skipped();
    Some(match skipped >= SKIPPED_MAX {
        true => Due { kind: RestKind::Skipped, value: skipped, minutes: 2 * policy.rest_minutes },
        false => Due { kind, value, minutes: policy.rest_minutes },
    })
}

/// Begins the rest that is due after a call, as part of the transaction that recorded it. A round
/// of checks is the other work that a rest offers: it begins none.
pub async fn guard_in(
    tx: &mut Tx,
    act: &Act,
    viewer: &Viewer,
    campaign: &Campaign,
) -> Outcome<Option<Rest>> {
    let CallingPolicy { refusals_in_row_max, work_minutes_max, .. } = campaign.policy;
    if campaign.is_round() || (refusals_in_row_max, work_minutes_max) == (0, 0) {
        return Ok(None);
    }
    let (org, user, since) = (act.org, viewer.id(), act.now.plus_ms(-DAY_HOURS * HOUR_MS));
    let rests = resting::list(tx, org, user, since).await?;
    if rests.first().is_some_and(|rest| rest.until > act.now) {
        return Ok(rests.first().copied());
    }
    let day = Day {
        done: store::list_done(tx, org, user, since).await?,
        working_since: resting::find_working_since(tx, org, user).await?,
        rests,
    };
    let Some(Due { kind, value, minutes }) = judge(&campaign.policy, &day, act.now) else {
        return Ok(None);
    };
    let until = act.now.plus_minutes(minutes);
    Ok(Some(resting::begin_in(tx, act, campaign, (user, kind, value), until).await?))
}
