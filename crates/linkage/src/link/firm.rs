//! The name of a firm into its comparable spelling.

use super::read::{Nature, Readings, push_sounded};
use crate::normalise::{Words, is_blank, latin_key, parted, push_joined};
use smallvec::SmallVec;

/// Words that shops and offices of one firm have in common with everyone: no name by themselves.
const BRANCH_WORDS: [&str; 9] =
    ["филиал", "офис", "магазин", "представительство", "branch", "office", "головной", "г", "ip"];

/// Words that say what a firm does, in Latin letters as names are compared: spelled out, and as
/// their first letters.
const TRADES: [(&[&str], &str); 15] = [
    (&["nauchno", "proizvodstvenoe", "predpriatie"], "npp"),
    (&["nauchno", "proizvodstvenoe", "obiedinenie"], "npo"),
    (&["nauchno", "proizvodstvenaia", "firma"], "npf"),
    (&["stroitelnaia", "kompania"], "sk"),
    (&["proizvodstvenaia", "kompania"], "pk"),
    (&["transportnaia", "kompania"], "tk"),
    (&["upravliaiuschaia", "kompania"], "uk"),
    (&["investitsionaia", "kompania"], "ik"),
    (&["lizingovaia", "kompania"], "lk"),
    (&["torgovaia", "kompania"], "tk"),
    (&["torgovi", "dom"], "td"),
    (&["agentstvo", "nedvizhimosti"], "an"),
    (&["grupa", "kompani"], "gk"),
    (&["ohranoe", "predpriatie"], "chop"),
    (&["strahovaia", "kompania"], "sk"),
];

/// Whether a word is the first letters of a trade. Doubled letters are one in Latin keys.
pub(super) fn is_trade(word: &str) -> bool {
    word == "isk" || word == "np" || TRADES.iter().any(|(_, short)| *short == word)
}

/// Whether a word may begin a trade: told by its first letters, since few do.
fn may_begin_trade(word: &str) -> bool {
    let begins = |(long, _): &(&[&str], &str)| {
        let first = long[0].as_bytes();
        word.as_bytes().get(..2) == first.get(..2)
    };
    TRADES.iter().any(begins)
}

/// Puts first letters in place of the words of a trade, also where the blanks were lost.
fn shorten(words: &mut Vec<String>) {
    let mut at = 0;
    while at < words.len() {
        for (long, short) in TRADES {
            let Some((taken, rest)) = trade_at(&words[at..], long) else { continue };
            words.drain(at + 1..at + taken);
            words[at] = latin_key(short);
            if rest.len() > 2 {
                words.insert(at + 1, rest);
            }
        }
        at += 1;
    }
}

/// How many words a trade takes from the first on, and what is left of the last of them.
fn trade_at(words: &[String], long: &[&str]) -> Option<(usize, String)> {
    let mut wanted = long.iter();
    for (at, word) in words.iter().enumerate() {
        let (mut rest, mut any) = (word.as_str(), false);
        while let Some(after) = wanted.as_slice().first().and_then(|next| rest.strip_prefix(next)) {
            wanted.next();
            (rest, any) = (after, true);
        }
        if wanted.as_slice().is_empty() {
            return Some((at + 1, rest.to_owned()));
        }
        if !any || !rest.is_empty() {
            return None;
        }
    }
    None
}

/// Whether a letter is a vowel of either alphabet.
fn is_vowel(letter: char) -> bool {
    matches!(
        letter,
        'a' | 'e'
            | 'i'
            | 'o'
            | 'u'
            | 'y'
            | 'а'
            | 'е'
            | 'ё'
            | 'и'
            | 'о'
            | 'у'
            | 'ы'
            | 'э'
            | 'ю'
            | 'я'
    )
}

/// The share of vowels among the letters of a text, and its longest run of consonants.
fn sound_of(text: &str) -> (f64, usize) {
    let (mut letters, mut vowels, mut run, mut longest) = (0, 0, 0, 0);
    for letter in text.chars() {
        if !letter.is_alphabetic() {
            run = 0;
            continue;
        }
        letters += 1;
        if is_vowel(letter) {
            vowels += 1;
            run = 0;
        } else {
            run += 1;
            longest = longest.max(run);
        }
    }
    (f64::from(vowels) / f64::from(letters.max(1)), longest)
}

/// What was meant by a text typed in Russian on a Latin keyboard; `None` where it reads better as
/// it stands. Told by the sound of its longer words: a language has about four vowels in ten
/// letters and few consonants on end.
fn cyrillic_layout(cell: &str) -> Option<String> {
    let is_quote = |letter: char| matches!(letter, '«' | '»' | '“' | '”' | '„' | '"');
    let is_typed = |letter: char| letter.is_ascii() || is_quote(letter);
    if !cell.chars().all(is_typed) {
        return None;
    }
    let lower = cell.to_ascii_lowercase();
    // Words of four letters and more: forms and first letters have no sound of their own.
    let is_long = |word: &&str| word.bytes().filter(u8::is_ascii_alphabetic).count() >= 4;
    let words = lower.split(|letter: char| letter == ' ' || is_quote(letter)).filter(is_long);
    let mut typed = String::with_capacity(lower.len() + 1);
    for word in words {
        typed.push(' ');
        typed.push_str(word);
    }
    let (vowels, run) = sound_of(&typed);
    let has_form = || lower.split(' ').any(|word| SLIPPED_FORMS.contains(&word));
    let sounds_wrong = vowels < 0.15 || (vowels < 0.3 && run > 3) || has_form();
    if typed.is_empty() || !sounds_wrong {
        return None;
    }
    let meant: String = typed.chars().map(other_key).collect();
    let (vowels_meant, run_meant) = sound_of(&meant);
    let is_slip = vowels_meant > 0.26 && run_meant <= run;
    is_slip.then(|| lower.chars().map(other_key).collect())
}

/// What a key gives in the Cyrillic layout that gives this in the Latin one.
fn other_key(letter: char) -> char {
    const LATIN: &[u8] = b"qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
    const CYRILLIC: [char; 33] = [
        'й', 'ц', 'у', 'к', 'е', 'н', 'г', 'ш', 'щ', 'з', 'х', 'ъ', 'ф', 'ы', 'в', 'а', 'п', 'р',
        'о', 'л', 'д', 'ж', 'э', 'я', 'ч', 'с', 'м', 'и', 'т', 'ь', 'б', 'ю', 'ё',
    ];
    let at = LATIN.iter().position(|latin| char::from(*latin) == letter);
    at.map_or(letter, |at| CYRILLIC[at])
}

/// «ООО», «ПАО», «ОАО», «ЗАО» typed in the other layout.
const SLIPPED_FORMS: [&str; 4] = ["jjj", "gfj", "jfj", "pfj"];

/// Forms of one sort in two languages, so that LLC and «ООО» do not clash.
const SAME_FORMS: [(&str, &str); 5] =
    [("LLC", "ООО"), ("JSC", "АО"), ("PJSC", "ПАО"), ("CJSC", "ЗАО"), ("OJSC", "ОАО")];

/// A number for a legal form, the same for those that are one in two languages.
fn form_number(form: &str) -> u16 {
    let form = SAME_FORMS.iter().find(|(one, _)| *one == form).map_or(form, |(_, other)| *other);
    (super::parts::hash(0, form.as_bytes()) % 65_535) as u16 + 1
}

/// A name without its form and without words that its branches have; `towns` are the towns of its
/// row, in Latin letters: «Вектор Казань» in Kazan is «Вектор».
pub(super) fn company(cell: &str, towns: &[&str], said: &mut Readings) {
    let from = said.text.len();
    let form = push_name(cell, towns, said);
    said.end(from, Nature { form, ..Nature::WORDS });
}

/// Puts the words of a name behind what was said, and answers the number of its form.
fn push_name(cell: &str, towns: &[&str], said: &mut Readings) -> u16 {
    let slipped = cyrillic_layout(cell);
    let Readings { text, rooms: [typed, latin], .. } = said;
    typed.clear();
    push_joined(slipped.as_deref().unwrap_or(cell).trim(), typed);
    let (form, tokens) = parted(typed);
    // The words in Latin letters one behind the other, and where each ends.
    latin.clear();
    let mut ends: SmallVec<[usize; 8]> = SmallVec::new();
    for token in &tokens {
        push_sounded(token, latin);
        ends.push(latin.len());
    }
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let mut words: Words = starts.zip(&ends).map(|(from, to)| &latin[from..*to]).collect();
    let is_telling = |(token, word): (&&str, &&str)| {
        let is_town = |town: &&str| !town.is_empty() && town.split(is_blank).any(|p| p == *word);
        !BRANCH_WORDS.contains(token) && !towns.iter().any(is_town)
    };
    let telling: SmallVec<[bool; 8]> = tokens.iter().zip(&words).map(is_telling).collect();
    if telling.contains(&true) {
        let mut telling = telling.into_iter();
        words.retain(|_| telling.next().unwrap_or(true));
    }
    if words.iter().any(|word| may_begin_trade(word)) {
        let mut words: Vec<String> = words.into_iter().map(str::to_owned).collect();
        shorten(&mut words);
        text.push_str(&words.join(" "));
    } else {
        for (at, word) in words.iter().enumerate() {
            text.push_str(if at == 0 { "" } else { " " });
            text.push_str(word);
        }
    }
    form.map_or(0, form_number)
}
