//! OpenDocument spreadsheets, by the text of their content.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| mujun_fuzz::read("a.ods", &mujun_fuzz::packages::ods(bytes)));
