//! Checks of tables: rows without gap and overlap, heights and pay of one kind.

use std::cmp::Ordering;

use super::Wrong;
use crate::Level;
use crate::rate::{Pay, Row};

/// What kind of heights a table has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heights {
    Whole,
    Money,
    Share,
}

impl Heights {
    pub(super) fn fit(self, level: Level) -> bool {
        matches!(
            (self, level),
            (Self::Whole, Level::Whole(_))
                | (Self::Money, Level::Money(_))
                | (Self::Share, Level::Share(_))
        )
    }
}

/// How a height lies to another of its kind.
pub(super) fn order(left: Level, right: Level) -> Option<Ordering> {
    match (left, right) {
        (Level::Whole(left), Level::Whole(right)) => Some(left.cmp(&right)),
        (Level::Money(left), Level::Money(right)) if left.currency() == right.currency() => {
            Some(left.minor().cmp(&right.minor()))
        }
        (Level::Share(left), Level::Share(right)) => Some(left.cmp(&right)),
        _ => None,
    }
}

pub(super) fn is_nought(level: Level) -> bool {
    match level {
        Level::Whole(whole) => whole == 0,
        Level::Money(money) => money.minor() == 0,
        Level::Share(share) => share.0.numerator() == 0,
    }
}

/// Everything wrong with the shape of the rows: the place of the row, and what.
pub(super) fn shape(rows: &[Row], heights: Heights) -> Vec<(usize, Wrong)> {
    let mut found = Vec::new();
    if rows.is_empty() {
        found.push((0, Wrong::Empty));
    }
    for (place, row) in rows.iter().enumerate() {
        let levels = [Some(row.over), row.up_to];
        if levels.into_iter().flatten().any(|level| !heights.fit(level)) {
            found.push((place, Wrong::LevelType));
            continue;
        }
        if row.up_to.is_some() == (place + 1 == rows.len()) {
            found.push((place, Wrong::OpenRow));
        }
        let is_rising = row.up_to.is_none_or(|end| order(row.over, end) == Some(Ordering::Less));
        if !is_rising {
            found.push((place, Wrong::EmptyRow));
        }
        if place == 0 {
            if !is_nought(row.over) {
                found.push((place, Wrong::NotFromNought));
            }
        } else if let Some(end) = rows[place - 1].up_to {
            match order(row.over, end) {
                Some(Ordering::Greater) => found.push((place, Wrong::Gap)),
                Some(Ordering::Less) => found.push((place, Wrong::Overlap)),
                _ => {}
            }
        }
    }
    found
}

/// Rows that do not pay what is wanted.
pub(super) fn pays(rows: &[Row], fits: impl Fn(Pay) -> bool) -> Vec<(usize, Wrong)> {
    let unfit = rows.iter().enumerate().filter(|(_, row)| !fits(row.pays));
    unfit.map(|(place, _)| (place, Wrong::PayType)).collect()
}
