//! What an explanation says: the data that text, JSON and pages are made from.

use serde::{Serialize, Serializer};
use vocab::level::{AreaKey, Level};

/// Where a published value comes from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explained {
    /// The release.
    pub release: String,
    /// For whom it was made: `internal` or `public`.
    pub profile: String,
    /// What it was made with and is another one now: `configuration`, `models`, `registers`, `program`.
    pub changed_since: Vec<&'static str>,
    /// The indicator, in words.
    pub indicator: Definition,
    /// The area.
    pub area: Area,
    /// The quarter: `2018Q4`.
    pub quarter: String,
    /// The value as it was published.
    pub value: Published,
    /// The same of a year before, where it was published.
    pub last_year: Option<LastYear>,
    /// Why there is no value, or one with a flag.
    pub why: Option<Why>,
    /// What it is computed from, and what that is the sum of.
    pub made_of: Vec<Side>,
    /// Other indicators that it is computed from.
    pub of_indicators: Vec<OfIndicator>,
    /// Who reported, by dataset.
    pub reported: Vec<Reported>,
    /// Rows of the same area and quarters that are set aside.
    pub set_aside: Vec<SetAside>,
    /// Published series beside it.
    pub benchmarks: Vec<Beside>,
}

/// What an indicator is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Definition {
    /// Its identifier.
    pub id: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// What it measures, in Chinese.
    pub definition_zh: String,
    /// What it measures, in English.
    pub definition_en: String,
    /// Unit of its values.
    pub unit: String,
    /// Decimals shown.
    pub decimals: usize,
    /// `quarter`, `ytd`, `ttm` or `point`.
    pub basis: &'static str,
    /// How it is computed: `level`, `ratio`, `growth`, `expression`, `geometric_mean` or `composite`.
    pub formula: &'static str,
    /// The expression, where it is one.
    pub expression: Option<String>,
    /// What turns numerator over denominator into the unit.
    pub factor: f64,
    /// The condition without which there is no value.
    pub requires: Option<String>,
    /// Whether part of it is imputed.
    pub estimated: bool,
    /// The datasets it needs.
    pub datasets: Vec<String>,
    /// Where its formula is from, in both languages.
    pub formula_source: String,
}

/// An area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Area {
    /// Its level.
    pub level: Level,
    /// Its code.
    pub ref_area: String,
    /// Its name.
    pub name: String,
}

impl Area {
    /// Its level and code.
    pub fn key(&self) -> AreaKey<'_> {
        AreaKey { level: self.level, code: &self.ref_area }
    }
}

/// A row of the published indicators.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Published {
    /// The value in the indicator's unit, unrounded.
    pub value: Option<f64>,
    /// SDMX observation status.
    pub obs_status: String,
    /// Why there is none, or one with a flag.
    pub reason: Option<String>,
    /// The dataset it falls short by.
    pub reason_dataset: Option<String>,
    /// Units that were expected and did not enter.
    pub missing_units: Option<i64>,
    /// SDMX confidentiality status.
    pub conf_status: String,
    /// The sum over the line, in canonical units.
    pub numerator: Option<i64>,
    /// The sum under the line.
    pub denominator: Option<i64>,
    /// Share of what was expected that was reported.
    pub coverage: Option<f64>,
    /// Change against last year: percent, or the unit.
    pub yoy: Option<f64>,
    /// The target.
    pub target: Option<f64>,
    /// Value less target.
    pub gap: Option<f64>,
    /// Rank among the areas of the level.
    pub rank: Option<i64>,
    /// How many are ranked.
    pub rank_of: Option<i64>,
    /// The latest day of issue among what it is made from.
    pub vintage: Option<String>,
}

/// The value of a year before, with its sides.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LastYear {
    /// The quarter.
    pub quarter: String,
    /// The code that the area had.
    pub ref_area: String,
    /// `relative` in percent, `difference` in the unit, or `none`.
    pub compared: &'static str,
    /// The value.
    pub value: Published,
    /// What it was computed from.
    pub made_of: Vec<Side>,
}

/// Why there is no value, or one with a flag.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Why {
    /// The word in the table.
    pub reason: String,
    /// What it means, in Chinese.
    pub zh: String,
    /// What it means, in English.
    pub en: String,
    /// The share from which on there is a figure, and the one from which on there is one with a flag.
    pub least: Option<[f64; 2]>,
    /// The exports of the dataset that it falls short by which hold the quarter.
    pub exports: Vec<String>,
}

/// A side of a quotient, or what else a value is computed from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Side {
    /// `numerator`, `denominator`, or `part` of an expression or a condition.
    pub role: &'static str,
    /// What is computed from measures, where it is not one of them.
    pub expression: Option<String>,
    /// The figure of a measure.
    pub figure: Figure,
}

/// A figure, and what it is the sum of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// The measure; of a division, the column of the table of divisions.
    pub measure: String,
    /// What it is, in Chinese.
    pub zh: String,
    /// What it is, in English.
    pub en: String,
    /// The area.
    pub area: Area,
    /// The quarter.
    pub quarter: String,
    /// The division of a park.
    pub division: Option<i64>,
    /// The figure in canonical units: those that its name ends with.
    pub value: Option<i64>,
    /// Whether it is there, or why not: `there`, `none`, `withheld` by protection, `unpublished` in this release.
    pub standing: Standing,
    /// How it is made.
    pub made: Option<Made>,
    /// What it is the sum of.
    pub sums: Vec<Sum>,
    /// The rows of exports that it comes from.
    pub rows: Option<Traced>,
}

/// Whether a figure is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It is.
    There,
    /// Nothing is known.
    None,
    /// It is protected.
    Withheld,
    /// The release does not hold it.
    Unpublished,
}

/// How a measure is made, as its definition says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Made {
    /// `sum`, `count`, `of`, `taken`, `year_ago`, `both_years`, `province` or `terms`.
    pub way: &'static str,
    /// The tables or the measure that it is made from.
    pub from: Vec<String>,
    /// The column or the expression.
    pub what: Option<String>,
    /// The condition on rows.
    pub only: Option<String>,
    /// The condition on parks.
    pub parks: Option<String>,
    /// Datasets without which there is none of it.
    pub datasets: Vec<String>,
}

/// A sum that a figure is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sum {
    /// `areas`, `divisions`, `parts`, `terms`, `copy`, `both_years`, `year_end`, or `condition`: the same of all,
    /// where the park meets the condition.
    pub kind: &'static str,
    /// The level of its parts, where there are any.
    #[serde(serialize_with = "word_of_level")]
    pub level: Option<Level>,
    /// Whether the parts add up to the figure; none where one is protected or not in the release.
    pub holds: Option<bool>,
    /// The largest parts.
    pub parts: Vec<Part>,
    /// All others together.
    pub rest: Option<Rest>,
    /// Areas or divisions of which nothing is known: they add nothing.
    pub without: usize,
}

/// The word of a level; none is the empty word.
fn word_of_level<S: Serializer>(level: &Option<Level>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(level.map_or("", Level::as_str))
}

/// A part of a sum.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// What it is multiplied by.
    pub factor: i64,
    /// Its share in the sum.
    pub share: Option<f64>,
    /// The figure.
    pub figure: Figure,
}

/// Parts that are not told one by one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rest {
    /// How many.
    pub count: usize,
    /// What they add.
    pub value: i64,
    /// Their share in the sum.
    pub share: Option<f64>,
}

/// Another indicator that a value is computed from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OfIndicator {
    /// Its identifier.
    pub id: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// The quarter.
    pub quarter: String,
    /// Its unit.
    pub unit: String,
    /// Decimals shown.
    pub decimals: usize,
    /// Its value.
    pub value: Published,
}

/// How many reported a dataset in the area and quarter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reported {
    /// The dataset.
    pub dataset: String,
    /// The title of its exports.
    pub title: String,
    /// How many did.
    pub reported: Option<i64>,
    /// How many should have.
    pub expected: Option<i64>,
    /// The exports that hold the quarter, in use.
    pub exports: Vec<String>,
}

/// Rows of the area and the quarters in question that are set aside: what is missing from the sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SetAside {
    /// The export.
    pub file: String,
    /// Its dataset.
    pub dataset: String,
    /// The code of the problem.
    pub code: String,
    /// What it says, in Chinese.
    pub zh: &'static str,
    /// What it says, in English.
    pub en: &'static str,
    /// Rows of enterprises or parks of the area.
    pub rows: usize,
    /// Rows of which nobody can say whose they are.
    pub of_nobody_known: usize,
}

/// A published series beside the sum.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Beside {
    /// Its name.
    pub id: String,
    /// The measure that is held against it.
    pub measure: String,
    /// The sum since January.
    pub sum: Option<i64>,
    /// The published figure since January.
    pub published: Option<i64>,
    /// Sum less published.
    pub difference: Option<i64>,
    /// Whether they go together.
    pub holds: Option<bool>,
}

/// The rows of exports that a figure of a park comes from.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Traced {
    /// How they were found: `enterprises`, each as a park of its own; `cells`, each taken away in turn; `none` where
    /// neither adds up.
    pub by: &'static str,
    /// Whether the parts add up to the figure exactly.
    pub holds: bool,
    /// Figure less parts: what is computed for a division or the park as a whole, such as a rounding.
    pub difference: i64,
    /// Enterprises that are in it.
    pub contributors: usize,
    /// The largest contributions.
    pub parts: Vec<Contribution>,
    /// All others together.
    pub rest: Option<Rest>,
    /// Datasets and registers without rows of an enterprise or park that it rests on too, with the exports of the
    /// quarters in question.
    pub shared: Vec<Shared>,
}

/// What one enterprise, or the park itself, adds to a figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contribution {
    /// The organisation code; none for what the park itself reports.
    pub unit_code: Option<String>,
    /// What it adds, in the units of the figure.
    pub value: i64,
    /// Its share.
    pub share: Option<f64>,
    /// The cells that it comes from.
    pub cells: Vec<Cell>,
    /// Columns (`dataset.column`) of which no single cell matters to it, and all of its cells together do.
    pub together: Vec<String>,
    /// Rows of the park that are not told one by one.
    pub rest: Option<Rest>,
}

/// A cell of an export.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cell {
    /// Its dataset.
    pub dataset: String,
    /// The column of the facts.
    pub field: String,
    /// The quarter that its row is of.
    pub quarter: Option<String>,
    /// What it adds to the contribution; none where it adds nothing, and without it there would be another one.
    pub adds: Option<i64>,
    /// The value as it was read, in the canonical unit that the column's name ends with; a text as it is.
    pub read: Option<String>,
    /// The export.
    pub file: String,
    /// SHA-256 of the export.
    pub sha256: Option<String>,
    /// The sheet; empty where the format has none.
    pub sheet: String,
    /// The row as a spreadsheet shows it.
    pub row: i64,
    /// The column, counted from one.
    pub column: Option<u32>,
    /// The heading as it stands, its rows from top to bottom.
    pub heading: Option<String>,
    /// The text of the cell as it was sent.
    pub text: Option<String>,
    /// The unit that it was read in.
    pub unit: Option<String>,
    /// Canonical units in one of that unit.
    pub factor: Option<String>,
    /// The day of issue.
    pub vintage: Option<String>,
    /// What earlier exports said.
    pub superseded: Vec<Superseded>,
    /// Corrections that were made in its row.
    pub corrections: Vec<Corrected>,
}

/// What an earlier export said in the place of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Superseded {
    /// The export.
    pub file: String,
    /// Its sheet.
    pub sheet: String,
    /// Its row.
    pub row: i64,
    /// The day of issue.
    pub vintage: Option<String>,
    /// The value as it was read.
    pub read: Option<String>,
}

/// A correction of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Corrected {
    /// Its name in corrections.toml.
    pub id: String,
    /// Why it is made.
    pub reason: String,
}

/// What a figure rests on beside rows of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shared {
    /// The dataset or the register.
    pub table: String,
    /// Whether it is a register.
    pub is_register: bool,
    /// The exports that hold the quarter; of a register, its file.
    pub files: Vec<String>,
}
