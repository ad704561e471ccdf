//! Where cities stand in the map of the report: `map.toml`.

use super::document::Table;
use vocab::said;

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
                let message =
                    said!("缺少 `{key}`：应为从 1 起的整数", "`{key}` is missing: it must be a whole number from 1");
                tile.error(key, message);
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
            let code = &tile_of.code;
            tile.error("code", said!("`{code}` 已有方格", "`{code}` has a tile already"));
        }
        if seen.contains(&(tile_of.column, tile_of.row)) {
            let message = said!("该列该行已有另一方格", "another tile stands in this column and row");
            tile.error("column", message);
        }
        codes.push(tile_of.code.clone());
        seen.push((tile_of.column, tile_of.row));
        tile_of
    })
}
