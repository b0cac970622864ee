//! The records of a file as rows: gone through as often as needed, one block at a time.

use std::collections::HashMap;
use std::sync::mpsc;

use intake::{How, Record};

use super::columns::{self, Meaning};
use super::doubts;
use super::draft::{Draft, Shape};
use super::fields::{self, Fields};
use super::phones;
use super::reader::Taken;
use super::spool::Spool;
use super::text::TOPS;
use super::{BadRow, Branches, Found, Import, ImportRefusal, Overruling, Reading};
use crate::companies::alike::Remark;
use crate::values::{Country, Error, Outcome};

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
    spool: Spool,
    reading: Reading,
    header: Vec<String>,
    country: Country,
}

/// What is known of a file once it was looked through.
pub(super) struct Looked {
    pub reading: Reading,
    pub found: Found,
    pub header: Vec<String>,
    pub sample: Vec<Vec<String>>,
    pub row_count: i64,
}

/// What a person said about how a file is to be read.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    pub file: intake::Said,
    pub has_header: Option<bool>,
    pub header_row: i64,
    /// The column that names fields, nought for none; to be found where nobody said.
    pub field_column: Option<i64>,
    pub meanings: Option<Vec<Meaning>>,
    /// Whether branches are told apart; they are not where nobody said.
    pub branches: Option<Branches>,
}

impl Said {
    /// What a person says as they bring a file.
    pub fn overruling(said: &Overruling) -> Self {
        Self {
            file: said.file.clone(),
            has_header: said.header_row.map(|row| row > 0),
            header_row: said.header_row.unwrap_or(0),
            field_column: said.field_column,
            meanings: None,
            branches: said.branches,
        }
    }

    /// Everything a reading says but the meanings.
    pub fn of(reading: Reading) -> Self {
        let is_text = !reading.encoding.is_empty();
        Self {
            file: intake::Said {
                encoding: is_text.then_some(reading.encoding),
                delimiter: Some(reading.delimiter),
                member: reading.member,
                sheet: reading.sheet,
                ..intake::Said::default()
            },
            has_header: Some(reading.has_header),
            header_row: reading.header_row,
            field_column: Some(reading.field_column),
            meanings: None,
            branches: Some(reading.branches),
        }
    }

    /// How a person wants a file read that was read in another way before. Another file of an
    /// archive, or another sheet, is looked at anew.
    pub fn anew(had: &Reading, mut wanted: Reading) -> Self {
        if wanted.field_column < 0 {
            wanted.field_column = had.field_column;
        }
        if had.member != wanted.member {
            let branches = Some(wanted.branches);
            let file = intake::Said { member: wanted.member, ..intake::Said::default() };
            return Self { file, branches, ..Self::default() };
        }
        if had.sheet != wanted.sheet {
            let said = Self::of(wanted);
            return Self { file: said.file, branches: said.branches, ..Self::default() };
        }
        let meanings = had.is_same_cut(&wanted).then(|| wanted.meanings.clone());
        Self { meanings, ..Self::of(wanted) }
    }
}

/// Looks at the records of a file; what a person said about them goes before what is guessed.
/// Numbers are those of the firm's country.
pub(super) fn look(taken: &Taken, said: Said, country: Country) -> Outcome<Looked> {
    let Taken { how, spool } = taken;
    let first = records(spool, 0).take(TOPS + GUESS_ROWS).map(|one| one.map(|one| one.cells));
    let first = first.collect::<Outcome<Vec<Vec<String>>>>()?;
    if usual_width(&first) > COLUMNS_MAX {
        return Err(ImportRefusal::TooManyColumns.into());
    }
    let is_csv = how.format == intake::Format::Csv;
    let otherwise = is_csv.then(|| doubts::cut_otherwise(&first)).flatten();
    let tops: Vec<String> = first.iter().take(TOPS).map(|row| top(row)).collect();
    let header_row = header_row(&first, (how, country), &said);
    let above = usize::try_from(header_row).unwrap_or(0);
    let named = names(&first, above, how)?;
    let (first, total) = (first.get(above..).unwrap_or_default(), how.records);
    let column = match field_column(first, said.field_column) {
        // The first rows of a list that goes field by field do not tell.
        None if said.field_column.is_none() && total > (above + first.len()) as u64 => {
            column_of_all(spool, above as u64, width_of(first))?
        }
        column => column,
    };
    let (header, below, row_count) = match column {
        None => {
            let rows = i64::try_from(total).unwrap_or(i64::MAX) - header_row;
            (named.clone(), first.to_vec(), rows)
        }
        Some(column) => folded(spool, above as u64, &named, column)?,
    };
    let meanings = match said.meanings {
        Some(meanings) => meanings,
        None if !how.headings.is_empty() && column.is_none() => columns::declared(&header),
        None => columns::guess(&header, &below, country),
    };
    let width = if header.is_empty() { width_of(&below).min(COLUMNS_MAX) } else { header.len() };
    let sample = below
        .iter()
        .take(SAMPLE_ROWS)
        .map(|row| row.iter().take(width).map(|cell| shorten(cell)).collect())
        .collect();
    Ok(Looked {
        reading: Reading {
            encoding: how.encoding.clone(),
            delimiter: how.delimiter.or(said.file.delimiter).unwrap_or(';'),
            member: how.member.clone(),
            sheet: how.sheet.clone(),
            has_header: !named.is_empty(),
            header_row,
            field_column: column.map_or(0, |column| column as i64 + 1),
            meanings: fitted(meanings, width),
            branches: said.branches.unwrap_or(Branches::One),
        },
        found: Found {
            header_row,
            how: how.clone(),
            blocks_sha256: spool.sha256().to_owned(),
            tops,
            otherwise,
            field_column: column.map_or(0, |column| column as i64 + 1),
            named: named.iter().map(|cell| shorten(cell)).collect(),
            width: width_of(first),
            country: country.code().to_owned(),
        },
        header: header.iter().map(|cell| shorten(cell)).collect(),
        sample,
        row_count,
    })
}

/// What the columns are called, by the record above the rows or by the format itself. It may be
/// wider than the rows are.
fn names(first: &[Vec<String>], above: usize, how: &How) -> Outcome<Vec<String>> {
    let mut named = match above.checked_sub(1) {
        Some(place) => first.get(place).cloned().unwrap_or_default(),
        None => how.headings.clone(),
    };
    if named.iter().skip(COLUMNS_MAX).any(|cell| !cell.trim().is_empty()) {
        return Err(ImportRefusal::TooManyColumns.into());
    }
    named.truncate(COLUMNS_MAX);
    Ok(named)
}

/// The column that names fields, told by all records behind so many.
fn column_of_all(spool: &Spool, above: u64, width: usize) -> Outcome<Option<usize>> {
    let mut unread = None;
    let rows = records(spool, above).map_while(|record| match record {
        Ok(record) => Some(record.cells),
        Err(cause) => {
            unread = Some(cause);
            None
        }
    });
    let found = fields::found_in(rows, width);
    unread.map_or(Ok(found), Err)
}

/// The column that names fields, counted from nought: as it was said, or as it is found.
fn field_column(rows: &[Vec<String>], said: Option<i64>) -> Option<usize> {
    let width = width_of(rows);
    match said {
        None => fields::found(rows),
        Some(column) => usize::try_from(column - 1)
            .ok()
            .filter(|column| (1..width.saturating_sub(1)).contains(column)),
    }
}

/// The headings, the first rows and the number of the companies in a list of fields.
fn folded(
    spool: &Spool,
    above: u64,
    named: &[String],
    column: usize,
) -> Outcome<(Vec<String>, Vec<Vec<String>>, i64)> {
    let header = whole(records(spool, above), |records| {
        fields::headings(named, column, records, COLUMNS_MAX)
    })?;
    let fields = Fields::of(column, &header);
    let counts = whole(records(spool, above), |records| fields.census(records))?;
    let (mut first, mut count) = (Vec::new(), 0);
    whole(records(spool, above), |records| {
        for (_, record) in fields.fold(counts, records.map(|record| (0, record))) {
            count += 1;
            if first.len() < GUESS_ROWS {
                first.push(record.cells);
            }
        }
    })?;
    Ok((header, first, count))
}

/// Which record names the columns; nought where none does, or the format names them itself.
fn header_row(first: &[Vec<String>], (how, country): (&How, Country), said: &Said) -> i64 {
    if !how.headings.is_empty() || said.has_header == Some(false) {
        return 0;
    }
    let last = i64::try_from(first.len().min(TOPS)).unwrap_or(0);
    if said.header_row > 0 {
        return said.header_row.min(last);
    }
    match (found_header(first, country), said.has_header) {
        (Some(row), _) => row,
        (None, Some(true)) => last.min(1),
        (None, _) => 0,
    }
}

/// The first record that reads like headings and is about as wide as what is below: titles and
/// notes above a table are narrow.
fn found_header(first: &[Vec<String>], country: Country) -> Option<i64> {
    let filled = |row: &[String]| row.iter().filter(|cell| !cell.trim().is_empty()).count();
    let mut widths: Vec<usize> = first.iter().take(50).map(|row| filled(row)).collect();
    widths.sort_unstable();
    let usual = widths.get(widths.len() / 2).copied().unwrap_or(0);
    let is_wide = |row: &&Vec<String>| filled(row) * 10 >= usual * 6 || filled(row) >= row.len();
    let mut rows = (1..).zip(first.iter().take(TOPS));
    // Above a table of several columns a row of one cell is a title.
    let (place, row) = rows.find(|(_, row)| is_wide(row) && (usual < 3 || filled(row) > 1))?;
    columns::is_header(row, country).then_some(place)
}

fn width_of(rows: &[Vec<String>]) -> usize {
    rows.iter().map(Vec::len).max().unwrap_or(0)
}

fn usual_width(rows: &[Vec<String>]) -> usize {
    let mut widths: Vec<usize> = rows.iter().map(Vec::len).collect();
    widths.sort_unstable();
    widths.get(widths.len() / 2).copied().unwrap_or(0)
}

/// Rows in batches; the last may be smaller. Where a row cannot be read, that is told in the place
/// of its batch.
pub(super) fn in_batches<R>(
    mut rows: impl Iterator<Item = Outcome<R>>,
    size: usize,
) -> impl Iterator<Item = Outcome<Vec<R>>> {
    std::iter::from_fn(move || {
        let batch = rows.by_ref().take(size).collect::<Outcome<Vec<R>>>();
        batch.map(|batch| (!batch.is_empty()).then_some(batch)).transpose()
    })
}

/// Does work over things that may break off; what came of a part of them is nothing.
pub(super) fn whole<T, R>(
    things: impl Iterator<Item = Outcome<T>>,
    work: impl FnOnce(&mut dyn Iterator<Item = T>) -> R,
) -> Outcome<R> {
    let mut torn = Ok(());
    let made = work(&mut things.map_while(|one| one.map_err(|error| torn = Err(error)).ok()));
    torn.map(|()| made)
}

/// What is made of things that may break off, one by one. Where they do, that is told at once, and
/// not after what was half made until then.
fn carried<T, R, W>(
    things: impl Iterator<Item = Outcome<T>> + Send + 'static,
    work: impl FnOnce(Box<dyn Iterator<Item = T> + Send>) -> W,
) -> impl Iterator<Item = Outcome<R>>
where
    W: Iterator<Item = R>,
{
    let (told, heard) = mpsc::channel();
    let one_by_one = move |one: Outcome<T>| one.map_err(|error| told.send(error)).ok();
    let mut made = work(Box::new(things.map_while(one_by_one).fuse()));
    std::iter::from_fn(move || {
        let one = made.next();
        heard.try_recv().ok().map(Err).or_else(|| one.map(Ok))
    })
}

/// As many meanings as there are columns.
fn fitted(mut meanings: Vec<Meaning>, width: usize) -> Vec<Meaning> {
    meanings.resize(width, Meaning::Ignore);
    meanings
}

pub(super) fn shorten(cell: &str) -> String {
    cell.trim().chars().take(SAMPLE_CELL_MAX).collect()
}

/// A record on one short line.
fn top(row: &[String]) -> String {
    let filled = row.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
    let line = filled.take(8).collect::<Vec<&str>>().join(" · ");
    shorten(&line)
}

/// The records behind the one of a number, one block unpacked at a time.
fn records(spool: &Spool, number: u64) -> impl Iterator<Item = Outcome<Record>> + Send + use<> {
    let torn = || Error::failure("a block of a file is torn");
    let records = spool.behind(number).flat_map(move |block| {
        match block.and_then(|block| block.records().ok_or_else(torn)) {
            Ok(records) => records.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error)],
        }
    });
    records.filter(move |one| one.as_ref().map_or(true, |record| record.number > number))
}

impl Opened {
    /// The records of an import, its numbers those of the country it was looked at by: what was
    /// foreseen is written, whatever country the firm is said to be in meanwhile.
    pub fn of(spool: Spool, import: &Import) -> Self {
        let (reading, header) = (import.reading.clone(), import.header.clone());
        Self { spool, reading, header, country: import.found.country() }
    }

    /// Bytes of its records as they are kept.
    pub fn packed_bytes(&self) -> u64 {
        self.spool.byte_count()
    }

    /// Its rows as drafts, from the first.
    pub fn drafts(&self) -> impl Iterator<Item = Outcome<Draft>> + Send + use<> {
        let shape = self.shape();
        self.rows().map(move |row| {
            let (line, record) = row?;
            let mut draft = Draft::read(line, &record.cells, &shape);
            for damage in record.damage {
                let code = format!("row-{}", damage.code());
                let place = record.line.to_string();
                draft.remarks.push(Remark::new(code).with("line", place));
            }
            Ok(draft)
        })
    }

    /// Its rows as drafts, behind the first `done`, so many at a time.
    pub fn batches(
        &self,
        size: usize,
        mut done: usize,
    ) -> impl Iterator<Item = Outcome<Vec<Draft>>> + Send + use<> {
        let is_left = move |draft: &Outcome<Draft>| {
            let is_done = draft.is_ok() && done > 0;
            done -= usize::from(is_done);
            !is_done
        };
        in_batches(self.drafts().filter(is_left), size)
    }

    /// Its first `done` rows as drafts, so many at a time.
    pub fn first(
        &self,
        size: usize,
        done: usize,
    ) -> impl Iterator<Item = Outcome<Vec<Draft>>> + Send + use<> {
        in_batches(self.drafts().take(done), size)
    }

    /// Its rows behind a line that cannot be used, cell by cell: those that were judged so, and
    /// those that say nothing usable.
    pub fn bad_rows(
        &self,
        after: i64,
        mut judged: HashMap<i64, Vec<Remark>>,
    ) -> impl Iterator<Item = Outcome<BadRow>> + Send + use<> {
        let shape = self.shape();
        self.rows().filter_map(move |row| {
            let (line, cells) = match row {
                Ok((line, record)) => (line, record.cells),
                Err(error) => return Some(Err(error)),
            };
            if line <= after {
                return None;
            }
            let faults = match judged.remove(&line) {
                Some(why) => why,
                None => Draft::read(line, &cells, &shape).faults,
            };
            (!faults.is_empty()).then_some(Ok(BadRow { line, cells, faults }))
        })
    }

    /// Its records below the heading, each with its line; of a list of fields its companies.
    fn rows(&self) -> Box<dyn Iterator<Item = Outcome<(i64, Record)>> + Send> {
        let above = self.reading.above();
        let rows = self.records().map(move |record| {
            let record = record?;
            let number = i64::try_from(record.number).unwrap_or(i64::MAX);
            Ok((number - above, record))
        });
        let Ok(column) = usize::try_from(self.reading.field_column - 1) else {
            return Box::new(rows);
        };
        let fields = Fields::of(column, &self.header);
        match whole(self.records(), |records| fields.census(records)) {
            Ok(counts) => Box::new(carried(rows, |rows| fields.fold(counts, rows))),
            Err(error) => Box::new(std::iter::once(Err(error))),
        }
    }

    /// Its records below the heading.
    fn records(&self) -> impl Iterator<Item = Outcome<Record>> + Send + use<> {
        let above = self.reading.above();
        records(&self.spool, u64::try_from(above).unwrap_or(0))
    }

    /// How its rows are read.
    fn shape(&self) -> Shape {
        Shape {
            meanings: self.reading.meanings.clone(),
            header: self.header.clone(),
            called: phones::called(&self.header),
            country: self.country,
        }
    }
}
