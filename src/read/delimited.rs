//! Delimited text (RFC 4180 and what people make of it) straight into a grid's buffers.
//!
//! Cells may be quoted; a quote inside is doubled; line ends are LF, CR LF or CR. What follows a closing quote belongs to
//! the cell (exports put a TAB there). Rows may be ragged. A line without any character is a row without cells, so that
//! rows and lines add up.

use memchr::{memchr, memchr3};

use super::context::{Context, Outcome};
use super::grid::Grid;
use super::sniff;
use crate::vocab::rules::UNTERMINATED_QUOTE;
use crate::vocab::{Place, Problem};

/// Reads `text`, cells separated by `delimiter`.
pub(super) fn read(context: &Context<'_>, text: &str, delimiter: u8) -> Outcome<Grid> {
    let mut grid = Grid::new("");
    grid.reserve(text.len());
    let mut scanner = Scanner { context, text, delimiter, at: 0, line: 1 };
    // A line for Excel, and no record.
    if let Some((_, len)) = sniff::declared_delimiter(text.as_bytes()) {
        scanner.at = len;
        scanner.line_end();
    }
    while scanner.at < text.len() {
        scanner.record(&mut grid)?;
    }
    Ok(grid)
}

struct Scanner<'a> {
    context: &'a Context<'a>,
    text: &'a str,
    delimiter: u8,
    /// The next byte. Always on a character boundary: it moves only past ASCII bytes and whole cells.
    at: usize,
    /// The line that byte is on, counted from one.
    line: u32,
}

impl Scanner<'_> {
    fn record(&mut self, grid: &mut Grid) -> Outcome<()> {
        let limits = self.context.limits;
        let first_line = self.line;
        let first_cell = grid.cell_count();
        if !self.line_end() {
            loop {
                let from = grid.text_len();
                self.cell(grid)?;
                grid.end_cell();
                let columns = grid.cell_count() - first_cell;
                if grid.text_len() - from > limits.cell_bytes {
                    return Err(self.over(first_line, columns, "bytes in a cell", limits.cell_bytes));
                }
                if columns > limits.columns {
                    return Err(self.over(first_line, columns, "columns", limits.columns));
                }
                if self.peek() != Some(self.delimiter) {
                    break;
                }
                self.at += 1;
            }
            self.line_end();
        }
        grid.end_row(first_line);
        if grid.len() > limits.rows {
            return Err(self.over(first_line, 0, "rows", limits.rows));
        }
        if grid.cell_count() > limits.cells {
            return Err(self.over(first_line, 0, "cells", limits.cells));
        }
        Ok(())
    }

    /// Appends one cell, quoted or not, and stops at the delimiter or line end behind it.
    fn cell(&mut self, grid: &mut Grid) -> Outcome<()> {
        if self.peek() == Some(b'"') {
            self.quoted(grid)?;
        }
        let rest = self.rest();
        let len = memchr3(self.delimiter, b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len());
        grid.push_text(rest.get(..len).unwrap_or(rest));
        self.at += len;
        Ok(())
    }

    /// Appends what stands between quotes, and stops behind the closing one.
    fn quoted(&mut self, grid: &mut Grid) -> Outcome<()> {
        let opened = self.line;
        self.at += 1;
        loop {
            let rest = self.rest();
            let Some(len) = memchr(b'"', rest.as_bytes()) else {
                let place = Place::file(self.context.name).at_row(opened);
                return Err(Problem::new(&UNTERMINATED_QUOTE, place));
            };
            let piece = rest.get(..len).unwrap_or(rest);
            grid.push_text(piece);
            self.line += line_ends(piece);
            self.at += len + 1;
            if self.peek() != Some(b'"') {
                return Ok(());
            }
            grid.push_text("\"");
            self.at += 1;
        }
    }

    /// Steps over a line end, if one is here.
    fn line_end(&mut self) -> bool {
        let len = match (self.peek(), self.text.as_bytes().get(self.at + 1)) {
            (Some(b'\r'), Some(b'\n')) => 2,
            (Some(b'\r' | b'\n'), _) => 1,
            _ => return false,
        };
        self.at += len;
        self.line += 1;
        true
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn over(&self, line: u32, column: usize, what: &str, limit: usize) -> Problem {
        let mut problem = self.context.over(what, limit);
        problem.place.row = Some(line);
        problem.place.column = u32::try_from(column).ok().filter(|column| *column > 0);
        problem
    }
}

/// Number of line ends in a quoted piece: LF, CR LF and CR count once each.
fn line_ends(piece: &str) -> u32 {
    let bytes = piece.as_bytes();
    let feeds = memchr::memchr_iter(b'\n', bytes).count();
    let lone_returns = memchr::memchr_iter(b'\r', bytes).filter(|at| bytes.get(at + 1) != Some(&b'\n')).count();
    u32::try_from(feeds + lone_returns).unwrap_or(u32::MAX)
}
