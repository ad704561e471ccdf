//! The assessment of parks by the sample's method, whose numbers are written down a second time here.

use super::figure::Figure;
use crate::quarter::Quarter;

/// Points that may leave with parts that have no value.
const MAY_LEAVE: f64 = 25.0;

/// An indicator, its weight, and the values that give nothing and all of it.
struct Part {
    indicator: &'static str,
    weight: f64,
    nothing: f64,
    all: f64,
}

/// The parts of a quarter.
fn parts(quarter: Quarter) -> [Part; 10] {
    let part = |indicator, weight, nothing, all| Part { indicator, weight, nothing, all };
    let year = quarter.year();
    let from = |first: i32, before: f64, then: f64| if year >= first { then } else { before };
    let per_worker = from(2019, from(2018, 28.0, 30.0), 32.0) * f64::from(quarter.quarter()) / 4.0;
    [
        part("share_of_province_va_ytd", 15.0, 0.0, 0.4),
        part("employees_all", 10.0, 0.0, 26_667.0),
        part("tax_per_mu_ttm", from(2019, 18.0, 20.0), 0.0, from(2022, 11.0, 15.0)),
        part("value_added_per_mu_ttm", from(2019, 12.0, 10.0), 0.0, from(2019, 55.0, 60.0)),
        part("labour_productivity_ytd", 5.0, 0.0, per_worker),
        part("real_growth_ytd", 10.0, 0.0, 8.0),
        part("revenue_growth_ytd", 5.0, 0.0, 10.0),
        part("smart_retrofit_coverage", 5.0, 0.0, from(2019, 40.0, 60.0)),
        part("energy_intensity_change_ytd", 10.0, 4.0, -4.0),
        part("emissions_per_va_change_ytd", 10.0, 5.0, -5.0),
    ]
}

/// The ranks of the last quarter, by park.
#[derive(Default)]
pub(super) struct Board {
    ranks: Vec<Option<usize>>,
}

impl Board {
    /// Adds score, stars and movement to the figures of all parks, and remembers the ranks.
    pub(super) fn assess(&mut self, quarter: Quarter, parks: &mut [Vec<(&'static str, Figure)>]) {
        let scores: Vec<Option<f64>> = parks.iter().map(|figures| score(quarter, figures)).collect();
        // As they are shown: hundredths.
        let shown: Vec<Option<i64>> =
            scores.iter().map(|score| score.map(|score| (score * 100.0).round() as i64)).collect();
        let rank = |mine: i64| 1 + shown.iter().flatten().filter(|other| **other > mine).count();
        let ranks: Vec<Option<usize>> = shown.iter().map(|shown| shown.map(rank)).collect();
        for (park, figures) in parks.iter_mut().enumerate() {
            let before = self.ranks.get(park).copied().flatten();
            let moved = before.zip(ranks[park]).map(|(before, now)| before as f64 - now as f64);
            // Of the score as it is: a millionth of a thousandth is what doubles may lose, and no park misses its stars by it.
            let stars = scores[park].map(|score| (((score + 1e-9) / 10.0).floor() - 3.0).clamp(1.0, 6.0));
            figures.push(("assessment_score", Figure::value(scores[park])));
            figures.push(("assessment_stars", Figure::value(stars)));
            figures.push(("assessment_movement", Figure::value(moved)));
        }
        self.ranks = ranks;
    }
}

/// What a park reaches of 100.
fn score(quarter: Quarter, figures: &[(&'static str, Figure)]) -> Option<f64> {
    let (mut points, mut left) = (0.0, 0.0);
    for Part { indicator, weight, nothing, all } in parts(quarter) {
        let value = figures.iter().find(|(name, _)| *name == indicator).and_then(|(_, figure)| figure.value);
        match value {
            Some(value) => points += weight * ((value - nothing) / (all - nothing)).clamp(0.0, 1.2),
            None => left += weight,
        }
    }
    (left <= MAY_LEAVE).then(|| points / (100.0 - left) * 100.0)
}
