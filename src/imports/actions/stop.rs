//! What is under way is stopped, and goes on where it ended. What was written until then is
//! accounted for row by row and can be taken back.

use super::turns::withdraw;
use super::*;

/// Stops the checking, the writing or the taking back of a file. The batch in hand is still
/// finished; what waits to go on, or failed at it, is forgotten with what it failed at.
pub async fn stop(act: &Act, viewer: &Viewer, id: ImportId) -> Outcome<()> {
    let mut tx = begin!(act);
    let import = store::find_for_update(&mut tx, act.org, id).await?.ok_or(Error::NotFound)?;
    store::update_state(&mut tx, act.org, id, import.stop(viewer)?).await?;
    leave_off(&mut tx, act, &import).await?;
    tx.announce(topic(id));
    tx.finish(()).await
}

/// Forgets what waits to go on with an import that is under way, and tells that it was stopped.
pub(super) async fn leave_off(tx: &mut Tx, act: &Act, import: &Import) -> Outcome<()> {
    if let Some(work) = Work::in_state(import.state) {
        let is_forgotten = withdraw(tx, act, work, import).await? > 0;
        // Search is yet to hear of what was written; nobody is left who would tell it.
        let found = store::find_found_count(tx, act.org, import.id).await?;
        if work == Work::Commit && is_forgotten && found < import.done_count {
            enqueue(tx, act, work, import).await?;
        }
    }
    Event::new(Kind::ImportStopped, import.id)
        .person(act.actor)
        .with("number", import.number)
        .with("rows", import.counts.total())
        .record(tx, act)
        .await
        .map(drop)
}

/// Has a stopped import go on: checking begins anew, the rest from the row where it ended. One that
/// waits after a trouble, or was given up, is taken up now and as if it were new; where nothing
/// holds it up it goes on already.
pub async fn go_on(act: &Act, viewer: &Viewer, id: ImportId) -> Outcome<()> {
    let mut tx = begin!(act);
    let import = store::find_for_update(&mut tx, act.org, id).await?.ok_or(Error::NotFound)?;
    let state = import.go_on(viewer)?;
    if state == import.state && find_trouble(&mut tx, act.org, &import).await?.is_none() {
        return tx.finish(()).await;
    }
    store::update_state(&mut tx, act.org, id, state).await?;
    if let Some(work) = Work::in_state(state) {
        enqueue_anew(&mut tx, act, work, &import).await?;
    }
    Event::new(Kind::ImportGoneOn, id)
        .person(act.actor)
        .with("number", import.number)
        .record(&mut tx, act)
        .await?;
    tx.announce(topic(id));
    tx.finish(()).await
}
