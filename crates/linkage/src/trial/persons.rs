//! Records of persons with known truth, as FEBRL makes them.

use super::dice::Dice;
use super::spell;
use crate::link::{Field, Kind};

const PERSON: u64 = 31;
const SPOILED: u64 = 32;
const ORDER: u64 = 33;
/// Most copies of a person beside the first record, as in FEBRL's third set.
const COPIES_MAX: usize = 5;

const COLUMNS: [(&str, Kind); 10] = [
    ("given_name", Kind::PersonName),
    ("surname", Kind::PersonName),
    ("street_number", Kind::Number),
    ("address_1", Kind::Address),
    ("address_2", Kind::Address),
    ("suburb", Kind::City),
    ("postcode", Kind::Postcode),
    ("state", Kind::Category),
    ("date_of_birth", Kind::Date),
    ("soc_sec_id", Kind::TaxId),
];
const STARTS: [&str; 24] = [
    "al", "ben", "car", "dan", "el", "fin", "geor", "har", "is", "jo", "kat", "lau", "mat", "nic",
    "ol", "pat", "ri", "sam", "tho", "vic", "wil", "chlo", "bra", "em",
];
const ENDS: [&str; 20] = [
    "a", "son", "ton", "ley", "man", "well", "er", "is", "ette", "ford", "den", "lin", "ia", "ham",
    "worth", "ick", "berg", "low", "na", "gan",
];
const ROADS: [&str; 6] = ["street", "place", "crescent", "court", "avenue", "circuit"];
const STATES: [&str; 7] = ["nsw", "vic", "qld", "wa", "sa", "tas", "act"];

/// A record of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// What stands in its columns, see [`Persons::fields`].
    pub cells: [String; 10],
    /// The number of the person.
    pub truth: u32,
}

/// Made-up records of persons: half are first records, half are spoiled copies. Same seed and
/// size, same records.
#[derive(Clone, Debug)]
pub struct Persons {
    seed: u64,
    order: Vec<(u32, u8)>,
}

impl Persons {
    /// So many records.
    pub fn new(seed: u64, rows: u32) -> Self {
        let originals = (rows / 2).max(1);
        let mut order: Vec<(u32, u8)> =
            (0..originals.min(rows)).map(|person| (person, 0)).collect();
        let mut copies = vec![0_u8; originals as usize];
        let mut dice = Dice::of(seed, ORDER, 0);
        while order.len() < rows as usize {
            let person = dice.below(originals as usize);
            if usize::from(copies[person]) < COPIES_MAX {
                copies[person] += 1;
                order.push((person as u32, copies[person]));
            }
        }
        for place in (1..order.len()).rev() {
            order.swap(place, dice.below(place + 1));
        }
        Self { seed, order }
    }

    /// The columns, all of which are compared.
    pub fn fields() -> Vec<Field> {
        COLUMNS.map(|(name, kind)| Field { name: name.to_owned(), kind }).to_vec()
    }

    /// The records, one after another.
    pub fn rows(&self) -> impl Iterator<Item = PersonRow> + '_ {
        self.order.iter().map(|(person, copy)| {
            let mut cells = first(self.seed, *person);
            if *copy > 0 {
                spoil(self.seed, (*person, *copy), &mut cells);
            }
            PersonRow { cells, truth: *person }
        })
    }
}

fn word(dice: &mut Dice) -> String {
    format!("{}{}", dice.skewed(&STARTS), dice.skewed(&ENDS))
}

fn first(seed: u64, person: u32) -> [String; 10] {
    let mut dice = Dice::of(seed, PERSON, u64::from(person));
    let dice = &mut dice;
    let surname = format!("{}{}", dice.one_of(&STARTS), word(dice));
    // A suburb has one postcode, and many people.
    let place = dice.skewed_below(3_000) as u64;
    let mut town = Dice::of(seed, PERSON + 1_000, place);
    let suburb = format!("{} {}", word(&mut town), town.one_of(&["park", "hills", "bay", "vale"]));
    let postcode = format!("{}", 2_000 + town.below(6_000));
    let state = (*town.one_of(&STATES)).to_owned();
    let mut cells = [
        word(dice),
        surname,
        (1 + dice.skewed_below(400)).to_string(),
        format!("{}{} {}", word(dice), dice.one_of(&ENDS), dice.one_of(&ROADS)),
        format!("{} {}", word(dice), dice.one_of(&["village", "flats", "estate", "lodge"])),
        suburb,
        postcode,
        state,
        format!("19{:02}{:02}{:02}", dice.below(100), 1 + dice.below(12), 1 + dice.below(28)),
        format!("{}{}", 1 + dice.below(9), dice.digits(6)),
    ];
    for place in [0, 2, 4, 7, 8] {
        if dice.thousandths(40) {
            cells[place].clear();
        }
    }
    cells
}

/// One to four changes, at most two in a cell: a slip of the hand, an empty cell, another value,
/// two cells swapped.
fn spoil(seed: u64, (person, copy): (u32, u8), cells: &mut [String; 10]) {
    let mut dice = Dice::of(seed, SPOILED + u64::from(copy) * 1_000, u64::from(person));
    let dice = &mut dice;
    for _ in 0..1 + dice.below(4) {
        let place = dice.below(cells.len());
        let is_digits = cells[place].bytes().all(|byte| byte.is_ascii_digit());
        match dice.below(20) {
            0..2 => cells[place].clear(),
            2 => cells.swap(0, 1),
            3 => cells.swap(3, 4),
            4..6 => cells[place] = first(seed, dice.below(1 << 30) as u32)[place].clone(),
            6 => cells[place] = cells[place].replace(' ', ""),
            _ if cells[place].is_empty() => {}
            _ if is_digits => cells[place] = spell::one_digit_wrong(dice, &cells[place]),
            _ => cells[place] = spell::misspelt(dice, &cells[place]),
        }
    }
}
