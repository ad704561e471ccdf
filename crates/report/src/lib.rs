//! What people read, made of the protected values of a release: the workbook, and tables for those who double-click
//! CSV.
//!
//! Everything here stands on one [`Board`], which looks up what is shown, and on [`Shown`], the one place where a
//! value is rounded and written. This room computes no figure: it only chooses, orders and writes what was published.

mod board;
mod csv;
mod page;
mod published;
mod table;
mod workbook;

pub use board::{Aim, Area, Board, Course, Input, Named, Standing};
pub use published::{GAP_DECIMALS, Shown, change, gap_decimals, signed, write};

use publish::{Language, Later};
use vocab::period::Quarter;

/// The files of the reports of a release: those of the last quarters, as many as the settings say.
pub fn files<'a>(board: &'a Board<'a>) -> Vec<Later<'a>> {
    let wanted = board.config.site.reports.quarters;
    let quarters = board.quarters();
    let last = quarters.iter().skip(quarters.len().saturating_sub(wanted));
    last.flat_map(|quarter| files_of(board, *quarter)).collect()
}

/// The files of the report of one quarter.
fn files_of<'a>(board: &'a Board<'a>, quarter: Quarter) -> Vec<Later<'a>> {
    let mut files = vec![workbook::file(board, quarter, Language::Chinese)];
    if board.config.site.reports.english {
        files.push(workbook::file(board, quarter, Language::English));
    }
    for table in table::tables(board, quarter, Language::Chinese) {
        let path = format!("reports/{quarter}/csv/{}.csv", table.name);
        let make = move || Ok(csv::csv(&table, Language::Chinese).into_bytes());
        files.push(Later { path, make: Box::new(make) });
    }
    files.extend(page::files(board, quarter));
    files
}
