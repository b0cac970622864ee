//! Every word on screen exists in both languages, and every refusal has its sentence.

use std::collections::{BTreeMap, BTreeSet};

use super::offenders::Found;
use super::source::{Rust, end_after, files, line_of, product};

type Messages = BTreeMap<String, String>;

/// The messages of a language by key; a key that stands twice is noted.
fn messages(lang: &str, twice: &mut Found) -> Messages {
    let mut all = Messages::new();
    for file in files(&format!("locales/{lang}"), &[".ftl"]) {
        let mut key = String::new();
        for line in file.all.lines() {
            let is_new = line.starts_with(|c: char| c.is_ascii_alphabetic());
            if let Some((name, text)) = line.split_once('=').filter(|_| is_new) {
                key = name.trim().to_owned();
                if all.insert(key.clone(), text.to_owned()).is_some() {
                    twice.note(format!("{} {key}", file.path), 1, format!("{key} stands twice"));
                }
            } else if let Some(text) = all.get_mut(&key) {
                text.push('\n');
                text.push_str(line);
            }
        }
    }
    all
}

fn both() -> (Messages, Messages) {
    let mut twice = Found::default();
    let pair = (messages("ru", &mut twice), messages("en", &mut twice));
    twice.judge("twice");
    pair
}

/// The `$names` of a message.
fn arguments(text: &str) -> BTreeSet<&str> {
    text.split('$')
        .skip(1)
        .filter_map(|rest| {
            rest.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').next()
        })
        .collect()
}

#[test]
fn both_languages_say_the_same_things() {
    let (ru, en) = both();
    let mut found = Found::default();
    for (key, text) in &ru {
        match en.get(key) {
            None => found.note(key, 1, format!("{key} has no English words")),
            Some(other) if arguments(text) != arguments(other) => {
                let (ru, en) = (arguments(text), arguments(other));
                found.note(key, 1, format!("{key} takes {ru:?} in Russian, {en:?} in English"));
            }
            Some(_) => {}
        }
    }
    for key in en.keys().filter(|key| !ru.contains_key(*key)) {
        found.note(key, 1, format!("{key} has no Russian words"));
    }
    found.judge("language");
}

/// What is said in a view or in Rust: the method, the key or the beginning of one.
fn said(text: &str) -> Vec<(usize, &'static str, String)> {
    let mut all = Vec::new();
    for method in [".t(", ".ta(", ".taa(", ".n(", ".tc("] {
        for (at, _) in text.match_indices(method) {
            let rest = text[at + method.len()..].trim_start();
            let key = rest.strip_prefix('"').and_then(|rest| rest.split('"').next());
            if let Some(key) = key {
                all.push((line_of(text, at), method, key.to_owned()));
            }
        }
    }
    all
}

#[test]
fn every_key_that_is_said_has_words() {
    let (ru, _) = both();
    let mut found = Found::default();
    let views = files("src", &[".html"]).into_iter().map(|view| (view.path, view.all));
    let rust = product().map(|file| (file.path.clone(), file.all.clone()));
    for (path, text) in views.chain(rust) {
        for (line, method, key) in said(&text) {
            let is_there = if method == ".tc(" {
                ru.keys().any(|known| known.starts_with(&key))
            } else {
                ru.contains_key(&key)
            };
            if !is_there {
                found.note(format!("{path} {key}"), 1, format!("line {line}: no words for {key}"));
            }
        }
    }
    found.judge("said");
}

#[test]
fn every_word_is_said_somewhere() {
    let (ru, _) = both();
    let mut all = String::new();
    for view in files("src", &[".html"]) {
        all.push_str(&view.all);
    }
    for file in product() {
        all.push_str(&file.all);
    }
    let quoted: BTreeSet<&str> = all.split('"').collect();
    let prefixes: BTreeSet<String> = quoted
        .iter()
        .map(|part| part.split('{').next().unwrap_or_default())
        .filter(|part| part.ends_with('-') && part.len() > 2 && !part.contains(' '))
        .map(str::to_owned)
        .collect();
    let mut found = Found::default();
    for key in ru.keys() {
        let is_said =
            quoted.contains(key.as_str()) || prefixes.iter().any(|prefix| key.starts_with(prefix));
        if !is_said {
            found.note(key, 1, format!("nobody says {key}; strike it in both languages"));
        }
    }
    found.judge("unsaid");
}

/// Codes of the refusals of a file: the literals of `fn code` in each `impl Refusal for`.
fn refusal_codes(file: &Rust) -> Vec<(usize, String)> {
    let mut codes = Vec::new();
    for (at, _) in file.product.match_indices("impl Refusal for ") {
        let end = end_after(&file.product, at);
        let Some(begin) = file.product[at..end].find("fn code").map(|i| at + i) else { continue };
        let lines =
            line_of(&file.product, begin)..=line_of(&file.product, end_after(&file.product, begin));
        let inside = file.literals.iter().filter(|(line, _)| lines.contains(&(line + 1)));
        codes.extend(inside.map(|(line, code)| (line + 1, code.clone())));
    }
    codes
}

#[test]
fn every_refusal_is_a_sentence_in_both_languages() {
    let (ru, en) = both();
    let mut found = Found::default();
    let mut count = 0;
    for file in product() {
        for (line, code) in refusal_codes(file) {
            count += 1;
            let key = format!("refusal-{code}");
            for (lang, words) in [("Russian", &ru), ("English", &en)] {
                let is_sentence = words
                    .get(&key)
                    .is_some_and(|text| text.trim_end().ends_with(['.', '!', '?', '}']));
                if !is_sentence {
                    let sentence = format!("{} line {line}: no {lang} sentence {key}", file.path);
                    found.note(&key, 1, sentence);
                }
            }
        }
    }
    assert!(count > 3, "the refusals of people alone are four; {count} were found");
    found.judge("refusal");
}

/// Codes of wrong fields: the literal after the field's name.
fn field_codes(file: &Rust) -> Vec<(usize, String)> {
    let mut codes = Vec::new();
    for mark in [".note(", ".note_with(", "Fields::one("] {
        for (at, _) in file.product.match_indices(mark) {
            let line = line_of(&file.product, at);
            let text: String =
                file.all.lines().skip(line - 1).take(5).collect::<Vec<_>>().join(" ");
            let Some(call) = text.find(mark).map(|i| &text[i + mark.len()..]) else { continue };
            let mut parts = call.split('"');
            let (before, field, comma) = (parts.next(), parts.next(), parts.next());
            let (Some(before), Some(_), Some(comma)) = (before, field, comma) else { continue };
            let code = parts.next().filter(|_| before.trim().is_empty() && comma.trim() == ",");
            codes.extend(code.map(|code| (line, code.to_owned())));
        }
    }
    codes
}

#[test]
fn every_wrong_field_has_a_sentence() {
    let (ru, en) = both();
    let mut found = Found::default();
    for file in product().filter(|file| file.path != "src/events/mod.rs") {
        for (line, code) in field_codes(file) {
            let key = format!("invalid-{code}");
            if !ru.contains_key(&key) || !en.contains_key(&key) {
                let sentence = format!("{} line {line}: no sentence {key}", file.path);
                found.note(&key, 1, sentence);
            }
        }
    }
    found.judge("invalid");
}
