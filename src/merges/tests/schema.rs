//! No table with a company is forgotten.

use std::collections::BTreeSet;

use crate::both;
use crate::merges::store::{MOVED, STAYING};
use crate::storage::testing::tables_with;

both! {
    async fn every_table_with_a_company_is_moved_or_told_why_not(t: TestDb) {
        let found: BTreeSet<String> = tables_with(&t.db, "company_id").await.into_iter().collect();
        let moved = MOVED.iter().map(|table| table.noun.to_owned());
        let staying = STAYING.iter().map(|(table, _)| (*table).to_owned());
        let named: BTreeSet<String> = moved.chain(staying).collect();
        assert_eq!(found, named, "src/merges/store/moves.rs names every table with a company");
        assert_eq!(named.len(), MOVED.len() + STAYING.len(), "each once");
        assert!(STAYING.iter().all(|(_, why)| why.len() > 20), "and why it stays");
    }
}
