//! Share of the parks of counties in the published value added of counties.

use super::amounts::YIYUAN_CENT;
use super::areas::Level;
use super::figure::Figure;
use super::sums::Book;
use crate::county_series::{County, counties, value};
use crate::facts;
use crate::quarter::Quarter;
use crate::register::World;

/// The figure of an area: its counties that are published, but for those whose parks have no value added and those that
/// later became one with others.
pub(super) fn share(world: &World, book: &Book, quarter: Quarter, level: &Level, area: usize) -> Figure {
    let is_open = |park: usize| world.parks[park].is_open(quarter);
    if level.name == "park" || !level.parks(area).any(is_open) {
        return Figure::default();
    }
    let (mut count, mut parks_fen, mut published_fen) = (0, 0, 0);
    for county in counties(world, quarter) {
        let current = facts::current(county.fact_code);
        if facts::is_merged(current) || !is_within(&county, current, level, area) {
            continue;
        }
        let own = book.value_added(&county.parks);
        let value = value(world, &county, quarter, own.total);
        let filed = own.count > 0 || !county.parks.iter().any(|&park| is_open(park));
        if let Some(value) = value.filter(|_| filed) {
            count += 1;
            parks_fen += own.total;
            published_fen += i128::from(value) * YIYUAN_CENT;
        }
    }
    Figure::ratio(count, parks_fen, published_fen, 100.0)
}

fn is_within(county: &County, current: &str, level: &Level, area: usize) -> bool {
    match level.name {
        "county" => level.codes[area] == current,
        "city_net" => county.city == area && !county.is_direct(),
        "city" => county.city == area,
        _ => true,
    }
}
