//! The cells of all tables in an order that their contents alone decide, read column by column.
//!
//! Rows whose names have their longest word in common stand together: what is compared is mostly
//! such rows, and a processor finds near what it has just looked at.

use super::dictionary::Dictionary;
use super::firm::company;
use super::parts::{Column, Hash64, Map, hash};
use super::read::{Readings, domains, latin_words, read};
use super::threads::shared;
use super::{Field, Kind, Lesson, Table};
use smallvec::SmallVec;
use std::hash::Hasher;

/// Tables and lessons with their rows in order.
#[derive(Debug)]
pub(super) struct Source<'a> {
    fields: &'a [Field],
    /// The cells of [`ROWS`] rows each, field after field, since fields are read one by one: those
    /// of tables, table by table, and behind them those of lessons, two by two.
    pieces: Vec<Table>,
    /// Rows of tables and lessons.
    rows: usize,
    /// The number that each row of a table had when it came in.
    pub origin: Vec<u32>,
}

/// Rows that are worked on in one go; few enough that a processor holds their cells.
const ROWS: usize = 1_024;

/// Different cells after which it is told whether cells come again.
const FEW: usize = 2_000;

/// The field by which rows are put together: names first, and of a person the last of them.
fn landmarks(fields: &[Field]) -> usize {
    let last = |kind: Kind| fields.iter().rposition(|field| field.kind == kind);
    [Kind::CompanyName, Kind::PersonName, Kind::Text].into_iter().find_map(last).unwrap_or(0)
}

/// A number for the longest word of a cell, letters large or small.
fn landmark(cell: &str) -> u64 {
    let is_letter = |letter: char| match letter {
        '\0'..='\u{7f}' => letter.is_ascii_alphanumeric(),
        'А'..='я' => true,
        '«' | '»' | '№' => false,
        _ => letter.is_alphanumeric(),
    };
    let words = cell.split(|letter: char| !is_letter(letter));
    let word = words.max_by_key(|word| word.len()).unwrap_or("");
    let small = |letter: char| match letter {
        'А'..='Я' => u32::from(letter) + 0x20,
        _ => u32::from(letter.to_ascii_lowercase()),
    };
    if !word.is_ascii() {
        let mut hasher = Hash64::default();
        word.chars().for_each(|letter| hasher.write_u32(small(letter)));
        return hasher.finish();
    }
    let word: SmallVec<[u8; 64]> = word.bytes().map(|byte| byte.to_ascii_lowercase()).collect();
    hash(0, &word)
}

/// The rows of a table in order.
fn canonical(fields: &[Field], table: &Table, threads: usize) -> Vec<u32> {
    let (count, by) = (fields.len(), landmarks(fields));
    let rows = table.rows(count);
    let places = shared(threads, rows.div_ceil(ROWS), |at| {
        let rows = at * ROWS..rows.min((at + 1) * ROWS);
        let place = |row: usize| {
            let mut hasher = Hash64::default();
            for cell in table.row(row, count) {
                hasher.write(cell.as_bytes());
                hasher.write_u8(0xff);
            }
            let landmark = table.row(row, count).nth(by).map_or(0, landmark);
            (landmark, hasher.finish(), row as u32)
        };
        rows.map(place).collect::<Vec<_>>()
    });
    let mut places = places.concat();
    let cells = |row: u32| table.row(row as usize, count);
    places.sort_unstable_by(|(near, one, a), (far, other, b)| {
        (near, one).cmp(&(far, other)).then_with(|| cells(*a).cmp(cells(*b))).then(a.cmp(b))
    });
    places.into_iter().map(|(.., row)| row).collect()
}

/// Towns met before, in Latin letters.
#[derive(Default)]
struct Towns<'a> {
    numbers: Map<&'a str, usize>,
    latin: Vec<String>,
}

impl<'a> Towns<'a> {
    fn number(&mut self, town: &'a str) -> usize {
        *self.numbers.entry(town).or_insert_with(|| {
            self.latin.push(latin_words(town));
            self.latin.len() - 1
        })
    }
}

/// A row that has been read.
enum Row {
    /// What it says is so many readings.
    Read(usize),
    /// It says what an earlier row does.
    Again(u32),
}

/// Rows that have been read and wait for others, so that what their values lead to is fetched for
/// all of them before the first is looked at.
#[derive(Default)]
struct Waiting {
    rows: Vec<Row>,
    said: Readings,
    hashes: Vec<u64>,
}

/// So many rows wait for one another.
const WAITING: usize = 128;

impl Waiting {
    /// Puts the rows to a column, of which the first so many are counted.
    fn put(&mut self, column: &mut Column, counted: usize, dictionary: &mut Dictionary) {
        self.hashes.clear();
        self.hashes.extend(self.said.all().map(|reading| hash(0, reading.key.as_bytes())));
        dictionary.fetch(&self.hashes);
        let mut values = self.said.all().zip(self.hashes.iter().copied());
        for row in self.rows.drain(..) {
            let is_counted = column.rows() < counted;
            match row {
                Row::Read(count) => {
                    column.push(values.by_ref().take(count), is_counted, dictionary);
                }
                Row::Again(earlier) => column.repeat(earlier, is_counted, dictionary),
            }
        }
        drop(values);
        self.said.clear();
    }
}

impl<'a> Source<'a> {
    /// Puts rows in order.
    pub fn new(fields: &'a [Field], tables: &[Table], lessons: &[Lesson], threads: usize) -> Self {
        let (mut origin, mut ends) = (Vec::new(), Vec::new());
        for table in tables {
            let before = origin.len() as u32;
            origin.extend(canonical(fields, table, threads).into_iter().map(|row| before + row));
            ends.push(origin.len());
        }
        let cell = |row: usize, field: usize| -> &str {
            let Some(row) = origin.get(row) else {
                let row = row - origin.len();
                let lesson = &lessons[row / 2];
                let side = if row.is_multiple_of(2) { &lesson.left } else { &lesson.right };
                return side.get(field).map_or("", String::as_str);
            };
            let table = ends.partition_point(|end| *end <= *row as usize);
            let before = if table == 0 { 0 } else { ends[table - 1] };
            tables[table].cell((*row as usize - before) * fields.len() + field)
        };
        let rows = origin.len() + 2 * lessons.len();
        let pieces = shared(threads, rows.div_ceil(ROWS), |at| {
            let rows = at * ROWS..rows.min((at + 1) * ROWS);
            // A first look at every row, which fetches many at once.
            std::hint::black_box(rows.clone().map(|row| cell(row, 0).len()).sum::<usize>());
            let all = (0..fields.len()).flat_map(|field| rows.clone().map(move |row| (row, field)));
            let mut piece: Table = all.map(|(row, field)| cell(row, field)).collect();
            piece.shrink();
            piece
        });
        Self { fields, pieces, rows, origin }
    }

    /// Rows of tables and lessons.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Gives the cells up.
    pub fn into_origin(self) -> Vec<u32> {
        self.origin
    }

    fn cell(&self, row: usize, field: usize) -> &str {
        let piece = &self.pieces[row / ROWS];
        piece.cell(field * piece.rows(self.fields.len()) + row % ROWS)
    }

    /// Reads a cell in the light of its row: a name without the row's town, a site with the domains
    /// of the row's mail. `known` are the words of towns met before.
    fn read<'b>(
        &'b self,
        (row, field): (usize, usize),
        known: &mut Towns<'b>,
        said: &mut Readings,
    ) {
        let of = |kind: Kind| {
            let fields = self.fields.iter().enumerate().filter(move |(_, one)| one.kind == kind);
            fields.map(move |(at, _)| self.cell(row, at))
        };
        let cell = self.cell(row, field);
        match self.fields[field].kind {
            Kind::CompanyName => {
                let numbers: SmallVec<[usize; 2]> =
                    of(Kind::City).map(|town| known.number(town)).collect();
                let towns: SmallVec<[&str; 2]> =
                    numbers.iter().map(|number| known.latin[*number].as_str()).collect();
                company(cell, &towns, said);
            }
            Kind::Domain => {
                domains(cell, &of(Kind::Email).collect::<SmallVec<[&str; 2]>>(), said);
            }
            kind => read(kind, cell, said),
        }
    }

    /// Reads every cell, keeps nothing and says how many values they gave.
    pub fn normalise(&self) -> usize {
        let (mut towns, mut said, mut count) = (Towns::default(), Readings::default(), 0);
        for field in 0..self.fields.len() {
            for row in 0..self.rows() {
                self.read((row, field), &mut towns, &mut said);
                count += said.len();
                said.clear();
            }
        }
        count
    }

    /// Reads a column. What stands in many cells is read once, unless it depends on the row.
    fn column(&self, field: usize, number: usize, dictionary: &mut Dictionary) -> Column {
        let kind = self.fields[field].kind;
        let mut column = Column::empty(kind, number, self.rows());
        let is_of_row = matches!(kind, Kind::CompanyName | Kind::Domain);
        let (mut met, mut again): (Map<&str, u32>, usize) = (Map::default(), 0);
        let mut towns = Towns::default();
        let (mut waiting, before) = (Waiting::default(), dictionary.values.len());
        for row in 0..self.rows() {
            let cell = self.cell(row, field);
            if cell.is_empty() && !is_of_row {
                waiting.rows.push(Row::Read(0));
                continue;
            }
            // Where few cells come again, looking whether one did costs more than reading it.
            let is_rare = met.len() > FEW && again < met.len() / 2;
            let earlier = if is_of_row || is_rare {
                None
            } else {
                let first = *met.entry(cell).or_insert(row as u32);
                (first != row as u32).then_some(first)
            };
            again += usize::from(earlier.is_some());
            waiting.rows.push(match earlier {
                Some(earlier) => Row::Again(earlier),
                None => {
                    let before = waiting.said.len();
                    self.read((row, field), &mut towns, &mut waiting.said);
                    Row::Read(waiting.said.len() - before)
                }
            });
            if waiting.rows.len() == WAITING {
                waiting.put(&mut column, self.origin.len(), dictionary);
                dictionary.expect(dictionary.values.len() - before, row + 1, self.rows());
            }
        }
        waiting.put(&mut column, self.origin.len(), dictionary);
        column
    }

    /// The fields of each kind, kinds in the order in which they come.
    fn kinds(&self) -> Vec<Vec<usize>> {
        let mut kinds: Vec<Vec<usize>> = Vec::new();
        for (at, field) in self.fields.iter().enumerate() {
            let known = kinds.iter_mut().find(|kind| self.fields[kind[0]].kind == field.kind);
            match known {
                Some(kind) => kind.push(at),
                None => kinds.push(vec![at]),
            }
        }
        kinds
    }

    /// Reads everything: the columns in their order and a dictionary for each kind. A kind is the
    /// work of one thread, since its columns share their values; the longest come first.
    pub fn read_all(&self, threads: usize) -> (Vec<Column>, Vec<Dictionary>) {
        let kinds = self.kinds();
        let work_of = |kind: &[usize]| -> usize {
            let rows = (0..self.rows()).step_by(97);
            rows.flat_map(|row| kind.iter().map(move |at| self.cell(row, *at).len())).sum()
        };
        let mut longest: Vec<usize> = (0..kinds.len()).collect();
        longest.sort_by_cached_key(|number| std::cmp::Reverse(work_of(&kinds[*number])));
        let mut all = shared(threads, longest.len(), |at| {
            let (number, mut dictionary) = (longest[at], Dictionary::default());
            let fields = kinds[number].iter();
            let columns: Vec<(usize, Column)> =
                fields.map(|at| (*at, self.column(*at, number, &mut dictionary))).collect();
            dictionary.finish(self.origin.len());
            (number, dictionary, columns)
        });
        all.sort_unstable_by_key(|(number, ..)| *number);
        let mut columns = Vec::with_capacity(self.fields.len());
        let mut dictionaries = Vec::with_capacity(all.len());
        for (_, dictionary, some) in all {
            columns.extend(some);
            dictionaries.push(dictionary);
        }
        columns.sort_unstable_by_key(|(at, _)| *at);
        (columns.into_iter().map(|(_, column)| column).collect(), dictionaries)
    }
}
