//! Which tables a release holds, and under which names.

use super::csv::csv;
use config::indicator::Indicator;
use model::indicators::{Reason, Value};
use protect::Profile;
use vocab::frame::{Frame, TextColumn, Values};
use vocab::level::Level;
use vocab::period::{Date, Quarter};

/// One table of a release: a Parquet file.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Path inside the release, without the name of the file.
    pub folder: String,
    /// What the table is called in the dictionary.
    pub name: String,
    /// Its rows.
    pub frame: Frame,
}

/// A table of a release, laid out when its turn to be written comes, and the text file of the same rows, if it has one.
pub type Part<'a> = Box<dyn Fn() -> (Table, Option<TextFile>) + Send + Sync + 'a>;

/// A file of text: its path inside the release, and what is in it.
pub type TextFile = (String, String);

/// A file that is made when its turn to be written comes.
pub struct Later<'a> {
    /// Its path inside the release.
    pub path: String,
    /// Makes its bytes; an error is one of a library, never of the data.
    pub make: Box<dyn Fn() -> Result<Vec<u8>, String> + Send + Sync + 'a>,
}

/// Everything a release holds. A province's tables of ten years do not fit in memory beside one another: no part is laid out
/// before somebody writes it.
#[derive(Default)]
pub struct Release<'a> {
    /// Tables.
    pub parts: Vec<Part<'a>>,
    /// Files that are no tables: what people read, and what the columns and the indicators are.
    pub others: Vec<Later<'a>>,
    /// How many files the tables will be.
    pub count: usize,
}

/// The latest day of issue among what the figures of a quarter are made from.
pub type Vintages<'a> = dyn Fn(Quarter) -> Option<Date> + 'a;

/// Lays out a release: indicators by level and quarter, the wide tables beneath, and what is said of quality.
pub fn assemble<'a>(
    values: &'a [Value],
    indicators: &'a [Indicator],
    wide: &'a [(String, Frame)],
    quality: &'a [(&'a str, Frame)],
    profile: Profile,
    vintages: &Vintages<'_>,
) -> Release<'a> {
    let mut release = Release::default();
    for group in values.chunk_by(Value::is_beside) {
        let vintage = vintages(group[0].place.quarter);
        release.parts.push(Box::new(move || indicator_part(group, indicators, vintage)));
        release.count += 2;
    }
    // The wide tables hold the sums that the minimum count withholds; the public profile goes without them.
    if profile == Profile::Internal {
        for (name, frame) in wide {
            let parts = by_quarter(name, frame);
            release.count += parts.len();
            release.parts.extend(parts);
        }
    }
    for (name, frame) in quality {
        let table = move || Table { folder: format!("quality/{name}"), name: (*name).to_owned(), frame: frame.clone() };
        release.parts.push(Box::new(move || (table(), None)));
        release.count += 1;
    }
    release
}

/// The indicators of one level and quarter, for programs and for people.
fn indicator_part(values: &[Value], indicators: &[Indicator], vintage: Option<Date>) -> (Table, Option<TextFile>) {
    let frame = indicator_frame(values, indicators, vintage);
    let edition = edition(&frame);
    let frame = frame.with("release", Values::Same(Some(edition), values.len()));
    let (level, quarter) = (values[0].place.level, values[0].place.quarter);
    let csv = (format!("reports/{quarter}/csv/{level}.csv"), csv(&frame));
    let folder = format!("indicators/level={level}/quarter={quarter}");
    (Table { folder, name: "indicators".to_owned(), frame }, Some(csv))
}

/// A name for the figures of a level and quarter that follows from them alone: where no figure changes the file keeps every byte,
/// and is shared between releases.
fn edition(frame: &Frame) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut bytes = Vec::new();
    for (_, values) in frame.columns() {
        bytes.clear();
        put_all(&mut bytes, values);
        hasher.update(&bytes);
    }
    hasher.finalize().to_hex().chars().take(16).collect()
}

/// Every value behind a byte that says whether it is there; a text behind its length.
fn put_all(bytes: &mut Vec<u8>, values: &Values) {
    fn put<const N: usize>(bytes: &mut Vec<u8>, value: Option<[u8; N]>) {
        bytes.push(u8::from(value.is_some()));
        bytes.extend(value.unwrap_or([0; N]));
    }
    fn put_text(bytes: &mut Vec<u8>, text: Option<&str>) {
        put(bytes, text.map(|text| (text.len() as u32).to_le_bytes()));
        bytes.extend_from_slice(text.unwrap_or_default().as_bytes());
    }
    match values {
        Values::Int(values) => values.iter().for_each(|value| put(bytes, value.map(i64::to_le_bytes))),
        Values::Float(values) => values.iter().for_each(|value| put(bytes, value.map(f64::to_le_bytes))),
        Values::Bool(values) => values.iter().for_each(|value| put(bytes, value.map(|value| [u8::from(value)]))),
        Values::Text(values) => values.iter().for_each(|value| put_text(bytes, value)),
        Values::Same(value, _) => put_text(bytes, value.as_deref()),
    }
}

/// The values of one level and quarter.
fn indicator_frame(values: &[Value], indicators: &[Indicator], vintage: Option<Date>) -> Frame {
    fn text<'v>(values: &'v [Value], pick: impl Fn(&'v Value) -> Option<&'v str>) -> Values {
        Values::Text(values.iter().map(pick).collect())
    }
    let float = |pick: fn(&Value) -> Option<f64>| Values::Float(values.iter().map(pick).collect());
    let int = |pick: fn(&Value) -> Option<i64>| Values::Int(values.iter().map(pick).collect());
    let of = |value: &Value| &indicators[value.indicator];
    let document = |value: &Value| {
        value.target?;
        Some(of(value).headline_target(value.place.level)?.document.as_str())
    };
    Frame::new()
        .with("ref_area", text(values, |v| Some(&v.place.ref_area)))
        .with("ref_area_name", text(values, |v| Some(&v.place.ref_area_name)))
        .with("time_period", Values::Same(values.first().map(|v| v.place.quarter.sdmx()), values.len()))
        .with("indicator", text(values, |v| Some(&of(v).id)))
        .with("value", float(|v| v.value))
        .with("unit_measure", text(values, |v| Some(&of(v).unit)))
        .with("basis", text(values, |v| Some(of(v).basis.as_str())))
        .with("obs_status", text(values, |v| Some(v.obs_status.as_str())))
        .with("reason", text(values, |v| v.reason.map(Reason::as_str)))
        .with("reason_dataset", text(values, |v| Some(of(v).datasets.get(v.short_of?)?.as_str())))
        .with("missing_units", int(Value::missing_units))
        .with("conf_status", text(values, |v| Some(v.conf_status.as_str())))
        .with("numerator", int(|v| v.numerator))
        .with("denominator", int(|v| v.denominator))
        .with("coverage", float(Value::coverage))
        .with("yoy", float(|v| v.yoy))
        .with("target", float(|v| v.target))
        .with("target_document", text(values, document))
        .with("gap", float(Value::gap))
        .with("on_track", Values::Bool(values.iter().map(|v| v.on_track).collect()))
        .with("rank", int(|v| v.rank.map(i64::from)))
        .with("rank_of", int(|v| v.rank_of.map(i64::from)))
        .with("vintage", Values::Same(vintage.map(|day| day.to_string()), values.len()))
}

/// Splits a wide table by quarter; `area_quarter` also by level, into one table for each.
fn by_quarter<'a>(name: &str, frame: &'a Frame) -> Vec<Part<'a>> {
    let Some(quarters) = frame.ints("quarter") else { return Vec::new() };
    let mut all: Vec<i64> = quarters.iter().flatten().collect();
    all.sort_unstable();
    all.dedup();
    let all: Vec<Quarter> = all.into_iter().filter_map(Quarter::of_column).collect();
    let mut parts: Vec<Part<'a>> = Vec::new();
    for level in Level::ALL.map(Some).into_iter().chain([None]) {
        if level.is_some() != frame.texts("level").is_some() {
            continue;
        }
        let name = level.map_or_else(|| name.to_owned(), |level| format!("{level}_quarter"));
        for &quarter in &all {
            let name = name.clone();
            parts.push(Box::new(move || (wide_part(&name, frame, level, quarter), None)));
        }
    }
    parts
}

/// The rows of one level and quarter.
fn wide_part(name: &str, frame: &Frame, level: Option<Level>, quarter: Quarter) -> Table {
    let (quarters, levels) = (frame.ints("quarter").unwrap_or_default(), frame.texts("level"));
    let mut rows: Vec<usize> = (0..frame.rows())
        .filter(|&row| quarters.get(row) == Some(quarter.column()))
        .filter(|&row| levels.is_none_or(|levels| levels.get(row) == level.map(Level::as_str)))
        .collect();
    // Engines return rows in no order; a release has one.
    let divisions = frame.ints("division");
    let areas: Vec<&TextColumn> =
        ["ref_area", "cluster_code", "unit_code"].into_iter().filter_map(|key| frame.texts(key)).collect();
    let key = |row: usize| {
        let area = areas.iter().find_map(|areas| areas.get(row));
        (area, divisions.and_then(|divisions| divisions.get(row)))
    };
    rows.sort_by_cached_key(|&row| key(row));
    let part = frame.take(&rows).without(&["level", "quarter", "first_quarter", "line", "territory_from"]);
    let periods = Values::Same(Some(quarter.sdmx()), part.rows());
    let folder = format!("tables/{name}/quarter={quarter}");
    Table { folder, name: name.to_owned(), frame: part.with("time_period", periods) }
}
