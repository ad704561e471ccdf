//! The levels of areas, and which area of a level each park belongs to.

use crate::quarter::Quarter;
use crate::register::{Park, World};

/// One level: its areas, and where each park is.
pub(super) struct Level {
    pub name: &'static str,
    /// Codes of its areas.
    pub codes: Vec<String>,
    /// Position of the area of each park; none for a park that is in no area of the level.
    pub of_park: Vec<Option<usize>>,
}

impl Level {
    /// The parks of an area.
    pub(super) fn parks(&self, area: usize) -> impl Iterator<Item = usize> + Clone {
        self.of_park.iter().enumerate().filter(move |(_, of)| **of == Some(area)).map(|(park, _)| park)
    }
}

/// All levels, from small to large, with the codes that hold in a quarter.
pub(super) fn levels(world: &World, quarter: Quarter) -> Vec<Level> {
    let of = |area: &dyn Fn(usize, &Park) -> Option<usize>| {
        world.parks.iter().enumerate().map(|(index, park)| area(index, park)).collect()
    };
    let codes = |codes: &mut dyn Iterator<Item = &str>| codes.map(str::to_owned).collect::<Vec<_>>();
    let cities = codes(&mut world.cities.iter().map(|city| city.code));
    vec![
        Level {
            name: "park",
            codes: codes(&mut world.parks.iter().map(|park| park.code_at(quarter))),
            of_park: of(&|index, _| Some(index)),
        },
        Level {
            name: "county",
            codes: codes(&mut world.counties.iter().copied()),
            of_park: of(&|_, park| park.county),
        },
        Level {
            name: "city_net",
            codes: cities.clone(),
            of_park: of(&|_, park| (!park.is_direct()).then_some(park.city)),
        },
        Level { name: "city", codes: cities, of_park: of(&|_, park| Some(park.city)) },
        Level { name: "province", codes: vec!["410000".to_owned()], of_park: of(&|_, _| Some(0)) },
    ]
}
