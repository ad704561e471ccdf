//! A figure of an indicator.

use super::amounts::Matched;

/// A value with the exact sums behind it, where there are such.
#[derive(Default)]
pub(super) struct Figure {
    pub value: Option<f64>,
    pub numerator: Option<i128>,
    pub denominator: Option<i128>,
}

impl Figure {
    /// A count.
    pub(super) fn count(count: u64) -> Self {
        Self { value: Some(count as f64), numerator: Some(i128::from(count)), denominator: None }
    }

    /// A value without sums.
    pub(super) fn value(value: Option<f64>) -> Self {
        Self { value, ..Self::default() }
    }

    /// A ratio of sums over `count` members: nothing without members, no value over zero.
    pub(super) fn ratio(count: u64, numerator: i128, denominator: i128, scale: f64) -> Self {
        if count == 0 {
            return Self::default();
        }
        let value = (denominator != 0).then(|| numerator as f64 / denominator as f64 * scale);
        Self { value, numerator: Some(numerator), denominator: Some(denominator) }
    }

    /// Growth in percent over the same members.
    pub(super) fn growth(sums: Matched) -> Self {
        let value = (sums.before != 0).then(|| (sums.now - sums.before) as f64 / sums.before as f64 * 100.0);
        Self { value, ..Self::ratio(sums.count, sums.now, sums.before, 1.0) }.if_any(sums.count)
    }

    /// Nothing without members.
    pub(super) fn if_any(self, count: u64) -> Self {
        if count == 0 { Self::default() } else { self }
    }
}

/// Seventeen significant digits in plain decimal writing, enough to read the same number back.
pub(super) fn significant(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{value:.16e}");
    let exponent: i32 = scientific.rsplit_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
    format!("{value:.*}", (16 - exponent).max(0) as usize)
}
