//! What a run says at its end.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::Trouble;
use super::ingest::{AllIngested, is_refused};
use super::quality::Revised;
use super::setup::Setup;
use crate::model::indicators::{ObsStatus, Reason, Value, round};
use crate::model::places::Place;
use crate::publish::label;
use crate::store::Store;
use crate::vocab::{Problem, rules};

/// Decimals of a gap beyond those of its value.
pub const GAP_DECIMALS: usize = 4;

/// One of the province's headline indicators.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Headline {
    /// Identifier.
    pub indicator: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// The value as it is shown.
    pub value: Option<f64>,
    /// Decimals shown.
    pub decimals: usize,
    /// Its unit.
    pub unit: String,
    /// The target.
    pub target: Option<f64>,
    /// Value minus target, with [`GAP_DECIMALS`] more: a target that is just missed is missed.
    pub gap: Option<f64>,
    /// Whether the target is reached or will be.
    pub on_track: Option<bool>,
    /// Why there is no value.
    pub obs_status: ObsStatus,
}

/// A headline indicator of the province that is no figure in some quarters, or one with a flag.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Doubt {
    /// Identifier.
    pub indicator: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// Why.
    pub reason: Reason,
    /// The dataset that it falls short by.
    pub dataset: Option<String>,
    /// The quarters.
    pub quarters: Vec<String>,
    /// Most units that were missing in one of them.
    pub missing_units: Option<i64>,
}

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

/// What was published, what it says, what was set aside, and where to look.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Summary {
    /// The release.
    pub release: String,
    /// Whether readers now see it; not so while another one is pinned.
    pub is_current: bool,
    /// Its folder.
    pub folder: PathBuf,
    /// The notice that goes with everything published.
    pub notice: String,
    /// The day after which nothing that was sent is in it, if one was asked for.
    pub as_of: Option<String>,
    /// First and last quarter.
    pub quarters: (String, String),
    /// Areas by level.
    pub areas: BTreeMap<String, usize>,
    /// Rows of indicators.
    pub indicator_rows: usize,
    /// Exports used.
    pub exports: usize,
    /// Rows of facts.
    pub facts: u64,
    /// Rows in quarantine.
    pub quarantined: u64,
    /// Exports whose content is that of another one, with the other's name: nothing new.
    pub repeated: Vec<(String, String)>,
    /// Exports of the release that stood before that are there no more.
    pub gone: Vec<String>,
    /// Sources with an address that gave no good answer.
    pub troubles: Vec<Trouble>,
    /// Known errors that were corrected.
    pub corrected: i64,
    /// Exports of which nothing could be used.
    pub refused: Vec<String>,
    /// Exports of months that end no quarter: known, and not used.
    pub between_quarters: usize,
    /// The province's headline indicators in the last quarter.
    pub headlines: Vec<Headline>,
    /// The province's headline indicators that are withheld, not reported, or have a flag.
    pub doubts: Vec<Doubt>,
    /// Why rows are in quarantine.
    pub quarantine: Vec<QuarantineLine>,
    /// Warnings and errors in all.
    pub warnings: u64,
    /// What changed in the figures of the release that stood before, if there was one for the same readers.
    pub revised: Option<Revised>,
}

/// A day given as yyyymmdd, as people write it.
pub(super) fn day(day: i64) -> String {
    format!("{:04}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100)
}

pub(super) fn summarise(
    setup: &Setup,
    store: &Store,
    all: &AllIngested,
    values: &[Value],
    problems: &[Problem],
    release: String,
    is_current: bool,
) -> Summary {
    // All values of a place share it: there are few places, and many values.
    let places: HashMap<*const Place, &Place, FixedState> =
        values.iter().map(|value| (Arc::as_ptr(&value.place), &*value.place)).collect();
    let quarters = || places.values().map(|place| place.quarter);
    let (first, last) = (quarters().min().unwrap_or_default(), quarters().max().unwrap_or_default());
    let distinct: HashSet<(&str, &str)> = places.values().map(|place| (place.level, &*place.ref_area)).collect();
    let mut areas: BTreeMap<String, usize> = BTreeMap::new();
    for (level, _) in distinct {
        *areas.entry(level.to_owned()).or_default() += 1;
    }
    let headlines = values
        .iter()
        .filter(|value| value.place.level == "province" && value.place.quarter == last)
        .filter(|value| setup.config.indicators[value.indicator].headline)
        .map(|value| {
            let indicator = &setup.config.indicators[value.indicator];
            Headline {
                indicator: indicator.id.clone(),
                name_zh: indicator.name_zh.clone(),
                name_en: indicator.name_en.clone(),
                value: value.value.map(|v| round(v, indicator.decimals)),
                decimals: indicator.decimals,
                unit: indicator.unit.clone(),
                target: value.target,
                gap: value.gap().map(|v| round(v, indicator.decimals + GAP_DECIMALS)),
                on_track: value.on_track,
                obs_status: value.obs_status,
            }
        })
        .collect();
    Summary {
        folder: store.release_folder(&release),
        release,
        is_current,
        notice: setup.config.site.notice.clone(),
        as_of: setup.options.as_of.map(day),
        quarters: (label(first), label(last)),
        areas,
        indicator_rows: values.len(),
        exports: all.exports.len(),
        facts: all.exports.iter().map(|one| one.ingest.rows_facts).sum(),
        quarantined: all.exports.iter().map(|one| one.ingest.rows_quarantined).sum(),
        repeated: all.repeated.clone(),
        gone: all.gone.clone(),
        troubles: Vec::new(),
        corrected: all.exports.iter().map(|one| one.kept.corrected()).sum(),
        refused: all.exports.iter().filter(|one| is_refused(one)).map(|one| one.export.name.clone()).collect(),
        between_quarters: all.exports.iter().filter(|one| one.is_between_quarters()).count(),
        headlines,
        doubts: doubts(setup, values),
        quarantine: reasons(all, problems),
        warnings: count_warnings(all),
        revised: None,
    }
}

/// What is missing of the province's headline indicators, in all quarters.
fn doubts(setup: &Setup, values: &[Value]) -> Vec<Doubt> {
    let mut found: Vec<Doubt> = Vec::new();
    for value in values.iter().filter(|value| value.place.level == "province") {
        let indicator = &setup.config.indicators[value.indicator];
        let Some(reason @ (Reason::Withheld | Reason::Incomplete | Reason::NotReported)) = value.reason else {
            continue;
        };
        if !indicator.headline {
            continue;
        }
        let dataset = value.short_of.and_then(|at| indicator.datasets.get(at)).cloned();
        let is_mine =
            |one: &&mut Doubt| one.indicator == indicator.id && one.reason == reason && one.dataset == dataset;
        let quarter = label(value.place.quarter);
        match found.iter_mut().find(is_mine) {
            Some(one) => {
                one.quarters.push(quarter);
                one.missing_units = one.missing_units.max(value.missing_units());
            }
            None => found.push(Doubt {
                indicator: indicator.id.clone(),
                name_zh: indicator.name_zh.clone(),
                name_en: indicator.name_en.clone(),
                reason,
                dataset,
                quarters: vec![quarter],
                missing_units: value.missing_units(),
            }),
        }
    }
    found
}

/// Why rows are in quarantine, most frequent first, with the true counts.
pub(super) fn reasons(all: &AllIngested, problems: &[Problem]) -> Vec<QuarantineLine> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for (code, count) in all.exports.iter().flat_map(|one| &one.kept.counts) {
        *counts.entry(code.as_str()).or_default() += count;
    }
    for problem in &all.others {
        *counts.entry(problem.rule.code).or_default() += 1;
    }
    let mut lines: Vec<QuarantineLine> = counts
        .into_iter()
        .filter_map(|(code, count)| {
            let rule = rules::ALL.iter().find(|rule| rule.code == code)?;
            let first = problems.iter().find(|problem| problem.rule.code == code)?;
            (rule.severity != crate::vocab::Severity::Note).then(|| QuarantineLine {
                code: code.to_owned(),
                zh: rule.zh.to_owned(),
                en: rule.en.to_owned(),
                count,
                first: first.place.to_string(),
            })
        })
        .collect();
    lines.sort_by(|a, b| (b.count, &a.code).cmp(&(a.count, &b.code)));
    lines
}

fn count_warnings(all: &AllIngested) -> u64 {
    let grave =
        |code: &str| rules::ALL.iter().any(|rule| rule.code == code && rule.severity != crate::vocab::Severity::Note);
    let counted: u64 = all
        .exports
        .iter()
        .flat_map(|one| &one.kept.counts)
        .filter(|(code, _)| grave(code))
        .map(|(_, count)| count)
        .sum();
    counted + all.gone.len() as u64 + all.others.iter().filter(|problem| grave(problem.rule.code)).count() as u64
}
