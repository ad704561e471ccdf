//! Grids of text cells with addresses: what every format becomes.
//!
//! A grid keeps all its text in one buffer and an index of cell ends, so a province's form of half a million cells
//! is three allocations, not half a million. It takes room for what exists, not for the area it spreads over: long runs of
//! empty cells are only counted ([`Gap`]), and a long text that stands in many cells is there once ([`Elsewhere`]).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::BuildHasher;
use std::ops::Range;

use foldhash::fast::FixedState;

/// One sheet as text. Cells are kept as they were, untrimmed; numbers from spreadsheets are written with all their digits (at most
/// 15), as many times larger or smaller as their number format shows them, and with the unit it writes; dates as ISO 8601.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    /// The sheet's name; empty for formats without sheets.
    pub sheet: String,
    text: Texts,
    /// End of each cell's text in `text`.
    cell_ends: Vec<u32>,
    /// One past the last cell of each row, in `cell_ends`.
    row_ends: Vec<u32>,
    /// The address of each row: line or row number, counted from one.
    row_numbers: Vec<u32>,
    /// Runs of empty cells that are not stored, in order.
    gaps: Vec<Gap>,
    /// Empty cells before the next one of the row being built.
    pending: u32,
    /// Cells whose text stands elsewhere, in order.
    elsewhere: Vec<Elsewhere>,
    /// Cells that cover others. The covered cells are empty in the grid: what they mean is for the layout to say.
    merges: Vec<Merge>,
    /// Columns of the sheet before the first one here, in a part that was cut out of a sheet.
    first_column: u32,
}

/// A run of empty cells that is not stored.
#[derive(Debug, Clone, Copy)]
struct Gap {
    /// The stored cell behind it.
    cell: u32,
    /// The column in which that cell stands.
    column: u32,
}

/// A cell whose text stands elsewhere in the buffer.
#[derive(Debug, Clone)]
struct Elsewhere {
    cell: u32,
    text: Range<u32>,
}

/// Texts one behind another, the long ones each once.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    all: String,
    /// Where long texts stand, by their hash.
    long: HashMap<u64, Range<u32>, FixedState>,
}

impl Texts {
    /// Bytes of text held.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// The text in a place.
    #[inline]
    pub fn get(&self, place: &Range<u32>) -> &str {
        self.all.get(place.start as usize..place.end as usize).unwrap_or_default()
    }

    /// Where the text stands: behind all others, if it is short or not there yet.
    pub fn add(&mut self, text: &str) -> Range<u32> {
        let at = self.all.len() as u32;
        let new = at..at + text.len() as u32;
        if text.len() >= SHORTEST_SHARED {
            let hash = FixedState::default().hash_one(text);
            let known = self.long.entry(hash).or_insert_with(|| new.clone()).clone();
            if known != new && self.get(&known) == text {
                return known;
            }
        }
        self.all.push_str(text);
        new
    }
}

/// Fewer empty cells than this are stored: that is quicker, and hardly larger than to count them.
pub const SHORTEST_GAP: u32 = 16;

/// Shorter texts are not looked for among those that are there already.
const SHORTEST_SHARED: usize = 64;

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
        self.text.all.reserve(text);
    }

    /// Appends a cell to the row being built.
    ///
    /// The readers refuse files whose text would outgrow the 32 bits of a cell's end.
    pub fn push_cell(&mut self, cell: &str) {
        if self.pending > 0 {
            self.end_blanks();
        }
        if cell.len() < SHORTEST_SHARED {
            self.text.all.push_str(cell);
            self.end_cell_at(self.text.len());
        } else {
            let place = self.text.add(cell);
            self.push_known(place);
        }
    }

    /// Where the text of the last cell stands.
    pub(super) fn last_place(&self) -> Range<u32> {
        let end = |back: usize| self.cell_ends.len().checked_sub(back).and_then(|at| self.cell_ends.get(at)).copied();
        let last = self.elsewhere.last().filter(|one| one.cell as usize + 1 == self.cell_ends.len());
        last.map_or_else(|| end(2).unwrap_or(0)..end(1).unwrap_or(0), |one| one.text.clone())
    }

    /// Appends a cell whose text is in the buffer.
    pub(super) fn push_known(&mut self, place: Range<u32>) {
        if self.pending > 0 {
            self.end_blanks();
        }
        let before = self.cell_ends.last().copied().unwrap_or(0);
        if place != (before..self.text.len() as u32) {
            self.elsewhere.push(Elsewhere { cell: self.cell_ends.len() as u32, text: place });
        }
        self.end_cell_at(self.text.len());
    }

    /// Appends so many empty cells.
    pub fn push_blanks(&mut self, count: usize) {
        self.pending = self.pending.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
    }

    /// Stores the empty cells that were appended, or counts them.
    fn end_blanks(&mut self) {
        let blanks = std::mem::take(&mut self.pending);
        if blanks < SHORTEST_GAP {
            let end = self.cell_ends.last().copied().unwrap_or(0);
            self.cell_ends.extend(std::iter::repeat_n(end, blanks as usize));
        } else {
            let (cell, column) = (self.cell_ends.len() as u32, self.open_row().len() as u32);
            self.gaps.push(Gap { cell, column: column.saturating_add(blanks) });
        }
    }

    /// The cells of the row being built.
    fn open_row(&self) -> Row<'_> {
        let start = self.row_ends.last().map_or(0, |end| *end as usize);
        self.row_between(start, self.cell_ends.len(), 0)
    }

    /// Adds the rows of a grid that was read from the lines behind this one's.
    pub(super) fn append(&mut self, other: &Grid) {
        let (text, cells) = (self.text.len() as u32, self.cell_ends.len() as u32);
        let line = self.row_numbers.last().copied().unwrap_or(0);
        self.gaps.extend(other.gaps.iter().map(|gap| Gap { cell: gap.cell + cells, ..*gap }));
        let shift = |place: &Range<u32>| place.start + text..place.end + text;
        let moved = other.elsewhere.iter().map(|one| Elsewhere { cell: one.cell + cells, text: shift(&one.text) });
        self.elsewhere.extend(moved);
        self.text.all.push_str(&other.text.all);
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
        self.text.all = text;
    }

    /// Ends the row being built; `number` is its line or row number in the source, counted from one.
    pub fn end_row(&mut self, number: u32) {
        if let Some(blanks) = self.pending.checked_sub(1) {
            // Behind the last run of empty cells one is stored: a row is as long as it says.
            self.pending = blanks;
            self.push_cell("");
        }
        self.row_ends.push(self.cell_ends.len() as u32);
        self.row_numbers.push(number);
    }

    /// Notes that a cell covers others. They are kept in the order of their places.
    pub fn push_merge(&mut self, merge: Merge) {
        let at = self.merges.partition_point(|other| *other <= merge);
        self.merges.insert(at, merge);
    }

    /// Notes all cells that cover others.
    pub(super) fn set_merges(&mut self, mut merges: Vec<Merge>) {
        merges.sort_unstable();
        self.merges = merges;
    }

    /// Cells that cover others, in the order of their places.
    pub fn merges(&self) -> &[Merge] {
        &self.merges
    }

    /// Those that begin in these rows.
    pub fn merges_from(&self, rows: &Range<usize>) -> &[Merge] {
        let at = |row: usize| self.merges.partition_point(|merge| merge.row < row);
        self.merges.get(at(rows.start)..at(rows.end)).unwrap_or_default()
    }

    /// What is covered in these rows, to be asked of many cells.
    pub fn covered(&self, rows: Range<usize>) -> Covered {
        let from = self.merges.partition_point(|merge| merge.row < rows.end);
        let reaching: Vec<&Merge> = self.merges.iter().take(from).filter(|m| m.row + m.rows > rows.start).collect();
        let of_row =
            |row: usize| Covered::row(reaching.iter().copied().filter(|merge| merge.covers(row, merge.column)));
        Covered { by_row: rows.clone().map(of_row).collect(), rows }
    }

    /// The text that a person sees at `row` and `column` (counted from zero): the cell's own, or that of the cell that
    /// covers it. For headers; in a body a covered cell has no value of its own.
    pub fn seen(&self, row: usize, column: usize) -> &str {
        self.seen_in(&self.covered(row..row + 1), row, column)
    }

    /// [`Grid::seen`], where many cells are asked for.
    pub fn seen_in(&self, covered: &Covered, row: usize, column: usize) -> &str {
        match covered.by(row, column) {
            Some(merge) => self.cell(merge.row, merge.column),
            None => self.cell(row, column),
        }
    }

    /// The column's number in the sheet, counted from one: its address for people.
    pub fn column_number(&self, column: usize) -> u32 {
        u32::try_from(column).unwrap_or(u32::MAX).saturating_add(self.first_column).saturating_add(1)
    }

    /// Appends the cells of a row of another grid that stand in these columns.
    pub fn push_cells_of(&mut self, row: Row<'_>, columns: Range<usize>) {
        let columns = columns.start..columns.end.min(row.len());
        let mut next = columns.start;
        for (column, cell) in row.filled_in(columns.clone()) {
            self.push_blanks(column - next);
            self.push_cell(cell);
            next = column + 1;
        }
        self.push_blanks(columns.end.saturating_sub(next));
    }

    /// The part of the sheet in these rows and columns, as a grid of its own. Addresses stay those of the sheet, and so do
    /// merged cells as far as they begin inside.
    #[must_use]
    pub fn cut(&self, rows: Range<usize>, columns: Range<usize>) -> Grid {
        let mut part = Grid::new(self.sheet.clone());
        part.first_column = self.first_column + columns.start as u32;
        for row in (rows.start..rows.end.min(self.len())).map(|row| self.row(row)) {
            part.push_cells_of(row, columns.clone());
            part.end_row(row.number);
        }
        let inside = self.merges_from(&rows).iter().filter(|merge| columns.contains(&merge.column));
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
        let mut edited = Grid::new(self.sheet.clone());
        edited.first_column = self.first_column;
        edited.merges.clone_from(&self.merges);
        for merge in &mut edited.merges {
            merge.rows -= without.range(merge.row..merge.row + merge.rows).count().min(merge.rows - 1);
            merge.row -= without.range(..merge.row).count();
        }
        edited.reserve(self.text.len());
        for index in (0..self.len()).filter(|index| !without.contains(index)) {
            let row = self.row(index);
            let mut next = 0;
            for (&(_, column), text) in cells.range((index, 0)..(index + 1, 0)) {
                edited.push_cells_of(row, next..column);
                edited.push_blanks(column.saturating_sub(next.max(row.len())));
                edited.push_cell(text);
                next = column + 1;
            }
            edited.push_cells_of(row, next..usize::MAX);
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

    /// Number of cells that are stored: those with text, and few empty ones.
    pub fn cell_count(&self) -> usize {
        self.cell_ends.len()
    }

    /// Bytes of text held, for limits and throughput.
    pub fn text_len(&self) -> usize {
        self.text.len()
    }

    /// Where `piece` first stands in a cell: row and column, counted from zero.
    pub fn find(&self, piece: &str) -> Option<(usize, usize)> {
        let at = memchr::memmem::find(self.text.all.as_bytes(), piece.as_bytes())?;
        let cell = self.cell_ends.partition_point(|end| (*end as usize) <= at);
        let row = self.row_ends.partition_point(|end| (*end as usize) <= cell);
        (row < self.len()).then(|| (row, self.row(row).column_of(cell)))
    }

    /// The row at `index` (counted from zero).
    ///
    /// # Panics
    /// If `index` is not below [`Grid::len`].
    #[inline]
    pub fn row(&self, index: usize) -> Row<'_> {
        let start = if index == 0 { 0 } else { self.row_ends[index - 1] as usize };
        self.row_between(start, self.row_ends[index] as usize, self.row_numbers[index])
    }

    #[inline]
    fn row_between(&self, start: usize, end: usize, number: u32) -> Row<'_> {
        let at = |cell: usize| self.gaps.partition_point(|gap| (gap.cell as usize) < cell);
        let gaps = if self.gaps.is_empty() { &[][..] } else { self.gaps.get(at(start)..at(end)).unwrap_or_default() };
        Row { grid: self, start, end, gaps, number }
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

/// Grids are the same if they say the same, however their cells are stored.
impl PartialEq for Grid {
    fn eq(&self, other: &Self) -> bool {
        let is_there_too = (&self.sheet, self.first_column, &self.merges, &self.row_numbers)
            == (&other.sheet, other.first_column, &other.merges, &other.row_numbers);
        is_there_too && self.rows().zip(other.rows()).all(|(row, other)| row.says_as(other))
    }
}

impl Eq for Grid {}

/// Which cells of some rows are covered by others.
#[derive(Debug, Clone)]
pub struct Covered {
    rows: Range<usize>,
    /// For each row the columns that are covered, from left to right, none twice.
    by_row: Vec<Vec<(Range<usize>, Merge)>>,
}

impl Covered {
    /// What covers the cell, if it is in one of the rows: where several do, the first.
    pub fn by(&self, row: usize, column: usize) -> Option<&Merge> {
        let spans = self.by_row.get(row.checked_sub(self.rows.start)?)?;
        let at = spans.partition_point(|(columns, _)| columns.end <= column);
        spans.get(at).filter(|(columns, _)| columns.contains(&column)).map(|(_, merge)| merge)
    }

    /// The columns that are covered in one row, by the areas that reach into it, in their order.
    fn row<'m>(merges: impl Iterator<Item = &'m Merge>) -> Vec<(Range<usize>, Merge)> {
        // What is still free, as runs of columns: each area takes out of it what it covers.
        let mut free: BTreeMap<usize, usize> = BTreeMap::from([(0, usize::MAX)]);
        let mut spans = Vec::new();
        for merge in merges {
            let (from, to) = (merge.column, merge.column.saturating_add(merge.columns));
            while let Some((&start, &end)) = free.range(..to).next_back().filter(|(_, end)| **end > from) {
                free.remove(&start);
                if start < from {
                    free.insert(start, from);
                }
                if end > to {
                    free.insert(to, end);
                }
                spans.push((start.max(from)..end.min(to), *merge));
            }
        }
        spans.sort_unstable_by_key(|(columns, _)| columns.start);
        spans
    }
}

/// One row of a [`Grid`].
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    grid: &'a Grid,
    start: usize,
    end: usize,
    gaps: &'a [Gap],
    /// Line or row number in the source, counted from one.
    pub number: u32,
}

impl<'a> Row<'a> {
    /// Number of cells.
    pub fn len(&self) -> usize {
        match self.gaps.last() {
            Some(gap) => gap.column as usize + self.end - gap.cell as usize,
            None => self.end - self.start,
        }
    }

    /// Whether the row has no cells.
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// The cell at `column` (counted from zero), or `""` past the end of the row.
    #[inline]
    pub fn cell(&self, column: usize) -> &'a str {
        if !self.gaps.is_empty() {
            return self.index_of(column).map_or("", |index| self.text(index));
        }
        let index = self.start + column;
        if index >= self.end { "" } else { self.text(index) }
    }

    /// The stored cell at `column`; none in a gap.
    fn index_of(&self, column: usize) -> Option<usize> {
        let behind = self.gaps.partition_point(|gap| gap.column as usize <= column);
        let index = match behind.checked_sub(1).and_then(|at| self.gaps.get(at)) {
            Some(gap) => gap.cell as usize + column - gap.column as usize,
            None => self.start + column,
        };
        let until = self.gaps.get(behind).map_or(self.end, |gap| gap.cell as usize);
        (index < until).then_some(index)
    }

    /// The column of a stored cell.
    #[inline]
    fn column_of(&self, index: usize) -> usize {
        if self.gaps.is_empty() {
            return index - self.start;
        }
        let behind = self.gaps.partition_point(|gap| gap.cell as usize <= index);
        match behind.checked_sub(1).and_then(|at| self.gaps.get(at)) {
            Some(gap) => gap.column as usize + index - gap.cell as usize,
            None => index - self.start,
        }
    }

    /// The text of a stored cell.
    #[inline]
    fn text(&self, index: usize) -> &'a str {
        let ends = &self.grid.cell_ends;
        let from = if index == 0 { 0 } else { ends[index - 1] as usize };
        let to = ends[index] as usize;
        if from == to && !self.grid.elsewhere.is_empty() {
            return self.text_elsewhere(index);
        }
        &self.grid.text.all[from..to]
    }

    fn text_elsewhere(&self, index: usize) -> &'a str {
        let all = &self.grid.elsewhere;
        let place = all.binary_search_by_key(&index, |one| one.cell as usize).ok().and_then(|at| all.get(at));
        place.map_or("", |one| self.grid.text.get(&one.text))
    }

    /// All cells in order, the empty ones too.
    pub fn cells(self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).map(move |column| self.cell(column))
    }

    /// The cells that hold something, each with its column (counted from zero): as much work as there are such cells, however
    /// wide the row is.
    #[inline]
    pub fn filled(self) -> impl Iterator<Item = (usize, &'a str)> {
        self.filled_in(0..usize::MAX)
    }

    /// Those of them that stand in these columns.
    #[inline]
    pub fn filled_in(self, columns: Range<usize>) -> impl Iterator<Item = (usize, &'a str)> {
        let from = (self.start..self.end).len();
        let first =
            if columns.start == 0 { 0 } else { partition(from, |at| self.column_of(self.start + at) < columns.start) };
        let stored = (self.start + first..self.end).map(move |index| (self.column_of(index), self.text(index)));
        stored.take_while(move |(column, _)| *column < columns.end).filter(|(_, cell)| !cell.is_empty())
    }

    /// Whether another row says the same, cell for cell.
    pub fn says_as(self, other: Row<'_>) -> bool {
        self.len() == other.len() && self.filled().eq(other.filled())
    }

    /// Whether every cell is blank (white space of any script counts as blank).
    pub fn is_blank(&self) -> bool {
        let is_blank = |text: &str| text.chars().all(|c| c.is_whitespace() || c == '\u{feff}');
        let from = if self.start == 0 { 0 } else { self.grid.cell_ends[self.start - 1] as usize };
        let to = if self.end == 0 { 0 } else { self.grid.cell_ends[self.end - 1] as usize };
        let elsewhere = &self.grid.elsewhere;
        is_blank(&self.grid.text.all[from..to])
            && (elsewhere.is_empty() || {
                let at = |cell: usize| elsewhere.partition_point(|one| (one.cell as usize) < cell);
                (at(self.start)..at(self.end)).all(|at| is_blank(self.text(elsewhere[at].cell as usize)))
            })
    }
}

/// How many of the first numbers below `len` are `before`, all of these standing in front of the others.
fn partition(len: usize, before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle) { low = middle + 1 } else { high = middle }
    }
    low
}
