//! A pair of rows into levels of agreement, four bits for each field, packed into one number.
//!
//! Level 0 is "unknown on one side", 1 "different", 2 to 9 nearness by the measure of the kind, 10
//! "the same but for where or how it is written", 11 to 15 "the same", the higher the rarer the
//! value is in its column. So pairs of one pattern have one weight, computed once.

use super::Kind;
use super::near::{near, near_numbers};
use super::parts::{Column, Parts, SEVERAL};
use super::threads::shared;

/// Levels of one field; as many as four bits hold.
pub(super) const LEVELS: usize = 16;
/// Fields that a pattern has room for; whoever has more names fewer, the rest is not looked at.
pub const FIELDS_MAX: usize = 16;
pub(super) const DIFFERENT: u8 = 1;
pub(super) const ELSEWHERE: u8 = 10;
pub(super) const SAME: u8 = 11;

/// The level of a field in a pattern.
pub(super) fn level(pattern: u64, field: usize) -> u8 {
    (pattern >> (4 * field) & 15) as u8
}

/// Pairs whose patterns are worked out together.
pub(super) const BATCH: usize = 128;

/// The levels of a pair.
pub(super) fn pattern(parts: &Parts, a: u32, b: u32) -> u64 {
    let mut found = [0];
    patterns(parts, &[(a, b)], &mut found);
    found[0]
}

/// The levels of several pairs, at most [`BATCH`], into `found`. Column by column: first pairs are
/// parted by what there is to be done, without a look at any value; then what a column looks at is
/// fetched for all of them before the first is judged, since a processor waits for many distant
/// cells of memory at once as long as for one.
pub(super) fn patterns(parts: &Parts, pairs: &[(u32, u32)], found: &mut [u64]) {
    let mut has_mail = [false; BATCH];
    let mut met = Met::default();
    found[..pairs.len()].fill(0);
    for (at, column) in parts.columns.iter().enumerate().take(FIELDS_MAX) {
        met.look(parts, at, pairs);
        let mut put = |place: u8, level: u8| {
            let place = usize::from(place) % BATCH;
            has_mail[place] |= column.kind == Kind::Email && level >= SAME;
            found[place] |= u64::from(level) << (4 * at);
        };
        for place in met.equal() {
            let (a, b) = pairs[usize::from(*place)];
            put(*place, same_level(column, parts.only(a)[at], (a, b)));
        }
        for place in met.several() {
            let (a, b) = pairs[usize::from(*place)];
            put(*place, field_level(parts, column, a, b));
        }
        fetch(parts, column, met.unlike());
        let may_stray = may_be_elsewhere(column.kind) && !column.siblings.is_empty();
        for (place, one, other) in met.unlike() {
            let is_elsewhere = || {
                let (a, b) = pairs[usize::from(*place)];
                is_elsewhere(parts, at, (a, parts.only(a)), (b, parts.only(b)))
            };
            let level = match may_stray && is_elsewhere() {
                true => ELSEWHERE,
                false => nearest(parts, column, *one, *other),
            };
            put(*place, level);
        }
    }
    // A mail address in common is the reason for the domain in common, so it counts once.
    for (pattern, has_mail) in found.iter_mut().zip(has_mail) {
        *pattern &= if has_mail { parts.but_domains } else { u64::MAX };
    }
}

/// Pairs of a batch by what they have in a column: the places of those of one value, of those that
/// have several, and of those of two values with the values. Where a side has none, there is
/// nothing to do.
struct Met {
    equal: [u8; BATCH],
    several: [u8; BATCH],
    unlike: [(u8, u32, u32); BATCH],
    counts: [usize; 3],
}

impl Default for Met {
    fn default() -> Self {
        Self { equal: [0; BATCH], several: [0; BATCH], unlike: [(0, 0, 0); BATCH], counts: [0; 3] }
    }
}

impl Met {
    fn look(&mut self, parts: &Parts, at: usize, pairs: &[(u32, u32)]) {
        let [mut equal, mut several, mut unlike] = [0; 3];
        // Without a branch: which it is cannot be foretold. Each place is written in all lists, and
        // counted in the one it belongs to.
        for (place, (a, b)) in (0_u8..).zip(&pairs[..pairs.len().min(BATCH)]) {
            let (one, other) = (parts.only(*a)[at], parts.only(*b)[at]);
            let most = one.max(other);
            self.equal[equal] = place;
            self.several[several] = place;
            self.unlike[unlike] = (place, one, other);
            equal += usize::from(most < SEVERAL && one == other);
            several += usize::from(most == SEVERAL);
            unlike += usize::from(most < SEVERAL && one != other);
        }
        self.counts = [equal, several, unlike];
    }

    fn equal(&self) -> &[u8] {
        &self.equal[..self.counts[0]]
    }

    fn several(&self) -> &[u8] {
        &self.several[..self.counts[1]]
    }

    fn unlike(&self) -> &[(u8, u32, u32)] {
        &self.unlike[..self.counts[2]]
    }
}

/// The levels of any number of pairs, by several threads.
pub(super) fn all_patterns(parts: &Parts, pairs: &[(u32, u32)], threads: usize) -> Vec<u64> {
    let runs: Vec<_> = pairs.chunks(32 * BATCH).collect();
    let found = shared(threads, runs.len(), |at| {
        let mut found = vec![0; runs[at].len()];
        for (pairs, found) in runs[at].chunks(BATCH).zip(found.chunks_mut(BATCH)) {
            patterns(parts, pairs, found);
        }
        found
    });
    found.concat()
}

/// Looks at values of a column, and does nothing with them.
fn fetch(parts: &Parts, column: &Column, met: &[(u8, u32, u32)]) {
    if matches!(column.kind, Kind::Category | Kind::Number) {
        return;
    }
    let values = &parts.dictionaries[column.dictionary].values;
    let mut seen = 0;
    for (_, one, other) in met {
        seen ^= values[*one as usize].word_bits ^ values[*other as usize].word_bits;
    }
    std::hint::black_box(seen);
}

/// Whether two different valid numbers of one authority rule the pair out.
pub(super) fn is_vetoed(parts: &Parts, a: u32, b: u32) -> bool {
    parts.columns.iter().any(|column| is_clash(column, a, b))
}

/// Whether two rows have different valid numbers in a column.
pub(super) fn is_clash(column: &Column, a: u32, b: u32) -> bool {
    matches!((column.valid(a), column.valid(b)), (Some(one), Some(other)) if one != other)
}

/// The level of a value that both have, by how many rows of the column carry it.
pub(super) fn rarity(column: &Column, number: u32, rows: u32) -> u8 {
    let carriers = column.carriers[number as usize];
    // The second measure keeps a word of a long list apart from one of a short list: what one row
    // in thirty has is common, however few rows there are.
    let share = f64::from(carriers) / f64::from(rows.max(1));
    match carriers {
        ..=3 => SAME + 4,
        4..=8 => SAME + 3,
        _ if share > 0.03 => SAME,
        9..=40 => SAME + 2,
        _ => SAME + 1,
    }
}

/// The level of a value that both rows have, told from names whose legal forms differ.
fn same_level(column: &Column, number: u32, (a, b): (u32, u32)) -> u8 {
    let forms = |row: u32| column.forms.get(row as usize).copied().unwrap_or(0);
    let (one, other) = (forms(a), forms(b));
    let forms_clash = one != other && one != 0 && other != 0;
    if forms_clash { ELSEWHERE } else { column.classes[number as usize] }
}

/// The level of a column of which a row has several values.
fn field_level(parts: &Parts, column: &Column, a: u32, b: u32) -> u8 {
    let (left, right) = (column.of(a), column.of(b));
    let shared = left.iter().filter(|number| right.contains(number));
    let best = shared.map(|number| same_level(column, *number, (a, b))).max();
    if let Some(best) = best {
        return best;
    }
    if are_elsewhere(parts, column, a, b) {
        return ELSEWHERE;
    }
    let pairs = left.iter().flat_map(|one| right.iter().map(move |other| (*one, *other)));
    let levels = pairs.map(|(one, other)| nearest(parts, column, one, other));
    levels.max().unwrap_or(DIFFERENT)
}

fn nearest(parts: &Parts, column: &Column, one: u32, other: u32) -> u8 {
    let dictionary = &parts.dictionaries[column.dictionary];
    if column.kind == Kind::Number {
        return near_numbers(dictionary.quantity(one), dictionary.quantity(other));
    }
    near(column.kind, dictionary, dictionary.seen(one), dictionary.seen(other))
}

/// Whether a value of the one row stands in another column of the same kind in the other row, as
/// when surname and given name changed places.
fn is_elsewhere(
    parts: &Parts,
    at: usize,
    (a, left): (u32, &[u32]),
    (b, right): (u32, &[u32]),
) -> bool {
    let column = &parts.columns[at];
    let mut siblings = column.siblings.iter().copied();
    let met = |sibling: usize| right[sibling] == left[at] || left[sibling] == right[at];
    let has_several = |sibling: usize| left[sibling] == SEVERAL || right[sibling] == SEVERAL;
    siblings
        .any(|sibling| met(sibling) || has_several(sibling) && are_elsewhere(parts, column, a, b))
}

/// The same of rows with several values in a column.
fn are_elsewhere(parts: &Parts, column: &Column, a: u32, b: u32) -> bool {
    let siblings = || column.siblings.iter().map(|at| &parts.columns[*at]);
    let meets = |from: u32, to: u32| {
        siblings().any(|other| other.of(to).iter().any(|n| column.of(from).contains(n)))
    };
    may_be_elsewhere(column.kind) && (meets(a, b) || meets(b, a))
}

fn may_be_elsewhere(kind: Kind) -> bool {
    matches!(kind, Kind::PersonName | Kind::Address | Kind::City | Kind::Phone)
}
