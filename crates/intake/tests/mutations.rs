//! A little of what `examples/mutate.rs` does for as long as one likes.

#![expect(clippy::expect_used, reason = "a rig that cannot go on should say so and end")]

#[path = "targets/mutation.rs"]
mod mutation;
mod targets;

use mutation::{Dice, mutated, seeds};

/// Bytes tried on each parser.
const TRIES: usize = 400;

#[test]
fn no_bytes_break_a_parser_and_every_record_is_accounted_for() {
    let (seeds, mut dice) = (seeds(), Dice(1));
    for (name, target) in targets::TARGETS {
        for seed in &seeds {
            target(seed);
        }
        for _ in 0..TRIES {
            let bytes = mutated(&seeds, &mut dice);
            let done = std::panic::catch_unwind(|| target(&bytes));
            assert!(done.is_ok(), "{name}: {:?}", String::from_utf8_lossy(&bytes));
        }
    }
}
