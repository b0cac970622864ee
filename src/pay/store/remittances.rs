//! What was really paid out. Nothing here updates or deletes a record.

use super::super::remittance::Remittance;
use crate::storage::{Row, Tx};
use crate::vals;
use crate::values::*;

/// The columns of a record before the rest of a statement.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, number, person_id, month, amount, currency, paid_on, reference, corrects, \
             author_id, made_at from pay_remittances ",
            $rest
        )
    };
}

/// Returns 0 when the same is recorded already, or what it corrects was corrected before.
pub(crate) async fn insert_remittance(tx: &mut Tx, org: OrgId, one: &Remittance) -> Outcome<u64> {
    tx.run(
        "insert into pay_remittances (id, org_id, number, person_id, month, amount, currency, \
         paid_on, reference, corrects, author_id, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing",
        vals![
            one.id,
            org,
            one.number,
            one.person,
            one.month.to_string(),
            one.amount.minor,
            one.amount.currency,
            one.paid_on,
            &one.reference,
            one.corrects,
            one.author,
            one.made_at,
        ],
    )
    .await
}

pub(crate) async fn find_remittance(
    tx: &mut Tx,
    org: OrgId,
    id: AnyId,
) -> Outcome<Option<Remittance>> {
    tx.maybe(select!("where org_id = $1 and id = $2"), vals![org, id])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// Every record of a month, in the order they were written.
pub(crate) async fn list_remittances(
    tx: &mut Tx,
    org: OrgId,
    month: Month,
) -> Outcome<Vec<Remittance>> {
    let of_month = select!("where org_id = $1 and month = $2 order by number");
    tx.all(of_month, vals![org, month.to_string()]).await?.iter().map(read).collect()
}

/// Every record of a person for a month, in the order they were written.
pub(crate) async fn list_remittances_for(
    tx: &mut Tx,
    org: OrgId,
    person: UserId,
    month: Month,
) -> Outcome<Vec<Remittance>> {
    let of_both = select!("where org_id = $1 and month = $2 and person_id = $3 order by number");
    tx.all(of_both, vals![org, month.to_string(), person]).await?.iter().map(read).collect()
}

/// Every record of the months before one, in the order they were written.
pub(crate) async fn list_remittances_before(
    tx: &mut Tx,
    org: OrgId,
    month: Month,
) -> Outcome<Vec<Remittance>> {
    let before = select!("where org_id = $1 and month < $2 order by number");
    tx.all(before, vals![org, month.to_string()]).await?.iter().map(read).collect()
}

/// Every record of a person, in the order they were written.
pub(crate) async fn list_remittances_of(
    tx: &mut Tx,
    org: OrgId,
    person: UserId,
) -> Outcome<Vec<Remittance>> {
    let of_person = select!("where org_id = $1 and person_id = $2 order by number");
    tx.all(of_person, vals![org, person]).await?.iter().map(read).collect()
}

/// Every record of the firm; for the check.
pub(crate) async fn list_all_remittances(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Remittance>> {
    tx.all(select!("where org_id = $1 order by number"), vals![org])
        .await?
        .iter()
        .map(read)
        .collect()
}

fn read(row: &Row) -> Outcome<Remittance> {
    Ok(Remittance {
        id: row.id("id")?,
        number: row.int("number")?,
        person: row.id("person_id")?,
        month: row.id("month")?,
        amount: row.money("amount", "currency")?,
        paid_on: row.at("paid_on")?,
        reference: row.text("reference")?,
        corrects: row.opt_id("corrects")?,
        author: row.opt_id("author_id")?,
        made_at: row.at("made_at")?,
    })
}
