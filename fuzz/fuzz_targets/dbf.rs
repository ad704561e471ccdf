//! Tables of dBASE and FoxPro, also within gzip.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| mujun_fuzz::read("a.dbf", bytes));
