//! Facts of all exports to the tables that models read: the latest vintage of every row, earlier ones left out.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::between::latest::{self, Vintage};
use super::between::{self, Compared, Found, Issue, Mistaken, Sample, Standing};
use super::dates;
use super::facts;
use super::failure::Failure;
use super::ingested::{AllIngested, Ingested};
use super::inputs::{calendar_of, empty, levels, list_quarters, numbered, province, set_aside_table};
use super::prepared::{Carried, Dataset, Fresh, Prepared, compared, is_needed, sample};
use super::setup::Setup;
use config::compare::Action;
use config::source::Source;
use model::engine::Table;
use model::indicators::{Collected, Held};
use store::{Digest, Ingest, Shelf, Store};
use vocab::frame::{Frame, TextColumn, Values};
use vocab::period::{Date, Quarter};
use vocab::unit::{self, Unit};
use vocab::{Place, Problem, Said, rules, said};

/// Facts ready for the models.
pub(super) struct Loaded {
    /// Tables by name: datasets, registers, calendar.
    pub(super) tables: BTreeMap<String, Table>,
    /// Which datasets have which quarters.
    pub(super) collected: Collected,
    /// Rows of facts read.
    pub(super) rows: u64,
    /// What exports have against each other.
    pub(super) problems: Vec<Problem>,
}

/// What the models name of every dataset, and the registers. `fresh` holds tables of exports that this run ingested: they
/// need not be read again.
pub(super) fn load(setup: &Setup, store: &Store, all: &AllIngested, mut fresh: Fresh) -> Result<Loaded, Failure> {
    let inputs: BTreeSet<&str> = setup.models.inputs();
    let mut tables = BTreeMap::new();
    for (name, frame) in setup.registers()?.tables() {
        tables.insert(name.clone(), Table::of(name, numbered(frame.clone()))?);
    }
    let mut work: Vec<(&Source, Vec<Facts<'_>>)> = Vec::new();
    for source in &setup.config.sources {
        let dataset = source.dataset.as_str();
        // Where several definitions give one dataset, the first one says what it is.
        let is_known = tables.contains_key(dataset) || work.iter().any(|(first, _)| first.dataset == dataset);
        if inputs.contains(dataset) && !is_known {
            let ingests = all.exports.iter().filter(|one| one.ingest.dataset == dataset);
            work.push((source, ingests.map(|one| (one, fresh.remove(&one.ingest.key))).collect()));
        }
    }
    let one = |(source, facts): (&Source, Vec<Facts<'_>>)| {
        let (made, found) = dataset(setup, store, source, facts, Carried::Figures)?;
        Ok((source.dataset.clone(), made, found))
    };
    let made: Vec<Result<_, Failure>> =
        setup.working.install(|| work.into_par_iter().with_max_len(1).map(one).collect());
    let mut collected = Collected::new();
    let (mut rows, mut problems) = (0, Vec::new());
    for made in made {
        let (dataset, Dataset { table, quarters }, found) = made?;
        problems.extend(found);
        rows += table.rows() as u64;
        if table.rows() > 0 {
            let held = quarters.map_or_else(|| Held::Until(last_of_list(setup, all, &dataset)), Held::Quarters);
            collected.insert(dataset.clone(), held);
        }
        tables.insert(dataset, table);
    }
    for source in setup.config.sources.iter().filter(|source| source.no_row_is_none) {
        let name = set_aside_table(source);
        let aside = Table::of(&name, numbered(keys_set_aside(setup, store, all, source)?))?;
        tables.insert(name, aside);
    }
    let calendar = calendar(setup, &collected)?;
    let lists = list_quarters(&collected, calendar.ints("quarter").unwrap_or_default());
    tables.insert("list_quarter".to_owned(), Table::of("list_quarter", lists)?);
    tables.insert("calendar".to_owned(), Table::of("calendar", calendar)?);
    tables.insert("province".to_owned(), Table::of("province", province(&setup.config.site))?);
    tables.insert("level".to_owned(), Table::of("level", levels())?);
    tables.retain(|name, _| inputs.contains(name.as_str()));
    Ok(Loaded { tables, collected, rows, problems })
}

/// The enterprises and quarters of the rows of a dataset that are set aside, where they could be read.
pub(super) fn keys_set_aside(
    setup: &Setup,
    store: &Store,
    all: &AllIngested,
    source: &Source,
) -> Result<Frame, Failure> {
    let (mut units, mut quarters) = (TextColumn::default(), Vec::new());
    let mine = all.exports.iter().filter(|one| one.ingest.dataset == source.dataset);
    for one in mine {
        let wanted = |name: &str| ["unit_code", "quarter"].contains(&name);
        let aside = table_of(setup, store, one, Shelf::Quarantine, wanted)?;
        let (Some(codes), Some(of_rows)) = (aside.texts("unit_code"), aside.ints("quarter")) else { continue };
        for row in 0..aside.rows() {
            if let (Some(code), Some(quarter)) = (codes.get(row), of_rows.get(row)) {
                units.push(Some(code));
                quarters.push(quarter);
            }
        }
    }
    Ok(Frame::new().with("unit_code", Values::Text(units)).with("quarter", Values::Int(quarters.into())))
}

/// The facts of one export, with what models read of them if this run made them.
type Facts<'a> = (&'a Ingested, Option<Prepared>);

/// One dataset, and what its exports have against each other. Of rows with the same key, the one issued last holds.
fn dataset(
    setup: &Setup,
    store: &Store,
    source: &Source,
    mut facts: Vec<Facts<'_>>,
    carried: Carried<'_>,
) -> Result<(Dataset, Vec<Problem>), Failure> {
    facts.retain(|(one, _)| one.ingest.facts.is_some());
    // Latest first; the name only gives the rows an order, so that the order of arrival never does.
    facts.sort_by(|(a, _), (b, _)| (b.issued(), &b.export.name).cmp(&(a.issued(), &a.export.name)));
    let ordered: Vec<&Ingested> = facts.iter().map(|(one, _)| *one).collect();
    let compared = compared(setup, source);
    let (parts, samples) = parts(setup, store, source, facts, carried)?;
    let found = match carried {
        Carried::Addresses(_) => Found::default(),
        Carried::Figures | Carried::AddressesCompared => compare(setup, store, &ordered, &compared, &samples)?,
    };
    drop(samples);
    let issues: Vec<Issue<'_>> = ordered.iter().map(|one| issue(setup, one)).collect();
    let standing = between::standing(&issues, &doubted(setup, &found));
    let mut problems = between::tell_shrunk(&issues, &standing);
    problems.extend(never_used(&issues, &standing));
    let mut parts: Vec<Option<Part>> = parts.into_iter().map(Some).collect();
    problems.extend(set_aside(setup, store, (source, carried), &ordered, &found, &standing, &mut parts)?);
    for (part, _) in parts.iter_mut().zip(&standing).filter(|(_, standing)| **standing != Standing::Holds) {
        *part = None;
    }
    // What was received and is not used was due all the same.
    let due = ordered.iter().zip(&parts).filter(|(_, part)| part.is_none()).flat_map(|(one, _)| quarters_of(one));
    let due: Vec<Quarter> = due.collect();
    let mut vintages: Vec<&mut Vintage> = parts.iter_mut().flatten().filter_map(Part::vintage).collect();
    problems.extend(latest::keep_latest(&mut vintages, &compared.keys));
    let mut whole = Dataset::with(setup, source, empty(&setup.models, source), carried)?;
    for part in parts.into_iter().flatten() {
        match part {
            Part::Whole(dataset) => whole.append(source, &dataset)?,
            Part::Overlapping(vintage) => {
                whole.append(source, &Dataset::with(setup, source, vintage.frame, carried)?)?;
            }
        }
    }
    if let Some(quarters) = &mut whole.quarters {
        quarters.extend(due);
    }
    whole.table.put_in_order(&source.dataset)?;
    Ok((whole, problems))
}

/// The rows of a dataset that hold among these exports, each with where it comes from.
pub(super) fn with_addresses(
    setup: &Setup,
    store: &Store,
    source: &Source,
    exports: Vec<&Ingested>,
    carried: Carried<'_>,
) -> Result<Frame, Failure> {
    let facts = exports.into_iter().map(|one| (one, None)).collect();
    let (dataset, _) = dataset(setup, store, source, facts, carried)?;
    Ok(dataset.table.to_frame(&source.dataset)?)
}

/// Exports of which something is set aside.
fn doubted(setup: &Setup, found: &Found) -> Vec<usize> {
    let rules = &setup.config.quality;
    let mistaken = found.mistaken.iter().filter(|_| rules.scale.action == Action::SetAside).map(|one| one.at);
    mistaken
        .chain(found.repeated.iter().filter(|_| rules.repeat.action == Action::SetAside).map(|one| one.at))
        .collect()
}

/// First and last quarter of the rows of an export, where they carry any.
pub(super) fn quarters_of(one: &Ingested) -> impl Iterator<Item = Quarter> {
    let Ingest { period_from, period_to, .. } = &one.ingest;
    [period_from, period_to].into_iter().filter_map(|text| dates::quarter(text.as_deref()?))
}

fn issue<'a>(setup: &'a Setup, one: &'a Ingested) -> Issue<'a> {
    let source = one.source(setup);
    let span = (one.ingest.period_from.as_deref(), one.ingest.period_to.as_deref());
    Issue { source, name: &one.export.name, day: one.issued(), span, rows: one.ingest.rows_facts }
}

/// What exports have against one another, by samples of them. Where a part of an export that is too large for its sample is in
/// another unit, the columns concerned are looked at once more in every row: that is rare.
fn compare(
    setup: &Setup,
    store: &Store,
    ordered: &[&Ingested],
    compared: &Compared<'_>,
    samples: &[Sample],
) -> Result<Found, Failure> {
    let rules = &setup.config.quality;
    let mut found = between::find(samples, compared, rules);
    if found.mistaken.iter().all(|one| samples[one.at].is_whole) {
        return Ok(found);
    }
    let name_of = |column: &str| rules.scale.current_of(column).unwrap_or_else(|| column.to_owned());
    let concerned: BTreeSet<String> = found.mistaken.iter().flat_map(|one| &one.measures).map(|c| name_of(c)).collect();
    let measures = compared.measures.iter().copied().filter(|column| concerned.contains(&name_of(column))).collect();
    let narrow = Compared { measures, ..compared.clone() };
    let whole = |one: &&Ingested| -> Result<Sample, Failure> {
        let facts = facts_of(setup, store, one, |name| narrow.needs(name))?;
        Ok(Sample::of(&facts, &narrow, setup.senders()?, u64::MAX))
    };
    let samples: Vec<Result<Sample, Failure>> = ordered.par_iter().map(whole).collect();
    let samples = samples.into_iter().collect::<Result<Vec<_>, _>>()?;
    found.mistaken = between::find(&samples, &narrow, rules).mistaken;
    Ok(found)
}

/// Issues without a day whose place has been taken by a dated one: they were read, and never used.
fn never_used(issues: &[Issue<'_>], standing: &[Standing]) -> Vec<Problem> {
    let told = issues.iter().zip(standing).filter_map(|(issue, standing)| match standing {
        Standing::Replaced(by) if issue.day.is_none() && issues[*by].day.is_some() => {
            let problem = Problem::new(&rules::ISSUE_UNDATED, Place::file(issue.name));
            let rows = issue.rows;
            Some(problem.said(said!("{rows} 行", "{rows} rows")).expected([issues[*by].name]))
        }
        _ => None,
    });
    told.collect()
}

/// Takes out of the parts what is in the wrong unit or of another period, and tells it. What a later issue has taken the place of
/// does not matter any more.
fn set_aside(
    setup: &Setup,
    store: &Store,
    (source, carried): (&Source, Carried<'_>),
    ordered: &[&Ingested],
    found: &Found,
    standing: &[Standing],
    parts: &mut [Option<Part>],
) -> Result<Vec<Problem>, Failure> {
    let rules = &setup.config.quality;
    let name = |at: usize| ordered[at].export.name.as_str();
    let matters = |at: usize| !matches!(standing[at], Standing::Replaced(_));
    let mut problems = Vec::new();
    for at in 0..parts.len() {
        let mine: Vec<&Mistaken> = found.mistaken.iter().filter(|one| one.at == at && matters(at)).collect();
        if mine.is_empty() {
            continue;
        }
        let lines = facts_of(setup, store, ordered[at], |column| column == latest::ORIGIN[0])?;
        let line = |row: usize| lines.ints(latest::ORIGIN[0]).and_then(|lines| lines.get(row));
        problems.extend(mine.iter().map(|one| one.told(declared_unit(source, &one.measures[0]), line, name)));
        if let (Action::SetAside, Some(part)) = (rules.scale.action, &mut parts[at]) {
            clear(setup, store, (source, carried), ordered[at], part, &mine)?;
        }
    }
    for repeated in found.repeated.iter().filter(|one| matters(one.at)) {
        problems.push(repeated.told(name));
        if rules.repeat.action == Action::SetAside {
            parts[repeated.at] = None;
        }
    }
    stop(&problems, rules.scale.action, rules.repeat.action)?;
    Ok(problems)
}

/// Where a rule says so, nothing is published.
fn stop(problems: &[Problem], scale: Action, repeat: Action) -> Result<(), Failure> {
    let action = |problem: &Problem| if problem.rule == &rules::CONTENT_REPEATED { repeat } else { scale };
    let told = |Problem { rule, place, value, .. }: &Problem| {
        let (code, value) = (rule.code, value.clone().unwrap_or_default());
        said!("{code} {place}：{value}", "{code} {place}: {value}"; value)
    };
    let stops: Vec<Said> = problems.iter().filter(|problem| action(problem) == Action::Stop).map(told).collect();
    if stops.is_empty() {
        return Ok(());
    }
    let stops = Said::join(&stops, "；", "; ");
    Err(Failure::Gate(said!(
        "{stops}；quality.toml 规定此时不予发布：请让报送单位更正文件，或修改其中的 `action`",
        "{stops}; quality.toml says that nothing is published then: have the exports mended, or change `action` there";
        stops
    )))
}

/// The unit in which a column was read, where its definition says it.
fn declared_unit(source: &Source, column: &str) -> Option<&'static Unit> {
    let declared =
        source.columns.iter().find(|declared| declared.name == column).and_then(|column| column.unit.as_deref());
    let across = source.value_unit.as_deref().filter(|_| source.value_name == column);
    unit::known(declared.or(across)?)
}

/// The facts of one export.
enum Part {
    Whole(Dataset),
    /// Other exports may hold the same rows.
    Overlapping(Vintage),
}

impl Part {
    fn vintage(&mut self) -> Option<&mut Vintage> {
        match self {
            Part::Whole(_) => None,
            Part::Overlapping(vintage) => Some(vintage),
        }
    }
}

/// The facts of these exports, and samples of them. What this run made is not read again unless its rows are compared.
fn parts(
    setup: &Setup,
    store: &Store,
    source: &Source,
    facts: Vec<Facts<'_>>,
    carried: Carried<'_>,
) -> Result<(Vec<Part>, Vec<Sample>), Failure> {
    let compared = compared(setup, source);
    let overlapping = overlapping(&facts.iter().map(|(one, _)| *one).collect::<Vec<_>>());
    // The registers are read once, before many ask for them.
    setup.senders()?;
    let part = |(one, prepared): Facts<'_>| -> Result<(Part, Sample), Failure> {
        let overlaps = overlapping.contains(&one.ingest.key);
        let made = match prepared {
            Some(Prepared { dataset, sample }) if !overlaps => return Ok((Part::Whole(dataset), sample)),
            prepared => prepared.map(|prepared| prepared.sample),
        };
        let origin = |name: &str| overlaps && latest::ORIGIN.contains(&name) || carried.holds(name);
        let facts = facts_of(setup, store, one, |name| is_needed(setup, &compared, name) || origin(name))?;
        let kept = if let Carried::Addresses(keep) = carried { keep(&facts) } else { None };
        let facts = kept.map(|kept| facts.take(&kept)).unwrap_or(facts);
        if overlaps {
            let sample = match carried {
                Carried::Addresses(_) => Sample::default(),
                _ => made.map_or_else(|| sample(setup, &facts, &compared), Ok)?,
            };
            let (day, file) = (one.issued(), one.export.name.clone());
            return Ok((Part::Overlapping(Vintage { frame: facts, day, file }), sample));
        }
        let Prepared { dataset, sample } = Prepared::with(setup, source, facts, carried)?;
        Ok((Part::Whole(dataset), sample))
    };
    let made: Vec<Result<(Part, Sample), Failure>> = facts.into_par_iter().map(part).collect();
    made.into_iter().collect()
}

/// Takes out of the facts of an export what is in the wrong unit. That is rare: they may be read once more.
fn clear(
    setup: &Setup,
    store: &Store,
    (source, carried): (&Source, Carried<'_>),
    one: &Ingested,
    part: &mut Part,
    mistaken: &[&Mistaken],
) -> Result<(), Failure> {
    match part {
        Part::Overlapping(vintage) => vintage.frame = without(std::mem::take(&mut vintage.frame), mistaken),
        Part::Whole(dataset) => {
            let compared = compared(setup, source);
            let is_read = |name: &str| is_needed(setup, &compared, name) || carried.holds(name);
            let facts = facts_of(setup, store, one, is_read)?;
            *dataset = Dataset::with(setup, source, without(facts, mistaken), carried)?;
        }
    }
    Ok(())
}

/// Facts with nulls in the place of figures in the wrong unit.
fn without(facts: Frame, mistaken: &[&Mistaken]) -> Frame {
    let mut cleared = Frame::new();
    for (column, mut values) in facts.into_columns() {
        if let Values::Int(values) = &mut values {
            for one in mistaken.iter().filter(|one| one.measures.contains(&column)) {
                one.rows().for_each(|row| values.set(row, None));
            }
        }
        cleared = cleared.with(column, values);
    }
    cleared
}

fn facts_of(setup: &Setup, store: &Store, one: &Ingested, wanted: impl Fn(&str) -> bool) -> Result<Frame, Failure> {
    table_of(setup, store, one, Shelf::Facts, wanted)
}

/// The wanted columns of a table of an export. One that is not what was written is made again.
fn table_of(
    setup: &Setup,
    store: &Store,
    one: &Ingested,
    shelf: Shelf,
    wanted: impl Fn(&str) -> bool,
) -> Result<Frame, Failure> {
    let bytes = match store.read_table(&one.ingest, shelf) {
        Err(store::Error::Damaged(problem)) => facts::table(setup, store, one, shelf, *problem)?,
        read => read?,
    };
    parse(bytes, &one.export.name, wanted)
}

/// Reads the wanted columns of a table of the store, changing nothing: a damaged one is an error.
pub(super) fn read_table(
    store: &Store,
    ingest: &Ingest,
    shelf: Shelf,
    wanted: impl Fn(&str) -> bool,
) -> Result<Frame, Failure> {
    parse(store.read_table(ingest, shelf)?, &ingest.source, wanted)
}

fn parse(bytes: Option<Vec<u8>>, name: &str, wanted: impl Fn(&str) -> bool) -> Result<Frame, Failure> {
    let Some(bytes) = bytes else { return Ok(Frame::new()) };
    let read = store::parquet::read(bytes, wanted);
    Ok(read.map_err(|source| Failure::Parquet { path: name.to_owned(), source })?.frame)
}

/// Exports that may hold the same rows as another one: only their keys need be compared.
fn overlapping(ordered: &[&Ingested]) -> BTreeSet<Digest> {
    let span = |one: &Ingested| (one.ingest.period_from.clone(), one.ingest.period_to.clone());
    let meets = |a: &Ingested, b: &Ingested| match (span(a), span(b)) {
        ((Some(from), Some(to)), (Some(other_from), Some(other_to))) => from <= other_to && other_from <= to,
        _ => true,
    };
    let mut found = BTreeSet::new();
    for (position, one) in ordered.iter().enumerate() {
        for other in &ordered[position + 1..] {
            if meets(one, other) {
                found.insert(one.ingest.key);
                found.insert(other.ingest.key);
            }
        }
    }
    found
}

/// The quarters that are published: all from the first to the last one of the dataset that the site names.
fn calendar(setup: &Setup, collected: &Collected) -> Result<Frame, Failure> {
    let name = &setup.config.site.calendar;
    let quarters = collected.get(name).and_then(Held::quarters);
    let (Some(&first), Some(&last)) = (quarters.and_then(BTreeSet::first), quarters.and_then(BTreeSet::last)) else {
        let inbox = setup.inbox_dir.display();
        let why = match collected.is_empty() {
            true => said!(
                "收件目录 {inbox} 中没有来源定义所认领的文件",
                "no file in the inbox {inbox} is an export that a source definition claims"
            ),
            false => said!("请查看 `mujun plan` 和上述问题", "see `mujun plan` and the problems above"),
        };
        return Err(Failure::Gate(said!(
            "数据集 `{name}` 决定发布哪些季度，但没有任何行；{why}",
            "dataset `{name}`, which says which quarters there are, has no rows; {why}";
            why
        )));
    };
    Ok(calendar_of(&first.to(last).collect::<Vec<Quarter>>()))
}

/// The last quarter that a list speaks of: the last one that had ended on the day of its issue, if it says no more than what was so
/// then; none without an end.
pub(super) fn last_of_list(setup: &Setup, all: &AllIngested, dataset: &str) -> Option<Quarter> {
    setup.config.sources.iter().find(|source| source.dataset == dataset && source.ends_at_issue)?;
    let issues = all.exports.iter().filter(|one| one.ingest.dataset == dataset).filter_map(Ingested::issued);
    issues.max().and_then(last_ended)
}

/// The last quarter that had ended on a day.
fn last_ended(day: Date) -> Option<Quarter> {
    let current = Quarter::of_day(day);
    if day == current.last_day() { Some(current) } else { current.plus(-1) }
}
