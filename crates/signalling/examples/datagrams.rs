//! The fuzz targets of what comes in by datagrams on a stable toolchain.
//!
//! `cargo run --release -p signalling --example datagrams -- 1000000 7` tries a million of them
//! from seed 7, `-- 1000000 7 sip` all of them on one parser; the first that breaks one is written
//! beside.

#![expect(clippy::expect_used, reason = "a rig that cannot go on should say so and end")]

#[path = "../../intake/examples/rig/mod.rs"]
mod rig;
#[path = "../tests/targets/mod.rs"]
mod targets;
#[path = "../../intake/tests/targets/tries.rs"]
mod tries;

use std::process::ExitCode;

use targets::{TARGETS, TOKENS, seeds};
use tries::Tries;

fn main() -> ExitCode {
    rig::main(Tries { targets: TARGETS.to_vec(), seeds: seeds(), tokens: &TOKENS })
}
