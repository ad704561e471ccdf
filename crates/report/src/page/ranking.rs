//! The ranking of parks, of the province or of one city.

use std::collections::BTreeSet;

use super::change::moved;
use super::issue::{Issue, file_name};
use super::svg;
use super::text::{self, Both, Cell};
use crate::board::{Area, Named};
use model::indicators::Value;
use vocab::level::Level;

/// Parks in the order of their ranks.
pub struct Ranked {
    /// What they are ranked by.
    pub by: Option<Both>,
    /// Main indicators: identifier, name and unit.
    pub columns: Vec<(String, Both, Both)>,
    /// One for each park.
    pub parks: Vec<Park>,
    /// Cities that there are parks of.
    pub cities: BTreeSet<Named>,
    /// Industries that parks are led by.
    pub industries: BTreeSet<Named>,
}

/// A row of the ranking.
pub struct Park {
    /// Code and name.
    pub named: Named,
    /// The name of the file of its page.
    pub file: String,
    /// Its city.
    pub city: Option<Named>,
    /// Divisions that it is led by, for the filter.
    pub led: String,
    /// Its rank.
    pub rank: Cell,
    /// Places it went up since last quarter.
    pub since_quarter: Cell,
    /// What it is ranked by, and the main indicators.
    pub values: Vec<Cell>,
    /// What it is ranked by, over the quarters.
    pub spark: String,
    order: (u32, String),
}

/// The parks that are meant, the best first.
pub fn of(issue: &Issue<'_>, is_meant: impl Fn(&Area) -> bool) -> Ranked {
    let board = issue.board;
    let by = issue.ranked_by();
    let shown: Vec<usize> =
        by.into_iter().chain(issue.main(Level::Park).into_iter().filter(|main| Some(*main) != by)).collect();
    let areas: Vec<usize> =
        issue.areas(Level::Park).into_iter().filter(|park| is_meant(&board.areas()[*park])).collect();
    let mut parks: Vec<Park> = areas.iter().map(|park| row(issue, *park, by, &shown)).collect();
    parks.sort_by(|a, b| a.order.cmp(&b.order));
    let of_areas = || areas.iter().map(|park| &board.areas()[*park]);
    let column = |indicator: &usize| {
        let of = board.indicator(*indicator);
        (of.id.clone(), text::name(of), text::unit(&of.unit))
    };
    Ranked {
        by: by.map(|by| text::name(board.indicator(by))),
        columns: shown.iter().map(column).collect(),
        parks,
        cities: of_areas().filter_map(|area| area.city.clone()).collect(),
        industries: of_areas().flat_map(|area| area.leading.iter().cloned()).collect(),
    }
}

fn row(issue: &Issue<'_>, at: usize, by: Option<usize>, shown: &[usize]) -> Park {
    let board = issue.board;
    let area = &board.areas()[at];
    let value = by.and_then(|by| board.value(by, at, issue.quarter));
    Park {
        named: area.named.clone(),
        file: file_name(&area.named.code),
        city: area.city.clone(),
        led: area.leading.iter().map(|led| led.code.as_str()).collect::<Vec<_>>().join(" "),
        rank: value.and_then(|v| v.rank).map_or_else(Cell::none, |rank| Cell::plain(rank.to_string()).class("at")),
        since_quarter: moved(by.and_then(|by| issue.rise(by, at, 1))),
        values: shown.iter().map(|indicator| Cell::of(&issue.shown(*indicator, at))).collect(),
        spark: by.map(|by| svg::spark(&issue.course(by, at))).unwrap_or_default(),
        order: (value.and_then(|v| v.rank).unwrap_or(u32::MAX), area.named.code.clone()),
    }
}

/// A rank with how many are ranked.
pub fn place(value: Option<&Value>) -> Cell {
    match value.and_then(|value| Some((value.rank?, value.rank_of?))) {
        Some((rank, of)) => Cell::plain(format!("{rank}/{of}")),
        None => Cell::none(),
    }
}
