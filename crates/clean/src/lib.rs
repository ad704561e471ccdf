//! A table to typed facts, quarantine and problems: every data row ends in exactly one of the first two.
//!
//! Bad data is never an error here. Rows that cannot be used keep their raw cells, their address and the codes of what is
//! wrong with them; the good rows go on.

mod across;
mod basis;
mod cells;
mod claims;
mod cleaned;
mod columns;
mod corrections;
mod counties;
mod duplicates;
mod figures;
mod file_name;
mod findings;
mod hints;
mod industries;
mod issue;
mod parks;
mod plausible;
mod quarantine;
mod raw;
mod references;
mod regions;
mod register;
mod statements;
mod stay;
mod succession;
mod territory;

use claims::Claims;
use columns::RowColumns;
use config::source::{Across, Source};
use layout::Table;
use quarantine::{RowKey, quarantine, with_origin};
use read::grid::Grid;
use territory::Territory;
use vocab::frame::Frame;
use vocab::period::Date;
use vocab::unit::Unit;
use vocab::{Place, Problem, rules, said};

pub use cleaned::{Cleaned, Ledger};
pub use corrections::{Corrected, correct};
pub use figures::Figures;
pub use file_name::{between_quarters, claimed_by_name, period_by_name, vintage};
pub use findings::Findings;
pub use issue::{Issued, issue_days, issued_outside};
pub use raw::RawCells;
pub use register::Registers;

/// The unit in which each declared column of a table is read; none for columns without numbers, and where only the rows say it.
pub fn units_of(table: &Table, source: &Source, place: &Place) -> Vec<Option<&'static Unit>> {
    let settled = Claims::settle(table, source, place, None, &mut Findings::new(0));
    settled.map_or_else(|_| vec![None; source.columns.len()], |claims| claims.units)
}

/// What is known of an export before its cells are looked at.
#[derive(Debug, Clone, Copy)]
pub struct Export<'a> {
    /// Its name, relative to the inbox.
    pub name: &'a str,
    /// Whether it is delimited text, where a short row is a broken row.
    pub delimited: bool,
    /// The day it was first received, where that counts.
    pub received: Option<Date>,
}

/// Turns the data rows of `table` into facts.
pub fn clean(
    grid: &Grid,
    table: &Table,
    source: &Source,
    registers: &Registers,
    export: Export<'_>,
    findings: &mut Findings,
) -> Cleaned {
    let place = Place { file: export.name.to_owned(), sheet: grid.sheet.clone(), row: None, column: None };
    let stated = table.stated_period.as_ref().map(|(label, _)| label.as_str());
    if let Some(month) = between_quarters(source, stated, export.name) {
        return pass_over(grid, &place, month, findings);
    }
    let mut problems = contradictions(grid, table, source, registers, &place);
    let claims = match Claims::settle(table, source, &place, export.received, findings) {
        Ok(claims) if problems.is_empty() => claims,
        settled => {
            problems.extend(settled.err().into_iter().flatten());
            let codes = codes_of(&problems);
            findings.extend(problems);
            return refuse(grid, &place, &codes);
        }
    };

    // Of a text, a row that goes on behind the headings is set aside as a whole.
    if !export.delimited {
        findings.extend(layout::figures_beside(grid, table, &place));
    }
    let mut rows = RowColumns::new(source, table, &claims, registers, findings);
    rows.look_at_periods(grid);
    let mut bad: Vec<Vec<&'static str>> = vec![Vec::new(); table.body.len()];
    let width = table.header.clone().map(|row| grid.row(row).len()).max().unwrap_or(0);
    for (position, &row) in table.body.iter().enumerate() {
        let row = grid.row(row);
        if export.delimited && claims.is_ragged(row, width) {
            let problem = Problem::new(&rules::ROW_RAGGED, place.at_row(row.number));
            let cells = row.len();
            findings.push(problem.said(said!("{cells} 个单元格", "{cells} cells")));
            bad[position].push(rules::ROW_RAGGED.code);
            rows.push_ragged(row, &place);
            continue;
        }
        rows.push(row, &place, findings, &mut bad[position]);
    }
    rows.tell_open(findings);
    rows.settle_ranges(&place, findings, &mut bad);
    duplicates::find(grid, table, source, &rows, &place, findings, &mut bad);

    let kept: Vec<usize> = (0..bad.len()).filter(|&position| bad[position].is_empty()).collect();
    let keys = keys_of(source, &rows, bad.len(), &claims);
    let facts = match source.layout.across {
        Across::None => rows.into_facts(&kept, &claims),
        Across::Period | Across::Indicator => {
            let sheet = across::Sheet { grid, table, source, claims: &claims, place: &place };
            across::facts(sheet, rows, &kept, findings, &mut bad)
        }
    };
    let aside: Vec<usize> = (0..bad.len()).filter(|&position| !bad[position].is_empty()).collect();
    let quarantined: Vec<(usize, String)> =
        aside.iter().map(|&position| (table.body[position], bad[position].join(" "))).collect();
    let keys = aside.iter().filter_map(|&position| keys.get(position).cloned()).collect();
    let ledger = ledger_of(grid, table, quarantined.len());
    Cleaned {
        figures: figures::count(grid, table, source, &bad, &facts),
        facts: with_origin(facts, &place, claims.issued.map(|issued| issued.day)),
        quarantine: quarantine(grid, &place, &quarantined, keys),
        ledger,
        issued: claims.issued,
    }
}

/// The ledger of a table of whose rows so many are set aside.
fn ledger_of(grid: &Grid, table: &Table, quarantined: usize) -> Ledger {
    Ledger {
        rows: grid.len() as u64,
        preamble: table.rows.preamble as u64,
        header: table.rows.header as u64,
        notes: table.rows.notes as u64,
        blank: table.rows.blank as u64,
        facts: (table.body.len() - quarantined) as u64,
        quarantined: quarantined as u64,
    }
}

/// The keys of all body rows, where it matters who is set aside: where no row means none.
fn keys_of(source: &Source, rows: &RowColumns<'_>, count: usize, claims: &Claims<'_>) -> Vec<RowKey> {
    let count = if source.no_row_is_none { count } else { 0 };
    (0..count).map(|position| rows.unit_and_quarter(position, claims)).collect()
}

/// What the export says of itself around its table, where the definition expects otherwise.
fn contradictions(grid: &Grid, table: &Table, source: &Source, registers: &Registers, place: &Place) -> Vec<Problem> {
    let statements = statements::around(grid, table, source, place);
    let mut problems = basis::contradictions(source, &statements);
    if source.rows_name_series()
        && let [_, second, ..] = table.across.as_slice()
    {
        let labels = table.across.iter().map(|across| across.label.clone());
        let place = place.at_column(table.column_number(second.column));
        problems
            .push(Problem::new(&rules::SERIES_IN_SEVERAL_COLUMNS, place).value(second.label.clone()).expected(labels));
    }
    if let Some(territory) = Territory::expected(source, registers) {
        problems.extend(territory.contradictions(source, table, &statements, place));
    }
    problems
}

/// Puts a whole sheet aside: its layout or its claims cannot be trusted, so none of its rows can.
pub fn refuse(grid: &Grid, place: &Place, codes: &str) -> Cleaned {
    let rows: Vec<(usize, String)> =
        (0..grid.len()).filter(|&row| !grid.row(row).is_blank()).map(|row| (row, codes.to_owned())).collect();
    let quarantined = rows.len() as u64;
    Cleaned {
        figures: Figures::refused(grid),
        facts: Frame::new(),
        quarantine: quarantine(grid, place, &rows, Vec::new()),
        ledger: Ledger {
            rows: grid.len() as u64,
            blank: grid.len() as u64 - quarantined,
            quarantined,
            ..Ledger::default()
        },
        issued: None,
    }
}

/// A sheet, or a part of one, that does not hold the declared table: its rows are accounted for, and give nothing.
pub fn leave_out(grid: &Grid) -> Cleaned {
    let blank = grid.rows().filter(|row| row.is_blank()).count() as u64;
    let rows = grid.len() as u64;
    let ledger = Ledger { rows, blank, notes: rows - blank, ..Ledger::default() };
    Cleaned { ledger, figures: Figures::left_out(grid), ..Cleaned::default() }
}

/// A form of a month within a quarter: it is known for what it is, so its rows are no mistakes, and no facts of a quarter.
pub fn pass_over(grid: &Grid, place: &Place, month: String, findings: &mut Findings) -> Cleaned {
    findings.push(Problem::new(&rules::BETWEEN_QUARTERS, place.clone()).value(month));
    leave_out(grid)
}

/// The distinct codes of `problems` that are errors, in order, separated by blanks.
pub fn codes_of(problems: &[Problem]) -> String {
    let mut codes: Vec<&str> = problems
        .iter()
        .filter(|problem| problem.rule.severity == vocab::Severity::Error)
        .map(|problem| problem.rule.code)
        .collect();
    codes.sort_unstable();
    codes.dedup();
    codes.join(" ")
}
