//! The report that people open in a browser: the province on one page, a page for the province, each city and each park with all its
//! indicators, and what the indicators mean. Everything is in the files: no network, no storage, and no script that would be
//! needed to read them.

mod area;
mod chart;
mod cities;
mod head;
mod index;
mod indicators;
mod movers;
mod quality;
mod ranking;
mod svg;
mod targets;
mod tasks;
mod text;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use foldhash::fast::FixedState;

use super::{Board, Shown};
use crate::config::indicator::{Composite, Direction, Formula};
use crate::publish::{Later, label};

/// What every page looks like: in the province's page itself, for the others beside it.
const STYLE: &str = include_str!("style.css");
/// What pages do when they are used.
const SCRIPT: &str = include_str!("script.js");

/// Medians by level and indicator, one for each quarter.
type Medians = HashMap<(&'static str, usize), Vec<Option<f64>>, FixedState>;

/// The report of one quarter.
pub struct Issue<'a> {
    board: &'a Board<'a>,
    quarter: i64,
    /// All quarters up to this one.
    quarters: Vec<i64>,
    /// Made once, when the first page is written.
    medians: OnceLock<Medians>,
}

impl Issue<'_> {
    /// The main indicators of a level.
    fn main(&self, level: &str) -> Vec<usize> {
        self.board.indicators_of(level).filter(|position| self.board.indicator(*position).headline).collect()
    }

    /// The indicator that parks are ranked by: the score of their assessment; without one, the first main indicator with ranks.
    fn ranked_by(&self) -> Option<usize> {
        let parks = self.board.areas_in("park", self.quarter);
        let is_ranked = |position: &usize| {
            parks.iter().any(|park| self.board.value(*position, *park, self.quarter).is_some_and(|v| v.rank.is_some()))
        };
        let is_score =
            |position: &usize| matches!(self.board.indicator(*position).formula, Formula::Composite(Composite::Score));
        let scores = self.board.indicators_of("park").filter(is_score);
        scores.chain(self.main("park")).find(is_ranked)
    }

    /// The medians of an indicator over the areas of a level, one for each quarter.
    fn medians(&self, level: &'static str, indicator: usize) -> &[Option<f64>] {
        let made = self.medians.get_or_init(|| {
            let levels = ["park", "city"].into_iter();
            let of_level =
                |level: &'static str| self.board.indicators_of(level).map(move |indicator| (level, indicator));
            let over_quarters = |(level, indicator): (&'static str, usize)| {
                // Only main indicators have charts; of the others the last quarter is shown.
                let is_shown = |quarter: i64| self.board.indicator(indicator).headline || quarter == self.quarter;
                let median =
                    |quarter: &i64| is_shown(*quarter).then(|| self.board.median(indicator, level, *quarter)).flatten();
                ((level, indicator), self.quarters.iter().map(median).collect())
            };
            levels.flat_map(of_level).map(over_quarters).collect()
        });
        made.get(&(level, indicator)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The rank of an area in another quarter, so many before this one.
    fn rank(&self, indicator: usize, area: usize, quarters_ago: i64) -> Option<u32> {
        self.board.value(indicator, area, self.quarter - quarters_ago)?.rank
    }

    /// How many places an area went up since so many quarters ago.
    fn rise(&self, indicator: usize, area: usize, quarters_ago: i64) -> Option<i64> {
        let (before, now) = (self.rank(indicator, area, quarters_ago)?, self.rank(indicator, area, 0)?);
        Some(i64::from(before) - i64::from(now))
    }

    /// The values of an area over the quarters, as they are published.
    fn course(&self, indicator: usize, area: usize) -> Vec<Option<f64>> {
        self.quarters.iter().map(|quarter| self.board.shown(indicator, area, *quarter).rounded()).collect()
    }

    fn shown(&self, indicator: usize, area: usize) -> Shown {
        self.board.shown(indicator, area, self.quarter)
    }

    /// The areas of a level that have a page.
    fn areas(&self, level: &str) -> Vec<usize> {
        self.board.areas_in(level, self.quarter)
    }

    /// Whether areas can be better or worse by an indicator.
    fn is_judged(&self, indicator: usize) -> bool {
        self.board.indicator(indicator).direction != Direction::None
    }
}

/// Writes a page of a report.
type Write<'a> = Box<dyn Fn(&Issue<'a>) -> askama::Result<String> + Send + Sync + 'a>;

/// The files of the report of a quarter.
pub fn files<'a>(board: &'a Board<'a>, quarter: i64) -> Vec<Later<'a>> {
    let quarters = board.quarters().iter().copied().filter(|of| *of <= quarter).collect();
    let issue = Arc::new(Issue { board, quarter, quarters, medians: OnceLock::new() });
    let folder = format!("reports/{}", label(quarter));
    let page = |name: &str, write: Write<'a>| {
        let issue = issue.clone();
        let make = move || write(&issue).map(String::into_bytes).map_err(|error| error.to_string());
        Later { path: format!("{folder}/{name}"), make: Box::new(make) }
    };
    let mut files = vec![
        page("index.html", Box::new(index::page)),
        page("indicators.html", Box::new(indicators::page)),
        page("style.css", Box::new(|_| Ok(STYLE.to_owned()))),
        page("script.js", Box::new(|_| Ok(SCRIPT.to_owned()))),
    ];
    for level in ["province", "city", "park"] {
        for area in issue.areas(level) {
            let name = area::path(&issue, area);
            files.push(page(&name, Box::new(move |issue| area::page(issue, area))));
        }
    }
    files
}
