//! Events of OpenLineage (2-0-2): which exports a release was made from, and which column of it rests on which column of facts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha1::{Digest as _, Sha1};
use uuid::{Builder, Uuid};

use crate::failure::Failure;
use crate::setup::{Setup, VERSION};
use config::indicator::Indicator;
use config::measure::{Made, Measure, Summed};
use store::{Ingest, Manifest, Run, Store};

/// What makes the events. It names no host: installations have none in common.
const PRODUCER: &str = concat!("urn:mujun:", env!("CARGO_PKG_VERSION"));
const EVENT: &str = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";

/// The start and the end of each run of this process that began then and is in the catalogue. A run with nothing to do is not.
///
/// # Errors
/// When the store cannot be read.
pub(super) fn events(setup: &Setup, store: &Store, started: &str) -> Result<Vec<Value>, Failure> {
    let runs = store.catalog().runs()?;
    let mut events = Vec::new();
    let own = Run::begun(started).id;
    // Those of pipelines have its name behind.
    let is_own = |run: &&Run| run.id.strip_prefix(&own).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    for run in runs.iter().filter(is_own).filter(|run| run.outcome.is_some()) {
        events.extend(of_run(setup, store, run)?);
    }
    Ok(events)
}

fn of_run(setup: &Setup, store: &Store, run: &Run) -> Result<[Value; 2], Failure> {
    let outcome = run.outcome.as_deref().unwrap_or_default();
    let is_failed = ["refused", "failed", "interrupted"].contains(&outcome);
    let mut facets = json!({
        "processing_engine": facet("1-1-1/ProcessingEngineRunFacet", json!({ "name": "mujun", "version": VERSION })),
    });
    if let Some(reason) = run.reason.as_ref().filter(|_| is_failed) {
        let told = json!({ "message": reason, "programmingLanguage": "Rust" });
        facets["errorMessage"] = facet("1-0-1/ErrorMessageRunFacet", told);
    }
    let job = json!({
        "namespace": setup.config.observe.namespace,
        "name": run.pipeline.as_deref().unwrap_or("run"),
        "facets": { "jobType": facet("2-0-4/JobTypeJobFacet", json!({
            "processingType": "BATCH", "integration": "MUJUN", "jobType": "PIPELINE",
        })) },
    });
    let event = |kind: &str, time: &str, facets: Value, inputs: Vec<Value>, outputs: Vec<Value>| {
        json!({
            "eventType": kind,
            "eventTime": time,
            "run": { "runId": id_of(setup, run).to_string(), "facets": facets },
            "job": job,
            "inputs": inputs,
            "outputs": outputs,
            "producer": PRODUCER,
            "schemaURL": EVENT,
        })
    };
    let published = run.release.as_ref().filter(|_| outcome == "published");
    let outputs = match published.map(|release| store.manifest(release)).transpose()? {
        Some(manifest) => outputs(setup, store, &manifest)?,
        None => Vec::new(),
    };
    let inputs = if outcome == "nothing_to_do" { Vec::new() } else { inputs(setup, store)? };
    let end = if is_failed { "FAIL" } else { "COMPLETE" };
    let finished = run.finished.as_deref().unwrap_or(&run.started);
    Ok([event("START", &run.started, json!({}), Vec::new(), Vec::new()), event(end, finished, facets, inputs, outputs)])
}

/// The same for both events of a run, and for no other: a name in the namespace of the installation.
fn id_of(setup: &Setup, run: &Run) -> Uuid {
    let mut hasher = Sha1::new();
    hasher.update(Uuid::NAMESPACE_URL.as_bytes());
    hasher.update(format!("urn:mujun:{}:{}", setup.config.observe.namespace, run.id));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hasher.finalize()[..16]);
    Builder::from_sha1_bytes(bytes).into_uuid()
}

/// A facet, with what every facet has.
fn facet(schema: &str, mut of: Value) -> Value {
    let (version, name) = schema.split_once('/').unwrap_or_default();
    of["_producer"] = json!(PRODUCER);
    of["_schemaURL"] = json!(format!("https://openlineage.io/spec/facets/{version}/{name}.json#/$defs/{name}"));
    of
}

/// The exports in use, each with its content and its rows.
fn inputs(setup: &Setup, store: &Store) -> Result<Vec<Value>, Failure> {
    let inbox = whole(&setup.inbox_dir);
    let input = |(name, ingest): (String, Ingest)| {
        json!({
            "namespace": "file",
            "name": inbox.join(name).display().to_string(),
            "facets": { "version": facet("1-0-1/DatasetVersionDatasetFacet", json!({
                "datasetVersion": ingest.digest.to_string(),
            })) },
            "inputFacets": { "inputStatistics": facet("1-0-0/InputStatisticsInputDatasetFacet", json!({
                "rowCount": ingest.rows_total,
            })) },
        })
    };
    Ok(store.catalog().in_use()?.into_iter().map(input).collect())
}

/// A folder as others find it, wherever they are.
fn whole(folder: &Path) -> PathBuf {
    store::resolve(folder).unwrap_or_else(|_| folder.to_owned())
}

/// The tables of a release: their columns as their files say them, and what these rest on.
fn outputs(setup: &Setup, store: &Store, manifest: &Manifest) -> Result<Vec<Value>, Failure> {
    let folder = whole(&store.release_folder(&manifest.release));
    let mut tables: BTreeMap<String, (&str, u64, u64)> = BTreeMap::new();
    for file in manifest.files.iter().filter(|file| file.path.ends_with(".parquet")) {
        // Partitions of a table lie in folders of their own, which have names with `=`.
        let of_table: Vec<&str> = file.path.split('/').take_while(|part| !part.contains(['=', '.'])).collect();
        let (_, bytes, files) = tables.entry(of_table.join("/")).or_insert((&file.path, 0, 0));
        (*bytes, *files) = (*bytes + file.bytes, *files + 1);
    }
    let lineage = Columns { setup, folder: folder.display().to_string(), tables: tables.keys().cloned().collect() };
    let mut outputs = Vec::new();
    for (table, (path, bytes, files)) in tables {
        let columns = columns_of(store, manifest, path)?;
        let fields: Vec<Value> =
            columns.iter().map(|(name, meaning)| json!({ "name": name, "description": meaning })).collect();
        let mut facets = json!({
            "schema": facet("1-2-0/SchemaDatasetFacet", json!({ "fields": fields })),
            "version": facet("1-0-1/DatasetVersionDatasetFacet", json!({ "datasetVersion": manifest.release })),
        });
        let names: BTreeSet<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        if let Some(columns) = lineage.of_table(&table, &names) {
            facets["columnLineage"] = facet("1-2-0/ColumnLineageDatasetFacet", columns);
        }
        outputs.push(json!({
            "namespace": "file",
            "name": folder.join(&table).display().to_string(),
            "facets": facets,
            "outputFacets": { "outputStatistics": facet("1-0-2/OutputStatisticsOutputDatasetFacet", json!({
                "size": bytes, "fileCount": files,
            })) },
        }));
    }
    Ok(outputs)
}

/// The columns of a table and what they mean, as the footer of one of its files has them.
fn columns_of(store: &Store, manifest: &Manifest, path: &str) -> Result<Vec<(String, String)>, Failure> {
    let Some(bytes) = store.read_release_file(manifest, path)? else { return Ok(Vec::new()) };
    let read = store::parquet::read(bytes, |_| false);
    let metadata = read.map_err(|source| Failure::Parquet { path: path.to_owned(), source })?.metadata;
    let columns: BTreeMap<String, Value> =
        metadata.get("mujun.columns").and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let meaning = |column: &Value| column["description_zh"].as_str().unwrap_or_default().to_owned();
    Ok(columns.iter().map(|(name, column)| (name.clone(), meaning(column))).collect())
}

/// Which columns rest on which.
struct Columns<'s> {
    setup: &'s Setup,
    /// The folder of the release.
    folder: String,
    /// Its tables: a public release has no sums.
    tables: BTreeSet<String>,
}

impl Columns<'_> {
    /// The facet of a table; none where nothing is known of its columns.
    fn of_table(&self, table: &str, columns: &BTreeSet<&str>) -> Option<Value> {
        let fields = if table == "indicators" { self.of_indicators() } else { self.of_measures(columns) };
        (!fields.is_empty()).then(|| {
            let fields: serde_json::Map<String, Value> =
                fields.into_iter().map(|(name, inputs)| (name, json!({ "inputFields": inputs }))).collect();
            json!({ "fields": fields })
        })
    }

    /// Values are made of the sums of the tables beneath, at the level of the area.
    fn of_indicators(&self) -> Vec<(String, Vec<Value>)> {
        let sums: BTreeSet<(&str, &str)> = self.setup.config.indicators.iter().flat_map(sums_of).collect();
        let field = |(level, column): (&str, &str)| {
            let table = format!("tables/{level}_quarter");
            let is_there = self.tables.contains(&table);
            is_there.then(|| self.field(&format!("{}/{table}", self.folder), column, "TRANSFORMATION"))
        };
        let made_of: Vec<Value> = sums.into_iter().filter_map(field).collect();
        if made_of.is_empty() { Vec::new() } else { vec![("value".to_owned(), made_of)] }
    }

    /// Sums are made of the columns of facts that have their names, or else of the datasets that they need.
    fn of_measures(&self, columns: &BTreeSet<&str>) -> Vec<(String, Vec<Value>)> {
        let measures = self.setup.config.measures.iter().filter(|measure| columns.contains(measure.name.as_str()));
        let of = |measure: &Measure| Some((measure.name.clone(), self.of_measure(measure)?));
        measures.filter_map(of).collect()
    }

    fn of_measure(&self, measure: &Measure) -> Option<Vec<Value>> {
        let Made::Rows(rows) = &measure.made else { return None };
        let (Summed::Sum(column) | Summed::Count(column)) = &rows.what else { return None };
        let sources = self.setup.config.sources.iter().filter(|source| measure.datasets.contains(&source.dataset));
        let facts = sources.filter(|source| source.columns.iter().any(|declared| declared.name == *column));
        let datasets: BTreeSet<&str> = facts.map(|source| source.dataset.as_str()).collect();
        let field = |dataset: &str| {
            let name = whole(&self.setup.store_dir).join("facts").join(dataset).display().to_string();
            self.field(&name, column, "AGGREGATION")
        };
        (!datasets.is_empty()).then(|| datasets.into_iter().map(field).collect())
    }

    fn field(&self, dataset: &str, field: &str, how: &str) -> Value {
        json!({
            "namespace": "file", "name": dataset, "field": field,
            "transformations": [{ "type": "DIRECT", "subtype": how }],
        })
    }
}

/// The sums that an indicator is made of, with the levels that it is at.
fn sums_of(indicator: &Indicator) -> impl Iterator<Item = (&str, &str)> {
    let sums = [&indicator.numerator, &indicator.denominator];
    let sums = sums.into_iter().flatten().map(String::as_str);
    sums.flat_map(|sum| indicator.levels.iter().map(move |level| (level.as_str(), sum)))
}
