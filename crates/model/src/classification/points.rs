//! Points as exact fractions, in SQL of whole numbers of 64 bits.
//!
//! The points of a measure are `part / under`: `part` in units of a point that all weights are whole numbers of, `under` a number
//! of enterprises of the park, or its square. Everyone in a park has the same `under`s, so their product is a denominator
//! that all totals of the park have in common, and totals are compared by whole numbers: who is equal is tied. Nothing is rounded
//! but what is shown.

use std::collections::BTreeSet;

use config::classification::{Measure, Method, Missing, Scoring};

/// Units in a point where points follow from benchmarks: quotients of amounts have no denominator in common, so a method that
/// uses them counts in 10^-10 points, half up. Points by ranks stay exact beside them.
const BENCHMARK_UNITS: i64 = 10_000_000_000;
/// No benchmark gives more points than this, so that sums fit.
const MOST_POINTS: f64 = 100_000.0;
/// The whole numbers that sums must stay below; somewhat less than 2^63, so that no estimate of a product goes beyond it.
const WIDEST: f64 = 9.2e18;

/// The units that the points of a method are counted in: `units` of them make `points` points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit {
    /// Units …
    pub units: i64,
    /// … in this many points.
    pub points: i64,
}

impl Unit {
    /// The largest unit that every weight is a whole number of.
    pub(super) fn of(method: &Method) -> Unit {
        if method.measures.iter().any(|measure| measure.scoring != Scoring::Rank) {
            return Unit { units: BENCHMARK_UNITS, points: 1 };
        }
        // Of 40, 10, 25 and 25 points it is 5: 1 unit in 5 points.
        let unit_micro = method.measures.iter().fold(1_000_000_000, |common, one| gcd(common, one.weight_micro)).max(1);
        let common = gcd(unit_micro, 1_000_000);
        Unit { units: 1_000_000 / common, points: unit_micro / common }
    }

    /// A weight in units.
    pub(super) fn weight(self, measure: &Measure) -> i64 {
        measure.weight_micro * self.units / (1_000_000 * self.points)
    }

    /// The most points of a measure by its benchmark, in points.
    pub(super) fn most(weight: f64, cap: Option<f64>) -> f64 {
        cap.map_or(MOST_POINTS, |cap| (cap * weight).min(MOST_POINTS))
    }
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The column that a measure's points are divided by.
pub(super) fn under(measure: &Measure) -> Option<String> {
    match (measure.scoring, measure.missing) {
        // Whoever lacks it is not evaluated: it is ranked among all who are.
        (Scoring::Rank, Missing::Exempt) => Some("panel".to_owned()),
        (Scoring::Rank, _) | (Scoring::Benchmark { .. }, Missing::ParkMean) => Some(format!("under_{}", measure.id)),
        (Scoring::Benchmark { .. }, _) => None,
    }
}

/// What a method's points are divided by, each once.
fn unders(method: &Method) -> BTreeSet<String> {
    method.measures.iter().filter_map(under).collect()
}

/// The points of these measures together, over the denominator that all of the park have in common.
pub(super) fn sum<'a>(method: &Method, measures: impl Iterator<Item = &'a Measure>) -> String {
    let unders = unders(method);
    let term = |measure: &Measure| {
        let own = under(measure);
        let others = unders.iter().filter(|other| Some(*other) != own.as_ref());
        others.fold(format!("part_{}", measure.id), |term, other| format!("{term} * {other}"))
    };
    measures.map(term).collect::<Vec<_>>().join(" + ")
}

/// The points of a part in SQL: the one place where points are rounded, for show.
pub(super) fn shown(method: &Method, part: &str, unders: &[String]) -> String {
    let Unit { units, points } = Unit::of(method);
    let under: String = unders.iter().map(|under| format!(" * CAST({under} AS DOUBLE)")).collect();
    format!("CAST({part} AS DOUBLE) * {points}.0 / ({units}.0{under})")
}

/// The total in SQL, as it is shown.
pub(super) fn shown_total(method: &Method) -> String {
    let unders: Vec<String> = unders(method).iter().map(|under| format!("c.{under}")).collect();
    shown(method, "c.total", &unders)
}

/// The largest park in which points can be compared: none where its size does not matter.
///
/// With n enterprises a product of all `under`s is at most n^e, where e counts squares twice, and a total over it is at
/// most n^e times the units of all measures, as is each step on the way. In a park of more than this, sums could be beyond 64
/// bits: it has no points, and the run stops.
pub fn largest_panel(method: &Method) -> Option<i64> {
    let exponent = |measure: &Measure| match (measure.scoring, measure.missing) {
        (Scoring::Rank, Missing::ParkMean) => 2,
        (Scoring::Rank, Missing::Zero) | (Scoring::Benchmark { .. }, Missing::ParkMean) => 1,
        _ => 0,
    };
    let has_panel = unders(method).contains("panel");
    let exponent = method.measures.iter().map(exponent).sum::<i32>() + i32::from(has_panel);
    let unit = Unit::of(method);
    let most = |measure: &Measure| match measure.scoring {
        Scoring::Rank => unit.weight(measure) as f64,
        Scoring::Benchmark { cap, .. } => Unit::most(measure.weight_micro as f64 / 1e6, cap) * unit.units as f64,
    };
    let units: f64 = method.measures.iter().map(most).sum();
    (exponent > 0).then(|| (WIDEST / units).powf(1.0 / f64::from(exponent)).floor() as i64)
}
