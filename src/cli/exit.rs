//! Exit codes: an interface for cron and orchestrators.

use std::process::ExitCode;

use run::{Failure, Outcome};

/// What an exit code means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitStatus {
    /// Published, or nothing to do.
    Success = 0,
    /// An error of the machine or of this program.
    Internal = 1,
    /// Usage or configuration.
    Usage = 2,
    /// Published with warnings, under `--strict`.
    Warnings = 3,
    /// A gate refused; the last release stands.
    Refused = 4,
    /// The same command may succeed later.
    TryLater = 75,
    /// Stopped by INT; the store is clean.
    Interrupted = 130,
    /// Stopped by TERM; the store is clean.
    Terminated = 143,
}

impl ExitStatus {
    /// The status of a run that did what could be done.
    pub fn of_run(outcome: &Outcome, strict: bool) -> Self {
        let troubles = outcome.troubles();
        let has_warnings = !troubles.is_empty() || outcome.warnings() > 0 || outcome.late() > 0;
        if troubles.iter().any(|trouble| trouble.is_of_configuration) {
            ExitStatus::Usage
        } else if outcome.is_to_be_tried_again() {
            ExitStatus::TryLater
        } else if strict && has_warnings {
            ExitStatus::Warnings
        } else {
            ExitStatus::Success
        }
    }

    /// The one of two that somebody must look at first.
    pub fn graver(self, other: Self) -> Self {
        const GRAVE: [ExitStatus; 6] = [
            ExitStatus::Internal,
            ExitStatus::Usage,
            ExitStatus::Refused,
            ExitStatus::TryLater,
            ExitStatus::Warnings,
            ExitStatus::Success,
        ];
        GRAVE.into_iter().find(|status| *status == self || *status == other).unwrap_or(self)
    }

    /// The status of a failure.
    pub fn of(failure: &Failure) -> Self {
        match failure {
            Failure::Configuration(_)
            | Failure::Registers(_)
            | Failure::Unproven(_)
            | Failure::Usage(_)
            | Failure::Model(_) => ExitStatus::Usage,
            Failure::Gate(_) | Failure::Refused(_) => ExitStatus::Refused,
            Failure::Unreachable(_) => ExitStatus::TryLater,
            Failure::Store(error) if error.try_again_later() => ExitStatus::TryLater,
            Failure::Store(error) if error.is_usage() => ExitStatus::Usage,
            Failure::Store(_)
            | Failure::Fetch(_)
            | Failure::Ledger { .. }
            | Failure::Figures { .. }
            | Failure::Report { .. }
            | Failure::Parquet { .. } => ExitStatus::Internal,
        }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        ExitCode::from(status as u8)
    }
}
