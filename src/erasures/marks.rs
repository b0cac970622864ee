//! What a person is found by in texts that people wrote, and how it is struck out there. Pure.
//!
//! Rather too much than too little: in the texts of the person's own company each word of their
//! name goes, in whatever case it stands.

use serde_json::Value;

use crate::companies::name_key;

/// What is looked for, and what stands there instead.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    /// Words of the name, in lower case.
    words: Vec<String>,
    /// The last ten digits of each number.
    numbers: Vec<String>,
    /// Mail addresses in lower case, and the registered numbers of a person who is their company.
    addresses: Vec<String>,
    /// What a company of theirs is called and where it is, in lower case: struck out whole.
    phrases: Vec<String>,
    /// Words of such a name that are the person's, as a patronymic is.
    more_words: Vec<String>,
    /// What stands there instead: no quotes, so that it fits into any notation.
    sign: String,
}

/// Digits by which a number is known, whatever stands before them.
const NATIONAL_DIGITS: usize = 10;
/// Shorter words of a name are struck out only as they are, and only with a capital.
const STEM_FROM: usize = 4;
/// A shorter name or address of a company says too little to be struck out wherever it stands.
const PHRASE_MIN: usize = 4;
/// By how many letters an ending may be longer than that of the name.
const ENDING_MAX: usize = 2;

impl Marks {
    /// The marks of a person.
    pub fn new<'a>(
        names: impl IntoIterator<Item = &'a str>,
        phones: &[String],
        emails: &[String],
        sign: &str,
    ) -> Self {
        let mut words: Vec<String> = names
            .into_iter()
            .flat_map(|name| words_of(name).map(|(_, word)| folded(word)).collect::<Vec<_>>())
            .filter(|word| word.chars().count() > 1)
            .collect();
        words.sort_unstable();
        words.dedup();
        let national = |phone: &String| {
            let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
            let skipped = digits.len().saturating_sub(NATIONAL_DIGITS);
            digits[skipped..].to_owned()
        };
        Self {
            words,
            numbers: phones.iter().map(national).filter(|digits| digits.len() > 5).collect(),
            addresses: emails.iter().map(|address| address.to_lowercase()).collect(),
            phrases: Vec::new(),
            more_words: Vec::new(),
            sign: sign.replace(['"', '\\'], ""),
        }
    }

    /// The same of a person who is their company: its names, its places and its registered numbers
    /// are theirs. A name and a place mean them for certain only beside something that does.
    #[must_use]
    pub fn and_company(
        mut self,
        names: &[String],
        places: &[String],
        registered: &[String],
    ) -> Self {
        let core = |name: &String| name_key(name);
        let own: Vec<String> =
            names.iter().filter(|name| self.is_certain(name)).map(core).collect();
        let words = own.iter().flat_map(|name| words_of(name).map(|(_, word)| folded(word)));
        self.more_words = words.filter(|word| word.chars().count() >= STEM_FROM).collect();
        let is_telling = |phrase: &String| phrase.chars().count() >= PHRASE_MIN;
        let phrases = names.iter().chain(places).map(|said| said.trim().to_lowercase());
        self.phrases = phrases.filter(is_telling).collect();
        self.addresses.extend(registered.iter().map(|number| number.to_lowercase()));
        self
    }

    /// The text without the person; `None` where they do not stand in it.
    pub fn struck(&self, text: &str) -> Option<String> {
        let mut spans = found_in(text, &self.addresses);
        spans.extend(self.numbers_in(text));
        spans.extend(found_in(text, &self.phrases));
        spans.extend(
            words_of(text)
                .filter(|(_, word)| is_any(&self.words, word) || is_any(&self.more_words, word))
                .map(|(at, word)| (at, at + word.len())),
        );
        if spans.is_empty() {
            return None;
        }
        spans.sort_unstable();
        let (mut struck, mut end) = (String::new(), 0);
        for (from, to) in spans {
            // What lies between two marks of one person, if it is but a space, goes with them.
            let between = text.get(end..from.max(end)).unwrap_or_default();
            let goes_on = end > 0 && between.chars().all(|c| matches!(c, ' ' | '.' | '-'));
            if !goes_on {
                struck.push_str(between);
                struck.push_str(&self.sign);
            }
            end = end.max(to);
        }
        struck.push_str(&text[end..]);
        Some(struck)
    }

    /// The same of JSON, of which only the texts are touched, not the names of its fields.
    pub fn struck_json(&self, text: &str) -> Option<String> {
        match serde_json::from_str::<Value>(text) {
            Ok(mut value) => self.strike_value(&mut value).then(|| value.to_string()),
            Err(_) => self.struck(text),
        }
    }

    fn strike_value(&self, value: &mut Value) -> bool {
        match value {
            Value::String(text) => match self.struck(text) {
                Some(struck) => {
                    *text = struck;
                    true
                }
                None => false,
            },
            Value::Array(all) => each(all.iter_mut(), |one| self.strike_value(one)),
            Value::Object(all) => each(all.values_mut(), |one| self.strike_value(one)),
            _ => false,
        }
    }

    /// The same, of texts about any company: only those that certainly mean the person.
    pub fn struck_certain(&self, text: &str) -> Option<String> {
        let mut value: Value = serde_json::from_str(text).ok()?;
        self.strike_certain(&mut value).then(|| value.to_string())
    }

    fn strike_certain(&self, value: &mut Value) -> bool {
        match value {
            Value::String(text) if !self.is_certain(text) => false,
            // What stands beside it in one row is told of the same company.
            Value::Array(all) if self.are_certain(all.iter()) => {
                each(all.iter_mut(), |one| self.strike_value(one))
            }
            Value::Object(all) if self.are_certain(all.values()) => {
                each(all.values_mut(), |one| self.strike_value(one))
            }
            Value::Array(all) => each(all.iter_mut(), |one| self.strike_certain(one)),
            Value::Object(all) => each(all.values_mut(), |one| self.strike_certain(one)),
            other => self.strike_value(other),
        }
    }

    fn are_certain<'a>(&self, values: impl Iterator<Item = &'a Value>) -> bool {
        self.is_certain(&values.filter_map(Value::as_str).collect::<Vec<_>>().join("\n"))
    }

    /// The cells of a record, of whatever company, that certainly names the person.
    pub fn struck_cells(&self, cells: &[String]) -> Option<Vec<String>> {
        if !self.is_certain(&cells.join("\n")) {
            return None;
        }
        let struck = cells.iter().map(|cell| self.struck(cell).unwrap_or_else(|| cell.clone()));
        Some(struck.collect())
    }

    /// True where a number or an address of the person stands in the text, or their whole name.
    pub fn is_certain(&self, text: &str) -> bool {
        let met = || words_of(text).filter(|(_, word)| is_any(&self.words, word)).count();
        !found_in(text, &self.addresses).is_empty()
            || !self.numbers_in(text).is_empty()
            || !self.words.is_empty() && met() >= self.words.len().max(2)
    }

    /// Numbers in whatever way they are written: a run of digits with what may stand between them.
    fn numbers_in(&self, text: &str) -> Vec<(usize, usize)> {
        let mut spans = Vec::new();
        let is_part = |c: char| {
            c.is_ascii_digit() || matches!(c, '+' | '(' | ')' | '-' | '.' | ' ' | '\u{a0}')
        };
        let mut run: Vec<(usize, char)> = Vec::new();
        for (at, c) in text.char_indices().chain([(text.len(), '\n')]) {
            if is_part(c) {
                run.push((at, c));
                continue;
            }
            self.number_of_run(&run, &mut spans);
            run.clear();
        }
        spans
    }

    fn number_of_run(&self, run: &[(usize, char)], spans: &mut Vec<(usize, usize)>) {
        let places: Vec<(usize, char)> =
            run.iter().copied().filter(|(_, c)| c.is_ascii_digit()).collect();
        let digits: String = places.iter().map(|(_, c)| *c).collect();
        for number in &self.numbers {
            for (at, _) in digits.match_indices(number.as_str()) {
                // The code of the country goes with it.
                let first = if at == 1 { 0 } else { at };
                let from = places[first].0;
                let plus = run.iter().find(|(place, c)| *c == '+' && place + 1 == from);
                let last = places[at + number.len() - 1].0;
                spans.push((plus.map_or(from, |(place, _)| *place), last + 1));
            }
        }
    }
}

/// True for a word of a name, in whatever case it stands.
fn is_any(names: &[String], word: &str) -> bool {
    let met = folded(word);
    let length = met.chars().count();
    names.iter().any(|known| {
        let own = known.chars().count();
        if own < STEM_FROM {
            return met == *known && word.starts_with(char::is_uppercase);
        }
        let kept = own - if own > 6 { 2 } else { 1 };
        let stem: String = known.chars().take(kept).collect();
        met.starts_with(&stem) && length <= own + ENDING_MAX
    })
}

/// Where any of these stands in a text, in whatever case.
fn found_in(text: &str, all: &[String]) -> Vec<(usize, usize)> {
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        // Letters whose small one is longer: places would not agree. Word by word, then.
        return spaced(text)
            .filter(|(_, part)| all.iter().any(|one| part.to_lowercase().contains(one)))
            .map(|(at, part)| (at, at + part.len()))
            .collect();
    }
    let of = |one: &String| {
        let found = lower.match_indices(one.as_str());
        found.map(|(at, met)| (at, at + met.len())).collect::<Vec<_>>()
    };
    all.iter().flat_map(of).collect()
}

/// The words of a text with their places.
fn words_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    parts(text, |c| !c.is_alphabetic())
}

fn spaced(text: &str) -> impl Iterator<Item = (usize, &str)> {
    parts(text, char::is_whitespace)
}

fn parts(text: &str, between: impl Fn(char) -> bool) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split(between).filter_map(move |part| {
        let place = text[at..].find(part).map_or(at, |skip| at + skip);
        if part.is_empty() {
            return None;
        }
        at = place + part.len();
        Some((place, part))
    })
}

fn folded(word: &str) -> String {
    word.to_lowercase().replace('ё', "е")
}

/// True when what was typed is the name, however its letters are written.
pub fn is_name(typed: &str, name: &str) -> bool {
    let words = |text: &str| -> Vec<String> { words_of(text).map(|(_, w)| folded(w)).collect() };
    !typed.trim().is_empty() && words(typed) == words(name)
}

/// Does it to every one of them, not only to the first, and says whether it did anything.
fn each<'a>(
    values: impl Iterator<Item = &'a mut Value>,
    strike: impl FnMut(&mut Value) -> bool,
) -> bool {
    values.map(strike).filter(|is_struck| *is_struck).count() > 0
}
