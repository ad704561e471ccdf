//! The same input gives the same bytes, whatever order, machine or history it comes with; and what is unchanged is kept.

use std::collections::BTreeMap;
use std::fs::{self, FileTimes};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use tempfile::TempDir;
use vocab::level::Level;

use crate::support::{finish, folder, mujun, run_sample, sample, tree};

type Files = BTreeMap<String, Vec<u8>>;

/// One sample for all tests here: exports/ and config/registers/ by name, and the release they make in an empty store.
struct Sample {
    files: Files,
    release: (String, Files),
}

static SAMPLE: LazyLock<Sample> = LazyLock::new(|| {
    let out = folder();
    sample(out.path(), 11, 150, 8, 8);
    let store = folder();
    run(out.path(), store.path());
    Sample { files: tree(out.path()), release: current(store.path()) }
});

impl Sample {
    /// Writes the files whose names are wanted, in reverse order if told so.
    fn write(&self, to: &Path, reverse: bool, wanted: impl Fn(&str) -> bool) {
        let mut names: Vec<&String> = self.files.keys().filter(|name| wanted(name)).collect();
        if reverse {
            names.reverse();
        }
        for (age, name) in (1_u64..).zip(names) {
            let path = to.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &self.files[name]).unwrap();
            if reverse {
                let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000 + age * 86_400);
                fs::File::options()
                    .write(true)
                    .open(&path)
                    .unwrap()
                    .set_times(FileTimes::new().set_modified(time))
                    .unwrap();
            }
        }
    }

    fn folder(&self, wanted: impl Fn(&str) -> bool) -> TempDir {
        let out = folder();
        self.write(out.path(), false, wanted);
        out
    }
}

fn run(sample: &Path, store: &Path) -> String {
    let (code, stdout, stderr) = finish(&mut run_sample(sample, store));
    assert_eq!(code, 0, "{stderr}");
    stdout
}

/// The release that readers see: its id and its files.
fn current(store: &Path) -> (String, Files) {
    let folder = fs::canonicalize(store.join("current")).unwrap();
    (folder.file_name().unwrap().to_string_lossy().into_owned(), tree(&folder))
}

/// Names what differs; printing megabytes would help nobody.
fn assert_same((id, files): &(String, Files), (other_id, others): &(String, Files)) {
    let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(files), names(others));
    let differing: Vec<&String> = files.keys().filter(|name| files[*name] != others[*name]).collect();
    assert!(differing.is_empty(), "{differing:?}");
    assert_eq!(id, other_id);
}

/// Inode of every file below a folder.
fn inodes(folder: &Path) -> BTreeMap<String, u64> {
    let inode = |name: &str| fs::metadata(folder.join(name)).unwrap().ino();
    tree(folder).into_keys().map(|name| (name.clone(), inode(&name))).collect()
}

fn releases(store: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> =
        fs::read_dir(store.join("releases")).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all
}

/// The forms of the sample's last quarter, without the registers' kind of exports that hold all history.
fn is_last_quarter(name: &str) -> bool {
    name.contains("2018年1-12月")
}

#[test]
fn the_order_and_the_times_of_the_exports_change_no_byte() {
    let (out, store) = (folder(), folder());
    SAMPLE.write(out.path(), true, |_| true);
    run(out.path(), store.path());
    assert_same(&current(store.path()), &SAMPLE.release);
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    for threads in ["1", "4"] {
        let (out, store) = (SAMPLE.folder(|_| true), folder());
        let mut command = run_sample(out.path(), store.path());
        command.env("RAYON_NUM_THREADS", threads).env("POLARS_MAX_THREADS", threads);
        let (code, _, stderr) = finish(&mut command);
        assert_eq!(code, 0, "{stderr}");
        assert_same(&current(store.path()), &SAMPLE.release);
    }
}

#[test]
fn exports_in_two_batches_end_in_the_release_of_all_at_once() {
    // Once by day of sending, once against it: neither history may show in the end.
    let early = |name: &str| {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        stem.rsplit_once('_').and_then(|(_, day)| day.parse().ok()).is_none_or(|day: u32| day < 20180701)
    };
    let revised = ["20171215", "20181215", "20180612"];
    let is_revised = |name: &str| revised.iter().any(|day| name.contains(day));
    assert_eq!(SAMPLE.files.keys().filter(|name| is_revised(name)).count(), revised.len());
    let finance = |name: &str| !name.contains("exports/") || name.contains("B203") && !is_revised(name);
    for first in [&early as &dyn Fn(&str) -> bool, &finance] {
        let (out, store) = (SAMPLE.folder(first), folder());
        run(out.path(), store.path());
        let before = current(store.path());
        assert_ne!(before.0, SAMPLE.release.0);
        SAMPLE.write(out.path(), false, |name| !first(name));
        run(out.path(), store.path());
        assert_same(&current(store.path()), &SAMPLE.release);
        assert_eq!(tree(&store.path().join("releases").join(&before.0)), before.1, "the first release has changed");
        assert_eq!(releases(store.path()).len(), 2);
    }
}

#[test]
fn a_second_run_has_nothing_to_do_and_changes_nothing() {
    let (out, store) = (SAMPLE.folder(|_| true), folder());
    run(out.path(), store.path());
    let state = || {
        let mut files = tree(store.path());
        files.remove("lock");
        (files, fs::read_link(store.path().join("current")).unwrap(), inodes(store.path()))
    };
    let before = state();
    let said = finish(run_sample(out.path(), store.path()).args(["--format", "json"]));
    let json: serde_json::Value = serde_json::from_str(&said.1).unwrap();
    assert_eq!((said.0, json["outcome"].as_str()), (0, Some("nothing_to_do")), "{}", said.1);
    assert_eq!(json["release"].as_str(), Some(SAMPLE.release.0.as_str()));
    let said = finish(run_sample(out.path(), store.path()).args(["--lang", "en"]));
    assert!(said.1.contains("Nothing to do"), "{}", said.1);
    let after = state();
    let changed: Vec<&String> = before.0.keys().filter(|name| after.0.get(*name) != Some(&before.0[*name])).collect();
    assert!(changed.is_empty(), "{changed:?}");
    assert!(before.1 == after.1 && before.2 == after.2);
}

#[test]
fn files_of_unchanged_quarters_are_shared_with_the_older_release() {
    let (out, store) = (SAMPLE.folder(|name| !is_last_quarter(name)), folder());
    run(out.path(), store.path());
    let older = store.path().join("releases").join(current(store.path()).0);
    let before = inodes(&older);
    SAMPLE.write(out.path(), false, is_last_quarter);
    run(out.path(), store.path());
    let after = inodes(&store.path().join("releases").join(current(store.path()).0));
    let mut shared = 0;
    for (name, inode) in &before {
        // What people read is of the last quarter, and is there no more.
        let is_long = || Level::ALL.iter().any(|level| name.ends_with(&format!("/csv/{level}.csv")));
        if ["indicators/", "tables/"].iter().any(|folder| name.starts_with(folder)) || is_long() {
            assert_eq!(after.get(name), Some(inode), "{name} was made again");
            shared += 1;
        }
    }
    // Seven quarters were there: indicators, long CSV and areas of five levels, and at least clusters beside them.
    assert!(shared > 7 * (5 + 5 + 5), "{shared}");
    let new: Vec<&String> = after.keys().filter(|name| !before.contains_key(*name)).collect();
    assert!(!new.is_empty() && new.iter().all(|name| name.contains("2018Q4")), "{new:?}");
    assert_same(&current(store.path()), &SAMPLE.release);
}

#[test]
fn a_revised_export_makes_again_what_it_changes_and_everything_else_is_shared() {
    let revised = |name: &str| name.contains("20180612");
    assert_eq!(
        SAMPLE.files.keys().filter(|name| revised(name)).count(),
        1,
        "the sample has one revised form of 2018Q1"
    );
    let (out, store) = (SAMPLE.folder(|name| !revised(name)), folder());
    run(out.path(), store.path());
    let (older, before) = (current(store.path()).1, inodes(&store.path().join("current/")));
    SAMPLE.write(out.path(), false, revised);
    run(out.path(), store.path());
    let (newer, after) = (current(store.path()).1, inodes(&store.path().join("current/")));
    let mut shared_later = 0;
    for (name, inode) in before.iter().filter(|(name, _)| name.contains("level=") || name.starts_with("tables/")) {
        let (is_shared, is_same) = (after[name] == *inode, newer[name] == older[name]);
        assert_eq!(is_shared, is_same, "{name}");
        assert!(is_shared || !name.contains("2017Q"), "{name}: a quarter before the revised one was made again");
        shared_later += usize::from(is_shared && !name.contains("2017Q"));
    }
    assert!(shared_later > 0, "later quarters that do not change are shared too");
    assert!(!newer.keys().filter(|name| name.contains("2018Q1")).all(|name| newer[name] == older[name]));
    let (code, said, _) = finish(mujun(store.path()).arg("verify"));
    assert_eq!(code, 0, "{said}");
}
