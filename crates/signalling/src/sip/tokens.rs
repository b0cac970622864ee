//! Branches, tags, Call-IDs and nonces: what nobody may guess and nothing may repeat.

use sha2::{Digest as _, Sha256};

/// A source of unguessable texts: SHA-256 over a secret seed and a counter. The same seed gives
/// the same texts, which is what a test wants; [`Tokens::fresh`] takes one from the system.
#[derive(Debug)]
pub struct Tokens {
    seed: [u8; 32],
    count: u64,
}

impl Tokens {
    /// A source with a seed from the operating system.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub fn fresh() -> Result<Self, getrandom::Error> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed)?;
        Ok(Self::seeded(seed))
    }

    /// A source that gives the same texts for the same seed.
    pub fn seeded(seed: [u8; 32]) -> Self {
        Self { seed, count: 0 }
    }

    /// The next text: 32 hexadecimal digits, 128 bits.
    pub fn text(&mut self) -> String {
        self.count += 1;
        self.sealed(&self.count.to_be_bytes())
    }

    /// The next number of 32 bits.
    pub fn number(&mut self) -> u32 {
        u32::from_str_radix(&self.text()[..8], 16).unwrap_or(0)
    }

    /// What only the holder of the seed can say of `bytes`: 32 hexadecimal digits.
    pub fn sealed(&self, bytes: &[u8]) -> String {
        let mut hash = Sha256::new();
        hash.update(self.seed);
        hash.update(bytes);
        hash.update(self.seed);
        let mut text = hex::encode(hash.finalize());
        text.truncate(32);
        text
    }
}
