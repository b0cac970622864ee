//! A file that looks like one that came before is read as that one was.
//!
//! Remembered is what people left standing when they had a file written, not what was guessed. The
//! same columns say most; then the same source, whose columns may have moved or grown in number.

use super::*;
use crate::imports::columns;

/// Of a hundred columns so many must be known by their headings to speak of the same source's list.
const KNOWN_MIN: usize = 50;

/// What was looked through, with the columns of an earlier file where there is one like it, and
/// that file's number. Where a person said how the file is read, it is not read in another way.
pub(super) async fn recall(
    act: &Act,
    content: &Content,
    (looked, spool): (Looked, Spool),
    (source, is_guessed): (&str, bool),
) -> Outcome<((Looked, Spool), Option<i64>)> {
    let with = |(looked, like): (Looked, Option<i64>), spool| ((looked, spool), like);
    let mut tx = act.db.read().await?;
    if let Some(like) = find_like(&mut tx, act.org, &looked, source).await? {
        return Ok(with(taken_over(looked, &like), spool));
    }
    let Some(key) = source_key(source) else { return Ok(((looked, spool), None)) };
    let Some(last) = store::find_of_source(&mut tx, act.org, &key).await? else {
        return Ok(((looked, spool), None));
    };
    drop(tx);
    let again = match is_guessed {
        true => read_as(act, content, (&looked.reading, &last)).await?,
        false => None,
    };
    if let Some((read, spool)) = again {
        return Ok(with(taken_over(read, &last), spool));
    }
    Ok(with(by_headings(looked, &last), spool))
}

async fn find_like(
    tx: &mut Tx,
    org: OrgId,
    looked: &Looked,
    source: &str,
) -> Outcome<Option<Remembered>> {
    let key = source_key(source);
    let signature = columns::signature(&looked.header, looked.reading.meanings.len());
    // Columns without names are alike by their number alone: that says something only within a
    // source.
    if looked.header.is_empty() && key.is_none() {
        return Ok(None);
    }
    let of_source = match &key {
        Some(key) => store::find_like(tx, org, &signature, Some(key)).await?,
        None => None,
    };
    match of_source {
        Some(like) => Ok(Some(like)),
        None if looked.header.is_empty() => Ok(None),
        None => store::find_like(tx, org, &signature, None).await,
    }
}

fn taken_over(mut looked: Looked, like: &Remembered) -> (Looked, Option<i64>) {
    let width = looked.reading.meanings.len();
    looked.reading.meanings = like.reading.meanings.clone();
    looked.reading.meanings.resize(width, Meaning::Ignore);
    looked.reading.branches = like.reading.branches;
    (looked, Some(like.number))
}

/// The file read with the delimiter, heading and encoding of the source's last one, where that
/// finds the same columns.
async fn read_as(
    act: &Act,
    content: &Content,
    (guessed, last): (&Reading, &Remembered),
) -> Outcome<Option<(Looked, Spool)>> {
    let reading = &last.reading;
    let is_same_cut = guessed.delimiter == reading.delimiter
        && guessed.has_header == reading.has_header
        && guessed.encoding == reading.encoding;
    if is_same_cut {
        return Ok(None);
    }
    let (member, sheet) = (guessed.member.clone(), guessed.sheet.clone());
    let said =
        Said { field_column: None, ..Said::of(Reading { member, sheet, ..reading.clone() }) };
    // A file that cannot be read so is read as it was guessed.
    let Ok(taken) = reader::read(content, said.file.clone()).await else { return Ok(None) };
    let Ok(read) = super::look(act, taken, said).await else { return Ok(None) };
    let signature = |header: &[String], width| columns::signature(header, width);
    let wanted = signature(&last.header, reading.meanings.len());
    let is_wanted = |l: &Looked| signature(&l.header, l.reading.meanings.len()) == wanted;
    Ok(Some(read).filter(|(looked, _)| is_wanted(looked)))
}

/// Columns of the same heading mean what they meant; what is new is guessed.
fn by_headings(mut looked: Looked, last: &Remembered) -> (Looked, Option<i64>) {
    let known = columns::by_headings(&looked.header, &last.header, &last.reading.meanings);
    let count = known.iter().flatten().count();
    if count == 0 || count * 100 < known.len() * KNOWN_MIN {
        return (looked, None);
    }
    columns::settle(&mut looked.reading.meanings, &known);
    looked.reading.branches = last.reading.branches;
    (looked, Some(last.number))
}
