//! What to make, and the limits of what can be asked for.

use super::doubt::Kind;
use super::error::Error;
use super::quarter::Quarter;

/// What to make.
#[derive(Clone, Debug)]
pub struct Options {
    /// Decides every value. The same seed gives the same bytes.
    pub seed: u64,
    /// Above-scale enterprises that exist at some time in the sample.
    pub enterprises: usize,
    /// Industrial parks, spread over cities.
    pub parks: usize,
    /// First quarter.
    pub from: Quarter,
    /// Number of quarters.
    pub quarters: usize,
    /// How much of the truth to write.
    pub truth: Truth,
    /// A year whose published totals the sample is calibrated to; it decides the numbers of parks and enterprises.
    pub anchors: Option<i32>,
    /// Kinds of doubt that are planted.
    pub doubt: Vec<Kind>,
}

impl Default for Options {
    /// What the project's own sample is made with.
    fn default() -> Self {
        Options {
            seed: 2019,
            enterprises: 640,
            parks: 24,
            from: Quarter::SAMPLE,
            quarters: 12,
            truth: Truth::Full,
            anchors: None,
            doubt: Vec::new(),
        }
    }
}

/// How much of the truth to write beside the exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// Nothing.
    None,
    /// Indicators, spoiled rows and row counts.
    Indicators,
    /// Also the single-quarter values of every enterprise.
    Full,
}

impl Options {
    /// Fewest parks.
    pub const PARKS_MIN: usize = 1;
    /// Most parks: those whose names are known.
    pub const PARKS_MAX: usize = 186;
    /// Most enterprises: a sheet has a million rows.
    pub const ENTERPRISES_MAX: usize = 1_000_000;
    /// Most quarters.
    pub const QUARTERS_MAX: usize = 80;
    /// First year that can be asked for.
    pub const FROM_YEAR_MIN: i32 = 2005;
    /// Last year that can be asked for.
    pub const FROM_YEAR_MAX: i32 = 2060;

    /// Checks every limit.
    pub fn validate(&self) -> Result<(), Error> {
        let Self { enterprises, parks, from, quarters, .. } = *self;
        if !(Self::PARKS_MIN..=Self::PARKS_MAX).contains(&parks) {
            return Err(Error::Parks { given: parks, min: Self::PARKS_MIN, max: Self::PARKS_MAX });
        }
        if !(parks..=Self::ENTERPRISES_MAX).contains(&enterprises) {
            return Err(Error::Enterprises { given: enterprises, min: parks, max: Self::ENTERPRISES_MAX });
        }
        if !(1..=Self::QUARTERS_MAX).contains(&quarters) {
            return Err(Error::Quarters { given: quarters, min: 1, max: Self::QUARTERS_MAX });
        }
        if !(Self::FROM_YEAR_MIN..=Self::FROM_YEAR_MAX).contains(&from.year()) {
            return Err(Error::From { given: from, min: Self::FROM_YEAR_MIN, max: Self::FROM_YEAR_MAX });
        }
        Ok(())
    }
}
