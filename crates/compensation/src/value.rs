//! Values: what facts and literals are, their types, and how they are written.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use ledger::{Amount, Currency, Rate};
use serde::{Deserialize, Serialize};

use crate::rule::{Problem, RuleError, literal};
use crate::{Day, Name};

/// The types of the rule language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Type {
    /// `true` or `false`.
    Boolean,
    /// A whole number of 64 bits.
    Whole,
    /// An amount of one currency: `1500.00 RUB`.
    Money,
    /// An exact part of something: `12.5 %`, `1 / 3`; may be above one or below nought.
    Share,
    /// Characters between quotation marks.
    Text,
    /// A day of the calendar: `2026-03-01`.
    Day,
}

/// A value of one of the types.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Value {
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Whole(i64),
    /// Money.
    Money(Money),
    /// A share.
    Share(Share),
    /// Characters.
    Text(Name),
    /// A day.
    Day(Day),
}

impl Value {
    /// Its type.
    #[must_use]
    pub const fn kind(&self) -> Type {
        match self {
            Self::Boolean(_) => Type::Boolean,
            Self::Whole(_) => Type::Whole,
            Self::Money(_) => Type::Money,
            Self::Share(_) => Type::Share,
            Self::Text(_) => Type::Text,
            Self::Day(_) => Type::Day,
        }
    }
}

/// Money as a plan and a fact carry it; in text with the decimals of its currency, `1500.00 RUB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Money(pub Amount);

impl Money {
    /// `minor` units of `currency`.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self(Amount::new(minor, currency))
    }

    /// Minor units.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.0.minor
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.0.currency
    }
}

impl PartialOrd for Money {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Money {
    /// By currency, then by amount: an order for lists. The rule language compares amounts of one
    /// currency only.
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |money: &Self| (money.0.currency, money.0.minor);
        key(self).cmp(&key(other))
    }
}

/// An exact part of something; in text `12.5 %`, or `1 / 3` where no percentage says it whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Share(pub Rate);

impl Share {
    /// Nothing.
    pub const NONE: Self = Self(Rate::ZERO);
    /// The whole.
    pub const WHOLE: Self = Self(Rate::ONE);

    /// So many percent.
    #[must_use]
    pub fn percent(percent: i64) -> Self {
        // Beyond the range of hundredths of a percent no plan passes its check.
        Self(Rate::basis_points(percent.saturating_mul(100)))
    }
}

/// How many decimals an amount of a currency is written with: the minor units of ISO 4217.
#[must_use]
pub fn decimals(currency: Currency) -> u32 {
    const NONE: [&[u8; 3]; 16] = [
        b"BIF", b"CLP", b"DJF", b"GNF", b"ISK", b"JPY", b"KMF", b"KRW", b"PYG", b"RWF", b"UGX",
        b"VND", b"VUV", b"XAF", b"XOF", b"XPF",
    ];
    const THREE: [&[u8; 3]; 7] = [b"BHD", b"IQD", b"JOD", b"KWD", b"LYD", b"OMR", b"TND"];
    let code = currency.letters();
    if NONE.contains(&&code) {
        0
    } else if THREE.contains(&&code) {
        3
    } else {
        2
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = decimals(self.0.currency);
        let (sign, size) = (if self.0.minor < 0 { "-" } else { "" }, self.0.minor.unsigned_abs());
        let unit = 10_u64.pow(decimals);
        write!(f, "{sign}{}", size / unit)?;
        if decimals > 0 {
            let width = decimals as usize;
            write!(f, ".{:0width$}", size % unit)?;
        }
        write!(f, " {}", self.0.currency)
    }
}

impl Share {
    /// The percentage as digits and decimals, where at most nine decimals and eighteen digits say
    /// it whole.
    fn as_percent(self) -> Option<(i128, u32)> {
        let (over, under) = (i128::from(self.0.numerator()), i128::from(self.0.denominator()));
        (0..=9).find_map(|decimals| {
            let scaled = over * 100 * 10_i128.pow(decimals);
            let is_fit = scaled % under == 0 && (scaled / under).abs() < 10_i128.pow(18);
            is_fit.then_some((scaled / under, decimals))
        })
    }

    /// True when it is written as a fraction: then it binds as a division does.
    pub(crate) fn is_fraction(self) -> bool {
        self.as_percent().is_none()
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((digits, decimals)) = self.as_percent() else {
            return write!(f, "{} / {}", self.0.numerator(), self.0.denominator());
        };
        let unit = 10_u128.pow(decimals);
        let sign = if digits < 0 { "-" } else { "" };
        write!(f, "{sign}{}", digits.unsigned_abs() / unit)?;
        if decimals > 0 {
            let width = decimals as usize;
            write!(f, ".{:0width$}", digits.unsigned_abs() % unit)?;
        }
        f.write_str(" %")
    }
}

impl fmt::Display for Value {
    /// As the rule language writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean(is_true) => write!(f, "{is_true}"),
            Self::Whole(number) => write!(f, "{number}"),
            Self::Money(money) => write!(f, "{money}"),
            Self::Share(share) => write!(f, "{share}"),
            Self::Day(day) => write!(f, "{day}"),
            Self::Text(text) => {
                f.write_str("\"")?;
                for letter in text.chars() {
                    match letter {
                        '"' | '\\' => write!(f, "\\{letter}")?,
                        _ => write!(f, "{letter}")?,
                    }
                }
                f.write_str("\"")
            }
        }
    }
}

impl FromStr for Value {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        literal(text)
    }
}

impl FromStr for Money {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        match literal(text)? {
            Value::Money(money) => Ok(money),
            other => Err(RuleError::at(0, Problem::Wanted(Type::Money, other.kind()))),
        }
    }
}

impl FromStr for Share {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        match literal(text)? {
            Value::Share(share) => Ok(share),
            other => Err(RuleError::at(0, Problem::Wanted(Type::Share, other.kind()))),
        }
    }
}

/// The two conversions by which serde keeps a type as its text.
macro_rules! as_text {
    ($($kind:ty),*) => {$(
        impl TryFrom<String> for $kind {
            type Error = RuleError;

            fn try_from(text: String) -> Result<Self, RuleError> {
                text.parse()
            }
        }

        impl From<$kind> for String {
            fn from(value: $kind) -> Self {
                value.to_string()
            }
        }
    )*};
}

as_text!(Value, Money, Share);
