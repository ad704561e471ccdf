//! The labels of one row of a grid, and what such a row is: numbers of columns, units, a translation, figures.

use std::ops::Range;

use super::normalise::Label;
use super::words::{has_chinese, is_key};
use read::grid::Grid;
use vocab::number::{self, Cell, Symbols};
use vocab::{period, text, unit};

/// The labels of one row, each with its column.
pub(super) fn labels(grid: &Grid, row: usize) -> Vec<(usize, Label)> {
    labels_within(grid, row, &(0..usize::MAX)).collect()
}

/// The labels of one row within `columns`, each with its column, as they are asked for.
pub(super) fn labels_within(grid: &Grid, row: usize, columns: &Range<usize>) -> impl Iterator<Item = (usize, Label)> {
    let filled = grid.row(row).filled_in(columns.clone());
    filled.filter_map(move |(column, cell)| Label::new(cell, row).map(|label| (column, label)))
}

/// Whether the row numbers the columns: 甲, 乙, 丙 for texts, or 栏次 before them, then 1, 2, `3=1+2`.
pub(super) fn is_column_numbers(labels: impl Iterator<Item = (usize, Label)>) -> bool {
    /// So many numbers under a blank corner are those of columns: a row without its name is no row of figures.
    const FEWEST: usize = 3;
    let mut next = 1;
    let mut names = 0;
    let mut has_corner = false;
    for (column, label) in labels {
        let number = label.whole.split_once('=').map_or(label.whole.as_str(), |(number, _)| number);
        let mark = number.trim_matches(['(', ')']);
        has_corner |= next == 1 && names == 0 && column > 0;
        if ["甲", "乙", "丙", "丁", "戊", "栏次", "栏号", "列次", "列号"].contains(&mark) {
            names += 1;
        } else if mark.parse() == Ok(next) {
            next += 1;
        } else {
            return false;
        }
    }
    names > 0 || has_corner && next > FEWEST
}

/// Whether a row is the first of several that are named 甲, 乙, …, and no row of numbers of columns.
pub(super) fn begins_classes(grid: &Grid, row: usize, column: usize) -> bool {
    let name = |row: usize| text::trim(grid.cell(row, column));
    (name(row), name(row + 1)) == ("甲", "乙")
}

/// Whether every text of the row is a unit without brackets, perhaps after the word 单位.
pub(super) fn is_units(labels: &[(usize, Label)]) -> bool {
    let units = match labels {
        // What stands behind the word is meant as a unit, known or not, if one of them is.
        [(_, first), behind @ ..] if unit::is_statement(&first.whole) => {
            // 单位 heads a column of institutions too.
            let is_unit =
                |label: &Label| unit::known(&label.name).or(label.unit.as_deref().and_then(unit::known)).is_some();
            return behind.iter().any(|(_, label)| is_unit(label) && (label.name.is_empty() || label.unit.is_none()));
        }
        all => all,
    };
    let is_unit = |label: &Label| unit::known(&label.name).is_some() && label.name.parse::<u32>().is_err();
    !units.is_empty() && units.iter().all(|(_, label)| is_unit(label))
}

/// Whether the row holds a number that is not a year.
pub(super) fn holds_figures(labels: &[(usize, Label)]) -> bool {
    let symbols = Symbols::default();
    labels.iter().any(|(_, label)| {
        matches!(number::parse(&label.text, &symbols), Cell::Value(_)) && period::parse(&label.text).is_err()
    })
}

/// Whether a row says in English what the headings of `first` say in Chinese, or holds nothing but their units beside it: it begins
/// with the English word for what names the rows.
pub(super) fn translates(grid: &Grid, first: usize, row: usize, lead: usize) -> bool {
    let cell = grid.cell(row, lead);
    if has_chinese(cell) || !is_key(cell) || !is_key(grid.cell(first, lead)) || !has_chinese(grid.cell(first, lead)) {
        return false;
    }
    let columns = lead + 1..usize::MAX;
    let beside = labels_within(grid, row, &columns);
    let is_unit = |label: &Label| {
        label.name.is_empty() && label.unit.is_some()
            || unit::known(&label.name).is_some() && label.name.parse::<u32>().is_err()
    };
    let mut found = false;
    for (_, label) in beside {
        let is_english = !has_chinese(&label.text) && label.text.chars().any(|c| c.is_ascii_alphabetic());
        if !is_english && !is_unit(&label) {
            return false;
        }
        found = true;
    }
    found
}
