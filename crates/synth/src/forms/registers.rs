//! The registers of the sample: configuration for the reader, plain CSV without a synthetic line.

use crate::facts::{DIVISIONS, ParkFact};
use crate::quarter::Quarter;
use crate::register::{Stay, World};
use crate::write::{Delimited, File, decimal};

/// All registers.
pub(crate) fn files(world: &World) -> Vec<File> {
    vec![parks(world), stays(world), clusters(world), leading(world), rates(world)]
}

fn register(name: &str, table: Delimited, rows: u64) -> File {
    File { name: format!("config/registers/{name}"), bytes: table.finish(), rows, spoiled: Vec::new() }
}

fn parks(world: &World) -> File {
    let mut table = Delimited::plain();
    let mut lines = table.texts(&[
        "park_code",
        "park_name",
        "city_code",
        "city_name",
        "county_code",
        "county_name",
        "valid_from",
        "valid_to",
        "successor",
    ]);
    for (index, park) in world.parks.iter().enumerate() {
        let city = world.cities[park.city];
        let ParkFact { name, county, county_code } = park.fact;
        let last = |to: Option<Quarter>| to.map_or_else(String::new, |quarter| quarter.to_string());
        let mut put = |code: &str, from: Quarter, to: Option<Quarter>, successors: &str| {
            let (from, to) = (from.to_string(), last(to));
            lines = table.texts(&[code, name, city.code, city.name, county_code, county, &from, &to, successors]);
        };
        let heirs: Vec<&str> = world.heirs(index).into_iter().map(|heir| world.parks[heir].code.as_str()).collect();
        match &park.renamed {
            Some((then, code)) => {
                put(&park.code, park.opens, Some(then.plus(-1)), code);
                put(code, *then, park.closes, &heirs.join(";"));
            }
            None => put(&park.code, park.opens, park.closes, &heirs.join(";")),
        }
    }
    register("parks.csv", table, lines - 1)
}

fn stays(world: &World) -> File {
    let mut table = Delimited::plain();
    let mut lines = table.texts(&["unit_code", "credit_code", "park_code", "valid_from", "valid_to"]);
    for (index, enterprise) in world.enterprises.iter().enumerate() {
        for stay in as_registered(world, index) {
            let park = stay.park.map_or("", |park| world.parks[park].code_at(stay.from));
            let to = stay.to.map_or_else(String::new, |quarter| quarter.to_string());
            lines = table.texts(&[&enterprise.code.unit(), &enterprise.code.text(), park, &stay.from.to_string(), &to]);
        }
    }
    register("enterprise_park.csv", table, lines - 1)
}

/// The stays of an enterprise as the register has them: it still has every second one under the code of a park that became another.
fn as_registered(world: &World, index: usize) -> Vec<Stay> {
    let mut stays: Vec<Stay> = Vec::new();
    for stay in world.enterprises[index].stays() {
        match stays.last_mut() {
            Some(last)
                if index.is_multiple_of(2)
                    && last.to == Some(stay.from.plus(-1))
                    && last.park.map(|park| world.park_in(park, stay.from)) == stay.park =>
            {
                last.to = stay.to;
            }
            _ => stays.push(*stay),
        }
    }
    stays
}

/// Whether what registers say of the parks that a park came from is followed to it: it is their one successor.
fn is_followed(world: &World, park: usize) -> bool {
    world.parks[park].heir_of.iter().any(|&from| world.heirs(from).len() == 1)
}

/// Pairs of a park and a division, with those of the parks that it was split into.
fn with_heirs(world: &World, pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let heirs = |park: usize| world.heirs(park).into_iter().filter(|&heir| !is_followed(world, heir));
    pairs
        .iter()
        .flat_map(|&(park, division)| std::iter::once(park).chain(heirs(park)).map(move |park| (park, division)))
        .collect()
}

fn clusters(world: &World) -> File {
    let mut table = Delimited::plain();
    let mut lines = table.texts(&["cluster_code", "cluster_name", "park_code", "industry_division"]);
    for cluster in &world.clusters {
        for (park, division) in with_heirs(world, &cluster.pairs) {
            lines = table.texts(&[&cluster.code, cluster.name, &world.parks[park].code, DIVISIONS[division].code]);
        }
    }
    register("clusters.csv", table, lines - 1)
}

fn leading(world: &World) -> File {
    let mut table = Delimited::plain();
    let mut lines = table.texts(&["park_code", "industry_division", "valid_from", "valid_to"]);
    for (index, park) in world.parks.iter().enumerate() {
        if is_followed(world, index) {
            continue;
        }
        for leading in world.leading_stays(index) {
            let limit = |quarter: Option<Quarter>| quarter.map_or_else(String::new, |quarter| quarter.to_string());
            let division = DIVISIONS[leading.division].code;
            lines = table.texts(&[park.code.as_str(), division, &limit(leading.from), &limit(leading.to)]);
        }
    }
    register("leading_industries.csv", table, lines - 1)
}

fn rates(world: &World) -> File {
    let mut table = Delimited::plain();
    let mut lines = table.texts(&["industry_division", "year", "rate"]);
    for (division, fact) in DIVISIONS.iter().enumerate() {
        for year in world.economy.years() {
            let rate = decimal(world.economy.rate_e4(year, division), 4);
            lines = table.texts(&[fact.code, &year.to_string(), &rate]);
        }
    }
    register("value_added_rate.csv", table, lines - 1)
}
