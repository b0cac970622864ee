//! A hash that is the same on every machine, and maps by it.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A small hash (eight bytes at a time, folded products, Murmur's last mix), the same on every
/// machine.
#[derive(Clone, Copy)]
pub(crate) struct Hash64(u64);

impl Default for Hash64 {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hash64 {
    /// Takes eight bytes in: both halves of a product tell of all of them.
    fn eight(&mut self, bytes: u64) {
        let product = u128::from(self.0 ^ bytes) * 0x9e37_79b9_7f4a_7c15_u128;
        self.0 = (product as u64 ^ (product >> 64) as u64).wrapping_add(0x2545_f491_4f6c_dd1d);
    }
}

impl Hasher for Hash64 {
    fn write(&mut self, bytes: &[u8]) {
        let (eights, rest) = bytes.as_chunks::<8>();
        for eight in eights {
            self.eight(u64::from_le_bytes(*eight));
        }
        if !rest.is_empty() {
            self.eight(fewer_than_eight(rest) ^ (rest.len() as u64) << 56);
        }
    }

    fn write_u8(&mut self, number: u8) {
        self.eight(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = mix(self.0 ^ number);
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn finish(&self) -> u64 {
        mix(self.0)
    }
}

/// One to seven bytes as the lowest of a number; put together from pieces of known length, which
/// may share bytes, since copying so few is dearer.
fn fewer_than_eight(bytes: &[u8]) -> u64 {
    let last = bytes.len() - 1;
    if let (Some(one), Some(other)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let other = u64::from(u32::from_le_bytes(*other)) << (8 * (bytes.len() - 4));
        return u64::from(u32::from_le_bytes(*one)) | other;
    }
    let byte = |at: usize| u64::from(bytes[at]) << (8 * at);
    byte(0) | byte(last / 2) | byte(last)
}

/// Spreads the bits of a number over all 64 (Murmur 3).
pub(crate) fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let number = (number ^ (number >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    number ^ (number >> 33)
}

/// The hash of some bytes under a number that tells uses apart.
pub(crate) fn hash(salt: u64, bytes: &[u8]) -> u64 {
    let mut hasher = Hash64::default();
    hasher.write_u64(salt);
    hasher.write(bytes);
    hasher.finish()
}

/// A map with [`Hash64`].
pub(crate) type Map<K, V> = HashMap<K, V, BuildHasherDefault<Hash64>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_bytes_are_the_lowest_of_a_number() {
        for length in 1..8 {
            let bytes: Vec<u8> = (1..=length).map(|byte| byte * 31).collect();
            let mut eight = [0; 8];
            eight[..bytes.len()].copy_from_slice(&bytes);
            assert_eq!(fewer_than_eight(&bytes), u64::from_le_bytes(eight));
        }
    }
}
