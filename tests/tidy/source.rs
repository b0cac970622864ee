//! The tree as text: files of a kind, Rust without comments, literals and test code.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A file of the tree.
pub struct Text {
    /// Path below the root, with `/`.
    pub path: String,
    /// All of it.
    pub all: String,
}

/// A Rust file, taken apart.
pub struct Rust {
    /// Path below the root.
    pub path: String,
    /// All of it.
    pub all: String,
    /// Comments and the content of literals blanked; same length in lines.
    pub code: String,
    /// As `code`, with test-only items blanked too.
    pub product: String,
    /// The string literals outside test-only items: line and value as written.
    pub literals: Vec<(usize, String)>,
    /// True for a file that only tests compile.
    pub is_test: bool,
}

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file whose name ends so, below a folder, in order.
pub fn files(folder: &str, endings: &[&str]) -> Vec<Text> {
    let mut paths = Vec::new();
    walk(&root().join(folder), &mut paths);
    paths.sort();
    paths
        .iter()
        .filter(|path| endings.iter().any(|e| path.to_string_lossy().ends_with(e)))
        .map(|path| Text {
            path: path.strip_prefix(root()).expect("below the root").display().to_string(),
            all: String::from_utf8_lossy(&fs::read(path).expect("a file is read")).into_owned(),
        })
        .collect()
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("a folder is read").path();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() {
            if !["target", ".git", "node_modules", "demo-data"].contains(&name.as_str()) {
                walk(&path, paths);
            }
        } else {
            paths.push(path);
        }
    }
}

/// Every Rust file of the workspace.
pub fn rust() -> &'static [Rust] {
    static ALL: LazyLock<Vec<Rust>> = LazyLock::new(|| {
        let texts: Vec<Text> = ["src", "crates", "tests", "build.rs"]
            .iter()
            .flat_map(|folder| {
                if folder.ends_with(".rs") {
                    let all = fs::read_to_string(root().join(folder)).expect("build.rs is read");
                    vec![Text { path: (*folder).to_owned(), all }]
                } else {
                    files(folder, &[".rs"])
                }
            })
            .collect();
        let test_only = test_only_modules(&texts);
        texts.into_iter().map(|text| take_apart(text, &test_only)).collect()
    });
    &ALL
}

/// Rust files of the product: `src` without what only tests compile.
pub fn product() -> impl Iterator<Item = &'static Rust> {
    rust().iter().filter(|file| file.path.starts_with("src/") && !file.is_test)
}

/// The folder or file of `src` that a path stands in: `src/pay/plans.rs` is in `pay`.
pub fn folder(path: &str) -> &str {
    let below = path.strip_prefix("src/").unwrap_or(path);
    below.split('/').next().unwrap_or(below).trim_end_matches(".rs")
}

fn take_apart(text: Text, test_only: &[String]) -> Rust {
    let (code, mut literals) = blank(&text.all);
    let product = without_tests(&code);
    let lines: Vec<&str> = product.lines().collect();
    // A literal of a test-only item has had its quotes blanked.
    literals.retain(|(line, _)| lines.get(*line).is_some_and(|l| !l.trim().is_empty()));
    let is_test = text.path.starts_with("tests/")
        || text.path.contains("/tests/")
        || test_only.iter().any(|stem| {
            text.path.strip_prefix(stem).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
        });
    Rust { path: text.path, all: text.all, code, product, literals, is_test }
}

/// Path stems of modules declared under `#[cfg(test)]`.
fn test_only_modules(texts: &[Text]) -> Vec<String> {
    let mut stems = Vec::new();
    for text in texts {
        let parent = text.path.rsplit_once('/').map_or("", |(parent, _)| parent);
        let stem = text.path.trim_end_matches(".rs");
        let is_root = ["mod", "lib", "main"].iter().any(|n| stem.ends_with(&format!("/{n}")));
        let base = if is_root { parent } else { stem };
        for part in text.all.split("#[cfg(test)]\n").skip(1) {
            let declared = part
                .lines()
                .map(str::trim)
                .find(|line| !line.starts_with("#["))
                .and_then(|line| line.strip_suffix(';'));
            if let Some((_, name)) = declared.and_then(|line| line.split_once("mod ")) {
                stems.push(format!("{base}/{name}"));
            }
        }
    }
    stems
}

/// Blanks comments and the content of literals, and collects the strings with their lines.
fn blank(all: &str) -> (String, Vec<(usize, String)>) {
    let chars: Vec<char> = all.chars().collect();
    let mut out = String::with_capacity(all.len());
    let mut literals = Vec::new();
    let (mut at, mut line) = (0, 0);
    while at < chars.len() {
        let end = token_end(&chars, at);
        let token = &chars[at..end];
        let is_string = is_string(token);
        let is_hidden = is_string
            || token.starts_with(&['/']) && token.len() > 1
            || token.starts_with(&['\'']) && token.len() > 2;
        if is_string {
            literals.push((line, content(token)));
        }
        for (i, c) in token.iter().enumerate() {
            let is_edge = is_string && (i == 0 || i + 1 == token.len());
            out.push(match c {
                '\n' => '\n',
                _ if is_edge => '"',
                _ if is_hidden => ' ',
                c => *c,
            });
            line += usize::from(*c == '\n');
        }
        at = end;
    }
    (out, literals)
}

fn is_string(token: &[char]) -> bool {
    token.len() > 1 && matches!(token[0], '"' | 'b' | 'c' | 'r') && token.contains(&'"')
}

fn content(token: &[char]) -> String {
    let text: String = token.iter().collect();
    let first = text.find('"').map_or(0, |i| i + 1);
    let last = text.rfind('"').unwrap_or(text.len());
    text.get(first..last).unwrap_or_default().to_owned()
}

/// Where the comment, literal, word or sign that begins at `at` ends.
fn token_end(chars: &[char], at: usize) -> usize {
    let rest = &chars[at..];
    let len = match rest {
        ['/', '/', ..] => rest.iter().position(|c| *c == '\n').unwrap_or(rest.len()),
        ['/', '*', ..] => block_comment(rest),
        ['"', ..] => quoted(rest, 0),
        ['b' | 'c', '"', ..] => quoted(rest, 1),
        ['r', '"' | '#', ..] => raw(rest, 1).unwrap_or(1),
        ['b' | 'c', 'r', '"' | '#', ..] => raw(rest, 2).unwrap_or(2),
        ['\'', '\\', ..] => 2 + rest[2..].iter().skip(1).position(|c| *c == '\'').unwrap_or(0) + 2,
        ['\'', _, '\'', ..] => 3,
        [c, ..] if c.is_alphanumeric() || *c == '_' => {
            rest.iter().position(|c| !c.is_alphanumeric() && *c != '_').unwrap_or(rest.len())
        }
        _ => 1,
    };
    (at + len).min(chars.len())
}

fn block_comment(rest: &[char]) -> usize {
    let (mut depth, mut i) = (0_usize, 0);
    while i + 1 < rest.len() {
        match (rest[i], rest[i + 1]) {
            ('/', '*') => (depth, i) = (depth + 1, i + 2),
            ('*', '/') => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            return i;
        }
    }
    rest.len()
}

fn quoted(rest: &[char], open: usize) -> usize {
    let mut i = open + 1;
    while i < rest.len() {
        match rest[i] {
            '\\' => i += 2,
            '"' => return i + 1,
            _ => i += 1,
        }
    }
    rest.len()
}

/// A raw string; `None` for a raw identifier.
fn raw(rest: &[char], prefix: usize) -> Option<usize> {
    let hashes = rest[prefix..].iter().take_while(|c| **c == '#').count();
    if rest.get(prefix + hashes) != Some(&'"') {
        return None;
    }
    let mut i = prefix + hashes + 1;
    while i < rest.len() {
        let closes = rest[i] == '"'
            && rest.len() > i + hashes
            && rest[i + 1..=i + hashes].iter().all(|c| *c == '#');
        if closes {
            return Some(i + 1 + hashes);
        }
        i += 1;
    }
    Some(rest.len())
}

/// Blanks what stands under `#[cfg(test)]` or under the feature of real files.
fn without_tests(code: &str) -> String {
    let mut out = code.to_owned();
    // In blanked code the name of a feature is spaces, so both marks are found by their heads.
    for mark in ["#[cfg(test)]", "#[cfg(feature"] {
        while let Some(start) = out.find(mark) {
            let end = end_after(&out, start + mark.len());
            let hole: String =
                out[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
            out.replace_range(start..end, &hole);
        }
    }
    out
}

/// The end of the item after an attribute: its closing brace, or the semicolon.
pub fn end_after(code: &str, from: usize) -> usize {
    let mut depth = 0_i32;
    for (i, c) in code[from..].char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '{' if depth <= 0 => return closing(code, from + i),
            ';' | ',' if depth <= 0 => return from + i + 1,
            _ => {}
        }
    }
    code.len()
}

/// Just after the brace that closes the one at `open`.
pub fn closing(code: &str, open: usize) -> usize {
    let mut depth = 0;
    for (i, c) in code[open..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return open + i + c.len_utf8();
        }
    }
    code.len()
}

/// The line of a place in a text, from one.
pub fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// Every place where a word stands with no letter, digit or underscore on either side.
pub fn word_places<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        !text[..*at].chars().next_back().is_some_and(is_part)
            && !text[at + word.len()..].chars().next().is_some_and(is_part)
    })
}

#[test]
fn a_file_is_taken_apart_without_losing_a_line() {
    let text = "fn a() { let x = \"s // \\\" {\"; } // {\n/* { */ fn b<'a>(c: char) { c == '{' }\n\
                #[cfg(test)]\nmod t { fn c() {} }\nconst R: &str = r#\"a \"{\"#;\n";
    let text = Text { path: "src/x.rs".to_owned(), all: text.to_owned() };
    let file = take_apart(text, &[]);
    assert_eq!(file.code.lines().count(), file.all.lines().count());
    assert_eq!(file.code.matches('{').count(), file.code.matches('}').count(), "{}", file.code);
    assert!(!file.product.contains("fn c"), "{}", file.product);
    let values: Vec<&str> = file.literals.iter().map(|(_, v)| v.as_str()).collect();
    assert_eq!(values, ["s // \\\" {", "a \"{"]);
    assert!(file.literals[0].0 == 0 && file.literals[1].0 == 4);
}
