//! What is due: pipelines by the clock, exports by the statistics calendar. The time comes from the door, as part of the options.

mod owed;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::exports::{self, Exports};
use super::failure::Failure;
use super::ingested::AllIngested;
use super::outcome::Outcome;
use super::setup::Setup;
use super::standing::existing;
use config::document::did_you_mean;
use config::pipeline::Pipeline;
pub(super) use owed::{Come, Judged};
pub use owed::{Owed, State};
use protect::Profile;
use store::Store;
use vocab::said;

/// A time that is so near counts as come: the clock of a scheduler may be ahead of this machine's.
const LEEWAY_SECONDS: i64 = 60;

/// How a run of a pipeline ends that did what was due: what was refused is told once and not tried again until the next time.
const DONE: [&str; 5] = ["published", "nothing_to_do", "taken_in", "waits", "refused"];

/// How the catalogue and messages write a time.
pub(super) const TIME: &str = "%Y-%m-%dT%H:%M:%SZ";

/// A pipeline and the clock.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Turn {
    /// The pipeline.
    pub pipeline: String,
    /// Its name for people.
    pub title: String,
    /// Whether it is due: its time has come, and no run has done since what was to be done.
    pub is_due: bool,
    /// Its time, if that has come.
    pub since: Option<String>,
    /// When it is due next, in its zone; none if it is due now.
    pub next: Option<String>,
    /// The zone.
    pub zone: String,
}

/// A pipeline that was looked at, and what came of it, if it was due.
#[derive(Debug)]
pub struct Done {
    /// The pipeline and the clock.
    pub turn: Turn,
    /// What came of its run; none if it was not due.
    pub came: Option<Result<Outcome, Failure>>,
}

/// What a run of a pipeline would do by the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It would publish what is new.
    Publish,
    /// It would take exports in, and wait for others before it publishes.
    Wait,
    /// It would publish nothing, and call somebody.
    Refuse,
    /// It takes exports in, and never publishes.
    TakeIn,
}

/// What is due, by the clock and by the calendar.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DuePlan {
    /// The pipeline and the clock.
    #[serde(flatten)]
    pub turn: Turn,
    /// What its run would do.
    pub verdict: Verdict,
    /// What the calendar calls for and has not come: what is late, what is due, and of the rest what is awaited next of each dataset.
    pub owed: Vec<Owed>,
    /// What the release waits for, or is refused for: as `dataset period`.
    pub over: Vec<String>,
    /// The last year of which holidays are listed, if that is over.
    pub holidays_end: Option<i16>,
}

impl Setup {
    /// The same, for the run of a pipeline.
    ///
    /// # Errors
    /// When there is no such pipeline.
    pub fn for_pipeline(mut self, name: &str) -> Result<Setup, Failure> {
        self.turn_to(name)?;
        Ok(self)
    }

    /// Is for the run of a pipeline from now on.
    pub(super) fn turn_to(&mut self, name: &str) -> Result<(), Failure> {
        let pipeline = named(&self.config.pipelines, name)?;
        self.options.profile = if pipeline.is_public { Profile::Public } else { Profile::Internal };
        self.pipeline = Some(pipeline.clone());
        Ok(())
    }

    /// When the command began.
    pub(super) fn now(&self) -> Timestamp {
        Timestamp::from_second(self.options.now).unwrap_or_default()
    }

    /// The day on which the command began, where a pipeline is.
    pub(super) fn today(&self, pipeline: &Pipeline) -> Date {
        self.now().to_zoned(pipeline.zone.clone()).date()
    }
}

fn named<'a>(pipelines: &'a [Pipeline], name: &str) -> Result<&'a Pipeline, Failure> {
    pipelines.iter().find(|pipeline| pipeline.id == name).ok_or_else(|| {
        let names: Vec<&str> = pipelines.iter().map(|pipeline| pipeline.id.as_str()).collect();
        let meant = did_you_mean(name, &names);
        Failure::Usage(
            said!("--pipeline {name}：没有该流水线{meant}", "--pipeline {name}: there is none{meant}"; meant),
        )
    })
}

/// The pipelines, or the named one, each with whether it is due.
///
/// # Errors
/// When there is no such pipeline, or the store cannot be read.
pub fn turns(setup: &Setup, name: Option<&str>) -> Result<Vec<Turn>, Failure> {
    let runs = match existing(setup)? {
        Some(store) => store.catalog().runs()?,
        None => Vec::new(),
    };
    let pipelines: Vec<&Pipeline> = match name {
        Some(name) => vec![named(&setup.config.pipelines, name)?],
        None => setup.config.pipelines.iter().collect(),
    };
    Ok(pipelines.into_iter().map(|pipeline| turn(setup, pipeline, &runs)).collect())
}

fn turn(setup: &Setup, pipeline: &Pipeline, runs: &[store::Run]) -> Turn {
    let since = last_time(setup, pipeline);
    let did = |run: &store::Run| {
        let is_done = run.outcome.as_deref().is_some_and(|outcome| DONE.contains(&outcome));
        // Times are written in a way in which their order is that of their texts.
        is_done && run.pipeline.as_ref() == Some(&pipeline.id) && run.due >= since
    };
    let is_due = since.is_some() && !runs.iter().any(did);
    let after = setup.now().checked_add(jiff::SignedDuration::from_secs(LEEWAY_SECONDS)).unwrap_or(Timestamp::MAX);
    let next = if is_due { None } else { pipeline.schedule.next(after, &pipeline.zone) };
    Turn {
        pipeline: pipeline.id.clone(),
        title: pipeline.title.clone(),
        is_due,
        since,
        next: next.map(|next| local(next, &pipeline.zone)),
        zone: pipeline.zone_name.clone(),
    }
}

/// A time as people of a zone write it.
fn local(time: Timestamp, zone: &TimeZone) -> String {
    let zoned: Zoned = time.to_zoned(zone.clone());
    zoned.strftime("%Y-%m-%d %H:%M").to_string()
}

/// The time of the pipeline that came last.
pub(super) fn last_time(setup: &Setup, pipeline: &Pipeline) -> Option<String> {
    let now = setup.now().checked_add(jiff::SignedDuration::from_secs(LEEWAY_SECONDS)).ok()?;
    Some(pipeline.schedule.last(now, &pipeline.zone)?.strftime(TIME).to_string())
}

/// What is due of the pipelines, or of the named one. Nothing is changed.
///
/// # Errors
/// As [`turns`]; when the inbox cannot be read.
pub fn plan_due(setup: &Setup, name: Option<&str>) -> Result<Vec<DuePlan>, Failure> {
    let turns = turns(setup, name)?;
    let store = existing(setup)?;
    let exports = exports::look(setup, store.as_ref())?;
    let come = of_inbox(setup, store.as_ref(), &exports)?;
    let plan = |turn: Turn| Ok(of_pipeline(setup, named(&setup.config.pipelines, &turn.pipeline)?, turn, &come));
    turns.into_iter().map(plan).collect()
}

pub(super) fn of_pipeline(setup: &Setup, pipeline: &Pipeline, turn: Turn, come: &Come) -> DuePlan {
    let today = setup.today(pipeline);
    let owed = pipeline.calendar.as_ref().map(|calendar| owed::owed(calendar, come, today)).unwrap_or_default();
    let judge = |calendar| owed::judge(calendar, come, owed.clone());
    let judged = pipeline.calendar.as_ref().map(judge).unwrap_or_default();
    let publishes = pipeline.publishes();
    let (verdict, over) = match () {
        () if !publishes => (Verdict::TakeIn, Vec::new()),
        () if !judged.refused.is_empty() => (Verdict::Refuse, judged.refused),
        () if !judged.waits.is_empty() => (Verdict::Wait, judged.waits),
        () => (Verdict::Publish, Vec::new()),
    };
    let mut awaited = std::collections::BTreeSet::new();
    let is_next = |one: &Owed| one.state != State::Awaited || awaited.insert(one.dataset.clone());
    DuePlan {
        turn,
        verdict,
        owed: owed.into_iter().filter(is_next).collect(),
        over: over.iter().map(Owed::named).collect(),
        holidays_end: pipeline.calendar.as_ref().and_then(|calendar| calendar.holidays_ended(today)),
    }
}

/// What has come by the inbox as it is: what was read, and what its name says of the rest.
pub(super) fn of_inbox(setup: &Setup, store: Option<&Store>, exports: &Exports) -> Result<Come, Failure> {
    let read = match store {
        Some(store) => store.catalog().ingests()?,
        None => Vec::new(),
    };
    let read: std::collections::BTreeMap<_, _> = read.iter().map(|ingest| (ingest.key, ingest)).collect();
    let mut come = Come::default();
    for export in exports.used(setup) {
        let Some(source) = export.source.map(|source| &setup.config.sources[source]) else { continue };
        match export.key(setup).and_then(|key| read.get(&key)) {
            Some(ingest) if setup.cannot_be(&export.name, ingest).is_none() => come.read(source, ingest),
            Some(_) => {}
            None if export.same_as.is_some() => {}
            None => come.received(source, &export.name, export.issued(setup).map(|issued| issued.day)),
        }
    }
    Ok(come)
}

/// What is late by the calendar of the run's pipeline, and done without, where there is nothing to do.
pub(super) fn late(setup: &Setup, store: &Store, exports: &Exports) -> Result<Vec<Owed>, Failure> {
    if setup.pipeline.is_none() {
        return Ok(Vec::new());
    }
    Ok(judge_come(setup, &of_inbox(setup, Some(store), exports)?).without)
}

/// What the calendar of the run's pipeline means for what was taken in.
pub(super) fn judge(setup: &Setup, all: &AllIngested) -> Judged {
    let mut come = Come::default();
    for one in &all.exports {
        if let Some(source) = setup.config.sources.iter().find(|source| source.id == one.ingest.source) {
            come.read(source, &one.ingest);
        }
    }
    judge_come(setup, &come)
}

fn judge_come(setup: &Setup, come: &Come) -> Judged {
    let pipeline = setup.pipeline.as_ref();
    let Some((pipeline, calendar)) = pipeline.and_then(|pipeline| Some((pipeline, pipeline.calendar.as_ref()?))) else {
        return Judged::default();
    };
    owed::judge(calendar, come, owed::owed(calendar, come, setup.today(pipeline)))
}
