//! How much of what was expected is in the figures, and whether it is enough to publish.

use std::collections::BTreeMap;

use crate::status::ObsStatus;
use crate::value::{self, Value};
use config::indicator::Indicator;
use config::source::Source;
use vocab::frame::{Frame, Values};
use vocab::level::Level;

use vocab::period::{Quarter, Span};
use vocab::{Place, Problem, rules};

/// How many enterprises of a level and quarter filed a dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// The dataset.
    pub dataset: String,
    /// The level.
    pub level: Level,
    /// The quarter.
    pub quarter: Quarter,
    /// Areas of the level.
    pub areas: i64,
    /// Those of which somebody filed.
    pub areas_with_value: i64,
    /// Enterprises that filed.
    pub reported: i64,
    /// Enterprises or parks that should have filed.
    pub expected: i64,
}

impl Filed {
    /// Before any area is counted.
    pub(super) fn none(dataset: &str, level: Level, quarter: Quarter) -> Filed {
        Filed { dataset: dataset.to_owned(), level, quarter, areas: 0, areas_with_value: 0, reported: 0, expected: 0 }
    }
}

/// How many filed each dataset whose source says how it is counted, from the table of areas.
pub fn filed(sources: &[Source], areas: &Frame, span: Span) -> Vec<Filed> {
    let (Some(levels), Some(quarters)) = (areas.texts("level"), areas.ints("quarter")) else { return Vec::new() };
    let mut found: BTreeMap<(usize, Level, Quarter), Filed> = BTreeMap::new();
    for (order, source) in sources.iter().enumerate() {
        let counted = source.coverage.as_ref();
        let Some((reported, expected)) = counted.and_then(|(r, e)| Some((areas.ints(r)?, areas.ints(e)?))) else {
            continue;
        };
        for row in 0..areas.rows() {
            let (Some(level), Some(quarter)) = (levels.get(row), quarters.get(row).and_then(Quarter::of_column)) else {
                continue;
            };
            let (Some(expected), true) = (expected.get(row), span.holds(quarter)) else { continue };
            let Some(level) = Level::parse(level) else { continue };
            let none = || Filed::none(&source.dataset, level, quarter);
            let of_dataset = found.entry((order, level, quarter)).or_insert_with(none);
            let reported = reported.get(row).unwrap_or(0);
            of_dataset.areas += 1;
            of_dataset.areas_with_value += i64::from(reported > 0);
            of_dataset.reported += reported;
            of_dataset.expected += expected;
        }
    }
    found.into_values().collect()
}

/// Largest fall of the share that was reported, from one quarter to the next, that is not told.
const USUAL_FALL: f64 = 0.1;

/// Datasets of which nothing came for a quarter between others, or clearly less than for the quarter before, in the province.
pub fn problems(filed: &[Filed]) -> Vec<Problem> {
    let mut of_datasets: BTreeMap<&str, Vec<&Filed>> = BTreeMap::new();
    for one in filed.iter().filter(|one| one.level == Level::Province && one.expected > 0) {
        of_datasets.entry(&one.dataset).or_default().push(one);
    }
    let share = |one: &Filed| one.reported as f64 / one.expected as f64;
    let told = |one: &Filed| format!("{} {} / {}", one.quarter.sdmx(), one.reported, one.expected);
    let mut problems = Vec::new();
    for (dataset, quarters) in of_datasets {
        let Some(last) = quarters.iter().rposition(|one| one.reported > 0) else { continue };
        // The last full quarter before: a fall is told once, not again in every quarter that stays as low.
        for pair in quarters[..=last].windows(2).filter(|pair| share(pair[1]) < share(pair[0]) - USUAL_FALL) {
            let place = Place::file("quality/coverage");
            let problem = Problem::new(&rules::DATASET_SHORT, place).value(format!("{dataset} {}", told(pair[1])));
            problems.push(problem.expected([told(pair[0])]));
        }
    }
    problems
}

/// Coverage of one dataset or indicator at a level in a quarter.
#[derive(Debug, Clone, PartialEq)]
pub struct Covered {
    /// `dataset` or `indicator`.
    pub subject: &'static str,
    /// Which one.
    pub item: String,
    /// The level.
    pub level: Level,
    /// The quarter.
    pub quarter: Quarter,
    /// Areas of the level.
    pub areas: i64,
    /// Those with a value.
    pub areas_with_value: i64,
    /// Units that entered, where that is counted.
    pub reported: Option<i64>,
    /// Units that were expected.
    pub expected: Option<i64>,
    /// Share of the values that rest on imputed ones (`obs_status` E); none without values, and for datasets.
    pub imputed_share: Option<f64>,
}

impl Covered {
    /// Share of what was expected that was reported.
    pub fn share(&self) -> Option<f64> {
        value::coverage(self.reported, self.expected)
    }
}

/// Coverage of every dataset whose forms are compared and of every indicator; `values` in the order of level, quarter and
/// indicator, as they are published.
pub fn coverage(filed: &[Filed], values: &[Value], indicators: &[Indicator]) -> Vec<Covered> {
    let of_dataset = |one: &Filed| Covered {
        subject: "dataset",
        item: one.dataset.clone(),
        level: one.level,
        quarter: one.quarter,
        areas: one.areas,
        areas_with_value: one.areas_with_value,
        reported: Some(one.reported),
        expected: Some(one.expected),
        imputed_share: None,
    };
    let of_indicator = |group: &[Value]| {
        let count = |pick: fn(&Value) -> bool| group.iter().filter(|value| pick(value)).count() as i64;
        let counted = || group.iter().filter_map(|value| Some((value.reported?, value.expected?)));
        let with_value = count(|value| value.value.is_some());
        let imputed = count(|value| value.obs_status == ObsStatus::Estimated);
        let is_counted = counted().next().is_some();
        Covered {
            subject: "indicator",
            item: indicators[group[0].indicator].id.clone(),
            level: group[0].place.level,
            quarter: group[0].place.quarter,
            areas: group.len() as i64,
            areas_with_value: with_value,
            reported: is_counted.then(|| counted().map(|(reported, _)| reported).sum()),
            expected: is_counted.then(|| counted().map(|(_, expected)| expected).sum()),
            imputed_share: (with_value > 0).then(|| imputed as f64 / with_value as f64),
        }
    };
    let groups = values.chunk_by(|a, b| a.indicator == b.indicator && a.is_beside(b));
    filed.iter().map(of_dataset).chain(groups.map(of_indicator)).collect()
}

/// Coverage as a table.
pub fn table(covered: &[Covered]) -> Frame {
    let text = |pick: &dyn Fn(&Covered) -> String| Values::Text(covered.iter().map(|one| Some(pick(one))).collect());
    let int = |pick: fn(&Covered) -> Option<i64>| Values::Int(covered.iter().map(pick).collect());
    let float = |pick: fn(&Covered) -> Option<f64>| Values::Float(covered.iter().map(pick).collect());
    Frame::new()
        .with("subject", text(&|one| one.subject.to_owned()))
        .with("item", text(&|one| one.item.clone()))
        .with("level", text(&|one| one.level.to_string()))
        .with("time_period", text(&|one| one.quarter.sdmx()))
        .with("areas", int(|one| Some(one.areas)))
        .with("areas_with_value", int(|one| Some(one.areas_with_value)))
        .with("reported", int(|one| one.reported))
        .with("expected_units", int(|one| one.expected))
        .with("share", float(Covered::share))
        .with("imputed_share", float(|one| one.imputed_share))
}

/// Where the province's coverage is below what the gates ask for, from the first quarter of a dataset to its last: a hole
/// between two quarters is no coverage, a quarter that is not due yet is no hole. An indicator is held to it in every quarter
/// in which it has a value.
pub fn too_low<'c>(covered: &'c [Covered], gates: &[(String, f64)]) -> Vec<(&'c Covered, f64, f64)> {
    let mut found = Vec::new();
    for (name, least) in gates {
        let mine: Vec<&Covered> =
            covered.iter().filter(|one| one.item == *name && one.level == Level::Province).collect();
        let came = || mine.iter().filter(|one| one.areas_with_value > 0).map(|one| one.quarter);
        let (Some(first), Some(last)) = (came().min(), came().max()) else { continue };
        for one in mine {
            let is_due = match one.subject {
                "dataset" => (first..=last).contains(&one.quarter),
                _ => one.areas_with_value > 0,
            };
            let share = one.share().unwrap_or(0.0);
            if is_due && share < *least {
                found.push((one, share, *least));
            }
        }
    }
    found
}
