//! Samples of exports: rows in the order of their keys, so that two exports are held against each other in one pass over both.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use foldhash::fast::FixedState;

use clean::Registers;
use vocab::frame::{Frame, Values};
use vocab::period::Quarter;

/// The column that says which series a row belongs to, where a table holds several.
const SERIES: &str = "indicator";
/// The column of a row's quarter.
const QUARTER: &str = "quarter";
/// The column of the period of values that stand across.
const PERIOD: &str = "period";
/// Digits of the year that a period begins with.
const YEAR_DIGITS: usize = 4;
/// The column of the unit of values that stand across.
const UNIT: &str = "unit";

/// What makes rows comparable, and what is compared.
#[derive(Debug, Clone)]
pub(crate) struct Compared<'a> {
    /// Columns of the key.
    pub(crate) keys: Vec<&'a str>,
    /// Columns of figures.
    pub(crate) measures: Vec<&'a str>,
    /// Columns that tell who sent a row.
    pub(crate) senders: SenderColumns<'a>,
    /// Whether every figure is a published sum.
    pub(crate) is_published: bool,
}

/// Columns that tell who sent a row, where a table has them.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SenderColumns<'a> {
    /// Of enterprises, which are in a park.
    pub(crate) unit: Option<&'a str>,
    /// Of parks, which are in a city.
    pub(crate) park: Option<&'a str>,
    /// Of divisions, which are in a city.
    pub(crate) region: Option<&'a str>,
}

impl Compared<'_> {
    /// Whether a sample cannot be taken without this column.
    pub(crate) fn needs(&self, column: &str) -> bool {
        let SenderColumns { unit, park, region } = self.senders;
        self.keys.contains(&column)
            || self.measures.contains(&column)
            || [SERIES, QUARTER, UNIT].contains(&column)
            || [unit, park, region].contains(&Some(column))
    }
}

/// Who sent a row, by the codes of city and park; zero where it is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sender {
    pub(super) city: u32,
    pub(super) park: u32,
}

/// Parks of enterprises and cities of parks, as the registers have them.
#[derive(Debug)]
pub(crate) struct Senders {
    parks: HashMap<String, u32, FixedState>,
    cities: HashMap<u32, u32, FixedState>,
}

impl Senders {
    /// What the registers know. An enterprise that moved is where the register has it last.
    pub(crate) fn of(registers: &Registers) -> Senders {
        let mut senders = Senders { parks: HashMap::default(), cities: HashMap::default() };
        for (name, frame) in registers.tables() {
            let column = |column: &str| frame.texts(column);
            if name == "park"
                && let (Some(parks), Some(cities)) = (column("park_code"), column("city_code"))
            {
                senders.cities.extend(parks.iter().zip(cities.iter()).map(|(park, city)| (number(park), number(city))));
            }
            if name == "stay"
                && let (Some(units), Some(parks)) = (column("unit_code"), column("park_code"))
            {
                let pairs = units.iter().zip(parks.iter());
                senders.parks.extend(pairs.filter_map(|(unit, park)| Some((unit?.to_owned(), number(park)))));
            }
        }
        senders
    }

    fn of_row(&self, row: usize, [unit, park, region]: [Option<&Values>; 3]) -> Sender {
        let of_unit = || self.parks.get(&*text(unit?, row)?).copied();
        let park = park.and_then(|park| text(park, row)).map(|code| number(Some(&code))).or_else(of_unit).unwrap_or(0);
        // The first four digits of a division are its city's.
        let of_region = || Some(number(text(region?, row).as_deref()) / 100 * 100);
        let city = self.cities.get(&park).copied().or_else(of_region).unwrap_or(0);
        Sender { city, park }
    }
}

/// A value as text; what is text is not copied.
fn text(values: &Values, row: usize) -> Option<Cow<'_, str>> {
    match values {
        Values::Text(texts) => texts.get(row).map(Cow::Borrowed),
        Values::Same(text, _) => text.as_deref().map(Cow::Borrowed),
        other => other.text(row).map(Cow::Owned),
    }
}

fn number(code: Option<&str>) -> u32 {
    code.and_then(|code| code.parse().ok()).unwrap_or(0)
}

/// A sampled row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// The hash of its key, without its quarter.
    pub(super) key: u64,
    /// Its place in the facts.
    pub(super) row: usize,
    pub(super) sender: Sender,
    quarter: Option<Quarter>,
    label: u32,
}

/// A sample of the figures of one export: all that others are held against.
///
/// A row is in it if its hash is a multiple of a power of two. The sample for a larger power is thus a part of the one
/// for a smaller, and exports of any size have rows in common.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sample {
    /// Whether it holds every row.
    pub(crate) is_whole: bool,
    rows: Vec<Row>,
    labels: Vec<(String, Option<String>)>,
    /// The figures of each measure, by row; zero where there is none.
    figures: Vec<Vec<i64>>,
}

impl Sample {
    /// The sample of an export's facts: at least `size` rows, if it has as many.
    pub(crate) fn of(frame: &Frame, compared: &Compared<'_>, senders: &Senders, size: u64) -> Sample {
        if compared.keys.is_empty() {
            return Sample { is_whole: true, ..Sample::default() };
        }
        let one_in = 1 << (frame.rows() as u64 / size.max(1)).max(1).ilog2();
        let (mut rows, labels) = rows(frame, compared, senders, one_in);
        rows.sort_by_key(|row| (row.label, row.quarter, row.key, row.row));
        let figures = |measure: &&str| {
            let values = frame.ints(measure);
            rows.iter().map(|row| values.and_then(|values| values.get(row.row)).unwrap_or(0)).collect()
        };
        let figures = compared.measures.iter().map(figures).collect();
        Sample { is_whole: one_in == 1, rows, labels, figures }
    }

    /// Its rows by series and quarter.
    pub(super) fn batches(&self, at: usize) -> impl Iterator<Item = Batch<'_>> {
        let mut start = 0;
        self.rows.chunk_by(|a, b| (a.label, a.quarter) == (b.label, b.quarter)).map(move |rows| {
            let range = start..start + rows.len();
            start = range.end;
            let (label, unit) = self.labels.get(rows[0].label as usize).map_or(("", None), |(l, u)| (l, u.as_deref()));
            let figures = self.figures.iter().map(|figures| &figures[range.clone()]).collect();
            Batch { at, label, unit, quarter: rows[0].quarter, rows, figures }
        })
    }
}

/// Rows of one export that are of one series and one quarter, in the order of their keys.
#[derive(Debug)]
pub(super) struct Batch<'s> {
    /// Which export.
    pub(super) at: usize,
    /// The series, where a table holds several.
    pub(super) label: &'s str,
    /// Its canonical unit.
    pub(super) unit: Option<&'s str>,
    pub(super) quarter: Option<Quarter>,
    pub(super) rows: &'s [Row],
    /// By measure and row.
    pub(super) figures: Vec<&'s [i64]>,
}

type Labels = Vec<(String, Option<String>)>;

fn rows(frame: &Frame, compared: &Compared<'_>, senders: &Senders, one_in: u64) -> (Vec<Row>, Labels) {
    let keys = compared.keys.iter().filter(|key| ![QUARTER, PERIOD].contains(key));
    let keys: Vec<&Values> = keys.filter_map(|key| frame.column(key)).collect();
    // Values that stand across have a row for each period: the first half of a year is held against that of another.
    let periods = frame.column(PERIOD).filter(|_| compared.keys.contains(&PERIOD));
    let quarters = frame.ints(QUARTER);
    let SenderColumns { unit, park, region } = compared.senders;
    let sent_by = [unit, park, region].map(|column| frame.column(column?));
    let (series, units) = (frame.column(SERIES), frame.column(UNIT));
    let (mut rows, mut labels, mut places) = (Vec::new(), Vec::new(), BTreeMap::new());
    for row in 0..frame.rows() {
        let period = periods.and_then(|periods| text(periods, row));
        let key = hash(&keys, row, period.as_deref().and_then(|period| period.get(YEAR_DIGITS..)));
        if !key.is_multiple_of(one_in) {
            continue;
        }
        let label = series.and_then(|series| series.text(row)).unwrap_or_default();
        let place = *places.entry(label.clone()).or_insert_with(|| {
            labels.push((label, units.and_then(|units| units.text(row))));
            labels.len() as u32 - 1
        });
        let quarter = quarters.and_then(|quarters| Quarter::of_column(quarters.get(row)?));
        rows.push(Row { key, row, sender: senders.of_row(row, sent_by), quarter, label: place });
    }
    (rows, labels)
}

/// A hash of the values in a row that is the same on every machine and in every version.
fn hash(columns: &[&Values], row: usize, part_of_year: Option<&str>) -> u64 {
    let start = part_of_year.map_or(0, |part| text_hash(0, Some(part)));
    let mixed = columns.iter().fold(start, |hash, values| match values {
        Values::Int(values) => step(hash, values.get(row).unwrap_or(i64::MIN).cast_unsigned()),
        other => text_hash(hash, text(other, row).as_deref()),
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

/// What is known of a series in a quarter: for each row the figures issued last, and their export.
#[derive(Debug, Default)]
pub(super) struct Known {
    keys: Vec<u64>,
    exports: Vec<usize>,
    figures: Vec<Vec<i64>>,
}

impl Known {
    /// Where the rows of a batch stand among the known ones.
    pub(super) fn places(&self, batch: &Batch<'_>) -> Vec<Option<usize>> {
        let mut place = 0;
        let find = |row: &Row| {
            while self.keys.get(place).is_some_and(|key| *key < row.key) {
                place += 1;
            }
            self.keys.get(place).filter(|key| **key == row.key).map(|_| place)
        };
        batch.rows.iter().map(find).collect()
    }

    /// A known figure, and the export it is from; none where there is no figure.
    pub(super) fn figure(&self, measure: usize, place: usize) -> Option<(i64, usize)> {
        let figure = *self.figures.get(measure)?.get(place)?;
        (figure != 0).then(|| (figure, self.exports[place]))
    }

    /// Takes in a later issue. Figures that were set aside, by measure and row, leave what was known.
    pub(super) fn take_in(&mut self, batch: &Batch<'_>, set_aside: &[Vec<bool>]) {
        let of_batch = |measure: usize, row: usize| {
            let is_out = set_aside.get(measure).is_some_and(|rows| rows.get(row) == Some(&true));
            if is_out { 0 } else { batch.figures[measure][row] }
        };
        let mut merged = Known { figures: vec![Vec::new(); batch.figures.len()], ..Known::default() };
        let (mut old, mut new) = (0, 0);
        while old < self.keys.len() || new < batch.rows.len() {
            let key = self.keys.get(old).copied().unwrap_or(u64::MAX);
            let next = batch.rows.get(new).map_or(u64::MAX, |row| row.key);
            let (has_old, has_new) = (old < self.keys.len() && key <= next, new < batch.rows.len() && next <= key);
            merged.keys.push(key.min(next));
            merged.exports.push(if has_new { batch.at } else { self.exports[old] });
            for (measure, figures) in merged.figures.iter_mut().enumerate() {
                let later = if has_new { of_batch(measure, new) } else { 0 };
                let earlier = if has_old { self.figures[measure][old] } else { 0 };
                figures.push(if later == 0 { earlier } else { later });
            }
            (old, new) = (old + usize::from(has_old), new + usize::from(has_new));
        }
        *self = merged;
    }
}

impl<'s> Batch<'s> {
    /// Its first rows.
    pub(super) fn first(&self, rows: usize) -> Batch<'s> {
        let rows = rows.min(self.rows.len());
        let figures = self.figures.iter().map(|figures| &figures[..rows]).collect();
        Batch { rows: &self.rows[..rows], figures, ..*self }
    }
}
