//! What a table shows without a declaration: for `inspect`, and for drafts of source definitions.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::axis::{self, Tick};
use super::found::{Discovery, FoundColumn, FoundRow};
use super::guess::{Guess, SAMPLE, guess};
use super::header::{self, Header, HeaderColumn};
use super::merged::{self, Down, left_blank};
use super::names::{LONGEST_LABEL, depth, is_of_which, label_of, separator};
use super::preamble::Preamble;
use super::wholes::Wholes;
use super::why::{Decision, Ground, Reason};
use super::written::unit_of_cells;
use super::{body, lines, outside, parts, preamble, words};
use config::source::Across;
use read::grid::Grid;
use vocab::period::{self, Period, Refusal};
use vocab::unit::{self, Own};
use vocab::{Place, Problem, rules, text};

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
        let either = part.heading_or_data().map(|row| header::either(grid, part.header.len(), row, place));
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
    let among = lines::Rows { grid: &grid, rows: &body.rows, preamble: &preamble, by_preamble, codes: &[] };
    problems.extend(among.contradiction(place));
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
    let headings = header::headings(grid, header);
    let has_same_headings = (preamble.rows == 0 || preamble.continues)
        && preamble.units.is_empty()
        && !headings.is_empty()
        && header::headings(&before.grid, &before.header) == headings;
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

/// So many columns beside the names of rows may name them too.
const MOST_NAMES: usize = 16;

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
        // Each further one is tried with all before it.
        for count in 0..=more.len().min(MOST_NAMES) {
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
        let generic = || column.labels.iter().any(|label| words::is_plain_time(label));
        let event = || column.labels.iter().any(|label| words::is_event(label));
        let days = || rows.iter().take(SAMPLE).any(|&row| is_day(grid.cell(row, column.column)));
        let is_time = || column.labels.iter().any(|label| words::is_time(label));
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
        let is_named = !column.title.is_empty() && !words::is_key(&column.title) && column.own != Some(Own::Number);
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

/// The unit that the name of the indicator states (`生产总值指数(上年=100)`), for rows that state none otherwise.
fn units_of_indicators(grid: &Grid, columns: &[FoundColumn], label_column: Option<usize>, rows: &mut [FoundRow]) {
    let names = |column: &&FoundColumn| {
        Some(column.column) != label_column
            && column.guess == Guess::Text
            && column.labels.last().is_some_and(|label| words::INDICATORS.contains(&text::key(label).as_str()))
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
