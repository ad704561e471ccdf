//! The strips of a sheet: columns that belong together, with tables one under another.
//!
//! A sheet may have thousands of columns and a million rows, and two cells in its corners. So everything is counted once for
//! each cell that holds something, and a column is judged by what was counted.

use std::collections::HashSet;
use std::hash::BuildHasher;
use std::ops::Range;

use foldhash::fast::FixedState;

use super::shape::{Kind, Kinds, Shape};
use super::why::Reason;
use read::grid::Grid;
use vocab::text;
use vocab::unit::Own;

/// Fewer labels, or rows with figures, than this are a remark.
const FEWEST: usize = 3;

/// Headings are among the first rows.
const LOOKED_AT: usize = 256;

/// No sheet has more tables beside one another: what stands further to the right belongs to the last.
const MOST: usize = 128;

/// What stands in one column.
#[derive(Clone, Default)]
struct Column {
    filled: usize,
    figures: usize,
    periods: usize,
    /// Rows of texts and periods.
    labels: Vec<u32>,
    /// In how many rows something that may name the row stands left of a figure.
    names: usize,
    /// The first rows with figures.
    figured: Few,
}

/// Up to [`FEWEST`] different rows: whether there are so many is all that is asked.
#[derive(Clone, Copy, Default)]
struct Few {
    rows: [usize; FEWEST],
    count: usize,
}

impl Few {
    fn add(&mut self, row: usize) {
        if self.count < FEWEST && !self.rows[..self.count].contains(&row) {
            self.rows[self.count] = row;
            self.count += 1;
        }
    }

    fn add_all(&mut self, other: &Few) {
        other.rows[..other.count].iter().for_each(|&row| self.add(row));
    }
}

/// Columns that belong together.
pub(super) struct Strip {
    pub(super) columns: Range<usize>,
    /// Those of them that hold its tables, without a few figures alone at the right, behind an empty column.
    pub(super) tables: Range<usize>,
    /// Why it begins where it does.
    pub(super) reason: Reason,
}

/// The search for the strips of a sheet, from left to right.
pub(super) struct Strips<'a> {
    grid: &'a Grid,
    kinds: &'a Kinds<'a>,
    columns: Vec<Column>,
    /// For each column how many rows have figures to the right of it, up to [`FEWEST`].
    figured_right: Vec<usize>,
    /// The first column of the strip at hand, its labels, and the rows with figures between it and the column at hand.
    left: usize,
    labels: HashSet<u64, FixedState>,
    figured: Few,
    /// For each of the first rows, once it was looked at: the key of the strip at hand in it, if it is a row of headings.
    heading: Vec<Option<Option<u64>>>,
}

impl<'a> Strips<'a> {
    pub(super) fn new(grid: &'a Grid, kinds: &'a Kinds<'a>) -> Self {
        let mut columns = vec![Column::default(); grid.width()];
        for row in 0..kinds.len() {
            let cells = || kinds.filled(row, &(0..usize::MAX));
            let last_figure = cells().filter(|&(_, kind)| kind == Kind::Figure).last().map_or(0, |(at, _)| at);
            for (at, kind) in cells() {
                let Some(column) = columns.get_mut(at) else { continue };
                column.filled += 1;
                column.periods += usize::from(kind.may_be_time());
                column.names += usize::from(at < last_figure && (kind == Kind::Text || kind.may_be_time()));
                if kind == Kind::Figure {
                    column.figures += 1;
                    column.figured.add(row);
                }
                if matches!(kind, Kind::Text | Kind::Period) {
                    column.labels.push(row as u32);
                }
            }
        }
        let mut right = Few::default();
        let mut figured_right = vec![0; columns.len()];
        for (count, column) in figured_right.iter_mut().zip(&columns).rev() {
            *count = right.count;
            right.add_all(&column.figured);
        }
        let (labels, figured, heading) = Default::default();
        Strips { grid, kinds, columns, figured_right, left: 0, labels, figured, heading }
    }

    /// The strips, of which there is at least one.
    pub(super) fn find(mut self) -> Vec<Strip> {
        let width = self.columns.len();
        // A sheet may begin further to the right.
        let first = self.columns.iter().position(|column| column.filled > 0).unwrap_or(0);
        let mut starts = vec![(first, Reason::OneStrip)];
        self.start_at(first);
        for column in first + 1..width {
            let begins = if starts.len() < MOST { self.begins(column) } else { None };
            if let Some(reason) = begins {
                starts.push((column, reason));
                self.start_at(column);
            } else {
                self.figured.add_all(&self.columns[column].figured);
            }
        }
        let ends = starts.iter().skip(1).map(|&(start, _)| start).chain([width]);
        let strips = starts.iter().zip(ends);
        let strip = |(&(start, reason), end)| Strip { columns: start..end, tables: self.tables(start..end), reason };
        strips.map(strip).collect()
    }

    /// The columns of a strip without the last ones that stand behind an empty one and hold fewer figures than a table, and nothing
    /// else.
    fn tables(&self, columns: Range<usize>) -> Range<usize> {
        let within = self.columns.get(columns.clone()).unwrap_or_default();
        let (mut end, mut figures) = (columns.end, 0);
        for (at, column) in columns.clone().zip(within).rev() {
            figures += column.figures;
            if figures >= FEWEST || column.figures < column.filled {
                break;
            }
            if column.filled == 0 && figures > 0 {
                end = at;
            }
        }
        columns.start..end
    }

    fn start_at(&mut self, column: usize) {
        self.left = column;
        self.labels = self.labels_of(column);
        self.figured = Few::default();
        self.heading = vec![None; self.kinds.len().min(LOOKED_AT)];
    }

    /// Why a strip begins at `column`: it holds labels as the strip to the left does, or periods behind a blank column, and
    /// figures stand to the left and to the right of it. None where none begins.
    fn begins(&mut self, column: usize) -> Option<Reason> {
        if self.counts_again(column) {
            return Some(Reason::HeadingAgain);
        }
        let here = &self.columns[column];
        // An empty column has a heading like the others, and names no row.
        if here.figures * 3 > here.filled || here.names == 0 {
            return None;
        }
        let (left, right) = (self.figured.count, self.figured_right[column]);
        // A list may name a place twice; only figures between them make two tables of it.
        if left == 0 || right == 0 {
            return None;
        }
        let after_blank = self.columns[column - 1].filled == 0;
        let times = after_blank && here.periods >= FEWEST && here.periods * 3 >= here.filled * 2;
        if self.is_other_side(column) {
            return Some(Reason::HeadingAgain);
        }
        let enough = left >= FEWEST && right >= FEWEST;
        if enough && times {
            Some(Reason::PeriodsApart)
        } else if enough && self.repeats(column) {
            Some(Reason::LabelsAgain)
        } else {
            // The second half of a list, beside the first: other rows under the same heading.
            self.heads_again(column).then_some(Reason::HeadingAgain)
        }
    }

    /// Whether the headings of the strip to the left begin again with the numbers of its rows: `序号,指标,数值,序号,指标,数值`.
    fn counts_again(&self, column: usize) -> bool {
        let (left, right) = (self.figured.count, self.figured_right[column]);
        if left == 0 || right == 0 || column < self.left + 2 {
            return false;
        }
        let mut rows =
            self.heading_rows(column).filter(|&row| Own::of(self.grid.cell(row, column)) == Some(Own::Number));
        rows.any(|row| self.says_again(row, column, 0) && self.says_again(row, column, 1))
    }

    /// The first rows in which a column holds a text or a period.
    fn heading_rows(&self, column: usize) -> impl Iterator<Item = usize> {
        self.columns[column].labels.iter().map(|&row| row as usize).take_while(|&row| row < LOOKED_AT)
    }

    /// Whether so many columns behind `column` a row says what it says as many behind the first one of the strip to the left.
    fn says_again(&self, row: usize, column: usize, behind: usize) -> bool {
        let here = text::key(self.grid.cell(row, column + behind));
        !here.is_empty() && here == text::key(self.grid.cell(row, self.left + behind))
    }

    /// Whether a column names the rows of the other side of a balance: over the columns to its right, up to the last one, stands what
    /// stands over those between it and the names to the left (`收入项目,决算数,支出项目,决算数`).
    fn is_other_side(&self, column: usize) -> bool {
        let width = column - self.left;
        if width < 2 || column + width != self.columns.len() {
            return false;
        }
        let is_text = |row: usize, column: usize| self.kinds.at(row, column) == Kind::Text;
        let mut rows = self.heading_rows(column).filter(|&row| is_text(row, column) && is_text(row, self.left));
        rows.any(|row| (1..width).all(|behind| self.says_again(row, column, behind)))
    }

    /// Whether the labels of a column are those of the strip to the left.
    fn repeats(&self, column: usize) -> bool {
        if self.columns[column].labels.len() < FEWEST {
            return false;
        }
        let labels = self.labels_of(column);
        let own = labels.iter().filter(|label| self.labels.contains(label)).count();
        labels.len() >= FEWEST && own * 2 >= labels.len()
    }

    /// The labels of a column, as they are compared.
    fn labels_of(&self, column: usize) -> HashSet<u64, FixedState> {
        let rows = self.columns.get(column).map(|column| column.labels.as_slice()).unwrap_or_default();
        rows.iter().map(|&row| self.label(row as usize, column)).collect()
    }

    fn label(&self, row: usize, column: usize) -> u64 {
        /// What is longer is told apart by its beginning.
        const LONGEST: usize = 1024;
        let cell = self.grid.cell(row, column);
        FixedState::default().hash_one(text::key(&cell[..cell.floor_char_boundary(LONGEST)]))
    }

    /// Whether a row of headings says at `column` what it says over the key of the strip to the left.
    fn heads_again(&mut self, column: usize) -> bool {
        let texts: Vec<usize> =
            self.heading_rows(column).filter(|&row| self.kinds.at(row, column) == Kind::Text).collect();
        texts.into_iter().any(|row| self.key_in(row, column) == Some(self.label(row, column)))
    }

    /// The key over the names of the strip to the left in a row of headings; none if it stands at `column` itself, or nothing is over them.
    fn key_in(&mut self, row: usize, column: usize) -> Option<u64> {
        let (first, _) = self.kinds.filled(row, &(self.left..column)).next()?;
        if let Some(Some(known)) = self.heading.get(row) {
            return *known;
        }
        // Under a corner that reaches down stand headings of figures, the same ones under each of several groups.
        let names = (self.left..column).find(|&at| self.columns[at].filled > 0);
        let is_heading = || self.kinds.shape(row, &(self.left..self.columns.len())) == Shape::Labels;
        let key = (Some(first) == names && is_heading()).then(|| self.label(row, first));
        if let Some(heading) = self.heading.get_mut(row) {
            *heading = Some(key);
        }
        key
    }
}
