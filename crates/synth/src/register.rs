//! Who exists, where and when: the parks, the enterprises and their stays, the clusters.

use super::anchors::Anchors;
use super::codes::CreditCode;
use super::dice::Seed;
use super::economy::Economy;
use super::facts::{self, CLASSES, CityFact, ParkFact};
use super::names;
use super::quarter::{Month, Quarter};

/// Everything that is fixed before the first form is filed.
pub(super) struct World {
    pub seed: Seed,
    pub from: Quarter,
    pub quarters: usize,
    /// Cities of the sample, by code.
    pub cities: Vec<&'static CityFact>,
    /// Parks of the sample, by code.
    pub parks: Vec<Park>,
    /// Codes that stand today for the counties of the parks, in order.
    pub counties: Vec<&'static str>,
    pub enterprises: Vec<Enterprise>,
    pub clusters: Vec<Cluster>,
    pub economy: Economy,
    pub anchors: Anchors,
}

/// A park of the sample.
#[derive(Clone)]
pub(super) struct Park {
    /// Seven-character code.
    pub code: String,
    /// Position in [`World::cities`].
    pub city: usize,
    pub fact: &'static ParkFact,
    /// Position in [`World::counties`]; a functional zone lies in none.
    pub county: Option<usize>,
    /// First quarter of its validity.
    pub opens: Quarter,
    /// Last quarter of its validity; none while it lasts.
    pub closes: Option<Quarter>,
    /// Another code that it was given, and the quarter from which that holds.
    pub renamed: Option<(Quarter, String)>,
    /// Positions of the parks that it came from.
    pub heir_of: Vec<usize>,
    pub land: LandHistory,
    /// Industrial land around the middle of the sample, in mu: what its enterprises' tax can carry.
    pub land_mu: f64,
    /// Workers of its above-scale enterprises around the middle of the sample.
    pub workers: f64,
    /// Divisions most of its enterprises belong to.
    pub leading: [usize; 3],
    /// How many enterprises it draws.
    pub weight: u32,
}

/// What the land ledger knows of a park.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LandHistory {
    /// Plots from long ago on.
    Full,
    /// Plots only from this quarter on.
    From(Quarter),
    /// No plot at all.
    None,
}

/// One stay of an enterprise: in a park, or outside all of them.
#[derive(Clone, Copy)]
pub(super) struct Stay {
    /// Position in [`World::parks`].
    pub park: Option<usize>,
    pub from: Quarter,
    /// Last quarter; none while it lasts.
    pub to: Option<Quarter>,
}

/// A division that leads a park, and when.
pub(super) struct Leading {
    pub division: usize,
    /// First and last quarter; none without limit.
    pub from: Option<Quarter>,
    pub to: Option<Quarter>,
}

impl Park {
    /// Whether it is there in a quarter.
    pub(super) fn is_open(&self, quarter: Quarter) -> bool {
        self.opens <= quarter && !self.is_closed(quarter)
    }

    /// Whether it was given up before a quarter.
    pub(super) fn is_closed(&self, quarter: Quarter) -> bool {
        self.closes.is_some_and(|last| last < quarter)
    }

    /// The code that holds in a quarter.
    pub(super) fn code_at(&self, quarter: Quarter) -> &str {
        self.renamed.as_ref().filter(|(from, _)| *from <= quarter).map_or(&self.code, |(_, code)| code)
    }

    /// The divisions on the register of leading industries. A new one takes the place of the last in every third park half
    /// way through the sample.
    fn leading_stays(&self, world: &World) -> Vec<Leading> {
        let [first, second, third] = self.leading;
        let then = world.from.plus(world.quarters as i32 / 2);
        let mut stays = vec![Leading { division: first, from: None, to: None }];
        let changes = world.quarters > 1 && self.code.ends_with(['2', '5', '8']) && second != third;
        if changes && second != first && third != first {
            stays.push(Leading { division: third, from: None, to: Some(then.plus(-1)) });
            stays.push(Leading { division: second, from: Some(then), to: None });
            return stays;
        }
        for division in [second, third] {
            if stays.iter().all(|stay| stay.division != division) {
                stays.push(Leading { division, from: None, to: None });
            }
        }
        stays
    }

    /// Whether the province administers its county itself.
    pub(super) fn is_direct(&self) -> bool {
        facts::DIRECT.contains(&self.fact.county_code)
    }
}

impl Stay {
    fn covers(&self, quarter: Quarter) -> bool {
        self.from <= quarter && self.to.is_none_or(|last| quarter <= last)
    }
}

/// An above-scale enterprise and its character.
pub(super) struct Enterprise {
    pub code: CreditCode,
    /// Position in [`World::cities`].
    pub city: usize,
    /// Position in the table of classes.
    pub class: usize,
    /// Position in the table of divisions.
    pub division: usize,
    pub stay: Stay,
    /// Further stays, in order.
    pub later: Vec<Stay>,
    /// Month its first smart retrofit is completed.
    pub retrofit: Option<Month>,
    /// Gross output of the base year in qianyuan.
    pub annual: f64,
    /// Spread of its own growth.
    pub restlessness: f64,
    /// What it did before it was above scale, as a part of what it does after.
    pub before: f64,
    /// Energy (10^-2 tce) per qianyuan of output at base-year prices and thrift.
    pub energy_rate: f64,
    /// Tax paid over revenue.
    pub tax_rate: f64,
    /// Exports over output.
    pub export_rate: f64,
    /// Operating profit over revenue in a usual quarter.
    pub margin: f64,
    /// Workers in the base year.
    pub heads: f64,
}

impl Enterprise {
    /// First quarter of its first stay.
    pub(super) fn first(&self) -> Quarter {
        self.stay.from
    }

    /// The stay that covers a quarter.
    pub(super) fn stay_at(&self, quarter: Quarter) -> Option<&Stay> {
        self.stays().find(|stay| stay.covers(quarter))
    }

    /// Its stays in order.
    pub(super) fn stays(&self) -> impl Iterator<Item = &Stay> {
        std::iter::once(&self.stay).chain(&self.later)
    }

    /// The park it is in at a quarter, if it is above scale and in one.
    pub(super) fn park_at(&self, quarter: Quarter) -> Option<usize> {
        self.stay_at(quarter).and_then(|stay| stay.park)
    }
}

/// A cluster: pairs of a park and a division.
pub(super) struct Cluster {
    pub code: String,
    pub name: &'static str,
    /// Positions of the park and of the division.
    pub pairs: Vec<(usize, usize)>,
}

impl World {
    /// Last quarter of the sample.
    pub(super) fn last(&self) -> Quarter {
        self.from.plus(self.quarters as i32 - 1)
    }

    /// The quarters of the sample in order.
    pub(super) fn periods(&self) -> impl Iterator<Item = Quarter> + use<> {
        let from = self.from;
        (0..self.quarters as i32).map(move |offset| from.plus(offset))
    }

    /// Full name of an enterprise.
    pub(super) fn name(&self, index: usize) -> String {
        let enterprise = &self.enterprises[index];
        names::enterprise(self.cities[enterprise.city].name, CLASSES[enterprise.class].trade, index)
    }

    /// A valid credit code that no register knows, and a name to go with it.
    pub(super) fn stranger(&self, which: u64) -> (String, String) {
        let number = self.enterprises.len() as u64 + which;
        let code = CreditCode::of(self.seed, number, self.cities[0].code);
        (code.text(), names::enterprise(self.cities[0].name, "商贸", number as usize))
    }

    /// A park code that no register knows, and a name to go with it.
    pub(super) fn strange_park(&self, city: usize) -> (String, String) {
        let fact = self.cities[city];
        (format!("{}901", fact.prefix), format!("{}示例新城产业集聚区", names::short(fact.name)))
    }

    /// Positions of the parks that a park became.
    pub(super) fn heirs(&self, park: usize) -> Vec<usize> {
        (0..self.parks.len()).filter(|&heir| self.parks[heir].heir_of.contains(&park)).collect()
    }

    /// The park that a park is in a quarter: itself, or the one it became.
    pub(super) fn park_in(&self, park: usize, quarter: Quarter) -> usize {
        if !self.parks[park].is_closed(quarter) {
            return park;
        }
        match self.heirs(park)[..] {
            [heir] => heir,
            _ => park,
        }
    }

    /// The leading industries of a park: what came from others keeps theirs.
    pub(super) fn leading_stays(&self, park: usize) -> Vec<Leading> {
        match self.parks[park].heir_of.as_slice() {
            [] => self.parks[park].leading_stays(self),
            parks => parks.iter().flat_map(|&park| self.leading_stays(park)).collect(),
        }
    }

    /// Six-digit region code of the place of a stay.
    pub(super) fn region(&self, index: usize, quarter: Quarter) -> &'static str {
        let enterprise = &self.enterprises[index];
        match enterprise.park_at(quarter).map(|park| &self.parks[park]) {
            Some(park) if park.county.is_some() => facts::code_at(park.fact.county_code, quarter),
            Some(park) => self.cities[park.city].code,
            None => self.cities[enterprise.city].code,
        }
    }
}
