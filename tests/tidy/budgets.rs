//! Sizes. Where the numbers come from: STYLE.md.

use std::collections::BTreeMap;

use super::offenders::Found;
use super::source::{closing, files, line_of, rust, word_places};

const FILE_LINES_MAX: usize = 500;
const TEST_FILE_LINES_MAX: usize = 1_000;
const FUNCTION_LINES_MAX: usize = 70;
const VIEW_LINES_MAX: usize = 150;
const COLUMNS_MAX: usize = 100;
const PARAMETERS_MAX: usize = 6;

#[test]
fn a_file_can_be_read_in_one_sitting() {
    let mut found = Found::default();
    let mut sizes = Sizes::default();
    for file in rust() {
        let max = if file.is_test { TEST_FILE_LINES_MAX } else { FILE_LINES_MAX };
        let text = if file.is_test { &file.code } else { &file.product };
        let blank = text.lines().zip(file.code.lines()).filter(|(p, c)| p.trim() != c.trim());
        let lines = file.all.lines().count() - blank.count();
        sizes.note(&file.path, lines);
        if lines > max {
            found.note(&file.path, lines, format!("{lines} lines; {max} at most: split by a noun"));
        }
    }
    found.judge("file");
    sizes.tell();
}

/// Lines and files of each folder, and the largest; printed for docs/figures.md under
/// `--nocapture`.
#[derive(Default)]
struct Sizes {
    folders: BTreeMap<String, (usize, usize)>,
    largest: (usize, String),
}

impl Sizes {
    fn note(&mut self, path: &str, lines: usize) {
        let parts: Vec<&str> = path.split('/').collect();
        let depth = parts.len().saturating_sub(1).min(2);
        let sum = self.folders.entry(parts[..depth].join("/")).or_default();
        *sum = (sum.0 + 1, sum.1 + lines);
        self.largest = self.largest.clone().max((lines, path.to_owned()));
    }
    fn tell(&self) {
        for (folder, (files, lines)) in &self.folders {
            println!("{folder:<24} {files:>4} files {lines:>6} lines");
        }
        println!("largest file: {} with {} lines", self.largest.1, self.largest.0);
    }
}

#[test]
fn a_function_fits_on_a_screen_and_takes_few_arguments() {
    let (mut long, mut wide) = (Found::default(), Found::default());
    let mut longest = (0, String::new());
    for file in rust() {
        for at in word_places(&file.code, "fn") {
            let rest = &file.code[at + 2..];
            let name: String = rest
                .trim_start()
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            let Some(open) = rest.find('(').filter(|_| !name.is_empty()) else { continue };
            let (parameters, after) = parameters(&rest[open..]);
            let place = format!("{} {name}", file.path);
            if parameters > PARAMETERS_MAX {
                let sentence =
                    format!("{parameters} parameters; {PARAMETERS_MAX} at most: name a struct");
                wide.note(&place, parameters, sentence);
            }
            let body = at + 2 + open + after;
            let Some(brace) = file.code[body..].find(['{', ';']).map(|i| body + i) else {
                continue;
            };
            if file.code[brace..].starts_with('{') {
                let end = closing(&file.code, brace);
                let lines = line_of(&file.code, end) - line_of(&file.code, at) + 1;
                longest = longest.max((lines, place.clone()));
                if lines > FUNCTION_LINES_MAX {
                    let sentence = format!(
                        "{lines} lines at line {}; {FUNCTION_LINES_MAX} at most",
                        line_of(&file.code, at)
                    );
                    long.note(&place, lines, sentence);
                }
            }
        }
    }
    println!("longest function: {} with {} lines", longest.1, longest.0);
    long.judge("function");
    wide.judge("parameters");
}

/// How many parameters stand in the parentheses that open here, and where they close.
fn parameters(text: &str) -> (usize, usize) {
    let (mut depth, mut count, mut is_filled) = (0_i32, 0, false);
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            // The arrow of a function type closes nothing.
            '>' if text[..at].ends_with(['-', '=']) => {}
            ')' | ']' | '}' | '>' => depth -= 1,
            ',' if depth == 1 => (count, is_filled) = (count + 1, false),
            c if !c.is_whitespace() => is_filled = true,
            _ => {}
        }
        if depth == 0 {
            return (count + usize::from(is_filled), at + 1);
        }
    }
    (count, text.len())
}

#[test]
fn a_line_fits_the_page() {
    let mut found = Found::default();
    for file in rust() {
        for (i, line) in file.all.lines().enumerate() {
            let columns = line.chars().count();
            if columns > COLUMNS_MAX {
                found.note(&file.path, 1, format!("line {}: {columns} columns", i + 1));
            }
        }
    }
    found.judge("columns");
}

#[test]
fn a_view_is_short() {
    let mut found = Found::default();
    for view in files("src", &[".html"]) {
        let lines = view.all.lines().count();
        if lines > VIEW_LINES_MAX {
            let sentence = format!("{lines} lines; {VIEW_LINES_MAX} at most: draw a part");
            found.note(&view.path, lines, sentence);
        }
    }
    found.judge("view");
}

#[test]
fn parameters_are_counted() {
    assert_eq!(parameters("()").0, 0);
    assert_eq!(parameters("(a: A, (b, c): (B, C), d: Vec<(D, E)>,) -> X").0, 3);
    assert_eq!(parameters("(a: impl Fn(u8) -> u8, b: u8)").0, 2);
}
