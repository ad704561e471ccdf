//! What is made of growth: an area's part in the growth of all parks, and the average annual change of energy intensity.

use std::collections::BTreeMap;

use super::figure::Figure;
use super::sums::Sums;
use crate::quarter::Quarter;
use crate::register::World;

/// The year that the average annual change of energy intensity is counted from.
const BASE_YEAR: i32 = 2016;

/// Yearly changes of energy intensity in percent, by level, position of the area and quarter.
#[derive(Default)]
pub(super) struct Changes(BTreeMap<(&'static str, usize, Quarter), f64>);

impl Changes {
    /// Takes the change of a quarter, and gives what those of the same quarter of all years come to in a year on average.
    pub(super) fn mean(&mut self, level: &'static str, area: usize, quarter: Quarter, change: Option<f64>) -> Figure {
        let at = |quarter: Quarter| (level, area, quarter);
        if let Some(change) = change {
            self.0.insert(at(quarter), change);
        }
        let years = quarter.year() - BASE_YEAR;
        let factors: Option<Vec<f64>> =
            (0..years).map(|ago| self.0.get(&at(quarter.plus(-4 * ago))).map(|change| 1.0 + change / 100.0)).collect();
        let mean = |factors: Vec<f64>| factors.iter().product::<f64>().powf(1.0 / f64::from(years)) - 1.0;
        Figure::value(factors.filter(|factors| !factors.is_empty()).map(|factors| mean(factors) * 100.0))
    }
}

/// Pull on the growth of all parks and contribution to it, with the flag that tells how to read the latter. All parks
/// themselves have a pull only.
pub(super) fn part_in_growth(
    world: &World,
    quarter: Quarter,
    is_whole: bool,
    sums: &Sums,
    whole: &Sums,
) -> Vec<(&'static str, Figure)> {
    let increment = |sums: &Sums| sums.va_real.constant(world, quarter).less(sums.va.before);
    let is_known = sums.va.count > 0 && whole.va.before != 0;
    let (part, all, base) = (increment(sums), increment(whole), whole.va.before as f64);
    let pull = Figure {
        value: is_known.then(|| part / base * 100.0),
        numerator: None,
        denominator: is_known.then_some(whole.va.before),
    };
    if is_whole {
        return vec![("pull_on_parks_growth_ytd", pull)];
    }
    let moves = (all / base).abs() >= 0.005;
    let flag = match (moves, all > 0.0, part > 0.0, part < 0.0) {
        (false, ..) => 0.0,
        (_, true, _, false) => 1.0,
        (_, true, ..) => 2.0,
        (_, false, false, _) => -1.0,
        (_, false, ..) => -2.0,
    };
    vec![
        ("pull_on_parks_growth_ytd", pull),
        ("contribution_to_parks_growth_ytd", Figure::value((is_known && moves).then(|| part / all * 100.0))),
        ("contribution_to_parks_growth_flag_ytd", Figure::value(is_known.then_some(flag))),
    ]
}
