//! Shares of one whole as weights with one denominator: what an amount is split by.

use crate::Share;

/// Shares as parts of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Weights {
    /// One for each share.
    pub parts: Vec<u64>,
    /// What the whole has.
    pub unit: u64,
}

/// None where a share is below nought, or the shares have no common denominator in 32 bits.
pub(crate) fn weights(shares: &[Share]) -> Option<Weights> {
    let mut unit = 1_u64;
    for share in shares {
        let under = u64::try_from(share.0.denominator()).ok()?;
        unit = unit.checked_mul(under / gcd(unit, under))?;
        if unit > u64::from(u32::MAX) {
            return None;
        }
    }
    let part = |share: &Share| {
        let over = u64::try_from(share.0.numerator()).ok()?;
        let under = u64::try_from(share.0.denominator()).ok()?;
        over.checked_mul(unit / under)
    };
    let parts: Option<Vec<u64>> = shares.iter().map(part).collect();
    let parts = parts?;
    parts.iter().try_fold(0_u64, |sum, part| sum.checked_add(*part))?;
    Some(Weights { parts, unit })
}

fn gcd(a: u64, b: u64) -> u64 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}
