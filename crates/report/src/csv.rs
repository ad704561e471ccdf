//! The tables of the workbook as CSV, for those who double-click it: UTF-8 with a byte order mark, headings and names
//! as people read them, figures rounded as they are published. The exact figures are in the long files beside.

use super::table::{Cell, Table};
use publish::{Language, text_cell};

/// A table as CSV.
pub(super) fn csv(table: &Table, language: Language) -> String {
    let between = language.of("", " ");
    let mut text = String::from("\u{feff}");
    let mut line = |cells: &mut dyn Iterator<Item = String>| {
        text.push_str(&cells.collect::<Vec<_>>().join(","));
        text.push('\n');
    };
    line(&mut table.columns.iter().map(|column| text_cell(&column.full_heading(language, between)).into_owned()));
    for row in &table.rows {
        line(&mut row.iter().map(|cell| written(cell, language)));
    }
    text
}

/// A cell as it is written: numbers as they are, so that a program reads them as numbers.
fn written(cell: &Cell, language: Language) -> String {
    match cell {
        Cell::Blank => String::new(),
        Cell::Text(text) => text_cell(text).into_owned(),
        Cell::Figure(shown) => shown.text(language),
        Cell::Number(number, decimals) => super::write(*number, *decimals),
    }
}
