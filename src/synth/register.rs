//! Who exists, where and when: the parks, the enterprises and their stays, the clusters.

use super::anchors::{self, Anchors};
use super::codes::CreditCode;
use super::dice::{Seed, Topic};
use super::economy::Economy;
use super::facts::{self, CITIES, CLASSES, CityFact, DIVISIONS, ParkFact, THEMES, division_index};
use super::founder::Founder;
use super::quarter::{Month, Quarter};
use super::{Options, latent, names};

/// How many quarters after the start the young park opens and the late land begins.
const LATE: i32 = 4;

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
    /// Builds the world of a sample. The options must be valid.
    pub(super) fn new(options: &Options) -> Self {
        let seed = Seed(options.seed);
        let (cities, mut parks) = parks(seed, options);
        let counties = counties(&mut parks);
        let mut world = Self {
            seed,
            from: options.from,
            quarters: options.quarters,
            cities,
            parks,
            counties,
            enterprises: Vec::with_capacity(options.enterprises),
            clusters: Vec::new(),
            economy: Economy::new(seed, options.from, options.quarters),
            anchors: Anchors::NONE,
        };
        let founder = Founder::new(&world, options.enterprises);
        let enterprises = (0..options.enterprises).map(|index| founder.found(&world, index)).collect();
        world.enterprises = enterprises;
        if let Some(year) = options.anchors {
            anchors::limit_enterprises(&mut world, year);
        }
        world.clusters = clusters(&world);
        world.endow();
        if let Some(year) = options.anchors {
            anchors::calibrate(&mut world, year);
        }
        world
    }

    /// Gives every park land and workers to match its enterprises.
    fn endow(&mut self) {
        let middle = self.from.plus(self.quarters as i32 / 2);
        let mut endowment = vec![(0.0, 0.0); self.parks.len()];
        for (index, enterprise) in self.enterprises.iter().enumerate() {
            // The young park has no one before it opens: it is endowed with those of its first day.
            let home = enterprise.park_at(middle).or_else(|| enterprise.later.first().and_then(|stay| stay.park));
            if let Some((tax, workers)) = home.map(|park| &mut endowment[park]) {
                *tax += latent::yearly_tax(self, index, middle) / 100.0;
                *workers += enterprise.heads;
            }
        }
        for (index, (park, (tax, workers))) in self.parks.iter_mut().zip(endowment).enumerate() {
            let tax_per_mu = self.seed.at(Topic::Land, u64::MAX, index as u64).between(6.5, 11.5);
            park.land_mu = (tax / tax_per_mu).max(60.0);
            park.workers = workers;
        }
    }

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

/// How many cities a sample with so many parks spreads over.
fn city_count(parks: usize) -> usize {
    match parks {
        0..4 => 1,
        4..18 => parks / 2,
        _ => (parks / 3).clamp(6, CITIES.len()),
    }
}

fn parks(seed: Seed, options: &Options) -> (Vec<&'static CityFact>, Vec<Park>) {
    let chosen = &CITIES[..city_count(options.parks)];
    let mut taken = vec![0_usize; chosen.len()];
    let mut left = options.parks;
    while left > 0 && taken.iter().zip(chosen).any(|(&count, city)| count < city.parks.len()) {
        for (count, city) in taken.iter_mut().zip(chosen) {
            if left > 0 && *count < city.parks.len() {
                *count += 1;
                left -= 1;
            }
        }
    }
    let mut sized: Vec<(&CityFact, usize)> = chosen.iter().zip(taken).collect();
    sized.sort_by_key(|(city, _)| city.code);
    let mut parks = Vec::with_capacity(options.parks);
    for (city, (fact, count)) in sized.iter().enumerate() {
        for (serial, park) in fact.parks[..*count].iter().enumerate() {
            let mut dice = seed.at(Topic::Park, parks.len() as u64, 0);
            let leading = std::array::from_fn(|_| dice.weighted(DIVISIONS.iter().map(|division| division.weight)));
            parks.push(Park {
                code: format!("{}{:03}", fact.prefix, serial + 1),
                city,
                fact: park,
                county: None,
                opens: long_ago(options.from),
                closes: None,
                renamed: None,
                heir_of: Vec::new(),
                land: LandHistory::Full,
                land_mu: 0.0,
                workers: 0.0,
                leading,
                weight: (100.0 * dice.lognormal(0.5)) as u32 + 10,
            });
        }
    }
    single_out(seed, options, &mut parks);
    (sized.into_iter().map(|(city, _)| city).collect(), parks)
}

/// Tells each park its county, and which counties there are.
fn counties(parks: &mut [Park]) -> Vec<&'static str> {
    let code = |park: &Park| Some(facts::current(park.fact.county_code)).filter(|code| !code.is_empty());
    let mut counties: Vec<&str> = parks.iter().filter_map(code).collect();
    counties.sort_unstable();
    counties.dedup();
    for park in parks {
        park.county = code(park).and_then(|code| counties.binary_search(&code).ok());
    }
    counties
}

/// First quarter of the parks that were always there.
fn long_ago(from: Quarter) -> Quarter {
    from.first_of_year().plus(-32)
}

/// Gives one park no land, one park late land and one park a late opening.
fn single_out(seed: Seed, options: &Options, parks: &mut [Park]) {
    if let (Some(first), Some(electronics)) = (parks.first_mut(), division_index("39")) {
        first.leading[0] = electronics;
    }
    if parks.len() < 4 {
        return;
    }
    let mut dice = seed.at(Topic::Park, u64::MAX, 0);
    // Apart from one another, so that no city is without land, and never the first park.
    let others = parks.len() - 1;
    let start = dice.below(others);
    let at = |third: usize| 1 + (start + third * others / 3) % others;
    let (landless, late, young) = (at(0), at(1), at(2));
    parks[landless].land = LandHistory::None;
    if options.quarters as i32 > LATE {
        let then = options.from.plus(LATE);
        parks[late].land = LandHistory::From(then);
        parks[young].land = LandHistory::From(then);
        parks[young].opens = then;
    }
}

/// One cluster per theme, of the (park, division) pairs where most of it is made.
fn clusters(world: &World) -> Vec<Cluster> {
    let mut sizes = vec![vec![0.0; DIVISIONS.len()]; world.parks.len()];
    for enterprise in &world.enterprises {
        for park in enterprise.stays().filter_map(|stay| stay.park) {
            sizes[park][enterprise.division] += enterprise.annual;
        }
    }
    let count = (world.parks.len() / 3).clamp(5, THEMES.len());
    let breadth = (world.parks.len() / 5).clamp(3, 24);
    THEMES[..count]
        .iter()
        .enumerate()
        .map(|(serial, theme)| {
            let divisions: Vec<usize> = theme.divisions.iter().filter_map(|code| division_index(code)).collect();
            let mut pairs: Vec<(usize, usize)> = (0..world.parks.len())
                .flat_map(|park| divisions.iter().map(move |&division| (park, division)))
                .collect();
            // A stable sort: equal sizes stay in order of park and division.
            pairs.sort_by(|a, b| sizes[b.0][b.1].total_cmp(&sizes[a.0][a.1]));
            pairs.truncate(breadth);
            pairs.sort_unstable();
            Cluster { code: format!("CL{:02}", serial + 1), name: theme.name, pairs }
        })
        .collect()
}
