//! Holds what the tables of an export hold against what its definition expects of it: rows, headings, names, periods, totals.
//!
//! It is looked at as it stands, before any figure is turned into another unit: so a total is held against its parts in the digits that
//! are shown, and what nobody declared is seen too.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use super::header;
use super::split::{GROUP, PARENT};
use super::sums::{Sum, add_up};
use super::table::{LaidOut, Table};
use config::source::{Column, Kind, Source};
use config::whole::{Along, Total, Whole};
use read::grid::Grid;
use vocab::number::Symbols;
use vocab::period::{self, Period};
use vocab::{Place, Problem, Said, rules, said, text};

/// One table of an export, as expectations see it.
pub(super) struct Sight<'a> {
    pub(super) grid: &'a Grid,
    pub(super) table: &'a Table,
    pub(super) source: &'a Source,
    /// The file and the sheet.
    place: &'a Place,
    /// Its headings that do not name a time, each with its column.
    pub(super) headings: Vec<(usize, String)>,
    /// The column that names its rows.
    pub(super) names: Option<usize>,
}

/// Adds to each table what is otherwise than expected. An export that must have another number of rows is refused.
pub(super) fn hold(parts: &mut [LaidOut<'_>], source: &Source) {
    let whole = &source.expected.whole;
    if *whole == Whole::default() {
        return;
    }
    let sights: Vec<(usize, Sight<'_>)> =
        parts.iter().enumerate().filter_map(|(at, part)| Some((at, Sight::of(part, source)?))).collect();
    // Where there is no table, it is told why.
    let Some((first, _)) = sights.first() else { return };
    let first = *first;
    let of_all = Seen::of(sights.iter().map(|(_, sight)| sight), whole);
    let mut told: Vec<(usize, Problem)> =
        of_all.unexpected(whole).into_iter().map(|problem| (first, problem)).collect();
    for (at, sight) in &sights {
        told.extend(sight.unexpected(whole).into_iter().map(|problem| (*at, problem)));
    }
    let tables: Vec<usize> = sights.iter().map(|(at, _)| *at).collect();
    let refused = whole.refuses && whole.rows.is_some_and(|rows| !rows.holds(of_all.rows));
    let rows = of_all.rows_problem(whole);
    drop(sights);
    for at in tables {
        let Some(part) = parts.get_mut(at) else { continue };
        part.problems.extend(rows.clone().filter(|_| refused || at == first));
        part.table = part.table.take().filter(|_| !refused);
    }
    for (at, problem) in told {
        if let Some(part) = parts.get_mut(at) {
            part.problems.push(problem);
        }
    }
    parts.iter_mut().for_each(|part| part.problems.sort());
}

/// Whether a column names rows.
fn names_rows(column: &Column) -> bool {
    let kind = matches!(
        column.kind,
        Kind::Text | Kind::Label | Kind::Region | Kind::Park | Kind::Industry | Kind::UnitCode | Kind::Choice(_)
    );
    kind && !column.headers.iter().any(|header| header == GROUP || header == PARENT)
}

/// A heading without what names a time in it; nothing where that is all, or a time stands within its words: these are others in every
/// issue.
fn heading(column: &header::HeaderColumn) -> Option<String> {
    let texts: Vec<&str> = column.lasting().map(|label| label.text.as_str()).collect();
    let heading = texts.join(" / ");
    let added = [GROUP, PARENT].contains(&heading.as_str());
    (!heading.is_empty() && !added && period::find_all(&heading).is_empty()).then_some(heading)
}

/// The lasting headings in these rows, each with its column.
fn headings(grid: &Grid, rows: &Range<usize>) -> Vec<(usize, String)> {
    let columns = header::read(grid, rows.clone()).columns;
    columns.iter().enumerate().filter_map(|(at, column)| Some((at, heading(column)?))).collect()
}

impl<'a> Sight<'a> {
    /// None where there is no table.
    pub(super) fn of(part: &'a LaidOut<'_>, source: &'a Source) -> Option<Sight<'a>> {
        let table = part.table.as_ref()?;
        let declared = source.columns.iter().zip(&table.bound);
        let names = declared.filter(|(column, _)| names_rows(column)).find_map(|(_, bound)| bound.column());
        let headings = headings(&part.grid, &table.header);
        Some(Sight { grid: &part.grid, table, source, place: &part.place, headings, names })
    }

    fn at_row(&self, row: usize) -> Place {
        self.place.at_row(self.grid.row(row).number)
    }

    fn at(&self, row: usize, column: usize) -> Place {
        self.at_row(row).at_column(self.grid.column_number(column))
    }

    /// The columns of figures that are used.
    pub(super) fn numbers(&self) -> Vec<usize> {
        let declared = self.source.columns.iter().zip(&self.table.bound);
        let numbers =
            declared.filter(|(column, _)| column.kind == Kind::Number).filter_map(|(_, bound)| bound.column());
        numbers.chain(self.table.across.iter().map(|across| across.column)).collect()
    }

    /// The names of its rows, as written.
    pub(super) fn rows(&self) -> impl Iterator<Item = (usize, &'a str)> {
        let (grid, names) = (self.grid, self.names);
        let named = self.table.body.iter().filter_map(move |&row| Some((row, text::trim(grid.cell(row, names?)))));
        named.filter(|(_, name)| !name.is_empty())
    }

    /// Its periods, each with the first place of it.
    pub(super) fn periods(&self) -> BTreeMap<Period, Place> {
        let mut found = BTreeMap::new();
        let mut add = |period: Period, place: &dyn Fn() -> Place| {
            found.entry(period).or_insert_with(place);
        };
        let header = self.table.header.start;
        let down = self.source.columns.iter().zip(&self.table.bound);
        let down = down.filter(|(column, _)| column.kind == Kind::Period).find_map(|(_, bound)| bound.column());
        let of_rows = self.table.body.iter().filter_map(|&row| Some((row, self.period_of(row, down?)?)));
        let of_rows: BTreeMap<Period, usize> = of_rows.rev().map(|(row, period)| (period, row)).collect();
        // Rows without a year of their own may name the part of the year over each column.
        let part_of =
            |(column, counted)| move |&row: &usize| (row, Some((text::trim(self.grid.cell(row, column)), counted)));
        let parts: Vec<(usize, Option<(&str, &str)>)> = match self.table.part_of_year.filter(|_| of_rows.is_empty()) {
            Some(part) => self.table.body.iter().map(part_of(part)).collect(),
            None => vec![(header, None)],
        };
        for across in &self.table.across {
            for &(row, part) in &parts {
                if let Some(period) = across.meaning.period(None, part) {
                    add(period, &|| self.at(row, across.column));
                }
            }
            for (&year, &row) in &of_rows {
                if let Some(period) = across.meaning.period(Some(year), None) {
                    add(period, &|| self.at(row, across.column));
                }
            }
        }
        if found.is_empty() {
            found.extend(of_rows.iter().map(|(&period, &row)| (period, self.at(row, down.unwrap_or(0)))));
        }
        if let Some((label, place)) = self.table.stated_period.as_ref().filter(|_| found.is_empty()) {
            found.extend(period::parse(label).ok().map(|period| (period, place.clone())));
        }
        found
    }

    /// The period of a row whose cell in `column` names it, with the part of the year beside it.
    fn period_of(&self, row: usize, column: usize) -> Option<Period> {
        let period = period::parse(text::trim(self.grid.cell(row, column))).ok()?;
        match (self.table.part_of_year, period) {
            (Some((part, counted)), Period::Year(year)) => {
                let cell = text::trim(self.grid.cell(row, part));
                Some(period::parse_part(cell, counted, year).unwrap_or(period))
            }
            _ => Some(period),
        }
    }

    /// What is otherwise than expected in this table alone.
    pub(super) fn unexpected(&self, whole: &Whole) -> Vec<Problem> {
        let mut problems = Vec::new();
        if let Some(unit) = &whole.unit {
            let (said, place) = match &self.table.stated_unit {
                Some((said, place)) => (Some(said), place.clone()),
                None => (None, self.at_row(self.table.header.start)),
            };
            if said.is_none_or(|said| text::key(said) != text::key(unit)) {
                let problem = Problem { value: said.map(Said::words), ..Problem::new(&rules::UNIT_UNEXPECTED, place) };
                problems.push(problem.expected([unit.clone()]));
            }
        }
        if !whole.totals.is_empty() {
            let symbols = self.source.symbols();
            let mut rows: HashMap<String, Vec<usize>> = HashMap::new();
            self.rows().for_each(|(row, name)| rows.entry(text::key(name)).or_default().push(row));
            for total in &whole.totals {
                match total.along {
                    Along::Rows => self.total_row(total, &rows, &symbols, &mut problems),
                    Along::Columns => self.total_column(total, &symbols, &mut problems),
                }
            }
        }
        problems
    }

    /// A row that is the sum of others.
    fn total_row(
        &self,
        total: &Total,
        rows: &HashMap<String, Vec<usize>>,
        symbols: &Symbols,
        problems: &mut Vec<Problem>,
    ) {
        let named = |name: &String| rows.get(&text::key(name)).map(Vec::as_slice).unwrap_or_default();
        let row = match named(&total.name) {
            // It is told that the row is missing.
            [] => return,
            [row] => *row,
            [_, again, ..] => {
                let found = format!("{} ×{}", total.name, named(&total.name).len());
                problems.push(Problem::new(&rules::TOTAL_UNEXPECTED, self.at_row(*again)).value(found));
                return;
            }
        };
        let parts: Vec<usize> = match total.of.as_slice() {
            [] => self.table.body.iter().copied().filter(|&other| other != row).collect(),
            of if of.iter().any(|name| named(name).is_empty()) => return,
            of => of.iter().flat_map(named).copied().collect(),
        };
        let columns = if total.columns.is_empty() { self.numbers() } else { self.columns_of(&total.columns) };
        for column in columns {
            let cells = parts.iter().map(|&part| self.grid.cell(part, column));
            let sum = add_up(self.grid.cell(row, column), cells, total.tolerance, symbols);
            problems.extend(self.wrong(sum, &total.name, row, column));
        }
    }

    /// A column that is the sum of others.
    fn total_column(&self, total: &Total, symbols: &Symbols, problems: &mut Vec<Problem>) {
        let (columns, parts) = (self.columns_of(std::slice::from_ref(&total.name)), self.columns_of(&total.of));
        let [column] = columns[..] else { return };
        if parts.len() < total.of.len() {
            return;
        }
        for &row in &self.table.body {
            let cells = parts.iter().map(|&part| self.grid.cell(row, part));
            let sum = add_up(self.grid.cell(row, column), cells, total.tolerance, symbols);
            problems.extend(self.wrong(sum, &total.name, row, column));
        }
    }

    /// The columns under these headings.
    fn columns_of(&self, headings: &[String]) -> Vec<usize> {
        let wanted: Vec<String> = headings.iter().map(|heading| text::key(heading)).collect();
        let found = self.headings.iter().filter(|(_, heading)| wanted.contains(&text::key(heading)));
        found.map(|(column, _)| *column).collect()
    }

    /// Tells of a total that is not the sum of its parts; figures of single enterprises are not shown.
    fn wrong(&self, sum: Sum, total: &str, row: usize, column: usize) -> Option<Problem> {
        let Sum::Wrong(sum) = sum else { return None };
        let problem = Problem::new(&rules::TOTAL_UNEXPECTED, self.at(row, column));
        if self.source.confidential {
            return Some(problem.value(total));
        }
        Some(problem.value(format!("{total} {}", text::trim(self.grid.cell(row, column)))).expected([sum]))
    }
}

/// What all tables of an export hold together.
struct Seen {
    /// The header of the first table.
    place: Place,
    rows: usize,
    /// As they are compared, with the first place of each.
    headings: Vec<(String, String, Place)>,
    names: BTreeSet<String>,
    periods: BTreeMap<Period, Place>,
}

impl Seen {
    fn of<'s, 'a: 's>(sights: impl Iterator<Item = &'s Sight<'a>>, whole: &Whole) -> Seen {
        let (places, named) = (Place::default(), BTreeSet::new());
        let mut seen = Seen { place: places, rows: 0, headings: Vec::new(), names: named, periods: BTreeMap::new() };
        for (at, sight) in sights.enumerate() {
            let header = sight.table.header.start;
            if at == 0 {
                seen.place = sight.at_row(header);
            }
            seen.rows += sight.table.body.len();
            let headings = sight.headings.iter();
            let headings = headings.map(|(at, text)| (text::key(text), text.clone(), sight.at(header, *at)));
            seen.headings.extend(headings);
            if whole.names_rows() {
                seen.names.extend(sight.rows().map(|(_, name)| text::key(name)));
            }
            if whole.step.is_some() || whole.period_count.is_some() || !whole.periods.is_empty() {
                for (period, place) in sight.periods() {
                    seen.periods.entry(period).or_insert(place);
                }
            }
        }
        seen
    }

    fn rows_problem(&self, whole: &Whole) -> Option<Problem> {
        let rows = whole.rows.filter(|rows| !rows.holds(self.rows))?;
        let rule = if whole.refuses { &rules::ROWS_REFUSED } else { &rules::ROWS_UNEXPECTED };
        let found = self.rows;
        let problem = Problem::new(rule, self.place.clone()).said(said!("{found} 行", "{found} rows"));
        Some(problem.expected([rows.to_string()]))
    }

    /// What is otherwise than expected, but for the number of rows.
    fn unexpected(&self, whole: &Whole) -> Vec<Problem> {
        let mut problems = self.headings_problems(whole);
        let missing = |name: &&String| !self.names.contains(&text::key(name));
        let of_totals = whole.totals.iter().filter(|total| total.along == Along::Rows);
        let wanted =
            whole.labels.iter().chain(of_totals.flat_map(|total| std::iter::once(&total.name).chain(&total.of)));
        let wanted: BTreeSet<&String> = wanted.filter(missing).collect();
        let missing =
            |name: &String| Problem::new(&rules::LABELS_UNEXPECTED, self.place.clone()).expected([name.clone()]);
        problems.extend(wanted.into_iter().map(missing));
        if let Some(count) = whole.label_count.filter(|count| !count.holds(self.names.len())) {
            let found = self.names.len();
            let problem = Problem::new(&rules::LABELS_UNEXPECTED, self.place.clone());
            let problem = problem.said(said!("行名 {found} 个", "{found} names of rows"));
            problems.push(problem.expected([count.to_string()]));
        }
        problems.extend(self.periods_problems(whole));
        problems
    }

    /// Headings that are missing, and those that are new: one problem where one stands for the other.
    fn headings_problems(&self, whole: &Whole) -> Vec<Problem> {
        let of_totals = whole.totals.iter().flat_map(|total| {
            let columns = if total.along == Along::Columns { total.of.as_slice() } else { total.columns.as_slice() };
            let name = (total.along == Along::Columns).then_some(&total.name);
            columns.iter().chain(name)
        });
        let mut wanted: Vec<(String, &String)> = Vec::new();
        for heading in whole.headings.iter().chain(of_totals) {
            let key = text::key(heading);
            if !wanted.iter().any(|(other, _)| *other == key) {
                wanted.push((key, heading));
            }
        }
        let known: BTreeSet<&String> = wanted.iter().map(|(key, _)| key).collect();
        let found: BTreeSet<&String> = self.headings.iter().map(|(key, ..)| key).collect();
        let mut missing = wanted.iter().filter(|(key, _)| !found.contains(key)).map(|(_, heading)| heading);
        let is_new = |(key, ..): &&(String, String, Place)| !whole.headings.is_empty() && !known.contains(key);
        let mut problems = Vec::new();
        for (_, heading, place) in self.headings.iter().filter(is_new) {
            let problem = Problem::new(&rules::HEADINGS_UNEXPECTED, place.clone()).value(heading);
            problems.push(problem.expected(missing.next().map(|heading| heading.as_str())));
        }
        let rest = |heading: &&String| {
            Problem::new(&rules::HEADINGS_UNEXPECTED, self.place.clone()).expected([heading.as_str()])
        };
        problems.extend(missing.map(rest));
        problems
    }

    /// Periods that are missing, and gaps between those that are there.
    fn periods_problems(&self, whole: &Whole) -> Vec<Problem> {
        let rule = &rules::PERIODS_UNEXPECTED;
        let missing = whole.periods.iter().filter(|period| !self.periods.contains_key(period));
        let missing = missing.map(|period| Problem::new(rule, self.place.clone()).expected([period.to_string()]));
        let mut problems: Vec<Problem> = missing.collect();
        if let Some(step) = whole.step {
            let ends = self.periods.iter().map(|(period, place)| (month_of(*period), (period, place)));
            let ends: Vec<(i32, (&Period, &Place))> = ends.collect::<BTreeMap<_, _>>().into_iter().collect();
            for pair in ends.windows(2) {
                let [(before, (last, _)), (after, (period, place))] = pair else { continue };
                if after - before != step.months() {
                    let problem = Problem::new(rule, (*place).clone()).value(format!("{last} … {period}"));
                    problems.push(problem.expected([step.as_str()]));
                }
            }
        }
        if let Some(count) = whole.period_count.filter(|count| !count.holds(self.periods.len())) {
            let found = self.periods.len();
            let problem = Problem::new(rule, self.place.clone()).said(said!("时期 {found} 个", "{found} periods"));
            problems.push(problem.expected([count.to_string()]));
        }
        problems
    }
}

/// The month in which a period ends, counted from year zero.
pub(super) fn month_of(period: Period) -> i32 {
    let last = period.last_day();
    i32::from(last.year()) * 12 + i32::from(last.month())
}
