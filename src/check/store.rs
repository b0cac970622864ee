//! The questions behind the invariants.

use super::Broken;
use crate::storage::Tx;
use crate::values::Outcome;

/// Records that refer to what is not there, as `(rule, statement giving what)`.
const ORPHANS: &[(&str, &str)] = &[
    (
        "a user belongs to a firm",
        "select u.id as what from users u \
         left join organisations o on o.id = u.org_id where o.id is null",
    ),
    (
        "a session belongs to a user",
        "select s.user_id as what from sessions s \
         left join users u on u.id = s.user_id where u.id is null",
    ),
    (
        "an event's person is known",
        "select e.id as what from events e left join users u on u.id = e.person_id \
         where e.person_id is not null and u.id is null",
    ),
];

pub(super) async fn list_orphans(tx: &mut Tx) -> Outcome<Vec<Broken>> {
    let mut broken = Vec::new();
    for (rule, statement) in ORPHANS {
        for row in tx.all(statement, &[]).await? {
            broken.push(Broken { rule, what: row.text("what")? });
        }
    }
    Ok(broken)
}

pub(super) async fn list_receipts_without_answer(tx: &mut Tx) -> Outcome<Vec<Broken>> {
    tx.all("select request_key as what from receipts where answer = ''", &[])
        .await?
        .iter()
        .map(|row| {
            Ok(Broken { rule: "an action that happened has an answer", what: row.text("what")? })
        })
        .collect()
}
