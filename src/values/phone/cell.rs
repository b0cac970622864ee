//! A cell that may hold several numbers, words beside them, and numbers glued together.

use super::{EXTENSION_WORDS, Phone, PhoneProblem, begins_with};

/// What a cell holds at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InCell {
    /// The piece of the cell.
    pub text: String,
    /// The words beside the number: «факс», «бухгалтерия».
    pub label: Option<String>,
    /// The number, or why it is none.
    pub read: Result<Phone, PhoneProblem>,
}

/// Words that only say that a telephone follows.
const EMPTY_WORDS: [&str; 13] = [
    "тел",
    "телефон",
    "телефоны",
    "т",
    "tel",
    "telephone",
    "phone",
    "моб",
    "mob",
    "mobile",
    "или",
    "or",
    "and",
];
/// The longest label kept.
const LABEL_MAX: usize = 40;

/// Reads a cell: each piece with its number, or why it is none.
pub fn read_cell(cell: &str, country: &str) -> Vec<(String, Result<Phone, PhoneProblem>)> {
    read_cell_near(cell, country, None).into_iter().map(|found| (found.text, found.read)).collect()
}

/// Reads a cell with the words beside its numbers; `area` is the code of its town where that is
/// certain.
pub fn read_cell_near(cell: &str, country: &str, area: Option<&str>) -> Vec<InCell> {
    let mut found: Vec<InCell> = Vec::new();
    for piece in pieces(cell) {
        if let Some(other_end) = other_ending(piece, found.last(), country) {
            found.push(other_end);
            continue;
        }
        match unglued(piece, country) {
            Some((first, second)) => {
                found.push(read(first, country, area));
                found.push(read(second, country, area));
            }
            None => found.push(read(piece, country, area)),
        }
    }
    // A remark without any digit belongs to the number before it, or to nobody.
    let mut kept: Vec<InCell> = Vec::new();
    for next in found {
        let is_remark = next.read == Err(PhoneProblem::Empty);
        match kept.last_mut() {
            Some(last) if is_remark && last.read.is_ok() => {
                last.label = last.label.take().or_else(|| label_of(&next.text));
            }
            _ => kept.push(next),
        }
    }
    kept
}

/// The pieces of a cell: parted by `,` `;` `/` `|`, a line break and «и», but not within brackets
/// that close nor at the decimal comma of a damaged number. An extension stays with its number.
fn pieces(cell: &str) -> Vec<&str> {
    let has_brackets = cell.matches('(').count() == cell.matches(')').count();
    let mut cuts = vec![];
    let (mut start, mut depth) = (0, 0_usize);
    for (at, letter) in cell.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let is_apart = match letter {
            ',' => !is_decimal_comma(cell, at),
            ';' | '/' | '|' | '\n' => true,
            'и' => cell[..at].ends_with(' ') && cell[at + letter.len_utf8()..].starts_with(' '),
            _ => false,
        };
        if is_apart && (depth == 0 || !has_brackets) {
            cuts.push((start, at));
            start = at + letter.len_utf8();
        }
    }
    cuts.push((start, cell.len()));
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for (start, end) in cuts {
        let piece = cell[start..end].trim();
        match joined.last_mut() {
            _ if piece.is_empty() => {}
            Some(last) if is_extension(piece) => last.1 = end,
            _ => joined.push((start, end)),
        }
    }
    joined.into_iter().map(|(start, end)| cell[start..end].trim()).collect()
}

/// The comma of «7,91235E+10».
fn is_decimal_comma(cell: &str, at: usize) -> bool {
    let behind = cell[at + 1..].trim_start_matches(|c: char| c.is_ascii_digit());
    let before = cell[..at].ends_with(|c: char| c.is_ascii_digit());
    before && cell[at + 1..] != *behind && behind.starts_with(['e', 'E', 'е', 'Е'])
}

fn is_extension(piece: &str) -> bool {
    EXTENSION_WORDS.iter().any(|word| begins_with(piece, word))
        && piece.bytes().any(|byte| byte.is_ascii_digit())
}

fn read(piece: &str, country: &str, area: Option<&str>) -> InCell {
    let read = Phone::parse_near(piece, country, area);
    InCell { text: piece.to_owned(), label: label_of(piece), read }
}

/// The words of a piece that say something.
fn label_of(piece: &str) -> Option<String> {
    let words: Vec<&str> = piece
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| word.chars().count() > 1)
        .filter(|word| !is_empty_word(&word.to_lowercase()))
        .collect();
    let label: String = words.join(" ").chars().take(LABEL_MAX).collect();
    (!label.is_empty()).then_some(label)
}

/// «вн. 105» is told by the extension; «внешний» says something.
fn is_empty_word(word: &str) -> bool {
    let is_of_extension = EXTENSION_WORDS.contains(&word)
        || ["добавоч", "внутр", "extension"].iter().any(|stem| word.starts_with(stem));
    is_of_extension || EMPTY_WORDS.contains(&word)
}

/// «…-45-67, 68» and «…-45-67/45-68»: the number before it with another ending.
fn other_ending(piece: &str, last: Option<&InCell>, country: &str) -> Option<InCell> {
    let digits: String = piece.chars().filter(char::is_ascii_digit).collect();
    let is_ending = matches!(digits.len(), 2 | 4)
        && piece.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | ' '));
    let before = last.filter(|_| is_ending)?.read.as_ref().ok()?;
    let kept = before.e164.len().checked_sub(digits.len())?;
    let e164 = format!("{}{digits}", &before.e164[..kept]);
    let read = Phone::parse(&e164, country);
    Some(InCell { text: piece.to_owned(), label: None, read })
}

/// Two numbers with nothing but blanks between them: both halves must be numbers.
fn unglued<'a>(piece: &'a str, country: &str) -> Option<(&'a str, &'a str)> {
    let places: Vec<(usize, char)> =
        piece.char_indices().filter(|(_, c)| c.is_ascii_digit()).collect();
    if !(20..=22).contains(&places.len()) || Phone::parse(piece, country).is_ok() {
        return None;
    }
    [11, 10].into_iter().find_map(|count| {
        let (last, _) = places.get(count - 1)?;
        let (first, second) = piece.split_at(last + 1);
        let is_two = [first, second].iter().all(|half| Phone::parse(half, country).is_ok());
        is_two.then_some((first.trim(), second.trim()))
    })
}
