//! What one export may cost at most: `[limits]` of `site.toml`, the one place for it.
//!
//! Beside each is the costliest small file that `tests/resources.rs` has within it, or refused by it, and the memory it took.

use super::document::Table;
use vocab::{Said, said};

/// Limits on the content of an export. Beyond one of them it is a problem, and is not read further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Limits {
    /// Bytes that a workbook or an archive may become, all its parts or members together; also of text in the cells of a sheet, each
    /// as long as it is seen: a text of 30 KB in 17 896 cells, 62 MiB.
    pub inflated_bytes: usize,
    /// Times its size that a workbook or an archive may become; what stays below 64 MiB is not asked: 100 MiB of
    /// blanks in 100 KB, 227 MiB. A cell that stands for several in a spreadsheet counts as 64 bytes.
    pub expansion: usize,
    /// Members of an archive, those of an archive in it included: 9 000, 96 MiB.
    pub members: usize,
    /// Sheets of a workbook, tables of a page.
    pub sheets: usize,
    /// Rows of a sheet; twice as many in all sheets: two cells in far corners, 95 MiB.
    pub rows: usize,
    /// Columns of a row: 50 000 rows with a cell at both ends, 71 MiB, and 264 MiB in a run
    /// that sets them aside.
    pub columns: usize,
    /// Cells of a sheet, empty ones only where few stand between others; in a web page those that others cover count too: 88 MiB.
    pub cells: usize,
    /// Bytes of text in a cell, as UTF-8.
    pub cell_bytes: usize,
    /// Elements of a web page.
    pub elements: usize,
    /// Elements of a web page, or of XML, that lie in one another: 200 000, 42 MiB.
    pub nesting: usize,
    /// Attributes of an element: 200 000, 42 MiB.
    pub attributes: usize,
}

impl Default for Limits {
    /// Room for a province's largest form, many times over.
    fn default() -> Self {
        Limits {
            inflated_bytes: 512 << 20,
            // Sheets of zeros become a hundred times their size; what is made to harm, a thousand times.
            expansion: 200,
            members: 10_000,
            sheets: 1_000,
            rows: 4_000_000,
            columns: 16_384,
            cells: 32_000_000,
            // A cell of Excel holds 32 767 characters; three bytes each in UTF-8.
            cell_bytes: 98_304,
            elements: 2_000_000,
            // Browsers stop here too.
            nesting: 512,
            attributes: 256,
        }
    }
}

impl Limits {
    pub(super) fn resolve(table: &Table<'_, '_>) -> Limits {
        let usual = Limits::default();
        let limit = |key: &str, usual: usize| whole(table, key, usual as u64, u64::from(u32::MAX)) as usize;
        Limits {
            inflated_bytes: limit("max_inflated_bytes", usual.inflated_bytes),
            expansion: limit("max_expansion", usual.expansion),
            members: limit("max_members", usual.members),
            sheets: limit("max_sheets", usual.sheets),
            rows: limit("max_rows", usual.rows),
            columns: limit("max_columns", usual.columns),
            cells: limit("max_cells", usual.cells),
            cell_bytes: limit("max_cell_bytes", usual.cell_bytes),
            elements: limit("max_elements", usual.elements),
            nesting: limit("max_nesting", usual.nesting),
            attributes: limit("max_attributes", usual.attributes),
        }
    }
}

/// A whole number from one up to `most`.
pub(super) fn whole(table: &Table<'_, '_>, key: &str, usual: u64, most: u64) -> u64 {
    between(table, key, usual, 1, most)
}

/// A whole number from `least` up to `most`.
pub(super) fn between(table: &Table<'_, '_>, key: &str, usual: u64, least: u64, most: u64) -> u64 {
    let Some(value) = table.opt_int(key) else { return usual };
    match u64::try_from(value) {
        Ok(value) if (least..=most).contains(&value) => value,
        _ => {
            table.error(key, not_between(key, usual, least, most));
            usual
        }
    }
}

/// That a number is out of bounds, and what it is where nothing is said.
pub(super) fn not_between(key: &str, usual: u64, least: u64, most: u64) -> Said {
    said!(
        "`{key}` 应介于 {least} 与 {most} 之间；不写时为 {usual}",
        "`{key}` must be from {least} to {most}; left out, it is {usual}"
    )
}

/// A whole number from one up to `most`, where it is there.
pub(super) fn opt_whole(table: &Table<'_, '_>, key: &str, most: u64) -> Option<u64> {
    let value = table.opt_int(key)?;
    let found = u64::try_from(value).ok().filter(|value| (1..=most).contains(value));
    if found.is_none() {
        table.error(key, said!("`{key}` 应介于 1 与 {most} 之间", "`{key}` must be from 1 to {most}"));
    }
    found
}
