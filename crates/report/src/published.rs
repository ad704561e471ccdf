//! How a value is written: rounded as it is published (四舍五入, half away from zero, on the decimal digits), or why there
//! is none.

use config::indicator::{Indicator, YearOnYear};
use model::indicators::{ConfStatus, ObsStatus, Value, round};
use publish::Language;

/// Decimals of a gap beyond those of its value.
pub const GAP_DECIMALS: usize = 4;

/// Decimals of a change in percent.
const CHANGE_DECIMALS: usize = 1;

/// What stands in the place of a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shown {
    /// A figure.
    Figure {
        /// The value, rounded to the decimals of its indicator.
        rounded: f64,
        /// So many decimals are written, also where the last ones are zero.
        decimals: usize,
        /// Whether it is normal, estimated, not all of it was reported, or the territory changed.
        status: ObsStatus,
        /// Whether it rests on too few enterprises to be for everyone.
        is_confidential: bool,
    },
    /// None, and why.
    Missing(ObsStatus),
}

impl Shown {
    /// A value of an indicator; without one it cannot exist, as for an area that was not there.
    pub fn of(value: Option<&Value>, indicator: &Indicator) -> Shown {
        let Some(value) = value else { return Shown::Missing(ObsStatus::CannotExist) };
        match value.value {
            Some(figure) => Shown::Figure {
                rounded: round(figure, indicator.decimals),
                decimals: indicator.decimals,
                status: value.obs_status,
                is_confidential: value.conf_status == ConfStatus::Confidential,
            },
            None => Shown::Missing(value.obs_status),
        }
    }

    /// The figure, rounded; none where there is none.
    pub fn rounded(&self) -> Option<f64> {
        match self {
            Shown::Figure { rounded, .. } => Some(*rounded),
            Shown::Missing(_) => None,
        }
    }

    /// What stands in its cell: the figure with its decimals, or the sign of what is missing. Its unit stands in the
    /// heading, its mark is [`Shown::mark`].
    pub fn text(&self, language: Language) -> String {
        match self {
            Shown::Figure { rounded, decimals, .. } => write(*rounded, *decimals),
            Shown::Missing(status) => sign(*status, language).to_owned(),
        }
    }

    /// A sign behind a figure that is not like the others: `*` is estimated, `†` not all was reported, `‡` the
    /// territory changed, `§` rests on few enterprises. Empty for a plain figure.
    pub fn mark(&self) -> &'static str {
        match self {
            Shown::Figure { is_confidential: true, .. } => "§",
            Shown::Figure { status: ObsStatus::Estimated, .. } => "*",
            Shown::Figure { status: ObsStatus::LowReliability, .. } => "†",
            Shown::Figure { status: ObsStatus::Break, .. } => "‡",
            _ => "",
        }
    }

    /// What there is to say of it in words; empty for a plain figure.
    pub fn words(&self, language: Language) -> &'static str {
        match self {
            Shown::Figure { is_confidential: true, .. } => {
                language.of("所依据的企业过少，不宜公开", "rests on few enterprises, confidential")
            }
            Shown::Figure { status: ObsStatus::Normal, .. } => "",
            Shown::Figure { status, .. } | Shown::Missing(status) => language.status(*status),
        }
    }
}

/// The sign of what is missing.
fn sign(status: ObsStatus, language: Language) -> &'static str {
    match status {
        ObsStatus::NotDue => language.of("未到期", "not due"),
        ObsStatus::Suppressed => "(c)",
        ObsStatus::Missing => language.of("未报", "n/r"),
        _ => "—",
    }
}

/// A figure with its decimals, rounded half away from zero, and without separators of thousands, as statistical tables of the country
/// have none.
pub fn write(value: f64, decimals: usize) -> String {
    format!("{:.decimals$}", round(value, decimals))
}

/// The same behind the sign of what rises; zero has none, nor has what is rounded to it.
pub fn signed(value: f64, decimals: usize) -> String {
    let sign = if round(value, decimals) > 0.0 { "+" } else { "" };
    format!("{sign}{}", write(value, decimals))
}

/// The change against last year: rounded, its decimals, and its unit as definitions write it.
pub fn change<'i>(value: &Value, indicator: &'i Indicator) -> Option<(f64, usize, &'i str)> {
    let (decimals, unit) = match (indicator.yoy, indicator.unit.as_str()) {
        (YearOnYear::None, _) => return None,
        (YearOnYear::Relative, _) => (CHANGE_DECIMALS, "%"),
        (YearOnYear::Difference, "%") => (indicator.decimals, "百分点"),
        (YearOnYear::Difference, unit) => (indicator.decimals, unit),
    };
    Some((round(value.yoy?, decimals), decimals, unit))
}

/// As many decimals as it takes to see a gap: what is missing of 68.0 is not 0.0.
pub fn gap_decimals(gap: f64, decimals: usize) -> usize {
    let is_seen = |decimals: &usize| gap.abs() * 10f64.powi(i32::try_from(*decimals).unwrap_or(0)) >= 0.5;
    (decimals..=decimals + GAP_DECIMALS).find(is_seen).unwrap_or(decimals)
}
