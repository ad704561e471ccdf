//! What is published of the industrial value added of counties and county-level cities: those with parks, and one without.

use super::dice::Topic;
use super::facts;
use super::quarter::Quarter;
use super::register::World;

/// One county of the sample that is published.
pub(super) struct County {
    /// Its code as of April 2019.
    pub fact_code: &'static str,
    pub name: &'static str,
    /// Position in [`World::cities`].
    pub city: usize,
    /// Its parks.
    pub parks: Vec<usize>,
}

impl County {
    /// The code an export of the quarter carries.
    pub(super) fn code_at(&self, quarter: Quarter) -> &'static str {
        facts::code_at(self.fact_code, quarter)
    }

    /// Whether the province administers it itself.
    pub(super) fn is_direct(&self) -> bool {
        facts::DIRECT.contains(&self.fact_code)
    }
}

/// Whether a code is a county's or a county-level city's: the last two digits are 21 to 70 or 81 and more, or it lies in no
/// prefecture. Lower ones are districts, 71 to 80 functional zones of statistics.
fn is_county(code: &str) -> bool {
    let last: u32 = code.get(4..).and_then(|last| last.parse().ok()).unwrap_or(0);
    matches!(last, 21..=70 | 81..) || code.starts_with("4190")
}

/// The counties that are published for a quarter, by code.
pub(super) fn counties(world: &World, quarter: Quarter) -> Vec<County> {
    let mut counties: Vec<County> = Vec::new();
    for (index, park) in world.parks.iter().enumerate() {
        let code = park.fact.county_code;
        if !is_county(facts::code_at(code, quarter)) {
            continue;
        }
        match counties.iter_mut().find(|county| county.fact_code == code) {
            Some(county) => county.parks.push(index),
            None => {
                let county = County { fact_code: code, name: park.fact.county, city: park.city, parks: vec![index] };
                counties.push(county);
            }
        }
    }
    counties.extend(without_park(world, quarter));
    counties.sort_by_key(|county| county.code_at(quarter));
    counties
}

/// The first county of the sample's cities that has no park in it.
fn without_park(world: &World, quarter: Quarter) -> Option<County> {
    let here = |code: &'static str| world.counties.contains(&facts::current(code));
    world.cities.iter().enumerate().find_map(|(city, fact)| {
        let park = fact.parks.iter().find(|park| {
            !park.county_code.is_empty()
                && is_county(facts::code_at(park.county_code, quarter))
                && !here(park.county_code)
        })?;
        Some(County { fact_code: park.county_code, name: park.county, city, parks: Vec::new() })
    })
}

/// Published value added of a county since January, in 10^-2 yi yuan, given that of its parks in fen; none where the table
/// has no figure.
pub(super) fn value(world: &World, county: &County, quarter: Quarter, parks_fen: i128) -> Option<i64> {
    let key: u64 = county.fact_code.parse().unwrap_or(0);
    let mut dice = world.seed.at(Topic::Counties, key, 0);
    let share = dice.between(0.64, 0.82);
    let alone = dice.between(2.0, 9.0)
        * f64::from(quarter.quarter())
        * (1.0 + 0.06 * f64::from(quarter.since(world.from)) / 4.0);
    let known = !world.seed.at(Topic::Counties, key, quarter.key()).chance(0.02);
    let yi = if parks_fen > 0 { parks_fen as f64 / share / 1e8 } else { alone * 100.0 };
    known.then_some(yi.ceil() as i64)
}
