//! What an export shows of itself as a whole, written as expectations: the next issue of it is held against them.

use std::collections::{BTreeMap, BTreeSet};

use super::expected::{Sight, month_of};
use super::names::{depth, is_of_which};
use super::sums::{Sum, add_up, names_sum};
use super::table::LaidOut;
use config::source::{Across, Kind, Source};
use config::whole::{Along, Count, Step, Total, Whole};
use vocab::number::{self, Cell, Symbols};
use vocab::text;

/// More names of rows than this are not written one by one.
const MOST_LABELS: usize = 64;

/// Nor more headings.
const MOST_HEADINGS: usize = 256;

/// Fewer periods make no series.
const FEWEST_PERIODS: usize = 3;

/// A sum of columns is looked for in so many rows; what is found is then held against all of them.
const SAMPLE: usize = 50;

/// A sum of columns right of it is looked for in so many of them.
const MOST_PARTS: usize = 12;

/// What a figure of fewer digits is the sum of may be chance.
const SMALLEST_TOTAL: i64 = 100;

/// What a row or a column of sums is called beside the words for a sum: by the area that it is of.
const WHOLE_AREAS: [&str; 5] = ["全省", "全国", "全市", "全县", "全区"];

/// What the names of enterprises end in: they are not written into a definition.
const ENTERPRISES: [&str; 3] = ["公司", "集团", "厂"];

/// What the tables that `source` reads in an export hold; none where it reads none.
pub fn observe(parts: &[LaidOut<'_>], source: &Source) -> Option<Whole> {
    let sights: Vec<Sight<'_>> = parts.iter().filter_map(|part| Sight::of(part, source)).collect();
    let rows: usize = sights.iter().map(|sight| sight.table.body.len()).sum();
    let first = sights.first()?;
    let labels = labels(&sights, source);
    let is_down = source.columns.iter().any(|column| column.kind == Kind::Period);
    let periods: BTreeSet<i32> = sights.iter().flat_map(|sight| sight.periods().into_keys().map(month_of)).collect();
    let periods: Vec<i32> = periods.into_iter().collect();
    let is_series = periods.len() >= FEWEST_PERIODS;
    let unit = first.table.stated_unit.as_ref().map(|(unit, _)| unit.clone());
    let same_unit = |sight: &Sight<'_>| sight.table.stated_unit.as_ref().map(|(unit, _)| unit) == unit.as_ref();
    let unit = unit.clone().filter(|_| sights.iter().all(same_unit));
    let mut headings: Vec<String> = Vec::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for (_, heading) in sights.iter().flat_map(|sight| &sight.headings) {
        if known.insert(text::key(heading)) {
            headings.push(heading.clone());
        }
    }
    headings.truncate(if headings.len() > MOST_HEADINGS { 0 } else { MOST_HEADINGS });
    Some(Whole {
        rows: Some(count_of(rows, !labels.is_empty(), is_down)),
        headings,
        unit,
        step: Some(&periods).filter(|_| is_series).and_then(|periods| step(periods)),
        period_count: is_series.then_some(Count { from: periods.len() as u64, to: u64::MAX }),
        totals: totals(&sights, source, !labels.is_empty()),
        labels,
        ..Whole::default()
    })
}

/// How many rows the next issue may have: as many where each is known by name, as many or more where time goes on down the rows.
fn count_of(rows: usize, are_named: bool, is_down: bool) -> Count {
    let rows = rows as u64;
    match (are_named, is_down) {
        (_, true) => Count { from: rows, to: u64::MAX },
        (true, false) => Count { from: rows, to: rows },
        (false, false) => Count { from: rows * 4 / 5, to: rows * 5 / 4 + 1 },
    }
}

/// The names of rows, where they are few and of no enterprise.
fn labels(sights: &[Sight<'_>], source: &Source) -> Vec<String> {
    if source.columns.iter().any(|column| column.kind == Kind::UnitCode) {
        return Vec::new();
    }
    let mut names: Vec<String> = Vec::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for (_, name) in sights.iter().flat_map(Sight::rows) {
        if known.insert(text::key(name)) {
            names.push(name.to_owned());
        }
        if is_enterprise(name) || names.len() > MOST_LABELS {
            return Vec::new();
        }
    }
    names
}

/// Whether a text ends like the name of an enterprise.
pub fn is_enterprise(name: &str) -> bool {
    ENTERPRISES.iter().any(|end| text::trim(name).ends_with(end))
}

/// What lies between one month and the next all along.
fn step(months: &[i32]) -> Option<Step> {
    let steps = Step::WORDS.map(|(_, step)| step);
    steps.into_iter().find(|step| months.windows(2).all(|pair| pair[1] - pair[0] == step.months()))
}

/// Rows and columns that are the sum of others, in every table that has them; rows only where their names are written.
fn totals(sights: &[Sight<'_>], source: &Source, are_named: bool) -> Vec<Total> {
    let symbols = source.symbols();
    let mut found: Vec<Total> = Vec::new();
    for sight in sights {
        let rows = if are_named { total_rows(sight, &symbols) } else { Vec::new() };
        for total in rows.into_iter().chain(total_columns(sight, &symbols)) {
            let whole = Whole { totals: vec![total.clone()], ..Whole::default() };
            let is_known = found.iter().any(|other| other.along == total.along && other.name == total.name);
            if !is_known && sights.iter().all(|sight| sight.unexpected(&whole).is_empty()) {
                found.push(total);
            }
        }
    }
    found
}

fn is_total(name: &str) -> bool {
    names_sum(name) || WHOLE_AREAS.contains(&text::key(name).as_str())
}

/// One row with its name and how far that is indented.
#[derive(Clone, Copy)]
struct Named<'a> {
    row: usize,
    name: &'a str,
    depth: usize,
    of_which: bool,
}

/// Rows that are the sum of all others, of those at the same level, or of those below that are indented further.
fn total_rows(sight: &Sight<'_>, symbols: &Symbols) -> Vec<Total> {
    let Some(column) = sight.names else { return Vec::new() };
    let named: Vec<Named<'_>> = sight
        .rows()
        .map(|(row, name)| {
            let cell = sight.grid.cell(row, column);
            Named { row, name, depth: depth(cell), of_which: is_of_which(cell) }
        })
        .collect();
    let names: BTreeSet<String> = named.iter().map(|row| text::key(row.name)).collect();
    if names.len() < named.len() {
        return Vec::new();
    }
    let all: Vec<usize> = sight.table.body.clone();
    let outermost = named.iter().map(|row| row.depth).min().unwrap_or(0);
    let mut found = Vec::new();
    for (at, total) in named.iter().enumerate() {
        let children = named[at + 1..].iter().take_while(|row| row.depth > total.depth);
        let nearest = children.clone().map(|row| row.depth).min();
        let children: Vec<&Named<'_>> = children.filter(|row| Some(row.depth) == nearest && !row.of_which).collect();
        let is_level = |row: &&Named<'_>| row.row != total.row && row.depth == outermost && !row.of_which;
        let mut ways: Vec<(Vec<usize>, Vec<String>)> = Vec::new();
        if at == 0 || is_total(total.name) {
            ways.push((all.iter().copied().filter(|&row| row != total.row).collect(), Vec::new()));
            ways.push(named_parts(named.iter().filter(is_level)));
        }
        ways.push(named_parts(children.into_iter()));
        let sum = ways.into_iter().find_map(|(parts, of)| {
            let columns = summed_columns(sight, total.row, &parts, symbols)?;
            Some(Total { along: Along::Rows, name: total.name.to_owned(), of, columns, tolerance: None })
        });
        found.extend(sum);
    }
    found
}

/// Rows with their names; none where they are too many to be written.
fn named_parts<'a, 'n: 'a>(rows: impl Iterator<Item = &'a Named<'n>>) -> (Vec<usize>, Vec<String>) {
    let rows: Vec<&Named<'_>> = rows.collect();
    if rows.len() > MOST_LABELS {
        return (Vec::new(), Vec::new());
    }
    (rows.iter().map(|row| row.row).collect(), rows.iter().map(|row| row.name.to_owned()).collect())
}

/// The headings of the columns in which a row is the sum of others; no heading where it is in all, and none where it is in no column.
fn summed_columns(sight: &Sight<'_>, total: usize, parts: &[usize], symbols: &Symbols) -> Option<Vec<String>> {
    let (mut right, mut wrong) = (Vec::new(), 0);
    for column in sight.numbers() {
        let cells = || parts.iter().map(|&part| sight.grid.cell(part, column));
        match add_up(sight.grid.cell(total, column), cells(), None, symbols) {
            Sum::Right if is_telling(sight.grid.cell(total, column), cells(), symbols) => right.push(column),
            Sum::Right | Sum::Open => {}
            Sum::Wrong(_) => wrong += 1,
        }
    }
    if right.is_empty() {
        return None;
    }
    if wrong == 0 {
        return Some(Vec::new());
    }
    // The headings of periods are others in the next issue.
    if sight.source.layout.across == Across::Period {
        return None;
    }
    right.into_iter().map(|column| unique_heading(sight, column)).collect()
}

/// The heading of a column that no other has.
fn unique_heading(sight: &Sight<'_>, column: usize) -> Option<String> {
    let (_, heading) = sight.headings.iter().find(|(at, _)| *at == column)?;
    let key = text::key(heading);
    let same = sight.headings.iter().filter(|(_, other)| text::key(other) == key).count();
    (same == 1).then(|| heading.clone())
}

/// Whether that a total is right says something: it is no small number, and two parts are not nothing.
fn is_telling<'c>(total: &str, parts: impl Iterator<Item = &'c str>, symbols: &Symbols) -> bool {
    let digits = |cell: &str| match number::parse(cell, symbols) {
        Cell::Value(figure) => figure.mantissa.saturating_abs(),
        _ => 0,
    };
    digits(total) >= SMALLEST_TOTAL && parts.filter(|part| digits(part) > 0).nth(1).is_some()
}

/// Columns of totals by their headings that are the sum of all others, or of some right of them.
fn total_columns(sight: &Sight<'_>, symbols: &Symbols) -> Vec<Total> {
    let numbers = sight.numbers();
    let headed: BTreeMap<usize, String> =
        numbers.iter().filter_map(|&column| Some((column, unique_heading(sight, column)?))).collect();
    let sums = |total: usize, parts: &[usize]| {
        let mut right = 0;
        for &row in sight.table.body.iter().take(SAMPLE) {
            let cells = || parts.iter().map(|&part| sight.grid.cell(row, part));
            match add_up(sight.grid.cell(row, total), cells(), None, symbols) {
                Sum::Right if is_telling(sight.grid.cell(row, total), cells(), symbols) => right += 1,
                Sum::Right | Sum::Open => {}
                Sum::Wrong(_) => return false,
            }
        }
        right > 1
    };
    let mut found = Vec::new();
    for (at, &total) in numbers.iter().enumerate() {
        let Some(name) = headed.get(&total).filter(|heading| is_total(heading)) else { continue };
        let others: Vec<usize> = numbers.iter().copied().filter(|&other| other != total).collect();
        let right = &numbers[at + 1..];
        let ways = (2..=right.len().min(MOST_PARTS)).rev().map(|parts| right[..parts].to_vec());
        let ways = std::iter::once(others).filter(|all| all.len() <= MOST_LABELS).chain(ways);
        let sum = ways.filter(|parts| sums(total, parts)).find_map(|parts| {
            let of: Option<Vec<String>> = parts.iter().map(|part| headed.get(part).cloned()).collect();
            Some(Total { along: Along::Columns, name: name.clone(), of: of?, columns: Vec::new(), tolerance: None })
        });
        found.extend(sum);
    }
    found
}
