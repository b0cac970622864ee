//! Export: companies, leads or events of the firm as a CSV file; the report of a round or a list, a
//! statement of pay and a closed month as a workbook, the first two as pages, too.
//!
//! Invariants:
//! - rows are read page by page and written as they come, so that a base of any size needs the
//!   memory of one page;
//! - everything is read in one view of the database;
//! - no cell becomes a formula of a spreadsheet, and an import takes the file of companies back.
//!
//! Reads everything, writes nothing to the database but that a file was taken. `troika export`
//! calls this, and so do pages and the API.

pub mod actions;
pub mod actualisation;
mod companies;
mod events;
mod leads;
pub mod payroll;
pub mod statement;
mod store;
#[cfg(test)]
mod tests;

/// What is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum What {
    /// Companies with their numbers and people; an import takes the file back
    Companies,
    /// Leads of all campaigns
    Leads,
    /// Everything that happened
    Events,
    /// What a round or a file was found to hold, as .xlsx or .pdf
    Actualisation,
}

impl What {
    /// Its code, as the event names it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Companies => "companies",
            Self::Leads => "leads",
            Self::Events => "events",
            Self::Actualisation => "actualisation",
        }
    }
}

/// For whom the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// A spreadsheet of the firm's country: a mark in front, `;` in a Russian one.
    Office,
    /// A program: commas, no mark.
    Program,
}
