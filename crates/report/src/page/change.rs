//! Changes as they stand in cells: of figures against last year, of ranks against another quarter.

use super::issue::Issue;
use super::text::Cell;
use crate::board::Course;
use crate::published::{change, signed};
use model::indicators::Value;

/// The change against last year, with the light that says whether it is for the better.
pub fn changed(issue: &Issue<'_>, value: &Value) -> Cell {
    let of = issue.board.indicator(value.indicator);
    let Some((change, decimals, unit)) = change(value, of) else { return Cell::none() };
    let light = match issue.board.course(value) {
        Some(Course::Better) => "g",
        Some(Course::Same) => "s",
        Some(Course::Worse) => "b",
        None => "",
    };
    let unit = match unit {
        "%" => "pc",
        "百分点" => "pp",
        _ => "",
    };
    Cell::plain(signed(change, decimals)).class(light).class("n").class(unit)
}

/// How many places it went: ↑ up, ↓ down.
pub fn moved(rise: Option<i64>) -> Cell {
    match rise {
        None => Cell::none(),
        Some(0) => Cell::plain("0"),
        Some(up @ 1..) => Cell::plain(format!("↑{up}")).class("up"),
        Some(down) => Cell::plain(format!("↓{}", -down)).class("down"),
    }
}
