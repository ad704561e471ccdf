//! What has changed since the release that stands: exports that are gone, and what a release is made with beside exports.

use std::collections::BTreeSet;

use super::exports::{Action, Exports, PlannedExport};
use super::failure::Failure;
use super::reason::Reason;
use super::setup::Setup;
use super::standing::{self, Standing};
use store::{Digest, Store};

/// The table of the exports of a release.
pub(super) const LEDGER: &str = "quality/ledger/part-0.parquet";

/// An export of a release: its dataset, its name, and the digest of its content.
pub(super) type Used = (String, String, String);

/// The exports in a ledger; none where it cannot be read.
pub(super) fn exports_of(ledger: Option<Vec<u8>>) -> BTreeSet<Used> {
    let wanted = ["file", "dataset", "sha256"];
    let read = ledger.and_then(|bytes| store::parquet::read(bytes, |name| wanted.contains(&name)).ok());
    let frame = read.map(|read| read.frame).unwrap_or_default();
    let text = |name: &str, row: usize| frame.column(name).and_then(|column| column.text(row)).unwrap_or_default();
    (0..frame.rows()).map(|row| (text("dataset", row), text("file", row), text("sha256", row))).collect()
}

/// Exports that the release that stands was made from, or that the last run used, whatever became of it, and that are there no
/// more, by name. One that is there under another name is not gone.
pub(super) fn gone(setup: &Setup, store: &Store, exports: &Exports) -> Result<Vec<String>, Failure> {
    let current = store.pointed(standing::pointer(setup))?;
    // A damaged release is told elsewhere.
    let manifest = current.and_then(|current| store.manifest(&current).ok());
    let bytes = manifest.map(|manifest| store.read_release_file(&manifest, LEDGER)).transpose()?.flatten();
    let names: BTreeSet<&str> = exports.all.iter().map(|export| export.name.as_str()).collect();
    let contents: BTreeSet<String> = exports.all.iter().map(|export| export.digest.to_string()).collect();
    let published = exports_of(bytes).into_iter().map(|(_, name, content)| (name, content));
    let last_run = store.catalog().in_use()?.into_iter().map(|(name, ingest)| (name, ingest.digest.to_string()));
    let lost = published
        .chain(last_run)
        .filter(|(name, content)| !names.contains(name.as_str()) && !contents.contains(content));
    Ok(lost.map(|(name, _)| name).collect::<BTreeSet<_>>().into_iter().collect())
}

/// Everything that makes the next release another one than the one that stands.
pub(super) fn reasons(
    setup: &Setup,
    looked: Option<(&Store, &Standing)>,
    planned: &[PlannedExport],
    gone: &[String],
) -> Result<Vec<Reason>, Failure> {
    let Some((store, standing)) = looked else { return Ok(vec![Reason::Nothing]) };
    let is = |action: Action| planned.iter().any(|export| export.action == action);
    let is_same = standing.current.as_ref() == Some(&standing.release);
    if is(Action::Damaged) || store.has_damaged_rows() || (is_same && standing.defect.is_some()) {
        return Ok(vec![Reason::Damaged]);
    }
    if standing.defect.is_none() {
        return Ok(vec![Reason::Pointer]);
    }
    let Some(current) = &standing.current else { return Ok(vec![Reason::Nothing]) };
    let mut reasons = Vec::new();
    reasons.extend((is(Action::New) || is(Action::Revised)).then_some(Reason::Exports));
    reasons.extend((!gone.is_empty()).then_some(Reason::Gone));
    let about = store.manifest(current).map(|manifest| manifest.about).unwrap_or_default();
    for (reason, key, now) in setup.made_with() {
        reasons.extend(about.get(key).is_some_and(|then| *then != now).then_some(reason));
    }
    if reasons.is_empty() {
        let is_of_exports = is(Action::Again) || has_more(store, current)?;
        reasons.push(if is_of_exports { Reason::Exports } else { Reason::Other });
    }
    Ok(reasons)
}

/// Whether the last run took exports in that the release that stands was not made from: it waited, or was refused.
fn has_more(store: &Store, current: &str) -> Result<bool, Failure> {
    let made_from: BTreeSet<Digest> = store.catalog().ingests_of(current)?.into_iter().collect();
    let in_use = store.catalog().names_in_use()?;
    Ok(!made_from.is_empty() && in_use.iter().any(|used| !made_from.contains(&used.ingest)))
}
