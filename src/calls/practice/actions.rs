//! What is done on the made-up calls: one is answered, and whoever had all right has passed.

use super::{Exercise, Progress, stage};
use crate::begin;
use crate::calls::results::{self, CallForm};
use crate::calls::store::practice;
use crate::people::{self, Viewer};
use crate::storage::{Act, Tx};
use crate::values::*;

/// How far a person is.
pub async fn find_progress(tx: &mut Tx, org: OrgId, user: UserId) -> Outcome<Progress> {
    Ok(Progress { answered: practice::list_answers(tx, org, user).await? })
}

/// Answers a made-up call. What is typed is read as that of a real one; nothing of it is kept but
/// the result and whether it was a good one.
pub async fn answer(
    act: &Act,
    viewer: &Viewer,
    exercise: Exercise,
    form: &CallForm,
) -> Outcome<()> {
    let mut tx = begin!(act);
    let stage = stage::Stage::of(&mut tx, viewer, exercise, act.now).await?;
    let results = results::read(form, &stage.situation(viewer, act.now)).map_err(Error::Invalid)?;
    let is_good = exercise.is_good(&results);
    let answered = super::Answered {
        exercise: exercise.number,
        outcome: results.meaning,
        is_good,
        was_good: is_good,
        at: act.now,
    };
    let (org, user) = (act.org, viewer.id());
    practice::insert_answer(&mut tx, org, user, answered).await?;
    if find_progress(&mut tx, org, user).await?.is_passed() {
        people::actions::note_practised_in(&mut tx, act, user).await?;
    }
    tx.finish(()).await
}
