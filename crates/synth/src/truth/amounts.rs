//! Amounts in canonical units, and what they add up to: tallies, two years over the same members, constant prices.

use crate::facts::DIVISIONS;
use crate::latent::Pair;
use crate::quarter::Quarter;
use crate::register::World;

/// Fen in a qianyuan.
pub(super) const QIANYUAN: i128 = 100_000;
/// Fen in 10^-2 wanyuan, and grams of standard coal in 10^-2 tonnes.
pub(super) const CENT: i128 = 10_000;
/// Fen in 10^-2 yi yuan.
pub(super) const YIYUAN_CENT: i128 = 100_000_000;

/// A sum and how many values are in it.
#[derive(Clone, Copy, Default)]
pub(super) struct Tally {
    pub count: u64,
    pub total: i128,
}

impl Tally {
    /// Adds a value.
    pub(super) fn add(&mut self, value: i128) {
        self.count += 1;
        self.total += value;
    }

    /// Adds another sum.
    pub(super) fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.total += other.total;
    }
}

/// Value added apart by division, so that it can be deflated exactly.
#[derive(Clone)]
pub(super) struct Deflatable([i128; DIVISIONS.len()]);

impl Default for Deflatable {
    fn default() -> Self {
        Self([0; DIVISIONS.len()])
    }
}

impl Deflatable {
    /// Adds value added of a division.
    pub(super) fn add(&mut self, division: usize, fen: i128) {
        self.0[division] += fen;
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(sum, value)| *sum += value);
    }

    /// At the prices of the same period last year: whole fen, and the rest below a fen per division.
    pub(super) fn constant(&self, world: &World, quarter: Quarter) -> Constant {
        let mut constant = Constant { fen: 0, rest: 0.0 };
        for (division, &fen) in self.0.iter().enumerate() {
            let index = i128::from(world.economy.ppi_e1(quarter, division));
            constant.fen += fen * 1000 / index;
            constant.rest += (fen * 1000 % index) as f64 / index as f64;
        }
        constant
    }
}

/// A constant-price sum, kept in two parts so that differences lose nothing.
#[derive(Clone, Copy)]
pub(super) struct Constant {
    fen: i128,
    rest: f64,
}

impl Constant {
    /// The sum in fen.
    pub(super) fn value(self) -> f64 {
        self.fen as f64 + self.rest
    }

    /// The sum less another.
    pub(super) fn less(self, fen: i128) -> f64 {
        (self.fen - fen) as f64 + self.rest
    }
}

/// This year's and last year's sum over the same members.
#[derive(Clone, Copy, Default)]
pub(super) struct Matched {
    pub count: u64,
    pub now: i128,
    pub before: i128,
}

impl Matched {
    pub(super) fn add(&mut self, pair: Pair, unit: i128) {
        self.count += 1;
        self.now += i128::from(pair.now) * unit;
        self.before += i128::from(pair.before) * unit;
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.now += other.now;
        self.before += other.before;
    }
}
