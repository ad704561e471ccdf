//! Which rows under the header are data, and which are notes.

use super::header::Header;
use super::why::{Ground, Reason};
use read::grid::Grid;
use vocab::note::is_marked;
use vocab::number::{self, Cell, Symbols};
use vocab::text;

/// The rows under a header, told apart. Every row is in exactly one of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Body {
    /// Rows of data.
    pub(super) rows: Vec<usize>,
    /// Repetitions of the header, as on each page of a long table.
    pub(super) headers: Vec<usize>,
    /// Notes under the table.
    pub(super) notes: Vec<usize>,
    /// Blank rows.
    pub(super) blank: usize,
    /// Why notes begin where they do.
    pub(super) noted: Option<Ground>,
}

/// Notes are looked for in this many rows at the end.
const LONGEST_TAIL: usize = 200;

/// Tells the rows after `header` apart. A row in doubt is data: it must not vanish.
pub(super) fn split(grid: &Grid, header: &Header) -> Body {
    let (end, reason) = notes_start(grid, header);
    let mut body = Body { noted: reason.map(|reason| Ground::at(reason, end, 0)), ..Body::default() };
    for index in header.rows.end..grid.len() {
        let row = grid.row(index);
        if row.is_blank() {
            body.blank += 1;
        } else if index >= end {
            body.notes.push(index);
        } else if repeats_header(grid, header, index) {
            body.headers.push(index);
        } else {
            body.rows.push(index);
        }
    }
    body
}

/// How a row at the end looks.
enum Tail {
    /// It begins with a word that only notes begin with.
    Marked,
    /// It is blank, or one text and nothing else.
    Plain,
    /// It holds texts but no figure: the rest of a note, if one begins above it.
    Wordy,
    /// It is data.
    Data,
}

/// The first row of the notes at the end, and why they begin there; or the number of rows.
fn notes_start(grid: &Grid, header: &Header) -> (usize, Option<Reason>) {
    let symbols = Symbols::default();
    let mut start = grid.len();
    let mut reason = None;
    let lowest = header.rows.end.max(grid.len().saturating_sub(LONGEST_TAIL));
    for index in (lowest..grid.len()).rev() {
        match tail(grid, index, header.columns.len(), &symbols) {
            Tail::Marked => (start, reason) = (index, Some(Reason::NoteWord)),
            Tail::Plain if start == index + 1 => {
                // A blank row is one too, and no reason.
                reason = if grid.row(index).is_blank() { reason } else { Some(Reason::LoneText) };
                start = index;
            }
            Tail::Plain | Tail::Wordy => {}
            Tail::Data => break,
        }
    }
    (start, reason)
}

/// Looks at one row of the end.
fn tail(grid: &Grid, index: usize, width: usize, symbols: &Symbols) -> Tail {
    let row = grid.row(index);
    let mut filled = row.filled().filter(|(_, cell)| !text::trim(cell).is_empty());
    let Some((column, first)) = filled.next() else { return Tail::Plain };
    if is_marked(first) {
        return Tail::Marked;
    }
    let mut others = filled.peekable();
    if others.peek().is_none() {
        // A lone code or number is a row that lost its other cells, and so is a text in another column; and in a list
        // of one column every row looks like this.
        let lost = column > 0 || text::trim(first).chars().all(|c| text::half_width(c).is_ascii_graphic());
        return if lost || width < 2 { Tail::Data } else { Tail::Plain };
    }
    if others.any(|(_, cell)| number::parse(cell, symbols) != Cell::NotANumber) { Tail::Data } else { Tail::Wordy }
}

/// Whether a row says what one of the header rows says, cell for cell.
fn repeats_header(grid: &Grid, header: &Header, index: usize) -> bool {
    let row = grid.row(index);
    header.rows.clone().any(|header_row| {
        let header_row = grid.row(header_row);
        // One comparison settles it for nearly every row.
        row.cell(0) == header_row.cell(0) && row.says_as(header_row)
    })
}
