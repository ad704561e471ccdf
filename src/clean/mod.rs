//! A table to typed facts, quarantine and problems: every data row ends in exactly one of the first two.
//!
//! Bad data is never an error here. Rows that cannot be used keep their raw cells, their address and the codes of what is
//! wrong with them; the good rows go on.

mod cells;
mod claims;
mod columns;
mod corrections;
mod counties;
mod duplicates;
mod findings;
mod hints;
mod industries;
mod issue;
mod parks;
mod regions;
mod register;

use crate::config::source::{Across, Source};
use crate::layout::{Meaning, Table};
use crate::read::grid::{Grid, Row};
use crate::vocab::frame::{Frame, TextColumn, Values};
use crate::vocab::scalars::Scalars;
use crate::vocab::unit::Unit;
use crate::vocab::{Place, Problem, rules};
use claims::Claims;
use columns::RowColumns;

pub use claims::{claimed_by_name, vintage};
pub use corrections::{Corrected, correct};
pub use findings::Findings;
pub use issue::{Issued, issue_days, issued_outside};
pub use register::{Registers, Stay};

/// What is known of an export before its cells are looked at.
#[derive(Debug, Clone, Copy)]
pub struct Export<'a> {
    /// Its name, relative to the inbox.
    pub name: &'a str,
    /// Whether it is delimited text, where a short row is a broken row.
    pub delimited: bool,
    /// The day it was first received, as yyyymmdd, where that counts.
    pub received: Option<i64>,
}

/// Where every row of a sheet went. The parts add up to `rows`; a run that finds otherwise stops.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ledger {
    /// All rows of the sheet.
    pub rows: u64,
    /// Lines over the header: title, unit, period.
    pub preamble: u64,
    /// Header rows.
    pub header: u64,
    /// Notes under the table.
    pub notes: u64,
    /// Blank rows.
    pub blank: u64,
    /// Rows that became facts.
    pub facts: u64,
    /// Rows in quarantine.
    pub quarantined: u64,
}

impl Ledger {
    /// Whether every row is accounted for.
    pub fn closes(&self) -> bool {
        self.accounted() == self.rows
    }

    /// Rows that went somewhere.
    pub fn accounted(&self) -> u64 {
        self.preamble + self.header + self.notes + self.blank + self.facts + self.quarantined
    }

    /// The sum of two ledgers.
    #[must_use]
    pub fn plus(self, other: Ledger) -> Ledger {
        Ledger {
            rows: self.rows + other.rows,
            preamble: self.preamble + other.preamble,
            header: self.header + other.header,
            notes: self.notes + other.notes,
            blank: self.blank + other.blank,
            facts: self.facts + other.facts,
            quarantined: self.quarantined + other.quarantined,
        }
    }
}

/// What became of a sheet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cleaned {
    /// Typed facts, with the address of each.
    pub facts: Frame,
    /// Raw rows that were set aside, with the codes of their problems.
    pub quarantine: Frame,
    /// Where every row went.
    pub ledger: Ledger,
    /// When the table was issued, and what said so.
    pub issued: Option<Issued>,
}

impl Cleaned {
    /// Adds what became of another table of the same file.
    pub fn plus(&mut self, other: Cleaned) {
        self.ledger = self.ledger.plus(other.ledger);
        self.issued = self.issued.max(other.issued);
        for (mine, theirs) in [(&mut self.quarantine, other.quarantine), (&mut self.facts, other.facts)] {
            // A table that gave nothing has no columns either.
            if theirs.rows() > 0 {
                mine.append(theirs);
            }
        }
    }
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
    let claims = match Claims::settle(table, source, &place, export.received, findings) {
        Ok(claims) => claims,
        Err(problems) => {
            let codes = codes_of(&problems);
            findings.extend(problems);
            return refuse(grid, &place, &codes);
        }
    };

    let mut rows = RowColumns::new(source, table, &claims, registers);
    let mut bad: Vec<Vec<&'static str>> = vec![Vec::new(); table.body.len()];
    let width = table.header.clone().map(|row| grid.row(row).len()).max().unwrap_or(0);
    for (position, &row) in table.body.iter().enumerate() {
        let row = grid.row(row);
        if export.delimited && claims.is_ragged(row, width) {
            let problem = Problem::new(&rules::ROW_RAGGED, place.at_row(row.number));
            findings.push(problem.value(format!("{} cells", row.len())));
            bad[position].push(rules::ROW_RAGGED.code);
            // Its cells stand under other headers than their own: what they say of themselves is no finding.
            rows.push(row, &place, &mut Findings::default(), &mut Vec::new());
            continue;
        }
        rows.push(row, &place, findings, &mut bad[position]);
    }
    duplicates::find(grid, table, source, &rows, &place, findings, &mut bad);

    let kept: Vec<usize> = (0..bad.len()).filter(|&position| bad[position].is_empty()).collect();
    let facts = match source.layout.across {
        Across::None => rows.into_facts(&kept, &claims),
        Across::Period | Across::Indicator => {
            across_facts(grid, table, source, rows, &claims, &place, &kept, findings, &mut bad)
        }
    };
    let quarantined: Vec<(usize, String)> = (0..bad.len())
        .filter(|&position| !bad[position].is_empty())
        .map(|position| (table.body[position], bad[position].join(" ")))
        .collect();
    let ledger = Ledger {
        rows: grid.len() as u64,
        preamble: table.rows.preamble as u64,
        header: table.rows.header as u64,
        notes: table.rows.notes as u64,
        blank: table.rows.blank as u64,
        facts: (bad.len() - quarantined.len()) as u64,
        quarantined: quarantined.len() as u64,
    };
    Cleaned {
        facts: with_origin(facts, &place, claims.issued.map(|issued| issued.day)),
        quarantine: quarantine(grid, &place, &quarantined),
        ledger,
        issued: claims.issued,
    }
}

/// Puts a whole sheet aside: its layout or its claims cannot be trusted, so none of its rows can.
pub fn refuse(grid: &Grid, place: &Place, codes: &str) -> Cleaned {
    let rows: Vec<(usize, String)> =
        (0..grid.len()).filter(|&row| !grid.row(row).is_blank()).map(|row| (row, codes.to_owned())).collect();
    let quarantined = rows.len() as u64;
    Cleaned {
        facts: Frame::new(),
        quarantine: quarantine(grid, place, &rows),
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
    Cleaned { ledger: Ledger { rows, blank, notes: rows - blank, ..Ledger::default() }, ..Cleaned::default() }
}

/// The distinct codes of `problems` that are errors, in order, separated by blanks.
pub fn codes_of(problems: &[Problem]) -> String {
    let mut codes: Vec<&str> = problems
        .iter()
        .filter(|problem| problem.rule.severity == crate::vocab::Severity::Error)
        .map(|problem| problem.rule.code)
        .collect();
    codes.sort_unstable();
    codes.dedup();
    codes.join(" ")
}

fn quarantine(grid: &Grid, place: &Place, rows: &[(usize, String)]) -> Frame {
    let numbers = rows.iter().map(|(row, _)| Some(i64::from(grid.row(*row).number))).collect();
    let cells = rows.iter().map(|(row, _)| Some(raw_cells(grid.row(*row)))).collect();
    set_aside(place, numbers, rows, cells)
}

/// JSON keeps every cell apart, whatever stands in it, and any reader can replay it.
fn raw_cells(row: Row<'_>) -> String {
    serde_json::json!(row.cells().collect::<Vec<_>>()).to_string()
}

/// Rows in quarantine: their numbers, the codes of each, and their cells.
fn set_aside(place: &Place, numbers: Scalars<i64>, codes: &[(usize, String)], cells: Vec<Option<String>>) -> Frame {
    let frame = Frame::new()
        .with("source_row", Values::Int(numbers))
        .with("problem_codes", Values::Text(codes.iter().map(|(_, codes)| Some(codes)).collect()))
        .with("cells", Values::Text(cells.into_iter().collect()))
        .with("hints_zh", Values::Text(hints::hints(codes, |rule| rule.hint_zh)))
        .with("hints_en", Values::Text(hints::hints(codes, |rule| rule.hint_en)));
    with_origin(frame, place, vintage(&place.file))
}

/// Says where the rows come from.
fn with_origin(frame: Frame, place: &Place, vintage: Option<i64>) -> Frame {
    let rows = frame.rows();
    frame
        .with("source_file", Values::Same(Some(place.file.clone()), rows))
        .with("source_sheet", Values::Same(Some(place.sheet.clone()), rows))
        .with("vintage", Values::Int(Scalars::repeat(vintage, rows)))
}

/// Facts of a table whose values stand across, one after another.
#[derive(Default)]
struct Stacked {
    /// The body row of each.
    positions: Vec<usize>,
    values: Scalars<i64>,
    units: TextColumn,
    periods: TextColumn,
    quarters: Scalars<i64>,
    indicators: TextColumn,
    columns: Scalars<i64>,
}

impl Stacked {
    fn push(&mut self, position: usize, column: u32, meaning: &Meaning, (value, unit): Measured, claims: &Claims<'_>) {
        self.positions.push(position);
        self.values.push(value);
        self.units.push(unit.map(|unit| unit.dimension.canonical()));
        self.columns.push(Some(i64::from(column)));
        match meaning {
            Meaning::Period(period) => {
                self.periods.push(Some(&period.to_string()));
                self.quarters.push(period.quarter_end().map(|quarter| i64::from(quarter.index())));
            }
            Meaning::Indicator { name } => self.indicators.push(Some(claims.series_name(name))),
        }
    }
}

/// A value and its unit; none in a heading among rows that state their units.
type Measured = (Option<i64>, Option<&'static Unit>);

/// Facts of a table whose values stand across: one for each row and across column.
#[allow(clippy::too_many_arguments)]
fn across_facts(
    grid: &Grid,
    table: &Table,
    source: &Source,
    rows: RowColumns<'_>,
    claims: &Claims<'_>,
    place: &Place,
    kept: &[usize],
    findings: &mut Findings,
    bad: &mut [Vec<&'static str>],
) -> Frame {
    let mut stacked = Stacked::default();
    for &position in kept {
        let row = grid.row(table.body[position]);
        let before = findings.len();
        let mut cells: Vec<Measured> = Vec::with_capacity(table.across.len());
        for across in &table.across {
            let place = place.at_row(row.number).at_column(table.column_number(across.column));
            let unit = claims.across_unit(across, rows.units(position), &place);
            let cell = row.cell(across.column);
            let value = unit.and_then(|unit| {
                cells::number(cell, claims.symbols(), unit)
                    .map_err(|rule| cells::problem(rule, &place, cell, source.confidential))
                    .map(|value| (value, Some(unit)))
            });
            match value {
                Ok(value) => cells.push(value),
                Err(problem) if problem.rule == &rules::UNIT_MISSING && rows.measures_nothing(position, cell) => {
                    cells.push((None, None));
                }
                Err(problem) => {
                    bad[position].push(problem.rule.code);
                    findings.push(problem);
                }
            }
        }
        bad[position].sort_unstable();
        bad[position].dedup();
        if findings.len() == before {
            for (across, measured) in table.across.iter().zip(cells) {
                stacked.push(position, table.column_number(across.column), &across.meaning, measured, claims);
            }
        }
    }
    let Stacked { positions, values, units, periods, quarters, indicators, columns } = stacked;
    let facts = rows.into_facts(&positions, claims);
    let facts = match source.layout.across {
        Across::Period => facts.with("period", Values::Text(periods)).with("quarter", Values::Int(quarters)),
        _ => facts.with("indicator", Values::Text(indicators)),
    };
    facts
        .with(source.value_name.clone(), Values::Int(values))
        .with("unit", Values::Text(units))
        .with("source_column", Values::Int(columns))
}
