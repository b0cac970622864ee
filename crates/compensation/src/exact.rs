//! Exact fractions in 128 bits: what is computed before the one rounding of a line.

use std::cmp::Ordering;

use ledger::{Rate, Rounding};

use crate::credit::Part;

/// A fraction with a denominator of one or more. It is reduced only where it would not fit
/// otherwise: most denominators stay small, and a division costs more than a product.
#[derive(Debug, Clone, Copy)]
pub struct Exact {
    over: i128,
    under: i128,
}

impl Exact {
    /// Nothing.
    pub const ZERO: Self = Self { over: 0, under: 1 };
    /// One.
    pub const ONE: Self = Self { over: 1, under: 1 };

    /// A whole number.
    #[must_use]
    pub const fn whole(number: i64) -> Self {
        Self { over: number as i128, under: 1 }
    }

    /// A fraction; none when `under` is below one.
    #[must_use]
    pub const fn new(over: i64, under: i64) -> Option<Self> {
        if under < 1 {
            return None;
        }
        Some(Self { over: over as i128, under: under as i128 })
    }

    /// Upper and lower part in lowest terms.
    #[must_use]
    pub fn parts(self) -> (i128, i128) {
        if self.under == 1 {
            return (self.over, 1);
        }
        let shared = gcd(self.over.unsigned_abs(), self.under.unsigned_abs());
        // The shared part is at most the lower one, which is positive.
        let shared = i128::try_from(shared).unwrap_or(1);
        (self.over / shared, self.under / shared)
    }

    /// The sum; none where it does not fit.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        if self.under == other.under {
            let over = self.over.checked_add(other.over);
            return over.map(|over| Self { over, under: self.under });
        }
        self.add(other).or_else(|| self.reduced().add(other.reduced()))
    }

    /// The difference; none where it does not fit.
    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(other.negated()?)
    }

    /// The same distance from nought on the other side.
    #[must_use]
    pub fn negated(self) -> Option<Self> {
        self.over.checked_neg().map(|over| Self { over, under: self.under })
    }

    /// The product; none where it does not fit.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        self.multiply(other).or_else(|| self.reduced().multiply(other.reduced()))
    }

    /// The quotient; none where it does not fit or `other` is nought.
    #[must_use]
    pub fn divided(self, other: Self) -> Option<Self> {
        let turned = match other.over.cmp(&0) {
            Ordering::Equal => return None,
            Ordering::Greater => Self { over: other.under, under: other.over },
            Ordering::Less => {
                Self { over: other.under.checked_neg()?, under: other.over.checked_neg()? }
            }
        };
        self.times(turned)
    }

    /// Which is larger; none where the comparison does not fit.
    #[must_use]
    pub fn compare(self, other: Self) -> Option<Ordering> {
        if self.under == other.under {
            return Some(self.over.cmp(&other.over));
        }
        self.cross(other).or_else(|| self.reduced().cross(other.reduced()))
    }

    /// Rounded once, as told; none where the whole number needs more than 64 bits.
    #[must_use]
    pub fn rounded(self, rounding: Rounding) -> Option<i64> {
        if self.under == 1 {
            return i64::try_from(self.over).ok();
        }
        i64::try_from(rounding.divide(self.over, self.under)).ok()
    }

    /// True when it is nought.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.over == 0
    }

    /// True when it is below nought.
    #[must_use]
    pub const fn is_below_zero(self) -> bool {
        self.over < 0
    }

    /// As a part of an explanation.
    #[must_use]
    pub fn part(self) -> Part {
        let (over, under) = self.parts();
        match (i64::try_from(over), i64::try_from(under)) {
            (Ok(over), Ok(under)) => Part { over, under },
            _ => Part { over: 0, under: 0 },
        }
    }

    fn add(self, other: Self) -> Option<Self> {
        let left = self.over.checked_mul(other.under)?;
        let right = other.over.checked_mul(self.under)?;
        let under = self.under.checked_mul(other.under)?;
        Some(Self { over: left.checked_add(right)?, under }.modest())
    }

    fn multiply(self, other: Self) -> Option<Self> {
        let over = self.over.checked_mul(other.over)?;
        let under = self.under.checked_mul(other.under)?;
        Some(Self { over, under }.modest())
    }

    fn cross(self, other: Self) -> Option<Ordering> {
        let left = self.over.checked_mul(other.under)?;
        let right = other.over.checked_mul(self.under)?;
        Some(left.cmp(&right))
    }

    /// Reduced where the lower part has grown, so that a long sum stays within bounds.
    fn modest(self) -> Self {
        if self.under > i128::from(u32::MAX) { self.reduced() } else { self }
    }

    fn reduced(self) -> Self {
        let (over, under) = self.parts();
        Self { over, under }
    }
}

impl From<Rate> for Exact {
    fn from(rate: Rate) -> Self {
        let (over, under) = (i128::from(rate.numerator()), i128::from(rate.denominator()));
        Self { over, under }
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

impl Eq for Exact {}

/// The greatest common divisor by Euclid; at least one, since `b` is above nought here.
fn gcd(a: u128, b: u128) -> u128 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        if let (Ok(small_a), Ok(small_b)) = (u64::try_from(a), u64::try_from(b)) {
            return u128::from(gcd_small(small_a, small_b));
        }
        (a, b) = (b, a % b);
    }
    a
}

/// The same in the width a processor divides fast.
fn gcd_small(a: u64, b: u64) -> u64 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
