//! How long something is in a register: from one quarter to another, both included.

use vocab::period::Quarter;

/// The first or the last quarter of a stay as a register writes it, which may be no limit; none if it cannot be read.
pub(super) fn limit(cell: &str) -> Option<Option<Quarter>> {
    if cell.is_empty() { Some(None) } else { Quarter::parse(cell).map(Some) }
}
