//! Who may use whom. Adding an edge is a visible diff of this file.

use std::collections::BTreeSet;

use super::offenders::Found;
use super::source::{Rust, folder, line_of, product, word_places};

/// What everything above stands on.
pub const FOUNDATION: &[&str] = &["values", "storage", "jobs", "events", "web"];

/// A folder, and what it uses beside the foundation. Where the foundation itself stands, all.
const EDGES: &[(&str, &[&str])] = &[
    ("people", &[]),
    ("tiers", &["people"]),
    ("companies", &["people", "tiers"]),
    ("imports", &["people", "companies"]),
    ("campaigns", &["people", "tiers"]),
    ("meetings", &["people", "tiers", "companies", "campaigns"]),
    ("leads", &["people", "tiers", "companies", "campaigns"]),
    ("verification", &["people", "companies", "campaigns", "leads"]),
    ("telephony", &["people", "companies", "campaigns", "leads"]),
    (
        "calls",
        &[
            "people",
            "tiers",
            "companies",
            "campaigns",
            "meetings",
            "leads",
            "verification",
            "telephony",
        ],
    ),
    ("quality", &["people", "tiers", "companies", "imports", "verification", "merges"]),
    (
        "rounds",
        &[
            "people",
            "tiers",
            "companies",
            "campaigns",
            "leads",
            "telephony",
            "calls",
            "verification",
            "quality",
        ],
    ),
    ("letters", &["people", "companies", "campaigns", "leads"]),
    ("promises", &["people", "companies"]),
    ("contracts", &["people", "tiers", "companies"]),
    (
        "opportunities",
        &["people", "tiers", "companies", "meetings", "contracts", "promises", "tasks"],
    ),
    ("tasks", &["people", "companies", "promises"]),
    (
        "clients",
        &[
            "people",
            "tiers",
            "companies",
            "meetings",
            "contracts",
            "tasks",
            "promises",
            "opportunities",
        ],
    ),
    (
        "handoffs",
        &[
            "people",
            "tiers",
            "companies",
            "campaigns",
            "meetings",
            "leads",
            "contracts",
            "promises",
            "opportunities",
            "clients",
        ],
    ),
    (
        "holdings",
        &[
            "people",
            "tiers",
            "companies",
            "promises",
            "opportunities",
            "tasks",
            "clients",
            "handoffs",
        ],
    ),
    ("merges", &["people", "companies", "leads", "tasks"]),
    ("erasures", &["people", "tiers", "companies", "imports", "telephony", "verification"]),
    ("pay", &["people", "tiers", "companies"]),
];

/// The foundation, each by itself.
const FOUNDATION_EDGES: &[(&str, &[&str])] = &[
    ("values", &[]),
    ("storage", &["values"]),
    ("jobs", &["values", "storage"]),
    ("events", &["values", "storage", "jobs"]),
    ("web", &["values", "storage"]),
];

/// They read everything and nobody uses them.
pub const READERS: &[&str] = &["story", "reports", "export", "wallboard"];

/// They name everyone; nobody below uses them.
pub const TOP: &[&str] = &[
    "routes", "schedule", "app", "main", "lib", "config", "check", "demo", "commands", "openapi",
    "backup", "serve", "bench",
];

/// Macros that stand at the root for everyone.
const MACROS: &[&str] = &["vals", "begin", "both"];

/// The libraries, and who may use each.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("ledger", &["pay"]),
    ("compensation", &["pay"]),
    ("linkage", &["companies", "imports", "quality", "merges"]),
    ("intake", &["imports", "pay"]),
    ("queueing", &[]),
    ("signalling", &["telephony"]),
];

/// The files of the libraries that carry bytes in and out; the rest of `signalling` decides and
/// names addresses.
const CARRIERS: [&str; 4] = [
    "crates/signalling/src/engine/mod.rs",
    "crates/signalling/src/engine/run.rs",
    "crates/signalling/src/engine/sound.rs",
    "crates/signalling/src/media/recorder.rs",
];

fn may_use(from: &str, to: &str) -> bool {
    if from == to || TOP.contains(&from) || MACROS.contains(&to) {
        return true;
    }
    if let Some((_, allowed)) = FOUNDATION_EDGES.iter().find(|(name, _)| *name == from) {
        return allowed.contains(&to);
    }
    if READERS.contains(&from) {
        return !TOP.contains(&to) && !READERS.contains(&to);
    }
    FOUNDATION.contains(&to)
        || EDGES.iter().any(|(name, allowed)| *name == from && allowed.contains(&to))
}

fn is_known(name: &str) -> bool {
    FOUNDATION.contains(&name)
        || READERS.contains(&name)
        || TOP.contains(&name)
        || EDGES.iter().any(|(folder, _)| *folder == name)
}

/// Names that follow `crate::` at a place, also out of a group in braces.
fn named_after(text: &str) -> Vec<&str> {
    let name = |text: &'_ str| text.find(|c: char| !c.is_alphanumeric() && c != '_');
    let Some(group) = text.strip_prefix('{') else {
        return vec![&text[..name(text).unwrap_or(text.len())]];
    };
    let (mut depth, mut names, mut begins) = (0, Vec::new(), true);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => begins = true,
            c if begins && !c.is_whitespace() => {
                begins = false;
                let rest = &group[at..];
                names.push(&rest[..name(rest).unwrap_or(rest.len())]);
            }
            _ => {}
        }
    }
    names
}

fn uses(file: &Rust) -> impl Iterator<Item = (usize, &str)> {
    file.product.match_indices("crate::").flat_map(|(at, mark)| {
        let line = line_of(&file.product, at);
        named_after(&file.product[at + mark.len()..]).into_iter().map(move |name| (line, name))
    })
}

#[test]
fn a_folder_uses_only_what_stands_below_it() {
    let mut found = Found::default();
    for file in product() {
        let from = folder(&file.path);
        for (line, to) in uses(file) {
            // `$crate` of a macro is whoever calls it.
            if !may_use(from, to) && !to.is_empty() {
                found.note(
                    format!("{} {to}", file.path),
                    1,
                    format!(
                        "line {line}: {from} may not use {to}; record an event and let {to} \
                         follow it, or show the new edge in tests/tidy/edges.rs"
                    ),
                );
            }
        }
        if file.product.contains("super::super::") && file.path.matches('/').count() == 2 {
            found.note(
                format!("{} super", file.path),
                1,
                "super::super:: leaves the folder unseen; write crate::",
            );
        }
    }
    found.judge("edge");
}

#[test]
fn an_edge_that_nobody_uses_is_struck() {
    let mut used = BTreeSet::new();
    for file in product() {
        let from = folder(&file.path);
        used.extend(uses(file).map(|(_, to)| (from, to)));
        let libraries = LIBRARIES.iter().map(|(library, _)| *library);
        used.extend(libraries.filter(|name| names(file, name)).map(|library| (from, library)));
    }
    let mut found = Found::default();
    let libraries =
        LIBRARIES.iter().flat_map(|(to, users)| users.iter().map(move |from| (*from, *to)));
    let edges = EDGES.iter().chain(FOUNDATION_EDGES);
    let edges = edges.flat_map(|(from, allowed)| allowed.iter().map(move |to| (*from, *to)));
    for (from, to) in edges.chain(libraries).filter(|edge| !used.contains(edge)) {
        let sentence =
            format!("{from} may use {to} and does not; strike it in tests/tidy/edges.rs");
        found.note(format!("{from} {to}"), 1, sentence);
    }
    found.judge("idle-edge");
}

/// True where a file names a library.
fn names(file: &Rust, library: &str) -> bool {
    word_places(&file.product, library)
        .any(|at| file.product[at + library.len()..].starts_with("::"))
}

#[test]
fn every_folder_has_its_place_in_the_direction() {
    let mut found = Found::default();
    for file in product() {
        let name = folder(&file.path);
        if !is_known(name) && !["lib", "main"].contains(&name) {
            found.note(
                name,
                1,
                format!("src/{name} is not in tests/tidy/edges.rs: say who uses it"),
            );
        }
    }
    found.judge("place");
}

#[test]
fn a_library_is_used_by_its_folder_and_knows_no_business() {
    let mut found = Found::default();
    for file in product() {
        for (library, users) in LIBRARIES {
            let is_used = names(file, library);
            let is_own = file.product.contains(&format!("::{library}::"));
            let from = folder(&file.path);
            if is_used && !is_own && !users.contains(&from) && !TOP.contains(&from) {
                let sentence = format!("crates/{library} is for {users:?}, not for {from}");
                found.note(format!("{} {library}", file.path), 1, sentence);
            }
        }
    }
    for file in product().filter(|file| names(file, "signalling")) {
        if !file.path.starts_with("src/telephony/drivers/") {
            let sentence = "the engine is named in src/telephony/drivers alone; use the port";
            found.note(format!("{} engine", file.path), 1, sentence);
        }
    }
    for file in super::source::rust().iter().filter(|f| f.path.starts_with("crates/")) {
        for banned in ["troika", "sqlx", "axum", "tokio", "std::fs", "std::net", "std::env"] {
            let is_used = word_places(&file.product, banned).next().is_some();
            let is_carrier = CARRIERS.contains(&file.path.as_str());
            let names_addresses = file.path.starts_with("crates/signalling/src/");
            let is_fit = match banned {
                "tokio" | "std::fs" => is_carrier,
                "std::net" => names_addresses && (is_carrier || !file.product.contains("Socket::")),
                _ => false,
            };
            if is_used && !is_fit && !file.is_test && !file.path.contains("/examples/") {
                let sentence =
                    format!("{banned} has no place in a library without input or output");
                found.note(format!("{} {banned}", file.path), 1, sentence);
            }
        }
    }
    found.judge("library");
}
