//! Imports: files brought into the base.
//!
//! A file is stored, its columns guessed, and every row judged before anything is written. The
//! commit judges again, in batches, each one transaction, and the whole import can be taken back.
//!
//! Invariants:
//! - every row of the file has exactly one verdict, and the verdicts add up to the rows;
//! - the same row is never brought in twice: it is recognised by what it says, not by its file;
//!   one that was taken for the head company is a branch where branches are told apart;
//! - an import never overwrites what stands in the base, it only fills what is empty, and tells
//!   of each row what it says otherwise;
//! - what was undone leaves the base as it was, except where newer work stands on it, and that
//!   is listed with the reason.
//!
//! Neighbours: uses `companies`, `crates/intake` and `crates/linkage`; `quality` and `erasures` use
//! it, `export` its spelling of cells.

pub mod actions;
pub mod api;
mod aside;
mod brought;
pub mod cells;
mod census;
pub mod columns;
mod doubts;
pub mod draft;
mod erased;
mod fields;
pub mod files;
mod found;
pub mod jobs;
mod judge;
mod memory;
pub mod notices;
mod otherwise;
pub mod pages;
mod people;
mod phones;
pub mod reader;
mod reading;
mod refusals;
mod rest;
mod room;
mod row;
mod same_name;
pub mod spool;
mod store;
#[cfg(test)]
mod tests;
pub mod text;
mod typed;
mod unreadable;
mod unsaid;
mod upload;
mod veil;

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::companies::alike::Remark;
use crate::companies::{BasisKind, NewBasis};
use crate::people::{Role, Viewer};
use crate::values::*;

use columns::Meaning;
pub use found::{Branches, Found, Overruling, Reading, Remembered, source_key};
pub use phones::PhoneColumn;
pub use refusals::ImportRefusal;
pub use same_name::SameName;

/// How long an import can be taken back whole: until the same hour of the next day, so that whoever
/// has the list in hand next morning still can. Later callers have worked through it and other
/// files stand on it, and what is wrong is mended company by company.
pub const UNDO_MS: i64 = 24 * HOUR_MS;

/// What becomes of a row. Every row has exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A company the base does not have.
    New,
    /// A company the base has, with something it lacks.
    Update,
    /// A company the base has, with nothing new.
    InBase,
    /// A company that stood further up in the file.
    InFile,
    /// Somebody who must not be contacted.
    Suppressed,
    /// A row that cannot be used.
    Bad,
}

impl Verdict {
    /// Every verdict, in the order they are told.
    pub const ALL: [Self; 6] =
        [Self::New, Self::Update, Self::InBase, Self::InFile, Self::Suppressed, Self::Bad];
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Update => "update",
            Self::InBase => "in_base",
            Self::InFile => "in_file",
            Self::Suppressed => "suppressed",
            Self::Bad => "bad",
        }
    }
    /// The tone of its word on screen.
    pub fn tone(self) -> &'static str {
        match self {
            Self::New => "pos",
            Self::Update => "act",
            Self::InBase | Self::InFile => "warn",
            Self::Suppressed => "vio",
            Self::Bad => "neg",
        }
    }
}

impl FromStr for Verdict {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|verdict| verdict.code() == code).ok_or(())
    }
}

/// How many rows have each verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Counts {
    /// Companies the base did not have.
    pub new: i64,
    /// Companies that got something they lacked.
    pub update: i64,
    /// Companies the base had, with nothing new.
    pub in_base: i64,
    /// Companies that stood further up in the file.
    pub in_file: i64,
    /// Those who must not be contacted.
    pub suppressed: i64,
    /// Rows that cannot be used.
    pub bad: i64,
    /// Those among the new that are branches of another company.
    #[serde(default)]
    pub branches: i64,
}

impl Counts {
    /// Counts one more row.
    pub fn add(&mut self, verdict: Verdict) {
        *self.place(verdict) += 1;
    }
    /// How many rows have the verdict.
    pub fn of(&self, verdict: Verdict) -> i64 {
        *self.clone().place(verdict)
    }
    /// How many rows there are.
    pub fn total(&self) -> i64 {
        Verdict::ALL.into_iter().map(|verdict| self.of(verdict)).sum()
    }
    fn place(&mut self, verdict: Verdict) -> &mut i64 {
        match verdict {
            Verdict::New => &mut self.new,
            Verdict::Update => &mut self.update,
            Verdict::InBase => &mut self.in_base,
            Verdict::InFile => &mut self.in_file,
            Verdict::Suppressed => &mut self.suppressed,
            Verdict::Bad => &mut self.bad,
        }
    }
}

/// What the rows of a file would become, before anything is written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Forecast {
    /// How many of each.
    pub counts: Counts,
    /// Some rows of each verdict, with the reasons.
    pub rows: Vec<ForecastRow>,
    /// Columns of telephones of which something was not read.
    #[serde(default)]
    pub phones: Vec<PhoneColumn>,
    /// How many of its rows have one name, where most have.
    #[serde(default)]
    pub same_name: Option<SameName>,
    /// True where it rests since more of its rows repeat others than can be remembered.
    #[serde(default)]
    pub is_too_repetitive: bool,
}

/// A row of the forecast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForecastRow {
    /// Its place among the rows.
    pub line: i64,
    /// What becomes of it.
    pub verdict: Verdict,
    /// The name it gives.
    pub name: String,
    /// Its numbers as they would be stored.
    pub phones: String,
    /// Its tax number.
    pub tax_id: String,
    /// Why.
    pub remarks: Vec<Remark>,
}

/// What an undo did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TakenBack {
    /// Companies that left the base.
    pub removed: i64,
    /// Companies that are again as they were.
    pub restored: i64,
    /// Companies that stay, at least in part.
    pub stayed: i64,
}

/// A company that stays though its import was undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// The company.
    pub company: CompanyId,
    /// Why: `led`, `worked-on`, `added-to`, `confirmed` by a newer file, `merged` or the field that
    /// was changed since.
    pub reason: String,
}

/// A row that was written, with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenRow {
    /// Its place among the rows.
    pub line: i64,
    /// What became of it.
    pub verdict: Verdict,
    /// The company it is now.
    pub company: Option<CompanyId>,
    /// The name it gave.
    pub name: String,
    /// Why.
    pub remarks: Vec<Remark>,
}

/// A row that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Its place among the rows.
    pub line: i64,
    /// Its cells as they stand.
    pub cells: Vec<String>,
    /// Why.
    pub faults: Vec<Remark>,
}

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImportState {
    /// The file is stored; its rows are being looked at.
    Checking,
    /// Somebody stopped the looking; nothing was written.
    Unchecked,
    /// The forecast can be read and the columns changed.
    Checked,
    /// Its rows are being written.
    Committing,
    /// Somebody stopped the writing; what was written is in the base.
    Stopped,
    /// It is in the base.
    Committed,
    /// It is being taken back.
    Undoing,
    /// Somebody stopped the taking back; what is not taken back yet is in the base.
    UndoStopped,
    /// It was taken back.
    Undone,
}

impl ImportState {
    /// Every state, in their order.
    pub const ALL: [Self; 9] = [
        Self::Checking,
        Self::Unchecked,
        Self::Checked,
        Self::Committing,
        Self::Stopped,
        Self::Committed,
        Self::Undoing,
        Self::UndoStopped,
        Self::Undone,
    ];
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Checking => "checking",
            Self::Unchecked => "unchecked",
            Self::Checked => "checked",
            Self::Committing => "committing",
            Self::Stopped => "stopped",
            Self::Committed => "committed",
            Self::Undoing => "undoing",
            Self::UndoStopped => "undo_stopped",
            Self::Undone => "undone",
        }
    }
    /// The tone of its word on screen.
    pub fn tone(self) -> &'static str {
        match self {
            Self::Checking | Self::Committing | Self::Undoing => "warn",
            Self::Stopped | Self::UndoStopped => "warn",
            Self::Committed => "pos",
            Self::Unchecked | Self::Checked | Self::Undone => "",
        }
    }
    /// True while nothing of it was written.
    pub fn is_forecast(self) -> bool {
        matches!(self, Self::Checking | Self::Unchecked | Self::Checked)
    }
    /// True while a job works on it.
    pub fn is_under_way(self) -> bool {
        matches!(self, Self::Checking | Self::Committing | Self::Undoing)
    }
}

impl FromStr for ImportState {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.code() == code).ok_or(())
    }
}

/// On what ground and from where the companies of a file come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// Where the list comes from.
    pub source: String,
    /// The ground for contacting them.
    pub basis_kind: Option<BasisKind>,
    /// Where that ground is documented.
    pub basis_source: String,
}

impl Origin {
    /// The ground, as it is noted with each company.
    pub fn basis(&self) -> Option<NewBasis> {
        let (kind, source) = (self.basis_kind?, self.basis_source.clone());
        Some(NewBasis { kind, source, until: None })
    }
}

/// A file brought into the base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// The number people read aloud.
    pub number: i64,
    /// Where the file is kept.
    pub file: FileId,
    /// What the file was called.
    pub file_name: String,
    /// The digest of the file.
    pub sha256: String,
    /// Where it stands.
    pub state: ImportState,
    /// How it is read.
    pub reading: Reading,
    /// What was found in it.
    pub found: Found,
    /// The headings of its columns.
    pub header: Vec<String>,
    /// Its first rows.
    pub sample: Vec<Vec<String>>,
    /// How many rows it has, its heading not counted.
    pub row_count: i64,
    /// What its rows would become.
    pub forecast: Forecast,
    /// What its rows became.
    pub counts: Counts,
    /// Rows worked off by the job under way.
    pub done_count: i64,
    /// Where it comes from.
    pub origin: Origin,
    /// The number of the import whose columns were taken over, where nobody changed them.
    pub read_like: Option<i64>,
    /// Who brought it.
    pub made_by: Option<UserId>,
    /// When.
    pub made_at: Instant,
    /// Who wrote it into the base.
    pub committed_by: Option<UserId>,
    /// When the writing began.
    pub committed_at: Option<Instant>,
    /// When the run of the writing began that wrote its last rows.
    pub written_at: Option<Instant>,
    /// Who had it taken back.
    pub undone_by: Option<UserId>,
    /// When it was taken back.
    pub undone_at: Option<Instant>,
    /// What the undo did.
    pub taken_back: TakenBack,
    /// Grows with each change.
    pub version: i64,
}

impl Import {
    /// Whether this person may have it read in another way, or written.
    pub fn change(&self, viewer: &Viewer) -> Result<(), ImportRefusal> {
        if self.is_of(viewer) { Ok(()) } else { Err(ImportRefusal::NotYours) }
    }

    /// Whether its rows may be written now.
    pub fn commit(&self, version: i64) -> Result<(), ImportRefusal> {
        match self.state {
            ImportState::Checked if self.version != version => Err(ImportRefusal::Stale),
            ImportState::Checked if self.row_count == 0 => Err(ImportRefusal::NoRows),
            ImportState::Checked if !columns::has_names(&self.reading.meanings) => {
                Err(ImportRefusal::NoNames)
            }
            ImportState::Checked => Ok(()),
            ImportState::Checking | ImportState::Unchecked => {
                Err(self.repeats().unwrap_or(ImportRefusal::StillChecking))
            }
            _ => Err(self.repeats().unwrap_or(ImportRefusal::AlreadyCommitted)),
        }
    }

    /// Whether it may be read in another way.
    pub fn read_anew(&self, version: i64) -> Result<(), ImportRefusal> {
        match self.state.is_forecast() {
            true if self.version == version => Ok(()),
            true => Err(ImportRefusal::Stale),
            false => Err(ImportRefusal::AlreadyCommitted),
        }
    }

    /// True while it may be read in another way, its rows being looked at.
    pub fn can_be_read_anew(&self) -> bool {
        matches!(self.state, ImportState::Checked | ImportState::Unchecked)
    }

    /// Where it stands once this person stopped what is under way.
    pub fn stop(&self, viewer: &Viewer) -> Result<ImportState, ImportRefusal> {
        let next = match self.state {
            ImportState::Checking => ImportState::Unchecked,
            ImportState::Committing => ImportState::Stopped,
            ImportState::Undoing => ImportState::UndoStopped,
            _ => return Err(ImportRefusal::NothingToStop),
        };
        if self.is_of(viewer) { Ok(next) } else { Err(ImportRefusal::StopNotYours) }
    }

    /// Whose it is: of who brought it and of who wrote it, of a head of the first tier, whose
    /// callers work with the base, and of the owner.
    fn is_of(&self, viewer: &Viewer) -> bool {
        let heads_first = viewer.is(Role::Head) && viewer.user.tier == Some(1);
        let is_author = [self.made_by, self.committed_by].contains(&Some(viewer.id()));
        is_author || heads_first || viewer.is(Role::Owner)
    }

    /// Whether this person may take it back now, be it while it is written.
    pub fn undo(&self, viewer: &Viewer, now: Instant) -> Result<(), ImportRefusal> {
        match self.state {
            ImportState::Committed | ImportState::Stopped | ImportState::Committing => {}
            ImportState::Undoing | ImportState::UndoStopped | ImportState::Undone => {
                return Err(ImportRefusal::AlreadyUndone);
            }
            _ => return Err(ImportRefusal::NotCommitted),
        }
        if !self.is_of(viewer) {
            return Err(ImportRefusal::UndoNotYours);
        }
        if self.undo_until(now).is_some_and(|until| now < until) {
            Ok(())
        } else {
            Err(ImportRefusal::UndoTooLate)
        }
    }

    /// Until when it can be taken back: a day from its last rows. While it is written those are
    /// yet to come.
    pub fn undo_until(&self, now: Instant) -> Option<Instant> {
        let last = match self.state {
            ImportState::Committing => Some(now),
            _ => self.written_at.or(self.committed_at),
        };
        last.map(|at| at.plus_ms(UNDO_MS))
    }
}
