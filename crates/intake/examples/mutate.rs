//! The fuzz targets on a stable toolchain: seeds, changed by a seeded generator, on every parser.
//!
//! `cargo run --release -p intake --example mutate -- 1000000 7` tries a million inputs from seed
//! 7, `-- 1000000 7 csv` all of them on one parser; the first that breaks a parser is written
//! beside, and its number told. `values` of `linkage` and `datagrams` of `signalling` do the same.

#![expect(clippy::expect_used, reason = "a rig that cannot go on should say so and end")]

#[path = "../tests/targets/mutation.rs"]
mod mutation;
mod rig;
#[path = "../tests/targets/mod.rs"]
mod targets;
#[path = "../tests/targets/tries.rs"]
mod tries;

use std::process::ExitCode;

use mutation::{TOKENS, seeds};
use tries::Tries;

fn main() -> ExitCode {
    rig::main(Tries { targets: targets::TARGETS.to_vec(), seeds: seeds(), tokens: &TOKENS })
}
