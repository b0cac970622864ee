//! Names from the glossary, no path of a machine, no way in that was not looked at.

use std::fmt::Write as _;
use std::fs;

use super::edges::TOP;
use super::offenders::Found;
use super::source::{files, folder, line_of, product, root, rust, word_places};

const BANNED: [&str; 18] = [
    "manager",
    "managers",
    "service",
    "helper",
    "helpers",
    "util",
    "utils",
    "processor",
    "data",
    "info",
    "item",
    "items",
    "object",
    "objects",
    "common",
    "misc",
    "process",
    "perform",
];

/// Words of a name: `TaxId` and `tax_id` are `tax`, `id`.
fn words(name: &str) -> Vec<String> {
    let is_constant = !name.chars().any(char::is_lowercase);
    let mut all = vec![String::new()];
    for c in name.chars() {
        if c == '_' || c.is_uppercase() && !is_constant {
            all.push(String::new());
        }
        if c != '_' {
            all.last_mut().expect("one word at least").extend(c.to_lowercase());
        }
    }
    all.retain(|word| !word.is_empty());
    all
}

#[test]
fn names_say_what_a_thing_is() {
    let mut found = Found::default();
    for file in rust() {
        for kind in ["fn", "struct", "enum", "trait", "mod", "type", "const", "static"] {
            for at in word_places(&file.product, kind) {
                let rest = file.product[at + kind.len()..].trim_start();
                let name: String =
                    rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let banned = words(&name).into_iter().find(|w| {
                    // Tier 3 is called service.
                    BANNED.contains(&w.as_str()) && (w != "service" || words(&name).len() == 1)
                });
                if let Some(word) = banned {
                    let line = line_of(&file.product, at);
                    let sentence = format!("line {line}: `{word}` says nothing; see GLOSSARY.md");
                    found.note(format!("{} {name}", file.path), 1, sentence);
                }
            }
        }
        let stem = file.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
        if BANNED.contains(&stem) && stem != "service" || stem == "handle" {
            found.note(&file.path, 1, format!("a file named {stem} says nothing"));
        }
    }
    found.judge("name");
}

#[test]
fn a_lint_is_expected_with_a_reason_or_obeyed() {
    let mut found = Found::default();
    for file in rust() {
        for mark in ["#[allow", "#![allow", "#[ignore"] {
            for (at, _) in file.code.match_indices(mark) {
                let line = line_of(&file.code, at);
                let sentence = format!("line {line}: {mark}]; use #[expect(…, reason = \"…\")]");
                found.note(&file.path, 1, sentence);
            }
        }
        for (i, (code, all)) in file.code.lines().zip(file.all.lines()).enumerate() {
            let is_expected = code.contains("[expect(") && code.contains(")]");
            if is_expected && !all.contains("reason = \"") {
                found.note(&file.path, 1, format!("line {}: #[expect] without a reason", i + 1));
            }
        }
    }
    found.judge("lint");
}

#[test]
fn a_schema_of_the_api_has_a_name_of_its_own() {
    let mut found = Found::default();
    let mut known = std::collections::BTreeMap::<String, String>::new();
    for file in product() {
        for (at, _) in file.code.match_indices("ToSchema)]") {
            let rest = &file.code[at..];
            let head = rest.find("struct ").or_else(|| rest.find("enum ")).unwrap_or(0);
            let given = rest[..head].split_once("as = ").map(|(_, name)| name);
            let declared = rest[head..].split_whitespace().nth(1);
            let Some(name) = given.or(declared) else { continue };
            let name: String =
                name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if let Some(other) = known.insert(name.clone(), file.path.clone()) {
                found.note(&file.path, 1, format!("{name} is the schema of {other} too"));
            }
        }
    }
    assert!(known.len() > 100, "the schemas are found: {}", known.len());
    found.judge("schema");
}

#[test]
fn nothing_is_left_for_later_or_let_fall() {
    let mut found = Found::default();
    for file in product() {
        let lines: Vec<&str> = file.all.lines().collect();
        for (i, (code, all)) in file.product.lines().zip(&lines).enumerate() {
            for mark in ["TODO", "FIXME"] {
                if word_places(all, mark).next().is_some() {
                    found.note(&file.path, 1, format!("line {}: {mark}", i + 1));
                }
            }
            for mark in [".unwrap()", ".expect(", "panic!(", "unreachable!(", "todo!("] {
                if code.contains(mark) {
                    found.note(&file.path, 1, format!("line {}: {mark}", i + 1));
                }
            }
            let is_explained = i > 0 && lines[i - 1].trim_start().starts_with("//");
            if code.contains("let _ = ") && !is_explained {
                let sentence = format!("line {}: an outcome is let fall; say why above it", i + 1);
                found.note(&file.path, 1, sentence);
            }
        }
    }
    found.judge("fall");
}

#[test]
fn no_path_of_a_machine_stands_in_the_tree() {
    let mut found = Found::default();
    // Written in parts, so that this file does not hold what it looks for.
    let paths = [["/ro", "ot/"], ["/ho", "me/"], ["/wo", "rk/"], ["/Use", "rs/"]];
    let endings = [
        ".rs", ".toml", ".md", ".sql", ".html", ".ftl", ".css", ".js", ".sh", ".yml", ".txt",
        "test", ".out", ".json", ".lock", "run",
    ];
    for file in files("", &endings) {
        for path in paths.map(|parts| parts.concat()) {
            for (at, _) in file.all.match_indices(&path) {
                // Part of a longer path or address is something else.
                let before = file.all[..at].chars().next_back();
                if before.is_none_or(|c| !c.is_alphanumeric() && !"./-_}*".contains(c)) {
                    let line = line_of(&file.all, at);
                    found.note(&file.path, 1, format!("line {line}: a path of one machine"));
                }
            }
        }
    }
    found.judge("machine");
}

#[test]
fn every_folder_says_what_it_is() {
    let mut found = Found::default();
    for file in product().filter(|f| f.path.ends_with("/mod.rs")) {
        if TOP.contains(&folder(&file.path)) {
            continue;
        }
        let lines = file.all.lines().take_while(|line| line.starts_with("//!")).count();
        // A folder with less than twenty lines has not begun.
        let has_begun = file.path.matches('/').count() == 2 && file.all.lines().count() > 20;
        if lines < 3 && has_begun {
            let sentence = "open with what it is, its invariants and its neighbours";
            found.note(&file.path, 1, sentence);
        }
    }
    found.judge("opening");
}

#[test]
fn the_ways_in_without_a_session_are_the_reviewed_ones() {
    let listed = troika::routes::table().listed;
    let open: String =
        listed.iter().filter(|route| route.policy.is_public).fold(String::new(), |mut all, r| {
            writeln!(all, "{} {}", r.method, r.path).expect("memory takes text");
            all
        });
    let path = root().join("tests/tidy/open_routes.txt");
    let reviewed = fs::read_to_string(path).expect("open_routes.txt is read");
    assert_eq!(open, reviewed, "a way in without a session: look at it, then list it");
    assert!(reviewed.lines().count() <= 13, "at most thirteen ways in without a session");
}

#[test]
fn a_route_is_declared_once_and_named_by_nouns() {
    let mut found = Found::default();
    let listed = troika::routes::table().listed;
    for (i, route) in listed.iter().enumerate() {
        let is_twice = listed[..i].iter().any(|r| r.path == route.path && r.method == route.method);
        if is_twice {
            found.note(format!("{} {}", route.method, route.path), 1, "declared twice");
        }
        for part in route.path.split('/') {
            let is_clean = part.starts_with('{')
                || part.chars().all(|c| c.is_ascii_lowercase() || "-.0123456789".contains(c));
            let is_anonymous = ["{id}", "{n}", "{number}"].contains(&part);
            if !is_clean || is_anonymous {
                let sentence = format!("{}: {part}; a parameter is named by its noun", route.path);
                found.note(format!("{} {}", route.method, route.path), 1, sentence);
            }
        }
    }
    found.judge("route");
}

#[test]
fn words_of_a_name_are_found() {
    assert_eq!(words("TaxId"), ["tax", "id"]);
    assert_eq!(words("CALL_DATA"), ["call", "data"]);
    assert_eq!(words("user_info"), ["user", "info"]);
}

#[test]
fn a_decision_is_named_by_its_number_and_its_name() {
    let known: Vec<(String, String)> = files("docs/decisions", &[".md"])
        .iter()
        .filter_map(|file| file.path.rsplit('/').next()?.trim_end_matches(".md").split_once('-'))
        .map(|(number, name)| (number.to_owned(), name.replace('-', " ")))
        .collect();
    assert!(known.len() > 10, "{known:?}");
    let mut found = Found::default();
    for file in rust().iter().filter(|file| file.path.starts_with("src/") && !file.is_test) {
        let comments = file.all.replace("\n//!", "").replace("\n    ///", "").replace("\n///", "");
        for (at, mark) in comments.to_ascii_lowercase().match_indices("decision 0") {
            let said = &comments[at + mark.len() - 1..];
            let is_true =
                known.iter().any(|(number, name)| said.starts_with(&format!("{number} ({name})")));
            let line = said.chars().take(40).collect::<String>();
            let sentence = format!("no such decision: {line}; write 0007 (removing the demo)");
            if !is_true {
                found.note(&file.path, 1, sentence);
            }
        }
    }
    found.judge("decision");
}
