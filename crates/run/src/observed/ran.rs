//! A command that ran, as it was watched.

use crate::failure::Failure;
use crate::outcome::Outcome;

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
