//! A digest of everything stored, to compare two databases or one before and after.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::{Db, Tx, dialect};
use crate::values::Outcome;

/// SHA-256 over every row of every table but `without`, in a fixed order.
pub async fn dump_digest(db: &Db, without: &[&str]) -> Outcome<String> {
    let mut tx = db.read().await?;
    let mut total = Sha256::new();
    for table in names(&mut tx).await? {
        if without.contains(&table.as_str()) {
            continue;
        }
        let mut rows: Vec<String> = tx
            .all_text(Cow::Owned(format!("select * from {table}")), &[])
            .await?
            .iter()
            .map(|row| format!("{:?}", row.cells()))
            .collect();
        rows.sort_unstable();
        total.update(table.as_bytes());
        for row in rows {
            total.update(row.as_bytes());
        }
    }
    Ok(hex::encode(total.finalize()))
}

/// How many rows each table holds.
pub async fn table_counts(db: &Db) -> Outcome<Vec<(String, i64)>> {
    let mut tx = db.read().await?;
    let mut counts = Vec::new();
    for table in names(&mut tx).await? {
        let rows =
            tx.all_text(Cow::Owned(format!("select count(*) as n from {table}")), &[]).await?;
        let count = rows.first().map_or(Ok(0), |row| row.int("n"))?;
        counts.push((table, count));
    }
    Ok(counts)
}

async fn names(tx: &mut Tx) -> Outcome<Vec<String>> {
    let listing = dialect::tables(tx.kind());
    tx.all(listing, &[]).await?.iter().map(|row| row.text("name")).collect()
}
