//! The value of an indicator: the figure, what it rests on, how sure it is, and how it is rounded.

use std::sync::Arc;

use super::places::Place;
use super::status::{ConfStatus, ObsStatus, Reason};

/// One indicator of one area in one quarter.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// Position of the indicator in the configuration.
    pub indicator: usize,
    /// The area and the quarter.
    pub place: Arc<Place>,
    /// The value in the indicator's unit, unrounded.
    pub value: Option<f64>,
    /// Exact sum over the line, in canonical units.
    pub numerator: Option<i64>,
    /// Exact sum under the line, in canonical units.
    pub denominator: Option<i64>,
    /// Enterprises the value rests on, where that is counted.
    pub units: Option<i64>,
    /// Units that were reported, where that is counted.
    pub reported: Option<i64>,
    /// Units that were expected.
    pub expected: Option<i64>,
    /// Whether there is a value, and how sure it is.
    pub obs_status: ObsStatus,
    /// Why there is none, or only one with a flag.
    pub reason: Option<Reason>,
    /// Position among the indicator's datasets of the one that it falls short by.
    pub short_of: Option<usize>,
    /// Who may see it.
    pub conf_status: ConfStatus,
    /// Change against the same quarter of last year: percent, or the indicator's unit.
    pub yoy: Option<f64>,
    /// Value of the headline target ([`headline_target`](config::indicator::Indicator::headline_target)).
    pub target: Option<f64>,
    /// Whether the target is reached, or will be by its year at the pace of the last year.
    pub on_track: Option<bool>,
    /// Rank among the areas of the level, best first; equal values share a rank.
    pub rank: Option<u32>,
    /// How many areas are ranked.
    pub rank_of: Option<u32>,
}

impl Value {
    /// Share of what was expected that was reported.
    pub fn coverage(&self) -> Option<f64> {
        coverage(self.reported, self.expected)
    }

    /// Value minus target, of a figure without a flag.
    pub fn gap(&self) -> Option<f64> {
        Some(self.value.filter(|_| self.is_sure())? - self.target?)
    }

    /// Units that were expected and did not enter.
    pub fn missing_units(&self) -> Option<i64> {
        self.reason.and(Some(self.expected? - self.reported.unwrap_or(0)))
    }

    /// Whether it is a figure without a flag: what others may be held against.
    pub fn is_sure(&self) -> bool {
        self.value.is_some() && self.obs_status != ObsStatus::LowReliability
    }

    /// Takes the value away, and the sums from which it could be made again.
    pub(super) fn withhold(&mut self) {
        self.value = None;
        self.numerator = None;
        self.denominator = None;
        self.obs_status = ObsStatus::Missing;
        self.reason = Some(Reason::Withheld);
    }

    /// Whether both are of one level and quarter.
    pub fn is_beside(&self, other: &Value) -> bool {
        (self.place.level, self.place.quarter) == (other.place.level, other.place.quarter)
    }
}

/// Share of what was expected that was reported; none where nothing was, or it is not counted.
pub fn coverage(reported: Option<i64>, expected: Option<i64>) -> Option<f64> {
    let expected = expected.filter(|expected| *expected > 0)?;
    Some(reported? as f64 / expected as f64)
}

/// Rounds half away from zero (四舍五入) to `decimals`, on the decimal digits of the value.
pub fn round(value: f64, decimals: usize) -> f64 {
    let scale = 10f64.powi(i32::try_from(decimals).unwrap_or(0));
    // One part in 10^12 above a half still counts as the half that binary fractions cannot hold.
    let scaled = value * scale;
    let nudged = scaled + scaled.signum() * scaled.abs().max(1.0) * 1e-12;
    // Adding zero turns a negative zero into zero.
    nudged.round() / scale + 0.0
}
