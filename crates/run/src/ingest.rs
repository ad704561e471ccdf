//! Exports to facts: each export on its own, as many at a time as there are processors.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use super::dates::day_of_issue;
use super::events::{Event, Observer};
use super::exports::Exports;
use super::facts;
use super::failure::Failure;
use super::ingested::{AllIngested, Ingested};
use super::prepared::Fresh;
use super::problems::KeptProblems;
use super::received::Claimed;
use super::setup::Setup;
use store::{Digest, InUse, Ingest, Store};
use vocab::{Place, Problem, rules};

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
    let claimed: Vec<Claimed<'_>> = exports.used(setup).filter_map(|export| export.claimed(setup)).collect();
    let mut kept: BTreeMap<Digest, KeptProblems> =
        claimed.iter().filter_map(|one| Some((one.key, KeptProblems::of(known.get(&one.key)?)?))).collect();
    let unreadable = |Claimed { export, key, .. }: &Claimed<'_>| {
        let is_unreadable = known.contains_key(key) && !kept.contains_key(key);
        is_unreadable.then(|| Problem::new(&rules::FINDINGS_UNREADABLE, Place::file(&export.name)))
    };
    let unreadable: Vec<Problem> = claimed.iter().filter_map(unreadable).collect();
    let is_whole = |ingest: &Ingest| kept.contains_key(&ingest.key) && files_are_there(store, ingest);
    let is_due = |key: &Digest| !known.get(key).is_some_and(is_whole);
    let due: Vec<Claimed<'_>> = claimed.iter().filter(|one| is_due(&one.key)).copied().collect();
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
    for Claimed { export, at, key, .. } in claimed {
        let ingest = made.remove(&key);
        let fresh = ingest.as_ref().and_then(KeptProblems::of);
        let Some(ingest) = ingest.or_else(|| known.get(&key).cloned()) else { continue };
        // A day that stands in the file is known only now.
        let issued = day_of_issue(&ingest);
        if setup.options.as_of.is_some_and(|day| issued.is_some_and(|issued| issued > day)) {
            continue;
        }
        if let Some(problem) = setup.cannot_be(&export.name, &ingest) {
            all.others.push(problem);
            continue;
        }
        let Some(kept) = fresh.or_else(|| kept.remove(&key)) else { continue };
        all.exports.push(Ingested { export: export.clone(), at, ingest, kept });
    }
    all.others.extend(exports.used(setup).filter_map(|export| export.problem.clone()));
    all.others.extend(exports.problems.iter().cloned());
    Ok((all, fresh))
}

/// Says which ingests are in use now, for `quarantine` and `replay`. Before the gates: what they refuse is what is looked at.
fn remember(store: &Store, claimed: &[Claimed<'_>]) -> Result<(), Failure> {
    let in_use =
        |one: &Claimed<'_>| InUse { name: one.export.name.clone(), digest: one.export.digest, ingest: one.key };
    let in_use: Vec<InUse> = claimed.iter().map(in_use).collect();
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
    mut due: Vec<Claimed<'_>>,
    observer: &dyn Observer,
) -> Result<(Vec<Ingest>, Fresh), Failure> {
    due.sort_by_key(|one| Reverse(one.export.bytes));
    let made = Mutex::new(Made { store, unlisted: Vec::new(), listed: Vec::new(), fresh: Fresh::new(), failure: None });
    // Beside the mutex, which is held while the catalogue waits for the disk.
    let failed = AtomicBool::new(false);
    setup.waiting.in_place_scope(|saving| {
        setup.working.install(|| {
            due.into_par_iter().with_max_len(1).for_each(|claimed| {
                let (made, failed) = (&made, &failed);
                if failed.load(Ordering::Relaxed) {
                    return;
                }
                let add = |ingest| {
                    let is_failed = locked(made).add(ingest);
                    failed.fetch_or(is_failed, Ordering::Relaxed);
                };
                match facts::one(setup, store, claimed) {
                    Ok((tables, prepared)) => saving.spawn(move |_| {
                        let saved = tables.save(store);
                        locked(made).fresh.extend(prepared.map(|prepared| (claimed.key, prepared)));
                        add(saved);
                        observer.event(Event::StepDone { stage: "ingest", item: claimed.export.name.clone() });
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
