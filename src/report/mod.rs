//! What people read, made of the protected values of a release: the workbook, and tables for those who double-click CSV.
//!
//! Everything here stands on one [`Board`], which looks up what is shown, and on [`Shown`], the one place where a value is rounded and
//! written. This room computes no figure: it only chooses, orders and writes what was published.

mod board;
mod published;

pub use board::{Aim, Area, Board, Course, Input, Named};
pub use published::{GAP_DECIMALS, Shown, change, gap_decimals, write};

use crate::publish::Later;

/// The files of the reports of a release: those of the last quarters, as many as the settings say.
pub fn files<'a>(board: &'a Board<'a>) -> Vec<Later<'a>> {
    let reports = board.config.site.reports;
    let wanted = if reports.enabled { reports.quarters } else { 0 };
    let quarters = board.quarters();
    let last = quarters.iter().skip(quarters.len().saturating_sub(wanted));
    last.flat_map(|quarter| files_of(board, *quarter)).collect()
}

/// The files of the report of one quarter.
fn files_of<'a>(_board: &'a Board<'a>, _quarter: i64) -> Vec<Later<'a>> {
    Vec::new()
}
