//! Rows that are set aside, with their cells, the codes of what is wrong with them, and hints.

use super::file_name::vintage;
use super::hints::hints;
use super::raw::raw_cells;
use read::grid::Grid;
use vocab::Place;
use vocab::frame::{Frame, Values};
use vocab::period::{self, Date, Quarter};
use vocab::scalars::Scalars;

/// Enterprise and quarter of a row.
pub(super) type RowKey = (Option<String>, Option<Quarter>);

/// Rows that are set aside. `keys` are theirs, or none at all.
pub(super) fn quarantine(grid: &Grid, place: &Place, rows: &[(usize, String)], keys: Vec<RowKey>) -> Frame {
    let numbers = rows.iter().map(|(row, _)| Some(i64::from(grid.row(*row).number))).collect();
    let cells = rows.iter().map(|(row, _)| Some(raw_cells(grid.row(*row)))).collect();
    set_aside(place, numbers, rows, cells, keys)
}

/// Rows in quarantine: their numbers, the codes of each, and their cells.
pub(super) fn set_aside(
    place: &Place,
    numbers: Scalars<i64>,
    codes: &[(usize, String)],
    cells: Vec<Option<String>>,
    keys: Vec<RowKey>,
) -> Frame {
    let keys = if keys.is_empty() { vec![(None, None); codes.len()] } else { keys };
    let (units, quarters): (Vec<Option<String>>, Vec<Option<Quarter>>) = keys.into_iter().unzip();
    let frame = Frame::new()
        .with("source_row", Values::Int(numbers))
        .with("problem_codes", Values::Text(codes.iter().map(|(_, codes)| Some(codes)).collect()))
        .with("cells", Values::Text(cells.into_iter().collect()))
        .with("unit_code", Values::Text(units.into_iter().collect()))
        .with("quarter", Values::Int(quarters.into_iter().map(|quarter| quarter.map(Quarter::column)).collect()))
        .with("hints_zh", Values::Text(hints(codes, |rule| rule.hint_zh)))
        .with("hints_en", Values::Text(hints(codes, |rule| rule.hint_en)));
    with_origin(frame, place, vintage(&place.file))
}

/// Says where the rows come from.
pub(super) fn with_origin(frame: Frame, place: &Place, vintage: Option<Date>) -> Frame {
    let rows = frame.rows();
    frame
        .with("source_file", Values::Same(Some(place.file.clone()), rows))
        .with("source_sheet", Values::Same(Some(place.sheet.clone()), rows))
        .with("vintage", Values::Int(Scalars::repeat(vintage.map(period::day_to_number), rows)))
}
