//! A dialable number in E.164, as people really write it in Russian and foreign lists.
//!
//! The grammar of numbers comes from `rlibphonenumber`; this layer reads what that library does
//! not: Russian extensions, the trunk prefix 8 behind a plus, several numbers in one cell and
//! spreadsheet damage, which is flagged and never guessed.

mod cell;
#[cfg(test)]
mod tests;

pub use cell::{InCell, read_cell, read_cell_near};

use std::fmt;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, PhoneNumberType};
use serde::{Deserialize, Serialize};

/// A valid number, with the extension where one was given.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Phone {
    /// `+` and 7 to 15 digits.
    pub e164: String,
    /// Digits to dial after the answer.
    pub extension: Option<String>,
}

/// What kind of line a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Line {
    /// In somebody's pocket.
    Mobile,
    /// On somebody's desk.
    Fixed,
    /// Free for who calls.
    TollFree,
    /// Dear for who calls.
    Premium,
    /// Anything else, also where mobile and fixed cannot be told apart.
    Other,
}

impl Line {
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Mobile => "mobile",
            Self::Fixed => "fixed",
            Self::TollFree => "toll_free",
            Self::Premium => "premium",
            Self::Other => "other",
        }
    }
}

/// Why a text is not a phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhoneProblem {
    /// There are no digits.
    Empty,
    /// A spreadsheet turned the number into `7,91235E+10`; the digits are gone.
    SpreadsheetDamage,
    /// Five to seven digits: a local number without its city code.
    NoAreaCode,
    /// Up to four digits: a short number of a service, nobody's in particular.
    ShortNumber,
    /// Digits are missing.
    TooShort,
    /// There are digits too many.
    TooLong,
    /// The length is right, but nobody was given such a code.
    UnassignedCode,
    /// The country's plan has no such number.
    NotInPlan,
}

impl PhoneProblem {
    /// The code of the sentence that says so.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "phone-empty",
            Self::SpreadsheetDamage => "phone-spreadsheet-damage",
            Self::NoAreaCode => "phone-no-area-code",
            Self::ShortNumber => "phone-short-number",
            Self::TooShort => "phone-too-short",
            Self::TooLong => "phone-too-long",
            Self::UnassignedCode => "phone-unassigned-code",
            Self::NotInPlan => "phone-not-in-plan",
        }
    }
}

/// What an extension begins with. Longer words stand before those they begin with.
const EXTENSION_WORDS: [&str; 8] = ["добавочный", "доб", "внутр", "вн", "ext", "x", "#", "*"];
/// The most digits an extension may have.
const EXTENSION_MAX: usize = 7;

impl Phone {
    /// Reads one number; `country` is the two-letter country whose local forms are understood.
    pub fn parse(text: &str, country: &str) -> Result<Self, PhoneProblem> {
        Self::parse_near(text, country, None)
    }

    /// The same in a town whose code is certain: a number of six or seven digits is then a local
    /// one there.
    pub fn parse_near(text: &str, country: &str, area: Option<&str>) -> Result<Self, PhoneProblem> {
        let text = text.trim();
        if is_spreadsheet_damage(text) {
            return Err(PhoneProblem::SpreadsheetDamage);
        }
        let (body, extension) = split_extension(text);
        let digits: String = body.chars().filter(char::is_ascii_digit).collect();
        let is_plan_seven = matches!(country, "RU" | "KZ");
        let is_dialled_out = is_plan_seven && is_dialled_out(&body);
        let is_international = body.contains('+') || is_dialled_out;
        match digits.len() {
            0 => return Err(PhoneProblem::Empty),
            1..=4 => return Err(PhoneProblem::ShortNumber),
            5..=7 if !is_international && is_plan_seven => {
                let area = area.filter(|area| area.len() + digits.len() == 10);
                let area = area.ok_or(PhoneProblem::NoAreaCode)?;
                return of_plan_seven(&format!("{area}{digits}"), extension);
            }
            _ => {}
        }
        if is_plan_seven && let Some(national) = national_of_plan_seven(&body, &digits) {
            return of_plan_seven(national, extension);
        }
        let is_local = !is_international && digits.len() <= 7;
        let dialled = if is_dialled_out {
            format!("+{}", &digits[3..])
        } else if is_international {
            format!("+{digits}")
        } else {
            digits
        };
        // Whole numbers of small countries are as short as local ones of large countries.
        let read = of_any_plan(&dialled, country, extension);
        if is_local { read.map_err(|_| PhoneProblem::NoAreaCode) } else { read }
    }

    /// Reads a stored number; trusts what `parse` once made.
    pub fn stored(e164: String, extension: Option<String>) -> Self {
        Self { e164, extension }
    }

    /// What kind of line it is.
    pub fn line(&self) -> Line {
        if self.e164.starts_with("+79") {
            return Line::Mobile;
        }
        let Ok(number) = PHONE_NUMBER_UTIL.parse(&self.e164, None) else { return Line::Other };
        match number.get_type() {
            PhoneNumberType::Mobile => Line::Mobile,
            PhoneNumberType::FixedLine => Line::Fixed,
            PhoneNumberType::TollFree => Line::TollFree,
            PhoneNumberType::PremiumRate => Line::Premium,
            _ => Line::Other,
        }
    }

    /// True for a number that people make up: right in form, suspicious in fact.
    pub fn is_dummy(&self) -> bool {
        let digits = self.e164.as_bytes();
        let tail = &digits[digits.len().saturating_sub(7)..];
        let is_one_digit = tail.iter().all(|digit| Some(digit) == tail.first());
        is_one_digit || matches!(tail, b"1234567" | b"7654321")
    }

    /// As people read it: `+7 912 345-67-89`, without the extension.
    pub fn shown(&self) -> String {
        let digits = self.e164.trim_start_matches('+');
        if let Some(rest) = digits.strip_prefix('7')
            && rest.len() == 10
        {
            return format!("+7 {} {}-{}-{}", &rest[..3], &rest[3..6], &rest[6..8], &rest[8..]);
        }
        PHONE_NUMBER_UTIL
            .parse(&self.e164, None)
            .map(|n| n.format_as(PhoneNumberFormat::International).to_string())
            .unwrap_or_else(|_| self.e164.clone())
    }

    /// As one sees it who may not dial it: country and the last two digits.
    pub fn masked(&self) -> String {
        let tail = self.e164.get(self.e164.len().saturating_sub(2)..).unwrap_or("");
        let head = head_of(&self.e164);
        format!("{head} ••• •••-••-{tail}")
    }

    /// The `tel:` link.
    pub fn tel(&self) -> String {
        match &self.extension {
            Some(extension) => format!("tel:{};ext={extension}", self.e164),
            None => format!("tel:{}", self.e164),
        }
    }
}

/// The `+` and the code of a number's country; its first digit where the plan is not known.
fn head_of(e164: &str) -> &str {
    let read = PHONE_NUMBER_UTIL.parse(e164, None).ok();
    let code = read.map_or(1, |number| number.country_code.to_string().len());
    e164.get(..=code).unwrap_or("+")
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.e164)
    }
}

/// A number as it is dialled within its country, with the trunk prefix and without; none for
/// numbers of Russia and Kazakhstan, whose prefix says nothing.
pub fn dialled_at_home(e164: &str) -> Vec<String> {
    if e164.starts_with("+7") {
        return Vec::new();
    }
    let Ok(number) = PHONE_NUMBER_UTIL.parse(e164, None) else { return Vec::new() };
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let with_trunk = digits(&number.format_as(PhoneNumberFormat::National));
    let bare = with_trunk.trim_start_matches('0').to_owned();
    if bare == with_trunk { vec![bare] } else { vec![with_trunk, bare] }
}

/// `7,91235E+10`, also with a Cyrillic Е.
fn is_spreadsheet_damage(text: &str) -> bool {
    let upper = text.trim_start_matches('\'').to_uppercase().replace('Е', "E");
    upper.split_once('E').is_some_and(|(mantissa, exponent)| {
        let exponent = exponent.trim_start_matches('+');
        let is_number = |text: &str| {
            !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.'))
        };
        is_number(mantissa) && is_number(exponent) && exponent.len() <= 3
    })
}

/// Cuts the extension off: what is left, and its digits.
fn split_extension(text: &str) -> (String, Option<String>) {
    let mut digits_before = 0;
    let cut = text.char_indices().find_map(|(at, c)| {
        digits_before += usize::from(c.is_ascii_digit());
        let rest = &text[at..];
        let is_behind_a_number = digits_before >= 5;
        (is_behind_a_number && EXTENSION_WORDS.iter().any(|word| begins_with(rest, word)))
            .then_some(at)
    });
    let Some(at) = cut else { return (text.to_owned(), None) };
    let digits: String = text[at..]
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .take(EXTENSION_MAX)
        .collect();
    let body = text[..at].trim_end_matches([' ', ',', '(', ';']).to_owned();
    (body, (!digits.is_empty()).then_some(digits))
}

/// Without regard to case; `text` need not be as long as `word`.
fn begins_with(text: &str, word: &str) -> bool {
    let mut letters = text.chars().flat_map(char::to_lowercase);
    word.chars().all(|wanted| letters.next() == Some(wanted))
}

/// «8~10~375 17…»: dialled out of Russia.
fn is_dialled_out(body: &str) -> bool {
    let body = body.trim_start();
    ["8~10", "8-10-", "8 10 "].iter().any(|start| body.starts_with(start))
}

/// The digits behind +7, where the text is a number of Russia's and Kazakhstan's common plan. The
/// trunk 8 means +7 there, also where somebody typed `+8`. `None` for another country's number.
fn national_of_plan_seven<'a>(body: &str, digits: &'a str) -> Option<&'a str> {
    if is_dialled_out(body) {
        return None;
    }
    let body = body.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '+');
    let first = digits.as_bytes().first().copied();
    // In «8 (343) 123-45-6» the 8 stands apart, so it is the trunk and a digit is missing.
    let stands_apart = body.chars().nth(1).is_some_and(|c| !c.is_ascii_digit());
    match (body.starts_with('+'), first) {
        (true, Some(b'7')) => Some(&digits[1..]),
        (true, Some(b'8')) if digits.len() == 11 => Some(&digits[1..]),
        (true, _) => None,
        (false, Some(b'7' | b'8')) if digits.len() >= 11 || stands_apart => Some(&digits[1..]),
        (false, _) if digits.len() <= 10 => Some(digits),
        (false, _) => None,
    }
}

fn of_plan_seven(national: &str, extension: Option<String>) -> Result<Phone, PhoneProblem> {
    match national.len() {
        0..=9 => return Err(PhoneProblem::TooShort),
        10 => {}
        _ => return Err(PhoneProblem::TooLong),
    }
    let e164 = format!("+7{national}");
    let number = PHONE_NUMBER_UTIL.parse(&e164, None).map_err(|_| PhoneProblem::NotInPlan)?;
    if !number.is_valid() {
        return Err(PhoneProblem::UnassignedCode);
    }
    Ok(Phone { e164, extension })
}

fn of_any_plan(
    dialled: &str,
    country: &str,
    extension: Option<String>,
) -> Result<Phone, PhoneProblem> {
    let number = PHONE_NUMBER_UTIL
        .parse(dialled, country.parse().ok())
        .map_err(|_| PhoneProblem::NotInPlan)?;
    if !number.is_valid() {
        return Err(match number.is_possible_with_reason() {
            Err(rlibphonenumber::ValidationError::TooShort) => PhoneProblem::TooShort,
            Err(rlibphonenumber::ValidationError::TooLong) => PhoneProblem::TooLong,
            _ => PhoneProblem::NotInPlan,
        });
    }
    Ok(Phone { e164: number.format_as(PhoneNumberFormat::E164).to_string(), extension })
}
