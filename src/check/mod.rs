//! The invariants of a database, verified: leases, hand-offs, the ledger, orphan records.
//!
//! Reads everything, writes nothing. `troika check` prints what this finds.

mod store;
#[cfg(test)]
mod tests;

use std::fmt;

use crate::storage::Db;
use crate::values::Outcome;
use crate::{companies, pay, people};

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

/// Verifies everything in one consistent view; an empty list is what one hopes for.
pub async fn everything(db: &Db) -> Outcome<Vec<Broken>> {
    let mut tx = db.read().await?;
    let mut broken = store::list_broken(&mut tx).await?;
    if let Some(org) = people::actions::first_firm(db).await? {
        for (what, act) in companies::actions::list_returned(&mut tx, org).await? {
            let rule = "what was erased with a person is on no card";
            broken.push(Broken { rule, what: format!("{what}, act {act}") });
        }
        let pay = pay::check(&mut tx, org).await?;
        broken.extend(pay.into_iter().map(|one| Broken { rule: "pay", what: one.to_string() }));
    }
    Ok(broken)
}
