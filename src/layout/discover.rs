//! What a grid shows without a declaration: for `inspect`, and for drafts of source definitions.

use std::ops::Range;

use super::header::{self, Header};
use super::{bind, body, normalise, preamble};
use crate::config::source::Across;
use crate::read::grid::Grid;
use crate::vocab::number::{self, Cell, Symbols};
use crate::vocab::period::{self, Period};
use crate::vocab::{Place, codes, text};

/// What was found in a grid. Everything here is a guess for a person to check.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Discovery {
    /// The title.
    pub caption: Option<String>,
    /// The `key：value` lines.
    pub preamble: Vec<super::PreambleEntry>,
    /// The unit stated over the table, as written.
    pub unit: Option<String>,
    /// The period stated over the table, as written.
    pub period: Option<String>,
    /// The header rows; empty where none was found.
    pub header: Range<usize>,
    /// The first row of data.
    pub first_body: Option<usize>,
    /// How many rows of data there are.
    pub body: usize,
    /// How many rows of notes there are.
    pub notes: usize,
    /// The columns, from left to right; those without header and values are left out.
    pub columns: Vec<FoundColumn>,
    /// Whether periods or indicators stand across.
    pub across: Option<Across>,
    /// The column whose rows are periods, if time runs down.
    pub periods_down: Option<usize>,
}

/// One column that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundColumn {
    /// The column of the grid, counted from zero.
    pub column: usize,
    /// Its labels from top to bottom.
    pub labels: Vec<String>,
    /// The period its labels name.
    pub period: Option<Period>,
    /// The unit in its labels, normalised.
    pub unit: Option<String>,
    /// What its cells look like.
    pub guess: Guess,
}

/// What the cells of a column look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Guess {
    /// Nothing stands in it.
    Empty,
    /// Numbers.
    Number,
    /// Codes of enterprises.
    UnitCode,
    /// Codes of four digits under a header that speaks of an industry.
    Industry,
    /// Codes of six digits that may be regions.
    Region,
    /// Days, months, quarters or years.
    Period,
    /// Text.
    Text,
}

/// A header is looked for in this many rows.
const SEARCHED: usize = 60;

/// The most rows a header has here.
const MOST_ROWS: usize = 6;

/// Columns are judged by this many rows.
const SAMPLE: usize = 200;

/// Says what can be seen in `grid`.
pub fn discover(grid: &Grid) -> Discovery {
    let Some(rows) = header_rows(grid) else {
        let preamble = preamble::read(grid, grid.len().min(SEARCHED), &Place::default());
        return Discovery { caption: preamble.caption, preamble: preamble.entries, ..Discovery::default() };
    };
    let header = header::read(grid, rows);
    let preamble = preamble::read(grid, header.rows.start, &Place::default());
    let body = body::split(grid, &header);
    let columns: Vec<FoundColumn> = (0..header.columns.len())
        .map(|column| found_column(grid, &header, &body.rows, column))
        .filter(|column| !column.labels.is_empty() || column.guess != Guess::Empty)
        .collect();
    let periods = columns.iter().filter(|column| column.period.is_some()).count();
    let periods_down = columns.iter().find(|column| column.guess == Guess::Period).map(|column| column.column);
    let across = if periods * 2 >= columns.len() && periods > 0 {
        Some(Across::Period)
    } else if periods_down == Some(0) && columns.iter().skip(1).all(|column| column.guess == Guess::Number) {
        Some(Across::Indicator)
    } else {
        None
    };
    Discovery {
        caption: preamble.caption,
        preamble: preamble.entries,
        unit: preamble.units.into_iter().next().map(|(unit, _)| unit),
        period: preamble.period.map(|(period, _)| period),
        header: header.rows,
        first_body: body.rows.first().copied(),
        body: body.rows.len(),
        notes: body.notes,
        columns,
        across,
        periods_down,
    }
}

/// How a row looks to somebody who searches for a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Blank.
    Blank,
    /// One text, or `key：value` pairs.
    Line,
    /// Several labels and no figure.
    Labels,
    /// Figures.
    Figures,
}

/// The header rows: the labels right over the first row of figures, or the widest early row where there are none.
fn header_rows(grid: &Grid) -> Option<Range<usize>> {
    let searched = grid.len().min(SEARCHED);
    let shapes: Vec<Shape> = (0..searched).map(|row| shape(grid, row)).collect();
    let figures = shapes.iter().position(|&shape| shape == Shape::Figures);
    if let Some(end) = figures {
        let height = shapes[..end].iter().rev().take(MOST_ROWS).take_while(|&&shape| shape == Shape::Labels).count();
        if height > 0 {
            // Lists whose first rows hold no figure look like a tall header: their first row is it.
            let start = end - height;
            let tall = height == MOST_ROWS;
            return Some(if tall { first_labels(&shapes)? } else { start..end });
        }
    }
    first_labels(&shapes)
}

/// The first row of several labels.
fn first_labels(shapes: &[Shape]) -> Option<Range<usize>> {
    let start = shapes.iter().position(|&shape| shape == Shape::Labels)?;
    Some(start..start + 1)
}

/// Looks at one row.
fn shape(grid: &Grid, index: usize) -> Shape {
    let labels = header::labels(grid, index);
    match labels.len() {
        0 => return Shape::Blank,
        1 => return Shape::Line,
        _ => {}
    }
    if header::is_column_numbers(&labels) {
        return Shape::Labels;
    }
    if labels.iter().all(|(_, label)| normalise::key_and_value(&label.text).is_some()) {
        return Shape::Line;
    }
    let first_blank = text::trim(grid.cell(index, 0)).is_empty();
    // Item codes stand under blanks; figures beside the key of their row.
    if first_blank || !header::holds_figures(&labels) { Shape::Labels } else { Shape::Figures }
}

/// Describes one column.
fn found_column(grid: &Grid, header: &Header, rows: &[usize], column: usize) -> FoundColumn {
    let head = &header.columns[column];
    let labels: Vec<String> = head.labels.iter().map(|label| label.text.clone()).collect();
    FoundColumn {
        column,
        period: bind::column_period(head).ok(),
        unit: head.unit().map(str::to_owned),
        guess: guess(grid, rows, column, &labels),
        labels,
    }
}

/// What most of the cells are.
fn guess(grid: &Grid, rows: &[usize], column: usize, labels: &[String]) -> Guess {
    let symbols = Symbols::default();
    let label = labels.concat();
    let (mut filled, mut numbers, mut unit_codes, mut industries, mut regions, mut periods) = (0, 0, 0, 0, 0, 0);
    for &row in rows.iter().take(SAMPLE) {
        let cell = text::trim(grid.cell(row, column));
        match number::parse(cell, &symbols) {
            Cell::Missing(_) => continue,
            Cell::Value(_) => numbers += 1,
            _ => {}
        }
        filled += 1;
        unit_codes += usize::from(codes::unit_code(cell).is_ok());
        industries += usize::from(cell.len() == 4 && codes::industry(cell).is_ok());
        regions += usize::from(cell.len() == 6 && codes::region(cell).is_ok());
        periods += usize::from(period::parse(cell).is_ok());
    }
    let most = |count: usize| filled > 0 && count * 10 >= filled * 9;
    let says = |words: &[&str]| words.iter().any(|word| label.contains(word));
    if filled == 0 {
        Guess::Empty
    } else if most(unit_codes) {
        Guess::UnitCode
    } else if most(regions) && says(&["区划", "地区", "行政", "代码"]) {
        Guess::Region
    } else if most(industries) && says(&["行业"]) {
        Guess::Industry
    } else if most(periods) && (!most(numbers) || says(&["日期", "时间", "年", "月", "季", "期"])) {
        Guess::Period
    } else if most(numbers) {
        Guess::Number
    } else {
        Guess::Text
    }
}
