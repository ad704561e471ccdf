//! Tells others of runs, as `observe.toml` says: metrics for Prometheus, events of lineage. Both are made from what the catalogue and
//! the release hold, after the run: nothing of it can change a figure, or stop a run.

mod lineage;
mod metrics;

use std::path::PathBuf;

use super::setup::{Failure, Setup};
use super::{Outcome, existing};
use crate::store;

/// A stage of a command, of all its runs together, as it was watched.
#[derive(Debug, Clone, PartialEq)]
pub struct Watched {
    /// `fetch`, `ingest`, `model` or `publish`.
    pub stage: &'static str,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// Rows that it handled.
    pub rows: u64,
}

/// A command that ran pipelines, or everything once, to its end.
#[derive(Debug)]
pub struct Ran<'r> {
    /// When it started: its runs are in the catalogue under this time.
    pub started: &'r str,
    /// What it ends with.
    pub exit_code: u8,
    /// Its stages, in order.
    pub stages: Vec<Watched>,
    /// What came of its runs.
    pub came: Vec<&'r Result<Outcome, Failure>>,
}

/// A file that others were to be told by and were not.
#[derive(Debug)]
pub struct Untold {
    /// The key of `observe.toml`.
    pub key: &'static str,
    /// Why.
    pub why: Failure,
}

/// Writes what `observe.toml` asks for, and gives what could not be written.
pub fn tell(setup: &Setup, ran: &Ran<'_>) -> Vec<Untold> {
    let observe = &setup.config.observe;
    let mut untold = Vec::new();
    let mut attempt = |key: &'static str, path: &Option<String>, tell: &dyn Fn(PathBuf) -> Result<(), Failure>| {
        let told = path.as_ref().map(|path| tell(setup.options.config.join(path)));
        untold.extend(told.and_then(Result::err).map(|why| Untold { key, why }));
    };
    attempt("metrics", &observe.metrics, &|path| {
        let text = metrics::text(setup, existing(setup)?.as_ref(), ran)?;
        Ok(store::write_shared(&path, text.as_bytes())?)
    });
    attempt("lineage", &observe.lineage, &|path| {
        let Some(store) = existing(setup)? else { return Ok(()) };
        let events = lineage::events(setup, &store, ran.started)?;
        let lines: String = events.iter().map(|event| format!("{event}\n")).collect();
        Ok(store::append(&path, lines.as_bytes())?)
    });
    untold
}
