//! Randomness that is a function of its key: no state is carried from one enterprise, quarter or file to another.
//!
//! Every draw comes from a [`Dice`] made for a topic and two numbers, so any value can be computed again, in any order
//! and on any thread. Only `+ - * /` and integer operations are used: the same seed gives the same bytes on every
//! machine, whatever its mathematics library.

/// What a stream of draws is for. A new topic never disturbs the draws of another.
#[derive(Clone, Copy)]
pub(super) enum Topic {
    /// Making an enterprise.
    Enterprise = 1,
    /// Making a park.
    Park,
    /// Prices, rates and growth of a division.
    Division,
    /// Growth of the province.
    Province,
    /// Growth of one enterprise in one year.
    Growth,
    /// Values of one enterprise in one quarter.
    Flow,
    /// Restatement of last year's values.
    Restatement,
    /// Cells an enterprise left out.
    Missing,
    /// The land ledger.
    Land,
    /// Retrofit projects.
    Retrofit,
    /// The park form.
    ParkForm,
    /// Harmless mess in a file.
    Mess,
    /// Spoiled rows in a file.
    Spoil,
    /// Values of a first sending that a revised file restates.
    FirstSending,
    /// Credit codes.
    Code,
    /// The report on construction and reform.
    Reform,
    /// Published figures of counties.
    Counties,
    /// What departments know of an enterprise: its character.
    Administrative = 40,
    /// What it emits in a quarter.
    Emission,
    /// What it files with the tax authority in a quarter.
    Filing,
    /// What its meters show in a quarter.
    Meter,
    /// The land it holds.
    Holding,
    /// What enterprises are recognised for.
    Recognition = 60,
    /// R&D of enterprises.
    Research = 61,
    /// What is planted to be doubted.
    Doubt = 80,
}

/// The seed of a whole sample.
#[derive(Clone, Copy)]
pub(super) struct Seed(pub(super) u64);

impl Seed {
    /// The draws for one topic, about two things (an enterprise and a quarter, a file and a row …).
    pub(super) fn at(self, topic: Topic, a: u64, b: u64) -> Dice {
        let mut state = mix(self.0 ^ 0x6d75_6a75_6e20_7331);
        for part in [topic as u64, a, b] {
            state = mix(state ^ part.wrapping_mul(GOLDEN));
        }
        Dice(state)
    }
}

/// A stream of draws (SplitMix64).
pub(super) struct Dice(u64);

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

impl Dice {
    /// The next 64 random bits.
    pub(super) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// A whole number in `0..bound`; 0 when `bound` is 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.bits()) * bound as u128) >> 64) as usize
    }

    /// A number in `[0, 1)`.
    pub(super) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number in `[low, high)`.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// True with the given probability.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Nearly standard normal (the sum of twelve uniform draws): within ±6.
    pub(super) fn normal(&mut self) -> f64 {
        let mut sum = 0_u64;
        for _ in 0..3 {
            let bits = self.bits();
            sum += (0..4).map(|lane| (bits >> (16 * lane)) & 0xffff).sum::<u64>();
        }
        (sum as f64 + 6.0) / 65_536.0 - 6.0
    }

    /// Lognormal with median 1.
    pub(super) fn lognormal(&mut self, sigma: f64) -> f64 {
        exp(sigma * self.normal())
    }

    /// A position in `weights`, likelier where the weight is larger.
    pub(super) fn weighted(&mut self, weights: impl Iterator<Item = u32> + Clone) -> usize {
        let total: u32 = weights.clone().sum();
        let mut left = self.below(total as usize) as u32;
        for (index, weight) in weights.enumerate() {
            if left < weight {
                return index;
            }
            left -= weight;
        }
        0
    }
}

/// e to the power of `x`, in plain arithmetic so that it is the same everywhere. For |x| up to some hundreds.
pub(super) fn exp(x: f64) -> f64 {
    let halvings = (x / std::f64::consts::LN_2).round();
    let rest = x - halvings * std::f64::consts::LN_2;
    let series = (1..=14).rev().fold(1.0, |sum, n| 1.0 + sum * rest / f64::from(n));
    let power = halvings.clamp(-1000.0, 1000.0) as i64;
    series * f64::from_bits(((power + 1023) as u64) << 52)
}
