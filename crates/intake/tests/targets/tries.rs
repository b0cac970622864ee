//! Bytes that nearly make sense, given to parsers for as long as one likes: seeds, changed by a
//! generator that is the same for the same seed. Every library that parses is tried so.

use std::fmt;
use std::time::{Duration, Instant};

/// A generator that is the same on every machine (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below another; nought where that is nought.
    fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }
}

/// What is tried.
pub struct Tries<'t> {
    /// Parsers under their names.
    pub targets: Vec<(&'static str, fn(&[u8]))>,
    /// Bytes that make sense to some of them.
    pub seeds: Vec<Vec<u8>>,
    /// What parsers stumble over.
    pub tokens: &'t [&'t [u8]],
}

/// Bytes that break a parser, or take it too long.
pub struct Broken {
    /// Its name.
    pub name: &'static str,
    /// Which of its inputs, from nought.
    pub number: u64,
    /// How long it was at it.
    pub took: Duration,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} breaks on number {} in {:?}", self.name, self.number, self.took)
    }
}

#[expect(clippy::disallowed_methods, reason = "a rig that measures")]
fn now() -> Instant {
    Instant::now()
}

impl Tries<'_> {
    /// Gives every seed to every parser, and then so many changed ones to each in turn; none may
    /// take longer than is said. Answers what the slowest took.
    pub fn run(&self, count: u64, seed: u64, patience: Duration) -> Result<Duration, Broken> {
        let (mut dice, mut slowest) = (Dice(seed), Duration::ZERO);
        let whole = (0..).zip(&self.seeds);
        for (number, bytes) in whole {
            for target in &self.targets {
                slowest = slowest.max(try_one(*target, number, bytes, patience)?);
            }
        }
        for number in 0..count {
            let target = self.targets[(number % self.targets.len() as u64) as usize];
            let bytes = self.mutated(&mut dice);
            slowest = slowest.max(try_one(target, number, &bytes, patience)?);
        }
        Ok(slowest)
    }

    /// A seed, changed in a few places.
    fn mutated(&self, dice: &mut Dice) -> Vec<u8> {
        let seeds = &self.seeds;
        let mut bytes = seeds[dice.below(seeds.len())].clone();
        for _ in 0..=dice.below(8) {
            let at = dice.below(bytes.len() + 1);
            let length = dice.below(bytes.len() - at + 1).min(dice.below(64));
            match dice.below(8) {
                0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
                1 if at < bytes.len() => bytes[at] = dice.next() as u8,
                2 => drop(bytes.drain(at..at + length)),
                3 => {
                    let part = bytes[at..at + length].to_vec();
                    let to = dice.below(bytes.len() + 1);
                    bytes.splice(to..to, part.repeat(1 + dice.below(6)));
                }
                4 => bytes.truncate(at),
                5 => {
                    let other = &seeds[dice.below(seeds.len())];
                    let from = dice.below(other.len());
                    let part = other[from..].iter().take(dice.below(200)).copied();
                    bytes.splice(at..at, part);
                }
                _ => {
                    let token = self.tokens[dice.below(self.tokens.len())];
                    bytes.splice(at..at, token.repeat(1 + dice.below(3)));
                }
            }
        }
        bytes
    }
}

fn try_one(
    (name, target): (&'static str, fn(&[u8])),
    number: u64,
    bytes: &[u8],
    patience: Duration,
) -> Result<Duration, Broken> {
    let started = now();
    let is_sound = std::panic::catch_unwind(|| target(bytes)).is_ok();
    let took = started.elapsed();
    if is_sound && took <= patience {
        return Ok(took);
    }
    Err(Broken { name, number, took, bytes: bytes.to_vec() })
}
