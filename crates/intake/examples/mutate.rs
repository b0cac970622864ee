//! The fuzz targets on a stable toolchain: seeds, changed by a seeded generator, on every parser.
//!
//! `cargo run --release -p intake --example mutate -- 1000000 7` tries a million inputs from seed
//! 7, `-- 1000000 7 csv` all of them on one parser; the first that breaks a parser is written
//! beside, and its number told.

#![expect(clippy::expect_used, reason = "a rig that cannot go on should say so and end")]

#[path = "../tests/targets/mutation.rs"]
mod mutation;
#[path = "../tests/targets/mod.rs"]
mod targets;

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use mutation::{Dice, mutated, seeds};
use targets::Target;

/// Panics so far, also those that a parser caught itself.
static PANICS: AtomicU64 = AtomicU64::new(0);
/// No small input takes a parser so long.
const PATIENCE: Duration = Duration::from_secs(2);

#[expect(clippy::disallowed_methods, reason = "a rig that measures")]
fn now() -> Instant {
    Instant::now()
}

fn main() -> ExitCode {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let number = |place: usize| given.get(place).map(|text| text.parse().unwrap_or(0));
    let (count, seed) = (number(0).unwrap_or(100_000), number(1).unwrap_or(1));
    let is_wanted = |name: &str| given.get(2).is_none_or(|wanted| wanted == name);
    let wanted: Vec<Target> =
        targets::TARGETS.into_iter().filter(|(name, _)| is_wanted(name)).collect();
    if wanted.is_empty() {
        println!("there is no such parser");
        return ExitCode::FAILURE;
    }
    std::panic::set_hook(Box::new(|_| {
        PANICS.fetch_add(1, Ordering::Relaxed);
    }));
    let (seeds, mut dice) = (seeds(), Dice(seed));
    let (began, mut slowest) = (now(), Duration::ZERO);
    for number in 0..count {
        let (name, target) = wanted[(number % wanted.len() as u64) as usize];
        let bytes = mutated(&seeds, &mut dice);
        let started = now();
        let is_sound = std::panic::catch_unwind(|| target(&bytes)).is_ok();
        let took = started.elapsed();
        slowest = slowest.max(took);
        if !is_sound || took > PATIENCE {
            let file = format!("broken-{name}-{seed}-{number}");
            let kept = std::fs::write(&file, &bytes);
            println!("{name} breaks on number {number} in {took:?}; {file}: {kept:?}");
            return ExitCode::FAILURE;
        }
    }
    let seconds = began.elapsed().as_secs();
    let caught = PANICS.load(Ordering::Relaxed);
    println!(
        "{count} inputs from seed {seed} in {seconds} s; slowest {slowest:?}; {caught} caught"
    );
    ExitCode::SUCCESS
}
