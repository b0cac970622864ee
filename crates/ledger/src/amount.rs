//! Amounts: whole minor units of one currency.
//!
//! An amount is an `i64` count of the smallest unit a currency is kept in (kopecks, cents) with
//! that currency beside it. Arithmetic is checked: a result that does not fit, or a sum of two
//! currencies, is an error and never a wrapped or rounded number. There are no floats here.
//! Rates (`rate.rs`) turn one amount into another; `Book` adds amounts up.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Why a piece of arithmetic has no answer. Nothing is changed when one is returned.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AmountError {
    /// The exact result lies outside the range of a 64-bit count of minor units.
    #[error("the result does not fit into 64 bits; split the amount or use a coarser rate")]
    Overflow,
    /// Two amounts of different currencies met.
    #[error("{left} and {right} cannot be added or compared; convert one of them first")]
    CurrenciesDiffer {
        /// Currency of the first amount.
        left: Currency,
        /// Currency of the second amount.
        right: Currency,
    },
    /// A currency code is not three capital ASCII letters.
    #[error("a currency is three capital letters, such as EUR")]
    NotACurrency,
    /// A rate's denominator is zero or negative.
    #[error("the lower part of a rate must be one or more")]
    NotARate,
    /// A quantity that must be zero or more is below zero.
    #[error("{what} must not be below zero")]
    Negative {
        /// Which quantity, in words.
        what: &'static str,
    },
    /// The bounds of a rate table are not positive and strictly rising.
    #[error("each step must end above the one before it, and the first above zero")]
    StepsOutOfOrder,
    /// A split has no share above zero to give the amount to.
    #[error("a split needs at least one share above zero")]
    NoShares,
}

/// Three capital ASCII letters, as in ISO 4217. The number of decimals is the caller's concern.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Reads a code such as `EUR`.
    ///
    /// # Errors
    /// [`AmountError::NotACurrency`] unless `code` is exactly three letters `A` to `Z`. Small
    /// letters are refused rather than raised, so that one currency has one spelling in a hash.
    pub const fn new(code: &str) -> Result<Self, AmountError> {
        match *code.as_bytes() {
            [a, b, c]
                if a.is_ascii_uppercase() && b.is_ascii_uppercase() && c.is_ascii_uppercase() =>
            {
                Ok(Self([a, b, c]))
            }
            _ => Err(AmountError::NotACurrency),
        }
    }

    /// The three letters as bytes.
    #[must_use]
    pub const fn letters(self) -> [u8; 3] {
        self.0
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|letter| write!(f, "{}", char::from(*letter)))
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Currency {
    type Err = AmountError;

    fn from_str(code: &str) -> Result<Self, AmountError> {
        Self::new(code)
    }
}

/// A count of minor units of one currency; below zero where a balance or a difference is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Amount {
    /// Minor units, the whole range of `i64`.
    pub minor: i64,
    /// The currency the units belong to.
    pub currency: Currency,
}

impl Amount {
    /// `minor` units of `currency`.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in `currency`.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// The sum of two amounts of one currency.
    ///
    /// # Errors
    /// [`AmountError::CurrenciesDiffer`] or [`AmountError::Overflow`].
    pub fn plus(self, other: Self) -> Result<Self, AmountError> {
        self.same_currency(other)?;
        self.with(self.minor.checked_add(other.minor))
    }

    /// This amount less another of the same currency; may fall below zero.
    ///
    /// # Errors
    /// [`AmountError::CurrenciesDiffer`] or [`AmountError::Overflow`].
    pub fn minus(self, other: Self) -> Result<Self, AmountError> {
        self.same_currency(other)?;
        self.with(self.minor.checked_sub(other.minor))
    }

    /// The same distance from zero on the other side.
    ///
    /// # Errors
    /// [`AmountError::Overflow`] for `i64::MIN`, which has no opposite.
    pub fn negated(self) -> Result<Self, AmountError> {
        self.with(self.minor.checked_neg())
    }

    /// `count` times this amount, exactly.
    ///
    /// # Errors
    /// [`AmountError::Overflow`].
    pub fn times(self, count: i64) -> Result<Self, AmountError> {
        self.with(self.minor.checked_mul(count))
    }

    /// The sum of `amounts`, zero of `currency` when there are none. The order does not matter:
    /// the total is refused only when the total itself does not fit.
    ///
    /// # Errors
    /// [`AmountError::CurrenciesDiffer`] when one is of another currency, or
    /// [`AmountError::Overflow`].
    pub fn sum(
        currency: Currency,
        amounts: impl IntoIterator<Item = Self>,
    ) -> Result<Self, AmountError> {
        let mut total = 0_i128;
        for amount in amounts {
            Self::zero(currency).same_currency(amount)?;
            total = total.checked_add(i128::from(amount.minor)).ok_or(AmountError::Overflow)?;
        }
        Self::from_wide(total, currency)
    }

    pub(crate) fn same_currency(self, other: Self) -> Result<(), AmountError> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(AmountError::CurrenciesDiffer { left: self.currency, right: other.currency })
    }

    pub(crate) fn from_wide(minor: i128, currency: Currency) -> Result<Self, AmountError> {
        let minor = i64::try_from(minor).map_err(|_| AmountError::Overflow)?;
        Ok(Self::new(minor, currency))
    }

    fn with(self, minor: Option<i64>) -> Result<Self, AmountError> {
        minor.map(|minor| Self::new(minor, self.currency)).ok_or(AmountError::Overflow)
    }
}

impl fmt::Display for Amount {
    /// Minor units and the code, such as `205000 minor EUR`; screens format their own way.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} minor {}", self.minor, self.currency)
    }
}
