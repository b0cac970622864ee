//! What happens later: files are checked, written and taken back.

use super::actions::{self, Work};
use crate::storage::Act;
use crate::values::*;

/// True for jobs of this folder.
pub fn runs(kind: &str) -> bool {
    Work::of(kind).is_some()
}

/// Runs a job of this folder. Each looks where the import stands and goes on from there.
pub async fn run(act: &Act, kind: &str, subject: &str) -> Outcome<()> {
    let import: ImportId = subject.parse().map_err(Error::failure)?;
    match Work::of(kind) {
        Some(Work::Check) => actions::check(act, import).await,
        Some(Work::Commit) => actions::work_off_commit(act, import).await,
        Some(Work::Undo) => actions::work_off_undo(act, import).await,
        None => Err(Error::failure(format!("no file is worked on by jobs of kind {kind}"))),
    }
}
