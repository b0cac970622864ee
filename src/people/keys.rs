//! The keys of the screens as a person chose them. Keys are physical ones, named as browsers name
//! them, so that both layouts of a keyboard have the same.
//!
//! A key that is chosen for something else changes places with it: no key ever means two things,
//! and nothing is left without one.

use std::collections::{BTreeMap, BTreeSet};

use super::{Viewer, store};
use crate::begin;
use crate::storage::Act;
use crate::values::*;

/// What may have another key: the usual key, and the word for what it does.
pub const KEYS: [(&str, &str); 30] = [
    ("Digit1", "meaning-qualified"),
    ("Digit2", "meaning-callback"),
    ("Digit3", "meaning-refusal"),
    ("Digit4", "meaning-not-reached"),
    ("Digit5", "meaning-not-now"),
    ("Digit6", "meaning-gatekeeper"),
    ("Digit7", "meaning-decision-maker-found"),
    ("Digit8", "meaning-wrong-person"),
    ("Digit9", "meaning-bad-number"),
    ("Digit0", "meaning-do-not-call"),
    ("KeyH", "keys-qualified-letter"),
    ("KeyC", "keys-callback-letter"),
    ("KeyN", "call-note"),
    ("KeyR", "call-reason"),
    ("KeyM", "call-mechanism"),
    ("KeyF", "call-slots"),
    ("KeyD", "phone-call"),
    ("KeyX", "phone-hang-up"),
    ("KeyP", "call-save-pause"),
    ("KeyB", "call-abuse"),
    ("KeyS", "call-skip"),
    ("KeyQ", "keys-branch-1"),
    ("KeyW", "keys-branch-2"),
    ("KeyE", "keys-branch-3"),
    ("KeyT", "keys-branch-4"),
    ("KeyY", "keys-branch-5"),
    ("KeyU", "keys-branch-6"),
    ("KeyJ", "next-row"),
    ("KeyK", "previous-row"),
    ("KeyA", "handoff-accept"),
];

/// Keys that stand on one place under two letters, or that a letter is typed for: Latin, Russian.
const LETTERS: [(char, char, &str); 33] = [
    ('q', 'й', "KeyQ"),
    ('w', 'ц', "KeyW"),
    ('e', 'у', "KeyE"),
    ('r', 'к', "KeyR"),
    ('t', 'е', "KeyT"),
    ('y', 'н', "KeyY"),
    ('u', 'г', "KeyU"),
    ('i', 'ш', "KeyI"),
    ('o', 'щ', "KeyO"),
    ('p', 'з', "KeyP"),
    ('[', 'х', "BracketLeft"),
    (']', 'ъ', "BracketRight"),
    ('a', 'ф', "KeyA"),
    ('s', 'ы', "KeyS"),
    ('d', 'в', "KeyD"),
    ('f', 'а', "KeyF"),
    ('g', 'п', "KeyG"),
    ('h', 'р', "KeyH"),
    ('j', 'о', "KeyJ"),
    ('k', 'л', "KeyK"),
    ('l', 'д', "KeyL"),
    (';', 'ж', "Semicolon"),
    ('\'', 'э', "Quote"),
    ('z', 'я', "KeyZ"),
    ('x', 'ч', "KeyX"),
    ('c', 'с', "KeyC"),
    ('v', 'м', "KeyV"),
    ('b', 'и', "KeyB"),
    ('n', 'т', "KeyN"),
    ('m', 'ь', "KeyM"),
    (',', 'б', "Comma"),
    ('.', 'ю', "Period"),
    ('`', 'ё', "Backquote"),
];

/// Other keys one may choose, each with what it is called; those with a number type nothing.
const OTHERS: [(&str, &str); 18] = [
    ("0", "Digit0"),
    ("1", "Digit1"),
    ("2", "Digit2"),
    ("3", "Digit3"),
    ("4", "Digit4"),
    ("5", "Digit5"),
    ("6", "Digit6"),
    ("7", "Digit7"),
    ("8", "Digit8"),
    ("9", "Digit9"),
    ("-", "Minus"),
    ("=", "Equal"),
    ("F2", "F2"),
    ("F4", "F4"),
    ("F7", "F7"),
    ("F8", "F8"),
    ("F9", "F9"),
    ("F10", "F10"),
];

/// The key that somebody typed, in whatever layout.
pub fn read(typed: &str) -> Option<&'static str> {
    let typed = typed.trim().to_lowercase();
    let mut letters = typed.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        let found = LETTERS.iter().find(|(latin, russian, _)| [*latin, *russian].contains(&letter));
        if let Some((_, _, code)) = found {
            return Some(code);
        }
    }
    let found = OTHERS.iter().find(|(name, _)| name.to_lowercase() == typed);
    found.map(|(_, code)| *code)
}

/// What a key is called.
pub fn shown(code: &str) -> String {
    let letter = LETTERS.iter().find(|(_, _, one)| *one == code);
    if let Some((latin, _, _)) = letter {
        return latin.to_uppercase().to_string();
    }
    OTHERS.iter().find(|(_, one)| *one == code).map_or("", |(name, _)| name).to_owned()
}

/// The keys a person chose in the place of the usual ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keymap(BTreeMap<&'static str, &'static str>);

impl Keymap {
    /// Reads what was typed beside each usual key; an empty one stays as it is usually.
    pub fn of(typed: &BTreeMap<String, String>) -> Result<Self, Fields> {
        let mut fields = Fields::default();
        let mut chosen = BTreeMap::new();
        for (usual, _) in KEYS {
            let text = typed.get(usual).map(String::as_str).unwrap_or_default();
            match read(text) {
                Some(code) => drop(chosen.insert(usual, code)),
                None if text.trim().is_empty() => drop(chosen.insert(usual, usual)),
                None => fields.note(usual, "no-such-key"),
            }
        }
        let unknown = typed.keys().any(|name| KEYS.iter().all(|(usual, _)| usual != name));
        if unknown {
            fields.note("keys", "unknown-choice");
        }
        for (usual, code) in &chosen {
            if chosen.iter().any(|(other, taken)| other != usual && taken == code) {
                fields.note_with(usual, "key-taken", vec![("key", shown(code))]);
            }
        }
        if !fields.0.is_empty() {
            return Err(fields);
        }
        Ok(Self(chosen.into_iter().filter(|(usual, code)| usual != code).collect()))
    }

    /// Reads what is stored; what no key stands for any more is left out.
    pub fn parse(text: &str) -> Self {
        if text.is_empty() {
            return Self::default();
        }
        let typed = text.split(' ').filter_map(|pair| pair.split_once('='));
        let typed = typed.map(|(usual, code)| (usual.to_owned(), shown(code))).collect();
        Self::of(&typed).unwrap_or_default()
    }

    /// As it is stored.
    pub fn text(&self) -> String {
        let pairs: Vec<String> =
            self.0.iter().map(|(usual, code)| format!("{usual}={code}")).collect();
        pairs.join(" ")
    }

    /// The key in the place of a usual one.
    pub fn key(&self, usual: &'static str) -> &'static str {
        self.0.get(usual).copied().unwrap_or(usual)
    }

    /// Every key that means another, as the screens take it: what was chosen, and for the keys that
    /// were displaced by it the places that it left.
    pub fn moves(&self) -> String {
        let from: BTreeSet<&str> = self.0.keys().copied().collect();
        let to: BTreeSet<&str> = self.0.values().copied().collect();
        let displaced = to.difference(&from).copied();
        let left = from.difference(&to).copied();
        let pairs = self.0.iter().map(|(usual, code)| (*usual, *code)).chain(displaced.zip(left));
        pairs.map(|(usual, code)| format!("{usual}={code}")).collect::<Vec<_>>().join(" ")
    }
}

/// Keeps the keys that a person chose for themselves.
pub async fn keep(act: &Act, viewer: &Viewer, keymap: &Keymap) -> Outcome<()> {
    let mut tx = begin!(act);
    store::update_keymap(&mut tx, act.org, viewer.id(), keymap).await?;
    tx.finish(()).await
}
