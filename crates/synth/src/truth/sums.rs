//! The sums of a quarter by park, and how parks add up to cities and the province.

use super::amounts::{CENT, Deflatable, Matched, QIANYUAN, Tally};
use super::assessment::Board;
use super::classes::{Classes, Files};
use super::emissions::Emissions;
use super::industries::Industries;
use super::lists::Held;
use super::park_figures::ParkSums;
use super::revenue::Spread;
use super::windows::{MEASURES, REVENUES, Reports, Windows};
use crate::doings::{PROFIT, REVENUE};
use crate::facts::DIVISIONS;
use crate::land::{LandUnit, Plot, plots};
use crate::latent::{Pair, Return, value_added_fen};
use crate::monitor;
use crate::quarter::{Month, Quarter};
use crate::recognition::{self, Recognition};
use crate::register::World;
use crate::research;

/// Sums of one area at one quarter.
#[derive(Clone, Default)]
pub(super) struct Sums {
    /// Members of B203.
    pub members: u64,
    /// Those with a completed retrofit.
    pub retrofitted: u64,
    pub revenue: Matched,
    pub profit: Matched,
    /// Value added, at current prices; last year's by last year's rates.
    pub va: Matched,
    pub va_real: Deflatable,
    /// Energy of members with output, and their value added.
    pub energy: Tally,
    pub energy_va: Deflatable,
    /// Energy of members that also know last year's, and their value added.
    pub matched_energy: Matched,
    pub matched_va: Deflatable,
    pub matched_va_before: i128,
    /// Value added at current prices of members with output and energy.
    pub energy_va_now: i128,
    /// Members in the red.
    pub losing: u64,
    /// Tax and workers of members that report both.
    pub taxed_workers: Tally,
    pub workers_tax: i128,
    /// Value added and workers of members that report workers.
    pub labour_va: i128,
    pub workers: Tally,
    /// Industrial land, and the sums of parks that have some.
    pub land: i128,
    pub tax_ytd: Tally,
    /// Rows of the park form, areas in micromu.
    pub planned: Tally,
    pub built_up: Tally,
    pub employees: Tally,
    /// What the members are recognised for.
    pub held: Held,
    /// How revenue is spread over the members, and the R&D beside it.
    pub spread: Spread,
    pub emissions: Emissions,
    pub classes: Classes,
    /// What the park administrations report.
    pub park: ParkSums,
    pub tax_on_land: OnLand,
    /// Four quarters of the measures of [`windows`](super::windows).
    pub trailing: [OnLand; MEASURES],
    /// Enterprises whose four quarters count, and those of them that begin in January.
    pub window: (u64, u64),
    pub over_10bn: u64,
}

/// A sum of the parks that have industrial land, and that land.
#[derive(Clone, Copy, Default)]
pub(super) struct OnLand {
    pub tally: Tally,
    pub land: i128,
}

impl OnLand {
    fn add(&mut self, tally: Tally, land: i128) {
        if tally.count > 0 {
            self.tally.merge(tally);
            self.land += land;
        }
    }
}

impl Sums {
    /// Adds the sums of another area.
    pub(super) fn merge(&mut self, other: &Self) {
        self.members += other.members;
        self.retrofitted += other.retrofitted;
        self.labour_va += other.labour_va;
        self.energy_va_now += other.energy_va_now;
        self.losing += other.losing;
        self.workers_tax += other.workers_tax;
        self.land += other.land;
        self.matched_va_before += other.matched_va_before;
        for (sum, value) in [
            (&mut self.revenue, other.revenue),
            (&mut self.profit, other.profit),
            (&mut self.va, other.va),
            (&mut self.matched_energy, other.matched_energy),
        ] {
            sum.merge(value);
        }
        self.held.merge(&other.held);
        self.spread.merge(&other.spread);
        self.park.merge(&other.park);
        self.emissions.merge(&other.emissions);
        self.classes.merge(&other.classes);
        self.va_real.merge(&other.va_real);
        self.energy_va.merge(&other.energy_va);
        self.matched_va.merge(&other.matched_va);
        for (sum, value) in [
            (&mut self.energy, other.energy),
            (&mut self.workers, other.workers),
            (&mut self.taxed_workers, other.taxed_workers),
            (&mut self.tax_ytd, other.tax_ytd),
            (&mut self.planned, other.planned),
            (&mut self.built_up, other.built_up),
            (&mut self.employees, other.employees),
        ] {
            sum.merge(value);
        }
    }
}

/// Running sums: those of the open quarter by park, and the windows that outlive it.
pub(super) struct Book {
    parks: Vec<Sums>,
    land: Vec<Vec<Plot>>,
    /// What everyone reported, and what follows for the open quarter by park.
    reports: Reports,
    windows: Vec<Windows>,
    files: Files,
    /// Ranks of the parks in the assessment.
    pub board: Board,
    /// Revenue by park in each quarter of the last year.
    past: [Vec<Tally>; 4],
    /// The industries of the open quarter.
    pub industries: Industries,
    /// What each enterprise was ever recognised for.
    recognitions: Vec<Vec<Recognition>>,
    /// Cluster of a (park, division).
    cluster_of: Vec<[Option<usize>; DIVISIONS.len()]>,
}

impl Book {
    /// An empty book.
    pub(super) fn new(world: &World) -> Self {
        let parks = world.parks.len();
        let mut cluster_of = vec![[None; DIVISIONS.len()]; parks];
        for (index, cluster) in world.clusters.iter().enumerate() {
            for &(park, division) in &cluster.pairs {
                cluster_of[park][division] = Some(index);
                world.heirs(park).into_iter().for_each(|heir| cluster_of[heir][division] = Some(index));
            }
        }
        Self {
            parks: vec![Sums::default(); parks],
            land: (0..parks).map(|park| plots(world, park)).collect(),
            reports: Reports::new(world),
            windows: vec![Windows::default(); parks],
            files: Files::new(world),
            board: Board::default(),
            past: std::array::from_fn(|_| vec![Tally::default(); parks]),
            industries: Industries::new(world, world.from),
            recognitions: (0..world.enterprises.len()).map(|index| recognition::of(world, index)).collect(),
            cluster_of,
        }
    }

    /// Opens a quarter: land and the park form are known before any enterprise.
    pub(super) fn open(&mut self, world: &World, quarter: Quarter) {
        self.files.open(world);
        // The quarter that was open before is kept, in the place of the one a year before it.
        self.past[slot(quarter.plus(-1))] = self.parks.iter().map(|sums| sums.spread.revenue).collect();
        self.industries = Industries::new(world, quarter);
        for (index, sums) in self.parks.iter_mut().enumerate() {
            *sums = Sums::default();
            sums.spread.year_ago = self.past[slot(quarter)][index];
            let park = &world.parks[index];
            let unit = i128::from(LandUnit::of_city(park.city).micromu());
            let taken_over = park.heir_of.iter().filter(|&&from| world.park_in(from, quarter) == index);
            let plots = taken_over.chain([&index]).flat_map(|&park| &self.land[park]);
            let counted = plots.filter(|plot| plot.counts_on(quarter.last_day()) && !park.is_closed(quarter));
            sums.land = counted.map(|plot| i128::from(plot.area) * unit).sum();
            if park.is_open(quarter) {
                // 10^-2 km² are 15 mu.
                let row = monitor::of(world, index, quarter);
                sums.planned.add(i128::from(row.planned) * 15_000_000);
                sums.built_up.add(i128::from(row.built_up) * 15_000_000);
                sums.employees.add(i128::from(row.employees));
                sums.park = ParkSums::of(world, index, quarter, &row, sums.land);
            }
        }
    }

    /// Enters the return of an enterprise; those outside every park are no member of any area.
    pub(super) fn enter(&mut self, world: &World, quarter: Quarter, entry: &Return) {
        self.files.enter(world, quarter, entry);
        self.reports.enter(world, quarter, entry);
        let Some(park) = entry.park else { return };
        self.industries.enter(world, entry);
        let enterprise = &world.enterprises[entry.enterprise];
        let division = enterprise.division;
        let year = quarter.year();
        let va = value_added_fen(world, year, division, entry.output.now);
        let va_before = value_added_fen(world, year - 1, division, entry.output.before);
        let sums = &mut self.parks[park];
        sums.members += 1;
        let done = Month::of(quarter.last_day());
        sums.retrofitted += u64::from(enterprise.retrofit.is_some_and(|month| month <= done));
        sums.revenue.add(entry.money[REVENUE], QIANYUAN);
        sums.profit.add(entry.money[PROFIT], QIANYUAN);
        sums.losing += u64::from(entry.money[PROFIT].now < 0);
        sums.va.merge(Matched { count: 1, now: va, before: va_before });
        let revenue = i128::from(entry.money[REVENUE].now) * QIANYUAN;
        let research = research::of(world, quarter, entry);
        sums.spread.enter(revenue, research.as_ref());
        sums.held.enter(&self.recognitions[entry.enterprise], quarter, va);
        sums.va_real.add(division, va);
        sums.emissions.enter(entry, division, va, va_before);
        if let Some(energy) = entry.energy {
            sums.energy.add(i128::from(energy) * CENT);
            sums.energy_va.add(division, va);
            sums.energy_va_now += va;
        }
        if let (Some(now), Some(before)) = (entry.energy, entry.energy_before) {
            sums.matched_energy.add(Pair { now, before }, CENT);
            sums.matched_va.add(division, va);
            sums.matched_va_before += va_before;
        }
        if let Some(employees) = entry.employees {
            sums.labour_va += va;
            sums.workers.add(i128::from(employees));
        }
        if let (Some(tax), Some(employees)) = (entry.tax, entry.employees) {
            sums.workers_tax += i128::from(tax) * CENT;
            sums.taxed_workers.add(i128::from(employees));
        }
        if let Some(tax) = entry.tax.filter(|_| sums.land > 0) {
            sums.tax_ytd.add(i128::from(tax) * CENT);
        }
    }

    /// Closes a quarter: classes and sums of four quarters follow from what everyone filed.
    pub(super) fn close(&mut self, world: &World, quarter: Quarter) {
        self.windows = vec![Windows::default(); self.parks.len()];
        for index in 0..world.enterprises.len() {
            if let Some(counted) = self.reports.counted(world, index, quarter) {
                self.windows[counted.park].enter(&counted, world.enterprises[index].division);
            }
        }
        for (sums, classes) in self.parks.iter_mut().zip(self.files.classes(world, quarter)) {
            sums.classes = classes;
        }
    }

    /// Sums of an area at the open quarter.
    pub(super) fn area(&self, parks: impl Iterator<Item = usize>) -> Sums {
        let mut area = Sums::default();
        for park in parks {
            area.merge(&self.parks[park]);
            let windows = &self.windows[park];
            area.window.0 += windows.expected;
            area.window.1 += windows.part_year;
            area.over_10bn += windows.over_10bn;
            let land = self.parks[park].land;
            // A park without land leaves the numerator too; nor is the land of a park counted where no one told its tax.
            if land > 0 {
                area.tax_on_land.add(self.parks[park].tax_ytd, land);
                for (sum, tally) in area.trailing.iter_mut().zip(windows.sums) {
                    sum.add(tally, land);
                }
            }
        }
        area
    }

    /// Whether anyone's revenue of four quarters is known.
    pub(super) fn knows_revenue(&self, parks: impl Iterator<Item = usize>) -> bool {
        parks.into_iter().any(|park| self.windows[park].sums[REVENUES].count > 0)
    }

    /// Value added of some parks since January.
    pub(super) fn value_added(&self, parks: &[usize]) -> Tally {
        let mut tally = Tally::default();
        for &park in parks {
            let Matched { count, now, .. } = self.parks[park].va;
            tally.merge(Tally { count, total: now });
        }
        tally
    }

    /// Revenue of each cluster over four quarters.
    pub(super) fn clusters(&self, world: &World) -> Vec<i128> {
        let mut revenue = vec![0; world.clusters.len()];
        for (windows, cluster_of) in self.windows.iter().zip(&self.cluster_of) {
            for (of_division, cluster) in windows.revenue_of_division.iter().zip(cluster_of) {
                if let Some(cluster) = cluster {
                    revenue[*cluster] += of_division;
                }
            }
        }
        revenue
    }
}

/// Where a quarter stands within its year.
fn slot(quarter: Quarter) -> usize {
    usize::from(quarter.quarter() - 1)
}
