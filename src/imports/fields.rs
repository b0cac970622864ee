//! Lists in which a row is one field of a company – whose, what it is called, what it says – as
//! rows of companies. What stands left of the field's name says whose it is; rows under the same
//! are one company, wherever they stand, and what stands right of the name is the value.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use intake::Record;

use super::columns::{self, Meaning};

/// Rows by which it is told whether the others are worth a look.
const LOOKED_MAX: usize = 20_000;
/// Columns that are followed behind these rows: whose the rows are is kept for each.
const FOLLOWED_MAX: usize = 8;
/// Different words of a column that names fields, at most.
const NAMES_MAX: usize = 200;
/// Fields of one company; more begin another row, so that none grows without a bound.
const FIELDS_MAX: usize = 1_000;
/// Companies of which more is to come, held at once; of more the oldest go out as they are, and
/// what comes of them later is another row.
const HELD_MAX: usize = 50_000;
/// Bytes of them held at once: a value may have megabytes.
const HELD_BYTES_MAX: usize = if cfg!(test) { 1 << 20 } else { 256 << 20 };
/// Of a hundred rows so many must hold a field that is known by its name.
const KNOWN_MIN: usize = 40;

/// How a list of fields is laid out.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    /// The column that names the field.
    column: usize,
    /// Where each field goes.
    places: HashMap<String, usize>,
    width: usize,
}

/// Finds the column that names fields, where a list has one: its words are names of columns, of
/// more than one meaning, and there are fewer companies than rows.
pub(super) fn found(rows: &[Vec<String>]) -> Option<usize> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    (1..width.saturating_sub(1)).find(|column| is_named_by(rows, *column))
}

fn is_named_by(rows: &[Vec<String>], column: usize) -> bool {
    let names = rows.iter().map(|row| row.get(column).map_or("", |cell| cell.trim()));
    let meanings: Vec<Meaning> = names.map(columns::of_heading).collect();
    let known = meanings.iter().filter(|meaning| **meaning != Meaning::Ignore).count();
    let kinds: BTreeSet<&Meaning> = meanings.iter().collect();
    let of_whom = |row: &Vec<String>| row.get(..column).unwrap_or_default().to_vec();
    let companies: BTreeSet<Vec<String>> = rows.iter().map(of_whom).collect();
    is_list_of_fields(&kinds, known, (companies.len(), rows.len()))
}

/// The same by all rows of a list, `width` columns wide: field by field the first rows hold one
/// field alone. A column of very many words, or of none that is known, is put aside soon.
pub(super) fn found_in(rows: impl Iterator<Item = Vec<String>>, width: usize) -> Option<usize> {
    let mut columns: Vec<Evidence> = (1..width.saturating_sub(1)).map(Evidence::of).collect();
    let mut count = 0;
    for row in rows {
        count += 1;
        columns.retain_mut(|column| column.take(&row));
        if count == LOOKED_MAX {
            columns.retain(|column| column.known > 0);
            columns.truncate(FOLLOWED_MAX);
        }
        if columns.is_empty() {
            return None;
        }
    }
    columns.into_iter().find(|column| column.is_named_by(count)).map(|column| column.column)
}

/// What speaks for a column to name fields.
struct Evidence {
    column: usize,
    /// What its words mean as headings.
    words: HashMap<String, Meaning>,
    /// Rows whose word is a heading.
    known: usize,
    /// Whose the rows are, by digest.
    companies: HashSet<u64>,
}

impl Evidence {
    fn of(column: usize) -> Self {
        Self { column, words: HashMap::new(), known: 0, companies: HashSet::new() }
    }

    /// Looks at one more row; false where the column has more words than a list has fields.
    fn take(&mut self, row: &[String]) -> bool {
        let name = row.get(self.column).map_or("", |cell| cell.trim());
        let meaning = self.words.get(name).copied().unwrap_or_else(|| {
            let meaning = columns::of_heading(name);
            self.words.insert(name.to_owned(), meaning);
            meaning
        });
        self.known += usize::from(meaning != Meaning::Ignore);
        self.companies.insert(digest(row.get(..self.column).unwrap_or_default()));
        self.words.len() <= NAMES_MAX
    }

    fn is_named_by(&self, rows: usize) -> bool {
        let kinds: BTreeSet<&Meaning> = self.words.values().collect();
        is_list_of_fields(&kinds, self.known, (self.companies.len(), rows))
    }
}

/// True where so many rows of so many companies hold a field that is known by its name.
fn is_list_of_fields(
    kinds: &BTreeSet<&Meaning>,
    known: usize,
    (companies, rows): (usize, usize),
) -> bool {
    let is_one_kind = kinds.iter().filter(|meaning| ***meaning != Meaning::Ignore).count() < 2;
    !is_one_kind && known * 100 >= rows * KNOWN_MIN && companies * 10 <= rows * 7
}

/// The headings of the companies' rows: those left of the field's name, then the fields as they
/// come.
pub(super) fn headings(
    header: &[String],
    column: usize,
    records: impl Iterator<Item = Record>,
    most: usize,
) -> Vec<String> {
    let mut all: Vec<String> =
        (0..column).map(|place| header.get(place).cloned().unwrap_or_default()).collect();
    let mut seen = BTreeSet::new();
    for record in records {
        let name = record.cells.get(column).map(|cell| super::reading::shorten(cell));
        if let Some(name) = name.filter(|name| !name.is_empty() && !seen.contains(name))
            && all.len() < most
        {
            seen.insert(name.clone());
            all.push(name);
        }
    }
    all
}

impl Fields {
    /// The fields of a list with these headings.
    pub fn of(column: usize, headings: &[String]) -> Self {
        let named = headings.iter().enumerate().skip(column);
        let places = named.map(|(place, name)| (name.clone(), place)).collect();
        Self { column, places, width: headings.len() }
    }

    /// How many rows each company of a list has, by the digest of whose they are.
    pub fn census(&self, records: impl Iterator<Item = Record>) -> HashMap<u64, u32> {
        let mut counts = HashMap::new();
        for record in records {
            *counts.entry(digest(&self.whose(&record))).or_default() += 1;
        }
        counts
    }

    /// Rows of fields as rows of companies, each with the line of its first, in the order of their
    /// last. `counts` is the census of the same rows.
    pub fn fold(
        self,
        mut counts: HashMap<u64, u32>,
        mut rows: impl Iterator<Item = (i64, Record)>,
    ) -> impl Iterator<Item = (i64, Record)> {
        let mut held: HashMap<Vec<String>, Held> = HashMap::new();
        let mut order: VecDeque<(i64, Vec<String>)> = VecDeque::new();
        let mut held_bytes = 0;
        std::iter::from_fn(move || {
            loop {
                while order.front().is_some_and(|(line, whose)| {
                    held.get(whose).is_none_or(|held| held.line != *line)
                }) {
                    order.pop_front();
                }
                let is_full = held.len() > HELD_MAX || held_bytes > HELD_BYTES_MAX;
                let next = if is_full { None } else { rows.next() };
                let Some((line, record)) = next else {
                    let (_, oldest) = order.pop_front()?;
                    let oldest = held.remove(&oldest)?;
                    held_bytes -= oldest.bytes;
                    return Some(oldest.row());
                };
                let whose = self.whose(&record);
                let count = counts.entry(digest(&whose)).or_default();
                *count = count.saturating_sub(1);
                let is_last = *count == 0;
                let one = held.entry(whose.clone()).or_insert_with(|| {
                    order.push_back((line, whose.clone()));
                    Held::begin(line, &record, (self.column, self.width))
                });
                self.put(&mut one.record.cells, &record);
                one.record.damage.extend(record.damage.iter().filter(|_| one.fields > 0));
                one.fields += 1;
                let bytes: usize = record.cells.iter().map(String::len).sum();
                one.bytes += bytes;
                held_bytes += bytes;
                if is_last || one.fields >= FIELDS_MAX {
                    let whole = held.remove(&whose)?;
                    held_bytes -= whole.bytes;
                    return Some(whole.row());
                }
            }
        })
    }

    /// Whose a record is.
    fn whose(&self, record: &Record) -> Vec<String> {
        let cell = |place| record.cells.get(place).map_or("", |cell: &String| cell.trim());
        (0..self.column).map(|place| cell(place).to_owned()).collect()
    }

    /// Puts a field where it belongs; one that no column is for goes behind them, where it is told.
    fn put(&self, cells: &mut Vec<String>, record: &Record) {
        let name = record.cells.get(self.column).map(|cell| super::reading::shorten(cell));
        let behind = record.cells.iter().skip(self.column + 1).map(|cell| cell.trim());
        let value = behind.filter(|cell| !cell.is_empty()).collect::<Vec<&str>>().join(" ");
        let name = name.unwrap_or_default();
        if value.is_empty() {
            return;
        }
        match self.places.get(&name) {
            Some(place) if cells[*place].is_empty() => cells[*place] = value,
            Some(place) => {
                cells[*place].push_str("; ");
                cells[*place].push_str(&value);
            }
            None => cells.push(format!("{name}: {value}")),
        }
    }
}

/// A company of which more is to come.
struct Held {
    line: i64,
    record: Record,
    fields: usize,
    bytes: usize,
}

impl Held {
    fn begin(line: i64, first: &Record, (column, width): (usize, usize)) -> Self {
        let mut cells: Vec<String> = first.cells.iter().take(column).cloned().collect();
        cells.resize(width, String::new());
        Self { line, record: Record { cells, ..first.clone() }, fields: 0, bytes: 0 }
    }

    fn row(self) -> (i64, Record) {
        (self.line, self.record)
    }
}

fn digest(whose: &[String]) -> u64 {
    let mut hasher = DefaultHasher::new();
    whose.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        text.lines().map(|line| line.split(';').map(str::to_owned).collect()).collect()
    }

    const FIELDS: &str = "1;Лён;Телефон;8 495 963-76-77\n1;Лён;Телефон;8 495 963-76-78;склад\n\
                          1;Лён;Адрес;Тверь\n2;Шёлк;Адрес;Омск\n2;Шёлк;Телефон;8 495 963-76-79";

    #[test]
    fn a_list_of_fields_is_told_from_a_table() {
        assert_eq!(found(&rows(FIELDS)), Some(2));
        for table in [
            "1;Лён;8 495 963-76-77\n2;Шёлк;8 495 963-76-78",
            "Лён;моб;8 495 963-76-77\nЛён;факс;8 495 963-76-78\nШёлк;тел;8 495 963-76-79",
            "a;b",
            "",
        ] {
            assert_eq!(found(&rows(table)), None, "{table}");
        }
    }

    #[test]
    fn a_list_field_by_field_is_told_by_rows_however_far_below() {
        let of = |field: &'static str| {
            (0..LOOKED_MAX + 9).map(move |n| ["", field, "x"].map(|cell| format!("{cell}{n}")))
        };
        let row = |field: &str, [id, _, value]: [String; 3]| vec![id, field.to_owned(), value];
        let (names, phones) = (of("Название"), of("Телефон"));
        let all = || {
            names
                .clone()
                .map(|cells| row("Название", cells))
                .chain(phones.clone().map(|cells| row("Телефон", cells)))
        };
        let first: Vec<Vec<String>> = all().take(212).collect();
        assert_eq!(found(&first), None, "of the first rows nobody can tell");
        assert_eq!(found_in(all(), 3), Some(1));
        let records = all().map(|cells| Record { cells, ..Record::default() });
        assert_eq!(headings(&[], 1, records, 200), ["", "Название", "Телефон"]);
        // A table of as many companies as rows, and one whose column is a name of each.
        let table = || names.clone().map(|cells| row("Телефон", cells));
        assert_eq!(found_in(table(), 3), None);
        assert_eq!(found_in(names.clone().map(|cells| cells.to_vec()), 3), None);
    }

    #[test]
    fn of_many_columns_that_may_name_fields_the_first_few_are_followed() {
        let named_behind = |dull: usize| {
            let row = |n: usize| {
                let mut cells = vec![(n / 2).to_string()];
                cells.extend(vec!["Телефон".to_owned(); dull]);
                cells.extend([["Название", "Телефон"][n % 2], "x"].map(str::to_owned));
                cells
            };
            found_in((0..LOOKED_MAX + 9).map(row), dull + 3)
        };
        assert_eq!(named_behind(FOLLOWED_MAX - 1), Some(FOLLOWED_MAX));
        assert_eq!(named_behind(FOLLOWED_MAX), None);
    }

    #[test]
    fn of_more_than_can_be_held_the_oldest_go_out_and_none_is_lost() {
        let long = "x".repeat(HELD_BYTES_MAX / 2);
        let text = format!(
            "1;Лён;Адрес;{long}\n2;Шёлк;Адрес;{long}\n2;Шёлк;Город;Омск\n1;Лён;Город;Тверь"
        );
        let records = || rows(&text).into_iter().map(|cells| Record { cells, ..Record::default() });
        let headings = ["", "", "Адрес", "Город"].map(str::to_owned);
        let fields = Fields::of(2, &headings);
        let counts = fields.census(records());
        let folded = fields.fold(counts, (1..).zip(records()));
        let told: Vec<(i64, [usize; 2])> = folded
            .map(|(line, record)| (line, [2, 3].map(|place| record.cells[place].len())))
            .collect();
        let (town, other) = ("Омск".len(), "Тверь".len());
        assert_eq!(told, [(1, [long.len(), 0]), (2, [long.len(), town]), (4, [0, other])]);
    }

    #[test]
    fn fields_become_one_row_of_their_company_and_none_is_lost() {
        let records = || {
            let cells = rows(&format!("{FIELDS}\n2;Шёлк;Цвет;алый\n3;Вата;;")).into_iter();
            (1_i64..).zip(cells).map(|(line, cells)| (line, Record { cells, ..Record::default() }))
        };
        let first = records().take(5).map(|(_, record)| record);
        let headings = headings(&[], 2, first, 200);
        assert_eq!(headings, ["", "", "Телефон", "Адрес"]);
        let folded = |rows: Vec<(i64, Record)>| -> Vec<(i64, String)> {
            let fields = Fields::of(2, &headings);
            let counts = fields.census(rows.iter().map(|(_, record)| record.clone()));
            let folded = fields.fold(counts, rows.into_iter());
            folded.map(|(line, record)| (line, record.cells.join("|"))).collect()
        };
        let expected = [
            (1, "1|Лён|8 495 963-76-77; 8 495 963-76-78 склад|Тверь"),
            (4, "2|Шёлк|8 495 963-76-79|Омск|Цвет: алый"),
            (7, "3|Вата||"),
        ];
        let expected = expected.map(|(line, row)| (line, row.to_owned()));
        assert_eq!(folded(records().collect()), expected);
        // Field by field: all of one name, then all of the next.
        let apart: Vec<(i64, Record)> = [1, 4, 7, 2, 5, 3, 6]
            .into_iter()
            .filter_map(|line| records().find(|(at, _)| *at == line))
            .collect();
        let mut rows = folded(apart);
        rows.sort();
        assert_eq!(rows.len(), 3, "{rows:?}");
        assert_eq!(rows[0].1, "1|Лён|8 495 963-76-77; 8 495 963-76-78 склад|Тверь");
        assert_eq!(rows[1].1, "2|Шёлк|8 495 963-76-79|Омск|Цвет: алый");
    }
}
