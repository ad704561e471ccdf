//! What departments other than the bureau of statistics know of an enterprise: emissions, tax filings, energy meters.
//!
//! They measure the same doings with their own instruments, so their figures are near those of the surveys and never
//! equal to them.

use super::dice::Topic;
use super::doings::Doings;
use super::facts::DIVISIONS;
use super::quarter::Quarter;
use super::register::World;

/// COD, NH₃-N, SO₂ and NOₓ.
pub(super) const POLLUTANTS: usize = 4;
/// Kilograms of each emitted for a tonne of standard coal that is used, in a middling enterprise.
const PER_TCE: [f64; POLLUTANTS] = [0.35, 0.03, 0.9, 1.3];
/// Part of the enterprises that emit.
const EMITTERS: f64 = 0.4;
/// Part of the cells that are left out.
const LEFT_OUT: f64 = 0.003;

/// What the departments hold of one enterprise for one quarter, year to date. Pollutants in kilograms, money in 10^-2
/// wanyuan, energy in 10^-2 tce.
pub(super) struct Filing {
    /// Nothing of an enterprise that does not emit; a pollutant is left out by some.
    pub emission: Option<[Emission; POLLUTANTS]>,
    /// 开票销售收入.
    pub sales: i64,
    /// 增加值(收入法); left out by some.
    pub value_added: Option<i64>,
    /// 研发费用加计扣除额.
    pub research: i64,
    /// 社保缴费人数 of the quarter's last month.
    pub insured: i64,
    /// Metered energy.
    pub metered: i64,
}

/// One pollutant of one enterprise.
#[derive(Clone, Copy)]
pub(super) struct Emission {
    pub now: Option<i64>,
    pub before: i64,
}

/// Whether the environment department never sent this quarter: one in the middle of a sample of at least six.
pub(super) fn is_lost(world: &World, quarter: Quarter) -> bool {
    world.quarters >= 6 && quarter.since(world.from) as usize == world.quarters / 2
}

/// The year of an enterprise as it adds up.
pub(super) struct Year<'a> {
    world: &'a World,
    index: usize,
    character: Character,
    emission: [[f64; 2]; POLLUTANTS],
    sales: i64,
    value_added: i64,
    research: i64,
    metered: i64,
    heads: f64,
}

/// What stays the same of an enterprise.
struct Character {
    emits: bool,
    /// How dirty each pollutant is, beside the middling enterprise.
    dirt: [f64; POLLUTANTS],
    /// Super-deduction over sales; nothing for those without research.
    research: f64,
    /// Part of its staff that is insured.
    insured: f64,
}

impl Character {
    fn of(world: &World, index: usize) -> Self {
        let mut dice = world.seed.at(Topic::Administrative, index as u64, 0);
        Self {
            emits: dice.chance(EMITTERS),
            dirt: std::array::from_fn(|_| dice.lognormal(0.6)),
            research: if dice.chance(0.3) { 0.0 } else { dice.between(0.004, 0.035) },
            insured: dice.between(0.85, 1.0),
        }
    }
}

impl<'a> Year<'a> {
    /// A year in which nothing happened yet.
    pub(super) fn new(world: &'a World, index: usize) -> Self {
        let character = Character::of(world, index);
        let emission = [[0.0; 2]; POLLUTANTS];
        Self { world, index, character, emission, sales: 0, value_added: 0, research: 0, metered: 0, heads: 0.0 }
    }

    /// Adds a quarter of this year, and the same quarter of last year of which the part `active` was done above scale.
    pub(super) fn add(&mut self, quarter: Quarter, [now, before]: [&Doings; 2], active: f64) {
        let emitted = [self.emitted(quarter, now), self.emitted(quarter.plus(-4), before)];
        for (pollutant, sums) in self.emission.iter_mut().enumerate() {
            sums[0] += emitted[0][pollutant];
            sums[1] += emitted[1][pollutant] * active;
        }
        let mut dice = self.world.seed.at(Topic::Filing, self.index as u64, quarter.key());
        let sales = now.revenue() * 10.0 * dice.between(0.97, 1.03);
        let rate = DIVISIONS[self.world.enterprises[self.index].division].va_rate_e4 as f64 / 1e4;
        self.sales += sales.round() as i64;
        self.value_added += (now.output() * 10.0 * rate * dice.between(0.85, 1.1)).round() as i64;
        self.research += (sales * self.character.research * dice.between(0.8, 1.2)).round() as i64;
        let mut dice = self.world.seed.at(Topic::Meter, self.index as u64, quarter.key());
        self.metered += (now.energy() * dice.between(0.96, 1.04)).round() as i64;
        self.heads = now.heads;
    }

    /// Kilograms of each pollutant in a quarter.
    fn emitted(&self, quarter: Quarter, doings: &Doings) -> [f64; POLLUTANTS] {
        let mut dice = self.world.seed.at(Topic::Emission, self.index as u64, quarter.key());
        // Cleaner by some percent each year, as energy is.
        let cleaner = self.world.economy.thrift(quarter);
        std::array::from_fn(|pollutant| {
            let rate = PER_TCE[pollutant] * self.character.dirt[pollutant] * cleaner * dice.between(0.9, 1.1);
            (doings.energy() / 100.0 * rate).round()
        })
    }

    /// What the departments hold of it at the end of a quarter; `restated` is what it restates last year by.
    pub(super) fn file(&self, quarter: Quarter, restated: f64) -> Filing {
        let mut dice = self.world.seed.at(Topic::Administrative, self.index as u64, quarter.key());
        let left_out = dice.chance(LEFT_OUT).then(|| dice.below(POLLUTANTS));
        let emission = std::array::from_fn(|pollutant| {
            let [now, before] = self.emission[pollutant];
            Emission {
                now: (left_out != Some(pollutant)).then_some(now as i64),
                before: (before * restated).round() as i64,
            }
        });
        Filing {
            emission: self.character.emits.then_some(emission),
            sales: self.sales,
            value_added: (!dice.chance(LEFT_OUT)).then_some(self.value_added),
            research: self.research,
            insured: (self.heads * self.character.insured).round() as i64,
            metered: self.metered,
        }
    }
}

impl Filing {
    /// All four pollutants together in grams: nothing where one of them is not known, or where none is emitted.
    pub(super) fn emitted(&self) -> Option<i128> {
        let emission = self.emission.as_ref()?;
        emission.iter().map(|one| one.now.map(|kilograms| i128::from(kilograms) * 1000)).sum()
    }

    /// The same of the same period of last year, as this filing reports it.
    pub(super) fn emitted_before(&self) -> Option<i128> {
        let emission = self.emission.as_ref()?;
        Some(emission.iter().map(|one| i128::from(one.before) * 1000).sum())
    }
}
