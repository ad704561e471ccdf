//! What each enterprise really did, and what it reports of it: functions of the seed, the enterprise and the quarter.

use super::admin::{Filing, Year};
use super::dice::Topic;
use super::quarter::Quarter;
use super::register::World;

/// How tax payments fall on the quarters: much of last year's is settled in the first.
const TAX_SEASON: [f64; 4] = [1.22, 0.97, 0.90, 0.93];
/// Electricity in 10^4 kWh per tonne of standard coal, for the part of energy that is electricity.
const POWER_PER_TCE: f64 = 0.35 / 1.229;

/// Year to date, and the same period of last year as this form reports it.
#[derive(Clone, Copy, Default)]
pub(super) struct Pair {
    pub now: i64,
    pub before: i64,
}

/// The money of form B203 in the order of its columns: 301, 307, 309, 331, 323, 327, 402.
pub(super) const MONEY: usize = 7;
/// Position of 营业收入 (301) in [`Return::money`].
pub(super) const REVENUE: usize = 0;
/// Position of 利润总额 (327) in [`Return::money`].
pub(super) const PROFIT: usize = 5;

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

/// One quarter's doings. The order of the amounts is that of [`AMOUNTS`].
pub(super) struct Doings {
    amounts: [i64; AMOUNTS],
    pub heads: f64,
}

impl Doings {
    /// The part of them that was done before it was above scale.
    fn scaled(self, part: f64) -> Self {
        Self { amounts: self.amounts.map(|amount| (amount as f64 * part).round() as i64), heads: self.heads * part }
    }

    /// Revenue in qianyuan.
    pub(super) fn revenue(&self) -> f64 {
        self.amounts[REVENUE] as f64
    }

    /// Gross output in qianyuan.
    pub(super) fn output(&self) -> f64 {
        self.amounts[MONEY] as f64
    }

    /// Energy in 10^-2 tce.
    pub(super) fn energy(&self) -> f64 {
        self.amounts[MONEY + 3] as f64
    }
}

/// Seven of B203, then output, sales, exports, energy, power, tax.
const AMOUNTS: usize = MONEY + 6;

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

/// Tax (10^-2 wanyuan) an enterprise is expected to pay in the year around a quarter.
pub(super) fn yearly_tax(world: &World, index: usize, quarter: Quarter) -> f64 {
    let enterprise = &world.enterprises[index];
    let growth = own_growth(world, index, quarter.year()).now;
    (0..4)
        .map(|offset| quarter.first_of_year().plus(offset))
        .map(|quarter| world.economy.volume(quarter) * world.economy.price(quarter, enterprise.division))
        .sum::<f64>()
        * enterprise.annual
        * growth
        * enterprise.tax_rate
        * 10.0
}

struct Growth {
    before: f64,
    now: f64,
}

/// The enterprise's own growth beside the province's, up to the year before and up to the year.
fn own_growth(world: &World, index: usize, year: i32) -> Growth {
    let spread = world.enterprises[index].restlessness;
    let mut growth = Growth { before: 1.0, now: 1.0 };
    for year in world.economy.base_year() + 1..=year {
        let step = spread * world.seed.at(Topic::Growth, index as u64, year as u64).normal();
        growth.before = growth.now;
        growth.now *= 1.0 + step.clamp(-0.25, 0.3);
    }
    growth
}

/// Two in a hundred restate last year a little, the same way in all forms of a year.
fn restatement(world: &World, index: usize, year: i32) -> f64 {
    let mut dice = world.seed.at(Topic::Restatement, index as u64, year as u64);
    if dice.chance(0.02) { dice.between(0.97, 1.03) } else { 1.0 }
}

fn doings(world: &World, index: usize, quarter: Quarter, growth: f64) -> Doings {
    let enterprise = &world.enterprises[index];
    let mut dice = world.seed.at(Topic::Flow, index as u64, quarter.key());
    let economy = &world.economy;
    let unrest = 0.7 * enterprise.restlessness;
    let real = enterprise.annual * growth * economy.volume(quarter) * dice.between(1.0 - unrest, 1.0 + unrest);
    let output = real * economy.price(quarter, enterprise.division);
    let revenue = output * dice.between(0.95, 1.02);
    let margin = enterprise.margin + 0.5 * enterprise.restlessness * dice.normal();
    let (surcharge, research) = (dice.between(0.006, 0.010), dice.between(0.004, 0.022));
    let operating = revenue * margin;
    let tax = revenue
        * 10.0
        * enterprise.tax_rate
        * TAX_SEASON[usize::from(quarter.quarter() - 1)]
        * dice.between(0.85, 1.15);
    let energy = real * enterprise.energy_rate * economy.thrift(quarter) * dice.between(0.93, 1.07);
    let amounts = [
        revenue,
        revenue * (0.935 - margin - surcharge - research),
        revenue * surcharge,
        revenue * research,
        operating,
        operating + revenue * dice.between(-0.004, 0.008),
        revenue * dice.between(0.018, 0.034),
        output,
        output * dice.between(0.965, 0.998),
        output * enterprise.export_rate,
        energy,
        energy * POWER_PER_TCE * dice.between(0.9, 1.1),
        tax,
    ];
    Doings {
        amounts: amounts.map(|amount| amount.round() as i64),
        // Labour hardly follows output: productivity grows.
        heads: enterprise.heads * dice.between(0.97, 1.03),
    }
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
