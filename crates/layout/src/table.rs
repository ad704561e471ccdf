//! A grid that is understood as the table that is declared: where everything in it stands, and what it is of.

use std::borrow::Cow;
use std::ops::Range;

use super::axis;
use super::preamble::PreambleEntry;
use config::source::{Column, Kind};
use read::grid::Grid;
use vocab::period::{self, Period};
use vocab::unit::{Own, Unit};
use vocab::{Place, Problem};

/// A grid that is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The title over the table.
    pub caption: Option<String>,
    /// The `key：value` lines over the table, in their order.
    pub preamble: Vec<PreambleEntry>,
    /// The one unit stated over the table, and where: by its usual name, or as it is written where it is not known.
    pub stated_unit: Option<(String, Place)>,
    /// The unit for growth, shares and indices that is stated beside it.
    pub stated_rate: Option<&'static Unit>,
    /// What there is to say where several are stated, to whom one of them matters.
    pub units_differ: Option<Problem>,
    /// The period stated over the table, as it is written, and where.
    pub stated_period: Option<(String, Place)>,
    /// A time stated over the table that is no period, and where.
    pub unread_period: Option<(String, Place)>,
    /// Whether it says that it goes on from the table before.
    pub continues: bool,
    /// Whether the names of its rows say what is measured, and neither its title nor its headings do.
    pub rows_name_measures: bool,
    /// Where each declared column is, in the order of the declaration.
    pub bound: Vec<Bound>,
    /// The column of the grid that counts parts of the year (`季度`, `月`) which the declared period column names, or which stands
    /// over the columns, and what it counts.
    pub part_of_year: Option<(usize, &'static str)>,
    /// The columns that stand across, from left to right.
    pub across: Vec<AcrossColumn>,
    /// The header rows of the grid.
    pub header: Range<usize>,
    /// Rows further down that repeat one of them, as on each page of a long table.
    pub repeated: Vec<usize>,
    /// The data rows of the grid.
    pub body: Vec<usize>,
    /// The rows of notes under the data.
    pub notes: Vec<usize>,
    /// How many rows of the grid are what.
    pub rows: RowCounts,
    /// The number in the sheet of the grid's first column, counted from one.
    pub first_column: u32,
}

impl Table {
    /// The number in the sheet, counted from one, of a column of the grid.
    pub fn column_number(&self, column: usize) -> u32 {
        self.first_column + column as u32
    }
}

/// Where a declared column is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound {
    /// In this column of the grid, counted from zero.
    Column {
        /// The column.
        index: usize,
        /// The unit in its header, normalised, if the header says one.
        unit: Option<String>,
    },
    /// In the lines over the table: this value holds for every row.
    Preamble(String),
    /// Nowhere.
    Absent,
}

impl Bound {
    /// The column of the grid, counted from zero.
    pub fn column(&self) -> Option<usize> {
        match self {
            Bound::Column { index, .. } => Some(*index),
            Bound::Preamble(_) | Bound::Absent => None,
        }
    }
}

/// Whether a column says the period of each row.
pub(super) fn names_periods(columns: &[Column], bound: &[Bound]) -> bool {
    columns.iter().zip(bound).any(|(column, bound)| column.kind == Kind::Period && bound.column().is_some())
}

/// The columns of the grid that are declared to hold codes.
pub(super) fn code_columns(columns: &[Column], bound: &[Bound]) -> Vec<usize> {
    let is_code = |kind: &Kind| matches!(kind, Kind::UnitCode | Kind::Industry | Kind::Park);
    columns
        .iter()
        .zip(bound)
        .filter(|(column, _)| is_code(&column.kind))
        .filter_map(|(_, bound)| bound.column())
        .collect()
}

/// A column that no declaration took, and that holds values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcrossColumn {
    /// The column of the grid, counted from zero.
    pub column: usize,
    /// Its header as a person reads it.
    pub label: String,
    /// What its values are of.
    pub meaning: Meaning,
    /// What tells it from another column of the same period, where several groups stand over the same periods.
    pub group: Option<String>,
    /// The unit in its header, normalised.
    pub unit: Option<String>,
    /// Whether its header ends in brackets that may hold a unit which is not known: what is stated over the table is then not
    /// known to hold for it.
    pub bracketed: bool,
    /// What its figures are by the words of its heading, where that states no unit.
    pub own: Option<Own>,
    /// How often its values are surveyed, where a header row says it.
    pub frequency: Option<String>,
}

impl AcrossColumn {
    /// Whether a value of `period` is none of this column: a quarter's at a month that ends none.
    pub fn is_off(&self, period: Period) -> bool {
        axis::is_off(period, self.frequency.as_deref())
    }
}

/// What the values of a column are of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// Of a period.
    Period(Period),
    /// Of a part of the year that the row names: `一季度`.
    PartOfYear(String),
    /// Of an indicator.
    Indicator {
        /// Its name, without the unit.
        name: String,
    },
}

impl Meaning {
    /// The period of a value whose row names `row`, or the part of the year in `part`: a cell, and what its column counts.
    pub fn period(&self, row: Option<Period>, part: Option<(&str, &str)>) -> Option<Period> {
        match (self, row) {
            (Meaning::Period(Period::Year(year)), None) => {
                let in_part = part.and_then(|(cell, counted)| period::parse_part(cell, counted, *year).ok());
                Some(in_part.unwrap_or(Period::Year(*year)))
            }
            (Meaning::Period(period), _) => Some(*period),
            (Meaning::PartOfYear(part), Some(Period::Year(year))) => period::parse_in_year(part, year).ok(),
            (Meaning::PartOfYear(_) | Meaning::Indicator { .. }, _) => None,
        }
    }
}

/// How many rows of a grid are what: together, all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RowCounts {
    /// Lines with text over the header.
    pub preamble: usize,
    /// Header rows, repetitions further down included.
    pub header: usize,
    /// Data.
    pub body: usize,
    /// Notes under the table.
    pub notes: usize,
    /// Blank, wherever they are.
    pub blank: usize,
}

impl RowCounts {
    /// All rows.
    pub fn total(&self) -> usize {
        self.preamble + self.header + self.body + self.notes + self.blank
    }
}

/// One sheet of a file, or a part of one, laid out.
#[derive(Debug)]
pub struct LaidOut<'b> {
    /// Its grid.
    pub grid: Cow<'b, Grid>,
    /// The file and the sheet.
    pub place: Place,
    /// The table, if it is the declared one and nothing speaks against it.
    pub table: Option<Table>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// Whether the declared header stands in another part of the file, and not here.
    pub other: bool,
}
