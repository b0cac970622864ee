//! Export: companies, leads or events of the firm as a CSV file.
//!
//! Invariants:
//! - rows are read page by page and written as they come, so that a base of any size needs the
//!   memory of one page;
//! - everything is read in one view of the database;
//! - no cell becomes a formula of a spreadsheet, and an import takes the file of companies back.
//!
//! Reads everything, writes nothing to the database. `troika export` calls this.

mod companies;
mod events;
mod leads;
mod store;
#[cfg(test)]
mod tests;

use std::io::Write;

use crate::imports::cells;
use crate::people;
use crate::storage::{Db, Tx};
use crate::values::*;
use crate::web::words;

/// Rows read from the database at once.
const PAGE_ROWS: i64 = 500;

/// What is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum What {
    /// Companies with their numbers and people; an import takes the file back
    Companies,
    /// Leads of all campaigns
    Leads,
    /// Everything that happened
    Events,
}

/// For whom the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// A spreadsheet of the firm's country: a mark in front, `;` in a Russian one.
    Office,
    /// A program: commas, no mark.
    Program,
}

/// A file being written.
struct Sheet<'a, W> {
    out: &'a mut W,
    delimiter: char,
    lang: Lang,
    row_count: u64,
}

impl<W: Write> Sheet<'_, W> {
    fn head(&mut self, keys: &[&str]) -> Outcome<()> {
        let words: Vec<String> = keys.iter().map(|key| words::say(self.lang, key, &[])).collect();
        self.write(&words)
    }
    fn row(&mut self, row: &[String]) -> Outcome<()> {
        self.row_count += 1;
        self.write(row)
    }
    fn write(&mut self, row: &[String]) -> Outcome<()> {
        let text = cells::write_row(row, self.delimiter);
        self.out.write_all(text.as_bytes()).map_err(Error::failure)
    }
    fn yes(&self, is_so: bool) -> String {
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
        out.write_all(cells::MARK.as_bytes()).map_err(Error::failure)?;
    }
    let mut sheet = Sheet { out, delimiter, lang, row_count: 0 };
    match what {
        What::Companies => companies::write(&mut tx, org, now, &mut sheet).await?,
        What::Leads => leads::write(&mut tx, org, &mut sheet).await?,
        What::Events => events::write(&mut tx, org, &mut sheet).await?,
    }
    sheet.out.flush().map_err(Error::failure)?;
    Ok(sheet.row_count)
}

/// The name of a person by id.
async fn list_names(tx: &mut Tx, org: OrgId) -> Outcome<std::collections::HashMap<UserId, String>> {
    let users = people::actions::list_users(tx, org).await?;
    Ok(users.into_iter().map(|user| (user.id, user.name)).collect())
}
