//! A stored file as rows: opened once, gone through as often as needed.

use super::cells;
use super::columns::{self, Meaning};
use super::draft::{Draft, Shape};
use super::text;
use super::{Import, ImportRefusal, Reading};
use crate::companies::HOME_COUNTRY;

/// The most columns a list may have.
const COLUMNS_MAX: usize = 200;
/// First rows kept to be shown.
pub(super) const SAMPLE_ROWS: usize = 12;
/// Rows by which the columns are guessed.
const GUESS_ROWS: usize = 200;
/// Cells of the sample are shown no longer than this.
const SAMPLE_CELL_MAX: usize = 80;

/// An opened file.
pub(super) struct Opened {
    text: String,
    reading: Reading,
    header: Vec<String>,
}

/// What is known of a file once it was looked through.
pub(super) struct Looked {
    pub reading: Reading,
    pub header: Vec<String>,
    pub sample: Vec<Vec<String>>,
    pub row_count: i64,
}

/// Looks through a file; what a person said about it goes before what is guessed.
pub(super) fn look(bytes: &[u8], said: Said) -> Result<Looked, ImportRefusal> {
    let encoding = match said.encoding {
        Some(name) => name,
        None => text::encoding_of(bytes)?.name().to_owned(),
    };
    let text = text::decode(bytes, &encoding)?;
    let delimiter = said.delimiter.unwrap_or_else(|| text::delimiter_of(&text));
    let first: Vec<Vec<String>> = cells::rows(&text, delimiter).take(GUESS_ROWS + 1).collect();
    let Some(top) = first.first() else { return Err(ImportRefusal::EmptyFile) };
    let has_header = said.has_header.unwrap_or_else(|| columns::is_header(top));
    let header = if has_header { top.clone() } else { Vec::new() };
    let below = &first[usize::from(has_header)..];
    let width = first.iter().map(Vec::len).max().unwrap_or(0);
    if usual_width(&first) > COLUMNS_MAX {
        return Err(ImportRefusal::TooManyColumns);
    }
    let meanings = match said.meanings {
        Some(meanings) => meanings,
        None => columns::guess(&header, below),
    };
    let width = if has_header { header.len() } else { width.min(COLUMNS_MAX) };
    let meanings = fitted(meanings, width);
    let total = cells::rows(&text, delimiter).count() - usize::from(has_header);
    let shorten = |cell: &String| cell.trim().chars().take(SAMPLE_CELL_MAX).collect::<String>();
    let sample = below
        .iter()
        .take(SAMPLE_ROWS)
        .map(|row| row.iter().take(width).map(shorten).collect())
        .collect();
    let header = header.iter().map(shorten).collect();
    let row_count = i64::try_from(total).unwrap_or(i64::MAX);
    Ok(Looked {
        reading: Reading { encoding, delimiter, has_header, meanings },
        header,
        sample,
        row_count,
    })
}

/// What a person said about how a file is to be read.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    pub encoding: Option<String>,
    pub delimiter: Option<char>,
    pub has_header: Option<bool>,
    pub meanings: Option<Vec<Meaning>>,
}

fn usual_width(rows: &[Vec<String>]) -> usize {
    let mut widths: Vec<usize> = rows.iter().map(Vec::len).collect();
    widths.sort_unstable();
    widths.get(widths.len() / 2).copied().unwrap_or(0)
}

/// As many meanings as there are columns.
fn fitted(mut meanings: Vec<Meaning>, width: usize) -> Vec<Meaning> {
    meanings.resize(width, Meaning::Ignore);
    meanings
}

impl Opened {
    /// Opens the file of an import.
    pub fn open(bytes: &[u8], import: &Import) -> Result<Self, ImportRefusal> {
        let text = text::decode(bytes, &import.reading.encoding)?;
        Ok(Self { text, reading: import.reading.clone(), header: import.header.clone() })
    }

    /// Its rows as drafts, from the first.
    pub fn drafts(&self) -> impl Iterator<Item = Draft> {
        let shape = self.shape();
        (1..).zip(self.raw()).map(move |(line, cells)| Draft::read(line, &cells, &shape))
    }

    /// Its rows as they stand, from the first.
    pub fn raw(&self) -> impl Iterator<Item = Vec<String>> {
        let heading = usize::from(self.reading.has_header);
        cells::rows(&self.text, self.reading.delimiter).skip(heading)
    }

    /// How its rows are read.
    fn shape(&self) -> Shape {
        Shape {
            meanings: self.reading.meanings.clone(),
            header: self.header.clone(),
            country: HOME_COUNTRY,
        }
    }
}
