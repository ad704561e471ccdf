//! Archives of files, of whatever kind: zip, 7z, tar, and tar within gzip.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| mujun_fuzz::archive(bytes));
