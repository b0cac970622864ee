//! Imports: files brought into the base.
//!
//! A file is stored, its columns guessed, and every row judged before anything is written. The
//! commit judges again, in batches, each one transaction, and the whole import can be taken back.
//!
//! Invariants:
//! - every row of the file has exactly one verdict, and the verdicts add up to the rows;
//! - the same row is never brought in twice: it is recognised by what it says, not by its file;
//! - an import never overwrites what stands in the base, it only fills what is empty;
//! - what was undone leaves the base as it was, except where newer work stands on it, and that
//!   is listed with the reason.
//!
//! Neighbours: uses `companies` and `crates/linkage`; nobody uses it.

pub mod cells;
pub mod columns;
pub mod draft;
pub mod text;

use crate::values::*;

/// Why an import cannot go on so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportRefusal {
    /// There is nothing in the file.
    EmptyFile,
    /// A spreadsheet's own format.
    Spreadsheet,
    /// A picture, a program, anything but text.
    NotText,
}

impl Refusal for ImportRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::EmptyFile => "import-empty-file",
            Self::Spreadsheet => "import-spreadsheet",
            Self::NotText => "import-not-text",
        }
    }
}
