//! What happens later: the search of the whole base.

use super::actions;
use crate::storage::Act;
use crate::values::*;

/// True for jobs of this folder.
pub fn runs(kind: &str) -> bool {
    kind == actions::SCAN_JOB
}

/// The search of the night; called every few seconds and safe to repeat.
pub async fn sweep(act: &Act) -> Outcome<()> {
    actions::scan_by_night(act).await
}

/// Runs a job of this folder; it looks where the search stands.
pub async fn run(act: &Act, subject: &str) -> Outcome<()> {
    actions::scan(act, subject.parse().map_err(Error::failure)?).await
}
