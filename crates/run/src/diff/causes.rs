//! What one release is made from and another is not.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::figures::Key;
use super::named::Side;
use crate::explain;
use crate::failure::Failure;
use crate::setup::Setup;
use crate::since;
use store::Store;

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

/// The first and the last quarter of an export's rows, where they are known.
type Span = (Option<String>, Option<String>);

/// From the earlier first to the later last quarter: what stood in either content may have changed.
fn both((from, to): Span, (other_from, other_to): Span) -> Span {
    (from.zip(other_from).map(|(a, b)| a.min(b)), to.zip(other_to).map(|(a, b)| a.max(b)))
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
        let mut spans: BTreeMap<(String, String), Span> = BTreeMap::new();
        for ingest in store.catalog().ingests()? {
            spans.insert((ingest.dataset, ingest.digest.to_string()), (ingest.period_from, ingest.period_to));
        }
        // Contents under each name, before and after.
        let mut contents: BTreeMap<(String, String), [BTreeSet<String>; 2]> = BTreeMap::new();
        for (at, side) in [before, after].into_iter().enumerate() {
            let ledger = store.read_release_file(&side.manifest, since::LEDGER)?;
            for (dataset, file, content) in since::exports_of(ledger) {
                contents.entry((dataset, file)).or_default()[at].insert(content);
            }
        }
        let changed = |((dataset, file), [old, new]): ((String, String), [BTreeSet<String>; 2])| {
            let kind = match (old.is_empty(), new.is_empty()) {
                _ if old == new => return None,
                (true, _) => Kind::New,
                (_, true) => Kind::Withdrawn,
                _ => Kind::Revised,
            };
            let of = |content: &String| spans.get(&(dataset.clone(), content.clone())).cloned().unwrap_or_default();
            let (period_from, period_to) = old.symmetric_difference(&new).map(of).reduce(both)?;
            Some(ChangedExport { dataset, file, kind, period_from, period_to })
        };
        let exports = contents.into_iter().filter_map(changed).collect();
        let about = |side: &Side, key: &str| side.manifest.about.get(key).cloned();
        let made_with = setup.made_with().map(|(_, key, _)| key);
        let differs = |key: &&'static str| about(before, key) != about(after, key);
        let datasets = setup.config.indicators.iter().map(|one| explain::datasets(setup, one)).collect();
        Ok(Causes { exports, made_with: made_with.into_iter().filter(differs).collect(), datasets })
    }

    /// The exports that a value may differ by: those of its datasets with rows of its quarter or an earlier one; any others, if
    /// there are none of these and nothing else differs.
    pub(super) fn of(&self, key: &Key) -> Vec<String> {
        let quarter = key.quarter.to_string();
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
