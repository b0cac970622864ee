//! Interned values of one kind, each with what a comparison looks at first.

use super::parts::{Map, hash, mix};
use super::read::{Reading, Sound, is_trade};

/// One comparable value.
///
/// What two different values mostly differ in stands in the value itself, so that few pairs have to
/// be spelled out.
#[derive(Clone, Debug)]
pub(super) struct Value {
    /// The comparable spelling.
    pub key: Box<str>,
    /// Which letters and digits it has, and which letters twice.
    pub letters: u64,
    /// Its words: numbers in the dictionary of the kind, ascending, none twice.
    pub words: Box<[u32]>,
    /// A bit for each of its words, several words to a bit: no bit in common is no word in common.
    pub word_bits: u64,
    /// The quantity of a number; else nought.
    pub number: f64,
    /// Length of the vector of word weights, for the cosine.
    pub norm: f32,
    /// The first bytes of the key, noughts behind a shorter one.
    pub start: [u8; START],
    /// Whether one of the words of the key is no longer than two bytes: a first letter, perhaps.
    pub has_short: bool,
    /// How far it is to be trusted.
    pub sound: Sound,
}

/// Bytes of a key that stand in the value itself.
pub(super) const START: usize = 3;

/// Values and words of all columns of one kind.
#[derive(Default, Debug)]
pub(super) struct Dictionary {
    /// Values by number.
    pub values: Vec<Value>,
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
        if let Some(newest) = self.newest.get(&hash) {
            let mut at = *newest;
            loop {
                if *self.values[at as usize].key == *reading.key {
                    return at;
                }
                let next = self.before[at as usize];
                if next == at {
                    break;
                }
                at = next;
            }
            before = *newest;
        }
        self.newest.insert(hash, number);
        self.before.push(before);
        let mut words: Vec<u32> = reading.words.iter().map(|word| self.word(word)).collect();
        words.sort_unstable();
        words.dedup();
        let key = reading.key.into_boxed_str();
        self.values.push(Value {
            letters: letters(&key),
            start: std::array::from_fn(|at| key.as_bytes().get(at).copied().unwrap_or(0)),
            has_short: key.split(' ').any(|word| word.len() <= 2),
            key,
            word_bits: words.iter().fold(0, |bits, word| bits | 1 << (mix(u64::from(*word)) & 63)),
            words: words.into_boxed_slice(),
            number: reading.number,
            sound: reading.sound,
            norm: 0.0,
        });
        number
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
            let square: f32 =
                value.words.iter().map(|word| self.word_weights[*word as usize].powi(2)).sum();
            value.norm = square.sqrt();
        }
        self.newest = Map::default();
        self.before = Vec::new();
        self.words = Map::default();
        self.values.shrink_to_fit();
    }
}

/// One bit for each digit and letter that occurs, another for a letter that occurs again.
fn letters(key: &str) -> u64 {
    let mut seen = 0_u64;
    for byte in key.bytes() {
        match byte {
            b'0'..=b'9' => seen |= 1 << (byte - b'0'),
            b'a'..=b'z' => {
                let bit = 1 << (10 + byte - b'a');
                seen |= if seen & bit == 0 { bit } else { bit << 26 };
            }
            _ => {}
        }
    }
    seen
}
