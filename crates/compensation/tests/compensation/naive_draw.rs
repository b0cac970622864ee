//! What floor a month has, day by day.

use crate::reference::fraction::F;
use crate::reference::{Rounds, days_of};

/// A floor that is smaller by days: first day, first day after, minor units of a whole month.
pub type Stretch = (i64, i64, i64);

/// The floor of a month in minor units: each day has the part of a day of the floor it lies under.
pub fn floor(stretches: &[Stretch], month: usize) -> i64 {
    let (first, after) = days_of(month);
    let mut sum = F::NONE;
    for day in first..after {
        for (from, until, minor) in stretches {
            if (*from..*until).contains(&day) {
                sum = sum.add(F::new(*minor, after - first));
            }
        }
    }
    sum.round(Rounds::Up)
}
