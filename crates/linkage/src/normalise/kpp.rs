//! The Russian code of the reason for registration (КПП), which tells the sites of one company
//! apart. Its parts are those of the order of the Federal Tax Service ММВ-7-6/435@ of 29 June 2012.

use std::fmt;

use super::identifiers::{Alphabet, IdentifierProblem, read};

/// A registration reason code: four digits of the tax office, two digits or capitals of the
/// reason, three digits of a running number. It has no check digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kpp([u8; 9]);

impl Kpp {
    /// The nine characters.
    #[must_use]
    pub fn text(self) -> String {
        self.0.iter().map(|byte| char::from(*byte)).collect()
    }

    /// The tax office, 100 to 9999; for a head office usually the beginning of its taxpayer number.
    #[must_use]
    pub fn tax_office(self) -> u16 {
        self.0[..4].iter().fold(0, |office, byte| office * 10 + u16::from(byte - b'0'))
    }

    /// Whether this is the registration at the company's own seat (reason 01).
    #[must_use]
    pub fn is_head_office(self) -> bool {
        &self.0[4..6] == b"01"
    }
}

impl fmt::Display for Kpp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text())
    }
}

/// Why a text is not, as it stands, a valid registration reason code.
pub type KppProblem = IdentifierProblem<Kpp>;

/// Reads a registration reason code. Ignored and repaired like [`super::tax_id`]; as there is no
/// check digit, a lost zero is a weaker guess here than there.
pub fn kpp(text: &str) -> Result<Kpp, KppProblem> {
    let mut written = read(text, &["КПП", "KPP"], Alphabet::DigitsAndCapitals)?;
    if written.is_all_zero() {
        return Err(IdentifierProblem::AllZero);
    }
    if written.text.len() == 8 {
        written = written.with_zero();
    }
    let found = written.text.len();
    let Ok(characters) = <[u8; 9]>::try_from(&written.text[..]) else {
        return Err(IdentifierProblem::Length { found });
    };
    let digits_where_they_belong =
        characters[..4].iter().chain(&characters[6..]).all(u8::is_ascii_digit);
    if !digits_where_they_belong {
        return Err(IdentifierProblem::Characters);
    }
    if characters.starts_with(b"00") {
        return Err(IdentifierProblem::Lead);
    }
    written.give(Kpp(characters))
}
