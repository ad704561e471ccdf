//! The land ledger: every plot given out in a park, with the history of the whole programme.

use super::dice::{Dice, Topic};
use super::quarter::{Day, Quarter};
use super::register::{LandHistory, World};

/// The unit a city keeps its ledger in.
#[derive(Clone, Copy)]
pub(super) enum LandUnit {
    /// 亩, two decimals.
    Mu,
    /// 公顷, four decimals.
    Hectare,
    /// 平方米, two decimals.
    SquareMetre,
}

impl LandUnit {
    /// The unit of a city.
    pub(super) fn of_city(city: usize) -> Self {
        [Self::Mu, Self::Hectare, Self::SquareMetre][city % 3]
    }

    /// Its name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Mu => "亩",
            Self::Hectare => "公顷",
            Self::SquareMetre => "平方米",
        }
    }

    /// Decimals of an area.
    pub(super) fn places(self) -> u8 {
        match self {
            Self::Mu | Self::SquareMetre => 2,
            Self::Hectare => 4,
        }
    }

    /// Micromu in one unit of the last decimal.
    pub(super) fn micromu(self) -> i64 {
        match self {
            Self::Mu => 10_000,
            Self::Hectare => 1_500,
            Self::SquareMetre => 15,
        }
    }
}

/// What a plot is for; only the first counts.
pub(super) const INDUSTRIAL: &str = "工业用地";

/// One line of the ledger.
pub(super) struct Plot {
    pub id: String,
    pub land_use: &'static str,
    /// Area in the last decimal of the city's unit.
    pub area: i64,
    pub supplied: Day,
    pub reclaimed: Option<Day>,
}

impl Plot {
    /// Whether the plot counts as industrial land on a day.
    pub(super) fn counts_on(&self, day: Day) -> bool {
        self.land_use == INDUSTRIAL && self.supplied <= day && self.reclaimed.is_none_or(|reclaimed| reclaimed > day)
    }
}

/// The plots that the ledger has under the code of a park. Those of a park that became one with others stay where they were; those of
/// one that was split are given up there, and given out again by those it was split into.
pub(super) fn plots(world: &World, park: usize) -> Vec<Plot> {
    let place = &world.parks[park];
    let shared = |from: usize| Some(world.heirs(from)).filter(|heirs| heirs.len() > 1);
    if let (Some(_), Some(last)) = (shared(park), place.closes) {
        let until = last.plus(1).first_day();
        let kept = own_plots(world, park).into_iter().filter(|plot| plot.supplied < until);
        return kept
            .map(|plot| Plot { reclaimed: Some(plot.reclaimed.map_or(until, |day| day.min(until))), ..plot })
            .collect();
    }
    let Some(&from) = place.heir_of.first() else { return own_plots(world, park) };
    let heirs = shared(from).unwrap_or_default();
    let Some(mine) = heirs.iter().position(|&heir| heir == park) else { return Vec::new() };
    let since = place.opens.first_day();
    own_plots(world, from)
        .into_iter()
        .filter(|plot| plot.reclaimed.is_none_or(|day| day > since))
        .enumerate()
        // Not in turn, or all industrial plots could fall to one.
        .filter(|(serial, _)| serial / 2 % heirs.len() == mine)
        .map(|(serial, plot)| Plot {
            id: format!("{}-{:04}", place.code, serial + 1),
            supplied: plot.supplied.max(since),
            ..plot
        })
        .collect()
}

fn own_plots(world: &World, park: usize) -> Vec<Plot> {
    let place = &world.parks[park];
    if place.land == LandHistory::None {
        return Vec::new();
    }
    let mut dice = world.seed.at(Topic::Land, park as u64, 0);
    let unit = LandUnit::of_city(place.city);
    let industrial = 10 + dice.below(16);
    let years = world.quarters as f64 / 4.0;
    let later = (0.04 * years).clamp(0.05, 0.4);
    (0..industrial * 4 / 3)
        .map(|serial| {
            let land_use = match serial % 4 {
                0..=2 => INDUSTRIAL,
                _ if dice.chance(0.5) => "仓储用地",
                _ => "商服用地",
            };
            let mu = place.land_mu / industrial as f64 * dice.between(0.5, 1.5);
            let supplied = supplied(&mut dice, world, place.land, serial == 0, later);
            let reclaimed = (serial > 0 && dice.chance(0.04)).then(|| reclaimed(&mut dice, world, supplied));
            Plot {
                id: format!("{}-{:04}", place.code, serial + 1),
                land_use,
                area: (mu * 1e6 / unit.micromu() as f64).round() as i64 + 1,
                supplied,
                reclaimed,
            }
        })
        .collect()
}

/// The day a plot was given out: most before the sample, `later` of them within it.
fn supplied(dice: &mut Dice, world: &World, history: LandHistory, first: bool, later: f64) -> Day {
    let start = match history {
        LandHistory::From(start) => start,
        LandHistory::Full | LandHistory::None => world.from,
    };
    if !first && dice.chance(later) && start < world.last() {
        let later = 1 + dice.below(world.last().since(start) as usize) as i32;
        return day_in(dice, start.plus(later));
    }
    match history {
        LandHistory::From(start) => day_in(dice, start),
        LandHistory::Full | LandHistory::None => {
            let back = 1 + dice.below(36) as i32;
            day_in(dice, world.from.plus(-back))
        }
    }
}

fn reclaimed(dice: &mut Dice, world: &World, supplied: Day) -> Day {
    let quarter = world.from.plus(dice.below(world.quarters) as i32);
    let day = day_in(dice, quarter);
    if day > supplied { day } else { Day { year: supplied.year + 1, ..supplied } }
}

/// A day of a quarter that every month has.
fn day_in(dice: &mut Dice, quarter: Quarter) -> Day {
    let Day { year, month, .. } = quarter.first_day();
    // The last day of a quarter counts too, and is a favourite of offices.
    if dice.chance(0.08) {
        return quarter.last_day();
    }
    Day { year, month: month + dice.below(3) as u8, day: 1 + dice.below(28) as u8 }
}
