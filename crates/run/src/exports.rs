//! Exports: what is in the inbox, what was fetched, and which definition claims each.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::{Serialize as _, Serializer};

use super::archives::{Content, Found, Known, Member};
use super::arrivals::{self, Arrivals};
use super::dates::day_of_issue;
use super::failure::Failure;
use super::problems::{KeptProblems, was_between_quarters};
use super::received::Received;
use super::setup::Setup;
use super::{fetching, vintages};
use clean::Issued;
use config::document::list;
use config::source::{IssuedFrom, Source};
use store::{Digest, InboxFile, Ingest, NotTaken, Seen, Store, content_key};
use vocab::period::{Date, day_to_number};
use vocab::{Place, Problem, rules};

/// All exports, in the order of their names.
#[derive(Debug, Clone, Default)]
pub struct Exports {
    pub(super) all: Vec<Received>,
    /// The archives that some of them came in: name, content, length.
    pub(super) archives: Vec<(String, Digest, u64)>,
    pub(super) problems: Vec<Problem>,
}

/// What a run would do with an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It was not seen before.
    New,
    /// Its definition or the registers changed since it was ingested.
    Again,
    /// Its name is known with another content: it is a new vintage.
    Revised,
    /// Its content is that of another export: it is nothing new.
    Same,
    /// Its facts are there.
    Unchanged,
    /// Its facts are there, and what was found wrong in it cannot be read from the catalogue.
    Damaged,
    /// No definition claims it, or several do.
    Unclaimed,
    /// It was sent after the day that was asked for.
    Later,
}

/// An export in a plan.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct PlannedExport {
    /// Its name.
    pub name: String,
    /// The definition that claims it.
    pub source: Option<String>,
    /// What would be done.
    pub action: Action,
    /// The export that has the same content.
    pub same_as: Option<String>,
    /// The day of issue as far as it is known.
    #[serde(serialize_with = "as_number")]
    pub issued: Option<Date>,
    /// What says so: `name`, `caption` or `received`.
    pub issued_by: Option<&'static str>,
    /// Whether it is of a month that ends no quarter, as far as that is known, and so will not be used.
    pub between_quarters: bool,
}

/// A day as the number yyyymmdd in JSON.
fn as_number<S: Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    day.map(day_to_number).serialize(serializer)
}

impl Exports {
    /// What a release depends on: the keys of its facts, the names that give none, and what is wrong beside them.
    pub(super) fn keys(&self, setup: &Setup) -> Vec<Digest> {
        let unclaimed = |export: &Received| content_key([b"unclaimed".as_slice(), export.name.as_bytes()]);
        let problem = |problem: &Problem| {
            let named = [problem.rule.code.as_bytes(), problem.place.file.as_bytes()];
            content_key(named.into_iter().chain(problem.value.as_ref().map(|value| value.en().as_bytes())))
        };
        let new = |export: &&Received| export.same_as.is_none();
        let used = self.used(setup).filter(new).map(|export| export.key(setup).unwrap_or_else(|| unclaimed(export)));
        let again = |export: &Received| {
            let day = day_to_number(export.reissued?).to_string();
            Some(content_key([b"reissued".as_slice(), export.name.as_bytes(), day.as_bytes()]))
        };
        used.chain(self.used(setup).filter_map(again)).chain(self.problems.iter().map(problem)).collect()
    }

    /// What is wrong with files that are not among the exports.
    pub(super) fn not_taken(&self) -> Vec<Problem> {
        self.problems.iter().filter(|problem| arrivals::RULES.contains(&problem.rule)).cloned().collect()
    }

    /// The exports that a run looks at.
    pub(super) fn used<'a>(&'a self, setup: &'a Setup) -> impl Iterator<Item = &'a Received> {
        self.all.iter().filter(move |export| !export.is_later(setup) && setup.issued_too_late(export).is_none())
    }

    pub(super) fn planned(&self, setup: &Setup, store: Option<&Store>) -> Result<Vec<PlannedExport>, Failure> {
        let (mut known, mut digests, mut names) = (BTreeMap::new(), BTreeSet::new(), BTreeMap::new());
        if let Some(store) = store {
            for ingest in store.catalog().ingests()? {
                digests.insert(ingest.digest);
                known.insert(ingest.key, ingest);
            }
            names.extend(store.catalog().names_in_use()?.into_iter().map(|used| (used.name, used.digest)));
        }
        let used: Vec<&Ingest> = self.all.iter().filter_map(|export| known.get(&export.key(setup)?)).collect();
        let unreadable = used.into_par_iter().filter(|ingest| KeptProblems::of(ingest).is_none());
        let unreadable: BTreeSet<Digest> = unreadable.map(|ingest| ingest.key).collect();
        let planned = self.all.iter().map(|export| {
            let action = match export.key(setup) {
                _ if export.is_later(setup) || setup.issued_too_late(export).is_some() => Action::Later,
                _ if export.same_as.is_some() => Action::Same,
                None => Action::Unclaimed,
                Some(key) if unreadable.contains(&key) => Action::Damaged,
                Some(key) if known.contains_key(&key) => Action::Unchanged,
                Some(_) if names.get(&export.name).is_some_and(|digest| *digest != export.digest) => Action::Revised,
                Some(_) if digests.contains(&export.digest) => Action::Again,
                Some(_) => Action::New,
            };
            let definition = export.source.map(|source| &setup.config.sources[source]);
            let between = |source: &Source| clean::between_quarters(source, None, &export.name).is_some();
            let source = definition.map(|source| source.id.clone());
            let read = export.key(setup).and_then(|key| known.get(&key));
            let issued = export.issued(setup).or_else(|| read.and_then(issued_when_read));
            PlannedExport {
                name: export.name.clone(),
                source,
                action,
                same_as: export.same_as.clone(),
                issued: issued.map(|issued| issued.day),
                issued_by: issued.map(|issued| issued.by.as_str()),
                between_quarters: definition.is_some_and(between) || read.is_some_and(was_between_quarters),
            }
        });
        Ok(planned.collect())
    }
}

/// What a line over the table said, when the export was read.
fn issued_when_read(ingest: &Ingest) -> Option<Issued> {
    Some(Issued { day: day_of_issue(ingest)?, by: IssuedFrom::Caption })
}

/// Looks at the inbox and at what was fetched before, changing nothing. Files whose length and times are known are not
/// read again.
pub(super) fn look(setup: &Setup, store: Option<&Store>) -> Result<Exports, Failure> {
    let mut arrivals = Arrivals::list(setup, store)?;
    let archives = Known::load(setup, store)?;
    let keep = |bytes: &[u8]| Ok(Digest::of(bytes));
    let looked: Vec<Result<Looked, Failure>> =
        arrivals.files.par_iter().map(|file| find(setup, file, &arrivals.known, &archives, keep)).collect();
    let (_, found) = take(setup, store, &mut arrivals, looked, &archives, keep)?;
    claim(setup, store, found, fetching::kept(setup, store, &archives, keep)?, arrivals.problems, "")
}

/// What the catalogue is told of the exports that were received.
pub(super) struct Receipt {
    exports: Vec<store::Export>,
    archives: Vec<store::Archive>,
    seen: Vec<Seen>,
}

impl Receipt {
    /// Tells the catalogue, once the exports are safely on disk.
    pub(super) fn record(self, store: &Store) -> Result<(), Failure> {
        store.settle()?;
        let mut catalog = store.catalog();
        catalog.put_exports(&self.exports)?;
        // In this order: what was seen and is no archive there is none.
        catalog.put_archives(&self.archives)?;
        catalog.put_seen(&self.seen)?;
        Ok(())
    }
}

/// Takes the exports of the inbox into the store; the receipt is still to be recorded.
pub(super) fn receive(setup: &Setup, store: &Store, started: &str) -> Result<(Exports, Receipt), Failure> {
    let mut arrivals = Arrivals::list(setup, Some(store))?;
    let archives = Known::load(setup, Some(store))?;
    let keep = |bytes: &[u8]| Ok(store.add_raw(bytes)?);
    let looked: Vec<Result<Looked, Failure>> = setup.waiting.install(|| {
        let work = arrivals.files.par_iter().map(|file| find(setup, file, &arrivals.known, &archives, keep));
        work.collect()
    });
    let (seen, found) = take(setup, Some(store), &mut arrivals, looked, &archives, keep)?;
    let fetched = fetching::kept(setup, Some(store), &archives, keep)?;
    let archives = archives.fresh(found.iter().chain(&fetched).map(|(_, content)| content));
    let exports = claim(setup, Some(store), found, fetched, arrivals.problems, started)?;
    let row = |name: &str, digest: Digest, bytes: u64, source: Option<usize>| store::Export {
        name: name.to_owned(),
        digest,
        source: source.map(|source| setup.config.sources[source].id.clone()),
        bytes,
        first_seen_run: started.to_owned(),
    };
    let archived = exports.archives.iter().map(|(name, digest, bytes)| row(name, *digest, *bytes, None));
    let rows = exports.all.iter().map(|export| row(&export.name, export.digest, export.bytes, export.source));
    let receipt = Receipt { exports: archived.chain(rows).collect(), archives, seen };
    Ok((exports, receipt))
}

/// A file of the inbox with its content, or why it has none now.
type Looked = Result<Content, NotTaken>;

/// One file of the inbox: from memory, or read and kept.
fn find(
    setup: &Setup,
    file: &InboxFile,
    known: &BTreeMap<String, Seen>,
    archives: &Known,
    keep: impl Fn(&[u8]) -> Result<Digest, Failure>,
) -> Result<Looked, Failure> {
    let seen = known.get(&file.name).filter(|seen| seen.stamp == file.stamp);
    if let Some(content) = seen.and_then(|seen| archives.recall(seen.digest, file.stamp.bytes)) {
        return Ok(Ok(content));
    }
    match store::read_listed(file, setup.config.site.max_file_bytes) {
        // What is stored is what was read, and facts are made from what is stored.
        Ok(bytes) => archives.open(setup, &bytes, keep).map(Ok),
        Err(error) => arrivals::not_taken(file, &error).map_or(Err(error.into()), |other| Ok(Err(other))),
    }
}

/// What stands for the names of files, for the catalogue, and the contents that count: theirs, and what stands of the others.
fn take(
    setup: &Setup,
    store: Option<&Store>,
    arrivals: &mut Arrivals,
    looked: Vec<Result<Looked, Failure>>,
    archives: &Known,
    keep: impl Fn(&[u8]) -> Result<Digest, Failure>,
) -> Result<(Vec<Seen>, Vec<Found>), Failure> {
    let (mut seen, mut found) = (Vec::new(), Vec::new());
    for (file, looked) in std::mem::take(&mut arrivals.files).into_iter().zip(looked) {
        match looked? {
            Ok(content) => {
                seen.push(Seen { path: file.name.clone(), stamp: file.stamp, digest: content.digest });
                found.push((file.name, content));
            }
            Err(other) => arrivals.set_apart(other),
        }
    }
    for standing in arrivals.standing() {
        let recalled = archives.recall(standing.digest, standing.stamp.bytes);
        let content = match (recalled, store) {
            (Some(content), _) => Some(content),
            (None, Some(store)) => Some(archives.open(setup, &store.read_raw(&standing.digest)?, &keep)?),
            (None, None) => None,
        };
        found.extend(content.map(|content| (standing.path.clone(), content)));
        // It stands until it can be replaced, however many runs that takes.
        seen.push(standing);
    }
    Ok((seen, found))
}

fn claim(
    setup: &Setup,
    store: Option<&Store>,
    inbox: Vec<Found>,
    fetched: Vec<Found>,
    problems: Vec<Problem>,
    started: &str,
) -> Result<Exports, Failure> {
    let mut exports = Exports { problems, ..Exports::default() };
    exports.problems.extend(fetching::problems(setup, store)?);
    let (fetched, taken) = fetching::beside(&inbox, fetched);
    exports.problems.extend(taken);
    let mut found = Vec::new();
    for (name, content) in inbox.into_iter().chain(fetched) {
        let Some(contents) = content.archive else {
            found.push((name, content.digest, content.bytes));
            continue;
        };
        let member = |member: Member| Some((format!("{name}/{}", member.name), member.digest()?, member.bytes));
        exports.problems.extend(contents.problems(&name));
        found.extend(contents.members.into_iter().filter_map(member));
        exports.archives.push((name, content.digest, content.bytes));
    }
    found.sort();
    let mut claimed = BTreeSet::new();
    for (name, digest, bytes) in found {
        let (source, problem) = claimant(setup, &name);
        claimed.extend(source);
        let (received, same_as, reissued) = (None, None, None);
        exports.all.push(Received { name, digest, bytes, source, problem, received, same_as, reissued });
    }
    vintages::date_by_receipt(setup, store, &mut exports.all, started)?;
    exports.problems.extend(exports.all.iter().filter_map(|export| setup.issued_too_late(export)));
    vintages::mark_same(setup, &mut exports.all);
    for (position, source) in setup.config.sources.iter().enumerate() {
        if !claimed.contains(&position) {
            let patterns = source.patterns.iter().map(|pattern| pattern.glob().glob().to_owned());
            let place = Place::file(&format!("config/sources/{}.toml", source.id));
            exports.problems.push(Problem::new(&rules::EXPECTED_FILE_MISSING, place).expected(patterns));
        }
    }
    for correction in &setup.config.corrections {
        if !exports.all.iter().any(|export| correction.claims(&export.name)) {
            let place = Place::file("config/corrections.toml");
            exports.problems.push(Problem::new(&rules::CORRECTION_UNPLACED, place).value(correction.id.clone()));
        }
    }
    Ok(exports)
}

/// The one definition that claims a file, or why there is none.
fn claimant(setup: &Setup, name: &str) -> (Option<usize>, Option<Problem>) {
    let sources = &setup.config.sources;
    let claims: Vec<usize> = (0..sources.len()).filter(|&source| sources[source].claims(name)).collect();
    match claims.as_slice() {
        [one] => (Some(*one), None),
        [] => (None, Some(Problem::new(&rules::NO_SOURCE_CLAIMS, Place::file(name)))),
        several => {
            let ids: Vec<String> = several.iter().map(|&source| sources[source].id.clone()).collect();
            (None, Some(Problem::new(&rules::SEVERAL_SOURCES_CLAIM, Place::file(name)).said(list(&ids))))
        }
    }
}
