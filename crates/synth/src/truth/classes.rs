//! Classes of enterprises after the method of Anyang, from what the departments know. The constants are those of the sample's
//! method, written down a second time.
//!
//! Ratios and points are fractions, compared by cross-multiplication: nothing here is rounded.

use super::amounts::CENT;
use super::figure::Figure;
use crate::admin::is_lost;
use crate::facts::DIVISIONS;
use crate::holding::{Holding, holdings};
use crate::land::LandUnit;
use crate::latent::Return;
use crate::quarter::Quarter;
use crate::register::World;

/// Tax per mu, research over sales, sales per energy, tax per emission.
const WEIGHTS: [i128; 4] = [40, 10, 25, 25];
/// Quarters on the register before an enterprise is evaluated.
const QUARTERS: i32 = 8;
/// Divisions that are not evaluated: electricity and heat, gas, water.
const UTILITIES: [&str; 3] = ["44", "45", "46"];
/// Shares of classes A and C in a park, in percent.
const A_PERCENT: usize = 15;
const C_PERCENT: usize = 10;

/// What counts of one filing, year to date.
#[derive(Clone, Copy)]
struct Filed {
    tax: Option<i128>,
    tax_before: i128,
    sales: i128,
    research: i128,
    energy: i128,
    emission: Option<i128>,
    emission_before: Option<i128>,
}

/// The four ratios of an enterprise; a ratio over nothing is none.
struct Candidate {
    park: usize,
    ratios: [Option<(i128, i128)>; 4],
    evaluated: bool,
    land: i128,
}

/// Classes of an area.
#[derive(Clone, Copy, Default)]
pub(super) struct Classes {
    known: bool,
    evaluated: u64,
    a: u64,
    b: u64,
    c: u64,
    c_land: i128,
}

impl Classes {
    /// Adds the classes of another area.
    pub(super) fn merge(&mut self, other: &Self) {
        self.known |= other.known;
        self.evaluated += other.evaluated;
        self.a += other.a;
        self.b += other.b;
        self.c += other.c;
        self.c_land += other.c_land;
    }

    /// The figures of an area.
    pub(super) fn figures(&self) -> Vec<(&'static str, Figure)> {
        let known = u64::from(self.known);
        let share = |count: u64| Figure::ratio(known, count.into(), self.evaluated.into(), 100.0);
        let land = Figure { value: Some(self.c_land as f64 / 1e6), numerator: Some(self.c_land), denominator: None };
        vec![
            ("evaluated_enterprises", Figure::count(self.evaluated).if_any(known)),
            ("class_a_share", share(self.a)),
            ("class_b_share", share(self.b)),
            ("class_c_share", share(self.c)),
            ("class_c_land", land.if_any(known)),
        ]
    }
}

/// What was filed in all quarters, and who holds which land.
pub(super) struct Files {
    from: Quarter,
    /// By quarter of the sample, then enterprise.
    filed: Vec<Vec<Option<Filed>>>,
    land: Vec<Vec<Holding>>,
}

impl Files {
    /// Empty files.
    pub(super) fn new(world: &World) -> Self {
        let land = (0..world.enterprises.len()).map(|index| holdings(world, index)).collect();
        Self { from: world.from, filed: Vec::new(), land }
    }

    /// Opens the next quarter.
    pub(super) fn open(&mut self, world: &World) {
        self.filed.push(vec![None; world.enterprises.len()]);
    }

    /// Files what the departments know of an enterprise in the open quarter.
    pub(super) fn enter(&mut self, world: &World, quarter: Quarter, entry: &Return) {
        let Some(open) = self.filed.last_mut() else { return };
        let (admin, sent) = (&entry.admin, !is_lost(world, quarter));
        open[entry.enterprise] = Some(Filed {
            tax: entry.tax.map(|tax| i128::from(tax) * CENT),
            tax_before: i128::from(entry.tax_before) * CENT,
            sales: i128::from(admin.sales) * CENT,
            research: i128::from(admin.research) * CENT,
            energy: i128::from(admin.metered) * CENT,
            emission: admin.emitted().filter(|_| sent),
            emission_before: admin.emitted_before().filter(|_| sent),
        });
    }

    /// The classes of each park in the open quarter, once everyone has filed.
    pub(super) fn classes(&self, world: &World, quarter: Quarter) -> Vec<Classes> {
        let mut classes = vec![Classes::default(); world.parks.len()];
        let all: Vec<Candidate> =
            (0..world.enterprises.len()).filter_map(|index| self.candidate(world, quarter, index)).collect();
        // Without a dataset no one is judged.
        if !(0..4).all(|measure| all.iter().any(|one| one.ratios[measure].is_some())) {
            return classes;
        }
        for (park, sums) in classes.iter_mut().enumerate() {
            let here: Vec<&Candidate> = all.iter().filter(|one| one.park == park).collect();
            sums.known = !here.is_empty();
            let panel: Vec<&Candidate> = here.into_iter().filter(|one| one.evaluated).collect();
            classify(&panel, sums);
        }
        classes
    }

    fn candidate(&self, world: &World, quarter: Quarter, index: usize) -> Option<Candidate> {
        let enterprise = &world.enterprises[index];
        let park = enterprise.park_at(quarter)?;
        let registered = quarter.since(enterprise.first()) + 1;
        let last = quarter.last_day();
        let unit = i128::from(LandUnit::of_city(enterprise.city).micromu());
        let held = self.land[index].iter().filter(|holding| holding.counts_on(last));
        let land: i128 = held.map(|holding| i128::from(holding.area) * unit).sum();
        let year = |pick: fn(&Filed) -> Option<i128>, before: fn(&Filed) -> Option<i128>| {
            let now = self.at(quarter, index)?;
            if registered < 4 {
                return None;
            }
            if quarter.quarter() == 4 {
                return pick(now);
            }
            let last_year = pick(self.at(quarter.first_of_year().plus(-1), index)?)?;
            let year_ago = self.at(quarter.plus(-4), index).and_then(pick).or_else(|| before(now))?;
            Some(pick(now)? + last_year - year_ago)
        };
        let tax = year(|filed| filed.tax, |filed| Some(filed.tax_before));
        let sales = year(|filed| Some(filed.sales), |_| None);
        let research = year(|filed| Some(filed.research), |_| None);
        let energy = year(|filed| Some(filed.energy), |_| None);
        let emission = year(|filed| filed.emission, |filed| filed.emission_before);
        let ratio = |over: Option<i128>, under: Option<i128>| Some((over?, under.filter(|under| *under > 0)?));
        let ratios = [ratio(tax, Some(land)), ratio(research, sales), ratio(sales, energy), ratio(tax, emission)];
        let exempt = registered < QUARTERS || UTILITIES.contains(&DIVISIONS[enterprise.division].code);
        let evaluated = !exempt && ratios[0].is_some() && ratios[1].is_some();
        Some(Candidate { park, ratios, evaluated, land })
    }

    /// What was filed in a quarter of the sample.
    fn at(&self, quarter: Quarter, index: usize) -> Option<&Filed> {
        let place = usize::try_from(quarter.since(self.from)).ok()?;
        self.filed.get(place)?[index].as_ref()
    }
}

/// Points as a fraction: over and under the line.
type Points = (i128, i128);

/// Points of each member of a panel, and from them the classes. Fractions are never rounded.
fn classify(panel: &[&Candidate], sums: &mut Classes) {
    let count = panel.len();
    let mut points = vec![[(0, 1); 4]; count];
    for measure in 0..4 {
        let known: Vec<(i128, i128)> = panel.iter().filter_map(|one| one.ratios[measure]).collect();
        let n = known.len() as i128;
        let mut places = 0;
        for (one, points) in panel.iter().zip(&mut points) {
            let Some((over, under)) = one.ratios[measure] else { continue };
            let better = known.iter().filter(|(o, u)| o * under > over * u).count() as i128;
            points[measure] = (WEIGHTS[measure] * (n - better), n);
            places += n - better;
        }
        // Who emits nothing gets what the others get on the mean; elsewhere no value is no points.
        for (_, points) in panel.iter().zip(&mut points).filter(|(one, _)| one.ratios[measure].is_none()) {
            points[measure] = if measure == 3 && n > 0 { (WEIGHTS[measure] * places, n * n) } else { (0, 1) };
        }
    }
    let total: Vec<Points> = points.iter().map(|points| added(points)).collect();
    let best: Vec<Points> = points.iter().map(|points| added(&points[..2])).collect();
    let worst: Vec<Points> = points.iter().map(|points| added(&points[2..])).collect();
    let half = count / 2;
    let quota = |percent: usize| (count * percent + 50) / 100;
    let everyone: Vec<usize> = (0..count).collect();
    let above = |pool: &[usize], of: &[Points], me: usize| pool.iter().filter(|&&one| more(of[one], of[me])).count();
    let below = |pool: &[usize], of: &[Points], me: usize| pool.iter().filter(|&&one| more(of[me], of[one])).count();
    let upper: Vec<usize> = everyone.iter().copied().filter(|&one| above(&everyone, &total, one) < half).collect();
    let lower: Vec<usize> = everyone.iter().copied().filter(|&one| below(&everyone, &total, one) < half).collect();
    for member in everyone {
        sums.evaluated += 1;
        if upper.contains(&member) && above(&upper, &best, member) < quota(A_PERCENT) {
            sums.a += 1;
        } else if lower.contains(&member) && below(&lower, &worst, member) < quota(C_PERCENT) {
            sums.c += 1;
            sums.c_land += panel[member].land;
        } else {
            sums.b += 1;
        }
    }
}

fn added(parts: &[Points]) -> Points {
    parts.iter().fold((0, 1), |(over, under), (o, u)| (over * u + o * under, under * u))
}

fn more(a: Points, b: Points) -> bool {
    a.0 * b.1 > b.0 * a.1
}
