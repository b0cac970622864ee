//! Workbooks: the rows of a sheet, with numbers and days as a person sees them.
//!
//! A sheet of Excel is read cell by cell and never held whole, and of its book the words alone that
//! cells share; those of other programs are, and whoever calls bounds the memory they may take.

mod book;
mod cells;
mod words;
mod xml;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    Data, DataRef, Dimensions, ExcelDateTime, Ods, Reader, SheetType, SheetVisible, Xls, Xlsb,
};
use zip::ZipArchive;

use self::book::{Book, Place};
use self::cells::Cells;
use self::words::Words;
use crate::archive::{can_be_shown, spoilt, weigh};
use crate::{Bytes, Damage, Format, How, Limits, Record, Refused, Said, Take, numbers};

/// Merged cells heeded; a sheet of a person has no more.
const MERGED_MAX: usize = 100_000;
/// Empty cells put before others, over a whole sheet: a sheet of a person has no more.
const EMPTY_MAX: u64 = 200_000_000;

type Source<'a> = &'a mut dyn Bytes;

/// What kind of workbook an archive is; `None` where it is an archive of files.
pub(crate) fn of_archive(
    source: &mut dyn Bytes,
    limits: &Limits,
) -> Result<Option<Format>, Refused> {
    let archive = ZipArchive::new(source).map_err(spoilt)?;
    if archive.len() > limits.members_max {
        return Err(Refused::TooManyMembers);
    }
    let (mut found, mut is_document) = (None, false);
    for name in archive.file_names() {
        let name = name.map_err(spoilt)?.replace('\\', "/").to_lowercase();
        match name.trim_start_matches('/') {
            "xl/workbook.xml" => found = Some(Format::Xlsx),
            "xl/workbook.bin" => found = Some(Format::Xlsb),
            "content.xml" => found = Some(Format::Ods),
            "[content_types].xml" => is_document = true,
            _ => {}
        }
    }
    // A letter or a talk of an office is no list.
    if found.is_none() && is_document { Err(Refused::NotText) } else { Ok(found) }
}

/// Gives the rows of a sheet away: of the one that was named, or the first that holds anything.
pub(crate) fn read(
    source: &mut dyn Bytes,
    (said, limits): (&Said, &Limits),
    how: &mut How,
    take: &mut Take<'_>,
) -> Result<(), Refused> {
    let merged = match how.format {
        Format::Xls => Vec::new(),
        _ => weigh(&mut ZipArchive::new(&mut *source).map_err(spoilt)?, limits)?,
    };
    let format = how.format;
    let mut rows = Rows::new(limits, how, take);
    // The libraries that read workbooks give up on some spoilt ones in the middle of a step.
    let read = catch_unwind(AssertUnwindSafe(|| match format {
        Format::Xlsb => whole(open::<_, Xlsb<_>>(source, format)?, said, &mut rows),
        Format::Xls => whole(open::<_, Xls<_>>(source, format)?, said, &mut rows),
        Format::Ods => whole(open::<_, Ods<_>>(source, format)?, said, &mut rows),
        _ => by_cells(source, &merged, said, &mut rows),
    }));
    read.unwrap_or_else(|_| Err(broken(format)))
}

fn broken(format: Format) -> Refused {
    Refused::Broken { part: format.code().to_owned() }
}

fn open<S: Bytes, R: Reader<S>>(source: S, format: Format) -> Result<R, Refused> {
    R::new(source).map_err(|cause| {
        let cause = format!("{cause:?}").to_lowercase();
        if cause.contains("password") { Refused::Locked } else { broken(format) }
    })
}

/// The sheets that hold rows; those a person hid stand last.
fn sheets<S: Bytes>(book: &impl Reader<S>, format: Format) -> Result<Vec<String>, Refused> {
    let all = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let (shown, hidden): (Vec<_>, Vec<_>) =
        all.partition(|sheet| sheet.visible == SheetVisible::Visible);
    let all = shown.into_iter().chain(hidden).map(|sheet| sheet.name.as_str());
    match can_be_shown(all.clone()) {
        true => Ok(all.map(str::to_owned).collect()),
        false => Err(broken(format)),
    }
}

/// The sheets in the order they are tried: the one that was named, or all.
fn wanted(sheets: &[String], said: &Said) -> Result<Vec<String>, Refused> {
    match &said.sheet {
        None => Ok(sheets.to_vec()),
        Some(name) if sheets.contains(name) => Ok(vec![name.clone()]),
        Some(name) => Err(Refused::NoSuchSheet(name.chars().take(100).collect())),
    }
}

/// Rows that a sheet has at most, in any program that writes workbooks.
const ROWS_MAX: u64 = 1 << 20;

/// Rows on their way out.
struct Rows<'r, 't> {
    limits: &'r Limits,
    how: &'r mut How,
    take: &'r mut Take<'t>,
    row: Option<Record>,
    /// Bytes of the cells of that row, and of all rows: one string of a workbook may be named by
    /// any number of cells, so what comes out is not bounded by what the file weighs.
    row_bytes: usize,
    bytes: u64,
    /// Empty cells put before others.
    empty: u64,
    /// True once nobody wants more.
    is_done: bool,
}

impl<'r, 't> Rows<'r, 't> {
    fn new(limits: &'r Limits, how: &'r mut How, take: &'r mut Take<'t>) -> Self {
        Self { limits, how, take, row: None, row_bytes: 0, bytes: 0, empty: 0, is_done: false }
    }

    /// Takes a cell; with the first of another row the row before goes out.
    fn take_cell(&mut self, row: u64, column: usize, cell: Shown) -> Result<(), Refused> {
        // No sheet has more rows, and the library counts past its end from the start again.
        if row >= ROWS_MAX {
            return Err(broken(self.how.format));
        }
        let line = row + 1;
        if self.row.as_ref().is_some_and(|record| record.line != line) {
            self.give();
        }
        if column >= self.limits.cells_max || self.empty > EMPTY_MAX {
            let columns_max = self.limits.cells_max as u64;
            return Err(Refused::TooManyColumns { line, columns_max });
        }
        if cell.text.len() > self.limits.cell_max {
            return Err(Refused::CellTooLong { line, column: column as u64 + 1 });
        }
        self.row_bytes += cell.text.len();
        self.bytes += cell.text.len() as u64;
        if self.row_bytes > self.limits.record_max {
            return Err(Refused::RecordTooLong { line });
        }
        if self.bytes > self.limits.unpacked_max {
            return Err(Refused::TooLarge { bytes_max: self.limits.unpacked_max });
        }
        let record = self.row.get_or_insert_with(|| Record { line, ..Record::default() });
        self.empty += column.saturating_sub(record.cells.len()) as u64;
        if record.cells.len() <= column {
            record.cells.resize(column + 1, String::new());
        }
        if let Some(damage) = cell.damage.filter(|damage| !record.damage.contains(damage)) {
            record.damage.push(damage);
        }
        record.cells[column] = cell.text;
        Ok(())
    }

    /// Gives away the row that is complete; a row that says nothing is blank.
    fn give(&mut self) {
        let Some(record) = self.row.take() else { return };
        self.row_bytes = 0;
        self.how.lines = self.how.lines.max(record.line);
        if !self.is_done && record.cells.iter().any(|cell| !cell.is_empty()) {
            self.is_done = !self.how.give(record, self.take);
        }
    }

    /// Ends the sheet.
    fn finish(&mut self, name: &str) {
        self.give();
        self.how.sheet = Some(name.to_owned());
        self.how.blank_lines = self.how.lines.saturating_sub(self.how.records);
    }
}

/// Goes through a sheet of Excel cell by cell; `merged` are the parts with cells that are one over
/// others.
fn by_cells(
    source: Source<'_>,
    merged: &[usize],
    said: &Said,
    rows: &mut Rows<'_, '_>,
) -> Result<(), Refused> {
    let mut archive = ZipArchive::new(source).map_err(spoilt)?;
    let mut book = Book::open(&mut archive)?;
    let sheets = sheets(&book.outline, rows.how.format)?;
    rows.how.sheets = sheets.clone();
    let mut words = None;
    for name in wanted(&sheets, said)? {
        let place = book.place(&name)?;
        let held = match words.take() {
            Some(held) => held,
            None => words_of(&mut archive, &place)?,
        };
        let words = &*words.insert(held);
        let merged = if merged.contains(&place.sheet) {
            cells::merged(&mut xml::open(&mut archive, place.sheet)?, MERGED_MAX)
        } else {
            Vec::new()
        };
        let mut merged = Merged::new(merged);
        let looks = book.looks(&mut archive, (name.as_str(), &place))?;
        let mut cells = Cells::begin(xml::open(&mut archive, place.sheet)?, words, looks)?;
        while let Some(cell) = cells.next_cell()? {
            let shown = Shown::of(cell.value, looks.code(cell.style));
            let shown = merged.fill(cell.row, cell.column, shown);
            if !shown.text.is_empty() {
                rows.take_cell(u64::from(cell.row), cell.column as usize, shown)?;
            }
            if rows.is_done {
                break;
            }
        }
        rows.finish(&name);
        if rows.how.records > 0 {
            return Ok(());
        }
    }
    Err(Refused::Empty)
}

/// The words that the cells of a workbook share; none where it has no such part.
fn words_of<S: Bytes>(archive: &mut ZipArchive<S>, place: &Place) -> Result<Words, Refused> {
    let Some(part) = place.words else { return Ok(Words::default()) };
    Words::read(&mut xml::open(archive, part)?)
}

/// Goes through a sheet that the library holds whole.
fn whole<'a, R: Reader<Source<'a>>>(
    mut book: R,
    said: &Said,
    rows: &mut Rows<'_, '_>,
) -> Result<(), Refused> {
    let format = rows.how.format;
    let sheets = sheets(&book, format)?;
    rows.how.sheets = sheets.clone();
    for name in wanted(&sheets, said)? {
        let range = book.worksheet_range(&name).map_err(|_| broken(format))?;
        let (row, column) = range.start().unwrap_or_default();
        for (down, cells) in (0..).zip(range.rows()) {
            for (right, cell) in cells.iter().enumerate() {
                if *cell != Data::Empty {
                    let shown = Shown::held(cell);
                    rows.take_cell(u64::from(row) + down, column as usize + right, shown)?;
                }
            }
            if rows.is_done {
                break;
            }
        }
        rows.finish(&name);
        if rows.how.records > 0 {
            return Ok(());
        }
    }
    Err(Refused::Empty)
}

/// A cell as a person sees it.
#[derive(Debug, Clone, Default)]
struct Shown {
    text: String,
    damage: Option<Damage>,
}

impl From<String> for Shown {
    fn from(text: String) -> Self {
        Self { text, damage: None }
    }
}

impl Shown {
    fn of(value: DataRef<'_>, code: &str) -> Self {
        match value {
            DataRef::SharedString(text) => text.to_owned().into(),
            DataRef::String(text) | DataRef::DurationIso(text) => text.into(),
            DataRef::Float(value) => Self::number(value, code),
            DataRef::Int(value) => value.to_string().into(),
            DataRef::Bool(value) => Self::truth(value),
            DataRef::DateTime(value) => Self::day(&value),
            DataRef::DateTimeIso(text) => Self::iso(&text),
            DataRef::Error(error) => error.to_string().into(),
            DataRef::Empty => Self::default(),
        }
    }

    fn held(value: &Data) -> Self {
        match value {
            Data::String(text) | Data::DurationIso(text) => text.clone().into(),
            Data::Float(value) => Self::number(*value, ""),
            Data::Int(value) => value.to_string().into(),
            Data::Bool(value) => Self::truth(*value),
            Data::DateTime(value) => Self::day(value),
            Data::DateTimeIso(text) => Self::iso(text),
            Data::Error(error) => error.to_string().into(),
            _ => Self::default(),
        }
    }

    fn number(value: f64, code: &str) -> Self {
        let (text, is_lost) = numbers::number(value, code);
        Self { text, damage: is_lost.then_some(Damage::LostDigits) }
    }

    fn truth(value: bool) -> Self {
        if value { "TRUE" } else { "FALSE" }.to_owned().into()
    }

    fn day(value: &ExcelDateTime) -> Self {
        if value.is_duration() {
            return numbers::span(value.as_f64()).into();
        }
        numbers::day(value).map_or_else(|| Self::number(value.as_f64(), ""), Self::from)
    }

    fn iso(text: &str) -> Self {
        let text = text.replacen('T', " ", 1);
        text.strip_suffix(" 00:00:00").unwrap_or(&text).to_owned().into()
    }
}

/// Cells that are one over several rows: the rows below say what the first says.
struct Merged {
    /// The last row of those that begin at a row and column.
    begins: BTreeMap<(u32, u32), u32>,
    /// By column: the last row, and what the first says.
    open: BTreeMap<u32, (u32, Shown)>,
}

impl Merged {
    fn new(all: Vec<Dimensions>) -> Self {
        let begins = all.into_iter().map(|cells| (cells.start, cells.end.0)).collect();
        Self { begins, open: BTreeMap::new() }
    }

    /// A cell, with what stands in the merged one it belongs to.
    fn fill(&mut self, row: u32, column: u32, shown: Shown) -> Shown {
        if self.begins.is_empty() {
            return shown;
        }
        if let Some(last) = self.begins.get(&(row, column)) {
            self.open.insert(column, (*last, shown.clone()));
            return shown;
        }
        match self.open.get(&column) {
            Some((last, first)) if row <= *last && shown.text.is_empty() => first.clone(),
            _ => shown,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
