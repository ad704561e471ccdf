//! The facts and the quarantine of one export: made, saved, and made again where they are damaged in the store.

use std::collections::BTreeMap;

use serde_json::json;

use super::failure::Failure;
use super::ingested::Ingested;
use super::mend;
use super::prepared::Prepared;
use super::problems::keep;
use super::received::Claimed;
use super::setup::Setup;
use super::transform::transform;
use clean::Findings;
use config::source::Source;
use store::{Ingest, Shelf, Store};
use vocab::frame::Frame;
use vocab::period::{Quarter, day_to_number};
use vocab::{Problem, said};

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
    Claimed { export, source, key, .. }: Claimed<'_>,
) -> Result<(Tables, Option<Prepared>), Failure> {
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
    let named = |quarter: Option<i64>| Some(Quarter::of_column(quarter?)?.to_string());
    let ingest = Ingest {
        key,
        digest: export.digest,
        source: source.id.clone(),
        dataset: source.dataset.clone(),
        period_from: named(quarters.iter().flatten().min()),
        period_to: named(quarters.iter().flatten().max()),
        vintage: issued.map(|issued| day_to_number(issued.day).to_string()),
        vintage_from: issued.map(|issued| issued.by.as_str().to_owned()),
        rows_total: ledger.rows,
        rows_facts: ledger.facts,
        rows_quarantined: ledger.quarantined,
        rows_ignored: ledger.notes + ledger.blank,
        rows_other: ledger.preamble + ledger.header,
        facts: None,
        quarantine: None,
        problems_json: json!(keep(&findings, ledger, figures)).to_string(),
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

/// Makes the tables of an export again and gives the one that was found damaged.
pub(super) fn table(
    setup: &Setup,
    store: &Store,
    one: &Ingested,
    shelf: Shelf,
    problem: Problem,
) -> Result<Option<Vec<u8>>, Failure> {
    let Ingested { export, at, ingest, .. } = one;
    let claimed = Claimed { export, at: *at, source: one.source(setup), key: ingest.key };
    let made = again(setup, store, claimed)?;
    store.note(problem.said(said!("已重做", "made again")));
    Ok(store.read_table(&made, shelf)?)
}

/// Makes the tables of an export again, under the same key and so with the same bytes.
pub(super) fn again(setup: &Setup, store: &Store, claimed: Claimed<'_>) -> Result<Ingest, Failure> {
    let (tables, _) = one(setup, store, claimed)?;
    let made = tables.save(store)?;
    store.settle()?;
    store.catalog().put_ingests(std::slice::from_ref(&made))?;
    Ok(made)
}
