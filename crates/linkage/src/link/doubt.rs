//! Numbers that were pasted: a valid number with check digits under a name it does not belong to.
//!
//! A valid number is near-proof, so one that stands in the wrong row parts that row from its true
//! partners and ties it to a stranger. It is doubted where the list itself speaks against it: all
//! other rows with the number have another name and no contact in common with the row, and a row
//! that is otherwise the same has another number. A doubted number proves nothing and rules nothing
//! out; the row is judged by the rest of it, as if it had none. A number that nobody else carries
//! is never doubted.

use super::Kind;
use super::compare::{DIFFERENT, FIELDS_MAX, SAME, level};
use super::pairs::Pairs;
use super::parts::{NONE, Parts};

/// Log-odds without numbers from which on two rows are taken for the same.
const ALIKE: f64 = 4.0;

const STRANGERS_HAVE_IT: u8 = 1;
const KIN_HAS_IT: u8 = 2;
const KIN_HAS_ANOTHER: u8 = 4;

/// What a pattern says of its pair, the numbers left aside.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Say {
    Strangers,
    Kin,
    Neither,
}

/// Marks the numbers of rows that are doubted, column by column; says how many there are.
pub(super) fn doubt(parts: &mut Parts, pairs: &Pairs, without: impl Fn(u64) -> f64) -> usize {
    let vetoing: Vec<usize> =
        (0..parts.columns.len().min(FIELDS_MAX)).filter(|at| parts.columns[*at].vetoes).collect();
    let says: Vec<Say> = pairs
        .patterns
        .iter()
        .map(|pattern| match () {
            () if is_strange(parts, *pattern) => Say::Strangers,
            () if is_named_alike(parts, *pattern) && without(*pattern) >= ALIKE => Say::Kin,
            () => Say::Neither,
        })
        .collect();
    let mut doubted = 0;
    for at in vetoing {
        let mut marks = vec![0_u8; parts.rows as usize];
        let column = &parts.columns[at];
        for (a, b, number) in pairs.all() {
            let say = says[*number as usize];
            if say == Say::Neither {
                continue;
            }
            let numbers = (column.valid(*a), column.valid(*b));
            let (Some(one), Some(other)) = numbers else { continue };
            let mark = match (one == other, say) {
                (true, Say::Strangers) => STRANGERS_HAVE_IT,
                (true, _) => KIN_HAS_IT,
                (false, Say::Kin) => KIN_HAS_ANOTHER,
                (false, _) => 0,
            };
            marks[*a as usize] |= mark;
            marks[*b as usize] |= mark;
        }
        let is_doubted = |mark: u8| mark == STRANGERS_HAVE_IT | KIN_HAS_ANOTHER;
        let found: Vec<bool> = marks.into_iter().map(is_doubted).collect();
        let count = found.iter().filter(|is_doubted| **is_doubted).count();
        if count > 0 {
            let valid = parts.columns[at].valid.iter_mut().zip(&found);
            valid.filter(|(_, is_doubted)| **is_doubted).for_each(|(number, _)| *number = NONE);
            parts.columns[at].doubted = found;
        }
        doubted += count;
    }
    doubted
}

/// The levels of the fields of a kind.
fn levels(parts: &Parts, pattern: u64, kind: Kind) -> impl Iterator<Item = u8> {
    let fields = parts.columns.iter().take(FIELDS_MAX).enumerate();
    fields.filter(move |(_, column)| column.kind == kind).map(move |(at, _)| level(pattern, at))
}

/// Whether the names differ and no contact is shared.
pub(super) fn is_strange(parts: &Parts, pattern: u64) -> bool {
    let contacts = [Kind::Phone, Kind::Email, Kind::Domain, Kind::Address];
    let mut contacts = contacts.into_iter().flat_map(|kind| levels(parts, pattern, kind));
    !contacts.any(|level| level >= 6)
        && levels(parts, pattern, Kind::CompanyName).any(|level| level == DIFFERENT)
}

/// Whether the names are the same but for how they are written.
fn is_named_alike(parts: &Parts, pattern: u64) -> bool {
    levels(parts, pattern, Kind::CompanyName).any(|level| level >= 8)
}

/// The pattern without the numbers that are doubted in either row.
pub(super) fn believed(parts: &Parts, pattern: u64, a: u32, b: u32) -> u64 {
    let mut believed = pattern;
    for (at, column) in parts.columns.iter().enumerate().take(FIELDS_MAX) {
        if column.is_doubted(a) || column.is_doubted(b) {
            believed &= !(15 << (4 * at));
        }
    }
    believed
}

/// Whether a number in common, or nearly, is all that speaks for a pair of strangers.
pub(super) fn rests_on_number(parts: &Parts, pattern: u64) -> Option<u8> {
    let fields = parts.columns.iter().take(FIELDS_MAX).enumerate();
    let best = fields.filter(|(_, c)| c.vetoes).map(|(at, _)| level(pattern, at)).max()?;
    (best > DIFFERENT && is_strange(parts, pattern)).then_some(best.min(SAME))
}
