//! Calibration: a sample whose totals of one quarter are the figures published for the province. Everything beneath them
//! stays made up: the sample is synthetic, and says so in every file.

use super::anchors::{published, quarter};
use super::latent::{self, value_added_fen};
use super::monitor;
use super::quarter::Quarter;
use super::register::World;

/// Keeps as many enterprises as the year had in its parks.
pub(super) fn limit_enterprises(world: &mut World, year: i32) {
    let Some((published, at)) = published(year).and_then(|published| Some((published, quarter(published)?))) else {
        return;
    };
    let mut members = 0;
    let enough = world.enterprises.iter().position(|enterprise| {
        members += usize::from(enterprise.park_at(at).is_some());
        members == published.enterprises
    });
    world.enterprises.truncate(enough.map_or(usize::MAX, |last| last + 1));
}

/// Fits what is filed for the year's last quarter to what is published for it.
pub(super) fn calibrate(world: &mut World, year: i32) {
    let Some((published, at)) = published(year).and_then(|published| Some((published, quarter(published)?))) else {
        return;
    };
    world.economy.set_share(at, published.share);
    // What is built up is never more than what is planned, so the last steps are small ones.
    for _ in 0..8 {
        let (planned, built_up, persons) = monitored(world, at);
        world.anchors.planned *= published.planned / planned;
        world.anchors.built_up *= published.built_up / built_up;
        world.anchors.persons *= published.persons / persons;
    }
    let growth = world.economy.published_growth_e1(at) as f64 / 1000.0;
    let part = published.contribution / published.share * growth / (1.0 + growth);
    let (constant, before) = grown(world, at);
    world.anchors.prior = Some((year, (1.0 - part) * constant / before));
}

/// Planned and built-up area and persons in all parks that are open.
fn monitored(world: &World, at: Quarter) -> (f64, f64, f64) {
    let open = (0..world.parks.len()).filter(|&park| world.parks[park].is_open(at));
    open.map(|park| monitor::of(world, park, at)).fold((0.0, 0.0, 0.0), |sums, row| {
        (sums.0 + row.planned as f64, sums.1 + row.built_up as f64, sums.2 + row.employees as f64)
    })
}

/// Value added of the parks since January at last year's prices, and last year's.
fn grown(world: &World, at: Quarter) -> (f64, f64) {
    let (mut constant, mut before) = (0.0, 0.0);
    for entry in latent::returns(world, at).iter().filter(|entry| entry.park.is_some()) {
        let division = world.enterprises[entry.enterprise].division;
        let now = value_added_fen(world, at.year(), division, entry.output.now);
        constant += now as f64 * 1000.0 / world.economy.ppi_e1(at, division) as f64;
        before += value_added_fen(world, at.year() - 1, division, entry.output.before) as f64;
    }
    (constant, before)
}
