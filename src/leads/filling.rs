//! How a campaign's queue is filled: admission is asked about many companies at once, so that a
//! lease finds one that is ready, and asks only about that one again.

use std::collections::BTreeMap;
use std::time::Duration;

use super::admission::{Verdict, admit};
use super::store::order;
use super::store::queue::{self, Ask, Candidate};
use super::{keeping, numbers};
use crate::campaigns::parts::DayPart;
use crate::campaigns::{self, Campaign};
use crate::people;
use crate::storage::{Act, Tx};
use crate::values::*;

/// Leads looked at when the queue is filled.
pub(super) const FILL: i64 = 64;
/// Fewer ready leads than that, and the queue is filled before a lease is asked for.
pub(super) const LOW: i64 = 32;
/// How many times a campaign whose waiting companies are all denied is filled at once.
const FILLS_MAX: usize = 40;
/// By how many calls of a campaign the best part of the day is judged.
const REMEMBERED: i64 = 1_000;
/// Fewer calls than that in a part of the day say little about it.
const UNSURE: i64 = 50;
/// How long one waits for others who are filling the same queue.
pub(super) const MOMENT: Duration = Duration::from_millis(5);

/// Fills a campaign's queue when little is ready, in transactions of its own: others then see at
/// once what was found, and nobody is told that there is nobody to call while one is filling. It
/// is looked for by the transaction that is given, which ends before.
pub async fn top_up(act: &Act, mut look: Tx, id: CampaignId) -> Outcome<()> {
    if !is_low(&mut look, act.org, id, act.now).await? {
        return Ok(());
    }
    let campaign = campaigns::actions::find(&mut look, act.org, id).await?;
    drop(look);
    fill(act, &campaign, LOW).await
}

/// True where little is ready, or one that was put first is not.
pub(super) async fn is_low(tx: &mut Tx, org: OrgId, id: CampaignId, now: Instant) -> Outcome<bool> {
    Ok(queue::count_ready(tx, org, id, LOW).await? < LOW
        || queue::has_first_waiting(tx, org, id, now).await?)
}

/// True where fewer than `enough` are ready and others wait, or where one waits that was put first.
async fn wants_more(tx: &mut Tx, act: &Act, campaign: &Campaign, enough: i64) -> Outcome<bool> {
    let (org, id) = (act.org, campaign.id);
    if queue::count_ready(tx, org, id, enough).await? < enough {
        return queue::has_waiting(tx, org, id, act.now).await;
    }
    queue::has_first_waiting(tx, org, id, act.now).await
}

/// Fills the queue of a campaign that runs, until `enough` are ready or all were looked at.
pub(super) async fn fill(act: &Act, campaign: &Campaign, enough: i64) -> Outcome<()> {
    if !campaign.is_running() {
        return Ok(());
    }
    for _ in 0..FILLS_MAX {
        let mut look = act.db.read().await?;
        if !wants_more(&mut look, act, campaign, enough).await? {
            return Ok(());
        }
        drop(look);
        let mut tx = act.db.begin().await?;
        let zone = people::actions::firm(&mut tx, act.org).await?.zone;
        let ask = Ask { org: act.org, campaign, zone: &zone, now: act.now };
        let looked_at = fill_in(&mut tx, &ask).await?;
        tx.commit().await?;
        if looked_at == 0 {
            // What waits is just being looked at by others: a moment later it is ready.
            tokio::time::sleep(MOMENT).await;
        }
    }
    Ok(())
}

/// Looks at what waits and marks who may be called; says how many were looked at.
pub(super) async fn fill_in(tx: &mut Tx, ask: &Ask<'_>) -> Outcome<usize> {
    let waiting = queue::list_waiting(tx, ask, FILL).await?;
    let looked_at = waiting.len();
    let (ready, _) = part_in(tx, ask, waiting).await?;
    if !ready.is_empty() {
        queue::update_ready(tx, ask.org, &ready).await?;
        rank_in(tx, ask).await?;
    }
    Ok(looked_at)
}

/// Puts those first among the ready whose part of the day is a good one to reach somebody in this
/// campaign.
async fn rank_in(tx: &mut Tx, ask: &Ask<'_>) -> Outcome<()> {
    let ranks = ranks(&order::count_reached(tx, ask, REMEMBERED).await?);
    let mut moved: BTreeMap<i64, Vec<LeadId>> = BTreeMap::new();
    for (id, zone, rank) in order::list_ranked(tx, ask).await? {
        let part = ask.campaign.policy.part_at(ask.now, &zone);
        let due = ranks.get(part.index()).copied().unwrap_or(0);
        if due != rank {
            moved.entry(due).or_default().push(id);
        }
    }
    for (rank, ids) in moved {
        order::update_rank(tx, ask.org, &ids, rank).await?;
    }
    Ok(())
}

/// 0 for a part of the day in which people are reached about as often as in the best one, 1 where
/// it is less, 2 where it is much less. A part of which little is known is taken for an average
/// one.
fn ranks(reached: &[(DayPart, i64, i64)]) -> [i64; 3] {
    let total = |pick: fn(&(DayPart, i64, i64)) -> i64| reached.iter().map(pick).sum::<i64>();
    let (calls, answered) = (total(|one| one.1), total(|one| one.2));
    // Answers of 10,000 calls, as though each part had had so many average ones before.
    let rate = |part: DayPart| {
        let of = reached.iter().find(|one| one.0 == part);
        let (own, met) = of.map_or((0, 0), |one| (one.1, one.2));
        let usual = if calls == 0 { 0 } else { answered * 10_000 / calls };
        (met * 10_000 + usual * UNSURE) / (own + UNSURE)
    };
    let rates = [DayPart::Morning, DayPart::Midday, DayPart::Afternoon].map(rate);
    let best = rates.iter().max().copied().unwrap_or(0);
    rates.map(|rate| match rate {
        rate if rate * 10 >= best * 8 => 0,
        rate if rate * 10 >= best * 6 => 1,
        _ => 2,
    })
}

/// Looks again at what is ready, and marks who may not be called any more: after a night these are
/// many, and one at a time they would keep the first caller waiting. Says how many were denied.
pub(super) async fn sift_in(tx: &mut Tx, ask: &Ask<'_>) -> Outcome<usize> {
    let ready = queue::list_ready(tx, ask, FILL).await?;
    Ok(part_in(tx, ask, ready).await?.1.len())
}

/// The same of promised calls that are due; one that a rule denies for good ends.
pub(super) async fn sift_promised_in(
    tx: &mut Tx,
    act: &Act,
    ask: &Ask<'_>,
    caller: UserId,
) -> Outcome<usize> {
    let due = queue::list_due_callbacks(tx, ask, caller, FILL).await?;
    let (_, denied) = part_in(tx, ask, due).await?;
    for (lead, rule) in &denied {
        keeping::deny_in(tx, act, *lead, rule).await?;
    }
    Ok(denied.len())
}

/// Parts those of the candidates who may be called from those who may not, each with the rule, and
/// marks the latter.
async fn part_in(
    tx: &mut Tx,
    ask: &Ask<'_>,
    mut candidates: Vec<Candidate>,
) -> Outcome<(Vec<LeadId>, Vec<(LeadId, &'static str)>)> {
    numbers::learn_in(tx, ask, &mut candidates).await?;
    let mut admitted = Vec::new();
    let mut denied: BTreeMap<(&'static str, Instant), Vec<LeadId>> = BTreeMap::new();
    for Candidate { slot, facts, .. } in &candidates {
        match admit(&ask.campaign.policy, facts, ask.now) {
            Verdict::Allow => admitted.push(slot.id),
            Verdict::Deny { rule, until } => {
                denied.entry((rule.code(), until)).or_default().push(slot.id);
            }
        }
    }
    let mut told = Vec::new();
    for (why, ids) in denied {
        queue::update_denied(tx, ask, &ids, why).await?;
        told.extend(ids.into_iter().map(|id| (id, why.0)));
    }
    Ok((admitted, told))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_part_of_the_day_comes_first_and_little_known_ones_are_average() {
        use DayPart::{Afternoon, Midday, Morning};
        assert_eq!(ranks(&[]), [0, 0, 0]);
        assert_eq!(ranks(&[(Morning, 3, 0), (Midday, 2, 2)]), [0, 0, 0]);
        let seen = [(Morning, 600, 60), (Midday, 700, 90), (Afternoon, 700, 130)];
        assert_eq!(ranks(&seen), [2, 1, 0]);
        // Nobody was called in the morning: it may be as good as any.
        assert_eq!(ranks(&[(Midday, 700, 130), (Afternoon, 700, 130)]), [0, 0, 0]);
    }
}
