//! How good the figures of the quarter are: how many there are, what is missing, and what was found wrong in the exports.

use std::collections::BTreeMap;

use super::issue::Issue;
use super::text::{self, Both};
use model::indicators::ObsStatus;
use vocab::frame::Frame;
use vocab::level::Level;

/// What is said of quality.
pub struct Quality {
    /// The main indicators of parks, and how many parks have which status.
    pub indicators: Vec<Counted>,
    /// What was found wrong in the exports, by rule: code, severity, the rule, how often.
    pub found: Vec<Found>,
}

/// One indicator.
pub struct Counted {
    /// Its name.
    pub name: Both,
    /// Parks with a plain figure, with an estimated one, in a changed territory, not fully reported, and without a figure.
    pub counts: [usize; 5],
}

/// A rule that data broke.
pub struct Found {
    /// Its code.
    pub code: String,
    /// Whether it is an error or a warning.
    pub severity: Both,
    /// The rule.
    pub rule: Both,
    /// What to do about it.
    pub hint: Both,
    /// How often.
    pub count: usize,
}

/// What is said of the quarter.
pub fn quality(issue: &Issue<'_>) -> Quality {
    let indicators = issue.main(Level::Park).into_iter().map(|indicator| Counted {
        name: text::name(issue.board.indicator(indicator)),
        counts: counts(issue, indicator),
    });
    Quality { indicators: indicators.collect(), found: issue.board.quality("problems").map(found).unwrap_or_default() }
}

fn counts(issue: &Issue<'_>, indicator: usize) -> [usize; 5] {
    let board = issue.board;
    let mut counts = [0; 5];
    for park in issue.areas(Level::Park) {
        let value = board.value(indicator, park, issue.quarter).filter(|value| value.value.is_some());
        counts[match value.map(|value| value.obs_status) {
            Some(ObsStatus::Normal) => 0,
            Some(ObsStatus::Estimated) => 1,
            Some(ObsStatus::Break) => 2,
            Some(ObsStatus::LowReliability) => 3,
            _ => 4,
        }] += 1;
    }
    counts
}

/// The problems of the release, without its notes, by their rules.
fn found(problems: &Frame) -> Vec<Found> {
    // Rules and hints set names in backticks, for terminals.
    let text = |column: &str, row: usize| {
        problems.column(column).and_then(|values| values.text(row)).unwrap_or_default().replace('`', "")
    };
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    for row in 0..problems.rows() {
        let severity = text("severity", row);
        if severity == "note" {
            continue;
        }
        let new = || Found {
            code: text("code", row),
            severity: match severity.as_str() {
                "error" => Both::new("错误", "error"),
                _ => Both::new("警告", "warning"),
            },
            rule: Both::new(text("rule_zh", row), text("rule_en", row)),
            hint: Both::new(text("hint_zh", row), text("hint_en", row)),
            count: 0,
        };
        found.entry(text("code", row)).or_insert_with(new).count += 1;
    }
    found.into_values().collect()
}
