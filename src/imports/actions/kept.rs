//! What is kept of a file: its records in blocks, and the file itself in parts.

use super::*;
use intake::blocks::Block;

use crate::imports::aside::Aside;
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
    let writing = Aside::begin(|blocks: &mut dyn Iterator<Item = Block>| {
        let mut winding = Winding::new()?;
        for block in blocks {
            winding.take(&block)?;
        }
        Ok(winding.finish())
    });
    let mut tx = act.db.read().await?;
    for seq in 0.. {
        let Some(block) = store::find_block(&mut tx, act.org, import.id, seq).await? else { break };
        if !writing.give(block).await {
            break;
        }
    }
    let spool = writing.finish().await?;
    if spool.sha256() == wanted { Ok(spool) } else { Err(ImportRefusal::FileChanged.into()) }
}

/// The file of an import as it was brought, compared with its digest.
pub(super) async fn content(act: &Act, import: &Import) -> Outcome<Content> {
    let writing = Aside::begin(|parts: &mut dyn Iterator<Item = Vec<u8>>| {
        let mut incoming = Incoming::new()?;
        for part in parts {
            incoming.take_packed(&part)?;
        }
        Ok(incoming.finish())
    });
    let mut tx = act.db.read().await?;
    let mut seq = 0;
    while let Some(part) = store::find_part(&mut tx, act.org, import.file, seq).await? {
        seq += 1;
        if !writing.give(part).await {
            break;
        }
    }
    let mut content = writing.finish().await?;
    if seq == 0 {
        let whole = store::find_content(&mut tx, act.org, import.file).await?;
        let whole = whole.ok_or_else(|| Error::failure("the file of an import is missing"))?;
        content = apart(move || Content::of(&whole)).await??;
    }
    let is_same = content.sha256() == import.sha256;
    if is_same { Ok(content) } else { Err(ImportRefusal::FileChanged.into()) }
}
