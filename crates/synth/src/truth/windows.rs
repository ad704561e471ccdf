//! The four quarters of each enterprise, from what it reported since January, and the park in which they count.

use super::amounts::{CENT, QIANYUAN, Tally};
use crate::doings::{PROFIT, REVENUE};
use crate::facts::DIVISIONS;
use crate::latent::{Return, value_added_fen};
use crate::quarter::Quarter;
use crate::register::World;

/// Tax, value added, revenue and profit, in this order.
pub(super) const MEASURES: usize = 4;
/// Position of revenue among them.
pub(super) const REVENUES: usize = 2;

/// Fen in 10 billion yuan.
const TEN_BILLION: i128 = 1_000_000_000_000;

/// Amounts in fen; none where the cell was left out.
type Amounts = [Option<i128>; MEASURES];

/// What an enterprise reported at the end of a quarter: since January, and for the same months of last year.
#[derive(Clone, Copy)]
struct Report {
    quarter: Quarter,
    now: Amounts,
    before: Amounts,
}

/// What everyone reported in the last two years.
pub(super) struct Reports(Vec<Vec<Report>>);

/// The four quarters of one enterprise that count at the end of the last of them.
pub(super) struct Counted {
    pub park: usize,
    /// Whether it is still on the register.
    pub is_there: bool,
    /// Whether it came after the turn of the year, so that its quarters begin in January.
    pub is_part_year: bool,
    pub amounts: Amounts,
}

impl Reports {
    pub(super) fn new(world: &World) -> Self {
        Self(vec![Vec::new(); world.enterprises.len()])
    }

    /// Takes the return of an enterprise.
    pub(super) fn enter(&mut self, world: &World, quarter: Quarter, entry: &Return) {
        let division = world.enterprises[entry.enterprise].division;
        let money = |which: usize| entry.money[which];
        let fen = |value: i64, unit: i128| Some(i128::from(value) * unit);
        let year = quarter.year();
        let reports = &mut self.0[entry.enterprise];
        reports.retain(|report| quarter.since(report.quarter) < 8);
        reports.push(Report {
            quarter,
            now: [
                entry.tax.map(|tax| i128::from(tax) * CENT),
                Some(value_added_fen(world, year, division, entry.output.now)),
                fen(money(REVENUE).now, QIANYUAN),
                fen(money(PROFIT).now, QIANYUAN),
            ],
            before: [
                fen(entry.tax_before, CENT),
                Some(value_added_fen(world, year - 1, division, entry.output.before)),
                fen(money(REVENUE).before, QIANYUAN),
                fen(money(PROFIT).before, QIANYUAN),
            ],
        });
    }

    /// The four quarters up to this one; none for an enterprise that was on the register in none of them, or in no park at the end.
    pub(super) fn counted(&self, world: &World, index: usize, quarter: Quarter) -> Option<Counted> {
        let enterprise = &world.enterprises[index];
        let is_there = |quarter: Quarter| enterprise.stay_at(quarter).is_some();
        let end = (0..4).map(|ago| quarter.plus(-ago)).find(|quarter| is_there(*quarter))?;
        let park = world.park_in(enterprise.park_at(end)?, quarter);
        let january = quarter.first_of_year();
        let was_there_last_year = is_there(january.plus(-1));
        let amounts = std::array::from_fn(|measure| {
            let this_year =
                if end < january { Some(0) } else { self.at(index, end).and_then(|report| report.now[measure]) };
            let last_year = match quarter.quarter() {
                4 => Some(0),
                _ if was_there_last_year => self.rest_of_last_year(index, january.plus(-1), quarter, end, measure),
                _ if end < january => self.rest_of_last_year(index, end, quarter, end, measure),
                _ if enterprise.first() >= january => Some(0),
                // Off the register in between: what it did is reported in part only.
                _ => None,
            };
            Some(this_year? + last_year?)
        });
        let is_part_year = end == quarter && quarter.quarter() < 4 && enterprise.first() >= january;
        Some(Counted { park, is_there: end == quarter, is_part_year, amounts })
    }

    fn at(&self, index: usize, quarter: Quarter) -> Option<&Report> {
        self.0[index].iter().find(|report| report.quarter == quarter)
    }

    /// What was done last year from the quarter after `quarter` − 4 to `until`. Where the report of that quarter is missing, one of
    /// this year's same quarter tells it again.
    fn rest_of_last_year(
        &self,
        index: usize,
        until: Quarter,
        quarter: Quarter,
        end: Quarter,
        measure: usize,
    ) -> Option<i128> {
        let whole = self.at(index, until)?.now[measure]?;
        let begun = self.at(index, quarter.plus(-4)).and_then(|report| report.now[measure]);
        let told_again = || self.at(index, end).filter(|report| report.quarter == quarter)?.before[measure];
        Some(whole - begun.or_else(told_again)?)
    }
}

/// The four quarters of the enterprises of a park.
#[derive(Clone)]
pub(super) struct Windows {
    pub sums: [Tally; MEASURES],
    /// Revenue by division.
    pub revenue_of_division: [i128; DIVISIONS.len()],
    /// Enterprises that are on the register and made 10 billion yuan.
    pub over_10bn: u64,
    pub expected: u64,
    pub part_year: u64,
}

impl Default for Windows {
    fn default() -> Self {
        Self {
            sums: [Tally::default(); MEASURES],
            revenue_of_division: [0; DIVISIONS.len()],
            over_10bn: 0,
            expected: 0,
            part_year: 0,
        }
    }
}

impl Windows {
    pub(super) fn enter(&mut self, counted: &Counted, division: usize) {
        self.expected += 1;
        self.part_year += u64::from(counted.is_part_year);
        for (sum, amount) in self.sums.iter_mut().zip(counted.amounts) {
            amount.into_iter().for_each(|amount| sum.add(amount));
        }
        let revenue = counted.amounts[REVENUES].unwrap_or(0);
        self.revenue_of_division[division] += revenue;
        self.over_10bn += u64::from(counted.is_there && revenue >= TEN_BILLION);
    }
}
