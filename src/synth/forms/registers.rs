//! The registers of the sample: configuration for the reader, plain CSV without a synthetic line.

use crate::synth::facts::{DIVISIONS, ParkFact};
use crate::synth::quarter::Quarter;
use crate::synth::register::World;
use crate::synth::write::{Delimited, File, decimal};

/// All registers.
pub(in crate::synth) fn files(world: &World) -> Vec<File> {
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
    for park in &world.parks {
        let city = world.cities[park.city];
        let opens = park.opens.to_string();
        let ParkFact { name, county, county_code } = park.fact;
        lines = table.texts(&[park.code.as_str(), name, city.code, city.name, county_code, county, &opens, "", ""]);
    }
    register("parks.csv", table, lines - 1)
}

fn stays(world: &World) -> File {
    let mut table = Delimited::plain();
    let mut lines = table.texts(&["unit_code", "credit_code", "park_code", "valid_from", "valid_to"]);
    for enterprise in &world.enterprises {
        for stay in enterprise.stays() {
            let park = stay.park.map_or("", |park| &world.parks[park].code);
            let to = stay.to.map_or_else(String::new, |quarter| quarter.to_string());
            lines = table.texts(&[&enterprise.code.unit(), &enterprise.code.text(), park, &stay.from.to_string(), &to]);
        }
    }
    register("enterprise_park.csv", table, lines - 1)
}

fn clusters(world: &World) -> File {
    let mut table = Delimited::plain();
    let mut lines = table.texts(&["cluster_code", "cluster_name", "park_code", "industry_division"]);
    for cluster in &world.clusters {
        for &(park, division) in &cluster.pairs {
            lines = table.texts(&[&cluster.code, cluster.name, &world.parks[park].code, DIVISIONS[division].code]);
        }
    }
    register("clusters.csv", table, lines - 1)
}

fn leading(world: &World) -> File {
    let mut table = Delimited::plain();
    let mut lines = table.texts(&["park_code", "industry_division", "valid_from", "valid_to"]);
    for park in &world.parks {
        for leading in park.leading_stays(world) {
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
