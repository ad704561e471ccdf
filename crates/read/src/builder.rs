//! From cells in any order to a grid.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::FixedState;

use super::context::{Context, Outcome};
use super::grid::{Grid, Merge, Texts};
use super::limits::Counted;
use vocab::rules::{FORMULA_WITHOUT_VALUE, HIDDEN_SHEET};
use vocab::{Problem, said};

/// A sheet being read. Cells may come in any order, but not two with different texts at one place. Empty cells are not
/// kept: formatted but empty areas cost nothing.
///
/// Cells nearly always come in order, and then go straight into the grid.
pub(super) struct Builder<'a> {
    context: &'a Context<'a>,
    grid: Grid,
    merges: Vec<Merge>,
    /// The place of the next cell in the grid, while all have come in order.
    next: (u32, u32),
    /// Cells that are not all in order, and their text.
    placed: Option<(Vec<Placed>, Texts)>,
    /// Where texts that many cells refer to stand, by their number.
    shared: HashMap<usize, Range<u32>, FixedState>,
    count: usize,
    /// Bytes of text in all cells, each as long as it is seen.
    seen: usize,
    /// What cells take up that are not written, but stand for others.
    repeated: usize,
    /// Place of the first formula without a value, and how many there are.
    formulas: Option<(u32, u32, usize)>,
}

/// A cell's place, counted from zero, and where its text is.
struct Placed {
    row: u32,
    column: u32,
    text: Range<u32>,
}

impl<'a> Builder<'a> {
    pub fn new(context: &'a Context<'a>, sheet: impl Into<String>) -> Self {
        Builder {
            context,
            grid: Grid::new(sheet),
            merges: Vec::new(),
            next: (0, 0),
            placed: None,
            shared: HashMap::default(),
            count: 0,
            seen: 0,
            repeated: 0,
            formulas: None,
        }
    }

    /// Adds a cell at a place counted from zero.
    pub fn push(&mut self, row: u32, column: u32, text: &str) -> Outcome<()> {
        if text.is_empty() {
            return Ok(());
        }
        self.count(row, column, text)?;
        match &mut self.placed {
            Some((cells, all)) => cells.push(Placed { row, column, text: all.add(text) }),
            None => {
                self.go_to(row, column);
                self.grid.push_cell(text);
            }
        }
        self.within_cells()
    }

    /// Adds a cell that refers to a text by its number: the text is held once, and not even looked at again.
    pub fn push_shared(&mut self, row: u32, column: u32, number: usize, text: &str) -> Outcome<()> {
        /// Shorter ones are as soon copied.
        const SHORT: usize = 64;
        if text.len() < SHORT || self.placed.is_some() || (row, column) < self.next {
            return self.push(row, column, text);
        }
        self.count(row, column, text)?;
        self.go_to(row, column);
        match self.shared.get(&number) {
            Some(place) => self.grid.push_known(place.clone()),
            None => {
                self.grid.push_cell(text);
                self.shared.insert(number, self.grid.last_place());
            }
        }
        self.within_cells()
    }

    /// Counts a cell, if it is within the limits.
    fn count(&mut self, row: u32, column: u32, text: &str) -> Outcome<()> {
        let limits = self.context.limits;
        if text.len() > limits.cell_bytes {
            return Err(self.over(row, column, Counted::CellBytes, limits.cell_bytes));
        }
        if column as usize >= limits.columns {
            return Err(self.over(row, column, Counted::Columns, limits.columns));
        }
        if row as usize >= limits.rows {
            return Err(self.over(row, column, Counted::Rows, limits.rows));
        }
        if self.count >= limits.cells {
            return Err(self.over(row, column, Counted::Cells, limits.cells));
        }
        // A cell's end is kept in 32 bits, whatever is configured. A text counts in each cell in which it is seen: what comes
        // after reading looks at it there.
        let most = limits.inflated_bytes.min(u32::MAX as usize);
        if text.len() > most - self.seen {
            return Err(self.over(row, column, Counted::TextBytes, most));
        }
        self.count += 1;
        self.seen += text.len();
        if self.placed.is_none() && (row, column) < self.next {
            self.placed = Some(self.take_apart());
        }
        Ok(())
    }

    /// Goes to a place behind all cells so far, for the next one.
    fn go_to(&mut self, row: u32, column: u32) {
        while self.next.0 < row {
            self.next = (self.next.0 + 1, 0);
            // Row `n` of the grid is row `n + 1` of the sheet, also when rows are missing.
            self.grid.end_row(self.next.0);
        }
        self.grid.push_blanks((column - self.next.1) as usize);
        self.next.1 = column + 1;
    }

    fn within_cells(&self) -> Outcome<()> {
        let limit = self.context.limits.cells;
        if self.grid.cell_count() > limit {
            let mut problem = self.context.over(Counted::Cells, limit);
            problem.place.sheet.clone_from(&self.grid.sheet);
            return Err(problem);
        }
        Ok(())
    }

    /// The cells of the grid, out of it.
    fn take_apart(&mut self) -> (Vec<Placed>, Texts) {
        // The last row is still open.
        self.grid.end_row(self.next.0 + 1);
        let empty = Grid::new(self.grid.sheet.clone());
        let grid = std::mem::replace(&mut self.grid, empty);
        let (mut cells, mut text) = (Vec::with_capacity(self.count), Texts::default());
        for (row, cells_of_row) in (0..).zip(grid.rows()) {
            let placed =
                cells_of_row.filled().map(|(column, cell)| Placed { row, column: column as u32, text: text.add(cell) });
            cells.extend(placed);
        }
        (cells, text)
    }

    /// Refuses rows from `row` on that go beyond the limit, before they are made one by one.
    pub fn within_rows(&self, row: u32, rows: u32) -> Outcome<()> {
        let limit = self.context.limits.rows;
        if (row as usize).saturating_add(rows as usize) > limit {
            Err(self.over(row, 0, Counted::Rows, limit))
        } else {
            Ok(())
        }
    }

    /// Counts cells that stand for several; a part of `len` bytes may hold only so many that it does not write.
    pub fn repeat(&mut self, cells: usize, times: u32, len: usize) -> Outcome<()> {
        /// What a cell takes up to be found, read and used.
        const BYTES: usize = 64;
        let more = cells.saturating_mul((times as usize).saturating_sub(1));
        self.repeated = self.repeated.saturating_add(more.saturating_mul(BYTES));
        self.context.expanded(self.repeated, len)
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
        let found = said!("该工作表中此类单元格共 {count} 个", "cells like this in the sheet: {count}");
        Some(self.at(self.context.problem(&FORMULA_WITHOUT_VALUE).said(found), row, column))
    }

    /// Adds a merged area. One cell is no area.
    pub fn merge(&mut self, merge: Merge) -> Outcome<()> {
        if merge.rows < 2 && merge.columns < 2 {
            return Ok(());
        }
        /// No author merges this often.
        const MOST: usize = 1 << 18;
        self.context.within(Counted::MergedAreas, self.merges.len() + 1, self.context.limits.cells.min(MOST))?;
        self.merges.push(merge);
        Ok(())
    }

    /// A finding about a cell, its place counted from zero.
    pub fn at(&self, mut problem: Problem, row: u32, column: u32) -> Problem {
        problem.place.sheet.clone_from(&self.grid.sheet);
        problem.place.row = Some(row.saturating_add(1));
        problem.place.column = Some(column.saturating_add(1));
        problem
    }

    fn over(&self, row: u32, column: u32, what: Counted, limit: usize) -> Problem {
        self.at(self.context.over(what, limit), row, column)
    }

    /// The grid; cells that came in no order are put into theirs first.
    pub fn finish(mut self) -> Outcome<Grid> {
        if let Some((mut cells, text)) = self.placed.take() {
            cells.sort_by_key(|cell| (cell.row, cell.column));
            self.check_places(&cells, &text)?;
            cells.dedup_by_key(|cell| (cell.row, cell.column));
            self.next = (0, 0);
            self.grid.reserve(text.len());
            for cell in cells {
                self.go_to(cell.row, cell.column);
                self.grid.push_cell(text.get(&cell.text));
                self.within_cells()?;
            }
        }
        if self.count > 0 {
            self.grid.end_row(self.next.0 + 1);
        }
        self.grid.set_merges(self.merges);
        Ok(self.grid)
    }

    /// Refuses a sheet in which two cells stand at one place, if they differ.
    fn check_places(&self, cells: &[Placed], text: &Texts) -> Outcome<()> {
        let differ = |a: &Placed, b: &Placed| text.get(&a.text) != text.get(&b.text);
        match cells.array_windows().find(|[a, b]| (a.row, a.column) == (b.row, b.column) && differ(a, b)) {
            Some([cell, _]) => {
                let what = said!("此处有两个单元格", "two cells stand here");
                Err(self.at(self.context.damaged(what), cell.row, cell.column))
            }
            None => Ok(()),
        }
    }
}

/// What all sheets of a workbook hold together: each may be within the limits, and a thousand of them fill the memory.
pub(super) struct Total<'a> {
    context: &'a Context<'a>,
    cells: usize,
    rows: usize,
    text: usize,
}

impl<'a> Total<'a> {
    pub fn new(context: &'a Context<'a>) -> Self {
        Total { context, cells: 0, rows: 0, text: 0 }
    }

    /// Counts a sheet; blank rows between others count as rows.
    pub fn add(&mut self, grid: &Grid) -> Outcome<()> {
        let limits = self.context.limits;
        self.cells += grid.cell_count();
        self.rows += grid.len();
        self.text += grid.text_len();
        self.context.within(Counted::CellsInAllSheets, self.cells, limits.cells.saturating_mul(2))?;
        self.context.within(Counted::RowsInAllSheets, self.rows, limits.rows.saturating_mul(2))?;
        self.context.within(Counted::TextBytesInAllSheets, self.text, limits.inflated_bytes)
    }
}

/// The note that a hidden sheet was read, if there is anything in it.
pub(super) fn hidden(context: &Context<'_>, grid: &Grid) -> Option<Problem> {
    let mut problem = context.problem(&HIDDEN_SHEET);
    problem.place.sheet.clone_from(&grid.sheet);
    (grid.text_len() > 0).then_some(problem)
}
