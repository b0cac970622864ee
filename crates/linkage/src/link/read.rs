//! One cell of a known kind into comparable readings.

use super::Kind;
use super::firm::company;
use crate::cells::{damage, pieces};
use crate::normalise::{
    Words, host_of, is_blank, ogrn, push_email_key, push_joined, push_latin_key, push_lower,
    registrable, tax_id, trimmed, words,
};
use smallvec::SmallVec;

/// How far a value is to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sound {
    /// There is nothing to check it by, or the check fails.
    Plain,
    /// Its check digits hold.
    Valid,
    /// Its check digits hold after a repair.
    Repaired,
}

/// What a value is, besides its spelling.
#[derive(Clone, Copy, Debug)]
pub(super) struct Nature {
    /// Whether it is made of words, one blank between any two.
    pub has_words: bool,
    /// The quantity of a number.
    pub number: f64,
    /// How far it is to be trusted.
    pub sound: Sound,
    /// A number for the legal form; 0 for none.
    pub form: u16,
}

impl Nature {
    pub const PLAIN: Self = Self { has_words: false, number: 0.0, sound: Sound::Plain, form: 0 };
    pub const WORDS: Self = Self { has_words: true, ..Self::PLAIN };
}

/// A value as it was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading<'a> {
    /// The comparable spelling; equal spellings are the same value.
    pub key: &'a str,
    pub nature: Nature,
}

/// What a cell says: one value, mostly. Kept from cell to cell, so that it asks for no memory.
#[derive(Default)]
pub(super) struct Readings {
    /// Comparable spellings, one behind the other.
    pub text: String,
    /// Where each begins and ends.
    all: Vec<(usize, usize, Nature)>,
    /// Room to work in.
    pub rooms: [String; 2],
}

impl Readings {
    pub fn clear(&mut self) {
        self.text.clear();
        self.all.clear();
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// The values in the order of the cell.
    pub fn all(&self) -> impl Iterator<Item = Reading<'_>> {
        self.all
            .iter()
            .map(|(from, to, nature)| Reading { key: &self.text[*from..*to], nature: *nature })
    }

    /// A value is what was put behind the text since it was so long; nothing is none.
    pub fn end(&mut self, from: usize, nature: Nature) {
        if self.text.len() > from {
            self.all.push((from, self.text.len(), nature));
        }
    }

    fn push(&mut self, key: &str, nature: Nature) {
        let from = self.text.len();
        self.text.push_str(key);
        self.end(from, nature);
    }
}

/// What a cell says, in comparable form, put to what was said; nothing for a blank or a ruined one.
pub(super) fn read(kind: Kind, cell: &str, said: &mut Readings) {
    let cell = cell.trim();
    if cell.is_empty() {
        return;
    }
    match kind {
        Kind::CompanyName => company(cell, &[], said),
        Kind::PersonName | Kind::Address => folded(cell, said),
        Kind::City => town(cell, said),
        Kind::Text => text(cell, said),
        Kind::Category | Kind::Postcode => solid(cell, Nature::PLAIN, said),
        Kind::Phone => phones(cell, said),
        Kind::Email => emails(cell, said),
        Kind::Domain => domains(cell, &[], said),
        Kind::TaxId => identifier(cell, said),
        Kind::Date => date(cell, said),
        Kind::Number => number(cell, said),
    }
}

/// Words in one Latin spelling, one blank between any two.
pub(super) fn latin_words(cell: &str) -> String {
    let mut said = Readings::default();
    push_latin_words(cell, &mut said);
    said.text
}

/// The same behind what was said; what is ASCII already takes the short way.
fn push_latin_words(cell: &str, said: &mut Readings) {
    let Readings { text: key, rooms: [spelled, _], .. } = said;
    let begin = key.len();
    let mut push = |word: &str| {
        let before = key.len();
        if before > begin {
            key.push(' ');
        }
        let from = key.len();
        push_sounded(word, key);
        if key.len() == from {
            key.truncate(before);
        }
    };
    if cell.is_ascii() {
        cell.split(|letter: char| !letter.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .for_each(&mut push);
    } else {
        spelled.clear();
        push_joined(cell, spelled);
        spelled.split(is_blank).for_each(&mut push);
    }
}

/// A word in Latin letters, behind others. An x is written out, so that it is the same whether «к»
/// and «с» stand in one word or are parted by a blank: «Блок Строй», «БлокСтрой».
pub(super) fn push_sounded(word: &str, key: &mut String) {
    let from = key.len();
    push_latin_key(word, key);
    if key.as_bytes()[from..].contains(&b'x') {
        let tail = key.split_off(from);
        key.push_str(&tail.replace('x', "ks"));
    }
}

fn folded(cell: &str, said: &mut Readings) {
    let from = said.text.len();
    push_latin_words(cell, said);
    said.end(from, Nature::WORDS);
}

/// A town without the word for it: «г. Казань» is «Казань».
fn town(cell: &str, said: &mut Readings) {
    let from = said.text.len();
    push_latin_words(cell, said);
    let key = &said.text[from..];
    let is_telling = |word: &&str| !matches!(*word, "g" | "gor" | "gorod" | "city");
    if key.split(' ').any(|word| !is_telling(&word)) && key.split(' ').any(|word| is_telling(&word))
    {
        let telling = key.split(' ').filter(is_telling).collect::<Words>().join(" ");
        said.text.truncate(from);
        said.text.push_str(&telling);
    }
    said.end(from, Nature::WORDS);
}

/// Words, and codes such as `PS-LX350H` also without their signs.
fn text(cell: &str, said: &mut Readings) {
    let mut all = words(cell);
    if all.is_empty() {
        return;
    }
    for chunk in cell.split([' ', ',', ';', '(', ')', '/']) {
        let has_sign = chunk.contains(['-', '.', '_']);
        let has_digit = chunk.bytes().any(|byte| byte.is_ascii_digit());
        if has_sign && has_digit && chunk.len() <= 24 {
            all.push(words(chunk).concat());
        }
    }
    said.push(&all.join(" "), Nature::WORDS);
}

/// Letters and digits alone, in small letters.
fn solid(cell: &str, nature: Nature, said: &mut Readings) {
    let Readings { text, rooms: [spelled, _], .. } = said;
    let from = text.len();
    spelled.clear();
    push_joined(cell, spelled);
    text.extend(spelled.split(is_blank));
    said.end(from, nature);
}

fn identifier(cell: &str, said: &mut Readings) {
    let found = match tax_id(cell) {
        Ok(id) => Some((id.digits(), Sound::Valid)),
        Err(problem) => problem.repaired().map(|id| (id.digits(), Sound::Repaired)),
    };
    let found = found.or_else(|| match ogrn(cell) {
        Ok(id) => Some((id.digits(), Sound::Valid)),
        Err(problem) => problem.repaired().map(|id| (id.digits(), Sound::Repaired)),
    });
    if let Some((key, sound)) = found {
        said.push(&key, Nature { sound, ..Nature::PLAIN });
    } else if damage(cell).is_none() {
        let from = said.text.len();
        solid(cell, Nature::PLAIN, said);
        // Noughts alone are no number.
        if said.text.len() > from && said.text[from..].bytes().all(|byte| byte == b'0') {
            said.text.truncate(from);
            said.all.pop();
        }
    }
}

/// The last ten digits of each telephone in a cell: with or without the country, 8 or +7.
/// Extensions are cut off, and numbers of one digit repeated are nobody's.
fn phones(cell: &str, said: &mut Readings) {
    // Digits, blanks and brackets are one number without an extension.
    let is_plain = |byte: u8| byte.is_ascii_digit() || b" +-()".contains(&byte);
    if cell.bytes().all(is_plain) {
        return phone(cell, said);
    }
    for piece in pieces(cell) {
        if piece.bytes().all(is_plain) {
            phone(piece, said);
        } else if damage(piece).is_none() {
            phone(&piece[..extension(piece)], said);
        }
    }
}

/// Where the extension of a telephone begins, or else where the text ends: at the first of the
/// words for it, if the first time it is met six digits are in front of it.
fn extension(piece: &str) -> usize {
    const WORDS: [&str; 7] = ["доб", "вн", "ext", "x", "#", "*", "внутр"];
    let (mut digits, mut met) = (0, [false; WORDS.len()]);
    for (at, letter) in piece.char_indices() {
        if letter.is_ascii_digit() {
            digits += 1;
        }
        if !matches!(letter, 'д' | 'Д' | 'в' | 'В' | 'e' | 'E' | 'x' | 'X' | '#' | '*') {
            continue;
        }
        for (word, met) in WORDS.iter().zip(&mut met) {
            let is_here = !*met && begins_with(&piece[at..], word);
            *met |= is_here;
            if is_here && digits >= 6 {
                return at;
            }
        }
    }
    piece.len()
}

/// Whether a text begins with a word, letters large or small.
fn begins_with(text: &str, word: &str) -> bool {
    let mut letters = text.chars().flat_map(char::to_lowercase);
    word.chars().all(|letter| letters.next() == Some(letter))
}

/// The last ten digits of a telephone, if it may be one; of a text with nothing but one in it.
fn phone(text: &str, said: &mut Readings) {
    let digits: SmallVec<[u8; 24]> = text.bytes().filter(u8::is_ascii_digit).collect();
    let tail = &digits[digits.len().saturating_sub(10)..];
    let is_one = |bytes: &[u8]| bytes.iter().all(|digit| *digit == bytes[0]);
    let is_dummy = tail.get(3..).is_none_or(is_one) || is_one(tail);
    if (6..=15).contains(&digits.len()) && !is_dummy {
        let from = said.text.len();
        said.text.extend(tail.iter().map(|digit| char::from(*digit)));
        said.end(from, Nature::PLAIN);
    }
}

/// A site's domain, and those of the mail of the same row where they are a firm's own: a site and
/// a mail address at it tell of one another.
pub(super) fn domains(cell: &str, mail: &[&str], said: &mut Readings) {
    let [mut lower, mut key] = std::mem::take(&mut said.rooms);
    let mut own = |host: &str| {
        let (domain, is_shared) = registrable(host);
        if !is_shared {
            said.push(domain, Nature::PLAIN);
        }
    };
    lower.clear();
    push_lower(trimmed(cell), &mut lower);
    host_of(&lower).into_iter().for_each(&mut own);
    for piece in mail.iter().flat_map(|cell| pieces(cell)) {
        for address in piece.split_whitespace() {
            key.clear();
            if push_email_key(address, &mut key) {
                key.split_once('@').into_iter().for_each(|(_, domain)| own(domain));
            }
        }
    }
    said.rooms = [lower, key];
}

fn emails(cell: &str, said: &mut Readings) {
    for piece in pieces(cell) {
        for address in piece.split_whitespace() {
            let from = said.text.len();
            if push_email_key(address, &mut said.text) {
                said.end(from, Nature::PLAIN);
            }
        }
    }
}

/// Eight digits, year first, whichever way they were typed; else the digits as they stand.
fn date(cell: &str, said: &mut Readings) {
    let day = cell.split(['T', ' ']).next().unwrap_or(cell);
    let groups: SmallVec<[&str; 4]> = day
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let from = said.text.len();
    let ordered = match groups[..] {
        [year, month, day] if year.len() == 4 => Some([year, month, day]),
        [day, month, year] if year.len() == 4 => Some([year, month, day]),
        _ => None,
    };
    match ordered {
        Some(parts) => {
            for part in parts {
                said.text.push_str(if part.len() < 2 { "0" } else { "" });
                said.text.push_str(part);
            }
        }
        None => said.text.extend(groups),
    }
    said.end(from, Nature::PLAIN);
}

fn number(cell: &str, said: &mut Readings) {
    let plain: String = cell
        .chars()
        .filter(|letter| letter.is_ascii_digit() || matches!(letter, '.' | ',' | '-'))
        .collect();
    // A comma in front of three digits parts thousands; any other is a decimal one.
    let plain = match plain.rsplit_once(',') {
        Some((_, tail)) if tail.len() >= 3 => plain.replace(',', ""),
        _ => plain.replace(',', "."),
    };
    match plain.parse::<f64>() {
        Ok(number) if number.is_finite() => {
            said.push(&format!("{number}"), Nature { number, ..Nature::PLAIN });
        }
        _ => solid(cell, Nature { number: f64::NAN, ..Nature::PLAIN }, said),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_begins_behind_six_digits() {
        let check = |cell: &str, wanted: &str| assert_eq!(&cell[..extension(cell)], wanted);
        check("8 495 123-45-67 доб. 12", "8 495 123-45-67 ");
        check("8 495 123-45-67 ДОБ 12", "8 495 123-45-67 ");
        check("123456 Ext 7", "123456 ");
        check("123456x7#8", "123456");
        check("вн. тел. 123456, внутр. 7", "вн. тел. 123456, ");
        check("12345 доб. 6", "12345 доб. 6");
        check("тел. 123456", "тел. 123456");
    }
}
