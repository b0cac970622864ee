//! Which worker a file waits for: a small one for the worker that is kept for small ones, a large
//! one for the worker of whatever takes minutes. `schedule.rs` has both.
//!
//! Nothing is taken from a large file for it: both write batch by batch, each batch holds the base
//! and gives it to whoever waits, so two files take turns on one writer and on several nodes.

use super::*;

/// How the kind of a job over a file begins.
const BEGINNING: &str = "imports.";
/// The same over a small file.
pub const SMALL: &str = "imports.small.";
/// A file of at most so many rows is a small one: written in seconds.
const SMALL_ROWS_MAX: i64 = if cfg!(test) { 250 } else { CHECKED_AT_ONCE_MAX };

codes! {
    /// What a job does with a file.
    Work {
        /// Looks at its rows.
        Check = "check",
        /// Writes them.
        Commit = "commit",
        /// Takes them back.
        Undo = "undo",
    }
}

impl Work {
    /// What is done with a file that stands so.
    pub(super) fn in_state(state: ImportState) -> Option<Self> {
        match state {
            ImportState::Checking => Some(Self::Check),
            ImportState::Committing => Some(Self::Commit),
            ImportState::Undoing => Some(Self::Undo),
            _ => None,
        }
    }

    /// What a job of a kind does; `None` for jobs of other folders.
    pub fn of(kind: &str) -> Option<Self> {
        kind.strip_prefix(SMALL).or_else(|| kind.strip_prefix(BEGINNING))?.parse().ok()
    }
}

/// The kinds of jobs that do this: over a small file, and over any. Jobs of a version that told
/// none from the other are of the second kind.
pub(super) fn kinds(work: Work) -> [String; 2] {
    [SMALL, BEGINNING].map(|beginning| format!("{beginning}{}", work.code()))
}

/// Leaves a job over a file behind.
pub(super) async fn enqueue(tx: &mut Tx, act: &Act, work: Work, import: &Import) -> Outcome<()> {
    let [small, any] = kinds(work);
    let kind = if import.row_count <= SMALL_ROWS_MAX { small } else { any };
    jobs::enqueue(tx, act.org, &kind, &import.id.to_string(), act.now).await.map(drop)
}

/// Forgets what waits to do this with a file, or failed at it; says how many jobs that were. One
/// that is at it sees by itself how the file stands.
pub(super) async fn withdraw(tx: &mut Tx, act: &Act, work: Work, import: &Import) -> Outcome<u64> {
    let (subject, mut count) = (import.id.to_string(), 0);
    for kind in kinds(work) {
        count += jobs::withdraw_in(tx, act.org, (&kind, &subject), act.now).await?;
    }
    Ok(count)
}

/// Leaves one job over a file behind, whatever became of those before it. One that is still at it
/// looks at the file once more when it ended: two would write against each other.
pub(super) async fn enqueue_anew(
    tx: &mut Tx,
    act: &Act,
    work: Work,
    import: &Import,
) -> Outcome<()> {
    withdraw(tx, act, work, import).await?;
    let (subject, mut held) = (import.id.to_string(), 0);
    for kind in kinds(work) {
        held += jobs::ask_again_in(tx, act.org, (&kind, &subject)).await?;
    }
    if held == 0 { enqueue(tx, act, work, import).await } else { Ok(()) }
}
