//! A chart of one indicator of one area: a line over the quarters beside the median of its like and the target, and the table behind it.

use std::fmt::Write as _;

use super::issue::Issue;
use super::svg::{self, Axis, HEIGHT, STEP};
use super::text::{self, Both, Cell};
use crate::published::write;
use config::indicator::Target;
use vocab::level::Level;
use vocab::period::Quarter;

/// No chart has more labels of years.
const MOST_YEARS: usize = 9;

/// One chart.
pub struct Chart {
    /// Identifier of the indicator.
    pub id: String,
    /// Its name.
    pub name: Both,
    /// Its unit.
    pub unit: Both,
    /// The picture, as HTML; empty where there is nothing to draw.
    pub plot: String,
    /// So many quarters are on its axis.
    pub places: usize,
    /// What it shows, from the last quarter back.
    pub rows: Vec<Row>,
    /// Whether the rows have a median.
    pub has_median: bool,
    /// Whether the rows have a rank.
    pub has_rank: bool,
}

/// A quarter in the table of a chart.
pub struct Row {
    /// The quarter.
    pub quarter: String,
    /// The value.
    pub value: Cell,
    /// The median of the areas of the level.
    pub median: Option<Cell>,
    /// The rank among them.
    pub rank: Option<Cell>,
}

/// What a chart has beside its line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// The median of areas of its level, and the target.
    Median,
    /// The way to the target, drawn to the year of the target.
    Way,
}

/// The chart of an indicator of an area.
pub fn chart(issue: &Issue<'_>, indicator: usize, area: usize, beside: Beside) -> Chart {
    let board = issue.board;
    let of = board.indicator(indicator);
    let level = board.areas()[area].level;
    let shown = |quarter: &Quarter| board.shown(indicator, area, *quarter);
    let values: Vec<Option<f64>> = issue.quarters.iter().map(|quarter| shown(quarter).rounded()).collect();
    let medians = if level == Level::Province { &[] } else { issue.medians(level, indicator) };
    let target = of.headline_target(level).filter(|_| values.iter().any(Option::is_some));
    let rank = |quarter: Quarter| board.value(indicator, area, quarter).and_then(|value| value.rank);
    let has_rank = issue.quarters.iter().any(|quarter| rank(*quarter).is_some());
    let has_median = medians.iter().any(Option::is_some);
    let ranked = |rank: Option<u32>| rank.map_or_else(Cell::none, |rank| Cell::plain(rank.to_string()));
    let median = |at: usize| match medians.get(at).copied().flatten() {
        Some(median) => Cell::plain(write(median, of.decimals)),
        None => Cell::none(),
    };
    let row = |(at, quarter): (usize, &Quarter)| Row {
        quarter: quarter.to_string(),
        value: Cell::of(&shown(quarter)),
        median: has_median.then(|| median(at)),
        rank: has_rank.then(|| ranked(rank(*quarter))),
    };
    let rows = issue.quarters.iter().enumerate().rev().map(row).collect();
    // The way to a target leads beyond the last quarter; that of a rate of change is to be held each year.
    let end = target.filter(|_| beside == Beside::Way && !of.is_rate).and_then(|target| text::end_of(target.by));
    let end = end.filter(|end| *end > issue.quarter);
    let first = issue.quarters.first().copied().unwrap_or(issue.quarter);
    let places = usize::try_from(end.unwrap_or(issue.quarter).since(first) + 1).unwrap_or(1);
    let picture = Picture { first, places, values: &values, medians, target, leads: end.is_some() };
    Chart {
        id: of.id.clone(),
        name: text::name(of),
        unit: text::unit(&of.unit),
        plot: picture.draw(of.decimals),
        places,
        rows,
        has_median,
        has_rank,
    }
}

struct Picture<'p> {
    first: Quarter,
    places: usize,
    values: &'p [Option<f64>],
    medians: &'p [Option<f64>],
    target: Option<&'p Target>,
    /// Whether a way leads from the last value to the target.
    leads: bool,
}

impl Picture<'_> {
    fn draw(&self, decimals: usize) -> String {
        let mut html = String::new();
        let goal = self.target.map(|target| target.value);
        let all = self.values.iter().chain(self.medians).copied().flatten();
        let (true, Some(axis)) = (self.values.iter().any(Option::is_some), Axis::over(all.chain(goal))) else {
            return html;
        };
        let width = STEP * i64::try_from(self.places.max(2) - 1).unwrap_or(1);
        let steps = axis.steps();
        let mut paths = String::new();
        let mut path = |class: &str, d: &str| {
            if !d.is_empty() {
                // Writing into a text cannot fail.
                let _ = write!(paths, "<path class={class} d=\"{d}\"/>");
            }
        };
        let level = |value: f64| format!("M0 {}H{width}", axis.depth(value, HEIGHT));
        let grid: String = steps.iter().skip(1).map(|(step, _)| level(*step)).collect();
        path("gr", &grid);
        path("md", &svg::line(self.medians, &axis, STEP, HEIGHT));
        if let Some(goal) = goal {
            path("tg", &level(goal));
        }
        let last = self.values.iter().rposition(Option::is_some).unwrap_or_default();
        let at = (i64::try_from(last).unwrap_or_default() * STEP, self.values[last].unwrap_or_default());
        let at = (at.0, axis.depth(at.1, HEIGHT));
        if let Some(goal) = goal.filter(|_| self.leads) {
            let end = axis.depth(goal, HEIGHT);
            path("way", &format!("M{} {}L{width} {end}", at.0, at.1));
            path("eg", &format!("M{width} {end}h0"));
        }
        path("a", &svg::line(self.values, &axis, STEP, HEIGHT));
        path("e", &format!("M{} {}h0", at.0, at.1));
        let _ = write!(html, "<svg viewBox=\"0 0 {width} {HEIGHT}\" preserveAspectRatio=none>{paths}</svg>");
        for (step, written) in &steps {
            let _ = write!(html, "<i class=y style=\"top:{}%\">{written}</i>", axis.share(*step));
        }
        self.years(&mut html);
        if let Some(goal) = goal {
            let written = write(goal, decimals_of(goal, decimals));
            let said = Both::new(format!("目标 {written}"), format!("target {written}"));
            // Where it is near the upper end its label stands below.
            let low = if axis.depth(goal, HEIGHT) < HEIGHT / 6 { " low" } else { "" };
            // At the beginning of the line, unless a way leads to its end.
            let end = if self.leads { " end" } else { "" };
            let _ = write!(html, "<i class=\"goal{low}{end}\" style=\"top:{}%\">{said}</i>", axis.share(goal));
        }
        html
    }

    /// The years below, each at its first quarter; the quarters where there is no year's beginning.
    fn years(&self, html: &mut String) {
        let quarters = std::iter::successors(Some(self.first), |quarter| quarter.plus(1)).take(self.places);
        let beginnings: Vec<(usize, Quarter)> =
            quarters.enumerate().filter(|(_, quarter)| quarter.number() == 1).collect();
        let every = beginnings.len().div_ceil(MOST_YEARS).max(1);
        let mut put = |at: usize, said: &str| {
            let left = at as f64 / (self.places.max(2) - 1) as f64 * 100.0;
            let _ = write!(html, "<i class=x style=\"left:{}%\">{said}</i>", svg::tenth(left));
        };
        if beginnings.is_empty() {
            put(0, &self.first.to_string());
        }
        for (at, quarter) in beginnings.into_iter().step_by(every) {
            put(at, &quarter.year().to_string());
        }
    }
}

/// Decimals of a target: none where it is a whole number, as documents write it.
pub fn decimals_of(target: f64, decimals: usize) -> usize {
    if target.fract() == 0.0 { 0 } else { decimals }
}
