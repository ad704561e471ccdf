//! Emissions against value added, over those that emit.

use super::amounts::{Deflatable, Matched, Tally};
use super::figure::Figure;
use crate::latent::Return;
use crate::quarter::Quarter;
use crate::register::World;

/// Grams in a kilogram, and the scale from grams per fen to kilograms per wanyuan: 10^6 fen over 10^3 grams.
const KILOGRAMS_PER_WANYUAN: f64 = 1000.0;

/// Sums of one area over those whose emissions are known, and over those that also know last year's.
#[derive(Clone, Default)]
pub(super) struct Emissions {
    grams: Tally,
    va: Deflatable,
    matched: Matched,
    matched_va: Deflatable,
    matched_va_before: i128,
}

impl Emissions {
    /// Enters an enterprise with its value added of this and last year in fen.
    pub(super) fn enter(&mut self, entry: &Return, division: usize, va: i128, va_before: i128) {
        let Some(now) = entry.admin.emitted() else { return };
        self.grams.add(now);
        self.va.add(division, va);
        if let Some(before) = entry.admin.emitted_before() {
            self.matched.merge(Matched { count: 1, now, before });
            self.matched_va.add(division, va);
            self.matched_va_before += va_before;
        }
    }

    /// Adds the sums of another area.
    pub(super) fn merge(&mut self, other: &Self) {
        self.grams.merge(other.grams);
        self.va.merge(&other.va);
        self.matched.merge(other.matched);
        self.matched_va.merge(&other.matched_va);
        self.matched_va_before += other.matched_va_before;
    }

    /// The figures; none for the quarter that was never sent.
    pub(super) fn figures(&self, world: &World, quarter: Quarter) -> Vec<(&'static str, Figure)> {
        let lost = crate::admin::is_lost(world, quarter);
        let va = self.va.constant(world, quarter).value();
        let level = Figure {
            value: (va != 0.0).then(|| self.grams.total as f64 / va * KILOGRAMS_PER_WANYUAN),
            numerator: Some(self.grams.total),
            denominator: None,
        };
        let Matched { count, now, before } = self.matched;
        let volume = self.matched_va.constant(world, quarter).value() / self.matched_va_before as f64;
        let change = (before != 0 && volume.is_normal()).then(|| (now as f64 / before as f64 / volume - 1.0) * 100.0);
        vec![
            ("emissions_per_va_ytd", level.if_any(if lost { 0 } else { self.grams.count })),
            ("emissions_per_va_change_ytd", Figure::value(change).if_any(if lost { 0 } else { count })),
        ]
    }
}
