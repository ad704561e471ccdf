//! Exports to facts: each export on its own, as many at a time as there are processors.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::str::FromStr as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::exports::{Exports, Received};
use super::load::{Fresh, Prepared};
use super::mend;
use super::setup::{Failure, Setup};
use super::{Event, Observer};
use crate::clean::{self, Cleaned, Figures, Findings, Ledger, Registers, clean};
use crate::config::correction::Correction;
use crate::config::source::{Across, Kind, PeriodFrom, Source};
use crate::layout::{self, LaidOut};
use crate::read::{self, Book, Encoding, Expect, Format};
use crate::store::{self, Digest, InUse, Ingest, Shelf, Store};
use crate::vocab::frame::Frame;
use crate::vocab::period::Quarter;
use crate::vocab::{Place, Problem, Severity, rules};

/// A problem as it is kept in the catalogue: everything that does not follow from its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptProblem {
    pub(super) code: String,
    pub(super) file: String,
    pub(super) sheet: String,
    pub(super) row: Option<u32>,
    pub(super) column: Option<u32>,
    pub(super) value: Option<String>,
    pub(super) expected: Vec<String>,
}

/// Problems of one export: the first ones whole, all of them counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptProblems {
    pub(super) counts: BTreeMap<String, u64>,
    pub(super) problems: Vec<KeptProblem>,
    pub(super) ledger: [u64; 7],
    #[serde(default)]
    pub(super) figures: [u64; 9],
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

/// One export with its facts.
#[derive(Debug, Clone)]
pub(super) struct Ingested {
    pub(super) export: Received,
    pub(super) ingest: Ingest,
    pub(super) kept: KeptProblems,
}

impl Ingested {
    /// The day that decides between vintages: when its content was issued, or issued again.
    pub(super) fn issued(&self) -> Option<i64> {
        self.export.reissued.or_else(|| self.ingest.vintage.as_deref()?.parse().ok())
    }
}

/// All exports of a run with their facts, in the order of their names.
#[derive(Debug, Clone, Default)]
pub(super) struct AllIngested {
    pub(super) exports: Vec<Ingested>,
    /// Problems that belong to no ingested export.
    pub(super) others: Vec<Problem>,
    pub(super) keys: Vec<Digest>,
    /// Exports whose content is that of another one, with the other's name.
    pub(super) repeated: Vec<(String, String)>,
    /// Exports of the release that stands that are there no more.
    pub(super) gone: Vec<String>,
    /// What was wrong with the store. It is in no release: that has the same bytes whatever happened to its store.
    pub(super) store: Vec<Problem>,
}

/// Exports between two transactions of the catalogue: one for each would wait for the disk longer than the work takes.
const BATCH: usize = 32;

/// Makes the facts of every export that has none yet, and gives what models read of these.
pub(super) fn ingest(
    setup: &Setup,
    store: &Store,
    exports: &Exports,
    observer: &dyn Observer,
) -> Result<(AllIngested, Fresh), Failure> {
    // A row that is damaged is not among them: its export is read again.
    let known: BTreeMap<Digest, Ingest> =
        store.catalog().ingests()?.into_iter().map(|ingest| (ingest.key, ingest)).collect();
    let claimed: Vec<(&Received, Digest)> =
        exports.used(setup).filter_map(|export| Some((export, export.key(setup)?))).collect();
    let mut kept: BTreeMap<Digest, KeptProblems> =
        claimed.iter().filter_map(|(_, key)| Some((*key, KeptProblems::of(known.get(key)?)?))).collect();
    let unreadable = |(export, key): &(&Received, Digest)| {
        let is_unreadable = known.contains_key(key) && !kept.contains_key(key);
        is_unreadable.then(|| Problem::new(&rules::FINDINGS_UNREADABLE, Place::file(&export.name)))
    };
    let unreadable: Vec<Problem> = claimed.iter().filter_map(unreadable).collect();
    let is_whole = |ingest: &Ingest| kept.contains_key(&ingest.key) && files_are_there(store, ingest);
    let is_due = |key: &Digest| !known.get(key).is_some_and(is_whole);
    let due: Vec<(&Received, Digest)> = claimed.iter().filter(|(_, key)| is_due(key)).copied().collect();
    observer.event(Event::StageStarted { stage: "ingest", steps: due.len() as u64 });
    if !due.is_empty() {
        setup.registers()?;
    }
    let (ingests, fresh) = make_all(setup, store, due, observer)?;
    let mut made: BTreeMap<Digest, Ingest> = ingests.into_iter().map(|ingest| (ingest.key, ingest)).collect();
    let rows = made.values().map(|ingest| ingest.rows_total).sum();
    observer.event(Event::StageDone { stage: "ingest", rows });

    let mut all = AllIngested { keys: exports.keys(setup), store: unreadable, ..AllIngested::default() };
    // A look back does not change what `quarantine` and `replay` start from.
    if setup.options.as_of.is_none() {
        remember(store, &claimed)?;
    }
    all.repeated.extend(exports.used(setup).filter_map(|export| Some((export.name.clone(), export.same_as.clone()?))));
    for (export, key) in claimed {
        let ingest = made.remove(&key);
        let fresh = ingest.as_ref().and_then(KeptProblems::of);
        let Some(ingest) = ingest.or_else(|| known.get(&key).cloned()) else { continue };
        // A day that stands in the file is known only now.
        let issued: Option<i64> = ingest.vintage.as_deref().and_then(|day| day.parse().ok());
        if setup.options.as_of.is_some_and(|day| issued.is_some_and(|issued| issued > day)) {
            continue;
        }
        if let Some(problem) = setup.cannot_be(&export.name, &ingest) {
            all.others.push(problem);
            continue;
        }
        let Some(kept) = fresh.or_else(|| kept.remove(&key)) else { continue };
        all.exports.push(Ingested { export: export.clone(), ingest, kept });
    }
    all.others.extend(exports.used(setup).filter_map(|export| export.problem.clone()));
    all.others.extend(exports.problems.iter().cloned());
    Ok((all, fresh))
}

/// Says which ingests are in use now, for `quarantine` and `replay`. Before the gates: what they refuse is what is looked at.
fn remember(store: &Store, claimed: &[(&Received, Digest)]) -> Result<(), Failure> {
    let in_use: Vec<InUse> = claimed
        .iter()
        .map(|(export, key)| InUse { name: export.name.clone(), digest: export.digest, ingest: *key })
        .collect();
    Ok(store.catalog().put_in_use(&in_use)?)
}

fn files_are_there(store: &Store, ingest: &Ingest) -> bool {
    [&ingest.facts, &ingest.quarantine].into_iter().flatten().all(|kept| store.holds(&kept.file).unwrap_or(false))
}

/// Makes the facts of all these exports. As many are computed at a time as there are processors, the largest first, so
/// that the work ends everywhere at once; files are saved by threads of their own, which mostly wait for the disk.
fn make_all(
    setup: &Setup,
    store: &Store,
    mut due: Vec<(&Received, Digest)>,
    observer: &dyn Observer,
) -> Result<(Vec<Ingest>, Fresh), Failure> {
    due.sort_by_key(|(export, _)| Reverse(export.bytes));
    let made = Mutex::new(Made { store, unlisted: Vec::new(), listed: Vec::new(), fresh: Fresh::new(), failure: None });
    // Beside the mutex, which is held while the catalogue waits for the disk.
    let failed = AtomicBool::new(false);
    setup.waiting.in_place_scope(|saving| {
        setup.working.install(|| {
            due.into_par_iter().with_max_len(1).for_each(|(export, key)| {
                let (made, failed) = (&made, &failed);
                if failed.load(Ordering::Relaxed) {
                    return;
                }
                let add = |ingest| {
                    let is_failed = locked(made).add(ingest);
                    failed.fetch_or(is_failed, Ordering::Relaxed);
                };
                match one(setup, store, export, key) {
                    Ok((tables, prepared)) => saving.spawn(move |_| {
                        let saved = tables.save(store);
                        locked(made).fresh.extend(prepared.map(|prepared| (key, prepared)));
                        add(saved);
                        observer.event(Event::StepDone { stage: "ingest", item: export.name.clone() });
                    }),
                    Err(failure) => add(Err(failure)),
                }
            });
        });
    });
    made.into_inner().unwrap_or_else(PoisonError::into_inner).finish()
}

fn locked<'a, 'b>(made: &'a Mutex<Made<'b>>) -> MutexGuard<'a, Made<'b>> {
    made.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Exports whose files are saved.
struct Made<'a> {
    store: &'a Store,
    unlisted: Vec<Ingest>,
    /// Those that are in the catalogue: a run that is stopped goes on behind them.
    listed: Vec<Ingest>,
    fresh: Fresh,
    failure: Option<Failure>,
}

impl Made<'_> {
    /// Takes the next one; says whether one has failed.
    fn add(&mut self, ingest: Result<Ingest, Failure>) -> bool {
        match ingest {
            Ok(ingest) => self.unlisted.push(ingest),
            Err(failure) => self.failure = self.failure.take().or(Some(failure)),
        }
        if self.unlisted.len() >= BATCH
            && let Err(failure) = self.list()
        {
            self.failure = self.failure.take().or(Some(failure));
        }
        self.failure.is_some()
    }

    fn list(&mut self) -> Result<(), Failure> {
        self.store.settle()?;
        self.store.catalog().put_ingests(&self.unlisted)?;
        self.listed.append(&mut self.unlisted);
        Ok(())
    }

    fn finish(mut self) -> Result<(Vec<Ingest>, Fresh), Failure> {
        self.list()?;
        match self.failure {
            Some(failure) => Err(failure),
            None => Ok((self.listed, self.fresh)),
        }
    }
}

/// The facts and quarantine of an export as they will be on disk, and what the catalogue will say of them.
pub(super) struct Tables {
    facts: Vec<u8>,
    quarantine: Vec<u8>,
    ingest: Ingest,
}

impl Tables {
    pub(super) fn save(self, store: &Store) -> Result<Ingest, Failure> {
        let Tables { facts, quarantine, mut ingest } = self;
        let save = |shelf, bytes: Vec<u8>| match bytes.as_slice() {
            [] => Ok(None),
            bytes => store.save_table(shelf, &ingest.dataset, &ingest.key, bytes).map(Some),
        };
        (ingest.facts, ingest.quarantine) = (save(Shelf::Facts, facts)?, save(Shelf::Quarantine, quarantine)?);
        Ok(ingest)
    }
}

/// One export: read, laid out, cleaned, encoded; and what models read of its facts.
pub(super) fn one(
    setup: &Setup,
    store: &Store,
    export: &Received,
    key: Digest,
) -> Result<(Tables, Option<Prepared>), Failure> {
    let source = &setup.config.sources[export.source.unwrap_or_default()];
    let bytes = mend::raw(setup, store, export)?;
    let mut findings = Findings::new(setup.config.site.max_problems);
    let cleaned = transform(setup, source, export.input(setup, &bytes), &mut findings)?;
    drop(bytes);
    let ledger = cleaned.ledger;
    if !ledger.closes() {
        return Err(Failure::Ledger { file: export.name.clone(), rows: ledger.rows, accounted: ledger.accounted() });
    }
    let figures = cleaned.figures;
    if !figures.close() {
        let (all, accounted) = (figures.all, figures.accounted());
        return Err(Failure::Figures { file: export.name.clone(), figures: all, accounted });
    }
    // A table that was refused is still as old as its file says.
    let issued = cleaned.issued.or_else(|| clean::issued_outside(source, &export.name, export.received));
    let quarters = cleaned.facts.ints("quarter").unwrap_or_default();
    let named = |quarter: Option<i64>| Some(Quarter::from_index(i32::try_from(quarter?).ok()?)?.to_string());
    let ingest = Ingest {
        key,
        digest: export.digest,
        source: source.id.clone(),
        dataset: source.dataset.clone(),
        period_from: named(quarters.iter().flatten().min()),
        period_to: named(quarters.iter().flatten().max()),
        vintage: issued.map(|issued| issued.day.to_string()),
        vintage_from: issued.map(|issued| issued.by.as_str().to_owned()),
        rows_total: ledger.rows,
        rows_facts: ledger.facts,
        rows_quarantined: ledger.quarantined,
        rows_ignored: ledger.notes + ledger.blank,
        rows_other: ledger.preamble + ledger.header,
        facts: None,
        quarantine: None,
        problems_json: serde_json::to_string(&keep(&findings, ledger, figures)).unwrap_or_default(),
    };
    let encoded = |frame| encode(source, &export.name, frame);
    let tables = Tables { facts: encoded(&cleaned.facts)?, quarantine: encoded(&cleaned.quarantine)?, ingest };
    let is_read = cleaned.facts.rows() > 0 && setup.models.inputs().contains(source.dataset.as_str());
    Ok((tables, is_read.then(|| Prepared::of(setup, source, cleaned.facts)).transpose()?))
}

/// A table as Parquet; no bytes if it has no rows.
fn encode(source: &Source, name: &str, frame: &Frame) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    if frame.rows() > 0 {
        let metadata = BTreeMap::from([("mujun.source".to_owned(), source.id.clone())]);
        let written = store::parquet::write(frame, &metadata, &mut bytes);
        written.map_err(|source| Failure::Parquet { path: name.to_owned(), source })?;
    }
    Ok(bytes)
}

/// An export on its way to facts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Input<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Its content.
    pub(super) bytes: &'a [u8],
    /// Known errors.
    pub(super) corrections: &'a [Correction],
    /// The day it was first received, where that counts.
    pub(super) received: Option<i64>,
}

/// Bytes to facts: the part of a run that touches nothing outside.
pub(super) fn transform(
    setup: &Setup,
    source: &Source,
    input: Input<'_>,
    findings: &mut Findings,
) -> Result<Cleaned, Failure> {
    match read_export(setup, source, input, findings) {
        Some(book) => clean_book(setup, source, input, book, findings),
        None => Ok(Cleaned::default()),
    }
}

/// Bytes to grids, as the definition has them.
pub(super) fn read_export(setup: &Setup, source: &Source, input: Input<'_>, findings: &mut Findings) -> Option<Book> {
    let expect = Expect {
        format: source.format.as_deref().and_then(|format| Format::from_str(format).ok()),
        encoding: source.encoding.as_deref().and_then(|encoding| Encoding::from_str(encoding).ok()),
        sheet: source.sheet.as_deref(),
    };
    let (book, problems) = read::read(input.name, input.bytes, &expect, &setup.limits());
    findings.extend(problems);
    book
}

/// Grids to facts.
pub(super) fn clean_book(
    setup: &Setup,
    source: &Source,
    input: Input<'_>,
    book: Book,
    findings: &mut Findings,
) -> Result<Cleaned, Failure> {
    clean_with(&|| setup.registers(), source, input, book, findings)
}

/// Grids to facts, with registers that are read when a table needs them.
pub(super) fn clean_with<'r>(
    registers: &dyn Fn() -> Result<&'r Registers, Failure>,
    source: &Source,
    input: Input<'_>,
    mut book: Book,
    findings: &mut Findings,
) -> Result<Cleaned, Failure> {
    let Input { name, corrections, received, .. } = input;
    let corrected = clean::correct(corrections, name, &mut book.sheets, findings);
    let delimited = matches!(book.format, Format::Csv | Format::Tsv);
    let mut whole = Cleaned::default();
    let export = clean::Export { name, delimited, received };
    for part in layout::lay_out(&book.sheets, source, name) {
        whole.plus(clean_part(registers, source, export, part, findings)?);
    }
    if let Some(corrected) = corrected {
        corrected.tell(name, &mut whole);
    }
    Ok(whole)
}

fn clean_part<'r>(
    registers: &dyn Fn() -> Result<&'r Registers, Failure>,
    source: &Source,
    export: clean::Export<'_>,
    part: LaidOut<'_>,
    findings: &mut Findings,
) -> Result<Cleaned, Failure> {
    if part.other {
        findings.extend(part.problems);
        return Ok(clean::leave_out(&part.grid));
    }
    // A form of a month that is not used need not have the columns of a quarter.
    let month = if part.table.is_none() { clean::between_quarters(source, None, export.name) } else { None };
    if let Some(month) = month {
        return Ok(clean::pass_over(&part.grid, &part.place, month, findings));
    }
    let codes = clean::codes_of(&part.problems);
    findings.extend(part.problems);
    let Some(table) = part.table else { return Ok(clean::refuse(&part.grid, &part.place, &codes)) };
    Ok(clean(&part.grid, &table, source, registers()?, export, findings))
}

fn keep(findings: &Findings, ledger: Ledger, figures: Figures) -> KeptProblems {
    KeptProblems {
        counts: findings.counts().iter().map(|(code, count)| ((*code).to_owned(), *count)).collect(),
        problems: findings.kept().iter().map(KeptProblem::from).collect(),
        ledger: [
            ledger.rows,
            ledger.preamble,
            ledger.header,
            ledger.notes,
            ledger.blank,
            ledger.facts,
            ledger.quarantined,
        ],
        figures: figures.counts(),
    }
}

impl From<&Problem> for KeptProblem {
    fn from(problem: &Problem) -> Self {
        KeptProblem {
            code: problem.rule.code.to_owned(),
            file: problem.place.file.clone(),
            sheet: problem.place.sheet.clone(),
            row: problem.place.row,
            column: problem.place.column,
            value: problem.value.clone(),
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
            value: self.value.clone(),
            expected: self.expected.clone(),
        })
    }
}

impl Ingested {
    /// Whether the export is of a month that ends no quarter, and so no part of any figure.
    pub(super) fn is_between_quarters(&self) -> bool {
        self.ingest.rows_facts == 0 && self.kept.counts.contains_key(rules::BETWEEN_QUARTERS.code)
    }
}

/// Likewise of one that was read in an earlier run.
pub(super) fn was_between_quarters(ingest: &Ingest) -> bool {
    let is_told = |kept: KeptProblems| kept.counts.contains_key(rules::BETWEEN_QUARTERS.code);
    ingest.rows_facts == 0 && KeptProblems::of(ingest).is_some_and(is_told)
}

/// Whether a definition's facts carry quarters.
pub(super) fn has_quarters(source: &Source) -> bool {
    let in_rows = || source.columns.iter().any(|column| column.kind == Kind::Period && column.required);
    source.period == PeriodFrom::Caption || source.layout.across == Across::Period || in_rows()
}

/// Whether a problem stands for a file that gave nothing.
pub(super) fn is_refused(ingested: &Ingested) -> bool {
    ingested.ingest.rows_facts == 0
        && ingested.kept.problems.iter().filter_map(KeptProblem::restore).any(|p| p.rule.severity == Severity::Error)
}
