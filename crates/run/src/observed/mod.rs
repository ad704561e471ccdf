//! Tells others of runs, as `observe.toml` says: metrics for Prometheus, events of lineage. Both are made from what the catalogue and
//! the release hold, after the run: nothing of it can change a figure, or stop a run.

mod lineage;
mod metrics;
mod ran;

use std::path::PathBuf;

use super::failure::Failure;
use super::setup::Setup;
use super::standing::existing;
pub use ran::{Ran, Watched};

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
