//! What happens later: scores follow what happened, and age by themselves.

use super::actions;
use crate::events::{Kind, Recorded};
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

/// Acts upon an event of another folder: what changes the scores of many companies at once has the
/// base gone through again. The event of a long job bears the time at which the job began, and may
/// stand among events that were looked through before it was written; a follower misses none.
pub async fn follow(act: &Act, event: &Recorded) -> Outcome<()> {
    match event.kind {
        Kind::ImportCommitted | Kind::ImportUndone => {
            let import = event.subject.parse().map_err(Error::failure)?;
            actions::begin_anew(act, Some(import)).await
        }
        Kind::BaseScanned if event.reason.as_deref() == Some("done") => {
            actions::begin_anew(act, None).await
        }
        _ => Ok(()),
    }
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
