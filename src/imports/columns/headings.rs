//! What headings say by their words.

use super::Meaning;

/// Headings by the words that occur in them. The first line that fits decides, so what is special
/// («адрес электронной почты») stands before what is general («адрес»).
const HEADINGS: [(Meaning, &[&str]); 20] = [
    // Names of somebody else or that nobody goes by, days, parts of an address: whatever stands
    // there.
    (
        Meaning::Ignore,
        &[
            "nickname",
            "maiden name",
            "name prefix",
            "name suffix",
            "screen name",
            "phonetic",
            "yomi",
            "file as",
            "assistant's name",
            "manager's name",
            "e-mail display name",
            "spouse",
            "birthday",
            "birth",
            "рожден",
            "anniversary",
            "department",
            "zip",
            "postcode",
            "locality",
            "subject",
        ],
    ),
    (
        Meaning::Person,
        &[
            "first and last name",
            "фамилия и",
            "фамилия, и",
            "имя фамилия",
            "имя и фамилия",
            "полное имя",
            "имя контакт",
            "имя руковод",
            "имя директор",
        ],
    ),
    (Meaning::Surname, &["last name", "family name", "lastname", "surname", "фамилия"]),
    (
        Meaning::GivenName,
        &[
            "first name",
            "given name",
            "middle name",
            "additional name",
            "firstname",
            "middlename",
            "имя",
            "отчество",
        ],
    ),
    (Meaning::Note, &["примечан", "комментари", "заметк", "note", "comment", "remark"]),
    (Meaning::Emails, &["электронн", "e-mail", "email", "mail", "почта", "pochta"]),
    (Meaning::Website, &["сайт", "site", "website", "web", "url", "www", "домен", "domain"]),
    (Meaning::TaxId, &["инн", "inn", "tax id", "taxid", "vat", "tax number"]),
    (Meaning::Kpp, &["кпп", "kpp"]),
    (Meaning::Ogrn, &["огрн", "ogrn"]),
    (
        Meaning::Phones,
        &["телефон", "тел", "phone", "tel", "telefon", "mobile", "моб", "факс", "fax", "сотов"],
    ),
    (
        Meaning::FullName,
        &[
            "полное наим",
            "полное назв",
            "полн. наим",
            "полн наим",
            "full name",
            "fullname",
            "legal name",
            "polnoe naimenovanie",
        ],
    ),
    (Meaning::Role, &["должность", "position", "job title", "title", "role"]),
    (
        Meaning::Person,
        &[
            "контактное лицо",
            "контакт",
            "фио",
            "ф.и.о",
            "директор",
            "руководител",
            "person",
            "contact",
            "director",
            "directorname",
            "chief",
            "ceo",
            "head",
            "человек",
        ],
    ),
    (Meaning::Country, &["страна", "country"]),
    (Meaning::City, &["city name", "town name", "название города", "наименование города"]),
    (Meaning::Address, &["адрес", "address", "местонахожд", "street", "adres"]),
    (Meaning::City, &["город", "city", "town", "gorod", "населенный пункт"]),
    (
        Meaning::Industry,
        &["отрасль", "вид деятельности", "сфера", "industry", "тип учреждения", "рубрика"],
    ),
    (
        Meaning::Name,
        &[
            "наим",
            "название",
            "компания",
            "организация",
            "фирма",
            "клиент",
            "контрагент",
            "name",
            "company",
            "organization",
            "organisation",
            "shortname",
            "orgname",
            "companyname",
            "naim",
            "naimenovanie",
            "nazvanie",
            "kompaniya",
            "organizaciya",
            "firma",
        ],
    ),
];
/// Words for a name.
const NAMES: [&str; 6] = ["наим", "назван", "name", "naim", "nazvan", "shortname"];
/// Words for who is meant by one.
const COMPANIES: [&str; 23] = [
    "compan",
    "organi",
    "org",
    "firm",
    "kompani",
    "business",
    "entity",
    "legal",
    "trad",
    "client",
    "customer",
    "supplier",
    "компани",
    "организац",
    "орг",
    "фирм",
    "контрагент",
    "клиент",
    "учрежден",
    "предприяти",
    "юр",
    "лица",
    "заказчик",
];
/// Of them those that are never said of a person.
const FIRMS: [&str; 5] = ["компани", "организац", "фирм", "учрежден", "предприяти"];
/// Words that make a name no other thing's.
const FILLING: [&str; 8] =
    ["кратк", "сокр", "полн", "официальн", "short", "full", "official", "of"];

/// How surely a heading speaks of the name of a company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Surety {
    /// A name of something else, or a company in another regard: «okfs_name», «Доп.компания».
    Else,
    /// A name, or nothing that is known.
    Any,
    /// A company.
    Company,
    /// The name of no other thing: «Название», «shortName».
    Name,
    /// The name of a company.
    CompanyName,
}

/// How surely it does, by all of its words.
pub(super) fn surety(heading: &str) -> Surety {
    let text = words(heading);
    let begins = |known: &[&str], word: &str| known.iter().any(|known| word.starts_with(known));
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let (mut name, mut company, mut other, mut filling) = (false, false, false, false);
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if begins(&NAMES, word) {
            name = true;
        } else if begins(&COMPANIES, word) {
            company = true;
        } else if begins(&FILLING, word) {
            filling = true;
        } else if !is_number(word) {
            other = true;
        }
    }
    match (name, company, other) {
        (true, true, false) => Surety::CompanyName,
        // «Name» alone may be a person's.
        (true, false, false) if !text.contains("name") || filling => Surety::Name,
        (true, true, true) | (false, true, false) => Surety::Company,
        (true, false, false) | (false, false, _) => Surety::Any,
        (true, false, true) | (false, true, true) => Surety::Else,
    }
}

/// A heading as plain words: «1_shortName» as «short name».
pub(super) fn words(heading: &str) -> String {
    let mut spelt = String::with_capacity(heading.len() + 4);
    let mut before = ' ';
    for letter in heading.chars() {
        if letter.is_uppercase() && before.is_lowercase() {
            spelt.push(' ');
        }
        spelt.push(if letter == '_' { ' ' } else { letter });
        before = letter;
    }
    let spelt = spelt.to_lowercase().replace('ё', "е");
    let is_number =
        |c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | '№') || c.is_whitespace();
    spelt.trim_start_matches(is_number).trim_end().to_owned()
}

/// What a heading says by its words.
pub(in crate::imports) fn of_heading(heading: &str) -> Meaning {
    known(heading).unwrap_or(Meaning::Ignore)
}

/// The same, and nothing where its words are not known: then values tell.
pub(super) fn known(heading: &str) -> Option<Meaning> {
    let text = words(heading);
    if let Some(meaning) = of_numbered(&text) {
        return Some(meaning);
    }
    match text.split_whitespace().last() {
        // The code of a town is no town.
        Some("code" | "код") => return None,
        // And the kind of a number is none.
        Some("type" | "label") => return Some(Meaning::Ignore),
        _ => {}
    }
    // «Имя» is a person's, but for a firm's.
    if begins_word(&text, "имя") && FIRMS.iter().any(|firm| begins_word(&text, firm)) {
        return Some(Meaning::Name);
    }
    let found = HEADINGS.iter().find(|(_, words)| {
        words.iter().any(|word| {
            // Short words hide in others: «mail» in «mailing», «tel» in «hotel», «тел» in «отель».
            if matches!(*word, "тел" | "наим" | "chief") {
                begins_word(&text, word)
            } else if word.is_ascii() {
                holds_word(&text, word)
            } else {
                text.contains(word)
            }
        })
    });
    found.map(|(meaning, _)| *meaning)
}

/// Headings of an address book that count what a person has several of: «E-mail 1 - Value».
fn of_numbered(text: &str) -> Option<Meaning> {
    let (thing, part) = text.split_once(" - ")?;
    let (thing, number) = thing.rsplit_once(' ')?;
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(match (thing, part) {
        ("e-mail", "value") => Meaning::Emails,
        ("phone", "value") => Meaning::Phones,
        ("website", "value") => Meaning::Website,
        ("address", "formatted" | "street") => Meaning::Address,
        ("address", "city") => Meaning::City,
        ("address", "country") => Meaning::Country,
        ("organization", "name") => Meaning::Name,
        ("organization", "title") => Meaning::Role,
        _ => Meaning::Ignore,
    })
}

/// True for what an address book holds besides the one that is meant: where a person lives, how
/// they are addressed.
pub(super) fn is_lesser(heading: &str) -> bool {
    const WORDS: [&str; 8] =
        ["home", "other", "private", "personal", "blog", "profile", "домашний", "личный"];
    let text = words(heading);
    text == "title" || text.split_whitespace().any(|word| WORDS.contains(&word))
}

fn begins_word(text: &str, word: &str) -> bool {
    let begins = |at: usize| !text[..at].chars().next_back().is_some_and(char::is_alphabetic);
    text.match_indices(word).any(|(at, _)| begins(at))
}

fn holds_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
        let before = text[..at].chars().next_back();
        let behind = text[at + word.len()..].chars().find(|c| *c != 's');
        !is_letter(before) && !is_letter(behind)
    })
}
