//! The tables of a sheet as grids of their own, with columns for what their rows do not say themselves.

use super::discover::discover;
use super::found::Discovery;
use super::names::separator;
use super::parts::{self, Part};
use config::source::Column;
use read::grid::Grid;
use vocab::Place;

/// The header that a declaration uses for what the separating row above says (`地区：河南省`).
pub const GROUP: &str = "@group";

/// The header that a declaration uses for the label of the row that a row is a part of.
pub const PARENT: &str = "@parent";

/// Cuts a sheet into one grid for each of its tables, from left to right and from top to bottom. Where `columns` declares
/// [`GROUP`] or [`PARENT`], they are added to the right of each table, and separating rows become blank.
pub fn split(grid: &Grid, columns: &[Column]) -> Vec<Grid> {
    let declares = |name: &str| columns.iter().any(|column| column.headers.iter().any(|header| header == name));
    let added: Vec<&str> = [GROUP, PARENT].into_iter().filter(|name| declares(name)).collect();
    if added.is_empty() {
        let cut = |part: Part| grid.cut(part.rows, part.columns);
        return parts::find(grid).into_iter().map(cut).collect();
    }
    discover(grid, &Place::default()).into_iter().map(|found| with_columns(&found, &added)).collect()
}

/// The table's grid with columns for what its rows do not say themselves.
fn with_columns(found: &Discovery, added: &[&str]) -> Grid {
    let width = found.grid.width();
    let mut grid = found.grid.cut(0..0, 0..width);
    let mut rows = found.rows.iter().peekable();
    for (index, row) in found.grid.rows().enumerate() {
        let data = rows.next_if(|found| found.row == index);
        let separates = data.is_none() && index >= found.header.end && separator(&found.grid, index).is_some();
        if !separates {
            grid.push_cells_of(row, 0..width);
        }
        let says = |name: &str| match data {
            Some(data) if name == GROUP => data.group.as_deref(),
            Some(data) => data.parent.as_deref(),
            None => None,
        };
        if data.is_some() || index == found.header.start && !found.header.is_empty() {
            grid.push_blanks(width - row.len());
            added.iter().for_each(|name| grid.push_cell(if data.is_some() { says(name).unwrap_or("") } else { name }));
        }
        grid.end_row(row.number);
    }
    for merge in found.grid.merges() {
        grid.push_merge(*merge);
    }
    grid
}
