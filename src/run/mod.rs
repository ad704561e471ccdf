//! Conducts the other rooms: what is to be done and why, and then the doing.
//!
//! `plan` looks and changes nothing; `execute` does what the plan says, and stops at the gates before anything is published.

mod archives;
mod arrivals;
mod between;
mod check;
mod dates;
mod draft;
mod exports;
mod fetching;
mod gc;
mod ingest;
mod inspect;
mod last_quarter;
mod load;
mod mend;
mod mended;
mod open;
mod overflow;
mod publish;
mod quality;
mod quarantine;
mod replay;
mod schema;
mod setup;
mod since;
mod standing;
mod summary;
mod trials;
mod verify;
mod vintages;

pub use check::{CheckReport, check};
pub use exports::{Action, PlannedExport};
pub use fetching::Trouble;
pub use gc::{Cleared, gc, kept};
pub use inspect::{FoundTable, Inspection, inspect};
pub use publish::{Outcome, Stands};
pub use quality::Revised;
pub use quarantine::{BadExport, BadRow, Filter, Quarantine, RowAddress, quarantine, write_csv};
pub use replay::{Replay, ReplayedExport, ReplayedRow, RowChange, replay};
pub use setup::{Failure, Options, Setup, limits_in};
pub use since::Reason;
pub use standing::{Readers, void_hold};
pub use summary::{Doubt, GAP_DECIMALS, Headline, QuarantineLine, Summary};
pub use trials::Unproven;
pub use verify::{Verified, repair, verify};

use crate::store::{self, Store};
use crate::vocab::Problem;
use standing::Standing;

/// What a run reports while it works. A line on a terminal and a line of JSON come from the same event.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A stage begins, with the number of steps it has.
    StageStarted {
        /// `fetch`, `ingest`, `model`, `publish` or `replay`.
        stage: &'static str,
        /// Steps.
        steps: u64,
    },
    /// One step of a stage is done.
    StepDone {
        /// The stage.
        stage: &'static str,
        /// What was done: a file's or table's name.
        item: String,
    },
    /// A stage ended.
    StageDone {
        /// The stage.
        stage: &'static str,
        /// Rows it handled.
        rows: u64,
    },
}

/// Takes events as they happen; called from several threads.
pub trait Observer: Sync {
    /// Takes one event.
    fn event(&self, event: Event);

    /// The time, which only the door of the program knows; none from an observer without a clock.
    fn now(&self) -> Option<String> {
        None
    }
}

/// What a run would do, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Every export, in the order of its name.
    pub exports: Vec<PlannedExport>,
    /// Sources that are fetched before the inbox is read.
    pub fetches: Vec<String>,
    /// The release that the run would publish.
    pub release: String,
    /// The release that stands.
    pub current: Option<String>,
    /// What readers will see, where there is a store.
    pub readers: Option<Readers>,
    /// Why a release would be published; empty when there is nothing to do.
    pub reasons: Vec<Reason>,
    /// Exports that the release that stands, or the last run, was made from and that are there no more.
    pub gone: Vec<String>,
    /// What lies in the inbox and is not taken.
    pub not_taken: Vec<Problem>,
}

/// Looks at inbox, store and configuration, and says what a run would do. Nothing is changed.
///
/// # Errors
/// When the configuration, the registers or the inbox cannot be read.
pub fn plan(setup: &Setup) -> Result<Plan, Failure> {
    Ok(survey(setup)?.0)
}

/// The plan, and how things stand in the store, if there is one.
fn survey(setup: &Setup) -> Result<(Plan, Option<Standing>), Failure> {
    let store = existing(setup)?;
    let exports = exports::look(setup, store.as_ref())?;
    let planned = exports.planned(setup, store.as_ref())?;
    let release = setup.release_id(&exports.keys(setup));
    let standing = store.as_ref().map(|store| Standing::of(setup, store, release.clone())).transpose()?;
    let has_damaged_rows = store.as_ref().is_some_and(Store::has_damaged_rows);
    let is_damaged = has_damaged_rows || planned.iter().any(|export| export.action == Action::Damaged);
    let is_done = !is_damaged && standing.as_ref().is_some_and(Standing::is_done);
    let gone = store.as_ref().map(|store| since::gone(setup, store, &exports)).transpose()?.unwrap_or_default();
    let looked = store.as_ref().zip(standing.as_ref());
    let reasons = if is_done { Vec::new() } else { since::reasons(setup, looked, &planned, &gone)? };
    let fetches = setup.config.sources.iter().filter(|source| source.remote.is_some()).map(|s| s.id.clone()).collect();
    let readers = standing.as_ref().map(|standing| standing.readers(standing::pointer(setup), false));
    let current = standing.as_ref().and_then(|standing| standing.current.clone());
    let not_taken = exports.not_taken();
    Ok((Plan { exports: planned, fetches, release, current, readers, reasons, gone, not_taken }, standing))
}

/// The store, if there is one. The catalogue of an older program is brought up to date by the run: until then it says nothing.
fn existing(setup: &Setup) -> Result<Option<Store>, Failure> {
    match Store::open_existing(&setup.store_dir) {
        Ok(store) => Ok(Some(store)),
        Err(store::Error::NoStore { .. }) => Ok(None),
        Err(store::Error::CatalogVersion { found, known, .. }) if found < known => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Does what is to be done, and says what came of it.
///
/// # Errors
/// When the machine, the network, the configuration or a gate stops the run; the last release still stands.
pub fn execute(setup: &Setup, started: &str, observer: &dyn Observer) -> Result<Outcome, Failure> {
    if !has_fetches(setup)
        && let Ok(store) = Store::open_existing(&setup.store_dir)
    {
        // Before the store is opened for writing: a run with nothing to do changes nothing.
        let (plan, standing) = survey(setup)?;
        if plan.reasons.is_empty()
            && let Some(standing) = standing
        {
            return publish::nothing_to_do(setup, &store, &standing, &plan);
        }
    }
    let store = Store::open_for(&setup.config.site.access, &setup.store_dir, started)?;
    let run = store::Run::begun(started);
    store.catalog().put_run(&run)?;
    let outcome = work(setup, &store, started, observer);
    let recorded = store.catalog().put_run(&ended(store::Run { finished: observer.now(), ..run }, &outcome));
    let outcome = outcome?;
    recorded?;
    if matches!(outcome, Outcome::Published(_)) {
        gc::after_run(setup, &store)?;
    }
    Ok(outcome)
}

fn has_fetches(setup: &Setup) -> bool {
    setup.config.sources.iter().any(|source| source.remote.is_some())
}

/// What the catalogue is told of a run in the end.
fn ended(run: store::Run, outcome: &Result<Outcome, Failure>) -> store::Run {
    let (outcome, release, reason) = match outcome {
        Ok(Outcome::Published(summary)) => ("published", Some(summary.release.clone()), None),
        Ok(Outcome::NothingToDo(stands)) => ("nothing_to_do", Some(stands.release.clone()), None),
        Err(failure @ (Failure::Gate(_) | Failure::Refused(_))) => ("refused", None, Some(failure.told())),
        Err(failure) => ("failed", None, Some(failure.told())),
    };
    store::Run { outcome: Some(outcome.to_owned()), release, reason, ..run }
}

fn work(setup: &Setup, store: &Store, started: &str, observer: &dyn Observer) -> Result<Outcome, Failure> {
    let cleared = standing::clear_way(setup, store)?;
    if has_fetches(setup) {
        // Answers are judged by the definitions.
        trials::hold(setup, store)?;
    }
    let mut troubles = fetching::fetch(setup, store, started, observer)?;
    let hold = || if has_fetches(setup) { Ok(()) } else { trials::hold(setup, store) };
    // Whatever is wrong with the registers is told when they are needed.
    let (received, (held, _)) = rayon::join(|| exports::receive(setup, store, started), || (hold(), setup.registers()));
    held?;
    let (exports, receipt) = received?;
    fetching::note_exports(setup, &exports, &mut troubles);
    let gone = since::gone(setup, store, &exports)?;
    let (recorded, ingested) =
        rayon::join(|| receipt.record(store), || ingest::ingest(setup, store, &exports, observer));
    recorded?;
    let (mut ingested, fresh) = ingested?;
    ingested.gone.clone_from(&gone);
    ingested.store.extend(cleared);
    let published = fetching::check_age(setup, &troubles)
        .and_then(|()| publish::publish(setup, store, ingested, fresh, started, observer));
    match published {
        Ok(outcome) => Ok(outcome.with(troubles)),
        Err(Failure::Gate(mut refused)) => {
            // What is missing is often what the gate misses.
            if !gone.is_empty() {
                refused = format!("{refused}; {}: {}", Reason::Gone.en(), gone.join(", "));
            }
            // The next run may not meet it any more.
            let damage = store.noted();
            if !damage.is_empty() {
                let damage = damage.iter().map(|problem| format!("{} {}", problem.rule.code, problem.place));
                refused = format!("{refused}; damaged in the store: {}", damage.collect::<Vec<_>>().join(", "));
            }
            Err(fetching::stop(refused, &troubles))
        }
        Err(failure) => Err(failure),
    }
}
