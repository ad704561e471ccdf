//! What a release changes in the figures of the one that stood before it.

use std::collections::BTreeMap;

use crate::methods::revision;
use crate::places::Place;
use crate::value::Value;
use config::indicator::Indicator;
use vocab::frame::{Frame, Values};
use vocab::level::Level;

/// The figures of an earlier release: by level, period, indicator and area.
pub type Earlier = BTreeMap<(Level, [String; 3]), Option<f64>>;

/// A figure beside the one that was published for it before.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair<'v> {
    /// The figure now.
    pub now: &'v Value,
    /// The figure before.
    pub before: Option<f64>,
}

impl Pair<'_> {
    /// Whether it changed: its value, or that there is one.
    pub fn is_revised(&self) -> bool {
        self.now.value != self.before
    }
}

/// The figures that both releases have, in the order of the later one. Quarters, areas and indicators that are new are no
/// revisions.
pub fn pairs<'v>(earlier: &Earlier, values: &'v [Value], indicators: &[Indicator]) -> Vec<Pair<'v>> {
    let pair = |now: &'v Value| {
        let Place { level, ref_area, quarter, .. } = &*now.place;
        let key = [&*quarter.sdmx(), &indicators[now.indicator].id, ref_area].map(str::to_owned);
        Some(Pair { now, before: *earlier.get(&(*level, key))? })
    };
    values.iter().filter_map(pair).collect()
}

/// Every figure that changed, with the cause that `cause` gives for its indicator.
pub fn table(pairs: &[Pair<'_>], indicators: &[Indicator], cause: &dyn Fn(&Indicator) -> String) -> Frame {
    let causes: Vec<String> = indicators.iter().map(cause).collect();
    let revised: Vec<&Pair<'_>> = pairs.iter().filter(|pair| pair.is_revised()).collect();
    let text =
        |pick: &dyn Fn(&Value) -> String| Values::Text(revised.iter().map(|pair| Some(pick(pair.now))).collect());
    let float = |pick: fn(&Pair<'_>) -> Option<f64>| Values::Float(revised.iter().map(|pair| pick(pair)).collect());
    Frame::new()
        .with("level", text(&|value| value.place.level.to_string()))
        .with("ref_area", text(&|value| value.place.ref_area.to_string()))
        .with("ref_area_name", text(&|value| value.place.ref_area_name.to_string()))
        .with("time_period", text(&|value| value.place.quarter.sdmx()))
        .with("indicator", text(&|value| indicators[value.indicator].id.clone()))
        .with("unit_measure", text(&|value| indicators[value.indicator].unit.clone()))
        .with("old", float(|pair| pair.before))
        .with("new", float(|pair| pair.now.value))
        .with("revision", float(|pair| Some(pair.now.value? - pair.before?)))
        .with("cause", text(&|value| causes[value.indicator].clone()))
}

/// The earlier and the later value of a figure.
type Figures = Vec<(f64, f64)>;

/// How much the figures of each level and indicator were revised, over all that both releases have a value for.
pub fn summary(pairs: &[Pair<'_>], indicators: &[Indicator]) -> Frame {
    let mut groups: BTreeMap<(Level, usize), Figures> = BTreeMap::new();
    for pair in pairs {
        if let (Some(before), Some(now)) = (pair.before, pair.now.value) {
            let key = (pair.now.place.level, pair.now.indicator);
            groups.entry(key).or_default().push((before, now));
        }
    }
    let rows: Vec<(Level, usize, revision::Revisions)> = groups
        .into_iter()
        .filter_map(|((level, indicator), figures)| Some((level, indicator, revision::revisions(&figures)?)))
        .collect();
    let count = |pick: fn(&revision::Revisions) -> usize| {
        Values::Int(rows.iter().map(|(_, _, one)| i64::try_from(pick(one)).ok()).collect())
    };
    let float = |pick: fn(&revision::Revisions) -> Option<f64>| {
        Values::Float(rows.iter().map(|(_, _, one)| pick(one)).collect())
    };
    Frame::new()
        .with("level", Values::Text(rows.iter().map(|(level, ..)| Some(level.as_str())).collect()))
        .with("indicator", Values::Text(rows.iter().map(|(_, at, _)| Some(&indicators[*at].id)).collect()))
        .with("figures", count(|one| one.figures))
        .with("up", count(|one| one.up))
        .with("down", count(|one| one.down))
        .with("mean_revision", float(|one| Some(one.mean)))
        .with("mean_absolute_revision", float(|one| Some(one.mean_absolute)))
        .with("relative_absolute_revision", float(|one| one.relative))
        .with("same_sign", float(|one| Some(one.same_sign)))
}
