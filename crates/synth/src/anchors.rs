//! What a sample can be calibrated to: the figures published for the province, and what those of a sample are multiplied by to
//! meet them.

use super::error::Error;
use super::quarter::Quarter;

/// What is published of the parks for the end of a year, as reports of the provincial government give it.
pub(super) struct Published {
    year: i32,
    parks: usize,
    pub enterprises: usize,
    /// 10^-2 km².
    pub planned: f64,
    pub built_up: f64,
    pub persons: f64,
    /// Parts of one: share in the value added of the province, contribution to its growth.
    pub share: f64,
    pub contribution: f64,
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
    pub prior: Option<(i32, f64)>,
}

impl Anchors {
    /// No calibration.
    pub(super) const NONE: Self = Self { planned: 1.0, built_up: 1.0, persons: 1.0, prior: None };

    /// What last year's figures are multiplied by in the forms of a year.
    pub(super) fn prior(&self, year: i32) -> f64 {
        self.prior.filter(|(of, _)| *of == year).map_or(1.0, |(_, factor)| factor)
    }
}

/// What is published for a year.
pub(super) fn published(year: i32) -> Option<&'static Published> {
    PUBLISHED.iter().find(|published| published.year == year)
}

/// The quarter whose totals are published.
pub(super) fn quarter(published: &Published) -> Option<Quarter> {
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
