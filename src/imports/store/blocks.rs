//! Statements about the records of a file in their blocks, and the file in its parts.

use intake::blocks::Block;

use crate::imports::aside::Ahead;
use crate::imports::spool::Spool;
use crate::imports::*;
use crate::storage::Tx;
use crate::vals;

pub(in crate::imports) async fn insert_blocks(
    tx: &mut Tx,
    org: OrgId,
    import: ImportId,
    spool: &Spool,
) -> Outcome<()> {
    let mut blocks = Ahead::of(spool.behind(0));
    let mut seq = 0_i64;
    while let Some(block) = blocks.next().await? {
        let number = |number: u64| i64::try_from(number).map_err(Error::failure);
        let (first, count) = (number(block.first)?, number(block.count)?);
        tx.run(
            "insert into import_blocks (org_id, import_id, seq, first_record, record_count, \
             content) values ($1, $2, $3, $4, $5, $6)",
            vals![org, import, seq, first, count, block.packed],
        )
        .await?;
        seq += 1;
    }
    Ok(())
}

pub(in crate::imports) async fn delete_blocks(
    tx: &mut Tx,
    org: OrgId,
    import: ImportId,
) -> Outcome<u64> {
    tx.run("delete from import_blocks where org_id = $1 and import_id = $2", vals![org, import])
        .await
}

/// The block of an import in its place, counted from nought.
pub(in crate::imports) async fn find_block(
    tx: &mut Tx,
    org: OrgId,
    import: ImportId,
    seq: u64,
) -> Outcome<Option<Block>> {
    let seq = i64::try_from(seq).map_err(Error::failure)?;
    let found = tx
        .maybe(
            "select first_record, record_count, content from import_blocks \
             where org_id = $1 and import_id = $2 and seq = $3",
            vals![org, import, seq],
        )
        .await?;
    let Some(row) = found else { return Ok(None) };
    let number = |column| u64::try_from(row.int(column)?).map_err(Error::failure);
    let (first, count) = (number("first_record")?, number("record_count")?);
    Ok(Some(Block { first, count, packed: row.bytes("content")? }))
}

pub(in crate::imports) async fn insert_parts(
    tx: &mut Tx,
    org: OrgId,
    file: FileId,
    parts: &Spool,
) -> Outcome<()> {
    let mut parts = Ahead::of(parts.behind(0));
    let mut seq = 0_i64;
    while let Some(part) = parts.next().await? {
        tx.run(
            "insert into file_parts (org_id, file_id, seq, content) values ($1, $2, $3, $4)",
            vals![org, file, seq, part.packed],
        )
        .await?;
        seq += 1;
    }
    Ok(())
}

/// The part of a file in its place, counted from nought.
pub(in crate::imports) async fn find_part(
    tx: &mut Tx,
    org: OrgId,
    file: FileId,
    seq: i64,
) -> Outcome<Option<Vec<u8>>> {
    tx.maybe(
        "select content from file_parts where org_id = $1 and file_id = $2 and seq = $3",
        vals![org, file, seq],
    )
    .await?
    .map(|row| row.bytes("content"))
    .transpose()
}
