//! Names that are merged over several rows: each of the rows has that name. Figures are left as they are, since one that
//! stands for several rows is of none of them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Table;
use crate::config::source::{Column, Kind};
use crate::read::grid::Grid;
use crate::vocab::text;

/// The cells of one column that reach down over others, in their order.
pub(super) struct Down(Vec<Range<usize>>);

impl Down {
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

/// The grid with the names of rows written into each of the rows they are merged over.
pub(super) fn filled_down<'g>(grid: Cow<'g, Grid>, table: &Table, columns: &[Column]) -> Cow<'g, Grid> {
    let names = |column: &Column| !matches!(column.kind, Kind::Number | Kind::Date | Kind::Unit);
    let bound = columns.iter().zip(&table.bound).filter(|(column, _)| names(column));
    let mut cells: BTreeMap<(usize, usize), &str> = BTreeMap::new();
    for column in bound.filter_map(|(_, bound)| bound.column()) {
        let down = Down::new(&grid, column);
        let body = table.body.iter().filter_map(|&row| Some((row, down.origin(row)?)));
        let said = body.map(|(row, origin)| (row, grid.cell(origin, column)));
        let new = said.filter(|(row, said)| !said.is_empty() && text::trim(grid.cell(*row, column)).is_empty());
        cells.extend(new.map(|(row, said)| ((row, column), said)));
    }
    if cells.is_empty() {
        return grid;
    }
    let edited = grid.edited(&cells, &BTreeSet::new());
    drop(cells);
    Cow::Owned(edited)
}
