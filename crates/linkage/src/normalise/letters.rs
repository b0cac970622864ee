//! Letters: one spelling of what looks or sounds the same.
//!
//! Compatibility forms are resolved by NFKC (Unicode Standard Annex 15). The look-alikes are the
//! few pairs that keyboards and scanners mix up, not the whole table of Unicode Technical Standard
//! 39. The Latin key follows no standard of transliteration: those keep apart what sounds the same.

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Lower-case letters that look alike in their small or their capital form: Latin, Cyrillic.
const LOOK_ALIKES: [(char, char); 12] = [
    ('a', 'а'),
    ('b', 'в'),
    ('c', 'с'),
    ('e', 'е'),
    ('h', 'н'),
    ('k', 'к'),
    ('m', 'м'),
    ('o', 'о'),
    ('p', 'р'),
    ('t', 'т'),
    ('x', 'х'),
    ('y', 'у'),
];

fn is_latin(letter: char) -> bool {
    letter.is_ascii_alphabetic() || matches!(letter, 'À'..='ɏ' if letter != '×' && letter != '÷')
}

fn is_cyrillic(letter: char) -> bool {
    matches!(letter, 'Ѐ'..='ӿ')
}

fn to_cyrillic(letter: char) -> Option<char> {
    LOOK_ALIKES.iter().find(|(latin, _)| *latin == letter).map(|(_, cyrillic)| *cyrillic)
}

fn to_latin(letter: char) -> Option<char> {
    LOOK_ALIKES.iter().find(|(_, cyrillic)| *cyrillic == letter).map(|(latin, _)| *latin)
}

/// Whether one word has Latin and Cyrillic letters side by side.
pub(super) fn mixes_alphabets(word: &str) -> bool {
    if word.is_ascii() {
        return false;
    }
    word.chars().any(is_latin) && word.chars().any(is_cyrillic)
}

/// Words of a text in comparable spelling: compatibility forms resolved (NFKC), lower case, ё as
/// е, punctuation and the sign № as a blank, apostrophes within a word closed up, look-alike
/// letters of the other alphabet repaired within mixed words.
pub(crate) fn words(text: &str) -> Vec<String> {
    joined(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The same [`words`], those of nothing but Latin letters that look like Cyrillic ones in these:
/// `CEPOB` and «СЕРОВ» are one. For comparing, not for showing.
pub fn cyrillic_words(text: &str) -> Vec<String> {
    let read = |word: String| word.chars().map(to_cyrillic).collect::<Option<String>>();
    words(text).into_iter().map(|word| read(word.clone()).unwrap_or(word)).collect()
}

/// The same [`words`] with one blank between any two.
pub(crate) fn joined(text: &str) -> String {
    let mut all = String::with_capacity(text.len() + 1);
    push_joined(text, &mut all);
    all
}

/// Puts the [`joined`] words of a text behind another.
pub(crate) fn push_joined(text: &str, all: &mut String) {
    if text.chars().all(is_usual) {
        return join(text.chars().map(small), all);
    }
    // NFKC would turn № into the letters "No", which would then count as a word.
    let bare = text.chars().map(|letter| if letter == '№' { ' ' } else { letter });
    let plain: String = match is_nfkc_quick(bare.clone()) {
        IsNormalized::Yes => lower(bare),
        _ => lower(bare.nfkc()),
    };
    join(plain.chars(), all);
}

/// Whether a letter is its own compatibility form and [`small`] knows its small one.
fn is_usual(letter: char) -> bool {
    matches!(
        letter,
        '\0'..='\u{7f}' | 'А'..='я' | 'Ё' | 'ё' | '«' | '»' | '№' | '–' | '—' | '“'..='„'
    )
}

/// The small form of a usual letter.
fn small(letter: char) -> char {
    match letter {
        ..='\u{7f}' => letter.to_ascii_lowercase(),
        'А'..='Я' => char::from_u32(u32::from(letter) + 0x20).unwrap_or(letter),
        'Ё' => 'ё',
        _ => letter,
    }
}

/// The words of small letters, one blank between any two, behind another text.
fn join(letters: impl Iterator<Item = char>, all: &mut String) {
    let begin = all.len();
    // Where the word at hand begins, and of which alphabets it has letters.
    let (mut from, mut has_latin, mut has_cyrillic) = (begin, false, false);
    let mut letters = letters.peekable();
    while let Some(letter) = letters.next() {
        let is_empty = all.len() == from;
        match letter {
            'ё' | 'а'..='я' => {
                all.push(if letter == 'ё' { 'е' } else { letter });
                has_cyrillic = true;
            }
            'a'..='z' => {
                all.push(letter);
                has_latin = true;
            }
            '0'..='9' => all.push(letter),
            ' ' if is_empty => {}
            '\'' | '’' | 'ʼ' | '`' if is_inner(is_empty, letters.peek()) => {}
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}' => {}
            _ if letter.is_alphanumeric() || is_combining_mark(letter) => {
                all.push(letter);
                has_latin |= is_latin(letter);
                has_cyrillic |= is_cyrillic(letter);
            }
            _ if is_empty => {}
            _ => {
                repair_tail(all, from, has_latin && has_cyrillic);
                all.push(' ');
                (from, has_latin, has_cyrillic) = (all.len(), false, false);
            }
        }
    }
    repair_tail(all, from, has_latin && has_cyrillic);
    if all.len() > begin && all.ends_with(' ') {
        all.pop();
    }
}

/// Puts the small letters of a text behind another.
pub(crate) fn push_lower(text: &str, all: &mut String) {
    if !text.is_ascii() {
        return all.push_str(&text.to_lowercase());
    }
    let from = all.len();
    all.push_str(text);
    all[from..].make_ascii_lowercase();
}

/// The blank between words. In a few short words letter by letter finds it sooner than the search
/// of a `char`, which looks through many bytes at once.
pub(crate) fn is_blank(letter: char) -> bool {
    letter == ' '
}

/// Repairs the word behind the others, if it mixes alphabets.
fn repair_tail(all: &mut String, from: usize, mixes: bool) {
    if mixes {
        let word = all.split_off(from);
        all.push_str(&repair_look_alikes(word));
    }
}

/// Small letters; those of English and Russian without a look into the tables of Unicode.
fn lower(letters: impl Iterator<Item = char>) -> String {
    let mut text = String::new();
    for letter in letters {
        match letter {
            ..='\u{7f}' => text.push(letter.to_ascii_lowercase()),
            'а'..='я' | 'ё' => text.push(letter),
            'А'..='Я' => text.extend(char::from_u32(u32::from(letter) + 0x20)),
            _ => text.extend(letter.to_lowercase()),
        }
    }
    text
}

fn is_inner(is_empty: bool, next: Option<&char>) -> bool {
    !is_empty && next.is_some_and(|letter| letter.is_alphabetic())
}

/// Brings a word of mixed letters into one alphabet, if look-alikes explain the mixture. Where both
/// alphabets would do, the one with more letters wins, and Cyrillic on a tie.
fn repair_look_alikes(word: String) -> String {
    if !mixes_alphabets(&word) {
        return word;
    }
    let latin = word.chars().filter(|letter| is_latin(*letter)).count();
    let cyrillic = word.chars().filter(|letter| is_cyrillic(*letter)).count();
    let into = |from: fn(char) -> bool, map: fn(char) -> Option<char>| -> Option<String> {
        word.chars().map(|c| if from(c) { map(c) } else { Some(c) }).collect()
    };
    let as_cyrillic = into(is_latin, to_cyrillic);
    let as_latin = into(is_cyrillic, to_latin);
    let repaired = match (as_cyrillic, as_latin) {
        (Some(_), Some(as_latin)) if latin > cyrillic => Some(as_latin),
        (Some(as_cyrillic), _) => Some(as_cyrillic),
        (None, as_latin) => as_latin,
    };
    repaired.unwrap_or(word)
}

/// One Latin key for Cyrillic and Latin spellings of the same sounds: «Вектор», `Vektor` and
/// `Vector` share `vektor`; «Юнион» and `Yunion` share `iunion`. For comparing, not for showing.
/// Diacritics and signs are dropped, doubled letters become one; digits and blanks stay.
#[must_use]
pub fn latin_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len() + 4);
    push_latin_key(text, &mut key);
    key
}

/// Puts the [`latin_key`] of a text behind another.
pub(crate) fn push_latin_key(text: &str, key: &mut String) {
    let mut room = [0; 96];
    if let Some(latin) = usual_latin(text, &mut room) {
        return push_ascii_sounds(latin, key);
    }
    let mut latin = String::with_capacity(text.len() + 4);
    for letter in lower(text.chars()).chars() {
        match romanised(letter) {
            Some(spelling) => latin.push_str(spelling),
            None => latin.push(letter),
        }
    }
    if !latin.is_ascii() {
        latin = latin.nfd().filter(|letter| !is_combining_mark(*letter)).collect();
    }
    push_sounds(&latin, key);
}

/// English and Russian letters in Latin ones, in the room given; nothing where others are among
/// them or the room does not do.
fn usual_latin<'a>(text: &str, room: &'a mut [u8; 96]) -> Option<&'a [u8]> {
    let mut length = 0;
    for letter in text.chars() {
        if length + 3 > room.len() {
            return None;
        }
        match letter {
            '\0'..='\u{7f}' => {
                room[length] = (letter as u8).to_ascii_lowercase();
                length += 1;
            }
            'А'..='я' => {
                // Three bytes whether there are so many or fewer: copying a known count is cheap.
                let (bytes, count) = THREE_BYTES[(u32::from(letter) as usize - 0x410) % 32];
                room[length..length + 3].copy_from_slice(&bytes);
                length += count;
            }
            _ => return None,
        }
    }
    Some(&room[..length])
}

/// A Latin text in the one spelling of its sounds; doubled letters become one.
fn push_sounds(latin: &str, key: &mut String) {
    let mut last = None;
    each_sound(latin, |letter| {
        if letter.is_ascii_digit() || last != Some(letter) {
            key.push(letter);
            last = Some(letter);
        }
    });
}

/// The same of a text in ASCII, which nearly all are.
fn push_ascii_sounds(latin: &[u8], key: &mut String) {
    let mut last = None;
    let mut put = |letter: u8| {
        if letter.is_ascii_digit() || last != Some(letter) {
            key.push(char::from(letter));
            last = Some(letter);
        }
    };
    let mut rest = latin;
    while let [letter, behind @ ..] = rest {
        let (sounds, length): (&[u8], usize) = match (letter, behind) {
            (b's', [b'h', b'c', b'h', ..]) => (b"sch", 4),
            (b't', [b'c', b'h', ..]) => (b"ch", 3),
            (b't', [b'z', ..]) => (b"ts", 2),
            (b'k', [b'h', ..]) => (b"h", 2),
            (b'k', [b's', ..]) => (b"x", 2),
            (b'p', [b'h', ..]) => (b"f", 2),
            (b'c', [b'k', ..]) => (b"k", 2),
            (b'c', [b'h', ..]) => (b"ch", 2),
            // A c before e or i is read as in «центр»; the vowel is looked at again.
            (b'c', [b'e' | b'i', ..]) => (b"ts", 1),
            (b'q', [b'u', ..]) => (b"kv", 2),
            (b'c' | b'q', _) => (b"k", 1),
            (b'w', _) => (b"v", 1),
            (b'j' | b'y', _) => (b"i", 1),
            _ => {
                put(*letter);
                rest = behind;
                continue;
            }
        };
        sounds.iter().for_each(|sound| put(*sound));
        rest = &rest[length..];
    }
}

/// The letters from а to я in Latin.
const ROMANISED: [&str; 32] = [
    "a", "b", "v", "g", "d", "e", "zh", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t",
    "u", "f", "h", "ts", "ch", "sh", "sch", "", "i", "", "e", "iu", "ia",
];

/// The same as three bytes each, noughts behind fewer, and how many they are.
const THREE_BYTES: [([u8; 3], usize); 32] = {
    let mut all = [([0; 3], 0); 32];
    let mut letter = 0;
    while letter < all.len() {
        let bytes = ROMANISED[letter].as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            all[letter].0[at] = bytes[at];
            at += 1;
        }
        all[letter].1 = bytes.len();
        letter += 1;
    }
    all
};

/// The consonants and digits of the [`latin_key`] without blanks; a vowel at the very beginning is
/// kept as `a`. Survives most misspellings of vowels and endings.
#[must_use]
pub fn skeleton(text: &str) -> String {
    let mut bones = String::new();
    for letter in latin_key(text).chars() {
        let is_vowel = "aeiou".contains(letter);
        if is_vowel && bones.is_empty() {
            bones.push('a');
        } else if !is_vowel && letter.is_alphanumeric() && !bones.ends_with(letter) {
            bones.push(letter);
        }
    }
    bones
}

/// One Cyrillic letter that is small in Latin; nothing for any other.
fn romanised(letter: char) -> Option<&'static str> {
    Some(match letter {
        'а'..='я' => ROMANISED[u32::from(letter) as usize - 0x430],
        'ґ' => "g",
        'ё' | 'є' => "e",
        'і' | 'ї' => "i",
        _ => return None,
    })
}

/// Hands out the letters of a text with Latin spellings of one sound brought together, longest
/// first.
fn each_sound(latin: &str, mut with: impl FnMut(char)) {
    const CLUSTERS: [(&str, &str); 16] = [
        ("shch", "sch"),
        ("tch", "ch"),
        ("tz", "ts"),
        ("kh", "h"),
        ("ph", "f"),
        ("ck", "k"),
        ("ch", "ch"),
        ("ks", "x"),
        ("qu", "kv"),
        ("q", "k"),
        ("w", "v"),
        ("j", "i"),
        ("y", "i"),
        ("ce", "tse"),
        ("ci", "tsi"),
        ("c", "k"),
    ];
    let mut rest = latin;
    while let Some(letter) = rest.chars().next() {
        let next = rest.as_bytes().get(1).copied().unwrap_or(0);
        let begins = match letter {
            'k' => next == b'h' || next == b's',
            's' | 'p' => next == b'h',
            't' => next == b'c' || next == b'z',
            _ => matches!(letter, 'c' | 'q' | 'w' | 'j' | 'y'),
        };
        let cluster = CLUSTERS.iter().find(|(from, _)| begins && rest.starts_with(from));
        let length = match cluster {
            // A c before e or i is read as in «центр»; the vowel is looked at again.
            Some(("ce" | "ci", _)) => {
                "ts".chars().for_each(&mut with);
                1
            }
            Some((from, to)) => {
                to.chars().for_each(&mut with);
                from.len()
            }
            None => {
                with(letter);
                letter.len_utf8()
            }
        };
        rest = &rest[length..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_text_in_ascii_sounds_the_same_the_short_way(
            text in "[a-z0-9 ]{0,12}|[cehiksptzquw]{0,9}",
        ) {
            let (mut short, mut long) = (String::new(), String::new());
            push_ascii_sounds(text.as_bytes(), &mut short);
            push_sounds(&text, &mut long);
            prop_assert_eq!(short, long);
        }
    }
}
