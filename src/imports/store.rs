//! Every statement about imports.

use super::*;
use crate::storage::{Row, Tx};
use crate::vals;

mod blocks;
mod rows;
mod struck;

pub(super) use blocks::*;
pub(super) use rows::*;
pub(super) use struck::*;

pub(super) struct NewFile<'a> {
    pub id: FileId,
    pub name: &'a str,
    pub byte_count: u64,
    pub sha256: &'a str,
}

pub(super) async fn insert_file(
    tx: &mut Tx,
    org: OrgId,
    file: NewFile<'_>,
    now: Instant,
) -> Outcome<()> {
    let byte_count = i64::try_from(file.byte_count).map_err(Error::failure)?;
    tx.run(
        "insert into files (id, org_id, name, media_type, byte_count, sha256, content, made_at) \
         values ($1, $2, $3, 'text/csv', $4, $5, $6, $7)",
        vals![file.id, org, file.name, byte_count, file.sha256, Vec::new(), now],
    )
    .await?;
    Ok(())
}

pub(super) async fn find_content(tx: &mut Tx, org: OrgId, id: FileId) -> Outcome<Option<Vec<u8>>> {
    tx.maybe("select content from files where org_id = $1 and id = $2", vals![org, id])
        .await?
        .map(|row| row.bytes("content"))
        .transpose()
}

pub(super) async fn insert(tx: &mut Tx, org: OrgId, import: &Import) -> Outcome<()> {
    let reading = &import.reading;
    tx.run(
        "insert into imports (id, org_id, number, file_id, file_name, sha256, state, encoding, \
         delimiter, has_header, header, meanings, sample, row_count, forecast, counts, \
         done_count, basis_kind, basis_source, source, made_by, made_at, taken_back, read_like, \
         signature, source_key, found, branches, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, $17, \
         $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, 1)",
        vals![
            import.id,
            org,
            import.number,
            import.file,
            &import.file_name,
            &import.sha256,
            import.state.code(),
            &reading.encoding,
            reading.delimiter.to_string(),
            reading.has_header,
            json(&import.header)?,
            codes(&reading.meanings),
            json(&import.sample)?,
            import.row_count,
            json(&import.forecast)?,
            json(&import.counts)?,
            import.origin.basis_kind.map(BasisKind::code),
            &import.origin.basis_source,
            &import.origin.source,
            import.made_by,
            import.made_at,
            json(&import.taken_back)?,
            import.read_like,
            signature_of(import),
            source_key(&import.origin.source),
            json(&import.found)?,
            reading.branches.code(),
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn find(tx: &mut Tx, org: OrgId, id: ImportId) -> Outcome<Option<Import>> {
    tx.maybe(
        "select id, number, file_id, file_name, sha256, state, encoding, delimiter, has_header, \
         header, meanings, sample, row_count, forecast, counts, done_count, basis_kind, \
         basis_source, source, read_like, made_by, made_at, committed_by, committed_at, \
         written_at, undone_by, undone_at, taken_back, found, branches, version from imports \
         where org_id = $1 and id = $2",
        vals![org, id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

pub(super) async fn find_for_update(
    tx: &mut Tx,
    org: OrgId,
    id: ImportId,
) -> Outcome<Option<Import>> {
    tx.maybe(
        "select id, number, file_id, file_name, sha256, state, encoding, delimiter, has_header, \
         header, meanings, sample, row_count, forecast, counts, done_count, basis_kind, \
         basis_source, source, read_like, made_by, made_at, committed_by, committed_at, \
         written_at, undone_by, undone_at, taken_back, found, branches, version from imports \
         where org_id = $1 and id = $2 /*for update*/",
        vals![org, id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// The newest imports, those with a smaller number than `before`.
pub(super) async fn list(tx: &mut Tx, org: OrgId, before: i64, limit: i64) -> Outcome<Vec<Import>> {
    tx.all(
        "select id, number, file_id, file_name, sha256, state, encoding, delimiter, has_header, \
         header, meanings, sample, row_count, forecast, counts, done_count, basis_kind, \
         basis_source, source, read_like, made_by, made_at, committed_by, committed_at, \
         written_at, undone_by, undone_at, taken_back, found, branches, version from imports \
         where org_id = $1 and number < $2 \
         order by number desc limit $3",
        vals![org, before, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// The number of another import of the same file, and where it stands: of one in the base rather
/// than of one in part in it, of that rather than of one that is only looked at, of the newest.
pub(super) async fn find_same_file(
    tx: &mut Tx,
    org: OrgId,
    import: &Import,
) -> Outcome<Option<(i64, ImportState)>> {
    tx.maybe(
        "select number, state from imports \
         where org_id = $1 and sha256 = $2 and id <> $3 and state <> 'undone' \
         order by case when state = 'committed' then 0 \
         when state in ('checking', 'unchecked', 'checked') then 2 else 1 end, \
         number desc limit 1",
        vals![org, &import.sha256, import.id],
    )
    .await?
    .map(|row| Ok((row.int("number")?, row.id("state")?)))
    .transpose()
}

/// Keeps how the file is read now; nought rows when it was changed in between.
pub(super) async fn update_reading(tx: &mut Tx, org: OrgId, import: &Import) -> Outcome<u64> {
    let reading = &import.reading;
    tx.run(
        "update imports set state = 'checking', encoding = $4, delimiter = $5, has_header = $6, \
         header = $7, meanings = $8, sample = $9, row_count = $10, basis_kind = $11, \
         basis_source = $12, source = $13, read_like = $14, signature = $15, source_key = $16, \
         found = $17, forecast = $18, branches = $19, done_count = 0, version = version + 1 \
         where org_id = $1 and id = $2 and version = $3",
        vals![
            org,
            import.id,
            import.version,
            &reading.encoding,
            reading.delimiter.to_string(),
            reading.has_header,
            json(&import.header)?,
            codes(&reading.meanings),
            json(&import.sample)?,
            import.row_count,
            import.origin.basis_kind.map(BasisKind::code),
            &import.origin.basis_source,
            &import.origin.source,
            import.read_like,
            signature_of(import),
            source_key(&import.origin.source),
            json(&import.found)?,
            json(&import.forecast)?,
            reading.branches.code(),
        ],
    )
    .await
}

/// The newest import with the same columns that people had written; of one source where one is
/// named. What was taken back may have been so for its columns.
pub(super) async fn find_like(
    tx: &mut Tx,
    org: OrgId,
    signature: &str,
    source_key: Option<&str>,
) -> Outcome<Option<Remembered>> {
    tx.maybe(
        "select number, encoding, delimiter, has_header, header, meanings, branches from imports \
         where org_id = $1 and signature = $2 and committed_at is not null \
         and state not in ('undoing', 'undo_stopped', 'undone') and ($3 = '' or source_key = $3) \
         order by committed_at desc, number desc limit 1",
        vals![org, signature, source_key.unwrap_or("")],
    )
    .await?
    .as_ref()
    .map(read_remembered)
    .transpose()
}

/// The newest import of a source that people had written.
pub(super) async fn find_of_source(
    tx: &mut Tx,
    org: OrgId,
    source_key: &str,
) -> Outcome<Option<Remembered>> {
    tx.maybe(
        "select number, encoding, delimiter, has_header, header, meanings, branches from imports \
         where org_id = $1 and source_key = $2 and committed_at is not null \
         and state not in ('undoing', 'undo_stopped', 'undone') \
         order by committed_at desc, number desc limit 1",
        vals![org, source_key],
    )
    .await?
    .as_ref()
    .map(read_remembered)
    .transpose()
}

fn read_remembered(row: &Row) -> Outcome<Remembered> {
    Ok(Remembered {
        number: row.int("number")?,
        reading: read_reading(row)?,
        header: parsed(row, "header")?,
    })
}

/// How a file was read; what is of that one file alone is left open.
fn read_reading(row: &Row) -> Outcome<Reading> {
    let meanings = row.text("meanings")?;
    let meanings = meanings.split(',').map(|code| code.parse().unwrap_or(Meaning::Ignore));
    Ok(Reading {
        encoding: row.text("encoding")?,
        delimiter: row.text("delimiter")?.chars().next().unwrap_or(';'),
        member: None,
        sheet: None,
        has_header: row.flag("has_header")?,
        header_row: 0,
        field_column: 0,
        meanings: meanings.collect(),
        branches: row.id("branches")?,
    })
}

fn signature_of(import: &Import) -> String {
    columns::signature(&import.header, import.reading.meanings.len())
}

/// Keeps how far the checking got; nought rows when it is no longer wanted.
pub(super) async fn update_check_progress(
    tx: &mut Tx,
    org: OrgId,
    import: &Import,
    done_count: i64,
) -> Outcome<u64> {
    tx.run(
        "update imports set done_count = $4 \
         where org_id = $1 and id = $2 and version = $3 and state = 'checking'",
        vals![org, import.id, import.version, done_count],
    )
    .await
}

pub(super) async fn update_state(
    tx: &mut Tx,
    org: OrgId,
    id: ImportId,
    state: ImportState,
) -> Outcome<u64> {
    tx.run(
        "update imports set state = $3, version = version + 1 where org_id = $1 and id = $2",
        vals![org, id, state.code()],
    )
    .await
}

/// Keeps how the checking ended; nought rows when the file is read in another way by now.
pub(super) async fn update_checked(
    tx: &mut Tx,
    org: OrgId,
    import: &Import,
    (state, forecast): (ImportState, &Forecast),
) -> Outcome<u64> {
    tx.run(
        "update imports set state = $4, forecast = $5, version = version + 1 \
         where org_id = $1 and id = $2 and version = $3 and state = 'checking'",
        vals![org, import.id, import.version, state.code(), json(forecast)?],
    )
    .await
}

pub(super) async fn update_committing(
    tx: &mut Tx,
    org: OrgId,
    id: ImportId,
    (by, now): (Option<UserId>, Instant),
) -> Outcome<u64> {
    tx.run(
        "update imports set state = 'committing', committed_by = $3, committed_at = $4, \
         done_count = 0, found_count = 0, counts = $5, version = version + 1 \
         where org_id = $1 and id = $2",
        vals![org, id, by, now, json(&Counts::default())?],
    )
    .await
}

/// Keeps up to which of its written rows the companies are found by search.
pub(super) async fn update_found_count(
    tx: &mut Tx,
    org: OrgId,
    id: ImportId,
    found_count: i64,
) -> Outcome<u64> {
    tx.run(
        "update imports set found_count = $3 where org_id = $1 and id = $2",
        vals![org, id, found_count],
    )
    .await
}

/// Up to which of its written rows the companies are found by search.
pub(super) async fn find_found_count(tx: &mut Tx, org: OrgId, id: ImportId) -> Outcome<i64> {
    tx.one("select found_count from imports where org_id = $1 and id = $2", vals![org, id])
        .await?
        .int("found_count")
}

/// Keeps how far the writing got; `state` is `committed` with the last batch.
pub(super) async fn update_written(
    tx: &mut Tx,
    org: OrgId,
    id: ImportId,
    (state, done_count, counts): (ImportState, i64, &Counts),
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update imports set state = $3, done_count = $4, counts = $5, written_at = $6, \
         version = version + 1 where org_id = $1 and id = $2",
        vals![org, id, state.code(), done_count, json(counts)?, now],
    )
    .await
}

/// Keeps that its writing broke off since more rows repeat others than can be remembered.
pub(super) async fn update_broken_off(tx: &mut Tx, org: OrgId, import: &Import) -> Outcome<u64> {
    let forecast = Forecast { is_too_repetitive: true, ..import.forecast.clone() };
    tx.run(
        "update imports set state = 'stopped', forecast = $3, version = version + 1 \
         where org_id = $1 and id = $2",
        vals![org, import.id, json(&forecast)?],
    )
    .await
}

pub(super) async fn update_undoing(
    tx: &mut Tx,
    org: OrgId,
    id: ImportId,
    by: Option<UserId>,
) -> Outcome<u64> {
    tx.run(
        "update imports set state = 'undoing', undone_by = $3, done_count = 0, \
         version = version + 1 where org_id = $1 and id = $2",
        vals![org, id, by],
    )
    .await
}

/// Keeps how far the undoing got; `undone_at` comes with the last batch.
pub(super) async fn update_taken_back(
    tx: &mut Tx,
    org: OrgId,
    id: ImportId,
    (done_count, taken_back, undone_at): (i64, &TakenBack, Option<Instant>),
) -> Outcome<u64> {
    tx.run(
        "update imports set done_count = $3, taken_back = $4, undone_at = $5, \
         state = case when $6 = true then 'undone' else 'undoing' end, version = version + 1 \
         where org_id = $1 and id = $2",
        vals![org, id, done_count, json(taken_back)?, undone_at, undone_at.is_some()],
    )
    .await
}

fn read(row: &Row) -> Outcome<Import> {
    let found: Found = parsed(row, "found")?;
    Ok(Import {
        id: row.id("id")?,
        number: row.int("number")?,
        file: row.id("file_id")?,
        file_name: row.text("file_name")?,
        sha256: row.text("sha256")?,
        state: row.id("state")?,
        reading: Reading {
            member: found.how.member.clone(),
            sheet: found.how.sheet.clone(),
            header_row: found.header_row,
            field_column: found.field_column,
            ..read_reading(row)?
        },
        found,
        header: parsed(row, "header")?,
        sample: parsed(row, "sample")?,
        row_count: row.int("row_count")?,
        forecast: parsed(row, "forecast")?,
        counts: parsed(row, "counts")?,
        done_count: row.int("done_count")?,
        origin: Origin {
            source: row.text("source")?,
            basis_kind: row.opt_id("basis_kind")?,
            basis_source: row.text("basis_source")?,
        },
        read_like: row.opt_int("read_like")?,
        made_by: row.opt_id("made_by")?,
        made_at: row.at("made_at")?,
        committed_by: row.opt_id("committed_by")?,
        undone_by: row.opt_id("undone_by")?,
        committed_at: row.opt_at("committed_at")?,
        written_at: row.opt_at("written_at")?,
        undone_at: row.opt_at("undone_at")?,
        taken_back: parsed(row, "taken_back")?,
        version: row.int("version")?,
    })
}

fn codes(meanings: &[Meaning]) -> String {
    meanings.iter().map(|meaning| meaning.code()).collect::<Vec<&str>>().join(",")
}

fn json(value: &impl Serialize) -> Outcome<String> {
    serde_json::to_string(value).map_err(Error::failure)
}

fn parsed<T: serde::de::DeserializeOwned>(row: &Row, column: &str) -> Outcome<T> {
    serde_json::from_str(&row.text(column)?).map_err(Error::failure)
}
