//! A dialable number in E.164, as people really write it in Russian and foreign lists.
//!
//! The grammar of numbers comes from `rlibphonenumber`; this layer reads what that library does
//! not: Russian extensions, the trunk prefix 8 behind a plus, several numbers in one cell and
//! spreadsheet damage, which is flagged and never guessed.

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
    /// Fewer or more digits than the numbering plan allows, or an unassigned code.
    NotInPlan,
}

impl PhoneProblem {
    /// The code of the sentence that says so.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "phone-empty",
            Self::SpreadsheetDamage => "phone-spreadsheet-damage",
            Self::NoAreaCode => "phone-no-area-code",
            Self::NotInPlan => "phone-not-in-plan",
        }
    }
}

const EXTENSION_WORDS: [&str; 6] = ["доб", "вн", "ext", "внутр", "x", "#"];

impl Phone {
    /// Reads one number; `country` is the two-letter country whose local forms are understood.
    pub fn parse(text: &str, country: &str) -> Result<Self, PhoneProblem> {
        let text = text.trim();
        if is_spreadsheet_damage(text) {
            return Err(PhoneProblem::SpreadsheetDamage);
        }
        let (body, extension) = split_extension(text);
        let digits: String = body.chars().filter(char::is_ascii_digit).collect();
        if digits.is_empty() {
            return Err(PhoneProblem::Empty);
        }
        if (5..=7).contains(&digits.len()) && !body.contains('+') {
            return Err(PhoneProblem::NoAreaCode);
        }
        let dialled = dialled_form(&body, &digits, country);
        let number = PHONE_NUMBER_UTIL
            .parse(&dialled, country.parse().ok())
            .map_err(|_| PhoneProblem::NotInPlan)?;
        if !number.is_valid() {
            return Err(PhoneProblem::NotInPlan);
        }
        Ok(Self { e164: number.format_as(PhoneNumberFormat::E164).to_string(), extension })
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
        let head = self.e164.get(..2).unwrap_or("+");
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

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.e164)
    }
}

/// Reads a cell that may hold several numbers.
pub fn read_cell(cell: &str, country: &str) -> Vec<(String, Result<Phone, PhoneProblem>)> {
    cell.split([',', ';', '/', '\n'])
        .flat_map(|part| part.split(" и "))
        .fold(Vec::<String>::new(), |mut parts, part| {
            // «8 495 123 45 67, доб. 12» is one number: an extension belongs to what stands before.
            let is_tail = EXTENSION_WORDS.iter().any(|w| part.trim().to_lowercase().starts_with(w));
            match parts.last_mut() {
                Some(last) if is_tail => {
                    last.push(' ');
                    last.push_str(part.trim());
                }
                _ => parts.push(part.trim().to_owned()),
            }
            parts
        })
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(|part| {
            let read = Phone::parse(&part, country);
            (part, read)
        })
        .collect()
}

fn is_spreadsheet_damage(text: &str) -> bool {
    let upper = text.to_uppercase().replace('Е', "E");
    upper.split_once("E+").is_some_and(|(mantissa, exponent)| {
        mantissa.contains([',', '.'])
            && mantissa.chars().all(|c| c.is_ascii_digit() || c == ',' || c == '.')
            && exponent.chars().all(|c| c.is_ascii_digit())
    })
}

fn split_extension(text: &str) -> (String, Option<String>) {
    let lower = text.to_lowercase();
    let cut = EXTENSION_WORDS
        .iter()
        .filter_map(|word| lower.find(word))
        .filter(|at| text.is_char_boundary(*at))
        .filter(|at| lower[..*at].chars().filter(char::is_ascii_digit).count() >= 5)
        .min();
    let Some(at) = cut else { return (text.to_owned(), None) };
    let (body, tail) = text.split_at(at);
    let extension: String = tail.chars().filter(char::is_ascii_digit).take(7).collect();
    let kept = body.trim_end_matches([' ', ',', '(', ';']).to_owned();
    (kept, (!extension.is_empty()).then_some(extension))
}

/// In Russia and Kazakhstan a leading trunk 8 means +7, also where somebody typed `+8`.
fn dialled_form(body: &str, digits: &str, country: &str) -> String {
    let is_plan_seven = matches!(country, "RU" | "KZ");
    match (is_plan_seven, digits.len(), digits.as_bytes().first()) {
        (true, 11, Some(b'8' | b'7')) => format!("+7{}", &digits[1..]),
        (true, 10, Some(_)) if !body.contains('+') => format!("+7{digits}"),
        _ if body.trim_start().starts_with("8~10") || body.trim_start().starts_with("8-10") => {
            format!("+{}", &digits[3..])
        }
        _ if body.contains('+') => format!("+{digits}"),
        _ => digits.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, PhoneProblem> {
        Phone::parse(text, "RU").map(|p| match p.extension {
            Some(extension) => format!("{} x{extension}", p.e164),
            None => p.e164,
        })
    }

    #[test]
    fn russian_spellings_become_one_number() {
        for (text, expected) in [
            ("8 (495) 123-45-67 доб. 12", "+74951234567 x12"),
            ("8(495)123-45-67 вн. 105", "+74951234567 x105"),
            ("8 (495) 123-45-67#12", "+74951234567 x12"),
            ("4951234567", "+74951234567"),
            ("8-800-555-35-35", "+78005553535"),
            ("+8 (495) 123-45-67", "+74951234567"),
            ("8 (812) 123-45-67", "+78121234567"),
            ("+375 29 123-45-67", "+375291234567"),
            ("8~10~375 17 223-45-67", "+375172234567"),
            ("тел: 8 (495) 123-45-67", "+74951234567"),
            ("+49 30 1234567", "+49301234567"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_number_says_why() {
        for (text, expected) in [
            ("", PhoneProblem::Empty),
            ("7,91235E+10", PhoneProblem::SpreadsheetDamage),
            ("123-45-67", PhoneProblem::NoAreaCode),
            ("8 (000) 000-00-00", PhoneProblem::NotInPlan),
            ("8 (495) 123-45-678", PhoneProblem::NotInPlan),
        ] {
            assert_eq!(read(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn a_cell_with_two_numbers_gives_two() {
        let numbers = read_cell("8 (495) 123-45-67, 8 (495) 765-43-21, доб. 5", "RU");
        assert_eq!(numbers.len(), 2);
        assert_eq!(numbers[1].1.as_ref().map(|p| p.extension.as_deref()), Ok(Some("5")));
    }
}
