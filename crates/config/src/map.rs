//! Where cities stand in the map of the report: `map.toml`.

use super::document::Table;

/// The file.
pub const FILE: &str = "map.toml";

/// No map has more columns or rows.
const WIDEST: i64 = 40;

/// The place of a city in a map of squares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// Code of the city.
    pub code: String,
    /// Its name in Chinese, short.
    pub name_zh: String,
    /// Its name in English.
    pub name_en: String,
    /// From the west, counted from 1.
    pub column: i64,
    /// From the north, counted from 1.
    pub row: i64,
}

/// Reads the tiles.
pub(super) fn resolve(table: &Table<'_, '_>) -> Vec<Tile> {
    let mut seen: Vec<(i64, i64)> = Vec::new();
    let mut codes: Vec<String> = Vec::new();
    table.tables("tile", |tile| {
        let within = |key: &str| {
            if !tile.has(key) {
                tile.error(key, format!("`{key}` is missing: it must be a whole number from 1"));
            }
            tile.int_within(key, 1..=WIDEST).unwrap_or(1)
        };
        let tile_of = Tile {
            code: tile.text("code"),
            name_zh: tile.text("name_zh"),
            name_en: tile.text("name_en"),
            column: within("column"),
            row: within("row"),
        };
        if codes.contains(&tile_of.code) {
            tile.error("code", format!("`{}` has a tile already", tile_of.code));
        }
        if seen.contains(&(tile_of.column, tile_of.row)) {
            tile.error("column", "another tile stands in this column and row");
        }
        codes.push(tile_of.code.clone());
        seen.push((tile_of.column, tile_of.row));
        tile_of
    })
}
