//! Interned values of one kind, each with what a comparison looks at first.

use super::parts::{Map, hash, mix};
use super::read::{Reading, Sound, is_trade};
use crate::normalise::is_blank;
use smallvec::SmallVec;
use std::collections::hash_map::Entry;

/// What a comparison looks at first of a value; as long as one line of a processor's cache, so that
/// few pairs touch anything else.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub(super) struct Value {
    /// Which letters and digits it has, and which of them twice and three times.
    pub letters: u128,
    /// A bit for each of its words, several words to a bit: no bit in common is no word in common.
    /// Of a mail address or a domain, which have no words, what its two [`halves`] are told by.
    pub word_bits: u64,
    key_at: u32,
    key_length: u32,
    words_at: u32,
    words_count: u32,
    /// Length of the vector of word weights, for the cosine.
    pub norm: f32,
    /// The first bytes of the key, noughts behind a shorter one.
    start: [u8; START],
    /// Whether one of the words of the key is no longer than two bytes: a first letter, perhaps.
    pub has_short: bool,
    /// How far it is to be trusted.
    pub sound: Sound,
}

/// Bytes of a key that stand in the value itself.
const START: usize = 18;

/// A value in its dictionary: what belongs to it is looked up when it is asked for, which it seldom
/// is.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    value: &'a Value,
    dictionary: &'a Dictionary,
}

impl<'a> Seen<'a> {
    /// The comparable spelling; of a short one nothing but the value itself is looked at.
    #[inline]
    pub fn key(&self) -> &'a [u8] {
        let (value, length) = (self.value, self.length());
        let key = value.start.get(..length);
        key.unwrap_or_else(|| &self.dictionary.keys.as_bytes()[value.key_at as usize..][..length])
    }

    /// How many bytes the spelling has.
    #[inline]
    pub fn length(&self) -> usize {
        self.value.key_length as usize
    }

    /// Its words: numbers in the dictionary of the kind, ascending, none twice.
    #[inline]
    pub fn words(&self) -> &'a [u32] {
        let (from, count) = (self.value.words_at as usize, self.value.words_count as usize);
        &self.dictionary.value_words[from..][..count]
    }
}

impl std::ops::Deref for Seen<'_> {
    type Target = Value;

    fn deref(&self) -> &Value {
        self.value
    }
}

impl Value {
    /// The first three bytes of the key, noughts behind a shorter one.
    #[inline]
    pub fn begin(&self) -> [u8; 3] {
        [self.start[0], self.start[1], self.start[2]]
    }

    /// The key, if it is eight bytes long.
    #[inline]
    pub fn eight(&self) -> Option<[u8; 8]> {
        (self.key_length == 8).then(|| std::array::from_fn(|at| self.start[at]))
    }

    /// Whether its key and that of another may be no more than so many edits apart. An edit adds
    /// and takes away one letter each at most.
    #[inline]
    pub fn may_be_near(&self, other: &Self, most: usize) -> bool {
        // Most pairs are told apart by half of the letters.
        let unlike = self.letters ^ other.letters;
        let half = (unlike as u64).count_ones() as usize;
        self.key_length.abs_diff(other.key_length) as usize <= most
            && half <= 2 * most
            && half + ((unlike >> 64) as u64).count_ones() as usize <= 2 * most
    }
}

/// Values and words of all columns of one kind.
#[derive(Default, Debug)]
pub(super) struct Dictionary {
    /// Values by number.
    pub values: Vec<Value>,
    keys: String,
    value_words: Vec<u32>,
    /// The quantities of numbers; empty for other kinds.
    pub quantities: Vec<f64>,
    /// The newest value of each hash of keys.
    newest: Map<u64, u32>,
    /// The value before of the same hash; a value's own number where there is none.
    before: Vec<u32>,
    words: Map<Box<str>, u32>,
    /// Rows that have a word, by its number.
    pub word_rows: Vec<u32>,
    /// Whether a word is a rare code: four signs or more with a digit, in few rows.
    pub is_code: Vec<bool>,
    /// Whether a word only says what a firm does.
    pub is_trade: Vec<bool>,
    /// The weight of a word: how rare it is, in nats.
    pub word_weights: Vec<f32>,
}

impl Dictionary {
    /// The number of a value, which is a new one where it was not met before.
    pub fn number(&mut self, reading: Reading) -> u32 {
        let hash = hash(0, reading.key.as_bytes());
        let number = self.values.len() as u32;
        let mut before = number;
        match self.newest.entry(hash) {
            Entry::Vacant(place) => {
                place.insert(number);
            }
            Entry::Occupied(mut newest) => {
                before = *newest.get();
                let mut at = before;
                loop {
                    let value = &self.values[at as usize];
                    let key = &self.keys[value.key_at as usize..][..value.key_length as usize];
                    if *key == *reading.key {
                        return at;
                    }
                    let next = self.before[at as usize];
                    if next == at {
                        break;
                    }
                    at = next;
                }
                newest.insert(number);
            }
        }
        self.before.push(before);
        let key = reading.key;
        let mut words: SmallVec<[u32; 8]> = SmallVec::new();
        if reading.has_words {
            words.extend(key.split(is_blank).map(|word| self.word(word)));
            words.sort_unstable();
            words.dedup();
        }
        if reading.number != 0.0 {
            self.quantities.resize(number as usize, 0.0);
            self.quantities.push(reading.number);
        }
        self.values.push(Value {
            letters: letters(&key),
            word_bits: if words.is_empty() { halves(&key) } else { bits(&words) },
            key_at: self.keys.len() as u32,
            key_length: key.len() as u32,
            words_at: self.value_words.len() as u32,
            words_count: words.len() as u32,
            norm: 0.0,
            start: start(&key),
            has_short: has_short(&key),
            sound: reading.sound,
        });
        self.keys.push_str(&key);
        self.value_words.extend(words);
        number
    }

    /// The comparable spelling of a value.
    pub fn key(&self, number: u32) -> &str {
        let value = &self.values[number as usize];
        &self.keys[value.key_at as usize..][..value.key_length as usize]
    }

    /// The words of a value.
    pub fn words(&self, number: u32) -> &[u32] {
        let value = &self.values[number as usize];
        &self.value_words[value.words_at as usize..][..value.words_count as usize]
    }

    /// One more row has the words of a value.
    pub fn count_words(&mut self, number: u32) {
        let value = &self.values[number as usize];
        let words = &self.value_words[value.words_at as usize..][..value.words_count as usize];
        words.iter().for_each(|word| self.word_rows[*word as usize] += 1);
    }

    /// The quantity of a number; nought where there is none.
    pub fn quantity(&self, number: u32) -> f64 {
        self.quantities.get(number as usize).copied().unwrap_or(0.0)
    }

    /// A value with what belongs to it.
    #[inline]
    pub fn seen(&self, number: u32) -> Seen<'_> {
        Seen { value: &self.values[number as usize], dictionary: self }
    }

    fn word(&mut self, word: &str) -> u32 {
        if let Some(known) = self.words.get(word) {
            return *known;
        }
        let number = self.word_rows.len() as u32;
        self.words.insert(word.into(), number);
        self.word_rows.push(0);
        number
    }

    /// Works out what words are worth, once all values are in; none is added afterwards.
    pub fn finish(&mut self, rows: usize) {
        self.is_code = vec![false; self.word_rows.len()];
        self.is_trade = vec![false; self.word_rows.len()];
        for (word, number) in &self.words {
            let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
            let is_rare = self.word_rows[*number as usize] <= 8;
            self.is_trade[*number as usize] = is_trade(word);
            self.is_code[*number as usize] = has_digit && is_rare && word.len() >= 4;
        }
        let all = rows.max(2) as f32;
        self.word_weights =
            self.word_rows.iter().map(|rows| (all / (*rows).max(1) as f32).ln() + 0.1).collect();
        for value in &mut self.values {
            let words = &self.value_words[value.words_at as usize..][..value.words_count as usize];
            let square: f32 =
                words.iter().map(|word| self.word_weights[*word as usize].powi(2)).sum();
            value.norm = square.sqrt();
        }
        self.newest = Map::default();
        self.before = Vec::new();
        self.words = Map::default();
        self.values.shrink_to_fit();
        self.keys.shrink_to_fit();
        self.value_words.shrink_to_fit();
    }
}

/// The first bytes of a key, noughts behind a shorter one.
fn start(key: &str) -> [u8; START] {
    let mut start = [0; START];
    let length = key.len().min(START);
    start[..length].copy_from_slice(&key.as_bytes()[..length]);
    start
}

/// Whether one of the words of a key is no longer than two bytes.
fn has_short(key: &str) -> bool {
    let mut words = key.as_bytes().split(|byte| *byte == b' ');
    words.any(|word| word.len() <= 2)
}

/// A bit for each of some words.
fn bits(words: &[u32]) -> u64 {
    words.iter().fold(0, |bits, word| bits | 1 << (mix(u64::from(*word)) & 63))
}

/// What tells a mail address by its two halves, the mailbox in the lower bits, and a domain by its
/// first label and the rest: halves that differ in it differ.
fn halves(key: &str) -> u64 {
    let at = key.find('@').or_else(|| key.find('.'));
    let Some((one, other)) = at.and_then(|at| key.split_at_checked(at)) else { return 0 };
    let low = |half: &str| hash(0, half.as_bytes()) & u64::from(u32::MAX);
    low(one) | low(other) << 32
}

/// One bit for each digit and letter that occurs, another for one that occurs twice, and a third.
fn letters(key: &str) -> u128 {
    const SIGNS: u32 = 36;
    let (mut once, mut twice, mut thrice) = (0_u64, 0_u64, 0_u64);
    for byte in key.bytes() {
        let sign = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'z' => 10 + byte - b'a',
            _ => continue,
        };
        let bit = 1_u64 << sign;
        thrice |= twice & bit;
        twice |= once & bit;
        once |= bit;
    }
    u128::from(once) | u128::from(twice) << SIGNS | u128::from(thrice) << (2 * SIGNS)
}
