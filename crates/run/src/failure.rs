//! What stops a run.

use std::error::Error;
use std::fmt;

use super::unproven::Unproven;
use clean::Findings;
use config::ConfigError;
use config::document::list;
use vocab::{Problem, Said, said};

/// What stops a run. Bad data is never among the reasons: it is in the tables of problems.
#[derive(Debug)]
pub enum Failure {
    /// The configuration has mistakes; all of them.
    Configuration(Vec<ConfigError>),
    /// A register has mistakes: the first ones, and how many there are.
    Registers(Findings),
    /// Tests of source definitions fail.
    Unproven(Vec<Unproven>),
    /// The disk, the lock or the catalogue.
    Store(store::Error),
    /// Models could not be run.
    Model(model::Error),
    /// This machine could not fetch, or keep what came.
    Fetch(Said),
    /// Nothing could be published, and sources that may answer later have no export at all.
    Unreachable(Said),
    /// A gate refused to publish.
    Gate(Said),
    /// Nothing can be published while these problems of the data are there.
    Refused(Vec<Problem>),
    /// A figure was lost or counted twice: an error of this program.
    Figures {
        /// The export.
        file: String,
        /// Figures of the export.
        figures: u64,
        /// Figures that went somewhere.
        accounted: u64,
    },
    /// A row was lost or counted twice: an error of this program.
    Ledger {
        /// The export.
        file: String,
        /// Rows of the export.
        rows: u64,
        /// Rows that went somewhere.
        accounted: u64,
    },
    /// A Parquet file could not be made or read.
    Parquet {
        /// The file.
        path: String,
        /// What the library says.
        source: parquet::errors::ParquetError,
    },
    /// A file that people read could not be made.
    Report {
        /// The file.
        path: String,
        /// What the library says.
        message: String,
    },
    /// What was asked for cannot be.
    Usage(Said),
}

impl Failure {
    /// What stops the run, in a sentence.
    pub fn said(&self) -> Said {
        match self {
            Failure::Configuration(mistakes) => {
                let count = mistakes.len();
                said!("配置有 {count} 处错误", "the configuration has {count} mistake(s)")
            }
            Failure::Registers(problems) => {
                let count = problems.len();
                said!("登记库有 {count} 处错误", "the registers have {count} mistake(s)")
            }
            Failure::Unproven(failed) => {
                let count = failed.len();
                said!(
                    "来源定义有 {count} 项测试未通过：`mujun check`",
                    "{count} test(s) of source definitions fail: `mujun check`"
                )
            }
            Failure::Store(error) => error.said(),
            Failure::Model(error) => error.said(),
            Failure::Fetch(what) | Failure::Usage(what) => what.clone(),
            Failure::Unreachable(what) => {
                said!("未发布：{what}；请稍后重新运行", "not published: {what}; run again later"; what)
            }
            Failure::Gate(what) => said!("未发布：{what}", "not published: {what}"; what),
            Failure::Refused(problems) => {
                let codes = list(&problems.iter().map(|problem| problem.rule.code).collect::<Vec<_>>());
                said!("未发布，见 {codes}", "not published, see {codes}"; codes)
            }
            Failure::Figures { file, figures, accounted } => said!(
                "{file} 的数字账目不平：共 {figures} 个数字，有去向的 {accounted} 个；请报告此问题",
                "the ledger of figures of {file} does not close: {figures} figures, {accounted} accounted for; please \
                 report this"
            ),
            Failure::Ledger { file, rows, accounted } => said!(
                "{file} 的行数账目不平：共 {rows} 行，有去向的 {accounted} 行；请报告此问题",
                "the row ledger of {file} does not close: {rows} rows, {accounted} accounted for; please report this"
            ),
            Failure::Parquet { path, source } => said!("{path}：{source}", "{path}: {source}"),
            Failure::Report { path, message } => said!("{path}：{message}", "{path}: {message}"),
        }
    }

    /// The whole of it in one text: also all the mistakes that it counts.
    pub fn told(&self) -> Said {
        let details: Vec<Said> = match self {
            Failure::Configuration(mistakes) => mistakes.iter().map(ConfigError::said).collect(),
            Failure::Registers(problems) => {
                problems.kept().iter().map(|p| Said::words(format!("{} {}", p.rule.code, p.place))).collect()
            }
            Failure::Unproven(failed) => failed.iter().map(Unproven::said).collect(),
            _ => Vec::new(),
        };
        Said::join([&self.said()].into_iter().chain(&details), "；", "; ")
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.said().en())
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Failure::Store(error) => error.source(),
            Failure::Model(error) => error.source(),
            Failure::Parquet { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        Failure::Store(error)
    }
}

impl From<model::Error> for Failure {
    fn from(error: model::Error) -> Self {
        Failure::Model(error)
    }
}
