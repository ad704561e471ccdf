//! What an export says of itself around its table: in its name, over the table, in the headings, in the notes.

use super::file_name::stem;
use config::source::{Across, Kind, Source};
use layout::Table;
use read::grid::Grid;
use vocab::{Place, text};

/// Which part of an export a text stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Its name, or the sheet's.
    Name,
    /// A cell over the table.
    Preamble,
    /// A heading of figures that are used.
    Heading,
    /// A cell under the table.
    Note,
}

/// A text beside the figures.
#[derive(Debug)]
pub(super) struct Statement<'t> {
    /// As it is written.
    pub(super) text: &'t str,
    /// Where it stands.
    pub(super) place: Place,
    /// The part it stands in.
    pub(super) part: Part,
}

/// Every text around a table. `place` is the file and the sheet.
pub(super) fn around<'t>(grid: &'t Grid, table: &'t Table, source: &Source, place: &'t Place) -> Vec<Statement<'t>> {
    let named = [stem(&place.file), &place.sheet];
    let mut all: Vec<Statement<'t>> =
        named.into_iter().map(|text| Statement { text, place: place.clone(), part: Part::Name }).collect();
    let mut rows = |rows: &mut dyn Iterator<Item = usize>, part: Part| {
        for row in rows {
            let row_place = place.at_row(grid.row(row).number);
            all.extend(grid.row(row).filled().map(|(column, text)| Statement {
                text,
                place: row_place.at_column(grid.column_number(column)),
                part,
            }));
        }
    };
    rows(&mut (0..table.header.start), Part::Preamble);
    rows(&mut table.notes.iter().copied(), Part::Note);
    let covered = grid.covered(table.header.clone());
    for column in figures(table, source) {
        all.extend(table.header.clone().map(|row| Statement {
            text: grid.seen_in(&covered, row, column),
            place: place.at_row(grid.row(row).number).at_column(grid.column_number(column)),
            part: Part::Heading,
        }));
    }
    all.retain(|statement| !text::trim(statement.text).is_empty());
    all
}

/// The columns of the grid whose figures are used.
fn figures<'t>(table: &'t Table, source: &'t Source) -> impl Iterator<Item = usize> {
    let numbers = source.columns.iter().zip(&table.bound).filter(|(column, _)| column.kind == Kind::Number);
    let declared = numbers.filter_map(|(_, bound)| bound.column());
    // Indicators beside one another are each what their own heading says.
    let across = table.across.iter().filter(|_| source.layout.across != Across::Indicator);
    declared.chain(across.map(|across| across.column))
}
