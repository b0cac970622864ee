//! Every statement of a `store.rs` was run by the tests, on SQLite and on PostgreSQL.
//!
//! The tests of the library note what reaches a database in a file beside themselves
//! (`storage/testing.rs`); here it is compared with the statements that stand in the source. So
//! the library's tests come first, as plain `cargo test` has it; without them this one fails.

use std::fs;

use super::offenders::Found;
use super::rooms::is_statement;
use super::source::{product, word_places};

/// What the last run of the tests ran, as they wrote it down.
fn noted() -> String {
    let here = std::env::current_exe().expect("the tests have a path");
    let folder = here.parent().expect("the tests stand in a folder");
    let lists = fs::read_dir(folder).expect("the folder is read").filter_map(|entry| {
        let entry = entry.expect("the folder is read");
        let is_list = entry.path().extension().is_some_and(|ending| ending == "statements");
        let written = entry.metadata().and_then(|data| data.modified()).expect("a time");
        is_list.then(|| (written, entry.path()))
    });
    let (_, last) = lists.max().expect("no statement was noted; run `cargo test --lib` first");
    fs::read_to_string(last).expect("a list is read")
}

/// The value of a literal as it stands in the source.
fn value(literal: &str) -> String {
    let mut text = String::new();
    let mut rest = literal.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' => match rest.next() {
                Some('n') => text.push('\n'),
                Some('\n') => while rest.next_if(|c| c.is_whitespace()).is_some() {},
                Some(other) => text.push(other),
                None => {}
            },
            c => text.push(c),
        }
    }
    text
}

#[test]
fn every_statement_is_run_by_tests_on_both_databases() {
    let noted = noted();
    let (lite, pg): (Vec<&str>, Vec<&str>) =
        noted.lines().partition(|line| line.starts_with("Lite "));
    let mut found = Found::default();
    for file in
        product().filter(|file| file.path.ends_with("store.rs") || file.path.contains("/store/"))
    {
        for (line, literal) in file.literals.iter().filter(|(_, text)| is_statement(text)) {
            let debug = format!("{:?}", value(literal));
            let text = debug.trim_matches('"');
            for (name, ran) in [("SQLite", &lite), ("PostgreSQL", &pg)] {
                if !ran.iter().any(|ran| ran.contains(text)) {
                    let above = file.code.lines().take(line + 1).collect::<Vec<_>>().join("\n");
                    let function = word_places(&above, "fn").last().map_or("", |at| {
                        let rest = above[at + 2..].trim_start();
                        rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("")
                    });
                    let sentence = format!("line {}: no test runs it on {name}", line + 1);
                    found.note(format!("{} {function}", file.path), 1, sentence);
                }
            }
        }
    }
    found.judge("statement");
}

#[test]
fn a_literal_is_read_as_the_compiler_reads_it() {
    assert_eq!(
        value("select a \\\n     from b where c = '\\\\'"),
        "select a from b where c = '\\'"
    );
}
