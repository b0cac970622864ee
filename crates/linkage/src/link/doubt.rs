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
use super::learn::Tally;
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
        for (row, _) in marks.into_iter().enumerate().filter(|(_, mark)| is_doubted(*mark)) {
            parts.columns[at].valid[row] = NONE;
            parts.doubted.resize(parts.rows as usize, 0);
            parts.doubted[row] |= 15 << (4 * at);
            doubted += 1;
        }
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
    let doubted = |row: u32| parts.doubted.get(row as usize).copied().unwrap_or(0);
    pattern & !(doubted(a) | doubted(b))
}

/// Pairs without a stray number that a share of strays is estimated against.
const STRAYS_PRIOR: f64 = 300.0;
/// No greater share of strays is believed.
const STRAYS_MAX: f64 = 0.03;

/// Of pairs of the same thing, the share whose numbers differ all the same, though none is doubted:
/// told by pairs that have both a rare name and a rare contact in common.
pub(super) fn strays<'a>(parts: &Parts, lessons: impl Iterator<Item = &'a Tally>) -> f64 {
    const RARE: u8 = SAME + 2;
    let contacts = [Kind::Phone, Kind::Email, Kind::Domain];
    let has = |pattern: u64, kind: Kind| levels(parts, pattern, kind).any(|level| level >= RARE);
    let is_plain = |pattern: u64| {
        has(pattern, Kind::CompanyName) && contacts.iter().any(|kind| has(pattern, *kind))
    };
    let (mut same, mut different) = (STRAYS_PRIOR, 0.0);
    for lesson in lessons.filter(|lesson| is_plain(lesson.pattern)) {
        same += lesson.same;
        different += lesson.different;
    }
    (different / (same + different)).min(STRAYS_MAX)
}

/// Whether a number in common, or nearly, is all that speaks for a pair of strangers.
pub(super) fn rests_on_number(parts: &Parts, pattern: u64) -> Option<u8> {
    let fields = parts.columns.iter().take(FIELDS_MAX).enumerate();
    let best = fields.filter(|(_, c)| c.vetoes).map(|(at, _)| level(pattern, at)).max()?;
    (best > DIFFERENT && is_strange(parts, pattern)).then_some(best.min(SAME))
}
