//! A damaged store: every kind of damage has its code, a run over it comes out the same or says why not, and no bit that flips
//! changes a figure in silence.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Cursor;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use protect::Profile;
use run::{Event, Observer, Options, Outcome, Setup, Summary, Verified};
use store::{Hold, Store};
use tempfile::TempDir;
use vocab::Problem;
use vocab::period::day_of_number;

use crate::cli::{LENIENT, SMALL, copy, copy_config, replace};
use crate::support::{finish, folder, is_slow, mujun, root, sample, tree};

const STARTED: &str = "2019-01-21T02:00:00Z";

struct Silent;

impl Observer for Silent {
    fn event(&self, _: Event) {}
}

/// A store after one run, and the inbox with an export that has changed since.
struct World {
    inbox: TempDir,
    store: TempDir,
    /// The release that the changed inbox makes in a store of its own.
    right: (String, BTreeMap<String, Vec<u8>>),
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let (inbox, store, whole) = (folder(), folder(), folder());
    copy(&SMALL.join("exports"), inbox.path());
    published(run::execute(&setup(store.path(), inbox.path()), STARTED, &Silent));
    // One row fewer: another release is due, and of all other exports the facts are there.
    shorten(inbox.path());
    let summary = published(run::execute(&setup(whole.path(), inbox.path()), STARTED, &Silent));
    assert_eq!(summary.store, []);
    let right = (summary.release.clone(), tree(&summary.folder));
    assert!(run::verify(whole.path(), None).unwrap().found.is_empty());
    World { inbox, store, right }
});

/// Takes the last row out of an export, and gives its name.
fn shorten(inbox: &Path) -> String {
    let (name, bytes) = tree(inbox).into_iter().find(|(name, _)| name.contains("规上工业企业税收")).unwrap();
    let end = bytes.trim_ascii_end().iter().rposition(|byte| *byte == b'\n').unwrap();
    fs::write(inbox.join(&name), &bytes[..=end]).unwrap();
    name
}

fn setup(store: &Path, inbox: &Path) -> Setup {
    Setup::load(Options {
        config: LENIENT.join("config"),
        store: Some(store.to_owned()),
        inbox: Some(inbox.to_owned()),
        registers: Some(SMALL.join("config/registers")),
        span: None,
        as_of: None,
        profile: Profile::Internal,
        make_current: false,
        now: 0,
    })
    .unwrap()
}

fn published(outcome: Result<Outcome, run::Failure>) -> Summary {
    match outcome.unwrap() {
        Outcome::Published(summary) => *summary,
        Outcome::NothingToDo(_) | Outcome::TakenIn(_) => panic!("nothing published"),
    }
}

/// A copy of a store. Files that never change are shared with it by links, so whoever damages one makes a copy of it first.
fn copy_store(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let (path, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        let is_kept = fs::symlink_metadata(&path).unwrap().permissions().readonly();
        if path.is_symlink() {
            symlink(fs::read_link(&path).unwrap(), to).unwrap();
        } else if path.is_dir() {
            fs::create_dir_all(&to).unwrap();
            copy_store(&path, &to);
            fs::set_permissions(&to, fs::metadata(&path).unwrap().permissions()).unwrap();
        } else if is_kept || path.components().any(|part| part.as_os_str() == "releases") {
            fs::hard_link(&path, &to).unwrap();
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

fn a_copy() -> TempDir {
    let store = folder();
    copy_store(WORLD.store.path(), store.path());
    store
}

/// Replaces a file by other bytes, without touching what shares its old ones.
fn change(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    let permissions = fs::metadata(path).unwrap().permissions();
    change(&mut bytes);
    fs::remove_file(path).unwrap();
    fs::write(path, bytes).unwrap();
    fs::set_permissions(path, permissions).unwrap();
}

fn flip(path: &Path, bit: usize) {
    change(path, |bytes| bytes[bit / 8] ^= 1 << (bit % 8));
}

/// Files of one part of a store, in the order of their names.
fn files(store: &Path, part: &str) -> Vec<PathBuf> {
    let path = store.join(part);
    if path.is_file() {
        return vec![path];
    }
    tree(&path).into_keys().map(|name| path.join(name)).collect()
}

fn codes(problems: &[Problem]) -> Vec<&'static str> {
    problems.iter().map(|problem| problem.rule.code).collect()
}

fn current(store: &Path) -> PathBuf {
    fs::canonicalize(store.join("current")).unwrap()
}

/// A kind of damage, its code, and whether `verify --repair` mends it.
type Kind = (&'static str, bool, fn(&Path));

/// Makes a row of the catalogue another one, as a flipped bit would.
fn sql(store: &Path, statement: &str) {
    let connection = rusqlite::Connection::open(store.join("catalog.db")).unwrap();
    assert!(connection.execute(statement, []).unwrap() > 0, "{statement}");
}

const KINDS: &[Kind] = &[
    ("S006", true, |store| flip(&files(store, "raw")[3], 1000)),
    ("S007", true, |store| fs::remove_file(&files(store, "raw")[3]).unwrap()),
    ("S007", true, |store| fs::remove_dir_all(store.join("raw")).unwrap()),
    ("S008", true, |store| flip(&files(store, "facts")[2], 800)),
    // The facts of another export under the name of this one.
    ("S008", true, |store| {
        let facts = files(store, "facts/tax");
        let other = fs::read(&facts[1]).unwrap();
        change(&facts[0], |bytes| *bytes = other);
    }),
    ("S009", true, |store| fs::remove_file(&files(store, "facts")[2]).unwrap()),
    ("S010", true, |store| flip(&files(store, "quarantine")[0], 800)),
    ("S011", true, |store| fs::remove_file(&files(store, "quarantine")[0]).unwrap()),
    ("S012", true, |store| change(&store.join("catalog.db"), |bytes| bytes.truncate(bytes.len() / 2))),
    ("S013", true, |store| sql(store, "UPDATE ingests SET rows_facts = rows_facts + 1 WHERE dataset = 'tax'")),
    ("S013", true, |store| sql(store, "UPDATE exports SET first_seen_run = '2018-01-21T02:00:00Z'")),
    ("S014", false, |store| {
        let facts = files(store, "facts/tax");
        fs::copy(&facts[0], store.join(format!("facts/tax/{}.parquet", "0".repeat(64)))).unwrap();
    }),
    ("S015", false, |store| fs::write(store.join("facts/说明.txt"), "").unwrap()),
    ("S015", false, |store| fs::write(store.join("notes.txt"), "").unwrap()),
    ("S016", false, |store| flip(&current(store).join("quality/ledger/part-0.parquet"), 801)),
    ("S017", false, |store| fs::remove_file(current(store).join("quality/ledger/part-0.parquet")).unwrap()),
    ("S018", false, |store| fs::write(current(store).join("stray.csv"), "").unwrap()),
    ("S019", false, |store| change(&current(store).join("manifest.json"), |bytes| bytes.push(b'\n'))),
    ("S020", false, |store| {
        fs::remove_file(store.join("current")).unwrap();
        symlink("releases/0123456789abcdef", store.join("current")).unwrap();
    }),
    ("S020", false, |store| fs::remove_file(store.join("current")).unwrap()),
    ("S070", false, |store| fs::write(store.join("pinned"), "0123456789abcdef\n").unwrap()),
    ("S021", true, |store| fs::set_permissions(store.join("raw"), fs::Permissions::from_mode(0o755)).unwrap()),
];

#[test]
fn every_kind_of_damage_is_found_by_verify_under_its_code_and_mended_where_that_can_be() {
    for (at, (code, is_mended, damage)) in KINDS.iter().enumerate() {
        let store = a_copy();
        damage(store.path());
        if *code == "S070" {
            fs::set_permissions(store.path().join("pinned"), fs::Permissions::from_mode(0o640)).unwrap();
        }
        let found = run::verify(store.path(), None).unwrap();
        // What hung on a row that cannot be read is named by nothing until the row is there again.
        let told = codes(&found.found).into_iter().filter(|found| *found != "S014" || *code == "S014");
        assert_eq!(told.collect::<BTreeSet<_>>(), BTreeSet::from([*code]), "damage {at}: {:#?}", found.found);
        assert_eq!(found.is_whole(), *code == "S014", "damage {at}");
        // Exports as they were at the run, so that nothing is due.
        let as_it_was = setup(store.path(), &SMALL.join("exports"));
        let Verified { found, mended } = run::repair(&as_it_was, STARTED).unwrap();
        let left: Vec<_> = codes(&found).into_iter().filter(|code| *code != "S014").collect();
        if *is_mended {
            assert!(codes(&mended).contains(code), "damage {at} ({code}): {mended:?}, left {found:?}");
            assert_eq!(left, Vec::<&str>::new(), "damage {at} ({code})");
        } else {
            assert!(codes(&found).contains(code), "damage {at} ({code}): {found:?}");
        }
    }
}

#[test]
fn the_command_tells_damage_with_its_code_and_exits_with_1_until_it_is_mended() {
    let store = a_copy();
    flip(&files(store.path(), "facts")[2], 800);
    let (code, stdout, stderr) = finish(mujun(store.path()).args(["verify", "--lang", "en"]));
    assert_eq!((code, stderr.as_str()), (1, ""));
    assert!(stdout.starts_with("S008 error facts/") && stdout.ends_with("the store is damaged\n"), "{stdout}");
    let mut command = mujun(store.path());
    command.args(["verify", "--repair", "--format", "json", "--config"]).arg(LENIENT.join("config"));
    command.arg("--inbox").arg(SMALL.join("exports")).arg("--registers").arg(SMALL.join("config/registers"));
    let (code, stdout, stderr) = finish(&mut command);
    assert_eq!((code, stderr.as_str()), (0, ""), "{stdout}");
    let said: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((&said["whole"], &said["mended"][0]["code"]), (&true.into(), &"S008".into()), "{said}");
    assert_eq!(finish(mujun(store.path()).arg("verify")).0, 0);
}

#[test]
fn a_file_of_a_release_is_taken_from_another_release_that_has_it_whole() {
    let store = a_copy();
    let summary = published(run::execute(&setup(store.path(), WORLD.inbox.path()), STARTED, &Silent));
    let file = summary.folder.join("dictionary.csv");
    let whole = fs::read(&file).unwrap();
    flip(&file, 80);
    assert_eq!(codes(&run::verify(store.path(), None).unwrap().found), ["S016"]);
    let Verified { found, mended } = run::repair(&setup(store.path(), WORLD.inbox.path()), STARTED).unwrap();
    assert_eq!((codes(&found), codes(&mended)), (vec![], vec!["S016"]));
    assert_eq!(fs::read(&file).unwrap(), whole);
}

#[test]
fn what_a_release_changed_in_the_one_before_is_held_against_its_manifest() {
    let store = a_copy();
    published(run::execute(&setup(store.path(), WORLD.inbox.path()), STARTED, &Silent));
    assert!(run::verify(store.path(), None).unwrap().found.is_empty());
    let table = files(store.path(), "revisions").into_iter().find(|path| path.ends_with("revisions.parquet")).unwrap();
    flip(&table, 800);
    let told = || run::verify(store.path(), None).unwrap().found;
    assert_eq!(codes(&told()), ["S074"], "{:#?}", told());
    assert!(told()[0].place.file.ends_with("/revisions.parquet"));
    fs::remove_file(&table).unwrap();
    assert_eq!(codes(&told()), ["S074"]);
    fs::remove_dir_all(table.parent().unwrap()).unwrap();
    assert!(told().is_empty(), "the way out");
}

/// What a run over a damaged store must come to: the right release, with this told; or nothing, with this said.
fn assert_comes_out_right(store: &Path, code: &str, what: &str) {
    let summary = published(run::execute(&setup(store, WORLD.inbox.path()), STARTED, &Silent));
    assert_eq!(summary.release, WORLD.right.0, "{what}");
    assert!(tree(&summary.folder) == WORLD.right.1, "{what}: other bytes");
    assert!(codes(&summary.store).contains(&code), "{what}: {:?}", summary.store);
    assert!(summary.warnings > 0, "{what}");
    // What the run does not need any more, the export that has changed since, it leaves as it is.
    let found = run::repair(&setup(store, WORLD.inbox.path()), STARTED).unwrap().found;
    assert!(found.iter().all(|problem| problem.rule.code == "S014"), "{what}: {found:?}");
}

#[test]
fn facts_and_quarantine_that_are_damaged_or_swapped_are_made_again_in_the_same_run() {
    let store = a_copy();
    for path in files(store.path(), "facts") {
        flip(&path, 801);
    }
    assert_comes_out_right(store.path(), "S008", "every table of facts");
    let store = a_copy();
    let facts = files(store.path(), "facts/output");
    let first = fs::read(&facts[0]).unwrap();
    let second = fs::read(&facts[1]).unwrap();
    change(&facts[0], |bytes| *bytes = second);
    change(&facts[1], |bytes| *bytes = first);
    assert_comes_out_right(store.path(), "S008", "two tables of facts exchanged");
}

#[test]
fn a_kept_export_that_is_damaged_is_taken_from_the_inbox_again_when_its_facts_are_needed() {
    let store = a_copy();
    for path in files(store.path(), "raw") {
        flip(&path, 9);
    }
    for path in files(store.path(), "facts") {
        fs::remove_file(path).unwrap();
    }
    let summary = published(run::execute(&setup(store.path(), WORLD.inbox.path()), STARTED, &Silent));
    assert!(tree(&summary.folder) == WORLD.right.1);
    assert!(codes(&summary.store).contains(&"S006"), "{:?}", summary.store);
}

#[test]
fn nothing_is_published_without_an_export_that_is_damaged_and_that_nobody_has_any_more() {
    let (site, inbox, store) = (folder(), folder(), folder());
    copy(&LENIENT, site.path());
    // The day of receipt counts, so what was known on an earlier day is another content than the inbox has now.
    let tax = site.path().join("config/sources/tax.toml");
    fs::write(&tax, format!("issued = \"received\"\n{}", fs::read_to_string(&tax).unwrap())).unwrap();
    copy(&SMALL.join("exports"), inbox.path());
    let setup = |as_of| {
        let options = setup(store.path(), inbox.path()).options;
        Setup::load(Options { config: site.path().join("config"), as_of, ..options }).unwrap()
    };
    published(run::execute(&setup(None), STARTED, &Silent));
    let changed = shorten(inbox.path());
    published(run::execute(&setup(None), "2019-03-21T02:00:00Z", &Silent));
    let before = fs::read_link(store.path().join("current")).unwrap();
    for path in files(store.path(), "raw") {
        flip(&path, 9);
    }
    fs::remove_dir_all(store.path().join("facts/tax")).unwrap();
    let failure = run::execute(&setup(day_of_number(20_190_131)), "2019-03-22T02:00:00Z", &Silent).unwrap_err();
    assert!(matches!(failure, run::Failure::Gate(_)), "{failure}");
    let said = failure.to_string();
    assert!(said.contains("S006") && said.contains(&changed) && said.contains("into the inbox again"), "{said}");
    assert_eq!(fs::read_link(store.path().join("current")).unwrap(), before);
}

#[test]
fn a_row_of_the_catalogue_that_is_damaged_is_not_believed() {
    let store = a_copy();
    sql(store.path(), "UPDATE ingests SET vintage = '20300101', period_from = NULL");
    let summary = published(run::execute(&setup(store.path(), WORLD.inbox.path()), STARTED, &Silent));
    assert!(tree(&summary.folder) == WORLD.right.1);
    assert_eq!(codes(&summary.store), ["S013"]);
    // When an export was received first nothing can say again.
    let store = a_copy();
    sql(store.path(), "UPDATE exports SET first_seen_run = '2030-01-01T00:00:00Z'");
    let error = run::execute(&setup(store.path(), WORLD.inbox.path()), STARTED, &Silent).unwrap_err().to_string();
    assert!(error.contains("S013") && error.contains("verify --repair"), "{error}");
    run::repair(&setup(store.path(), WORLD.inbox.path()), STARTED).unwrap();
    let summary = published(run::execute(&setup(store.path(), WORLD.inbox.path()), STARTED, &Silent));
    assert!(tree(&summary.folder) == WORLD.right.1);
}

#[test]
fn an_unchanged_file_is_only_shared_with_a_release_that_has_it_whole() {
    let store = a_copy();
    let release = current(store.path());
    for name in tree(&release).into_keys() {
        flip(&release.join(name), 3);
    }
    let summary = published(run::execute(&setup(store.path(), WORLD.inbox.path()), STARTED, &Silent));
    assert!(tree(&summary.folder) == WORLD.right.1);
}

/// Bits that are flipped, one for each run.
fn flips() -> usize {
    if is_slow() { 1000 } else { 30 }
}

const SEED: u64 = 13;

/// One flipped bit, and what the run after it came to. None if the release is right or something is said.
fn silent_difference(setup: &mut Setup, at: usize, next: &mut impl FnMut(usize) -> usize) -> Option<String> {
    const PARTS: [&str; 8] = ["raw", "facts", "facts", "quarantine", "catalog.db", "releases", "STORE", "pinned"];
    let store = a_copy();
    let part = PARTS[at % PARTS.len()];
    if part == "pinned" {
        let writer = Store::open(store.path(), STARTED).unwrap();
        writer.pin(&Hold::at(&writer.current().unwrap().unwrap())).unwrap();
    }
    let files = files(store.path(), part);
    let file = &files[next(files.len())];
    let bit = next(fs::metadata(file).unwrap().len() as usize * 8);
    flip(file, bit);
    setup.store_dir = store.path().to_owned();
    let what = format!("seed {SEED}, flip {at}: bit {bit} of {}", file.strip_prefix(store.path()).unwrap().display());
    match run::execute(setup, STARTED, &Silent) {
        Ok(Outcome::Published(summary)) => {
            let is_right = summary.release == WORLD.right.0 && tree(&summary.folder) == WORLD.right.1;
            (!is_right).then(|| format!("{what}: other figures; told {:?}", codes(&summary.store)))
        }
        Ok(Outcome::NothingToDo(_) | Outcome::TakenIn(_)) => Some(format!("{what}: nothing published")),
        Err(failure) => {
            let said = failure.to_string();
            let has_code = said.match_indices('S').any(|(at, _)| {
                said.get(at + 1..at + 4).is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
            });
            (!has_code).then(|| format!("{what}: said without a code: {said}"))
        }
    }
}

#[test]
fn no_flipped_bit_in_a_store_changes_a_figure_of_a_later_release_in_silence() {
    let mut state = SEED;
    let mut next = |below: usize| {
        // Knuth's constants for a linear congruential generator of 64 bits; the high bits are the good ones.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let mut setup = setup(WORLD.store.path(), WORLD.inbox.path());
    let silent: Vec<String> = (0..flips()).filter_map(|at| silent_difference(&mut setup, at, &mut next)).collect();
    assert!(silent.is_empty(), "{} of {} flips:\n{}", silent.len(), flips(), silent.join("\n"));
}

#[path = "../crates/run/build.rs"]
#[allow(dead_code, reason = "the build script of `run`, whose parts are looked at")]
mod build;

#[test]
fn what_another_build_made_is_known_by_the_sources_that_made_it() {
    let manifest = String::from_utf8(WORLD.right.1["manifest.json"].clone()).unwrap();
    let all = build::fingerprint(&[build::READING, build::FIGURES].concat());
    assert!(manifest.contains(&format!("\"program\": \"mujun {} {all}\"", env!("CARGO_PKG_VERSION"))), "{manifest}");
    for room in ["read", "layout", "clean", "config", "vocab"] {
        assert!(build::READING.contains(&format!("crates/{room}/src").as_str()), "facts depend on {room}");
    }
    // What only tells of releases is no part of their names, and nothing that makes figures uses it.
    let makes_figures = [build::READING, build::FIGURES].concat();
    let files: Vec<PathBuf> = makes_figures.iter().flat_map(|path| build::sources(Path::new(path))).collect();
    assert!(files.len() > 100, "{files:?}");
    for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "rs")) {
        let text = fs::read_to_string(file).unwrap();
        let uses =
            ["run::diff", "run::explain", "super::diff", "super::explain"].iter().any(|used| text.contains(used));
        assert!(!uses, "{} makes figures with what only tells of them", file.display());
    }
    assert!(build::sources(Path::new("crates/run/src/explain")).is_empty());
    let dir = folder();
    let file = dir.path().join("reader.rs");
    let print = |text: &str| {
        fs::write(&file, text).unwrap();
        build::fingerprint(&[dir.path().to_str().unwrap()])
    };
    assert_ne!(print("fn read() { 1 }"), print("fn read() { 2 }"));
    assert_eq!(print("fn read() { 1 }"), print("fn read() { 1 }"));
}

/// A store of the first format with a marker, its inbox and its registers, as the program of that time made them.
const FIXTURE: &str = "tests/fixtures/store-1.zip";

/// Makes such a fixture of the present program: a few exports of two quarters.
fn make_fixture(path: &Path) {
    let dir = folder();
    sample(dir.path(), 1, 20, 2, 2);
    let mut command = mujun(&dir.path().join("store"));
    command.arg("run").arg("--config").arg(LENIENT.join("config")).arg("--inbox").arg(dir.path().join("exports"));
    let (code, _, stderr) = finish(command.arg("--registers").arg(dir.path().join("config/registers")));
    assert_eq!(code, 0, "{stderr}");
    let current = fs::read_link(dir.path().join("store/current")).unwrap();
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, bytes: &[u8]| {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut archive, bytes).unwrap();
    };
    add("current", current.to_string_lossy().as_bytes());
    for (name, bytes) in tree(dir.path()).into_iter().filter(|(name, _)| !name.starts_with("truth/")) {
        add(&name, &bytes);
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, archive.finish().unwrap().into_inner()).unwrap();
}

fn unpack_fixture(to: &Path) {
    let mut archive = zip::ZipArchive::new(fs::File::open(root().join(FIXTURE)).unwrap()).unwrap();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut bytes).unwrap();
        let name = entry.name().unwrap().into_owned();
        let path = to.join(&name);
        if name == "current" {
            fs::create_dir_all(to.join("store")).unwrap();
            symlink(String::from_utf8(bytes).unwrap(), to.join("store/current")).unwrap();
            continue;
        }
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
    }
    for name in ["tmp", "revisions"] {
        fs::create_dir_all(to.join("store").join(name)).unwrap();
    }
    for entry in fs::read_dir(to.join("store")).unwrap().map(|entry| entry.unwrap().path()) {
        let mode = if entry.is_dir() { 0o750 } else { 0o640 };
        if !entry.is_symlink() {
            fs::set_permissions(&entry, fs::Permissions::from_mode(mode)).unwrap();
        }
    }
}

#[test]
fn a_store_of_the_first_format_with_a_marker_goes_on_by_a_run_and_is_verified_then() {
    let fixture = root().join(FIXTURE);
    if !fixture.exists() && std::env::var_os("UPDATE_CASES").is_some() {
        make_fixture(&fixture);
    }
    let dir = folder();
    unpack_fixture(dir.path());
    let store = dir.path().join("store");
    let verify = || finish(mujun(&store).args(["verify", "--lang", "en"]));
    // Its catalogue has an older layout: only a run writes, and so brings it up to date.
    let (code, _, stderr) = verify();
    assert!(
        code == 1 && stderr.contains("S003") && stderr.contains("`mujun run` brings it up to date"),
        "{code} {stderr}"
    );
    let before = fs::read_link(store.join("current")).unwrap();
    let site = folder();
    copy_config(site.path());
    replace(&site.path().join("config/site.toml"), "max_quarantine_share = 0.05", "max_quarantine_share = 0.5");
    // An export that is taken away makes another release due, whatever else has changed since.
    let tax = tree(&dir.path().join("exports")).into_keys().find(|name| name.starts_with("税务/")).unwrap();
    fs::remove_file(dir.path().join("exports").join(tax)).unwrap();
    let mut command = mujun(&store);
    command.arg("run").arg("--config").arg(site.path().join("config")).arg("--inbox").arg(dir.path().join("exports"));
    let (code, stdout, stderr) = finish(command.arg("--registers").arg(dir.path().join("config/registers")));
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert_ne!(fs::read_link(store.join("current")).unwrap(), before);
    let (code, stdout, stderr) = verify();
    assert_eq!(code, 0, "{stdout}{stderr}");
    let (code, stdout, _) = finish(mujun(&store).args(["verify", "--lang", "en"]).arg(before.file_name().unwrap()));
    assert_eq!(code, 0, "the old release is as it was: {stdout}");
}
