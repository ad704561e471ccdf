//! Grids of text cells with addresses: what every format becomes.
//!
//! A grid keeps all its text in one buffer and an index of cell ends, so a province's form of half a million cells
//! is three allocations, not half a million.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// One sheet as text. Cells are kept as they were, untrimmed; numbers from spreadsheets are written as a person sees
/// them with "General" format (at most 15 significant digits), dates as ISO 8601.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grid {
    /// The sheet's name; empty for formats without sheets.
    pub sheet: String,
    text: String,
    /// End of each cell's text in `text`.
    cell_ends: Vec<u32>,
    /// One past the last cell of each row, in `cell_ends`.
    row_ends: Vec<u32>,
    /// The address of each row: line or row number, counted from one.
    row_numbers: Vec<u32>,
    /// Cells that cover others. The covered cells are empty in the grid: what they mean is for the layout to say.
    merges: Vec<Merge>,
    /// Columns of the sheet before the first one here, in a part that was cut out of a sheet.
    first_column: u32,
}

/// A cell that covers others, as its author merged them. Counted from zero, as in [`Grid::cell`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Merge {
    /// Row of the upper left cell, which holds the text.
    pub row: usize,
    /// Column of the upper left cell.
    pub column: usize,
    /// Rows covered, itself included.
    pub rows: usize,
    /// Columns covered, itself included.
    pub columns: usize,
}

impl Merge {
    /// Whether the cell at `row` and `column` is covered.
    pub fn covers(&self, row: usize, column: usize) -> bool {
        let inside = |at: usize, from: usize, len: usize| at >= from && at - from < len;
        inside(row, self.row, self.rows) && inside(column, self.column, self.columns)
    }
}

impl Grid {
    /// An empty grid.
    pub fn new(sheet: impl Into<String>) -> Self {
        Grid { sheet: sheet.into(), ..Grid::default() }
    }

    /// Makes room for `text` bytes more of text.
    pub fn reserve(&mut self, text: usize) {
        self.text.reserve(text);
    }

    /// Appends a cell to the row being built.
    ///
    /// The readers refuse files whose text would outgrow the 32 bits of a cell's end.
    pub fn push_cell(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.end_cell_at(self.text.len());
    }

    /// Adds the rows of a grid that was read from the lines behind this one's.
    pub(super) fn append(&mut self, other: &Grid) {
        let (text, cells) = (self.text.len() as u32, self.cell_ends.len() as u32);
        let line = self.row_numbers.last().copied().unwrap_or(0);
        self.text.push_str(&other.text);
        self.cell_ends.extend(other.cell_ends.iter().map(|end| end + text));
        self.row_ends.extend(other.row_ends.iter().map(|end| end + cells));
        self.row_numbers.extend(other.row_numbers.iter().map(|number| number + line));
    }

    /// Appends a cell whose text ends there in the text of all cells, which [`Grid::set_text`] may give later.
    pub(super) fn end_cell_at(&mut self, end: usize) {
        self.cell_ends.push(end as u32);
    }

    /// Gives the grid the text that its cells were ended in.
    pub(super) fn set_text(&mut self, text: String) {
        self.text = text;
    }

    /// Ends the row being built; `number` is its line or row number in the source, counted from one.
    pub fn end_row(&mut self, number: u32) {
        self.row_ends.push(self.cell_ends.len() as u32);
        self.row_numbers.push(number);
    }

    /// Notes that a cell covers others.
    pub fn push_merge(&mut self, merge: Merge) {
        self.merges.push(merge);
    }

    /// Cells that cover others, in no particular order.
    pub fn merges(&self) -> &[Merge] {
        &self.merges
    }

    /// The text that a person sees at `row` and `column` (counted from zero): the cell's own, or that of the cell that
    /// covers it. For headers; in a body a covered cell has no value of its own.
    pub fn seen(&self, row: usize, column: usize) -> &str {
        match self.merges.iter().find(|merge| merge.covers(row, column)) {
            Some(merge) => self.cell(merge.row, merge.column),
            None => self.cell(row, column),
        }
    }

    /// The column's number in the sheet, counted from one: its address for people.
    pub fn column_number(&self, column: usize) -> u32 {
        u32::try_from(column).unwrap_or(u32::MAX).saturating_add(self.first_column).saturating_add(1)
    }

    /// The part of the sheet in these rows and columns, as a grid of its own. Addresses stay those of the sheet, and so do
    /// merged cells as far as they begin inside.
    #[must_use]
    pub fn cut(&self, rows: Range<usize>, columns: Range<usize>) -> Grid {
        let mut part = Grid::new(self.sheet.clone());
        part.first_column = self.first_column + columns.start as u32;
        for row in rows.clone().filter(|&row| row < self.len()).map(|row| self.row(row)) {
            for column in columns.start..columns.end.min(row.len()) {
                part.push_cell(row.cell(column));
            }
            part.end_row(row.number);
        }
        let inside = self.merges.iter().filter(|merge| rows.contains(&merge.row) && columns.contains(&merge.column));
        part.merges = inside
            .map(|merge| Merge {
                row: merge.row - rows.start,
                column: merge.column - columns.start,
                rows: merge.rows.min(rows.end - merge.row),
                columns: merge.columns.min(columns.end - merge.column),
            })
            .collect();
        part
    }

    /// The grid with other texts in some cells and without some rows; both counted from zero. Rows keep their numbers, and
    /// a row is made longer where a text stands behind its end.
    #[must_use]
    pub fn edited(&self, cells: &BTreeMap<(usize, usize), &str>, without: &BTreeSet<usize>) -> Grid {
        let (text, cell_ends, row_ends, row_numbers) = Default::default();
        let mut merges = self.merges.clone();
        for merge in &mut merges {
            merge.rows -= without.range(merge.row..merge.row + merge.rows).count().min(merge.rows - 1);
            merge.row -= without.range(..merge.row).count();
        }
        let mut edited = Grid { text, cell_ends, row_ends, row_numbers, merges, ..self.clone() };
        edited.reserve(self.text.len());
        for index in (0..self.len()).filter(|index| !without.contains(index)) {
            let row = self.row(index);
            let last = cells.range((index, 0)..(index + 1, 0)).next_back().map_or(0, |(&(_, column), _)| column + 1);
            for column in 0..row.len().max(last) {
                edited.push_cell(cells.get(&(index, column)).copied().unwrap_or_else(|| row.cell(column)));
            }
            edited.end_row(row.number);
        }
        edited
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.row_ends.len()
    }

    /// Number of columns of the widest row.
    pub fn width(&self) -> usize {
        self.rows().map(|row| row.len()).max().unwrap_or(0)
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.row_ends.is_empty()
    }

    /// Number of cells.
    pub fn cell_count(&self) -> usize {
        self.cell_ends.len()
    }

    /// Bytes of text held, for limits and throughput.
    pub fn text_len(&self) -> usize {
        self.text.len()
    }

    /// Where `piece` first stands in a cell: row and column, counted from zero.
    pub fn find(&self, piece: &str) -> Option<(usize, usize)> {
        let at = memchr::memmem::find(self.text.as_bytes(), piece.as_bytes())?;
        let cell = self.cell_ends.partition_point(|end| (*end as usize) <= at);
        let row = self.row_ends.partition_point(|end| (*end as usize) <= cell);
        let first = row.checked_sub(1).and_then(|before| self.row_ends.get(before)).map_or(0, |end| *end as usize);
        Some((row, cell - first))
    }

    /// The row at `index` (counted from zero).
    ///
    /// # Panics
    /// If `index` is not below [`Grid::len`].
    pub fn row(&self, index: usize) -> Row<'_> {
        let start = if index == 0 { 0 } else { self.row_ends[index - 1] as usize };
        Row { grid: self, start, end: self.row_ends[index] as usize, number: self.row_numbers[index] }
    }

    /// All rows in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        (0..self.len()).map(|index| self.row(index))
    }

    /// The text at `row` and `column` (counted from zero), or `""` outside the grid.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        if row < self.len() { self.row(row).cell(column) } else { "" }
    }
}

/// One row of a [`Grid`].
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    grid: &'a Grid,
    start: usize,
    end: usize,
    /// Line or row number in the source, counted from one.
    pub number: u32,
}

impl<'a> Row<'a> {
    /// Number of cells.
    pub fn len(&self) -> usize {
        self.end - self.start
    }

    /// Whether the row has no cells.
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// The cell at `column` (counted from zero), or `""` past the end of the row.
    #[inline]
    pub fn cell(&self, column: usize) -> &'a str {
        let index = self.start + column;
        if index >= self.end {
            return "";
        }
        let from = if index == 0 { 0 } else { self.grid.cell_ends[index - 1] as usize };
        &self.grid.text[from..self.grid.cell_ends[index] as usize]
    }

    /// All cells in order.
    pub fn cells(self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).map(move |column| self.cell(column))
    }

    /// Whether every cell is blank (white space of any script counts as blank).
    pub fn is_blank(&self) -> bool {
        let from = if self.start == 0 { 0 } else { self.grid.cell_ends[self.start - 1] as usize };
        let to = if self.end == 0 { 0 } else { self.grid.cell_ends[self.end - 1] as usize };
        self.grid.text[from..to].chars().all(|c| c.is_whitespace() || c == '\u{feff}')
    }
}
