//! The published values of a release.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::explain;
use crate::failure::Failure;
use crate::setup::Setup;
use store::{Manifest, Store};
use vocab::level::Level;
use vocab::period::Quarter;

/// What a value is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) level: Level,
    pub(super) quarter: Quarter,
    /// Its position in the catalogue.
    pub(super) indicator: usize,
    pub(super) ref_area: String,
}

/// A value as it was published.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure {
    pub(super) ref_area_name: String,
    pub(super) value: Option<f64>,
    pub(super) status: String,
    pub(super) numerator: Option<i64>,
    pub(super) denominator: Option<i64>,
}

/// The columns that are read.
const COLUMNS: [&str; 7] =
    ["ref_area", "ref_area_name", "indicator", "value", "obs_status", "numerator", "denominator"];

/// All values of a release, of the indicators that there are.
pub(super) fn of(setup: &Setup, store: &Store, manifest: &Manifest) -> Result<BTreeMap<Key, Figure>, Failure> {
    let positions: BTreeMap<&str, usize> =
        setup.config.indicators.iter().enumerate().map(|(at, one)| (one.id.as_str(), at)).collect();
    let read = |(path, level, quarter): (String, Level, Quarter)| -> Result<Vec<(Key, Figure)>, Failure> {
        let frame = explain::read_table(store, manifest, path, |name| COLUMNS.contains(&name))?;
        let text = |name: &str, row: usize| frame.column(name).and_then(|column| column.text(row)).unwrap_or_default();
        let int = |name: &str, row: usize| frame.ints(name).and_then(|column| column.get(row));
        let row = |row: usize| {
            let indicator = *positions.get(text("indicator", row).as_str())?;
            let key = Key { level, quarter, indicator, ref_area: text("ref_area", row) };
            let figure = Figure {
                ref_area_name: text("ref_area_name", row),
                value: frame.floats("value").and_then(|column| column.get(row)),
                status: text("obs_status", row),
                numerator: int("numerator", row),
                denominator: int("denominator", row),
            };
            Some((key, figure))
        };
        Ok((0..frame.rows()).filter_map(row).collect())
    };
    let files: Vec<(String, Level, Quarter)> = manifest.files.iter().filter_map(|file| place(&file.path)).collect();
    let read: Vec<Result<Vec<_>, Failure>> = files.into_par_iter().map(read).collect();
    let mut all = BTreeMap::new();
    for rows in read {
        all.extend(rows?);
    }
    Ok(all)
}

/// The level and quarter of a file of indicators.
pub(super) fn place(path: &str) -> Option<(String, Level, Quarter)> {
    let (level, rest) = path.strip_prefix("indicators/level=")?.split_once("/quarter=")?;
    let quarter = Quarter::parse(rest.split('/').next()?)?;
    Some((path.to_owned(), Level::parse(level)?, quarter))
}
