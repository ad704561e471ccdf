//! Metrics in the text format of Prometheus, as node_exporter's textfile collector takes them: each family once, lines that end in a
//! line feed, no times of their own.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::Timestamp;

use super::ran::{Ran, Watched};
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::setup::{FIGURES, READING, Setup, VERSION};
use store::{Held, Ingest, Pointer, Run, Store};

/// How runs end, as the catalogue says it; `interrupted` and no end at all among them.
const OUTCOMES: [&str; 8] =
    ["published", "nothing_to_do", "taken_in", "waits", "refused", "failed", "interrupted", "unfinished"];

/// The metrics after a command.
///
/// # Errors
/// When the store cannot be read.
pub(super) fn text(setup: &Setup, store: Option<&Store>, ran: &Ran<'_>) -> Result<String, Failure> {
    let mut page = Page { site: setup.config.observe.namespace.clone(), text: String::new() };
    let build = owned(&[("version", VERSION), ("reading", READING), ("figures", FIGURES)]);
    page.family("build_info", "The program, and what stands for its code.", vec![(build, 1.0)]);
    page.alone("exit_code", "What the last command ended with.", f64::from(ran.exit_code));
    let stages = |of: fn(&Watched) -> f64| -> Vec<Sample> {
        ran.stages.iter().map(|one| (owned(&[("stage", one.stage)]), of(one))).collect()
    };
    page.family("stage_duration_seconds", "How long each stage of the last command took.", stages(|one| one.seconds));
    page.family("stage_rows", "Rows that each stage of the last command handled.", stages(|one| one.rows as f64));
    let good = || ran.came.iter().filter_map(|came| came.as_ref().ok());
    if good().next().is_some() {
        let sum = |count: fn(&Outcome) -> u64| good().map(count).sum::<u64>() as f64;
        page.alone("warnings", "Warnings and errors of the data that are open.", sum(Outcome::warnings));
        page.alone("late", "Reports that are late by the calendar.", sum(|one| one.late() as u64));
        let unanswered = sum(|one| one.troubles().len() as u64);
        page.alone("unanswered_sources", "Sources with an address that gave no good answer.", unanswered);
    }
    if let Some(store) = store {
        of_runs(&mut page, &store.catalog().runs()?);
        of_exports(&mut page, setup, store)?;
        of_readers(&mut page, store)?;
        let bytes = store.usage()?.into_iter().map(|one| (owned(&[("part", one.part)]), one.bytes as f64));
        page.family("store_bytes", "What the store takes on the disk.", bytes.collect());
    }
    Ok(page.text)
}

/// The last run of each pipeline, and its last success.
fn of_runs(page: &mut Page, runs: &[Run]) {
    let mut last: BTreeMap<&str, &Run> = BTreeMap::new();
    let mut success: BTreeMap<&str, &Run> = BTreeMap::new();
    for run in runs {
        let pipeline = run.pipeline.as_deref().unwrap_or_default();
        last.insert(pipeline, run);
        if matches!(run.outcome.as_deref(), Some("published" | "nothing_to_do")) {
            success.insert(pipeline, run);
        }
    }
    let times = |runs: &BTreeMap<&str, &Run>, time: fn(&Run) -> Option<&str>| -> Vec<Sample> {
        let of = |(pipeline, run): (&&str, &&Run)| Some((owned(&[("pipeline", pipeline)]), seconds(time(run)?)?));
        runs.iter().filter_map(of).collect()
    };
    let started: fn(&Run) -> Option<&str> = |run| Some(&run.started);
    page.family("run_start_timestamp_seconds", "When the last run of a pipeline started.", times(&last, started));
    page.family("run_end_timestamp_seconds", "When it ended.", times(&last, |run| run.finished.as_deref()));
    let outcomes = last.iter().flat_map(|(pipeline, run)| {
        let came = run.outcome.as_deref().unwrap_or("unfinished");
        OUTCOMES.map(|outcome| {
            (owned(&[("pipeline", pipeline), ("outcome", outcome)]), f64::from(u8::from(outcome == came)))
        })
    });
    page.family("run_outcome", "How it ended: one for that, zero for the others.", outcomes.collect());
    let help = "When the last run started that published, or found nothing to do.";
    page.family("success_timestamp_seconds", help, times(&success, started));
}

/// What came of the exports in use, by source.
fn of_exports(page: &mut Page, setup: &Setup, store: &Store) -> Result<(), Failure> {
    let mut sources: BTreeMap<&str, Vec<&Ingest>> =
        setup.config.sources.iter().map(|source| (source.id.as_str(), Vec::new())).collect();
    let in_use = store.catalog().in_use()?;
    for (_, ingest) in &in_use {
        sources.entry(&ingest.source).or_default().push(ingest);
    }
    let sums = |count: fn(&Ingest) -> u64| -> Vec<Sample> {
        let sum = |of: &Vec<&Ingest>| of.iter().map(|ingest| count(ingest)).sum::<u64>() as f64;
        sources.iter().map(|(source, of)| (owned(&[("source", source)]), sum(of))).collect()
    };
    page.family("exports", "Exports in use.", sums(|_| 1));
    page.family("facts_rows", "Rows of theirs that are facts.", sums(|ingest| ingest.rows_facts));
    page.family("quarantined_rows", "Rows of theirs that are set aside.", sums(|ingest| ingest.rows_quarantined));
    let total = |count: fn(&Ingest) -> u64| in_use.iter().map(|(_, ingest)| count(ingest)).sum::<u64>();
    let (facts, aside) = (total(|ingest| ingest.rows_facts), total(|ingest| ingest.rows_quarantined));
    let ratio = aside as f64 / (facts + aside).max(1) as f64;
    page.alone("quarantined_ratio", "Share of all data rows that is set aside.", ratio);
    let mut newest: BTreeMap<&str, f64> = BTreeMap::new();
    let exports = store.catalog().exports()?;
    for export in &exports {
        if let (Some(source), Some(received)) = (export.source.as_deref(), seconds(&export.first_seen_run)) {
            let newest = newest.entry(source).or_insert(received);
            *newest = newest.max(received);
        }
    }
    let received = newest.into_iter().map(|(source, at)| (owned(&[("source", source)]), at));
    page.family(
        "newest_export_timestamp_seconds",
        "When the newest export of a source was received.",
        received.collect(),
    );
    Ok(())
}

/// What readers see.
fn of_readers(page: &mut Page, store: &Store) -> Result<(), Failure> {
    let published = store.published()?;
    let (mut seen, mut since, mut held) = (Vec::new(), Vec::new(), Vec::new());
    for pointer in Pointer::ALL {
        let name = || owned(&[("pointer", pointer.name())]);
        let Some(release) = store.pointed(pointer)? else { continue };
        let time = published.iter().find(|one| one.id == release).and_then(|one| seconds(&one.published));
        since.extend(time.map(|time| (name(), time)));
        held.push((name(), f64::from(u8::from(matches!(store.held(pointer)?, Held::At(_))))));
        seen.push((owned(&[("pointer", pointer.name()), ("release", &release)]), 1.0));
    }
    page.family("release_info", "The release that readers see.", seen);
    page.family("release_timestamp_seconds", "When it was published last.", since);
    page.family("release_held", "Whether an operator keeps readers there.", held);
    Ok(())
}

/// A time of the catalogue in seconds since 1970.
fn seconds(time: &str) -> Option<f64> {
    Some(time.parse::<Timestamp>().ok()?.as_second() as f64)
}

/// Labels and a value.
type Sample = (Vec<(&'static str, String)>, f64);

fn owned(labels: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    labels.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

/// A page of families. Those of other programs have other names, and every series has its site: of two sites on one machine that
/// had the same series the collector would drop one, without a word.
struct Page {
    site: String,
    text: String,
}

impl Page {
    /// A family of one sample without labels of its own.
    fn alone(&mut self, name: &str, help: &str, value: f64) {
        self.family(name, help, vec![(Vec::new(), value)]);
    }

    /// A family that has no sample is left out.
    fn family(&mut self, name: &str, help: &str, samples: Vec<Sample>) {
        if samples.is_empty() {
            return;
        }
        // Writing into a text cannot fail.
        let _ = writeln!(self.text, "# HELP mujun_{name} {help}\n# TYPE mujun_{name} gauge");
        for (mut labels, value) in samples {
            labels.insert(0, ("site", self.site.clone()));
            let labels: Vec<String> =
                labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
            let _ = writeln!(self.text, "mujun_{name}{{{}}} {value}", labels.join(","));
        }
    }
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
