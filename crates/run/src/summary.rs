//! What a run says at its end.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::due::Owed;
use super::fetching::Trouble;
use super::ingested::{AllIngested, Ingested, is_refused};
use super::mended;
use super::open::{Open, QuarantineLine};
use super::quality::Revised;
use super::setup::Setup;
use super::standing::Readers;
use model::indicators::{ObsStatus, Reason, Value, round};
use model::places::Place;
use report::GAP_DECIMALS;
use store::Store;
use vocab::level::Level;
use vocab::period::Quarter;
use vocab::rules::{self, Rule};
use vocab::{Problem, Severity};

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

/// What was published, what it says, what was set aside, and where to look.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Summary {
    /// The release.
    pub release: String,
    /// Whether its readers now see it; not so while another one is held, or where a part only was asked for.
    pub is_current: bool,
    /// What its readers see.
    pub readers: Readers,
    /// What is or was wrong with the store.
    #[serde(skip)]
    pub store: Vec<Problem>,
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
    /// What is late by the calendar of the pipeline, and was done without.
    pub late: Vec<Owed>,
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
    /// What was left out, inferred, restored or recoded, with how often.
    pub notes: Vec<QuarantineLine>,
    /// Warnings and errors in all.
    pub warnings: u64,
    /// What changed in the figures of the release that stood before, if there was one for the same readers.
    pub revised: Option<Revised>,
}

pub(super) fn summarise(
    setup: &Setup,
    store: &Store,
    all: &AllIngested,
    values: &[Value],
    open: Open,
    release: String,
    readers: Readers,
) -> Summary {
    let store_problems: Vec<Problem> = all.store.iter().cloned().chain(store.noted()).collect();
    // All values of a place share it: there are few places, and many values.
    let places: HashMap<*const Place, &Place, FixedState> =
        values.iter().map(|value| (Arc::as_ptr(&value.place), &*value.place)).collect();
    let quarters = || places.values().map(|place| place.quarter);
    let (first, last) = (quarters().min(), quarters().max());
    let distinct: HashSet<(Level, &str)> = places.values().map(|place| (place.level, &*place.ref_area)).collect();
    let mut areas: BTreeMap<String, usize> = BTreeMap::new();
    for (level, _) in distinct {
        *areas.entry(level.to_string()).or_default() += 1;
    }
    let headlines = values
        .iter()
        .filter(|value| value.place.level == Level::Province && Some(value.place.quarter) == last)
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
        is_current: readers.current.as_ref() == Some(&release),
        readers,
        release,
        notice: setup.config.site.notice.clone(),
        as_of: setup.options.as_of.map(|day| day.to_string()),
        quarters: (label(first), label(last)),
        areas,
        indicator_rows: values.len(),
        exports: all.exports.len(),
        facts: all.exports.iter().map(|one| one.ingest.rows_facts).sum(),
        quarantined: all.exports.iter().map(|one| one.ingest.rows_quarantined).sum(),
        repeated: all.repeated.clone(),
        gone: all.gone.clone(),
        troubles: Vec::new(),
        late: Vec::new(),
        corrected: all.exports.iter().map(|one| one.kept.corrected()).sum(),
        refused: all.exports.iter().filter(|one| is_refused(one)).map(|one| one.export.name.clone()).collect(),
        between_quarters: all.exports.iter().filter(|one| one.is_between_quarters()).count(),
        headlines,
        doubts: doubts(setup, values),
        quarantine: open.lines,
        notes: notes(all.exports.iter(), &all.problems()),
        warnings: open.warnings
            + (all.gone.len() + store_problems.iter().filter(|p| p.rule.severity != Severity::Note).count()) as u64,
        store: store_problems,
        revised: None,
    }
}

fn label(quarter: Option<Quarter>) -> String {
    quarter.map(|quarter| quarter.to_string()).unwrap_or_default()
}

/// What is missing of the province's headline indicators, in all quarters.
fn doubts(setup: &Setup, values: &[Value]) -> Vec<Doubt> {
    let mut found: Vec<Doubt> = Vec::new();
    for value in values.iter().filter(|value| value.place.level == Level::Province) {
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
        let quarter = value.place.quarter.to_string();
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

/// Why rows are in quarantine, most frequent first, with the true counts. `others` belong to no export.
pub(super) fn reasons<'a>(
    exports: impl Iterator<Item = &'a Ingested>,
    others: &'a [Problem],
    problems: &[Problem],
) -> Vec<QuarantineLine> {
    let mut counts = counts(exports);
    for problem in others {
        *counts.entry(problem.rule.code).or_default() += 1;
    }
    lines(counts, problems, |rule| rule.severity != Severity::Note)
}

/// What was left out, inferred, restored or recoded, most frequent first.
fn notes<'a>(exports: impl Iterator<Item = &'a Ingested>, problems: &[Problem]) -> Vec<QuarantineLine> {
    lines(counts(exports), problems, |rule| rules::NOTED.contains(&rule))
}

fn counts<'a>(exports: impl Iterator<Item = &'a Ingested>) -> BTreeMap<&'a str, u64> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for (code, count) in exports.flat_map(|one| &one.kept.counts) {
        *counts.entry(code.as_str()).or_default() += count;
    }
    counts
}

/// One line for each code that is wanted, most frequent first.
fn lines(
    counts: BTreeMap<&str, u64>,
    problems: &[Problem],
    wanted: impl Fn(&'static Rule) -> bool,
) -> Vec<QuarantineLine> {
    let line = |(code, count): (&str, u64)| {
        let rule = rules::by_code(code).filter(|rule| wanted(rule))?;
        let first = problems.iter().find(|problem| problem.rule.code == code)?;
        let (zh, en) = (rule.zh.to_owned(), rule.en.to_owned());
        Some(QuarantineLine { code: code.to_owned(), zh, en, count, first: first.place.to_string() })
    };
    let mut lines: Vec<QuarantineLine> = counts.into_iter().filter_map(line).collect();
    lines.sort_by(|a, b| (b.count, &a.code).cmp(&(a.count, &b.code)));
    lines
}

/// What is open in a release that is made from these exports; `problems` are all that were found. What was wrong with an export that
/// was sent again as a whole is mended.
pub(super) fn open(setup: &Setup, all: &AllIngested, problems: &[Problem]) -> Open {
    let replaced = mended::replaced(setup, &all.exports);
    let exports = || all.exports.iter().filter(|one| !replaced.contains(one.export.name.as_str()));
    let is_open = |problem: &&Problem| !replaced.contains(problem.place.file.as_str());
    let problems: Vec<Problem> = problems.iter().filter(is_open).cloned().collect();
    let is_grave = |code: &str| rules::by_code(code).is_some_and(|rule| rule.severity != Severity::Note);
    let counts = exports().flat_map(|one| &one.kept.counts).filter(|(code, _)| is_grave(code));
    let others = all.others.iter().filter(|problem| is_grave(problem.rule.code)).count() as u64;
    let warnings = counts.map(|(_, count)| count).sum::<u64>() + others;
    Open { warnings, lines: reasons(exports(), &all.others, &problems) }
}
