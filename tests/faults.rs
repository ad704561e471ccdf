//! A whole run whose disk fails at one operation, once or from there on; and one whose machine loses power there, so that what was not
//! forced to the disk is lost, torn or kept, as a printed seed decides. Readers see the release before or the one after, whole, and
//! the next run ends as if nothing had been.
//!
//! What SQLite writes is not seen here: it forces every transaction out by itself (`synchronous = EXTRA`), and counts as atomic.

mod power;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use protect::Profile;
use run::{Event, Failure, Observer, Options, Outcome, Setup, execute};
use store::{Disk, Op};
use tempfile::TempDir;

use crate::cli::{LENIENT, SMALL, copy};
use crate::support::{folder, is_slow, tree};
use power::Power;

const STARTED: &str = "2019-01-21T02:00:00Z";

/// Nobody looks on.
struct Quiet;

impl Observer for Quiet {
    fn event(&self, _: Event) {}
}

/// An installation with its inbox before and after a changed export, and what undisturbed runs make of both.
struct World {
    site: TempDir,
    /// Stores before each of the two runs.
    before: [TempDir; 2],
    /// Files of the release that each run makes, by name, and its id.
    made: [(String, BTreeMap<String, Vec<u8>>); 2],
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let site = folder();
    for part in ["config", "pipelines"] {
        copy(&LENIENT.join(part), &site.path().join(part));
    }
    copy(&SMALL.join("config/registers"), &site.path().join("config/registers"));
    copy(&SMALL.join("exports"), &site.path().join("exports"));
    copy(&SMALL.join("exports"), &site.path().join("changed"));
    let name = tree(&site.path().join("changed")).into_keys().find(|name| name.contains("税收_2018年1-3月")).unwrap();
    let path = site.path().join("changed").join(name);
    let text = fs::read_to_string(&path).unwrap();
    let line = text.lines().last().unwrap();
    let cells: Vec<&str> = line.split('\t').collect();
    fs::write(&path, text.replace(line, &[cells[0], cells[1], "0.01", cells[3]].join("\t"))).unwrap();
    let before = [folder(), folder()];
    let whole = folder();
    let first = run(&site, 0, whole.path()).unwrap();
    crate::crash::copy(whole.path(), before[1].path());
    let second = run(&site, 1, whole.path()).unwrap();
    assert_ne!(first, second);
    let files = |id: &String| tree(&whole.path().join("releases").join(id));
    World { made: [(first.clone(), files(&first)), (second.clone(), files(&second))], site, before }
});

/// Runs on the exports before or after the change; gives the release.
fn run(site: &TempDir, which: usize, store: &Path) -> Result<String, Failure> {
    let setup = Setup::load(Options {
        config: site.path().join("config"),
        store: Some(store.to_owned()),
        inbox: Some(site.path().join(["exports", "changed"][which])),
        registers: Some(site.path().join("config/registers")),
        span: None,
        as_of: None,
        profile: Profile::Internal,
        make_current: false,
        now: 0,
    })?;
    match execute(&setup, STARTED, &Quiet)? {
        Outcome::Published(summary) => Ok(summary.release),
        Outcome::NothingToDo(stands) => Ok(stands.release),
        Outcome::TakenIn(_) => panic!("no pipeline was asked for"),
    }
}

/// A store as it was before a run, at a path that only this test knows.
fn store_before(which: usize) -> TempDir {
    let store = folder();
    crate::crash::copy(WORLD.before[which].path(), store.path());
    store
}

/// How many operations a run has, on the store and on the inbox.
fn count(which: usize) -> usize {
    let (store, seen) = (store_before(which), Arc::new(AtomicUsize::new(0)));
    let counter = seen.clone();
    let hook = move |_: Op, _: &Path| {
        counter.fetch_add(1, Ordering::SeqCst);
        Ok(())
    };
    let _watch = Disk::watch(store.path(), Arc::new(hook));
    run(&WORLD.site, which, store.path()).unwrap();
    seen.load(Ordering::SeqCst)
}

/// Which operations are failed: all of them if there is time, or else some of each part of the run.
fn chosen(count: usize, some: usize) -> Vec<usize> {
    let step = if is_slow() { 1 } else { count.div_ceil(some) };
    // Not always the same ones of a batch.
    (0..count).step_by(step).enumerate().map(|(turn, at)| (at + turn * 7 % step.max(1)).min(count - 1)).collect()
}

/// What readers see is the release before the run or the one after, whole.
fn assert_whole(store: &Path, which: usize, moment: &str) {
    let Ok(target) = fs::read_link(store.join("current")) else {
        assert_eq!(which, 0, "{moment}: the release that stood is gone");
        return;
    };
    let id = target.file_name().unwrap().to_string_lossy().into_owned();
    let known = WORLD.made[..=which].iter().find(|(known, _)| *known == id);
    let (_, files) = known.unwrap_or_else(|| panic!("{moment}: {id} is neither release"));
    assert!(tree(&store.join("current/")) == *files, "{moment}: {id} is not whole");
}

/// The next run ends in the release of an undisturbed one.
fn assert_recovers(store: &Path, which: usize, moment: &str) {
    let id = run(&WORLD.site, which, store).unwrap_or_else(|failure| panic!("{moment}: the next run: {failure}"));
    assert_eq!(id, WORLD.made[which].0, "{moment}");
    assert!(tree(&store.join("current/")) == WORLD.made[which].1, "{moment}: other files");
    assert!(tree(&store.join("tmp")).is_empty(), "{moment}: something was left in tmp");
}

/// Fails the `at`-th operation, and all after it where it says so.
fn fail(which: usize, at: usize, from_there_on: bool) {
    let (store, turn) = (store_before(which), AtomicUsize::new(0));
    let failed = Arc::new(std::sync::Mutex::new(None::<(Op, PathBuf)>));
    let noted = failed.clone();
    let hook = move |op: Op, path: &Path| {
        let now = turn.fetch_add(1, Ordering::SeqCst);
        if now == at || from_there_on && now > at {
            noted.lock().unwrap().get_or_insert((op, path.to_owned()));
            return Err(io::Error::other("the disk fails here"));
        }
        Ok(())
    };
    let outcome = {
        let _watch = Disk::watch(store.path(), Arc::new(hook));
        run(&WORLD.site, which, store.path())
    };
    let at_what = failed.lock().unwrap().clone();
    let moment = format!("operation {at} of run {which}, {at_what:?}, from there on: {from_there_on}");
    match outcome {
        // Some failures cost nothing: what cannot be shared or tidied away is made again, or left for the next run.
        Ok(_) => {}
        Err(failure) => {
            let told = failure.to_string();
            assert!(told.contains("the disk fails here"), "{moment}: {told}");
            assert!(told.contains(store.path().to_str().unwrap()), "{moment}: no place is named: {told}");
        }
    }
    assert_whole(store.path(), which, &moment);
    assert_recovers(store.path(), which, &moment);
}

#[test]
fn a_run_whose_disk_fails_at_any_operation_once_or_from_there_on_leaves_a_whole_release() {
    for which in [0, 1] {
        let count = count(which);
        assert!(count > 100, "only {count} operations are seen");
        for at in chosen(count, 8) {
            fail(which, at, false);
            fail(which, at, true);
        }
    }
}

#[test]
fn a_run_whose_machine_loses_power_at_any_operation_leaves_a_whole_release() {
    for which in [0, 1] {
        let count = count(which);
        for at in chosen(count, 12) {
            let store = store_before(which);
            let power = Power::watch(store.path(), at);
            let outcome = run(&WORLD.site, which, store.path());
            let after = folder();
            let seed = (which * 1_000_000 + at) as u64;
            println!("power fails at operation {at} of run {which}, seed {seed}");
            power.leave(after.path(), seed);
            let moment = format!("power lost at operation {at} of run {which}, seed {seed}, told {:?}", outcome.err());
            assert_whole(after.path(), which, &moment);
            assert_recovers(after.path(), which, &moment);
        }
    }
}
