//! `replay`: what a change of rules, aliases or registers does to the exports of the last run, before it takes effect.
//!
//! Every export whose definition, registers or program changed is read again from the raw bytes, in memory, and held
//! against what the last run made of it. Nothing is written: the next `run` makes the same facts and publishes them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use super::events::{Event, Observer};
use super::exports::{self, Exports};
use super::failure::Failure;
use super::load;
use super::quarantine::{BadRow, Filter, RowAddress, bad_rows, rows_of};
use super::received::Claimed;
use super::setup::Setup;
use super::transform::transform;
use clean::{Cleaned, Findings};
use store::{Ingest, Shelf, Store};
use vocab::frame::Frame;
use vocab::{Problem, Severity};

/// What became of a row that is or was in quarantine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowChange {
    /// It was bad and is a fact now.
    Fixed,
    /// It was bad and is.
    StillBad,
    /// It was good, or no row of data, and is bad now.
    New,
    /// It was bad and is no row of data now: a title, a header, a note.
    NoData,
}

/// A row that is or was in quarantine.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ReplayedRow {
    /// Where it stands.
    #[serde(flatten)]
    pub at: RowAddress,
    /// What became of it.
    pub change: RowChange,
    /// Its codes in the last run.
    pub before: Vec<String>,
    /// Its codes now.
    pub after: Vec<String>,
}

/// One export, then and now.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ReplayedExport {
    /// The export.
    pub file: String,
    /// The definition that claims it now.
    pub source: String,
    /// Its dataset.
    pub dataset: String,
    /// Whether something it depends on changed, so that it was read again.
    pub read_again: bool,
    /// Rows that became facts in the last run.
    pub good_before: u64,
    /// Rows that become facts now.
    pub good_after: u64,
    /// Rows that are facts then and now, with other values.
    pub values_changed: u64,
    /// Rows that are or were in quarantine, in the order of the export.
    pub rows: Vec<ReplayedRow>,
    /// What stands against the whole file now.
    pub file_codes: Vec<String>,
}

/// What a replay found.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Replay {
    /// Exports with something to tell, by name.
    pub exports: Vec<ReplayedExport>,
    /// Exports that were read again because something they depend on changed.
    pub read_again: usize,
    /// Exports that the last run did not see: a replay has nothing to hold them against.
    pub unseen: usize,
}

impl ReplayedExport {
    /// How many rows changed in this way.
    pub fn count(&self, change: RowChange) -> usize {
        self.rows.iter().filter(|row| row.change == change).count()
    }

    fn is_news(&self) -> bool {
        !self.rows.is_empty()
            || self.values_changed > 0
            || self.good_before != self.good_after
            || !self.file_codes.is_empty()
    }
}

impl Replay {
    /// Whether the next run would make other facts than the last one.
    pub fn takes_effect(&self) -> bool {
        self.exports.iter().any(|export| {
            export.values_changed > 0
                || export.good_before != export.good_after
                || export.rows.iter().any(|row| row.change != RowChange::StillBad || row.before != row.after)
        })
    }
}

/// Holds the exports of the last run against what would be made of them now. Nothing is changed.
///
/// # Errors
/// When there is no store, or configuration, registers, inbox or store cannot be read.
pub fn replay(setup: &Setup, filter: &Filter, observer: &dyn Observer) -> Result<Replay, Failure> {
    filter.check(setup)?;
    let store = Store::open_existing(&setup.store_dir)?;
    let exports = exports::look(setup, Some(&store))?;
    let last: BTreeMap<String, Ingest> = store.catalog().in_use()?.into_iter().collect();
    store.all_rows_are_whole()?;
    let (work, unseen) = work(setup, filter, &exports, &last);
    let read_again = work.iter().filter(|work| work.before.key != work.claimed.key).count();
    observer.event(Event::StageStarted { stage: "replay", steps: work.len() as u64 });
    let replayed: Vec<Result<ReplayedExport, Failure>> = setup.working.install(|| {
        let each = work.par_iter().map(|work| {
            let replayed = one(setup, &store, work)?;
            observer.event(Event::StepDone { stage: "replay", item: work.claimed.export.name.clone() });
            Ok(replayed)
        });
        each.collect()
    });
    let mut exports = replayed.into_iter().collect::<Result<Vec<_>, Failure>>()?;
    observer.event(Event::StageDone { stage: "replay", rows: exports.iter().map(|export| export.good_after).sum() });
    exports.retain(ReplayedExport::is_news);
    Ok(Replay { exports, read_again, unseen })
}

/// One export, with the key that its facts would have now, and what the last run made of it.
struct Work<'a> {
    claimed: Claimed<'a>,
    before: &'a Ingest,
}

/// The exports that the last run read and that a change concerns or that have rows in quarantine; and how many it did
/// not see.
fn work<'a>(
    setup: &'a Setup,
    filter: &Filter,
    exports: &'a Exports,
    last: &'a BTreeMap<String, Ingest>,
) -> (Vec<Work<'a>>, usize) {
    let (mut work, mut unseen) = (Vec::new(), 0);
    for export in exports.used(setup) {
        let Some(claimed) = export.claimed(setup) else { continue };
        let Claimed { source, key, .. } = claimed;
        if !filter.holds(&source.id, &source.dataset) {
            continue;
        }
        match last.get(&export.name).filter(|ingest| ingest.digest == export.digest) {
            None => unseen += 1,
            Some(before) if before.key != key || before.quarantine.is_some() => {
                work.push(Work { claimed, before });
            }
            Some(_) => {}
        }
    }
    (work, unseen)
}

fn one(setup: &Setup, store: &Store, work: &Work<'_>) -> Result<ReplayedExport, Failure> {
    let Work { claimed: Claimed { export, source, key, .. }, before } = work;
    let mut replayed = ReplayedExport {
        file: export.name.clone(),
        source: source.id.clone(),
        dataset: source.dataset.clone(),
        read_again: before.key != *key,
        good_before: before.rows_facts,
        good_after: before.rows_facts,
        values_changed: 0,
        rows: Vec::new(),
        file_codes: Vec::new(),
    };
    let was = bad_rows(&rows_of(store, before, |name| name != "cells")?);
    if !replayed.read_again {
        // Nothing it depends on changed, so nothing could come out otherwise.
        replayed.rows = compare(was.clone(), was, &BTreeSet::new());
        return Ok(replayed);
    }
    let mut findings = Findings::new(setup.config.site.max_problems);
    let bytes = store.read_raw(&export.digest)?;
    let Cleaned { facts, quarantine, ledger, .. } =
        transform(setup, source, export.input(setup, &bytes), &mut findings)?;
    let good = addresses(&facts);
    let facts_before = load::read_table(store, before, Shelf::Facts, |_| true)?;
    replayed.good_after = ledger.facts;
    replayed.values_changed = values_changed(&facts_before, &facts);
    replayed.rows = compare(was, bad_rows(&quarantine), &good.keys().map(|(at, _)| at.clone()).collect());
    let of_file = |problem: &&Problem| problem.place.row.is_none() && problem.rule.severity == Severity::Error;
    let codes: BTreeSet<&str> = findings.kept().iter().filter(of_file).map(|problem| problem.rule.code).collect();
    replayed.file_codes = codes.into_iter().map(str::to_owned).collect();
    Ok(replayed)
}

/// Rows that were bad against rows that are bad, by address: the bytes are the same, so an address is the same row.
fn compare(was: Vec<BadRow>, is: Vec<BadRow>, good: &BTreeSet<RowAddress>) -> Vec<ReplayedRow> {
    let mut now: BTreeMap<RowAddress, Vec<String>> = is.into_iter().map(|row| (row.at, row.codes)).collect();
    let mut rows: Vec<ReplayedRow> = was
        .into_iter()
        .map(|row| {
            let after = now.remove(&row.at);
            let change = match &after {
                Some(_) => RowChange::StillBad,
                None if good.contains(&row.at) => RowChange::Fixed,
                None => RowChange::NoData,
            };
            ReplayedRow { at: row.at, change, before: row.codes, after: after.unwrap_or_default() }
        })
        .collect();
    rows.extend(now.into_iter().map(|(at, after)| ReplayedRow {
        at,
        change: RowChange::New,
        before: Vec::new(),
        after,
    }));
    rows.sort_by(|a, b| a.at.cmp(&b.at));
    rows
}

/// Where each fact stands in `facts`: a row of the sheet gives one fact, or one for each column.
fn addresses(facts: &Frame) -> HashMap<(RowAddress, Option<i64>), usize> {
    let rows = facts.ints("source_row").unwrap_or_default();
    let columns = facts.ints("source_column");
    let sheets = facts.column("source_sheet");
    rows.iter()
        .enumerate()
        .map(|(at, row)| {
            let sheet = sheets.and_then(|sheets| sheets.text(at)).unwrap_or_default();
            let column = columns.and_then(|columns| columns.get(at));
            ((RowAddress { sheet, row: row.unwrap_or(0) }, column), at)
        })
        .collect()
}

/// Facts that are there before and after with other values; a column that came or went changes them all.
fn values_changed(before: &Frame, after: &Frame) -> u64 {
    // The same bytes: a file and its sheets have no other names.
    let origin = ["source_file", "source_sheet"];
    if before.rows() == 0 || before.clone().without(&origin) == after.clone().without(&origin) {
        return 0;
    }
    let (old, new) = (addresses(before), addresses(after));
    let mut names: BTreeSet<&str> = BTreeSet::new();
    names.extend(before.columns().iter().chain(after.columns()).map(|(name, _)| name.as_str()));
    let value = |frame: &Frame, name: &str, row: usize| frame.column(name).and_then(|values| values.text(row));
    let differs =
        |row: usize, other: usize| names.iter().any(|name| value(before, name, row) != value(after, name, other));
    new.iter().filter(|(at, row)| old.get(at).is_some_and(|other| differs(*other, **row))).count() as u64
}
