//! Sums of areas beside published series: shown together, never forced into one another.

use std::collections::BTreeMap;

use super::points;
use crate::methods::benchmark::denton_cholette;
use crate::methods::increments::{Increment, increments, over};
use config::quality::{Benchmark, Relation};
use vocab::frame::{Frame, Values};
use vocab::period::{Quarter, Span};
use vocab::{Place, Problem, rules};

/// A sum and a published figure of one area and quarter, in canonical units.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// Position of the benchmark in the configuration.
    pub benchmark: usize,
    /// Code and name of the area.
    pub area: (String, String),
    /// The quarter.
    pub quarter: Quarter,
    /// The sum since January.
    pub sum_ytd: i64,
    /// The published figure since January.
    pub published_ytd: Option<i64>,
    /// How far they may be apart by rounding: half a unit for each part.
    pub tolerance: i64,
    /// What the published series added, and over how many months: a missing quarter makes a longer span.
    pub published_added: Option<(i64, u8)>,
    /// What the sum added in the quarter; none after a missing quarter.
    pub sum_added: Option<i64>,
    /// The published annual totals spread over quarters as the sum moves (proportional Denton–Cholette).
    pub benchmarked: Option<f64>,
}

impl Compared {
    /// Sum less published figure; none where one is missing, or they are further apart than can be said.
    fn apart(&self) -> Option<i64> {
        self.sum_ytd.checked_sub(self.published_ytd?)
    }

    /// Whether sum and published figure go together; none where one is missing.
    fn holds(&self, relation: Relation) -> Option<bool> {
        let apart = self.apart()?;
        Some(match relation {
            Relation::Part => apart <= self.tolerance,
            Relation::Whole => apart.unsigned_abs() <= self.tolerance.unsigned_abs(),
        })
    }
}

/// Figures since January by quarter.
type Series = BTreeMap<Quarter, i64>;

/// Every benchmark, in the order of the configuration, areas and quarters.
pub fn compare(benchmarks: &[Benchmark], areas: &Frame, span: Span) -> Vec<Compared> {
    let mut found = Vec::new();
    for (at, benchmark) in benchmarks.iter().enumerate() {
        let series = |column: &str| {
            let mut by_area: BTreeMap<(String, String), Series> = BTreeMap::new();
            for point in points(areas, benchmark.level, column) {
                let area = (point.area.to_owned(), point.name.to_owned());
                by_area.entry(area).or_default().insert(point.quarter, point.value);
            }
            by_area
        };
        let (published, parts) = (series(&benchmark.published), series(&benchmark.parts));
        let nothing = Series::new();
        for (area, sums) in series(&benchmark.measure) {
            let [published, parts] = [&published, &parts].map(|by_area| by_area.get(&area).unwrap_or(&nothing));
            let path = path(&sums, published);
            let shown = sums.iter().filter(|(quarter, _)| span.holds(**quarter));
            found.extend(shown.map(|(&quarter, &sum_ytd)| Compared {
                benchmark: at,
                area: area.clone(),
                quarter,
                sum_ytd,
                published_ytd: published.get(&quarter).copied(),
                tolerance: benchmark.rounding.saturating_mul(parts.get(&quarter).copied().unwrap_or(1).max(1)) / 2,
                published_added: added(published, quarter).map(|one| (one.value, one.to + 1 - one.from)),
                sum_added: in_quarter(&sums, quarter),
                benchmarked: path.get(&quarter).copied(),
            }));
        }
    }
    found
}

/// The increments of the year of a quarter.
fn year(series: &Series, quarter: Quarter) -> Vec<Increment> {
    let of_year = series.range(quarter.of_year());
    let points: Vec<(u8, i64)> = of_year.map(|(at, value)| (at.last_month(), *value)).collect();
    increments(&points)
}

/// The increment that ends with a quarter.
fn added(series: &Series, quarter: Quarter) -> Option<Increment> {
    year(series, quarter).into_iter().find(|one| one.to == quarter.last_month())
}

/// What a series added in a quarter alone.
fn in_quarter(series: &Series, quarter: Quarter) -> Option<i64> {
    over(&year(series, quarter), quarter.last_month() - 2, quarter.last_month())
}

/// The benchmarked path: from the first year with four quarters and a published total, without a gap.
fn path(sums: &Series, published: &Series) -> BTreeMap<Quarter, f64> {
    let total = |start: &Quarter| published.get(start.of_year().end());
    let has_total = |start: &Quarter| {
        let (first, last) = start.of_year().into_inner();
        total(start).is_some() && first.to(last).all(|quarter| in_quarter(sums, quarter).is_some())
    };
    let mut starts = sums.keys().filter(|quarter| quarter.number() == 1).copied();
    let Some(first) = starts.find(has_total) else { return BTreeMap::new() };
    let years = std::iter::successors(Some(first), |start| start.plus(4)).take_while(has_total);
    let totals: Vec<f64> = years.filter_map(|start| total(&start)).map(|total| *total as f64).collect();
    let quarters = std::iter::successors(Some(first), |quarter| quarter.plus(1));
    let added = quarters.clone().map_while(|quarter| in_quarter(sums, quarter));
    let indicator: Vec<f64> = added.map(|value| value as f64).collect();
    let path = denton_cholette(&indicator, &totals, 4).unwrap_or_default();
    quarters.zip(path).collect()
}

/// The comparison as a table; amounts in canonical units.
pub fn table(benchmarks: &[Benchmark], compared: &[Compared]) -> Frame {
    let text = |pick: &dyn Fn(&Compared) -> String| Values::Text(compared.iter().map(|one| Some(pick(one))).collect());
    let int = |pick: &dyn Fn(&Compared) -> Option<i64>| Values::Int(compared.iter().map(pick).collect());
    let float = |pick: &dyn Fn(&Compared) -> Option<f64>| Values::Float(compared.iter().map(pick).collect());
    let of = |one: &Compared| &benchmarks[one.benchmark];
    let holds = compared.iter().map(|one| one.holds(of(one).relation)).collect();
    Frame::new()
        .with("benchmark", text(&|one| of(one).id.clone()))
        .with("level", text(&|one| of(one).level.to_string()))
        .with("ref_area", text(&|one| one.area.0.clone()))
        .with("ref_area_name", text(&|one| one.area.1.clone()))
        .with("time_period", text(&|one| one.quarter.sdmx()))
        .with("sum_ytd", int(&|one| Some(one.sum_ytd)))
        .with("published_ytd", int(&|one| one.published_ytd))
        .with("difference", int(&Compared::apart))
        .with("tolerance", int(&|one| Some(one.tolerance)))
        .with("holds", Values::Bool(holds))
        .with("sum_added", int(&|one| one.sum_added))
        .with("published_added", int(&|one| Some(one.published_added?.0)))
        .with("published_months", int(&|one| Some(i64::from(one.published_added?.1))))
        .with("benchmarked_added", float(&|one| one.benchmarked))
        .with("benchmark_ratio", float(&|one| Some(one.benchmarked? / one.sum_added? as f64)))
}

/// Where sum and published figure cannot both be right, and where a published series falls within a year.
pub fn problems(benchmarks: &[Benchmark], compared: &[Compared]) -> Vec<Problem> {
    let mut found = Vec::new();
    for one in compared {
        let benchmark = &benchmarks[one.benchmark];
        let what = format!("{} {} {}", one.quarter.sdmx(), one.area.0, benchmark.id);
        let problem = |rule| Problem::new(rule, Place::file("quality/benchmarks")).value(what.clone());
        if one.holds(benchmark.relation) == Some(false) {
            found.push(problem(&rules::BENCHMARK_MISSED));
        }
        if one.published_added.is_some_and(|(value, _)| value < 0) {
            found.push(problem(&rules::PUBLISHED_FALLS));
        }
    }
    found
}
