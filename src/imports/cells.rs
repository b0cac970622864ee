//! Rows of cells out of the product, so that nothing becomes a formula.
//!
//! On the way out a cell that a spreadsheet would run as a formula gets an apostrophe in front, and
//! on the way in exactly that one is taken off.

/// What a formula begins with; spreadsheets of the East take the wide signs too.
const FORMULA_SIGNS: [char; 9] = ['=', '+', '-', '@', '\u{2212}', '＝', '＋', '－', '＠'];

/// The rows of a text whose cells are parted by `delimiter`.
pub fn rows(text: &str, delimiter: char) -> impl Iterator<Item = Vec<String>> {
    intake::csv::rows(text, delimiter)
}

/// What parts the cells of files for a spreadsheet of a Russian office.
pub const OFFICE: char = ';';

/// Writes a row whose cells are parted by `delimiter`.
pub fn write_row<S: AsRef<str>>(cells: &[S], delimiter: char) -> String {
    let mut row = String::new();
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            row.push(delimiter);
        }
        row.push_str(&write_cell(cell.as_ref()));
    }
    row.push_str("\r\n");
    row
}

/// What a spreadsheet of a Russian office wants in front of a text in UTF-8.
pub const MARK: &str = "\u{feff}";

fn write_cell(cell: &str) -> String {
    let safe = guard(cell);
    let needs_quotes = safe.contains([';', '"', '\n', '\r', ',', '\t']) || safe != safe.trim();
    if needs_quotes { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

/// Puts an apostrophe before each line that a spreadsheet would run.
pub fn guard(cell: &str) -> String {
    if is_harmless(cell) {
        return cell.to_owned();
    }
    by_line(cell, |line| if is_dangerous(line) { format!("'{line}") } else { line.to_owned() })
}

/// Takes off exactly the apostrophes that [`guard`] put on.
pub fn unguard(cell: &str) -> String {
    if !cell.contains('\'') || is_harmless(cell) {
        return cell.to_owned();
    }
    by_line(cell, |line| match line.strip_prefix('\'') {
        Some(rest) if is_dangerous(rest) => rest.to_owned(),
        _ => line.to_owned(),
    })
}

/// A telephone or a plain negative number is no formula, with apostrophes before it or not.
fn is_harmless(cell: &str) -> bool {
    let bare = cell.trim_start_matches('\'');
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_phone =
        bare.strip_prefix('+').is_some_and(|d| is_digits(d) && (7..=15).contains(&d.len()));
    let is_negative = bare.strip_prefix('-').is_some_and(|number| {
        let (whole, fraction) = number.split_once(['.', ',']).unwrap_or((number, "0"));
        is_digits(whole) && is_digits(fraction)
    });
    is_phone || is_negative
}

/// Whether a spreadsheet would run the line, apostrophes before it left aside.
fn is_dangerous(line: &str) -> bool {
    let bare = line.trim_start_matches('\'');
    bare.starts_with(['\t', '\r']) || bare.trim_start().starts_with(FORMULA_SIGNS)
}

fn by_line(cell: &str, each: impl Fn(&str) -> String) -> String {
    cell.split_inclusive(['\n', '\r']).map(each).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_are_guarded_and_telephones_are_not() {
        for (cell, expected) in [
            ("=1+1", "'=1+1"),
            (" \u{a0}=1", "' \u{a0}=1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("＝1+1", "'＝1+1"),
            ("\tx", "'\tx"),
            ("ok\n-2+3", "ok\n'-2+3"),
            ("ok\r=2+3", "ok\r'=2+3"),
            ("ok\r\n=2", "ok\r\n'=2"),
            ("+79123456789", "+79123456789"),
            ("+7 (912) 345", "'+7 (912) 345"),
            ("-12,5", "-12,5"),
            ("-", "'-"),
            ("'=1", "''=1"),
            ("O'Neill", "O'Neill"),
        ] {
            assert_eq!(guard(cell), expected, "{cell:?}");
            assert_eq!(unguard(&guard(cell)), cell, "{cell:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(cells in proptest::collection::vec(
            "[-+=@'\"; \u{a0}\t\na-cА-В0-9]{0,12}", 1..6)) {
            let row = write_row(&cells, ';');
            let read: Vec<Vec<String>> = rows(&row, ';').collect();
            let expected: Vec<String> = cells.clone();
            let all_empty = cells.len() == 1 && cells[0].is_empty();
            if all_empty {
                prop_assert!(read.is_empty());
            } else {
                let read: Vec<String> = read.concat().iter().map(|c| unguard(c)).collect();
                prop_assert_eq!(read, expected);
            }
        }
    }
}
