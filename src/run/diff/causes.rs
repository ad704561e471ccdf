//! What one release is made from and another is not.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::figures::Key;
use super::named::Side;
use crate::publish;
use crate::run::explain;
use crate::run::setup::{Failure, Setup};
use crate::run::since;
use crate::store::{self, Store};

/// An export of a release: its dataset, its name, and the digest of its content.
pub(in crate::run) type Used = (String, String, String);

/// The exports in the ledger of a release.
pub(in crate::run) fn exports_of(ledger: Option<Vec<u8>>) -> BTreeSet<Used> {
    let wanted = ["file", "dataset", "sha256"];
    let read = ledger.and_then(|bytes| store::parquet::read(bytes, |name| wanted.contains(&name)).ok());
    let frame = read.map(|read| read.frame).unwrap_or_default();
    let text = |name: &str, row: usize| frame.column(name).and_then(|column| column.text(row)).unwrap_or_default();
    (0..frame.rows()).map(|row| (text("dataset", row), text("file", row), text("sha256", row))).collect()
}

/// What became of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The later release alone has it.
    New,
    /// Under its name there is another content.
    Revised,
    /// The earlier release alone has it.
    Withdrawn,
}

/// An export that the two releases do not share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ChangedExport {
    /// Its dataset.
    pub dataset: String,
    /// Its name.
    pub file: String,
    /// What became of it.
    pub kind: Kind,
    /// The first quarter of its rows, where it is known.
    pub period_from: Option<String>,
    /// The last one.
    pub period_to: Option<String>,
}

/// What stands behind the changes between two releases.
pub(super) struct Causes {
    pub(super) exports: Vec<ChangedExport>,
    pub(super) made_with: Vec<&'static str>,
    /// The datasets of each indicator.
    datasets: Vec<Vec<String>>,
}

impl Causes {
    pub(super) fn between(setup: &Setup, store: &Store, before: &Side, after: &Side) -> Result<Causes, Failure> {
        let ledger = |side: &Side| -> Result<BTreeSet<Used>, Failure> {
            Ok(exports_of(store.read_release_file(&side.manifest, since::LEDGER)?))
        };
        let (earlier, later) = (ledger(before)?, ledger(after)?);
        let spans: BTreeMap<String, (Option<String>, Option<String>)> = store
            .catalog()
            .ingests()?
            .into_iter()
            .map(|ingest| (ingest.digest.to_string(), (ingest.period_from, ingest.period_to)))
            .collect();
        let names = |used: &BTreeSet<Used>| -> BTreeSet<(String, String)> {
            used.iter().map(|(dataset, file, _)| (dataset.clone(), file.clone())).collect()
        };
        let (named_before, named_after) = (names(&earlier), names(&later));
        let mut exports: Vec<ChangedExport> = Vec::new();
        let sides = [(&later, &earlier, &named_before, Kind::New), (&earlier, &later, &named_after, Kind::Withdrawn)];
        for (from, to, named, kind) in sides {
            for (dataset, file, content) in from.difference(to) {
                let is_named = named.contains(&(dataset.clone(), file.clone()));
                // Its content before is told by its content now.
                if is_named && kind == Kind::Withdrawn {
                    continue;
                }
                let kind = if is_named { Kind::Revised } else { kind };
                let (period_from, period_to) = spans.get(content).cloned().unwrap_or_default();
                exports.push(ChangedExport {
                    dataset: dataset.clone(),
                    file: file.clone(),
                    kind,
                    period_from,
                    period_to,
                });
            }
        }
        exports.sort();
        let about = |side: &Side, key: &str| side.manifest.about.get(key).cloned();
        let made_with = setup.made_with().map(|(_, key, _)| key);
        let differs = |key: &&'static str| about(before, key) != about(after, key);
        let datasets = setup.config.indicators.iter().map(|one| explain::datasets(setup, one)).collect();
        Ok(Causes { exports, made_with: made_with.into_iter().filter(differs).collect(), datasets })
    }

    /// The exports that a value may differ by: those of its datasets with rows of its quarter or an earlier one; any others, if
    /// there are none of these and nothing else differs.
    pub(super) fn of(&self, key: &Key) -> Vec<String> {
        let quarter = publish::label(key.quarter);
        let is_before = |one: &&ChangedExport| one.period_from.as_ref().is_none_or(|first| *first <= quarter);
        let of_it = |one: &&ChangedExport| self.datasets[key.indicator].contains(&one.dataset);
        let own: Vec<&ChangedExport> = self.exports.iter().filter(is_before).filter(of_it).collect();
        let found = if own.is_empty() && self.made_with.is_empty() {
            self.exports.iter().filter(is_before).collect()
        } else {
            own
        };
        found.into_iter().map(|one| one.file.clone()).collect()
    }

    /// Whether anything accounts for a change of this value.
    pub(super) fn any(&self, key: &Key) -> bool {
        !self.made_with.is_empty() || !self.of(key).is_empty()
    }
}
