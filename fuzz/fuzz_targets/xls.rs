//! Old workbooks: compound files, and the records of a workbook by themselves.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| mujun_fuzz::read("a.xls", bytes));
