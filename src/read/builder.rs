//! From cells in any order to a grid.

use super::context::{Context, Outcome};
use super::grid::{Grid, Merge};
use crate::vocab::Problem;

/// A sheet being read. Cells may come in any order; of two at one place the later counts. Empty cells are not kept: they
/// are put back between others when the grid is made, so formatted but empty areas cost nothing.
pub(super) struct Builder<'a> {
    context: &'a Context<'a>,
    sheet: String,
    text: String,
    cells: Vec<Placed>,
    merges: Vec<Merge>,
    sorted: bool,
}

/// A cell's place, counted from zero, and the end of its text.
#[derive(Clone, Copy)]
struct Placed {
    row: u32,
    column: u32,
    start: u32,
    end: u32,
}

impl<'a> Builder<'a> {
    pub fn new(context: &'a Context<'a>, sheet: impl Into<String>) -> Self {
        Builder {
            context,
            sheet: sheet.into(),
            text: String::new(),
            cells: Vec::new(),
            merges: Vec::new(),
            sorted: true,
        }
    }

    /// Adds a cell at a place counted from zero.
    pub fn push(&mut self, row: u32, column: u32, text: &str) -> Outcome<()> {
        if text.is_empty() {
            return Ok(());
        }
        let limits = self.context.limits;
        if text.len() > limits.cell_bytes {
            return Err(self.over(row, column, "bytes in a cell", limits.cell_bytes));
        }
        if column as usize >= limits.columns {
            return Err(self.over(row, column, "columns", limits.columns));
        }
        if row as usize >= limits.rows {
            return Err(self.over(row, column, "rows", limits.rows));
        }
        if self.cells.len() >= limits.cells {
            return Err(self.over(row, column, "cells", limits.cells));
        }
        let start = self.text.len() as u32;
        self.text.push_str(text);
        let Ok(end) = u32::try_from(self.text.len()) else {
            return Err(self.over(row, column, "bytes of text", u32::MAX as usize));
        };
        self.sorted &= self.cells.last().is_none_or(|last| (last.row, last.column) < (row, column));
        self.cells.push(Placed { row, column, start, end });
        Ok(())
    }

    /// Adds a merged area. One cell is no area.
    pub fn merge(&mut self, merge: Merge) -> Outcome<()> {
        if merge.rows < 2 && merge.columns < 2 {
            return Ok(());
        }
        self.context.within("merged areas", self.merges.len() + 1, self.context.limits.cells)?;
        self.merges.push(merge);
        Ok(())
    }

    /// A finding about a cell, its place counted from zero.
    pub fn at(&self, mut problem: Problem, row: u32, column: u32) -> Problem {
        problem.place.sheet.clone_from(&self.sheet);
        problem.place.row = Some(row.saturating_add(1));
        problem.place.column = Some(column.saturating_add(1));
        problem
    }

    fn over(&self, row: u32, column: u32, what: &str, limit: usize) -> Problem {
        self.at(self.context.over(what, limit), row, column)
    }

    /// Puts the cells into their rows. Row `n` of the grid is row `n + 1` of the sheet, also when rows are missing.
    pub fn finish(mut self) -> Outcome<Grid> {
        if !self.sorted {
            self.cells.sort_by_key(|cell| (cell.row, cell.column));
            // Stable sort: of equal places the last one came last.
            self.cells.reverse();
            self.cells.dedup_by_key(|cell| (cell.row, cell.column));
            self.cells.reverse();
        }
        let mut grid = Grid::new(std::mem::take(&mut self.sheet));
        grid.reserve(self.text.len());
        let mut rows = self.cells.chunk_by(|a, b| a.row == b.row).peekable();
        let mut number = 0;
        while let Some(row) = rows.peek() {
            if row.first().is_some_and(|cell| cell.row == number) {
                self.push_row(&mut grid, row)?;
                rows.next();
            }
            number += 1;
            grid.end_row(number);
        }
        for merge in self.merges {
            grid.push_merge(merge);
        }
        Ok(grid)
    }

    fn push_row(&self, grid: &mut Grid, row: &[Placed]) -> Outcome<()> {
        let limit = self.context.limits.cells;
        let mut next = 0;
        for cell in row {
            while next < cell.column {
                grid.push_cell("");
                next += 1;
            }
            grid.push_cell(self.text.get(cell.start as usize..cell.end as usize).unwrap_or_default());
            next += 1;
        }
        if grid.cell_count() > limit {
            let mut problem = self.context.over("cells", limit);
            problem.place.sheet.clone_from(&grid.sheet);
            return Err(problem);
        }
        Ok(())
    }
}
