//! A run that is killed at any moment: readers see a whole release or none, and the next run ends as if nothing had been.
//!
//! The moments are lines of progress, not times: a run tells every step on standard error, and is killed after the k-th.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use tempfile::TempDir;

use crate::support::{finish, folder, is_slow, mujun, program, run_sample, sample, tree};

type Files = BTreeMap<String, Vec<u8>>;

/// Kills in each of the three situations.
fn kills() -> usize {
    if is_slow() { 100 } else { 10 }
}

/// Exports before and after a revised one came, and what undisturbed runs made of them.
pub(crate) struct World {
    pub(crate) before: TempDir,
    pub(crate) after: TempDir,
    pub(crate) first: Done,
    pub(crate) second: Done,
    /// The store after the first of the two runs.
    pub(crate) stand: TempDir,
}

/// What an undisturbed run made, and the lines it told.
pub(crate) struct Done {
    id: String,
    files: Files,
    pub(crate) lines: usize,
}

pub(crate) static WORLD: LazyLock<World> = LazyLock::new(|| {
    let (before, after, stand, whole) = (folder(), folder(), folder(), folder());
    for out in [&before, &after] {
        sample(out.path(), 5, 60, 4, 5);
    }
    let late = fs::read_dir(before.path().join("exports/统计局")).unwrap().map(|entry| entry.unwrap().path());
    let late: Vec<PathBuf> = late.filter(|path| is_revised(path)).collect();
    assert!(!late.is_empty(), "the sample has no revised form");
    for path in late {
        fs::remove_file(path).unwrap();
    }
    let first = undisturbed(before.path(), stand.path());
    copy(stand.path(), whole.path());
    let second = undisturbed(after.path(), whole.path());
    assert_ne!(first.id, second.id);
    World { before, after, first, second, stand }
});

/// Whether a form is sent again months later: the same name without its day is there twice.
fn is_revised(path: &Path) -> bool {
    let stem = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    let name = stem(path);
    let (form, day) = name.rsplit_once('_').unwrap();
    let others = fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| stem(&entry.unwrap().path()));
    others.into_iter().any(|other| other.rsplit_once('_').is_some_and(|(other, sent)| other == form && sent < day))
}

/// `run` that tells its progress as lines of JSON.
pub(crate) fn telling(exports: &Path, store: &Path) -> Command {
    let mut command = program();
    command.args(["run", "--format", "json", "--store"]).arg(store);
    command.arg("--inbox").arg(exports.join("exports")).arg("--registers").arg(exports.join("config/registers"));
    command
}

fn undisturbed(exports: &Path, store: &Path) -> Done {
    let (code, stdout, stderr) = finish(&mut telling(exports, store));
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert!(stderr.lines().all(|line| line.starts_with('{')), "{stderr}");
    let id = current(store).unwrap();
    Done { files: tree(&store.join("releases").join(&id)), id, lines: stderr.lines().count() }
}

/// Starts the run and kills it after its `after`-th line. Says whether the kill came before its end.
fn kill(exports: &Path, store: &Path, after: usize) -> bool {
    let mut child = telling(exports, store).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap());
    for _ in 0..after {
        told.read_line(&mut String::new()).unwrap();
    }
    child.kill().unwrap();
    let status = child.wait().unwrap();
    told.read_to_end(&mut Vec::new()).unwrap();
    assert!(status.signal() == Some(9) || status.success(), "{status}");
    status.signal() == Some(9)
}

/// The id that readers are pointed to.
pub(crate) fn current(store: &Path) -> Option<String> {
    let target = fs::read_link(store.join("current")).ok()?;
    Some(target.file_name().unwrap().to_string_lossy().into_owned())
}

pub(crate) fn verify(store: &Path, moment: &str) {
    let (code, stdout, stderr) = finish(mujun(store).arg("verify"));
    assert_eq!(code, 0, "{moment}: {stdout}{stderr}");
}

/// The next run ends well, and in the release that an undisturbed one makes.
pub(crate) fn assert_recovers(exports: &Path, store: &Path, done: &Done, moment: &str) {
    let (code, stdout, stderr) = finish(&mut run_sample(exports, store));
    assert_eq!(code, 0, "{moment}: {stdout}{stderr}");
    assert_eq!(current(store).as_ref(), Some(&done.id), "{moment}");
    let files = tree(&store.join("current/"));
    let differing: Vec<&String> =
        files.keys().chain(done.files.keys()).filter(|name| files.get(*name) != done.files.get(*name)).collect();
    assert!(differing.is_empty(), "{moment}: {differing:?}");
    verify(store, moment);
    let leftovers = tree(&store.join("tmp"));
    assert!(leftovers.is_empty(), "{moment}: {:?}", leftovers.keys());
}

/// Moments spread over all lines: one in each of equal parts, where in it a seeded generator says. Two come right after
/// the start, before any line.
fn moments(lines: usize, seed: u64) -> Vec<usize> {
    let mut state = seed;
    let mut next = || {
        // Knuth's constants for a linear congruential generator of 64 bits; the high bits are the good ones.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap()
    };
    let parts = kills() - 2;
    let spread = (0..parts).map(|part| {
        let (from, to) = (lines * part / parts, lines * (part + 1) / parts);
        from + 1 + next() % (to - from).max(1)
    });
    [0, 0].into_iter().chain(spread).collect()
}

pub(crate) fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let (path, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(&path).unwrap(), to).unwrap();
        } else if path.is_dir() {
            fs::create_dir_all(&to).unwrap();
            copy(&path, &to);
            // A store looks at who may enter its folders.
            fs::set_permissions(&to, fs::metadata(&path).unwrap().permissions()).unwrap();
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

#[test]
fn a_first_run_killed_at_any_moment_leaves_no_half_release_and_is_finished_by_the_next() {
    let world = &*WORLD;
    let mut killed = 0;
    for after in moments(world.first.lines, 1) {
        let store = folder();
        let moment = format!("killed after line {after} of {}", world.first.lines);
        killed += usize::from(kill(world.before.path(), store.path(), after));
        if current(store.path()).is_some() {
            verify(store.path(), &moment);
        }
        assert_recovers(world.before.path(), store.path(), &world.first, &moment);
    }
    assert!(killed >= kills() / 2, "only {killed} of {} runs were killed before their end", kills());
}

#[test]
fn a_later_run_killed_at_any_moment_leaves_the_older_release_readable_until_the_pointer_moves() {
    let world = &*WORLD;
    let mut killed = 0;
    for after in moments(world.second.lines, 2) {
        let store = folder();
        copy(world.stand.path(), store.path());
        let moment = format!("killed after line {after} of {}", world.second.lines);
        killed += usize::from(kill(world.after.path(), store.path(), after));
        let seen = current(store.path()).unwrap_or_else(|| panic!("{moment}: there is no release"));
        let whole = [&world.first, &world.second].into_iter().find(|done| done.id == seen);
        let whole = whole.unwrap_or_else(|| panic!("{moment}: {seen} is neither release"));
        assert!(tree(&store.path().join("current/")) == whole.files, "{moment}: {seen} is not whole");
        verify(store.path(), &moment);
        let older = tree(&store.path().join("releases").join(&world.first.id));
        assert!(older == world.first.files, "{moment}: the older release has changed");
        assert_recovers(world.after.path(), store.path(), &world.second, &moment);
    }
    assert!(killed >= kills() / 2, "only {killed} of {} runs were killed before their end", kills());
}

#[test]
fn a_run_killed_again_and_again_still_ends_in_the_same_release() {
    let world = &*WORLD;
    let store = folder();
    for after in moments(world.first.lines, 3) {
        kill(world.before.path(), store.path(), after);
        if current(store.path()).is_some() {
            verify(store.path(), "after several kills");
        }
    }
    assert_recovers(world.before.path(), store.path(), &world.first, "after all kills");
}
