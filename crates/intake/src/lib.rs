//! Any list as records: bytes in, records out.
//!
//! What a file is – CSV in whatever encoding and dialect, a spreadsheet, cards of contacts, packed
//! or not – is found out from its bytes; what a person says about it goes before what was found.
//!
//! Invariants:
//! - nothing is swallowed: every physical record comes out with its place, a damaged one with what
//!   is wrong with it, and lines that are no records are counted;
//! - what is too large, nested or broken is refused with a reason, and memory does not grow with
//!   the size of a file that is read as text;
//! - no word of any business stands here, and nothing is opened: whoever calls brings the bytes.

#![warn(missing_docs)]

mod archive;
pub mod blocks;
pub mod csv;
pub mod encoding;
pub mod frames;
mod numbers;
mod sheet;
mod source;
mod tags;
mod text;
mod vcard;

use std::io::{Read, Seek};

use serde::{Deserialize, Serialize};

pub use source::read;

/// Bytes that can be gone through more than once.
pub trait Bytes: Read + Seek {}
impl<T: Read + Seek> Bytes for T {}

/// What kind of list it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Rows of text, whatever parts their cells.
    #[default]
    Csv,
    /// A workbook of Excel.
    Xlsx,
    /// A binary workbook of Excel.
    Xlsb,
    /// A workbook of old Excel.
    Xls,
    /// A workbook of an open office.
    Ods,
    /// Cards of contacts.
    Vcard,
}

impl Format {
    /// Its short name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Xlsb => "xlsb",
            Self::Xls => "xls",
            Self::Ods => "ods",
            Self::Vcard => "vcard",
        }
    }
    /// True where sheets stand in it.
    pub fn is_sheets(self) -> bool {
        !matches!(self, Self::Csv | Self::Vcard)
    }
}

/// What the list is packed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Packing {
    /// Nothing.
    #[default]
    None,
    /// One file, compressed.
    Gzip,
    /// An archive of files.
    Zip,
}

/// What a person said about how a file is to be read; what is left out is found out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Said {
    /// Text and nothing else, or cards; a spreadsheet cannot be read as another thing.
    pub format: Option<Format>,
    /// The name of its encoding.
    pub encoding: Option<String>,
    /// What parts its cells.
    pub delimiter: Option<char>,
    /// Which file of an archive.
    pub member: Option<String>,
    /// Which sheet of a workbook.
    pub sheet: Option<String>,
}

/// How a file was read, and what was in it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct How {
    /// What kind of list it is.
    pub format: Format,
    /// What it was packed in.
    pub packing: Packing,
    /// The lists of an archive.
    pub members: Vec<String>,
    /// The one that was read.
    pub member: Option<String>,
    /// The sheets of a workbook.
    pub sheets: Vec<String>,
    /// The one that was read.
    pub sheet: Option<String>,
    /// The name of its encoding; empty where there is no choice.
    pub encoding: String,
    /// What parts its cells; where they are parted by a sign.
    pub delimiter: Option<char>,
    /// The headings, where the format names its columns itself.
    pub headings: Vec<String>,
    /// Records that came out.
    pub records: u64,
    /// Records that came out with something wrong.
    pub damaged: u64,
    /// Lines that are no records: empty ones, and a first line that names the delimiter.
    pub blank_lines: u64,
    /// Physical lines or rows gone through.
    pub lines: u64,
    /// Cells of the widest record.
    pub width: u64,
}

/// A record as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    /// Its place among the records, from 1.
    pub number: u64,
    /// The physical line, or row of the sheet, where it begins, from 1.
    pub line: u64,
    /// Its cells.
    pub cells: Vec<String>,
    /// What is wrong with it.
    pub damage: Vec<Damage>,
}

/// What can be wrong with a record that is still one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Damage {
    /// A quote was opened and not closed; it was taken for a letter.
    LoneQuote,
    /// It held zero bytes, which were left out.
    ZeroBytes,
    /// It held bytes that are no letters of the encoding.
    Undecodable,
    /// A card without its end.
    Unfinished,
    /// Lines that stand in no card, or make no sense in one.
    StrayLines,
    /// Digits were lost before it came here: a number too long for a spreadsheet.
    LostDigits,
}

impl Damage {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::LoneQuote,
        Self::ZeroBytes,
        Self::Undecodable,
        Self::Unfinished,
        Self::StrayLines,
        Self::LostDigits,
    ];
    /// Its short name.
    pub fn code(self) -> &'static str {
        match self {
            Self::LoneQuote => "lone-quote",
            Self::ZeroBytes => "zero-bytes",
            Self::Undecodable => "undecodable",
            Self::Unfinished => "unfinished",
            Self::StrayLines => "stray-lines",
            Self::LostDigits => "lost-digits",
        }
    }
}

/// How much of anything is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of a list once it is unpacked.
    pub unpacked_max: u64,
    /// Bytes of a workbook once it is unpacked.
    pub workbook_max: u64,
    /// Bytes of a workbook within an archive: it is held in memory.
    pub packed_workbook_max: u64,
    /// Bytes of a cell.
    pub cell_max: usize,
    /// Cells of a record.
    pub cells_max: usize,
    /// Bytes of a record.
    pub record_max: usize,
    /// Words that the cells of a workbook share: they are held in memory.
    pub words_max: u64,
    /// Files of an archive.
    pub members_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            unpacked_max: 1 << 30,
            workbook_max: 1 << 30,
            packed_workbook_max: 48 << 20,
            cell_max: 16 << 20,
            cells_max: 16_384,
            record_max: 24 << 20,
            // Sixteen of its own for every row that a sheet can have.
            words_max: 16 << 20,
            members_max: 10_000,
        }
    }
}

/// Why a file is not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    /// There is nothing in it.
    Empty,
    /// A picture, a program, anything but a list.
    NotText,
    /// A page of the web, also one that calls itself a spreadsheet.
    WebPage,
    /// Packed in a way that is not unpacked.
    OtherPacking(String),
    /// Locked with a password.
    Locked,
    /// An archive within an archive.
    Nested(String),
    /// An archive without any list.
    NoList,
    /// An archive has no such file.
    NoSuchMember(String),
    /// A workbook has no such sheet.
    NoSuchSheet(String),
    /// The encoding is not known.
    NoSuchEncoding(String),
    /// More than is taken, once it is unpacked.
    TooLarge {
        /// Bytes taken at most.
        bytes_max: u64,
    },
    /// An archive of very many files.
    TooManyMembers,
    /// A workbook of more words than can be held.
    TooManyWords,
    /// A cell larger than any can be.
    CellTooLong {
        /// The line or row.
        line: u64,
        /// The column, from 1.
        column: u64,
    },
    /// More columns than any list has.
    TooManyColumns {
        /// The line or row.
        line: u64,
        /// Columns taken at most.
        columns_max: u64,
    },
    /// A record larger than any can be.
    RecordTooLong {
        /// The line or row.
        line: u64,
    },
    /// It calls itself one thing and is not: cut short, or spoilt.
    Broken {
        /// What could not be understood, in the words of its format.
        part: String,
    },
}

/// Takes the records as they come; an answer of `false` ends the reading early.
pub type Take<'a> = dyn FnMut(Record) -> bool + 'a;
