//! A messy list of companies whose truth is known.

use super::dice::Dice;
use super::firms::World;
use super::habits::Origin;
use super::mess::Messes;
use super::rows;
use crate::link::{Field, Kind};

const COPIES: u64 = 21;
const ORDER: u64 = 22;

/// The columns of the list in order: heading and, where rows are compared by it, kind. A KPP tells
/// the branches of a firm apart, not firms.
const COLUMNS: [(&str, Option<Kind>); 10] = [
    ("name", Some(Kind::CompanyName)),
    ("inn", Some(Kind::TaxId)),
    ("kpp", None),
    ("ogrn", Some(Kind::TaxId)),
    ("phone", Some(Kind::Phone)),
    ("email", Some(Kind::Email)),
    ("site", Some(Kind::Domain)),
    ("city", Some(Kind::City)),
    ("address", Some(Kind::Address)),
    ("contact", Some(Kind::PersonName)),
];

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What stands in its columns, see [`Companies::headings`].
    pub cells: [String; 10],
    /// The number of its firm: rows of one number are the same firm.
    pub truth: u32,
    /// What is wrong with it.
    pub mess: Messes,
}

/// A list of made-up companies. The same seed and size give the same list on every machine. Only
/// five bytes of each row are held; the rows are made as they are asked for, in no order.
#[derive(Clone, Debug)]
pub struct Companies {
    world: World,
    order: Vec<(u32, u8)>,
}

impl Companies {
    /// A list of so many rows as salespeople keep it.
    pub fn new(seed: u64, rows: u32) -> Self {
        Self::of(Origin::Sales, seed, rows)
    }

    /// A list of so many rows from such a place.
    pub fn of(origin: Origin, seed: u64, rows: u32) -> Self {
        let habits = origin.habits();
        let mut order: Vec<(u32, u8)> = Vec::with_capacity(rows as usize);
        let mut firm = 0;
        while order.len() < rows as usize {
            let mut drawn = Dice::of(seed, COPIES, u64::from(firm)).below(100);
            let mut copies = 1;
            for share in habits.rows_of_a_firm {
                if drawn < share {
                    break;
                }
                drawn -= share;
                copies += 1;
            }
            let room = rows as usize - order.len();
            order.extend((0..copies).take(room).map(|copy| (firm, copy)));
            firm += 1;
        }
        let mut dice = Dice::of(seed, ORDER, 0);
        for place in (1..order.len()).rev() {
            order.swap(place, dice.below(place + 1));
        }
        Self { world: World { seed, firms: u64::from(firm), habits }, order }
    }

    /// The headings of the columns.
    pub fn headings() -> [&'static str; 10] {
        COLUMNS.map(|(heading, _)| heading)
    }

    /// The columns by which rows are compared, each with its place in [`Row::cells`].
    pub fn fields() -> Vec<(usize, Field)> {
        let field = |(place, (name, kind)): (usize, (&str, Option<Kind>))| {
            kind.map(|kind| (place, Field { name: name.to_owned(), kind }))
        };
        COLUMNS.into_iter().enumerate().filter_map(field).collect()
    }

    /// A firm as it truly is.
    #[cfg(test)]
    pub(super) fn firm(&self, number: u32) -> super::firms::Firm {
        self.world.firm(u64::from(number))
    }

    /// How many firms there are.
    pub fn firms(&self) -> u64 {
        self.world.firms
    }

    /// How many rows there are.
    pub fn rows_count(&self) -> usize {
        self.order.len()
    }

    /// The rows, one after another.
    pub fn rows(&self) -> impl Iterator<Item = Row> + '_ {
        self.order.iter().map(|(firm, copy)| rows::row(self.world, u64::from(*firm), *copy))
    }
}
