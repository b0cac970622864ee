//! Comparable parts of cells: interned values per column, and how many rows carry each.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::compare::rarity;
use super::dictionary::Dictionary;
use super::place::places;
use super::read::{Reading, Sound, company, domains, latin_words, read};
use super::threads::shared;
use super::{FIELDS_MAX, Field, Kind, Lesson, Table};

/// A small hash (Fowler, Noll, Vo 1a with Murmur's last mix), the same on every machine.
#[derive(Clone, Copy)]
pub(super) struct Hash64(u64);

impl Default for Hash64 {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Hash64 {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = mix(self.0 ^ number);
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn finish(&self) -> u64 {
        mix(self.0)
    }
}

/// Spreads the bits of a number over all 64 (Murmur 3).
pub(super) fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let number = (number ^ (number >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    number ^ (number >> 33)
}

/// The hash of some bytes under a number that tells uses apart.
pub(super) fn hash(salt: u64, bytes: &[u8]) -> u64 {
    let mut hasher = Hash64::default();
    hasher.write_u64(salt);
    hasher.write(bytes);
    hasher.finish()
}

/// A map with [`Hash64`].
pub(super) type Map<K, V> = HashMap<K, V, BuildHasherDefault<Hash64>>;

/// One column: the values of each row, and how common they are in it.
#[derive(Debug)]
pub(super) struct Column {
    /// What it holds.
    pub kind: Kind,
    /// Which dictionary its numbers are of.
    pub dictionary: usize,
    /// Where the values of a row begin.
    starts: Vec<u32>,
    numbers: Vec<u32>,
    /// Rows that carry a value, by its number.
    pub carriers: Vec<u32>,
    /// How rare each value is, as [`rarity`] tells: worked out once, since it is asked most.
    pub classes: Vec<u8>,
    /// The legal form of each row's name; 0 for none. Empty for other kinds.
    pub forms: Vec<u16>,
    /// Whether two different valid numbers in it rule a pair out.
    pub vetoes: bool,
    /// The other columns of the same kind.
    pub siblings: Vec<usize>,
    /// For each row whether its number is doubted; empty where none is.
    pub doubted: Vec<bool>,
}

impl Column {
    /// Whether the number of a row is held to be somebody else's.
    pub fn is_doubted(&self, row: u32) -> bool {
        self.doubted.get(row as usize).copied().unwrap_or(false)
    }

    /// A column without rows.
    pub fn empty(kind: Kind, dictionary: usize, rows: usize) -> Self {
        let mut starts = Vec::with_capacity(rows + 1);
        starts.push(0);
        Self {
            kind,
            dictionary,
            starts,
            numbers: Vec::with_capacity(rows),
            carriers: Vec::new(),
            classes: Vec::new(),
            forms: Vec::new(),
            vetoes: false,
            siblings: Vec::new(),
            doubted: Vec::new(),
        }
    }

    /// One more row; one that `is_counted` makes its values common.
    pub fn push(&mut self, row: Vec<Reading>, is_counted: bool, dictionary: &mut Dictionary) {
        let start = self.numbers.len();
        if self.kind == Kind::CompanyName {
            self.forms.push(row.first().map_or(0, |reading| reading.form));
        }
        for reading in row {
            let number = dictionary.number(reading);
            if !self.numbers[start..].contains(&number) {
                self.numbers.push(number);
            }
        }
        self.end_row(start, is_counted, dictionary);
    }

    /// One more row whose cell says what that of an earlier row does.
    fn repeat(&mut self, earlier: u32, is_counted: bool, dictionary: &mut Dictionary) {
        let start = self.numbers.len();
        self.numbers.extend_from_within(self.range(earlier));
        self.end_row(start, is_counted, dictionary);
    }

    fn end_row(&mut self, start: usize, is_counted: bool, dictionary: &mut Dictionary) {
        self.starts.push(self.numbers.len() as u32);
        self.carriers.resize(dictionary.values.len(), 0);
        if !is_counted {
            return;
        }
        for number in &self.numbers[start..] {
            self.carriers[*number as usize] += 1;
            dictionary.count_words(*number);
        }
    }

    fn range(&self, row: u32) -> std::ops::Range<usize> {
        self.starts[row as usize] as usize..self.starts[row as usize + 1] as usize
    }

    /// The values of a row.
    pub fn of(&self, row: u32) -> &[u32] {
        &self.numbers[self.range(row)]
    }
}

/// All comparable parts of all tables, rows in an order that their contents alone decide.
#[derive(Debug)]
pub(super) struct Parts {
    /// One for each field.
    pub columns: Vec<Column>,
    /// One for each kind in use.
    pub dictionaries: Vec<Dictionary>,
    /// The column, behind those of the fields, that says where each row is.
    pub place: Option<usize>,
    /// Every bit of a pattern but those of domains.
    pub but_domains: u64,
    /// Rows in all; behind them stand those of lessons, two by two.
    pub rows: u32,
    /// The first so many rows are of the first table, if there are several.
    pub first: Option<u32>,
    /// The number that a row had when it came in.
    pub origin: Vec<u32>,
    /// What a comparison looks at first, row by row: of each column the row's value, or [`NONE`],
    /// or [`SEVERAL`].
    only: Vec<u32>,
}

/// A row has no value in a column.
pub(super) const NONE: u32 = u32::MAX;
/// A row has several values in a column.
pub(super) const SEVERAL: u32 = u32::MAX - 1;

impl Parts {
    /// Of each column what a row has there: its only value, [`NONE`] or [`SEVERAL`].
    pub fn only(&self, row: u32) -> &[u32] {
        &self.only[row as usize * self.columns.len()..][..self.columns.len()]
    }

    /// Whether a pair is to be looked at: across tables if there are several.
    pub fn may_meet(&self, a: u32, b: u32) -> bool {
        a != b && self.first.is_none_or(|first| (a < first) != (b < first))
    }

    /// How many pairs there are at all.
    pub fn all_pairs(&self) -> f64 {
        let rows = f64::from(self.rows);
        match self.first.map(f64::from) {
            Some(first) => first * (rows - first),
            None => rows * (rows - 1.0) / 2.0,
        }
    }
}

/// Rows in the order of their contents, table by table.
fn canonical(fields: usize, tables: &[Table]) -> Vec<(u32, u32)> {
    let mut order = Vec::new();
    for (at, table) in tables.iter().enumerate() {
        let cells = |row: u32| table.row(row as usize, fields);
        let mut mine: Vec<(u64, u32)> = (0..table.rows(fields) as u32)
            .map(|row| {
                let mut hasher = Hash64::default();
                for cell in cells(row) {
                    hasher.write(cell.as_bytes());
                    hasher.write(&[0xff]);
                }
                (hasher.finish(), row)
            })
            .collect();
        mine.sort_unstable_by(|(one, a), (other, b)| {
            one.cmp(other).then_with(|| cells(*a).cmp(cells(*b))).then(a.cmp(b))
        });
        order.extend(mine.into_iter().map(|(_, row)| (at as u32, row)));
    }
    order
}

/// Cells that are fetched at once.
const FETCHED: usize = 64;

/// Tables and lessons with their rows in order.
#[derive(Clone, Copy)]
struct Source<'a> {
    fields: &'a [Field],
    tables: &'a [Table],
    lessons: &'a [Lesson],
    order: &'a [(u32, u32)],
    /// How many of them are rows of tables.
    rows: usize,
}

impl<'a> Source<'a> {
    fn cell(&self, (table, row): (u32, u32), field: usize) -> &'a str {
        if let Some(table) = self.tables.get(table as usize) {
            return table.cell(row as usize * self.fields.len() + field);
        }
        let lesson = &self.lessons[row as usize / 2];
        let cells = if row % 2 == 0 { &lesson.left } else { &lesson.right };
        cells.get(field).map_or("", String::as_str)
    }

    /// Reads a cell in the light of its row: a name without the row's town, a site with the domains
    /// of the row's mail. `known` are the words of towns met before.
    fn read(
        &self,
        row: (u32, u32),
        field: usize,
        known: &mut Map<&'a str, Vec<String>>,
    ) -> Vec<Reading> {
        let of = |kind: Kind| {
            let fields = self.fields.iter().enumerate().filter(move |(_, one)| one.kind == kind);
            fields.map(move |(at, _)| self.cell(row, at))
        };
        let cell = self.cell(row, field);
        match self.fields[field].kind {
            Kind::CompanyName => {
                let mut towns: Vec<&[String]> = Vec::new();
                for town in of(Kind::City) {
                    known.entry(town).or_insert_with(|| latin_words(town));
                }
                towns.extend(of(Kind::City).filter_map(|town| known.get(town).map(Vec::as_slice)));
                company(cell, &towns).into_iter().collect()
            }
            Kind::Domain => domains(cell, &of(Kind::Email).collect::<Vec<_>>()),
            kind => read(kind, cell),
        }
    }

    /// Reads a column. What stands in many cells is read once, unless it depends on the row.
    fn column(&self, field: usize, number: usize, dictionary: &mut Dictionary) -> Column {
        let kind = self.fields[field].kind;
        let mut column = Column::empty(kind, number, self.order.len());
        let is_of_row = matches!(kind, Kind::CompanyName | Kind::Domain);
        let mut met: Map<&str, u32> = Map::default();
        let mut towns: Map<&str, Vec<String>> = Map::default();
        let mut at = 0;
        for rows in self.order.chunks(FETCHED) {
            self.fetch(rows, field);
            for row in rows {
                let is_counted = at < self.rows as u32;
                let earlier = if is_of_row {
                    None
                } else {
                    let first = *met.entry(self.cell(*row, field)).or_insert(at);
                    (first != at).then_some(first)
                };
                match earlier {
                    Some(earlier) => column.repeat(earlier, is_counted, dictionary),
                    None => {
                        let read = self.read(*row, field, &mut towns);
                        column.push(read, is_counted, dictionary);
                    }
                }
                at += 1;
            }
        }
        column
    }

    /// Looks at the cells of some rows, and does nothing with them: a processor waits for many
    /// distant cells of memory at once as long as for one.
    fn fetch(&self, rows: &[(u32, u32)], field: usize) {
        let first = |row: &(u32, u32)| self.cell(*row, field).bytes().next().unwrap_or(0);
        std::hint::black_box(rows.iter().fold(0, |seen, row| seen ^ first(row)));
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
    fn read_all(&self, threads: usize) -> (Vec<Column>, Vec<Dictionary>) {
        let kinds = self.kinds();
        let work_of = |kind: &[usize]| -> usize {
            let rows = self.order.iter().step_by(97);
            rows.flat_map(|row| kind.iter().map(|at| self.cell(*row, *at).len())).sum()
        };
        let mut longest: Vec<usize> = (0..kinds.len()).collect();
        longest.sort_by_cached_key(|number| std::cmp::Reverse(work_of(&kinds[*number])));
        let mut all = shared(threads, longest.len(), |at| {
            let (number, mut dictionary) = (longest[at], Dictionary::default());
            let fields = kinds[number].iter();
            let columns: Vec<(usize, Column)> =
                fields.map(|at| (*at, self.column(*at, number, &mut dictionary))).collect();
            dictionary.finish(self.rows);
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

/// Reads every cell; the work is split over `threads`.
pub(super) fn parts(
    fields: &[Field],
    tables: &[Table],
    lessons: &[Lesson],
    threads: usize,
) -> Parts {
    let mut order = canonical(fields.len(), tables);
    let rows = order.len();
    let behind = (0..lessons.len() as u32 * 2).map(|at| (tables.len() as u32, at));
    order.extend(behind);
    let mut befores = vec![0_u32];
    for table in tables {
        let rows = table.rows(fields.len()) as u32;
        befores.push(befores.last().copied().unwrap_or(0) + rows);
    }
    let source = Source { fields, tables, lessons, order: &order, rows };
    let (mut columns, mut dictionaries) = source.read_all(threads);
    for at in 0..columns.len() {
        let siblings = (0..fields.len()).filter(|other| fields[*other].kind == fields[at].kind);
        columns[at].siblings = siblings.filter(|other| *other != at).collect();
        let dictionary = &dictionaries[columns[at].dictionary];
        columns[at].carriers.resize(dictionary.values.len(), 0);
        columns[at].vetoes =
            columns[at].kind == Kind::TaxId && is_mostly_valid(&columns[at], dictionary, rows);
    }
    let told = places(&columns, &dictionaries, (rows as u32, order.len() as u32));
    let place = told.filter(|_| columns.len() < FIELDS_MAX).map(|(column, dictionary)| {
        columns.push(column);
        dictionaries.push(dictionary);
        columns.len() - 1
    });
    for column in &mut columns {
        column.classes = (0..column.carriers.len() as u32)
            .map(|number| rarity(column, number, rows as u32))
            .collect();
    }
    Parts {
        place,
        but_domains: !bits_of(&columns, Kind::Domain),
        only: only(&columns, order.len() as u32),
        columns,
        dictionaries,
        rows: rows as u32,
        first: (tables.len() > 1).then(|| befores[1]),
        origin: order[..rows].iter().map(|(table, row)| befores[*table as usize] + row).collect(),
    }
}

/// Row by row what each column has: see [`Parts::only`].
fn only(columns: &[Column], rows: u32) -> Vec<u32> {
    let mut only = Vec::with_capacity(rows as usize * columns.len());
    for row in 0..rows {
        only.extend(columns.iter().map(|column| match column.of(row) {
            [] => NONE,
            [number] => *number,
            _ => SEVERAL,
        }));
    }
    only
}

/// The bits of a pattern that the columns of a kind take.
fn bits_of(columns: &[Column], kind: Kind) -> u64 {
    let columns = columns.iter().enumerate().take(FIELDS_MAX);
    columns.filter(|(_, column)| column.kind == kind).map(|(at, _)| 15 << (4 * at)).sum()
}

/// More than six in ten of its values have check digits that hold; by chance one in ten would.
fn is_mostly_valid(column: &Column, dictionary: &Dictionary, rows: usize) -> bool {
    let numbers = &column.numbers[..column.starts[rows] as usize];
    let valid = numbers
        .iter()
        .filter(|number| dictionary.values[**number as usize].sound != Sound::Plain)
        .count();
    valid * 10 > numbers.len() * 6
}
