//! Tables whose values stand across: one fact for each row and column.

use std::collections::{BTreeMap, BTreeSet};

use super::cells;
use super::claims::{Claims, OfRow};
use super::columns::RowColumns;
use super::findings::Findings;
use super::plausible::Watch;
use config::source::{Across, Source};
use layout::{AcrossColumn, Meaning, Table};
use read::grid::Grid;
use vocab::frame::{Frame, TextColumn, Values};
use vocab::period::{Period, Quarter};
use vocab::rules::Rule;
use vocab::scalars::Scalars;
use vocab::unit::Unit;
use vocab::{Place, Problem, number, rules};

/// A table with everything that is known of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sheet<'a> {
    pub(super) grid: &'a Grid,
    pub(super) table: &'a Table,
    pub(super) source: &'a Source,
    pub(super) claims: &'a Claims<'a>,
    /// The file and the sheet.
    pub(super) place: &'a Place,
}

/// A value and its unit; none in a heading among rows that state their units.
type Measured = (Option<i64>, Option<&'static Unit>);

/// The position of a range among those of the definition, and of a column among those that stand across.
type Group = (usize, usize);

/// Facts of a table whose values stand across, one after another.
#[derive(Default)]
struct Stacked {
    /// The body row of each.
    positions: Vec<usize>,
    values: Scalars<i64>,
    units: TextColumn,
    periods: TextColumn,
    quarters: Scalars<i64>,
    indicators: TextColumn,
    columns: Scalars<i64>,
    /// What each is held against.
    groups: Vec<Option<Group>>,
}

impl Stacked {
    fn push(
        &mut self,
        (position, row_period, part): (usize, Option<Period>, Option<(&str, &str)>),
        column: u32,
        across: &AcrossColumn,
        (value, unit): Measured,
        claims: &Claims<'_>,
    ) {
        self.positions.push(position);
        self.values.push(value);
        self.units.push(unit.map(|unit| unit.dimension.canonical()));
        self.columns.push(Some(i64::from(column)));
        if let Meaning::Indicator { name } = &across.meaning {
            self.indicators.push(Some(claims.series_name(name)));
            return;
        }
        self.indicators.push(across.group.as_deref().map(|group| claims.series_name(group)));
        let period = across.meaning.period(row_period, part);
        self.periods.push(period.map(|period| period.to_string()).as_deref());
        let quarter = period.and_then(Period::quarter_end);
        self.quarters.push(quarter.map(Quarter::column));
    }

    /// Takes back every value of these groups.
    fn clear(&mut self, groups: &BTreeSet<Group>) {
        for (at, group) in self.groups.iter().enumerate() {
            if group.is_some_and(|group| groups.contains(&group)) {
                self.values.set(at, None);
            }
        }
    }
}

/// What leaves the unit of a whole column open.
static OPEN: [&Rule; 4] =
    [&rules::UNIT_MISSING, &rules::UNIT_NOT_FOR_COLUMN, &rules::UNIT_CHANGES, &rules::UNIT_UNKNOWN];

/// What a cell gives.
enum Given {
    Fact(Measured),
    /// Nothing: the unit of its whole column is open.
    Open(Problem),
}

/// Facts of a table whose values stand across: one for each row and across column.
pub(super) fn facts(
    sheet: Sheet<'_>,
    rows: RowColumns<'_>,
    kept: &[usize],
    findings: &mut Findings,
    bad: &mut [Vec<&'static str>],
) -> Frame {
    let Sheet { grid, table, source, claims, place } = sheet;
    let mut stacked = Stacked::default();
    let mut ranges = Ranges::new(sheet);
    let mut open = OpenColumns::default();
    for &position in kept {
        let row = grid.row(table.body[position]);
        let of_row = ranges.of_series(rows.series(position));
        let row_period = rows.period_of(position);
        let part = table.part_of_year.map(|(column, counted)| (row.cell(column), counted));
        let given = match claims.of_row(rows.units(position), &place.at_row(row.number)) {
            Ok(unit) => given(sheet, &rows, position, unit, |index| ranges.of(of_row, index)),
            Err(problem) => Err(vec![problem]),
        };
        let cells = match given {
            Ok(cells) => cells,
            Err(problems) => {
                bad[position].extend(problems.iter().map(|problem| problem.rule.code));
                bad[position].sort_unstable();
                bad[position].dedup();
                findings.extend(problems);
                continue;
            }
        };
        for (index, (across, given)) in table.across.iter().zip(cells).enumerate() {
            let (value, unit) = match given {
                Given::Fact(measured) => measured,
                Given::Open(problem) => {
                    open.add(index, problem, row.cell(across.column), claims);
                    continue;
                }
            };
            let column = table.column_number(across.column);
            let group = ranges.of(of_row, index).map(|range| (range, index));
            let at = || place.at_row(row.number).at_column(column);
            let plausible = value.filter(|&value| {
                group.is_none_or(|group| ranges.holds(group, value, at, row.cell(across.column), findings))
            });
            stacked.groups.push(group);
            stacked.push((position, row_period, part), column, across, (plausible, unit), claims);
        }
    }
    findings.extend(open.told());
    stacked.clear(&ranges.settle(sheet, findings));
    let Stacked { positions, values, units, periods, quarters, indicators, columns, groups: _ } = stacked;
    let facts = rows.into_facts(&positions, claims);
    let facts = match source.layout.across {
        Across::Period => {
            let facts = facts.without(&["quarter"]);
            let facts = facts.with("period", Values::Text(periods)).with("quarter", Values::Int(quarters));
            // Only groups over the same periods have names.
            let grouped = table.across.iter().any(|across| across.group.is_some());
            if grouped { facts.with("indicator", Values::Text(indicators)) } else { facts }
        }
        _ if source.rows_name_series() => facts,
        _ => facts.with("indicator", Values::Text(indicators)),
    };
    facts
        .with(source.value_name.clone(), Values::Int(values))
        .with("unit", Values::Text(units))
        .with("source_column", Values::Int(columns))
}

/// What each cell of a row gives.
///
/// # Errors
/// What is wrong with the row. A column whose unit is open is no fault of the row, unless nothing else is in it.
fn given(
    sheet: Sheet<'_>,
    rows: &RowColumns<'_>,
    position: usize,
    unit: OfRow,
    range: impl Fn(usize) -> Option<usize>,
) -> Result<Vec<Given>, Vec<Problem>> {
    let Sheet { grid, table, place, .. } = sheet;
    let (mut cells, mut problems) = (Vec::with_capacity(table.across.len()), Vec::new());
    let row_period = rows.period_of(position);
    for (index, across) in table.across.iter().enumerate() {
        let number = grid.row(table.body[position]).number;
        let place = place.at_row(number).at_column(table.column_number(across.column));
        if matches!(across.meaning, Meaning::PartOfYear(_)) && across.meaning.period(row_period, None).is_none() {
            problems.push(Problem::new(&rules::DATE_UNREADABLE, place).value(across.label.clone()));
            continue;
        }
        match measured(sheet, rows, position, (index, unit), &place, range(index)) {
            Ok(given) => cells.push(given),
            Err(problem) => problems.push(problem),
        }
    }
    let is_open = |given: &Given| matches!(given, Given::Open(_));
    if problems.is_empty() && !cells.is_empty() && cells.iter().all(is_open) {
        let open = |given| if let Given::Open(problem) = given { Some(problem) } else { None };
        problems.extend(cells.drain(..).filter_map(open));
    }
    if problems.is_empty() { Ok(cells) } else { Err(problems) }
}

/// One cell with its unit, which must be of the kind that the range at `range` is for.
fn measured(
    sheet: Sheet<'_>,
    rows: &RowColumns<'_>,
    position: usize,
    (index, of_row): (usize, OfRow),
    place: &Place,
    range: Option<usize>,
) -> Result<Given, Problem> {
    let Sheet { grid, table, source, claims, .. } = sheet;
    let across = &table.across[index];
    let cell = grid.cell(table.body[position], across.column);
    let is_off = rows.period_of(position).is_some_and(|period| across.is_off(period));
    if is_off && !cells::is_missing(cell, claims.symbols()) {
        return Ok(Given::Open(Problem::new(&rules::PERIOD_OFF_FREQUENCY, place.clone()).value(across.label.clone())));
    }
    let said = match claims.of_heading(index) {
        Ok(column) => claims.across_unit(across, column, of_row, place),
        Err(problem) => return Ok(Given::Open(problem.clone())),
    };
    let unit = match said {
        Err(problem) if problem.rule == &rules::UNIT_MISSING && rows.measures_nothing(position, cell) => {
            return Ok(Given::Fact((None, None)));
        }
        Err(problem) if OPEN.contains(&problem.rule) => match number::sign(cell, claims.symbols()) {
            // The cell says it itself: `8.3%`.
            Some(unit) => unit,
            None => return Ok(Given::Open(problem)),
        },
        said => said?,
    };
    if let Some(range) = range.map(|range| &source.expected.ranges[range])
        && !range.takes(unit)
    {
        let problem = Problem::new(&rules::SERIES_UNIT_DIFFERS, place.clone()).value(unit.name);
        return Err(problem.expected([range.unit.name]));
    }
    let value = cells::number(cell, claims.symbols(), unit);
    let value = value.map_err(|rule| cells::number_problem(rule, place, cell, unit, source.confidential))?;
    Ok(Given::Fact((value, Some(unit))))
}

/// Columns whose unit nobody knows, with the figures in them: they are set aside, and the others count.
#[derive(Default)]
struct OpenColumns {
    /// By the position of the column: what is wrong with the first figure, and how many there are.
    columns: BTreeMap<usize, (Problem, u64)>,
}

impl OpenColumns {
    fn add(&mut self, index: usize, problem: Problem, cell: &str, claims: &Claims<'_>) {
        if !cells::is_missing(cell, claims.symbols()) {
            self.columns.entry(index).or_insert((problem, 0)).1 += 1;
        }
    }

    /// One problem for each column.
    fn told(self) -> impl Iterator<Item = Problem> {
        self.columns.into_values().map(|(problem, figures)| problem.times(figures))
    }
}

/// The ranges of a table's values, by series and column.
struct Ranges<'a> {
    source: &'a Source,
    /// Of each column that stands across, where it is a series.
    of_columns: Vec<Option<usize>>,
    /// Of all other values.
    of_rest: Option<usize>,
    /// What came of each group so far, with the number of plausible values.
    groups: BTreeMap<Group, (Watch<'a>, u64)>,
}

impl<'a> Ranges<'a> {
    fn new(sheet: Sheet<'a>) -> Self {
        let Sheet { table, source, claims, .. } = sheet;
        let mut ranges = Ranges { source, of_columns: Vec::new(), of_rest: None, groups: BTreeMap::new() };
        ranges.of_rest = ranges.of_series(Some(&source.value_name));
        let columns = table.across.iter().map(|across| match &across.meaning {
            Meaning::Indicator { name } => ranges.of_series(Some(claims.series_name(name))),
            Meaning::Period(_) | Meaning::PartOfYear(_) => {
                across.group.as_deref().and_then(|group| ranges.of_series(Some(claims.series_name(group))))
            }
        });
        ranges.of_columns = columns.collect();
        ranges
    }

    fn of_series(&self, name: Option<&str>) -> Option<usize> {
        let name = name?;
        self.source.expected.ranges.iter().position(|range| range.of == name)
    }

    /// The range of a value in the column at `index`, in a row of the series with the range `of_row`.
    fn of(&self, of_row: Option<usize>, index: usize) -> Option<usize> {
        of_row.or(self.of_columns[index]).or(self.of_rest)
    }

    /// Whether a value is plausible; what is not is taken note of.
    fn holds(&mut self, group: Group, value: i64, at: impl FnOnce() -> Place, cell: &str, findings: &Findings) -> bool {
        let source = self.source;
        let new = || (Watch::new(&source.expected.ranges[group.0], findings), 0);
        let (watch, inside) = self.groups.entry(group).or_insert_with(new);
        let holds = watch.holds(value);
        match holds {
            true => *inside += 1,
            false => watch.set_aside(value, at, (!source.confidential).then_some(cell)),
        }
        holds
    }

    /// Tells what came of all values; gives the groups that are set aside as a whole.
    fn settle(self, sheet: Sheet<'_>, findings: &mut Findings) -> BTreeSet<Group> {
        let mut cleared = BTreeSet::new();
        let mut all: BTreeMap<usize, (Watch<'a>, u64)> = BTreeMap::new();
        for ((range, _), (watch, inside)) in &self.groups {
            let new = || (Watch::new(&self.source.expected.ranges[*range], findings), 0);
            let (whole, plausible) = all.entry(*range).or_insert_with(new);
            whole.count(watch);
            *plausible += inside;
        }
        for (range, (whole, inside)) in all {
            if whole.settle(inside, sheet.place, findings) {
                cleared.extend(self.groups.keys().filter(|(of, _)| *of == range));
            }
        }
        for (group, (watch, inside)) in
            self.groups.into_iter().filter(|(group, _)| !cleared.contains(group)).collect::<Vec<_>>()
        {
            let column = Some(sheet.table.column_number(sheet.table.across[group.1].column));
            if watch.settle(inside, &Place { column, ..sheet.place.clone() }, findings) {
                cleared.insert(group);
            }
        }
        cleared
    }
}
