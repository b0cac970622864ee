//! What the numbered identifiers have in common: how they are written, and what can be wrong.

use smallvec::SmallVec;

use crate::cells::{self, Damage};

/// What had to be assumed to make a written identifier valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Repair {
    /// One zero was put back in front, as spreadsheets lose it.
    LostZero,
    /// A letter that looks like a digit was read as one: О as 0, З as 3.
    LookAlikeLetter,
    /// A tail such as `.0` or `,00` was cut off; the column had been a number.
    DecimalTail,
}

impl Repair {
    /// A stable machine code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::LostZero => "lost_zero",
            Self::LookAlikeLetter => "look_alike_letter",
            Self::DecimalTail => "decimal_tail",
        }
    }
}

/// Why a text is not, as it stands, a valid identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierProblem<T> {
    /// Nothing but blanks.
    #[error("empty")]
    Empty,
    /// The spreadsheet ruined the cell; the digits are gone.
    #[error("damaged by a spreadsheet")]
    Damaged(Damage),
    /// There are characters that no such identifier has.
    #[error("characters that do not belong")]
    Characters,
    /// The number of characters is wrong, and no lost zero explains it.
    #[error("{found} characters")]
    Length {
        /// How many characters there are.
        found: usize,
    },
    /// All zeros, which pass the arithmetic and mean nothing.
    #[error("all zeros")]
    AllZero,
    /// The leading digits say something that does not exist, such as region 00.
    #[error("impossible leading digits")]
    Lead,
    /// A check digit does not agree with the others.
    #[error("check digit does not agree")]
    Checksum,
    /// Valid only after a repair. The value is weaker evidence than one that was written so, and
    /// whoever takes it takes it knowingly.
    #[error("valid only after a repair")]
    Repaired {
        /// The identifier after the repair.
        value: T,
        /// What was assumed.
        repair: Repair,
    },
}

impl<T: Copy> IdentifierProblem<T> {
    /// A stable machine code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Damaged(_) => "damaged",
            Self::Characters => "characters",
            Self::Length { .. } => "length",
            Self::AllZero => "all_zero",
            Self::Lead => "lead",
            Self::Checksum => "checksum",
            Self::Repaired { .. } => "repaired",
        }
    }

    /// The mended identifier, if mending it was possible.
    #[must_use]
    pub fn repaired(&self) -> Option<T> {
        match self {
            Self::Repaired { value, .. } => Some(*value),
            _ => None,
        }
    }
}

/// The characters of an identifier; none that is right has more.
pub(super) type Characters = SmallVec<[u8; 16]>;

/// An identifier's characters without the writing around them.
pub(super) struct Written {
    /// Digits and Latin capitals only.
    pub text: Characters,
    /// What had to be assumed so far.
    pub repair: Option<Repair>,
}

impl Written {
    /// The value as it may be given out: as it is, or as a repair that has to be confirmed.
    pub fn give<T>(&self, value: T) -> Result<T, IdentifierProblem<T>> {
        match self.repair {
            None => Ok(value),
            Some(repair) => Err(IdentifierProblem::Repaired { value, repair }),
        }
    }

    /// The same with the zero in front that was lost.
    pub fn with_zero(mut self) -> Self {
        self.text.insert(0, b'0');
        Self { text: self.text, repair: Some(Repair::LostZero) }
    }

    pub fn is_all_zero(&self) -> bool {
        self.text.iter().all(|byte| *byte == b'0')
    }
}

/// Which characters besides digits an identifier may have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Alphabet {
    Digits,
    DigitsAndCapitals,
}

/// Drops blanks, quotes, dashes and a label such as «ИНН:», and notes what it had to assume.
pub(super) fn read<T>(
    text: &str,
    labels: &[&str],
    alphabet: Alphabet,
) -> Result<Written, IdentifierProblem<T>> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(Written { text: Characters::from_slice(text.as_bytes()), repair: None });
    }
    if let Some(damage) = cells::damage(text) {
        return Err(IdentifierProblem::Damaged(damage));
    }
    let upper = text.trim().to_uppercase();
    let bare = labels
        .iter()
        .find_map(|label| upper.strip_prefix(label))
        .unwrap_or(&upper)
        .trim_start_matches([':', '№', '.', ' ', '\u{a0}']);
    let (bare, mut repair) = match without_decimal_tail(bare) {
        Some(shorter) => (shorter, Some(Repair::DecimalTail)),
        None => (bare, None),
    };
    let mut kept = Characters::new();
    for letter in bare.chars().filter(|letter| !is_filler(*letter)) {
        match letter {
            '0'..='9' => kept.push(letter as u8),
            'A'..='Z' if alphabet == Alphabet::DigitsAndCapitals => kept.push(letter as u8),
            'О' | 'O' => {
                kept.push(b'0');
                repair = Some(Repair::LookAlikeLetter);
            }
            'З' => {
                kept.push(b'3');
                repair = Some(Repair::LookAlikeLetter);
            }
            _ => return Err(IdentifierProblem::Characters),
        }
    }
    if kept.is_empty() {
        return Err(IdentifierProblem::Empty);
    }
    Ok(Written { text: kept, repair })
}

/// `7714239823.0` without its tail; `None` when there is no such tail.
fn without_decimal_tail(text: &str) -> Option<&str> {
    let (whole, tail) = text.split_once(['.', ','])?;
    let is_tail = (1..=2).contains(&tail.len()) && tail.bytes().all(|byte| byte == b'0');
    is_tail.then_some(whole)
}

/// Blanks of every kind, marks without width, quotes and dashes: none of them changes a value.
fn is_filler(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(
            letter,
            '\'' | '"' | '`' | '«' | '»' | '-' | '\u{2010}'..='\u{2015}' | '\u{200b}'..='\u{200f}'
                | '\u{feff}' | '\u{ad}'
        )
}

/// The remainder of a weighted sum of digits, the way the tax numbers want it.
pub(super) fn weighted_check(digits: &[u8], weights: &[u8]) -> u8 {
    let sum: u32 = digits.iter().zip(weights).map(|(d, w)| u32::from(*d) * u32::from(*w)).sum();
    // Always below ten, so the narrowing cannot lose anything.
    (sum % 11 % 10) as u8
}

/// The values of a text of ASCII digits.
pub(super) fn digit_values(text: &[u8]) -> SmallVec<[u8; 16]> {
    text.iter().map(|byte| byte.wrapping_sub(b'0')).collect()
}

/// A number of so many digits, zeros in front.
pub(super) fn spelled(number: u64, length: usize) -> String {
    let digit = |place: usize| (number / 10_u64.pow(place as u32) % 10) as u8;
    (0..length).rev().map(|place| char::from(b'0' + digit(place))).collect()
}
