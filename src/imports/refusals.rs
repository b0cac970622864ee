//! Why an import cannot go on so.

use super::memory::REMEMBERED_MAX;
use super::reader::{MEMORY_MAX, SECONDS_MAX};
use super::spool::{ROWS_MAX, SPOOL_BYTES_MAX};
use super::text::FILE_BYTES_MAX;
use super::unreadable;
use crate::values::*;

/// Why an import cannot go on so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportRefusal {
    /// The file is no list that can be read.
    File(intake::Refused),
    /// It is larger than is taken.
    FileTooLarge,
    /// Its reading took more time than any list does.
    TooSlow,
    /// Its reading took more memory than any list does.
    TooHeavy,
    /// Its records take more room than any list does.
    RecordsTooLarge,
    /// More rows than one file may bring.
    TooManyRows,
    /// More of its rows repeat others than can be remembered.
    TooManyRepeats,
    /// The same, seen once some of its rows were written.
    RepeatsMidway {
        /// Rows that were written.
        done: i64,
        /// Rows it has.
        total: i64,
    },
    /// The disk has less room than it needs.
    NoRoom {
        /// Bytes it needs.
        needed: u64,
        /// Bytes that are free.
        free: u64,
    },
    /// Its reader broke on it.
    ReaderBroke,
    /// More columns than any list has: the delimiter is wrong.
    TooManyColumns,
    /// No column holds names.
    NoNames,
    /// There is a heading and nothing below it.
    NoRows,
    /// Somebody changed it since it was shown.
    Stale,
    /// Its rows are still being looked at.
    StillChecking,
    /// It was written into the base before.
    AlreadyCommitted,
    /// It is not in the base.
    NotCommitted,
    /// It was taken back before.
    AlreadyUndone,
    /// The stored file is not the one that was shown.
    FileChanged,
    /// Too long ago to be taken back whole.
    UndoTooLate,
    /// Others brought and wrote it, and this person does not head the first tier.
    UndoNotYours,
    /// Others brought it, and this person does not head the first tier.
    NotYours,
    /// Somebody else's import is stopped by heads of the first tier and the owner.
    StopNotYours,
    /// Nothing is under way that could be stopped.
    NothingToStop,
    /// Its writing was not stopped.
    NotStopped,
}

impl Refusal for ImportRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::File(refused) => unreadable::code(refused),
            Self::FileTooLarge => "import-file-too-large",
            Self::TooSlow => "import-too-slow",
            Self::TooHeavy => "import-too-heavy",
            Self::RecordsTooLarge => "import-records-too-large",
            Self::TooManyRows => "import-too-many-rows",
            Self::TooManyRepeats => "import-too-many-repeats",
            Self::RepeatsMidway { .. } => "import-repeats-midway",
            Self::NoRoom { .. } => "import-no-room",
            Self::ReaderBroke => "import-reader-broke",
            Self::TooManyColumns => "import-too-many-columns",
            Self::NoNames => "import-no-names",
            Self::NoRows => "import-no-rows",
            Self::Stale => "import-stale",
            Self::StillChecking => "import-still-checking",
            Self::AlreadyCommitted => "import-already-committed",
            Self::NotCommitted => "import-not-committed",
            Self::AlreadyUndone => "import-already-undone",
            Self::FileChanged => "import-file-changed",
            Self::UndoTooLate => "import-undo-too-late",
            Self::UndoNotYours => "import-undo-not-yours",
            Self::NotYours => "import-not-yours",
            Self::StopNotYours => "import-stop-not-yours",
            Self::NothingToStop => "import-nothing-to-stop",
            Self::NotStopped => "import-not-stopped",
        }
    }
    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::File(refused) => unreadable::args(refused),
            Self::FileTooLarge => vec![("megabytes", (FILE_BYTES_MAX >> 20).to_string())],
            Self::TooSlow => vec![("seconds", SECONDS_MAX.to_string())],
            Self::TooHeavy => vec![("megabytes", (MEMORY_MAX >> 20).to_string())],
            Self::RecordsTooLarge => vec![("megabytes", (SPOOL_BYTES_MAX >> 20).to_string())],
            Self::TooManyRows => vec![("millions", (ROWS_MAX / 1_000_000).to_string())],
            Self::TooManyRepeats => vec![("megabytes", (REMEMBERED_MAX >> 20).to_string())],
            Self::RepeatsMidway { done, total } => {
                let megabytes = ("megabytes", (REMEMBERED_MAX >> 20).to_string());
                vec![("done", done.to_string()), ("total", total.to_string()), megabytes]
            }
            // Rounded so that what is asked for is enough, and what is free is there.
            Self::NoRoom { needed, free } => {
                let needed = needed.div_ceil(1 << 20).to_string();
                vec![("needed", needed), ("free", (free >> 20).to_string())]
            }
            _ => Vec::new(),
        }
    }
}
