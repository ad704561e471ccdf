//! What cells and rows look like to somebody who knows nothing of the sheet yet.

use std::ops::Range;

use super::labels::{is_column_numbers, labels_within};
use super::normalise::key_and_value;
use super::words::is_key;
use read::grid::Grid;
use vocab::number::{self, Cell, Symbols};
use vocab::period::{self, Period, Refusal};
use vocab::{text, unit};

/// What one cell looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing.
    Blank,
    /// A number.
    Figure,
    /// A symbol for a missing value.
    Missing,
    /// Digits that may be a year, a month (`201812`, `2018.01`), or just a number: months since year zero, or years.
    Bare(i32),
    /// `2016.1`, which may be one of two months, or just a number: as the earlier of them.
    Open(i32),
    /// A period that cannot be a number: `2018年`, `2018Q4`, `2018-12`.
    Period,
    /// Any other text.
    Text,
}

/// What one row looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Nothing stands in it.
    Blank,
    /// One text, in this column, or `key：value` pairs.
    Line(usize),
    /// Several labels and no figure.
    Labels,
    /// Figures.
    Figures,
}

/// Keys of lines over a table, beside those that state a unit.
const LINE_KEYS: &[&str] = &["数据库", "时间", "地区", "指标", "报告期", "填报单位", "表号", "制定机关", "批准文号"];

/// What every cell of a sheet that holds something looks like, looked at once.
pub(super) struct Kinds<'a> {
    grid: &'a Grid,
    /// The cells that are not blank with their columns, row by row.
    cells: Vec<(u32, Kind)>,
    /// One past the last cell of each row.
    row_ends: Vec<usize>,
}

impl<'a> Kinds<'a> {
    /// Looks at every cell.
    pub(super) fn new(grid: &'a Grid) -> Self {
        let symbols = Symbols::default();
        let mut kinds = Kinds { grid, cells: Vec::new(), row_ends: Vec::with_capacity(grid.len()) };
        for row in grid.rows() {
            let seen = row.filled().map(|(column, cell)| (column as u32, kind(cell, &symbols)));
            kinds.cells.extend(seen.filter(|&(_, kind)| kind != Kind::Blank));
            kinds.row_ends.push(kinds.cells.len());
        }
        kinds
    }

    /// Number of rows.
    pub(super) fn len(&self) -> usize {
        self.row_ends.len()
    }

    fn row(&self, row: usize) -> &[(u32, Kind)] {
        let start = row.checked_sub(1).and_then(|above| self.row_ends.get(above)).copied().unwrap_or(0);
        let end = self.row_ends.get(row).copied().unwrap_or(start);
        self.cells.get(start..end).unwrap_or_default()
    }

    /// What the cell looks like; blank outside the sheet.
    pub(super) fn at(&self, row: usize, column: usize) -> Kind {
        let cells = self.row(row);
        let at = cells.binary_search_by_key(&column, |&(at, _)| at as usize).ok();
        at.and_then(|at| cells.get(at)).map_or(Kind::Blank, |&(_, kind)| kind)
    }

    /// The cells of a row that are not blank, within `columns`.
    pub(super) fn filled<'s>(
        &'s self,
        row: usize,
        columns: &Range<usize>,
    ) -> impl Iterator<Item = (usize, Kind)> + use<'s, 'a> {
        let cells = self.row(row);
        let at = |column: usize| cells.partition_point(|&(at, _)| (at as usize) < column);
        let inside = cells.get(at(columns.start)..at(columns.end)).unwrap_or_default();
        inside.iter().map(|&(at, kind)| (at as usize, kind))
    }

    /// What the row looks like, within `columns`.
    pub(super) fn shape(&self, row: usize, columns: &Range<usize>) -> Shape {
        let cells: Vec<(usize, Kind)> = self.filled(row, columns).collect();
        let [(first, lead), rest @ ..] = cells.as_slice() else { return Shape::Blank };
        if rest.is_empty() {
            return if *lead == Kind::Figure && *first > columns.start { Shape::Figures } else { Shape::Line(*first) };
        }
        if self.is_line(row, &cells) {
            return Shape::Line(*first);
        }
        if is_column_numbers(labels_within(self.grid, row, columns)) {
            return Shape::Labels;
        }
        let blank_lead = *first > columns.start;
        let rest = if blank_lead { cells.as_slice() } else { rest };
        let is = |wanted: Kind| rest.iter().any(|&(_, kind)| kind == wanted);
        let figures = cells.iter().any(|&(_, kind)| kind == Kind::Figure);
        let numbers: Vec<Kind> = rest.iter().map(|&(_, kind)| kind).filter(|kind| kind.is_number_of_time()).collect();
        let texts = rest.iter().any(|&(_, kind)| matches!(kind, Kind::Text | Kind::Period));
        match (figures, texts) {
            // Item codes stand under the blank beside a heading; figures stand beside the key of their row.
            (true, _) if blank_lead && self.is_codes(row, &cells) => Shape::Labels,
            (true, _) => Shape::Figures,
            // Beside a symbol for a missing value a number is a value, whatever it looks like.
            (false, _) if !numbers.is_empty() && (is(Kind::Missing) || !is_axis(&numbers)) => Shape::Figures,
            (false, false) if numbers.is_empty() => Shape::Figures,
            (false, _) => Shape::Labels,
        }
    }

    /// Whether a row is made of `key：value` lines.
    fn is_line(&self, row: usize, cells: &[(usize, Kind)]) -> bool {
        let says = |column: usize| key_and_value(self.grid.cell(row, column)).map(|(key, _)| text::key(key));
        let known = |key: &String| unit::is_statement(key) || LINE_KEYS.contains(&key.as_str());
        let begins = cells.first().and_then(|&(column, _)| says(column)).is_some_and(|key| known(&key));
        // `2023年产值（万元）` beside `制表：统计局`: a title and who made the table.
        let is_titled = match cells {
            [(first, Kind::Text), others @ ..] if !others.is_empty() => {
                // `产值：亿元` is a heading.
                let is_entry = |&(column, kind): &(usize, Kind)| {
                    let said = key_and_value(self.grid.cell(row, column)).filter(|_| kind == Kind::Text);
                    said.is_some_and(|(key, value)| unit::known(value).is_none() || unit::is_statement(&text::key(key)))
                };
                others.iter().all(is_entry) && !is_key(self.grid.cell(row, *first))
            }
            _ => false,
        };
        begins
            || is_titled
            || cells.iter().all(|&(column, kind)| kind == Kind::Text && says(column).is_some())
            || self.ends_in_unit(row, cells)
    }

    /// Whether a row is a title with the unit at its right: `2018年各市产值`, `单位：亿元`.
    fn ends_in_unit(&self, row: usize, cells: &[(usize, Kind)]) -> bool {
        let cell = |column: usize| self.grid.cell(row, column);
        let states = |column: usize| {
            let stated = key_and_value(cell(column));
            stated.is_some_and(|(key, unit)| unit::is_statement(&text::key(key)) && !unit.is_empty())
        };
        let [(first, _), others @ ..] = cells else { return false };
        matches!(others, [.., (last, Kind::Text)] if others.len() < 3 && states(*last))
            && !is_key(cell(*first))
            && others.iter().all(|(_, kind)| *kind != Kind::Figure)
    }

    /// Whether the figures of a row are codes of items: whole numbers of two to four digits, each there once or in pairs.
    fn is_codes(&self, row: usize, cells: &[(usize, Kind)]) -> bool {
        cells.len() > 1
            && cells.iter().all(|&(column, _)| {
                let cell = text::trim(self.grid.cell(row, column));
                (2..=4).contains(&cell.len()) && cell.bytes().all(|byte| byte.is_ascii_digit())
            })
    }
}

/// Looks at one cell.
fn kind(cell: &str, symbols: &Symbols) -> Kind {
    /// Longer texts are no figures and no periods.
    const LONGEST: usize = 256;
    let cell = text::trim(cell);
    if cell.is_empty() {
        return Kind::Blank;
    }
    if cell.len() > LONGEST {
        return Kind::Text;
    }
    let read = number::parse(cell, symbols);
    match (period::parse(cell), read) {
        (Ok(Period::Year(year)), Cell::Value(_)) => Kind::Bare(i32::from(year)),
        (Ok(Period::Month { year, month }), Cell::Value(_)) => Kind::Bare(i32::from(year) * 12 + i32::from(month)),
        // `2016.1` among months is one of them.
        (Err(Refusal::OneDigitAfterPoint), Cell::Value(_)) => open(cell),
        (Ok(_), Cell::Value(_)) => Kind::Figure,
        (Ok(_), _) => Kind::Period,
        (Err(_), Cell::Value(_) | Cell::Inexact(_)) => Kind::Figure,
        (Err(_), Cell::Missing(_)) => Kind::Missing,
        (Err(_), _) => Kind::Text,
    }
}

/// `2016.1` as the earlier month that it may be.
fn open(cell: &str) -> Kind {
    let digits = text::key(cell);
    let parts = digits.split_once('.').and_then(|(year, month)| Some((year.parse().ok()?, month.parse().ok()?)));
    parts.map_or(Kind::Period, |(year, month): (i32, i32)| Kind::Open(year * 12 + month))
}

impl Kind {
    /// Whether it is a number that may be a period.
    pub(super) fn is_number_of_time(self) -> bool {
        matches!(self, Kind::Bare(_) | Kind::Open(_))
    }

    /// Whether it is a number that may be a year, or a month of one, of which there are statistics.
    pub(super) fn is_recent(self) -> bool {
        const YEARS: Range<i32> = 1949..2051;
        matches!(self, Kind::Bare(n) | Kind::Open(n) if YEARS.contains(&n) || YEARS.contains(&(n / 12)))
    }

    /// Whether it may be a period.
    pub(super) fn may_be_time(self) -> bool {
        self == Kind::Period || self.is_number_of_time()
    }
}

/// Whether numbers may be the periods of an axis: one series, or the same one under each of several groups.
pub(super) fn is_axis(numbers: &[Kind]) -> bool {
    let certain = |kind: &Kind| if let Kind::Bare(n) = kind { Some(*n) } else { None };
    let any = |kind: &Kind| if let Kind::Open(n) = kind { Some(*n) } else { certain(kind) };
    // A month whose zero was lost stands anywhere among the others.
    let mut series: Vec<i32> = numbers.iter().filter_map(certain).collect();
    if series.len() < 2 {
        series = numbers.iter().filter_map(any).collect();
    }
    // Where the next number goes the other way, the next group begins; its periods are some of those of the longest.
    let mut runs: Vec<Vec<i32>> = Vec::new();
    for &number in &series {
        let goes_on = |run: &Vec<i32>| match run.as_slice() {
            [.., before, last] => (number > *last) == (last > before) && number != *last,
            [first] => runs.first().is_none_or(|run: &Vec<i32>| run[0] != number) && *first != number,
            [] => true,
        };
        let is_more = runs.last().is_some_and(goes_on);
        match runs.last_mut() {
            Some(run) if is_more => run.push(number),
            _ => runs.push(vec![number]),
        }
    }
    // Under each of several groups stand the same two years, however far they are apart.
    let same = |run: &Vec<i32>| Some(run) == runs.first() && run.windows(2).all(|pair| pair[0] < pair[1]);
    if runs.len() > 1 && runs.iter().all(|run| run.len() > 1 && same(run)) {
        return true;
    }
    let longest = runs.iter().max_by_key(|run| run.len()).map_or(&[][..], Vec::as_slice);
    let is_group = |run: &Vec<i32>| {
        (run.len() > 1 || longest.len() < 2) && is_series(run) && run.iter().all(|number| longest.contains(number))
    };
    runs.iter().all(is_group)
}

/// Whether cells are the years or months of one series.
pub(super) fn are_series<'c>(cells: impl Iterator<Item = &'c str>) -> bool {
    let symbols = Symbols::default();
    let kinds: Vec<Kind> = cells.map(|cell| kind(cell, &symbols)).collect();
    kinds.len() > 1 && kinds.iter().all(|kind| kind.is_number_of_time()) && is_axis(&kinds)
}

/// Whether bare numbers are periods: each once, and one step apart all along but for a few that are left out.
fn is_series(numbers: &[i32]) -> bool {
    let steps: Vec<i32> = numbers.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let Some(step) = steps.iter().map(|step| step.abs()).min() else { return true };
    let one_way = steps.iter().all(|&step| step > 0) || steps.iter().all(|&step| step < 0);
    // Years are counted by ones, or by what censuses are apart; months by no more than a year.
    let is_step =
        if numbers.iter().all(|&number| number < 3_000) { (1..=5).contains(&step) || step == 10 } else { step <= 12 };
    one_way && is_step && steps.iter().all(|&other| other.abs() <= 5 * step.max(2))
}
