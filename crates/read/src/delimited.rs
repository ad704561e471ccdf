//! Delimited text (RFC 4180 and what people make of it) straight into a grid's buffers.
//!
//! Cells may be quoted; a quote inside is doubled; line ends are LF, CR LF or CR. What follows a closing quote belongs to
//! the cell (exports put a TAB there). Rows may be ragged. A line without any character is a row without cells, so that
//! rows and lines add up.

use std::ops::Range;

use memchr::{memchr, memchr3};

use super::context::{Context, Outcome};
use super::grid::Grid;
use super::limits::Counted;
use super::sniff;
use vocab::rules::{UNDECODABLE, UNTERMINATED_QUOTE};
use vocab::{Place, Problem};

/// What records are made of: text, or bytes in an encoding in which line ends, quotes and delimiters stand for nothing else.
pub(super) trait Content {
    /// What the text of all cells is gathered in.
    type Text: Text;
    /// The bytes that are looked through.
    fn bytes(&self) -> &[u8];
    /// Appends the characters of a part to the cell being built; false if it has none.
    fn push(&self, part: Range<usize>, text: &mut Self::Text) -> bool;
}

/// Text that grows; what comes as bytes is looked at once as a whole, and not cell by cell.
pub(super) trait Text {
    /// None yet, and room for so many bytes.
    fn with_room(bytes: usize) -> Self;
    /// Bytes so far.
    fn len(&self) -> usize;
    /// Appends a quote.
    fn push_quote(&mut self);
    /// All of it; none if it is no text.
    fn finish(self) -> Option<String>;
}

impl Text for String {
    fn with_room(bytes: usize) -> Self {
        String::with_capacity(bytes)
    }

    fn len(&self) -> usize {
        self.len()
    }

    fn push_quote(&mut self) {
        self.push('"');
    }

    fn finish(self) -> Option<String> {
        Some(self)
    }
}

impl Text for Vec<u8> {
    fn with_room(bytes: usize) -> Self {
        Vec::with_capacity(bytes)
    }

    fn len(&self) -> usize {
        self.len()
    }

    fn push_quote(&mut self) {
        self.push(b'"');
    }

    fn finish(self) -> Option<String> {
        String::from_utf8(self).ok()
    }
}

impl Content for &str {
    type Text = String;

    fn bytes(&self) -> &[u8] {
        self.as_bytes()
    }

    fn push(&self, part: Range<usize>, text: &mut String) -> bool {
        let part = self.get(part);
        text.push_str(part.unwrap_or_default());
        part.is_some()
    }
}

/// Reads a whole text, cells separated by `delimiter`; a first line that declares it is left out.
pub(super) fn read_text(context: &Context<'_>, text: &str, delimiter: u8) -> Outcome<Grid> {
    let declared = sniff::declared_delimiter(text.as_bytes()).map(|(_, len)| len);
    records(context, text, delimiter, declared)
}

/// Reads `content`, cells separated by `delimiter`.
pub(super) fn read<C: Content>(context: &Context<'_>, content: C, delimiter: u8) -> Outcome<Grid> {
    records(context, content, delimiter, None)
}

fn records<C: Content>(context: &Context<'_>, content: C, delimiter: u8, declared: Option<usize>) -> Outcome<Grid> {
    let mut grid = Grid::new("");
    let text = C::Text::with_room(content.bytes().len());
    let mut scanner = Scanner { context, content, delimiter, at: 0, line: 1, text };
    // A line for Excel, and no record.
    if let Some(len) = declared {
        scanner.at = len;
        scanner.line_end();
    }
    while scanner.at < scanner.content.bytes().len() {
        scanner.record(&mut grid)?;
    }
    grid.set_text(scanner.text.finish().ok_or_else(|| context.problem(&UNDECODABLE))?);
    Ok(grid)
}

struct Scanner<'a, C: Content> {
    context: &'a Context<'a>,
    content: C,
    delimiter: u8,
    /// The next byte. Always on a character boundary: it moves only past ASCII bytes and whole cells.
    at: usize,
    /// The line that byte is on, counted from one.
    line: u32,
    /// The text of all cells so far.
    text: C::Text,
}

impl<C: Content> Scanner<'_, C> {
    fn record(&mut self, grid: &mut Grid) -> Outcome<()> {
        let limits = self.context.limits;
        let first_line = self.line;
        let first_cell = grid.cell_count();
        if !self.line_end() {
            loop {
                let from = self.text.len();
                self.cell(first_line, grid.cell_count() + 1 - first_cell)?;
                grid.end_cell_at(self.text.len());
                let columns = grid.cell_count() - first_cell;
                if self.text.len() - from > limits.cell_bytes {
                    return Err(self.over(first_line, columns, Counted::CellBytes, limits.cell_bytes));
                }
                if columns > limits.columns {
                    return Err(self.over(first_line, columns, Counted::Columns, limits.columns));
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
            return Err(self.over(first_line, 0, Counted::Rows, limits.rows));
        }
        if grid.cell_count() > limits.cells {
            return Err(self.over(first_line, 0, Counted::Cells, limits.cells));
        }
        Ok(())
    }

    /// Appends one cell, quoted or not, and stops at the delimiter or line end behind it. `line` and `column` are its place.
    fn cell(&mut self, line: u32, column: usize) -> Outcome<()> {
        if self.peek() == Some(b'"') {
            self.quoted()?;
        }
        let rest = self.rest();
        let len = memchr3(self.delimiter, b'\n', b'\r', rest).unwrap_or(rest.len());
        // Four bytes of GB18030 are at least two of UTF-8: what is twice too long need not be copied to be refused.
        let limit = self.context.limits.cell_bytes;
        if len / 2 > limit {
            return Err(self.over(line, column, Counted::CellBytes, limit));
        }
        self.push(len)
    }

    /// Appends what stands between quotes, and stops behind the closing one.
    fn quoted(&mut self) -> Outcome<()> {
        let opened = self.line;
        self.at += 1;
        loop {
            let rest = self.rest();
            let Some(len) = memchr(b'"', rest) else {
                let place = Place::file(self.context.name).at_row(opened);
                return Err(Problem::new(&UNTERMINATED_QUOTE, place));
            };
            let ends = line_ends(rest.get(..len).unwrap_or(rest));
            self.push(len)?;
            self.line += ends;
            self.at += 1;
            if self.peek() != Some(b'"') {
                return Ok(());
            }
            self.text.push_quote();
            self.at += 1;
        }
    }

    /// Appends the next `len` bytes to the cell and steps over them.
    fn push(&mut self, len: usize) -> Outcome<()> {
        let part = self.at..self.at + len;
        self.at = part.end;
        if part.is_empty() || self.content.push(part, &mut self.text) {
            return Ok(());
        }
        Err(Problem::new(&UNDECODABLE, Place::file(self.context.name).at_row(self.line)))
    }

    /// Steps over a line end, if one is here.
    fn line_end(&mut self) -> bool {
        let len = match (self.peek(), self.content.bytes().get(self.at + 1)) {
            (Some(b'\r'), Some(b'\n')) => 2,
            (Some(b'\r' | b'\n'), _) => 1,
            _ => return false,
        };
        self.at += len;
        self.line += 1;
        true
    }

    fn peek(&self) -> Option<u8> {
        self.content.bytes().get(self.at).copied()
    }

    fn rest(&self) -> &[u8] {
        self.content.bytes().get(self.at..).unwrap_or_default()
    }

    fn over(&self, line: u32, column: usize, what: Counted, limit: usize) -> Problem {
        let mut problem = self.context.over(what, limit);
        problem.place.row = Some(line);
        problem.place.column = u32::try_from(column).ok().filter(|column| *column > 0);
        problem
    }
}

/// Number of line ends in a quoted piece: LF, CR LF and CR count once each.
fn line_ends(bytes: &[u8]) -> u32 {
    let feeds = memchr::memchr_iter(b'\n', bytes).count();
    let lone_returns = memchr::memchr_iter(b'\r', bytes).filter(|at| bytes.get(at + 1) != Some(&b'\n')).count();
    u32::try_from(feeds + lone_returns).unwrap_or(u32::MAX)
}
