//! What is wrong with a release and stands until it is mended: its manifest says it, and every run repeats it.

use serde::{Deserialize, Serialize};

use store::Manifest;
use vocab::rules;

/// Keys of the manifest.
const WARNINGS: &str = "warnings";
const PROBLEMS: &str = "open_problems";

/// Rows in quarantine for one reason.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct QuarantineLine {
    /// Code of the reason.
    pub code: String,
    /// The rule in Chinese.
    pub zh: String,
    /// The rule in English.
    pub en: String,
    /// How often it was found.
    pub count: u64,
    /// The first place where it was found.
    pub first: String,
}

/// Errors and warnings of a release, by code.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Open {
    /// All of them, counted.
    pub(super) warnings: u64,
    /// By code, the most frequent first.
    pub(super) lines: Vec<QuarantineLine>,
}

/// A line as the manifest has it: the rule's words follow from its code.
#[derive(Serialize, Deserialize)]
struct Kept {
    code: String,
    count: u64,
    first: String,
}

impl Open {
    /// What the manifest is told.
    pub(super) fn about(&self) -> [(&'static str, String); 2] {
        let kept =
            |line: &QuarantineLine| Kept { code: line.code.clone(), count: line.count, first: line.first.clone() };
        let lines: Vec<Kept> = self.lines.iter().map(kept).collect();
        [(WARNINGS, self.warnings.to_string()), (PROBLEMS, serde_json::json!(lines).to_string())]
    }

    /// What a manifest says.
    pub(super) fn of(manifest: &Manifest) -> Open {
        let about = |key: &str| manifest.about.get(key).map(String::as_str).unwrap_or_default();
        let kept: Vec<Kept> = serde_json::from_str(about(PROBLEMS)).unwrap_or_default();
        let line = |kept: Kept| {
            let (zh, en) = rules::by_code(&kept.code).map_or(("", ""), |rule| (rule.zh, rule.en));
            let Kept { code, count, first } = kept;
            QuarantineLine { code, zh: zh.to_owned(), en: en.to_owned(), count, first }
        };
        Open { warnings: about(WARNINGS).parse().unwrap_or_default(), lines: kept.into_iter().map(line).collect() }
    }
}
