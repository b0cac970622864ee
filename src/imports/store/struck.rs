//! Statements by which a person who is erased leaves the files that brought them.

use intake::blocks::Block;

use super::json;
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
