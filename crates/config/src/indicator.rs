//! What an indicator definition means once it is read: one measure declared as data.

mod resolve;

use super::coverage::{Least, Scope};
use super::document::{Table, list};
use super::range::LARGEST;
use super::spot::{Spot, Spots};
use vocab::level::Level;
use vocab::said;
use vocab::unit::{self, Dimension};

/// How the value comes from numerator and denominator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Formula {
    /// The numerator alone.
    Level,
    /// Numerator / denominator.
    Ratio,
    /// Numerator / denominator − 1.
    Growth,
    /// An SQL expression over the columns of `area_quarter`.
    Expression(String),
    /// The average annual change that the yearly changes of another indicator come to: (∏ (1 + change))^(1/n) − 1, over the
    /// same quarter of every year since the base year (METHODS 2.7).
    GeometricMean {
        /// The indicator of the yearly change, in percent.
        of: String,
        /// The year that the first change is counted from.
        base_year: i64,
    },
    /// By the method of park assessment, from other indicators.
    Composite(Composite),
}

/// What an assessment gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Composite {
    /// The score.
    Score,
    /// Stars by the score.
    Stars,
    /// How far the rank moved since the last quarter: up is positive.
    Movement,
}

/// The span of time a value covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// One quarter.
    Quarter,
    /// January to the end of the quarter.
    Ytd,
    /// The four quarters that end with this one.
    Ttm,
    /// The last day of the quarter.
    Point,
}

impl Basis {
    /// The words of definitions.
    pub const WORDS: [(&'static str, Basis); 4] =
        [("quarter", Basis::Quarter), ("ytd", Basis::Ytd), ("ttm", Basis::Ttm), ("point", Basis::Point)];

    /// The word used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Basis::Quarter => "quarter",
            Basis::Ytd => "ytd",
            Basis::Ttm => "ttm",
            Basis::Point => "point",
        }
    }
}

/// How a value is compared with the same quarter of last year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YearOnYear {
    /// In percent of last year's value.
    Relative,
    /// In the indicator's own unit (percentage points for percentages).
    Difference,
    /// Not at all.
    None,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Neither: the indicator describes.
    None,
}

/// A target set by a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Its value, in the indicator's unit and with its sign.
    pub value: f64,
    /// The year by whose end it is to be reached.
    pub by: i64,
    /// The document that sets it.
    pub document: String,
    /// The levels it is set for: by default those of the indicator.
    pub levels: Vec<Level>,
    /// Whether this is the target shown beside the value; the others are in the dictionary.
    pub headline: bool,
}

/// A test inside an indicator definition: a row of `area_quarter`, and the value it gives.
#[derive(Debug, Clone, PartialEq)]
pub struct IndicatorTest {
    /// One sentence.
    pub name: String,
    /// Columns of `area_quarter`; those not named are null.
    pub given: Vec<(String, f64)>,
    /// Of a geometric mean, the yearly changes since the base year; one that is not a number is missing.
    pub years: Vec<f64>,
    /// The value, or none for null.
    pub expect: Option<f64>,
    /// How far it may be off: half a unit of the last published digit.
    pub tolerance: f64,
    /// Where the given columns stand.
    pub given_at: Spot,
}

/// One indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// Its identifier: the file's stem.
    pub id: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// What it measures and how, in Chinese.
    pub definition_zh: String,
    /// What it measures and how, in English.
    pub definition_en: String,
    /// The task of the action plan it shows.
    pub task: String,
    /// Its place among the others in lists.
    pub order: i64,
    /// Levels it is published for.
    pub levels: Vec<Level>,
    /// Why not for the others, where it leaves some out; in Chinese.
    pub levels_reason_zh: Option<String>,
    /// Likewise in English.
    pub levels_reason_en: Option<String>,
    /// Where the formula is from: a document, or that this project defines it. Chinese and English, with ` / ` between.
    pub formula_source: String,
    /// What it may be compared with, and what not; in Chinese.
    pub comparability_zh: String,
    /// Likewise in English.
    pub comparability_en: String,
    /// The span of time a value covers.
    pub basis: Basis,
    /// Unit of the value, for example 万元/亩.
    pub unit: String,
    /// Decimals shown, and used to rank.
    pub decimals: usize,
    /// How the value is made.
    pub formula: Formula,
    /// Column of `area_quarter`, or an expression over its columns, with a canonical unit at the end of its name.
    pub numerator: Option<String>,
    /// Likewise.
    pub denominator: Option<String>,
    /// What turns numerator over denominator into the unit.
    pub factor: f64,
    /// Condition without which there can be no value: what it leaves out is not missing.
    pub requires: Option<String>,
    /// Column that counts the enterprises a value rests on, for the minimum count.
    pub units: Option<String>,
    /// Columns that count what was reported and what was expected.
    pub coverage: Option<(String, String)>,
    /// Columns that count the parks of which both sides are known and all parks: those without are left out of both sides.
    pub areas_coverage: Option<(String, String)>,
    /// Whether a value stands for all that were expected, or for those that reported.
    pub scope: Scope,
    /// How much of what was expected is enough, where it is not what the settings say for its scope.
    pub least: Option<Least>,
    /// Datasets a value needs: without them in a quarter, it is not yet due.
    pub datasets: Vec<String>,
    /// Quarters of history before the first value can exist.
    pub history: i64,
    /// Whether part of it is imputed.
    pub estimated: bool,
    /// Column that counts the enterprises of which something is estimated: a value with some is, too.
    pub estimated_units: Option<String>,
    /// Whether it is a rate of change: then it is on track when it is at its target, not when it moves towards it.
    pub is_rate: bool,
    /// Which way is better.
    pub direction: Direction,
    /// Comparison with last year.
    pub yoy: YearOnYear,
    /// Whether it stands in the summary of a run.
    pub headline: bool,
    /// Targets.
    pub targets: Vec<Target>,
    /// Tests.
    pub tests: Vec<IndicatorTest>,
    /// Where its values stand.
    pub spots: Spots,
}

impl Indicator {
    /// Whether a value, before it is rounded, is at a target or beyond.
    pub fn reaches(&self, value: f64, target: f64) -> bool {
        /// What binary fractions may lose of a value: 68 % of 100 may come out as 67.99999999999999.
        const LOST: f64 = 1e-12;
        let lost = target.abs().max(1.0) * LOST;
        match self.direction {
            Direction::Lower => value <= target + lost,
            Direction::Higher | Direction::None => value >= target - lost,
        }
    }

    /// The target shown beside the value at a level.
    pub fn headline_target(&self, level: Level) -> Option<&Target> {
        self.targets.iter().find(|target| target.headline && target.levels.contains(&level))
    }
}

/// Units at the end of column names: what they measure, and how many canonical units of it they are.
const SUFFIXES: &[(&str, Dimension, f64)] = &[
    ("_microyuan", Dimension::Money, 1e-4),
    ("_fen", Dimension::Money, 1.0),
    ("_gce", Dimension::Energy, 1.0),
    ("_g", Dimension::Mass, 1.0),
    ("_micromu", Dimension::Area, 1.0),
    ("_persons", Dimension::Persons, 1.0),
    ("_units", Dimension::Count, 1.0),
];

/// What a column measures, by the end of its name.
pub fn dimension_of(column: &str) -> Option<Dimension> {
    SUFFIXES.iter().find(|(suffix, ..)| column.ends_with(suffix)).map(|(_, dimension, _)| *dimension)
}

/// What turns numerator over denominator into `unit`, from the canonical units in the columns' names.
fn factor(
    table: &Table<'_, '_>,
    unit: &str,
    formula: &Formula,
    numerator: Option<&str>,
    denominator: Option<&str>,
) -> f64 {
    if let Some(factor) = table.number_within("factor", -LARGEST..=LARGEST) {
        if factor == 0.0 {
            let message =
                said!("`factor` 不得为 0：否则所有数值均为 0", "`factor` must not be 0: every value would be 0");
            table.error("factor", message);
        }
        return factor;
    }
    let Some(numerator) = numerator.filter(|_| !matches!(formula, Formula::Expression(_))) else { return 1.0 };
    let suffix = |column: &str| {
        let found = SUFFIXES.iter().find(|(suffix, ..)| column.ends_with(suffix));
        if found.is_none() {
            let suffixes: Vec<&str> = SUFFIXES.iter().map(|(suffix, ..)| *suffix).collect();
            let suffixes = list(&suffixes);
            let message = said!(
                "`{column}` 没有以单位结尾：{suffixes}",
                "`{column}` does not end with a unit: {suffixes}";
                suffixes
            );
            table.error("numerator", message);
        }
        found.map_or((Dimension::Count, 1.0), |(_, dimension, size)| (*dimension, *size))
    };
    // How many canonical units one of the labelled unit is, if it measures this.
    let size = |label: &str, dimension: Dimension| {
        unit::parse(label).ok().filter(|unit| unit.dimension == dimension).map(|unit| unit.numerator as f64)
    };
    let (over, over_size) = suffix(numerator);
    let Some(denominator) = denominator else {
        return size(unit, over).map_or_else(|| mismatch(table, unit, over, None), |label| over_size / label);
    };
    let (under, under_size) = suffix(denominator);
    let plain = over_size / under_size;
    let labels = unit.split_once('/').map(|(a, b)| (size(a, over), size(b, under)));
    match labels {
        Some((Some(over), Some(under))) => plain * under / over,
        None if matches!(unit, "%" | "百分点") && over == under => plain * 100.0,
        _ => mismatch(table, unit, over, Some(under)),
    }
}

/// What turns a ratio of two columns into `unit`.
pub(super) fn ratio_factor(table: &Table<'_, '_>, unit: &str, numerator: &str, denominator: &str) -> f64 {
    factor(table, unit, &Formula::Ratio, Some(numerator), Some(denominator))
}

fn mismatch(table: &Table<'_, '_>, unit: &str, over: Dimension, under: Option<Dimension>) -> f64 {
    let under = under.map_or_else(String::new, |under| format!(" / {}", under.canonical()));
    let over = over.canonical();
    let message = said!(
        "`{unit}` 与各列的单位不符：{over}{under}",
        "`{unit}` does not fit the unit that the columns are in: {over}{under}"
    );
    table.error("unit", message);
    1.0
}
