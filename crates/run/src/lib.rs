//! Conducts the other rooms: what is to be done and why, and then the doing.
//!
//! `plan` looks and changes nothing; `execute` does what the plan says, and stops at the gates before anything is published.

mod archives;
mod arrivals;
mod between;
mod check;
mod dates;
pub mod diff;
mod draft;
mod due;
mod events;
pub mod explain;
mod exports;
mod facts;
mod failure;
mod fetching;
mod gc;
mod ingest;
mod ingested;
mod inputs;
mod inspect;
mod inspection;
mod last_quarter;
mod load;
mod mend;
mod mended;
pub mod observed;
mod open;
mod outcome;
mod overflow;
mod plan;
mod prepared;
mod problems;
mod publish;
mod quality;
mod quarantine;
mod reason;
mod received;
mod replay;
mod schedule;
mod schema;
mod setup;
mod since;
mod standing;
mod status;
mod summary;
mod transform;
mod trials;
mod unproven;
mod verify;
mod vintages;

pub use check::{CheckReport, check};
pub use due::{Done, DuePlan, Owed, State, Turn, Verdict, plan_due, turns};
pub use events::{Event, Observer};
pub use exports::{Action, PlannedExport};
pub use failure::Failure;
pub use fetching::Trouble;
pub use gc::{Cleared, gc, kept};
pub use inspect::inspect;
pub use inspection::{FoundTable, Inspection};
pub use open::QuarantineLine;
pub use outcome::{Outcome, Stands, TakenIn};
pub use plan::{Plan, plan};
pub use quality::Revised;
pub use quarantine::{BadExport, BadRow, Filter, Quarantine, RowAddress, quarantine, write_csv};
pub use reason::Reason;
pub use replay::{Replay, ReplayedExport, ReplayedRow, RowChange, replay};
pub use schedule::{Installed, Scheduler, schedule};
pub use setup::{Options, Setup, limits_in};
pub use standing::{Readers, void_hold};
pub use status::{RunSeen, Seen, SetAside, Silent, Status, Unanswered, Unusable, status};
pub use summary::{Doubt, Headline, Summary};
pub use unproven::Unproven;
pub use verify::{Verified, repair, verify};

use config::document::list;
use config::pipeline::{Pipeline, Stage};
use plan::{Survey, survey};
use store::Store;
use vocab::said;

/// Does what is to be done, and says what came of it.
///
/// # Errors
/// When the machine, the network, the configuration or a gate stops the run; the last release still stands.
pub fn execute(setup: &Setup, started: &str, observer: &dyn Observer) -> Result<Outcome, Failure> {
    let run = begun(setup, started);
    if !has_fetches(setup)
        && publishes(setup)
        && let Ok(store) = Store::open_existing(&setup.store_dir)
    {
        // Before the store is opened for writing: a run with nothing to do changes nothing.
        let Survey { plan, standing, exports } = survey(setup)?;
        if plan.reasons.is_empty()
            && let Some(standing) = standing
        {
            let late = due::late(setup, &store, &exports)?;
            let outcome = publish::nothing_to_do(setup, &store, &standing, &plan).map(|outcome| outcome.without(late));
            if setup.pipeline.is_some() && outcome.is_ok() {
                // Without a row it would be due still.
                let store = Store::open_for(&setup.config.site.access, &setup.store_dir, started)?;
                let run = store::Run { finished: observer.now(), ..run };
                store.catalog().put_run(&ended(run, &outcome))?;
            }
            return outcome;
        }
    }
    let store = Store::open_for(&setup.config.site.access, &setup.store_dir, started)?;
    store.catalog().put_run(&run)?;
    let outcome = work(setup, &store, started, observer);
    let recorded = store.catalog().put_run(&ended(store::Run { finished: observer.now(), ..run }, &outcome));
    let outcome = outcome?;
    recorded?;
    if matches!(outcome, Outcome::Published(_)) {
        gc::after_run(setup, &store)?;
    }
    Ok(outcome)
}

/// Does what is due, of all pipelines or of the named one, one after the other: what is wrong with one stops no other.
///
/// # Errors
/// When there is no such pipeline, or none at all, or the store cannot be read.
pub fn execute_due(
    setup: &mut Setup,
    name: Option<&str>,
    started: &str,
    observer: &dyn Observer,
) -> Result<Vec<Done>, Failure> {
    let turns = turns(setup, name)?;
    if turns.is_empty() {
        return Err(Failure::Usage(said!(
            "没有流水线：流水线所在文件夹由 site.toml 中的 `[paths] pipelines` 指定",
            "there are no pipelines: `[paths] pipelines` in site.toml names their folder"
        )));
    }
    let mut done = Vec::new();
    for turn in turns {
        let mut came = None;
        if turn.is_due {
            setup.turn_to(&turn.pipeline)?;
            came = Some(execute(setup, started, observer));
        }
        done.push(Done { turn, came });
    }
    Ok(done)
}

/// Whether sources are asked: some have an address, and the pipeline does not leave that out.
fn has_fetches(setup: &Setup) -> bool {
    let does = setup.pipeline.as_ref().is_none_or(|pipeline| pipeline.has(Stage::Fetch));
    does && setup.config.sources.iter().any(|source| source.remote.is_some())
}

fn publishes(setup: &Setup) -> bool {
    setup.pipeline.as_ref().is_none_or(Pipeline::publishes)
}

fn begun(setup: &Setup, started: &str) -> store::Run {
    let run = store::Run::begun(started);
    let Some(pipeline) = &setup.pipeline else { return run };
    // One process may run several.
    let id = format!("{} {}", run.id, pipeline.id);
    store::Run { id, pipeline: Some(pipeline.id.clone()), due: due::last_time(setup, pipeline), ..run }
}

/// What the catalogue is told of a run in the end.
fn ended(run: store::Run, came: &Result<Outcome, Failure>) -> store::Run {
    let (outcome, release, reason) = match came {
        Ok(Outcome::Published(summary)) => ("published", Some(summary.release.clone()), None),
        Ok(Outcome::NothingToDo(stands)) => ("nothing_to_do", Some(stands.release.clone()), None),
        Ok(Outcome::TakenIn(taken)) if taken.waits.is_empty() => ("taken_in", None, None),
        Ok(Outcome::TakenIn(taken)) => ("waits", None, Some(taken.told())),
        Err(failure @ (Failure::Gate(_) | Failure::Refused(_))) => ("refused", None, Some(failure.told())),
        Err(failure) => ("failed", None, Some(failure.told())),
    };
    // What is to be tried again is due still.
    let due = run.due.filter(|_| !came.as_ref().is_ok_and(Outcome::is_to_be_tried_again));
    store::Run { outcome: Some(outcome.to_owned()), release, reason, due, ..run }
}

fn work(setup: &Setup, store: &Store, started: &str, observer: &dyn Observer) -> Result<Outcome, Failure> {
    let cleared = standing::clear_way(setup, store)?;
    if has_fetches(setup) {
        // Answers are judged by the definitions.
        trials::hold(setup, store)?;
    }
    let mut troubles = if has_fetches(setup) { fetching::fetch(setup, store, started, observer)? } else { Vec::new() };
    let hold = || if has_fetches(setup) { Ok(()) } else { trials::hold(setup, store) };
    // Whatever is wrong with the registers is told when they are needed.
    let (received, (held, _)) = rayon::join(|| exports::receive(setup, store, started), || (hold(), setup.registers()));
    held?;
    let (exports, receipt) = received?;
    fetching::note_exports(setup, &exports.all, &mut troubles);
    let gone = since::gone(setup, store, &exports)?;
    let (recorded, ingested) =
        rayon::join(|| receipt.record(store), || ingest::ingest(setup, store, &exports, observer));
    recorded?;
    let (mut ingested, fresh) = ingested?;
    ingested.gone.clone_from(&gone);
    ingested.store.extend(cleared);
    let judged = due::judge(setup, &ingested);
    if let (true, Some(pipeline), false) = (publishes(setup), &setup.pipeline, judged.refused.is_empty()) {
        return Err(Failure::Refused(judged.refused.iter().map(|owed| owed.refusal(&pipeline.id)).collect()));
    }
    if !publishes(setup) || !judged.waits.is_empty() {
        let waits = if publishes(setup) { judged.waits } else { Vec::new() };
        return Ok(publish::taken_in(setup, store, &ingested, waits).with(troubles));
    }
    let published = fetching::check_age(setup, &troubles)
        .and_then(|()| publish::publish(setup, store, ingested, fresh, started, observer));
    match published {
        Ok(outcome) => Ok(outcome.with(troubles).without(judged.without)),
        Err(Failure::Gate(mut refused)) => {
            // What is missing is often what the gate misses.
            if !gone.is_empty() {
                let (reason, gone) = (Reason::Gone.said(), list(&gone));
                refused = said!("{refused}；{reason}：{gone}", "{refused}; {reason}: {gone}"; refused, reason, gone);
            }
            // The next run may not meet it any more.
            let damage = store.noted();
            if !damage.is_empty() {
                let damage = damage.iter().map(|problem| format!("{} {}", problem.rule.code, problem.place));
                let damage = list(&damage.collect::<Vec<_>>());
                refused = said!(
                    "{refused}；仓库中已损坏：{damage}",
                    "{refused}; damaged in the store: {damage}";
                    refused, damage
                );
            }
            Err(fetching::stop(refused, &troubles))
        }
        Err(failure) => Err(failure),
    }
}
