//! R&D expenditure of the enterprises that do any: most report none, and then they are not in the form at all.

use super::dice::Topic;
use super::doings::REVENUE;
use super::latent::Return;
use super::quarter::Quarter;
use super::register::World;

/// What an enterprise with R&D files for a quarter, in qianyuan since January; either cell may be left out.
pub(super) struct Research {
    pub now: Option<i64>,
    /// The same period of last year.
    pub before: Option<i64>,
}

/// What an enterprise files beside its return; nothing if it does no R&D, or none yet.
pub(super) fn of(world: &World, quarter: Quarter, entry: &Return) -> Option<Research> {
    let index = entry.enterprise as u64;
    let mut dice = world.seed.at(Topic::Research, index, 0);
    if !dice.chance(0.36) {
        return None;
    }
    let intensity = dice.between(0.006, 0.045);
    let start =
        if dice.chance(0.15) { world.from.plus(dice.below(world.quarters) as i32) } else { world.from.plus(-8) };
    if quarter < start {
        return None;
    }
    let mut now = world.seed.at(Topic::Research, index, quarter.key());
    let of_revenue = |revenue: i64, rate: f64| (revenue as f64 * intensity * rate).round() as i64;
    let revenue = entry.money[REVENUE];
    let spent = of_revenue(revenue.now, now.between(0.97, 1.03));
    let before = of_revenue(revenue.before, now.between(0.97, 1.03));
    let before = if start > quarter.plus(-4) { 0 } else { before };
    let (left_out, before_left_out) = (now.chance(0.01), now.chance(0.005));
    Some(Research { now: (!left_out).then_some(spent), before: (!before_left_out).then_some(before) })
}
