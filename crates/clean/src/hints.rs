//! The way out for each row in quarantine, so that whoever opens the file need not look the codes up.

use vocab::frame::TextColumn;
use vocab::rules::{self, Rule};

/// The hints of each row's codes, one after the other.
pub(super) fn hints(rows: &[(usize, String)], pick: fn(&Rule) -> &'static str) -> TextColumn {
    let mut column = TextColumn::default();
    let (mut codes, mut text) = ("", String::new());
    for (_, of_row) in rows {
        // The rows of a sheet that was refused as a whole all have the same codes.
        if of_row != codes {
            let hints: Vec<&str> = of_row.split(' ').filter_map(rules::by_code).map(pick).collect();
            (codes, text) = (of_row, hints.join(" "));
        }
        column.push(Some(&text));
    }
    column
}
