//! See `schoolgate_fuzz::calendar::ical`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| schoolgate_fuzz::calendar::ical(bytes));
