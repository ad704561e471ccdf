//! What is said of the quality of figures: rules between forms, coverage, what stands out, published series, revisions. Nothing
//! here changes a figure.

pub mod benchmarks;
pub mod coverage;
pub mod forms;
pub mod outliers;
pub mod revisions;

use config::ConfigError;
use config::document::did_you_mean;
use config::indicator::LEVELS;
use config::quality::{self, Quality};
use vocab::frame::Frame;
use vocab::period::Quarter;

/// The quarters that are looked at, both included; all if there is no bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span(pub Option<(i64, i64)>);

impl Span {
    /// Whether a quarter is among them.
    pub fn holds(self, quarter: i64) -> bool {
        self.0.is_none_or(|(from, to)| (from..=to).contains(&quarter))
    }
}

/// Columns of `area_quarter` that `quality.toml` names and the table does not have, with the nearest that it has.
pub fn unknown_columns(quality: &Quality, columns: &[String]) -> Vec<ConfigError> {
    let known: Vec<&str> = columns.iter().map(String::as_str).collect();
    let measures = quality.outliers.iter().flat_map(|outliers| &outliers.measures);
    let series = quality.benchmarks.iter().flat_map(|one| [&one.measure, &one.published, &one.parts]);
    let unknown = measures.chain(series).filter(|name| !columns.contains(name));
    let told = |name: &String| {
        let message = format!("`{name}` is not a column of area_quarter{}", did_you_mean(name, &known));
        ConfigError { file: quality::FILE.to_owned(), line: 0, column: 0, message, excerpt: String::new() }
    };
    unknown.map(told).collect()
}

/// Place of a level among the others.
fn level_order(level: &str) -> usize {
    LEVELS.iter().position(|known| *known == level).unwrap_or(LEVELS.len())
}

/// The quarter of an index in SDMX notation.
fn sdmx(quarter: i64) -> String {
    i32::try_from(quarter).ok().and_then(Quarter::from_index).map(Quarter::sdmx).unwrap_or_default()
}

/// One figure of an area in a quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Point<'f> {
    area: &'f str,
    name: &'f str,
    quarter: i64,
    value: i64,
}

/// The figures of a column of `area_quarter` at a level, in the order of areas and quarters.
fn points<'f>(areas: &'f Frame, level: &str, column: &str) -> Vec<Point<'f>> {
    let (levels, names) = (areas.texts("level"), areas.texts("ref_area_name"));
    let (codes, quarters, values) = (areas.texts("ref_area"), areas.ints("quarter"), areas.ints(column));
    let point = |row: usize| {
        (levels?.get(row)? == level).then_some(())?;
        let name = names.and_then(|names| names.get(row)).unwrap_or_default();
        Some(Point { area: codes?.get(row)?, name, quarter: quarters?.get(row)?, value: values?.get(row)? })
    };
    let mut found: Vec<Point<'f>> = (0..areas.rows()).filter_map(point).collect();
    found.sort_unstable_by_key(|point| (point.area, point.quarter));
    found
}
