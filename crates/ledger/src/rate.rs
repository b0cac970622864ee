//! Rates: exact fractions, applied to an amount with one named rounding.
//!
//! A rate keeps numerator and denominator, reduced, so 5 % is exactly 1/20. The product with an
//! amount is formed in 128 bits, where it always fits, and rounded once; the sum of a rate table
//! (`steps.rs`) shares the same division so that a line is never rounded twice.

use std::cmp::Ordering;
use std::fmt;

use crate::amount::{Amount, AmountError};

/// What happens to the fraction of a minor unit. It belongs to the rule that made the amount and
/// is stored with it, because another choice gives other last units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// To the nearest unit, halves away from zero: 2.5 → 3, −2.5 → −3. The commercial custom;
    /// an amount and its opposite round to opposites.
    HalfUp,
    /// To the nearest unit, halves to the even neighbour: 2.5 → 2, 3.5 → 4. No drift over many
    /// amounts; `roundTiesToEven` of IEEE 754-2019 §4.3.1.
    HalfEven,
    /// Towards minus infinity: 2.9 → 2, −2.1 → −3. An amount and its opposite may differ by one.
    Floor,
}

impl Rounding {
    /// A stable word for storage: `half_up`, `half_even`, `floor`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::HalfUp => "half_up",
            Self::HalfEven => "half_even",
            Self::Floor => "floor",
        }
    }

    /// The rounding a stored word names, if any.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::HalfUp, Self::HalfEven, Self::Floor].into_iter().find(|known| known.code() == code)
    }

    /// `over / under` rounded. `under` must be above zero: a fraction of another library comes
    /// here to be rounded as a line of this one is.
    #[must_use]
    pub fn divide(self, over: i128, under: i128) -> i128 {
        let floor = over.div_euclid(under);
        let rest = over.rem_euclid(under);
        // The rest is compared with what is missing to the next unit: doubling it could overflow.
        let up = match (self, rest.cmp(&(under - rest))) {
            (Self::Floor, _) | (_, Ordering::Less) => false,
            (_, Ordering::Greater) => true,
            (Self::HalfUp, Ordering::Equal) => over >= 0,
            (Self::HalfEven, Ordering::Equal) => floor % 2 != 0,
        };
        floor + i128::from(up)
    }
}

/// An exact fraction, reduced to lowest terms, with a denominator of one or more. Rates are
/// ordered by value and may be above one or below zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rate {
    numerator: i64,
    denominator: i64,
}

impl Rate {
    /// Nothing at all: 0/1.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };
    /// The whole: 1/1.
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// The fraction `numerator / denominator`, reduced: 500/10,000 is kept as 1/20.
    ///
    /// # Errors
    /// [`AmountError::NotARate`] when `denominator` is zero or negative.
    pub fn new(numerator: i64, denominator: i64) -> Result<Self, AmountError> {
        if denominator < 1 {
            return Err(AmountError::NotARate);
        }
        Self::reduced(i128::from(numerator), i128::from(denominator))
    }

    /// Hundredths of a percent: 500 is 5 %.
    #[must_use]
    pub fn basis_points(points: i64) -> Self {
        let shared = gcd(i128::from(points), 10_000);
        // The divisor lies between 1 and 10,000, so neither conversion can lose anything.
        let shared = i64::try_from(shared).unwrap_or(1);
        Self { numerator: points / shared, denominator: 10_000 / shared }
    }

    /// The upper part in lowest terms.
    #[must_use]
    pub const fn numerator(self) -> i64 {
        self.numerator
    }

    /// The lower part in lowest terms, one or more.
    #[must_use]
    pub const fn denominator(self) -> i64 {
        self.denominator
    }

    /// The exact product of two rates, so that several multipliers are rounded together, once.
    ///
    /// # Errors
    /// [`AmountError::Overflow`] when the reduced product needs more than 64 bits in a part.
    pub fn times(self, other: Self) -> Result<Self, AmountError> {
        Self::reduced(
            i128::from(self.numerator) * i128::from(other.numerator),
            i128::from(self.denominator) * i128::from(other.denominator),
        )
    }

    /// This rate of `amount`, rounded once as told.
    ///
    /// # Errors
    /// [`AmountError::Overflow`] when the rounded result does not fit into an `i64`.
    pub fn of(self, amount: Amount, rounding: Rounding) -> Result<Amount, AmountError> {
        // Two factors of 63 bits and a sign make at most 126 bits: the product is exact.
        let over = i128::from(amount.minor) * i128::from(self.numerator);
        Amount::from_wide(rounding.divide(over, i128::from(self.denominator)), amount.currency)
    }

    fn reduced(over: i128, under: i128) -> Result<Self, AmountError> {
        let shared = gcd(over, under);
        let part = |whole: i128| i64::try_from(whole / shared).map_err(|_| AmountError::Overflow);
        Ok(Self { numerator: part(over)?, denominator: part(under)? })
    }
}

impl Ord for Rate {
    fn cmp(&self, other: &Self) -> Ordering {
        let left = i128::from(self.numerator) * i128::from(other.denominator);
        let right = i128::from(other.numerator) * i128::from(self.denominator);
        left.cmp(&right)
    }
}

impl PartialOrd for Rate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Rate {
    /// The fraction in lowest terms, such as `1/20`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

/// The greatest common divisor by Euclid; at least one here, since `b` is never zero at the start.
pub(crate) fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.abs()
}
