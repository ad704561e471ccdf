//! Indicators: compiled to SQL over `area_quarter`, then finished with what needs the whole table at once: status,
//! comparison with last year, target and rank.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use foldhash::fast::FixedState;
use rayon::prelude::*;

use super::assessment;
use super::compile::{compile, compile_together, geometric_mean, is_by_row};
use super::engine::{self, Table};
use super::places::{Place, Places};
use super::shortfall::Reported;
use super::status::Enough;
pub use super::status::{ConfStatus, ObsStatus, Reason};
use super::tested::{number, of_test};
pub use super::value::{Value, coverage, round};
use config::assessment::Assessment;
use config::coverage::Sufficiency;
use config::indicator::{Direction, Formula, Indicator, IndicatorTest, YearOnYear};
use config::source::Source;
use vocab::frame::{Frame, Values};
use vocab::level::Level;
use vocab::period::Quarter;
use vocab::scalars::Scalars;
use vocab::{Said, said};

/// Which quarters a dataset speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// Those of which it has facts.
    Quarters(BTreeSet<Quarter>),
    /// A list: all up to the last one that had ended when it was issued; without one, all.
    Until(Option<Quarter>),
}

impl Held {
    /// The quarters of which it has facts; none for a list.
    pub fn quarters(&self) -> Option<&BTreeSet<Quarter>> {
        match self {
            Held::Quarters(quarters) => Some(quarters),
            Held::Until(_) => None,
        }
    }

    /// Whether it says anything of a quarter.
    pub fn holds(&self, quarter: Quarter) -> bool {
        match self {
            Held::Quarters(quarters) => quarters.contains(&quarter),
            Held::Until(last) => last.is_none_or(|last| quarter <= last),
        }
    }

    /// The last quarter that it says anything of; none without an end.
    fn last(&self) -> Option<Quarter> {
        match self {
            Held::Quarters(quarters) => quarters.last().copied(),
            Held::Until(last) => *last,
        }
    }
}

/// Datasets with facts, and what they speak of.
pub type Collected = BTreeMap<String, Held>;

/// What is known of figures beside the table they are made from.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Source definitions: they say how their datasets are counted.
    pub sources: &'a [Source],
    /// What has come.
    pub collected: &'a Collected,
    /// How much of what was expected is enough.
    pub sufficiency: Sufficiency,
}

/// Computes every indicator from the table of areas.
///
/// # Errors
/// When an indicator names a column that `area_quarter` does not have.
pub fn compute(
    indicators: &[Indicator],
    method: Option<&Assessment>,
    areas: &Frame,
    known: Known<'_>,
) -> Result<Vec<Value>, engine::Error> {
    let places = Places::of(areas);
    let table = Table::of("area_quarter", areas.clone())?;
    let batches = batches(indicators);
    let made = engine::spread(batches.len(), |at| {
        let sql = match batches[at].as_slice() {
            &[position] => compile(position, indicators),
            together => compile_together(together, indicators),
        };
        let frame = engine::query(&sql, &[("area_quarter", &table)])?;
        Ok((places.rows_in(&frame), frame))
    });
    let made: Vec<(Vec<Option<usize>>, Frame)> = made.into_iter().collect::<Result<_, engine::Error>>()?;
    drop(table);
    let mut figures: Vec<(&[Option<usize>], Figures<'_>)> = vec![Default::default(); indicators.len()];
    for (batch, (rows, frame)) in batches.iter().zip(&made) {
        for &position in batch {
            figures[position] = (rows, Figures::of(frame, (batch.len() > 1).then_some(position)));
        }
    }
    let mut cells = Vec::with_capacity(areas.rows() * indicators.len());
    for group in places.groups() {
        let level = places.get(group.start).level;
        for (position, (rows, _)) in figures.iter().enumerate() {
            if indicators[position].levels.contains(&level) {
                cells.extend(group.clone().filter_map(|at| Some((position, at, rows[at]?))));
            }
        }
    }
    let judge = Judge {
        known,
        reported: Reported::of(known.sources, areas, &places),
        beginnings: places.beginnings(),
        places: &places,
    };
    let value = |(position, at, row): (usize, usize, usize)| {
        let mut value = figures[position].1.value(row, position, places.get(at));
        judge.judge(&mut value, at, &indicators[position], figures[position].1.of_row(row));
        value
    };
    let mut values: Vec<Value> = cells.into_par_iter().map(value).collect();
    hold_to_their_years(indicators, &mut values);
    assessment::fill(method, indicators, &mut values);
    compare_with_last_year(indicators, &mut values);
    values.par_chunk_by_mut(same_group).for_each(|group| {
        let indicator = &indicators[group[0].indicator];
        measure_against_target(indicator, group);
        rank(indicator, group);
    });
    Ok(values)
}

/// Indicators whose columns are asked of the engine in one statement: it reads the areas once, and plans once. Those that are
/// not computed row by row have a statement of their own.
fn batches(indicators: &[Indicator]) -> Vec<Vec<usize>> {
    /// As many statements as keep all processors at work; a plan of hundreds of columns takes longer than its parts.
    const TOGETHER: usize = 16;
    let (by_row, others): (Vec<usize>, Vec<usize>) =
        (0..indicators.len()).partition(|position| is_by_row(&indicators[*position]));
    let together = by_row.chunks(TOGETHER).map(<[usize]>::to_vec);
    others.into_iter().map(|position| vec![position]).chain(together).collect()
}

/// Whether two values are of one indicator, level and quarter.
fn same_group(a: &Value, b: &Value) -> bool {
    a.indicator == b.indicator && a.is_beside(b)
}

/// The columns of what an indicator was compiled to.
#[derive(Clone, Copy, Default)]
struct Figures<'a> {
    value: Option<&'a Scalars<f64>>,
    included: Option<&'a Scalars<i64>>,
    numerator: Option<&'a Scalars<i64>>,
    denominator: Option<&'a Scalars<i64>>,
    first_quarter: Option<&'a Scalars<i64>>,
    units: Option<&'a Scalars<i64>>,
    reported: Option<&'a Scalars<i64>>,
    expected: Option<&'a Scalars<i64>>,
    areas_reported: Option<&'a Scalars<i64>>,
    areas_expected: Option<&'a Scalars<i64>>,
    estimated_units: Option<&'a Scalars<i64>>,
}

impl<'a> Figures<'a> {
    /// `position` tells them apart where several indicators are in one table.
    fn of(frame: &'a Frame, position: Option<usize>) -> Self {
        let called = |name: &str| position.map_or_else(|| name.to_owned(), |position| format!("{name}_{position}"));
        let ints = |name| frame.ints(&called(name));
        Figures {
            value: frame.floats(&called("value")),
            included: ints("included"),
            numerator: ints("numerator"),
            denominator: ints("denominator"),
            first_quarter: frame.ints("first_quarter"),
            units: ints("units"),
            reported: ints("reported"),
            expected: ints("expected"),
            areas_reported: ints("areas_reported"),
            areas_expected: ints("areas_expected"),
            estimated_units: ints("estimated_units"),
        }
    }

    /// The value as it was computed: what it is worth is judged next.
    fn value(&self, row: usize, position: usize, place: &Arc<Place>) -> Value {
        let int = |column: Option<&Scalars<i64>>| column.and_then(|column| column.get(row));
        Value {
            indicator: position,
            place: place.clone(),
            value: self.value.and_then(|column| column.get(row)).filter(|value| value.is_finite()),
            numerator: int(self.numerator),
            denominator: int(self.denominator),
            units: int(self.units),
            reported: int(self.reported),
            expected: int(self.expected),
            obs_status: ObsStatus::Normal,
            reason: None,
            short_of: None,
            conf_status: ConfStatus::Free,
            yoy: None,
            target: None,
            on_track: None,
            rank: None,
            rank_of: None,
        }
    }

    fn of_row(&self, row: usize) -> OfRow {
        let int = |column: Option<&Scalars<i64>>| column.and_then(|column| column.get(row));
        OfRow {
            is_excluded: int(self.included) == Some(0),
            first_quarter: int(self.first_quarter).and_then(Quarter::of_column),
            areas: (int(self.areas_reported), int(self.areas_expected)),
            has_estimates: int(self.estimated_units).is_some_and(|units| units > 0),
        }
    }
}

/// What decides whether a value is a figure and why there is none, and is no part of it.
#[derive(Clone, Copy)]
struct OfRow {
    /// Whether the definition leaves it out.
    is_excluded: bool,
    /// The first quarter of the records.
    first_quarter: Option<Quarter>,
    /// Parks that are in it and all parks, where that is counted.
    areas: (Option<i64>, Option<i64>),
    /// Whether something of an enterprise in it is estimated.
    has_estimates: bool,
}

/// Says of values whether they are figures, and why not.
struct Judge<'a> {
    known: Known<'a>,
    reported: Reported<'a>,
    /// First quarters of the areas.
    beginnings: HashMap<(Level, Arc<str>), Quarter, FixedState>,
    places: &'a Places<'a>,
}

impl Judge<'_> {
    fn judge(&self, value: &mut Value, at: usize, indicator: &Indicator, row: OfRow) {
        let quarter = value.place.quarter;
        let shortest = |by_areas| self.reported.shortest(indicator, at, self.places, by_areas);
        if value.value.is_some() {
            let least = indicator.least.unwrap_or_else(|| self.known.sufficiency.of(indicator.scope));
            let of_units = Enough::of(value.reported, value.expected, least);
            if value.place.territory_from.is_some_and(|since| quarter.since(since) < 4) {
                value.obs_status = ObsStatus::Break;
                value.reason = Some(Reason::Territory);
            }
            let of_areas = Enough::of(row.areas.0, row.areas.1, self.known.sufficiency.reporting);
            if of_areas > of_units {
                (value.reported, value.expected) = row.areas;
            }
            let by_areas = indicator.areas_coverage.is_some().then_some(of_areas > of_units);
            match of_units.max(of_areas) {
                Enough::Figure if (indicator.estimated || row.has_estimates) && value.reason.is_none() => {
                    value.obs_status = ObsStatus::Estimated;
                }
                Enough::Figure => {}
                Enough::Flagged => {
                    value.obs_status = ObsStatus::LowReliability;
                    value.reason = Some(Reason::Incomplete);
                    value.short_of = shortest(by_areas);
                }
                Enough::TooLittle => {
                    value.withhold();
                    value.short_of = shortest(by_areas);
                }
            }
            return;
        }
        let begun = self.beginnings.get(&(value.place.level, value.place.line.clone())).copied();
        let absent = indicator
            .datasets
            .iter()
            .position(|dataset| !self.known.collected.get(dataset).is_some_and(|held| held.holds(quarter)));
        let (status, reason) = if !can_exist(indicator, quarter, row.first_quarter.max(begun)) {
            (ObsStatus::CannotExist, Reason::TooShort)
        } else if row.is_excluded && absent.is_none() {
            (ObsStatus::CannotExist, Reason::Excluded)
        } else if let Some(dataset) = absent {
            value.short_of = Some(dataset);
            let held = self.known.collected.get(&indicator.datasets[dataset]);
            // A hole between quarters that came is no dataset that is not due.
            match held.and_then(Held::last).filter(|last| *last < quarter) {
                Some(_) => (ObsStatus::NotDue, Reason::NotDue),
                None => (ObsStatus::Missing, Reason::NotReported),
            }
        } else if value.denominator.is_some_and(|denominator| denominator <= 0) {
            (ObsStatus::CannotExist, Reason::NoDenominator)
        } else {
            value.short_of = shortest(None);
            (ObsStatus::Missing, Reason::NotReported)
        };
        value.obs_status = status;
        value.reason = Some(reason);
    }
}

/// Whether the records reach back far enough for a value.
fn can_exist(indicator: &Indicator, quarter: Quarter, first_quarter: Option<Quarter>) -> bool {
    let first_quarter = first_quarter.unwrap_or(quarter);
    let reaches_base = match indicator.formula {
        // The first change it is made of is that of the same quarter in the year after the base year.
        Formula::GeometricMean { base_year, .. } => {
            let first_change = quarter.in_year(base_year + 1);
            first_change.is_some_and(|change| change <= quarter && change >= first_quarter)
        }
        _ => true,
    };
    reaches_base && i64::from(quarter.since(first_quarter)) >= indicator.history
}

/// Means of yearly changes are as sure as the least sure of the years they are made of, and rest on as much as the one that rests on
/// the least.
fn hold_to_their_years(indicators: &[Indicator], values: &mut [Value]) {
    for (position, indicator) in indicators.iter().enumerate() {
        let Formula::GeometricMean { of, base_year } = &indicator.formula else { continue };
        let is_whole = |value: &Value| value.is_sure() && value.coverage().is_none_or(|coverage| coverage >= 1.0);
        let years: HashMap<(Level, Arc<str>, Quarter), Value, FixedState> = values
            .iter()
            .filter(|value| indicators[value.indicator].id == *of && !is_whole(value))
            .map(|value| ((value.place.level, value.place.line.clone(), value.place.quarter), value.clone()))
            .collect();
        for value in values.iter_mut().filter(|value| value.indicator == position && value.value.is_some()) {
            let Place { level, line, quarter, .. } = &*value.place;
            let same_quarters = quarter.each_year_after(*base_year);
            let short: Vec<&Value> =
                same_quarters.filter_map(|year| years.get(&(*level, line.clone(), year))).collect();
            let share = |value: &&&Value| value.coverage().unwrap_or(0.0);
            if let Some(least) = short.iter().min_by(|a, b| share(a).total_cmp(&share(b))) {
                (value.reported, value.expected) = (least.reported, least.expected);
                value.short_of = least.short_of;
            }
            if short.iter().any(|year| year.value.is_none()) {
                value.withhold();
            } else if short.iter().any(|year| !year.is_sure()) {
                value.obs_status = ObsStatus::LowReliability;
                value.reason = Some(Reason::Incomplete);
            }
        }
    }
}

/// `values` in the order of level, quarter, indicator and area: those of a quarter and of the one a year before lie in the same
/// order, so both are gone through side by side.
fn compare_with_last_year(indicators: &[Indicator], values: &mut [Value]) {
    let mut quarters: BTreeMap<(Level, Quarter), &[Value]> = BTreeMap::new();
    for group in values.chunk_by(Value::is_beside) {
        quarters.insert((group[0].place.level, group[0].place.quarter), group);
    }
    let groups: Vec<&[Value]> = values.chunk_by(Value::is_beside).collect();
    let changes = groups.into_par_iter().map(|group| {
        let Place { level, quarter, .. } = &*group[0].place;
        let before = quarter.plus(-4).and_then(|before| quarters.get(&(*level, before)));
        let before = before.copied().unwrap_or_default();
        let order = |a: &Value, b: &Value| {
            let area = || a.place.ref_area.cmp(&b.place.ref_area);
            a.indicator.cmp(&b.indicator).then_with(area)
        };
        let group_before = before;
        let mut before = before.iter().peekable();
        let change = |now: &Value| {
            if let Some(code) = &now.place.year_ago {
                let place = |then: &Value| (then.indicator, &*then.place.ref_area).cmp(&(now.indicator, code));
                let then = &group_before[group_before.binary_search_by(place).ok()?];
                return change_since(indicators, now, then);
            }
            while before.next_if(|then| order(then, now).is_lt()).is_some() {}
            let then = before.next_if(|then| order(then, now).is_eq())?;
            change_since(indicators, now, then)
        };
        group.iter().map(change).collect::<Vec<Option<f64>>>()
    });
    let changes: Vec<Vec<Option<f64>>> = changes.collect();
    for (value, change) in values.iter_mut().zip(changes.into_iter().flatten()) {
        value.yoy = change;
    }
}

/// What a value changed by since last year's, if both are figures without a flag.
fn change_since(indicators: &[Indicator], now: &Value, then: &Value) -> Option<f64> {
    let is_fit = then.is_sure() && now.is_sure();
    is_fit.then(|| change(indicators[now.indicator].yoy, now.value?, then.value?)).flatten()
}

/// Percent, or the difference in the indicator's unit.
fn change(kind: YearOnYear, now: f64, then: f64) -> Option<f64> {
    match kind {
        YearOnYear::Relative if then > 0.0 => Some((now / then - 1.0) * 100.0),
        YearOnYear::Difference => Some(now - then),
        YearOnYear::Relative | YearOnYear::None => None,
    }
}

/// Holds the values of one indicator, level and quarter against the headline target: unrounded ones, since what is shown as −4.00
/// may be −3.9968, which falls short of it.
fn measure_against_target(indicator: &Indicator, group: &mut [Value]) {
    let Some(target) = indicator.headline_target(group[0].place.level) else { return };
    for value in group {
        value.target = Some(target.value);
        let Some(now) = value.value.filter(|_| value.is_sure()) else { continue };
        let reached = |level: f64| indicator.reaches(level, target.value);
        let years = (target.by - i64::from(value.place.quarter.year())).max(0) as f64;
        value.on_track = if reached(now) {
            Some(true)
        } else if indicator.is_rate {
            Some(false)
        } else {
            value.yoy.map(|yoy| {
                reached(match indicator.yoy {
                    YearOnYear::Relative => now * (1.0 + yoy / 100.0).max(0.0).powf(years),
                    YearOnYear::Difference | YearOnYear::None => now + yoy * years,
                })
            })
        };
    }
}

/// Standard competition ranks of the values of one indicator, level and quarter as they are shown: rounded first, so that
/// what looks equal ranks equal. One with a flag is not ranked, nor does it take a place.
fn rank(indicator: &Indicator, group: &mut [Value]) {
    if indicator.direction == Direction::None || group[0].place.level == Level::Province {
        return;
    }
    // Best first: lower ones where lower is better, or else their negatives.
    let sign = if indicator.direction == Direction::Lower { 1.0 } else { -1.0 };
    let shown = |value: &Value| value.value.filter(|_| value.is_sure()).map(|v| sign * round(v, indicator.decimals));
    let mut all: Vec<f64> = group.iter().filter_map(shown).collect();
    all.sort_by(f64::total_cmp);
    for value in group.iter_mut() {
        let Some(mine) = shown(value) else { continue };
        value.rank = u32::try_from(1 + all.partition_point(|other| *other < mine)).ok();
        value.rank_of = u32::try_from(all.len()).ok();
    }
}

/// Runs the tests written in the indicator definitions; gives what failed, one sentence each.
pub fn check(indicators: &[Indicator], columns: &[String]) -> Vec<Said> {
    let mut failures = Vec::new();
    for (position, indicator) in indicators.iter().enumerate() {
        for test in &indicator.tests {
            let mut fail = |what| failures.push(of_test(&indicator.id, &test.name, &what));
            let value = match value_of_test(position, indicators, test, columns) {
                Ok(value) => value,
                Err(error) => {
                    fail(error.said());
                    continue;
                }
            };
            let equal = match (value, test.expect) {
                (Some(value), Some(expect)) => (value - expect).abs() <= test.tolerance,
                (None, None) => true,
                _ => false,
            };
            if !equal {
                let (expected, got) = (number(test.expect), number(value));
                fail(said!("应为 {expected}，实为 {got}", "expected {expected}, got {got}"; expected, got));
            }
        }
    }
    failures
}

/// What an indicator makes of the figures of a test.
fn value_of_test(
    position: usize,
    indicators: &[Indicator],
    test: &IndicatorTest,
    columns: &[String],
) -> Result<Option<f64>, engine::Error> {
    let indicator = &indicators[position];
    let table = match &indicator.formula {
        Formula::GeometricMean { base_year, .. } => {
            let sql = geometric_mean(position, indicator, *base_year, "SELECT * FROM yearly");
            let yearly = Table::of("yearly", years_of_test(indicator, test, *base_year))?;
            last_quarter(&engine::query(&sql, &[("yearly", &yearly)])?)
        }
        _ => {
            let areas = Table::of("area_quarter", row_of_test(indicator, test, columns))?;
            engine::query(&compile(position, indicators), &[("area_quarter", &areas)])?
        }
    };
    Ok(table.floats("value").and_then(|column| column.iter().next().flatten()))
}

/// The row of `area_quarter` that a test gives: columns it does not name are null.
fn row_of_test(indicator: &Indicator, test: &IndicatorTest, columns: &[String]) -> Frame {
    let given = |name: &str| test.given.iter().find(|(given, _)| given == name).map(|(_, value)| *value as i64);
    let quarter = |name: &str| Values::Int(Scalars::repeat(given(name).or(Some(0)), 1));
    let frame =
        area_of_test(indicator, 1).with("quarter", quarter("quarter")).with("first_quarter", quarter("first_quarter"));
    let others: Vec<&String> = columns.iter().filter(|column| frame.column(column).is_none()).collect();
    others
        .into_iter()
        .fold(frame, |frame, column| frame.with(column.clone(), Values::Int(Scalars::repeat(given(column), 1))))
}

/// The yearly changes that a test gives, as those of the last quarters of the years after the base year.
fn years_of_test(indicator: &Indicator, test: &IndicatorTest, base_year: i64) -> Frame {
    let rows = test.years.len();
    let quarters = (1..).take(rows).map(|year| Some((base_year + year) * 4 + 3)).collect();
    let none = || Values::Int(Scalars::repeat(None, rows));
    area_of_test(indicator, rows)
        .with("quarter", Values::Int(quarters))
        .with("first_quarter", Values::Int(Scalars::repeat(Some(0), rows)))
        .with("value", Values::Float(test.years.iter().map(|change| Some(*change).filter(|c| !c.is_nan())).collect()))
        .with("units", none())
        .with("reported", none())
        .with("expected", none())
}

fn area_of_test(indicator: &Indicator, rows: usize) -> Frame {
    let text = |value: &str| Values::Same(Some(value.to_owned()), rows);
    Frame::new()
        .with("level", text(indicator.levels.first().unwrap_or(&Level::Park).as_str()))
        .with("ref_area", text("test"))
        .with("ref_area_name", text("test"))
        .with("line", text("test"))
}

/// The row of the last quarter of a table.
fn last_quarter(table: &Frame) -> Frame {
    let quarters = table.ints("quarter").unwrap_or_default();
    let last = (0..quarters.len()).max_by_key(|&row| quarters.get(row));
    table.take(last.as_slice())
}
