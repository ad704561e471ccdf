//! The page of one area: its main indicators as charts, and every indicator with what it is made from.

use askama::Template;

use super::change::{changed, moved};
use super::chart::{self, Beside, Chart};
use super::head::Head;
use super::issue::{Issue, file_name};
use super::ranking::{self, Ranked};
use super::svg;
use super::text::{self, Both, Cell};
use crate::board::Area;
use crate::published::{Shown, write};
use config::indicator::dimension_of;
use config::plan::Measure;
use model::indicators::Value;
use vocab::level::Level;
use vocab::unit::Dimension;

#[derive(Template)]
#[template(path = "area.html")]
struct Page<'p> {
    head: Head,
    area: &'p Area,
    /// What it is.
    level: Both,
    /// Whether it is the province, which is not ranked.
    is_province: bool,
    /// Codes and names of the areas that it lies in, for the way back.
    city: Option<(String, String)>,
    charts: Vec<Chart>,
    groups: Vec<Group>,
    /// The parks of a city.
    parks: Option<Ranked>,
    /// Columns of the table of figures without those that say what they are made from.
    columns: usize,
}

/// The indicators of a measure of the plan, by task.
struct Group {
    name: Both,
    tasks: Vec<(String, Both, Vec<Figure>)>,
}

/// One indicator.
struct Figure {
    id: String,
    name: Both,
    unit: Both,
    value: Cell,
    change: Cell,
    target: Cell,
    median: Cell,
    rank: Cell,
    since_quarter: Cell,
    since_year: Cell,
    spark: String,
    status: Both,
    numerator: Cell,
    denominator: Cell,
    units: Cell,
    coverage: Cell,
}

/// The page.
pub fn page(issue: &Issue<'_>, at: usize) -> askama::Result<String> {
    let board = issue.board;
    let area = &board.areas()[at];
    let is_province = area.level == Level::Province;
    let up = if is_province { "" } else { "../" };
    let city = area.city.as_ref().map(|city| (city.code.clone(), city.name.clone()));
    let parks = (area.level == Level::City)
        .then(|| ranking::of(issue, |park| park.city.as_ref().is_some_and(|c| c.code == area.named.code)));
    let main = issue.main(area.level);
    let charts: Vec<Chart> = main.iter().map(|indicator| chart::chart(issue, *indicator, at, Beside::Median)).collect();
    let page = Page {
        head: Head::of(issue, &Both::same(&area.named.name), up),
        area,
        level: Both::of(|language| language.level(area.level)),
        is_province,
        city,
        charts: charts.into_iter().filter(|chart| !chart.plot.is_empty()).collect(),
        groups: board.config.plan.measures.iter().filter_map(|measure| group(issue, measure, at)).collect(),
        parks,
        columns: if is_province { 6 } else { 10 },
    };
    page.render()
}

fn group(issue: &Issue<'_>, measure: &Measure, area: usize) -> Option<Group> {
    let level = issue.board.areas()[area].level;
    let of_task = |task| {
        let figures = issue.board.indicators_of_task(task, level).map(|indicator| figure(issue, indicator, area));
        (task.id.clone(), Both::new(&task.name_zh, &task.name_en), figures.collect::<Vec<_>>())
    };
    let tasks: Vec<_> = measure.tasks.iter().map(of_task).filter(|(.., figures)| !figures.is_empty()).collect();
    let name = Both::new(&measure.name_zh, &measure.name_en);
    (!tasks.is_empty()).then_some(Group { name, tasks })
}

fn figure(issue: &Issue<'_>, indicator: usize, area: usize) -> Figure {
    let board = issue.board;
    let of = board.indicator(indicator);
    let level = board.areas()[area].level;
    let value = board.value(indicator, area, issue.quarter);
    let shown = Shown::of(value, of);
    let target = value.and_then(|value| value.target);
    let median =
        if level == Level::Province { None } else { issue.medians(level, indicator).last().copied().flatten() };
    let sum = |sum: Option<i64>, column: &Option<String>| {
        sum.map_or_else(Cell::none, |sum| made_from(sum, column.as_deref()))
    };
    Figure {
        id: of.id.clone(),
        name: text::name(of),
        unit: text::unit(&of.unit),
        value: Cell::aligned(&shown),
        change: value.map_or_else(Cell::none, |value| changed(issue, value)),
        target: target
            .map_or_else(Cell::none, |target| Cell::plain(write(target, chart::decimals_of(target, of.decimals)))),
        median: median.map_or_else(Cell::none, |median| Cell::plain(write(median, of.decimals))),
        rank: ranking::place(value),
        since_quarter: moved(issue.rise(indicator, area, 1)),
        since_year: moved(issue.rise(indicator, area, 4)),
        spark: svg::spark(&issue.course(indicator, area)),
        status: Both::of(|language| shown.words(language)),
        numerator: sum(value.and_then(|value| value.numerator), &of.numerator),
        denominator: sum(value.and_then(|value| value.denominator), &of.denominator),
        units: value.and_then(|value| value.units).map_or_else(Cell::none, |units| Cell::plain(units.to_string())),
        coverage: match value.and_then(Value::coverage) {
            Some(share) => Cell::plain(write(share * 100.0, 1)).class("pc"),
            None => Cell::none(),
        },
    }
}

/// A sum in the unit that people know, which the class of its cell writes behind it.
fn made_from(sum: i64, column: Option<&str>) -> Cell {
    let micro = column.is_some_and(|column| column.ends_with("_microyuan"));
    let (per, decimals, class) = match column.and_then(dimension_of) {
        Some(Dimension::Money) if micro => (1e10, 2, "wy"),
        Some(Dimension::Money) => (1e6, 2, "wy"),
        Some(Dimension::Area) => (1e6, 2, "mu"),
        Some(Dimension::Energy) => (1e6, 2, "tce"),
        Some(Dimension::Mass) => (1e6, 3, "t"),
        Some(Dimension::Persons) => (1.0, 0, "ps"),
        _ => (1.0, 0, "no"),
    };
    Cell::plain(write(sum as f64 / per, decimals)).class(class)
}
