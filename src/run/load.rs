//! Facts of all exports to the tables that models read: the latest vintage of every row, earlier ones left out.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use rayon::prelude::*;

use super::ingest::{AllIngested, Ingested};
use super::setup::{Failure, Setup};
use crate::config::source::{Across, Source};
use crate::model::engine::Table;
use crate::model::indicators::Collected;
use crate::store::{self, Digest, Store};
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
    let mut rows = 0;
    for source in &setup.config.sources {
        if !inputs.contains(source.dataset.as_str()) || tables.contains_key(&source.dataset) {
            continue;
        }
        let ingests: Vec<&Ingested> = all.exports.iter().filter(|one| one.ingest.dataset == source.dataset).collect();
        let Dataset { table, quarters } = dataset(setup, store, source, &ingests, &fresh)?;
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
    Ok(Loaded { tables, collected, vintage, rows })
}

/// What models read of the facts of one export or of several.
#[derive(Debug, Clone)]
pub(super) struct Dataset {
    table: Table,
    /// Its quarters, if its facts carry any.
    quarters: Option<BTreeSet<i64>>,
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
        Ok(Dataset { table: Table::of(&source.dataset, keyed(frame))?, quarters })
    }

    fn append(&mut self, source: &Source, other: &Dataset) -> Result<(), Failure> {
        if let (Some(quarters), Some(others)) = (&mut self.quarters, &other.quarters) {
            quarters.extend(others);
        }
        Ok(self.table.append(&source.dataset, &other.table)?)
    }
}

/// One dataset. Of rows with the same key, the one sent last holds.
fn dataset(
    setup: &Setup,
    store: &Store,
    source: &Source,
    ingests: &[&Ingested],
    fresh: &Fresh,
) -> Result<Dataset, Failure> {
    let mut ordered: Vec<&&Ingested> = ingests.iter().collect();
    // Latest first; the name decides between two of one day, so that the order of arrival never does.
    ordered.sort_by(|a, b| (&b.ingest.vintage, &b.export.name).cmp(&(&a.ingest.vintage, &a.export.name)));
    let keys = key_columns(source);
    let overlapping = overlapping(&ordered);
    let parts: Vec<Result<Option<Part>, Failure>> = setup.working.install(|| {
        let work = ordered.par_iter().map(|one| {
            let Some(file) = &one.ingest.facts_file else { return Ok(None) };
            if overlapping.contains(&one.ingest.key) {
                let wanted = |name: &str| is_wanted(setup, name) || keys.contains(&name);
                return Ok(Some(Part::Overlapping(read_facts(store, file, wanted)?)));
            }
            Ok(Some(Part::Whole(match fresh.get(&one.ingest.key) {
                Some(dataset) => dataset.clone(),
                None => Dataset::of(setup, source, &read_facts(store, file, |name| is_wanted(setup, name))?)?,
            })))
        });
        work.collect()
    });
    let mut whole = Dataset::of(setup, source, &empty(setup, source))?;
    let mut seen: HashSet<String> = HashSet::new();
    for part in parts {
        match part? {
            None => {}
            Some(Part::Whole(dataset)) => whole.append(source, &dataset)?,
            Some(Part::Overlapping(facts)) => {
                let latest = first_of_each_key(&facts, &keys, &mut seen);
                whole.append(source, &Dataset::of(setup, source, &latest)?)?;
            }
        }
    }
    Ok(whole)
}

/// The facts of one export.
enum Part {
    Whole(Dataset),
    /// Other exports may hold the same rows.
    Overlapping(Frame),
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
        use crate::config::source::Kind;
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
fn overlapping(ordered: &[&&Ingested]) -> BTreeSet<Digest> {
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

fn first_of_each_key(frame: &Frame, keys: &[&str], seen: &mut HashSet<String>) -> Frame {
    let columns: Vec<&Values> = keys.iter().filter_map(|key| frame.column(key)).collect();
    let mut kept = Vec::with_capacity(frame.rows());
    for row in 0..frame.rows() {
        let mut key = String::new();
        for column in &columns {
            key.push_str(&column.text(row).unwrap_or_default());
            key.push('\u{1f}');
        }
        if seen.insert(key) {
            kept.push(row);
        }
    }
    if kept.len() == frame.rows() { frame.clone() } else { frame.take(&kept) }
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
