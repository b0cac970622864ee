//! The file is written: a heading, then page by page what the firm has.

use std::collections::HashMap;
use std::io::Write;

use super::{Reader, What, companies, events, leads};
use crate::imports::cells;
use crate::people;
use crate::storage::{Db, Tx};
use crate::values::*;
use crate::web::words;

/// Rows read from the database at once.
pub(super) const PAGE_ROWS: i64 = 500;

/// A file being written.
pub(super) struct Sheet<'a, W> {
    out: &'a mut W,
    delimiter: char,
    pub(super) lang: Lang,
    row_count: u64,
}

impl<W: Write> Sheet<'_, W> {
    pub(super) fn head(&mut self, keys: &[&str]) -> Outcome<()> {
        let words: Vec<String> = keys.iter().map(|key| words::say(self.lang, key, &[])).collect();
        self.write(&words)
    }
    pub(super) fn row(&mut self, row: &[String]) -> Outcome<()> {
        self.row_count += 1;
        self.write(row)
    }
    fn write(&mut self, row: &[String]) -> Outcome<()> {
        let text = cells::write_row(row, self.delimiter);
        self.out.write_all(text.as_bytes()).map_err(Error::file)
    }
    pub(super) fn yes(&self, is_so: bool) -> String {
        if is_so { words::say(self.lang, "export-yes", &[]) } else { String::new() }
    }
}

/// Writes the file and says how many rows it has, its heading not counted.
pub async fn write(
    db: &Db,
    org: OrgId,
    (what, reader): (What, Reader),
    now: Instant,
    out: &mut impl Write,
) -> Outcome<u64> {
    let mut tx = db.read().await?;
    let lang = people::actions::firm(&mut tx, org).await?.lang;
    let delimiter = if reader == Reader::Office && lang == Lang::Ru { ';' } else { ',' };
    if reader == Reader::Office {
        out.write_all(cells::MARK.as_bytes()).map_err(Error::file)?;
    }
    let mut sheet = Sheet { out, delimiter, lang, row_count: 0 };
    match what {
        What::Companies => companies::write(&mut tx, org, now, &mut sheet).await?,
        What::Leads => leads::write(&mut tx, org, &mut sheet).await?,
        What::Events => events::write(&mut tx, org, &mut sheet).await?,
        What::Actualisation => return Err(Error::failure("a report is no list")),
    }
    sheet.out.flush().map_err(Error::file)?;
    Ok(sheet.row_count)
}

/// The name of a person by id.
pub(super) async fn list_names(tx: &mut Tx, org: OrgId) -> Outcome<HashMap<UserId, String>> {
    let users = people::actions::list_users(tx, org).await?;
    Ok(users.into_iter().map(|user| (user.id, user.name)).collect())
}
