//! The cells of a row: what they mean, what is tidied away, and what makes a whole row unusable.

use linkage::cells as damaged;

use super::cells::unguard;
use super::columns::Meaning;
use super::reading::shorten;
use super::unsaid::is_unsaid;
use crate::companies::alike::Remark;
use crate::values::Country;

/// The longest cell a spreadsheet can hold; a longer one is a broken file.
pub(super) const CELL_MAX: usize = 32_767;
/// The longest value quoted in a remark.
const QUOTED_MAX: usize = 60;
/// The name under which a remark holds its column, counted from 1.
pub const COLUMN: &str = "column";

/// How the rows of a file are read.
#[derive(Debug, Clone)]
pub struct Shape {
    /// What each column means.
    pub meanings: Vec<Meaning>,
    /// The heading of each column; empty where the file has none.
    pub header: Vec<String>,
    /// What each heading says by its words.
    pub called: Vec<Meaning>,
    /// The firm's country, whose numbers are understood without its code.
    pub country: Country,
}

/// Where the keys of a row stand, by which it is told whose it is.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// The column of its tax number.
    pub tax_id: Option<usize>,
    /// Its telephones in E.164, each with its column.
    pub phones: Vec<(String, usize)>,
}

impl Columns {
    /// A remark with the column of the key it speaks of.
    pub fn placed(&self, remark: Remark) -> Remark {
        let column = match remark.code.as_str() {
            "same_tax_id" | "same_repaired_tax_id" | "row-ids-collide" => self.tax_id,
            "shared_phone" | "row-phone-of-other" => {
                let phone = remark.args.get("phone");
                self.phones.iter().find(|(e164, _)| Some(e164) == phone).map(|(_, column)| *column)
            }
            _ => None,
        };
        match column {
            Some(column) => in_column(remark, column),
            None => remark,
        }
    }
}

/// The cells of a row with what they mean.
pub(super) struct Row<'a> {
    pub cells: &'a [String],
    pub shape: &'a Shape,
}

impl Row<'_> {
    /// Every cell of a meaning that holds something, with its column. Its lines are kept apart.
    pub fn cells(&self, meaning: Meaning) -> Vec<(usize, String)> {
        let meanings = self.shape.meanings.iter().enumerate();
        meanings
            .filter(|(_, found)| **found == meaning)
            .filter_map(|(column, _)| Some((column, tidy(self.cells.get(column)?)?)))
            .collect()
    }

    /// The texts alone.
    pub fn all(&self, meaning: Meaning) -> Vec<String> {
        self.cells(meaning).into_iter().map(|(_, cell)| cell).collect()
    }

    /// The first, on one line.
    pub fn one(&self, meaning: Meaning) -> Option<String> {
        self.all(meaning).into_iter().next().map(|text| text.replace('\n', " "))
    }

    /// The name of a person that stands in parts, in their order.
    pub fn name_in_parts(&self) -> Option<String> {
        let mut parts = self.cells(Meaning::Surname);
        parts.extend(self.cells(Meaning::GivenName));
        parts.sort_unstable();
        let words: Vec<&str> = parts.iter().flat_map(|(_, part)| part.split('\n')).collect();
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// A remark with the column that has the meaning.
    pub fn placed(&self, meaning: Meaning, remark: Remark) -> Remark {
        match self.column(meaning) {
            Some(column) => in_column(remark, column),
            None => remark,
        }
    }

    /// The column that has the meaning.
    pub fn column(&self, meaning: Meaning) -> Option<usize> {
        self.shape.meanings.iter().position(|found| *found == meaning)
    }

    /// The heading of a meaning's column.
    pub fn heading(&self, meaning: Meaning) -> Option<String> {
        let column = self.column(meaning)?;
        let heading = self.shape.header.get(column)?;
        let bare = heading.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_' || c == ' ');
        (!bare.is_empty()).then(|| bare.to_owned())
    }
}

/// A remark about what stands in a column.
pub(super) fn in_column(remark: Remark, column: usize) -> Remark {
    remark.with(COLUMN, (column + 1).to_string())
}

/// A cell without blanks around and within, its lines kept apart; `None` when it says nothing.
fn tidy(cell: &str) -> Option<String> {
    // Address books part several values of a cell so.
    let text = unguard(cell).replace(" ::: ", "; ");
    let is_blank = |c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}';
    let lines = text.split(['\n', '\r']).map(|line| {
        let words: Vec<&str> = line.split(is_blank).filter(|word| !word.is_empty()).collect();
        words.join(" ")
    });
    let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
    let text = lines.join("\n");
    let is_nothing =
        is_unsaid(&text) || damaged::damage(&text) == Some(damaged::Damage::FormulaError);
    (!is_nothing).then_some(text)
}

/// What makes a whole row unusable before its cells are read.
pub(super) fn fault_of_row(cells: &[String], shape: &Shape) -> Option<Remark> {
    if cells.iter().all(|cell| cell.trim().is_empty()) {
        return Some(Remark::new("row-empty"));
    }
    if let Some(column) = cells.iter().position(|cell| cell.len() > CELL_MAX) {
        return Some(in_column(Remark::about("cell-too-long", quoted(&cells[column])), column));
    }
    if let Some(column) = cells.iter().position(|cell| cell.contains('\u{fffd}')) {
        return Some(in_column(Remark::new("row-unreadable"), column));
    }
    if is_heading(cells, &shape.header) {
        return Some(Remark::new("row-is-heading"));
    }
    let width = shape.meanings.len();
    let is_wide = cells.iter().skip(width).any(|cell| !cell.trim().is_empty());
    is_wide.then(|| {
        let found = cells.len().to_string();
        let remark = Remark::new("cells-too-many").with("found", found);
        in_column(remark.with("wanted", width.to_string()), width)
    })
}

/// True for the heading once more, as in lists that were put together of several.
fn is_heading(cells: &[String], header: &[String]) -> bool {
    let mut said = header.iter().zip(cells).filter(|(head, _)| !head.trim().is_empty()).peekable();
    // One word may be a value as well.
    header.len() > 1
        && header.len() <= cells.len()
        && said.peek().is_some()
        && said.all(|(head, cell)| shorten(cell) == head.trim())
}

/// As much of a value as fits into a sentence.
pub(super) fn quoted(text: &str) -> String {
    let mut short: String = text.trim().chars().take(QUOTED_MAX).collect();
    if text.trim().chars().count() > QUOTED_MAX {
        short.push('…');
    }
    short
}
