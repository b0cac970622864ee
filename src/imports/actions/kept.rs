//! What is kept of a file: its records in blocks, and the file itself in parts.

use super::*;
use crate::imports::spool::{Incoming, Winding};

/// The records of an import, compared with their digest. A file that came before records were kept
/// is read again.
pub(super) async fn records(act: &Act, import: &Import) -> Outcome<Spool> {
    let wanted = &import.found.blocks_sha256;
    if wanted.is_empty() {
        let content = content(act, import).await?;
        let said = Said::of(import.reading.clone());
        return Ok(reader::read(&content, said.file).await?.spool);
    }
    let mut winding = Winding::new()?;
    let mut tx = act.db.read().await?;
    while let Some(block) = store::find_block(&mut tx, act.org, import.id, winding.count()).await? {
        winding.take(&block)?;
    }
    let spool = winding.finish();
    if spool.sha256() == wanted { Ok(spool) } else { Err(ImportRefusal::FileChanged.into()) }
}

/// The file of an import as it was brought, compared with its digest.
pub(super) async fn content(act: &Act, import: &Import) -> Outcome<Content> {
    let mut incoming = Incoming::new()?;
    let mut tx = act.db.read().await?;
    let mut seq = 0;
    while let Some(part) = store::find_part(&mut tx, act.org, import.file, seq).await? {
        incoming.take_packed(&part)?;
        seq += 1;
    }
    if seq == 0 {
        let content = store::find_content(&mut tx, act.org, import.file).await?;
        let content = content.ok_or_else(|| Error::failure("the file of an import is missing"))?;
        incoming.take(&content)?;
    }
    let content = incoming.finish();
    let is_same = content.sha256() == import.sha256;
    if is_same { Ok(content) } else { Err(ImportRefusal::FileChanged.into()) }
}
