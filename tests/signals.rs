//! INT and TERM at any stage of a run: a sentence, an exit code of its own, and a store that the next run goes on from.
//!
//! As in `crash`, the moments are lines of progress.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::crash::{WORLD, assert_recovers, copy, current, telling, verify};
use crate::support::{folder, is_slow};

/// Moments for each signal.
fn moments(lines: usize) -> Vec<usize> {
    let count = if is_slow() { 40 } else { 8 };
    (0..count).map(|part| lines * part / count).collect()
}

/// Starts the run and sends it a signal after its `after`-th line; gives its exit code and what it told after that. A reader that
/// has gone away hears nothing.
fn stopped(exports: &Path, store: &Path, signal: &str, after: usize) -> (Option<i32>, String) {
    let mut child = telling(exports, store).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap());
    for _ in 0..=after {
        told.read_line(&mut String::new()).unwrap();
    }
    let sent = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap();
    let mut rest = String::new();
    told.read_to_string(&mut rest).unwrap();
    let code = child.wait().unwrap().code();
    assert!(sent.success() || code == Some(0), "the signal could not be sent");
    (code, rest)
}

#[test]
fn a_run_stopped_by_int_or_term_says_so_and_the_next_one_ends_as_if_nothing_had_been() {
    let world = &*WORLD;
    for (signal, wanted) in [("INT", 130), ("TERM", 143)] {
        let mut stopped_early = 0;
        for after in moments(world.second.lines) {
            let store = folder();
            copy(world.stand.path(), store.path());
            let moment = format!("{signal} after line {after} of {}", world.second.lines);
            let (code, rest) = stopped(world.after.path(), store.path(), signal, after);
            if code == Some(wanted) {
                stopped_early += 1;
                assert!(rest.contains(&format!("\"interrupted\":\"{signal}\"")), "{moment}: {rest}");
            } else {
                assert_eq!(code, Some(0), "{moment}: {rest}");
            }
            assert!(current(store.path()).is_some(), "{moment}: there is no release");
            verify(store.path(), &moment);
            assert_recovers(world.after.path(), store.path(), &world.second, &moment);
        }
        assert!(stopped_early > 0, "no run was stopped by {signal} before its end");
    }
}

#[test]
fn the_sentence_is_in_the_language_that_was_asked_for() {
    let world = &*WORLD;
    for (lang, told) in [("zh", "已发布的批次未受影响"), ("en", "what was published is untouched")] {
        let store = folder();
        let mut command = telling(world.before.path(), store.path());
        command.args(["--lang", lang]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        lines.read_line(&mut String::new()).unwrap();
        Command::new("kill").args(["-s", "TERM", &child.id().to_string()]).status().unwrap();
        let mut rest = String::new();
        lines.read_to_string(&mut rest).unwrap();
        assert_eq!((child.wait().unwrap().code(), rest.contains(told)), (Some(143), true), "{rest}");
    }
}

#[test]
fn a_run_whose_reader_has_stopped_reading_is_stopped_all_the_same() {
    let world = &*WORLD;
    let store = folder();
    // A pipe that nobody empties.
    let mut child =
        telling(world.before.path(), store.path()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let unread = child.stderr.take().unwrap();
    while !store.path().join("lock").exists() {
        std::thread::yield_now();
    }
    Command::new("kill").args(["-s", "TERM", &child.id().to_string()]).status().unwrap();
    let code = child.wait().unwrap().code();
    drop(unread);
    assert_eq!(code, Some(143));
    assert_recovers(world.before.path(), store.path(), &world.first, "after a pipe that nobody empties");
}
