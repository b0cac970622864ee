//! The report as a workbook. Every cell is written as text, so that no spreadsheet takes one for a
//! formula.

use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::{Document, Sheet};
use crate::values::*;

/// The most characters that a cell holds.
const CELL_CHARS_MAX: usize = 32_767;

pub(super) fn write(document: &Document) -> Outcome<Vec<u8>> {
    written(document).map_err(Error::failure)
}

fn written(document: &Document) -> Result<Vec<u8>, XlsxError> {
    let bold = Format::new().set_bold();
    let mut book = Workbook::new();
    let first = book.add_worksheet();
    first.set_name(named(&document.summary))?;
    first.set_column_width(0, 44)?.set_column_width(1, 24)?;
    first.write_string_with_format(0, 0, &document.title, &bold)?;
    first.write_string(1, 0, &document.made)?;
    for (row, (what, how_much)) in (3..).zip(&document.figures) {
        first.write_string(row, 0, what)?.write_string(row, 1, how_much)?;
    }
    let below = u32::try_from(document.figures.len()).unwrap_or(0) + 4;
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    first.merge_range(below, 0, below, 1, &document.legend, &wrapped)?;
    first.set_row_height(below, 96)?;
    for part in &document.parts {
        fill(book.add_worksheet(), part, &bold)?;
    }
    book.save_to_buffer()
}

fn fill(sheet: &mut Worksheet, part: &Sheet, bold: &Format) -> Result<(), XlsxError> {
    sheet.set_name(named(&part.title))?;
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (column, (heading, width)) in (0..).zip(&part.columns) {
        sheet.set_column_width(column, *width)?;
        sheet.write_string_with_format(0, column, heading, bold)?;
    }
    for (row, cells) in (1..).zip(&part.rows) {
        for (column, text) in (0..).zip(cells).filter(|(_, text)| !text.is_empty()) {
            let text: String = text.chars().take(CELL_CHARS_MAX).collect();
            sheet.write_string_with_format(row, column, text, &wrapped)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// A name that a sheet may have: short, and without what separates places of a workbook.
fn named(title: &str) -> String {
    let kept = title.chars().filter(|c| !"[]:*?/\\'".contains(*c));
    kept.take(31).collect()
}
