//! Facts of all exports to the tables that models read: the latest vintage of every row, earlier ones left out.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::ingest::{AllIngested, Ingested};
use super::latest::{self, Vintage};
use super::setup::{Failure, Setup};
use crate::config::source::{Across, Kind, Source};
use crate::model::indicators::Collected;
use crate::store::{self, Store};
use crate::vocab::Problem;
use crate::vocab::frame::{Frame, Values};

/// Facts ready for the models.
pub(super) struct Loaded {
    /// Tables by name: datasets, registers, calendar.
    pub(super) tables: BTreeMap<String, Frame>,
    /// Which datasets have which quarters.
    pub(super) collected: Collected,
    /// The latest day of sending.
    pub(super) vintage: Option<i64>,
    /// Rows of facts read.
    pub(super) rows: u64,
    /// What exports have against each other.
    pub(super) problems: Vec<Problem>,
}

/// Reads what the models name of every dataset, and the registers.
pub(super) fn load(setup: &Setup, store: &Store, all: &AllIngested) -> Result<Loaded, Failure> {
    let inputs: BTreeSet<&str> = setup.models.inputs();
    let mut tables = setup.registers()?.tables().clone();
    let mut collected = Collected::new();
    let (mut rows, mut problems) = (0, Vec::new());
    for source in &setup.config.sources {
        if !inputs.contains(source.dataset.as_str()) || tables.contains_key(&source.dataset) {
            continue;
        }
        let ingests: Vec<&Ingested> = all.exports.iter().filter(|one| one.ingest.dataset == source.dataset).collect();
        let frame = dataset(setup, store, source, &ingests, &mut problems)?;
        rows += frame.rows() as u64;
        if frame.rows() > 0 {
            let quarters = frame.ints("quarter").map(|quarters| quarters.iter().flatten().copied().collect());
            collected.insert(source.dataset.clone(), quarters);
        }
        tables.insert(source.dataset.clone(), frame);
    }
    for table in tables.values_mut() {
        *table = keyed(std::mem::take(table));
    }
    let calendar = calendar(setup, &tables)?;
    tables.insert("calendar".to_owned(), calendar);
    tables.insert("province".to_owned(), province(setup));
    tables.retain(|name, _| inputs.contains(name.as_str()));
    let vintage = all.exports.iter().filter_map(|one| one.ingest.vintage.as_deref()?.parse().ok()).max();
    Ok(Loaded { tables, collected, vintage, rows, problems })
}

/// One dataset. Of rows with the same key, the one issued last holds.
fn dataset(
    setup: &Setup,
    store: &Store,
    source: &Source,
    ingests: &[&Ingested],
    problems: &mut Vec<Problem>,
) -> Result<Frame, Failure> {
    let mut ordered: Vec<&&Ingested> = ingests.iter().collect();
    // Latest first; the name only gives the rows an order, so that the order of arrival never does.
    ordered.sort_by(|a, b| (b.issued(), &b.export.name).cmp(&(a.issued(), &a.export.name)));
    let keys = key_columns(source);
    let overlapping = overlapping(&ordered);
    let read: Vec<Result<Option<Vintage>, Failure>> = ordered
        .par_iter()
        .map(|one| {
            let Some(file) = &one.ingest.facts_file else { return Ok(None) };
            let overlaps = overlapping.contains(&one.ingest.key);
            let origin = |name: &str| overlaps && latest::ORIGIN.contains(&name);
            let frame = read_facts(store, file, |name| is_wanted(setup, name) || keys.contains(&name) || origin(name))?;
            Ok(Some(Vintage { frame, day: one.issued(), file: one.export.name.clone(), overlaps }))
        })
        .collect();
    let mut vintages: Vec<Vintage> = read.into_iter().filter_map(Result::transpose).collect::<Result<_, Failure>>()?;
    let numbers = source.columns.iter().filter(|column| column.kind == Kind::Number).map(|column| column.name.as_str());
    let measures: Vec<&str> = numbers.chain([source.value_name.as_str()]).collect();
    problems.extend(latest::keep_latest(&mut vintages, &keys, &measures));
    let mut whole = empty(setup, source);
    let extra: Vec<&str> = keys.iter().copied().chain(latest::ORIGIN).filter(|name| !is_wanted(setup, name)).collect();
    for vintage in vintages {
        whole.append(vintage.frame.without(&extra));
    }
    Ok(whole)
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
    code.chars().try_fold(0_i64, |number, c| number.checked_mul(36)?.checked_add(i64::from(c.to_digit(36)?)))
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
fn overlapping(ordered: &[&&Ingested]) -> BTreeSet<store::Digest> {
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
fn calendar(setup: &Setup, tables: &BTreeMap<String, Frame>) -> Result<Frame, Failure> {
    let name = &setup.config.site.calendar;
    let quarters: Vec<i64> = tables
        .get(name)
        .and_then(|table| table.ints("quarter"))
        .unwrap_or_default()
        .iter()
        .flatten()
        .copied()
        .collect();
    let (Some(&first), Some(&last)) = (quarters.iter().min(), quarters.iter().max()) else {
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
