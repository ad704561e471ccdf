//! From year-to-date values to increments.

use crate::synth::quarter::Quarter;

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

/// A sum and how many values are in it.
#[derive(Clone, Copy, Default)]
pub(super) struct Tally {
    pub count: u64,
    pub total: i128,
}

impl Tally {
    /// Adds a value.
    pub(super) fn add(&mut self, value: i128) {
        self.count += 1;
        self.total += value;
    }

    /// Adds another sum.
    pub(super) fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.total += other.total;
    }
}

/// Where a quarter stands within its year.
pub(super) fn slot(quarter: Quarter) -> usize {
    usize::from(quarter.quarter() - 1)
}
