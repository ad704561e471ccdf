//! The cities: a map of squares, and the table that it shows a column of.

use super::issue::{Issue, file_name};
use super::text::{self, Both, Cell};
use vocab::level::Level;

/// What is shown of cities.
pub struct Cities {
    /// Indicators of the columns: name and unit.
    pub columns: Vec<(Both, Both)>,
    /// One for each city.
    pub rows: Vec<City>,
    /// Squares.
    pub tiles: Vec<Tile>,
    /// The column that the map shows at first.
    pub first: usize,
}

/// A row of the table.
pub struct City {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Both,
    /// The name of the file of its page.
    pub file: String,
    /// Parks that lie in it.
    pub parks: usize,
    /// Values of the columns.
    pub values: Vec<Cell>,
}

/// A square of the map.
pub struct Tile {
    /// Column and row.
    pub at: (i64, i64),
    /// The name, short.
    pub name: Both,
    /// Its city in the table; none where there are no parks.
    pub city: Option<usize>,
    /// What it shows at first.
    pub value: Option<Cell>,
}

/// The columns in front of the values.
pub const BEFORE: usize = 2;

/// The cities of the quarter.
pub fn cities(issue: &Issue<'_>) -> Cities {
    let board = issue.board;
    let tiles = &board.config.tiles;
    let areas = issue.areas(Level::City);
    let shown = issue.main(Level::City);
    let name_of = |code: &str, name: &str| match tiles.iter().find(|tile| tile.code == code) {
        Some(tile) => Both::new(name, &tile.name_en),
        None => Both::same(name),
    };
    let parks = issue.areas(Level::Park);
    let row = |area: &usize| {
        let named = &board.areas()[*area].named;
        let is_here = |park: &&usize| board.areas()[**park].city.as_ref().is_some_and(|city| city.code == named.code);
        City {
            code: named.code.clone(),
            name: name_of(&named.code, &named.name),
            file: file_name(&named.code),
            parks: parks.iter().filter(is_here).count(),
            values: shown.iter().map(|indicator| Cell::of(&issue.shown(*indicator, *area))).collect(),
        }
    };
    let mut rows: Vec<City> = areas.iter().map(row).collect();
    for (column, indicator) in shown.iter().enumerate() {
        let figures: Vec<Option<f64>> = areas.iter().map(|area| issue.shown(*indicator, *area).rounded()).collect();
        for (row, fifth) in rows.iter_mut().zip(fifths(&figures)) {
            row.values[column].fifth = fifth;
        }
    }
    let first = shown.iter().position(|indicator| issue.is_judged(*indicator)).unwrap_or_default();
    let tile = |tile: &config::map::Tile| {
        let city = rows.iter().position(|row| row.code == tile.code);
        Tile {
            at: (tile.column, tile.row),
            name: Both::new(&tile.name_zh, &tile.name_en),
            value: city.and_then(|city| rows[city].values.get(first).cloned()),
            city,
        }
    };
    let mut tiles: Vec<Tile> = tiles.iter().map(tile).collect();
    // As they are read: from the north, and there from the west.
    tiles.sort_by_key(|tile| (tile.at.1, tile.at.0));
    // A map without any city on it says nothing.
    if tiles.iter().all(|tile| tile.city.is_none()) {
        tiles.clear();
    }
    let column = |indicator: &usize| {
        let of = board.indicator(*indicator);
        (text::name(of), text::unit(&of.unit))
    };
    Cities { columns: shown.iter().map(column).collect(), rows, tiles, first }
}

/// In which fifth of the figures each lies, from the lowest, 1 to 5; equal figures lie in the same.
fn fifths(figures: &[Option<f64>]) -> Vec<Option<usize>> {
    let mut known: Vec<f64> = figures.iter().copied().flatten().collect();
    known.sort_by(f64::total_cmp);
    let fifth = |figure: f64| 1 + known.partition_point(|other| *other < figure) * 5 / known.len().max(1);
    figures.iter().map(|figure| figure.map(fifth)).collect()
}
