#![no_main]

#[path = "../../crates/intake/tests/targets/mod.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::words(bytes));
