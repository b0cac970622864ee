//! A workbook of Excel as the library knows it: its sheets, how its numbers are shown, and where
//! its parts stand.
//!
//! The library would hold every word that cells share, each by itself, and a list of a million rows
//! does not fit so. It is given a workbook of the same parts, in which a sheet holds no more than
//! its place in the archive: what it then tells of a sheet is where the real one stands.

use std::fmt::Write as _;
use std::io::{Cursor, Read, Write as _};

use calamine::{Cell, DataRef, ExcelDateTimeType, Style, Xlsx, XlsxError};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::xml::spoilt;
use crate::source::refused;
use crate::{Bytes, Format, Refused, archive};

/// Styles that are heeded; a workbook has no more, in any program that writes them.
const STYLES_MAX: usize = 1 << 16;
/// The last part of the names of what is given to the library as it is.
const KEPT: [&str; 3] = [".rels", "styles.xml", "theme1.xml"];

/// The workbook that the library is given.
type Outline = Xlsx<Cursor<Vec<u8>>>;

/// A workbook of Excel.
pub(super) struct Book {
    pub outline: Outline,
    looks: Option<Looks>,
}

/// How the numbers of each style are shown.
pub(super) struct Looks {
    styles: Vec<(String, Option<ExcelDateTimeType>)>,
    pub is_1904: bool,
}

/// Where a sheet stands in its archive, and the words that its cells share.
pub(super) struct Place {
    pub sheet: usize,
    pub words: Option<usize>,
}

impl Book {
    pub fn open<S: Bytes>(archive: &mut ZipArchive<S>) -> Result<Self, Refused> {
        Ok(Self { outline: outline(archive, None)?, looks: None })
    }

    /// Where a sheet stands.
    pub fn place(&mut self, name: &str) -> Result<Place, Refused> {
        let mut cells = self.outline.worksheet_cells_reader(name).map_err(spoilt)?;
        let sheet = match shown(cells.next_cell()) {
            Some(DataRef::Float(place)) => place as usize,
            _ => return Err(spoilt(())),
        };
        let words = match shown(cells.next_cell()) {
            Some(DataRef::SharedString(place)) => place.parse().ok(),
            _ => None,
        };
        Ok(Place { sheet, words })
    }

    /// How its numbers are shown, which is the same in every sheet.
    pub fn looks<S: Bytes>(
        &mut self,
        archive: &mut ZipArchive<S>,
        (name, place): (&str, &Place),
    ) -> Result<&Looks, Refused> {
        let looks = match self.looks.take() {
            Some(looks) => looks,
            None => Looks::of(archive, &mut self.outline, (name, place))?,
        };
        Ok(self.looks.insert(looks))
    }
}

impl Looks {
    fn of<S: Bytes>(
        archive: &mut ZipArchive<S>,
        outline: &mut Outline,
        (name, place): (&str, &Place),
    ) -> Result<Self, Refused> {
        let cells = outline.worksheet_cells_reader(name).map_err(spoilt)?;
        let codes: Vec<String> = cells.styles().iter().take(STYLES_MAX).map(code_of).collect();
        drop(cells);
        let mut styled = self::outline(archive, Some((place.sheet, codes.len())))?;
        let is_1904 = styled.has_1904_epoch();
        let mut cells = styled.worksheet_cells_reader(name).map_err(spoilt)?;
        // The first is its place.
        cells.next_cell().map_err(spoilt)?;
        let styles = codes.into_iter().map(|code| {
            let day = match shown(cells.next_cell()) {
                Some(DataRef::DateTime(day)) if day.is_duration() => {
                    Some(ExcelDateTimeType::TimeDelta)
                }
                Some(DataRef::DateTime(_)) => Some(ExcelDateTimeType::DateTime),
                _ => None,
            };
            (code, day)
        });
        Ok(Self { styles: styles.collect(), is_1904 })
    }

    /// The code by which numbers of a style are shown.
    pub fn code(&self, style: usize) -> &str {
        self.styles.get(style).map_or("", |(code, _)| code)
    }

    /// What a number of a style is, where it is a day or a time.
    pub fn day(&self, style: usize) -> Option<ExcelDateTimeType> {
        self.styles.get(style).and_then(|(_, day)| *day)
    }
}

fn code_of(style: &Style) -> String {
    style.number_format.as_ref().map(|format| format.format_code.clone()).unwrap_or_default()
}

/// What a cell holds; nothing where there is none that makes sense.
fn shown<'c>(told: Result<Option<Cell<DataRef<'c>>>, XlsxError>) -> Option<DataRef<'c>> {
    Some(told.ok()??.get_value().clone())
}

/// The same parts, with sheets that hold their place and, the one that is named, a one in each of
/// so many styles.
fn outline<S: Bytes>(
    archive: &mut ZipArchive<S>,
    styled: Option<(usize, usize)>,
) -> Result<Outline, Refused> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for place in 0..archive.len() {
        let mut file = archive.by_index(place).map_err(archive::spoilt)?;
        if file.is_dir() {
            continue;
        }
        let name = file.name().map_err(archive::spoilt)?.into_owned();
        let plain = name.replace('\\', "/").to_ascii_lowercase();
        let last = plain.rsplit('/').next().unwrap_or_default();
        let mut content = Vec::new();
        if KEPT.contains(&last) || last.starts_with("workbook") {
            file.read_to_end(&mut content).map_err(|cause| refused(&cause))?;
        } else if last == "sharedstrings.xml" {
            content = format!("<sst><si><t>{place}</t></si></sst>").into_bytes();
        } else {
            let count = styled.filter(|(sheet, _)| *sheet == place).map_or(0, |(_, count)| count);
            content = stub(place, count).into_bytes();
        }
        out.start_file(name, options).map_err(archive::spoilt)?;
        out.write_all(&content).map_err(|cause| refused(&cause))?;
    }
    super::open(out.finish().map_err(archive::spoilt)?, Format::Xlsx)
}

/// A sheet that holds its place, a one in each style, and the first word that cells share.
fn stub(place: usize, styles: usize) -> String {
    let mut cells = format!("<c><v>{place}</v></c>");
    for style in 0..styles {
        // Writing to a text cannot fail.
        let _ = write!(cells, "<c s=\"{style}\"><v>1</v></c>");
    }
    format!(
        "<worksheet><sheetData><row>{cells}<c t=\"s\"><v>0</v></c></row></sheetData></worksheet>"
    )
}
