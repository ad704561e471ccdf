//! Conducts the other rooms: what is to be done and why, and then the doing.
//!
//! `plan` looks and changes nothing; `execute` does what the plan says, and stops at the gates before anything is published.

mod archives;
mod arrivals;
mod between;
mod check;
mod dates;
pub mod diff;
mod draft;
mod due;
pub mod explain;
mod exports;
mod fetching;
mod gc;
mod ingest;
mod inspect;
mod last_quarter;
mod load;
mod mend;
mod mended;
pub mod observed;
mod open;
mod overflow;
mod publish;
mod quality;
mod quarantine;
mod replay;
mod schedule;
mod schema;
mod setup;
mod since;
mod standing;
mod status;
mod summary;
mod trials;
mod verify;
mod vintages;

pub use check::{CheckReport, check};
pub use due::{Done, DuePlan, Owed, State, Turn, Verdict, plan_due, turns};
pub use exports::{Action, PlannedExport};
pub use fetching::Trouble;
pub use gc::{Cleared, gc, kept};
pub use inspect::{FoundTable, Inspection, inspect};
pub use publish::{Outcome, Stands, TakenIn};
pub use quality::Revised;
pub use quarantine::{BadExport, BadRow, Filter, Quarantine, RowAddress, quarantine, write_csv};
pub use replay::{Replay, ReplayedExport, ReplayedRow, RowChange, replay};
pub use schedule::{Installed, Scheduler, schedule};
pub use setup::{Failure, Options, Setup, limits_in};
pub use since::Reason;
pub use standing::{Readers, void_hold};
pub use status::{RunSeen, Seen, SetAside, Silent, Status, Unanswered, Unusable, status};
pub use summary::{Doubt, Headline, QuarantineLine, Summary};
pub use trials::Unproven;
pub use verify::{Verified, repair, verify};

use std::path::PathBuf;

use crate::config::pipeline::{Pipeline, Stage};
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
    /// The inbox, where nothing in it, nor anything fetched, is an export of a source: a run has nothing to publish then.
    pub without_exports: Option<PathBuf>,
}

/// Looks at inbox, store and configuration, and says what a run would do. Nothing is changed.
///
/// # Errors
/// When the configuration, the registers or the inbox cannot be read.
pub fn plan(setup: &Setup) -> Result<Plan, Failure> {
    Ok(survey(setup)?.plan)
}

/// What was looked at before anything is done.
struct Survey {
    plan: Plan,
    /// How things stand in the store, if there is one.
    standing: Option<Standing>,
    exports: exports::Exports,
}

fn survey(setup: &Setup) -> Result<Survey, Failure> {
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
    let fetches: Vec<String> =
        setup.config.sources.iter().filter(|source| source.remote.is_some()).map(|s| s.id.clone()).collect();
    let readers = standing.as_ref().map(|standing| standing.readers(standing::pointer(setup), false));
    let current = standing.as_ref().and_then(|standing| standing.current.clone());
    let not_taken = exports.not_taken();
    let without_exports = (exports.used(setup).next().is_none() && fetches.is_empty()).then(|| setup.inbox_dir.clone());
    let plan = Plan { exports: planned, fetches, release, current, readers, reasons, gone, not_taken, without_exports };
    Ok(Survey { plan, standing, exports })
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
    let run = begun(setup, started);
    if !has_fetches(setup)
        && publishes(setup)
        && let Ok(store) = Store::open_existing(&setup.store_dir)
    {
        // Before the store is opened for writing: a run with nothing to do changes nothing.
        let Survey { plan, standing, exports } = survey(setup)?;
        if plan.reasons.is_empty()
            && let Some(standing) = standing
        {
            let late = due::late(setup, &store, &exports)?;
            let outcome = publish::nothing_to_do(setup, &store, &standing, &plan).map(|outcome| outcome.without(late));
            if setup.pipeline.is_some() && outcome.is_ok() {
                // Without a row it would be due still.
                let store = Store::open_for(&setup.config.site.access, &setup.store_dir, started)?;
                let run = store::Run { finished: observer.now(), ..run };
                store.catalog().put_run(&ended(run, &outcome))?;
            }
            return outcome;
        }
    }
    let store = Store::open_for(&setup.config.site.access, &setup.store_dir, started)?;
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

/// Does what is due, of all pipelines or of the named one, one after the other: what is wrong with one stops no other.
///
/// # Errors
/// When there is no such pipeline, or none at all, or the store cannot be read.
pub fn execute_due(
    setup: &mut Setup,
    name: Option<&str>,
    started: &str,
    observer: &dyn Observer,
) -> Result<Vec<Done>, Failure> {
    let turns = turns(setup, name)?;
    if turns.is_empty() {
        let message = "there are no pipelines: `[paths] pipelines` in site.toml names their folder";
        return Err(Failure::Usage(message.to_owned()));
    }
    let mut done = Vec::new();
    for turn in turns {
        let mut came = None;
        if turn.is_due {
            setup.turn_to(&turn.pipeline)?;
            came = Some(execute(setup, started, observer));
        }
        done.push(Done { turn, came });
    }
    Ok(done)
}

/// Whether sources are asked: some have an address, and the pipeline does not leave that out.
fn has_fetches(setup: &Setup) -> bool {
    let does = setup.pipeline.as_ref().is_none_or(|pipeline| pipeline.has(Stage::Fetch));
    does && setup.config.sources.iter().any(|source| source.remote.is_some())
}

fn publishes(setup: &Setup) -> bool {
    setup.pipeline.as_ref().is_none_or(Pipeline::publishes)
}

fn begun(setup: &Setup, started: &str) -> store::Run {
    let run = store::Run::begun(started);
    let Some(pipeline) = &setup.pipeline else { return run };
    // One process may run several.
    let id = format!("{} {}", run.id, pipeline.id);
    store::Run { id, pipeline: Some(pipeline.id.clone()), due: due::last_time(setup, pipeline), ..run }
}

/// What the catalogue is told of a run in the end.
fn ended(run: store::Run, came: &Result<Outcome, Failure>) -> store::Run {
    let (outcome, release, reason) = match came {
        Ok(Outcome::Published(summary)) => ("published", Some(summary.release.clone()), None),
        Ok(Outcome::NothingToDo(stands)) => ("nothing_to_do", Some(stands.release.clone()), None),
        Ok(Outcome::TakenIn(taken)) if taken.waits.is_empty() => ("taken_in", None, None),
        Ok(Outcome::TakenIn(taken)) => ("waits", None, Some(taken.told())),
        Err(failure @ (Failure::Gate(_) | Failure::Refused(_))) => ("refused", None, Some(failure.told())),
        Err(failure) => ("failed", None, Some(failure.told())),
    };
    // What is to be tried again is due still.
    let due = run.due.filter(|_| !came.as_ref().is_ok_and(Outcome::is_to_be_tried_again));
    store::Run { outcome: Some(outcome.to_owned()), release, reason, due, ..run }
}

fn work(setup: &Setup, store: &Store, started: &str, observer: &dyn Observer) -> Result<Outcome, Failure> {
    let cleared = standing::clear_way(setup, store)?;
    if has_fetches(setup) {
        // Answers are judged by the definitions.
        trials::hold(setup, store)?;
    }
    let mut troubles = if has_fetches(setup) { fetching::fetch(setup, store, started, observer)? } else { Vec::new() };
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
    let judged = due::judge(setup, &ingested);
    if let (true, Some(pipeline), false) = (publishes(setup), &setup.pipeline, judged.refused.is_empty()) {
        return Err(Failure::Refused(judged.refused.iter().map(|owed| owed.refusal(&pipeline.id)).collect()));
    }
    if !publishes(setup) || !judged.waits.is_empty() {
        let waits = if publishes(setup) { judged.waits } else { Vec::new() };
        return Ok(publish::taken_in(setup, store, &ingested, waits).with(troubles));
    }
    let published = fetching::check_age(setup, &troubles)
        .and_then(|()| publish::publish(setup, store, ingested, fresh, started, observer));
    match published {
        Ok(outcome) => Ok(outcome.with(troubles).without(judged.without)),
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
