//! The payroll file: a spreadsheet opens it, and no cell of it becomes a formula.

use crate::values::*;

/// A sum as a spreadsheet of that language reads it: `-1234,50`.
pub fn sum(sum: Money, lang: Lang) -> String {
    let mark = match lang {
        Lang::Ru => ',',
        Lang::En => '.',
    };
    let minor = sum.minor.unsigned_abs();
    let sign = if sum.minor < 0 { "-" } else { "" };
    format!("{sign}{}{mark}{:02}", minor / 100, minor % 100)
}

/// A table as CSV for spreadsheets: a byte order mark, semicolons, CRLF.
pub fn table(rows: &[Vec<String>]) -> Vec<u8> {
    let mut text = String::from('\u{feff}');
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| quoted(&safe(cell))).collect();
        text.push_str(&cells.join(";"));
        text.push_str("\r\n");
    }
    text.into_bytes()
}

/// A cell that no spreadsheet takes for a formula. A phone number and a plain negative number are
/// left alone; anything else that begins a line with a dangerous sign gets an apostrophe there.
pub fn safe(cell: &str) -> String {
    if is_phone(cell) || is_negative_number(cell) {
        return cell.to_owned();
    }
    let lines = cell.split_inclusive(['\n', '\r']);
    lines
        .map(|line| if is_dangerous(line) { format!("'{line}") } else { line.to_owned() })
        .collect()
}

fn is_dangerous(line: &str) -> bool {
    let begins_with_control = line.starts_with(['\t', '\r']);
    let trimmed = line.trim_start();
    begins_with_control
        || trimmed.starts_with(['=', '+', '-', '@', '\t', '\u{2212}', '＝', '＋', '－', '＠'])
}

fn is_phone(cell: &str) -> bool {
    let digits = cell.strip_prefix('+');
    digits.is_some_and(|d| (7..=15).contains(&d.len()) && d.bytes().all(|b| b.is_ascii_digit()))
}

fn is_negative_number(cell: &str) -> bool {
    let Some(rest) = cell.strip_prefix('-') else { return false };
    let (whole, fraction) = rest.split_once([',', '.']).unwrap_or((rest, "0"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    are_digits(whole) && are_digits(fraction)
}

fn quoted(cell: &str) -> String {
    if cell.contains([';', '"', '\n', '\r', ',']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_has_the_mark_of_its_language_and_stays_a_number() {
        for (minor, russian, english) in
            [(-1_234_50, "-1234,50", "-1234.50"), (7, "0,07", "0.07"), (200_00, "200,00", "200.00")]
        {
            let money = Money::new(minor, Currency::Rub);
            for (lang, expected) in [(Lang::Ru, russian), (Lang::En, english)] {
                assert_eq!(sum(money, lang), expected);
                assert_eq!(safe(expected), expected, "no apostrophe before it");
            }
        }
    }

    #[test]
    fn no_cell_becomes_a_formula() {
        for (cell, expected) in [
            ("=SUM(54+51)", "'=SUM(54+51)"),
            (" =1", "' =1"),
            ("\u{a0}@x", "'\u{a0}@x"),
            ("a\n=1", "a\n'=1"),
            ("+79123456789", "+79123456789"),
            ("+7 912", "'+7 912"),
            ("-350,00", "-350,00"),
            ("-350.00", "-350.00"),
            ("-1+1", "'-1+1"),
            ("-", "'-"),
            ("\tx", "'\tx"),
            ("Иванова", "Иванова"),
            ("", ""),
        ] {
            assert_eq!(safe(cell), expected, "{cell:?}");
        }
        let file = table(&[vec!["a;b".to_owned(), "=\"1\"".to_owned()]]);
        let expected = "\u{feff}\"a;b\";\"'=\"\"1\"\"\"\r\n";
        assert_eq!(String::from_utf8(file).as_deref(), Ok(expected));
    }
}
