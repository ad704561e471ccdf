//! What a park's administration monitors: areas, workshops, roads and all who work there.

use super::dice::Topic;
use super::quarter::Quarter;
use super::register::World;

/// One row of the park form: areas in 10^-2 km², workshops in 10^-2 of 10^4 m², roads in 10^-2 km, persons.
pub(super) struct Monitoring {
    pub planned: i64,
    pub built_up: i64,
    pub workshops: i64,
    pub roads: i64,
    pub employees: i64,
}

/// The row of a park at a quarter.
pub(super) fn of(world: &World, park: usize, quarter: Quarter) -> Monitoring {
    let mut dice = world.seed.at(Topic::ParkForm, park as u64, 0);
    let (land_mu, workers) = (world.parks[park].land_mu, world.parks[park].workers);
    let pace = f64::from(quarter.since(world.from)) * 0.006;
    // Industrial land is about a third of what is built up, and a park is planned for more.
    let built_up = (land_mu / 1500.0 * dice.between(2.6, 3.4)).max(1.2) * (0.97 + pace) * world.anchors.built_up;
    let planned = (land_mu / 1500.0 * 5.0 * dice.between(1.0, 1.25)).max(2.5) * world.anchors.planned;
    let mut now = world.seed.at(Topic::ParkForm, park as u64, quarter.key());
    let built = built_up.min(planned);
    let (workshops, roads) = (built_up * dice.between(8.0, 20.0), built_up * dice.between(2.5, 5.0));
    let persons = (workers * dice.between(1.6, 2.1) * (1.0 + pace) * now.between(0.98, 1.02)).round() + 50.0;
    Monitoring {
        planned: (planned * 100.0).round() as i64,
        built_up: (built * 100.0).round() as i64,
        workshops: (workshops * 100.0).round() as i64,
        roads: (roads * 100.0).round() as i64,
        employees: (persons * world.anchors.persons).round() as i64,
    }
}
