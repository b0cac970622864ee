//! The Russian state registration number (ОГРН, ОГРНИП).
//!
//! Its parts and its check digit are those of the rules by which the registers are kept: decrees of
//! the government 438 of 19 June 2002 (companies) and 630 of 16 October 2003 (sole traders), and
//! after them the order of the Ministry of Finance 165н of 30 October 2017.

use std::fmt;

use super::identifiers::{Alphabet, IdentifierProblem, digit_values, read};

/// Whose registration it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OgrnKind {
    /// A legal entity (ОГРН): thirteen digits, the first 1 or 5.
    Company13,
    /// A sole trader (ОГРНИП): fifteen digits, the first 3.
    SoleTrader15,
}

/// A registration number whose check digit holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ogrn {
    number: u64,
    kind: OgrnKind,
}

impl Ogrn {
    /// The thirteen or fifteen digits.
    #[must_use]
    pub fn digits(self) -> String {
        // The first digit is never zero, so no padding is needed.
        self.number.to_string()
    }

    /// Company or sole trader.
    #[must_use]
    pub fn kind(self) -> OgrnKind {
        self.kind
    }

    /// The last two digits of the year of the entry in the register, 0 to 99.
    #[must_use]
    pub fn year(self) -> u8 {
        (self.number / self.scale() / 100 % 100) as u8
    }

    /// The region of the registration, 1 to 99.
    #[must_use]
    pub fn region(self) -> u8 {
        (self.number / self.scale() % 100) as u8
    }

    /// What stands behind the first five digits.
    fn scale(self) -> u64 {
        match self.kind {
            OgrnKind::Company13 => 100_000_000,
            OgrnKind::SoleTrader15 => 10_000_000_000,
        }
    }
}

impl fmt::Display for Ogrn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.digits())
    }
}

/// Why a text is not, as it stands, a valid registration number.
pub type OgrnProblem = IdentifierProblem<Ogrn>;

/// Reads a registration number of a company or a sole trader.
///
/// Ignored and repaired like [`super::tax_id`], without the lost zero: no such number begins with
/// one. Check digit: the digits in front of it modulo 11 (company) or 13 (sole trader), modulo 10.
pub fn ogrn(text: &str) -> Result<Ogrn, OgrnProblem> {
    let written = read(text, &["ОГРНИП", "ОГРН", "OGRNIP", "OGRN"], Alphabet::Digits)?;
    if written.is_all_zero() {
        return Err(IdentifierProblem::AllZero);
    }
    let digits = digit_values(&written.text);
    let (kind, modulus) = match digits.len() {
        13 => (OgrnKind::Company13, 11),
        15 => (OgrnKind::SoleTrader15, 13),
        found => return Err(IdentifierProblem::Length { found }),
    };
    let lead_fits = match kind {
        OgrnKind::Company13 => matches!(digits[0], 1 | 5),
        OgrnKind::SoleTrader15 => digits[0] == 3,
    };
    if !lead_fits || &written.text[3..5] == b"00" {
        return Err(IdentifierProblem::Lead);
    }
    let number: u64 = digits.iter().fold(0, |number, digit| number * 10 + u64::from(*digit));
    if number / 10 % modulus % 10 != number % 10 {
        return Err(IdentifierProblem::Checksum);
    }
    written.give(Ogrn { number, kind })
}
