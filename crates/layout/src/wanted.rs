//! The header that is declared: which rows of a grid it is, by the names, the codes and the sub-headings in them.

use std::ops::Range;

use super::header::{Header, read};
use super::labels::{begins_classes, holds_figures, is_column_numbers, is_units, labels, translates};
use super::normalise::{Label, name_key};
use super::parts::{self, Part};
use super::split::{GROUP, PARENT};
use config::source::{Across, Column, Layout};
use read::grid::Grid;
use vocab::{period, text};

/// A header is looked for in this many rows.
const SEARCHED: usize = 256;

/// Once some row has answered, this many rows more are looked at for a better one.
const PATIENCE: usize = 30;

/// The most rows a header has.
const MOST_ROWS: usize = 6;

/// The declared columns as a header is searched for them, normalised.
pub(super) struct Wanted {
    columns: Vec<WantedColumn>,
    across: Across,
    header_rows: Option<usize>,
}

struct WantedColumn {
    names: Vec<String>,
    under: Vec<String>,
    code: Option<String>,
}

/// What of the declaration one row holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    /// Whether there is more than one label: a lone text over a wider table is a title, whatever it says.
    wide: bool,
    /// Declared columns whose name stands there.
    names: usize,
    /// Period labels, where they stand across.
    periods: usize,
}

impl Wanted {
    /// Prepares the declaration.
    pub(super) fn new(columns: &[Column], layout: &Layout) -> Self {
        let normalised = |texts: &[String]| texts.iter().map(|text| text::key(text)).collect();
        let columns = columns
            .iter()
            .filter(|column| !column.headers.is_empty() || column.code.is_some())
            // What this program adds to every table finds none.
            .filter(|column| !column.headers.iter().any(|header| header == GROUP || header == PARENT))
            .filter(|column| !column.is_corner())
            .map(|column| WantedColumn {
                names: column.headers.iter().map(|header| name_key(header)).collect(),
                under: normalised(&column.under),
                code: column.code.as_deref().map(text::key),
            })
            .collect();
        Wanted { columns, across: layout.across, header_rows: layout.header_rows }
    }

    /// Finds the header; none if no row holds any declared name.
    pub(super) fn find(&self, grid: &Grid) -> Option<Header> {
        if self.columns.is_empty() {
            // Where the only declared header is the blank corner, there is no name to look for.
            let part = parts::find(grid).into_iter().find(|part| !part.header.is_empty())?;
            let start = part.header.start;
            return Some(match self.header_rows {
                Some(rows) => self.read(grid, start..grid.len().min(start + rows)),
                None => self.shaped(grid, &part),
            });
        }
        let anchor = self.anchor(grid)?;
        let rows = match self.header_rows {
            Some(rows) => self.window(grid, anchor, rows),
            // Headings that nobody declared are seen by their shape, not by their names.
            None if self.across == Across::Indicator => {
                match parts::find(grid).into_iter().find(|part| part.header.contains(&anchor)) {
                    Some(part) => return Some(self.shaped(grid, &part)),
                    None => self.extend(grid, anchor),
                }
            }
            None => self.extend(grid, anchor),
        };
        Some(self.read(grid, rows))
    }

    /// The header of a part that is seen by its shape.
    fn shaped(&self, grid: &Grid, part: &Part) -> Header {
        Header { heading_or_data: part.heading_or_data(), ..self.read(grid, part.header.clone()) }
    }

    /// The row that holds the most declared names, the first of several.
    fn anchor(&self, grid: &Grid) -> Option<usize> {
        let mut best = (Score::default(), 0);
        for index in 0..grid.len().min(SEARCHED) {
            if best.0.names > 0 && index > best.1 + PATIENCE {
                break;
            }
            let score = self.score(&labels(grid, index));
            if score > best.0 && score.names > 0 {
                best = (score, index);
            }
            // A table with periods across may have its header below a row that says as much.
            if best.0.wide && best.0.names == self.columns.len() && self.across != Across::Period {
                break;
            }
        }
        (best.0.names > 0).then_some(best.1)
    }

    /// What of the declaration these labels hold.
    fn score(&self, labels: &[(usize, Label)]) -> Score {
        let named =
            |column: &&WantedColumn| labels.iter().any(|(_, label)| column.names.iter().any(|name| label.is(name)));
        let names = self.columns.iter().filter(named).count();
        let periods = match self.across {
            Across::Period if names > 0 => {
                labels.iter().filter(|(_, label)| period::parse(&label.text).is_ok()).count()
            }
            _ => 0,
        };
        Score { wide: labels.len() > 1, names, periods }
    }

    /// The `height` rows around `anchor` that hold the most names, codes and sub-headings; the last of several, since
    /// rows over a header are titles.
    fn window(&self, grid: &Grid, anchor: usize, height: usize) -> Range<usize> {
        let height = height.max(1);
        let first = (anchor + 1).saturating_sub(height);
        let words = |start: usize| -> usize {
            (start..grid.len().min(start + height)).map(|row| self.words(&labels(grid, row))).sum()
        };
        let start = (first..=anchor).max_by_key(|&start| (words(start), start)).unwrap_or(anchor);
        start..grid.len().min(start + height)
    }

    /// How many labels the declaration names in any way.
    fn words(&self, labels: &[(usize, Label)]) -> usize {
        labels.iter().filter(|(_, label)| self.columns.iter().any(|column| column.knows(label))).count()
    }

    /// Adds the rows above and below `anchor` that belong to the header.
    fn extend(&self, grid: &Grid, anchor: usize) -> Range<usize> {
        let mut rows = anchor..anchor + 1;
        while rows.len() < MOST_ROWS && rows.end < grid.len() {
            if self.continues(grid, &rows, anchor) {
                rows.end += 1;
            } else if self.bridges(grid, &rows, anchor) {
                rows.end += 2;
            } else {
                break;
            }
        }
        while rows.len() < MOST_ROWS && rows.start > 0 && self.opens(grid, rows.start - 1) {
            rows.start -= 1;
        }
        rows
    }

    /// Whether the row after `rows` is one more header row.
    fn continues(&self, grid: &Grid, rows: &Range<usize>, anchor: usize) -> bool {
        let index = rows.end;
        let labels = labels(grid, index);
        if labels.is_empty() {
            // Blank but for cells that the header reaches down into.
            let mut reaching = grid.merges_from(rows).iter();
            return reaching.any(|merge| merge.rows > 1 && merge.covers(index, merge.column));
        }
        if grid.row(index).says_as(grid.row(anchor)) {
            return false;
        }
        let codes = self.is_codes(&labels) && self.right_of_key(grid, anchor, &labels);
        let lead = self::labels(grid, anchor).first().map_or(0, |(column, _)| *column);
        let numbers = is_column_numbers(labels.iter().cloned()) && !begins_classes(grid, index, lead);
        let words =
            self.words(&labels) > 0 || self.is_under(grid, anchor, &labels) || translates(grid, anchor, index, lead);
        codes || numbers || is_units(&labels) || (words && !holds_figures(&labels))
    }

    /// Whether the row after `rows` stands between header rows: item codes that nobody declared, over sub-headings that
    /// somebody did.
    fn bridges(&self, grid: &Grid, rows: &Range<usize>, anchor: usize) -> bool {
        let below = rows.end + 1;
        if below >= grid.len() || !self.right_of_key(grid, anchor, &labels(grid, rows.end)) {
            return false;
        }
        let labels = labels(grid, below);
        self.words(&labels) > 0 && !holds_figures(&labels) && self.right_of_key(grid, anchor, &labels)
    }

    /// Whether there are labels, and all of them to the right of the first declared heading, where rows have their key.
    fn right_of_key(&self, grid: &Grid, anchor: usize, labels: &[(usize, Label)]) -> bool {
        let above = self::labels(grid, anchor);
        let key = above.iter().find(|(_, label)| self.columns.iter().any(|column| column.knows(label)));
        !labels.is_empty() && key.is_some_and(|(key, _)| labels.iter().all(|(column, _)| column > key))
    }

    /// Whether the row before the header is one more header row.
    fn opens(&self, grid: &Grid, index: usize) -> bool {
        let labels = labels(grid, index);
        let spans = labels.len() > 1;
        spans
            && self.words(&labels) > 0
            && !holds_figures(&labels)
            && !labels.iter().any(|(_, label)| label.whole.contains(':'))
    }

    /// Whether at least half of the declared item codes stand in the row.
    fn is_codes(&self, labels: &[(usize, Label)]) -> bool {
        let codes: Vec<&str> = self.columns.iter().filter_map(|column| column.code.as_deref()).collect();
        let present = codes.iter().filter(|&&code| labels.iter().any(|(_, label)| label.whole == code)).count();
        present > 0 && present * 2 >= codes.len()
    }

    /// Whether these are sub-headings that nobody declared: texts under most of the headings, or under the blank that a
    /// heading reaches over, but not under the key.
    fn is_under(&self, grid: &Grid, anchor: usize, labels: &[(usize, Label)]) -> bool {
        let above = self::labels(grid, anchor);
        let under_blank = |(column, _): &(usize, Label)| above.iter().all(|(other, _)| other != column);
        self.right_of_key(grid, anchor, labels) && (labels.len() * 2 >= above.len() || labels.iter().any(under_blank))
    }

    /// Reads the labels of each column from the header rows.
    fn read(&self, grid: &Grid, rows: Range<usize>) -> Header {
        let mut header = read(grid, rows);
        header.code_row = header.rows.clone().find(|&row| self.is_codes(&labels(grid, row)));
        header
    }
}

impl WantedColumn {
    /// Whether the label is a name, a sub-heading or the code of this column.
    fn knows(&self, label: &Label) -> bool {
        self.names.iter().any(|name| label.is(name))
            || self.under.iter().any(|under| label.is(under))
            || self.code.as_deref() == Some(label.whole.as_str())
    }
}
