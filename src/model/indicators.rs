//! Indicators: compiled to SQL over `area_quarter`, then finished with what needs the whole table at once: status,
//! comparison with last year, target and rank.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::assessment;
use super::engine::{self, Table};
use crate::config::assessment::Assessment;
use crate::config::indicator::{Direction, Formula, Indicator, LEVELS, YearOnYear};
use crate::vocab::frame::{Frame, TextColumn, Values};

/// One indicator of one area in one quarter.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// Position of the indicator in the configuration.
    pub indicator: usize,
    /// One of [`LEVELS`].
    pub level: String,
    /// Code of the area.
    pub ref_area: String,
    /// Name of the area.
    pub ref_area_name: String,
    /// The quarter.
    pub quarter: i64,
    /// The value in the indicator's unit, unrounded.
    pub value: Option<f64>,
    /// Exact sum over the line, in canonical units.
    pub numerator: Option<i64>,
    /// Exact sum under the line, in canonical units.
    pub denominator: Option<i64>,
    /// Enterprises the value rests on, where that is counted.
    pub units: Option<i64>,
    /// Share of what was expected that was reported.
    pub coverage: Option<f64>,
    /// SDMX observation status.
    pub obs_status: &'static str,
    /// SDMX confidentiality status.
    pub conf_status: &'static str,
    /// Change against the same quarter of last year: percent, or the indicator's unit.
    pub yoy: Option<f64>,
    /// Value of the headline target.
    pub target: Option<f64>,
    /// The document that sets it.
    pub target_document: Option<String>,
    /// Value minus target.
    pub gap: Option<f64>,
    /// Whether the target is reached, or will be by its year at the pace of the last year.
    pub on_track: Option<bool>,
    /// Rank among the areas of the level, best first; equal values share a rank.
    pub rank: Option<i64>,
    /// How many areas are ranked.
    pub rank_of: Option<i64>,
}

/// SDMX CL_OBS_STATUS, as used here.
pub mod status {
    /// Normal.
    pub const NORMAL: &str = "A";
    /// Estimated: part of it is imputed.
    pub const ESTIMATED: &str = "E";
    /// Missing: the data exist but were not collected yet.
    pub const NOT_DUE: &str = "L";
    /// Missing: the value cannot exist, because its history or its denominator is not there.
    pub const CANNOT_EXIST: &str = "M";
    /// Missing: not reported.
    pub const MISSING: &str = "O";
    /// Missing: suppressed.
    pub const SUPPRESSED: &str = "Q";
}

/// Which datasets have facts for which quarters; datasets without quarters of their own hold for all.
pub type Collected = BTreeMap<String, Option<BTreeSet<i64>>>;

/// The SQL of one indicator: a `SELECT` over `area_quarter`.
pub fn compile(position: usize, indicator: &Indicator) -> String {
    let numerator = indicator.numerator.as_deref().unwrap_or("CAST(NULL AS BIGINT)");
    let denominator = indicator.denominator.as_deref().unwrap_or("CAST(NULL AS BIGINT)");
    let over = format!("CAST({numerator} AS DOUBLE)");
    // A denominator that is zero or negative gives no ratio; it is said by the status, not by an infinity.
    let under = format!("CASE WHEN {denominator} > 0 THEN CAST({denominator} AS DOUBLE) END");
    let factor = sql_double(indicator.factor);
    let value = match &indicator.formula {
        Formula::Level => format!("{over} * {factor}"),
        Formula::Ratio => format!("{over} / {under} * {factor}"),
        Formula::Growth => format!("{over} / {under} * {factor} - 100.0"),
        Formula::Expression(expression) => expression.trim().to_owned(),
        // Filled in when the indicators it is made from are there.
        Formula::Composite(_) => "CAST(NULL AS DOUBLE)".to_owned(),
    };
    let value = match &indicator.requires {
        Some(condition) => format!("CASE WHEN {condition} THEN {value} END"),
        None => value,
    };
    let column = |name: Option<&String>| name.map_or("CAST(NULL AS BIGINT)", String::as_str).to_owned();
    let (reported, expected) = indicator.coverage.as_ref().map_or((None, None), |(r, e)| (Some(r), Some(e)));
    let levels = indicator.levels.iter().map(|level| format!("'{level}'")).collect::<Vec<_>>().join(", ");
    format!(
        "SELECT CAST({position} AS BIGINT) AS indicator, level, ref_area, ref_area_name, quarter, first_quarter, \
         {value} AS value, {numerator} AS numerator, {denominator} AS denominator, {units} AS units, \
         {reported} AS reported, {expected} AS expected FROM area_quarter WHERE level IN ({levels})",
        units = column(indicator.units.as_ref()),
        reported = column(reported),
        expected = column(expected),
    )
}

/// A number as SQL writes a DOUBLE.
pub(super) fn sql_double(value: f64) -> String {
    let mut text = String::new();
    // Rust writes the shortest decimal that reads back to the same double, never an exponent.
    let _ = write!(text, "{value:?}");
    if text.contains('e') {
        text.clear();
        let _ = write!(text, "CAST('{value:e}' AS DOUBLE)");
    }
    text
}

/// Computes every indicator from the table of areas.
///
/// # Errors
/// When an indicator names a column that `area_quarter` does not have.
pub fn compute(
    indicators: &[Indicator],
    method: Option<&Assessment>,
    areas: &Frame,
    collected: &Collected,
) -> Result<Vec<Value>, engine::Error> {
    let mut values = Vec::with_capacity(areas.rows() * indicators.len());
    let areas = Table::of("area_quarter", areas.clone())?;
    for (position, indicator) in indicators.iter().enumerate() {
        let table = engine::query(&compile(position, indicator), &[("area_quarter", &areas)])?;
        values.extend(rows(position, indicator, &table, collected));
    }
    let place = |value: &Value| LEVELS.iter().position(|level| *level == value.level);
    values.sort_by(|a, b| {
        (place(a), a.quarter, a.indicator, &a.ref_area).cmp(&(place(b), b.quarter, b.indicator, &b.ref_area))
    });
    assessment::fill(method, indicators, &mut values);
    compare_with_last_year(indicators, &mut values);
    measure_against_target(indicators, &mut values);
    rank(indicators, &mut values);
    Ok(values)
}

fn rows<'a>(
    position: usize,
    indicator: &'a Indicator,
    table: &'a Frame,
    collected: &'a Collected,
) -> impl Iterator<Item = Value> + 'a {
    let text = |column: Option<&TextColumn>, row: usize| column.and_then(|c| c.get(row)).unwrap_or("").to_owned();
    let int = |name: &str, row: usize| table.ints(name).and_then(|column| column[row]);
    (0..table.rows()).map(move |row| {
        let quarter = int("quarter", row).unwrap_or(0);
        let value = table.floats("value").and_then(|column| column[row]).filter(|value| value.is_finite());
        let obs_status = match value {
            Some(_) if indicator.estimated => status::ESTIMATED,
            Some(_) => status::NORMAL,
            None if quarter < int("first_quarter", row).unwrap_or(quarter) + indicator.history => status::CANNOT_EXIST,
            None if !is_due(indicator, quarter, collected) => status::NOT_DUE,
            None if int("denominator", row).is_some_and(|denominator| denominator <= 0) => status::CANNOT_EXIST,
            None => status::MISSING,
        };
        let coverage = match (int("reported", row), int("expected", row)) {
            (Some(reported), Some(expected)) if expected > 0 => Some(reported as f64 / expected as f64),
            _ => None,
        };
        Value {
            indicator: position,
            level: text(table.texts("level"), row),
            ref_area: text(table.texts("ref_area"), row),
            ref_area_name: text(table.texts("ref_area_name"), row),
            quarter,
            value,
            numerator: int("numerator", row),
            denominator: int("denominator", row),
            units: int("units", row),
            coverage,
            obs_status,
            conf_status: "F",
            yoy: None,
            target: None,
            target_document: None,
            gap: None,
            on_track: None,
            rank: None,
            rank_of: None,
        }
    })
}

fn is_due(indicator: &Indicator, quarter: i64, collected: &Collected) -> bool {
    indicator.datasets.iter().all(|dataset| match collected.get(dataset) {
        Some(Some(quarters)) => quarters.contains(&quarter),
        Some(None) => true,
        None => false,
    })
}

fn compare_with_last_year(indicators: &[Indicator], values: &mut [Value]) {
    let before: BTreeMap<(usize, String, String, i64), f64> = values
        .iter()
        .filter_map(|v| Some(((v.indicator, v.level.clone(), v.ref_area.clone(), v.quarter + 4), v.value?)))
        .collect();
    for value in values.iter_mut() {
        let key = (value.indicator, value.level.clone(), value.ref_area.clone(), value.quarter);
        let (Some(now), Some(&then)) = (value.value, before.get(&key)) else { continue };
        value.yoy = match indicators[value.indicator].yoy {
            YearOnYear::Relative if then > 0.0 => Some((now / then - 1.0) * 100.0),
            YearOnYear::Difference => Some(now - then),
            YearOnYear::Relative | YearOnYear::None => None,
        };
    }
}

fn measure_against_target(indicators: &[Indicator], values: &mut [Value]) {
    for value in values.iter_mut() {
        let indicator = &indicators[value.indicator];
        let Some(target) = indicator.headline_target(&value.level) else { continue };
        value.target = Some(target.value);
        value.target_document = Some(target.document.clone());
        let Some(now) = value.value else { continue };
        value.gap = Some(now - target.value);
        // On the value as it is shown: 68.0 against 68.0 is reached.
        let now = round(now, indicator.decimals);
        let reached = |level: f64| match indicator.direction {
            Direction::Lower => level <= target.value,
            Direction::Higher | Direction::None => level >= target.value,
        };
        let years = (target.by - value.quarter.div_euclid(4)).max(0) as f64;
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

/// Standard competition ranks of the values as they are shown: rounded first, so that what looks equal ranks equal.
fn rank(indicators: &[Indicator], values: &mut [Value]) {
    for group in values.chunk_by_mut(|a, b| (a.indicator, &a.level, a.quarter) == (b.indicator, &b.level, b.quarter)) {
        let indicator = &indicators[group[0].indicator];
        if indicator.direction == Direction::None || group[0].level == "province" {
            continue;
        }
        let shown = |value: &Value| value.value.map(|v| round(v, indicator.decimals));
        let better = |a: f64, b: f64| if indicator.direction == Direction::Lower { a < b } else { a > b };
        let all: Vec<f64> = group.iter().filter_map(shown).collect();
        for value in group.iter_mut() {
            let Some(mine) = shown(value) else { continue };
            value.rank = Some(1 + all.iter().filter(|other| better(**other, mine)).count() as i64);
            value.rank_of = Some(all.len() as i64);
        }
    }
}

/// Rounds half away from zero (四舍五入) to `decimals`, on the decimal digits of the value.
pub fn round(value: f64, decimals: usize) -> f64 {
    let scale = 10f64.powi(i32::try_from(decimals).unwrap_or(0));
    // One part in 10^12 above a half still counts as the half that binary fractions cannot hold.
    let scaled = value * scale;
    let nudged = scaled + scaled.signum() * scaled.abs().max(1.0) * 1e-12;
    // Adding zero turns a negative zero into zero.
    nudged.round() / scale + 0.0
}

/// Runs the tests written in the indicator definitions; gives what failed, one sentence each.
///
/// # Errors
/// When an indicator names a column that the test does not give and `area_quarter` does not have.
pub fn check(indicators: &[Indicator], columns: &[String]) -> Result<Vec<String>, engine::Error> {
    let mut failures = Vec::new();
    for (position, indicator) in indicators.iter().enumerate() {
        for test in &indicator.tests {
            let text = |value: &str| Values::Text([Some(value)].into_iter().collect());
            let given = |name: &str| test.given.iter().find(|(given, _)| given == name).map(|(_, value)| *value as i64);
            let quarter = |name: &str| Values::Int(vec![given(name).or(Some(0))]);
            let mut frame = Frame::new()
                .with("level", text(indicator.levels.first().map_or("park", String::as_str)))
                .with("ref_area", text("test"))
                .with("ref_area_name", text("test"))
                .with("quarter", quarter("quarter"))
                .with("first_quarter", quarter("first_quarter"));
            for column in columns.iter().filter(|column| frame.column(column).is_none()).cloned().collect::<Vec<_>>() {
                let value = given(&column);
                frame = frame.with(column, Values::Int(vec![value]));
            }
            // A misspelt column would be a null that nobody meant.
            for (name, _) in test.given.iter().filter(|(name, _)| frame.column(name).is_none()) {
                failures.push(format!("{}: {}: `{name}` is not a column of area_quarter", indicator.id, test.name));
            }
            let frame = Table::of("area_quarter", frame)?;
            let table = engine::query(&compile(position, indicator), &[("area_quarter", &frame)])?;
            let value = table.floats("value").and_then(|column| column[0]);
            let equal = match (value, test.expect) {
                (Some(value), Some(expect)) => (value - expect).abs() <= test.tolerance,
                (None, None) => true,
                _ => false,
            };
            if !equal {
                failures.push(format!("{}: {}: expected {:?}, got {value:?}", indicator.id, test.name, test.expect));
            }
        }
    }
    Ok(failures)
}
