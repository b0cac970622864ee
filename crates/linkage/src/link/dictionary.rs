//! Interned values of one kind, each with what a comparison looks at first.

use super::firm::is_trade;
use super::numbers::Numbers;
use super::parts::{hash, mix};
use super::read::{Reading, Sound};
use crate::normalise::is_blank;
use smallvec::SmallVec;

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

/// Room for so few values is short.
const SHORT: usize = 1_024;
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
        self.value.key(self.dictionary.keys.as_bytes())
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
    /// Its key, which stands among those of all values; of a short one only the value is looked at.
    #[inline]
    fn key<'a>(&'a self, keys: &'a [u8]) -> &'a [u8] {
        let length = self.key_length as usize;
        self.start.get(..length).unwrap_or_else(|| &keys[self.key_at as usize..][..length])
    }

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
    by_keys: Numbers,
    words: Words,
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
    /// Looks at what stands where these hashes of keys lead, and does nothing with it: a processor
    /// waits for many distant cells of memory at once as long as for one.
    pub fn fetch(&self, hashes: &[u64]) {
        let mut seen = 0;
        for hash in hashes {
            seen ^= self.by_keys.place(*hash);
        }
        for hash in hashes {
            let value = self.values.get(self.by_keys.place(*hash) as usize);
            seen ^= value.map_or(0, |value| value.key_length);
        }
        std::hint::black_box(seen);
    }

    /// Makes room where it runs short: for the values of all rows of a column, if as many of them
    /// are `new` as were among those that are `done`. Room that stays empty takes no memory, and
    /// growing does.
    pub fn expect(&mut self, new: usize, done: usize, rows: usize) {
        if self.values.capacity() - self.values.len() < SHORT {
            let to_come = (rows - done).saturating_mul(new) / done.max(1);
            self.values.reserve_exact(to_come + to_come / 8 + 2 * SHORT);
        }
    }

    /// The number of a value by the hash of its key, which is a new one where it was not met
    /// before.
    pub fn number(&mut self, Reading { key, nature }: Reading, hash: u64) -> u32 {
        let new = self.values.len() as u32;
        let (values, keys) = (&self.values, self.keys.as_bytes());
        let is_it = |at: u32| values[at as usize].key(keys) == key.as_bytes();
        let number = self.by_keys.of(hash, new, is_it);
        if number < new {
            return number;
        }
        let mut words: SmallVec<[u32; 8]> = SmallVec::new();
        if nature.has_words {
            words.extend(key.split(is_blank).map(|word| self.words.number(word)));
            self.word_rows.resize(self.words.ends.len(), 0);
            words.sort_unstable();
            words.dedup();
        }
        if nature.number != 0.0 {
            self.quantities.resize(number as usize, 0.0);
            self.quantities.push(nature.number);
        }
        self.values.push(Value {
            letters: letters(key),
            word_bits: if words.is_empty() { halves(key) } else { bits(&words) },
            key_at: self.keys.len() as u32,
            key_length: key.len() as u32,
            words_at: self.value_words.len() as u32,
            words_count: words.len() as u32,
            norm: 0.0,
            start: start(key),
            has_short: has_short(key),
            sound: nature.sound,
        });
        self.keys.push_str(key);
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

    /// Works out what words are worth, once all values are in; none is added afterwards.
    pub fn finish(&mut self, rows: usize) {
        self.is_code = vec![false; self.word_rows.len()];
        self.is_trade = vec![false; self.word_rows.len()];
        for number in 0..self.word_rows.len() {
            let word = self.words.word(number as u32);
            let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
            let is_rare = self.word_rows[number] <= 8;
            self.is_trade[number] = is_trade(word);
            self.is_code[number] = has_digit && is_rare && word.len() >= 4;
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
        self.by_keys = Numbers::default();
        self.words = Words::default();
        self.keys.shrink_to_fit();
        self.value_words.shrink_to_fit();
    }
}

/// Words by their numbers, one behind the other.
#[derive(Default, Debug)]
struct Words {
    text: String,
    ends: Vec<usize>,
    by_text: Numbers,
}

impl Words {
    fn word(&self, number: u32) -> &str {
        word_of((&self.text, &self.ends), number)
    }

    /// The number of a word, which is a new one where it was not met before.
    fn number(&mut self, word: &str) -> u32 {
        let new = self.ends.len() as u32;
        let all = (self.text.as_str(), self.ends.as_slice());
        let is_it = |at: u32| word_of(all, at) == word;
        let number = self.by_text.of(hash(0, word.as_bytes()), new, is_it);
        if number == new {
            self.text.push_str(word);
            self.ends.push(self.text.len());
        }
        number
    }
}

fn word_of<'a>((text, ends): (&'a str, &[usize]), number: u32) -> &'a str {
    let at = number as usize;
    &text[if at == 0 { 0 } else { ends[at - 1] }..ends[at]]
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
