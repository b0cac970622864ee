//! What happens later: a round is filled, looks again for what has become due, ends at its day.

use super::actions;
use crate::jobs;
use crate::storage::Act;
use crate::values::*;

/// The job that makes due companies leads of a round; its subject is the campaign.
pub const ENLIST: &str = "rounds.enlist";

/// Runs one stretch; where there is more it leaves itself behind, so that others come between.
pub async fn run(act: &Act, subject: &str) -> Outcome<()> {
    let id = subject.parse().map_err(Error::failure)?;
    if actions::enlist(act, id).await? {
        let mut tx = act.db.begin().await?;
        jobs::enqueue(&mut tx, act.org, ENLIST, subject, act.now).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Looks at what has become due; called every few seconds and safe to repeat.
pub async fn sweep(act: &Act) -> Outcome<()> {
    actions::end_over(act).await?;
    let mut look = act.db.read().await?;
    let due = actions::list_to_enlist(&mut look, act.org, act.now).await?;
    if due.is_empty() {
        return Ok(());
    }
    let waiting = jobs::list_waiting(&mut look, act.org, ENLIST).await?;
    drop(look);
    for id in due.iter().map(ToString::to_string).filter(|id| !waiting.contains(id)) {
        let mut tx = act.db.begin().await?;
        jobs::enqueue(&mut tx, act.org, ENLIST, &id, act.now).await?;
        tx.commit().await?;
    }
    Ok(())
}
