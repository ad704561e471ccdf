//! Figures that stand where none are looked for: over a table, in its headings or its notes, beside it, or in a part of the file that
//! is left out. They are told with their place and their number, so that no table that is cut wrongly loses any in silence.

use std::ops::Range;

use super::body::Body;
use super::header::Header;
use super::labels::{is_column_numbers, labels};
use super::parts::Part;
use super::preamble::Preamble;
use read::grid::Grid;
use vocab::number::{Symbols, is_figure};
use vocab::period::{self, Refusal};
use vocab::{Place, Problem, Said, rules, said, text};

/// Figures around a table. `place` is its header's.
pub(super) fn around(grid: &Grid, header: &Header, preamble: &Preamble, body: &Body, place: &Place) -> Vec<Problem> {
    let symbols = Symbols::default();
    let figures = |row: usize| {
        let filled = grid.row(row).filled().filter(|(_, cell)| is_figure(cell, &symbols));
        filled.map(move |(column, cell)| (row, column, text::trim(cell)))
    };
    let is_time = |cell: &str| matches!(period::parse(cell), Ok(_) | Err(Refusal::OneDigitAfterPoint));
    let is_numbered = |row: usize| is_column_numbers(labels(grid, row).into_iter());
    // Codes of items have few digits.
    let is_mark = |cell: &str| cell.len() <= 4 && cell.bytes().all(|byte| byte.is_ascii_digit());
    let is_said = |row: usize, cell: &str| {
        preamble.entries.iter().any(|entry| entry.row == row && text::trim(&entry.value) == cell)
    };
    let over = (0..header.rows.start).flat_map(figures).filter(|&(row, _, cell)| !is_said(row, cell));
    let headings = header.rows.clone().filter(|&row| !is_numbered(row)).flat_map(figures);
    let notes = body.notes.iter().copied().flat_map(figures);
    let found = [
        (Where::Over, over.filter(|(.., cell)| !is_time(cell)).collect::<Vec<_>>()),
        (Where::Headings, headings.filter(|(.., cell)| !is_time(cell) && !is_mark(cell)).collect()),
        (Where::Notes, notes.collect()),
    ];
    let told = found.iter().filter_map(|(found, cells)| {
        let &(row, column, _) = cells.first()?;
        Some(told(grid, (row, column), found.holds(cells.len()), place))
    });
    told.collect()
}

/// Figures in rows of data behind the last heading, which is in column `width` counted from one.
pub(super) fn beside(grid: &Grid, rows: &[usize], width: usize, place: &Place) -> Option<Problem> {
    let symbols = Symbols::default();
    // Hardly any row has something behind the last heading.
    let mut figures = rows.iter().filter(|&&row| grid.row(row).len() > width).flat_map(|&row| {
        let filled = grid.row(row).filled_in(width..usize::MAX).filter(|(_, cell)| is_figure(cell, &symbols));
        filled.map(move |(column, _)| (row, column))
    });
    let first = figures.next()?;
    Some(told(grid, first, Where::Beside.holds(1 + figures.count()), place))
}

/// Where figures stand that nobody looks for.
#[derive(Clone, Copy)]
enum Where {
    Over,
    Headings,
    Notes,
    Beside,
    LeftOut,
}

impl Where {
    /// So many figures there.
    fn holds(self, count: usize) -> Said {
        match self {
            Where::Over => said!("表头之上有 {count} 个数字", "{count} figures over the table"),
            Where::Headings => said!("表头中有 {count} 个数字", "{count} figures in its headings"),
            Where::Notes => said!("表下说明中有 {count} 个数字", "{count} figures in its notes"),
            Where::Beside => said!("表格右侧有 {count} 个数字", "{count} figures beside it"),
            Where::LeftOut => said!("未采用的部分有 {count} 个数字", "{count} figures in a part that is left out"),
        }
    }
}

/// Figures of which the first stands there.
fn told(grid: &Grid, (row, column): (usize, usize), found: Said, place: &Place) -> Problem {
    let at = place.at_row(grid.row(row).number).at_column(grid.column_number(column));
    Problem::new(&rules::FIGURES_OUTSIDE, at).said(found)
}

/// Figures of a sheet that no part of it holds.
pub(super) fn apart(grid: &Grid, parts: &[Part], place: &Place) -> Option<Problem> {
    let symbols = Symbols::default();
    let figures = |rows: Range<usize>, columns: Range<usize>| {
        let of_row =
            move |row: usize| grid.row(row).filled_in(columns.clone()).map(move |(column, cell)| (row, column, cell));
        rows.flat_map(of_row).filter(|(.., cell)| is_figure(cell, &symbols)).map(|(row, column, _)| (row, column))
    };
    let held: usize = parts.iter().map(|part| figures(part.rows.clone(), part.columns.clone()).count()).sum();
    let all = figures(0..grid.len(), 0..usize::MAX).count();
    let is_held = |(row, column): &(usize, usize)| {
        parts.iter().any(|part| part.rows.contains(row) && part.columns.contains(column))
    };
    // Which one it is is only looked for where there is one.
    let count = all.checked_sub(held).filter(|count| *count > 0)?;
    let first = figures(0..grid.len(), 0..usize::MAX).find(|figure| !is_held(figure))?;
    Some(told(grid, first, Where::LeftOut.holds(count), place))
}

/// Figures of a part that does not hold the declared table.
pub(super) fn left_out(grid: &Grid, place: &Place) -> Option<Problem> {
    let symbols = Symbols::default();
    let mut figures = (0..grid.len()).flat_map(|row| {
        let filled = grid.row(row).filled().filter(|(_, cell)| is_figure(cell, &symbols));
        filled.map(move |(column, _)| (row, column))
    });
    let first = figures.next()?;
    Some(told(grid, first, Where::LeftOut.holds(1 + figures.count()), place))
}
