//! A person is struck out of the files that brought them to a company.

use super::*;
use crate::imports::spool::Winding;
use intake::blocks::Block;

/// How texts of a file are freed of a person; `None` where they do not stand in it.
pub struct Strike<'a> {
    /// What companies were called that are the person: rows of others are told of them, too.
    pub names: &'a [&'a str],
    /// A plain text about the company itself.
    pub text: &'a (dyn Fn(&str) -> Option<String> + Sync),
    /// A plain text about any company: only what certainly means the person.
    pub certain_text: &'a (dyn Fn(&str) -> Option<String> + Sync),
    /// A text about the company itself, in JSON.
    pub json: &'a (dyn Fn(&str) -> Option<String> + Sync),
    /// A text about any company, in JSON: only what certainly means the person.
    pub certain_json: &'a (dyn Fn(&str) -> Option<String> + Sync),
    /// The cells of a record of any company: the same.
    pub cells: &'a (dyn Fn(&[String]) -> Option<Vec<String>> + Sync),
}

/// Strikes a person out of every file whose rows are these companies, and destroys those files as
/// they were brought: their records stay, without the person. Answers how many records and files.
pub async fn strike_in(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
    strike: &Strike<'_>,
) -> Outcome<(i64, i64)> {
    store::update_unknown(tx, org, companies).await?;
    for (import, line, remarks) in store::list_remarks(tx, org, companies).await? {
        if let Some(struck) = (strike.json)(&remarks) {
            store::update_remarks(tx, org, (import, line), &struck).await?;
        }
    }
    let (mut records, mut files) = (0, 0);
    let bringing = store::list_bringing(tx, org, companies).await?;
    for (id, said) in store::list_said(tx, org).await? {
        let strike = if bringing.contains(&id) { strike.text } else { strike.certain_text };
        let struck = said.clone().map(|text| strike(&text).unwrap_or(text));
        if struck != said {
            store::update_said(tx, org, id, &struck).await?;
        }
    }
    for id in bringing {
        let found = store::find_for_update(tx, org, id).await?;
        let Some(import) = found else { continue };
        // A file of a version that kept no records is all there is of it: it stays.
        if !import.found.blocks_sha256.is_empty() {
            records += strike_blocks(tx, org, import, strike).await?;
            files += 1;
        }
        let shown = store::find_shown(tx, org, id).await?;
        let shown = shown.map(|text| (strike.certain_json)(&text).unwrap_or(text));
        store::update_shown(tx, org, id, &shown).await?;
    }
    strike_names(tx, org, strike).await?;
    Ok((records, files))
}

/// What rows of any company were told of companies that are the person.
async fn strike_names(tx: &mut Tx, org: OrgId, strike: &Strike<'_>) -> Outcome<()> {
    for name in strike.names {
        for (import, line, remarks) in store::list_remarks_naming(tx, org, name).await? {
            if let Some(struck) = (strike.json)(&remarks) {
                store::update_remarks(tx, org, (import, line), &struck).await?;
            }
        }
        for id in store::list_forecasts_naming(tx, org, name).await? {
            let shown = store::find_shown(tx, org, id).await?;
            let shown = shown.map(|text| (strike.certain_json)(&text).unwrap_or(text));
            store::update_shown(tx, org, id, &shown).await?;
        }
    }
    Ok(())
}

async fn strike_blocks(
    tx: &mut Tx,
    org: OrgId,
    import: Import,
    strike: &Strike<'_>,
) -> Outcome<i64> {
    let (mut count, mut winding) = (0, Winding::new()?);
    while let Some(block) = store::find_block(tx, org, import.id, winding.count()).await? {
        let torn = || Error::failure("a block of an import cannot be read");
        let mut records = block.records().ok_or_else(torn)?;
        let (mut struck, mut rows) = (0, Vec::new());
        for record in &mut records {
            if let Some(cells) = (strike.cells)(&record.cells) {
                record.cells = cells;
                struck += 1;
                rows.extend(import.reading.row_of(record.number));
            }
        }
        let block = if struck > 0 { Block::of(records) } else { block };
        if struck > 0 {
            store::update_block(tx, org, (import.id, winding.count()), &block).await?;
            store::update_rows_unknown(tx, org, import.id, &rows).await?;
        }
        count += struck;
        winding.take(&block)?;
    }
    let mut found = import.found;
    found.blocks_sha256 = winding.finish().sha256().to_owned();
    store::update_found(tx, org, import.id, &found).await?;
    store::delete_parts(tx, org, import.file).await?;
    store::update_content(tx, org, import.file).await?;
    Ok(count)
}
