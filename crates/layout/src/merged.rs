//! Names that stand once for several rows: merged over them, or left blank below the first, as merged cells are when a workbook is saved
//! as text. Each of the rows has that name. Figures are left as they are, since one that stands for several rows is of none of them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;

use super::table::Table;
use config::source::{Column, Kind, Source};
use read::grid::Grid;
use vocab::{Place, Problem, rules, text};

/// The cells of one column that stand for others below them, in their order.
pub(super) struct Down(Vec<Range<usize>>);

impl Down {
    /// Those that are merged.
    pub(super) fn new(grid: &Grid, column: usize) -> Self {
        let reaching =
            grid.merges().iter().filter(|merge| merge.column == column && merge.columns == 1 && merge.rows > 1);
        Down(reaching.map(|merge| merge.row..merge.row + merge.rows).collect())
    }

    /// The row whose cell covers the one in `row`.
    pub(super) fn origin(&self, row: usize) -> Option<usize> {
        let next = self.0.partition_point(|rows| rows.start < row);
        self.0.get(next.checked_sub(1)?).filter(|rows| rows.contains(&row)).map(|rows| rows.start)
    }
}

/// The names that are left blank below the first, for each of `columns`, which name the rows together and stand from left to right. The
/// last of them is never filled: it tells the rows of a group apart.
pub(super) fn left_blank(grid: &Grid, rows: &[usize], columns: &[usize]) -> BTreeMap<usize, Down> {
    let mut found: BTreeMap<usize, Down> = BTreeMap::new();
    // From right to left: what a column says beside another is known before that is looked at.
    for at in (0..columns.len().saturating_sub(1)).rev() {
        let names = Names { grid, rows, columns, at, found: &found };
        if let Some(down) = names.left_blank() {
            found.insert(columns[at], down);
        }
    }
    found
}

/// One of several columns that name the rows together.
struct Names<'n> {
    grid: &'n Grid,
    rows: &'n [usize],
    columns: &'n [usize],
    at: usize,
    /// What is known of those right of it.
    found: &'n BTreeMap<usize, Down>,
}

impl Names<'_> {
    /// The cells that stand for the blank ones right below, where the table plainly has it so: every name stands once and begins a group,
    /// no group further left begins without one, the rows of a group are told apart by the columns beside, and at least half of the groups
    /// have more than one row. A single name that somebody forgot makes no such table, and what stands below a blank row is no part of one.
    fn left_blank(&self) -> Option<Down> {
        let is_merged = self.grid.merges().iter().any(|merge| merge.column == self.columns[self.at] && merge.rows > 1);
        if is_merged || !self.rows.iter().any(|&row| self.cell(row).is_empty()) {
            return None;
        }
        let mut groups: Vec<Range<usize>> = Vec::new();
        let mut names: HashSet<String> = HashSet::new();
        let mut told: HashSet<Vec<String>> = HashSet::new();
        for &row in self.rows {
            let cell = self.cell(row);
            let begins_further_left =
                || self.columns[..self.at].iter().any(|&column| !self.says(row, column).is_empty());
            let beside = self.beside(row);
            if !cell.is_empty() {
                if begins_further_left() {
                    names.clear();
                }
                if !names.insert(text::key(cell)) {
                    return None;
                }
                groups.push(row..row + 1);
                told.clear();
            } else if groups.last()?.end < row {
                // Behind a blank row, or behind one of these: it belongs to nobody.
                continue;
            } else if begins_further_left() || beside.iter().all(String::is_empty) {
                return None;
            } else {
                groups.last_mut()?.end = row + 1;
            }
            if !told.insert(beside) {
                return None;
            }
        }
        let reaching = groups.iter().filter(|rows| rows.len() > 1).count();
        (reaching * 2 >= groups.len()).then_some(Down(groups))
    }

    fn cell(&self, row: usize) -> &str {
        self.says(row, self.columns[self.at])
    }

    fn says(&self, row: usize, column: usize) -> &str {
        text::trim(self.grid.cell(row, column))
    }

    /// What the columns right of it say of a row.
    fn beside(&self, row: usize) -> Vec<String> {
        let right = self.columns[self.at + 1..].iter();
        let origin = |column: usize| self.found.get(&column).and_then(|down| down.origin(row)).unwrap_or(row);
        right.map(|&column| text::key(self.says(origin(column), column))).collect()
    }
}

/// A note on names that were left blank: the first cell, and how many.
pub(super) fn told(grid: &Grid, (row, column): (usize, usize), heading: &str, count: usize, place: &Place) -> Problem {
    let at = place.at_row(grid.row(row).number).at_column(grid.column_number(column));
    Problem::new(&rules::NAMES_LEFT_BLANK, at).value(format!("{heading} ×{count}"))
}

/// The grid with the names of rows written into each of the rows for which they stand, and notes on those that were left blank.
pub(super) fn filled_down<'g>(
    grid: Cow<'g, Grid>,
    table: &Table,
    source: &Source,
    place: &Place,
) -> (Cow<'g, Grid>, Vec<Problem>) {
    let names = |column: &Column| !matches!(column.kind, Kind::Number | Kind::Date | Kind::Unit);
    let bound = source.columns.iter().zip(&table.bound).filter(|(column, _)| names(column));
    let mut bound: Vec<(usize, &Column)> =
        bound.filter_map(|(column, bound)| Some((bound.column()?, column))).collect();
    bound.sort_by_key(|(index, _)| *index);
    let mut cells: BTreeMap<(usize, usize), &str> = BTreeMap::new();
    for &(column, _) in &bound {
        let down = Down::new(&grid, column);
        cells.extend(filled(&grid, table, column, &down));
    }
    let mut notes = Vec::new();
    for (column, down) in blank_names(&grid, table, source, &bound) {
        let filled: Vec<((usize, usize), &str)> = filled(&grid, table, column, &down).collect();
        let heading = bound.iter().find(|(index, _)| *index == column).and_then(|(_, column)| column.headers.first());
        if let Some(&(first, _)) = filled.first() {
            notes.push(told(&grid, first, heading.map_or("", String::as_str), filled.len(), place));
        }
        cells.extend(filled);
    }
    if cells.is_empty() {
        return (grid, notes);
    }
    let edited = grid.edited(&cells, &BTreeSet::new());
    drop(cells);
    (Cow::Owned(edited), notes)
}

/// The blank cells of the rows for which others stand, with what those say.
fn filled<'g, 'd>(
    grid: &'g Grid,
    table: &'d Table,
    column: usize,
    down: &'d Down,
) -> impl Iterator<Item = ((usize, usize), &'g str)> + use<'g, 'd> {
    let body = table.body.iter().filter_map(move |&row| Some((row, down.origin(row)?)));
    let said = body.map(move |(row, origin)| ((row, column), grid.cell(origin, column)));
    said.filter(move |((row, _), said)| !said.is_empty() && text::trim(grid.cell(*row, column)).is_empty())
}

/// The names that are left blank, of the columns that tell the rows apart. A year that is left blank beside a month is the column's that
/// counts the months: there a blank goes on with the period above.
fn blank_names(grid: &Grid, table: &Table, source: &Source, bound: &[(usize, &Column)]) -> BTreeMap<usize, Down> {
    let tells = |column: &Column| match column.kind {
        Kind::UnitCode => false,
        Kind::Period => table.part_of_year.is_none(),
        _ => source.key.contains(&column.name),
    };
    let columns = bound.iter().filter(|(_, column)| tells(column));
    let columns: Vec<usize> = columns.map(|(index, _)| *index).collect();
    left_blank(grid, &table.body, &columns)
}
