//! What a table shows without a declaration: for `inspect`, and for drafts of source definitions.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::axis::{self, Tick};
use super::header::{self, Header, HeaderColumn};
use super::merged::{self, Down, left_blank};
use super::normalise::key_and_value;
use super::preamble::Preamble;
use super::wholes::Wholes;
use super::why::{Because, Decision, Ground, Reason};
use super::written::unit_of_cells;
use super::{PreambleEntry, body, cells, lines, outside, parts, preamble, shape};
use crate::config::source::Across;
use crate::read::grid::Grid;
use crate::vocab::number::{self, Cell, Symbols};
use crate::vocab::period::{self, Period, Refusal};
use crate::vocab::relative::Relative;
use crate::vocab::unit::{self, Own, Unit};
use crate::vocab::{Place, Problem, codes, rules, text};

/// What was found in one table. What is not certain is left open, with a problem that says so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Discovery {
    /// The table's part of its sheet.
    pub grid: Grid,
    /// The title.
    pub caption: Option<String>,
    /// The `key：value` lines.
    pub preamble: Vec<PreambleEntry>,
    /// The units stated over the table, as written.
    pub units: Vec<String>,
    /// The period stated over the table, as written.
    pub period: Option<String>,
    /// A time stated over it that is no period, where nothing else says one.
    pub unread: Option<String>,
    /// The header rows; empty where none was found.
    pub header: Range<usize>,
    /// The column that names the rows; none where each column holds figures of its own heading.
    pub label_column: Option<usize>,
    /// The columns that it takes to tell the rows apart by name, that one first.
    pub names: Vec<usize>,
    /// The rows of data.
    pub rows: Vec<FoundRow>,
    /// How many rows of notes there are.
    pub notes: usize,
    /// The columns, from left to right; those without header and values are left out.
    pub columns: Vec<FoundColumn>,
    /// Whether periods or indicators stand across.
    pub across: Option<Across>,
    /// The column whose rows are periods, if time runs down.
    pub periods_down: Option<usize>,
    /// The column that holds the unit of each row.
    pub unit_column: Option<usize>,
    /// What is doubtful.
    pub problems: Vec<Problem>,
    /// Why the table as a whole is read as it is.
    because: Vec<Because>,
}

/// One row of data that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRow {
    /// The row of the table's grid, counted from zero.
    pub row: usize,
    /// Its label as written; rows that say the same share it.
    pub label: Arc<str>,
    /// The label of the row that this one is a part of: by its indentation, by `#` or by 其中.
    pub parent: Option<Arc<str>>,
    /// What the separating row above says: `地区：河南省`.
    pub group: Option<Arc<str>>,
    /// The period that its label, or its cell in the column of periods, names.
    pub period: Option<Period>,
    /// The part of the year that it names, where years stand over the columns.
    pub part: Option<Arc<str>>,
    /// The period in the brackets of its label, where one stands over the table: `固定资产投资（1-4月）`.
    pub bracketed: Option<Period>,
    /// The unit in its label or in its unit column, as written.
    pub unit: Option<Arc<str>>,
    /// What its figures are by the words of its label, where nothing in it states a unit.
    pub own: Option<Own>,
}

impl FoundRow {
    /// Whether the unit that is stated over the table may hold for it.
    pub fn may_be_in(&self, stated: Option<&str>) -> bool {
        let may_be = |own: Own| stated.and_then(unit::known).is_some_and(|unit| own.may_be_in(unit));
        self.own.filter(|_| self.unit.is_none()).is_none_or(may_be)
    }
}

/// One column that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundColumn {
    /// The column of the table's grid, counted from zero.
    pub column: usize,
    /// Its labels from top to bottom.
    pub labels: Vec<String>,
    /// Its heading as one text, in Chinese where it is bilingual.
    pub title: String,
    /// The period its labels name.
    pub period: Option<Period>,
    /// The time that its labels name by that of the table.
    pub relative: Option<Relative>,
    /// The unit in its labels, normalised.
    pub unit: Option<String>,
    /// Whether its heading ends in brackets that may hold a unit which is not known.
    pub bracketed: bool,
    /// What its figures are by the words of its heading, where that states no unit.
    pub own: Option<Own>,
    /// How often its values are surveyed, where a header row says it.
    pub frequency: Option<String>,
    /// What its cells look like.
    pub guess: Guess,
    /// Why they look like that.
    guessed_by: Reason,
    /// What says its unit.
    unit_by: Option<Reason>,
    /// What says its period.
    period_by: Option<Reason>,
}

/// What the cells of a column look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Guess {
    /// Nothing stands in it.
    Empty,
    /// Numbers.
    Number,
    /// Codes of enterprises.
    UnitCode,
    /// Codes of four digits under a header that speaks of an industry.
    Industry,
    /// Codes of six digits that may be regions.
    Region,
    /// Days, months, quarters or years.
    Period,
    /// Text.
    Text,
}

/// Columns are judged by this many rows.
const SAMPLE: usize = 200;

/// Finds the tables of a sheet and says what can be seen in each.
pub fn discover(grid: &Grid, place: &Place) -> Vec<Discovery> {
    let parts = parts::find(grid);
    if parts.is_empty() {
        return vec![without_table(grid, place)];
    }
    let apart = outside::apart(grid, &parts, place);
    let mut found: Vec<Discovery> = Vec::with_capacity(parts.len());
    for part in parts {
        let header = part.header.start - part.rows.start..part.header.end - part.rows.start;
        let mut because = part.because(grid, place);
        let either = part.heading_or_data().map(|row| super::either(grid, part.header.len(), row, place));
        let cut = grid.cut(part.rows, part.columns);
        let mut part = table(cut, header, found.last(), place);
        because.append(&mut part.because);
        part.problems.extend(either);
        found.push(Discovery { because, ..part });
    }
    if let Some(first) = found.first_mut() {
        first.problems.extend(apart);
    }
    found
}

/// A sheet with no more than lines of text.
fn without_table(grid: &Grid, place: &Place) -> Discovery {
    let preamble = preamble::read(grid, grid.len(), place);
    Discovery {
        grid: grid.clone(),
        caption: preamble.caption,
        preamble: preamble.entries,
        units: preamble.units.into_iter().map(|(unit, _)| unit).collect(),
        period: preamble.period.map(|(period, _)| period),
        ..Discovery::default()
    }
}

/// Says what can be seen in one table, whose header rows are known.
fn table(grid: Grid, header: Range<usize>, before: Option<&Discovery>, place: &Place) -> Discovery {
    let header = header::read(&grid, header);
    let mut preamble = preamble::read(&grid, header.rows.start, place);
    if let Some(before) = before {
        inherit(&mut preamble, (&grid, &header.rows), before, place);
    }
    let body = body::split(&grid, &header);
    preamble.unit_in_corner(&grid, &header.rows, place);
    preamble.unit_in_notes(&grid, &body.notes, place);
    let mut problems = Vec::new();
    if header.rows.is_empty() {
        let row = body.rows.first().map_or(1, |&row| grid.row(row).number);
        problems.push(Problem::new(&rules::NO_HEADER, place.at_row(row)));
    } else {
        problems.extend(outside::around(&grid, &header, &preamble, &body, place));
        problems.extend(outside::beside(&grid, &body.rows, header.columns.len(), place));
    }
    let stated = preamble.period.as_ref().map(|(label, _)| label.as_str());
    let mut columns = columns(&grid, &header, &body.rows, &preamble, place, &mut problems);
    let (label_column, labels_by) = label_column(&grid, &columns, &body.rows);
    let unit_column =
        columns.iter().find(|column| is_unit_column(&grid, &body.rows, column)).map(|column| column.column);
    let down = periods_down(&grid, &columns, &body.rows, (label_column, preamble.period.is_some()));
    let periods_down = down.map(|(column, _)| column);
    let naming = Naming::of([label_column, periods_down, unit_column], &grid, &columns, &body.rows);
    problems.extend(naming.left_blank(&grid, &columns, &body.rows, place));
    leave_parts_to_rows(&mut columns, periods_down);
    let time = text_of(periods_down.or(label_column), &columns);
    let name_measures = header.leaves_measures_to_rows(preamble.caption.as_deref());
    let mut rows = rows(&grid, &body.rows, (&naming, &time, name_measures), place, &mut problems);
    units_of_indicators(&grid, &columns, label_column, &mut rows);
    parts_of_years(&grid, &columns, periods_down, &mut rows, axis::year_of(stated));
    if periods_down.is_none() {
        parts_of_years_across(&grid, &header, stated, &body.rows, &mut rows);
    }
    let by_preamble = periods_down.is_none() && columns.iter().all(|column| column.period.is_none());
    problems.extend(lines::contradiction(&grid, &body.rows, &preamble, by_preamble, place));
    let mut because = preamble.because(&grid, place);
    let named = Ground { reason: labels_by, at: label_column.map(|column| (header.rows.start, column)) };
    because.push(named.because(Decision::Labels, text_of(label_column, &columns), &grid, place));
    let first_note = body.notes.first().map(|&row| format!("R{}", grid.row(row).number));
    let noted = body.noted.zip(first_note);
    because.extend(noted.map(|(ground, first)| ground.because(Decision::Notes, first, &grid, place)));
    let timed = preamble.period.is_some() || periods_down.is_some() || columns.iter().any(|c| c.period.is_some());
    let unread = preamble.unread.or_else(|| span_unread(&grid, &header, &columns, place)).filter(|_| !timed);
    problems.extend(unread.as_ref().map(|(time, at)| Problem::new(&rules::PERIOD_UNREADABLE, at.clone()).value(time)));
    let mut found = Discovery {
        because,
        unread: unread.map(|(time, _)| time),
        caption: preamble.caption,
        preamble: preamble.entries,
        units: preamble.units.into_iter().map(|(unit, _)| unit).collect(),
        period: preamble.period.map(|(period, _)| period),
        header: header.rows,
        label_column,
        names: naming.names,
        rows,
        notes: body.notes.len(),
        across: across(&columns, periods_down, label_column),
        columns,
        periods_down,
        unit_column,
        problems,
        grid,
    };
    found.tell_time(down.map(|(_, reason)| reason), place);
    found.doubt(place);
    found
}

/// Takes what stands over the table before: its period where this one goes on from it, and its unit too where this is the second half
/// of a list beside it, or its next page.
fn inherit(preamble: &mut Preamble, (grid, header): (&Grid, &Range<usize>), before: &Discovery, place: &Place) {
    let of_before = Some(Ground::new(Reason::TableBefore));
    let headings = super::headings(grid, header);
    let has_same_headings = (preamble.rows == 0 || preamble.continues)
        && preamble.units.is_empty()
        && !headings.is_empty()
        && super::headings(&before.grid, &before.header) == headings;
    if preamble.continues || has_same_headings {
        let period = before.period.clone().map(|period| (period, place.clone()));
        preamble.period = preamble.period.take().or(period);
        preamble.grounds.period = preamble.grounds.period.or(of_before);
    }
    if preamble.continues {
        preamble.grounds.caption = before.caption.as_ref().map_or(preamble.grounds.caption, |_| of_before);
        preamble.caption = before.caption.clone().or(preamble.caption.take());
    }
    if has_same_headings {
        preamble.grounds.unit = of_before;
        preamble.units = before.units.iter().map(|unit| (unit.clone(), place.clone())).collect();
    }
}

/// Rows that name a part of the year over each column.
fn parts_of_years_across(grid: &Grid, header: &Header, stated: Option<&str>, body: &[usize], rows: &mut [FoundRow]) {
    let ticks = axis::read_columns(&header.columns, stated);
    let Some((column, counted)) = axis::parts_down(grid, body, &header.columns, &ticks, |_| true) else { return };
    for row in rows {
        row.part = period::part_text(grid.cell(row.row, column), counted).map(Arc::from);
    }
}

/// The columns that say which row is which.
#[derive(Default)]
struct Naming {
    /// The one that names the rows.
    label: Option<usize>,
    /// The one whose rows are periods.
    periods: Option<usize>,
    /// The one that holds the unit of each row.
    unit: Option<usize>,
    /// Those that it takes to tell the rows apart, the one that names them first.
    names: Vec<usize>,
    /// The names in them that are left blank below the first.
    blanks: BTreeMap<usize, Down>,
}

impl Naming {
    /// Finds the names beside the column of labels, that of periods and that of units.
    fn of(known: [Option<usize>; 3], grid: &Grid, columns: &[FoundColumn], rows: &[usize]) -> Naming {
        let [label, periods, unit] = known;
        let mut naming = Naming { label, periods, unit, ..Naming::default() };
        if let Some(label) = label {
            naming.tell_apart(label, grid, columns, rows);
        }
        naming
    }

    /// Takes the columns of names right of the first, from left to right, until no two rows have the same names. Where even all of them
    /// do not tell the rows apart, the first stands alone.
    fn tell_apart(&mut self, label: usize, grid: &Grid, columns: &[FoundColumn], rows: &[usize]) {
        let right = columns.iter().skip_while(|column| column.column <= label);
        let beside_figures = right.take_while(|column| column.guess != Guess::Number);
        let is_name = |column: &&FoundColumn| {
            let names = matches!(column.guess, Guess::Text | Guess::Region | Guess::Industry | Guess::Period);
            names && column.period.is_none() && Some(column.column) != self.unit
        };
        let more: Vec<usize> = beside_figures.filter(is_name).map(|column| column.column).collect();
        // A year that is left blank beside a month is the column's that counts the months.
        let counts_parts = columns.iter().any(|column| period::part_counted(&column.title).is_some());
        for count in 0..=more.len() {
            let names: Vec<usize> = std::iter::once(label).chain(more[..count].iter().copied()).collect();
            let filled = names.iter().copied().filter(|column| !(counts_parts && self.periods == Some(*column)));
            let blanks = left_blank(grid, rows, &filled.collect::<Vec<_>>());
            if are_apart(grid, rows, &names, &blanks) {
                (self.names, self.blanks) = (names, blanks);
                return;
            }
        }
        self.names = vec![label];
    }

    /// Notes on names that are left blank.
    fn left_blank(&self, grid: &Grid, columns: &[FoundColumn], rows: &[usize], place: &Place) -> Vec<Problem> {
        let told = self.blanks.iter().filter_map(|(&column, down)| {
            let blank = |row: &&usize| text::trim(grid.cell(**row, column)).is_empty() && down.origin(**row).is_some();
            let mut blanks = rows.iter().filter(blank);
            let first = *blanks.next()?;
            let heading = text_of(Some(column), columns);
            Some(merged::told(grid, (first, column), &heading, 1 + blanks.count(), place))
        });
        told.collect()
    }
}

/// Whether no two rows have the same names, where one that is merged over several rows, or left blank below the first, holds for each.
fn are_apart(grid: &Grid, rows: &[usize], names: &[usize], blanks: &BTreeMap<usize, Down>) -> bool {
    let merged: Vec<(usize, Down)> = names.iter().map(|&column| (column, Down::new(grid, column))).collect();
    let mut told: HashSet<Vec<&str>> = HashSet::with_capacity(rows.len());
    rows.iter().all(|&row| {
        let says = |(column, merged): &(usize, Down)| {
            let origin = merged.origin(row).or_else(|| blanks.get(column).and_then(|down| down.origin(row)));
            text::trim(grid.cell(origin.unwrap_or(row), *column))
        };
        told.insert(merged.iter().map(says).collect())
    })
}

/// The columns of the first and the last time of what each row is of: the row is of the span between them, which no heading says.
fn span_of(columns: &[FoundColumn]) -> Option<(&FoundColumn, &FoundColumn)> {
    let headed = |words: &[&str]| {
        let is = |column: &&FoundColumn| words.iter().any(|word| column.title.starts_with(word));
        columns.iter().filter(|column| column.guess == Guess::Period).find(is)
    };
    Some((headed(&["开始", "起始"])?, headed(&["结束", "截止", "终止"])?))
}

/// The headings of such columns, with their place.
fn span_unread(grid: &Grid, header: &Header, columns: &[FoundColumn], place: &Place) -> Option<(String, Place)> {
    let (first, last) = span_of(columns)?;
    let at = place.at_row(grid.row(header.rows.start).number).at_column(grid.column_number(first.column));
    Some((format!("{}、{}", first.title, last.title), at))
}

/// The year of a part of a year over a column is that of the rows, where they name years, and not the one over the table.
fn leave_parts_to_rows(columns: &mut [FoundColumn], periods_down: Option<usize>) {
    let part = |column: &&mut FoundColumn| axis::part_of_year(column.labels.iter().map(String::as_str)).is_some();
    columns.iter_mut().filter(|_| periods_down.is_some()).filter(part).for_each(|column| column.period = None);
}

/// The column whose rows are periods, and why it is that one. Where a period is stated over the table, another column of times
/// (`基期`, `批次`) is something else.
fn periods_down(
    grid: &Grid,
    columns: &[FoundColumn],
    rows: &[usize],
    (label_column, is_stated): (Option<usize>, bool),
) -> Option<(usize, Reason)> {
    let is_down = |column: &&FoundColumn| column.guess == Guess::Period && column.period.is_none();
    let begins_span = span_of(columns).map(|(from, _)| from.column);
    // What names the rows names their periods; days beside it are mostly those on which something happened.
    let names_periods = |column: &FoundColumn| {
        let generic = || column.labels.iter().any(|label| header::is_plain_time(label));
        let event = || column.labels.iter().any(|label| header::is_event(label));
        let days = || rows.iter().take(SAMPLE).any(|&row| is_day(grid.cell(row, column.column)));
        let is_time = || column.labels.iter().any(|label| header::is_time(label));
        if Some(column.column) == begins_span || is_stated && event() {
            None
        } else if Some(column.column) == label_column {
            Some(Reason::PeriodsNameRows)
        } else if generic() {
            Some(Reason::HeadedTime)
        } else {
            (!event() && !days() && (!is_stated || is_time())).then_some(Reason::NoEvent)
        }
    };
    columns.iter().filter(is_down).find_map(|column| Some((column.column, names_periods(column)?)))
}

/// The heading of a column, if there is one.
fn text_of(column: Option<usize>, columns: &[FoundColumn]) -> String {
    let found = columns.iter().find(|found| Some(found.column) == column);
    found.map(|found| found.title.clone()).unwrap_or_default()
}

/// Whether periods or indicators stand across.
fn across(columns: &[FoundColumn], periods_down: Option<usize>, label_column: Option<usize>) -> Option<Across> {
    let is_part = |column: &FoundColumn| axis::part_of_year(column.labels.iter().map(String::as_str)).is_some();
    let is_time = |column: &&FoundColumn| column.period.is_some() || periods_down.is_some() && is_part(column);
    let periods = columns.iter().filter(is_time).count();
    // Names of rows and units stand beside the figures, however many they are.
    let figures = columns.iter().filter(|c| is_time(c) || matches!(c.guess, Guess::Number | Guess::Empty)).count();
    let others = || columns.iter().filter(|column| Some(column.column) != label_column);
    if periods * 2 >= figures && periods > 0 {
        Some(Across::Period)
    } else if periods_down.is_some()
        && periods_down == label_column
        && others().all(|c| matches!(c.guess, Guess::Number | Guess::Empty))
    {
        Some(Across::Indicator)
    } else {
        None
    }
}

/// Describes the columns.
fn columns(
    grid: &Grid,
    header: &Header,
    rows: &[usize],
    preamble: &Preamble,
    place: &Place,
    problems: &mut Vec<Problem>,
) -> Vec<FoundColumn> {
    let stated = preamble.period.as_ref().map(|(label, _)| label.as_str());
    let mut heads = header.columns.clone();
    heads.resize(heads.len().max(grid.width()), HeaderColumn::default());
    let ticks = axis::read_columns_over(grid, rows, &heads, stated);
    let found = heads.iter().zip(&ticks).enumerate().map(|(column, (head, tick))| {
        let at = place.at_row(grid.row(header.rows.start).number).at_column(grid.column_number(column));
        problems.extend(doubt_of_time(head, *tick, &at));
        let labels: Vec<String> = head.labels.iter().map(|label| label.text.clone()).collect();
        let (guess, guessed_by) = guess(grid, rows, column, &labels);
        let of_cells = || Some((unit_of_cells(grid, rows, column, &preamble.units)?, Reason::InCells));
        let unit = head.unit_and_reason().or_else(of_cells);
        let period_by = match tick {
            Tick::Said(_) => Some(Reason::InHeading),
            Tick::Inferred(_) => Some(Reason::FromNeighbours),
            Tick::No(_) => None,
        };
        FoundColumn {
            column,
            title: head.title(),
            period: tick.period(),
            relative: head.relative(),
            unit: unit.map(|(unit, _)| unit.to_owned()),
            unit_by: unit.map(|(_, reason)| reason),
            bracketed: head.is_bracketed(),
            own: head.own(),
            frequency: head.frequency().map(str::to_owned),
            guess,
            guessed_by,
            period_by,
            labels,
        }
    });
    let mut found: Vec<FoundColumn> =
        found.filter(|column| !column.labels.is_empty() || column.guess != Guess::Empty).collect();
    give_rates_their_times(&mut found);
    found
}

/// A growth, a difference or a share that names no time is of that of the quantity before it: `累计`, `增减额`, `增长%`.
fn give_rates_their_times(columns: &mut [FoundColumn]) {
    // An index is one of its own.
    const OF_ANOTHER: [&str; 9] = ["增", "同比", "环比", "比", "较", "±", "占", "完成", "为"];
    let mut of_quantity = None;
    for column in columns {
        let heading = column.title.rsplit(" / ").next().unwrap_or_default();
        let is_of_another = OF_ANOTHER.iter().any(|word| heading.starts_with(word)) && !heading.contains('当');
        let is_rate = Own::is_rate(column.own, column.unit.as_deref());
        if is_of_another && column.relative.is_none() && column.period.is_none() {
            column.relative = of_quantity;
        } else if !is_rate && !column.is_of_earlier() {
            of_quantity = column.relative;
        }
    }
}

/// What is doubtful about the time that a heading names, with its place.
fn doubt_of_time(head: &HeaderColumn, tick: Tick, at: &Place) -> Option<Problem> {
    let text = head.text();
    let unread = || Problem::new(&rules::PERIOD_UNREADABLE, at.clone()).value(&text);
    doubt_of_tick(tick, &text, &text, at.clone()).or_else(|| axis::is_unread(head, tick).then(unread))
}

/// The column that names the rows: the first, unless it only counts them, or holds figures of the period or in the unit that
/// its heading says. And why it is that one.
fn label_column(grid: &Grid, columns: &[FoundColumn], rows: &[usize]) -> (Option<usize>, Reason) {
    let counts = |column: &FoundColumn| {
        // Years count up by one as well, and they do name the rows.
        let is_named = (column.labels.is_empty() || column.own == Some(Own::Number)) && column.guess != Guess::Period;
        let number = |row: usize| text::trim(grid.cell(row, column.column)).parse::<usize>().ok();
        let first = rows.first().and_then(|&row| number(row));
        is_named && first.is_some_and(|first| rows.iter().enumerate().all(|(at, &row)| number(row) == Some(first + at)))
    };
    let measures = |column: &&FoundColumn| {
        column.guess == Guess::Number && (column.period.is_some() || column.unit.as_deref().is_some_and(is_unit))
    };
    let first = columns.iter().find(|column| !counts(column));
    // Nothing but figures under headings that name them: no column names the rows.
    let is_figures = |column: &FoundColumn| {
        let is_named = !column.title.is_empty() && !header::is_key(&column.title) && column.own != Some(Own::Number);
        column.guess == Guess::Empty || column.guess == Guess::Number && is_named
    };
    let all_figures = columns.len() > 1 && columns.iter().all(is_figures);
    let Some(_) = first.filter(|column| all_figures || measures(column)) else {
        let is_first = columns.first().map(|column| column.column) == first.map(|column| column.column);
        let reason = if is_first { Reason::FirstColumn } else { Reason::BehindNumbers };
        return (Some(first.map_or(0, |column| column.column)), reason);
    };
    let named =
        |column: &&FoundColumn| !matches!(column.guess, Guess::Number | Guess::Empty) && column.period.is_none();
    match columns.iter().find(named) {
        Some(column) => (Some(column.column), Reason::FirstNames),
        None => (None, Reason::NoNames),
    }
}

fn is_day(cell: &str) -> bool {
    matches!(period::parse(cell), Ok(Period::Day(_)))
}

fn is_unit(label: &str) -> bool {
    unit::known(label).is_some()
}

/// Whether a column says the unit of each row.
fn is_unit_column(grid: &Grid, rows: &[usize], column: &FoundColumn) -> bool {
    let headed = column.labels.iter().any(|label| unit::is_statement(&text::key(label)));
    let is_unit = |cell: &str| unit::is_none(cell) || unit::known(cell).is_some();
    headed && rows.iter().take(SAMPLE).any(|&row| is_unit(grid.cell(row, column.column)))
}

/// The periods of rows, by the heading over them and the cells that name them.
fn ticks_down<'c>(heading: &str, cells: impl Iterator<Item = &'c str> + Clone) -> Vec<axis::Tick> {
    let cells = cells.map(|cell| if cell.len() > LONGEST_LABEL { "" } else { cell });
    let counted = period::counts_quarters(heading, cells.clone());
    let read = |cell| match period::counted_quarter(cell).filter(|_| counted) {
        Some(quarter) => Ok(Period::Quarter(quarter)),
        None => period::parse(cell),
    };
    axis::read(cells.map(|cell| (cell, read(cell))))
}

/// Describes the rows; separating rows become the group of those below them.
/// `time` is the heading of the column that names their periods.
fn rows(
    grid: &Grid,
    body: &[usize],
    (naming, time, name_measures): (&Naming, &str, bool),
    place: &Place,
    problems: &mut Vec<Problem>,
) -> Vec<FoundRow> {
    let Naming { label, periods: periods_down, unit: unit_column, .. } = *naming;
    let label_column = label.or(periods_down);
    let named_in = |column: Option<usize>| {
        let down = column.map(|column| (column, Down::new(grid, column), naming.blanks.get(&column)));
        move |row: usize| {
            let Some((column, merged, blank)) = &down else { return "" };
            let origin = merged.origin(row).or_else(|| blank.and_then(|blank| blank.origin(row)));
            grid.cell(origin.unwrap_or(row), *column)
        }
    };
    let (label_at, period_at) = (named_in(label_column), named_in(periods_down.or(label_column)));
    let ticks = ticks_down(time, body.iter().map(|&row| period_at(row)));
    let mut found: Vec<FoundRow> = Vec::new();
    let mut above: Vec<(usize, Arc<str>)> = Vec::new();
    let mut wholes = Wholes::default();
    let mut group: Option<Arc<str>> = None;
    let mut texts: HashSet<Arc<str>> = HashSet::new();
    let mut shared = |text: &str| match texts.get(text) {
        Some(known) => known.clone(),
        None => {
            let new: Arc<str> = text.into();
            texts.insert(new.clone());
            new
        }
    };
    for (&row, tick) in body.iter().zip(ticks) {
        if let Some(value) = separator(grid, row) {
            group = Some(shared(&value));
            above.clear();
            continue;
        }
        let cell = label_at(row);
        let depth = depth(cell);
        let of_which = is_of_which(cell);
        above.retain(|&(other, _)| other < depth || of_which && other == depth);
        let parent = above.last().map(|(_, label)| label.clone());
        let label = shared(&label_of(cell));
        if !of_which && !label.is_empty() {
            above.push((depth, label.clone()));
        }
        let period = tick.period().filter(|_| periods_down.is_some());
        if let Some(column) = periods_down {
            let at = place.at_row(grid.row(row).number).at_column(grid.column_number(column));
            problems.extend(doubt_of_tick(tick, period_at(row), grid.cell(row, column), at));
        }
        let unit = stated_in_row(unit_column.map(|column| grid.cell(row, column)), &label, found.last());
        let own = Own::of_row(&label, name_measures);
        let of_whole = wholes.unit_for(cell, unit.as_deref(), own);
        let unit = unit.or(of_whole).map(|unit| shared(&unit));
        found.push(FoundRow {
            row,
            label,
            parent,
            group: group.clone(),
            period,
            part: None,
            bracketed: None,
            unit,
            own,
        });
    }
    found
}

/// What is doubtful about the period that a label names, as it is written.
fn doubt_of_tick(tick: Tick, label: &str, written: &str, at: Place) -> Option<Problem> {
    let (rule, expected) = match tick {
        Tick::Inferred(period) => (&rules::PERIOD_INFERRED, vec![period.to_string()]),
        Tick::No(Refusal::OneDigitAfterPoint) => (&rules::PERIOD_UNREADABLE, axis::either_month(label)),
        _ => return None,
    };
    Some(Problem::new(rule, at).value(written).expected(expected))
}

/// The unit that a row states: in the column of units, where a mark repeats that of the row above, or in its label.
fn stated_in_row(beside: Option<&str>, label: &str, above: Option<&FoundRow>) -> Option<String> {
    let again = || above.and_then(|above| above.unit.as_deref());
    let beside = beside.map(text::trim);
    let beside = beside.and_then(|said| if unit::is_ditto(said) { again().or(Some(said)) } else { Some(said) });
    let beside = beside.filter(|unit| !unit.is_empty() && !unit::is_none(unit)).map(str::to_owned);
    beside.or_else(|| unit::split_name(label).1)
}

/// Headings of the column that names what a row measures, where its label names whose it is.
const INDICATORS: &[&str] = &["指标", "指标名称", "统计指标", "项目", "项目名称"];

/// The unit that the name of the indicator states (`生产总值指数(上年=100)`), for rows that state none otherwise.
fn units_of_indicators(grid: &Grid, columns: &[FoundColumn], label_column: Option<usize>, rows: &mut [FoundRow]) {
    let names = |column: &&FoundColumn| {
        Some(column.column) != label_column
            && column.guess == Guess::Text
            && column.labels.last().is_some_and(|label| INDICATORS.contains(&text::key(label).as_str()))
    };
    let Some(column) = columns.iter().find(names).map(|column| column.column) else { return };
    for row in rows.iter_mut().filter(|row| row.unit.is_none()) {
        let (_, unit) = unit::split_label(&label_of(grid.cell(row.row, column)));
        row.unit = unit.filter(|unit| unit::known(unit).is_some()).map(Arc::from);
    }
}

/// Rows that name only a part of a year, in their label (`1-3月`, the year over the table) or in a column of their own
/// (`季度`: 1, the year beside it, or in a row above where it is left blank).
fn parts_of_years(
    grid: &Grid,
    columns: &[FoundColumn],
    periods_down: Option<usize>,
    rows: &mut [FoundRow],
    year: Option<u16>,
) {
    let part = columns.iter().find_map(|column| {
        let counted = period::part_counted(&column.title)?;
        matches!(column.guess, Guess::Number | Guess::Text | Guess::Period).then_some((column.column, counted))
    });
    let mut above: Option<Period> = None;
    let times = rows.iter().map(|row| periods_down.map_or(&*row.label, |column| grid.cell(row.row, column)));
    let years = axis::years_over(times);
    let has_years = years.iter().any(Option::is_some);
    for (row, year_over) in rows.iter_mut().zip(years) {
        row.bracketed = year.and_then(|year| period::in_brackets(&row.label, year));
        let is_blank = periods_down.is_some_and(|column| text::trim(grid.cell(row.row, column)).is_empty());
        match (row.period, part, year_over.or(year)) {
            (Some(Period::Year(year)), Some((column, counted)), _) => {
                let cell = text::trim(grid.cell(row.row, column));
                row.period = period::parse_part(cell, counted, year).ok().or(row.period);
            }
            (None, Some((column, counted)), Some(year)) if periods_down.is_none() => {
                row.period = period::parse_part(text::trim(grid.cell(row.row, column)), counted, year).ok();
            }
            (None, Some((column, counted)), _) if is_blank => {
                row.period = above.and_then(|above| period::later_part(grid.cell(row.row, column), counted, above));
            }
            (None, _, Some(year)) if period::parse(&row.label) == Err(Refusal::NoYear) => {
                row.period = period::parse_in_year(&row.label, year).ok();
            }
            (None, None, _) if has_years => row.period = period::parse(&row.label).ok(),
            _ => {}
        }
        above = row.period;
    }
}

/// Longer cells are texts that nobody meant as a label; their beginning stands for them.
const LONGEST_LABEL: usize = 1024;

/// A label without blanks around it; wide and hard blanks inside become plain ones.
fn label_of(cell: &str) -> String {
    let cell = text::trim(cell);
    cell[..cell.floor_char_boundary(LONGEST_LABEL)].chars().map(|c| if text::is_blank(c) { ' ' } else { c }).collect()
}

/// What a separating row says: one cell of the form `地区：河南省`.
pub(super) fn separator(grid: &Grid, row: usize) -> Option<String> {
    let mut filled = grid.row(row).filled().map(|(_, cell)| text::trim(cell)).filter(|cell| !cell.is_empty());
    let (only, None) = (filled.next()?, filled.next()) else { return None };
    if only.len() > LONGEST_LABEL {
        return None;
    }
    let (_, value) = key_and_value(only)?;
    (!value.is_empty() && !is_of_which(only)).then(|| value.to_owned())
}

/// How far a label is indented, in half-width characters.
pub(super) fn depth(cell: &str) -> usize {
    let blanks = cell.chars().take_while(|&c| text::is_blank(c));
    blanks.map(|c| if c == '\u{3000}' { 2 } else { 1 }).sum()
}

/// Whether a label says that it is a part of the row above.
pub(super) fn is_of_which(cell: &str) -> bool {
    let cell = text::trim(cell);
    ["#", "＃", "其中"].iter().any(|mark| cell.starts_with(mark))
}

/// How the headings of codes end.
const CODE_WORDS: [&str; 5] = ["代码", "编码", "编号", "代号", "code"];

/// What stands over texts in which numbers occur.
pub(super) const TEXTS: &[&str] =
    &["备注", "说明", "规格", "型号", "联系", "电话", "地址", "名称", "代码", "编号", "证号", "文号"];

/// The heading of the codes of times in replies of the national site: `2018D`, `201812`.
const TIME_CODE: &str = "时间代码";

/// What most of the cells are, and what says so.
fn guess(grid: &Grid, rows: &[usize], column: usize, labels: &[String]) -> (Guess, Reason) {
    let symbols = Symbols::default();
    let label = labels.concat();
    let (mut filled, mut numbers, mut words) = (0, 0, 0);
    let (mut unit_codes, mut industries, mut regions, mut periods) = (0, 0, 0, 0);
    for &row in rows.iter().take(SAMPLE) {
        let cell = text::trim(grid.cell(row, column));
        let cell = if cell.len() > LONGEST_LABEL { "…" } else { cell };
        match number::parse(cell, &symbols) {
            Cell::Missing(_) => continue,
            Cell::Value(_) | Cell::Inexact(_) => numbers += 1,
            _ => {}
        }
        filled += 1;
        words += usize::from(header::is_excuse(cell));
        unit_codes += usize::from(codes::unit_code(cell).is_ok());
        industries += usize::from(cell.len() == 4 && codes::industry(cell).is_ok());
        regions += usize::from(cell.len() == 6 && codes::region(cell).is_ok());
        periods +=
            usize::from(!matches!(period::parse(cell), Err(reason) if reason != period::Refusal::OneDigitAfterPoint));
    }
    if periods > 0 && periods < filled {
        // The first period of a year names it for the parts that follow.
        let cells = rows.iter().take(SAMPLE).map(|&row| text::trim(grid.cell(row, column)));
        periods += axis::years_over(cells).iter().flatten().count();
    }
    let most = |count: usize| filled > 0 && count * 10 >= filled * 9;
    let says = |words: &[&str]| words.iter().any(|word| label.contains(word));
    if filled == 0 {
        (Guess::Empty, Reason::NothingStands)
    } else if label == TIME_CODE {
        // Codes of times stand beside the times themselves.
        (Guess::Text, Reason::CodesByHeading)
    } else if most(unit_codes) {
        (Guess::UnitCode, Reason::MostCells)
    } else if most(regions) && says(&["区划", "地区", "行政", "代码"]) {
        (Guess::Region, Reason::CodesByHeading)
    } else if most(industries) && says(&["行业"]) {
        (Guess::Industry, Reason::CodesByHeading)
    } else if most(periods) && !most(numbers) {
        (Guess::Period, Reason::MostCells)
    } else if periods > 1 && periods * 2 > filled && labels.iter().any(|label| header::is_plain_time(label)) {
        // 年均增长 below the years is a row of none of them.
        (Guess::Period, Reason::TimesByHeading)
    } else if most(periods) && counts_time(grid, rows, column, labels) {
        (Guess::Period, Reason::TimesByHeading)
    } else if most(numbers) && CODE_WORDS.iter().any(|word| label.ends_with(word)) {
        // They name what stands in the rows, and no unit is to be asked for.
        (Guess::Text, Reason::CodesByHeading)
    } else if most(numbers) {
        (Guess::Number, Reason::MostCells)
    } else if numbers > 0 && numbers * 2 >= words && most(numbers + words) {
        (Guess::Number, Reason::FiguresAndExcuses)
    } else if numbers > 1 && numbers * 2 >= filled && !says(TEXTS) {
        // Among figures a text is a slip: its row is told, and the others count.
        (Guess::Number, Reason::FiguresAndTexts)
    } else {
        (Guess::Text, if most(filled - numbers) { Reason::MostCells } else { Reason::Mixed })
    }
}

impl FoundColumn {
    /// Whether the unit that is stated over the table may hold for it.
    pub fn may_be_in(&self, stated: Option<&str>) -> bool {
        !self.bracketed && self.own_may_be_in(stated)
    }

    /// The time of a figure, where that of the table or of its row is `period`.
    pub(super) fn time_of(&self, period: Option<Period>) -> Option<Period> {
        match self.relative {
            Some(relative) => relative.within(period?),
            None => period,
        }
    }

    /// Whether it is of a time that is over before that of the table.
    pub fn is_of_earlier(&self) -> bool {
        self.relative == Some(Relative::Earlier)
    }

    /// Whether its figures are rates by its heading and by a row whose words say this of them.
    pub(super) fn may_be_rate(&self, of_row: Option<Own>) -> bool {
        !self.bracketed && Own::are_rates(self.own, of_row)
    }

    /// Whether the words of its heading allow this unit; none is no unit for it either way.
    pub fn own_may_be_in(&self, unit: Option<&str>) -> bool {
        self.own.is_none_or(|own| unit.and_then(unit::known).is_some_and(|unit| own.may_be_in(unit)))
    }
}

/// Whether numbers that may be periods are: their heading says so and names no unit, or nothing stands over the first column
/// and they are a series.
fn counts_time(grid: &Grid, rows: &[usize], column: usize, labels: &[String]) -> bool {
    // Under a blank corner, and under the word for all that a row may be, years are years if they are a series.
    if labels.iter().all(|label| INDICATORS.contains(&text::key(label).as_str())) {
        let cells = rows.iter().map(|&row| text::trim(grid.cell(row, column)));
        return column == 0 && shape::are_series(cells.filter(|cell| !cell.is_empty()));
    }
    let measured = |label: &String| unit::split_label(label).1.is_some_and(|unit| unit::known(&unit).is_some());
    labels.iter().any(|label| header::is_time(label)) && !labels.iter().any(measured)
}

impl Guess {
    /// The word of JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Guess::Empty => "empty",
            Guess::Number => "number",
            Guess::UnitCode => "unitcode",
            Guess::Industry => "industry",
            Guess::Region => "region",
            Guess::Period => "period",
            Guess::Text => "text",
        }
    }
}

impl Discovery {
    /// Every decision of the reading with its reason: first of the table, then of each column. `place` names the file and the sheet.
    pub fn why(&self, place: &Place) -> Vec<Because> {
        let mut all = self.because.clone();
        if self.columns.iter().any(|column| column.guess == Guess::UnitCode) {
            // Names and figures of enterprises are for those who ask for cells.
            let of_rows = |because: &&mut Because| matches!(because.decision, Decision::Rows | Decision::Header);
            all.iter_mut().filter(of_rows).for_each(|because| because.text.clear());
        }
        let stated = self.unit();
        let rows_say = self.rows.iter().find_map(|row| row.unit.as_deref());
        for column in &self.columns {
            let because = |decision: Decision, decided: String, reason: Reason| Because {
                decision,
                decided,
                reason,
                place: place
                    .at_row(self.grid.row(self.header.start).number)
                    .at_column(self.grid.column_number(column.column)),
                text: column.title.clone(),
            };
            all.push(because(Decision::Kind, column.guess.as_str().to_owned(), column.guessed_by));
            if let Some((period, reason)) = column.period.zip(column.period_by) {
                all.push(because(Decision::Period, period.to_string(), reason));
            }
            if column.guess != Guess::Number || Some(column.column) == self.label_column {
                continue;
            }
            let of_table = || {
                let unit = self.unit_for(column)?;
                Some((unit, if Some(unit) == stated { Reason::OverTable } else { Reason::BesideOverTable }))
            };
            let of_rows =
                || rows_say.filter(|unit| column.own_may_be_in(Some(unit))).map(|unit| (unit, Reason::InRows));
            let said = column.unit.as_deref().zip(column.unit_by).or_else(of_rows).or_else(of_table);
            let (unit, reason) = said.unwrap_or(match (stated, column.bracketed) {
                (_, true) => ("", Reason::UnknownBrackets),
                (Some(_), false) => ("", Reason::HeadingDiffers),
                (None, false) => ("", Reason::Nowhere),
            });
            all.push(because(Decision::Unit, unit.to_owned(), reason));
        }
        all
    }

    /// The number of the row under the header that may as well be one of its rows.
    pub fn heading_or_data(&self) -> Option<u32> {
        self.because.iter().find(|because| because.reason == Reason::HeadingOrData)?.place.row
    }

    /// Takes down where the periods stand, and what says so.
    fn tell_time(&mut self, down: Option<Reason>, place: &Place) {
        let header = self.header.start;
        let of_columns = || self.columns.iter().find(|column| column.period.is_some()).map(|column| column.column);
        let (ground, decided) = match (self.across, self.periods_down.zip(down)) {
            (Some(Across::Period), _) => {
                (Ground { reason: Reason::PeriodsAcross, at: of_columns().map(|c| (header, c)) }, "across")
            }
            (_, Some((column, reason))) => (Ground::at(reason, header, column), "down"),
            (_, None) if self.period.is_some() => (Ground::new(Reason::PeriodOverTable), "over"),
            (_, None) => (Ground::new(Reason::NoPeriod), ""),
        };
        let because = ground.because(Decision::Time, decided.to_owned(), &self.grid, place);
        self.because.push(because);
    }

    /// The one unit that is stated over the table; none if there is none, or several.
    pub fn unit(&self) -> Option<&str> {
        unit::stated_once(self.units.iter().map(String::as_str))
    }

    /// The unit for rates that is stated beside the one of amounts.
    pub fn unit_for_rates(&self) -> Option<&'static Unit> {
        unit::stated_for_rates(self.units.iter().map(String::as_str))
    }

    /// The unit over the table that is for a column, by the words of its heading.
    pub fn unit_for(&self, column: &FoundColumn) -> Option<&str> {
        let of_rates = || self.unit_for_rates().filter(|_| column.may_be_rate(None)).map(|unit| unit.name);
        self.unit().filter(|unit| column.may_be_in(Some(unit))).or_else(of_rates)
    }

    /// The period that holds for the whole table, if it states one.
    pub fn stated_period(&self) -> Option<Period> {
        period::parse(self.period.as_deref()?).ok()
    }

    /// The row whose period contradicts one that stands over the columns, if there is one.
    pub fn period_twice(&self) -> Option<u32> {
        let row = self.contradicted_row()?;
        Some(self.grid.row(row).number)
    }

    fn contradicted_row(&self) -> Option<usize> {
        let down = self.rows.iter().filter_map(|row| Some((row.row, row.period?)));
        let of_columns = self.columns.iter().filter(|column| column.guess == Guess::Number);
        let of_columns = of_columns.filter_map(|column| column.period);
        axis::contradicted(down, of_columns).filter(|_| self.across == Some(Across::Period))
    }

    /// Reports periods down the rows beside other ones across.
    fn doubt_periods(&mut self, place: &Place) {
        if let (Some(row), Some(column)) = (self.contradicted_row(), self.periods_down) {
            self.problems.push(super::either_period(&self.grid, (row, column), place));
        }
    }

    /// Reports values of quarterly and yearly series that stand at a month which ends no quarter or year: the first of each
    /// column, and how many there are.
    fn doubt_frequencies(&mut self, place: &Place) {
        let symbols = Symbols::default();
        let mut problems = Vec::new();
        for column in self.columns.iter().filter(|column| column.frequency.is_some()) {
            let is_off =
                |row: &&FoundRow| row.period.is_some_and(|period| cells::is_off(period, column.frequency.as_deref()));
            let is_value = |row: &&FoundRow| {
                matches!(
                    number::parse(self.grid.cell(row.row, column.column), &symbols),
                    Cell::Value(_) | Cell::Inexact(_)
                )
            };
            let mut off = self.rows.iter().filter(is_off).filter(is_value);
            if let Some(first) = off.next() {
                let place =
                    place.at_row(self.grid.row(first.row).number).at_column(self.grid.column_number(column.column));
                let found = format!("{} ×{}", column.title, 1 + off.count());
                problems.push(Problem::new(&rules::PERIOD_OFF_FREQUENCY, place).value(found));
            }
        }
        self.problems.append(&mut problems);
    }

    /// Reports what two places of the table say differently.
    fn doubt(&mut self, place: &Place) {
        self.doubt_units(place);
        self.doubt_periods(place);
        self.doubt_frequencies(place);
    }

    /// Reports units over the table of which nobody can say which column they are for, and units of a row and a column
    /// that contradict one another.
    fn doubt_units(&mut self, place: &Place) {
        let numbers = || {
            self.columns
                .iter()
                .filter(|column| column.guess == Guess::Number && Some(column.column) != self.label_column)
        };
        let mut problems = Vec::new();
        let by_row = self.rows.iter().any(|row| row.unit.is_some());
        if !self.units.is_empty() && self.unit().is_none() && !by_row && numbers().any(|column| column.unit.is_none()) {
            let at = self.header.start.saturating_sub(1).min(self.grid.len().saturating_sub(1));
            let row = if self.grid.is_empty() { 1 } else { self.grid.row(at).number };
            problems.push(Problem::new(&rules::UNIT_CHANGES, place.at_row(row)).value(self.units.join(", ")));
        }
        // The first row of each unit that rows have: they are few, however many rows there are.
        let mut of_rows: Vec<(&'static Unit, usize)> = Vec::new();
        let mut known: HashSet<&str> = HashSet::new();
        for (unit, row) in self.rows.iter().filter_map(|row| Some((row.unit.as_deref()?, row.row))) {
            if known.insert(unit) {
                of_rows.extend(unit::known(unit).map(|unit| (unit, row)));
            }
        }
        for column in numbers() {
            let Some(of_column) = column.unit.as_deref().and_then(unit::known) else { continue };
            let differs = |(of_row, _): &&(&'static Unit, usize)| unit::agree(Some(of_column), Some(of_row)).is_err();
            if let Some(&(of_row, row)) = of_rows.iter().find(differs) {
                let place = place.at_row(self.grid.row(row).number).at_column(self.grid.column_number(column.column));
                let problem = Problem::new(&rules::UNITS_CONTRADICT, place).value(unit::contrast(of_row, of_column));
                problems.push(problem.expected([of_column.name]));
            }
        }
        // The unit over the table is that of no column: one of the two is wrong.
        let of_columns: Vec<Option<&Unit>> =
            numbers().map(|column| column.unit.as_deref().and_then(unit::known)).collect();
        if let (Some(stated), Some(Some(first))) = (self.unit().and_then(unit::known), of_columns.first())
            && of_columns.iter().all(|of| of.is_some_and(|of| of != stated && of.dimension == stated.dimension))
        {
            let row = self.grid.row(self.header.start.saturating_sub(1)).number;
            let problem = Problem::new(&rules::UNITS_CONTRADICT, place.at_row(row));
            problems.push(problem.value(unit::contrast(stated, first)).expected([first.name]));
        }
        self.problems.append(&mut problems);
    }
}
