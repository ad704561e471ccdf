//! What a run would do, and why. Nothing is changed.

use std::path::PathBuf;

use super::exports::{self, Action, Exports, PlannedExport};
use super::failure::Failure;
use super::reason::Reason;
use super::setup::Setup;
use super::since;
use super::standing::{self, Readers, Standing};
use store::Store;
use vocab::Problem;

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
pub(super) struct Survey {
    pub(super) plan: Plan,
    /// How things stand in the store, if there is one.
    pub(super) standing: Option<Standing>,
    pub(super) exports: Exports,
}

pub(super) fn survey(setup: &Setup) -> Result<Survey, Failure> {
    let store = standing::existing(setup)?;
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
