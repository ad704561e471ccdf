//! The names of rows as they are written: how far they are indented, of what they are a part, and what separates them.

use super::normalise::key_and_value;
use read::grid::Grid;
use vocab::text;

/// Longer cells are texts that nobody meant as a label; their beginning stands for them.
pub(super) const LONGEST_LABEL: usize = 1024;

/// A label without blanks around it; wide and hard blanks inside become plain ones.
pub(super) fn label_of(cell: &str) -> String {
    let cell = text::trim(cell);
    cell[..cell.floor_char_boundary(LONGEST_LABEL)].chars().map(|c| if text::is_blank(c) { ' ' } else { c }).collect()
}

/// What a separating row says: one cell of the form `地区：河南省`.
pub(super) fn separator(grid: &Grid, row: usize) -> Option<String> {
    let mut filled = grid.row(row).filled().map(|(_, cell)| text::trim(cell)).filter(|cell| !cell.is_empty());
    let (only, None) = (filled.next()?, filled.next()) else { return None };
    if only.len() > LONGEST_LABEL {
        return None;
    }
    let (_, value) = key_and_value(only)?;
    (!value.is_empty() && !is_of_which(only)).then(|| value.to_owned())
}

/// How far a label is indented, in half-width characters.
pub(super) fn depth(cell: &str) -> usize {
    let blanks = cell.chars().take_while(|&c| text::is_blank(c));
    blanks.map(|c| if c == '\u{3000}' { 2 } else { 1 }).sum()
}

/// Whether a label says that it is a part of the row above.
pub(super) fn is_of_which(cell: &str) -> bool {
    let cell = text::trim(cell);
    ["#", "＃", "其中"].iter().any(|mark| cell.starts_with(mark))
}
