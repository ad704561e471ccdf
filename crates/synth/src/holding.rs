//! The parcels that enterprises hold, whatever park they are in.

use super::dice::{Dice, Topic};
use super::land::LandUnit;
use super::quarter::{Day, Quarter};
use super::register::World;

/// One parcel in the hands of an enterprise.
pub(super) struct Holding {
    pub id: String,
    /// Area in the last decimal of the city's unit.
    pub area: i64,
    pub from: Day,
    /// The day it was given up.
    pub to: Option<Day>,
}

impl Holding {
    /// Whether the enterprise holds it on a day.
    pub(super) fn counts_on(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| to > day)
    }
}

/// The parcels of an enterprise; some rent all they use.
pub(super) fn holdings(world: &World, index: usize) -> Vec<Holding> {
    let enterprise = &world.enterprises[index];
    let mut dice = world.seed.at(Topic::Holding, index as u64, 0);
    if dice.chance(0.04) {
        return Vec::new();
    }
    let unit = LandUnit::of_city(enterprise.city);
    // Tax in wanyuan over the tax that a mu carries.
    let mu = (enterprise.annual / 10.0 * enterprise.tax_rate / dice.between(4.0, 22.0)).max(2.0);
    let count = 1 + dice.below(3);
    (0..count)
        .map(|serial| {
            let from = if serial == 0 { before(&mut dice, enterprise.first()) } else { within(&mut dice, world) };
            let last = enterprise.first().max(world.from);
            // The first parcel stays, so that who holds land once always holds some.
            let given_up = serial > 0 && dice.chance(0.1);
            let to = given_up.then(|| Day { day: 5, ..last.plus(6 + dice.below(8) as i32).first_day() });
            Holding {
                id: format!("{}Q{:05}-{}", world.cities[enterprise.city].prefix, index, serial + 1),
                area: (mu / count as f64 * dice.between(0.6, 1.4) * 1e6 / unit.micromu() as f64).round() as i64 + 1,
                from,
                to: to.filter(|&to| to > from),
            }
        })
        .collect()
}

/// A day before a quarter.
fn before(dice: &mut Dice, quarter: Quarter) -> Day {
    let Day { year, month, .. } = quarter.plus(-1 - dice.below(20) as i32).first_day();
    Day { year, month: month + dice.below(3) as u8, day: 1 + dice.below(28) as u8 }
}

/// A day of the sample, or of the years before it.
fn within(dice: &mut Dice, world: &World) -> Day {
    let quarter = world.from.plus(dice.below(world.quarters + 12) as i32 - 12);
    Day { day: 1 + dice.below(28) as u8, ..quarter.first_day() }
}
