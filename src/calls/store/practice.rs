//! Every statement about the made-up calls.

use crate::calls::practice::Answered;
use crate::storage::Tx;
use crate::vals;
use crate::values::*;

/// Keeps what was answered last to an exercise, and that it was had right once.
pub(in crate::calls) async fn insert_answer(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
    answered: Answered,
) -> Outcome<u64> {
    tx.run(
        "insert into practice_answers (org_id, user_id, exercise, outcome, is_good, was_good, \
         answered_at) values ($1, $2, $3, $4, $5, $5, $6) \
         on conflict (org_id, user_id, exercise) do update set \
         outcome = excluded.outcome, is_good = excluded.is_good, \
         was_good = practice_answers.was_good or excluded.was_good, \
         answered_at = excluded.answered_at",
        vals![
            org,
            user,
            answered.exercise as i64,
            answered.outcome.code(),
            answered.is_good,
            answered.at,
        ],
    )
    .await
}

/// What a person answered, by exercise.
pub(in crate::calls) async fn list_answers(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
) -> Outcome<Vec<Answered>> {
    tx.all(
        "select exercise, outcome, is_good, was_good, answered_at from practice_answers \
         where org_id = $1 and user_id = $2 order by exercise",
        vals![org, user],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Answered {
            exercise: usize::try_from(row.int("exercise")?).map_err(Error::failure)?,
            outcome: row.id("outcome")?,
            is_good: row.flag("is_good")?,
            was_good: row.flag("was_good")?,
            at: row.at("answered_at")?,
        })
    })
    .collect()
}
