//! Why a command did not do what it was asked.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::printer::Printer;
use super::problem::problem_said;
use crate::cli::args::Format;
use run::{Failure, Unproven};
use vocab::{Said, said};

impl Printer {
    /// Why a command did not do what it was asked.
    pub fn failure(&self, failure: &Failure) {
        match self.format {
            Format::Text => {
                let mut text = String::new();
                for detail in details(failure) {
                    let _ = writeln!(text, "{}", self.lang.of(&detail));
                }
                let said = failure.said();
                self.line(&format!("{text}{}{}", self.say("错误：", "error: "), self.lang.of(&said)));
            }
            Format::Json => self.line(&failure_json(failure).to_string()),
        }
    }
}

/// The same for machines, whatever the language of messages is.
pub(super) fn failure_json(failure: &Failure) -> Value {
    let (said, details) = (failure.said(), details(failure));
    json!({
        "error": said.en(), "error_zh": said.zh(), "details": details.iter().map(Said::en).collect::<Vec<_>>(),
        "details_zh": details.iter().map(Said::zh).collect::<Vec<_>>(),
    })
}

/// All that a failure counts and does not name.
pub(super) fn details(failure: &Failure) -> Vec<Said> {
    match failure {
        Failure::Configuration(errors) => errors.iter().map(config::ConfigError::said).collect(),
        Failure::Unproven(failed) => failed.iter().map(Unproven::said).collect(),
        Failure::Refused(problems) => problems.iter().map(problem_said).collect(),
        Failure::Registers(problems) => {
            let more = problems.len() - problems.kept().len();
            let others = (more > 0).then(|| said!("……另有 {more} 处", "… and {more} more"));
            problems.kept().iter().map(problem_said).chain(others).collect()
        }
        _ => Vec::new(),
    }
}
