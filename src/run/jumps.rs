//! Columns that jump by a power of ten against what is known of the same rows: a unit was mistaken, by the sender or by the
//! definition. Such a column is not used until somebody says which of the two is right.
//!
//! An export is held against the vintage before it, or else against the same quarter of the year before (figures that
//! add up from January are comparable to no other), or else against the quarter before. A sample of the rows is enough: a
//! unit is wrong for a whole column or not at all. The sample follows from the keys alone, and exports are looked at in
//! the order of their issue, so the finding depends on nothing else.

use std::collections::HashMap;

use super::latest::Vintage;
use crate::vocab::frame::{Frame, Values};
use crate::vocab::{Place, Problem, rules};

/// Rows of an export that are looked at, roughly.
const SAMPLE: u64 = 256;

/// Fewest pairs that say anything.
const FEWEST: usize = 5;

/// Largest distance of the median from a power of ten, as a share of it.
const NEAR: f64 = 0.2;

/// Share of the pairs that must be nearer to that power than to any other.
const MOST: f64 = 0.8;

/// Quarters in a year.
const YEAR: i64 = 4;

/// What is known so far, by measure, row and quarter: the value issued last, and its export.
type Known = HashMap<(String, u64, Option<i64>), (i64, usize)>;

/// Puts nulls into columns that jump, and tells so. `vintages` are in order, the latest first.
pub(super) fn stop(vintages: &mut [Vintage], keys: &[&str], measures: &[&str]) -> Vec<Problem> {
    let mut problems = Vec::new();
    if keys.is_empty() || vintages.len() < 2 {
        return problems;
    }
    let rows = vintages.iter().map(|vintage| vintage.frame.rows()).max().unwrap_or(0) as u64;
    let one_in = (rows / SAMPLE).max(1);
    let mut known = Known::new();
    for at in (0..vintages.len()).rev() {
        let sampled = sample(&vintages[at].frame, keys, one_in);
        for name in measures {
            let measured = measure(&vintages[at].frame, name, &sampled);
            for (series, cells) in measured {
                match jump(&known, &series, &cells) {
                    Some((ratio, other)) => {
                        let rows: Vec<usize> = rows_of(&vintages[at].frame, name, &series);
                        problems.push(told(&vintages[at], &series, ratio, &vintages[other]));
                        clear(&mut vintages[at].frame, name, &rows);
                    }
                    None => known.extend(
                        cells.into_iter().map(|(row, quarter, value)| ((series.clone(), row, quarter), (value, at))),
                    ),
                }
            }
        }
    }
    problems
}

/// A sampled row: where it is, its key without the period, and its quarter.
struct Sampled {
    row: usize,
    key: u64,
    quarter: Option<i64>,
}

/// The column that says which series a row belongs to, where a table holds several.
const SERIES: &str = "indicator";

fn sample(frame: &Frame, keys: &[&str], one_in: u64) -> Vec<Sampled> {
    let columns = |wanted: &dyn Fn(&str) -> bool| -> Vec<&Values> {
        keys.iter().filter(|key| wanted(key)).filter_map(|key| frame.column(key)).collect()
    };
    let lasting = columns(&|key| !["quarter", "period"].contains(&key));
    // Values that stand across have a row for each period: none is held against another period.
    let periods = columns(&|key| key == "period");
    let quarters = frame.ints("quarter");
    (0..frame.rows())
        .filter_map(|row| {
            let hash = hash(&lasting, row, FNV);
            hash.is_multiple_of(one_in).then(|| Sampled {
                row,
                key: self::hash(&periods, row, hash),
                quarter: quarters.and_then(|quarters| quarters[row]),
            })
        })
        .collect()
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

type Cells = Vec<(u64, Option<i64>, i64)>;

/// The sampled values of a column that are not zero, by series.
fn measure(frame: &Frame, name: &str, sampled: &[Sampled]) -> Vec<(String, Cells)> {
    let Some(values) = frame.ints(name) else { return Vec::new() };
    let series = frame.texts(SERIES);
    let mut found: Vec<(String, Cells)> = Vec::new();
    for Sampled { row, key, quarter } in sampled {
        let Some(value) = values[*row].filter(|value| *value != 0) else { continue };
        let label = series.and_then(|series| series.get(*row)).unwrap_or(name);
        let cell = (*key, *quarter, value);
        match found.iter_mut().find(|(series, _)| series == label) {
            Some((_, cells)) => cells.push(cell),
            None => found.push((label.to_owned(), vec![cell])),
        }
    }
    found
}

/// The power of ten by which the cells jump against what is known, and the export that they are held against.
fn jump(known: &Known, series: &str, cells: &Cells) -> Option<(i32, usize)> {
    let against = |back: i64| -> Vec<(f64, usize)> {
        let pair = |(row, quarter, value): &(u64, Option<i64>, i64)| {
            let (before, export) = known.get(&(series.to_owned(), *row, quarter.map(|quarter| quarter - back)))?;
            let ratio = *value as f64 / *before as f64;
            (ratio > 0.0).then(|| (ratio.log10(), *export))
        };
        cells.iter().filter_map(pair).collect()
    };
    let mut pairs = [0, YEAR, 1].into_iter().map(against).find(|pairs| pairs.len() >= FEWEST)?;
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let (median, export) = pairs[pairs.len() / 2];
    let power = median.round();
    let is_near = (10_f64.powf(median - power) - 1.0).abs() <= NEAR;
    let same = pairs.iter().filter(|(log, _)| log.round() == power).count() as f64 / pairs.len() as f64;
    (power.abs() >= 1.0 && is_near && same >= MOST).then_some((power as i32, export))
}

/// The rows of a series; all rows where a table holds one.
fn rows_of(frame: &Frame, name: &str, series: &str) -> Vec<usize> {
    let labels = frame.texts(SERIES).filter(|_| series != name);
    (0..frame.rows()).filter(|&row| labels.is_none_or(|labels| labels.get(row) == Some(series))).collect()
}

fn clear(frame: &mut Frame, name: &str, rows: &[usize]) {
    let columns = std::mem::take(frame).into_columns();
    for (column, mut values) in columns {
        if column == name
            && let Values::Int(values) = &mut values
        {
            rows.iter().for_each(|&row| values[row] = None);
        }
        *frame = std::mem::take(frame).with(column, values);
    }
}

/// Only names and a ratio: no figure of anybody.
fn told(vintage: &Vintage, series: &str, power: i32, other: &Vintage) -> Problem {
    let times = 10_i64.pow(power.unsigned_abs().min(18));
    let ratio = if power > 0 { format!("×{times}") } else { format!("÷{times}") };
    Problem::new(&rules::UNIT_JUMP, Place::file(&vintage.file))
        .value(format!("{series} {ratio}"))
        .expected([other.file.clone()])
}
