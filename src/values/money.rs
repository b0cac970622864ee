//! Money: integer minor units with a currency, no floats anywhere.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A currency by its three-letter code; all supported ones have two decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Currency {
    /// Russian rouble.
    #[default]
    #[serde(rename = "RUB")]
    Rub,
    /// Euro.
    #[serde(rename = "EUR")]
    Eur,
    /// United States dollar.
    #[serde(rename = "USD")]
    Usd,
    /// Pound sterling.
    #[serde(rename = "GBP")]
    Gbp,
    /// Kazakhstani tenge.
    #[serde(rename = "KZT")]
    Kzt,
}

impl Currency {
    /// All supported currencies.
    pub const ALL: [Self; 5] = [Self::Rub, Self::Eur, Self::Usd, Self::Gbp, Self::Kzt];
    /// The three-letter code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Rub => "RUB",
            Self::Eur => "EUR",
            Self::Usd => "USD",
            Self::Gbp => "GBP",
            Self::Kzt => "KZT",
        }
    }
    /// The sign printed beside the number.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Rub => "₽",
            Self::Eur => "€",
            Self::Usd => "$",
            Self::Gbp => "£",
            Self::Kzt => "₸",
        }
    }
    /// True where people write a comma between thousands and never before the decimals.
    fn groups_by_comma(self) -> bool {
        matches!(self, Self::Usd | Self::Gbp)
    }
    /// The currency of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.code().eq_ignore_ascii_case(code))
    }
}

/// An amount in minor units (kopecks, cents) of a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Money {
    /// Minor units; negative for what is owed the other way.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

/// The largest sum a person may type: ten thousand million major units.
pub const TYPED_MAX_MINOR: i64 = 1_000_000_000_000;

/// Why a typed sum was not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyProblem {
    /// No number could be read.
    NotANumber,
    /// More than two digits after the decimal mark.
    TooFine,
    /// Beyond [`TYPED_MAX_MINOR`].
    TooLarge,
    /// Less than zero where that has no meaning.
    Negative,
}

impl MoneyProblem {
    /// The code of the sentence that says so.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotANumber => "money-not-a-number",
            Self::TooFine => "money-too-fine",
            Self::TooLarge => "money-too-large",
            Self::Negative => "money-negative",
        }
    }
}

impl Money {
    /// An amount of minor units.
    pub fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }
    /// Reads what a person types: `1 234,50`, `1234.5`, `12 000 ₽`. Never negative.
    pub fn typed(text: &str, currency: Currency) -> Result<Self, MoneyProblem> {
        // Where both marks stand, as in `1,234.50`, the last parts the decimals.
        let grouping = match (text.rfind(','), text.rfind('.')) {
            (Some(comma), Some(dot)) => Some(if comma < dot { ',' } else { '.' }),
            (Some(_), None) if currency.groups_by_comma() && is_grouped(text) => Some(','),
            _ => None,
        };
        let kept: String = text
            .chars()
            .filter(|c| Some(*c) != grouping)
            .filter(|c| !c.is_whitespace() && !matches!(c, '₽' | '€' | '$' | '£' | '₸' | '\''))
            .map(|c| if c == ',' { '.' } else { c })
            .collect();
        if kept.starts_with('-') || kept.starts_with('−') {
            return Err(MoneyProblem::Negative);
        }
        let (whole, fraction) = kept.split_once('.').unwrap_or((&kept, ""));
        if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
            return Err(MoneyProblem::NotANumber);
        }
        if fraction.len() > 2 {
            return Err(MoneyProblem::TooFine);
        }
        let major: i64 = whole.parse().map_err(|_| MoneyProblem::TooLarge)?;
        let cents: i64 = format!("{fraction:0<2}").parse().map_err(|_| MoneyProblem::NotANumber)?;
        let minor = major
            .checked_mul(100)
            .and_then(|m| m.checked_add(cents))
            .filter(|m| *m <= TYPED_MAX_MINOR)
            .ok_or(MoneyProblem::TooLarge)?;
        Ok(Self { minor, currency })
    }
    /// The sum as it is typed, which reads as the same sum again: `1200`, `1200.50`.
    pub fn typed_text(self) -> String {
        let text = self.to_string();
        let figures = text.split(' ').next().unwrap_or_default();
        figures.strip_suffix(".00").unwrap_or(figures).to_owned()
    }
    /// The sum, or `None` on overflow or a different currency.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if self.currency != other.currency {
            return None;
        }
        self.minor.checked_add(other.minor).map(|minor| Self { minor, ..self })
    }
}

/// True where every comma has exactly three digits behind it, as in `2,400` and `1,234,567`.
fn is_grouped(text: &str) -> bool {
    let digits = |part: &str| part.trim().trim_matches(|c: char| !c.is_ascii_digit()).len();
    text.split(',').skip(1).all(|part| digits(part) == 3)
}

impl fmt::Display for Money {
    /// Machine form `1234.50 RUB`; people see `web::format`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.minor < 0 { "-" } else { "" };
        let minor = self.minor.unsigned_abs();
        write!(f, "{sign}{}.{:02} {}", minor / 100, minor % 100, self.currency.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_written_as_it_is_typed() {
        for (minor, text) in [(1_200_00, "1200"), (99_50, "99.50"), (7, "0.07"), (0, "0")] {
            let sum = Money::new(minor, Currency::Rub);
            assert_eq!(sum.typed_text(), text);
            assert_eq!(Money::typed(text, Currency::Rub), Ok(sum));
        }
    }

    #[test]
    fn typed_sums_are_read_as_people_write_them() {
        for (text, expected) in [
            ("1 234,50", Ok(123_450)),
            ("1234.5", Ok(123_450)),
            ("1,234.50", Ok(123_450)),
            ("1.234.567,5", Ok(123_456_750)),
            ("1,2,3", Err(MoneyProblem::NotANumber)),
            ("12\u{a0}000 ₽", Ok(1_200_000)),
            ("0", Ok(0)),
            ("", Err(MoneyProblem::NotANumber)),
            ("12,345", Err(MoneyProblem::TooFine)),
            ("-5", Err(MoneyProblem::Negative)),
            ("99999999999999999999", Err(MoneyProblem::TooLarge)),
            ("10 000 000 001", Err(MoneyProblem::TooLarge)),
        ] {
            assert_eq!(Money::typed(text, Currency::Rub).map(|m| m.minor), expected, "{text}");
        }
        for (text, expected) in [
            ("2,400", Ok(240_000)),
            ("£1,234,567", Ok(123_456_700)),
            ("5,50", Ok(550)),
            ("1,23,456", Err(MoneyProblem::NotANumber)),
            ("12,3456", Err(MoneyProblem::TooFine)),
        ] {
            assert_eq!(Money::typed(text, Currency::Gbp).map(|m| m.minor), expected, "{text}");
        }
    }
}
