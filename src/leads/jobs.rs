//! What becomes due by itself: leases run out, the queue is filled.

use super::leasing::{FILL, fill_in, lapse_in};
use super::store::queue::{self, Ask};
use crate::campaigns::{self, Campaign};
use crate::people::{self, Scope};
use crate::storage::Act;
use crate::values::*;

/// Leases of the dead that one transaction returns.
const LAPSED_MAX: i64 = 100;
/// How many times one sweep fills a campaign whose waiting companies are all denied.
const FILLS_MAX: usize = 40;

/// Returns lapsed leases and fills the queues; called every few seconds and safe to repeat.
pub async fn sweep(act: &Act) -> Outcome<()> {
    while return_lapsed(act).await? > 0 {}
    let all = campaigns::actions::list(&mut act.db.read().await?, &Scope::whole(act.org)).await?;
    for campaign in all.iter().filter(|campaign| campaign.is_running()) {
        fill(act, campaign).await?;
    }
    Ok(())
}

async fn return_lapsed(act: &Act) -> Outcome<u64> {
    let mut look = act.db.read().await?;
    if !queue::has_expired(&mut look, act.org, act.now).await? {
        return Ok(0);
    }
    drop(look);
    let mut tx = act.db.begin().await?;
    let mut count = 0;
    for lead in queue::list_expired(&mut tx, act.org, act.now, LAPSED_MAX).await? {
        count += u64::from(lapse_in(&mut tx, act, lead).await?);
    }
    tx.commit().await?;
    Ok(count)
}

/// Fills a campaign's queue until enough companies are ready or all that wait were looked at.
pub async fn fill(act: &Act, campaign: &Campaign) -> Outcome<()> {
    for _ in 0..FILLS_MAX {
        let mut look = act.db.read().await?;
        let ready = queue::count_ready(&mut look, campaign.id, FILL).await?;
        let is_any = queue::has_waiting(&mut look, act.org, campaign.id, act.now).await?;
        drop(look);
        if ready >= FILL || !is_any {
            return Ok(());
        }
        let mut tx = act.db.begin().await?;
        let firm = people::actions::firm(&mut tx, act.org).await?;
        let ask = Ask { org: act.org, campaign, zone: firm.zone, now: act.now };
        let looked_at = fill_in(&mut tx, &ask).await?;
        tx.commit().await?;
        if looked_at == 0 {
            return Ok(());
        }
    }
    Ok(())
}
