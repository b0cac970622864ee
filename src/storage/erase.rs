//! Erases a demo firm with everything it has, append-only tables included.
//!
//! This is the running product's only way past a frozen table, and it is narrow on purpose: it
//! refuses any firm that is not marked as a demo, it works inside the caller's transaction, and the
//! tables are frozen again before that transaction can be committed. Decision 0007 (removing the
//! demo) says why.

use std::borrow::Cow;

use super::{Tx, dialect, migrations};
use crate::vals;
use crate::values::{Error, OrgId, Outcome};

/// Bookkeeping of the database itself, which belongs to no firm.
const OF_NO_FIRM: &str = "migrations";

/// Deletes every row of a demo firm and says how many there were.
pub async fn erase_firm(tx: &mut Tx, org: OrgId) -> Outcome<u64> {
    let found = tx
        .maybe("select is_demo from organisations where id = $1 /*for update*/", vals![org])
        .await?
        .ok_or(Error::NotFound)?;
    if !found.flag("is_demo")? {
        return Err(Error::failure("only a demo firm can be erased"));
    }
    let kind = tx.kind();
    for table in migrations::frozen() {
        for statement in dialect::unfreeze(kind, table) {
            tx.run_text(Cow::Owned(statement), &[]).await?;
        }
    }
    dialect::defer_references(tx).await?;
    let mut count = 0;
    for table in tables(tx).await?.iter().rev() {
        // Every table carries the firm's id; one that does not fails here, loudly.
        let column = if table == "organisations" { "id" } else { "org_id" };
        let statement = format!("delete from {table} where {column} = $1");
        count += tx.run_text(Cow::Owned(statement), vals![org]).await?;
    }
    for table in migrations::frozen() {
        for statement in dialect::freeze(kind, table) {
            tx.run_text(Cow::Owned(statement), &[]).await?;
        }
    }
    Ok(count)
}

/// How many rows of a table a firm has.
pub async fn count_of_firm(tx: &mut Tx, org: OrgId, table: &'static str) -> Outcome<i64> {
    let statement = format!("select count(*) as n from {table} where org_id = $1");
    let rows = tx.all_text(Cow::Owned(statement), vals![org]).await?;
    rows.first().map_or(Ok(0), |row| row.int("n"))
}

/// What is referred to before what refers.
async fn tables(tx: &mut Tx) -> Outcome<Vec<String>> {
    let listing = dialect::tables_by_age(tx.kind());
    let names: Outcome<Vec<String>> =
        tx.all(listing, &[]).await?.iter().map(|row| row.text("name")).collect();
    Ok(names?.into_iter().filter(|name| name != OF_NO_FIRM).collect())
}
