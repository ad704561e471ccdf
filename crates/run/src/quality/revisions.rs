//! What a release changes in the figures of the one that readers see. That depends on the release before, so it is no part of
//! the release, which depends on its facts and rules alone: it lies beside the releases, named after both.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::failure::Failure;
use crate::ingested::AllIngested;
use crate::setup::Setup;
use crate::since::{self, Used};
use crate::standing;
use config::indicator::Indicator;
use model::indicators::Value;
use model::quality::revisions::{self as found, Earlier};
use store::Store;
use vocab::frame::Frame;
use vocab::level::Level;
use vocab::period::Quarter;

/// The key of a manifest under which it says what its quarters are made from.
pub(crate) const MADE_FROM: &str = "made_from";

/// How much a release changes in the one before.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Revised {
    /// The release before.
    pub against: String,
    /// Figures that both have in quarters whose data changed.
    pub compared: usize,
    /// Those of them that changed.
    pub revised: usize,
    /// Tables of the release before that could not be read.
    pub unreadable: usize,
    /// The folder of the tables, in the store.
    pub folder: String,
}

/// Compares the figures with those of the release that readers see, if that was made for the same readers, and saves every
/// figure that changed. Quarters that are made from the same data are not compared: they are the same.
pub(crate) fn revisions(
    setup: &Setup,
    store: &Store,
    all: &AllIngested,
    values: &[Value],
    id: &str,
    inputs: &BTreeMap<Quarter, String>,
) -> Result<Option<Revised>, Failure> {
    let Some(before) = store.pointed(standing::pointer(setup))? else { return Ok(None) };
    let Ok(manifest) = store.manifest(&before) else { return Ok(None) };
    let made_from = manifest.about.get(MADE_FROM).map(String::as_str).unwrap_or_default();
    let made_from: BTreeSet<&str> = made_from.split(' ').collect();
    let groups: Vec<(Level, Quarter)> =
        values.chunk_by(Value::is_beside).map(|group| (group[0].place.level, group[0].place.quarter)).collect();
    let read = |(level, quarter): &(Level, Quarter)| -> Option<Option<Earlier>> {
        let path = format!("indicators/level={level}/quarter={quarter}/part-0.parquet");
        manifest.file(&path)?;
        let is_same = inputs.get(quarter).is_some_and(|name| made_from.contains(name_input(*quarter, name).as_str()));
        if is_same {
            return None;
        }
        let bytes = store.read_release_file(&manifest, &path).ok().flatten();
        Some(bytes.and_then(|bytes| earlier(bytes, *level)))
    };
    let files: Vec<Option<Earlier>> = setup.waiting.install(|| groups.par_iter().filter_map(read).collect());
    let unreadable = files.iter().filter(|file| file.is_none()).count();
    let mut figures = Earlier::new();
    files.into_iter().flatten().for_each(|file| figures.extend(file));

    let indicators = &setup.config.indicators;
    let pairs = found::pairs(&figures, values, indicators);
    let changed = Changed::since(all, store.read_release_file(&manifest, since::LEDGER)?);
    let table = found::table(&pairs, indicators, &|indicator| changed.cause(indicator));
    let revised = table.rows();
    let name = format!("{before}-{id}");
    let tables = [("revisions", table), ("revision_summary", found::summary(&pairs, indicators))];
    let tables = tables.map(|(table, frame)| Ok((table, in_parquet(setup, table, &frame)?)));
    let folder = store.save_revisions(&name, &tables.into_iter().collect::<Result<Vec<_>, Failure>>()?)?;
    Ok(Some(Revised { against: before, compared: pairs.len(), revised, unreadable, folder }))
}

/// What the quarters of a release are made from, as its manifest has it.
pub(crate) fn name_inputs(inputs: &BTreeMap<Quarter, String>) -> String {
    inputs.iter().map(|(quarter, name)| name_input(*quarter, name)).collect::<Vec<_>>().join(" ")
}

fn name_input(quarter: Quarter, name: &str) -> String {
    format!("{quarter}:{name}")
}

/// The figures of a table of indicators of a level.
fn earlier(bytes: Vec<u8>, level: Level) -> Option<Earlier> {
    let wanted = ["ref_area", "time_period", "indicator", "value"];
    let frame = store::parquet::read(bytes, |name| wanted.contains(&name)).ok()?.frame;
    let text = |name: &str, row: usize| frame.column(name)?.text(row);
    let figure = |row: usize| {
        let key = [text("time_period", row)?, text("indicator", row)?, text("ref_area", row)?];
        Some(((level, key), frame.floats("value")?.get(row)))
    };
    (0..frame.rows()).map(figure).collect()
}

fn in_parquet(setup: &Setup, name: &str, frame: &Frame) -> Result<Vec<u8>, Failure> {
    let notice = &setup.config.site.notice;
    let about = BTreeMap::from([("notice".to_owned(), notice.clone())]);
    let footer = publish::footer(name, frame, &setup.dictionary, &about);
    let mut bytes = Vec::new();
    store::parquet::write(frame, &footer, &mut bytes)
        .map_err(|source| Failure::Parquet { path: format!("revisions/{name}.parquet"), source })?;
    Ok(bytes)
}

/// Exports by dataset that one of two releases is made from and the other is not.
struct Changed(BTreeMap<String, Vec<String>>);

/// Names of exports that are told as a cause; the rest are counted.
const MOST_NAMES: usize = 5;

impl Changed {
    fn since(all: &AllIngested, ledger: Option<Vec<u8>>) -> Changed {
        let before = since::exports_of(ledger);
        let now: BTreeSet<Used> = all
            .exports
            .iter()
            .map(|one| (one.ingest.dataset.clone(), one.export.name.clone(), one.export.digest.to_string()))
            .collect();
        let mut changed: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (sign, from, to) in [("+", &now, &before), ("-", &before, &now)] {
            for (dataset, file, _) in from.difference(to) {
                changed.entry(dataset.clone()).or_default().push(format!("{sign}{file}"));
            }
        }
        Changed(changed)
    }

    /// Exports that came (+) or went (-) of the datasets of an indicator; of all, if none of its own did; and the rules,
    /// if none did at all.
    fn cause(&self, indicator: &Indicator) -> String {
        let own = self.0.iter().filter(|(dataset, _)| indicator.datasets.contains(dataset));
        let own: Vec<&String> = own.flat_map(|(_, files)| files).collect();
        let files = if own.is_empty() { self.0.values().flatten().collect() } else { own };
        let mut named: Vec<String> = files.iter().take(MOST_NAMES).map(|name| (*name).clone()).collect();
        if files.len() > MOST_NAMES {
            named.push(format!("+{} …", files.len() - MOST_NAMES));
        }
        if named.is_empty() { "configuration, models, registers".to_owned() } else { named.join("; ") }
    }
}
