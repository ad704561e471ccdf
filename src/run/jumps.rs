//! Columns that jump by a power of ten against what is known of the same rows: a unit was mistaken, by the sender or by the
//! definition. Such a column is not used until somebody says which of the two is right.
//!
//! An export is held against the vintage before it, or else against the same quarter of the year before (figures that
//! add up from January are comparable to no other), or else against the quarter before. A sample of the rows is enough: a
//! unit is wrong for a whole column or not at all. The sample follows from the keys alone, and exports are looked at in
//! the order of their issue, so the finding depends on nothing else.

use std::collections::{BTreeMap, HashMap};

use crate::vocab::frame::{Frame, Values};
use crate::vocab::{Place, Problem, rules};

/// Rows of an export that are looked at, at least and roughly.
const SAMPLE: u64 = 256;

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

/// The column of a row's quarter.
const QUARTER: &str = "quarter";

/// What makes rows comparable: the columns of their key, and those that hold figures.
#[derive(Debug)]
pub(super) struct Compared<'a> {
    /// Columns of the key.
    pub(super) keys: Vec<&'a str>,
    /// Columns of figures.
    pub(super) measures: Vec<&'a str>,
}

impl Compared<'_> {
    /// Whether a sample cannot be taken without this column.
    pub(super) fn needs(&self, column: &str) -> bool {
        self.keys.contains(&column) || self.measures.contains(&column) || [SERIES, QUARTER].contains(&column)
    }
}

/// A sample of the figures of one export: all that others are held against.
///
/// A row is in it if its hash is a multiple of a power of two. The sample for a larger power is thus a part of the one
/// for a smaller, and every export can be sampled before the largest one is known.
#[derive(Debug, Clone, Default)]
pub(super) struct Sample {
    one_in: u64,
    series: Vec<Series>,
}

/// The sampled figures of a series that are not zero.
#[derive(Debug, Clone)]
struct Series {
    measure: String,
    label: String,
    cells: Vec<Cell>,
}

#[derive(Debug, Clone, Copy)]
struct Cell {
    /// The hash of its row's key without the period, which decides whether it is sampled.
    hash: u64,
    /// The same with the period, where the table has rows for several.
    key: u64,
    quarter: Option<i64>,
    value: i64,
}

/// A series of an export that is not used.
#[derive(Debug)]
pub(super) struct Jump {
    /// Which export.
    pub(super) at: usize,
    measure: String,
    label: String,
    power: i32,
    /// What it was held against.
    other: usize,
}

impl Sample {
    /// The sample of an export's facts.
    pub(super) fn of(frame: &Frame, compared: &Compared<'_>) -> Sample {
        if compared.keys.is_empty() {
            return Sample::default();
        }
        let one_in = 1 << (frame.rows() as u64 / SAMPLE).max(1).ilog2();
        let mut series = Vec::new();
        let sampled = sampled(frame, &compared.keys, one_in);
        for measure in &compared.measures {
            measured(frame, measure, &sampled, &mut series);
        }
        Sample { one_in, series }
    }
}

/// A sampled row, and what its cells have in common.
type Row = (usize, Cell);

fn sampled(frame: &Frame, keys: &[&str], one_in: u64) -> Vec<Row> {
    let columns = |wanted: &dyn Fn(&str) -> bool| -> Vec<&Values> {
        keys.iter().filter(|key| wanted(key)).filter_map(|key| frame.column(key)).collect()
    };
    let lasting = columns(&|key| ![QUARTER, "period"].contains(&key));
    // Values that stand across have a row for each period: none is held against another period.
    let periods = columns(&|key| key == "period");
    let quarters = frame.ints(QUARTER);
    let row = |row: usize| {
        let hash = hash(&lasting, row, 0);
        hash.is_multiple_of(one_in).then(|| {
            let key = self::hash(&periods, row, hash);
            (row, Cell { hash, key, quarter: quarters.and_then(|quarters| quarters.get(row)), value: 0 })
        })
    };
    (0..frame.rows()).filter_map(row).collect()
}

/// A hash of the values in a row that is the same on every machine and in every version.
fn hash(columns: &[&Values], row: usize, start: u64) -> u64 {
    let mixed = columns.iter().fold(start, |hash, values| match values {
        Values::Int(values) => step(hash, values.get(row).unwrap_or(i64::MIN).cast_unsigned()),
        Values::Text(texts) => text_hash(hash, texts.get(row)),
        Values::Same(text, _) => text_hash(hash, text.as_deref()),
        other => text_hash(hash, other.text(row).as_deref()),
    });
    // The last bits decide about the sample: every bit of the key must have come to them.
    let folded = (mixed ^ (mixed >> 33)).wrapping_mul(MIX);
    folded ^ (folded >> 33)
}

/// An odd number with as many ones as noughts.
const MIX: u64 = 0xff51_afd7_ed55_8ccd;

fn step(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(5) ^ word).wrapping_mul(MIX)
}

fn text_hash(hash: u64, text: Option<&str>) -> u64 {
    let length = text.map_or(u64::MAX, |text| text.len() as u64);
    text.unwrap_or("").as_bytes().chunks(8).fold(step(hash, length), |hash, bytes| {
        let word = bytes.try_into().map(u64::from_be_bytes);
        step(hash, word.unwrap_or_else(|_| bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte))))
    })
}

fn measured(frame: &Frame, measure: &str, sampled: &[Row], all: &mut Vec<Series>) {
    let Some(values) = frame.ints(measure) else { return };
    let labels = frame.column(SERIES);
    let first = all.len();
    for &(row, cell) in sampled {
        let Some(value) = values.get(row).filter(|value| *value != 0) else { continue };
        let label = label(labels, row).unwrap_or(measure);
        let cell = Cell { value, ..cell };
        match all[first..].iter_mut().find(|series| series.label == label) {
            Some(series) => series.cells.push(cell),
            None => all.push(Series { measure: measure.to_owned(), label: label.to_owned(), cells: vec![cell] }),
        }
    }
}

fn label(labels: Option<&Values>, row: usize) -> Option<&str> {
    match labels? {
        Values::Text(labels) => labels.get(row),
        Values::Same(label, _) => label.as_deref(),
        _ => None,
    }
}

/// What is known of a series so far, by row and quarter: the value issued last, and its export.
type Known = HashMap<(u64, Option<i64>), (i64, usize)>;

/// The series that jump. `samples` are in order, the latest first.
pub(super) fn find(samples: &[Sample]) -> Vec<Jump> {
    let one_in = samples.iter().map(|sample| sample.one_in).max().unwrap_or(0).max(1);
    let mut known: BTreeMap<(&str, &str), Known> = BTreeMap::new();
    let mut jumps = Vec::new();
    for (at, sample) in samples.iter().enumerate().rev() {
        for Series { measure, label, cells } in &sample.series {
            let cells: Vec<Cell> = cells.iter().filter(|cell| cell.hash.is_multiple_of(one_in)).copied().collect();
            let known = known.entry((measure, label)).or_default();
            match jump(known, &cells) {
                Some((power, other)) => {
                    jumps.push(Jump { at, measure: measure.clone(), label: label.clone(), power, other });
                }
                None => known.extend(cells.iter().map(|cell| ((cell.key, cell.quarter), (cell.value, at)))),
            }
        }
    }
    jumps
}

/// The power of ten by which the cells jump against what is known, and the export that they are held against.
fn jump(known: &Known, cells: &[Cell]) -> Option<(i32, usize)> {
    let against = |back: i64| -> Vec<(f64, usize)> {
        let pair = |cell: &Cell| {
            let (before, export) = known.get(&(cell.key, cell.quarter.map(|quarter| quarter - back)))?;
            let ratio = cell.value as f64 / *before as f64;
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

impl Jump {
    /// The facts with nulls in the place of the figures that jump.
    pub(super) fn clear(&self, facts: Frame) -> Frame {
        let is_labelled = self.label != self.measure;
        let labels = facts.column(SERIES).filter(|_| is_labelled).cloned();
        let jumps = |row: usize| !is_labelled || label(labels.as_ref(), row) == Some(&self.label);
        let mut cleared = Frame::new();
        for (column, mut values) in facts.into_columns() {
            if column == self.measure
                && let Values::Int(values) = &mut values
            {
                (0..values.len()).filter(|row| jumps(*row)).for_each(|row| values.set(row, None));
            }
            cleared = cleared.with(column, values);
        }
        cleared
    }

    /// Only names and a ratio: no figure of anybody. `name` gives the names of exports.
    pub(super) fn told<'n>(&self, name: impl Fn(usize) -> &'n str) -> Problem {
        let times = 10_i64.pow(self.power.unsigned_abs().min(18));
        let ratio = if self.power > 0 { format!("×{times}") } else { format!("÷{times}") };
        Problem::new(&rules::UNIT_JUMP, Place::file(name(self.at)))
            .value(format!("{} {ratio}", self.label))
            .expected([name(self.other)])
    }
}
