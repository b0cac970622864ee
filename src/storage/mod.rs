//! The database: one SQL text on SQLite and on PostgreSQL, transactions, migrations, receipts.
//!
//! Invariants:
//! - statements are literals with `$1` parameters; `dialect` alone asks which database it is;
//! - every state change is one [`Tx`], opened by an [`Act`] under an idempotency key;
//! - [`Tx::commit`] returns only when the write would survive a crash;
//! - a transaction dropped without a commit leaves no trace.
//!
//! Neighbours: uses `values`; used by every folder's `actions.rs` and `store.rs`.

mod act;
pub mod backup;
mod db;
pub mod dialect;
mod disk;
mod dump;
mod erase;
mod group;
mod many;
pub mod migrations;
mod named;
mod numbers;
mod pg;
mod row;
#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;
mod tx;

pub use act::{Act, Begun, Key};
pub use db::{Address, Db, Durability, LOOK_AGAIN};
pub use dump::{dump_digest, table_counts};
pub use erase::{count_of_firm, erase_firm};
pub use named::is_named;
pub use numbers::take_numbers;
pub use row::{Row, Val};
pub use tx::Tx;
