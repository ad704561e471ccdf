//! Labels of periods, units and numbers.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| mujun_fuzz::labels(bytes));
