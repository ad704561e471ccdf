//! Columns that jump by a power of ten against what is known of the same rows: a unit was mistaken, by the sender or by the
//! definition. Such a column is not used until somebody says which of the two is right.
//!
//! An export is held against the vintage before it, or else against the same quarter of the year before (figures that
//! add up from January are comparable to no other), or else against the quarter before. A sample of the rows is enough: a
//! unit is wrong for a whole column or not at all. The sample follows from the keys alone, and exports are looked at in
//! the order of their issue, so the finding depends on nothing else.

use std::collections::HashMap;

use crate::vocab::frame::{Frame, Values};
use crate::vocab::{Place, Problem, rules};

/// Rows of an export that are looked at, roughly: those whose keys have the smallest hashes, so that samples of exports with
/// the same keys hold the same rows.
const SAMPLE: usize = 256;

/// Fewest pairs that say anything.
const FEWEST: usize = 5;

/// Largest distance of the median from a power of ten, as a share of it.
const NEAR: f64 = 0.2;

/// Share of the pairs that must be nearer to that power than to any other.
const MOST: f64 = 0.8;

/// Quarters in a year.
const YEAR: i64 = 4;

/// The column that says which series a row belongs to, where a table holds several.
const SERIES: &str = "indicator";

/// A value of the sample: the hash of its row's key, the quarter, and the value.
type Cell = (u64, Option<i64>, i64);

/// One column of an export, or of one series in it.
#[derive(Debug, Clone)]
struct Measure {
    column: String,
    series: Option<String>,
    cells: Vec<Cell>,
}

/// The values of an export that are compared with those of others.
#[derive(Debug, Clone, Default)]
pub(super) struct Sample(Vec<Measure>);

/// A column that is not to be used, or the rows of one series in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stop {
    column: String,
    series: Option<String>,
}

impl Sample {
    /// The sample of `facts`, whose rows are identified by `keys`.
    pub(super) fn of(facts: &Frame, keys: &[&str], measures: &[&str]) -> Sample {
        if keys.is_empty() {
            return Sample::default();
        }
        let columns = |wanted: &dyn Fn(&str) -> bool| -> Vec<&Values> {
            keys.iter().filter(|key| wanted(key)).filter_map(|key| facts.column(key)).collect()
        };
        let lasting = columns(&|key| !["quarter", "period"].contains(&key));
        // Values that stand across have a row for each period: none is held against another period.
        let periods = columns(&|key| key == "period");
        let hashes: Vec<u64> = (0..facts.rows()).map(|row| hash(&lasting, row, FNV)).collect();
        let mut sorted = hashes.clone();
        let largest = match sorted.len() > SAMPLE {
            true => *sorted.select_nth_unstable(SAMPLE - 1).1,
            false => u64::MAX,
        };
        let quarters = facts.ints("quarter");
        let rows: Vec<(usize, u64, Option<i64>)> = (0..hashes.len())
            .filter(|&row| hashes[row] <= largest)
            .map(|row| (row, hash(&periods, row, hashes[row]), quarters.and_then(|quarters| quarters[row])))
            .collect();
        Sample(measures.iter().flat_map(|column| measured(facts, column, &rows)).collect())
    }
}

/// The sampled values of a column that are not zero, by series.
fn measured(facts: &Frame, column: &str, rows: &[(usize, u64, Option<i64>)]) -> Vec<Measure> {
    let Some(values) = facts.ints(column) else { return Vec::new() };
    let labels = facts.texts(SERIES);
    let mut found: Vec<Measure> = Vec::new();
    for &(row, key, quarter) in rows {
        let Some(value) = values[row].filter(|value| *value != 0) else { continue };
        let series = labels.and_then(|labels| labels.get(row));
        match found.iter_mut().find(|measure| measure.series.as_deref() == series) {
            Some(measure) => measure.cells.push((key, quarter, value)),
            None => found.push(Measure {
                column: column.to_owned(),
                series: series.map(str::to_owned),
                cells: vec![(key, quarter, value)],
            }),
        }
    }
    found
}

/// The start of FNV-1a.
const FNV: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a of the values in a row: the same on every machine and in every version.
fn hash(columns: &[&Values], row: usize, start: u64) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    columns.iter().fold(start, |hash, values| match values {
        Values::Text(texts) => texts.get(row).unwrap_or("").bytes().chain([0xff]).fold(hash, step),
        other => other.text(row).unwrap_or_default().bytes().chain([0xff]).fold(hash, step),
    })
}

/// What is known so far, by column, series, row and quarter: the value issued last, and its export.
type Known<'s> = HashMap<(&'s str, Option<&'s str>, u64, Option<i64>), (i64, usize)>;

/// The columns of each export that are not to be used, with a problem for each. Exports come with their names, the latest
/// first.
pub(super) fn find(exports: &[(&str, &Sample)]) -> (Vec<Vec<Stop>>, Vec<Problem>) {
    let mut stops: Vec<Vec<Stop>> = vec![Vec::new(); exports.len()];
    let mut problems = Vec::new();
    let mut known = Known::new();
    for at in (0..exports.len()).rev() {
        let (file, Sample(measures)) = exports[at];
        for measure in measures {
            let Some((power, other)) = jump(&known, measure) else {
                let (column, series) = (measure.column.as_str(), measure.series.as_deref());
                known.extend(
                    measure.cells.iter().map(|&(row, quarter, value)| ((column, series, row, quarter), (value, at))),
                );
                continue;
            };
            // Only names and a ratio: no figure of anybody.
            let times = 10_i64.pow(power.unsigned_abs().min(18));
            let ratio = if power > 0 { format!("×{times}") } else { format!("÷{times}") };
            let what = measure.series.as_deref().unwrap_or(&measure.column);
            let problem = Problem::new(&rules::UNIT_JUMP, Place::file(file)).value(format!("{what} {ratio}"));
            problems.push(problem.expected([exports[other].0]));
            stops[at].push(Stop { column: measure.column.clone(), series: measure.series.clone() });
        }
    }
    (stops, problems)
}

/// The power of ten by which a measure jumps against what is known, and the export that it is held against.
fn jump(known: &Known<'_>, measure: &Measure) -> Option<(i32, usize)> {
    let against = |back: i64| -> Vec<(f64, usize)> {
        let pair = |&(row, quarter, value): &Cell| {
            let quarter = quarter.map(|quarter| quarter - back);
            let (before, export) = known.get(&(measure.column.as_str(), measure.series.as_deref(), row, quarter))?;
            let ratio = value as f64 / *before as f64;
            (ratio > 0.0).then(|| (ratio.log10(), *export))
        };
        measure.cells.iter().filter_map(pair).collect()
    };
    let mut pairs = [0, YEAR, 1].into_iter().map(against).find(|pairs| pairs.len() >= FEWEST)?;
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let (median, export) = pairs[pairs.len() / 2];
    let power = median.round();
    let is_near = (10_f64.powf(median - power) - 1.0).abs() <= NEAR;
    let same = pairs.iter().filter(|(log, _)| log.round() == power).count() as f64 / pairs.len() as f64;
    (power.abs() >= 1.0 && is_near && same >= MOST).then_some((power as i32, export))
}

/// Puts nulls into what is not to be used.
pub(super) fn clear(facts: Frame, stops: &[Stop]) -> Frame {
    let labels: Vec<Option<String>> = match facts.texts(SERIES) {
        Some(labels) => labels.iter().map(|label| label.map(str::to_owned)).collect(),
        None => vec![None; facts.rows()],
    };
    let mut cleared = Frame::new();
    for (column, mut values) in facts.into_columns() {
        if let Values::Int(values) = &mut values {
            for stop in stops.iter().filter(|stop| stop.column == column) {
                let of_series = values.iter_mut().zip(&labels).filter(|(_, label)| **label == stop.series);
                of_series.for_each(|(value, _)| *value = None);
            }
        }
        cleared = cleared.with(column, values);
    }
    cleared
}
