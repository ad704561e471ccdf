//! Rules between forms as SQL models, in the SQL that every engine has.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::config::quality::{Comparison, Field, FormRule, Quality};
use crate::config::rule::Sum;

/// The table of counts for each area, quarter and combination of bits.
pub const TALLY: &str = "form_tally";
/// The table of enterprises that break a rule, with the figures that rules name.
pub const BROKEN: &str = "form_broken";

/// The datasets whose forms are held against each other, in the order of their bits.
pub(super) fn datasets(quality: &Quality) -> Vec<&str> {
    let all: BTreeSet<&str> = quality.fields.iter().map(|field| field.dataset.as_str()).collect();
    all.into_iter().collect()
}

/// The SQL models that the rules are compiled to, by file name; none without rules.
pub fn models(quality: &Quality) -> Vec<(String, String)> {
    if quality.forms.is_empty() {
        return Vec::new();
    }
    let file = |table: &str, sql: String| (format!("{table}.sql"), sql);
    vec![
        file("form_value", values_sql(quality)),
        file("form_check", check_sql(quality)),
        file(TALLY, TALLY_SQL.to_owned()),
        file(BROKEN, broken_sql(quality)),
    ]
}

/// The name of a figure in the compiled models.
pub(super) fn column(field: &Field) -> String {
    format!("{}{}_{}", if field.before { "before_" } else { "" }, field.dataset, field.column)
}

/// Every figure that is named, whether of this quarter or of the one before.
fn figures(quality: &Quality) -> BTreeSet<(&str, &str)> {
    quality.fields.iter().map(|field| (field.dataset.as_str(), field.column.as_str())).collect()
}

fn values_sql(quality: &Quality) -> String {
    let bit =
        |(bit, dataset): (usize, &str)| format!("COALESCE(filed_{dataset}, CAST(0 AS BIGINT)) * {}", 1_i64 << bit);
    let bits: Vec<String> = datasets(quality).into_iter().enumerate().map(bit).collect();
    let names: String = figures(quality).iter().map(|(dataset, column)| format!(", {dataset}_{column}")).collect();
    let mut sql = format!(
        "-- Figures of the forms of each enterprise in a park and quarter, side by side; a bit for each form that was filed.\n\
         SELECT s.unit_number, s.unit_quarter, s.park_number, s.quarter, {} AS filed_bits{names}\nFROM stay_quarter AS s",
        bits.join(" + "),
    );
    for dataset in datasets(quality) {
        let named = figures(quality).into_iter().filter(|(of, _)| *of == dataset);
        let columns: String = named.map(|(_, column)| format!(", {column} AS {dataset}_{column}")).collect();
        let _ = write!(
            sql,
            "\nLEFT JOIN (SELECT unit_quarter AS {dataset}_key, CAST(1 AS BIGINT) AS filed_{dataset}{columns} FROM {dataset}) \
             AS f_{dataset} ON f_{dataset}.{dataset}_key = s.unit_quarter"
        );
    }
    sql.push_str("\nWHERE s.park_number IS NOT NULL\n");
    sql
}

/// The join with the figures of the quarter before, within a year, if a rule names any.
fn before_sql(quality: &Quality, key: &str) -> String {
    let before: Vec<&Field> = quality.fields.iter().filter(|field| field.before).collect();
    if before.is_empty() {
        return String::new();
    }
    let columns: String =
        before.iter().map(|field| format!(", {}_{} AS {}", field.dataset, field.column, column(field))).collect();
    format!(
        "\nLEFT JOIN (SELECT unit_quarter + 1 AS before_key{columns} FROM form_value WHERE MOD(quarter, 4) < 3) AS w ON \
         w.before_key = {key}"
    )
}

fn side(quality: &Quality, sum: &Sum) -> String {
    let term = |(factor, place): &(i64, usize)| {
        let name = quality.fields.get(*place).map_or_else(String::new, column);
        if *factor == 1 { name } else { format!("CAST({factor} AS BIGINT) * {name}") }
    };
    let mut terms: Vec<String> = sum.terms.iter().map(term).collect();
    if sum.constant != 0 || terms.is_empty() {
        terms.push(format!("CAST({} AS BIGINT)", sum.constant));
    }
    terms.join(" + ")
}

fn check_sql(quality: &Quality) -> String {
    const NO: &str = "CAST(0 AS BIGINT)";
    let (mut sides, mut checked, mut failed) = (String::new(), Vec::new(), Vec::new());
    for (at, rule) in quality.forms.iter().enumerate() {
        let (left, right) = (side(quality, &rule.left), side(quality, &rule.right));
        let _ = write!(sides, ", {left} AS left_{at}, {right} AS right_{at}");
        let bit = format!("CAST({} AS BIGINT)", 1_i64 << at);
        checked.push(format!("CASE WHEN left_{at} IS NULL OR right_{at} IS NULL THEN {NO} ELSE {bit} END"));
        failed.push(format!("CASE WHEN {} THEN {bit} ELSE {NO} END", broken_when(at, rule)));
    }
    format!(
        "-- Which rules between forms could be checked for each enterprise and quarter, and which it breaks: a bit for each.\n\
         SELECT unit_number, unit_quarter, park_number, quarter, filed_bits, {} AS checked_bits, {} AS failed_bits\nFROM \
         (SELECT v.unit_number, v.unit_quarter, v.park_number, v.quarter, v.filed_bits{sides}\nFROM form_value AS v{}) AS t\n",
        checked.join(" + "),
        failed.join(" + "),
        before_sql(quality, "v.unit_quarter"),
    )
}

/// The difference is exact; only a tolerance that is a share is made as a floating point number, and cut to a whole one.
fn broken_when(at: usize, rule: &FormRule) -> String {
    let share = match rule.ratio_micro {
        0 => String::new(),
        micro => format!(" + CAST(ABS(CAST(right_{at} AS DOUBLE)) * {:?} AS BIGINT)", micro as f64 / 1e6),
    };
    let band = format!("CAST({} AS BIGINT){share}", rule.absolute);
    let above = format!("left_{at} - right_{at} > {band}");
    let below = format!("right_{at} - left_{at} > {band}");
    match rule.comparison {
        Comparison::AtMost => above,
        Comparison::AtLeast => below,
        Comparison::Equal => format!("{above} OR {below}"),
    }
}

const TALLY_SQL: &str = "-- Enterprises of each area and quarter by the forms they filed and the rules between forms that \
they break.
SELECT a.level, a.ref_area, MIN(a.ref_area_name) AS ref_area_name, q.quarter, q.filed_bits, q.checked_bits, q.failed_bits,
    CAST(SUM(q.units) AS BIGINT) AS units
FROM area AS a
INNER JOIN park_number AS n ON n.park_code = a.park_code
INNER JOIN (
    SELECT park_number, quarter, filed_bits, checked_bits, failed_bits, COUNT(unit_quarter) AS units
    FROM form_check
    GROUP BY park_number, quarter, filed_bits, checked_bits, failed_bits
) AS q ON q.park_number = n.park_number
WHERE q.quarter >= a.from_quarter AND q.quarter <= a.to_quarter
GROUP BY a.level, a.ref_area, q.quarter, q.filed_bits, q.checked_bits, q.failed_bits
";

fn broken_sql(quality: &Quality) -> String {
    let names: String = quality.fields.iter().map(|field| format!(", {}", column(field))).collect();
    let values: String = figures(quality).iter().map(|(dataset, column)| format!(", {dataset}_{column}")).collect();
    format!(
        "-- Enterprises that break a rule between forms, with the figures that rules name: for the administration alone.\n\
         SELECT c.unit_number, c.quarter, c.checked_bits, c.failed_bits{names}\nFROM (SELECT unit_number, unit_quarter, \
         quarter, checked_bits, failed_bits FROM form_check WHERE failed_bits > 0) AS c\nINNER JOIN (SELECT unit_quarter AS \
         value_key{values} FROM form_value) AS v ON v.value_key = c.unit_quarter{}\n",
        before_sql(quality, "c.unit_quarter"),
    )
}
