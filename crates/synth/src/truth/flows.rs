//! From year-to-date values to increments.

use crate::quarter::Quarter;

/// What happened between two known year-to-date values.
pub(super) struct Increment {
    pub amount: i128,
    /// First quarter it covers; the last is the quarter it was read at.
    pub begin: Quarter,
}

/// Remembers the last known year-to-date value of one measure of one enterprise.
#[derive(Clone, Copy, Default)]
pub(super) struct Meter {
    last: Option<(Quarter, i128)>,
}

impl Meter {
    /// Reads the year-to-date value of a quarter: the first one of a year begins in January.
    pub(super) fn read(&mut self, quarter: Quarter, value: Option<i128>) -> Option<Increment> {
        let value = value?;
        let increment = match self.last.filter(|(known, _)| known.year() == quarter.year()) {
            Some((known, before)) => Increment { amount: value - before, begin: known.plus(1) },
            None => Increment { amount: value, begin: quarter.first_of_year() },
        };
        self.last = Some((quarter, value));
        Some(increment)
    }
}
