//! The periods of an axis, read together: what one label leaves open, its neighbours may settle.

use std::collections::BTreeSet;

use super::header::HeaderColumn;
use super::normalise::Label;
use read::grid::Grid;
use vocab::period::{self, Period, Refusal};
use vocab::{Place, Problem, rules, text, unit};

/// One label of an axis, read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tick {
    /// It says so itself.
    Said(Period),
    /// It could be read in two ways, and the other labels settle which.
    Inferred(Period),
    /// It is no period, or could be two.
    No(Refusal),
}

impl Tick {
    /// The period.
    pub(super) fn period(self) -> Option<Period> {
        match self {
            Tick::Said(period) | Tick::Inferred(period) => Some(period),
            Tick::No(_) => None,
        }
    }
}

/// Reads the labels of one axis in their order. `2016.1` is January, or October whose zero a spreadsheet dropped: it is
/// October where `2016.01` stands beside it or where September comes before it, January where December or February are
/// its neighbours, and otherwise nothing.
pub(super) fn read<'a>(labels: impl IntoIterator<Item = (&'a str, Result<Period, Refusal>)>) -> Vec<Tick> {
    let labels: Vec<(&str, Result<Period, Refusal>)> = labels.into_iter().collect();
    let open = |read: &Result<Period, Refusal>| *read == Err(Refusal::OneDigitAfterPoint);
    if !labels.iter().any(|(_, read)| open(read)) {
        return labels.into_iter().map(|(_, read)| read.map_or_else(Tick::No, Tick::Said)).collect();
    }
    // No month has the number 20: `2016.2` leaves nothing open among months.
    let settled: Vec<Option<Period>> = labels
        .iter()
        .map(|(label, read)| {
            read.ok().or_else(|| {
                one_digit(label)
                    .filter(|_| open(read))
                    .and_then(|(year, digit)| month(year, digit).filter(|_| digit > 1))
            })
        })
        .collect();
    let known: BTreeSet<Period> = settled.iter().flatten().copied().collect();
    let tick = |at: usize| match (labels[at].1, settled[at]) {
        (Ok(period), _) => Tick::Said(period),
        (_, Some(period)) => Tick::Inferred(period),
        (Err(refusal), None) => {
            let neighbours = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
            let beside: Vec<Period> = neighbours.filter_map(|at| settled.get(at).copied().flatten()).collect();
            let read = one_digit(labels[at].0).filter(|_| refusal == Refusal::OneDigitAfterPoint);
            read.and_then(|(year, _)| january_or_october(year, &known, &beside))
                .map_or(Tick::No(refusal), Tick::Inferred)
        }
    };
    (0..labels.len()).map(tick).collect()
}

/// The year of a table, by the period that stands over it.
pub(super) fn year_of(stated: Option<&str>) -> Option<u16> {
    period::parse(stated?).ok().map(Period::year)
}

/// Reads the periods that stand over the columns of a table. `stated` is what stands over the whole table: its year is that
/// of columns that name only a part of one (`1-3月`).
pub(super) fn read_columns(columns: &[HeaderColumn], stated: Option<&str>) -> Vec<Tick> {
    let year = year_of(stated);
    let texts: Vec<String> = columns.iter().map(HeaderColumn::text).collect();
    let mut ticks =
        read(texts.iter().map(String::as_str).zip(columns.iter().map(|column| column_period(column, year))));
    carry_years(columns, &mut ticks);
    ticks
}

/// Gives parts of a year the year of the part before them, where that names it and they come after it: `2017年12月`, `2018年1月`, `2月`.
fn carry_years(columns: &[HeaderColumn], ticks: &mut [Tick]) {
    let mut before: Option<Period> = None;
    for (column, tick) in columns.iter().zip(ticks) {
        match *tick {
            Tick::Said(Period::Year(_)) => before = None,
            Tick::Said(period) | Tick::Inferred(period) => before = Some(period),
            Tick::No(Refusal::NoYear) => {
                let part = part_of_year(column.labels.iter().map(|label| label.text.as_str()));
                let read = part.zip(before).and_then(|(part, last)| {
                    let period = period::parse_in_year(&part, last.year()).ok()?;
                    (period != last && period.last_day() >= last.last_day()).then_some(period)
                });
                before = read;
                *tick = read.map_or(*tick, Tick::Inferred);
            }
            Tick::No(_) => {}
        }
    }
}

/// The periods over the columns of a table whose rows are known. Years over the columns are not whole where the title says a part of one of
/// them: under `2018年1-5月`, 2018年 and 2017年 are January to May of each, unless the rows are parts of the years themselves.
pub(super) fn read_columns_over(
    grid: &Grid,
    rows: &[usize],
    columns: &[HeaderColumn],
    stated: Option<&str>,
) -> Vec<Tick> {
    let mut ticks = read_columns(columns, stated);
    let part = stated.and_then(|stated| period::parse(stated).ok());
    let part = part.filter(|part| !matches!(part, Period::Year(_) | Period::Day(_)) && part.last_month() < 12);
    let Some(part) = part else { return ticks };
    let is_of_its_year = |tick: &Tick| tick.period() == Some(Period::Year(part.year()));
    if !ticks.iter().any(is_of_its_year) || parts_down(grid, rows, columns, &ticks, |_| true).is_some() {
        return ticks;
    }
    for (tick, column) in ticks.iter_mut().zip(columns) {
        let is_whole = column.labels.iter().any(|label| label.text.contains("全年"));
        if let Some(Period::Year(year)) = tick.period().filter(|_| !is_whole) {
            *tick = Tick::Inferred(part.in_year(year));
        }
    }
    ticks
}

/// The period that a column's labels name: together (`2018年` over `一季度`); a year over or under a part of it, with another heading
/// between or beside them; one of them alone, with its unit or without; or else the one that a label begins with.
fn column_period(column: &HeaderColumn, year: Option<u16>) -> Result<Period, Refusal> {
    let together: String = column.labels.iter().map(|label| without_unit(&label.text)).collect();
    let alone = || column.labels.iter().rev().map(alone);
    let in_year = || {
        let year = year?;
        column.labels.iter().rev().find_map(|label| period::parse_in_year(&label.name, year).ok())
    };
    let leads = || {
        let mut named = column.labels.iter().rev().filter(|label| !label.attribute);
        named.find_map(|label| Some(leading(&without_unit(&label.text), year)?.0))
    };
    match period::parse(&together) {
        Err(refusal) => {
            // The half of a year that no quarter ends with is not the year.
            let is_no_part = |label: &Label| NO_PARTS.iter().any(|part| label.whole.contains(part));
            if let Some(label) = column.labels.iter().find(|label| is_no_part(label)) {
                let is_time = period::is_only_time(&label.text);
                return Err(if is_time { Refusal::NotFromJanuary } else { Refusal::NotAPeriod });
            }
            let whole = part_of_its_year(column).map(Ok).or_else(|| alone().find(Result::is_ok));
            whole.or_else(|| in_year().or_else(leads).map(Ok)).unwrap_or_else(|| {
                // A label that is nearly a period says more than that the whole is none.
                alone().find(|read| *read != Err(Refusal::NotAPeriod)).unwrap_or(Err(refusal))
            })
        }
        read => read,
    }
}

/// Whether a heading is a time that cannot be read: nothing but what times are made of, and no period.
pub(super) fn is_unread(column: &HeaderColumn, tick: Tick) -> bool {
    let is_unread = |label: &Label| period::is_only_time(&label.text) && period::parse(&label.text).is_err();
    matches!(tick, Tick::No(refusal) if refusal != Refusal::NoYear) && column.labels.iter().any(is_unread)
}

/// Times within a year that are no periods: a year over them does not make them one.
const NO_PARTS: [&str; 4] = ["下半年", "上旬", "中旬", "下旬"];

/// What one label says by itself.
fn alone(label: &Label) -> Result<Period, Refusal> {
    period::parse(if label.unit.is_some() { &label.name } else { &label.text })
}

/// The part of a year that one label names, or begins with, and of which year another one says it is.
fn part_of_its_year(column: &HeaderColumn) -> Option<Period> {
    let year = column.labels.iter().find_map(|label| match alone(label) {
        Ok(Period::Year(year)) => Some(year),
        _ => None,
    })?;
    let parts = column.labels.iter().rev().filter(|label| !label.attribute && alone(label).is_err());
    parts.map(|label| without_unit(&label.text)).find_map(|label| {
        let read = period::parse_in_year(&label, year).ok();
        read.or_else(|| leading(&label, Some(year)).map(|(period, _)| period))
    })
}

/// A heading without the unit in its brackets.
fn without_unit(label: &str) -> String {
    match unit::split_label(label) {
        (name, Some(said)) if unit::known(&said).is_some() => name,
        _ => label.to_owned(),
    }
}

/// The time that a heading begins with, and what the heading names: `2017年产值`, or `9月产值` in a year that is known. A year of prices
/// (`2015年不变价`), or one of two that are compared, is none of the figures.
pub(super) fn leading(heading: &str, year: Option<u16>) -> Option<(Period, &str)> {
    /// In bytes: no time is longer.
    const LONGEST: usize = 40;
    const NO_NAMES: [&str; 28] = [
        "不变价",
        "可比价",
        "价格",
        "价",
        "基期",
        "版",
        "口径",
        "标准",
        "定基",
        "比",
        "较",
        "为",
        "与",
        "和",
        "及",
        "至",
        "到",
        "以",
        "初",
        "前",
        "后",
        "内",
        "第",
        "上",
        "下",
        "中旬",
        "起",
        "龄",
    ];
    let ends = heading.char_indices().map(|(at, c)| (at + c.len_utf8(), c)).take_while(|(end, _)| *end <= LONGEST);
    let times = ends.filter(|(_, c)| "年月季度末底份".contains(*c)).filter_map(|(end, _)| {
        let (time, rest) = heading.split_at(end);
        let in_year = || period::parse_in_year(time, year?).ok();
        let period = period::parse(time).ok().or_else(in_year)?;
        Some((period, text::trim(rest)))
    });
    let (period, rest) = times.last()?;
    let is_name = rest.starts_with(|c: char| c.is_alphanumeric() && !c.is_ascii_digit() || c == '#');
    let names = is_name && !NO_NAMES.iter().any(|word| rest.starts_with(word));
    (names && !matches!(period, Period::Day(_))).then_some((period, rest))
}

/// The label over a column that names a part of a year, where none names the year: `一季度`, `1-3月`; without its unit.
pub(super) fn part_of_year<'l>(labels: impl Iterator<Item = &'l str>) -> Option<String> {
    let named = labels.map(without_unit).map(|label| (period::parse(&label), label));
    let reads: Vec<(Result<Period, Refusal>, String)> = named.collect();
    if reads.iter().any(|(read, _)| read.is_ok()) {
        return None;
    }
    reads.into_iter().rev().find(|(read, _)| *read == Err(Refusal::NoYear)).map(|(_, label)| label)
}

/// The first of `rows` whose period is of another year than one that stands over a column: nothing in the sheet says of which of the two
/// a figure is. A part of a year among the rows of that year is no contradiction.
pub(super) fn contradicted<R>(
    mut rows: impl Iterator<Item = (R, Period)>,
    columns: impl Iterator<Item = Period>,
) -> Option<R> {
    let years: BTreeSet<u16> = columns.map(Period::year).collect();
    let differs = |period: &Period| years.iter().any(|year| *year != period.year());
    rows.find(|(_, period)| differs(period)).map(|(row, _)| row)
}

/// What decides that the periods of the rows hold, and what that those of the headings do.
const PERIOD_OF: [&str; 2] = ["across = \"indicator\"", "kind = \"text\""];

/// Tells of a period in a row that contradicts the one over its figures, with what decides which of them holds.
pub(super) fn either_period(grid: &Grid, (row, column): (usize, usize), place: &Place) -> Problem {
    let place = place.at_row(grid.row(row).number).at_column(grid.column_number(column));
    let problem = Problem::new(&rules::PERIODS_TWICE, place).value(text::trim(grid.cell(row, column)));
    problem.expected(PERIOD_OF)
}

/// The column among `free` ones whose cells name parts of the year that stands over each of the others (`一季度` under `2017年`), and
/// what it counts, which is nothing where its cells say so themselves. None where no years stand over the columns.
pub(super) fn parts_down(
    grid: &Grid,
    rows: &[usize],
    columns: &[HeaderColumn],
    ticks: &[Tick],
    free: impl Fn(usize) -> bool,
) -> Option<(usize, &'static str)> {
    /// So many rows tell what a column holds.
    const SAMPLE: usize = 200;
    if !ticks.iter().any(|tick| matches!(tick.period(), Some(Period::Year(_)))) {
        return None;
    }
    let counted = |column: &HeaderColumn| period::part_counted(&column.title()).unwrap_or("");
    let named = columns.iter().zip(ticks).enumerate().filter(|(_, (_, tick))| tick.period().is_none());
    let mut free = named.map(|(at, (column, _))| (at, counted(column))).filter(|(at, _)| free(*at));
    free.find(|&(at, counted)| {
        let cells = || rows.iter().take(SAMPLE).map(|&row| text::trim(grid.cell(row, at)));
        let filled = cells().filter(|cell| !cell.is_empty()).count();
        let parts = cells().filter(|cell| period::part_text(cell, counted).is_some()).count();
        parts > 0 && parts * 2 >= filled
    })
}

/// The year that each of the labels down a column is a part of, where rows of years stand over those of their parts (`2017年` over
/// `一季度`), or the first part names it for those that follow (`2017年一季度`, `二季度`). None for all of them where a part stands over the
/// first year, several years over one part, or a part does not come after the one before it: then the years may as well stand below
/// their parts, or the parts be of a year that nobody names.
pub fn years_over<'c>(labels: impl Iterator<Item = &'c str>) -> Vec<Option<u16>> {
    let mut over = Vec::new();
    let (mut year, mut is_open, mut is_safe) = (None, false, true);
    // The last part of the year at hand, where one names the year itself.
    let mut before: Option<Period> = None;
    for label in labels {
        let (read, is_part) = match period::parse(label) {
            Ok(Period::Year(year)) => (Some(year), false),
            Ok(period) => {
                (year, is_open, before) = (Some(period.year()), false, Some(period));
                over.push(None);
                continue;
            }
            Err(Refusal::NoYear) => (None, true),
            _ => (None, false),
        };
        if read.is_some() {
            is_safe &= !is_open && year != read;
            (year, is_open, before) = (read, true, None);
        } else if is_part {
            is_safe &= year.is_some();
            is_open = false;
            if let (Some(last), Some(year)) = (before, year) {
                let part = period::parse_in_year(label, year).ok();
                is_safe &= part.is_some_and(|part| part.last_day() > last.last_day());
                before = part;
            }
        }
        over.push(year.filter(|_| is_part));
    }
    if is_safe { over } else { vec![None; over.len()] }
}

/// The two months that `2016.1` may be.
pub(super) fn either_month(label: &str) -> Vec<String> {
    let year = one_digit(label).map(|(year, _)| year);
    let months = [1, 10].into_iter().filter_map(|number| month(year?, number));
    months.map(|month| month.to_string()).collect()
}

/// Whether a quarter's or a year's value stands at a month that ends none.
pub(super) fn is_off(period: Period, frequency: Option<&str>) -> bool {
    match (frequency, period) {
        (Some("季" | "季度"), Period::Month { .. }) => period.quarter_end().is_none(),
        (Some("年" | "年度"), Period::Month { month, .. }) => month != 12,
        _ => false,
    }
}

/// A quarter's value that stands on a grid of months, in the quarter's last month.
pub(super) fn at_frequency(period: Period, frequency: Option<&str>) -> Period {
    match (frequency, period) {
        (Some("季" | "季度"), Period::Month { .. }) => period.quarter_end().map_or(period, Period::Quarter),
        (Some("年" | "年度"), Period::Month { year, month: 12 }) => Period::Year(year),
        _ => period,
    }
}

/// Which of the two months `year.1` is, by the labels that are certain and by the neighbours.
fn january_or_october(year: u16, known: &BTreeSet<Period>, beside: &[Period]) -> Option<Period> {
    let (january, october) = (month(year, 1)?, month(year, 10)?);
    match (known.contains(&january), known.contains(&october)) {
        (true, false) => return Some(october),
        (false, true) => return Some(january),
        (true, true) => return None,
        (false, false) => {}
    }
    let near = |wanted: [Option<Period>; 2]| beside.iter().any(|period| wanted.contains(&Some(*period)));
    match (near([month(year - 1, 12), month(year, 2)]), near([month(year, 9), month(year, 11)])) {
        (true, false) => Some(january),
        (false, true) => Some(october),
        _ => None,
    }
}

/// The year and the one digit of `2016.1`.
fn one_digit(label: &str) -> Option<(u16, u8)> {
    let folded = text::key(label);
    let (year, digit) = folded.split_once('.')?;
    Some((year.parse().ok()?, digit.parse().ok().filter(|digit| (1..=9).contains(digit))?))
}

fn month(year: u16, month: u8) -> Option<Period> {
    period::parse(&format!("{year}-{month:02}")).ok()
}
