//! The report of one quarter, as all its pages look things up in it, and where the pages lie.

use std::collections::HashMap;
use std::sync::OnceLock;

use foldhash::fast::FixedState;

use crate::board::Board;
use crate::published::Shown;
use config::indicator::{Composite, Direction, Formula};
use vocab::level::Level;
use vocab::period::Quarter;

/// Medians by level and indicator, one for each quarter.
type Medians = HashMap<(Level, usize), Vec<Option<f64>>, FixedState>;

/// The report of one quarter.
pub struct Issue<'a> {
    pub(super) board: &'a Board<'a>,
    pub(super) quarter: Quarter,
    /// All quarters up to this one.
    pub(super) quarters: Vec<Quarter>,
    /// Made once, when the first page is written.
    medians: OnceLock<Medians>,
}

impl<'a> Issue<'a> {
    /// The report of a quarter.
    pub(super) fn new(board: &'a Board<'a>, quarter: Quarter) -> Issue<'a> {
        let quarters = board.quarters().iter().copied().filter(|of| *of <= quarter).collect();
        Issue { board, quarter, quarters, medians: OnceLock::new() }
    }

    /// The main indicators of a level.
    pub(super) fn main(&self, level: Level) -> Vec<usize> {
        self.board.indicators_of(level).filter(|position| self.board.indicator(*position).headline).collect()
    }

    /// The indicator that parks are ranked by: the score of their assessment; without one, the first main indicator with ranks.
    pub(super) fn ranked_by(&self) -> Option<usize> {
        let parks = self.board.areas_in(Level::Park, self.quarter);
        let is_ranked = |position: &usize| {
            parks.iter().any(|park| self.board.value(*position, *park, self.quarter).is_some_and(|v| v.rank.is_some()))
        };
        let is_score =
            |position: &usize| matches!(self.board.indicator(*position).formula, Formula::Composite(Composite::Score));
        let scores = self.board.indicators_of(Level::Park).filter(is_score);
        scores.chain(self.main(Level::Park)).find(is_ranked)
    }

    /// The medians of an indicator over the areas of a level, one for each quarter.
    pub(super) fn medians(&self, level: Level, indicator: usize) -> &[Option<f64>] {
        let made = self.medians.get_or_init(|| {
            let levels = [Level::Park, Level::City].into_iter();
            let of_level = |level: Level| self.board.indicators_of(level).map(move |indicator| (level, indicator));
            let over_quarters = |(level, indicator): (Level, usize)| {
                // Only main indicators have charts; of the others the last quarter is shown.
                let is_shown = |quarter: Quarter| self.board.indicator(indicator).headline || quarter == self.quarter;
                let median = |quarter: &Quarter| {
                    is_shown(*quarter).then(|| self.board.median(indicator, level, *quarter)).flatten()
                };
                ((level, indicator), self.quarters.iter().map(median).collect())
            };
            levels.flat_map(of_level).map(over_quarters).collect()
        });
        made.get(&(level, indicator)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The rank of an area in another quarter, so many before this one.
    pub(super) fn rank(&self, indicator: usize, area: usize, quarters_ago: i32) -> Option<u32> {
        self.board.value(indicator, area, self.quarter.plus(-quarters_ago)?)?.rank
    }

    /// How many places an area went up since so many quarters ago.
    pub(super) fn rise(&self, indicator: usize, area: usize, quarters_ago: i32) -> Option<i64> {
        let (before, now) = (self.rank(indicator, area, quarters_ago)?, self.rank(indicator, area, 0)?);
        Some(i64::from(before) - i64::from(now))
    }

    /// The values of an area over the quarters, as they are published.
    pub(super) fn course(&self, indicator: usize, area: usize) -> Vec<Option<f64>> {
        self.quarters.iter().map(|quarter| self.board.shown(indicator, area, *quarter).rounded()).collect()
    }

    pub(super) fn shown(&self, indicator: usize, area: usize) -> Shown {
        self.board.shown(indicator, area, self.quarter)
    }

    /// The areas of a level that have a page.
    pub(super) fn areas(&self, level: Level) -> Vec<usize> {
        self.board.areas_in(level, self.quarter)
    }

    /// Whether areas can be better or worse by an indicator.
    pub(super) fn is_judged(&self, indicator: usize) -> bool {
        self.board.indicator(indicator).direction != Direction::None
    }
}

/// Where the page of an area lies in the folder of the report.
pub fn path(issue: &Issue<'_>, area: usize) -> String {
    let area = &issue.board.areas()[area];
    match area.level {
        Level::Province => "province.html".to_owned(),
        Level::City => format!("cities/{}.html", file_name(&area.named.code)),
        _ => format!("parks/{}.html", file_name(&area.named.code)),
    }
}

/// A code as the name of a file: codes are digits and letters; anything else in one is left out.
pub fn file_name(code: &str) -> String {
    code.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect()
}
