//! What every example that tries parsers does with its command line: how many inputs, the seed, and
//! the name of one parser.

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::tries::Tries;

/// Panics so far, also those that a parser caught itself.
static PANICS: AtomicU64 = AtomicU64::new(0);
/// No small input takes a parser so long.
const PATIENCE: Duration = Duration::from_secs(2);

/// Tries parsers, and writes beside what breaks one.
pub fn main(mut tries: Tries<'_>) -> ExitCode {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let number = |place: usize| given.get(place).map(|text| text.parse().unwrap_or(0));
    let (count, seed) = (number(0).unwrap_or(100_000), number(1).unwrap_or(1));
    tries.targets.retain(|(name, _)| given.get(2).is_none_or(|wanted| wanted == name));
    if tries.targets.is_empty() {
        println!("there is no such parser");
        return ExitCode::FAILURE;
    }
    std::panic::set_hook(Box::new(|_| {
        PANICS.fetch_add(1, Ordering::Relaxed);
    }));
    match tries.run(count, seed, PATIENCE) {
        Ok(slowest) => {
            let caught = PANICS.load(Ordering::Relaxed);
            println!("{count} inputs from seed {seed}; slowest {slowest:?}; {caught} caught");
            ExitCode::SUCCESS
        }
        Err(broken) => {
            let file = format!("broken-{}-{seed}-{}", broken.name, broken.number);
            let kept = std::fs::write(&file, &broken.bytes);
            println!("{broken}; {file}: {kept:?}");
            ExitCode::FAILURE
        }
    }
}
