#![no_main]

#[path = "../../crates/linkage/tests/targets/mod.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::slips(bytes));
