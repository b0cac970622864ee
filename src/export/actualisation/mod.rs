//! What a firm that ordered actualisation gets back: what was confirmed, what changed, by whom and
//! when, who refused and why, which meetings came of it. One document, written as a spreadsheet or
//! as pages to be printed.
//!
//! Its cells are words, never formulas. Who checked is told by role, or by name where the owner
//! says so.

pub mod actions;
pub mod api;
pub mod pages;
mod pdf;
mod store;
#[cfg(test)]
mod tests;
mod xlsx;

use crate::values::*;

/// What is reported on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportOf {
    /// A round: its companies and what its callers found.
    Round(CampaignId),
    /// A file: the companies it brought, every check of them since, and what rounds and campaigns
    /// over this very file heard of them.
    Import(ImportId),
}

impl ReportOf {
    /// The id, as the event of its export names it.
    pub fn subject(self) -> String {
        match self {
            Self::Round(id) => id.to_string(),
            Self::Import(id) => id.to_string(),
        }
    }
}

/// As what it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// A workbook with a sheet for each part.
    Xlsx,
    /// Pages of A4.
    Pdf,
}

impl Medium {
    /// The end of the name of its file.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Pdf => "pdf",
        }
    }
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pdf => "application/pdf",
        }
    }
    /// What the event of its export calls it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Xlsx => "actualisation-xlsx",
            Self::Pdf => "actualisation-pdf",
        }
    }
}

/// The whole of a report, in the words of its reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What it is on.
    pub title: String,
    /// When it was made, in a sentence.
    pub made: String,
    /// What is counted in it and what is not.
    pub legend: String,
    /// What its first part, the figures, is called.
    pub summary: String,
    /// The figures: what, how much.
    pub figures: Vec<(String, String)>,
    /// Its parts.
    pub parts: Vec<Sheet>,
}

impl Document {
    /// Rows in all.
    pub fn row_count(&self) -> usize {
        self.parts.iter().map(|part| part.rows.len()).sum()
    }
    /// Writes it.
    pub fn write(&self, medium: Medium, rest: &str) -> Outcome<Vec<u8>> {
        match medium {
            Medium::Xlsx => xlsx::write(self),
            Medium::Pdf => pdf::write(self, rest),
        }
    }
}

/// A table of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// What it holds; a sheet of a workbook is called so.
    pub title: String,
    /// Its columns: heading, width in characters.
    pub columns: Vec<(String, u16)>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

/// Why there is no such report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportRefusal {
    /// More companies than a person can read.
    TooLarge,
}

impl Refusal for ReportRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "report-too-large",
        }
    }
}
