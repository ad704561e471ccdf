//! Values that cannot be what they say they are: outside the range that the definition gives, they are set aside, and the whole
//! column with them where too many are. What they may have meant is told, and never assumed.

use super::findings::Findings;
use config::expectation::Range;
use vocab::unit::Dimension;
use vocab::{Place, Problem, rules, said};

/// Fewer values say nothing of their column.
const FEWEST: u64 = 5;

/// Share of the values outside that a reading must make plausible to be worth telling of a whole column.
const MOSTLY: f64 = 0.8;

/// Readings that are worth telling: the first ones are the likeliest.
const TOLD: usize = 2;

/// Millionths in one: an index of 100, a share of 100 %.
const ONE: i64 = 1_000_000;

/// A way in which a value may have been mistaken.
struct Reading {
    /// `x` is the value as it stands.
    label: &'static str,
    /// The kind of quantity it makes sense for; all where it is none.
    of: Option<Dimension>,
    read: fn(i64) -> Option<i64>,
}

/// What a bureau mistakes: a growth rate for an index, a point, a unit. The likeliest first.
const READINGS: [Reading; 8] = [
    Reading { label: "100+x", of: Some(Dimension::Index), read: |x| x.checked_add(ONE) },
    Reading { label: "x−100", of: Some(Dimension::Ratio), read: |x| x.checked_sub(ONE) },
    Reading { label: "×10", of: None, read: |x| x.checked_mul(10) },
    Reading { label: "×100", of: None, read: |x| x.checked_mul(100) },
    Reading { label: "×1000", of: None, read: |x| x.checked_mul(1_000) },
    Reading { label: "÷10", of: None, read: |x| Some(x / 10) },
    Reading { label: "÷100", of: None, read: |x| Some(x / 100) },
    Reading { label: "÷1000", of: None, read: |x| Some(x / 1_000) },
];

/// The values of one column, held against their range.
#[derive(Debug)]
pub(super) struct Watch<'a> {
    range: &'a Range,
    outside: u64,
    /// How many of them each reading makes plausible.
    fits: [u64; READINGS.len()],
    /// What was said of single values: of no use where the column is set aside.
    told: Findings,
}

impl<'a> Watch<'a> {
    /// Keeps as many problems whole as `findings` does.
    pub(super) fn new(range: &'a Range, findings: &Findings) -> Self {
        Watch { range, outside: 0, fits: [0; READINGS.len()], told: findings.alike() }
    }

    /// Whether a value is plausible.
    #[inline]
    pub(super) fn holds(&self, value: i64) -> bool {
        self.range.holds(value)
    }

    /// Takes a value that is not. `cell` is how it was written, where that may be shown.
    pub(super) fn set_aside(&mut self, value: i64, place: impl FnOnce() -> Place, cell: Option<&str>) {
        self.outside += 1;
        for (fits, reading) in self.fits.iter_mut().zip(&READINGS) {
            *fits += u64::from(reads(self.range, value, reading).is_some());
        }
        let range = self.range;
        self.told.push_with(&rules::VALUE_IMPLAUSIBLE, || {
            let problem = Problem::new(&rules::VALUE_IMPLAUSIBLE, place());
            match cell {
                Some(cell) => problem.value(cell).expected(meant(range, value)),
                None => problem.expected([range.text.clone()]),
            }
        });
    }

    /// Tells what became of the column, which has `inside` plausible values: whether it is set aside as a whole.
    pub(super) fn settle(self, inside: u64, place: &Place, findings: &mut Findings) -> bool {
        let values = inside + self.outside;
        let whole = values >= FEWEST && self.outside as f64 > self.range.most * values as f64;
        if !whole {
            findings.absorb(self.told);
            return false;
        }
        let (Range { of, text, .. }, outside) = (self.range, self.outside);
        let found = said!(
            "{of}：{values} 个值中有 {outside} 个超出 {text}",
            "{of}: {outside} of {values} values outside {text}"
        );
        let likely = READINGS.iter().zip(self.fits).filter(|(_, fits)| *fits as f64 >= MOSTLY * self.outside as f64);
        let problem = Problem::new(&rules::COLUMN_IMPLAUSIBLE, place.clone()).said(found);
        findings.push(problem.expected(likely.map(|(reading, _)| reading.label).take(TOLD)));
        true
    }

    /// Adds what a part of the same values came to.
    pub(super) fn count(&mut self, part: &Watch<'a>) {
        self.outside += part.outside;
        self.fits.iter_mut().zip(part.fits).for_each(|(mine, theirs)| *mine += theirs);
    }
}

/// What a value is in a reading that makes it plausible. Nothing makes a zero plausible but being none.
fn reads(range: &Range, value: i64, reading: &Reading) -> Option<i64> {
    let applies = value != 0 && reading.of.is_none_or(|of| of == range.unit.dimension);
    (reading.read)(value).filter(|&read| applies && range.holds(read))
}

/// The range, and what a value outside may have been meant as: `103.4 (×10)`.
fn meant(range: &Range, value: i64) -> Vec<String> {
    let shown = |value: i64| value as f64 * range.unit.denominator as f64 / range.unit.numerator as f64;
    let read = READINGS.iter().filter_map(|reading| Some((reads(range, value, reading)?, reading.label)));
    let readings = read.map(|(read, label)| format!("{} ({label})", shown(read)));
    std::iter::once(range.text.clone()).chain(readings.take(TOLD)).collect()
}
