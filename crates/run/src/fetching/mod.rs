//! Fetching: sources with an address are asked before the inbox is looked at. What they answer is judged before it replaces
//! anything, and what is wrong with one source stops neither the others nor the run.
//!
//! The store's lock is held meanwhile, since answers arrive in its folder of temporary files; `all_seconds` bounds how long.

mod asked;
mod judge;
mod secret;
mod trouble;

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::archives::{Found, Known};
use super::events::{Event, Observer};
use super::failure::Failure;
use super::setup::Setup;
use asked::{Asked, asked, due, today};
use fetch::{Conditional, Fetched, Sink};
use judge::{Arrived, Verdict, judge};
use store::{Answer, Digest, Incoming, Store};
pub use trouble::Trouble;
pub(super) use trouble::{check_age, note_exports, problems, stop};
use vocab::{Place, Problem, Said, rules, said};

/// Largest file of certificates.
const LARGEST_CA_FILE: u64 = 16 << 20;

/// What arrives goes into the store.
struct Arriving(Incoming);

impl Sink for Arriving {
    fn restart(&mut self) -> Result<(), Said> {
        self.0.restart().map_err(|error| error.said())
    }

    fn add(&mut self, bytes: &[u8]) -> Result<(), Said> {
        self.0.add(bytes).map_err(|error| error.said())
    }
}

/// Asks all sources that have an address, and says which gave nothing. What is unchanged since the last time is not sent
/// again; what is good is kept, whatever becomes of the run.
pub(super) fn fetch(
    setup: &Setup,
    store: &Store,
    started: &str,
    observer: &dyn Observer,
) -> Result<Vec<Trouble>, Failure> {
    let asked = due(asked(setup, store)?, store);
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    observer.event(Event::StageStarted { stage: "fetch", steps: asked.len() as u64 });
    let settings = settings(setup)?;
    let (mut requests, mut told) = (Vec::new(), BTreeMap::new());
    for (at, one) in asked.iter().enumerate() {
        match secret::credential(setup, one.remote) {
            Ok(credential) => {
                requests.push((at, one.request(credential, one.conditional(store))));
            }
            Err(found) => {
                told.insert(at, Err(Trouble::of_configuration(one, found)));
            }
        }
    }
    let (places, requests): (Vec<usize>, Vec<fetch::Request>) = requests.into_iter().unzip();
    let requests = requests.into_iter().map(|request| (request, Arriving(store.incoming()))).collect();
    let outcomes = fetch::fetch_blocking(requests, settings).map_err(|error| {
        Failure::Fetch(said!(
            "无法启动取数（{error}）；请检查可打开文件数的限制",
            "no runtime for fetching: {error}; check the limits on open files"
        ))
    })?;
    let judged: Vec<(usize, Result<Heard, Trouble>)> = setup.working.install(|| {
        let outcomes: Vec<_> = places.into_iter().zip(outcomes).collect();
        let work = outcomes.into_par_iter().with_max_len(1);
        let hear = |(at, outcome)| {
            let one: &Asked<'_> = &asked[at];
            let heard = hear(setup, store, one, outcome)?;
            observer.event(Event::StepDone { stage: "fetch", item: one.before.source.clone() });
            Ok::<_, Failure>((at, heard))
        };
        work.map(hear).collect::<Result<_, _>>()
    })?;
    told.extend(judged);
    let fresh = told.values().filter(|heard| matches!(heard, Ok(Heard::New { .. }))).count();
    let (answers, troubles) = remember(setup, &asked, told, started);
    store.settle()?;
    store.catalog().put_answers(&answers)?;
    observer.event(Event::StageDone { stage: "fetch", rows: fresh as u64 });
    Ok(troubles)
}

fn settings(setup: &Setup) -> Result<fetch::Settings, Failure> {
    let of = &setup.config.site.fetch;
    Ok(fetch::Settings {
        concurrency: of.concurrency,
        attempts: of.attempts,
        timeout: of.timeout,
        deadline: of.total,
        all: of.all,
        least_rate: of.least_bytes_per_second,
        backoff: of.pause,
        max_bytes: setup.config.site.max_file_bytes,
        authorities: authorities(setup)?,
        ..fetch::Settings::default()
    })
}

/// The certificates that `ca_file` names.
///
/// # Errors
/// When the file cannot be read: it is named in the settings, and no source could be trusted without it.
pub(super) fn authorities(setup: &Setup) -> Result<Option<Vec<u8>>, Failure> {
    let Some(file) = &setup.config.site.fetch.ca_file else { return Ok(None) };
    let path = setup.options.config.join(file);
    let read = store::read_file(&path, LARGEST_CA_FILE);
    read.map(Some).map_err(|error| {
        let error = error.said();
        Failure::Usage(said!("site.toml 中的 `ca_file`：{error}", "`ca_file` in site.toml: {error}"; error))
    })
}

/// What a source said.
enum Heard {
    /// Its last good answer holds.
    Unchanged,
    /// Nothing that says more than what is known.
    Nothing,
    /// It has a newer one.
    New { digest: Digest, version: Conditional },
}

/// What came of one request: nothing new, something good, or trouble.
fn hear(
    setup: &Setup,
    store: &Store,
    one: &Asked<'_>,
    outcome: fetch::Outcome<Arriving>,
) -> Result<Result<Heard, Trouble>, Failure> {
    let body = match outcome {
        Ok(Fetched::NotModified) => return Ok(Ok(Heard::Unchanged)),
        Ok(Fetched::NotAsked) => return Ok(Ok(Heard::Nothing)),
        Ok(Fetched::Body(body)) => body,
        Err(error) if error.failure.is_not_there() && one.may_be_missing(today(setup)) => {
            return Ok(Ok(Heard::Nothing));
        }
        Err(error) => {
            return match error.failure {
                // A full disk is no matter of one source.
                fetch::Failure::Disk(_) => Err(Failure::Fetch(error.failure.said())),
                _ => Ok(Err(Trouble::of_fetching(one, &error))),
            };
        }
    };
    let bytes = body.content.0.read()?;
    let version = Conditional { etag: body.etag, last_modified: body.last_modified };
    let arrived = Arrived { bytes: &bytes, is_measured: body.is_measured };
    Ok(match judge(setup, store, one, &arrived)? {
        Verdict::Good => Ok(Heard::New { digest: store.add_raw(&bytes)?, version }),
        Verdict::NothingNew => Ok(Heard::Unchanged),
        Verdict::Bad(rejected) if rejected.is_empty && one.may_be_missing(today(setup)) => Ok(Heard::Nothing),
        Verdict::Bad(rejected) => Err(Trouble::of_answer(one, &body.final_url, rejected)),
    })
}

/// What the catalogue is to know of each source now, and what is told of those that gave nothing.
fn remember(
    setup: &Setup,
    asked: &[Asked<'_>],
    told: BTreeMap<usize, Result<Heard, Trouble>>,
    started: &str,
) -> (Vec<Answer>, Vec<Trouble>) {
    let (mut answers, mut troubles) = (Vec::new(), Vec::new());
    for (at, heard) in told {
        let Asked { remote, before, .. } = &asked[at];
        let good =
            Answer { confirmed: Some(started.to_owned()), code: None, found: None, too_old: false, ..before.clone() };
        answers.push(match heard {
            Ok(Heard::Unchanged) => good,
            Ok(Heard::Nothing) => before.clone(),
            Ok(Heard::New { digest, version }) => Answer {
                address: Some(asked[at].address()),
                etag: version.etag,
                last_modified: version.last_modified,
                digest: Some(digest),
                ..good
            },
            Err(trouble) => {
                let trouble = trouble.beside(setup, remote, before, started);
                let answer = Answer {
                    code: Some(trouble.code.clone()),
                    found: Some(trouble.lasting.clone()),
                    too_old: trouble.is_too_old,
                    ..before.clone()
                };
                troubles.push(trouble);
                answer
            }
        });
    }
    (answers, troubles)
}

/// The last good answers: an export stays until a better one replaces it.
pub(super) fn kept(
    setup: &Setup,
    store: Option<&Store>,
    archives: &Known,
    keep: impl Fn(&[u8]) -> Result<Digest, Failure>,
) -> Result<Vec<Found>, Failure> {
    let Some(store) = store else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for one in asked(setup, store)? {
        let Some(digest) = one.before.digest else { continue };
        let bytes = store.read_raw(&digest)?;
        found.push((one.file_name(), archives.open(setup, &bytes, &keep)?));
    }
    Ok(found)
}

/// Fetched exports whose names no file of the inbox has, and what is told of the others: whoever put a file there meant it.
pub(super) fn beside(inbox: &[Found], fetched: Vec<Found>) -> (Vec<Found>, Vec<Problem>) {
    let named = |name: &str| inbox.iter().find(|(other, _)| other == name);
    let mut problems = Vec::new();
    let mut kept = Vec::new();
    for (name, content) in fetched {
        match named(&name) {
            None => kept.push((name, content)),
            Some((_, file)) if file.digest == content.digest => {}
            Some(_) => problems.push(Problem::new(&rules::NAME_TAKEN, Place::file(&name))),
        }
    }
    (kept, problems)
}
