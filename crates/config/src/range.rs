//! Numbers of the configuration have bounds: a mistake is told with what is allowed, and never becomes a setting.

use std::fmt::Display;
use std::ops::{Bound, RangeBounds};

use super::document::Table;
use vocab::{Said, said};

/// A share: none of something up to all of it.
pub(super) const SHARE: std::ops::RangeInclusive<f64> = 0.0..=1.0;

/// What a quantity, a factor or a benchmark may be at most: beyond that, sums of figures are not exact any more.
pub(super) const LARGEST: f64 = 1e15;

/// Above zero, and no more than `most`.
pub(super) fn above_zero(most: f64) -> impl RangeBounds<f64> {
    (Bound::Excluded(0.0), Bound::Included(most))
}

impl Table<'_, '_> {
    /// An optional number, whole or not, within bounds.
    pub fn number_within(&self, key: &str, allowed: impl RangeBounds<f64>) -> Option<f64> {
        let value = self.opt_number(key)?;
        self.holds(key, value, allowed).then_some(value)
    }

    /// An optional whole number within bounds.
    pub fn int_within(&self, key: &str, allowed: impl RangeBounds<i64>) -> Option<i64> {
        let value = self.opt_int(key)?;
        self.holds(key, value, allowed).then_some(value)
    }

    /// Whether a value lies within bounds; if not, it is told.
    pub fn holds<T: PartialOrd + Display>(&self, key: &str, value: T, allowed: impl RangeBounds<T>) -> bool {
        let is_allowed = allowed.contains(&value);
        if !is_allowed {
            let told = told(&allowed);
            let message = said!("`{key}` 应{told}，现为 {value}", "`{key}` must be {told}, not {value}"; told);
            self.error(key, message);
        }
        is_allowed
    }
}

fn told<T: Display>(allowed: &impl RangeBounds<T>) -> Said {
    match (allowed.start_bound(), allowed.end_bound()) {
        (Bound::Included(from), Bound::Included(to)) => said!("介于 {from} 与 {to} 之间", "from {from} to {to}"),
        (Bound::Excluded(from), Bound::Included(to)) => {
            said!("大于 {from} 且不大于 {to}", "above {from} and at most {to}")
        }
        (Bound::Included(from), _) => said!("不小于 {from}", "at least {from}"),
        (Bound::Excluded(from), _) => said!("大于 {from}", "above {from}"),
        (Bound::Unbounded, Bound::Included(to)) => said!("不大于 {to}", "at most {to}"),
        (Bound::Unbounded, _) => said!("为数值", "a number"),
    }
}
