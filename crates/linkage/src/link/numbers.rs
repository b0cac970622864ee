//! Things found again by their hashes: a table of numbers, for whoever keeps the things themselves.
//!
//! A place is eight bytes, half of a hash and a number, and the places of one hash stand one behind
//! the other (linear probing). So looking for a thing waits for one distant cell of memory, where a
//! map of keys waits for three.

/// Numbers by the hashes of what they are of.
#[derive(Default, Debug)]
pub(super) struct Numbers {
    /// Half of a hash and the number behind it, or [`FREE`]; a power of two of them.
    places: Vec<(u32, u32)>,
    count: usize,
}

/// A place that nothing stands in.
const FREE: (u32, u32) = (0, u32::MAX);
/// Places to begin with.
const PLACES_MIN: usize = 64;

impl Numbers {
    /// The number of a thing by its hash, told by `is_it`; or else `new`, which it has from now on.
    #[inline]
    pub fn of(&mut self, hash: u64, new: u32, is_it: impl Fn(u32) -> bool) -> u32 {
        if self.count * 2 >= self.places.len() {
            self.grow();
        }
        let (half, mask) = (hash as u32, self.places.len() - 1);
        let mut at = half as usize & mask;
        loop {
            let place = self.places[at];
            if place == FREE {
                self.places[at] = (half, new);
                self.count += 1;
                return new;
            }
            if place.0 == half && is_it(place.1) {
                return place.1;
            }
            at = (at + 1) & mask;
        }
    }

    /// The number that a hash leads to first; the greatest there is for none.
    #[inline]
    pub fn place(&self, hash: u64) -> u32 {
        let at = hash as usize & self.places.len().wrapping_sub(1);
        self.places.get(at).map_or(FREE.1, |place| place.1)
    }

    fn grow(&mut self) {
        let length = (self.places.len() * 2).max(PLACES_MIN);
        let before = std::mem::replace(&mut self.places, vec![FREE; length]);
        for place in before.into_iter().filter(|place| *place != FREE) {
            let mut at = place.0 as usize & (length - 1);
            while self.places[at] != FREE {
                at = (at + 1) & (length - 1);
            }
            self.places[at] = place;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_keeps_its_number_also_among_others_of_its_hash() {
        let (mut numbers, mut things) = (Numbers::default(), Vec::<u64>::new());
        for round in 0..2 {
            for thing in 0..1_000_u64 {
                let new = things.len() as u32;
                let number = numbers.of(thing / 3, new, |at| things[at as usize] == thing);
                if number == new {
                    things.push(thing);
                }
                assert_eq!(u64::from(number), thing, "{round}");
            }
        }
        assert_eq!(things.len(), 1_000);
    }
}
