//! Leading industries of parks: their share in the parks' revenue, and their location quotient.

use std::collections::BTreeSet;

use super::amounts::QIANYUAN;
use super::figure::Figure;
use crate::doings::REVENUE;
use crate::facts::DIVISIONS;
use crate::latent::Return;
use crate::quarter::Quarter;
use crate::register::World;

/// Revenue since January of each park and division in a quarter.
pub(super) struct Industries {
    revenue: Vec<[i128; DIVISIONS.len()]>,
    members: Vec<u64>,
    /// Positions of the leading divisions of each park.
    leading: Vec<Vec<usize>>,
}

impl Industries {
    /// Nothing filed yet for this quarter.
    pub(super) fn new(world: &World, quarter: Quarter) -> Self {
        let valid = |from: Option<Quarter>, to: Option<Quarter>| {
            from.is_none_or(|from| from <= quarter) && to.is_none_or(|to| quarter <= to)
        };
        let leading = (0..world.parks.len()).map(|park| {
            let stays = world.leading_stays(park).into_iter().filter(|stay| valid(stay.from, stay.to));
            let divisions: BTreeSet<usize> = stays.map(|stay| stay.division).collect();
            divisions.into_iter().collect()
        });
        Self {
            revenue: vec![[0; DIVISIONS.len()]; world.parks.len()],
            members: vec![0; world.parks.len()],
            leading: leading.collect(),
        }
    }

    /// Enters the return of an enterprise.
    pub(super) fn enter(&mut self, world: &World, entry: &Return) {
        if let Some(park) = entry.park {
            let division = world.enterprises[entry.enterprise].division;
            self.revenue[park][division] += i128::from(entry.money[REVENUE].now) * QIANYUAN;
            self.members[park] += 1;
        }
    }

    fn leading_revenue(&self, park: usize) -> i128 {
        self.leading[park].iter().map(|&division| self.revenue[park][division]).sum()
    }

    fn all_revenue(&self, park: usize) -> i128 {
        self.revenue[park].iter().sum()
    }

    /// Share of the leading industries in the revenue of these parks.
    pub(super) fn share(&self, parks: impl Iterator<Item = usize>) -> Figure {
        let filed = parks.filter(|&park| self.members[park] > 0 && !self.leading[park].is_empty());
        let (mut count, mut leading, mut all) = (0, 0, 0);
        for park in filed {
            count += 1;
            leading += self.leading_revenue(park);
            all += self.all_revenue(park);
        }
        Figure::ratio(count, leading, all, 100.0)
    }

    /// How much heavier the leading industries weigh in a park than in all parks.
    pub(super) fn quotient(&self, park: usize) -> Figure {
        let divisions = &self.leading[park];
        if self.members[park] == 0 || divisions.is_empty() {
            return Figure::default();
        }
        let province: i128 = self.revenue.iter().flatten().sum();
        let theirs: i128 = self.revenue.iter().flat_map(|park| divisions.iter().map(|&division| park[division])).sum();
        let (over, under) = (self.leading_revenue(park), self.all_revenue(park));
        let known = under > 0 && theirs > 0 && province > 0;
        let value = known.then(|| (over as f64 / under as f64) / (theirs as f64 / province as f64));
        Figure { value, numerator: None, denominator: None }
    }
}
