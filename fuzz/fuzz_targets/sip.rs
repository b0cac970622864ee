#![no_main]

#[path = "../../crates/signalling/tests/targets/mod.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::sip(bytes));
