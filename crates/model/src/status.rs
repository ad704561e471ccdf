//! Whether there is a figure, how sure it is, and why there is none.

use config::coverage::Least;

/// SDMX CL_OBS_STATUS, as used here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObsStatus {
    /// Normal.
    Normal,
    /// Time series break: the territory of the area changed within the last four quarters, or since the same quarter of last year.
    Break,
    /// Estimated: part of it is imputed, or is a report of a year ago that is missing and that this year's form tells again.
    Estimated,
    /// Low reliability: less was reported than a figure needs, and enough for one with a flag.
    LowReliability,
    /// Missing: the data exist but were not collected yet.
    NotDue,
    /// Missing: the value cannot exist, because its history or its denominator is not there, or its definition leaves it out.
    CannotExist,
    /// Missing: not reported, or so little that there is no figure.
    Missing,
    /// Missing: suppressed.
    Suppressed,
}

impl ObsStatus {
    /// Its code.
    pub fn as_str(self) -> &'static str {
        match self {
            ObsStatus::Normal => "A",
            ObsStatus::Break => "B",
            ObsStatus::Estimated => "E",
            ObsStatus::LowReliability => "U",
            ObsStatus::NotDue => "L",
            ObsStatus::CannotExist => "M",
            ObsStatus::Missing => "O",
            ObsStatus::Suppressed => "Q",
        }
    }
}

impl serde::Serialize for ObsStatus {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// SDMX CL_CONF_STATUS, as used here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfStatus {
    /// Free.
    Free,
    /// Confidential statistical information.
    Confidential,
}

impl ConfStatus {
    /// Its code.
    pub fn as_str(self) -> &'static str {
        match self {
            ConfStatus::Free => "F",
            ConfStatus::Confidential => "C",
        }
    }
}

/// Why there is no figure, or only one with a flag. A column of the indicators: its words are an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A dataset of the quarter has not come, nor is it missing between others that have.
    NotDue,
    /// Nobody reported what the value is made from.
    NotReported,
    /// So little was reported that there is no figure.
    Withheld,
    /// Less was reported than a figure needs: there is one with a flag.
    Incomplete,
    /// The records, or those of the area, do not reach back far enough.
    TooShort,
    /// The definition leaves the area or the quarter out.
    Excluded,
    /// There is nothing to divide by.
    NoDenominator,
    /// It is protected.
    Suppressed,
    /// The territory of the area changed.
    Territory,
}

impl Reason {
    /// The word used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::NotDue => "not_due",
            Reason::NotReported => "not_reported",
            Reason::Withheld => "withheld",
            Reason::Incomplete => "incomplete",
            Reason::TooShort => "too_short",
            Reason::Excluded => "excluded",
            Reason::NoDenominator => "no_denominator",
            Reason::Suppressed => "suppressed",
            Reason::Territory => "territory",
        }
    }
}

impl serde::Serialize for Reason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// What coverage makes of a value that can be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Enough {
    /// It is a figure.
    Figure,
    /// It is one with a flag.
    Flagged,
    /// It is none.
    TooLittle,
}

impl Enough {
    /// Judges by what was reported of what was expected; what is not counted is enough. Of nothing expected, nothing is missing.
    pub(super) fn of(reported: Option<i64>, expected: Option<i64>, least: Least) -> Enough {
        let (Some(expected), reported) = (expected, reported.unwrap_or(0)) else { return Enough::Figure };
        let at_least = |share: f64| reported as f64 >= share * expected as f64;
        if at_least(least.figure) {
            Enough::Figure
        } else if at_least(least.flagged) {
            Enough::Flagged
        } else {
            Enough::TooLittle
        }
    }
}
