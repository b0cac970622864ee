//! What the columns of a file mean, guessed from their headings and from what stands in them.
//!
//! A heading speaks first; values decide where it is silent or lies. Of the identifiers only a
//! share of valid values counts: one in ten random ten-digit numbers passes as a tax number.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use linkage::normalise;
use sha2::{Digest, Sha256};

use super::people;
use super::reading::shorten;
use super::unsaid::is_unsaid;
use crate::companies::zones;
use crate::values::{Country, phone};

mod book;
mod headings;
mod names;

pub(super) use book::is_of_people;
pub(super) use headings::of_heading;

/// What a column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Meaning {
    /// The name as it is used.
    Name,
    /// The name in full.
    FullName,
    /// ИНН.
    TaxId,
    /// КПП.
    Kpp,
    /// ОГРН.
    Ogrn,
    /// Town.
    City,
    /// Postal address.
    Address,
    /// Country: the numbers of a row are read as its own.
    Country,
    /// One or several numbers.
    Phones,
    /// One or several mail addresses.
    Emails,
    /// Site.
    Website,
    /// A person.
    Person,
    /// The family name of a person, where names stand in parts.
    Surname,
    /// Another part of it: the given name, the patronymic.
    GivenName,
    /// What that person does.
    Role,
    /// What the company does.
    Industry,
    /// Something in words.
    Note,
    /// Nothing we keep.
    Ignore,
}

impl Meaning {
    /// Every meaning, in the order of the choice.
    pub const ALL: [Self; 18] = [
        Self::Ignore,
        Self::Name,
        Self::FullName,
        Self::TaxId,
        Self::Kpp,
        Self::Ogrn,
        Self::City,
        Self::Address,
        Self::Country,
        Self::Phones,
        Self::Emails,
        Self::Website,
        Self::Person,
        Self::Surname,
        Self::GivenName,
        Self::Role,
        Self::Industry,
        Self::Note,
    ];
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::FullName => "full_name",
            Self::TaxId => "tax_id",
            Self::Kpp => "kpp",
            Self::Ogrn => "ogrn",
            Self::City => "city",
            Self::Address => "address",
            Self::Country => "country",
            Self::Phones => "phones",
            Self::Emails => "emails",
            Self::Website => "website",
            Self::Person => "person",
            Self::Surname => "surname",
            Self::GivenName => "given_name",
            Self::Role => "role",
            Self::Industry => "industry",
            Self::Note => "note",
            Self::Ignore => "ignore",
        }
    }
    /// True when several columns of a file may mean it.
    pub fn may_repeat(self) -> bool {
        matches!(self, Self::Phones | Self::Emails | Self::Note | Self::GivenName | Self::Ignore)
    }
}

impl FromStr for Meaning {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|meaning| meaning.code() == code).ok_or(())
    }
}

/// Rows of values looked at.
const VALUES_MAX: usize = 200;
/// A longer cell tells nothing about its column.
const VALUE_BYTES_MAX: usize = 1_000;

/// Guesses what each column means. `header` is empty where the file has none.
pub fn guess(header: &[String], rows: &[Vec<String>], country: Country) -> Vec<Meaning> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0).max(header.len());
    let mut guessed: Vec<Meaning> = (0..width)
        .map(|column| match header.get(column).and_then(|text| headings::known(text)) {
            Some(Meaning::Ignore) => Meaning::Ignore,
            heading => {
                let heading = heading.unwrap_or(Meaning::Ignore);
                decide(heading, &values(rows, column), country)
            }
        })
        .collect();
    book::settle_names(header, &mut guessed);
    names::keep_surest(header, &mut guessed, rows);
    keep_first(header, &mut guessed, rows);
    name_something(&mut guessed, rows);
    guessed
}

/// What columns mean to which their format gives its own headings, whatever stands in them.
pub fn declared(header: &[String]) -> Vec<Meaning> {
    header.iter().map(|heading| of_heading(heading)).collect()
}

/// True where rows have names: of companies, or of the people they stand for.
pub fn has_names(meanings: &[Meaning]) -> bool {
    meanings.contains(&Meaning::Name) || is_of_people(meanings)
}

/// What the first rows of a column say, where they say something.
fn values(rows: &[Vec<String>], column: usize) -> Vec<&str> {
    let cells = rows.iter().take(VALUES_MAX).filter_map(|row| row.get(column));
    cells
        .map(|value| value.trim())
        .filter(|value| value.len() <= VALUE_BYTES_MAX)
        .filter(|value| value.chars().any(char::is_alphanumeric) && !is_unsaid(value))
        .collect()
}

/// True when the first row names the columns: none of its cells is a value of a telling kind, and
/// it has words.
pub fn is_header(first: &[String], country: Country) -> bool {
    let is_value = |cell: &&String| {
        // A heading such as «Доп.компания» looks like a site.
        let is_short = cell.len() <= VALUE_BYTES_MAX;
        let said = || of_values(&[cell.trim()], country);
        is_short && !matches!(said(), Meaning::Ignore | Meaning::Website)
    };
    first.iter().any(|cell| cell.chars().any(char::is_alphabetic))
        && !first.iter().any(|cell| is_value(&cell))
        && first.iter().filter(|cell| cell.trim().is_empty()).count() * 2 <= first.len()
}

/// The heading's word, checked against the values.
fn decide(heading: Meaning, values: &[&str], country: Country) -> Meaning {
    if values.is_empty() {
        return heading;
    }
    let said = of_values(values, country);
    if heading == Meaning::Ignore && said == Meaning::Ignore {
        return of_words(values);
    }
    match heading {
        Meaning::Ignore
        | Meaning::Name
        | Meaning::Person
        | Meaning::Surname
        | Meaning::GivenName
        | Meaning::Address
            if said != Meaning::Ignore =>
        {
            said
        }
        // Called so, and what stands there names nobody.
        Meaning::Person if share(values, people::names_somebody) < 20 => of_words(values),
        Meaning::Surname | Meaning::GivenName if share(values, people::is_part_of_name) < 20 => {
            Meaning::Ignore
        }
        // Numbers that nobody can read stay what they are called, and that is told. What is called
        // so and holds no numbers, as «тип телефона», is none.
        Meaning::Phones
            if share(values, |value| has_phone(value, country)) < 20
                && share(values, has_digits) < 20 =>
        {
            Meaning::Ignore
        }
        // A number of an address – its code, the house – is none.
        Meaning::Address if share(values, |v| v.chars().any(char::is_alphabetic)) < 20 => {
            Meaning::Ignore
        }
        Meaning::Country if share(values, |value| Country::named(value).is_some()) < 20 => {
            Meaning::Ignore
        }
        Meaning::Emails if share(values, |v| v.contains('@')) < 20 && said != Meaning::Emails => {
            said
        }
        meaning => meaning,
    }
}

/// What values say without a heading.
fn of_values(values: &[&str], country: Country) -> Meaning {
    if share(values, |value| value.contains('@') && value.contains('.')) > 60 {
        return Meaning::Emails;
    }
    if share(values, |value| normalise::tax_id(value).is_ok()) > 60 {
        return Meaning::TaxId;
    }
    if share(values, |value| normalise::ogrn(value).is_ok()) > 60 {
        return Meaning::Ogrn;
    }
    if share(values, |value| !is_register_number(value) && has_phone(value, country)) > 60 {
        return Meaning::Phones;
    }
    if share(values, is_site) > 60 {
        return Meaning::Website;
    }
    Meaning::Ignore
}

/// What words say where neither heading nor digits do: weaker than they, and asked last.
fn of_words(values: &[&str]) -> Meaning {
    let is_address = |value: &str| {
        let address = normalise::address(value);
        address.street.is_some() && (address.house.is_some() || address.city.is_some())
    };
    if share(values, is_address) > 60 {
        return Meaning::Address;
    }
    if share(values, |value| normalise::name(value).form.is_some()) > 60 {
        return Meaning::Name;
    }
    if share(values, |value| zones::is_town(value.trim_start_matches("г."))) > 60 {
        return Meaning::City;
    }
    if share(values, people::is_person) > 60 {
        return Meaning::Person;
    }
    if share(values, people::is_role) > 60 {
        return Meaning::Role;
    }
    Meaning::Ignore
}

/// How many of a hundred values are so.
fn share(values: &[&str], is_so: impl Fn(&str) -> bool) -> usize {
    values.iter().filter(|value| is_so(value)).count() * 100 / values.len().max(1)
}

fn has_phone(value: &str, country: Country) -> bool {
    let read = || phone::read_cell(value, country.code());
    has_digits(value) && read().iter().any(|(_, read)| read.is_ok())
}

/// Many digits and nothing else are the number of some register, though somebody may have it as a
/// telephone number: who writes one so long writes a plus or blanks.
fn is_register_number(value: &str) -> bool {
    value.len() > 12 && value.bytes().all(|byte| byte.is_ascii_digit())
}

/// True for what is more of a number than of a text.
fn has_digits(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.chars().filter(|c| c.is_alphabetic()).count();
    digits >= 6 && letters < digits
}

fn is_site(value: &str) -> bool {
    let first = value.split([' ', ',', ';']).find(|part| !part.is_empty()).unwrap_or("");
    first.contains('.')
        && !first.contains('@')
        // «Н.Ф.Льнов» could be one.
        && !people::is_person(value)
        && normalise::web_domain(first).is_ok()
}

/// Of several columns with a meaning that one may have, the first keeps it that says something; one
/// of a home, or with another word for the same, after the others.
fn keep_first(header: &[String], guessed: &mut [Meaning], rows: &[Vec<String>]) {
    let order = |column: usize| {
        let is_lesser = header.get(column).is_some_and(|heading| headings::is_lesser(heading));
        (values(rows, column).is_empty(), is_lesser, column)
    };
    let mut kept: BTreeMap<Meaning, usize> = BTreeMap::new();
    for (column, meaning) in guessed.iter().enumerate().filter(|(_, one)| !one.may_repeat()) {
        let first = kept.entry(*meaning).or_insert(column);
        *first = std::cmp::min_by_key(*first, column, |column| order(*column));
    }
    for (column, meaning) in guessed.iter_mut().enumerate() {
        if kept.get(meaning).is_some_and(|first| *first != column) {
            *meaning = Meaning::Ignore;
        }
    }
}

/// A file needs names: the full one where there is no other, else the first column of words.
fn name_something(guessed: &mut [Meaning], rows: &[Vec<String>]) {
    if has_names(guessed) {
        return;
    }
    let full = guessed.iter().position(|meaning| *meaning == Meaning::FullName);
    let worded = || {
        (0..guessed.len()).find(|column| {
            let values: Vec<&str> =
                rows.iter().filter_map(|row| row.get(*column)).map(|v| v.trim()).collect();
            // «Имя» alone may be what a list calls its companies.
            matches!(guessed[*column], Meaning::Ignore | Meaning::GivenName)
                && share(&values, |v| v.chars().filter(|c| c.is_alphabetic()).count() > 2) > 60
                && !names::is_dull(rows, *column)
        })
    };
    if let Some(column) = full.or_else(worded) {
        guessed[column] = Meaning::Name;
    }
}

/// What a list of columns is recognised by: the names in their order, or how many there are.
pub fn signature(header: &[String], width: usize) -> String {
    let mut digest = Sha256::new();
    digest.update(width.to_be_bytes());
    for heading in header {
        digest.update(comparable(heading));
        digest.update([0]);
    }
    hex::encode(&digest.finalize()[..16])
}

fn comparable(heading: &str) -> String {
    let lower = heading.to_lowercase().replace('ё', "е");
    lower.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// What columns mean by their headings, where an earlier list had the same ones.
pub fn by_headings(
    header: &[String],
    had: &[String],
    meanings: &[Meaning],
) -> Vec<Option<Meaning>> {
    let had: Vec<String> = had.iter().map(|heading| comparable(heading)).collect();
    let mut taken = BTreeSet::new();
    header
        .iter()
        .map(|heading| {
            let wanted = comparable(heading);
            let is_it = |place: &usize| had[*place] == wanted && !taken.contains(place);
            let place = (0..had.len()).find(|place| !wanted.is_empty() && is_it(place))?;
            taken.insert(place);
            meanings.get(place).copied()
        })
        .collect()
}

/// What is known goes before what is guessed; a meaning that one column may have is not given
/// twice.
pub fn settle(guessed: &mut [Meaning], known: &[Option<Meaning>]) {
    let given: BTreeSet<Meaning> =
        known.iter().flatten().copied().filter(|meaning| !meaning.may_repeat()).collect();
    for (place, meaning) in guessed.iter_mut().enumerate() {
        match known.get(place).copied().flatten() {
            Some(known) => *meaning = known,
            None if given.contains(meaning) => *meaning = Meaning::Ignore,
            None => {}
        }
    }
}

/// Columns that mean what another means already, where only one may: each with the first of them.
pub fn doubled(meanings: &[Meaning]) -> Option<(usize, usize)> {
    (0..meanings.len()).find_map(|second| {
        let meaning = meanings[second];
        let first = meanings[..second].iter().position(|had| *had == meaning)?;
        (!meaning.may_repeat()).then_some((first, second))
    })
}

/// A column with what a person says that it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its heading, with or without a number in front, or its number from 1.
    pub heading: String,
    /// What it means.
    pub meaning: Meaning,
}

/// The column that a person names, of so many.
pub fn place(header: &[String], width: usize, named: &str) -> Option<usize> {
    let named = shorten(named);
    let (wanted, plain) = (comparable(&named), headings::words(&named));
    let find = |is_it: &dyn Fn(&String) -> bool| header.iter().position(is_it);
    find(&|heading| comparable(heading) == wanted)
        .or_else(|| find(&|heading| !plain.is_empty() && headings::words(heading) == plain))
        .or_else(|| wanted.parse::<usize>().ok()?.checked_sub(1))
        .filter(|column| *column < width)
}

#[cfg(test)]
mod tests;
