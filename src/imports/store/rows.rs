//! Statements about the rows of a file, and what they changed in the base.

use std::collections::{HashMap, HashSet};

use super::{json, parsed};
use crate::imports::*;
use crate::storage::{Tx, Val};
use crate::vals;

pub(in crate::imports) async fn insert_rows(
    tx: &mut Tx,
    org: OrgId,
    import: ImportId,
    rows: &[(WrittenRow, String)],
) -> Outcome<()> {
    let mut values = Vec::new();
    for (row, digest) in rows {
        let (verdict, remarks) = (row.verdict.code(), json(&row.remarks)?);
        values.push(
            vals![org, import, row.line, verdict, row.company, &row.name, remarks, digest].to_vec(),
        );
    }
    tx.insert_many(
        "insert into import_rows (org_id, import_id, line, verdict, company_id, name, remarks, \
         digest) values",
        &values,
        "",
    )
    .await?;
    Ok(())
}

/// Rows of a verdict behind a line; every verdict where `verdict` is empty.
pub(in crate::imports) async fn list_rows(
    tx: &mut Tx,
    org: OrgId,
    import: ImportId,
    (verdict, after): (&str, i64),
    limit: i64,
) -> Outcome<Vec<WrittenRow>> {
    tx.all(
        "select line, verdict, company_id, name, remarks from import_rows \
         where org_id = $1 and import_id = $2 and ($3 = '' or verdict = $3) and line > $4 \
         order by line limit $5",
        vals![org, import, verdict, after, limit],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(WrittenRow {
            line: row.int("line")?,
            verdict: row.id("verdict")?,
            company: row.opt_id("company_id")?,
            name: row.text("name")?,
            remarks: parsed(row, "remarks")?,
        })
    })
    .collect()
}

/// Companies that rows behind a line became or added to, each with its line, in order of lines.
pub(in crate::imports) async fn list_row_companies(
    tx: &mut Tx,
    org: OrgId,
    import: ImportId,
    after: i64,
    limit: i64,
) -> Outcome<Vec<(i64, CompanyId)>> {
    tx.all(
        "select line, company_id from import_rows where org_id = $1 and import_id = $2 \
         and line > $3 and company_id is not null order by line limit $4",
        vals![org, import, after, limit],
    )
    .await?
    .iter()
    .map(|row| Ok((row.int("line")?, row.id("company_id")?)))
    .collect()
}

/// Files that came later than this one and are in the base, be it in part, in the order in which
/// they were written.
pub(in crate::imports) async fn list_newer(
    tx: &mut Tx,
    org: OrgId,
    (import, number): (ImportId, i64),
    since: Instant,
) -> Outcome<Vec<ImportId>> {
    tx.all(
        "select id from imports where org_id = $1 and id <> $2 \
         and (committed_at > $4 or (committed_at = $4 and number > $3)) \
         and state in ('committing', 'stopped', 'committed', 'undo_stopped') \
         order by case when state = 'undo_stopped' then 1 else 0 end, committed_at, number",
        vals![org, import, number, since],
    )
    .await?
    .iter()
    .map(|row| row.id("id"))
    .collect()
}

/// What became of the rows on these lines, and the company of each that has one.
pub(in crate::imports) async fn list_became(
    tx: &mut Tx,
    org: OrgId,
    import: ImportId,
    lines: &[i64],
) -> Outcome<HashMap<i64, (Verdict, Option<CompanyId>)>> {
    let among: Vec<Val> = lines.iter().map(|line| Val::from(*line)).collect();
    tx.all_among(
        "select line, verdict, company_id from import_rows \
         where org_id = $1 and import_id = $2 and line in (/*among*/)",
        vals![org, import],
        &among,
    )
    .await?
    .iter()
    .map(|row| Ok((row.int("line")?, (row.id("verdict")?, row.opt_id("company_id")?))))
    .collect()
}

/// A row of another import that said the same, and the company it became.
pub(in crate::imports) struct SaidBefore {
    pub digest: String,
    pub import: ImportId,
    pub line: i64,
    pub company: CompanyId,
}

/// Rows of other imports that said the same and became companies. Of this table alone: a join with
/// imports and companies was planned while they were empty, and a plan that was kept from then made
/// one question of a large import take a minute.
pub(in crate::imports) async fn list_said_before(
    tx: &mut Tx,
    org: OrgId,
    import: ImportId,
    digests: &[&str],
) -> Outcome<Vec<SaidBefore>> {
    let among: Vec<Val> = digests.iter().map(|digest| Val::from(*digest)).collect();
    tx.all_among(
        "select digest, line, company_id, import_id from import_rows \
         where org_id = $1 and import_id <> $2 and company_id is not null \
         and digest in (/*among*/)",
        vals![org, import],
        &among,
    )
    .await?
    .iter()
    .map(|row| {
        Ok(SaidBefore {
            digest: row.text("digest")?,
            import: row.id("import_id")?,
            line: row.int("line")?,
            company: row.id("company_id")?,
        })
    })
    .collect()
}

/// The numbers of imports whose rows are in the base or on their way there.
pub(in crate::imports) async fn list_standing(
    tx: &mut Tx,
    org: OrgId,
) -> Outcome<HashMap<ImportId, i64>> {
    tx.all(
        "select id, number from imports where org_id = $1 \
         and state not in ('undoing', 'undo_stopped', 'undone')",
        vals![org],
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("id")?, row.int("number")?)))
    .collect()
}

/// Imports that tell branches apart.
pub(in crate::imports) async fn list_apart(tx: &mut Tx, org: OrgId) -> Outcome<HashSet<ImportId>> {
    tx.all("select id from imports where org_id = $1 and branches = 'apart'", vals![org])
        .await?
        .iter()
        .map(|row| row.id("id"))
        .collect()
}

pub(in crate::imports) async fn insert_changes(
    tx: &mut Tx,
    org: OrgId,
    import: ImportId,
    changes: &[(CompanyId, &'static str, String)],
) -> Outcome<()> {
    let rows: Vec<Vec<Val>> = changes
        .iter()
        .map(|(company, field, value)| vals![org, import, *company, *field, value].to_vec())
        .collect();
    tx.insert_many(
        "insert into import_changes (org_id, import_id, company_id, field, value) values",
        &rows,
        "on conflict (import_id, company_id, field) do nothing",
    )
    .await?;
    Ok(())
}

pub(in crate::imports) async fn list_changes(
    tx: &mut Tx,
    org: OrgId,
    import: ImportId,
    company: CompanyId,
) -> Outcome<Vec<(String, String)>> {
    tx.all(
        "select field, value from import_changes \
         where org_id = $1 and import_id = $2 and company_id = $3 order by field",
        vals![org, import, company],
    )
    .await?
    .iter()
    .map(|row| Ok((row.text("field")?, row.text("value")?)))
    .collect()
}

pub(in crate::imports) async fn delete_changes(
    tx: &mut Tx,
    org: OrgId,
    import: ImportId,
    company: CompanyId,
) -> Outcome<u64> {
    tx.run(
        "delete from import_changes where org_id = $1 and import_id = $2 and company_id = $3",
        vals![org, import, company],
    )
    .await
}

pub(in crate::imports) async fn insert_stays(
    tx: &mut Tx,
    org: OrgId,
    import: ImportId,
    stays: &[Stay],
) -> Outcome<u64> {
    let rows: Vec<Vec<Val>> =
        stays.iter().map(|stay| vals![org, import, stay.company, &stay.reason].to_vec()).collect();
    tx.insert_many(
        "insert into import_stays (org_id, import_id, company_id, reason) values",
        &rows,
        "on conflict (import_id, company_id, reason) do nothing",
    )
    .await
}

pub(in crate::imports) async fn list_stays(
    tx: &mut Tx,
    org: OrgId,
    import: ImportId,
    limit: i64,
) -> Outcome<Vec<Stay>> {
    tx.all(
        "select company_id, reason from import_stays where org_id = $1 and import_id = $2 \
         order by company_id, reason limit $3",
        vals![org, import, limit],
    )
    .await?
    .iter()
    .map(|row| Ok(Stay { company: row.id("company_id")?, reason: row.text("reason")? }))
    .collect()
}
