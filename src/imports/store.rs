//! Every statement about imports.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::*;
use crate::companies;
use crate::storage::{Row, Tx, Val};
use crate::vals;

pub(super) struct NewFile<'a> {
    pub id: FileId,
    pub name: &'a str,
    pub content: &'a [u8],
    pub sha256: &'a str,
}

pub(super) async fn insert_file(
    tx: &mut Tx,
    org: OrgId,
    file: NewFile<'_>,
    now: Instant,
) -> Outcome<()> {
    let byte_count = i64::try_from(file.content.len()).map_err(Error::failure)?;
    tx.run(
        "insert into files (id, org_id, name, media_type, byte_count, sha256, content, made_at) \
         values ($1, $2, $3, 'text/csv', $4, $5, $6, $7)",
        vals![file.id, org, file.name, byte_count, file.sha256, file.content, now],
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
         done_count, basis_kind, basis_source, source, made_by, made_at, taken_back, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, $17, \
         $18, $19, $20, $21, $22, 1)",
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
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn find(tx: &mut Tx, org: OrgId, id: ImportId) -> Outcome<Option<Import>> {
    tx.maybe(
        "select id, number, file_id, file_name, sha256, state, encoding, delimiter, has_header, \
         header, meanings, sample, row_count, forecast, counts, done_count, basis_kind, \
         basis_source, source, made_by, made_at, committed_by, committed_at, undone_by, undone_at, \
         taken_back, version from imports where org_id = $1 and id = $2",
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
         basis_source, source, made_by, made_at, committed_by, committed_at, undone_by, undone_at, \
         taken_back, version from imports where org_id = $1 and id = $2 /*for update*/",
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
         basis_source, source, made_by, made_at, committed_by, committed_at, undone_by, undone_at, \
         taken_back, version from imports where org_id = $1 and number < $2 \
         order by number desc limit $3",
        vals![org, before, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// The number of an earlier import of the same file that is in the base.
pub(super) async fn find_same_file(
    tx: &mut Tx,
    org: OrgId,
    import: &Import,
) -> Outcome<Option<i64>> {
    tx.maybe(
        "select number from imports where org_id = $1 and sha256 = $2 and number < $3 \
         and state = 'committed' order by number desc limit 1",
        vals![org, &import.sha256, import.number],
    )
    .await?
    .map(|row| row.int("number"))
    .transpose()
}

/// Keeps how the file is read now; nought rows when it was changed in between.
pub(super) async fn update_reading(tx: &mut Tx, org: OrgId, import: &Import) -> Outcome<u64> {
    let reading = &import.reading;
    tx.run(
        "update imports set state = 'checking', encoding = $4, delimiter = $5, has_header = $6, \
         header = $7, meanings = $8, sample = $9, row_count = $10, basis_kind = $11, \
         basis_source = $12, source = $13, version = version + 1 \
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
        ],
    )
    .await
}

/// Keeps the forecast; nought rows when the file is read in another way by now.
pub(super) async fn update_checked(
    tx: &mut Tx,
    org: OrgId,
    import: &Import,
    forecast: &Forecast,
) -> Outcome<u64> {
    tx.run(
        "update imports set state = 'checked', forecast = $4, version = version + 1 \
         where org_id = $1 and id = $2 and version = $3 and state = 'checking'",
        vals![org, import.id, import.version, json(forecast)?],
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
         done_count = 0, counts = $5, version = version + 1 where org_id = $1 and id = $2",
        vals![org, id, by, now, json(&Counts::default())?],
    )
    .await
}

/// Keeps how far the writing got; `state` is `committed` with the last batch.
pub(super) async fn update_written(
    tx: &mut Tx,
    org: OrgId,
    id: ImportId,
    (state, done_count, counts): (ImportState, i64, &Counts),
) -> Outcome<u64> {
    tx.run(
        "update imports set state = $3, done_count = $4, counts = $5, version = version + 1 \
         where org_id = $1 and id = $2",
        vals![org, id, state.code(), done_count, json(counts)?],
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

pub(super) async fn insert_rows(
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
pub(super) async fn list_rows(
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

/// A row that said the same in an earlier import, and the company it is.
#[derive(Debug, Clone)]
pub(super) struct Brought {
    pub number: i64,
    pub line: i64,
    pub company: CompanyId,
}

/// Rows of other imports that said the same, whose companies are in the base, by their digest.
pub(super) async fn list_brought(
    tx: &mut Tx,
    org: OrgId,
    import: ImportId,
    digests: &[&str],
) -> Outcome<HashMap<String, Brought>> {
    let among: Vec<Val> = digests.iter().map(|digest| Val::from(*digest)).collect();
    // One table at a time: a join of the three was planned while they were empty, and a plan that
    // was kept from then made one question of a large import take a minute.
    let rows = tx
        .all_among(
            "select digest, line, company_id, import_id from import_rows \
             where org_id = $1 and import_id <> $2 and company_id is not null \
             and digest in (/*among*/)",
            vals![org, import],
            &among,
        )
        .await?;
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let numbers = list_standing(tx, org).await?;
    let companies = rows.iter().map(|row| row.id("company_id"));
    let companies: BTreeSet<CompanyId> = companies.collect::<Outcome<_>>()?;
    let companies: Vec<CompanyId> = companies.into_iter().collect();
    let gone: HashSet<CompanyId> = companies::actions::list_by_ids(tx, org, &companies)
        .await?
        .into_iter()
        .filter(|company| company.removed_at.is_some())
        .map(|company| company.id)
        .collect();
    let mut brought: HashMap<String, Brought> = HashMap::new();
    for row in &rows {
        let company = row.id("company_id")?;
        let import: ImportId = row.id("import_id")?;
        let Some(&number) = numbers.get(&import).filter(|_| !gone.contains(&company)) else {
            continue;
        };
        let (digest, line) = (row.text("digest")?, row.int("line")?);
        let is_older = |known: &Brought| (number, line) < (known.number, known.line);
        if brought.get(&digest).is_none_or(is_older) {
            brought.insert(digest, Brought { number, line, company });
        }
    }
    Ok(brought)
}

/// The numbers of imports whose rows are in the base or on their way there.
async fn list_standing(tx: &mut Tx, org: OrgId) -> Outcome<HashMap<ImportId, i64>> {
    tx.all(
        "select id, number from imports where org_id = $1 and state not in ('undoing', 'undone')",
        vals![org],
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("id")?, row.int("number")?)))
    .collect()
}

pub(super) async fn insert_changes(
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

pub(super) async fn list_changes(
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

pub(super) async fn delete_changes(
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

pub(super) async fn insert_stays(
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

pub(super) async fn list_stays(
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

fn read(row: &Row) -> Outcome<Import> {
    let delimiter = row.text("delimiter")?.chars().next().unwrap_or(';');
    let meanings = row.text("meanings")?;
    let meanings = meanings.split(',').map(|code| code.parse().unwrap_or(Meaning::Ignore));
    Ok(Import {
        id: row.id("id")?,
        number: row.int("number")?,
        file: row.id("file_id")?,
        file_name: row.text("file_name")?,
        sha256: row.text("sha256")?,
        state: row.id("state")?,
        reading: Reading {
            encoding: row.text("encoding")?,
            delimiter,
            has_header: row.flag("has_header")?,
            meanings: meanings.collect(),
        },
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
        made_by: row.opt_id("made_by")?,
        made_at: row.at("made_at")?,
        committed_by: row.opt_id("committed_by")?,
        undone_by: row.opt_id("undone_by")?,
        committed_at: row.opt_at("committed_at")?,
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
