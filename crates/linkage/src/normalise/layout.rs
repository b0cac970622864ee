//! What was typed with the other keyboard layout in force: `ghbdtn` is «привет», «штащ» is `info`.
//!
//! Letters alone cannot prove it, so it is said how sure it is: certain where the other reading has
//! a word that is no accident (a legal form, a top-level domain), likely where only the other
//! reading can be spoken.

use super::{name, words};

/// The keys of both layouts, in lower case: Latin, Cyrillic.
const KEYS: [(char, char); 33] = [
    ('q', 'й'),
    ('w', 'ц'),
    ('e', 'у'),
    ('r', 'к'),
    ('t', 'е'),
    ('y', 'н'),
    ('u', 'г'),
    ('i', 'ш'),
    ('o', 'щ'),
    ('p', 'з'),
    ('[', 'х'),
    (']', 'ъ'),
    ('a', 'ф'),
    ('s', 'ы'),
    ('d', 'в'),
    ('f', 'а'),
    ('g', 'п'),
    ('h', 'р'),
    ('j', 'о'),
    ('k', 'л'),
    ('l', 'д'),
    (';', 'ж'),
    ('\'', 'э'),
    ('z', 'я'),
    ('x', 'ч'),
    ('c', 'с'),
    ('v', 'м'),
    ('b', 'и'),
    ('n', 'т'),
    ('m', 'ь'),
    (',', 'б'),
    ('.', 'ю'),
    ('`', 'ё'),
];

/// Top-level domains as they come out in the Cyrillic layout: `.ru` is «.кг».
const DOMAINS: [&str; 12] =
    ["ru", "com", "net", "org", "info", "biz", "su", "by", "kz", "de", "io", "pro"];

/// What was probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slip {
    /// Meant without doubt.
    Certain(String),
    /// Only this reading can be spoken.
    Likely(String),
}

/// A text of Latin keys as the Cyrillic layout gives it; `None` where a letter is Cyrillic already
/// or there is no letter.
#[must_use]
pub fn in_cyrillic(text: &str) -> Option<String> {
    let is_plain = text.is_ascii() && text.chars().any(|letter| letter.is_ascii_alphabetic());
    is_plain.then(|| mapped(text, |(latin, _)| latin, |(_, cyrillic)| cyrillic))
}

fn in_latin(text: &str) -> String {
    mapped(text, |(_, cyrillic)| cyrillic, |(latin, _)| latin)
}

fn mapped(text: &str, from: fn((char, char)) -> char, to: fn((char, char)) -> char) -> String {
    text.chars()
        .map(|letter| {
            let lower = letter.to_lowercase().next().unwrap_or(letter);
            let Some(key) = KEYS.into_iter().find(|key| from(*key) == lower) else { return letter };
            let meant = to(key);
            if letter.is_uppercase() { meant.to_uppercase().next().unwrap_or(meant) } else { meant }
        })
        .collect()
}

/// What a name of Latin keys was meant to be: `JJJ Dtrnjh` is «ООО Вектор» without doubt, `Dtrnjh`
/// alone is likely «Вектор».
#[must_use]
pub fn slip_of_name(text: &str) -> Option<Slip> {
    let meant = in_cyrillic(text)?;
    let typed = words(text);
    let has_vowel = |word: &String| word.chars().any(|c| "aeiouy".contains(c));
    // What can be spoken as it stands was meant as it stands.
    if typed.iter().filter(|word| word.len() > 3).all(has_vowel) && !text.contains(['[', ']', ';'])
    {
        let form_only = typed.first().is_some_and(|word| word == "jjj");
        if !form_only {
            return None;
        }
    }
    let is_spoken = words(&meant).iter().all(|word| can_be_spoken(word));
    match name(&meant).form {
        // A form of three letters and more; «АО» is two keys that stand in many a Latin word.
        Some(form) if form.chars().count() > 2 && is_spoken => Some(Slip::Certain(meant)),
        _ if is_spoken && typed.iter().any(|word| word.len() > 3) => Some(Slip::Likely(meant)),
        _ => None,
    }
}

/// A Russian word has a vowel in every few letters, and never starts with a sign.
fn can_be_spoken(word: &str) -> bool {
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    let is_vowel = |letter: &char| "аеёиоуыэюя".contains(*letter);
    let run = letters.split(is_vowel).map(<[char]>::len).max().unwrap_or(0);
    let is_short = letters.len() <= 3;
    (is_short || letters.iter().any(is_vowel)) && run <= 4 && !word.starts_with(['ь', 'ъ', 'ы'])
}

/// A mail or web address of Cyrillic keys: «штащ@фсьу.кг» is `info@acme.ru`. Only where its last
/// label is no Cyrillic domain and becomes a known Latin one.
#[must_use]
pub fn slip_of_address(text: &str) -> Option<String> {
    let is_cyrillic = |c: char| matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё');
    let is_whole = text.chars().all(|c| !c.is_alphabetic() || is_cyrillic(c));
    if !is_whole || !text.contains(is_cyrillic) {
        return None;
    }
    // The stop and the slash have keys of their own in both layouts, or were typed as such.
    let meant =
        text.chars().map(|c| if is_cyrillic(c) { in_latin(&c.to_string()) } else { c.to_string() });
    let meant: String = meant.collect::<String>().replace('"', "@");
    let host = meant.split('@').next_back()?.trim_end_matches(['/', '.']);
    let host = host.split_once("//").map_or(host, |(_, rest)| rest);
    let top = host.split('/').next()?.rsplit('.').next()?.to_lowercase();
    (host.contains('.') && DOMAINS.contains(&top.as_str())).then_some(meant)
}
