//! Drawing that is the same on every machine.

/// SplitMix64 (Steele, Lea and Flood 2014): enough to make up lists, far from enough for secrets.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    /// The dice of one thing: the same seed, purpose and number throw the same.
    pub fn of(seed: u64, purpose: u64, number: u64) -> Self {
        let mut first = Self(seed ^ purpose.wrapping_mul(0xd6e8_feb8_6659_fd93));
        let mixed = first.next();
        Self(mixed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from nought up to, not including, `count`; nought when there is nothing to draw.
    pub fn below(&mut self, count: usize) -> usize {
        (self.next() % count.max(1) as u64) as usize
    }

    /// True for so many of a thousand.
    pub fn thousandths(&mut self, share: u32) -> bool {
        self.below(1000) < share as usize
    }

    /// One of several, all alike.
    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// One of several, the first far more often than the last: a quarter of the throws fall on
    /// the first sixteenth.
    pub fn skewed<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.skewed_below(all.len())]
    }

    /// A number below `count`, small ones far more often.
    pub fn skewed_below(&mut self, count: usize) -> usize {
        let share = self.below(1 << 20) as f64 / f64::from(1 << 20);
        ((share * share) * count as f64) as usize
    }

    /// So many digits.
    pub fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
    }
}
