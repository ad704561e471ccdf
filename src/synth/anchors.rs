//! Calibration: a sample whose totals of one quarter are the figures published for the province. Everything beneath them
//! stays made up: the sample is synthetic, and says so in every file.

use super::Error;
use super::latent::{self, value_added_fen};
use super::monitor;
use super::quarter::Quarter;
use super::register::World;

/// What is published of the parks for the end of a year, as reports of the provincial government give it.
struct Published {
    year: i32,
    parks: usize,
    enterprises: usize,
    /// 10^-2 km².
    planned: f64,
    built_up: f64,
    persons: f64,
    /// Parts of one: share in the value added of the province, contribution to its growth.
    share: f64,
    contribution: f64,
}

/// Years that a sample can be calibrated to. The number of enterprises is that of 2013, the last that was published.
const PUBLISHED: [Published; 1] = [Published {
    year: 2018,
    parks: 180,
    enterprises: 7_890,
    planned: 375_800.0,
    built_up: 220_000.0,
    persons: 4_800_000.0,
    share: 0.716,
    contribution: 0.973,
}];

/// More enterprises than are wanted at once, since some enter later, leave or stay outside the parks.
const SPARE: f64 = 1.6;

/// What the figures of a sample are multiplied by; nothing changes without calibration.
#[derive(Clone, Copy)]
pub(super) struct Anchors {
    pub planned: f64,
    pub built_up: f64,
    pub persons: f64,
    /// Last year's figures as they are reported in this year, and by how much.
    prior: Option<(i32, f64)>,
}

impl Anchors {
    /// No calibration.
    pub(super) const NONE: Self = Self { planned: 1.0, built_up: 1.0, persons: 1.0, prior: None };

    /// What last year's figures are multiplied by in the forms of a year.
    pub(super) fn prior(&self, year: i32) -> f64 {
        self.prior.filter(|(of, _)| *of == year).map_or(1.0, |(_, factor)| factor)
    }
}

fn published(year: i32) -> Option<&'static Published> {
    PUBLISHED.iter().find(|published| published.year == year)
}

/// The quarter whose totals are published.
fn quarter(published: &Published) -> Option<Quarter> {
    Quarter::new(published.year, 4)
}

/// How many parks and enterprises a sample that is calibrated to a year begins with; its quarters must hold the year's last.
///
/// # Errors
/// When nothing is published for the year, or the sample does not reach it.
pub(super) fn size(year: i32, from: Quarter, quarters: usize) -> Result<(usize, usize), Error> {
    let wrong = || Error::Anchors { given: year, known: PUBLISHED[0].year };
    let published = published(year).ok_or_else(wrong)?;
    let at = quarter(published).filter(|&at| at >= from && at.since(from) < quarters as i32).ok_or_else(wrong)?;
    let spare = if at == from { SPARE } else { SPARE * 1.1 };
    Ok((published.parks, (published.enterprises as f64 * spare) as usize))
}

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
