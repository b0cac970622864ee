//! What changes state leaves an event.
//!
//! Looked for by name: an action is a function that opens its transaction by `begin!`, or a public
//! `verb_in(tx, act, …)` of an actions room. It, or a function it calls by name, must record. So
//! this finds the action that tells of nothing; that every branch tells is for its own tests.

use std::collections::{BTreeMap, BTreeSet};

use super::offenders::Found;
use super::source::{end_after, folder, product, word_places};

/// What changes no fact of the business, and why.
const SILENT: &[(&str, &str)] = &[
    ("people keep_settings", "how a person likes their screens"),
    ("companies lend_in", "what a lease shows; the lease has its own event"),
    ("companies take_back_in", "what a lease shows; its end has its own event"),
    ("companies keep_in_sight_in", "who worked on it; the hand-off has its own event"),
    ("leads enlist_in", "whom a round calls; that it was started has its own event"),
    ("campaigns write_script_in", "the campaign that is made or changed has its own event"),
    ("verification lower_in", "the number that failed, the person who left has its own event"),
    ("verification follow", "the number that failed, the person who left has its own event"),
    ("verification forget_contact_in", "the erasure of the person has its own event"),
    ("companies remove_many_in", "the import that is taken back has its own event"),
];

/// A function as it stands in a folder.
struct Function {
    path: String,
    name: String,
    text: String,
    is_public: bool,
}

fn functions() -> BTreeMap<&'static str, Vec<Function>> {
    let mut all: BTreeMap<&str, Vec<Function>> = BTreeMap::new();
    for file in product() {
        for at in word_places(&file.product, "fn") {
            let name = word_after(&file.product, at + 2);
            let end = end_after(&file.product, at);
            let line = file.product[..at].rsplit('\n').next().unwrap_or_default();
            all.entry(folder(&file.path)).or_default().push(Function {
                path: file.path.clone(),
                name: name.to_owned(),
                text: file.product[at..end].to_owned(),
                is_public: line.trim_start().starts_with("pub"),
            });
        }
    }
    all
}

fn word_after(text: &str, from: usize) -> &str {
    let rest = text[from..].trim_start();
    rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// The paths that are called: what stands before each opening bracket.
fn called(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('(').filter_map(|(at, _)| {
        let head = &text[..at];
        let begins = head.rfind(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
        let path = &head[begins.map_or(0, |i| i + 1)..];
        (!path.is_empty()).then_some(path)
    })
}

type Place<'a> = (&'a str, &'a str);

fn records<'a>(
    all: &'a BTreeMap<&'static str, Vec<Function>>,
    (home, name): Place<'a>,
    seen: &mut BTreeSet<Place<'a>>,
) -> bool {
    if !seen.insert((home, name)) {
        return false;
    }
    let named = all.get(home).into_iter().flatten().filter(|function| function.name == name);
    named.into_iter().any(|function| {
        let text = &function.text;
        let is_told = [".record(tx,", ".record(&mut tx,"].iter().any(|mark| text.contains(mark));
        is_told
            || called(text).any(|path| {
                let mut parts = path.split("::").collect::<Vec<_>>();
                let callee = parts.pop().unwrap_or_default();
                let there = parts.into_iter().rfind(|part| all.contains_key(part));
                records(all, (there.unwrap_or(home), callee), seen)
            })
    })
}

#[test]
fn what_changes_state_leaves_an_event() {
    let all = functions();
    let (mut found, mut count, mut silent) = (Found::default(), 0, BTreeSet::new());
    for (home, functions) in &all {
        for function in functions.iter().filter(|_| *home != "storage") {
            let is_room = function.path.contains("/actions");
            let is_part = is_room && function.is_public && function.name.ends_with("_in");
            let is_given = function.text.contains("tx: &mut Tx, act: &Act")
                || function.text.contains("tx: &mut Tx,\n    act: &Act");
            let is_action = function.text.contains("begin!(") || is_part && is_given;
            if !is_action {
                continue;
            }
            count += 1;
            if records(&all, (home, &function.name), &mut BTreeSet::new()) {
                continue;
            }
            let place = format!("{home} {}", function.name);
            if SILENT.iter().any(|(known, _)| *known == place) {
                silent.insert(place);
                continue;
            }
            let sentence = format!("{}: {} records no event", function.path, function.name);
            found.note(place, 1, sentence);
        }
    }
    assert!(count > 100, "the product has more actions than {count}");
    for (place, why) in SILENT {
        let is_true = silent.contains(*place);
        assert!(is_true, "{place} ({why}) records now or is gone; strike it");
    }
    found.judge("event");
}

#[test]
fn who_is_called_is_read_with_its_path() {
    let text = "fn a() { b(c(1), d::actions::e_in(&mut tx)) }";
    assert_eq!(called(text).collect::<Vec<_>>(), ["a", "b", "c", "d::actions::e_in"]);
}
