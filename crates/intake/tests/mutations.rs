//! A little of what `examples/mutate.rs` does for as long as one likes.

#![expect(clippy::expect_used, reason = "a rig that cannot go on should say so and end")]

#[path = "targets/mutation.rs"]
mod mutation;
mod targets;
#[path = "targets/tries.rs"]
mod tries;

use std::time::Duration;

use mutation::{TOKENS, seeds};
use targets::TARGETS;
use tries::Tries;

/// Bytes tried on each parser.
const TRIES: u64 = 400;

#[test]
fn no_bytes_break_a_parser_and_every_record_is_accounted_for() {
    let tries = Tries { targets: TARGETS.to_vec(), seeds: seeds(), tokens: &TOKENS };
    if let Err(broken) = tries.run(TRIES * TARGETS.len() as u64, 1, Duration::MAX) {
        panic!("{broken}: {:?}", String::from_utf8_lossy(&broken.bytes));
    }
}
