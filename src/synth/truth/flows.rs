//! From year-to-date values to increments, and from increments to trailing four quarters.

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
    /// Reads the year-to-date value of a quarter; `first` is the enterprise's first quarter in the register.
    pub(super) fn read(&mut self, first: Quarter, quarter: Quarter, value: Option<i128>) -> Option<Increment> {
        let value = value?;
        let increment = match self.last.filter(|(known, _)| known.year() == quarter.year()) {
            Some((known, before)) => Increment { amount: value - before, begin: known.plus(1) },
            None => Increment { amount: value, begin: first.max(quarter.first_of_year()) },
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

/// The increments of the last four quarters, apart by how many quarters they span.
#[derive(Clone, Copy, Default)]
pub(super) struct Window {
    slots: [[Tally; 4]; 4],
}

impl Window {
    /// Forgets what was read four quarters before the one that begins.
    pub(super) fn open(&mut self, quarter: Quarter) {
        self.slots[slot(quarter)] = Default::default();
    }

    /// Adds an increment read at a quarter.
    pub(super) fn add(&mut self, quarter: Quarter, begin: Quarter, amount: i128) {
        let span = quarter.since(begin).clamp(0, 3) as usize;
        self.slots[slot(quarter)][span].add(amount);
    }

    /// All increments that lie within the four quarters up to this one as a whole.
    pub(super) fn trailing(&self, quarter: Quarter) -> Tally {
        let mut sum = Tally::default();
        for age in 0..4 {
            let row = &self.slots[slot(quarter.plus(-(age as i32)))];
            // Read `age` quarters ago, it may reach back over the rest of the window.
            row[..4 - age].iter().for_each(|tally| sum.merge(*tally));
        }
        sum
    }
}

/// Where a quarter stands within its year.
pub(super) fn slot(quarter: Quarter) -> usize {
    usize::from(quarter.quarter() - 1)
}
