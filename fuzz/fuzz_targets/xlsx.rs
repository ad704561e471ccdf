//! New workbooks, by the text of their parts.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| mujun_fuzz::read("a.xlsx", &mujun_fuzz::packages::xlsx(bytes)));
