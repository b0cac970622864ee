//! Rows of cells in and out of text, so that nothing is swallowed and nothing becomes a formula.
//!
//! A quote that is never closed, or would run over very many lines, is an ordinary letter: it must
//! not turn the rest of a file into one cell. On the way out a cell that a spreadsheet would run
//! as a formula gets an apostrophe in front, and on the way in exactly that one is taken off.

/// What a formula begins with; spreadsheets of the East take the wide signs too.
const FORMULA_SIGNS: [char; 9] = ['=', '+', '-', '@', '\u{2212}', '＝', '＋', '－', '＠'];
/// A quoted cell may run over so many lines; a real note does not run over more.
const QUOTED_LINES_MAX: usize = 100;

/// Rows of a text, one after another. Lines without any character are not rows.
#[derive(Debug, Clone)]
struct Rows<'a> {
    text: &'a str,
    delimiter: char,
}

/// The rows of a text whose cells are parted by `delimiter`.
pub fn rows(text: &str, delimiter: char) -> impl Iterator<Item = Vec<String>> {
    let mut rows = Rows { text, delimiter };
    std::iter::from_fn(move || rows.take_row())
}

impl Rows<'_> {
    /// One row off the front of the text.
    fn take_row(&mut self) -> Option<Vec<String>> {
        self.text = self.text.trim_start_matches(['\n', '\r']);
        if self.text.is_empty() {
            return None;
        }
        let mut cells = Vec::new();
        loop {
            let (cell, goes_on) = self.take_cell();
            cells.push(cell);
            if !goes_on {
                return Some(cells);
            }
        }
    }

    /// One cell off the front of the text: what it holds, and whether its row goes on.
    fn take_cell(&mut self) -> (String, bool) {
        if let Some((cell, rest)) = quoted(self.text, self.delimiter) {
            self.text = rest;
            return (cell, self.take_delimiter());
        }
        let end = self.text.find([self.delimiter, '\n', '\r']).unwrap_or(self.text.len());
        let (cell, rest) = self.text.split_at(end);
        self.text = rest;
        (cell.to_owned(), self.take_delimiter())
    }

    /// Takes what parts cells or rows; true when the row goes on.
    fn take_delimiter(&mut self) -> bool {
        if let Some(rest) = self.text.strip_prefix(self.delimiter) {
            self.text = rest;
            return true;
        }
        let rest = self.text.strip_prefix("\r\n").or_else(|| self.text.strip_prefix(['\n', '\r']));
        self.text = rest.unwrap_or(self.text);
        false
    }
}

/// A cell in quotes off the front of the text, and what follows it. `None` when the text does not
/// begin with a quote, or the quote is a letter.
fn quoted(text: &str, delimiter: char) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut cell = String::new();
    let (mut from, mut lines) = (0, 0);
    while let Some(found) = inner[from..].find('"') {
        let at = from + found;
        let part = &inner[from..at];
        lines += part.bytes().filter(|byte| *byte == b'\n').count();
        if lines > QUOTED_LINES_MAX {
            return None;
        }
        cell.push_str(part);
        let rest = &inner[at + 1..];
        if let Some(rest) = rest.strip_prefix('"') {
            cell.push('"');
            from = inner.len() - rest.len();
            continue;
        }
        let rest = rest.trim_start_matches(' ');
        let is_end = rest.is_empty() || rest.starts_with([delimiter, '\n', '\r']);
        // «"Ромашка" ООО» was written without a spreadsheet: its quotes are letters. So is a
        // quote left open, which meets the next one in the middle of nowhere.
        return is_end.then_some((cell, rest));
    }
    None
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

    fn read(text: &str) -> Vec<Vec<String>> {
        rows(text, ';').collect()
    }

    #[test]
    fn quotes_lines_and_delimiters_within_them_are_read() {
        for (text, expected) in [
            ("a;b\nc;d", vec![vec!["a", "b"], vec!["c", "d"]]),
            ("a;b\r\nc;d\r\n", vec![vec!["a", "b"], vec!["c", "d"]]),
            ("a;b\rc;d", vec![vec!["a", "b"], vec!["c", "d"]]),
            ("\"a;1\";\"b\nc\"", vec![vec!["a;1", "b\nc"]]),
            ("\"ООО \"\"Лён\"\"\";x", vec![vec!["ООО \"Лён\"", "x"]]),
            ("\"Лён\" ООО;x", vec![vec!["\"Лён\" ООО", "x"]]),
            ("\"Лён\" ООО;\"x\" ;\"y\"", vec![vec!["\"Лён\" ООО", "x", "y"]]),
            (
                "1;\"ООО Лён;x\n2;\"Шёлк\";y",
                vec![vec!["1", "\"ООО Лён", "x"], vec!["2", "Шёлк", "y"]],
            ),
            ("a;;\n\n\n;b;", vec![vec!["a", "", ""], vec!["", "b", ""]]),
            ("", vec![]),
            ("\n\n", vec![]),
        ] {
            assert_eq!(read(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_quote_that_is_never_closed_swallows_nothing() {
        let text = format!("1;\"ООО Лён;x\n{}", "2;Шёлк;y\n".repeat(300));
        let all = read(&text);
        assert_eq!(all.len(), 301);
        assert_eq!(all[0], ["1", "\"ООО Лён", "x"]);
        // The next quote stands 300 lines below: this one is a letter too.
        let text = format!("{text}3;\"Хлопок\";z\n");
        assert_eq!(read(&text).len(), 302);
    }

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
