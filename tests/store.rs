//! The store: what is on disk stays whole, whatever fails and whenever.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use store::{
    Answer, Committed, DifferenceKind, Digest, Disk, Error, Export, Held, Hold, Ingest, Kept, Op, Pointer, Run,
    SaveWriter, Seen, Shelf, Store, content_key, list_files, read_file, write_file,
};
use tempfile::TempDir;
use vocab::{Said, said};

const STARTED: &str = "2019-01-21T02:00:00";

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn open(dir: &Path) -> Store {
    Store::open(dir, STARTED).unwrap()
}

fn publish(store: &Store, id: &str, files: &[(&str, &str)]) -> Result<Committed, Error> {
    let mut draft = store.begin_release(id)?;
    draft.about("program", "test");
    for (path, text) in files {
        draft.save(path, text.as_bytes())?;
    }
    draft.commit()
}

/// Overwrites a file that the store made read-only.
fn damage(path: &Path, text: &str) {
    fs::remove_file(path).unwrap();
    fs::write(path, text).unwrap();
}

/// Every file below `dir` with its content, and every link with its target, apart from lock and catalogue.
fn tree(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, dir: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            if path.is_symlink() {
                found.insert(name, fs::read_link(&path).unwrap().as_os_str().as_bytes().to_vec());
            } else if path.is_dir() {
                walk(root, &path, found);
            } else if name != "lock" && !name.starts_with("catalog.db") {
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(dir, dir, &mut found);
    found
}

fn ingest(key: Digest, digest: Digest) -> Ingest {
    Ingest {
        key,
        digest,
        source: "b203".into(),
        dataset: "finance".into(),
        period_from: Some("2018Q1".into()),
        period_to: Some("2018Q1".into()),
        vintage: Some("2018-04-23".into()),
        vintage_from: Some("name".to_owned()),
        rows_total: 10,
        rows_facts: 6,
        rows_quarantined: 1,
        rows_ignored: 2,
        rows_other: 1,
        facts: Some(Kept { file: Shelf::Facts.file("finance", &key).unwrap(), digest: Digest::of(&[7; 150_000]) }),
        quarantine: None,
        problems_json: "[]".into(),
    }
}

#[test]
fn a_raw_export_is_kept_once_and_read_only_under_its_digest() {
    let dir = folder();
    let store = open(dir.path());
    let digest = store.add_raw("数据".as_bytes()).unwrap();
    let name = digest.to_string();
    let path = dir.path().join("raw").join(&name[..2]).join(&name);
    let first = fs::metadata(&path).unwrap();
    assert!(first.permissions().readonly());
    assert_eq!(store.add_raw("数据".as_bytes()).unwrap(), digest);
    assert_eq!(fs::metadata(&path).unwrap().ino(), first.ino(), "written again");
    assert_eq!(store.read_raw(&digest).unwrap(), "数据".as_bytes());
    assert_eq!(Digest::of(b"abc").to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

#[test]
fn a_damaged_raw_export_is_never_handed_out() {
    let dir = folder();
    let digest = open(dir.path()).add_raw(b"1,2,3").unwrap();
    // Only what a process has just written itself is not hashed again.
    let store = open(dir.path());
    let name = digest.to_string();
    let path = dir.path().join("raw").join(&name[..2]).join(&name);
    damage(&path, "1,2,4");
    let error = store.read_raw(&digest).unwrap_err();
    assert!(matches!(error, Error::Damaged { .. }), "{error}");
    let relative = path.strip_prefix(dir.path()).unwrap().to_str().unwrap();
    assert!(error.to_string().contains(relative), "the message names the file: {error}");
    for damaged in ["1,2", "1,2,4"] {
        damage(&path, damaged);
        assert_eq!(store.add_raw(b"1,2,3").unwrap(), digest);
        assert_eq!(fs::read(&path).unwrap(), b"1,2,3", "what is sent again takes the place of what is damaged");
    }
    assert_eq!(store.noted().iter().map(|problem| problem.rule.code).collect::<Vec<_>>(), ["S006"]);
}

#[test]
fn digests_are_read_back_only_from_64_lower_case_hex_digits() {
    let digest = Digest::of(b"abc");
    assert_eq!(digest.to_string().parse(), Ok(digest));
    for wrong in
        ["", "ba78", &digest.to_string().to_uppercase(), &format!("{digest}00"), &"g".repeat(64), &"é".repeat(32)]
    {
        assert!(wrong.parse::<Digest>().is_err(), "{wrong}");
    }
}

#[test]
fn a_key_tells_apart_the_same_bytes_cut_at_another_place() {
    let key = |parts: [&[u8]; 2]| content_key(parts);
    assert_ne!(key([b"ab", b"c"]), key([b"a", b"bc"]));
    assert_eq!(key([b"ab", b"c"]), key([b"ab", b"c"]));
}

#[test]
fn a_second_writer_is_told_who_holds_the_lock() {
    let dir = folder();
    let first = open(dir.path());
    let error = Store::open(dir.path(), "later").unwrap_err();
    assert!(matches!(error, Error::Locked { .. }) && error.try_again_later(), "{error}");
    assert!(error.to_string().contains(&format!("process {}, started {STARTED}", std::process::id())), "{error}");
    let said = error.said();
    assert!(said.zh().contains(&format!("进程 {}（{STARTED} 启动）", std::process::id())), "{}", said.zh());
    drop(first);
    open(dir.path());
}

#[test]
fn a_reader_needs_no_lock_and_changes_nothing() {
    let dir = folder();
    let writer = open(dir.path());
    publish(&writer, "r1", &[("a.csv", "1")]).unwrap();
    let before = tree(dir.path());
    let reader = Store::open_existing(dir.path()).unwrap();
    assert_eq!(reader.current().unwrap().as_deref(), Some("r1"));
    assert_eq!(reader.catalog().exports().unwrap(), []);
    let run = Run { id: "1".into(), ..Run::begun("a") };
    assert!(reader.catalog().put_run(&run).is_err());
    assert!(reader.add_raw(b"x").is_err());
    assert!(reader.begin_release("r2").is_err());
    assert!(reader.pin(&Hold::at("r1")).is_err());
    assert!(reader.unpin(Pointer::Internal).is_err());
    assert!(reader.point_to("r1").is_err());
    assert_eq!(tree(dir.path()), before);
}

#[test]
fn a_folder_without_a_store_is_not_turned_into_one_by_a_reader() {
    let dir = folder();
    assert!(matches!(Store::open_existing(dir.path()), Err(Error::NoStore { .. })));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn what_a_dead_run_left_is_removed_when_the_store_is_opened() {
    let dir = folder();
    publish(&open(dir.path()), "r1", &[("a.csv", "1")]).unwrap();
    let clean = tree(dir.path());
    fs::write(dir.path().join("tmp/file-1-0"), "half").unwrap();
    fs::create_dir_all(dir.path().join("releases/.draft-r2/csv")).unwrap();
    fs::write(dir.path().join("releases/.draft-r2/csv/a.csv"), "half").unwrap();
    drop(open(dir.path()));
    assert_eq!(tree(dir.path()), clean);
    assert!(!dir.path().join("releases/.draft-r2").exists());
}

#[test]
fn an_inbox_is_listed_by_name_without_hidden_and_unfinished_files() {
    let dir = folder();
    let root = dir.path();
    fs::create_dir_all(root.join("统计局")).unwrap();
    fs::create_dir_all(root.join(".git")).unwrap();
    for name in ["统计局/B203.csv", "z.xlsx", "a b.csv", "~$z.xlsx", ".hidden", "big.csv.PART", ".git/config"] {
        fs::write(root.join(name), name).unwrap();
    }
    let listed = list_files(root).unwrap();
    let names: Vec<_> = listed.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["a b.csv", "z.xlsx", "统计局/B203.csv"]);
    assert_eq!(listed[0].stamp.bytes, 7);
    assert_eq!(read_file(&listed[2].path, 100).unwrap(), "统计局/B203.csv".as_bytes());
}

#[test]
fn linked_folders_are_followed_once_and_loops_end() {
    let dir = folder();
    let other = folder();
    let root = dir.path();
    fs::create_dir_all(root.join("real/deep")).unwrap();
    fs::write(root.join("real/deep/a.csv"), "1").unwrap();
    fs::write(other.path().join("b.csv"), "2").unwrap();
    symlink(root, root.join("real/deep/loop")).unwrap();
    symlink(root.join("real"), root.join("alias")).unwrap();
    symlink(other.path(), root.join("mounted")).unwrap();
    symlink("nowhere", root.join("broken.csv")).unwrap();
    let names: Vec<_> = list_files(root).unwrap().into_iter().map(|file| file.name).collect();
    assert_eq!(names, ["mounted/b.csv", "real/deep/a.csv"]);
}

#[test]
fn names_that_are_not_utf8_stay_distinct_and_readable() {
    let dir = folder();
    for bytes in [&b"\xC7\xE9.csv"[..], b"\xC7\xEA.csv"] {
        fs::write(dir.path().join(std::ffi::OsStr::from_bytes(bytes)), "1").unwrap();
    }
    let files = list_files(dir.path()).unwrap();
    assert_eq!(files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), [r"\xC7\xE9.csv", r"\xC7\xEA.csv"]);
    assert_eq!(read_file(&files[0].path, 1).unwrap(), b"1");
}

#[test]
fn a_file_over_the_limit_is_refused_and_one_at_the_limit_is_read() {
    let dir = folder();
    let path = dir.path().join("a.csv");
    fs::write(&path, "12345").unwrap();
    assert_eq!(read_file(&path, 5).unwrap(), b"12345");
    assert!(matches!(read_file(&path, 4), Err(Error::TooLarge { limit: 4, .. })));
}

#[test]
fn a_file_replaced_by_one_of_the_same_length_and_time_is_seen_as_changed() {
    let dir = folder();
    let path = dir.path().join("a.csv");
    fs::write(&path, "1").unwrap();
    let before = list_files(dir.path()).unwrap();
    let copy = dir.path().join("b");
    fs::write(&copy, "2").unwrap();
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    fs::File::options().write(true).open(&copy).unwrap().set_modified(time).unwrap();
    fs::rename(&copy, &path).unwrap();
    // The change time moves on in ticks; touching the file until the next one comes needs no sleep.
    for _ in 0..1_000_000 {
        if list_files(dir.path()).unwrap() != before {
            break;
        }
        fs::set_permissions(&path, fs::metadata(&path).unwrap().permissions()).unwrap();
    }
    let after = list_files(dir.path()).unwrap();
    assert_eq!(after[0].stamp.mtime_ns, before[0].stamp.mtime_ns);
    assert_eq!(after[0].stamp.bytes, before[0].stamp.bytes);
    assert_ne!(after[0].stamp, before[0].stamp);
}

#[test]
fn a_table_is_saved_read_only_under_the_name_the_catalogue_holds() {
    let dir = folder();
    let store = open(dir.path());
    let key = Digest::of(b"key");
    let name = Shelf::Quarantine.file("finance", &key).unwrap();
    assert_eq!(name, format!("quarantine/finance/{key}.parquet"));
    assert!(!store.holds(&name).unwrap());
    let kept = store.save_table(Shelf::Quarantine, "finance", &key, b"PAR1").unwrap();
    assert_eq!(kept, Kept { file: name.clone(), digest: Digest::of(b"PAR1") });
    assert!(store.holds(&name).unwrap());
    assert_eq!(fs::read(store.path_of(&name)).unwrap(), b"PAR1");
    assert!(fs::metadata(store.path_of(&name)).unwrap().permissions().readonly());
}

#[test]
fn names_cannot_lead_out_of_the_store() {
    let dir = folder();
    let store = open(dir.path());
    for name in ["", "..", "a/b", ".hidden", "a\\b", "a\nb"] {
        assert!(matches!(Shelf::Facts.file(name, &Digest::of(b"")), Err(Error::BadName { .. })), "{name:?}");
        assert!(matches!(store.begin_release(name), Err(Error::BadName { .. })), "{name:?}");
        assert!(matches!(store.point_to(name), Err(Error::NoRelease { .. })), "{name:?}");
    }
    let draft = store.begin_release("r1").unwrap();
    for path in ["", "/etc/x", "../x", "a/../x", "a//x", "a/.x", "manifest.json"] {
        assert!(matches!(draft.save(path, b""), Err(Error::BadName { .. })), "{path:?}");
    }
}

#[test]
fn bytes_on_their_way_in_may_begin_anew_and_leave_nothing_behind() {
    let dir = folder();
    let store = open(dir.path());
    let unfinished = || fs::read_dir(dir.path().join("tmp")).unwrap().count();
    let mut incoming = store.incoming();
    assert_eq!((incoming.read().unwrap(), unfinished()), (Vec::new(), 0), "what never comes needs no file");
    incoming.add(b"half of an older version").unwrap();
    incoming.restart().unwrap();
    incoming.add(b"all of ").unwrap();
    incoming.add(b"it").unwrap();
    assert_eq!((incoming.read().unwrap().as_slice(), unfinished()), (&b"all of it"[..], 1));
    drop(incoming);
    assert_eq!(unfinished(), 0);
}

#[test]
fn the_catalogue_gives_back_what_was_put_in_after_reopening() {
    let dir = folder();
    let digest = Digest::of(b"raw");
    let row = ingest(Digest::of(b"key"), digest);
    let export = Export { name: "a.csv".into(), digest, source: None, bytes: 3, first_seen_run: "run 1".into() };
    let reason = Some(said!("门槛", "a gate"));
    let run = Run { id: "run 1".into(), reason, pipeline: Some("p".into()), due: Some("a".into()), ..Run::begun("a") };
    let answer = Answer {
        source: "s".into(),
        address: Some(Digest::of(b"https://data.example.cn/")),
        etag: Some("\"1\"".into()),
        digest: Some(digest),
        confirmed: Some("run 1".into()),
        found: Some(said!("登录页面", "a login page")),
        ..Answer::default()
    };
    let inbox = folder();
    fs::write(inbox.path().join("file"), "1").unwrap();
    let stamp = list_files(inbox.path()).unwrap()[0].stamp;
    let seen = Seen { path: "in/a.csv".into(), stamp, digest };
    {
        let store = open(dir.path());
        let mut catalog = store.catalog();
        catalog.put_exports(std::slice::from_ref(&export)).unwrap();
        catalog.put_ingests(std::slice::from_ref(&row)).unwrap();
        catalog.put_run(&run).unwrap();
        catalog.put_seen(std::slice::from_ref(&seen)).unwrap();
        catalog.put_answers(std::slice::from_ref(&answer)).unwrap();
    }
    let store = open(dir.path());
    let mut catalog = store.catalog();
    assert_eq!(catalog.exports().unwrap(), [export]);
    assert_eq!(catalog.ingests().unwrap(), std::slice::from_ref(&row));
    assert_eq!(catalog.ingest(&row.key).unwrap(), Some(row));
    assert_eq!(catalog.ingest(&digest).unwrap(), None);
    assert_eq!(catalog.seen().unwrap(), [seen]);
    assert_eq!(catalog.answer("s").unwrap(), Some(answer));
    let finished = Run { finished: Some("b".into()), outcome: Some("published".into()), ..run };
    catalog.put_run(&finished).unwrap();
    assert_eq!(catalog.runs().unwrap(), [finished], "the same run, not a second one");
    let words = Answer { source: "t".into(), found: Some(Said::words("404")), ..Answer::default() };
    catalog.put_answers(std::slice::from_ref(&words)).unwrap();
    assert_eq!(catalog.answer("t").unwrap(), Some(words));
}

#[test]
fn runs_of_one_second_are_in_the_order_of_their_processes() {
    let dir = folder();
    let store = open(dir.path());
    let run = |id: &str| Run { id: id.into(), outcome: Some("published".into()), ..Run::begun("2020-01-22T07:30:00Z") };
    // As texts they would stand the other way round.
    let both = ["2020-01-22T07:30:00Z 9999 quarterly", "2020-01-22T07:30:00Z 10012"].map(run);
    for run in both.iter().rev() {
        store.catalog().put_run(run).unwrap();
    }
    assert_eq!(store.catalog().runs().unwrap(), both);
}

#[test]
fn an_export_seen_again_keeps_the_run_that_saw_it_first() {
    let dir = folder();
    let store = open(dir.path());
    let export = |source: Option<&str>, run: &str| Export {
        name: "a.csv".into(),
        digest: Digest::of(b"1"),
        source: source.map(Into::into),
        bytes: 1,
        first_seen_run: run.into(),
    };
    store.catalog().put_exports(&[export(None, "run 1")]).unwrap();
    store.catalog().put_exports(&[export(Some("b203"), "run 2")]).unwrap();
    assert_eq!(store.catalog().exports().unwrap(), [export(Some("b203"), "run 1")]);
}

#[test]
fn a_catalogue_of_a_newer_program_is_left_alone() {
    let dir = folder();
    drop(open(dir.path()));
    let path = dir.path().join("catalog.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    let before = fs::read(&path).unwrap();
    assert!(matches!(Store::open(dir.path(), STARTED), Err(Error::CatalogVersion { found: 99, .. })));
    assert!(matches!(Store::open_existing(dir.path()), Err(Error::CatalogVersion { found: 99, .. })));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_file_that_is_no_catalogue_is_reported_with_its_path() {
    let dir = folder();
    drop(open(dir.path()));
    damage(&dir.path().join("catalog.db"), &"not a database, and long enough to be looked at as one ".repeat(40));
    let error = Store::open(dir.path(), STARTED).unwrap_err().to_string();
    assert!(error.starts_with("S012 catalog.db: "), "{error}");
}

#[test]
fn a_committed_release_is_current_complete_and_read_only() {
    let dir = folder();
    let store = open(dir.path());
    assert_eq!(store.current().unwrap(), None);
    let files = [("indicators/level=park/quarter=2018Q4/part.parquet", "PAR1"), ("reports/首页.html", "<html>")];
    let committed = publish(&store, "2018Q4-a", &files).unwrap();
    assert_eq!(committed, Committed { id: "2018Q4-a".into(), reused: false, is_current: true });
    assert_eq!(store.current().unwrap().as_deref(), Some("2018Q4-a"));
    assert_eq!(store.list_releases().unwrap(), ["2018Q4-a"]);
    assert_eq!(store.verify_release("2018Q4-a").unwrap(), []);
    let through_pointer = dir.path().join("current").join(files[1].0);
    assert_eq!(fs::read_to_string(&through_pointer).unwrap(), "<html>");
    assert!(fs::metadata(&through_pointer).unwrap().permissions().readonly());
    let manifest = store.manifest("2018Q4-a").unwrap();
    assert_eq!(manifest.file(files[0].0).unwrap().sha256, Digest::of(b"PAR1"));
    assert_eq!(manifest.about["program"], "test");
}

#[test]
fn a_store_that_was_moved_still_points_to_its_release() {
    let dir = folder();
    let (old, new) = (dir.path().join("old"), dir.path().join("new"));
    publish(&open(&old), "r1", &[("a.csv", "1")]).unwrap();
    fs::rename(&old, &new).unwrap();
    assert_eq!(fs::read_to_string(new.join("current/a.csv")).unwrap(), "1");
}

#[test]
fn a_draft_is_invisible_and_one_that_is_dropped_leaves_nothing() {
    let dir = folder();
    let store = open(dir.path());
    publish(&store, "r1", &[("a.csv", "1")]).unwrap();
    let before = tree(dir.path());
    let draft = store.begin_release("r2").unwrap();
    draft.save("a.csv", b"2").unwrap();
    assert_eq!(store.list_releases().unwrap(), ["r1"]);
    assert!(matches!(draft.save("a.csv", b""), Err(Error::Twice { .. })));
    drop(draft);
    assert_eq!(tree(dir.path()), before);
    assert!(!dir.path().join("releases/.draft-r2").exists());
}

#[test]
fn unchanged_files_are_shared_with_the_release_before() {
    let dir = folder();
    let store = open(dir.path());
    publish(&store, "r1", &[("same.csv", "1"), ("other.csv", "1")]).unwrap();
    publish(&store, "r2", &[("same.csv", "1"), ("other.csv", "2")]).unwrap();
    let inode = |path: &str| fs::metadata(dir.path().join("releases").join(path)).unwrap().ino();
    assert_eq!(inode("r1/same.csv"), inode("r2/same.csv"));
    assert_ne!(inode("r1/other.csv"), inode("r2/other.csv"));
    assert_eq!(store.verify_release("r2").unwrap(), []);
}

#[test]
fn a_file_is_taken_from_an_older_release_only_if_it_is_whole() {
    let dir = folder();
    let store = open(dir.path());
    publish(&store, "r1", &[("a/good.csv", "1"), ("bad.csv", "1")]).unwrap();
    let older = store.manifest("r1").unwrap();
    damage(&dir.path().join("releases/r1/bad.csv"), "2");
    let draft = store.begin_release("r2").unwrap();
    assert!(draft.link_from(&older, "a/good.csv").unwrap());
    assert!(!draft.link_from(&older, "bad.csv").unwrap());
    assert!(!draft.link_from(&older, "absent.csv").unwrap());
    // The damaged one is made again, and not shared although the digests in the manifest agree.
    draft.save("bad.csv", b"1").unwrap();
    draft.commit().unwrap();
    assert_eq!(store.verify_release("r2").unwrap(), []);
    assert_eq!(store.manifest("r2").unwrap().files, older.files);
}

#[test]
fn committing_the_same_release_again_uses_the_one_that_is_there() {
    let dir = folder();
    let store = open(dir.path());
    publish(&store, "r1", &[("a.csv", "1")]).unwrap();
    publish(&store, "r2", &[("a.csv", "2")]).unwrap();
    let before = fs::metadata(dir.path().join("releases/r1/a.csv")).unwrap().ino();
    assert!(publish(&store, "r1", &[("a.csv", "1")]).unwrap().reused);
    assert_eq!(store.current().unwrap().as_deref(), Some("r1"));
    assert_eq!(fs::metadata(dir.path().join("releases/r1/a.csv")).unwrap().ino(), before);
}

#[test]
fn a_whole_release_is_never_replaced_by_other_files_and_goes_by_the_way_out_that_is_named() {
    let dir = folder();
    let store = open(dir.path());
    publish(&store, "r1", &[("a.csv", "1")]).unwrap();
    let error = publish(&store, "r1", &[("a.csv", "2")]).unwrap_err();
    assert!(matches!(error, Error::ReleaseDiffers { .. }), "{error}");
    assert!(error.to_string().contains("move that folder out of the store and run again"), "{error}");
    assert_eq!(fs::read_to_string(dir.path().join("current/a.csv")).unwrap(), "1");
    fs::rename(dir.path().join("releases/r1"), dir.path().join("elsewhere")).unwrap();
    publish(&store, "r1", &[("a.csv", "2")]).unwrap();
    assert_eq!(fs::read_to_string(dir.path().join("current/a.csv")).unwrap(), "2");
}

#[test]
fn a_damaged_release_is_replaced_whole_and_the_one_that_shares_its_files_is_not_written_to() {
    let dir = folder();
    let store = open(dir.path());
    publish(&store, "r1", &[("same.csv", "1"), ("a.csv", "1")]).unwrap();
    publish(&store, "r2", &[("same.csv", "1"), ("a.csv", "2")]).unwrap();
    // The file that both share is damaged where it lies.
    let shared = dir.path().join("releases/r1/same.csv");
    fs::set_permissions(&shared, fs::Permissions::from_mode(0o644)).unwrap();
    fs::write(&shared, "3").unwrap();
    let inode = |id: &str| fs::metadata(dir.path().join("releases").join(id).join("same.csv")).unwrap().ino();
    let before = inode("r1");
    let made = publish(&store, "r2", &[("same.csv", "1"), ("a.csv", "2")]).unwrap();
    assert_eq!(made, Committed { id: "r2".into(), reused: false, is_current: true });
    assert_eq!(store.verify_release("r2").unwrap(), []);
    assert_eq!((inode("r1"), fs::read_to_string(&shared).unwrap().as_str()), (before, "3"));
    assert_ne!(inode("r2"), before);
    assert!(fs::read_dir(dir.path().join("tmp")).unwrap().next().is_none());
}

#[test]
fn verification_names_every_file_that_is_missing_extra_or_changed() {
    let dir = folder();
    let store = open(dir.path());
    publish(&store, "r1", &[("a.csv", "1"), ("b/b.csv", "2"), ("c.csv", "3"), ("d.csv", "4")]).unwrap();
    let release = dir.path().join("releases/r1");
    fs::remove_file(release.join("a.csv")).unwrap();
    damage(&release.join("b/b.csv"), "x");
    fs::write(release.join("b/new.csv"), "").unwrap();
    fs::rename(release.join("c.csv"), dir.path().join("elsewhere")).unwrap();
    symlink(dir.path().join("elsewhere"), release.join("c.csv")).unwrap();
    let found = store.verify_release("r1").unwrap();
    let found: Vec<_> = found.iter().map(|difference| (difference.path.as_str(), difference.kind)).collect();
    assert_eq!(
        found,
        [
            ("a.csv", DifferenceKind::Missing),
            ("b/b.csv", DifferenceKind::Changed),
            ("b/new.csv", DifferenceKind::Extra),
            ("c.csv", DifferenceKind::Changed),
        ]
    );
    assert!(matches!(store.verify_release("r9"), Err(Error::NoRelease { .. })));
}

#[test]
fn a_pinned_release_stays_current_until_it_is_unpinned() {
    let dir = folder();
    let store = open(dir.path());
    publish(&store, "r1", &[("a.csv", "1")]).unwrap();
    publish(&store, "r2", &[("a.csv", "2")]).unwrap();
    store.pin(&Hold::at("r1")).unwrap();
    assert!(!publish(&store, "r3", &[("a.csv", "3")]).unwrap().is_current);
    assert_eq!(store.current().unwrap().as_deref(), Some("r1"));
    store.unpin(Pointer::Internal).unwrap();
    assert_eq!(store.held(Pointer::Internal).unwrap(), Held::Free);
    assert_eq!(store.current().unwrap().as_deref(), Some("r1"), "unpinning alone moves nothing");
    store.point_to("r3").unwrap();
    assert_eq!(store.current().unwrap().as_deref(), Some("r3"));
    assert!(matches!(store.pin(&Hold::at("r9")), Err(Error::NoRelease { .. })));
    damage(&dir.path().join("releases/r2/a.csv"), "22");
    assert!(matches!(store.pin(&Hold::at("r2")), Err(Error::Corrupt { .. })), "nobody is held at a damaged release");
    assert_eq!(store.held(Pointer::Internal).unwrap(), Held::Free);
}

#[test]
fn a_file_outside_the_store_is_replaced_whole_and_stays_writable() {
    let dir = folder();
    let path = dir.path().join("new/draft.toml");
    write_file(&path, |file| file.write_all(b"first, and longer")).unwrap();
    write_file(&path, |file| file.write_all(b"second")).unwrap();
    let half = |file: &mut SaveWriter| file.write_all(&[0; 1_000_000]).and(Err(io::Error::other("no")));
    assert!(write_file(&path, half).is_err());
    assert_eq!(fs::read_to_string(&path).unwrap(), "second");
    assert!(!fs::metadata(&path).unwrap().permissions().readonly());
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
}

#[test]
fn a_file_system_without_hard_links_still_publishes() {
    let dir = folder();
    let disk = Disk::hooked(Arc::new(|op: Op, _: &Path| match op {
        Op::Link => Err(io::Error::from(io::ErrorKind::PermissionDenied)),
        _ => Ok(()),
    }));
    let store = Store::open_on(disk, dir.path(), STARTED).unwrap();
    publish(&store, "r1", &[("a.csv", "1")]).unwrap();
    publish(&store, "r2", &[("a.csv", "1")]).unwrap();
    assert_eq!(store.verify_release("r2").unwrap(), []);
    let older = store.manifest("r1").unwrap();
    assert!(!store.begin_release("r3").unwrap().link_from(&older, "a.csv").unwrap());
}

/// All a run does to the store, on a given disk.
fn whole_run(disk: Disk, dir: &Path) -> Result<(), Error> {
    let store = Store::open_on(disk, dir, STARTED)?;
    let raw = store.add_raw(b"an export")?;
    let key = content_key([raw.to_string().as_bytes(), b"definition", b"version"]);
    store.save_table(Shelf::Facts, "finance", &key, &[7; 150_000])?;
    store.settle()?;
    store.catalog().put_ingests(&[ingest(key, raw)])?;
    let older = store.manifest("r1")?;
    let mut draft = store.begin_release("r2")?;
    draft.about("program", "test");
    if !draft.link_from(&older, "tables/linked.csv")? {
        draft.save("tables/linked.csv", b"2")?;
    }
    draft.save("tables/same.csv", b"1")?;
    draft.save("indicators/level=park/a.parquet", &[7; 150_000])?;
    draft.commit()?;
    Ok(())
}

fn with_first_release() -> TempDir {
    let dir = folder();
    publish(&open(dir.path()), "r1", &[("tables/same.csv", "1"), ("tables/linked.csv", "2")]).unwrap();
    dir
}

/// Waits for children of other tests: until one has become its program, it holds every lock that was held when it was made.
fn until_unlocked(dir: &Path) {
    let Ok(lock) = fs::File::open(dir.join("lock")) else { return };
    while lock.try_lock().is_err() {
        std::thread::yield_now();
    }
}

/// Lets the n-th operation of a run fail, for every n, and after it all others too if `for_good`. Then readers must see
/// whole releases, catalogue rows must have their files, and the next run must give the bytes of an undisturbed one.
fn fail_every_operation(for_good: bool) {
    let undisturbed = with_first_release();
    whole_run(Disk::real(), undisturbed.path()).unwrap();
    let expected = tree(undisturbed.path());

    for n in 0.. {
        let dir = with_first_release();
        let count = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&count);
        let disk = Disk::hooked(Arc::new(move |_: Op, _: &Path| {
            let at = counter.fetch_add(1, Ordering::SeqCst);
            let fails = at == n || (for_good && at > n);
            if fails { Err(io::Error::from(io::ErrorKind::StorageFull)) } else { Ok(()) }
        }));
        until_unlocked(dir.path());
        let result = whole_run(disk, dir.path());
        let what = format!("operation {n} failed, the run said {result:?}");
        readers_see_whole_things(dir.path(), &what);
        until_unlocked(dir.path());
        whole_run(Disk::real(), dir.path()).expect(&what);
        assert!(tree(dir.path()) == expected, "other bytes after the next run; {what}");
        if count.load(Ordering::SeqCst) <= n {
            result.unwrap();
            assert!(n > 60, "only {n} operations were counted: not all of them ask first");
            return;
        }
    }
}

fn readers_see_whole_things(dir: &Path, what: &str) {
    let reader = Store::open_existing(dir).expect(what);
    let current = reader.current().unwrap().expect(what);
    assert!(["r1", "r2"].contains(&current.as_str()), "{what}");
    for id in reader.list_releases().unwrap() {
        assert_eq!(reader.verify_release(&id).unwrap(), [], "{what}");
    }
    for row in reader.catalog().ingests().unwrap() {
        assert!(reader.read_table(&row, Shelf::Facts).unwrap().is_some(), "a row without its file; {what}");
        reader.read_raw(&row.digest).expect(what);
    }
}

#[test]
fn if_any_one_operation_fails_readers_see_a_whole_release_and_the_next_run_gives_the_same_bytes() {
    fail_every_operation(false);
}

#[test]
fn if_the_machine_stops_at_any_operation_readers_see_a_whole_release_and_the_next_run_gives_the_same_bytes() {
    fail_every_operation(true);
}

#[test]
fn a_write_that_is_lost_on_the_way_is_found_before_the_file_gets_its_name() {
    let dir = folder();
    // Truncates the temporary file behind the program's back, just before it is read back.
    let disk = Disk::hooked(Arc::new(|op: Op, path: &Path| {
        if op == Op::Read && path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("file-")) {
            fs::OpenOptions::new().write(true).open(path)?.set_len(3)?;
        }
        Ok(())
    }));
    let store = Store::open_on(disk, dir.path(), STARTED).unwrap();
    assert!(matches!(store.add_raw(b"an export"), Err(Error::Corrupt { .. })));
    assert_eq!(tree(dir.path()).into_keys().collect::<Vec<_>>(), ["STORE"]);
}

#[test]
fn files_and_folders_are_forced_to_disk_before_they_are_pointed_to() {
    let dir = folder();
    let log = Arc::new(std::sync::Mutex::new(Vec::new()));
    let hook = Arc::clone(&log);
    let disk = Disk::hooked(Arc::new(move |op: Op, path: &Path| {
        hook.lock().unwrap().push((op, path.to_owned()));
        Ok(())
    }));
    let store = Store::open_on(disk, dir.path(), STARTED).unwrap();
    log.lock().unwrap().clear();
    publish(&store, "r1", &[("csv/a.csv", "1")]).unwrap();
    let log = log.lock().unwrap();
    let first = |op: Op, end: &str| {
        log.iter()
            .position(|(found, path)| *found == op && path.ends_with(end))
            .unwrap_or_else(|| panic!("{op:?} {end}"))
    };
    let last = |op: Op, end: &str| log.iter().rposition(|(found, path)| *found == op && path.ends_with(end)).unwrap();
    for folder in [".draft-r1/csv", ".draft-r1"] {
        let order = [
            first(Op::SyncFile, &format!("tmp/file-{}-0", std::process::id())),
            first(Op::Rename, "csv/a.csv"),
            last(Op::SyncFolder, folder),
            first(Op::Rename, "releases/r1"),
            last(Op::SyncFolder, "releases"),
            first(Op::Rename, "current"),
            log.iter().rposition(|(op, path)| *op == Op::SyncFolder && path == dir.path()).unwrap(),
        ];
        assert!(order.is_sorted(), "{order:?}\n{log:#?}");
    }
}

#[test]
fn settling_forces_every_folder_of_exports_and_tables_to_disk_once() {
    let dir = folder();
    let log = Arc::new(std::sync::Mutex::new(Vec::new()));
    let hook = Arc::clone(&log);
    let disk = Disk::hooked(Arc::new(move |op: Op, path: &Path| {
        if op == Op::SyncFolder {
            hook.lock().unwrap().push(path.to_owned());
        }
        Ok(())
    }));
    let store = Store::open_on(disk, dir.path(), STARTED).unwrap();
    log.lock().unwrap().clear();
    let shard = store.add_raw(b"an export").unwrap().to_string()[..2].to_owned();
    for key in [b"one", b"two"] {
        store.save_table(Shelf::Facts, "finance", &Digest::of(key), b"PAR1").unwrap();
    }
    assert_eq!(*log.lock().unwrap(), Vec::<PathBuf>::new());
    store.settle().unwrap();
    let mut found = log.lock().unwrap().clone();
    found.sort();
    let expected = ["facts", "facts/finance", "raw", &format!("raw/{shard}")].map(|folder| dir.path().join(folder));
    assert_eq!(found, expected);
    store.settle().unwrap();
    assert_eq!(log.lock().unwrap().len(), expected.len(), "what is settled stays settled");
}

#[test]
fn readers_racing_with_fifty_releases_always_see_a_whole_one() {
    let dir = with_first_release();
    let store = open(dir.path());
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mut looks = 0;
                while !done.load(Ordering::SeqCst) || looks == 0 {
                    let reader = Store::open_existing(dir.path()).unwrap();
                    let id = reader.current().unwrap().expect("the pointer is always there");
                    assert_eq!(reader.verify_release(&id).unwrap(), []);
                    looks += 1;
                }
            });
        }
        for n in 0..50 {
            let text = format!("release {n}");
            publish(&store, &format!("s{n:02}"), &[("a.csv", &text), ("b/c.csv", &text), ("same.csv", "1")]).unwrap();
        }
        done.store(true, Ordering::SeqCst);
    });
    assert_eq!(store.list_releases().unwrap().len(), 51);
}

#[test]
fn threads_save_into_one_draft_and_one_store_at_the_same_time() {
    let dir = folder();
    let store = open(dir.path());
    let draft = store.begin_release("r1").unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (store, draft) = (&store, &draft);
            scope.spawn(move || {
                for n in 0..10 {
                    let text = format!("{thread} {n}");
                    store.add_raw(text.as_bytes()).unwrap();
                    draft.save(&format!("p={thread}/{n}.csv"), text.as_bytes()).unwrap();
                }
            });
        }
    });
    draft.commit().unwrap();
    assert_eq!(store.manifest("r1").unwrap().files.len(), 40);
    assert_eq!(store.verify_release("r1").unwrap(), []);
}
