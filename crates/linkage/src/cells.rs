//! One spreadsheet cell: several values in it, or damage done to it.
//!
//! People put two telephones into one cell, and spreadsheets turn long numbers into `7,91E+10`.
//! Both have to be seen before a value is read: the first so that nothing is lost, the second so
//! that a rounded number is never taken for a real one.

use smallvec::SmallVec;

/// What a spreadsheet did to a value before it was saved. None of these can be repaired from the
/// cell alone; the file has to be exported again with the column set to text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Damage {
    /// Scientific notation such as `7,91235E+10`: the last digits are gone.
    Rounded,
    /// `#####`: the column was too narrow and its picture, not its value, was saved.
    Hashes,
    /// A formula error such as `#N/A`, `#REF!` or `#ЗНАЧ!`.
    FormulaError,
}

impl Damage {
    /// A stable machine code; the words for it live with whoever shows them.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Rounded => "rounded",
            Self::Hashes => "hashes",
            Self::FormulaError => "formula_error",
        }
    }
}

/// Formula errors as English and Russian spreadsheets write them, upper-case.
const FORMULA_ERRORS: [&str; 14] = [
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#NAME?",
    "#DIV/0!",
    "#NULL!",
    "#NUM!",
    "#Н/Д",
    "#ССЫЛКА!",
    "#ЗНАЧ!",
    "#ИМЯ?",
    "#ДЕЛ/0!",
    "#ПУСТО!",
    "#ЧИСЛО!",
];

/// Recognises a cell that a spreadsheet has ruined; `None` when the cell looks whole.
#[must_use]
pub fn damage(cell: &str) -> Option<Damage> {
    let cell = cell.trim().trim_start_matches('\'');
    if cell.len() >= 3 && cell.chars().all(|c| c == '#') {
        return Some(Damage::Hashes);
    }
    if cell.starts_with('#') && FORMULA_ERRORS.contains(&cell.to_uppercase().as_str()) {
        return Some(Damage::FormulaError);
    }
    is_scientific(cell).then_some(Damage::Rounded)
}

/// `digits [.,] digits E [+-] digits`, with a Latin or a Cyrillic E and an optional sign in front.
fn is_scientific(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let Some((mantissa, exponent)) = text.split_once(['e', 'E', 'е', 'Е']) else {
        return false;
    };
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    !whole.is_empty()
        && only_digits(whole)
        && only_digits(fraction)
        && (1..=3).contains(&exponent.len())
        && only_digits(exponent)
}

fn only_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Splits a cell that holds several telephones or mail addresses.
///
/// Separators are `,` `;` `/` `|`, a line break, and «и», «или», `and`, `or` standing alone. Not
/// split: anything within closed brackets, the slashes of `https://…`, the comma inside a number
/// in scientific notation (so that the damage stays recognisable), and an extension («доб. 12»,
/// `ext. 12`), which stays with the number in front of it. Pieces come trimmed, in the order of
/// the cell and without empty ones. Two telephones parted by blanks alone stay together: where
/// one number ends there is for the reader of telephones to know.
#[must_use]
pub fn split_many(cell: &str) -> Vec<&str> {
    pieces(cell).into_vec()
}

/// The pieces of a cell: one, mostly.
pub(crate) fn pieces(cell: &str) -> SmallVec<[&str; 2]> {
    // Most cells hold one value: a mail address without a blank in it.
    let parts = |byte: u8| matches!(byte, 0..=b' ' | b',' | b'/' | b';' | b'|' | 0x80..);
    if !cell.is_empty() && !cell.bytes().any(parts) {
        return SmallVec::from_slice(&[cell]);
    }
    let mut spans: SmallVec<[(usize, usize); 4]> = SmallVec::new();
    for (start, end) in cut(cell) {
        let piece = cell[start..end].trim();
        if piece.is_empty() {
            continue;
        }
        match spans.last_mut() {
            Some(previous) if is_extension(piece) => previous.1 = end,
            _ => spans.push((start, end)),
        }
    }
    spans.into_iter().map(|(start, end)| cell[start..end].trim()).collect()
}

/// The byte ranges between the separators.
fn cut(cell: &str) -> SmallVec<[(usize, usize); 4]> {
    let count = |bracket: u8| cell.bytes().filter(|byte| *byte == bracket).count();
    let brackets_close = count(b'(') == count(b')');
    let mut ranges = SmallVec::new();
    let (mut start, mut depth) = (0, 0_usize);
    let mut skip_until = 0;
    for (at, letter) in cell.char_indices() {
        if at < skip_until {
            continue;
        }
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > 0 && brackets_close {
            continue;
        }
        let width = separator(cell, at, letter);
        if width > 0 {
            ranges.push((start, at));
            start = at + width;
            skip_until = start;
        }
    }
    ranges.push((start, cell.len()));
    ranges
}

/// How many bytes the separator at this place takes; 0 when there is none.
fn separator(cell: &str, at: usize, letter: char) -> usize {
    match letter {
        ';' | '|' | '\n' | '\r' => 1,
        ',' if !splits_scientific(cell, at) => 1,
        '/' => {
            let within_scheme = cell[..at].ends_with([':', '/']) || cell[at + 1..].starts_with('/');
            usize::from(!within_scheme)
        }
        _ if letter.is_whitespace() => conjunction(&cell[at..]).unwrap_or(0),
        _ => 0,
    }
}

/// The width of « и » and its like, the blank in front included and the one behind left alone.
fn conjunction(rest: &str) -> Option<usize> {
    let blank = rest.chars().next()?.len_utf8();
    if !rest[blank..].starts_with(['и', 'И', 'a', 'A', 'o', 'O']) {
        return None;
    }
    let word: &str = rest[blank..].split(char::is_whitespace).next()?;
    if word.len() > "или".len() {
        return None;
    }
    let more_follows = rest.len() > blank + word.len();
    let joins = matches!(word.to_lowercase().as_str(), "и" | "или" | "and" | "or");
    (joins && more_follows).then_some(blank + word.len())
}

/// Whether the comma at `at` is the decimal comma of a number in scientific notation.
fn splits_scientific(cell: &str, at: usize) -> bool {
    let part_of_number = |c: char| c.is_ascii_digit() || matches!(c, 'e' | 'E' | 'е' | 'Е' | '+');
    let before = cell[..at].rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or("");
    let after = cell[at + 1..].split(|c: char| !part_of_number(c)).next().unwrap_or("");
    is_scientific(&format!("{before},{after}"))
}

/// Whether a piece only continues the telephone in front of it.
fn is_extension(piece: &str) -> bool {
    let lower = piece.to_lowercase();
    let marked = ["доб", "вн", "внутр", "ext", "#"].iter().any(|mark| lower.starts_with(mark));
    marked && lower.bytes().any(|byte| byte.is_ascii_digit()) && !lower.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_falls_into_its_values() {
        let check = |cell: &str, wanted: &[&str]| assert_eq!(split_many(cell), wanted, "{cell}");
        check("", &[]);
        check(" ; , ", &[]);
        check("a@b.ru, c@d.ru;e@f.ru", &["a@b.ru", "c@d.ru", "e@f.ru"]);
        check("+7 495 123-45-67 / 8 (916) 123-45-67", &["+7 495 123-45-67", "8 (916) 123-45-67"]);
        check("1234567\r\n7654321", &["1234567", "7654321"]);
        check("1234567 и 7654321 или 5555555", &["1234567", "7654321", "5555555"]);
        check("a@b.ru and c@d.ru", &["a@b.ru", "c@d.ru"]);
        check("8 495 123 45 67, доб. 12", &["8 495 123 45 67, доб. 12"]);
        check("8 495 123 45 67, доб. 12, 1234567", &["8 495 123 45 67, доб. 12", "1234567"]);
        check("8 495 1234567 (доб. 12, 13); 1234567", &["8 495 1234567 (доб. 12, 13)", "1234567"]);
        check("8 (495 1234567, 1234567", &["8 (495 1234567", "1234567"]);
        check("https://a.ru, http://b.ru", &["https://a.ru", "http://b.ru"]);
        check("7,91235E+10; 84951234567", &["7,91235E+10", "84951234567"]);
        check("и", &["и"]);
    }

    #[test]
    fn spreadsheet_damage_is_recognised() {
        let check = |cell: &str, wanted| assert_eq!(damage(cell), wanted, "{cell}");
        check("7,91235E+10", Some(Damage::Rounded));
        check("7.91E10", Some(Damage::Rounded));
        check("7Е+11", Some(Damage::Rounded));
        check("'7,91612е+10 ", Some(Damage::Rounded));
        check("########", Some(Damage::Hashes));
        check("#н/д", Some(Damage::FormulaError));
        check("#REF!", Some(Damage::FormulaError));
        check("79161234567", None);
        check("Е+10", None);
        check("#12", None);
        check("", None);
    }
}
