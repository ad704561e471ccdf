//! How long something is in a register: from one quarter to another, both included.

use vocab::period::Quarter;

/// A time in a register that has no end.
const OPEN: i64 = i64::MAX / 4;

/// From and to, as quarter indexes, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// First quarter.
    pub from: i64,
    /// Last quarter.
    pub to: i64,
}

impl Stay {
    /// The first or the last quarter of a stay as a register writes it in the column `valid_from` or `valid_to`; none if it
    /// cannot be read.
    pub(super) fn limit(column: &str, cell: &str) -> Option<i64> {
        match column {
            "valid_from" if cell.is_empty() => Some(0),
            _ if cell.is_empty() => Some(OPEN),
            _ => Quarter::parse(cell).map(|quarter| i64::from(quarter.index())),
        }
    }

    /// Whether the stay has no end: nothing that a message would have to tell.
    pub(super) fn is_open(self) -> bool {
        self.to == OPEN
    }

    pub(super) fn holds(&self, quarter: Option<Quarter>) -> bool {
        quarter.is_none_or(|quarter| (self.from..=self.to).contains(&i64::from(quarter.index())))
    }
}

impl std::fmt::Display for Stay {
    /// `2005Q1–2013Q4`, open where there is no limit.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let quarter = |index: i64| Some(Quarter::from_index(i32::try_from(index).ok()?)?.to_string());
        let from = if self.from == 0 { None } else { quarter(self.from) };
        write!(f, "{}–{}", from.unwrap_or_default(), quarter(self.to).unwrap_or_default())
    }
}
