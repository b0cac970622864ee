//! Comparable parts of cells: interned values per column, and how many rows carry each.

use super::compare::rarity;
use super::dictionary::Dictionary;
use super::place::places;
use super::read::{Reading, Sound};
use super::source::Source;
use super::{FIELDS_MAX, Field, Kind, Lesson, Table};
pub(super) use crate::hash::{Hash64, Map, hash, mix};

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
    /// Where two numbers rule a pair out, the number of each row whose check digits hold without a
    /// repair and which is not doubted, or [`NONE`].
    pub valid: Vec<u32>,
}

impl Column {
    /// The number of a row whose check digits hold without a repair, unless it is doubted.
    pub fn valid(&self, row: u32) -> Option<u32> {
        self.valid.get(row as usize).copied().filter(|number| *number != NONE)
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
            valid: Vec::new(),
        }
    }

    /// One more row, its values with the hashes of their keys; one that `is_counted` makes them
    /// common.
    pub fn push<'a>(
        &mut self,
        row: impl Iterator<Item = (Reading<'a>, u64)>,
        is_counted: bool,
        dictionary: &mut Dictionary,
    ) {
        let start = self.numbers.len();
        let mut form = None;
        for (reading, hash) in row {
            form = form.or(Some(reading.nature.form));
            let number = dictionary.number(reading, hash);
            if !self.numbers[start..].contains(&number) {
                self.numbers.push(number);
            }
        }
        if self.kind == Kind::CompanyName {
            self.forms.push(form.unwrap_or(0));
        }
        self.end_row(start, is_counted, dictionary);
    }

    /// One more row of a value that has its number, or of none.
    pub fn push_number(&mut self, number: Option<u32>, counts: bool, dictionary: &mut Dictionary) {
        let start = self.numbers.len();
        self.numbers.extend(number);
        self.end_row(start, counts, dictionary);
    }

    /// One more row whose cell says what that of an earlier row does.
    pub fn repeat(&mut self, earlier: u32, is_counted: bool, dictionary: &mut Dictionary) {
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

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.starts.len() - 1
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
    /// For each row the bits of a pattern whose numbers are held to be somebody else's; empty where
    /// none is doubted.
    pub doubted: Vec<u64>,
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

/// Reads every cell; the work is split over `threads`.
pub(super) fn parts(
    fields: &[Field],
    tables: &[Table],
    lessons: &[Lesson],
    threads: usize,
) -> Parts {
    let source = Source::new(fields, tables, lessons, threads);
    let (rows, all) = (source.origin.len(), source.rows());
    let (mut columns, mut dictionaries) = source.read_all(threads);
    let origin = source.into_origin();
    for at in 0..columns.len() {
        let siblings = (0..fields.len()).filter(|other| fields[*other].kind == fields[at].kind);
        columns[at].siblings = siblings.filter(|other| *other != at).collect();
        let dictionary = &dictionaries[columns[at].dictionary];
        columns[at].carriers.resize(dictionary.values.len(), 0);
        columns[at].vetoes =
            columns[at].kind == Kind::TaxId && is_mostly_valid(&columns[at], dictionary, rows);
        if columns[at].vetoes {
            columns[at].valid = valid(&columns[at], dictionary, all as u32);
        }
    }
    let told = places(&columns, &dictionaries, (rows as u32, all as u32));
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
        doubted: Vec::new(),
        but_domains: !bits_of(&columns, Kind::Domain),
        only: only(&columns, all as u32),
        columns,
        dictionaries,
        rows: rows as u32,
        first: (tables.len() > 1).then(|| tables[0].rows(fields.len()) as u32),
        origin,
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

/// The valid number of each row, or [`NONE`].
fn valid(column: &Column, dictionary: &Dictionary, rows: u32) -> Vec<u32> {
    let is_valid = |number: &&u32| dictionary.values[**number as usize].sound == Sound::Valid;
    (0..rows).map(|row| column.of(row).iter().find(is_valid).copied().unwrap_or(NONE)).collect()
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
