//! The store keeps what is needed and no more; and readers that look the pointer up once read one release.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use config::retention::Retention;
use run::kept;
use store::{Digest, Disk, Needed, Op, Published, Store};

use crate::cli::json;
use crate::quarantine::Site;
use crate::support::{finish, folder, is_slow, tree};

/// Room that a folder takes, each file once whatever number of names it has, and its files and folders.
fn weight(folder: &Path) -> (u64, usize) {
    let (mut files, mut bytes) = (BTreeSet::new(), 0);
    let mut folders = vec![folder.to_owned()];
    let mut inodes = 0;
    while let Some(next) = folders.pop() {
        inodes += 1;
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            let found = fs::symlink_metadata(&path).unwrap();
            if found.is_dir() {
                folders.push(path);
            } else if files.insert(found.ino()) {
                bytes += found.len();
                inodes += 1;
            }
        }
    }
    (bytes, inodes)
}

/// What the store weighs but for the exports as they came.
fn without_raw(store: &Path) -> u64 {
    weight(store).0 - weight(&store.join("raw")).0
}

/// Files of facts and quarantine that the catalogue does not name, and those that it names and that are not there.
fn orphans(store: &Path) -> Vec<String> {
    let catalogue = rusqlite::Connection::open(store.join("catalog.db")).unwrap();
    let mut named = BTreeSet::new();
    for column in ["facts_file", "quarantine_file"] {
        let sql = format!("SELECT {column} FROM ingests WHERE {column} IS NOT NULL");
        let mut statement = catalogue.prepare(&sql).unwrap();
        named.extend(statement.query_map([], |row| row.get::<_, String>(0)).unwrap().map(Result::unwrap));
    }
    let there = ["facts", "quarantine"]
        .into_iter()
        .flat_map(|shelf| tree(&store.join(shelf)).into_keys().map(move |name| format!("{shelf}/{name}")));
    named.symmetric_difference(&there.collect()).cloned().collect()
}

/// Changes a setting of `[retention]`.
fn keep(site: &Site, key: &str, value: &str) {
    let path = site.path("config/site.toml");
    let text = fs::read_to_string(&path).unwrap();
    let line = text.lines().find(|line| line.starts_with(&format!("{key} = "))).unwrap();
    fs::write(&path, text.replace(line, &format!("{key} = {value}"))).unwrap();
}

#[test]
fn the_last_releases_of_each_kind_stay_and_the_last_whole_one_of_each_quarter() {
    let release = |id: &str, readers: &str, part: bool, published: &str| Published {
        id: id.to_owned(),
        readers: readers.to_owned(),
        part,
        published: published.to_owned(),
    };
    let published = [
        release("a", "internal", false, "2018-03-30T06:00:00Z"),
        release("b", "internal", false, "2018-03-31T06:00:00Z"),
        release("c", "internal", true, "2018-06-30T07:00:00Z"),
        release("d", "internal", false, "2018-06-30T06:00:00Z"),
        release("e", "public", false, "2018-07-01T06:00:00Z"),
        release("f", "internal", true, "2018-07-02T06:00:00Z"),
        release("g", "internal", false, "2018-07-03T06:00:00Z"),
    ];
    let of = |releases, quarter_ends| {
        let retention = Retention { releases, quarter_ends, drop_raw: false };
        kept(&published, &retention).into_iter().collect::<String>()
    };
    assert_eq!(of(1, 0), "efg");
    assert_eq!(of(2, 0), "cdefg");
    assert_eq!(of(1, 2), "defg");
    assert_eq!(of(1, 9), "bdefg");
}

#[test]
fn runs_with_a_changed_export_each_leave_one_release_before_the_current_one_and_no_orphan() {
    let site = Site::new();
    site.run();
    let store = site.path("store");
    let one = without_raw(&store);
    let raw = weight(&store.join("raw")).1;
    let runs = if is_slow() { 365 } else { 8 };
    for n in 1..=runs {
        site.change_of("2018年1-3月", n);
        site.run();
    }
    let kept = tree(&store.join("releases")).into_keys().filter(|name| name.ends_with("manifest.json")).count();
    // A run of many days may cross the end of a quarter.
    assert!((2..=3).contains(&kept), "{kept} releases");
    assert_eq!(orphans(&store), Vec::<String>::new());
    assert!(tree(&store.join("tmp")).is_empty());
    let now = without_raw(&store);
    assert!(now * 2 <= one * 3, "{now} bytes after {runs} runs, {one} after the first");
    assert!(weight(&store.join("raw")).1 >= raw + runs, "every export ever received is kept");
    let changes = fs::read_dir(store.join("revisions")).unwrap().count();
    assert!(changes <= kept, "{changes} comparisons of {kept} releases");
    assert_eq!(finish(&mut site.command(&["verify"])).0, 0);
}

#[test]
fn a_dry_run_says_how_many_bytes_and_files_the_removal_then_frees() {
    let site = Site::new();
    keep(&site, "releases", "9");
    site.run();
    for n in 1..=2 {
        site.change(n);
        site.run();
    }
    let store = site.path("store");
    assert_eq!(site.ask(&["releases"])["releases"].as_array().unwrap().len(), 3);
    keep(&site, "releases", "1");
    keep(&site, "quarter_ends", "0");
    let before = tree(&store);
    let planned = site.ask(&["gc", "--dry-run"]);
    assert!(tree(&store) == before, "a dry run changes nothing");
    let (weight_before, done) = (weight(&store), site.ask(&["gc"]));
    assert_eq!((&planned["freed"], &done["dry_run"]), (&done["freed"], &false.into()));
    let kinds: BTreeMap<&str, u64> = done["freed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|freed| (freed["kind"].as_str().unwrap(), freed["count"].as_u64().unwrap()))
        .collect();
    assert_eq!((kinds["releases"], kinds["facts"], kinds.contains_key("raw")), (2, 2, false), "{done}");
    let sum =
        |key: &str| done["freed"].as_array().unwrap().iter().map(|freed| freed[key].as_u64().unwrap()).sum::<u64>();
    let weight_after = weight(&store);
    assert_eq!(weight_before.1 - weight_after.1, sum("inodes") as usize);
    // The catalogue is a file that other rows grow into.
    let catalogue = |tree: &BTreeMap<String, Vec<u8>>| tree["catalog.db"].len() as u64;
    assert_eq!(weight_before.0 - catalogue(&before), weight_after.0 - catalogue(&tree(&store)) + sum("bytes"));
    assert_eq!(orphans(&store), Vec::<String>::new());
    assert_eq!(site.ask(&["gc"])["freed"], serde_json::json!([]));
    assert_eq!(finish(&mut site.command(&["verify"])).0, 0);
}

#[test]
fn raw_exports_go_only_if_the_settings_say_so_and_nothing_kept_was_made_from_them() {
    let site = Site::new();
    keep(&site, "releases", "1");
    keep(&site, "quarter_ends", "0");
    site.run();
    site.change(1);
    site.run();
    let raw = |site: &Site| tree(&site.path("store/raw")).len();
    let all = raw(&site);
    keep(&site, "raw_exports", "\"needed\"");
    site.run();
    let inbox = tree(&site.path("inbox"));
    let contents: BTreeSet<String> = inbox.values().map(|bytes| Digest::of(bytes).to_string()).collect();
    assert_eq!(raw(&site), all - 1, "the one that was replaced");
    let kept: BTreeSet<String> =
        tree(&site.path("store/raw")).into_keys().map(|name| name.rsplit('/').next().unwrap().to_owned()).collect();
    assert!(contents.is_subset(&kept));
    keep(&site, "raw_exports", "\"some\"");
    let (code, _, stderr) = finish(&mut site.command(&["check", "--lang", "en"]));
    assert!(code == 2 && stderr.contains("`some` is neither \"keep\" nor \"needed\""), "{stderr}");
}

fn publish(store: &Store, id: &str) {
    let draft = store.begin_release(id).unwrap();
    draft.save("same.csv", b"1").unwrap();
    draft.save("own.csv", id.as_bytes()).unwrap();
    draft.commit().unwrap();
}

#[test]
fn only_what_the_store_has_made_is_removed_and_no_link_is_followed() {
    let (dir, outside) = (folder(), folder());
    let store = Store::open(dir.path(), "now").unwrap();
    ["0000000000000001", "0000000000000002"].iter().for_each(|id| publish(&store, id));
    let digest = Digest::of(b"1");
    store.save_table(store::Shelf::Facts, "tax", &digest, b"facts").unwrap();
    store.settle().unwrap();
    let foreign = [
        "facts/notes.txt",
        "facts/tax/notes.parquet",
        "releases/mine/a.csv",
        "releases/0000000000000003/a.csv",
        "revisions/mine/a.parquet",
        "quarantine/tax/0.parquet",
    ];
    for name in foreign {
        fs::create_dir_all(dir.path().join(name).parent().unwrap()).unwrap();
        fs::write(dir.path().join(name), "mine").unwrap();
    }
    fs::write(outside.path().join(format!("{digest}.parquet")), "mine").unwrap();
    symlink(outside.path(), dir.path().join("facts/linked")).unwrap();
    symlink(outside.path(), dir.path().join("releases/0000000000000004")).unwrap();
    let freed = store.remove_waste(&Needed::default()).unwrap();
    let counts: Vec<u64> = freed.iter().map(|freed| freed.count).collect();
    assert_eq!(counts, [1, 1], "a release and a table of facts: {freed:?}");
    assert_eq!(store.list_releases().unwrap(), ["0000000000000002"], "the one that readers see stays in any case");
    for name in foreign {
        assert!(dir.path().join(name).exists(), "{name}");
    }
    assert_eq!(tree(outside.path()).len(), 1);
    assert!(dir.path().join("releases/0000000000000004").is_symlink());
}

#[test]
fn a_removal_that_fails_at_any_operation_leaves_whole_releases_and_is_finished_by_the_next() {
    let made = |disk: Disk, dir: &Path| Store::open_on(disk, dir, "now");
    for n in 0.. {
        let dir = folder();
        let store = Store::open(dir.path(), "now").unwrap();
        ["a1", "b2", "c3"].iter().for_each(|id| publish(&store, id));
        store.save_table(store::Shelf::Facts, "tax", &Digest::of(b"1"), b"facts").unwrap();
        store.settle().unwrap();
        drop(store);
        let count = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let counter = std::sync::Arc::clone(&count);
        let disk = Disk::hooked(std::sync::Arc::new(move |_: Op, _: &Path| {
            match counter.fetch_add(1, Ordering::SeqCst) >= n {
                true => Err(std::io::Error::from(std::io::ErrorKind::StorageFull)),
                false => Ok(()),
            }
        }));
        let done = made(disk, dir.path()).and_then(|store| store.remove_waste(&Needed::default()));
        let reader = Store::open_existing(dir.path()).unwrap();
        for id in reader.list_releases().unwrap() {
            assert_eq!(reader.verify_release(&id).unwrap(), [], "operation {n}: {id}");
        }
        drop(reader);
        let store = made(Disk::real(), dir.path()).unwrap();
        store.remove_waste(&Needed::default()).unwrap();
        assert_eq!(store.list_releases().unwrap(), ["c3"], "operation {n}");
        let left: Vec<String> = tree(dir.path()).into_keys().filter(|name| name.starts_with(['t', 'f'])).collect();
        assert_eq!(left, Vec::<String>::new(), "operation {n}");
        if count.load(Ordering::SeqCst) <= n {
            done.unwrap();
            assert!(n > 20, "only {n} operations were counted");
            return;
        }
    }
}

/// Reads a release as the README says: the folder is asked for once, and everything is read from there.
fn read_once(site: &Site) -> Result<String, String> {
    let (code, stdout, stderr) = finish(&mut site.command(&["current"]));
    assert_eq!(code, 0, "{stderr}");
    let release = PathBuf::from(stdout.trim_end());
    let manifest = json(&fs::read_to_string(release.join("manifest.json")).map_err(|error| error.to_string())?);
    for file in manifest["files"].as_array().unwrap() {
        let path = file["path"].as_str().unwrap();
        let bytes = fs::read(release.join(path)).map_err(|error| format!("{path}: {error}"))?;
        if Digest::of(&bytes).to_string() != file["sha256"].as_str().unwrap() {
            return Err(format!("{path} is of another release than the manifest"));
        }
    }
    Ok(manifest["release"].as_str().unwrap().to_owned())
}

#[test]
fn readers_that_look_the_pointer_up_once_never_mix_two_releases() {
    let site = Site::new();
    site.run();
    let runs = if is_slow() { 50 } else { 8 };
    let done = AtomicBool::new(false);
    let (mut seen, mut reads, mut mixed) = (BTreeSet::new(), 0, Vec::new());
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for n in 1..=runs {
                site.change(n);
                site.run();
            }
            done.store(true, Ordering::SeqCst);
        });
        while !done.load(Ordering::SeqCst) && !writer.is_finished() {
            match read_once(&site) {
                Ok(release) => drop(seen.insert(release)),
                Err(error) => mixed.push(error),
            }
            reads += 1;
        }
        writer.join().unwrap();
    });
    assert!(mixed.is_empty(), "{} of {reads} reads: {mixed:?}", mixed.len());
    assert!(seen.len() > 2, "only {} releases were seen in {reads} reads", seen.len());
}
