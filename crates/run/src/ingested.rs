//! Exports with their facts.

use super::dates::day_of_issue;
use super::problems::{KeptProblem, KeptProblems};
use super::received::Received;
use super::setup::Setup;
use config::source::Source;
use store::{Digest, Ingest};
use vocab::period::Date;
use vocab::{Problem, Severity, rules};

/// One export with its facts.
#[derive(Debug, Clone)]
pub(super) struct Ingested {
    pub(super) export: Received,
    /// Position of the definition that claims it.
    pub(super) at: usize,
    pub(super) ingest: Ingest,
    pub(super) kept: KeptProblems,
}

impl Ingested {
    /// The definition that claims it.
    pub(super) fn source<'s>(&self, setup: &'s Setup) -> &'s Source {
        &setup.config.sources[self.at]
    }

    /// The day that decides between vintages: when its content was issued, or issued again.
    pub(super) fn issued(&self) -> Option<Date> {
        self.export.reissued.or_else(|| day_of_issue(&self.ingest))
    }

    /// Whether the export is of a month that ends no quarter, and so no part of any figure.
    pub(super) fn is_between_quarters(&self) -> bool {
        self.ingest.rows_facts == 0 && self.kept.counts.contains_key(rules::BETWEEN_QUARTERS.code)
    }
}

/// Whether a problem stands for a file that gave nothing.
pub(super) fn is_refused(ingested: &Ingested) -> bool {
    ingested.ingest.rows_facts == 0
        && ingested.kept.problems.iter().filter_map(KeptProblem::restore).any(|p| p.rule.severity == Severity::Error)
}

/// All exports of a run with their facts, in the order of their names.
#[derive(Debug, Clone, Default)]
pub(super) struct AllIngested {
    pub(super) exports: Vec<Ingested>,
    /// Problems that belong to no ingested export.
    pub(super) others: Vec<Problem>,
    pub(super) keys: Vec<Digest>,
    /// Exports whose content is that of another one, with the other's name.
    pub(super) repeated: Vec<(String, String)>,
    /// Exports of the release that stands that are there no more.
    pub(super) gone: Vec<String>,
    /// What was wrong with the store. It is in no release: that has the same bytes whatever happened to its store.
    pub(super) store: Vec<Problem>,
}

impl AllIngested {
    /// Everything that was found wrong, by file and place; the notes of columns that a definition leaves out are not news.
    pub(super) fn problems(&self) -> Vec<Problem> {
        let mut problems: Vec<Problem> = self
            .exports
            .iter()
            .flat_map(|one| &one.kept.problems)
            .filter_map(KeptProblem::restore)
            .chain(self.others.iter().cloned())
            .collect();
        problems.sort();
        problems
    }
}
