//! What a park's administration reports of construction and reform each quarter: what it builds, raises, hires and hands on.

use super::dice::{Dice, Topic};
use super::quarter::Quarter;
use super::register::World;

/// Parts of a year's money that fall into each quarter.
const SEASON: [f64; 4] = [0.18, 0.27, 0.26, 0.29];
/// Revenue of a year on one mu of industrial land, in yi yuan.
const REVENUE_PER_MU: f64 = 0.021;
/// One row in so many is filed late.
const LATE: f64 = 0.05;
/// One cell in so many is left empty.
const EMPTY: f64 = 0.015;

/// State of remediation of a park led by chemicals.
pub(super) const REMEDIATION: [&str; 3] = ["未启动", "整治中", "已完成"];

/// One row of the report; none where the park left the cell empty. Money since January but for `projects`.
pub(super) struct Reform {
    /// Parks within the park.
    pub inner_parks: Option<i64>,
    /// Revenue of the park and of the parks within it, 10^-2 yi yuan.
    pub revenue: Option<i64>,
    pub inner_revenue: Option<i64>,
    /// Yes or no, in the order of [`Flag`].
    pub flags: [Option<bool>; FLAGS],
    /// Position in [`REMEDIATION`], of a park led by chemicals.
    pub remediation: Option<usize>,
    /// Powers of government that were handed down to the park.
    pub powers: Option<i64>,
    /// Money raised, and raised on the market, 10^-2 wan yuan.
    pub raised: Option<i64>,
    pub raised_on_market: Option<i64>,
    /// Persons at the end of the quarter.
    pub high_level: Option<i64>,
    pub managers: Option<i64>,
    /// Investment contracted and realised, 10^-2 yi yuan; funds in place, 10^-2 wan yuan.
    pub contracted: Option<i64>,
    pub realised: Option<i64>,
    pub in_place: Option<i64>,
    /// Investment in fixed assets, 10^-2 yi yuan, and of it in technical renovation, 10^-2 wan yuan.
    pub fixed: Option<i64>,
    pub renovation: Option<i64>,
    /// Investment in industrial projects since the park was founded, 10^-2 yi yuan.
    pub projects: Option<i64>,
    /// Industrial floor area, 10^-2 of 10^4 m².
    pub floor: Option<i64>,
    /// Idle industrial land, 10^-2 mu.
    pub idle: Option<i64>,
}

/// Number of questions that are answered with yes or no.
pub(super) const FLAGS: usize = 7;

/// The questions that are answered with yes or no, in the order of the form.
#[derive(Clone, Copy)]
pub(super) enum Flag {
    Green,
    Smart,
    Chemical,
    Sewage,
    Monitoring,
    Committee,
    Company,
}

/// When the row of a park reaches the office.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Filing {
    /// With the others.
    InTime,
    /// In a supplement.
    Late,
    /// Not at all.
    Never,
}

/// Whether a quarter has a supplement for rows that came late; in the other quarters they never come.
pub(super) fn has_supplement(world: &World, quarter: Quarter) -> bool {
    quarter.since(world.from) % 4 == 2
}

/// How a park files for a quarter in which it is open.
pub(super) fn filing(world: &World, park: usize, quarter: Quarter) -> Filing {
    let late = world.seed.at(Topic::Reform, park as u64, quarter.key() * 4 + 1).chance(LATE);
    match late {
        false => Filing::InTime,
        true if has_supplement(world, quarter) => Filing::Late,
        true => Filing::Never,
    }
}

/// The row of a park that files for a quarter.
pub(super) fn of(world: &World, park: usize, quarter: Quarter) -> Reform {
    let mut dice = world.seed.at(Topic::Reform, park as u64, 0);
    let years = f64::from(quarter.since(world.from)) / 4.0;
    let land = world.parks[park].land_mu;
    let revenue = land * REVENUE_PER_MU * dice.between(0.8, 1.3);
    let inner_parks = dice.below(4) as i64;
    let inner_part = 0.08 * inner_parks as f64 * dice.between(0.6, 1.2);
    let market = dice.between(0.15, 0.75);
    let renovation = dice.between(0.12, 0.42);
    let powers = 20 + dice.below(120) as i64;
    let staff = dice.between(12.0, 90.0);
    let density = dice.between(0.012, 0.028);
    let plot_ratio = dice.between(0.45, 1.1);
    let idle = dice.between(0.0, 0.06);
    let (flags, remediation) = flags(world, &mut dice, quarter);
    let year = |part: f64, yearly: f64| since_january(world, park, quarter, part) * yearly;
    let growth = 1.0 + 0.05 * years;
    let raised = year(1.0, revenue * 0.04 * growth);
    let fixed = year(2.0, revenue * 0.18 * growth);
    let contracted = year(3.0, revenue * 0.3 * growth);
    let realised = contracted * 0.55;
    let all_revenue = year(4.0, revenue * growth);
    let mut missing = world.seed.at(Topic::Reform, park as u64, quarter.key() * 4 + 2);
    let mut told = |value: f64, units: f64| (!missing.chance(EMPTY)).then_some((value * units).round() as i64);
    Reform {
        inner_parks: told(inner_parks as f64, 1.0),
        revenue: told(all_revenue, 100.0),
        inner_revenue: told(all_revenue * inner_part, 100.0),
        powers: told(powers as f64 + (years * 6.0).floor(), 1.0),
        raised: told(raised, 1e6),
        raised_on_market: told(raised * market, 1e6),
        high_level: told(staff * 0.3 + years * 2.0, 1.0),
        managers: told(staff * 2.0, 1.0),
        contracted: told(contracted, 100.0),
        realised: told(realised, 100.0),
        in_place: told(realised * 0.7, 1e6),
        fixed: told(fixed, 100.0),
        renovation: told(fixed * renovation, 1e6),
        projects: told(land * density * (1.0 + 0.08 * years), 100.0),
        floor: told(land / 15.0 * plot_ratio * (1.0 + 0.02 * years), 100.0),
        idle: told(land * idle, 100.0),
        flags: flags.map(|flag| Some(flag).filter(|_| !missing.chance(EMPTY / 3.0))),
        remediation,
    }
}

/// The part of a year's work that was done by a quarter, in small steps that are the park's own.
fn since_january(world: &World, park: usize, quarter: Quarter, part: f64) -> f64 {
    let first = quarter.first_of_year();
    (0..=quarter.since(first))
        .map(|offset| {
            let mut dice = world.seed.at(Topic::Reform, park as u64, first.plus(offset).key() * 4 + 3);
            SEASON[offset as usize] * dice.between(0.9, 1.1 + 0.01 * part)
        })
        .sum()
}

/// What a park is and has by a quarter; nothing that was reached is lost again.
fn flags(world: &World, dice: &mut Dice, quarter: Quarter) -> ([bool; FLAGS], Option<usize>) {
    let now = f64::from(quarter.since(world.from));
    let horizon = world.quarters.max(4) as f64;
    // Reached before the sample, within it, or not at all.
    let mut reached = |part: f64| dice.unit() * horizon * 1.3 - horizon * part <= now;
    let mut flags = [false; FLAGS];
    for (flag, part) in [
        (Flag::Green, 0.05),
        (Flag::Smart, 0.1),
        (Flag::Sewage, 0.5),
        (Flag::Monitoring, 0.35),
        (Flag::Committee, 0.2),
        (Flag::Company, 0.3),
    ] {
        flags[flag as usize] = reached(part);
    }
    let chemical = dice.chance(0.2);
    flags[Flag::Chemical as usize] = chemical;
    let (begun, done) = (dice.unit() * horizon * 0.7, horizon * dice.between(0.2, 0.9));
    let state = if now < begun {
        0
    } else if now < begun + done {
        1
    } else {
        2
    };
    (flags, chemical.then_some(state))
}
