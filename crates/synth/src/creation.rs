//! How the world of a sample comes to be: its parks and counties, their land and workers, its clusters. The enterprises are the
//! work of `founder`.

use super::anchors::Anchors;
use super::calibration;
use super::dice::{Seed, Topic};
use super::doings;
use super::economy::Economy;
use super::facts::{self, CITIES, CityFact, DIVISIONS, THEMES, division_index};
use super::founder::Founder;
use super::options::Options;
use super::quarter::Quarter;
use super::register::{Cluster, LandHistory, Park, World};

/// How many quarters after the start the young park opens and the late land begins.
const LATE: i32 = 4;

/// Builds the world of a sample. The options must be valid.
pub(super) fn world(options: &Options) -> World {
    let seed = Seed(options.seed);
    let (cities, mut parks) = parks(seed, options);
    let counties = counties(&mut parks);
    let mut world = World {
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
        calibration::limit_enterprises(&mut world, year);
    }
    world.clusters = clusters(&world);
    endow(&mut world);
    if let Some(year) = options.anchors {
        calibration::calibrate(&mut world, year);
    }
    world
}

/// Gives every park land and workers to match its enterprises.
fn endow(world: &mut World) {
    let middle = world.from.plus(world.quarters as i32 / 2);
    let mut endowment = vec![(0.0, 0.0); world.parks.len()];
    for (index, enterprise) in world.enterprises.iter().enumerate() {
        // The young park has no one before it opens: it is endowed with those of its first day.
        let home = enterprise.park_at(middle).or_else(|| enterprise.later.first().and_then(|stay| stay.park));
        if let Some((tax, workers)) = home.map(|park| &mut endowment[park]) {
            *tax += doings::yearly_tax(world, index, middle) / 100.0;
            *workers += enterprise.heads;
        }
    }
    for (index, (park, (tax, workers))) in world.parks.iter_mut().zip(endowment).enumerate() {
        let tax_per_mu = world.seed.at(Topic::Land, u64::MAX, index as u64).between(6.5, 11.5);
        park.land_mu = (tax / tax_per_mu).max(60.0);
        park.workers = workers;
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
