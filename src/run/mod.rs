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
mod ingest;
mod inspect;
mod last_quarter;
mod load;
mod overflow;
mod publish;
mod quality;
mod quarantine;
mod replay;
mod schema;
mod setup;
mod since;
mod summary;
mod vintages;

pub use check::{CheckReport, check};
pub use exports::{Action, PlannedExport};
pub use fetching::Trouble;
pub use inspect::{FoundTable, Inspection, inspect};
pub use publish::Outcome;
pub use quality::Revised;
pub use quarantine::{BadExport, BadRow, Filter, RowAddress, quarantine, write_csv};
pub use replay::{Replay, ReplayedExport, ReplayedRow, RowChange, replay};
pub use setup::{Failure, Options, Setup, limits_in};
pub use since::Reason;
pub use summary::{Doubt, GAP_DECIMALS, Headline, QuarantineLine, Summary};

use crate::store::Store;
use crate::vocab::Problem;

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
    let store = Store::open_existing(&setup.store_dir).ok();
    let exports = exports::look(setup, store.as_ref())?;
    let planned = exports.planned(setup, store.as_ref())?;
    let release = setup.release_id(&exports.keys(setup));
    let current = store.as_ref().map(Store::current).transpose()?.flatten();
    let is_current = current.as_ref() == Some(&release);
    let gone = store.as_ref().map(|store| since::gone(store, &exports)).transpose()?.unwrap_or_default();
    let reasons = if is_current { Vec::new() } else { since::reasons(setup, store.as_ref(), &planned, &gone)? };
    let fetches = setup.config.sources.iter().filter(|source| source.remote.is_some()).map(|s| s.id.clone()).collect();
    Ok(Plan { exports: planned, fetches, release, current, reasons, gone, not_taken: exports.not_taken() })
}

/// Does what is to be done, and says what came of it.
///
/// # Errors
/// When the machine, the network, the configuration or a gate stops the run; the last release still stands.
pub fn execute(setup: &Setup, started: &str, observer: &dyn Observer) -> Result<Outcome, Failure> {
    let has_fetches = setup.config.sources.iter().any(|source| source.remote.is_some());
    let is_published =
        Store::open_existing(&setup.store_dir).and_then(|store| store.current()).is_ok_and(|c| c.is_some());
    if is_published && !has_fetches {
        // Before the store is opened for writing: a run with nothing to do changes nothing.
        let plan = plan(setup)?;
        if plan.reasons.is_empty() {
            return publish::nothing_to_do(setup, &plan);
        }
    }
    let store = Store::open(&setup.store_dir, started)?;
    let mut troubles = fetching::fetch(setup, &store, started, observer)?;
    // Whatever is wrong with the registers is told when they are needed.
    let (received, _) = rayon::join(|| exports::receive(setup, &store, started), || setup.registers());
    let (exports, receipt) = received?;
    fetching::note_exports(setup, &exports, &mut troubles);
    let gone = since::gone(&store, &exports)?;
    let (recorded, ingested) =
        rayon::join(|| receipt.record(&store), || ingest::ingest(setup, &store, &exports, observer));
    recorded?;
    let (mut ingested, fresh) = ingested?;
    ingested.gone.clone_from(&gone);
    let published = fetching::check_age(setup, &troubles)
        .and_then(|()| publish::publish(setup, &store, ingested, fresh, started, observer));
    match published {
        Ok(outcome) => Ok(outcome.with(troubles)),
        Err(Failure::Gate(mut refused)) => {
            // What is missing is often what the gate misses.
            if !gone.is_empty() {
                refused = format!("{refused}; {}: {}", Reason::Gone.en(), gone.join(", "));
            }
            Err(fetching::stop(refused, &troubles))
        }
        Err(failure) => Err(failure),
    }
}
