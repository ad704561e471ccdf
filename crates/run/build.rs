//! Fingerprints of the sources, so that what another build made is known from what this one makes: facts by the code that reads exports,
//! releases by all that makes figures. A version number would only tell what somebody remembered to count up.

#![allow(clippy::disallowed_methods, clippy::expect_used, reason = "a build without its sources has failed")]

use std::fs;
use std::path::{Path, PathBuf};

/// What facts are made by: the rooms that make them, what is kept of them, and the crates.
pub const READING: &[&str] = &[
    "Cargo.lock",
    "crates/clean/src",
    "crates/config/src",
    "crates/layout/src",
    "crates/read/src",
    "crates/run/src/archives.rs",
    "crates/run/src/exports.rs",
    "crates/run/src/facts.rs",
    "crates/run/src/failure.rs",
    "crates/run/src/ingest.rs",
    "crates/run/src/ingested.rs",
    "crates/run/src/problems.rs",
    "crates/run/src/received.rs",
    "crates/run/src/setup.rs",
    "crates/run/src/transform.rs",
    "crates/store/src/parquet",
    "crates/store/src/parquet.rs",
    "crates/vocab/src",
];

/// What releases are made by beside.
pub const FIGURES: &[&str] =
    &["crates/model/src", "crates/protect/src", "crates/publish/src", "crates/report/src", "crates/run/src"];

/// Of these, what only tells of releases that are there, and has no part in making one.
pub const TELLING: &[&str] = &["crates/run/src/diff", "crates/run/src/explain", "crates/run/src/observed"];

fn main() {
    println!("cargo::rerun-if-changed=../../Cargo.lock");
    println!("cargo::rerun-if-changed=..");
    // From here on names are those in the whole project, wherever it lies.
    std::env::set_current_dir("../..").expect("the project");
    println!("cargo::rustc-env=MUJUN_READING={}", fingerprint(READING));
    println!("cargo::rustc-env=MUJUN_FIGURES={}", fingerprint(&[READING, FIGURES].concat()));
}

/// 64 bits over the names and contents of these files, and of all sources in these folders but for those that only tell, as hexadecimal
/// digits.
pub fn fingerprint(paths: &[&str]) -> String {
    let mut files: Vec<PathBuf> = paths.iter().flat_map(|path| sources(Path::new(path))).collect();
    files.sort();
    files.dedup();
    let mut hash = Fnv::default();
    for file in files {
        let content = fs::read(&file).expect("a source can be read");
        let name = file.to_str().expect("names of sources are plain");
        hash.update(&(name.len() as u64).to_le_bytes());
        hash.update(name.as_bytes());
        hash.update(&(content.len() as u64).to_le_bytes());
        hash.update(&content);
    }
    format!("{:016x}", hash.0)
}

/// The files of a folder and of those in it.
pub fn sources(path: &Path) -> Vec<PathBuf> {
    if TELLING.iter().any(|telling| path == Path::new(telling)) {
        return Vec::new();
    }
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let entries = fs::read_dir(path).expect("a folder of sources");
    entries.flat_map(|entry| sources(&entry.expect("an entry").path())).collect()
}

/// FNV-1a: the same on every machine and in every version of the language, and no crate.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn update(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
