//! Compensation from outside: named vectors, tables of faults, the language, properties, and a
//! second implementation that shares no code with the engine.

#![expect(clippy::unwrap_used, reason = "a test that cannot build its situation should stop there")]

mod agreement;
mod cast;
mod faults;
mod incremental;
mod language;
mod naive_draw;
mod properties;
mod reference;
mod sentences;
mod vectors;

use proptest::test_runner::Config;

/// At least ten thousand cases each; `PROPTEST_CASES` asks for more, as the nightly run does.
fn many() -> Config {
    let asked = Config::default();
    Config { cases: asked.cases.max(10_000), failure_persistence: None, ..asked }
}
