//! What stops a run.

use super::unproven::Unproven;
use clean::Findings;
use config::ConfigError;
use vocab::Problem;

/// What stops a run. Bad data is never among the reasons: it is in the tables of problems.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The configuration has mistakes; all of them.
    #[error("the configuration has {} mistake(s)", .0.len())]
    Configuration(Vec<ConfigError>),
    /// A register has mistakes: the first ones, and how many there are.
    #[error("the registers have {} mistake(s)", .0.len())]
    Registers(Findings),
    /// Tests of source definitions fail.
    #[error("{} test(s) of source definitions fail: `mujun check`", .0.len())]
    Unproven(Vec<Unproven>),
    /// The disk, the lock or the catalogue.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Models could not be run.
    #[error(transparent)]
    Model(#[from] model::Error),
    /// This machine could not fetch, or keep what came.
    #[error("{0}")]
    Fetch(String),
    /// Nothing could be published, and sources that may answer later have no export at all.
    #[error("not published: {0}; run again later")]
    Unreachable(String),
    /// A gate refused to publish.
    #[error("not published: {0}")]
    Gate(String),
    /// Nothing can be published while these problems of the data are there.
    #[error("not published, see {}", .0.iter().map(|problem| problem.rule.code).collect::<Vec<_>>().join(", "))]
    Refused(Vec<Problem>),
    /// A figure was lost or counted twice: an error of this program.
    #[error(
        "the ledger of figures of {file} does not close: {figures} figures, {accounted} accounted for; please report this"
    )]
    Figures {
        /// The export.
        file: String,
        /// Figures of the export.
        figures: u64,
        /// Figures that went somewhere.
        accounted: u64,
    },
    /// A row was lost or counted twice: an error of this program.
    #[error("the row ledger of {file} does not close: {rows} rows, {accounted} accounted for; please report this")]
    Ledger {
        /// The export.
        file: String,
        /// Rows of the export.
        rows: u64,
        /// Rows that went somewhere.
        accounted: u64,
    },
    /// A Parquet file could not be made or read.
    #[error("{path}: {source}")]
    Parquet {
        /// The file.
        path: String,
        /// What the library says.
        source: parquet::errors::ParquetError,
    },
    /// A file that people read could not be made.
    #[error("{path}: {message}")]
    Report {
        /// The file.
        path: String,
        /// What the library says.
        message: String,
    },
    /// What was asked for cannot be.
    #[error("{0}")]
    Usage(String),
}

impl Failure {
    /// The whole of it in one text: also all the mistakes that it counts.
    pub(super) fn told(&self) -> String {
        let details: Vec<String> = match self {
            Failure::Configuration(mistakes) => mistakes.iter().map(ToString::to_string).collect(),
            Failure::Registers(problems) => {
                problems.kept().iter().map(|p| format!("{} {}", p.rule.code, p.place)).collect()
            }
            Failure::Unproven(failed) => failed.iter().map(Unproven::en).collect(),
            _ => Vec::new(),
        };
        [self.to_string()].into_iter().chain(details).collect::<Vec<_>>().join("; ")
    }
}
