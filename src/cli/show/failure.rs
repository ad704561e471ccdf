//! Why a command did not do what it was asked.

use std::fmt::Write as _;

use serde_json::json;

use super::printer::Printer;
use crate::cli::args::{Format, Lang};
use run::{Failure, Unproven};

impl Printer {
    /// Why a command did not do what it was asked.
    pub fn failure(&self, failure: &Failure) {
        let details = self.details(failure);
        match self.format {
            Format::Text => {
                let mut text = String::new();
                for detail in details {
                    let _ = writeln!(text, "{detail}");
                }
                self.line(&format!("{text}{}: {failure}", self.say("错误", "error")));
            }
            Format::Json => self.line(&json!({ "error": failure.to_string(), "details": details }).to_string()),
        }
    }

    /// All that a failure counts and does not name.
    pub(super) fn details(&self, failure: &Failure) -> Vec<String> {
        let mut details: Vec<String> = Vec::new();
        match failure {
            Failure::Configuration(errors) => details.extend(errors.iter().map(ToString::to_string)),
            Failure::Unproven(failed) => details.extend(failed.iter().map(|failed| self.unproven(failed))),
            Failure::Refused(problems) => details.extend(problems.iter().map(|problem| self.problem(problem))),
            Failure::Registers(problems) => {
                details.extend(problems.kept().iter().map(|problem| self.problem(problem)));
                let more = problems.len() - problems.kept().len();
                if more > 0 {
                    details.push(self.say(&format!("……另有 {more} 处"), &format!("… and {more} more")).to_owned());
                }
            }
            _ => {}
        }
        details
    }

    pub(super) fn unproven(&self, unproven: &Unproven) -> String {
        match self.lang {
            Lang::Zh => unproven.zh(),
            Lang::En => unproven.en(),
        }
    }
}
