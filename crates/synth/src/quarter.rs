//! Quarters, days, and how bureaus write them.

use std::fmt;

/// A calendar quarter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    /// Quarters since year 0, so that differences are plain subtraction.
    number: i32,
}

impl Quarter {
    /// The first one of the project's own sample.
    pub const SAMPLE: Quarter = Quarter { number: 2017 * 4 };

    /// The given quarter (1 to 4) of a year from 1990 to 2100.
    pub fn new(year: i32, quarter: u8) -> Option<Self> {
        ((1990..=2100).contains(&year) && (1..=4).contains(&quarter))
            .then(|| Self { number: year * 4 + i32::from(quarter) - 1 })
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.number.div_euclid(4)
    }

    /// The quarter within its year, 1 to 4.
    pub fn quarter(self) -> u8 {
        self.number.rem_euclid(4) as u8 + 1
    }

    /// The quarter `count` later, or earlier when negative.
    pub(super) fn plus(self, count: i32) -> Self {
        Self { number: self.number + count }
    }

    /// How many quarters `self` is after `earlier`.
    pub(super) fn since(self, earlier: Self) -> i32 {
        self.number - earlier.number
    }

    /// The first quarter of the same year.
    pub(super) fn first_of_year(self) -> Self {
        Self { number: self.number - self.number.rem_euclid(4) }
    }

    /// A key for the dice.
    pub(super) fn key(self) -> u64 {
        self.number as u64
    }

    /// Last day of the quarter.
    pub(super) fn last_day(self) -> Day {
        let (month, day) = [(3, 31), (6, 30), (9, 30), (12, 31)][usize::from(self.quarter() - 1)];
        Day { year: self.year(), month, day }
    }

    /// First day of the quarter.
    pub(super) fn first_day(self) -> Day {
        Day { year: self.year(), month: (self.quarter() - 1) * 3 + 1, day: 1 }
    }

    /// The day `months` months after the quarter's last month, for dates of sending.
    pub(super) fn sent(self, months: i32, day: u8) -> Day {
        let month = Month::of(self.last_day()).plus(months);
        Day { year: month.year(), month: month.month(), day }
    }

    /// `2018年1-6月`, the writing of cumulative forms.
    pub(super) fn cumulative(self) -> String {
        format!("{}年1-{}月", self.year(), self.quarter() * 3)
    }

    /// `2018年第二季度`, the writing of the national database.
    pub(super) fn national(self) -> String {
        let ordinal = ["一", "二", "三", "四"][usize::from(self.quarter() - 1)];
        format!("{}年第{ordinal}季度", self.year())
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}Q{}", self.year(), self.quarter())
    }
}

/// A day; the order of the fields makes it comparable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day {
    pub year: i32,
    pub month: u8,
    pub day: u8,
}

impl Day {
    /// `20180423`, the writing of file names.
    pub(super) fn compact(self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }

    /// `2018-04-23`.
    pub(super) fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// `2018/4/23`.
    pub(super) fn slashed(self) -> String {
        format!("{}/{}/{}", self.year, self.month, self.day)
    }
}

/// A month, counted from year 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Month(i32);

impl Month {
    /// The month a day lies in.
    pub(super) fn of(day: Day) -> Self {
        Self(day.year * 12 + i32::from(day.month) - 1)
    }

    /// The month `count` later, or earlier when negative.
    pub(super) fn plus(self, count: i32) -> Self {
        Self(self.0 + count)
    }

    /// How many months `self` is after `earlier`.
    pub(super) fn since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }

    /// The year.
    pub(super) fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// The month, 1 to 12.
    pub(super) fn month(self) -> u8 {
        self.0.rem_euclid(12) as u8 + 1
    }
}
