//! Corrections of known errors, applied to the cells as they were read.
//!
//! A correction is never applied to anything but the text it expects. What it changed can be seen: each gives a note, the
//! facts of its row name it, and a row in quarantine keeps the cells that were sent.

use std::collections::{BTreeMap, BTreeSet};

use super::cleaned::Cleaned;
use super::findings::Findings;
use super::quarantine;
use super::raw::raw_cells;
use config::correction::{Action, ColumnOf, Correction, RowOf};
use read::grid::{Grid, Row};
use vocab::frame::{Frame, TextColumn, Values};
use vocab::rules::Rule;
use vocab::scalars::Scalars;
use vocab::{Place, Problem, rules, text};

/// What was done to an export, to be told with its facts.
#[derive(Debug)]
pub struct Corrected<'c> {
    /// Corrections applied to each row, by sheet and row number, and the cells the row had.
    rows: BTreeMap<(String, i64), (Vec<&'c str>, String)>,
    /// Rows that were taken out, by sheet and row number.
    dropped: BTreeSet<(String, i64)>,
}

/// A cell that a correction names, counted from zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct At {
    sheet: usize,
    row: usize,
    column: usize,
}

/// Applies the corrections that claim the export `name` to its sheets; none when no correction does.
pub fn correct<'c>(
    corrections: &'c [Correction],
    name: &str,
    sheets: &mut [Grid],
    findings: &mut Findings,
) -> Option<Corrected<'c>> {
    let claiming: Vec<&Correction> = corrections.iter().filter(|correction| correction.claims(name)).collect();
    if claiming.is_empty() {
        return None;
    }
    let mut corrected = Corrected { rows: BTreeMap::new(), dropped: BTreeSet::new() };
    let mut cells: Vec<BTreeMap<(usize, usize), &str>> = vec![BTreeMap::new(); sheets.len()];
    let mut without: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); sheets.len()];
    for correction in claiming {
        let found = find(correction, sheets);
        let taken = |at: &At| without[at.sheet].contains(&at.row) || cells[at.sheet].contains_key(&(at.row, at.column));
        let Some(at) = found.filter(|at| !taken(at)) else {
            let place = Place { sheet: correction.sheet.clone().unwrap_or_default(), ..Place::file(name) };
            findings.push(Problem::new(&rules::CORRECTION_UNPLACED, place).value(correction.id.clone()));
            continue;
        };
        let row = sheets[at.sheet].row(at.row);
        let sheet = sheets[at.sheet].sheet.clone();
        let place = Place { sheet: sheet.clone(), ..Place::file(name) }.at_row(row.number);
        let told = |rule: &'static Rule| {
            Problem::new(rule, place.at_column(at.column as u32 + 1)).value(correction.id.clone())
        };
        if text::trim(row.cell(at.column)) != text::trim(&correction.expect) {
            findings.push(told(&rules::CORRECTION_STALE));
            continue;
        }
        let key = (sheet, i64::from(row.number));
        let of_row = corrected.rows.entry(key.clone()).or_insert_with(|| (Vec::new(), raw_cells(row)));
        of_row.0.push(&correction.id);
        match &correction.action {
            Action::Replace(value) => {
                findings.push(told(&rules::CORRECTED));
                cells[at.sheet].insert((at.row, at.column), value);
            }
            Action::Drop => {
                findings.push(told(&rules::ROW_DROPPED));
                without[at.sheet].insert(at.row);
                corrected.dropped.insert(key);
            }
        }
    }
    for (sheet, (cells, without)) in sheets.iter_mut().zip(cells.iter().zip(&without)) {
        if !cells.is_empty() || !without.is_empty() {
            *sheet = sheet.edited(cells, without);
        }
    }
    Some(corrected)
}

/// The one cell that a correction names; none if there is no such cell, or more than one.
fn find(correction: &Correction, sheets: &[Grid]) -> Option<At> {
    let is_row = |row: &Row<'_>| match &correction.row {
        RowOf::Number(number) => row.number == *number,
        RowOf::Key(key) => row.filled().any(|(_, cell)| text::trim(cell) == text::trim(key)),
    };
    let mut found = Vec::new();
    for (sheet, grid) in sheets.iter().enumerate() {
        if correction.sheet.as_ref().is_some_and(|wanted| *wanted != grid.sheet) {
            continue;
        }
        for (row, _) in grid.rows().enumerate().filter(|(_, row)| is_row(row)) {
            let column = column(correction, grid)?;
            found.push(At { sheet, row, column });
        }
    }
    match found.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

fn column(correction: &Correction, grid: &Grid) -> Option<usize> {
    let header = match &correction.column {
        ColumnOf::Number(number) => return usize::try_from(*number).ok()?.checked_sub(1),
        ColumnOf::Header(header) => text::trim(header),
    };
    let columns: BTreeSet<usize> = grid
        .rows()
        .flat_map(|row| row.filled().filter(|(_, cell)| text::trim(cell) == header).map(|(column, _)| column))
        .collect();
    match columns.len() {
        1 => columns.first().copied(),
        _ => None,
    }
}

impl Corrected<'_> {
    /// Tells with the facts which rows were corrected, gives rows in quarantine the cells that were sent, and sets aside
    /// the rows that were taken out.
    pub fn tell(&self, name: &str, cleaned: &mut Cleaned) {
        let facts = std::mem::take(&mut cleaned.facts);
        let ids: TextColumn = addresses(&facts).map(|at| self.rows.get(&at).map(|(ids, _)| ids.join(" "))).collect();
        cleaned.facts = if facts.rows() == 0 { facts } else { facts.with("corrections", Values::Text(ids)) };

        let quarantine = std::mem::take(&mut cleaned.quarantine);
        let raw = |at: (String, i64)| self.rows.get(&at).map(|(_, cells)| cells.as_str());
        let sent: Vec<Option<&str>> = addresses(&quarantine).map(raw).collect();
        let mut whole = Frame::new();
        for (column, values) in quarantine.into_columns() {
            let values = match values {
                Values::Text(cells) if column == "cells" => {
                    Values::Text(cells.iter().zip(sent.iter().copied()).map(|(cell, sent)| sent.or(cell)).collect())
                }
                other => other,
            };
            whole = whole.with(column, values);
        }
        for (sheet, row) in &self.dropped {
            let cells = raw((sheet.clone(), *row)).unwrap_or("[]").to_owned();
            let place = Place { sheet: sheet.clone(), ..Place::file(name) };
            whole.append(set_aside(&place, *row, cells));
            cleaned.ledger.rows += 1;
            cleaned.ledger.quarantined += 1;
        }
        cleaned.quarantine = whole;
    }
}

/// A dropped row as it stands in quarantine.
fn set_aside(place: &Place, row: i64, cells: String) -> Frame {
    quarantine::set_aside(
        place,
        Scalars::from(vec![row]),
        &[(0, rules::ROW_DROPPED.code.to_owned())],
        vec![Some(cells)],
        Vec::new(),
    )
}

/// Sheet and row number of each row of a table.
fn addresses(frame: &Frame) -> impl Iterator<Item = (String, i64)> {
    let sheets = frame.column("source_sheet");
    let rows = frame.ints("source_row").unwrap_or_default();
    rows.iter()
        .enumerate()
        .map(move |(at, row)| (sheets.and_then(|sheets| sheets.text(at)).unwrap_or_default(), row.unwrap_or(0)))
}
