//! Rules between forms as SQL models, in the SQL that every engine has.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use config::quality::{Comparison, Field, FormRule, Quality};
use config::rule::Sum;

/// The table of counts for each area, quarter and combination of bits.
pub const TALLY: &str = "form_tally";
/// The table of enterprises that break a rule, with the figures that rules name.
pub const BROKEN: &str = "form_broken";

/// The datasets whose forms are held against each other, in the order of their bits.
pub(super) fn datasets(quality: &Quality) -> Vec<&str> {
    let all: BTreeSet<&str> = quality.fields.iter().map(|field| field.dataset.as_str()).collect();
    all.into_iter().collect()
}

/// Whether a bit is set: of a form that was filed, or of a rule.
pub(super) fn has(bits: i64, bit: usize) -> bool {
    (bits >> bit) & 1 == 1
}

/// The SQL models that the rules are compiled to, by file name; none without rules.
pub fn models(quality: &Quality) -> Vec<(String, String)> {
    if quality.forms.is_empty() {
        return Vec::new();
    }
    let file = |table: &str, sql: String| (format!("config/quality/{table}.sql"), sql);
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
    let bit = |(bit, dataset): (usize, &str)| {
        format!("CASE WHEN f_{dataset}.quarter IS NOT NULL THEN CAST({} AS BIGINT) ELSE {NO} END", 1_i64 << bit)
    };
    let bits: Vec<String> = datasets(quality).into_iter().enumerate().map(bit).collect();
    let named = |(dataset, column): &(&str, &str)| format!(", f_{dataset}.{column} AS {dataset}_{column}");
    let join = |dataset: &str| {
        let same = format!("f_{dataset}.unit_number = s.unit_number AND f_{dataset}.quarter = s.quarter");
        format!("LEFT JOIN {dataset} AS f_{dataset} ON {same}\n")
    };
    format!(
        "-- Figures of the forms of each enterprise in a park and quarter, side by side; a bit for each form that was filed.\n\
         SELECT s.unit_number, s.park_number, s.quarter, {} AS filed_bits{}\nFROM stay_quarter AS s\n{}WHERE s.park_number \
         IS NOT NULL\n",
        bits.join(" + "),
        figures(quality).iter().map(named).collect::<String>(),
        datasets(quality).into_iter().map(join).collect::<String>(),
    )
}

/// The join with the figures of the quarter before, if a rule names any.
fn before_sql(quality: &Quality, row: &str) -> String {
    if !quality.fields.iter().any(|field| field.before) {
        return String::new();
    }
    format!("\nLEFT JOIN form_value AS w ON w.unit_number = {row}.unit_number AND w.quarter = {row}.quarter - 1")
}

/// A figure of this quarter, or of the one before, if that is in the same year.
fn figure(field: &Field) -> String {
    let name = format!("{}_{}", field.dataset, field.column);
    if field.before { format!("CASE WHEN MOD(v.quarter, 4) > 0 THEN w.{name} END") } else { format!("v.{name}") }
}

fn side(quality: &Quality, sum: &Sum) -> String {
    let term = |(factor, place): &(i64, usize)| {
        let name = quality.fields.get(*place).map_or_else(String::new, figure);
        if *factor == 1 { name } else { format!("CAST({factor} AS BIGINT) * {name}") }
    };
    let mut terms: Vec<String> = sum.terms.iter().map(term).collect();
    if sum.constant != 0 || terms.is_empty() {
        terms.push(format!("CAST({} AS BIGINT)", sum.constant));
    }
    terms.join(" + ")
}

/// No bit.
const NO: &str = "CAST(0 AS BIGINT)";

fn check_sql(quality: &Quality) -> String {
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
         SELECT unit_number, park_number, quarter, filed_bits, {} AS checked_bits, {} AS failed_bits\nFROM \
         (SELECT v.unit_number, v.park_number, v.quarter, v.filed_bits{sides}\nFROM form_value AS v{}) AS t\n",
        checked.join(" + "),
        failed.join(" + "),
        before_sql(quality, "v"),
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
INNER JOIN (
    SELECT park_number, quarter, filed_bits, checked_bits, failed_bits, COUNT(*) AS units
    FROM form_check
    GROUP BY park_number, quarter, filed_bits, checked_bits, failed_bits
) AS q ON q.park_number = a.park_number
WHERE q.quarter >= a.from_quarter AND q.quarter <= a.to_quarter
GROUP BY a.level, a.ref_area, q.quarter, q.filed_bits, q.checked_bits, q.failed_bits
";

fn broken_sql(quality: &Quality) -> String {
    let named = |field: &Field| format!(", {} AS {}", figure(field), column(field));
    format!(
        "-- Enterprises that break a rule between forms, with the figures that rules name: for the administration alone.\n\
         SELECT c.unit_number, c.quarter, c.checked_bits, c.failed_bits{}\nFROM form_check AS c\nINNER JOIN form_value AS v ON \
         v.unit_number = c.unit_number AND v.quarter = c.quarter{}\nWHERE c.failed_bits > 0\n",
        quality.fields.iter().map(named).collect::<String>(),
        before_sql(quality, "c"),
    )
}
