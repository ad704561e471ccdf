//! Indicators compiled to SQL over `area_quarter`.

use std::fmt::Write as _;

use config::indicator::{Formula, Indicator};

/// The SQL of the indicator at `position`: one `SELECT` that gives its value for each area and quarter, the sums it is made
/// of, and what it rests on.
pub fn compile(position: usize, indicators: &[Indicator]) -> String {
    let indicator = &indicators[position];
    match &indicator.formula {
        Formula::GeometricMean { of, base_year } => {
            // `check` has seen to it that the other one is there, and that they do not go in a circle.
            let other = indicators.iter().position(|other| other.id == *of);
            let yearly = other.map_or_else(String::new, |other| compile(other, indicators));
            geometric_mean(position, indicator, *base_year, &yearly)
        }
        _ => over_areas(position, indicator),
    }
}

/// The SQL of several indicators that [`compile`] would each give one of: one `SELECT` that reads the areas once, whose columns
/// are called as those and end in `_` and the position. Nulls for what an indicator does not have are left out.
pub(super) fn compile_together(positions: &[usize], indicators: &[Indicator]) -> String {
    let mut sql = "SELECT level, ref_area, quarter, first_quarter".to_owned();
    for position in positions {
        for (name, column) in columns(&indicators[*position]) {
            if let Some(column) = column {
                let _ = write!(sql, ", {column} AS {name}_{position}");
            }
        }
    }
    sql.push_str(" FROM area_quarter");
    sql
}

/// Whether an indicator is computed from each row of `area_quarter` by itself.
pub(super) fn is_by_row(indicator: &Indicator) -> bool {
    !matches!(indicator.formula, Formula::GeometricMean { .. })
}

/// What an indicator's value, its sums, and what it rests on are computed from; none where it has no such thing.
fn columns(indicator: &Indicator) -> [(&'static str, Option<String>); 10] {
    let none = || "CAST(NULL AS BIGINT)".to_owned();
    let numerator = indicator.numerator.clone().unwrap_or_else(none);
    let denominator = indicator.denominator.clone().unwrap_or_else(none);
    let over = format!("CAST({numerator} AS DOUBLE)");
    // A denominator that is zero or negative gives no ratio; it is said by the status, not by an infinity.
    let under = format!("CASE WHEN {denominator} > 0 THEN CAST({denominator} AS DOUBLE) END");
    let factor = sql_double(indicator.factor);
    let value = match &indicator.formula {
        Formula::Level | Formula::GeometricMean { .. } => Some(format!("{over} * {factor}")),
        Formula::Ratio => Some(format!("{over} / {under} * {factor}")),
        Formula::Growth => Some(format!("{over} / {under} * {factor} - 100.0")),
        Formula::Expression(expression) => Some(expression.trim().to_owned()),
        // Filled in when the indicators it is made from are there.
        Formula::Composite(_) => None,
    };
    let value = match (value, &indicator.requires) {
        (Some(value), Some(condition)) => Some(format!("CASE WHEN {condition} THEN {value} END")),
        (value, _) => value,
    };
    let (reported, expected) = indicator.coverage.clone().unzip();
    let (areas_reported, areas_expected) = indicator.areas_coverage.clone().unzip();
    let included = indicator
        .requires
        .as_ref()
        .map(|condition| format!("CASE WHEN {condition} THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END"));
    [
        ("value", value),
        ("included", included),
        ("numerator", indicator.numerator.clone()),
        ("denominator", indicator.denominator.clone()),
        ("units", indicator.units.clone()),
        ("reported", reported),
        ("expected", expected),
        ("areas_reported", areas_reported),
        ("areas_expected", areas_expected),
        ("estimated_units", indicator.estimated_units.clone()),
    ]
}

fn over_areas(position: usize, indicator: &Indicator) -> String {
    let null = |name| if name == "value" { "CAST(NULL AS DOUBLE)" } else { "CAST(NULL AS BIGINT)" };
    let columns = columns(indicator).map(|(name, column)| {
        let column = column.unwrap_or_else(|| null(name).to_owned());
        format!("{column} AS {name}")
    });
    format!(
        "SELECT CAST({position} AS BIGINT) AS indicator, level, ref_area, ref_area_name, line, quarter, first_quarter, \
         {columns} FROM area_quarter WHERE level IN ({levels})",
        columns = columns.join(", "),
        levels = levels(indicator),
    )
}

/// The mean of the yearly changes that `yearly` gives in percent. It stands where every year since the base year has one
/// for the same quarter; it rests on as few enterprises as the year with the fewest. Logarithms are added as whole numbers, in
/// 10^-15: engines add in any order, and a sum of fractions would depend on it.
pub(super) fn geometric_mean(position: usize, indicator: &Indicator, base_year: i64, yearly: &str) -> String {
    let after = base_year * 4 + 3;
    let is_year = format!("b.quarter > {after} AND b.quarter <= a.quarter AND MOD(a.quarter - b.quarter, 4) = 0");
    let years = format!("(CAST(quarter - MOD(quarter, 4) AS DOUBLE) / 4.0 - {})", sql_double(base_year as f64));
    format!(
        "SELECT CAST({position} AS BIGINT) AS indicator, level, ref_area, ref_area_name, quarter, first_quarter, \
         CASE WHEN {years} >= 1.0 AND CAST(changes AS DOUBLE) = {years} \
         THEN (EXP(CAST(log_changes_e15 AS DOUBLE) / 1000000000000000.0 / {years}) - 1.0) * 100.0 END AS value, CAST(NULL AS BIGINT) AS numerator, \
         CAST(NULL AS BIGINT) AS denominator, units, reported, expected FROM (SELECT level, ref_area, \
         MIN(ref_area_name) AS ref_area_name, quarter, MIN(first_quarter) AS first_quarter, \
         COUNT(log_change_e15) AS changes, SUM(log_change_e15) AS log_changes_e15, MIN(year_units) AS units, \
         MIN(reported) AS reported, MIN(expected) AS expected FROM (SELECT a.level, a.ref_area, a.ref_area_name, \
         a.quarter, a.first_quarter, a.reported, a.expected, \
         CASE WHEN {is_year} THEN CAST(LN(CASE WHEN b.value > -100.0 THEN 1.0 + b.value / 100.0 END) \
         * 1000000000000000.0 AS BIGINT) END AS log_change_e15, \
         CASE WHEN {is_year} THEN b.units END AS year_units FROM ({yearly}) AS a INNER JOIN ({yearly}) AS b \
         ON b.level = a.level AND b.line = a.line WHERE a.level IN ({levels})) AS pair \
         GROUP BY level, ref_area, quarter) AS mean",
        levels = levels(indicator),
    )
}

fn levels(indicator: &Indicator) -> String {
    indicator.levels.iter().map(|level| format!("'{level}'")).collect::<Vec<_>>().join(", ")
}

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

/// The SQL of an indicator as people read it: one line for each column, and the indicator that it is made from by its name.
pub fn shown(position: usize, indicators: &[Indicator]) -> String {
    let indicator = &indicators[position];
    let sql = match &indicator.formula {
        Formula::GeometricMean { of, base_year } => {
            geometric_mean(position, indicator, *base_year, &format!("SELECT * FROM {of}"))
        }
        _ => over_areas(position, indicator),
    };
    // The position only serves the program.
    let sql =
        sql.replace(&format!("CAST({position} AS BIGINT) AS indicator"), &format!("'{}' AS indicator", indicator.id));
    let mut text = String::new();
    let mut depth = 0_usize;
    let mut rest = sql.as_str();
    while let Some(c) = rest.chars().next() {
        let is_clause = depth == 0 && [" FROM ", " WHERE ", " GROUP BY "].iter().any(|clause| rest.starts_with(clause));
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        rest = &rest[c.len_utf8()..];
        match c {
            _ if is_clause => text.push('\n'),
            ',' if depth == 0 => {
                text.push_str(",\n   ");
            }
            _ => text.push(c),
        }
    }
    text
}
