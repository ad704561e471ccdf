//! What is said of the quality of figures: rules between forms, coverage, what stands out, published series, revisions. Nothing
//! here changes a figure.

pub mod benchmarks;
pub mod coverage;
pub mod forms;
pub mod outliers;
pub mod revisions;

use crate::mistakes::no_column;
use config::ConfigError;
use config::document::did_you_mean;
use config::quality::{self, Quality};
use vocab::frame::Frame;
use vocab::level::Level;
use vocab::period::Quarter;

/// Columns of `area_quarter` that `quality.toml` names and the table does not have, with the nearest that it has.
pub fn unknown_columns(quality: &Quality, columns: &[String]) -> Vec<ConfigError> {
    let known: Vec<&str> = columns.iter().map(String::as_str).collect();
    let measures = quality.outliers.iter().flat_map(|outliers| &outliers.measures);
    let series = quality.benchmarks.iter().flat_map(|one| [&one.measure, &one.published, &one.parts]);
    let unknown = measures.chain(series).filter(|name| !columns.contains(name));
    let told = |name: &String| {
        let message = no_column(name, "area_quarter", &did_you_mean(name, &known));
        ConfigError { file: quality::FILE.to_owned(), line: 0, column: 0, message, excerpt: String::new() }
    };
    unknown.map(told).collect()
}

/// One figure of an area in a quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Point<'f> {
    area: &'f str,
    name: &'f str,
    quarter: Quarter,
    value: i64,
}

/// The figures of a column of `area_quarter` at a level, in the order of areas and quarters.
fn points<'f>(areas: &'f Frame, level: Level, column: &str) -> Vec<Point<'f>> {
    let (levels, names) = (areas.texts("level"), areas.texts("ref_area_name"));
    let (codes, quarters, values) = (areas.texts("ref_area"), areas.ints("quarter"), areas.ints(column));
    let point = |row: usize| {
        (levels?.get(row)? == level.as_str()).then_some(())?;
        let name = names.and_then(|names| names.get(row)).unwrap_or_default();
        let quarter = Quarter::of_column(quarters?.get(row)?)?;
        Some(Point { area: codes?.get(row)?, name, quarter, value: values?.get(row)? })
    };
    let mut found: Vec<Point<'f>> = (0..areas.rows()).filter_map(point).collect();
    found.sort_unstable_by_key(|point| (point.area, point.quarter));
    found
}
