//! What libFuzzer calls; the target is in the library.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| meadow_fuzz::frames::run(data));
