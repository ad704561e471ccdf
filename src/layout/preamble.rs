//! What stands over a table: its title, its `key：value` lines, the unit and the period it states.

use super::normalise::key_and_value;
use crate::read::grid::Grid;
use crate::vocab::period::{self, Period};
use crate::vocab::{Place, text, unit};

/// One `key：value` of the lines over a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreambleEntry {
    /// What stands before the colon.
    pub key: String,
    /// What stands behind it, or in the next cell; may be empty.
    pub value: String,
    /// The row in the grid, counted from zero.
    pub row: usize,
}

/// Everything over the header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Preamble {
    /// The title.
    pub(super) caption: Option<String>,
    /// `key：value` in the order of the file.
    pub(super) entries: Vec<PreambleEntry>,
    /// Units stated, each with its place, in the order of their weight.
    pub(super) units: Vec<(String, Place)>,
    /// The period stated, as it is written.
    pub(super) period: Option<(String, Place)>,
    /// Whether it says that the table goes on from another one: what is said over that holds here.
    pub(super) continues: bool,
    /// Rows that hold text.
    pub(super) rows: usize,
}

/// Keys that state a period, whatever follows.
const PERIOD_KEYS: &[&str] = &[
    "报告期",
    "报告期别",
    "报告时间",
    "所属期",
    "所属时期",
    "税款所属期",
    "税款所属时期",
    "统计期",
    "统计时间",
    "数据时间",
];

/// Keys that state a period only where one follows: `时间：最近36个月` is a query, not a period.
const LOOSE_PERIOD_KEYS: &[&str] = &["时间", "时期", "期间", "年月", "年份", "年度", "日期"];

/// What is said over a table: so many things of each kind are looked at, none of them longer than this.
const MOST_SAID: usize = 1 << 14;
const LONGEST_SAID: usize = 1 << 14;

/// Reads the rows of `grid` before `end`.
pub(super) fn read(grid: &Grid, end: usize, place: &Place) -> Preamble {
    let says = |(_, cell): &(usize, &str)| !cell.is_empty();
    let mut preamble = Preamble::default();
    let mut loose = Vec::new();
    for row in 0..end {
        // Nobody writes so much over a table: it is one that was not found.
        let is_much = preamble.entries.len() > MOST_SAID || loose.len() > MOST_SAID;
        let cells: Vec<(usize, &str)> =
            grid.row(row).filled().map(|(column, cell)| (column, text::trim(cell))).filter(says).collect();
        if cells.is_empty() {
            continue;
        }
        preamble.rows += 1;
        if is_much {
            continue;
        }
        let at = |column: usize| place.at_row(grid.row(row).number).at_column(grid.column_number(column));
        let mut cells = cells.into_iter().filter(|(_, cell)| cell.len() <= LONGEST_SAID).peekable();
        while let Some((column, cell)) = cells.next() {
            let Some((key, value)) = key_and_value(cell).filter(|(key, _)| !is_caption_number(key)) else {
                if preamble.caption.is_none() && unit::known(cell).is_none() {
                    preamble.caption = Some(cell.to_owned());
                }
                preamble.continues |= is_continuation(cell);
                loose.push((cell, row, column));
                continue;
            };
            let (value, column) = match (value, cells.peek()) {
                ("", Some(&(next, text))) if key_and_value(text).is_none() => {
                    cells.next();
                    (text, next)
                }
                _ => (value, column),
            };
            preamble.entry(key, value, row, at(column));
        }
    }
    let at = |row: usize, column: usize| place.at_row(grid.row(row).number).at_column(grid.column_number(column));
    for &(cell, row, column) in &loose {
        preamble.running_text(cell, || at(row, column));
    }
    if preamble.units.is_empty() {
        let titles = loose.iter().find_map(|&(cell, row, column)| Some((unit_at_end(cell)?, at(row, column))));
        preamble.units.extend(preamble.unit_of_indicator(grid, place).or(titles));
    }
    let title = loose
        .iter()
        .find(|(cell, ..)| preamble.caption.as_deref() == Some(*cell))
        .filter(|_| preamble.period.is_none());
    if let Some(&(title, row, column)) = title
        && let Some(year) = lone_year(title)
    {
        preamble.period =
            Some((year.to_owned(), place.at_row(grid.row(row).number).at_column(grid.column_number(column))));
    }
    preamble
}

/// Keys of lines that name the one indicator of a table, with its unit in brackets: `指标：年末常住人口(万人)`.
const INDICATOR_KEYS: &[&str] = &["指标", "指标名称", "统计指标", "数据指标", "项目", "内容"];

/// The unit in brackets at the end of a title: `各县生产总值（亿元）`.
fn unit_at_end(title: &str) -> Option<String> {
    let (_, unit) = unit::split_label(title);
    unit.filter(|unit| title.ends_with([')', '）']) && unit::known(unit).is_some())
}

impl Preamble {
    /// Takes one `key：value`.
    fn entry(&mut self, key: &str, value: &str, row: usize, place: Place) {
        let folded = text::key(key);
        if unit::is_statement(&folded) && !value.is_empty() {
            self.units.push((value.to_owned(), place.clone()));
        }
        let states_period = PERIOD_KEYS.contains(&folded.as_str())
            || (LOOSE_PERIOD_KEYS.contains(&folded.as_str()) && period::parse(value).is_ok());
        if states_period && !value.is_empty() && self.period.is_none() {
            self.period = Some((value.to_owned(), place));
        }
        self.entries.push(PreambleEntry { key: key.to_owned(), value: value.to_owned(), row });
    }

    /// Takes a cell that is no `key：value`: a title, a remark, a unit alone.
    fn running_text(&mut self, cell: &str, place: impl Fn() -> Place) {
        if self.units.is_empty()
            && let Some(unit) = unit_within(cell)
        {
            self.units.push((unit, place()));
        }
        if self.period.is_none()
            && let Some(period) = only_period(cell)
        {
            self.period = Some((period.to_owned(), place()));
        }
    }

    /// The unit of the one indicator that a line over the table names, where it names one.
    fn unit_of_indicator(&self, grid: &Grid, place: &Place) -> Option<(String, Place)> {
        let names = |entry: &&PreambleEntry| INDICATOR_KEYS.contains(&text::key(&entry.key).as_str());
        self.entries.iter().filter(names).find_map(|entry| {
            let unit = unit_at_end(&entry.value)?;
            Some((unit, place.at_row(grid.row(entry.row).number)))
        })
    }

    /// Takes the unit that a note under the table states, where nothing over it does.
    pub(super) fn unit_in_notes(&mut self, grid: &Grid, notes: &[usize], place: &Place) {
        if !self.units.is_empty() {
            return;
        }
        let cells = notes.iter().flat_map(|&row| grid.row(row).filled().map(move |(column, cell)| (row, column, cell)));
        let stated = cells.filter(|(_, _, cell)| cell.len() <= LONGEST_SAID).find_map(|(row, column, cell)| {
            let unit = unit_within(cell).filter(|unit| unit::known(unit).is_some())?;
            Some((unit, place.at_row(grid.row(row).number).at_column(grid.column_number(column))))
        });
        self.units.extend(stated);
    }

    /// The value of the entry with this key, normalised.
    pub(super) fn value(&self, key: &str) -> Option<&str> {
        let key = text::key(key);
        self.entries.iter().find(|entry| text::key(&entry.key) == key).map(|entry| entry.value.as_str())
    }
}

/// Whether a line says that the table goes on from another one.
fn is_continuation(line: &str) -> bool {
    let line = text::key(line);
    ["续表", "续上表", "(续", "continued"].iter().any(|word| line.contains(word))
}

/// Whether what stands before a colon numbers a title: `附表1：…`, `表3：…`.
fn is_caption_number(key: &str) -> bool {
    ["附表", "附件", "续表"].iter().any(|word| key.starts_with(word))
        || key.strip_prefix('表').is_some_and(|rest| rest.starts_with(|c: char| text::half_width(c).is_ascii_digit()))
}

/// The unit in a title (`主要指标（单位：万元）`), or of a cell that is a unit and nothing else (`上年同期=100`).
fn unit_within(cell: &str) -> Option<String> {
    let folded = text::key(cell);
    if unit::known(&folded).is_some() && !folded.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(folded);
    }
    let (before, stated) = folded.split_once("单位:")?;
    let starts = ["", "计量", "金额", "货币"]
        .iter()
        .filter_map(|word| before.strip_suffix(word))
        .any(|before| before.is_empty() || before.ends_with(['(', ',', ';', ':', '。']));
    let unit = stated.split([')', ',', ';', '。']).next().filter(|unit| starts && !unit.is_empty())?;
    Some(unit.to_owned())
}

/// The one period that a running text names. Days are left out: they say when something was printed or filed. A range of
/// years (`2016-2018年`) is none of its years, and a half of a year is not the year.
fn only_period(cell: &str) -> Option<&str> {
    let found = period::find_all(cell);
    let mut found = found.into_iter().filter(|(period, _)| !matches!(period, Period::Day(_)));
    let (first, text) = found.next()?;
    if !found.all(|(other, _)| other == first) {
        return None;
    }
    let (before, after) = cell.split_once(text)?;
    (!begins_range(before) && !continues(after)).then_some(text)
}

/// Whether a text ends in a year and a dash: what follows is the end of a range.
fn begins_range(before: &str) -> bool {
    let before = text::trim(before);
    let year = before.strip_suffix(['-', '－', '—', '–', '―', '~', '～', '至', '到']);
    let year = year.map(|year| year.trim_end_matches(['-', '－', '—', '–', '―']));
    year.is_some_and(|year| ends_in_year(text::trim(year).trim_end_matches('年')))
}

/// Whether what follows a period makes another one of it.
fn continues(after: &str) -> bool {
    let after = text::trim(after);
    let to = after.strip_prefix(['-', '－', '—', '–', '―', '~', '～', '至', '到']);
    let to = to.map(|to| to.trim_start_matches(['-', '－', '—', '–', '―'])).map(text::trim);
    after.starts_with("下半年") || to.is_some_and(|to| to.starts_with(|c: char| text::half_width(c).is_ascii_digit()))
}

fn ends_in_year(before: &str) -> bool {
    let digits = before.chars().rev().take_while(|&c| text::half_width(c).is_ascii_digit()).count();
    digits == 4
}

/// The year in a title that stands in brackets, or behind a dash at its end: `…主要指标（2018）`, `…平衡表(实物量)-2018`. A number
/// behind digits and a dash is another thing: `GB/T 4754-2017`, `2016-2018`.
fn lone_year(title: &str) -> Option<&str> {
    let title = text::trim(title);
    let at_end = || {
        let start = title.char_indices().rev().take_while(|(_, c)| text::half_width(*c).is_ascii_digit()).last()?.0;
        let (before, year) = title.split_at(start);
        let before = before.strip_suffix(['-', '－', '—', '–', '―', '_'])?.trim_end_matches(['-', '－', '—', '–', '―']);
        let joined = text::trim(before).ends_with(|c: char| text::half_width(c).is_ascii_digit() || c == '年');
        (!joined).then_some(year)
    };
    let mut bracketed =
        title.split(['(', '（']).skip(1).filter_map(|rest| rest.split([')', '）']).next()).map(text::trim);
    let is_year =
        |year: &&str| year.chars().count() == 4 && matches!(period::parse(year), Ok(Period::Year(1949..=2099)));
    let first = bracketed.by_ref().find(is_year);
    if bracketed.any(|other| is_year(&other) && Some(other) != first) {
        return None;
    }
    first.or_else(|| at_end().filter(is_year))
}
