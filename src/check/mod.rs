//! The invariants of a database, verified: leases, hand-offs, the ledger, orphan records.
//!
//! Reads everything, writes nothing. `troika check` prints what this finds.

mod store;

use std::fmt;

use crate::people;
use crate::storage::Db;
use crate::values::Outcome;

/// An invariant that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Which invariant.
    pub rule: &'static str,
    /// Where and how it is broken.
    pub what: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.what)
    }
}

/// Verifies everything; an empty list is what one hopes for.
pub async fn everything(db: &Db) -> Outcome<Vec<Broken>> {
    let mut tx = db.read().await?;
    let mut broken = store::list_orphans(&mut tx).await?;
    if people::actions::first_firm(db).await?.is_none() {
        return Ok(broken);
    }
    broken.extend(store::list_receipts_without_answer(&mut tx).await?);
    Ok(broken)
}
