//! What happens later: files are checked, written and taken back.

use super::actions;
use crate::storage::Act;
use crate::values::*;

/// True for jobs of this folder.
pub fn runs(kind: &str) -> bool {
    matches!(kind, actions::CHECK_JOB | actions::COMMIT_JOB | actions::UNDO_JOB)
}

/// Runs a job of this folder. Each looks where the import stands and goes on from there.
pub async fn run(act: &Act, kind: &str, subject: &str) -> Outcome<()> {
    let import: ImportId = subject.parse().map_err(Error::failure)?;
    match kind {
        actions::CHECK_JOB => actions::check(act, import).await,
        actions::COMMIT_JOB => actions::work_off_commit(act, import).await,
        _ => actions::work_off_undo(act, import).await,
    }
}
