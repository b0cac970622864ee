//! Comparable parts of cells: interned values per column, and how many rows carry each.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::place::places;
use super::read::{Reading, Sound, company, domains, is_trade, latin_words, read};
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

/// One comparable value.
#[derive(Clone, Debug)]
pub(super) struct Value {
    /// The comparable spelling.
    pub key: Box<str>,
    /// Which letters and digits it has, and which letters twice.
    pub letters: u64,
    /// Its words: numbers in the dictionary of the kind, ascending, none twice.
    pub words: Box<[u32]>,
    /// The quantity of a number; else nought.
    pub number: f64,
    /// How far it is to be trusted.
    pub sound: Sound,
    /// Length of the vector of word weights, for the cosine.
    pub norm: f32,
}

/// Values and words of all columns of one kind.
#[derive(Default, Debug)]
pub(super) struct Dictionary {
    /// Values by number.
    pub values: Vec<Value>,
    numbers: Map<Box<str>, u32>,
    words: Map<Box<str>, u32>,
    /// Rows that have a word, by its number.
    pub word_rows: Vec<u32>,
    /// Whether a word is a rare code: four signs or more with a digit, in few rows.
    pub is_code: Vec<bool>,
    /// Whether a word only says what a firm does.
    pub is_trade: Vec<bool>,
    /// The weight of a word: how rare it is, in nats.
    pub word_weights: Vec<f32>,
}

impl Dictionary {
    fn number(&mut self, reading: Reading) -> u32 {
        if let Some(known) = self.numbers.get(reading.key.as_str()) {
            return *known;
        }
        let mut words: Vec<u32> = reading.words.iter().map(|word| self.word(word)).collect();
        words.sort_unstable();
        words.dedup();
        let number = self.values.len() as u32;
        let key = reading.key.into_boxed_str();
        self.numbers.insert(key.clone(), number);
        self.values.push(Value {
            letters: letters(&key),
            key,
            words: words.into_boxed_slice(),
            number: reading.number,
            sound: reading.sound,
            norm: 0.0,
        });
        number
    }

    fn word(&mut self, word: &str) -> u32 {
        if let Some(known) = self.words.get(word) {
            return *known;
        }
        let number = self.word_rows.len() as u32;
        self.words.insert(word.into(), number);
        self.word_rows.push(0);
        number
    }

    pub fn finish(&mut self, rows: usize) {
        self.is_code = vec![false; self.word_rows.len()];
        self.is_trade = vec![false; self.word_rows.len()];
        for (word, number) in &self.words {
            let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
            let is_rare = self.word_rows[*number as usize] <= 8;
            self.is_trade[*number as usize] = is_trade(word);
            self.is_code[*number as usize] = has_digit && is_rare && word.len() >= 4;
        }
        let all = rows.max(2) as f32;
        self.word_weights =
            self.word_rows.iter().map(|rows| (all / (*rows).max(1) as f32).ln() + 0.1).collect();
        for value in &mut self.values {
            let square: f32 =
                value.words.iter().map(|word| self.word_weights[*word as usize].powi(2)).sum();
            value.norm = square.sqrt();
        }
        self.numbers = Map::default();
        self.words = Map::default();
    }
}

/// One bit for each digit and letter that occurs, another for a letter that occurs again.
fn letters(key: &str) -> u64 {
    let mut seen = 0_u64;
    for byte in key.bytes() {
        match byte {
            b'0'..=b'9' => seen |= 1 << (byte - b'0'),
            b'a'..=b'z' => {
                let bit = 1 << (10 + byte - b'a');
                seen |= if seen & bit == 0 { bit } else { bit << 26 };
            }
            _ => {}
        }
    }
    seen
}

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
    /// The legal form of each row's name; 0 for none. Empty for other kinds.
    pub forms: Vec<u16>,
    /// Whether two different valid numbers in it rule a pair out.
    pub vetoes: bool,
    /// Whether another column is of the same kind.
    pub has_siblings: bool,
    /// For each row whether its number is doubted; empty where none is.
    pub doubted: Vec<bool>,
}

impl Column {
    /// Whether the number of a row is held to be somebody else's.
    pub fn is_doubted(&self, row: u32) -> bool {
        self.doubted.get(row as usize).copied().unwrap_or(false)
    }

    fn empty(kind: Kind, dictionary: usize, rows: usize) -> Self {
        Self {
            kind,
            dictionary,
            starts: Vec::with_capacity(rows + 1),
            numbers: Vec::with_capacity(rows),
            carriers: Vec::new(),
            forms: Vec::new(),
            vetoes: false,
            has_siblings: false,
            doubted: Vec::new(),
        }
    }

    /// A column of what was read for each row; the first `counted` make values common.
    pub fn filled(
        (kind, dictionary_number): (Kind, usize),
        rows: impl Iterator<Item = Vec<Reading>>,
        counted: usize,
        dictionary: &mut Dictionary,
    ) -> Self {
        let mut column = Self::empty(kind, dictionary_number, rows.size_hint().0);
        fill(&mut column, rows, counted, dictionary);
        column.carriers.resize(dictionary.values.len(), 0);
        column
    }
}

impl Column {
    /// The values of a row.
    pub fn of(&self, row: u32) -> &[u32] {
        &self.numbers[self.starts[row as usize] as usize..self.starts[row as usize + 1] as usize]
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
}

impl Parts {
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
        let rows = table.cells.len().checked_div(fields).unwrap_or(0);
        let cells = |row: u32| &table.cells[row as usize * fields..][..fields];
        let mut mine: Vec<(u64, u32)> = (0..rows as u32)
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

/// Reads the cell of a field in the light of its row: a name without the row's town, a site with
/// the domains of the row's mail.
fn read_field(fields: &[Field], at: usize, cells: &[String]) -> Vec<Reading> {
    let of = |kind: Kind| {
        let fields = fields.iter().zip(cells).filter(move |(field, _)| field.kind == kind);
        fields.map(|(_, cell)| cell.as_str())
    };
    match fields[at].kind {
        Kind::CompanyName => {
            let towns: Vec<String> = of(Kind::City).flat_map(latin_words).collect();
            company(&cells[at], &towns).into_iter().collect()
        }
        Kind::Domain => domains(&cells[at], &of(Kind::Email).collect::<Vec<_>>()),
        kind => read(kind, &cells[at]),
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
        let rows = table.cells.len().checked_div(fields.len()).unwrap_or(0) as u32;
        befores.push(befores.last().copied().unwrap_or(0) + rows);
    }
    let mut kinds: Vec<Kind> = Vec::new();
    let mut dictionaries: Vec<Dictionary> = Vec::new();
    let mut columns = Vec::with_capacity(fields.len());
    for (at, field) in fields.iter().enumerate() {
        let dictionary = kinds.iter().position(|kind| *kind == field.kind).unwrap_or_else(|| {
            kinds.push(field.kind);
            dictionaries.push(Dictionary::default());
            kinds.len() - 1
        });
        let read_row = |(table, row): (u32, u32)| {
            let Some(table) = tables.get(table as usize) else {
                let lesson = &lessons[row as usize / 2];
                return read_field(
                    fields,
                    at,
                    if row % 2 == 0 { &lesson.left } else { &lesson.right },
                );
            };
            let cells = &table.cells[row as usize * fields.len()..];
            read_field(fields, at, &cells[..fields.len()])
        };
        let readings = read_column(&order, &read_row, threads).into_iter();
        let numbers = &mut dictionaries[dictionary];
        columns.push(Column::filled((field.kind, dictionary), readings, rows, numbers));
    }
    for dictionary in &mut dictionaries {
        dictionary.finish(rows);
    }
    let mut columns: Vec<Column> = columns
        .into_iter()
        .map(|mut column| {
            column.carriers.resize(dictionaries[column.dictionary].values.len(), 0);
            let kin = fields.iter().filter(|field| field.kind == column.kind).count();
            column.has_siblings = kin > 1;
            column.vetoes = column.kind == Kind::TaxId
                && is_mostly_valid(&column, &dictionaries[column.dictionary], rows);
            column
        })
        .collect();
    let told = places(&columns, &dictionaries, (rows as u32, order.len() as u32));
    let place = told.filter(|_| columns.len() < FIELDS_MAX).map(|(column, dictionary)| {
        columns.push(column);
        dictionaries.push(dictionary);
        columns.len() - 1
    });
    Parts {
        place,
        but_domains: !bits_of(&columns, Kind::Domain),
        columns,
        dictionaries,
        rows: rows as u32,
        first: (tables.len() > 1).then(|| befores[1]),
        origin: order[..rows].iter().map(|(table, row)| befores[*table as usize] + row).collect(),
    }
}

/// The bits of a pattern that the columns of a kind take.
fn bits_of(columns: &[Column], kind: Kind) -> u64 {
    let columns = columns.iter().enumerate().take(FIELDS_MAX);
    columns.filter(|(_, column)| column.kind == kind).map(|(at, _)| 15 << (4 * at)).sum()
}

/// Reads the cells of one column, each thread a run of rows.
fn read_column(
    order: &[(u32, u32)],
    read_cell: &(dyn Fn((u32, u32)) -> Vec<Reading> + Sync),
    threads: usize,
) -> Vec<Vec<Reading>> {
    let run = order.len().div_ceil(threads.max(1)).max(1);
    let read_run = |rows: &[(u32, u32)]| -> Vec<Vec<Reading>> {
        rows.iter().map(|row| read_cell(*row)).collect()
    };
    if order.len() < 2000 || threads < 2 {
        return read_run(order);
    }
    std::thread::scope(|scope| {
        let work: Vec<_> =
            order.chunks(run).map(|rows| scope.spawn(move || read_run(rows))).collect();
        work.into_iter().flat_map(|work| work.join().unwrap_or_default()).collect()
    })
}

/// Interns what was read.
fn fill(
    column: &mut Column,
    rows: impl Iterator<Item = Vec<Reading>>,
    counted: usize,
    dictionary: &mut Dictionary,
) {
    let is_name = column.kind == Kind::CompanyName;
    for (at, row) in rows.enumerate() {
        let start = column.numbers.len();
        column.starts.push(start as u32);
        if is_name {
            column.forms.push(row.first().map_or(0, |reading| reading.form));
        }
        for reading in row {
            let number = dictionary.number(reading);
            if column.numbers[start..].contains(&number) {
                continue;
            }
            column.numbers.push(number);
            if column.carriers.len() <= number as usize {
                column.carriers.resize(number as usize + 1, 0);
            }
            if at >= counted {
                continue;
            }
            column.carriers[number as usize] += 1;
            for word in &dictionary.values[number as usize].words {
                dictionary.word_rows[*word as usize] += 1;
            }
        }
    }
    column.starts.push(column.numbers.len() as u32);
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
