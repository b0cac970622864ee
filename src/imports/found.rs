//! How a file is read, and what was found in it.

use serde::{Deserialize, Serialize};

use super::columns::Meaning;
use crate::values::*;

codes! {
    /// What becomes of rows that have the tax number of a company and another KPP.
    Branches {
        /// They are that company.
        One = "one",
        /// Each KPP is a company of its own, tied to the first one as its branch.
        Apart = "apart",
    }
}

/// How the file is read; a person may correct every part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The name of its encoding; empty where there is no choice.
    pub encoding: String,
    /// What parts its cells.
    pub delimiter: char,
    /// Which file of an archive.
    pub member: Option<String>,
    /// Which sheet of a workbook.
    pub sheet: Option<String>,
    /// True when a row of it names the columns.
    pub has_header: bool,
    /// Which of its records that is, from 1; nought where it is to be found.
    pub header_row: i64,
    /// Where a row is one field of a company: the column that names it, from 1. Nought where a row
    /// is a company, less where that stays as it was.
    pub field_column: i64,
    /// What each column means.
    pub meanings: Vec<Meaning>,
    /// Whether branches are told apart.
    pub branches: Branches,
}

/// What a person says of how a file is to be read as they bring it; what is left out is found out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Overruling {
    /// How its bytes are read.
    pub file: intake::Said,
    /// Which of its records names the columns, from 1; nought where none does.
    pub header_row: Option<i64>,
    /// The column that names the field where a row is one field of a company, from 1; nought where
    /// each row is a company.
    pub field_column: Option<i64>,
    /// Whether branches are told apart; as in the file like it, where that is left out.
    pub branches: Option<Branches>,
}

/// How an earlier file was read, as people left it standing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// The number of its import.
    pub number: i64,
    /// How it was read.
    pub reading: Reading,
    /// The headings of its columns.
    pub header: Vec<String>,
}

/// What a source is recognised by, however it was typed; `None` for no source.
pub fn source_key(source: &str) -> Option<String> {
    let lower = source.to_lowercase().replace('ё', "е");
    let words: Vec<&str> = lower.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

impl Reading {
    /// How many records stand above the rows.
    pub fn above(&self) -> i64 {
        if self.has_header { self.header_row } else { 0 }
    }

    /// The row that a record is; `None` where rows are put together of several.
    pub fn row_of(&self, number: u64) -> Option<i64> {
        let number = i64::try_from(number).ok()?;
        (self.field_column < 1).then_some(number - self.above())
    }

    /// True where another reading cuts the file into the same rows and columns.
    pub fn is_same_cut(&self, other: &Self) -> bool {
        let row = |reading: &Self| if reading.has_header { reading.header_row } else { -1 };
        self.is_same_file(other)
            && row(self) == row(other)
            && self.field_column == other.field_column
    }
    /// True where another reading takes the same records from the file.
    pub fn is_same_file(&self, other: &Self) -> bool {
        self.encoding == other.encoding
            && self.delimiter == other.delimiter
            && self.member == other.member
            && self.sheet == other.sheet
    }
}

/// What was found in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Found {
    /// Which of its records names the columns, where one does.
    pub header_row: i64,
    /// How its bytes were read, and what was among them.
    pub how: intake::How,
    /// The digest of its records in their blocks; empty where they were not kept.
    pub blocks_sha256: String,
    /// Its first records, cut short; one of them may name the columns.
    pub tops: Vec<String>,
    /// Where a row is one field of a company: the column that names it, from 1.
    pub field_column: i64,
    /// The delimiter that would make several columns of it where there is one, and how many.
    pub otherwise: Option<(char, usize)>,
    /// What its columns are called in the file, and how many there are.
    pub named: Vec<String>,
    /// How many columns the file has.
    pub width: usize,
    /// The code of the country whose numbers need none.
    pub country: String,
}

impl Found {
    /// The country whose numbers need no code.
    pub fn country(&self) -> Country {
        Country::from_code(&self.country).unwrap_or(Country::RU)
    }
}

/// A file that came before anything was kept of it is text whose first row names the columns.
impl Default for Found {
    fn default() -> Self {
        let (how, blocks_sha256) = (intake::How::default(), String::new());
        Self {
            header_row: 1,
            how,
            blocks_sha256,
            tops: Vec::new(),
            field_column: 0,
            otherwise: None,
            named: Vec::new(),
            width: 0,
            country: Country::RU.code().to_owned(),
        }
    }
}
