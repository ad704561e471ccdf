//! From facts to a release: models, indicators, protection, gates, and one complete release.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::arrivals;
use super::ingest::{AllIngested, Ingested, KeptProblem};
use super::last_quarter;
use super::load::{self, Fresh, Loaded};
use super::overflow;
use super::quality;
use super::schema;
use super::setup::{Failure, Setup};
use super::summary::{self, Summary};
use super::{Event, Observer, Plan, Trouble};
use crate::model::indicators::{self, Known};
use crate::model::{classification, engine};
use crate::protect::{Profile, protect};
use crate::publish::{self, Edition, Language, Release, assemble, handbook};
use crate::store::{self, Run, Store};
use crate::vocab::frame::{Frame, Values};
use crate::vocab::{Problem, Severity};

/// What came of a run.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A release was published.
    Published(Box<Summary>),
    /// There was nothing to do: this release stands.
    NothingToDo {
        /// The release that stands.
        release: String,
        /// Exports whose content is that of another one, with the other's name.
        repeated: Vec<(String, String)>,
        /// Sources with an address that gave no good answer.
        troubles: Vec<Trouble>,
        /// Exports that the last run used and that are there no more.
        gone: Vec<String>,
        /// What lies in the inbox and is not taken.
        not_taken: Vec<Problem>,
    },
}

impl Outcome {
    /// Sources with an address that gave no good answer.
    pub fn troubles(&self) -> &[Trouble] {
        match self {
            Outcome::Published(summary) => &summary.troubles,
            Outcome::NothingToDo { troubles, .. } => troubles,
        }
    }

    /// With what fetching found wrong.
    pub(super) fn with(mut self, found: Vec<Trouble>) -> Outcome {
        match &mut self {
            Outcome::Published(summary) => summary.troubles = found,
            Outcome::NothingToDo { troubles, .. } => *troubles = found,
        }
        self
    }
}

/// Tables that are published beneath the indicators.
const WIDE: &[&str] = &["area_quarter", "cluster_quarter", "park_industry_quarter"];

/// The release that stands, without opening the store for writing.
pub(super) fn nothing_to_do(setup: &Setup, plan: &Plan) -> Result<Outcome, Failure> {
    let release = Store::open_existing(&setup.store_dir)?.current()?.unwrap_or_default();
    let repeated = plan.exports.iter().filter_map(|export| Some((export.name.clone(), export.same_as.clone()?)));
    let (gone, not_taken) = (plan.gone.clone(), plan.not_taken.clone());
    Ok(Outcome::NothingToDo { release, repeated: repeated.collect(), gone, not_taken, troubles: Vec::new() })
}

/// Publishes what the ingested exports give.
pub(super) fn publish(
    setup: &Setup,
    store: &Store,
    mut all: AllIngested,
    fresh: Fresh,
    started: &str,
    observer: &dyn Observer,
) -> Result<Outcome, Failure> {
    let id = setup.release_id(&all.keys);
    if store.current()?.as_ref() == Some(&id) {
        let not_taken = all.others.into_iter().filter(|problem| arrivals::RULES.contains(&problem.rule)).collect();
        return Ok(Outcome::NothingToDo {
            release: id,
            repeated: all.repeated,
            gone: all.gone,
            not_taken,
            troubles: Vec::new(),
        });
    }
    check_gates(setup, &all)?;
    let steps = setup.models.ordered().len() as u64;
    observer.event(Event::StageStarted { stage: "model", steps });
    let Loaded { tables, collected, vintage, rows, problems: between } = load::load(setup, store, &all, fresh)?;
    all.others.extend(between);
    all.others.extend(last_quarter::check(setup, store, &all, &collected, &|| told_reasons(&all))?);
    let too_large = |error| overflow::failure(setup, store, &all, error);
    let made = run_models(setup, tables).map_err(too_large)?;
    let empty = Frame::new();
    let areas = made.get("area_quarter").unwrap_or(&empty);
    let mistakes = schema::mistakes(&setup.config, &schema::columns_of(areas), &setup.dictionary);
    if !mistakes.is_empty() {
        return Err(Failure::Configuration(mistakes));
    }
    check_panels(setup, areas)?;
    let known =
        Known { sources: &setup.config.sources, collected: &collected, sufficiency: setup.config.site.sufficiency };
    let values =
        indicators::compute(&setup.config.indicators, setup.config.assessment(), areas, known).map_err(too_large)?;
    observer.event(Event::StageDone { stage: "model", rows });

    let (mut values, withheld) = protect(values, &setup.config.indicators, &setup.config.site, setup.options.profile);
    let in_span = |quarter: i64| setup.options.span.is_none_or(|span| (span.from..=span.to).contains(&quarter));
    values.retain(|value| in_span(value.place.quarter));
    if values.is_empty() {
        return Err(Failure::Gate("no quarter of those asked for has data".to_owned()));
    }
    let checked = quality::check(setup, &made, &values, &|| told_reasons(&all))?;
    all.others.extend(checked.problems);
    let all = &all;
    let is_wide = |name: &str| WIDE.contains(&name) || name == classification::TABLE;
    let wide = made.into_iter().filter(|(name, _)| is_wide(name));
    let wide: Vec<(String, Frame)> = wide.map(|(name, frame)| (name, only(frame, in_span))).collect();
    let problems: Vec<Problem> = problems(all).into_iter().chain(withheld).collect();
    let mut tables = vec![("ledger", ledger_table(all)), ("problems", problem_table(&problems))];
    tables.extend(checked.tables);
    let whole = Edition { release: id.clone(), vintage: vintage.map(summary::day) };
    let editions = RefCell::new(BTreeMap::new());
    let edition =
        |quarter: i64| editions.borrow_mut().entry(quarter).or_insert_with(|| edition(setup, all, quarter)).clone();
    let mut release =
        assemble(&values, &setup.config.indicators, &wide, tables, setup.options.profile, &edition, &whole);
    let revised = quality::revisions(setup, store, all, &values, &id, &edition)?;
    let notice = &setup.config.site.notice;
    release.files.push(("dictionary.json".to_owned(), setup.dictionary.to_json(&setup.config.indicators, notice)));
    release.files.push(("dictionary.csv".to_owned(), setup.dictionary.to_csv(&setup.config.indicators)));
    for (name, language) in [("indicators.md", Language::English), ("indicators.zh-CN.md", Language::Chinese)] {
        release.files.push((name.to_owned(), handbook(&setup.config, &setup.dictionary, language)));
    }

    let steps = (release.count + release.files.len()) as u64;
    observer.event(Event::StageStarted { stage: "publish", steps });
    let is_current = write(setup, store, &release, &id, observer)?;
    observer.event(Event::StageDone { stage: "publish", rows: values.len() as u64 });
    store.catalog().put_run(&Run {
        id: format!("{started} {id}"),
        started: started.to_owned(),
        finished: None,
        outcome: Some("published".to_owned()),
        release: Some(id.clone()),
    })?;
    let summary = summary::summarise(setup, store, all, &values, &problems, id, is_current);
    Ok(Outcome::Published(Box::new(Summary { revised, ..summary })))
}

/// The tables that are published and those that are looked at. The list of classified enterprises is made for the internal
/// profile alone: a public run never holds it.
fn run_models(
    setup: &Setup,
    tables: BTreeMap<String, engine::Table>,
) -> Result<BTreeMap<String, Frame>, engine::Error> {
    let has_list = setup.options.profile == Profile::Internal;
    let is_wanted = |table: &str| WIDE.contains(&table) || quality::LOOKED_AT.contains(&table);
    let mut made =
        engine::run(&setup.models, tables, |table| is_wanted(table) || has_list && table == classification::TABLE)?;
    if let Some(list) = made.remove(classification::TABLE) {
        made.insert(classification::TABLE.to_owned(), unit_list(list));
    }
    Ok(made)
}

/// The list of classified enterprises as people know them: by organisation code and park.
fn unit_list(list: Frame) -> Frame {
    let numbers = list.ints("unit_number").unwrap_or_default();
    let codes = Values::Text(numbers.iter().map(|number| number.map(load::unit_code)).collect());
    let points = list.columns().iter().filter(|(name, _)| name.starts_with("score_"));
    let plain = ["quarter", "park_code", "class", "land_micromu"]
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), list.column(name)?.clone())));
    let columns = plain.chain(points.cloned());
    columns.fold(Frame::new().with("unit_code", codes), |frame, (name, values)| frame.with(name, values))
}

/// What the figures of a quarter are made from: every export but those that begin later, or are of a month within a quarter.
fn edition(setup: &Setup, all: &AllIngested, quarter: i64) -> Edition {
    let label = publish::label(quarter);
    let later = |one: &&Ingested| one.ingest.period_from.as_ref().is_some_and(|from| *from > label);
    let is_used = |one: &&Ingested| !later(one) && !one.is_between_quarters();
    let left_out: BTreeSet<_> = all.exports.iter().filter(|one| !is_used(one)).map(|one| one.ingest.key).collect();
    let keys: Vec<_> = all.keys.iter().filter(|key| !left_out.contains(key)).copied().collect();
    let used = all.exports.iter().filter(is_used);
    let vintage = used.filter_map(|one| one.ingest.vintage.as_deref()?.parse().ok()).max();
    Edition { release: setup.release_id(&keys), vintage: vintage.map(summary::day) }
}

fn write(
    setup: &Setup,
    store: &Store,
    release: &Release<'_>,
    id: &str,
    observer: &dyn Observer,
) -> Result<bool, Failure> {
    let mut about = BTreeMap::from([
        ("program".to_owned(), format!("mujun {}", env!("CARGO_PKG_VERSION"))),
        ("profile".to_owned(), setup.options.profile.as_str().to_owned()),
    ]);
    if let Some(day) = setup.options.as_of {
        about.insert("as_of".to_owned(), summary::day(day));
    }
    if !setup.config.site.notice.is_empty() {
        about.insert("notice".to_owned(), setup.config.site.notice.clone());
    }
    let mut draft = store.begin_release(id)?;
    for (key, value) in &about {
        draft.about(key, value);
    }
    draft.about("release", id);
    // For the next plan; the footers of tables do not change with it.
    for (_, key, made_with) in setup.made_with() {
        draft.about(key, &made_with);
    }
    let draft_ref = &draft;
    let done = |item: &str| observer.event(Event::StepDone { stage: "publish", item: item.to_owned() });
    let save = |path: &str, bytes: &[u8]| -> Result<(), Failure> {
        draft_ref.save(path, bytes)?;
        done(path);
        Ok(())
    };
    let save_text = |(path, text): &publish::TextFile| save(path, text.as_bytes());
    let save_table = |table: &publish::Table| {
        let mut about = about.clone();
        about.insert("release".to_owned(), table.edition.release.clone());
        let footer = publish::footer(&table.name, &table.frame, &setup.dictionary, &about);
        let path = format!("{}/part-0.parquet", table.folder);
        let mut bytes = Vec::new();
        let encoded = store::parquet::write(&table.frame, &footer, &mut bytes);
        encoded.map_err(|source| Failure::Parquet { path: path.clone(), source })?;
        save(&path, &bytes)
    };
    let save_part = |part: &publish::Part<'_>| {
        let (table, text) = part();
        save_table(&table)?;
        text.as_ref().map_or(Ok(()), save_text)
    };
    setup.waiting.install(|| {
        // One at a time: a thread that took many would still be at work when all others are done.
        release.parts.par_iter().with_max_len(1).try_for_each(save_part)?;
        release.files.par_iter().with_max_len(1).try_for_each(save_text)
    })?;
    Ok(draft.commit()?.is_current)
}

/// A province's funds hang on these tables: with too much set aside, the last release stands.
fn check_gates(setup: &Setup, all: &AllIngested) -> Result<(), Failure> {
    let sum = |pick: fn(&store::Ingest) -> u64| all.exports.iter().map(|one| pick(&one.ingest)).sum::<u64>();
    let (facts, quarantined) = (sum(|i| i.rows_facts), sum(|i| i.rows_quarantined));
    let limit = setup.config.site.max_quarantine_share;
    let share = quarantined as f64 / (facts + quarantined).max(1) as f64;
    if share > limit {
        return Err(Failure::Gate(format!(
            "{quarantined} of {} rows are in quarantine ({:.1} %, the gate allows {:.1} %): {}; \
             have the exports mended, or raise gates.max_quarantine_share in site.toml",
            facts + quarantined,
            share * 100.0,
            limit * 100.0,
            told_reasons(all),
        )));
    }
    Ok(())
}

/// A park with more enterprises than its method can compare exactly has no points: better no release than one without its classes.
fn check_panels(setup: &Setup, areas: &Frame) -> Result<(), Failure> {
    let method = setup.config.method();
    let Some((method, most)) = method.and_then(|method| Some((method, classification::largest_panel(method)?))) else {
        return Ok(());
    };
    let evaluated = areas.ints("evaluated_units").unwrap_or_default();
    let text = |column: &str, row: usize| areas.texts(column).and_then(|texts| texts.get(row));
    let mut parks = (0..areas.rows()).filter(|&row| text("level", row) == Some("park"));
    let Some(row) = parks.find(|&row| evaluated.get(row).is_some_and(|count| count > most)) else { return Ok(()) };
    let park = text("ref_area", row).unwrap_or_default();
    Err(Failure::Gate(format!(
        "park {park} has {} evaluated enterprises; the points of classification/{}.toml can be compared exactly among up to {most}: \
         give it fewer measures with missing = \"park_mean\" or \"zero\", or weights with fewer decimals",
        evaluated.get(row).unwrap_or_default(),
        method.id,
    )))
}

/// What was found in the exports, for whoever must mend what a gate refuses.
fn told_reasons(all: &AllIngested) -> String {
    let reasons = summary::reasons(all, &problems(all));
    let told = reasons.iter().map(|line| format!("{} ×{} first at {}", line.code, line.count, line.first));
    told.collect::<Vec<_>>().join(", ")
}

/// The rows of the quarters that are published. The tables are large: one that is published whole is not copied.
fn only(frame: Frame, in_span: impl Fn(i64) -> bool) -> Frame {
    let Some(quarters) = frame.ints("quarter") else { return frame };
    let rows: Vec<usize> = (0..frame.rows()).filter(|&row| quarters.get(row).is_some_and(&in_span)).collect();
    if rows.len() == frame.rows() { frame } else { frame.take(&rows) }
}

/// Everything that was found wrong, by file and place; the notes of columns that a definition leaves out are not news.
pub(super) fn problems(all: &AllIngested) -> Vec<Problem> {
    let mut problems: Vec<Problem> = all
        .exports
        .iter()
        .flat_map(|one| &one.kept.problems)
        .filter_map(KeptProblem::restore)
        .chain(all.others.iter().cloned())
        .collect();
    problems.sort();
    problems
}

fn ledger_table(all: &AllIngested) -> Frame {
    let text = |pick: &dyn Fn(&super::ingest::Ingested) -> String| {
        Values::Text(all.exports.iter().map(|one| Some(pick(one))).collect())
    };
    let part =
        |index: usize| Values::Int(all.exports.iter().map(|one| i64::try_from(one.kept.ledger[index]).ok()).collect());
    Frame::new()
        .with("file", text(&|one| one.export.name.clone()))
        .with("source", text(&|one| one.ingest.source.clone()))
        .with("dataset", text(&|one| one.ingest.dataset.clone()))
        .with("sha256", text(&|one| one.export.digest.to_string()))
        .with("vintage", Values::Text(all.exports.iter().map(|one| one.ingest.vintage.as_deref()).collect()))
        .with("rows", part(0))
        .with("preamble", part(1))
        .with("header", part(2))
        .with("notes", part(3))
        .with("blank", part(4))
        .with("facts", part(5))
        .with("quarantined", part(6))
        .with("corrected", Values::Int(all.exports.iter().map(|one| Some(one.kept.corrected())).collect()))
}

fn problem_table(problems: &[Problem]) -> Frame {
    let shown: Vec<&Problem> = problems.iter().filter(|problem| problem.rule.severity != Severity::Note).collect();
    let text =
        |pick: &dyn Fn(&Problem) -> Option<String>| Values::Text(shown.iter().map(|problem| pick(problem)).collect());
    let int = |pick: &dyn Fn(&Problem) -> Option<u32>| {
        Values::Int(shown.iter().map(|problem| pick(problem).map(i64::from)).collect())
    };
    Frame::new()
        .with("file", text(&|p| Some(p.place.file.clone())))
        .with("sheet", text(&|p| Some(p.place.sheet.clone())))
        .with("row", int(&|p| p.place.row))
        .with("column", int(&|p| p.place.column))
        .with("code", text(&|p| Some(p.rule.code.to_owned())))
        .with("severity", text(&|p| Some(p.rule.severity.as_str().to_owned())))
        .with("rule_zh", text(&|p| Some(p.rule.zh.to_owned())))
        .with("rule_en", text(&|p| Some(p.rule.en.to_owned())))
        .with("found", text(&|p| p.value.clone()))
        .with("expected", text(&|p| Some(p.expected.join(", ")).filter(|text| !text.is_empty())))
        .with("hint_zh", text(&|p| Some(p.rule.hint_zh.to_owned())))
        .with("hint_en", text(&|p| Some(p.rule.hint_en.to_owned())))
}
