//! The unit that the cells of a column write themselves: `8.3%`, or by their number format `12.3 万元`.

use read::grid::Grid;
use vocab::number::{self, Cell, Suffix, Symbols};
use vocab::{Place, unit};

/// A column is judged by this many rows.
const SAMPLE: usize = 200;

/// The unit behind every figure of a column, if there is one behind every figure. Where another unit of the same kind is stated over the
/// table, neither holds: the cells then say so themselves.
pub(super) fn unit_of_cells(
    grid: &Grid,
    rows: &[usize],
    column: usize,
    stated: &[(String, Place)],
) -> Option<&'static str> {
    let said = behind_figures(grid, rows, column)?;
    let unit = unit::known(said)?;
    let stated = stated.first().and_then(|(stated, _)| unit::known(stated));
    let contradicts = stated.is_some_and(|stated| stated.dimension == unit.dimension && !stated.is_worth(unit));
    (!contradicts).then_some(said)
}

fn behind_figures(grid: &Grid, rows: &[usize], column: usize) -> Option<&'static str> {
    let marked = |cell: &str| cell.ends_with(['%', '％', '‰']) || cell.contains(number::MARK);
    let cells = || rows.iter().take(SAMPLE).map(|&row| grid.cell(row, column));
    // Nearly every column is told by its first figures, and none is read twice.
    if !cells().any(|cell| marked(cell.trim_end())) {
        return None;
    }
    let symbols = Symbols::default();
    let mut found = None;
    for cell in cells() {
        let said = match number::parse(cell, &symbols) {
            Cell::Value(decimal) => match decimal.suffix {
                Suffix::Percent => "%",
                Suffix::PerMille => "‰",
                Suffix::Unit(unit) => unit.name,
                _ => return None,
            },
            Cell::Inexact(_) => return None,
            Cell::Missing(_) | Cell::NotANumber => continue,
        };
        if found.is_some_and(|found| found != said) {
            return None;
        }
        found = Some(said);
    }
    found
}
