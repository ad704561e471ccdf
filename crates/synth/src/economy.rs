//! The province around the enterprises: prices, value-added rates, growth, and what the province publishes.

use super::dice::{Seed, Topic};
use super::facts::DIVISIONS;
use super::quarter::Quarter;

/// How a year's work falls on its quarters.
const SEASON: [f64; 4] = [0.225, 0.25, 0.25, 0.275];

/// Rates and prices of every division for every year and quarter of the sample.
pub(super) struct Economy {
    base_year: i32,
    from: Quarter,
    /// Value-added rate in 10^-4, by year from `base_year`, then division.
    rates_e4: Vec<Vec<i64>>,
    /// Cumulative producer price index (same period of last year = 100) in tenths, by quarter from the base year, then division.
    ppi_e1: Vec<Vec<i64>>,
    /// Price level (base year = 1) by quarter from the base year, then division.
    prices: Vec<Vec<f64>>,
    /// Real growth path of the province (base year = 1) by quarter from the base year.
    growth: Vec<f64>,
    /// Energy intensity path (base year = 1) by quarter from the base year.
    thrift: Vec<f64>,
    /// Published growth of provincial value added, in tenths of a percent, by quarter of the sample.
    published_growth_e1: Vec<i64>,
    /// Share of the parks in provincial value added, by quarter of the sample.
    share: Vec<f64>,
}

impl Economy {
    /// The economy of a sample.
    pub(super) fn new(seed: Seed, from: Quarter, quarters: usize) -> Self {
        let base_year = from.year() - 1;
        let last = from.plus(quarters as i32 - 1);
        let years = (last.year() - base_year + 1) as usize;
        let quarterly = price_indices(seed, years);
        let mut economy = Self {
            base_year,
            from,
            rates_e4: rates(seed, years),
            ppi_e1: cumulative(&quarterly),
            prices: Vec::new(),
            growth: Vec::new(),
            thrift: Vec::new(),
            published_growth_e1: Vec::new(),
            share: Vec::new(),
        };
        economy.chain(seed, &quarterly);
        economy.publish(seed, quarters);
        economy
    }

    fn chain(&mut self, seed: Seed, quarterly: &[Vec<f64>]) {
        let mut dice = seed.at(Topic::Province, 0, 0);
        let mut pace = 0.062;
        let mut saving = 0.047;
        for (slot, indices) in quarterly.iter().enumerate() {
            pace = clamp(pace + 0.005 * dice.normal(), 0.045, 0.075);
            saving = clamp(saving + 0.004 * dice.normal(), 0.038, 0.056);
            let (prices, growth, thrift) = match slot.checked_sub(4) {
                None => (vec![1.0; DIVISIONS.len()], 1.0, 1.0),
                Some(before) => (
                    self.prices[before].iter().zip(indices).map(|(level, index)| level * index / 100.0).collect(),
                    self.growth[before] * (1.0 + pace),
                    self.thrift[before] * (1.0 - saving),
                ),
            };
            self.prices.push(prices);
            self.growth.push(growth);
            self.thrift.push(thrift);
        }
    }

    fn publish(&mut self, seed: Seed, quarters: usize) {
        let mut dice = seed.at(Topic::Province, 1, 0);
        let mut growth = dice.between(66.0, 78.0);
        let mut share = dice.between(0.66, 0.68);
        for _ in 0..quarters {
            self.published_growth_e1.push(growth.round() as i64);
            self.share.push(share);
            growth = clamp(growth + 4.0 * dice.normal(), 55.0, 85.0);
            share = clamp(share + 0.004 * dice.normal(), 0.65, 0.70);
        }
    }

    fn slot(&self, quarter: Quarter) -> usize {
        ((quarter.year() - self.base_year) * 4 + i32::from(quarter.quarter()) - 1).max(0) as usize
    }

    fn place(&self, quarter: Quarter) -> usize {
        quarter.since(self.from).max(0) as usize
    }

    /// First year with rates: the one before the sample.
    pub(super) fn base_year(&self) -> i32 {
        self.base_year
    }

    /// Sets the share of the parks in the province's value added in a quarter.
    pub(super) fn set_share(&mut self, quarter: Quarter, share: f64) {
        let place = self.place(quarter);
        if let Some(of_quarter) = self.share.get_mut(place) {
            *of_quarter = share;
        }
    }

    /// Value-added rate of a division in a year, in 10^-4.
    pub(super) fn rate_e4(&self, year: i32, division: usize) -> i64 {
        self.rates_e4[(year - self.base_year) as usize][division]
    }

    /// Years with rates.
    pub(super) fn years(&self) -> impl Iterator<Item = i32> + use<> {
        let base = self.base_year;
        (0..self.rates_e4.len() as i32).map(move |offset| base + offset)
    }

    /// Cumulative producer price index in tenths.
    pub(super) fn ppi_e1(&self, quarter: Quarter, division: usize) -> i64 {
        self.ppi_e1[self.slot(quarter)][division]
    }

    /// Volume of a quarter's work as a part of a base year's: season and provincial growth.
    pub(super) fn volume(&self, quarter: Quarter) -> f64 {
        SEASON[usize::from(quarter.quarter() - 1)] * self.growth[self.slot(quarter)]
    }

    /// Price level of a division (base year = 1).
    pub(super) fn price(&self, quarter: Quarter, division: usize) -> f64 {
        self.prices[self.slot(quarter)][division]
    }

    /// Energy per unit of work (base year = 1).
    pub(super) fn thrift(&self, quarter: Quarter) -> f64 {
        self.thrift[self.slot(quarter)]
    }

    /// Published cumulative growth of provincial value added, tenths of a percent.
    pub(super) fn published_growth_e1(&self, quarter: Quarter) -> i64 {
        self.published_growth_e1[self.place(quarter)]
    }

    /// Published cumulative value added of the province in 10^-2 yi yuan (10^8 fen), given that of the parks in fen: more than
    /// the parks make.
    pub(super) fn published_va(&self, quarter: Quarter, parks_fen: i128) -> i64 {
        (parks_fen as f64 / self.share[self.place(quarter)] / 1e8).ceil() as i64
    }
}

fn rates(seed: Seed, years: usize) -> Vec<Vec<i64>> {
    let mut current: Vec<i64> = DIVISIONS
        .iter()
        .enumerate()
        .map(|(division, fact)| {
            fact.va_rate_e4 + seed.at(Topic::Division, division as u64, 0).between(-150.0, 150.0) as i64
        })
        .collect();
    (0..years)
        .map(|year| {
            for (division, rate) in current.iter_mut().enumerate() {
                let step = 25.0 * seed.at(Topic::Division, division as u64, 1 + year as u64).normal();
                *rate = (*rate + step as i64).clamp(1800, 4000);
            }
            current.clone()
        })
        .collect()
}

/// Price index of each single quarter (same quarter of last year = 100), then division.
fn price_indices(seed: Seed, years: usize) -> Vec<Vec<f64>> {
    let mut dice: Vec<_> =
        (0..DIVISIONS.len()).map(|division| seed.at(Topic::Division, division as u64, u64::MAX)).collect();
    let mut current: Vec<f64> = dice.iter_mut().map(|dice| dice.between(97.0, 107.0)).collect();
    (0..years * 4)
        .map(|_| {
            for (index, dice) in current.iter_mut().zip(&mut dice) {
                *index = clamp(*index + 0.25 * (101.5 - *index) + 1.6 * dice.normal(), 95.0, 112.0);
            }
            current.clone()
        })
        .collect()
}

/// The index of the year so far, in tenths: the mean of its quarters.
fn cumulative(quarterly: &[Vec<f64>]) -> Vec<Vec<i64>> {
    (0..quarterly.len())
        .map(|slot| {
            let year = &quarterly[slot - slot % 4..=slot];
            (0..DIVISIONS.len())
                .map(|division| {
                    (year.iter().map(|indices| indices[division]).sum::<f64>() / year.len() as f64 * 10.0).round()
                        as i64
                })
                .collect()
        })
        .collect()
}

fn clamp(value: f64, low: f64, high: f64) -> f64 {
    value.clamp(low, high)
}
