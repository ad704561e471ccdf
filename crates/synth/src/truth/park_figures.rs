//! What follows from the reports of the park administrations: counts, sums, and ratios over the parks that have both sides.

use super::amounts::Tally;
use super::figure::Figure;
use crate::monitor::Monitoring;
use crate::quarter::Quarter;
use crate::reform::{self, Filing, Flag, Reform};
use crate::register::World;

/// Fen in 10^-2 yi yuan.
const YIYUAN: i128 = 100_000_000;
/// Fen in 10^-2 wan yuan.
const WANYUAN: i128 = 10_000;
/// Micromu in 10^-2 of 10^4 m².
const FLOOR: i128 = 150_000;
/// Micromu in 10^-2 mu.
const MU: i128 = 10_000;
/// Micromu in 10^-2 km².
const SQUARE_KM: i128 = 15_000_000;

/// An indicator made from one or two sums over parks: its name, whether it is a ratio, and what the value is multiplied by.
type Measure = (&'static str, bool, f64);

const MEASURES: usize = 23;

const LIST: [Measure; MEASURES] = [
    ("parks_in_park", false, 1.0),
    ("sub_park_revenue_share_ytd", true, 100.0),
    ("delegated_powers", false, 1.0),
    ("market_financed_share_ytd", true, 100.0),
    ("high_level_staff", false, 1.0),
    ("high_level_staff_per_10000_employees", true, 10_000.0),
    ("contracted_investment_ytd", false, 1e-10),
    ("realised_investment_ytd", false, 1e-10),
    ("in_place_funds_ytd", false, 1e-10),
    ("renovation_share_ytd", true, 100.0),
    ("investment_intensity", true, 1.0),
    ("plot_ratio", true, 1.0),
    ("idle_land", false, 1e-6),
    ("idle_land_share", true, 100.0),
    ("green_parks", false, 1.0),
    ("smart_parks", false, 1.0),
    ("chemical_parks", false, 1.0),
    ("central_sewage_parks", false, 1.0),
    ("monitoring_parks", false, 1.0),
    ("committee_company_parks", false, 1.0),
    ("operating_company_parks", false, 1.0),
    ("chemical_parks_remediated", false, 1.0),
    ("built_up_rate", true, 100.0),
];

/// The sums of an area: over and under the line of each measure.
#[derive(Clone)]
pub(super) struct ParkSums {
    measures: [(Tally, i128); MEASURES],
    workshops: Tally,
}

impl Default for ParkSums {
    fn default() -> Self {
        Self { measures: [(Tally::default(), 0); MEASURES], workshops: Tally::default() }
    }
}

impl ParkSums {
    /// What one park reports for a quarter in which it is open; land in micromu, 0 where there is no record.
    pub(super) fn of(world: &World, park: usize, quarter: Quarter, monitoring: &Monitoring, land: i128) -> Self {
        let mut sums = Self::default();
        sums.workshops.add(i128::from(monitoring.workshops) * FLOOR);
        let built = (monitoring.built_up, monitoring.planned);
        sums.enter(MEASURES - 1, Some((i128::from(built.0) * SQUARE_KM, i128::from(built.1) * SQUARE_KM)));
        if reform::filing(world, park, quarter) != Filing::Never {
            let row = reform::of(world, park, quarter);
            for (place, entry) in entries(&row, monitoring.employees, land).into_iter().enumerate() {
                sums.enter(place, entry);
            }
        }
        sums
    }

    fn enter(&mut self, place: usize, entry: Option<(i128, i128)>) {
        if let Some((over, under)) = entry {
            self.measures[place].0.add(over);
            self.measures[place].1 += under;
        }
    }

    /// Adds the sums of another area.
    pub(super) fn merge(&mut self, other: &Self) {
        self.workshops.merge(other.workshops);
        for (mine, theirs) in self.measures.iter_mut().zip(&other.measures) {
            mine.0.merge(theirs.0);
            mine.1 += theirs.1;
        }
    }

    /// The figures of an area.
    pub(super) fn figures(&self) -> Vec<(&'static str, Figure)> {
        let level = |tally: Tally, scale: f64| match tally.count {
            0 => Figure::default(),
            _ => Figure { value: Some(tally.total as f64 * scale), numerator: Some(tally.total), denominator: None },
        };
        let mut figures: Vec<(&str, Figure)> = LIST
            .iter()
            .zip(&self.measures)
            .map(|(&(name, is_ratio, scale), &(over, under))| {
                let ratio = || Figure::ratio(over.count, over.total, under, scale);
                (name, if is_ratio { ratio() } else { level(over, scale) })
            })
            .collect();
        figures.push(("standard_factory_area", level(self.workshops, 1.0 / 15_000_000.0)));
        figures
    }
}

/// Over and under the line of every measure but the last, where the park has what it needs.
fn entries(row: &Reform, employees: i64, land: i128) -> [Option<(i128, i128)>; MEASURES - 1] {
    let level = |value: Option<i64>, unit: i128| value.map(|value| (i128::from(value) * unit, 0));
    let ratio = |over: Option<i64>, unit: i128, under: Option<i64>, other: i128| {
        over.zip(under).map(|(over, under)| (i128::from(over) * unit, i128::from(under) * other))
    };
    let on_land =
        |value: Option<i64>, unit: i128| value.filter(|_| land > 0).map(|value| (i128::from(value) * unit, land));
    let flag = |flag: Flag| row.flags[flag as usize].map(|flag| (i128::from(flag), 0));
    let remediated = row.flags[Flag::Chemical as usize].and_then(|is_chemical| {
        let done = row.remediation.map(|state| state == 2);
        if is_chemical { done } else { Some(false) }
    });
    [
        level(row.inner_parks, 1),
        ratio(row.inner_revenue, YIYUAN, row.revenue, YIYUAN),
        level(row.powers, 1),
        ratio(row.raised_on_market, WANYUAN, row.raised, WANYUAN),
        level(row.high_level, 1),
        ratio(row.high_level, 1, Some(employees), 1),
        level(row.contracted, YIYUAN),
        level(row.realised, YIYUAN),
        level(row.in_place, WANYUAN),
        ratio(row.renovation, WANYUAN, row.fixed, YIYUAN),
        on_land(row.projects, YIYUAN),
        on_land(row.floor, FLOOR),
        level(row.idle, MU),
        on_land(row.idle, MU),
        flag(Flag::Green),
        flag(Flag::Smart),
        flag(Flag::Chemical),
        flag(Flag::Sewage),
        flag(Flag::Monitoring),
        flag(Flag::Committee),
        flag(Flag::Company),
        remediated.map(|done| (i128::from(done), 0)),
    ]
}
