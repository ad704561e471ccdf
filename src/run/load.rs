//! Facts of all exports to the tables that models read: the latest vintage of every row, earlier ones left out.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::ingest::{AllIngested, Ingested};
use super::jumps::{self, Sample};
use super::latest::{self, Vintage};
use super::setup::{Failure, Setup};
use crate::config::source::{Across, Kind, Source};
use crate::model::engine::Table;
use crate::model::indicators::Collected;
use crate::store::{self, Digest, Store};
use crate::vocab::Problem;
use crate::vocab::frame::{Frame, Values};

/// Facts ready for the models.
pub(super) struct Loaded {
    /// Tables by name: datasets, registers, calendar.
    pub(super) tables: BTreeMap<String, Table>,
    /// Which datasets have which quarters.
    pub(super) collected: Collected,
    /// The latest day of sending.
    pub(super) vintage: Option<i64>,
    /// Rows of facts read.
    pub(super) rows: u64,
    /// What exports have against each other.
    pub(super) problems: Vec<Problem>,
}

/// What the models name of every dataset, and the registers. `fresh` holds tables of exports that this run ingested: they
/// need not be read again.
pub(super) fn load(setup: &Setup, store: &Store, all: &AllIngested, fresh: Fresh) -> Result<Loaded, Failure> {
    let inputs: BTreeSet<&str> = setup.models.inputs();
    let mut tables = BTreeMap::new();
    for (name, frame) in setup.registers()?.tables() {
        tables.insert(name.clone(), Table::of(name, keyed(frame.clone()))?);
    }
    let mut collected = Collected::new();
    let (mut rows, mut problems) = (0, Vec::new());
    for source in &setup.config.sources {
        if !inputs.contains(source.dataset.as_str()) || tables.contains_key(&source.dataset) {
            continue;
        }
        let ingests: Vec<&Ingested> = all.exports.iter().filter(|one| one.ingest.dataset == source.dataset).collect();
        let Dataset { table, quarters, .. } = dataset(setup, store, source, &ingests, &fresh, &mut problems)?;
        rows += table.rows() as u64;
        if table.rows() > 0 {
            collected.insert(source.dataset.clone(), quarters);
        }
        tables.insert(source.dataset.clone(), table);
    }
    let calendar = calendar(setup, &collected)?;
    tables.insert("calendar".to_owned(), Table::of("calendar", calendar)?);
    tables.insert("province".to_owned(), Table::of("province", province(setup))?);
    tables.retain(|name, _| inputs.contains(name.as_str()));
    let vintage = all.exports.iter().filter_map(|one| one.ingest.vintage.as_deref()?.parse().ok()).max();
    Ok(Loaded { tables, collected, vintage, rows, problems })
}

/// What models read of the facts of one export or of several.
#[derive(Debug, Clone)]
pub(super) struct Dataset {
    table: Table,
    /// Its quarters, if its facts carry any.
    quarters: Option<BTreeSet<i64>>,
    /// What is held against other exports.
    sample: Sample,
}

/// The facts of exports that this run ingested, by their keys.
pub(super) type Fresh = BTreeMap<Digest, Dataset>;

impl Dataset {
    /// What models read of these facts.
    pub(super) fn of(setup: &Setup, source: &Source, facts: &Frame) -> Result<Dataset, Failure> {
        let wanted = facts.columns().iter().filter(|(name, _)| is_wanted(setup, name));
        let frame = wanted.fold(Frame::new(), |frame, (name, values)| frame.with(name.clone(), values.clone()));
        let quarters = frame.ints("quarter").map(|quarters| {
            let distinct = quarters.chunk_by(|a, b| a == b).filter_map(|same| same[0]);
            distinct.collect()
        });
        let numbers = source.columns.iter().filter(|column| column.kind == Kind::Number);
        let measures = numbers.map(|column| column.name.as_str()).chain([source.value_name.as_str()]);
        let measures: Vec<&str> = measures.filter(|name| is_wanted(setup, name)).collect();
        let sample = Sample::of(facts, &key_columns(source), &measures);
        Ok(Dataset { table: Table::of(&source.dataset, keyed(frame))?, quarters, sample })
    }

    fn append(&mut self, source: &Source, other: &Dataset) -> Result<(), Failure> {
        if let (Some(quarters), Some(others)) = (&mut self.quarters, &other.quarters) {
            quarters.extend(others);
        }
        Ok(self.table.append(&source.dataset, &other.table)?)
    }
}

/// One dataset. Of rows with the same key, the one issued last holds.
fn dataset(
    setup: &Setup,
    store: &Store,
    source: &Source,
    ingests: &[&Ingested],
    fresh: &Fresh,
    problems: &mut Vec<Problem>,
) -> Result<Dataset, Failure> {
    let mut ordered: Vec<&Ingested> = ingests.to_vec();
    // Latest first; the name only gives the rows an order, so that the order of arrival never does.
    ordered.sort_by(|a, b| (b.issued(), &b.export.name).cmp(&(a.issued(), &a.export.name)));
    let overlapping = overlapping(&ordered);
    let read: Vec<Result<Option<Part<'_>>, Failure>> = setup.working.install(|| {
        let work = ordered.par_iter().map(|one| part(setup, store, source, one, &overlapping, fresh));
        work.collect()
    });
    let mut parts: Vec<Part<'_>> = read.into_iter().filter_map(Result::transpose).collect::<Result<_, Failure>>()?;
    let samples: Vec<(&str, &Sample)> =
        parts.iter().map(|part| (part.of.export.name.as_str(), &part.dataset.sample)).collect();
    let (stops, found) = jumps::find(&samples);
    problems.extend(found);
    for (part, stops) in parts.iter_mut().zip(stops).filter(|(_, stops)| !stops.is_empty()) {
        let Some(file) = &part.of.ingest.facts_file else { continue };
        let facts = match part.rows.take() {
            Some(rows) => part.rows.insert(jumps::clear(rows, &stops)).clone(),
            None => jumps::clear(read_facts(store, file, |name| is_needed(setup, source, name))?, &stops),
        };
        part.dataset = Dataset::of(setup, source, &facts)?;
    }
    keep_latest(setup, source, &mut parts, problems)?;
    let mut whole = Dataset::of(setup, source, &empty(setup, source))?;
    for part in parts {
        whole.append(source, &part.dataset)?;
    }
    Ok(whole)
}

/// One export of a dataset.
struct Part<'i> {
    of: &'i Ingested,
    dataset: Dataset,
    /// Its rows, where other exports may hold the same ones.
    rows: Option<Frame>,
}

fn part<'i>(
    setup: &Setup,
    store: &Store,
    source: &Source,
    of: &'i Ingested,
    overlapping: &BTreeSet<Digest>,
    fresh: &Fresh,
) -> Result<Option<Part<'i>>, Failure> {
    let Some(file) = &of.ingest.facts_file else { return Ok(None) };
    if overlapping.contains(&of.ingest.key) {
        let wanted = |name: &str| is_needed(setup, source, name) || latest::ORIGIN.contains(&name);
        let rows = read_facts(store, file, wanted)?;
        return Ok(Some(Part { of, dataset: Dataset::of(setup, source, &rows)?, rows: Some(rows) }));
    }
    let dataset = match fresh.get(&of.ingest.key) {
        Some(dataset) => dataset.clone(),
        None => Dataset::of(setup, source, &read_facts(store, file, |name| is_needed(setup, source, name))?)?,
    };
    Ok(Some(Part { of, dataset, rows: None }))
}

/// Leaves out of exports that may hold the same rows what a later one holds.
fn keep_latest(
    setup: &Setup,
    source: &Source,
    parts: &mut [Part<'_>],
    problems: &mut Vec<Problem>,
) -> Result<(), Failure> {
    let (mut positions, mut vintages) = (Vec::new(), Vec::new());
    for (position, part) in parts.iter_mut().enumerate() {
        if let Some(frame) = part.rows.take() {
            positions.push(position);
            vintages.push(Vintage { frame, day: part.of.issued(), file: part.of.export.name.clone() });
        }
    }
    problems.extend(latest::keep_latest(&mut vintages, &key_columns(source)));
    for (position, vintage) in positions.into_iter().zip(vintages) {
        parts[position].dataset = Dataset::of(setup, source, &vintage.frame)?;
    }
    Ok(())
}

/// Enterprises under one number, and under one number for each quarter: models join and group on integers, and no code of
/// an enterprise gets into them.
fn keyed(frame: Frame) -> Frame {
    let Some(codes) = frame.texts("unit_code") else { return frame };
    let units: Vec<Option<i64>> = codes.iter().map(|code| unit_number(code?)).collect();
    let keys: Option<Vec<Option<i64>>> = frame.ints("quarter").map(|quarters| {
        units.iter().zip(quarters).map(|(unit, quarter)| Some((*unit)? * QUARTERS + (*quarter)?)).collect()
    });
    let frame = frame.with("unit_number", Values::Int(units)).without(&["unit_code"]);
    match keys {
        Some(keys) => frame.with("unit_quarter", Values::Int(keys)),
        None => frame,
    }
}

/// Room for quarter indexes under a unit's number: 36^9 × 2^16 still fits 63 bits.
const QUARTERS: i64 = 1 << 16;

/// An organisation code read as a number of base 36.
fn unit_number(code: &str) -> Option<i64> {
    code.bytes()
        .try_fold(0_i64, |number, byte| number.checked_mul(36)?.checked_add(i64::from(char::from(byte).to_digit(36)?)))
}

/// Reads the wanted columns of a table of the store.
pub(super) fn read_facts(store: &Store, file: &str, wanted: impl Fn(&str) -> bool) -> Result<Frame, Failure> {
    let bytes = store::read_file(&store.path_of(file), u64::MAX)?;
    let read = store::parquet::read(bytes, wanted);
    Ok(read.map_err(|source| Failure::Parquet { path: file.to_owned(), source })?.frame)
}

/// A dataset without rows still has its columns: a model that reads it finds nothing, not an error.
fn empty(setup: &Setup, source: &Source) -> Frame {
    let mut frame = Frame::new();
    for column in source.columns.iter().filter(|column| is_wanted(setup, &column.name)) {
        let values = match column.kind {
            Kind::Number | Kind::Date => Values::Int(Vec::new()),
            _ => Values::Text(Default::default()),
        };
        frame = frame.with(column.name.clone(), values);
    }
    if super::ingest::has_quarters(source) {
        frame = frame.with("quarter", Values::Int(Vec::new()));
    }
    if source.layout.across != Across::None && setup.models.mentions(&source.value_name) {
        frame = frame.with(source.value_name.clone(), Values::Int(Vec::new()));
    }
    frame
}

/// Whether the models need a column of facts: they name it, or it makes the keys they join on.
fn is_wanted(setup: &Setup, column: &str) -> bool {
    column == "unit_code" || setup.models.mentions(column)
}

/// Whether a column of facts is read: the models need it, or it tells rows apart.
fn is_needed(setup: &Setup, source: &Source, column: &str) -> bool {
    is_wanted(setup, column) || key_columns(source).contains(&column)
}

fn key_columns(source: &Source) -> Vec<&str> {
    let mut keys: Vec<&str> = source.key.iter().map(String::as_str).collect();
    match source.layout.across {
        Across::Period => keys.push("period"),
        Across::Indicator => keys.push("indicator"),
        Across::None => {}
    }
    if super::ingest::has_quarters(source) && source.layout.across == Across::None {
        keys.push("quarter");
    }
    keys
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
    let quarters = collected.get(name).and_then(Option::as_ref);
    let (Some(&first), Some(&last)) = (quarters.and_then(BTreeSet::first), quarters.and_then(BTreeSet::last)) else {
        return Err(Failure::Gate(format!(
            "dataset `{name}`, which says which quarters there are, has no rows; see `mujun plan` and the problems above"
        )));
    };
    let all: Vec<Option<i64>> = (first..=last).map(Some).collect();
    let firsts = vec![Some(first); all.len()];
    Ok(Frame::new().with("quarter", Values::Int(all)).with("first_quarter", Values::Int(firsts)))
}

fn province(setup: &Setup) -> Frame {
    let site = &setup.config.site;
    Frame::new()
        .with("ref_area", Values::Same(Some(site.province_code.clone()), 1))
        .with("ref_area_name", Values::Same(Some(site.province_name.clone()), 1))
}
