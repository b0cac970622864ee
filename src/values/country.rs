//! Countries, by whose habits telephone numbers are read.

use std::fmt;

use rlibphonenumber::PHONE_NUMBER_UTIL;

use super::{Currency, Lang};

/// A country by its code of two letters, whose numbering plan is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country([u8; 2]);

/// What lists call countries besides their code, in lower case.
const NAMES: [(&str, &[&str]); 24] = [
    ("RU", &["россия", "российская федерация", "рф", "russia", "russian federation"]),
    ("GB", &["великобритания", "соединенное королевство", "англия", "united kingdom", "uk"]),
    ("GB", &["great britain", "england", "scotland", "wales", "northern ireland", "britain"]),
    ("KZ", &["казахстан", "kazakhstan"]),
    ("BY", &["беларусь", "белоруссия", "belarus"]),
    ("AM", &["армения", "armenia"]),
    ("UZ", &["узбекистан", "uzbekistan"]),
    ("KG", &["киргизия", "кыргызстан", "kyrgyzstan"]),
    ("GE", &["грузия", "georgia"]),
    ("US", &["сша", "соединенные штаты", "united states", "usa", "united states of america"]),
    ("IE", &["ирландия", "ireland"]),
    ("DE", &["германия", "germany", "deutschland"]),
    ("FR", &["франция", "france"]),
    ("IT", &["италия", "italy", "italia"]),
    ("ES", &["испания", "spain"]),
    ("PL", &["польша", "poland"]),
    ("NL", &["нидерланды", "голландия", "netherlands", "the netherlands"]),
    ("CN", &["китай", "кнр", "china"]),
    ("TR", &["турция", "turkey", "türkiye"]),
    ("AE", &["оаэ", "united arab emirates", "uae"]),
    ("FI", &["финляндия", "finland"]),
    ("LT", &["литва", "lithuania"]),
    ("LV", &["латвия", "latvia"]),
    ("EE", &["эстония", "estonia"]),
];

impl Country {
    /// Russia.
    pub const RU: Self = Self(*b"RU");
    /// The United Kingdom.
    pub const GB: Self = Self(*b"GB");
    /// Kazakhstan.
    pub const KZ: Self = Self(*b"KZ");

    /// The country of a code, in letters of either size; `None` where no numbering plan is known.
    pub fn from_code(code: &str) -> Option<Self> {
        let code = code.trim().to_ascii_uppercase();
        let letters = code.as_bytes().try_into().ok()?;
        let region = code.parse().ok()?;
        PHONE_NUMBER_UTIL.get_country_code_for_region(region).map(|_| Self(letters))
    }
    /// The country that a cell of a list names, by its code or as people call it.
    pub fn named(text: &str) -> Option<Self> {
        let lower = text.trim().to_lowercase().replace('ё', "е");
        let found = NAMES.iter().find(|(_, names)| names.contains(&lower.as_str()));
        Self::from_code(found.map_or(lower.as_str(), |(code, _)| code))
    }
    /// Where a firm of this language is taken to be, unless it says otherwise.
    pub fn of_lang(lang: Lang) -> Self {
        match lang {
            Lang::Ru => Self::RU,
            Lang::En => Self::GB,
        }
    }
    /// The code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
    /// What is dialled for it from elsewhere, as in `+44`.
    pub fn dialling_code(self) -> String {
        let of_region = |region| PHONE_NUMBER_UTIL.get_country_code_for_region(region);
        let code = self.code().parse().ok().and_then(of_region);
        code.map_or_else(String::new, |code| format!("+{code}"))
    }
    /// Its money, where it is one we keep books in.
    pub fn currency(self) -> Option<Currency> {
        match self.code() {
            "RU" => Some(Currency::Rub),
            "GB" => Some(Currency::Gbp),
            "KZ" => Some(Currency::Kzt),
            "US" => Some(Currency::Usd),
            "AT" | "BE" | "CY" | "DE" | "EE" | "ES" | "FI" | "FR" | "GR" | "HR" | "IE" | "IT"
            | "LT" | "LU" | "LV" | "MT" | "NL" | "PT" | "SI" | "SK" => Some(Currency::Eur),
            _ => None,
        }
    }
    /// The zone of its working day, where the whole country or most of its offices keep one.
    pub fn zone(self) -> Option<&'static str> {
        match self.code() {
            "RU" => Some("Europe/Moscow"),
            "GB" => Some("Europe/London"),
            "IE" => Some("Europe/Dublin"),
            "KZ" => Some("Asia/Almaty"),
            "DE" => Some("Europe/Berlin"),
            "FR" => Some("Europe/Paris"),
            "IT" => Some("Europe/Rome"),
            "ES" => Some("Europe/Madrid"),
            "NL" => Some("Europe/Amsterdam"),
            _ => None,
        }
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::Zone;

    #[test]
    fn a_country_is_known_by_its_code_and_by_what_lists_call_it() {
        for (text, expected) in [
            ("GB", Some("GB")),
            (" gb ", Some("GB")),
            ("UK", Some("GB")),
            ("United Kingdom", Some("GB")),
            ("Россия", Some("RU")),
            ("рф", Some("RU")),
            ("Соединённое Королевство", Some("GB")),
            ("de", Some("DE")),
            ("", None),
            ("XX", None),
            ("Acme", None),
            ("ёё", None),
        ] {
            let found = Country::named(text);
            assert_eq!(found.as_ref().map(Country::code), expected, "{text}");
        }
        assert_eq!(Country::from_code("UK"), None, "a code is a code");
    }

    #[test]
    fn what_follows_from_a_country_is_known_to_books_and_calendar() {
        for (code, _) in NAMES {
            let country = Country::from_code(code).expect("a country");
            assert!(country.dialling_code().len() > 1, "{code}");
            assert!(country.zone().is_none_or(Zone::is_known), "{code}");
        }
        assert_eq!(Country::GB.dialling_code(), "+44");
        let of = |lang| Country::of_lang(lang);
        assert_eq!(
            [of(Lang::Ru).currency(), of(Lang::En).currency()].map(Option::unwrap),
            [Currency::Rub, Currency::Gbp]
        );
    }
}
