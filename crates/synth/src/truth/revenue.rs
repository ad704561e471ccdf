//! Revenue of the members of an area: how it is spread over them, what it was a year ago, and the R&D beside it.

use super::amounts::{Matched, QIANYUAN, Tally};
use super::figure::Figure;
use crate::research::Research;

/// Revenue since January of the members of an area, in fen.
#[derive(Clone, Default)]
pub(super) struct Spread {
    pub revenue: Tally,
    /// What was known of the same parks a year ago.
    pub year_ago: Tally,
    squares: i128,
    /// The four largest, in falling order.
    largest: [i128; 4],
    /// Those that report R&D, and how much.
    research: Tally,
    /// Revenue of those whose R&D is known, having none included.
    beside_research: Tally,
}

impl Spread {
    /// Adds a member: its revenue, and what it files on R&D.
    pub(super) fn enter(&mut self, revenue: i128, research: Option<&Research>) {
        self.revenue.add(revenue);
        self.squares += revenue * revenue;
        self.rank([revenue, 0, 0, 0]);
        let spent = research.map_or(Some(0), |research| research.now);
        if let Some(spent) = spent {
            self.beside_research.add(revenue);
            if research.is_some() {
                self.research.add(i128::from(spent) * QIANYUAN);
            }
        }
    }

    /// Adds the members of another area.
    pub(super) fn merge(&mut self, other: &Self) {
        self.revenue.merge(other.revenue);
        self.year_ago.merge(other.year_ago);
        self.squares += other.squares;
        self.rank(other.largest);
        self.research.merge(other.research);
        self.beside_research.merge(other.beside_research);
    }

    fn rank(&mut self, others: [i128; 4]) {
        let mut all: Vec<i128> = self.largest.into_iter().chain(others).collect();
        all.sort_unstable_by(|a, b| b.cmp(a));
        self.largest.copy_from_slice(&all[..4]);
    }

    fn hhi(&self) -> Figure {
        let total = self.revenue.total;
        let value = (total != 0).then(|| self.squares as f64 / (total * total) as f64 * 10_000.0);
        Figure { value, numerator: None, denominator: Some(total) }.if_any(self.revenue.count)
    }

    fn growth(&self) -> Figure {
        let both = if self.revenue.count > 0 { self.year_ago.count } else { 0 };
        Figure::growth(Matched { count: both, now: self.revenue.total, before: self.year_ago.total })
    }

    /// The indicators of an area that follow; `whole_year` says whether four quarters are known, `over_10bn` how many made 10 billion
    /// yuan in them.
    pub(super) fn figures(&self, whole_year: bool, over_10bn: u64) -> Vec<(&'static str, Figure)> {
        let Tally { count, total } = self.revenue;
        let over_10bn = if whole_year { Figure::count(over_10bn).if_any(count) } else { Figure::default() };
        let Tally { count: known, total: beside } = self.beside_research;
        vec![
            ("enterprises_10bn", over_10bn),
            ("concentration_cr4_ytd", Figure::ratio(count, self.largest.iter().sum(), total, 100.0)),
            ("concentration_hhi_ytd", self.hhi()),
            ("revenue_growth_levels_ytd", self.growth()),
            ("rd_intensity_ytd", Figure::ratio(known, self.research.total, beside, 100.0)),
        ]
    }
}
