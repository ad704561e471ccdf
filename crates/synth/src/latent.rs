//! What each enterprise reports of what it did, in its final state: a function of the seed, the enterprise and the quarter.

use super::admin::{Filing, Year};
use super::dice::Topic;
use super::doings::{AMOUNTS, MONEY, doings, own_growth};
use super::quarter::Quarter;
use super::register::World;

/// Year to date, and the same period of last year as this form reports it.
#[derive(Clone, Copy, Default)]
pub(super) struct Pair {
    pub now: i64,
    pub before: i64,
}

/// All an enterprise reports for one quarter, in its final state. Money in qianyuan, energy in 10^-2 tce,
/// electricity in 10^-2 of 10^4 kWh, tax in 10^-2 wanyuan.
pub(super) struct Return {
    /// Position of the enterprise.
    pub enterprise: usize,
    /// Position of the park it is in.
    pub park: Option<usize>,
    pub money: [Pair; MONEY],
    /// Year-to-date average; left out by some.
    pub employees: Option<i64>,
    pub output: Pair,
    pub sales: Pair,
    pub exports: Pair,
    pub energy: Option<i64>,
    pub energy_before: Option<i64>,
    pub power: Pair,
    pub tax: Option<i64>,
    pub tax_before: i64,
    /// What departments other than the bureau of statistics know of it.
    pub admin: Filing,
}

/// The returns of all enterprises above scale at a quarter, in order of enterprise.
pub(super) fn returns(world: &World, quarter: Quarter) -> Vec<Return> {
    (0..world.enterprises.len()).filter_map(|index| filed(world, index, quarter)).collect()
}

fn filed(world: &World, index: usize, quarter: Quarter) -> Option<Return> {
    let enterprise = &world.enterprises[index];
    let park = enterprise.stay_at(quarter)?.park;
    // Forms are cumulative from January, whenever the enterprise came above scale.
    let january = quarter.first_of_year();
    let quarters = quarter.since(january) + 1;
    let part = |quarter: Quarter| if quarter < enterprise.first() { enterprise.before } else { 1.0 };
    let growth = own_growth(world, index, quarter.year());
    let mut now = [0; AMOUNTS];
    let mut before = [0.0; AMOUNTS];
    let mut heads = 0.0;
    let mut admin = Year::new(world, index);
    for offset in 0..quarters {
        let then = january.plus(offset);
        let current = doings(world, index, then, growth.now).scaled(part(then));
        let previous = doings(world, index, then.plus(-4), growth.before);
        let active = part(then.plus(-4));
        for slot in 0..AMOUNTS {
            now[slot] += current.amounts[slot];
            before[slot] += previous.amounts[slot] as f64 * active;
        }
        heads += current.heads;
        admin.add(then, [&current, &previous], active);
    }
    let restated = restatement(world, index, quarter.year()) * world.anchors.prior(quarter.year());
    let pair = |slot: usize| Pair { now: now[slot], before: (before[slot] * restated).round() as i64 };
    let missing = Missing::of(world, index, quarter);
    let energy = pair(MONEY + 3);
    let tax = pair(MONEY + 5);
    Some(Return {
        enterprise: index,
        park,
        money: std::array::from_fn(pair),
        employees: (!missing.employees).then(|| (heads / f64::from(quarters)).round() as i64),
        output: pair(MONEY),
        sales: pair(MONEY + 1),
        exports: pair(MONEY + 2),
        energy: (!missing.energy).then_some(energy.now),
        energy_before: (!missing.energy_before).then_some(energy.before),
        power: pair(MONEY + 4),
        tax: (!missing.tax).then_some(tax.now),
        tax_before: tax.before,
        admin: admin.file(quarter, restated),
    })
}

/// Two in a hundred restate last year a little, the same way in all forms of a year.
fn restatement(world: &World, index: usize, year: i32) -> f64 {
    let mut dice = world.seed.at(Topic::Restatement, index as u64, year as u64);
    if dice.chance(0.02) { dice.between(0.97, 1.03) } else { 1.0 }
}

/// Which cells an enterprise leaves out this quarter.
struct Missing {
    employees: bool,
    energy: bool,
    energy_before: bool,
    tax: bool,
}

impl Missing {
    fn of(world: &World, index: usize, quarter: Quarter) -> Self {
        const RATE: f64 = 0.003;
        let mut dice = world.seed.at(Topic::Missing, index as u64, quarter.key());
        let employees = dice.chance(RATE);
        let tax = dice.chance(RATE);
        // Mostly the whole of energy is left out, sometimes one of the two columns.
        let (energy, energy_before) = if dice.chance(RATE) {
            [(true, true), (true, false), (false, true)][dice.below(3)]
        } else {
            (false, false)
        };
        Self { employees, energy, energy_before, tax }
    }
}

/// Value added in fen of an output in qianyuan: exact, since the rate has four decimals.
pub(super) fn value_added_fen(world: &World, year: i32, division: usize, output: i64) -> i128 {
    i128::from(output) * i128::from(world.economy.rate_e4(year, division)) * 10
}
