//! What happens later: scores follow what happened, and age by themselves.

use super::actions;
use crate::jobs;
use crate::storage::Act;
use crate::values::*;

/// The job that brings the scores up to date, step by step.
pub const SCORE: &str = "quality.score";

/// Runs one step; where there is more to do it leaves itself behind, so that others come between.
pub async fn run(act: &Act) -> Outcome<()> {
    if actions::step(act).await? {
        let mut tx = act.db.begin().await?;
        jobs::enqueue(&mut tx, act.org, SCORE, "", act.now).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Has the scores brought up to date where they are behind; called every few seconds.
pub async fn sweep(act: &Act) -> Outcome<()> {
    if !actions::is_behind(act).await? {
        return Ok(());
    }
    let waiting = jobs::list_waiting(&mut act.db.read().await?, act.org, SCORE).await?;
    if waiting.is_empty() {
        let mut tx = act.db.begin().await?;
        jobs::enqueue(&mut tx, act.org, SCORE, "", act.now).await?;
        tx.commit().await?;
    }
    Ok(())
}
