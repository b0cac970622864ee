//! Lists of people, as address books write them: their names stand in parts, and a company is one
//! of the things that a person has.

use super::{Meaning, headings};

/// True where the names of people stand in parts. A row without a company stands for its person, as
/// a card of contacts does.
pub(in crate::imports) fn is_of_people(meanings: &[Meaning]) -> bool {
    meanings.contains(&Meaning::Surname) && meanings.contains(&Meaning::GivenName)
}

/// In a list of people a plain «Name» is that of the person, however it is guessed.
pub(super) fn settle_names(header: &[String], guessed: &mut [Meaning]) {
    let is_name = |meaning: &Meaning| matches!(meaning, Meaning::Name | Meaning::FullName);
    let is_theirs = |heading: &String, meaning: &Meaning| {
        let text = headings::words(heading);
        is_name(meaning) && matches!(text.as_str(), "name" | "display name" | "full name")
    };
    // Beside a family name alone it is the given one, where something else is the company's.
    let names = guessed.iter().filter(|meaning| is_name(meaning)).count();
    let meant = match guessed.contains(&Meaning::Surname) {
        _ if is_of_people(guessed) => Meaning::Person,
        true if names > 1 => Meaning::GivenName,
        _ => return,
    };
    for (heading, meaning) in header.iter().zip(guessed) {
        if is_theirs(heading, meaning) {
            *meaning = meant;
        }
    }
}
