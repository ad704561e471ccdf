//! From a grid to a table: what stands over it, its header, which column is which, its rows and its notes.
//!
//! ```text
//! 财务状况（B203表）                          caption            preamble rows
//! 报告期：2018年1-3月,,,单位：千元            period, unit
//! 统一社会信用代码,营业收入,营业收入          names              header rows
//! ,301,301                                    item codes
//! ,1-本月,上年同期                            measures
//! 91410000170001401D,120,110                  data               body rows
//! 注：……                                      notes              note rows
//! ```
//!
//! Nothing is guessed: a header that is not declared is reported, never bound to the nearest declaration.

mod axis;
mod bind;
mod body;
mod cells;
mod centred;
mod discover;
mod expected;
mod found;
mod guess;
mod header;
mod labels;
mod lines;
mod merged;
mod names;
mod normalise;
mod observed;
mod outside;
mod parts;
mod preamble;
mod shape;
mod split;
mod strips;
mod sums;
mod table;
mod wanted;
mod wholes;
mod why;
mod words;
mod written;

use std::borrow::Cow;
use std::collections::BTreeSet;

use config::source::{self, Across, Column, Kind, Source};
use read::grid::Grid;
use vocab::period;
use vocab::unit::{self, Unit};
use vocab::{Place, Problem, Severity, rules, text};

pub use axis::years_over;
pub use cells::DataCell;
pub use discover::discover;
pub use found::{Discovery, FoundColumn, FoundRow};
pub use guess::Guess;
pub use observed::{is_enterprise, observe};
pub use preamble::PreambleEntry;
pub use split::{GROUP, PARENT, split};
pub use table::{AcrossColumn, Bound, LaidOut, Meaning, RowCounts, Table};
pub use wholes::Wholes;
pub use why::{Because, Decision, Reason};

/// The tables of a file. A sheet, or a part of one, without the declared header is left out if another has it; if none has
/// it, each says what is wrong with it.
pub fn lay_out<'b>(sheets: &'b [Grid], source: &Source, file: &str) -> Vec<LaidOut<'b>> {
    let filled = sheets.iter().filter(|grid| grid.rows().any(|row| !row.is_blank()));
    let grids: Vec<Cow<'b, Grid>> = if source.several_tables {
        filled.flat_map(|grid| split(grid, &source.columns)).map(Cow::Owned).collect()
    } else {
        filled.map(Cow::Borrowed).collect()
    };
    let laid_out = grids.into_iter().map(|grid| {
        let place = Place { sheet: grid.sheet.clone(), ..Place::file(file) };
        let (table, mut problems) = layout(&grid, &source.columns, &source.layout, &place);
        let other = problems.iter().any(|problem| problem.rule == &rules::HEADER_NOT_FOUND);
        let (grid, notes) = match &table {
            Some(table) => merged::filled_down(grid, table, source, &place),
            None => (grid, Vec::new()),
        };
        problems.extend(notes);
        LaidOut { grid, place, table, problems, other }
    });
    let mut parts: Vec<LaidOut<'b>> = laid_out.collect();
    continue_tables(&mut parts);
    leave_out(&mut parts);
    expected::hold(&mut parts, source);
    parts
}

/// Says which parts are left out because another one holds the table. Figures in a part of its sheet may belong to it, and are told;
/// other sheets are something else as a rule, and are named together.
fn leave_out(parts: &mut [LaidOut<'_>]) {
    if parts.iter().all(|part| part.other) {
        parts.iter_mut().for_each(|part| part.other = false);
        return;
    }
    let with_table: BTreeSet<String> =
        parts.iter().filter(|part| !part.other).map(|part| part.place.sheet.clone()).collect();
    let mut others: Vec<String> = Vec::new();
    let mut first = None;
    for (at, part) in parts.iter_mut().enumerate().filter(|(_, part)| part.other) {
        part.problems.clear();
        if with_table.contains(&part.place.sheet) {
            let row = part.grid.rows().find(|row| !row.is_blank()).map_or(1, |row| row.number);
            part.problems.push(Problem::new(&rules::PART_LEFT_OUT, part.place.at_row(row)));
            part.problems.extend(outside::left_out(&part.grid, &part.place));
            continue;
        }
        first = first.or(Some(at));
        if !others.contains(&part.grid.sheet) {
            others.push(part.grid.sheet.clone());
        }
    }
    let named = others.join(", ");
    if let Some(part) = first.and_then(|at| parts.get_mut(at)) {
        part.problems.push(Problem::new(&rules::PART_LEFT_OUT, Place::file(&part.place.file)).value(named));
    }
}

/// Figures in rows of data behind the last heading of `table`.
pub fn figures_beside(grid: &Grid, table: &Table, place: &Place) -> Option<Problem> {
    let width = table.header.clone().map(|row| grid.row(row).len()).max().unwrap_or(0);
    // A last heading that is merged reaches over columns without cells of their own.
    let merges = grid.merges_from(&table.header).iter().map(|merge| merge.column + merge.columns);
    let reach = merges.max().unwrap_or(0).min(grid.width());
    outside::beside(grid, &table.body, width.max(reach), place)
}

/// What is stated over a table, and where.
type Stated = Option<(String, Place)>;

/// The period over a table is that of those that go on from it; their units are their own. What stands over the first half of a list
/// holds for the second half beside it, and what stands over a page for the next one, which have the same headings and nothing
/// over them but a word for that.
fn continue_tables(parts: &mut [LaidOut<'_>]) {
    let mut above: Option<(String, Place)> = None;
    let mut beside: Option<(Vec<String>, Stated, Option<&'static Unit>, Stated)> = None;
    for LaidOut { grid, table, .. } in parts.iter_mut() {
        let Some(table) = table.as_mut() else { continue };
        let headings = header::headings(grid, &table.header);
        match &beside {
            Some((same, unit, rate, period))
                if *same == headings && !headings.is_empty() && (table.rows.preamble == 0 || table.continues) =>
            {
                table.stated_unit = table.stated_unit.take().or_else(|| unit.clone());
                table.stated_rate = table.stated_rate.or(*rate);
                table.stated_period = table.stated_period.take().or_else(|| period.clone());
            }
            _ => {
                beside = Some((headings, table.stated_unit.clone(), table.stated_rate, table.stated_period.clone()));
            }
        }
        if table.continues {
            table.stated_period = table.stated_period.take().or_else(|| above.clone());
        }
        above.clone_from(&table.stated_period);
    }
}

/// Understands `grid` as the table that is declared. `place` names the file and the sheet.
///
/// There is a table exactly if no problem is an error. Problems come in the order of their place.
pub fn layout(
    grid: &Grid,
    columns: &[Column],
    layout: &source::Layout,
    place: &Place,
) -> (Option<Table>, Vec<Problem>) {
    let Some(header) = wanted::Wanted::new(columns, layout).find(grid) else {
        return (None, vec![header_not_found(grid, columns, place)]);
    };
    let mut problems = Vec::new();
    let mut preamble = preamble::read(grid, header.rows.start, place);
    let body = body::split(grid, &header);
    preamble.unit_in_corner(grid, &header.rows, place);
    preamble.unit_in_notes(grid, &body.notes, place);
    let place = place.at_row(grid.row(header.rows.start).number);

    let mut binder = bind::Binder {
        grid,
        header: &header,
        rows: &body.rows,
        preamble: &preamble,
        place: place.clone(),
        problems: &mut problems,
    };
    let bound = binder.declared(columns);
    let part_of_year = binder.part_of_year(columns, &bound, layout.across);
    let across = binder.across(columns, &bound, part_of_year.map(|(column, _)| column), layout);

    problems.extend(header.heading_or_data.map(|row| header::either(grid, header.rows.len(), row, &place)));
    unlabelled_columns(grid, &header, &body, &bound, &place, &mut problems);
    problems.extend(outside::around(grid, &header, &preamble, &body, &place));
    problems.extend(header_inside(grid, &header, &body, &bound, &place));
    let by_preamble = layout.across != Across::Period && !table::names_periods(columns, &bound);
    let codes = table::code_columns(columns, &bound);
    let rows = lines::Rows { grid, rows: &body.rows, preamble: &preamble, by_preamble, codes: &codes };
    problems.extend(rows.contradiction(&place));
    if body.rows.is_empty() {
        problems.push(Problem::new(&rules::BODY_EMPTY, place.clone()));
    }
    problems.extend(periods_twice(grid, columns, &bound, &body.rows, &across, &place));
    problems.extend(nothing_across(layout.across, &across, &problems, &place));
    problems.sort();
    if problems.iter().any(|problem| problem.rule.severity == Severity::Error) {
        return (None, problems);
    }
    let rows = row_counts(&preamble, &header, &body);
    let rows_name_measures = header.leaves_measures_to_rows(preamble.caption.as_deref());
    let (stated_unit, stated_rate) = (preamble.stated_unit(), preamble.stated_for_rates());
    let table = Table {
        caption: preamble.caption,
        preamble: preamble.entries,
        stated_unit,
        stated_rate,
        units_differ: units_differ(&preamble.units),
        stated_period: preamble.period,
        unread_period: preamble.unread,
        continues: preamble.continues,
        rows_name_measures,
        bound,
        part_of_year,
        across,
        header: header.rows,
        repeated: body.headers,
        body: body.rows,
        notes: body.notes,
        rows,
        first_column: grid.column_number(0),
    };
    (Some(table), problems)
}

/// Tells of periods down the rows that are declared beside other ones across.
fn periods_twice(
    grid: &Grid,
    columns: &[Column],
    bound: &[Bound],
    rows: &[usize],
    across: &[AcrossColumn],
    place: &Place,
) -> Option<Problem> {
    let mut declared = columns.iter().zip(bound).filter(|(column, _)| column.kind == Kind::Period);
    let column = declared.find_map(|(_, bound)| bound.column())?;
    let down = rows.iter().filter_map(|&row| Some((row, period::parse(grid.cell(row, column)).ok()?)));
    let of_columns = across.iter().filter_map(|across| match across.meaning {
        Meaning::Period(period) => Some(period),
        Meaning::PartOfYear(_) | Meaning::Indicator { .. } => None,
    });
    let row = axis::contradicted(down, of_columns)?;
    Some(axis::either_period(grid, (row, column), place))
}

/// What is missing where nothing stands across, unless a heading already says why.
fn nothing_across(across: Across, found: &[AcrossColumn], problems: &[Problem], place: &Place) -> Option<Problem> {
    let said = [&rules::PERIOD_UNREADABLE, &rules::PERIOD_ACROSS];
    let rule = match across {
        _ if !found.is_empty() => return None,
        Across::None => return None,
        Across::Period => &rules::PERIOD_MISSING,
        Across::Indicator => &rules::COLUMN_MISSING,
    };
    let explained = problems.iter().any(|problem| said.contains(&problem.rule));
    (!explained).then(|| Problem::new(rule, place.clone()))
}

/// Notes columns that hold values under a blank header: they are left out, but not in silence.
fn unlabelled_columns(
    grid: &Grid,
    header: &header::Header,
    body: &body::Body,
    bound: &[Bound],
    place: &Place,
    problems: &mut Vec<Problem>,
) {
    for (column, _) in header.columns.iter().enumerate().filter(|(_, column)| column.is_blank()) {
        let declared = bound.iter().any(|bound| bound.column() == Some(column));
        if !declared && body.rows.iter().any(|&row| !text::trim(grid.cell(row, column)).is_empty()) {
            problems.push(Problem::new(&rules::COLUMN_UNKNOWN, place.at_column(grid.column_number(column))));
        }
    }
}

fn row_counts(preamble: &preamble::Preamble, header: &header::Header, body: &body::Body) -> RowCounts {
    RowCounts {
        preamble: preamble.rows,
        header: header.rows.len() + body.headers.len(),
        body: body.rows.len(),
        notes: body.notes.len(),
        blank: header.rows.start - preamble.rows + body.blank,
    }
}

/// Finds the header of another table among the rows: what stands below it would be read under the wrong headings.
fn header_inside(
    grid: &Grid,
    header: &header::Header,
    body: &body::Body,
    bound: &[Bound],
    place: &Place,
) -> Option<Problem> {
    /// Longer cells are no heading.
    const LONGEST: usize = 48;
    let key = bound.iter().find_map(Bound::column)?;
    let names: Vec<&str> = header.columns.get(key)?.labels.iter().map(|label| label.whole.as_str()).collect();
    let heads = |cell: &str| {
        // Codes and numbers, which are nearly all, need no second look.
        let cell = text::trim(cell);
        let word = !cell.starts_with(|c: char| c.is_ascii_digit()) && !cell.is_empty() && cell.len() <= LONGEST;
        word && (names.contains(&text::key(cell).as_str()) || cell.contains("续表"))
    };
    let row = body.rows.iter().find(|&&row| heads(grid.cell(row, key)))?;
    let place = place.at_row(grid.row(*row).number).at_column(grid.column_number(key));
    Some(Problem::new(&rules::HEADER_INSIDE, place).value(text::trim(grid.cell(*row, key))))
}

/// What there is to say of several units over one table.
fn units_differ(units: &[(String, Place)]) -> Option<Problem> {
    let stated = || units.iter().map(|(unit, _)| unit.as_str());
    let (first, at) = units.first()?;
    if unit::stated_once(stated()).is_some() {
        return None;
    }
    let other = units.iter().find(|(unit, _)| text::key(unit) != text::key(first));
    let place = other.map_or(at, |(_, place)| place).clone();
    Some(Problem::new(&rules::UNIT_CHANGES, place).value(stated().collect::<Vec<_>>().join(", ")))
}

/// Says which headers are looked for, and which row comes nearest to them.
fn header_not_found(grid: &Grid, columns: &[Column], place: &Place) -> Problem {
    /// A header is among the first rows.
    const LOOKED_AT: usize = 60;
    /// Labels less like a declared one are not shown: they may be a row of data.
    const LIKE: f64 = 0.5;
    let names: Vec<String> =
        columns.iter().flat_map(|column| &column.headers).map(|header| normalise::name_key(header)).collect();
    let likeness = |label: &normalise::Label| {
        names.iter().map(|name| strsim::normalized_damerau_levenshtein(name, &label.name)).fold(0.0, f64::max)
    };
    let mut nearest: Option<(f64, usize, Vec<String>)> = None;
    for row in 0..grid.len().min(LOOKED_AT) {
        let near: Vec<(f64, String)> = labels::labels(grid, row)
            .into_iter()
            .map(|(_, label)| (likeness(&label), label.text))
            .filter(|&(likeness, _)| likeness >= LIKE)
            .collect();
        let score: f64 = near.iter().map(|(likeness, _)| likeness).sum();
        if score > nearest.as_ref().map_or(0.0, |(best, ..)| *best) {
            nearest = Some((score, row, near.into_iter().map(|(_, text)| text).collect()));
        }
    }
    let expected = columns.iter().filter(|column| column.required).filter_map(|column| column.headers.first());
    match nearest {
        Some((_, row, labels)) => Problem::new(&rules::HEADER_NOT_FOUND, place.at_row(grid.row(row).number))
            .value(labels.join(", "))
            .expected(expected),
        None => Problem::new(&rules::HEADER_NOT_FOUND, place.clone()).expected(expected),
    }
}
