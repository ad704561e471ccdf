//! Enterprises that come, leave and come back.

use super::planted::Planted;
use crate::dice::Dice;
use crate::quarter::Quarter;
use crate::register::{Stay, World};

/// How many change.
const COUNT: usize = 3;

/// Some come above scale in the middle of a year: until then no one asked them.
pub(super) fn enter(world: &mut World, dice: &mut Dice) -> Option<Planted> {
    let then = in_mid_year(world, dice, 0)?;
    let chosen = choose(world, dice)?;
    for &index in &chosen {
        world.enterprises[index].stay.from = then;
    }
    Some(told(world, &chosen, then, "come above scale"))
}

/// Some are last asked in the middle of a year.
pub(super) fn leave(world: &mut World, dice: &mut Dice) -> Option<Planted> {
    let then = in_mid_year(world, dice, 0)?;
    let chosen = choose(world, dice)?;
    for &index in &chosen {
        world.enterprises[index].stay.to = Some(then);
    }
    Some(told(world, &chosen, then, "are there for the last time"))
}

/// Some are below scale for half a year.
pub(super) fn come_back(world: &mut World, dice: &mut Dice) -> Option<Planted> {
    let then = in_mid_year(world, dice, 4)?;
    let chosen = choose(world, dice)?;
    for &index in &chosen {
        let stay = &mut world.enterprises[index].stay;
        stay.to = Some(then);
        let back = Stay { park: stay.park, from: then.plus(3), to: None };
        world.enterprises[index].later.push(back);
    }
    Some(told(world, &chosen, then, "leave, and come back three quarters later"))
}

/// A quarter that ends no year, after the first and so many before the last.
fn in_mid_year(world: &World, dice: &mut Dice, before_last: usize) -> Option<Quarter> {
    let last = world.quarters.checked_sub(1 + before_last)?;
    let quarters: Vec<Quarter> = world.periods().take(last).skip(1).filter(|quarter| quarter.quarter() < 4).collect();
    quarters.get(dice.below(quarters.len())).copied()
}

/// Enterprises in parks that have one stay, which holds the whole sample; the one that keeps each park alive stays.
fn choose(world: &World, dice: &mut Dice) -> Option<Vec<usize>> {
    let is_fit = |index: &usize| {
        let one = &world.enterprises[*index];
        one.stay.park.is_some() && one.later.is_empty() && one.stay.to.is_none() && one.stay.from.plus(4) <= world.from
    };
    let mut fit: Vec<usize> = (world.parks.len()..world.enterprises.len()).filter(is_fit).collect();
    let chosen: Vec<usize> = (0..COUNT.min(fit.len())).map(|_| fit.swap_remove(dice.below(fit.len()))).collect();
    (!chosen.is_empty()).then_some(chosen)
}

fn told(world: &World, chosen: &[usize], quarter: Quarter, how: &str) -> Planted {
    let units: Vec<String> = chosen.iter().map(|&index| world.enterprises[index].code.unit()).collect();
    Planted { unit: units.join(" "), quarter: quarter.to_string(), how: how.to_owned(), ..Planted::default() }
}
