//! What somebody on call asks first: what ran last, what is late and who owes it, what is set aside, and what comes next.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Serialize as _, Serializer};

use super::due::{self, DuePlan};
use super::exports::Action;
use super::failure::Failure;
use super::plan::{Survey, survey};
use super::problems::KeptProblems;
use super::quarantine::{Filter, quarantine};
use super::reason::Reason;
use super::setup::Setup;
use super::standing::{existing, void_hold};
use store::{Held, Hold, Pointer, Store, Usage};
use vocab::{Problem, Said};

/// Days without anything new after which a source is told, where no pipeline says it.
const USUAL_SILENT_DAYS: i64 = 120;
/// Characters of a reason that are told; `run` tells the rest.
const LONGEST_REASON: usize = 300;

/// A run that was.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RunSeen {
    /// When it started.
    pub started: String,
    /// When it ended, if it did and was told.
    pub finished: Option<String>,
    /// How it ended; none while it goes on, and for one that was killed until the next run.
    pub outcome: Option<String>,
    /// Why it ended so.
    #[serde(flatten, serialize_with = "in_both")]
    pub reason: Option<Said>,
    /// The release.
    pub release: Option<String>,
    /// The pipeline.
    pub pipeline: Option<String>,
}

/// Why a run ended so, as two members of the JSON.
fn in_both<S: Serializer>(reason: &Option<Said>, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(serde::Serialize)]
    struct Reason<'r> {
        reason: Option<&'r str>,
        reason_zh: Option<&'r str>,
    }
    let reason = reason.as_ref();
    Reason { reason: reason.map(Said::en), reason_zh: reason.map(Said::zh) }.serialize(serializer)
}

/// What readers of one kind see.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Seen {
    /// The pointer.
    pub pointer: &'static str,
    /// The release that it names.
    pub release: Option<String>,
    /// When that was published last.
    pub published: Option<String>,
    /// The operator's decision that keeps it there.
    pub held: Option<Hold>,
    /// What is wrong with such a decision.
    #[serde(skip)]
    pub void: Option<Problem>,
}

/// Rows of a source that are set aside.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SetAside {
    /// The source.
    pub source: String,
    /// Its exports that have such rows.
    pub exports: usize,
    /// The rows.
    pub rows: usize,
    /// When the first of these exports was received.
    pub since: Option<String>,
}

/// An export of which nothing could be used.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Unusable {
    /// The export.
    pub file: String,
    /// The codes of what is wrong with it.
    pub codes: Vec<String>,
    /// When it was received.
    pub since: Option<String>,
}

/// A source from which nothing new has come for long.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Silent {
    /// The source.
    pub source: String,
    /// When its newest export was received; none if there never was one.
    pub newest: Option<String>,
    /// Days since then.
    pub days: Option<i64>,
}

/// A source with an address that gave no good answer the last time.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Unanswered {
    /// The source.
    pub source: String,
    /// The problem code of what came instead.
    pub code: String,
    /// When its last good answer was confirmed.
    pub confirmed: Option<String>,
}

/// How things stand.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Status {
    /// The time of the question.
    pub now: String,
    /// The last run that was noted.
    pub last_run: Option<RunSeen>,
    /// The last one that published, or found its release there.
    pub last_success: Option<RunSeen>,
    /// What readers see.
    pub readers: Vec<Seen>,
    /// Each pipeline: when it is due, what its calendar calls for, and what its next run would do.
    pub pipelines: Vec<DuePlan>,
    /// Exports that the next run would read.
    pub unread: usize,
    /// Why it would make a release; empty when there is nothing to do.
    pub reasons: Vec<Reason>,
    /// Exports that are there no more.
    pub gone: Vec<String>,
    /// What lies in the inbox and is not taken.
    #[serde(skip)]
    pub not_taken: Vec<Problem>,
    /// Rows that are set aside and open.
    pub quarantine: Vec<SetAside>,
    /// Exports of which nothing could be used.
    pub unusable: Vec<Unusable>,
    /// Sources from which nothing new has come for long.
    pub silent: Vec<Silent>,
    /// Sources that gave no good answer.
    pub unanswered: Vec<Unanswered>,
    /// What the store takes on the disk.
    pub disk: Vec<Usage>,
}

/// Looks at store, inbox and configuration, and says how things stand. Nothing is changed.
///
/// # Errors
/// When the configuration, the inbox or the store cannot be read.
pub fn status(setup: &Setup) -> Result<Status, Failure> {
    let Survey { plan, exports, .. } = survey(setup)?;
    let store = existing(setup)?;
    let come = due::of_inbox(setup, store.as_ref(), &exports)?;
    let turns = due::turns(setup, None)?;
    let pipelines = setup.config.pipelines.iter().zip(turns);
    let pipelines = pipelines.map(|(pipeline, turn)| due::of_pipeline(setup, pipeline, turn, &come)).collect();
    let unread = [Action::New, Action::Again, Action::Revised, Action::Damaged];
    let unread = plan.exports.iter().filter(|export| unread.contains(&export.action)).count();
    let now = setup.now();
    let empty = Status {
        now: now.strftime(due::TIME).to_string(),
        last_run: None,
        last_success: None,
        readers: Vec::new(),
        pipelines,
        unread,
        reasons: plan.reasons,
        gone: plan.gone,
        not_taken: plan.not_taken,
        quarantine: Vec::new(),
        unusable: Vec::new(),
        silent: Vec::new(),
        unanswered: Vec::new(),
        disk: Vec::new(),
    };
    let Some(store) = store else { return Ok(empty) };
    let runs = store.catalog().runs()?;
    let is_good = |run: &&store::Run| matches!(run.outcome.as_deref(), Some("published" | "nothing_to_do"));
    let exports = store.catalog().exports()?;
    let received = Received::of(&exports);
    Ok(Status {
        last_run: runs.last().map(RunSeen::of),
        last_success: runs.iter().rev().find(is_good).map(RunSeen::of),
        readers: readers(&store)?,
        quarantine: set_aside(setup, &received)?,
        unusable: unusable(&store, &received)?,
        silent: silent(setup, &exports, now),
        unanswered: unanswered(&store)?,
        disk: store.usage()?,
        ..empty
    })
}

impl RunSeen {
    fn of(run: &store::Run) -> RunSeen {
        let short = |text: &str| text.chars().take(LONGEST_REASON).collect::<String>();
        let short = |reason: &Said| Said::new(short(reason.zh()), short(reason.en()));
        RunSeen {
            started: run.started.clone(),
            finished: run.finished.clone(),
            outcome: run.outcome.clone(),
            reason: run.reason.as_ref().map(short),
            release: run.release.clone(),
            pipeline: run.pipeline.clone(),
        }
    }
}

/// When exports were received first, by name and content.
struct Received<'a>(BTreeMap<(&'a str, store::Digest), &'a str>);

impl<'a> Received<'a> {
    fn of(exports: &'a [store::Export]) -> Self {
        let since = |export: &'a store::Export| ((export.name.as_str(), export.digest), export.first_seen_run.as_str());
        Received(exports.iter().map(since).collect())
    }

    fn since(&self, name: &str, digest: store::Digest) -> Option<String> {
        self.0.get(&(name, digest)).map(|since| (*since).to_owned())
    }
}

fn readers(store: &Store) -> Result<Vec<Seen>, Failure> {
    let published = store.published()?;
    let mut readers = Vec::new();
    for pointer in Pointer::ALL {
        let (release, held) = (store.pointed(pointer)?, store.held(pointer)?);
        let published = published.iter().find(|one| Some(&one.id) == release.as_ref());
        let (held, void) = match held {
            Held::Free => (None, None),
            Held::At(hold) => (Some(hold), None),
            Held::Void(found) => (None, Some(void_hold(pointer, &found))),
        };
        if release.is_some() || held.is_some() || void.is_some() || pointer == Pointer::Internal {
            let published = published.map(|one| one.published.clone());
            readers.push(Seen { pointer: pointer.name(), release, published, held, void });
        }
    }
    Ok(readers)
}

/// Rows that are set aside and that no later export has mended, by source.
fn set_aside(setup: &Setup, received: &Received<'_>) -> Result<Vec<SetAside>, Failure> {
    let open = quarantine(setup, &Filter::default(), false)?;
    let store = Store::open_existing(&setup.store_dir)?;
    let digests: BTreeMap<String, store::Digest> =
        store.catalog().names_in_use()?.into_iter().map(|used| (used.name, used.digest)).collect();
    let mut sources: BTreeMap<String, SetAside> = BTreeMap::new();
    for export in open.exports {
        let since = digests.get(&export.file).and_then(|digest| received.since(&export.file, *digest));
        let nothing = SetAside { source: export.source.clone(), exports: 0, rows: 0, since: None };
        let sum = sources.entry(export.source).or_insert(nothing);
        (sum.exports, sum.rows) = (sum.exports + 1, sum.rows + export.rows.len());
        sum.since = sum.since.take().into_iter().chain(since).min();
    }
    Ok(sources.into_values().collect())
}

fn unusable(store: &Store, received: &Received<'_>) -> Result<Vec<Unusable>, Failure> {
    let in_use = store.catalog().in_use()?;
    let found = in_use.into_iter().filter(|(_, ingest)| ingest.rows_facts == 0).filter_map(|(file, ingest)| {
        let kept = KeptProblems::of(&ingest).filter(KeptProblems::is_wrong)?;
        let since = received.since(&file, ingest.digest);
        Some(Unusable { codes: kept.counts.into_keys().collect(), since, file })
    });
    Ok(found.collect())
}

fn silent(setup: &Setup, exports: &[store::Export], now: Timestamp) -> Vec<Silent> {
    let most = setup.config.pipelines.iter().map(|pipeline| pipeline.silent_days).min().unwrap_or(USUAL_SILENT_DAYS);
    let of_source = |id: &str| {
        let mine = exports.iter().filter(|export| export.source.as_deref() == Some(id));
        let newest = mine.map(|export| export.first_seen_run.clone()).max();
        let days = newest.as_deref().and_then(|newest| days_since(newest, now));
        let is_silent = days.is_none_or(|days| days > most);
        is_silent.then(|| Silent { source: id.to_owned(), newest, days })
    };
    setup.config.sources.iter().filter_map(|source| of_source(&source.id)).collect()
}

fn days_since(time: &str, now: Timestamp) -> Option<i64> {
    let time: Timestamp = time.parse().ok()?;
    Some((now.as_second() - time.as_second()).div_euclid(86_400))
}

fn unanswered(store: &Store) -> Result<Vec<Unanswered>, Failure> {
    let answers = store.catalog().answers()?.into_iter();
    let wrong =
        answers.filter_map(|one| Some(Unanswered { source: one.source, code: one.code?, confirmed: one.confirmed }));
    Ok(wrong.collect())
}
