//! What each enterprise really did in a quarter: a function of the seed, the enterprise and the quarter.

use super::dice::Topic;
use super::quarter::Quarter;
use super::register::World;

/// How tax payments fall on the quarters: much of last year's is settled in the first.
const TAX_SEASON: [f64; 4] = [1.22, 0.97, 0.90, 0.93];
/// Electricity in 10^4 kWh per tonne of standard coal, for the part of energy that is electricity.
const POWER_PER_TCE: f64 = 0.35 / 1.229;

/// The money of form B203 in the order of its columns: 301, 307, 309, 331, 323, 327, 402.
pub(super) const MONEY: usize = 7;
/// Position of 营业收入 (301) among it.
pub(super) const REVENUE: usize = 0;
/// Position of 利润总额 (327) among it.
pub(super) const PROFIT: usize = 5;

/// Seven of B203, then output, sales, exports, energy, power, tax.
pub(super) const AMOUNTS: usize = MONEY + 6;

/// One quarter's doings. The order of the amounts is that of [`AMOUNTS`].
pub(super) struct Doings {
    pub amounts: [i64; AMOUNTS],
    pub heads: f64,
}

impl Doings {
    /// The part of them that was done before it was above scale.
    pub(super) fn scaled(self, part: f64) -> Self {
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

/// What an enterprise did in a quarter, given its own growth.
pub(super) fn doings(world: &World, index: usize, quarter: Quarter, growth: f64) -> Doings {
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

/// Growth since the base year.
pub(super) struct Growth {
    pub before: f64,
    pub now: f64,
}

/// The enterprise's own growth beside the province's, up to the year before and up to the year.
pub(super) fn own_growth(world: &World, index: usize, year: i32) -> Growth {
    let spread = world.enterprises[index].restlessness;
    let mut growth = Growth { before: 1.0, now: 1.0 };
    for year in world.economy.base_year() + 1..=year {
        let step = spread * world.seed.at(Topic::Growth, index as u64, year as u64).normal();
        growth.before = growth.now;
        growth.now *= 1.0 + step.clamp(-0.25, 0.3);
    }
    growth
}
