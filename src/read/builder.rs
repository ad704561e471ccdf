//! From cells in any order to a grid.

use super::context::{Context, Outcome};
use super::grid::{Grid, Merge};
use crate::vocab::Problem;
use crate::vocab::rules::{FORMULA_WITHOUT_VALUE, HIDDEN_SHEET};

/// A sheet being read. Cells may come in any order, but not two with different texts at one place. Empty cells are not
/// kept: they are put back between others when the grid is made, so formatted but empty areas cost nothing.
pub(super) struct Builder<'a> {
    context: &'a Context<'a>,
    sheet: String,
    text: String,
    cells: Vec<Placed>,
    merges: Vec<Merge>,
    sorted: bool,
    /// Place of the first formula without a value, and how many there are.
    formulas: Option<(u32, u32, usize)>,
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
            formulas: None,
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
        // A cell's end is kept in 32 bits, whatever is configured.
        let most = limits.inflated_bytes.min(u32::MAX as usize);
        if text.len() > most - self.text.len() {
            return Err(self.over(row, column, "bytes of text", most));
        }
        let start = self.text.len() as u32;
        self.text.push_str(text);
        let end = self.text.len() as u32;
        self.sorted &= self.cells.last().is_none_or(|last| (last.row, last.column) < (row, column));
        self.cells.push(Placed { row, column, start, end });
        Ok(())
    }

    /// Refuses rows from `row` on that go beyond the limit, before they are made one by one.
    pub fn within_rows(&self, row: u32, rows: u32) -> Outcome<()> {
        let limit = self.context.limits.rows;
        if (row as usize).saturating_add(rows as usize) > limit {
            Err(self.over(row, 0, "rows", limit))
        } else {
            Ok(())
        }
    }

    /// Adds a formula that was saved without its value. It stays visible as the formula: an empty cell would say that
    /// the value is missing, and it is not.
    pub fn push_formula(&mut self, row: u32, column: u32, formula: &str) -> Outcome<()> {
        let (_, _, count) = self.formulas.get_or_insert((row, column, 0));
        *count += 1;
        let formula = formula.trim().trim_start_matches('=');
        let formula = if formula.is_empty() { "?" } else { formula };
        self.push(row, column, &format!("={formula}"))
    }

    /// What there is to say of the sheet apart from its cells.
    pub fn findings(&self) -> Option<Problem> {
        let (row, column, count) = self.formulas?;
        let value = format!("cells like this in the sheet: {count}");
        Some(self.at(self.context.problem(&FORMULA_WITHOUT_VALUE).value(value), row, column))
    }

    /// Adds a merged area. One cell is no area.
    pub fn merge(&mut self, merge: Merge) -> Outcome<()> {
        if merge.rows < 2 && merge.columns < 2 {
            return Ok(());
        }
        /// No author merges this often.
        const MOST: usize = 1 << 18;
        self.context.within("merged areas", self.merges.len() + 1, self.context.limits.cells.min(MOST))?;
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
            self.check_places()?;
            self.cells.dedup_by_key(|cell| (cell.row, cell.column));
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

    /// Refuses a sheet in which two cells stand at one place, if they differ.
    fn check_places(&self) -> Outcome<()> {
        let text = |cell: &Placed| self.text.get(cell.start as usize..cell.end as usize);
        let twice =
            self.cells.array_windows().find(|[a, b]| (a.row, a.column) == (b.row, b.column) && text(a) != text(b));
        match twice {
            Some([cell, _]) => Err(self.at(self.context.damaged("two cells stand here"), cell.row, cell.column)),
            None => Ok(()),
        }
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

/// What all sheets of a workbook hold together: each may be within the limits, and a thousand of them fill the memory.
pub(super) struct Total<'a> {
    context: &'a Context<'a>,
    cells: usize,
    text: usize,
}

impl<'a> Total<'a> {
    pub fn new(context: &'a Context<'a>) -> Self {
        Total { context, cells: 0, text: 0 }
    }

    /// Counts a sheet; an empty row counts as a cell.
    pub fn add(&mut self, grid: &Grid) -> Outcome<()> {
        let limits = self.context.limits;
        self.cells += grid.cell_count() + grid.len();
        self.text += grid.text_len();
        self.context.within("cells and rows in all sheets", self.cells, limits.cells.saturating_mul(2))?;
        self.context.within("bytes of text in all sheets", self.text, limits.inflated_bytes)
    }
}

/// The note that a hidden sheet was read, if there is anything in it.
pub(super) fn hidden(context: &Context<'_>, grid: &Grid) -> Option<Problem> {
    let mut problem = context.problem(&HIDDEN_SHEET);
    problem.place.sheet.clone_from(&grid.sheet);
    (grid.text_len() > 0).then_some(problem)
}
