//! What came of a run.

use super::due::{Owed, State};
use super::fetching::Trouble;
use super::open::QuarantineLine;
use super::standing::Readers;
use super::summary::Summary;
use config::document::list;
use vocab::{Problem, Said, said};

/// What came of a run.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A release was published.
    Published(Box<Summary>),
    /// There was nothing to do: the release that the inputs give is there.
    NothingToDo(Box<Stands>),
    /// Exports were taken in and nothing was published: the pipeline does no more, or waits for others.
    TakenIn(Box<TakenIn>),
}

/// What was taken in without a release.
#[derive(Debug, Clone, PartialEq)]
pub struct TakenIn {
    /// What the release waits for; empty where the pipeline publishes nothing.
    pub waits: Vec<Owed>,
    /// Exports that are used.
    pub exports: usize,
    /// Rows of facts.
    pub facts: u64,
    /// Rows in quarantine.
    pub quarantined: u64,
    /// Exports that the last run used and that are there no more.
    pub gone: Vec<String>,
    /// What was found wrong in the exports.
    pub open: Vec<QuarantineLine>,
    /// Warnings and errors in all.
    pub warnings: u64,
    /// What is or was wrong with the store.
    pub store: Vec<Problem>,
    /// Sources with an address that gave no good answer.
    pub troubles: Vec<Trouble>,
}

impl TakenIn {
    /// What is waited for, in a line.
    pub(super) fn told(&self) -> Said {
        let waits = list(&self.waits.iter().map(Owed::named).collect::<Vec<_>>());
        said!("等待 {waits}", "waits for {waits}"; waits)
    }
}

/// A release that was there already.
#[derive(Debug, Clone, PartialEq)]
pub struct Stands {
    /// The release that the inputs give.
    pub release: String,
    /// What its readers see.
    pub readers: Readers,
    /// Exports whose content is that of another one, with the other's name.
    pub repeated: Vec<(String, String)>,
    /// Exports that the last run used and that are there no more.
    pub gone: Vec<String>,
    /// What lies in the inbox and is not taken.
    pub not_taken: Vec<Problem>,
    /// What was found wrong in the exports, and stands until it is mended.
    pub open: Vec<QuarantineLine>,
    /// Warnings and errors in all.
    pub warnings: u64,
    /// What is or was wrong with the store.
    pub store: Vec<Problem>,
    /// Sources with an address that gave no good answer.
    pub troubles: Vec<Trouble>,
    /// What is late by the calendar of the pipeline, and was done without.
    pub late: Vec<Owed>,
}

impl Outcome {
    /// Sources with an address that gave no good answer.
    pub fn troubles(&self) -> &[Trouble] {
        match self {
            Outcome::Published(summary) => &summary.troubles,
            Outcome::NothingToDo(stands) => &stands.troubles,
            Outcome::TakenIn(taken) => &taken.troubles,
        }
    }

    /// Whether the same run may come to more later: a source of which nothing is there yet gave no answer.
    pub fn is_to_be_tried_again(&self) -> bool {
        self.troubles().iter().any(|trouble| trouble.is_temporary && !trouble.has_export)
    }

    /// How many reports are late by the calendar of the pipeline, waited for or not.
    pub fn late(&self) -> usize {
        let owed = match self {
            Outcome::Published(summary) => &summary.late,
            Outcome::NothingToDo(stands) => &stands.late,
            Outcome::TakenIn(taken) => &taken.waits,
        };
        owed.iter().filter(|owed| owed.state == State::Late).count()
    }

    /// Warnings and errors of the data.
    pub fn warnings(&self) -> u64 {
        match self {
            Outcome::Published(summary) => summary.warnings,
            Outcome::NothingToDo(stands) => stands.warnings,
            Outcome::TakenIn(taken) => taken.warnings,
        }
    }

    /// With what fetching found wrong.
    pub(super) fn with(mut self, found: Vec<Trouble>) -> Outcome {
        match &mut self {
            Outcome::Published(summary) => summary.troubles = found,
            Outcome::NothingToDo(stands) => stands.troubles = found,
            Outcome::TakenIn(taken) => taken.troubles = found,
        }
        self
    }

    /// With what is late and was done without.
    pub(super) fn without(mut self, late: Vec<Owed>) -> Outcome {
        match &mut self {
            Outcome::Published(summary) => summary.late = late,
            Outcome::NothingToDo(stands) => stands.late = late,
            Outcome::TakenIn(_) => {}
        }
        self
    }
}
