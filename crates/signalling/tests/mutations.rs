//! A little of what `examples/datagrams.rs` does for as long as one likes.

#![expect(clippy::expect_used, reason = "a rig that cannot go on should say so and end")]

mod targets;
#[path = "../../intake/tests/targets/tries.rs"]
mod tries;

use std::time::Duration;

use targets::{TARGETS, TOKENS, seeds};
use tries::Tries;

/// Datagrams tried on each parser.
const TRIES: u64 = 2_000;

#[test]
fn no_datagram_breaks_a_parser_and_what_is_read_is_sent_on_alike() {
    let tries = Tries { targets: TARGETS.to_vec(), seeds: seeds(), tokens: &TOKENS };
    if let Err(broken) = tries.run(TRIES * TARGETS.len() as u64, 1, Duration::MAX) {
        panic!("{broken}: {:?}", String::from_utf8_lossy(&broken.bytes));
    }
}
