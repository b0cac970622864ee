//! Every statement about important dates.

use super::ImportantDate;
use crate::storage::{Act, Row, Tx};
use crate::vals;
use crate::values::*;

/// The columns of a date before the rest of a statement; whose it is, is who stands for them
/// after a merge.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, company_id, coalesce((select j.joined_id from contacts j \
               where j.id = important_dates.contact_id), contact_id) as contact_id, person_name, \
             what, month, day, year, days_ahead from important_dates ",
            $rest
        )
    };
}

pub(super) async fn insert(tx: &mut Tx, act: &Act, date: &ImportantDate) -> Outcome<()> {
    tx.run(
        "insert into important_dates (id, org_id, company_id, contact_id, person_name, what, \
         month, day, year, days_ahead, made_by, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        vals![
            date.id,
            act.org,
            date.company,
            date.contact,
            &date.person_name,
            &date.what,
            date.month,
            date.day,
            date.year,
            date.days_ahead,
            act.actor,
            act.now,
        ],
    )
    .await?;
    Ok(())
}

/// Returns 0 when it was removed before or is another company's.
pub(super) async fn update_removed(
    tx: &mut Tx,
    act: &Act,
    company: CompanyId,
    id: ImportantDateId,
) -> Outcome<u64> {
    tx.run(
        "update important_dates set removed_at = $4 \
         where org_id = $1 and company_id = $2 and id = $3 and removed_at is null",
        vals![act.org, company, id, act.now],
    )
    .await
}

/// The dates of a company through the year.
pub(super) async fn list(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<ImportantDate>> {
    tx.all(
        select!(
            "where org_id = $1 and company_id = $2 and removed_at is null \
         order by month, day, id"
        ),
        vals![org, company],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

pub(super) async fn find(
    tx: &mut Tx,
    org: OrgId,
    id: ImportantDateId,
) -> Outcome<Option<ImportantDate>> {
    tx.maybe(select!("where org_id = $1 and id = $2 and removed_at is null"), vals![org, id])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// The dates of these months, for the sweep.
pub(super) async fn list_in_months(
    tx: &mut Tx,
    org: OrgId,
    [first, second, third]: [i64; 3],
) -> Outcome<Vec<ImportantDate>> {
    tx.all(
        select!(
            "where org_id = $1 and removed_at is null \
         and month in ($2, $3, $4) order by id"
        ),
        vals![org, first, second, third],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

fn read(row: &Row) -> Outcome<ImportantDate> {
    Ok(ImportantDate {
        id: row.id("id")?,
        company: row.id("company_id")?,
        contact: row.opt_id("contact_id")?,
        person_name: row.text("person_name")?,
        what: row.text("what")?,
        month: row.int("month")?,
        day: row.int("day")?,
        year: row.opt_int("year")?,
        days_ahead: row.int("days_ahead")?,
    })
}
