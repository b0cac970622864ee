//! Caps: the most of what belongs together. The earliest fills them first.

use crate::hash::Map;

use crate::Name;
use crate::credit::Cut;
use crate::plan::{Component, Per};

/// An amount twice: what is owed, and what would be if everything open were passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Both {
    pub posted: i64,
    pub open: i64,
}

/// What was asked for under one cap so far, in both ways.
type Filled = Map<(usize, Name), (i128, i128)>;

/// Where an amount belongs, for those who cap it.
pub(super) struct Belongs<'a> {
    pub deal: Option<&'a Name>,
    pub labels: Option<&'a crate::Labels>,
    /// The label of the component's own period.
    pub own: Option<&'a Name>,
}

/// The caps of one component in one bucket.
#[derive(Debug, Default)]
pub(super) struct Caps {
    filled: Filled,
}

/// The part of `amount` that lies under `most` after what was asked for before.
fn under(before: &mut i128, amount: i64, most: i64) -> i64 {
    let after = *before + i128::from(amount);
    let most = i128::from(most);
    let part = after.min(most) - (*before).min(most);
    *before = after;
    // The part lies between nought and the amount.
    i64::try_from(part).unwrap_or(amount)
}

impl Caps {
    /// The amount as the caps leave it, each working on what the one before left.
    pub fn cut(
        &mut self,
        component: &Component,
        belongs: &Belongs<'_>,
        amount: Both,
        cuts: &mut Vec<Cut>,
    ) -> Both {
        let mut left = amount;
        for (place, cap) in component.caps.iter().enumerate() {
            let most = cap.most.minor();
            let empty = Name::from("");
            let key = match cap.per {
                Per::Amount => None,
                Per::Deal => belongs.deal.cloned(),
                Per::Component => Some(empty),
                Per::Month | Per::Quarter | Per::Year => {
                    let period = cap.per.period().unwrap_or(crate::Period::Term);
                    let label = belongs.labels.and_then(|labels| labels.of(period));
                    label.or(belongs.own).cloned()
                }
            };
            let before = left;
            left = match key {
                None => Both { posted: left.posted.min(most), open: left.open.min(most) },
                Some(key) => {
                    let filled = self.filled.entry((place, key)).or_default();
                    Both {
                        posted: under(&mut filled.0, left.posted, most),
                        open: under(&mut filled.1, left.open, most),
                    }
                }
            };
            note(cuts, Some(place), most, (before, left));
        }
        left
    }

    /// The amount as the cap of a whole plan leaves it, month by month.
    pub fn cut_month(
        &mut self,
        most: i64,
        month: &Name,
        amount: Both,
        cuts: &mut Vec<Cut>,
    ) -> Both {
        let filled = self.filled.entry((0, month.clone())).or_default();
        let left = Both {
            posted: under(&mut filled.0, amount.posted, most),
            open: under(&mut filled.1, amount.open, most),
        };
        note(cuts, None, most, (amount, left));
        left
    }
}

fn note(cuts: &mut Vec<Cut>, cap: Option<usize>, most: i64, amounts: (Both, Both)) {
    let (before, after) = amounts;
    if before != after {
        cuts.push(Cut { cap, most, before: before.open, after: after.open });
    }
}
