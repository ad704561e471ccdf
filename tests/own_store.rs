//! A store knows itself: what is no store is left alone, what it made is all it removes, and others see nothing of it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use store::{Error, Store};
use tempfile::TempDir;

use crate::cli::{LENIENT, SMALL, copy_config, replace};
use crate::support::{finish, folder, mujun, root};

const STARTED: &str = "2019-01-21T02:00:00";

/// Every entry below a folder: files with their bytes, links with their targets, folders.
fn everything(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let content = if path.is_symlink() {
                fs::read_link(&path).unwrap().to_string_lossy().into_owned().into_bytes()
            } else if path.is_dir() {
                folders.push(path.clone());
                Vec::new()
            } else {
                fs::read(&path).unwrap()
            };
            found.insert(path, content);
        }
    }
    found
}

/// The command on the small sample with a wide gate, in this store.
fn small(store: &Path, args: &[&str]) -> Command {
    let mut command = mujun(store);
    command.args(args).arg("--config").arg(LENIENT.join("config")).arg("--inbox").arg(SMALL.join("exports"));
    command.arg("--registers").arg(SMALL.join("config/registers")).args(["--lang", "en"]);
    command
}

/// A folder of somebody else's, whose names are those of a store.
fn foreign() -> TempDir {
    let dir = folder();
    for file in ["notes.txt", "tmp/file-1-0", "tmp/keep.txt", "releases/.draft-thesis/chapter.txt", "raw/photo.jpg"] {
        let path = dir.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file).unwrap();
    }
    dir
}

#[test]
fn every_command_refuses_a_folder_that_is_no_store_also_through_a_link_and_changes_nothing_in_it() {
    let (dir, links) = (foreign(), folder());
    let link = links.path().join("link");
    symlink(dir.path(), &link).unwrap();
    let before = everything(dir.path());
    let commands: [&[&str]; 12] = [
        &["run"],
        &["plan"],
        &["releases"],
        &["releases", "unpin"],
        &["releases", "pin", "0123456789abcdef"],
        &["releases", "rollback", "0123456789abcdef"],
        &["current"],
        &["gc"],
        &["verify"],
        &["verify", "--repair"],
        &["quarantine"],
        &["replay"],
    ];
    for args in commands {
        for store in [dir.path(), &link] {
            let (code, stdout, stderr) = finish(&mut small(store, args));
            assert_eq!((code, stdout.as_str()), (2, ""), "{args:?}: {stderr}");
            let told = ["S001", store.to_str().unwrap(), "`notes.txt`", "… (4)", "name another folder"];
            assert!(told.iter().all(|part| stderr.contains(part)), "{args:?}: {stderr}");
            assert_eq!(everything(dir.path()), before, "{args:?}");
        }
    }
    // The way out.
    let (code, _, stderr) = finish(&mut small(&links.path().join("new"), &["run"]));
    assert_eq!(code, 0, "{stderr}");
}

#[test]
fn a_file_in_the_place_of_the_store_is_refused() {
    let dir = folder();
    let file = dir.path().join("file");
    fs::write(&file, "mine").unwrap();
    let (code, _, stderr) = finish(&mut small(&file, &["run"]));
    assert!(code == 2 && stderr.contains("S001"), "{code} {stderr}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}

#[test]
fn only_what_has_a_name_and_kind_of_the_stores_own_making_is_removed() {
    let (dir, outside) = (folder(), folder());
    drop(Store::open(dir.path(), STARTED).unwrap());
    fs::write(outside.path().join("kept.txt"), "kept").unwrap();
    let (tmp, releases) = (dir.path().join("tmp"), dir.path().join("releases"));
    fs::write(tmp.join("mine.txt"), "").unwrap();
    fs::write(tmp.join("file-1"), "").unwrap();
    fs::write(tmp.join("file-1-x"), "").unwrap();
    fs::write(tmp.join("current-1-0"), "").unwrap();
    fs::create_dir(tmp.join("file-1-0")).unwrap();
    symlink(outside.path(), tmp.join("removed-1-0")).unwrap();
    symlink(outside.path(), releases.join(".draft-linked")).unwrap();
    fs::write(releases.join(".draft-file"), "").unwrap();
    let before = everything(dir.path());
    // These it does make.
    fs::write(tmp.join("file-12-0"), "half").unwrap();
    symlink("releases/x", tmp.join("current-12-1")).unwrap();
    fs::create_dir(tmp.join("removed-12-2")).unwrap();
    symlink(outside.path(), tmp.join("removed-12-2/link")).unwrap();
    fs::create_dir(releases.join(".draft-0123456789abcdef")).unwrap();
    drop(Store::open(dir.path(), STARTED).unwrap());
    let without_lock = |found: BTreeMap<PathBuf, Vec<u8>>| {
        found.into_iter().filter(|(path, _)| !path.ends_with("lock")).collect::<BTreeMap<_, _>>()
    };
    assert_eq!(without_lock(everything(dir.path())), without_lock(before));
    assert_eq!(fs::read_to_string(outside.path().join("kept.txt")).unwrap(), "kept");
}

#[test]
fn a_link_in_the_place_of_a_part_of_the_store_is_refused_and_not_followed() {
    for part in ["tmp", "releases", "raw", "facts", "quarantine", "revisions", "lock", "catalog.db"] {
        let (dir, outside) = (folder(), folder());
        drop(Store::open(dir.path(), STARTED).unwrap());
        let (path, elsewhere) = (dir.path().join(part), outside.path().join(part));
        if path.is_dir() {
            fs::remove_dir(&path).unwrap();
            fs::create_dir(&elsewhere).unwrap();
            fs::write(elsewhere.join("file-1-0"), "kept").unwrap();
        } else {
            let _ = fs::remove_file(&path);
            fs::write(&elsewhere, "kept").unwrap();
        }
        symlink(&elsewhere, &path).unwrap();
        let before = (everything(dir.path()), everything(outside.path()));
        for opened in [Store::open(dir.path(), STARTED), Store::open_existing(dir.path())] {
            let error = opened.unwrap_err();
            assert!(matches!(&error, Error::LinkInStore { path: found } if *found == path), "{part}: {error}");
            assert!(error.is_usage(), "{part}");
        }
        assert_eq!((everything(dir.path()), everything(outside.path())), before, "{part}");
    }
}

#[test]
fn a_store_of_an_older_program_is_given_its_marker_by_the_first_run_that_writes_and_is_told() {
    let dir = folder();
    let store = dir.path().join("store");
    let (code, _, stderr) = finish(small(&store, &["run"]).args(["--quarter", "2017Q1"]));
    assert_eq!(code, 0, "{stderr}");
    fs::remove_file(store.join("STORE")).unwrap();
    let (code, _, stderr) = finish(&mut small(&store, &["releases"]));
    assert!(code == 0 && !store.join("STORE").exists(), "a reader writes nothing: {stderr}");
    let (code, stdout, stderr) = finish(&mut small(&store, &["run"]));
    assert!(code == 0 && stdout.contains("S005"), "{stdout}{stderr}");
    assert!(store.join("STORE").is_file());
    let (code, stdout, _) = finish(small(&store, &["run"]).args(["--to", "2017Q2"]));
    assert!(code == 0 && !stdout.contains("S005"), "told once: {stdout}");
}

#[test]
fn a_store_of_a_newer_program_is_left_alone() {
    let dir = folder();
    drop(Store::open(dir.path(), STARTED).unwrap());
    let marker = dir.path().join("STORE");
    let text = fs::read_to_string(&marker).unwrap();
    assert!(text.starts_with("mujun store, format 1\n"), "{text}");
    fs::remove_file(&marker).unwrap();
    fs::write(&marker, text.replace("format 1", "format 2")).unwrap();
    let before = everything(dir.path());
    for args in [&["run"][..], &["releases"], &["verify", "--repair"]] {
        let (code, _, stderr) = finish(&mut small(dir.path(), args));
        assert_eq!(code, 2, "{stderr}");
        assert!(stderr.contains("S003") && stderr.contains("format 2"), "{stderr}");
    }
    assert_eq!(everything(dir.path()), before);
}

#[test]
fn a_damaged_marker_is_refused_until_it_is_written_anew() {
    let dir = folder();
    drop(Store::open(dir.path(), STARTED).unwrap());
    let marker = dir.path().join("STORE");
    let whole = fs::read(&marker).unwrap();
    for damaged in [&b""[..], b"mujun store, format 1\n", b"\xff\xfe", b"mujun store, format one\n"] {
        fs::remove_file(&marker).unwrap();
        fs::write(&marker, damaged).unwrap();
        let (code, _, stderr) = finish(&mut small(dir.path(), &["run"]));
        assert!(code == 2 && stderr.contains("S002") && stderr.contains("verify --repair"), "{code} {stderr}");
        let (code, stdout, stderr) = finish(&mut small(dir.path(), &["verify", "--repair"]));
        assert_eq!(code, 0, "{stdout}{stderr}");
        assert!(stdout.contains("mended S002"), "{stdout}");
        assert_eq!(fs::read(&marker).unwrap(), whole);
    }
}

#[test]
fn what_a_first_run_that_was_killed_at_once_leaves_is_no_foreign_folder() {
    for left in [&[][..], &["lock"], &["lock", "STORE.part"]] {
        let dir = folder();
        for name in left {
            fs::write(dir.path().join(name), if *name == "lock" { "process 7, started x\n" } else { "mujun st" })
                .unwrap();
        }
        assert!(matches!(Store::open_existing(dir.path()), Err(Error::NoStore { .. })));
        drop(Store::open(dir.path(), STARTED).unwrap());
        assert!(dir.path().join("STORE").is_file() && !dir.path().join("STORE.part").exists());
    }
    // A volume of its own is never quite empty.
    let dir = folder();
    fs::create_dir(dir.path().join("lost+found")).unwrap();
    drop(Store::open(dir.path(), STARTED).unwrap());
    let dir = folder();
    fs::write(dir.path().join("lock"), "a diary with a lock").unwrap();
    assert!(matches!(Store::open(dir.path(), STARTED), Err(Error::NotAStore { .. })));
}

#[test]
fn releases_of_a_folder_that_is_not_there_make_no_store() {
    let dir = folder();
    let store = dir.path().join("typo");
    for args in [&["releases"][..], &["releases", "unpin"], &["verify"], &["verify", "--repair"]] {
        let (code, _, stderr) = finish(&mut small(&store, args));
        assert!(code == 2 && stderr.contains("holds no store"), "{args:?}: {code} {stderr}");
        assert!(!store.exists(), "{args:?}");
    }
}

/// Permission bits of every entry below a folder but links.
fn modes(dir: &Path) -> BTreeMap<String, (bool, u32)> {
    let entries = everything(dir).into_keys().filter(|path| !path.is_symlink());
    let mode = |path: PathBuf| {
        let name = path.strip_prefix(dir).unwrap().to_string_lossy().into_owned();
        (name, (path.is_dir(), fs::metadata(&path).unwrap().mode() & 0o7777))
    };
    entries.map(mode).collect()
}

/// The command under an umask.
fn under(umask: &str, command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell.current_dir(root()).args(["-c", &format!("umask {umask}; exec \"$0\" \"$@\"")]);
    shell.arg(command.get_program()).args(command.get_args());
    shell
}

#[test]
fn whatever_the_umask_says_others_see_nothing_of_a_store_and_its_group_does() {
    for umask in ["022", "000", "077"] {
        let dir = folder();
        let (store, csv) = (dir.path().join("store"), dir.path().join("rows.csv"));
        // Two releases, so that there are revisions.
        for args in [&["run", "--quarter", "2017Q1"][..], &["run"]] {
            let (code, _, stderr) = finish(&mut under(umask, &small(&store, args)));
            assert_eq!(code, 0, "{stderr}");
        }
        let (code, _, stderr) = finish(under(umask, &small(&store, &["quarantine"])).arg("--csv").arg(&csv));
        assert_eq!(code, 0, "{stderr}");
        assert_eq!(fs::metadata(&csv).unwrap().mode() & 0o777, 0o600, "umask {umask}");
        assert_eq!(fs::metadata(&store).unwrap().mode() & 0o777, 0o750, "umask {umask}");
        let found = modes(&store);
        assert!(found.len() > 100);
        for (name, (is_folder, mode)) in found {
            let allowed: &[u32] = match name.as_str() {
                _ if is_folder => &[0o750],
                "catalog.db" | "lock" => &[0o640],
                _ => &[0o440],
            };
            assert!(allowed.contains(&mode), "umask {umask}: {name} has {mode:04o}");
        }
    }
}

#[test]
fn a_site_that_says_so_opens_its_releases_to_all_and_nothing_else() {
    let dir = folder();
    copy_config(dir.path());
    let site = dir.path().join("config/site.toml");
    replace(&site, "max_quarantine_share = 0.05", "max_quarantine_share = 0.5");
    let store = dir.path().join("store");
    let run = |args: &[&str]| {
        let mut command = mujun(&store);
        command.args(args).arg("--config").arg(dir.path().join("config"));
        command.arg("--inbox").arg(SMALL.join("exports")).arg("--registers").arg(SMALL.join("config/registers"));
        let (code, stdout, stderr) = finish(&mut under("077", &command));
        assert_eq!(code, 0, "{stdout}{stderr}");
    };
    run(&["run", "--from", "2017Q2"]);
    let gid = fs::metadata(&store).unwrap().gid();
    replace(&site, "published = \"group\"", &format!("published = \"all\"\ngroup = {gid}"));
    run(&["run"]);
    let current = fs::canonicalize(store.join("current")).unwrap();
    assert!(modes(&current).values().all(|(is_folder, mode)| *mode == if *is_folder { 0o755 } else { 0o444 }));
    let mode = |name: &str| fs::metadata(store.join(name)).unwrap().mode() & 0o777;
    assert_eq!((mode(""), mode("releases"), mode("raw"), mode("facts")), (0o751, 0o755, 0o750, 0o750));
    run(&["verify"]);
}

#[test]
fn a_store_that_was_open_to_others_is_shut_by_the_next_run() {
    let store = folder();
    assert_eq!(finish(small(store.path(), &["run"]).args(["--quarter", "2017Q1"])).0, 0);
    for name in ["raw", "facts", "quarantine", "catalog.db"] {
        fs::set_permissions(store.path().join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let (code, stdout, _) = finish(&mut small(store.path(), &["verify"]));
    assert!(code == 1 && stdout.matches("S021").count() == 4, "{code} {stdout}");
    assert_eq!(finish(&mut small(store.path(), &["run"])).0, 0);
    let (code, stdout, _) = finish(&mut small(store.path(), &["verify"]));
    assert_eq!(code, 0, "{stdout}");
}

#[test]
fn a_group_that_is_not_there_is_told_with_the_way_out() {
    let dir = folder();
    copy_config(dir.path());
    replace(&dir.path().join("config/site.toml"), "published = \"group\"", "group = \"no-such-group\"");
    let store = dir.path().join("store");
    let (code, _, stderr) = finish(mujun(&store).arg("run").arg("--config").arg(dir.path().join("config")));
    assert!(code == 2 && stderr.contains("no-such-group") && stderr.contains("[store]"), "{code} {stderr}");
    assert!(!store.exists());
}
