//! One cell of a known kind into comparable readings.

use super::Kind;
use crate::cells::{damage, split_many};
use crate::normalise::{
    Words, email, is_blank, joined, latin_key, ogrn, parted, push_latin_key, tax_id, web_domain,
    words,
};
use smallvec::SmallVec;

/// How far a value is to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sound {
    /// There is nothing to check it by, or the check fails.
    Plain,
    /// Its check digits hold.
    Valid,
    /// Its check digits hold after a repair.
    Repaired,
}

/// A value as it was read.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    /// The comparable spelling; equal spellings are the same value.
    pub key: String,
    /// Whether it is made of words, one blank between any two.
    pub has_words: bool,
    /// The quantity of a number.
    pub number: f64,
    /// How far it is to be trusted.
    pub sound: Sound,
    /// A number for the legal form; 0 for none.
    pub form: u16,
}

impl Reading {
    pub fn plain(key: String) -> Self {
        Self { key, has_words: false, number: 0.0, sound: Sound::Plain, form: 0 }
    }

    /// One made of words.
    fn of_words(key: String) -> Self {
        Self { has_words: true, ..Self::plain(key) }
    }
}

/// What a cell says: one value, mostly.
pub(super) type Readings = SmallVec<[Reading; 1]>;

/// Words that shops and offices of one firm have in common with everyone: no name by themselves.
const BRANCH_WORDS: [&str; 9] =
    ["филиал", "офис", "магазин", "представительство", "branch", "office", "головной", "г", "ip"];

/// What a cell says, in comparable form; nothing for a blank or a ruined one.
pub(super) fn read(kind: Kind, cell: &str) -> Readings {
    let cell = cell.trim();
    if cell.is_empty() {
        return Readings::new();
    }
    let some = match kind {
        Kind::CompanyName => company(cell, &[]),
        Kind::PersonName | Kind::Address => folded(cell),
        Kind::City => town(cell),
        Kind::Text => text(cell),
        Kind::Category | Kind::Postcode => solid(cell),
        Kind::Phone => return phones(cell),
        Kind::Email => return emails(cell),
        Kind::Domain => return domains(cell, &[]),
        Kind::TaxId => identifier(cell),
        Kind::Date => date(cell),
        Kind::Number => number(cell),
    };
    some.into_iter().collect()
}

/// Words in one Latin spelling, one blank between any two; what is ASCII already takes the short
/// way.
pub(super) fn latin_words(cell: &str) -> String {
    let mut key = String::with_capacity(cell.len() + 4);
    let mut push = |word: &str| {
        let before = key.len();
        if before > 0 {
            key.push(' ');
        }
        let from = key.len();
        push_sounded(word, &mut key);
        if key.len() == from {
            key.truncate(before);
        }
    };
    if cell.is_ascii() {
        cell.split(|letter: char| !letter.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .for_each(&mut push);
    } else {
        joined(cell).split(is_blank).for_each(&mut push);
    }
    key
}

/// A word in Latin letters, behind others. An x is written out, so that it is the same whether «к»
/// and «с» stand in one word or are parted by a blank: «Блок Строй», «БлокСтрой».
fn push_sounded(word: &str, key: &mut String) {
    let from = key.len();
    push_latin_key(word, key);
    if key.as_bytes()[from..].contains(&b'x') {
        let tail = key.split_off(from);
        key.push_str(&tail.replace('x', "ks"));
    }
}

fn folded(cell: &str) -> Option<Reading> {
    let key = latin_words(cell);
    (!key.is_empty()).then(|| Reading::of_words(key))
}

/// A town without the word for it: «г. Казань» is «Казань».
fn town(cell: &str) -> Option<Reading> {
    let mut key = latin_words(cell);
    let is_telling = |word: &&str| !matches!(*word, "g" | "gor" | "gorod" | "city");
    if key.split(' ').any(|word| !is_telling(&word)) && key.split(' ').any(|word| is_telling(&word))
    {
        let telling = key.split(' ').filter(is_telling).collect::<Words>().join(" ");
        key = telling;
    }
    (!key.is_empty()).then(|| Reading::of_words(key))
}

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
pub(super) fn company(cell: &str, towns: &[&str]) -> Option<Reading> {
    let slipped = cyrillic_layout(cell);
    let typed = joined(slipped.as_deref().unwrap_or(cell).trim());
    let (form, tokens) = parted(&typed);
    let form = form.map_or(0, form_number);
    // The words in Latin letters one behind the other, and where each ends.
    let mut latin = String::with_capacity(typed.len() + 8);
    let mut ends: SmallVec<[usize; 8]> = SmallVec::new();
    for token in &tokens {
        push_sounded(token, &mut latin);
        ends.push(latin.len());
    }
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let mut words: Words = starts.zip(&ends).map(|(from, to)| &latin[from..*to]).collect();
    let is_telling = |(token, word): (&&str, &&str)| {
        let is_town = |town: &&str| !town.is_empty() && town.split(' ').any(|part| part == *word);
        !BRANCH_WORDS.contains(token) && !towns.iter().any(is_town)
    };
    let telling: SmallVec<[bool; 8]> = tokens.iter().zip(&words).map(is_telling).collect();
    if telling.contains(&true) {
        let mut telling = telling.into_iter();
        words.retain(|_| telling.next().unwrap_or(true));
    }
    let key = if words.iter().any(|word| may_begin_trade(word)) {
        let mut words: Vec<String> = words.into_iter().map(str::to_owned).collect();
        shorten(&mut words);
        words.join(" ")
    } else {
        words.join(" ")
    };
    (!key.is_empty()).then(|| Reading { form, ..Reading::of_words(key) })
}

/// Words, and codes such as `PS-LX350H` also without their signs.
fn text(cell: &str) -> Option<Reading> {
    let mut all = words(cell);
    if all.is_empty() {
        return None;
    }
    for chunk in cell.split([' ', ',', ';', '(', ')', '/']) {
        let has_sign = chunk.contains(['-', '.', '_']);
        let has_digit = chunk.bytes().any(|byte| byte.is_ascii_digit());
        if has_sign && has_digit && chunk.len() <= 24 {
            all.push(words(chunk).concat());
        }
    }
    Some(Reading::of_words(all.join(" ")))
}

/// Letters and digits alone, in small letters.
fn solid(cell: &str) -> Option<Reading> {
    let mut key = joined(cell);
    key.retain(|letter| letter != ' ');
    (!key.is_empty()).then(|| Reading::plain(key))
}

fn identifier(cell: &str) -> Option<Reading> {
    let found = match tax_id(cell) {
        Ok(id) => Some((id.digits(), Sound::Valid)),
        Err(problem) => problem.repaired().map(|id| (id.digits(), Sound::Repaired)),
    };
    let found = found.or_else(|| match ogrn(cell) {
        Ok(id) => Some((id.digits(), Sound::Valid)),
        Err(problem) => problem.repaired().map(|id| (id.digits(), Sound::Repaired)),
    });
    if let Some((key, sound)) = found {
        return Some(Reading { sound, ..Reading::plain(key) });
    }
    if damage(cell).is_some() {
        return None;
    }
    solid(cell).filter(|reading| reading.key.bytes().any(|byte| byte != b'0'))
}

/// The last ten digits of each telephone in a cell: with or without the country, 8 or +7.
/// Extensions are cut off, and numbers of one digit repeated are nobody's.
fn phones(cell: &str) -> Readings {
    // Digits, blanks and brackets are one number without an extension.
    let is_plain = |byte: u8| byte.is_ascii_digit() || b" +-()".contains(&byte);
    if cell.bytes().all(is_plain) {
        return phone(cell).into_iter().collect();
    }
    let mut found = Readings::new();
    for piece in split_many(cell) {
        if damage(piece).is_some() {
            continue;
        }
        if piece.bytes().all(is_plain) {
            found.extend(phone(piece));
            continue;
        }
        let lower = piece.to_lowercase();
        let end = ["доб", "вн", "ext", "x", "#", "*", "внутр"]
            .iter()
            .filter_map(|word| lower.find(word))
            .filter(|at| lower[..*at].bytes().filter(u8::is_ascii_digit).count() >= 6)
            .min()
            .unwrap_or(lower.len());
        found.extend(phone(&lower[..end]));
    }
    found
}

/// The last ten digits of a telephone, if it may be one; of a text with nothing but one in it.
fn phone(text: &str) -> Option<Reading> {
    let digits: SmallVec<[u8; 24]> = text.bytes().filter(u8::is_ascii_digit).collect();
    let tail = &digits[digits.len().saturating_sub(10)..];
    let is_one = |bytes: &[u8]| bytes.iter().all(|digit| *digit == bytes[0]);
    let is_dummy = tail.get(3..).is_none_or(is_one) || is_one(tail);
    let is_number = (6..=15).contains(&digits.len()) && !is_dummy;
    is_number.then(|| Reading::plain(tail.iter().map(|digit| char::from(*digit)).collect()))
}

/// A site's domain, and those of the mail of the same row where they are a firm's own: a site and
/// a mail address at it tell of one another.
pub(super) fn domains(cell: &str, mail: &[&str]) -> Readings {
    let own = web_domain(cell).ok().filter(|domain| !domain.is_shared());
    let pieces = mail.iter().flat_map(|cell| split_many(cell));
    let addresses = pieces.flat_map(str::split_whitespace).filter_map(|piece| email(piece).ok());
    let of_mail = addresses.filter_map(|address| address.web_domain());
    let all = own.into_iter().chain(of_mail.filter(|domain| !domain.is_shared()));
    all.map(|domain| Reading::plain(domain.registrable().to_owned())).collect()
}

fn emails(cell: &str) -> Readings {
    split_many(cell)
        .iter()
        .flat_map(|piece| piece.split_whitespace())
        .filter_map(|piece| email(piece).ok())
        .map(|email| Reading::plain(email.key()))
        .collect()
}

/// Eight digits, year first, whichever way they were typed; else the digits as they stand.
fn date(cell: &str) -> Option<Reading> {
    let day = cell.split(['T', ' ']).next().unwrap_or(cell);
    let groups: Vec<&str> = day
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let key = match groups[..] {
        [year, month, day] if year.len() == 4 => format!("{year}{month:0>2}{day:0>2}"),
        [day, month, year] if year.len() == 4 => format!("{year}{month:0>2}{day:0>2}"),
        [] => return None,
        _ => groups.concat(),
    };
    Some(Reading::plain(key))
}

fn number(cell: &str) -> Option<Reading> {
    let plain: String = cell
        .chars()
        .filter(|letter| letter.is_ascii_digit() || matches!(letter, '.' | ',' | '-'))
        .collect();
    // A comma in front of three digits parts thousands; any other is a decimal one.
    let plain = match plain.rsplit_once(',') {
        Some((_, tail)) if tail.len() >= 3 => plain.replace(',', ""),
        _ => plain.replace(',', "."),
    };
    match plain.parse::<f64>() {
        Ok(number) if number.is_finite() => {
            Some(Reading { number, ..Reading::plain(format!("{number}")) })
        }
        _ => solid(cell).map(|reading| Reading { number: f64::NAN, ..reading }),
    }
}
