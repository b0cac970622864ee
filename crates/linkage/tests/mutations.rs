//! A little of what `examples/values.rs` does for as long as one likes.

#![expect(clippy::expect_used, reason = "a rig that cannot go on should say so and end")]

mod targets;
#[path = "../../intake/tests/targets/tries.rs"]
mod tries;

use std::time::Duration;

use targets::{TARGETS, TOKENS, seeds};
use tries::Tries;

/// Texts tried on each reader.
const TRIES: u64 = 2_000;

#[test]
fn no_text_breaks_a_reader_and_what_is_read_is_right() {
    let tries = Tries { targets: TARGETS.to_vec(), seeds: seeds(), tokens: &TOKENS };
    if let Err(broken) = tries.run(TRIES * TARGETS.len() as u64, 1, Duration::MAX) {
        panic!("{broken}: {:?}", String::from_utf8_lossy(&broken.bytes));
    }
}
