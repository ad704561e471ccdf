//! The indicators of every area at a quarter.

use super::amounts::{Constant, Matched};
use super::areas::{self, Level};
use super::counties;
use super::figure::{Figure, significant};
use super::growth::{self, Changes};
use super::sums::{Book, OnLand, Sums};
use crate::quarter::Quarter;
use crate::register::World;
use crate::write::Delimited;

/// Fen in a billion yuan.
const BILLION: i128 = 100_000_000_000;
/// Micromu in a square kilometre.
const SQUARE_KM: f64 = 1_500_000_000.0;

/// Members of an area now and a year ago.
#[derive(Clone, Copy, Default)]
struct Turnover {
    stayed: u64,
    entered: u64,
    left: u64,
}

/// Writes the rows of all areas and tells how many lines the table has.
pub(super) fn rows(
    world: &World,
    book: &mut Book,
    changes: &mut Changes,
    quarter: Quarter,
    published_fen: i128,
    table: &mut Delimited,
) -> u64 {
    let mut lines = 0;
    let whole = book.area(0..world.parks.len());
    let mut put = |level: &str, area: &str, figures: Vec<(&str, Figure)>| {
        for (indicator, figure) in figures {
            let exact = |value: Option<i128>| value.map_or_else(String::new, |value| value.to_string());
            let value = figure.value.map_or_else(String::new, significant);
            let quarter = quarter.to_string();
            let (numerator, denominator) = (exact(figure.numerator), exact(figure.denominator));
            lines = table.texts(&[level, area, &quarter, indicator, &value, &numerator, &denominator]);
        }
    };
    for level in areas::levels(world, quarter) {
        let mut all = Vec::with_capacity(level.codes.len());
        for (area, turnover) in turnover(world, quarter, &level).into_iter().enumerate() {
            let sums = book.area(level.parks(area));
            let mut figures = figures(world, quarter, published_fen, &sums, turnover);
            figures.extend(sums.park.figures());
            figures.extend(on_land(&sums, is_trailing(world, quarter)));
            let change = energy_change(world, quarter, &sums).value;
            let mean = changes.mean(level.name, area, quarter, change);
            figures.push(("energy_intensity_decline", mean));
            figures.extend(growth::part_in_growth(world, quarter, level.name == "province", &sums, &whole));
            figures.push(("leading_industry_share_ytd", book.industries.share(level.parks(area))));
            if level.name == "park" {
                figures.push(("leading_location_quotient_ytd", book.industries.quotient(area)));
            }
            if level.name != "park" {
                figures.push(("share_of_county_va_ytd", counties::share(world, book, quarter, &level, area)));
            }
            if level.name == "province" {
                figures.extend(clusters(world, book, quarter));
            }

            all.push(figures);
        }
        if level.name == "park" {
            book.board.assess(quarter, &mut all);
        }
        // Where all parks were given up there is no area any more.
        let is_over = |area: usize| level.parks(area).all(|park| world.parks[park].is_closed(quarter));
        for (area, figures) in all.into_iter().enumerate().filter(|(area, _)| !is_over(*area)) {
            put(level.name, &level.codes[area], figures);
        }
    }
    lines
}

/// Clusters by size and the largest of them, of the province.
fn clusters(world: &World, book: &Book, quarter: Quarter) -> Vec<(&'static str, Figure)> {
    let revenue = book.clusters(world);
    let is_known = is_trailing(world, quarter) && book.knows_revenue(0..world.parks.len());
    let known = |figure: Figure| if is_known { figure } else { Figure::default() };
    let from = |billions: i128| Figure::count(revenue.iter().filter(|fen| **fen >= billions * BILLION).count() as u64);
    let largest = revenue.iter().max().copied().unwrap_or_default();
    let largest = Figure { value: Some(largest as f64 / 1e10), numerator: Some(largest), denominator: None };
    vec![
        ("clusters_100bn", known(from(100))),
        ("clusters_30bn", known(from(30))),
        ("largest_cluster_revenue", known(largest)),
    ]
}

/// Whether four quarters are known.
fn is_trailing(world: &World, quarter: Quarter) -> bool {
    quarter.since(world.from) >= 3
}

/// Who stayed, entered and left by area; nothing for the first year, nor where there was no one.
fn turnover(world: &World, quarter: Quarter, level: &Level) -> Vec<Option<Turnover>> {
    let areas = level.codes.len();
    let area_of = |park: usize| level.of_park[park];
    let year_ago = quarter.plus(-4);
    if year_ago < world.from {
        return vec![None; areas];
    }
    let mut turnovers = vec![Turnover::default(); areas];
    for enterprise in &world.enterprises {
        let now = enterprise.park_at(quarter).and_then(area_of);
        let before = enterprise.park_at(year_ago).and_then(area_of);
        if let Some(area) = now {
            if now == before { turnovers[area].stayed += 1 } else { turnovers[area].entered += 1 }
        }
        if let Some(area) = before.filter(|_| now != before) {
            turnovers[area].left += 1;
        }
    }
    turnovers
        .into_iter()
        .map(|turnover| (turnover.stayed + turnover.entered + turnover.left > 0).then_some(turnover))
        .collect()
}

fn figures(
    world: &World,
    quarter: Quarter,
    published_fen: i128,
    sums: &Sums,
    turnover: Option<Turnover>,
) -> Vec<(&'static str, Figure)> {
    let year = is_trailing(world, quarter);
    let share = Figure::ratio(sums.va.count, sums.va.now, published_fen, 100.0);
    let constant = sums.va_real.constant(world, quarter);
    let contribution = contribution(world, quarter, share.value, sums, constant);
    let turned =
        |pick: fn(Turnover) -> u64| turnover.map_or_else(Figure::default, |turnover| Figure::count(pick(turnover)));
    let area = |count: u64, micromu: i128| {
        Figure { value: Some(micromu as f64 / SQUARE_KM), numerator: Some(micromu), denominator: None }.if_any(count)
    };
    let profit = Figure::growth(sums.profit);
    let taxed = sums.tax_on_land;
    let mut figures = vec![
        ("tax_per_mu_ytd", Figure::ratio(taxed.tally.count, taxed.tally.total, taxed.land, 1.0)),
        ("energy_intensity_ytd", energy_intensity(world, quarter, sums)),
        ("energy_intensity_change_ytd", energy_change(world, quarter, sums)),
        ("smart_retrofit_coverage", Figure::ratio(sums.members, sums.retrofitted.into(), sums.members.into(), 100.0)),
        ("share_of_province_va_ytd", share),
        ("real_growth_ytd", real_growth(sums, constant)),
        ("contribution_ytd", Figure::value(contribution)),
        ("pull_ytd", Figure::value(contribution.map(|value| value * published_growth(world, quarter)))),
        ("planned_area", area(sums.planned.count, sums.planned.total)),
        ("built_up_area", area(sums.built_up.count, sums.built_up.total)),
        ("employees_all", Figure::count(sums.employees.total as u64).if_any(sums.employees.count)),
        ("enterprises", Figure::count(sums.members).if_any(sums.members)),
        ("enterprises_stayed", turned(|turnover| turnover.stayed)),
        ("enterprises_entered", turned(|turnover| turnover.entered)),
        ("enterprises_left", turned(|turnover| turnover.left)),
        ("revenue_growth_ytd", Figure::growth(sums.revenue)),
        ("profit_growth_ytd", Figure { value: profit.value.filter(|_| sums.profit.before > 0), ..profit }),
        ("labour_productivity_ytd", Figure::ratio(sums.workers.count, sums.labour_va, sums.workers.total, 1e-6)),
    ];
    figures.extend(efficiency(sums));
    figures.extend(sums.emissions.figures(world, quarter));
    figures.extend(sums.classes.figures());
    figures.extend(sums.held.figures(sums.members, sums.va));
    figures.extend(sums.spread.figures(year, sums.over_10bn));
    figures
}

/// Ratios of plain sums: wanyuan a person, wanyuan a tonne of standard coal, and who makes a loss.
fn efficiency(sums: &Sums) -> [(&'static str, Figure); 3] {
    let Sums { taxed_workers, energy, .. } = sums;
    [
        ("tax_per_employee_ytd", Figure::ratio(taxed_workers.count, sums.workers_tax, taxed_workers.total, 1e-6)),
        ("value_added_per_energy_ytd", Figure::ratio(energy.count, sums.energy_va_now, energy.total, 1.0)),
        ("loss_making_share_ytd", Figure::ratio(sums.members, sums.losing.into(), sums.members.into(), 100.0)),
    ]
}

/// What four quarters come to on land; `whole_year` says whether they are known.
fn on_land(sums: &Sums, whole_year: bool) -> Vec<(&'static str, Figure)> {
    let (expected, part_year) = sums.window;
    // Where most came this year, the sums are no four quarters.
    let is_whole = whole_year && 2 * part_year <= expected;
    let measures = ["tax_per_mu_ttm", "value_added_per_mu_ttm", "revenue_per_mu_ttm", "profit_per_mu_ttm"];
    let figure = |OnLand { tally, land }: OnLand| match is_whole {
        true => Figure::ratio(tally.count, tally.total, land, 1.0),
        false => Figure::default(),
    };
    measures.into_iter().zip(sums.trailing.map(figure)).collect()
}

fn published_growth(world: &World, quarter: Quarter) -> f64 {
    world.economy.published_growth_e1(quarter) as f64 / 1000.0
}

/// Tonnes of standard coal per wanyuan: 10^6 gce over 10^6 fen.
fn energy_intensity(world: &World, quarter: Quarter, sums: &Sums) -> Figure {
    let va = sums.energy_va.constant(world, quarter).value();
    let value = (va != 0.0).then(|| sums.energy.total as f64 / va);
    Figure { value, numerator: Some(sums.energy.total), denominator: None }.if_any(sums.energy.count)
}

fn energy_change(world: &World, quarter: Quarter, sums: &Sums) -> Figure {
    let Matched { count, now, before } = sums.matched_energy;
    let va = sums.matched_va.constant(world, quarter).value();
    let va_before = sums.matched_va_before;
    let whole = count > 0 && before != 0 && va_before != 0 && va != 0.0;
    Figure::value(whole.then(|| ((now as f64 / before as f64) / (va / va_before as f64) - 1.0) * 100.0))
}

fn real_growth(sums: &Sums, constant: Constant) -> Figure {
    let before = sums.va.before;
    let value = (before != 0).then(|| constant.less(before) / before as f64 * 100.0);
    Figure { value, numerator: None, denominator: Some(before) }.if_any(sums.va.count)
}

/// Share, growth and provincial growth as fractions; the result in percent.
fn contribution(world: &World, quarter: Quarter, share: Option<f64>, sums: &Sums, constant: Constant) -> Option<f64> {
    let provincial = published_growth(world, quarter);
    let known = sums.va.count > 0 && sums.va.before != 0 && constant.value() != 0.0 && provincial.abs() >= 0.005;
    // g/(1+g) with g = constant/before - 1, without losing digits of a small g.
    let part = constant.less(sums.va.before) / constant.value();
    share.filter(|_| known).map(|share| share * part / (provincial / (1.0 + provincial)))
}
