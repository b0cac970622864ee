//! A CSV file as a list to be linked: the ids of its rows, and the cells they are compared by.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use linkage::link::{FIELDS_MAX, Field, Kind, Table};

use crate::commands::told;
use crate::imports::{ImportRefusal, cells, text};
use crate::values::Error;

/// Every kind of column, by its name on the command line.
pub const KINDS: [(&str, Kind); 13] = [
    ("company-name", Kind::CompanyName),
    ("person-name", Kind::PersonName),
    ("text", Kind::Text),
    ("address", Kind::Address),
    ("city", Kind::City),
    ("postcode", Kind::Postcode),
    ("phone", Kind::Phone),
    ("email", Kind::Email),
    ("domain", Kind::Domain),
    ("tax-id", Kind::TaxId),
    ("date", Kind::Date),
    ("number", Kind::Number),
    ("category", Kind::Category),
];
/// Bytes of a cell; what is longer is no value, most often the rest of a file behind an open quote.
const CELL_MAX: usize = 100_000;
/// Rows or columns that are told one by one.
const TOLD_MAX: usize = 40;

/// What is to be read of a file.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The column that names a row.
    pub id: String,
    /// The columns to compare by.
    pub fields: Vec<Field>,
    /// What parts the cells; guessed where it is not said.
    pub delimiter: Option<char>,
    /// The encoding; guessed where it is not said.
    pub encoding: Option<String>,
}

/// A file that was read.
#[derive(Debug)]
pub struct List {
    /// What the list is called in answers.
    pub source: String,
    /// The id of each row.
    pub ids: Vec<String>,
    /// The cells to compare by.
    pub table: Table,
}

/// Reads `COL:KIND` as often as it is given.
pub fn fields(given: &[String]) -> Result<Vec<Field>, String> {
    let mut fields: Vec<Field> = Vec::new();
    for text in given {
        let (name, word) = text.rsplit_once(':').unwrap_or((text, ""));
        let known = || KINDS.map(|(word, _)| word).join(", ");
        let found = KINDS.iter().find(|(known, _)| *known == word.trim());
        let Some((_, kind)) = found else {
            return Err(format!("--field {text:?}: {word:?} is no kind; known: {}", known()));
        };
        let field = Field { name: name.trim().to_owned(), kind: *kind };
        if field.name.is_empty() {
            return Err(format!("--field {text:?}: no column is named; write COL:KIND"));
        }
        if fields.contains(&field) {
            return Err(format!("--field {text:?} is given twice"));
        }
        fields.push(field);
    }
    if fields.len() > FIELDS_MAX {
        return Err(format!("rows are compared by at most {FIELDS_MAX} columns; name fewer"));
    }
    Ok(fields)
}

/// The rows of a CSV file, its heading first, and what parts its cells, as imports read them.
pub struct Rows {
    text: String,
    delimiter: char,
}

impl Rows {
    /// Opens a file.
    pub fn open(
        path: &Path,
        delimiter: Option<char>,
        encoding: Option<&str>,
    ) -> Result<Self, String> {
        let wrong = |problem: String| format!("{}: {problem}", path.display());
        let bytes = std::fs::read(path).map_err(|cause| wrong(cause.to_string()))?;
        let refused = |refusal: ImportRefusal| match refusal {
            ImportRefusal::File(intake::Refused::NotText) => {
                wrong("is no text; lists are linked from CSV: in Excel, save it as CSV".to_owned())
            }
            other => wrong(told(Error::from(other))),
        };
        let found = text::encoding_of(&bytes).map_err(refused)?.name();
        let encoding = encoding.unwrap_or(found);
        let text = text::decode(&bytes, encoding)
            .map_err(|_| wrong(format!("--encoding: {encoding:?} is not known")))?;
        let delimiter = delimiter.unwrap_or_else(|| text::delimiter_of(&text));
        Ok(Self { text, delimiter })
    }

    /// Its rows, from the heading on, each with its place in the file counted in rows from one.
    pub fn all(&self) -> impl Iterator<Item = (usize, Vec<String>)> + '_ {
        (1..).zip(cells::rows(&self.text, self.delimiter))
    }
}

/// Finds a column by its heading, letters large or small.
pub fn place(path: &Path, headings: &[String], name: &str) -> Result<usize, String> {
    let wanted = name.trim();
    let exact = |heading: &&String| heading.trim() == wanted;
    let alike = |heading: &&String| heading.trim().to_lowercase() == wanted.to_lowercase();
    let count = headings.iter().filter(exact).count();
    if count > 1 {
        return Err(format!("{}: {count} columns are called {wanted:?}", path.display()));
    }
    let found = headings.iter().position(|heading| exact(&heading));
    found.or_else(|| headings.iter().position(|heading| alike(&heading))).ok_or_else(|| {
        let there: Vec<&str> =
            headings.iter().take(TOLD_MAX).map(|heading| heading.trim()).collect();
        let there = there.join(", ");
        format!("{}: there is no column {wanted:?}; there are: {there}", path.display())
    })
}

impl List {
    /// Reads a file.
    pub fn read(path: &Path, chosen: &Chosen) -> Result<Self, String> {
        let rows = Rows::open(path, chosen.delimiter, chosen.encoding.as_deref())?;
        let mut rows = rows.all();
        let Some((_, headings)) = rows.next() else {
            return Err(format!("{}: the file is empty", path.display()));
        };
        let id = place(path, &headings, &chosen.id)?;
        let mut places = Vec::new();
        for field in &chosen.fields {
            places.push(place(path, &headings, &field.name)?);
        }
        let source = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut list = Self { source, ids: Vec::new(), table: Table::default() };
        let mut uneven = None;
        for (line, row) in rows {
            let is_wide = row.iter().skip(headings.len()).any(|cell| !cell.trim().is_empty());
            uneven = uneven.or(is_wide.then_some(line));
            for at in std::iter::once(&id).chain(&places) {
                let Some(cell) = row.get(*at).filter(|cell| cell.len() > CELL_MAX) else {
                    continue;
                };
                let (heading, bytes) = (headings[*at].trim(), cell.len());
                return Err(format!(
                    "{}: row {line}, column {heading:?}: the cell has {bytes} bytes, at most \
                     {CELL_MAX} are read; a quote may be open",
                    path.display()
                ));
            }
            list.take(&row, id, &places);
        }
        if let Some(line) = uneven {
            eprintln!(
                "troika: {}: row {line} has more cells than there are headings; \
                 a delimiter may stand in a cell without quotes",
                path.display()
            );
        }
        list.checked(path, headings[id].trim())
    }

    /// Takes a row in. Its id may be compared as well, and a column in two ways.
    fn take(&mut self, row: &[String], id: usize, places: &[usize]) {
        let cell = |place: usize| row.get(place).map_or("", |cell| cell.trim());
        self.table.extend(places.iter().map(|place| cell(*place)));
        self.ids.push(cell(id).to_owned());
    }

    /// Every row has an id of its own.
    fn checked(self, path: &Path, column: &str) -> Result<Self, String> {
        let path = path.display();
        if self.ids.is_empty() {
            return Err(format!("{path}: the file is a heading alone: it has no rows"));
        }
        let mut lines: HashMap<&str, usize> = HashMap::with_capacity(self.ids.len());
        for (line, id) in (2..).zip(&self.ids) {
            if id.is_empty() {
                return Err(format!("{path}: row {line} has no id: column {column:?} is empty"));
            }
            if let Some(first) = lines.insert(id, line) {
                return Err(format!(
                    "{path}: rows {first} and {line} have the same id {id:?} in column {column:?}"
                ));
            }
        }
        Ok(self)
    }
}

/// Two files of one name in two folders are told apart by their whole paths.
pub fn tell_apart(lists: &mut [List], files: &[PathBuf]) {
    if lists.len() == 2 && lists[0].source == lists[1].source {
        for (list, file) in lists.iter_mut().zip(files) {
            list.source = file.display().to_string();
        }
    }
}
