//! The Russian taxpayer number (ИНН).
//!
//! Its parts are those of the order of the Federal Tax Service ММВ-7-6/435@ of 29 June 2012. The
//! order names a check number without its formula: the weights below are those in general use.

use std::fmt;

use super::identifiers::{
    Alphabet, IdentifierProblem, Written, digit_values, read, spelled, weighted_check,
};

const WEIGHTS_TENTH: [u8; 9] = [2, 4, 10, 3, 5, 9, 4, 6, 8];
const WEIGHTS_ELEVENTH: [u8; 10] = [7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
const WEIGHTS_TWELFTH: [u8; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];

/// Whose number it is, which its length tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaxIdKind {
    /// A legal entity: ten digits, the last one a check digit.
    Company10,
    /// A person, so also a sole trader: twelve digits, the last two check digits.
    Person12,
}

/// A taxpayer number whose check digits hold. One wrong digit still slips through in 1.6 % of
/// cases and a random number passes in 9.9 %: the sum is evidence, a registry's answer is proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaxId {
    number: u64,
    kind: TaxIdKind,
}

impl TaxId {
    /// The ten or twelve digits with their leading zero, as documents print them.
    #[must_use]
    pub fn digits(self) -> String {
        match self.kind {
            TaxIdKind::Company10 => spelled(self.number, 10),
            TaxIdKind::Person12 => spelled(self.number, 12),
        }
    }

    /// Company or person.
    #[must_use]
    pub fn kind(self) -> TaxIdKind {
        self.kind
    }

    /// The region of the first registration, 1 to 99: the first two digits.
    #[must_use]
    pub fn region(self) -> u8 {
        let scale = match self.kind {
            TaxIdKind::Company10 => 100_000_000,
            TaxIdKind::Person12 => 10_000_000_000,
        };
        (self.number / scale) as u8
    }

    /// Whether the number was given to a foreign company (it begins with 9909).
    #[must_use]
    pub fn is_foreign_company(self) -> bool {
        self.kind == TaxIdKind::Company10 && self.number / 1_000_000 == 9909
    }
}

impl fmt::Display for TaxId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.digits())
    }
}

/// Why a text is not, as it stands, a valid taxpayer number.
pub type TaxIdProblem = IdentifierProblem<TaxId>;

/// Reads a taxpayer number.
///
/// Blanks, dashes, quotes and the label «ИНН» are ignored. `Ok` is given only for a number that
/// was written whole; one lost leading zero, a letter in place of a digit or a decimal tail gives
/// [`IdentifierProblem::Repaired`] with the mended number, if the check digits then hold.
pub fn tax_id(text: &str) -> Result<TaxId, TaxIdProblem> {
    let mut written = read(text, &["ИНН", "INN"], Alphabet::Digits)?;
    if written.is_all_zero() {
        return Err(IdentifierProblem::AllZero);
    }
    if matches!(written.text.len(), 9 | 11) {
        let found = written.text.len();
        written = written.with_zero();
        // A number that is short for another reason is a matter of length, not of check digits.
        return match check(&written) {
            Ok(value) => written.give(value),
            Err(_) => Err(IdentifierProblem::Length { found }),
        };
    }
    let value = check(&written)?;
    written.give(value)
}

/// Lead and check digits of a number of ten or twelve digits.
fn check(written: &Written) -> Result<TaxId, TaxIdProblem> {
    let digits = digit_values(&written.text);
    let kind = match digits.len() {
        10 => TaxIdKind::Company10,
        12 => TaxIdKind::Person12,
        found => return Err(IdentifierProblem::Length { found }),
    };
    if written.text.starts_with(b"00") {
        return Err(IdentifierProblem::Lead);
    }
    let holds = match kind {
        TaxIdKind::Company10 => weighted_check(&digits, &WEIGHTS_TENTH) == digits[9],
        TaxIdKind::Person12 => {
            weighted_check(&digits, &WEIGHTS_ELEVENTH) == digits[10]
                && weighted_check(&digits, &WEIGHTS_TWELFTH) == digits[11]
        }
    };
    if !holds {
        return Err(IdentifierProblem::Checksum);
    }
    let number = digits.iter().fold(0, |number, digit| number * 10 + u64::from(*digit));
    Ok(TaxId { number, kind })
}
