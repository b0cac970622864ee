//! Statements by which a person who is erased leaves the files that brought them.

use intake::blocks::Block;

use super::{json, source_key};
use crate::imports::*;
use crate::storage::{Tx, Val};
use crate::vals;

/// The imports whose rows are these companies.
pub(in crate::imports) async fn list_bringing(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
) -> Outcome<Vec<ImportId>> {
    let among: Vec<Val> = companies.iter().map(|id| Val::from(*id)).collect();
    tx.all_among(
        "select distinct import_id from import_rows \
         where org_id = $1 and company_id in (/*among*/) order by import_id",
        vals![org],
        &among,
    )
    .await?
    .iter()
    .map(|row| row.id("import_id"))
    .collect()
}

/// What was remarked on the rows that are these companies.
pub(in crate::imports) async fn list_remarks(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
) -> Outcome<Vec<(ImportId, i64, String)>> {
    let among: Vec<Val> = companies.iter().map(|id| Val::from(*id)).collect();
    tx.all_among(
        "select import_id, line, remarks from import_rows \
         where org_id = $1 and company_id in (/*among*/)",
        vals![org],
        &among,
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("import_id")?, row.int("line")?, row.text("remarks")?)))
    .collect()
}

/// The longest part of a name that stands in JSON and in a pattern as it is; whether it is that
/// name, who strikes it out looks.
fn telling(name: &str) -> &str {
    let parts = name.split(['"', '\\', '%', '_']);
    parts.max_by_key(|part| part.len()).unwrap_or(name)
}

/// Remarks of whatever rows in which this name stands.
pub(in crate::imports) async fn list_remarks_naming(
    tx: &mut Tx,
    org: OrgId,
    name: &str,
) -> Outcome<Vec<(ImportId, i64, String)>> {
    tx.all(
        "select import_id, line, remarks from import_rows \
         where org_id = $1 and remarks like '%' || $2 || '%'",
        vals![org, telling(name)],
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("import_id")?, row.int("line")?, row.text("remarks")?)))
    .collect()
}

/// Files in whose forecast this name stands.
pub(in crate::imports) async fn list_forecasts_naming(
    tx: &mut Tx,
    org: OrgId,
    name: &str,
) -> Outcome<Vec<ImportId>> {
    tx.all(
        "select id from imports where org_id = $1 and forecast like '%' || $2 || '%' order by id",
        vals![org, telling(name)],
    )
    .await?
    .iter()
    .map(|row| row.id("id"))
    .collect()
}

pub(in crate::imports) async fn update_remarks(
    tx: &mut Tx,
    org: OrgId,
    (import, line): (ImportId, i64),
    remarks: &str,
) -> Outcome<u64> {
    tx.run(
        "update import_rows set remarks = $4 where org_id = $1 and import_id = $2 and line = $3",
        vals![org, import, line, remarks],
    )
    .await
}

/// The rows that are these companies are no longer known again by what they said.
pub(in crate::imports) async fn update_unknown(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
) -> Outcome<u64> {
    let among: Vec<Val> = companies.iter().map(|id| Val::from(*id)).collect();
    let text = "update import_rows set digest = '' \
                where org_id = $1 and company_id in (/*among*/)";
    tx.run_among(text, vals![org], &among).await
}

/// Nor are these rows of a file.
pub(in crate::imports) async fn update_rows_unknown(
    tx: &mut Tx,
    org: OrgId,
    import: ImportId,
    lines: &[i64],
) -> Outcome<u64> {
    let among: Vec<Val> = lines.iter().map(|line| Val::from(*line)).collect();
    let text = "update import_rows set digest = '' \
                where org_id = $1 and import_id = $2 and line in (/*among*/)";
    tx.run_among(text, vals![org, import], &among).await
}

/// What was said of each file: its name, where it came from, on what ground.
pub(in crate::imports) async fn list_said(
    tx: &mut Tx,
    org: OrgId,
) -> Outcome<Vec<(ImportId, [String; 3])>> {
    tx.all("select id, file_name, source, basis_source from imports where org_id = $1", vals![org])
        .await?
        .iter()
        .map(|row| {
            let said = [row.text("file_name")?, row.text("source")?, row.text("basis_source")?];
            Ok((row.id("id")?, said))
        })
        .collect()
}

pub(in crate::imports) async fn update_said(
    tx: &mut Tx,
    org: OrgId,
    import: ImportId,
    [name, source, basis]: &[String; 3],
) -> Outcome<()> {
    tx.run(
        "update imports set file_name = $3, source = $4, basis_source = $5, source_key = $6 \
         where org_id = $1 and id = $2",
        vals![org, import, name, source, basis, source_key(source)],
    )
    .await?;
    tx.run(
        "update files set name = $3 where org_id = $1 \
         and id = (select i.file_id from imports i where i.id = $2)",
        vals![org, import, name],
    )
    .await?;
    Ok(())
}

/// Some rows of the file as they are shown before it is written: the forecast, the sample and what
/// was found.
pub(in crate::imports) async fn find_shown(
    tx: &mut Tx,
    org: OrgId,
    import: ImportId,
) -> Outcome<[String; 3]> {
    let row = tx
        .one(
            "select forecast, sample, found from imports where org_id = $1 and id = $2",
            vals![org, import],
        )
        .await?;
    Ok([row.text("forecast")?, row.text("sample")?, row.text("found")?])
}

pub(in crate::imports) async fn update_shown(
    tx: &mut Tx,
    org: OrgId,
    import: ImportId,
    [forecast, sample, found]: &[String; 3],
) -> Outcome<u64> {
    tx.run(
        "update imports set forecast = $3, sample = $4, found = $5 where org_id = $1 and id = $2",
        vals![org, import, forecast, sample, found],
    )
    .await
}

pub(in crate::imports) async fn update_found(
    tx: &mut Tx,
    org: OrgId,
    import: ImportId,
    found: &Found,
) -> Outcome<u64> {
    tx.run(
        "update imports set found = $3 where org_id = $1 and id = $2",
        vals![org, import, json(found)?],
    )
    .await
}

pub(in crate::imports) async fn update_block(
    tx: &mut Tx,
    org: OrgId,
    (import, seq): (ImportId, u64),
    block: &Block,
) -> Outcome<u64> {
    let seq = i64::try_from(seq).map_err(Error::failure)?;
    tx.run(
        "update import_blocks set content = $4 where org_id = $1 and import_id = $2 and seq = $3",
        vals![org, import, seq, block.packed.clone()],
    )
    .await
}

/// The file as it was brought, in its parts.
pub(in crate::imports) async fn delete_parts(
    tx: &mut Tx,
    org: OrgId,
    file: FileId,
) -> Outcome<u64> {
    tx.run("delete from file_parts where org_id = $1 and file_id = $2", vals![org, file]).await
}

/// The same of one that is kept whole.
pub(in crate::imports) async fn update_content(
    tx: &mut Tx,
    org: OrgId,
    file: FileId,
) -> Outcome<u64> {
    tx.run(
        "update files set content = $3 where org_id = $1 and id = $2",
        vals![org, file, Vec::<u8>::new()],
    )
    .await
}
