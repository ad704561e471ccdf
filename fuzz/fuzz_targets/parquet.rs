//! Tables of data teams.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| mujun_fuzz::read("a.parquet", bytes));
