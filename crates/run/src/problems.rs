//! Problems of exports as the catalogue keeps them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use clean::{Figures, Findings, Ledger};
use store::Ingest;
use vocab::{Place, Problem, Said, Severity, rules};

/// A problem as it is kept in the catalogue: everything that does not follow from its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptProblem {
    pub(super) code: String,
    pub(super) file: String,
    pub(super) sheet: String,
    pub(super) row: Option<u32>,
    pub(super) column: Option<u32>,
    pub(super) value: Option<String>,
    /// Of what this program says itself: the same in Chinese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) value_zh: Option<String>,
    pub(super) expected: Vec<String>,
}

impl From<&Problem> for KeptProblem {
    fn from(problem: &Problem) -> Self {
        KeptProblem {
            code: problem.rule.code.to_owned(),
            file: problem.place.file.clone(),
            sheet: problem.place.sheet.clone(),
            row: problem.place.row,
            column: problem.place.column,
            value: problem.value.as_ref().map(|said| said.en().to_owned()),
            value_zh: problem.value.as_ref().filter(|said| said.is_in_both()).map(|said| said.zh().to_owned()),
            expected: problem.expected.clone(),
        }
    }
}

impl KeptProblem {
    /// The problem again; none if the rule is gone since.
    pub(super) fn restore(&self) -> Option<Problem> {
        let rule = rules::by_code(&self.code)?;
        Some(Problem {
            place: Place { file: self.file.clone(), sheet: self.sheet.clone(), row: self.row, column: self.column },
            rule,
            value: self.value.clone().map(|en| match self.value_zh.clone() {
                Some(zh) => Said::new(zh, en),
                None => Said::words(en),
            }),
            expected: self.expected.clone(),
        })
    }
}

/// Problems of one export: the first ones whole, all of them counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptProblems {
    pub(super) counts: BTreeMap<String, u64>,
    pub(super) problems: Vec<KeptProblem>,
    pub(super) ledger: Ledger,
    #[serde(default)]
    pub(super) figures: Figures,
}

impl KeptProblems {
    /// What was found in an export; none where the catalogue does not give it back, which is not the same as nothing.
    pub(super) fn of(ingest: &Ingest) -> Option<KeptProblems> {
        serde_json::from_str(&ingest.problems_json).ok()
    }

    /// Whether anything was found that is more than a note.
    pub(super) fn is_wrong(&self) -> bool {
        let is_grave = |code: &String| rules::by_code(code).is_some_and(|rule| rule.severity != Severity::Note);
        self.counts.keys().any(is_grave)
    }

    /// How many corrections were applied.
    pub(super) fn corrected(&self) -> i64 {
        let applied = [&rules::CORRECTED, &rules::ROW_DROPPED].map(|rule| self.counts.get(rule.code).copied());
        applied.into_iter().flatten().map(|count| i64::try_from(count).unwrap_or(i64::MAX)).sum()
    }
}

/// What is kept of the findings in an export.
pub(super) fn keep(findings: &Findings, ledger: Ledger, figures: Figures) -> KeptProblems {
    KeptProblems {
        counts: findings.counts().iter().map(|(code, count)| ((*code).to_owned(), *count)).collect(),
        problems: findings.kept().iter().map(KeptProblem::from).collect(),
        ledger,
        figures,
    }
}

/// Whether an export that was read is of a month that ends no quarter, and so no part of any figure.
pub(super) fn was_between_quarters(ingest: &Ingest) -> bool {
    let is_told = |kept: KeptProblems| kept.counts.contains_key(rules::BETWEEN_QUARTERS.code);
    ingest.rows_facts == 0 && KeptProblems::of(ingest).is_some_and(is_told)
}
