//! Tables of text: what is seen in them, and what a declaration makes of them.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| mujun_fuzz::layout(bytes));
