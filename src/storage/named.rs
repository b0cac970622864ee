//! Whether anything in the database names a record, whichever table it stands in.

use std::borrow::Cow;

use super::{Tx, dialect};
use crate::vals;
use crate::values::{OrgId, Outcome};

/// True when a row of any table has that id in a column of that name, as in `contact_id`.
///
/// It looks through whole tables: for a record that is about to be deleted, not for a page.
pub async fn is_named(tx: &mut Tx, org: OrgId, column: &str, id: &str) -> Outcome<bool> {
    let listing = dialect::tables(tx.kind());
    let tables: Outcome<Vec<String>> =
        tx.all(listing, &[]).await?.iter().map(|row| row.text("name")).collect();
    for table in tables? {
        let columns = dialect::columns(tx, &table).await?;
        if !columns.iter().any(|one| one.name == column) {
            continue;
        }
        let text =
            format!("select 1 as one from {table} where org_id = $1 and {column} = $2 limit 1");
        if !tx.all_text(Cow::Owned(text), vals![org, id]).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}
