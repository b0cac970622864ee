//! How a company is found: the terms stored with it, and those made of what a person typed.
//!
//! A term is found by its beginning. Names are cut into words in lower case with ё as е; a number
//! is found by its beginning as dialled within its country or from abroad, and by its last seven
//! and four digits; a tax number by its beginning.

use std::collections::BTreeSet;

use super::{Company, NewCompany};
use crate::values::phone;

/// The shortest word that is stored or looked for.
const WORD_MIN: usize = 2;
/// The longest part of a word that is stored.
const WORD_MAX: usize = 24;
/// Words of a question beyond this many are left out.
pub const ASKED_MAX: usize = 4;

/// The terms of a company.
pub fn terms(company: &NewCompany) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    for text in [Some(&company.name), company.full_name.as_ref(), company.city.as_ref()] {
        terms.extend(text.into_iter().flat_map(|text| words(text)));
    }
    for contact in &company.contacts {
        terms.extend(words(&contact.name));
    }
    for digits in [&company.tax_id, &company.ogrn].into_iter().flatten() {
        terms.insert(digits.clone());
    }
    for new in &company.phones {
        terms.extend(phone_terms(&new.phone.e164));
    }
    terms
}

/// The terms of a number in E.164.
pub fn phone_terms(e164: &str) -> Vec<String> {
    let digits = e164.trim_start_matches('+');
    let at_home = phone::dialled_at_home(e164);
    let national = match digits.strip_prefix('7') {
        Some(rest) if rest.len() == 10 => rest,
        _ => digits,
    };
    let tail = |count: usize| national[national.len().saturating_sub(count)..].to_owned();
    let mut terms = vec![national.to_owned(), tail(7), tail(4)];
    if !at_home.is_empty() {
        // The numbers of large towns abroad have eight digits behind their code.
        terms.push(tail(8));
    }
    terms.extend(at_home);
    terms.dedup();
    terms
}

/// The words of a text as they are stored.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .map(|word| {
            let lower = word.to_lowercase().replace('ё', "е");
            lower.chars().take(WORD_MAX).collect::<String>()
        })
        .filter(|word| word.chars().count() >= WORD_MIN || word.bytes().any(|b| b.is_ascii_digit()))
}

/// The beginnings to look for, longest first. All of them must be met.
pub fn asked(text: &str) -> Vec<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_number = digits.len() >= 3
        && text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "+-()._".contains(c));
    if is_number {
        return vec![dialled(&digits, text)];
    }
    let mut terms: Vec<String> = words(text).collect();
    terms.sort_by_key(|term| std::cmp::Reverse(term.chars().count()));
    terms.dedup();
    terms.truncate(ASKED_MAX);
    terms
}

/// True for a beginning that a telephone number may have.
pub fn is_digits(beginning: &str) -> bool {
    beginning.bytes().all(|byte| byte.is_ascii_digit())
}

/// True when a company has the beginning where everybody reads it who knows of the company: in its
/// names, its town, its tax numbers. Its telephone numbers are not among them.
pub fn is_in_sight(company: &Company, beginning: &str) -> bool {
    let texts = [Some(&company.name), company.full_name.as_ref(), company.city.as_ref()];
    let mut words = texts.into_iter().flatten().flat_map(|text| words(text));
    let mut digits = [&company.tax_id, &company.ogrn].into_iter().flatten();
    words.any(|word| word.starts_with(beginning))
        || digits.any(|digits| digits.starts_with(beginning))
}

/// A typed number as its terms begin: without the trunk 8 or the country's 7, where eleven digits,
/// a plus or a bracket behind it say that the first digit is one.
fn dialled(digits: &str, text: &str) -> String {
    let text = text.trim_start();
    let stands_apart = text.trim_start_matches('+').get(1..2).is_some_and(|c| " (-".contains(c));
    let is_trunk = digits.starts_with(['7', '8'])
        && (digits.len() == 11
            || text.starts_with('+')
            || stands_apart
            || digits.len() > 4 && digits.starts_with("89"));
    if is_trunk && digits.len() > 1 { digits[1..].to_owned() } else { digits.to_owned() }
}
