//! What enterprises are recognised for: how many of each kind an area holds, and what high-tech enterprises make.

use super::amounts::Matched;
use super::figure::Figure;
use crate::quarter::Quarter;
use crate::recognition::{
    BRAND, CATEGORIES, CLOUD, GREEN_FACTORY, HIGH_TECH, INTERNET_PLATFORM, KINDS, LEADING, PLATFORM, Recognition,
    SMART_FACTORY, SMART_WORKSHOP,
};

/// What the members of an area hold at a quarter.
#[derive(Clone, Default)]
pub(super) struct Held {
    /// Enterprises, where it is they who are recognised; entries of everything else.
    counts: [u64; KINDS],
    /// Value added of high-tech enterprises, in fen.
    high_tech_va: i128,
}

impl Held {
    /// Adds what an enterprise holds, and its value added.
    pub(super) fn enter(&mut self, entries: &[Recognition], quarter: Quarter, va: i128) {
        for (category, kind) in CATEGORIES.iter().enumerate() {
            let mine = entries.iter().filter(|entry| entry.category == category && entry.holds(quarter)).count();
            self.counts[category] += if kind.is_of_enterprise() { mine.min(1) as u64 } else { mine as u64 };
            if category == HIGH_TECH && mine > 0 {
                self.high_tech_va += va;
            }
        }
    }

    /// Adds what another area holds.
    pub(super) fn merge(&mut self, other: &Self) {
        self.counts.iter_mut().zip(other.counts).for_each(|(sum, count)| *sum += count);
        self.high_tech_va += other.high_tech_va;
    }

    /// The indicators of an area that follow, given how many members it has and their value added.
    pub(super) fn figures(&self, members: u64, va: Matched) -> Vec<(&'static str, Figure)> {
        let count = |category: usize| Figure::count(self.counts[category]).if_any(members);
        let of_members = |category: usize| Figure::ratio(members, self.counts[category].into(), members.into(), 100.0);
        vec![
            ("green_factories", count(GREEN_FACTORY)),
            ("leading_enterprises", count(LEADING)),
            ("brands", count(BRAND)),
            ("smart_factories", count(SMART_FACTORY)),
            ("smart_workshops", count(SMART_WORKSHOP)),
            ("industrial_internet_platforms", count(INTERNET_PLATFORM)),
            ("cloud_coverage", of_members(CLOUD)),
            ("rd_platforms_per_100_enterprises", of_members(PLATFORM)),
            ("high_tech_share_ytd", Figure::ratio(va.count, self.high_tech_va, va.now, 100.0)),
        ]
    }
}
