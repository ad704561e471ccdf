//! How enterprises come to be: size, trade, character, and where they stay.

use super::codes::CreditCode;
use super::dice::{Dice, Topic};
use super::facts::{CLASSES, DIVISIONS, division_index};
use super::quarter::{Month, Quarter};
use super::register::{Enterprise, Stay, World};

/// One enterprise in so many is a giant.
const GIANT_EVERY: usize = 80;
/// Enough enterprises for one that dominates a city.
const COLOSSUS_FROM: usize = 300;
/// Divisions of the giants, in turn: mostly non-ferrous metals, so that one cluster is large.
const GIANT_DIVISIONS: [&str; 8] = ["39", "32", "32", "32", "32", "31", "25", "13"];

/// Makes enterprises, one at a time and each from its own dice.
pub(super) struct Founder {
    giants: usize,
    colossus: bool,
    /// Part of the enterprises with a retrofit at the end of the sample.
    coverage: f64,
}

impl Founder {
    /// The founder of a sample of so many enterprises.
    pub(super) fn new(world: &World, enterprises: usize) -> Self {
        Self {
            giants: enterprises / GIANT_EVERY,
            colossus: enterprises >= COLOSSUS_FROM,
            coverage: world.seed.at(Topic::Retrofit, u64::MAX, 0).between(0.48, 0.62),
        }
    }

    /// The enterprise with this number.
    pub(super) fn found(&self, world: &World, index: usize) -> Enterprise {
        let mut dice = world.seed.at(Topic::Enterprise, index as u64, 0);
        let parks = world.parks.len();
        // Every park has one enterprise that never leaves it, so that no park is ever empty.
        let anchor = index < parks;
        let giant = index.checked_sub(parks).filter(|&serial| serial < self.giants);
        let home = match giant {
            _ if anchor => Some(index),
            Some(0) => Some(0),
            Some(_) => Some(dice.weighted(world.parks.iter().map(|park| park.weight))),
            None if dice.chance(0.05) => None,
            None => Some(dice.weighted(world.parks.iter().map(|park| park.weight))),
        };
        let division = division(&mut dice, world, home, giant);
        let (stay, later) = stays(&mut dice, world, home, anchor || giant.is_some(), anchor);
        let city = home.map_or_else(|| dice.below(world.cities.len()), |park| world.parks[park].city);
        let annual = match giant {
            Some(0) if self.colossus => 78.0e6,
            Some(_) => dice.between(4.0e6, 10.0e6),
            None => (95_000.0 * dice.lognormal(1.05)).clamp(22_000.0, 3.0e6),
        };
        let restlessness = if giant.is_some() { 0.012 } else { 0.07 };
        let fact = &DIVISIONS[division];
        let real_energy = f64::from(fact.energy_per_100_wanyuan) / 100.0 * 10.0 * fact.va_rate_e4 as f64 / 1e4;
        Enterprise {
            code: CreditCode::of(world.seed, index as u64, world.cities[city].code),
            city,
            class: class(&mut dice, division),
            division,
            stay,
            later,
            retrofit: self.retrofit(world, index),
            annual,
            restlessness,
            before: if dice.chance(0.2) { 0.0 } else { dice.between(0.7, 1.05) },
            energy_rate: real_energy * dice.lognormal(0.4),
            tax_rate: (f64::from(fact.tax_per_mille) / 1000.0 * dice.between(0.85, 1.2)).clamp(0.03, 0.06),
            export_rate: if dice.chance(0.3) { dice.between(0.02, 0.5) } else { 0.0 },
            margin: 0.06 + 0.55 * restlessness * dice.normal(),
            heads: (annual / f64::from(fact.revenue_per_worker) * dice.lognormal(0.25)).max(8.0),
        }
    }

    /// The month of its first retrofit: coverage grows from 15 % before the sample to `self.coverage` at its end.
    fn retrofit(&self, world: &World, index: usize) -> Option<Month> {
        const START: f64 = 0.15;
        let mut dice = world.seed.at(Topic::Retrofit, index as u64, 0);
        let place = dice.unit();
        let start = Month::of(world.from.first_day());
        if place < START {
            Some(start.plus(-1 - dice.below(36) as i32))
        } else if place < self.coverage {
            let part = (place - START) / (self.coverage - START);
            Some(start.plus((part * world.quarters as f64 * 3.0) as i32))
        } else {
            None
        }
    }
}

/// Where and when an enterprise is, given its home park.
fn stays(dice: &mut Dice, world: &World, home: Option<usize>, is_fixed: bool, is_anchor: bool) -> (Stay, Vec<Stay>) {
    let first = if is_fixed { before_the_sample(dice, world) } else { entry(dice, world) };
    let to = if is_fixed { None } else { exit(dice, world, first) };
    let whole = Stay { park: home, from: first, to };
    let Some(park) = home else { return (whole, Vec::new()) };
    let opens = world.parks[park].opens;
    if first < opens {
        // The park is not there yet: its anchor comes with it, others wait outside.
        return if is_anchor {
            (Stay { from: opens, ..whole }, Vec::new())
        } else {
            let to = to.filter(|&last| last >= opens);
            split(Stay { park: None, to, ..whole }, opens, home)
        };
    }
    if !is_fixed && dice.chance(0.0105) {
        let earliest = first.max(world.from).plus(1);
        let choices = to.unwrap_or(world.last()).since(earliest) + 1;
        let then = earliest.plus(dice.below(choices.max(0) as usize) as i32);
        let next = dice.below(world.parks.len());
        if choices > 0 && next != park && world.parks[next].opens <= then {
            return split(whole, then, Some(next));
        }
    }
    (whole, Vec::new())
}

/// Ends a stay before a quarter and goes on in another park.
fn split(stay: Stay, then: Quarter, park: Option<usize>) -> (Stay, Vec<Stay>) {
    (Stay { to: Some(then.plus(-1)), ..stay }, vec![Stay { park, from: then, to: stay.to }])
}

/// A first quarter early enough that the year before the sample is whole.
fn before_the_sample(dice: &mut Dice, world: &World) -> Quarter {
    world.from.first_of_year().plus(-4 - dice.below(24) as i32)
}

/// A first quarter: for most before the sample, for the others within it, and then rather at the turn of a year.
fn entry(dice: &mut Dice, world: &World) -> Quarter {
    if world.quarters == 1 || dice.chance(0.85) {
        return before_the_sample(dice, world);
    }
    let entry = world.from.plus(1 + dice.below(world.quarters - 1) as i32);
    let new_year = entry.first_of_year();
    if new_year > world.from && dice.chance(0.6) { new_year } else { entry }
}

/// A last quarter, for those that leave.
fn exit(dice: &mut Dice, world: &World, first: Quarter) -> Option<Quarter> {
    let earliest = first.max(world.from);
    let choices = world.last().since(earliest).max(0) as usize;
    (dice.chance(0.12) && choices > 0).then(|| earliest.plus(dice.below(choices) as i32))
}

fn division(dice: &mut Dice, world: &World, home: Option<usize>, giant: Option<usize>) -> usize {
    if let Some(division) = giant.and_then(|serial| division_index(GIANT_DIVISIONS[serial % GIANT_DIVISIONS.len()])) {
        return division;
    }
    match home {
        Some(park) if dice.chance(0.55) => world.parks[park].leading[dice.below(3)],
        _ => dice.weighted(DIVISIONS.iter().map(|division| division.weight)),
    }
}

fn class(dice: &mut Dice, division: usize) -> usize {
    let code = DIVISIONS[division].code;
    dice.weighted(CLASSES.iter().map(|class| if class.code.starts_with(code) { class.weight } else { 0 }))
}
