//! What stands among the rows and speaks against what stands over the table: `2017年` under a title of 2018, `单位：人` under one in 万元,
//! the title of another table. The rows below would be read as what they are not.

use std::cell::LazyCell;

use super::axis;
use super::preamble::{self, Preamble};
use super::sums::names_sum;
use read::grid::Grid;
use vocab::codes;
use vocab::note::is_marked;
use vocab::period::{self, Period, Refusal};
use vocab::relative::Relative;
use vocab::unit::{self, Own, Unit};
use vocab::{Place, Problem, rules, text};

/// Longer texts are no names of rows.
const LONGEST: usize = 256;

/// The rows of a table, and what may speak for or against them.
pub(super) struct Rows<'a> {
    pub(super) grid: &'a Grid,
    /// Rows of data, with the lines between them.
    pub(super) rows: &'a [usize],
    pub(super) preamble: &'a Preamble,
    /// Whether nothing but what stands over the table says the period of its rows.
    pub(super) by_preamble: bool,
    /// Columns that are declared to hold codes: these name no time.
    pub(super) codes: &'a [usize],
}

impl Rows<'_> {
    /// The first line or name of a row that says another period or unit than stands over the table.
    pub(super) fn contradiction(&self, place: &Place) -> Option<Problem> {
        let Rows { grid, rows, preamble, by_preamble, codes } = *self;
        let period = preamble.period.as_ref().filter(|_| by_preamble).and_then(|(said, _)| period::parse(said).ok());
        // Asked when a row names another time, which is rare: every row has to be read for it.
        let names_rows = LazyCell::new(|| are_times(grid, rows));
        let unit = preamble.stated_unit().and_then(|(said, _)| unit::known(&said));
        for &row in rows {
            let mut filled = grid.row(row).filled();
            let Some((column, cell)) = filled.next() else { continue };
            let is_line = filled.next().is_none();
            if !is_line && codes.contains(&column) {
                continue;
            }
            let name = text::trim(cell);
            if name.len() > LONGEST {
                continue;
            }
            let other_unit =
                unit.filter(|_| is_line).and_then(|stated| unit_of_line(name).filter(|said| *said != stated));
            let is_other = |stated: &Period| is_earlier(name) || period_of(name, is_line, *stated).is_some();
            let other_period = period.filter(|stated| is_other(stated) && !*names_rows);
            let stated = match (other_unit, other_period, unit, period) {
                (Some(_), _, Some(stated), _) => stated.name.to_owned(),
                (_, Some(_), _, Some(stated)) => stated.to_string(),
                _ => continue,
            };
            if is_marked(name) {
                continue;
            }
            let at = place.at_row(grid.row(row).number).at_column(grid.column_number(column));
            return Some(Problem::new(&rules::LINE_SAYS_OTHERWISE, at).value(name).expected([stated]));
        }
        None
    }
}

/// Whether the name of a row is a time before that of the table. 上年末 is a row of a balance, and none of another time.
fn is_earlier(name: &str) -> bool {
    // In each of these times; most rows are named by codes and by what has none of them.
    let may_be = name.contains(['上', '去', '前', '同']);
    may_be && Relative::of(name) == Some(Relative::Earlier) && !name.contains(['末', '初', '底'])
}

/// Whether most rows are named by times.
fn are_times(grid: &Grid, rows: &[usize]) -> bool {
    let names = rows.iter().filter_map(|&row| grid.row(row).filled().next()).map(|(_, cell)| cell);
    let is_time = |cell: &&str| cell.len() <= LONGEST && matches!(period::parse(cell), Ok(_) | Err(Refusal::NoYear));
    names.filter(is_time).count() * 2 >= rows.len()
}

/// The unit that a line states: `单位：人`, `以下单位：人`, `以下为万人`, `二、人口（人）`, `二、比上年增长%`.
fn unit_of_line(line: &str) -> Option<&'static Unit> {
    let key = text::key(line);
    let below = || {
        let said = key.rsplit_once("单位").or_else(|| key.rsplit_once("以下"))?.1;
        Some(said.trim_start_matches(|c| ":为换改均是".contains(c)).trim_end_matches(|c| "-)。".contains(c)).to_owned())
    };
    let said = preamble::unit_within(line).or_else(|| preamble::unit_at_end(line));
    let said = said.or_else(|| below().filter(|said| unit::known(said).is_some()));
    let said = said.or_else(|| unit::sign_at_end(line).map(str::to_owned));
    // A line of words for growth stands over rows in %, whether it says so or not.
    said.as_deref().and_then(unit::known).or_else(|| {
        let named = key.trim_start_matches(|c: char| "一二三四五六七八九十(),.、".contains(c) || c.is_ascii_digit());
        Own::of(named).filter(|own| *own == Own::Rate).and_then(|_| unit::known("%"))
    })
}

/// The period that a line, or the name of a row of figures, says where it is not the one that is stated.
fn period_of(name: &str, is_line: bool, stated: Period) -> Option<Period> {
    let in_year = || period::parse_in_year(name, stated.year()).ok();
    let said = if is_line {
        let said = preamble::only_period(name).and_then(Result::ok).and_then(|said| period::parse(said).ok());
        said.or_else(in_year)
    } else {
        // A time has figures, and one with nothing else says neither 年 nor a unit; most rows are named by the code of an enterprise.
        let is_code = name.bytes().all(|byte| byte.is_ascii_digit()) || codes::unit_code(name).is_ok();
        if is_code || !name.contains(|c: char| c == '年' || c.is_numeric()) {
            return None;
        }
        // A bare number may be a code, and a year before a name that of what is counted (`2015年建成`), unless it names a sum or its
        // unit stands behind it.
        let (before, unit) = unit::split_label(name);
        let leads =
            || axis::leading(&before, None).filter(|(_, rest)| unit.is_some() || names_sum(rest)).map(|(said, _)| said);
        period::parse(name).ok().filter(|_| name.contains('年')).or_else(leads)
    };
    said.filter(|said| *said != stated && said.last_day() != stated.last_day() || said.year() != stated.year())
}
