//! From a grid to a table: what stands over it, its header, which column is which, its rows and its notes.
//!
//! ```text
//! 财务状况（B203表）                          caption            preamble rows
//! 报告期：2018年1-3月,,,单位：千元            period, unit
//! 统一社会信用代码,营业收入,营业收入          names              header rows
//! ,301,301                                    item codes
//! ,1-本月,上年同期                            measures
//! 91410000170001401D,120,110                  data               body rows
//! 注：……                                      notes              note rows
//! ```
//!
//! Nothing is guessed: a header that is not declared is reported, never bound to the nearest declaration.

mod axis;
mod bind;
mod body;
mod cells;
mod centred;
mod discover;
mod expected;
mod header;
mod lines;
mod merged;
mod normalise;
mod observed;
mod outside;
mod parts;
mod preamble;
mod shape;
mod strips;
mod sums;
mod wholes;
mod why;
mod written;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use crate::config::source::{self, Across, Column, Kind, Source};
use crate::read::grid::Grid;
use crate::vocab::period::{self, Period};
use crate::vocab::unit::{self, Own, Unit};
use crate::vocab::{Place, Problem, Severity, rules, text};

pub use axis::years_over;
pub use cells::DataCell;
pub use discover::{Discovery, FoundColumn, FoundRow, Guess, discover};
pub use observed::{is_enterprise, observe};
pub use parts::{GROUP, PARENT, split};
pub use preamble::PreambleEntry;
pub use wholes::Wholes;
pub use why::{Because, Decision, Reason};

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
        cells::is_off(period, self.frequency.as_deref())
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

/// The tables of a file. A sheet, or a part of one, without the declared header is left out if another has it; if none has
/// it, each says what is wrong with it.
pub fn lay_out<'b>(sheets: &'b [Grid], source: &Source, file: &str) -> Vec<LaidOut<'b>> {
    let filled = sheets.iter().filter(|grid| grid.rows().any(|row| !row.is_blank()));
    let grids: Vec<Cow<'b, Grid>> = if source.several_tables {
        filled.flat_map(|grid| split(grid, &source.columns)).map(Cow::Owned).collect()
    } else {
        filled.map(Cow::Borrowed).collect()
    };
    let laid_out = grids.into_iter().map(|grid| {
        let place = Place { sheet: grid.sheet.clone(), ..Place::file(file) };
        let (table, mut problems) = layout(&grid, &source.columns, &source.layout, &place);
        let other = problems.iter().any(|problem| problem.rule == &rules::HEADER_NOT_FOUND);
        let (grid, notes) = match &table {
            Some(table) => merged::filled_down(grid, table, source, &place),
            None => (grid, Vec::new()),
        };
        problems.extend(notes);
        LaidOut { grid, place, table, problems, other }
    });
    let mut parts: Vec<LaidOut<'b>> = laid_out.collect();
    continue_tables(&mut parts);
    leave_out(&mut parts);
    expected::hold(&mut parts, source);
    parts
}

/// Says which parts are left out because another one holds the table. Figures in a part of its sheet may belong to it, and are told;
/// other sheets are something else as a rule, and are named together.
fn leave_out(parts: &mut [LaidOut<'_>]) {
    if parts.iter().all(|part| part.other) {
        parts.iter_mut().for_each(|part| part.other = false);
        return;
    }
    let with_table: BTreeSet<String> =
        parts.iter().filter(|part| !part.other).map(|part| part.place.sheet.clone()).collect();
    let mut others: Vec<String> = Vec::new();
    let mut first = None;
    for (at, part) in parts.iter_mut().enumerate().filter(|(_, part)| part.other) {
        part.problems.clear();
        if with_table.contains(&part.place.sheet) {
            let row = part.grid.rows().find(|row| !row.is_blank()).map_or(1, |row| row.number);
            part.problems.push(Problem::new(&rules::PART_LEFT_OUT, part.place.at_row(row)));
            part.problems.extend(outside::left_out(&part.grid, &part.place));
            continue;
        }
        first = first.or(Some(at));
        if !others.contains(&part.grid.sheet) {
            others.push(part.grid.sheet.clone());
        }
    }
    let named = others.join(", ");
    if let Some(part) = first.and_then(|at| parts.get_mut(at)) {
        part.problems.push(Problem::new(&rules::PART_LEFT_OUT, Place::file(&part.place.file)).value(named));
    }
}

/// Figures in rows of data behind the last heading of `table`.
pub fn figures_beside(grid: &Grid, table: &Table, place: &Place) -> Option<Problem> {
    let width = table.header.clone().map(|row| grid.row(row).len()).max().unwrap_or(0);
    // A last heading that is merged reaches over columns without cells of their own.
    let merges = grid.merges_from(&table.header).iter().map(|merge| merge.column + merge.columns);
    let reach = merges.max().unwrap_or(0).min(grid.width());
    outside::beside(grid, &table.body, width.max(reach), place)
}

/// What is stated over a table, and where.
type Stated = Option<(String, Place)>;

/// The period over a table is that of those that go on from it; their units are their own. What stands over the first half of a list
/// holds for the second half beside it, and what stands over a page for the next one, which have the same headings and nothing
/// over them but a word for that.
fn continue_tables(parts: &mut [LaidOut<'_>]) {
    let mut above: Option<(String, Place)> = None;
    let mut beside: Option<(Vec<String>, Stated, Option<&'static Unit>, Stated)> = None;
    for LaidOut { grid, table, .. } in parts.iter_mut() {
        let Some(table) = table.as_mut() else { continue };
        let headings = headings(grid, &table.header);
        match &beside {
            Some((same, unit, rate, period))
                if *same == headings && !headings.is_empty() && (table.rows.preamble == 0 || table.continues) =>
            {
                table.stated_unit = table.stated_unit.take().or_else(|| unit.clone());
                table.stated_rate = table.stated_rate.or(*rate);
                table.stated_period = table.stated_period.take().or_else(|| period.clone());
            }
            _ => {
                beside = Some((headings, table.stated_unit.clone(), table.stated_rate, table.stated_period.clone()));
            }
        }
        if table.continues {
            table.stated_period = table.stated_period.take().or_else(|| above.clone());
        }
        above.clone_from(&table.stated_period);
    }
}

/// What stands over the figures: the two sides of a balance name their rows differently.
fn headings(grid: &Grid, header: &Range<usize>) -> Vec<String> {
    let labels =
        header.clone().flat_map(|row| grid.row(row).filled().map(|(_, cell)| text::key(cell)).collect::<Vec<_>>());
    labels.skip(1).collect()
}

/// Understands `grid` as the table that is declared. `place` names the file and the sheet.
///
/// There is a table exactly if no problem is an error. Problems come in the order of their place.
pub fn layout(
    grid: &Grid,
    columns: &[Column],
    layout: &source::Layout,
    place: &Place,
) -> (Option<Table>, Vec<Problem>) {
    let Some(header) = header::Wanted::new(columns, layout).find(grid) else {
        return (None, vec![header_not_found(grid, columns, place)]);
    };
    let mut problems = Vec::new();
    let mut preamble = preamble::read(grid, header.rows.start, place);
    let body = body::split(grid, &header);
    preamble.unit_in_corner(grid, &header.rows, place);
    preamble.unit_in_notes(grid, &body.notes, place);
    let place = place.at_row(grid.row(header.rows.start).number);

    let mut binder = bind::Binder {
        grid,
        header: &header,
        rows: &body.rows,
        preamble: &preamble,
        place: place.clone(),
        problems: &mut problems,
    };
    let bound = binder.declared(columns);
    let part_of_year = binder.part_of_year(columns, &bound, layout.across);
    let across = binder.across(columns, &bound, part_of_year.map(|(column, _)| column), layout);

    problems.extend(header.heading_or_data.map(|row| either(grid, header.rows.len(), row, &place)));
    unlabelled_columns(grid, &header, &body, &bound, &place, &mut problems);
    problems.extend(outside::around(grid, &header, &preamble, &body, &place));
    problems.extend(header_inside(grid, &header, &body, &bound, &place));
    let by_preamble = layout.across != Across::Period && !names_periods(columns, &bound);
    problems.extend(lines::contradiction(grid, &body.rows, &preamble, by_preamble, &place));
    if body.rows.is_empty() {
        problems.push(Problem::new(&rules::BODY_EMPTY, place.clone()));
    }
    problems.extend(periods_twice(grid, columns, &bound, &body.rows, &across, &place));
    problems.extend(nothing_across(layout.across, &across, &problems, &place));
    problems.sort();
    if problems.iter().any(|problem| problem.rule.severity == Severity::Error) {
        return (None, problems);
    }
    let rows = row_counts(&preamble, &header, &body);
    let rows_name_measures = header.leaves_measures_to_rows(preamble.caption.as_deref());
    let (stated_unit, stated_rate) = (preamble.stated_unit(), preamble.stated_for_rates());
    let table = Table {
        caption: preamble.caption,
        preamble: preamble.entries,
        stated_unit,
        stated_rate,
        units_differ: units_differ(&preamble.units),
        stated_period: preamble.period,
        unread_period: preamble.unread,
        continues: preamble.continues,
        rows_name_measures,
        bound,
        part_of_year,
        across,
        header: header.rows,
        repeated: body.headers,
        body: body.rows,
        notes: body.notes,
        rows,
        first_column: grid.column_number(0),
    };
    (Some(table), problems)
}

/// Tells of a row under a header of so many rows that may be one of them, or data, with what decides it.
fn either(grid: &Grid, header_rows: usize, row: usize, place: &Place) -> Problem {
    let problem = Problem::new(&rules::HEADING_OR_DATA, place.at_row(grid.row(row).number));
    problem.expected([header_rows, header_rows + 1].map(|rows| format!("header_rows = {rows}")))
}

/// Tells of periods down the rows that are declared beside other ones across.
fn periods_twice(
    grid: &Grid,
    columns: &[Column],
    bound: &[Bound],
    rows: &[usize],
    across: &[AcrossColumn],
    place: &Place,
) -> Option<Problem> {
    let mut declared = columns.iter().zip(bound).filter(|(column, _)| column.kind == Kind::Period);
    let column = declared.find_map(|(_, bound)| bound.column())?;
    let down = rows.iter().filter_map(|&row| Some((row, period::parse(grid.cell(row, column)).ok()?)));
    let of_columns = across.iter().filter_map(|across| match across.meaning {
        Meaning::Period(period) => Some(period),
        Meaning::PartOfYear(_) | Meaning::Indicator { .. } => None,
    });
    let row = axis::contradicted(down, of_columns)?;
    Some(either_period(grid, (row, column), place))
}

/// Tells of a period in a row that contradicts the one over its figures, with what decides which of them holds.
fn either_period(grid: &Grid, (row, column): (usize, usize), place: &Place) -> Problem {
    let place = place.at_row(grid.row(row).number).at_column(grid.column_number(column));
    let problem = Problem::new(&rules::PERIODS_TWICE, place).value(text::trim(grid.cell(row, column)));
    problem.expected(PERIOD_OF)
}

/// What decides that the periods of the rows hold, and what that those of the headings do.
const PERIOD_OF: [&str; 2] = ["across = \"indicator\"", "kind = \"text\""];

/// What is missing where nothing stands across, unless a heading already says why.
fn nothing_across(across: Across, found: &[AcrossColumn], problems: &[Problem], place: &Place) -> Option<Problem> {
    let said = [&rules::PERIOD_UNREADABLE, &rules::PERIOD_ACROSS];
    let rule = match across {
        _ if !found.is_empty() => return None,
        Across::None => return None,
        Across::Period => &rules::PERIOD_MISSING,
        Across::Indicator => &rules::COLUMN_MISSING,
    };
    let explained = problems.iter().any(|problem| said.contains(&problem.rule));
    (!explained).then(|| Problem::new(rule, place.clone()))
}

/// Notes columns that hold values under a blank header: they are left out, but not in silence.
fn unlabelled_columns(
    grid: &Grid,
    header: &header::Header,
    body: &body::Body,
    bound: &[Bound],
    place: &Place,
    problems: &mut Vec<Problem>,
) {
    for (column, _) in header.columns.iter().enumerate().filter(|(_, column)| column.is_blank()) {
        let declared = bound.iter().any(|bound| bound.column() == Some(column));
        if !declared && body.rows.iter().any(|&row| !text::trim(grid.cell(row, column)).is_empty()) {
            problems.push(Problem::new(&rules::COLUMN_UNKNOWN, place.at_column(grid.column_number(column))));
        }
    }
}

fn row_counts(preamble: &preamble::Preamble, header: &header::Header, body: &body::Body) -> RowCounts {
    RowCounts {
        preamble: preamble.rows,
        header: header.rows.len() + body.headers.len(),
        body: body.rows.len(),
        notes: body.notes.len(),
        blank: header.rows.start - preamble.rows + body.blank,
    }
}

/// Whether a column says the period of each row.
fn names_periods(columns: &[Column], bound: &[Bound]) -> bool {
    columns.iter().zip(bound).any(|(column, bound)| column.kind == Kind::Period && bound.column().is_some())
}

/// Finds the header of another table among the rows: what stands below it would be read under the wrong headings.
fn header_inside(
    grid: &Grid,
    header: &header::Header,
    body: &body::Body,
    bound: &[Bound],
    place: &Place,
) -> Option<Problem> {
    /// Longer cells are no heading.
    const LONGEST: usize = 48;
    let key = bound.iter().find_map(Bound::column)?;
    let names: Vec<&str> = header.columns.get(key)?.labels.iter().map(|label| label.whole.as_str()).collect();
    let heads = |cell: &str| {
        // Codes and numbers, which are nearly all, need no second look.
        let cell = text::trim(cell);
        let word = !cell.starts_with(|c: char| c.is_ascii_digit()) && !cell.is_empty() && cell.len() <= LONGEST;
        word && (names.contains(&text::key(cell).as_str()) || cell.contains("续表"))
    };
    let row = body.rows.iter().find(|&&row| heads(grid.cell(row, key)))?;
    let place = place.at_row(grid.row(*row).number).at_column(grid.column_number(key));
    Some(Problem::new(&rules::HEADER_INSIDE, place).value(text::trim(grid.cell(*row, key))))
}

/// What there is to say of several units over one table.
fn units_differ(units: &[(String, Place)]) -> Option<Problem> {
    let stated = || units.iter().map(|(unit, _)| unit.as_str());
    let (first, at) = units.first()?;
    if unit::stated_once(stated()).is_some() {
        return None;
    }
    let other = units.iter().find(|(unit, _)| text::key(unit) != text::key(first));
    let place = other.map_or(at, |(_, place)| place).clone();
    Some(Problem::new(&rules::UNIT_CHANGES, place).value(stated().collect::<Vec<_>>().join(", ")))
}

/// Says which headers are looked for, and which row comes nearest to them.
fn header_not_found(grid: &Grid, columns: &[Column], place: &Place) -> Problem {
    /// A header is among the first rows.
    const LOOKED_AT: usize = 60;
    /// Labels less like a declared one are not shown: they may be a row of data.
    const LIKE: f64 = 0.5;
    let names: Vec<String> =
        columns.iter().flat_map(|column| &column.headers).map(|header| normalise::name_key(header)).collect();
    let likeness = |label: &normalise::Label| {
        names.iter().map(|name| strsim::normalized_damerau_levenshtein(name, &label.name)).fold(0.0, f64::max)
    };
    let mut nearest: Option<(f64, usize, Vec<String>)> = None;
    for row in 0..grid.len().min(LOOKED_AT) {
        let near: Vec<(f64, String)> = header::labels(grid, row)
            .into_iter()
            .map(|(_, label)| (likeness(&label), label.text))
            .filter(|&(likeness, _)| likeness >= LIKE)
            .collect();
        let score: f64 = near.iter().map(|(likeness, _)| likeness).sum();
        if score > nearest.as_ref().map_or(0.0, |(best, ..)| *best) {
            nearest = Some((score, row, near.into_iter().map(|(_, text)| text).collect()));
        }
    }
    let expected = columns.iter().filter(|column| column.required).filter_map(|column| column.headers.first());
    match nearest {
        Some((_, row, labels)) => Problem::new(&rules::HEADER_NOT_FOUND, place.at_row(grid.row(row).number))
            .value(labels.join(", "))
            .expected(expected),
        None => Problem::new(&rules::HEADER_NOT_FOUND, place.clone()).expected(expected),
    }
}
