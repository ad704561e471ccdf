//! Every fact that other programs read off the real exports, against what `inspect` finds without any declaration.
//!
//! The corpus is not part of the project; where it is missing, this test says so and passes.

use std::collections::BTreeMap;
use std::path::Path;

use read::{Grid, Limits};
use run::{FoundTable, Inspection, inspect};
use vocab::text;

use crate::support::{cells, shared};

/// One line of FACTS_open.csv.
struct Fact {
    file: String,
    sheet: String,
    row: String,
    column: String,
    value: String,
    note: String,
}

/// Facts by file, in their order.
fn facts(corpus: &Path) -> BTreeMap<String, Vec<Fact>> {
    let mut facts: BTreeMap<String, Vec<Fact>> = BTreeMap::new();
    let text = std::fs::read_to_string(corpus.join("FACTS_open.csv")).expect("FACTS_open.csv");
    for record in text.lines().skip(1).map(cells) {
        let [file, sheet, row, column, value, note] = record.try_into().expect("six cells");
        facts.entry(file.clone()).or_default().push(Fact { file, sheet, row, column, value, note });
    }
    facts
}

/// The sheet that a fact names: other programs count the tables of a page from zero.
fn is_sheet(fact: &Fact, sheet: &str) -> bool {
    let number = fact.sheet.strip_prefix("table").and_then(|number| number.parse::<usize>().ok());
    number.map_or_else(|| fact.sheet == sheet, |number| sheet == format!("table {}", number + 1))
}

fn same(fact: &str, found: &str) -> bool {
    let number = |text: &str| text.trim().parse::<f64>().ok();
    match (number(fact), number(found)) {
        (Some(fact), Some(found)) => (fact - found).abs() <= 1e-12 * fact.abs(),
        _ => fact.trim() == found.trim(),
    }
}

/// Whether what was found says what the fact says.
fn holds(fact: &Fact, found: &Inspection) -> bool {
    let grids: Vec<&Grid> =
        found.book.iter().flat_map(|book| &book.sheets).filter(|grid| is_sheet(fact, &grid.sheet)).collect();
    let tables: Vec<&FoundTable> = found.tables.iter().filter(|table| is_sheet(fact, &table.sheet)).collect();
    match (fact.row.as_str(), fact.column.as_str()) {
        ("reject" | "returncode", _) => found.book.is_none() && !found.problems.is_empty(),
        ("data rows", "count") => tables.iter().any(|table| is_count(fact, table)),
        ("files", "count") => found.members.len().to_string() == fact.value,
        ("first entry", "name") => found.members.first().is_some_and(|member| member.name.ends_with(&fact.value)),
        ("last entry", "name") => found.members.last().is_some_and(|member| member.name.ends_with(&fact.value)),
        ("rows", "count") => tables.iter().any(|table| (table.found.rows.len() + 1).to_string() == fact.value),
        ("datanodes", "count") => tables.iter().any(|table| table.found.rows.len().to_string() == fact.value),
        ("hasdata=false", "count") => {
            let missing = |table: &&&FoundTable| {
                let cells = table.found.cells().filter(|cell| cell.of_column.title == "strdata" && cell.missing);
                cells.count().to_string() == fact.value
            };
            tables.iter().any(|table| missing(&table))
        }
        (_, cells) if cells.ends_with("cells") => grids.iter().any(|grid| has_row(fact, grid)),
        _ => tables.iter().any(|table| has_cell(fact, table)) || grids.iter().any(|grid| has_plain_cell(fact, grid)),
    }
}

/// The number of rows of data. A reader that takes one row for the header counts the others of a tall one as data, and one
/// that knows no notes counts the line that closes a table.
fn is_count(fact: &Fact, table: &FoundTable) -> bool {
    let counted = match &fact.file[..4] {
        "o037" => table.found.header.len() - 1,
        "o038" => table.found.notes,
        _ => 0,
    };
    (table.found.rows.len() + counted).to_string() == fact.value
}

/// Raw cells of a row: `c1=Henan|c2=728`, or all of them in their order.
fn has_row(fact: &Fact, grid: &Grid) -> bool {
    let says = if fact.column == "cells" { &fact.row } else { &fact.column };
    let row: usize = says.split(' ').nth(1).and_then(|number| number.parse().ok()).expect("row N cells");
    // Lines over a table of a page have no number, and the fact did not count them.
    let row = row + grid.rows().take_while(|row| row.number == 0).count();
    let cells = fact.value.split('|').enumerate().filter(|(_, cell)| !cell.is_empty()).all(|(at, cell)| {
        match cell.split_once('=') {
            Some((column, value)) => same(value, text::trim(grid.cell(row, column[1..].parse().expect("cN")))),
            // Days since 1900 are days in the grid.
            None if cell.starts_with("DATE:") => grid.cell(row, at).len() == "2024-12-31".len(),
            None => same(cell, grid.cell(row, at)),
        }
    });
    let label = fact.row.starts_with("row ") || grid.row(row).cells().any(|cell| text::trim(cell) == fact.row);
    cells && label
}

/// A cell by its labels; more digits than a sheet shows are rounded there.
fn has_cell(fact: &Fact, table: &FoundTable) -> bool {
    table.found.cells().any(|cell| {
        let under = cell.of_column.title == fact.column || cell.of_column.labels.contains(&fact.column);
        let value = if fact.note.contains("missing") {
            cell.missing
        } else {
            same(&fact.value, cell.text) || cell.value.as_deref().is_some_and(|value| same(&fact.value, value))
        };
        *cell.of_row.label == *fact.row && under && value
    })
}

/// A cell as a program finds it that takes one row for the header and knows neither merged cells nor tables side by side.
fn has_plain_cell(fact: &Fact, grid: &Grid) -> bool {
    let filled = |row: usize| grid.row(row).cells().map(text::trim).filter(|cell| !cell.is_empty()).collect::<Vec<_>>();
    let rows: Vec<Vec<&str>> = (0..grid.len()).map(filled).collect();
    let under = |row: &Vec<&str>| {
        let columns =
            rows.iter().flat_map(|header| header.iter().enumerate().filter(|(_, cell)| **cell == fact.column));
        columns.map(|(at, _)| at).any(|at| row.get(at).is_some_and(|cell| same(&fact.value, cell)))
    };
    let missing = fact.note.contains("missing") && rows.iter().any(|row| row.len() == 1 && row[0] == fact.row);
    missing || rows.iter().filter(|row| row.first() == Some(&fact.row.as_str())).any(under)
}

#[test]
fn every_fact_that_is_known_of_the_real_exports_holds_without_a_declaration() {
    let Some(corpus) = shared("every known fact of the real exports").map(|path| path.join("corpus")) else { return };
    let (mut checked, mut wrong) = (0, Vec::new());
    let facts = facts(&corpus);
    for (file, facts) in &facts {
        let found = inspect(&corpus.join(file), &Limits::default(), false).expect("a file that is there");
        for fact in facts {
            checked += 1;
            if !holds(fact, &found) {
                wrong.push(format!("{file}: {} | {} | {} | {}", fact.sheet, fact.row, fact.column, fact.value));
            }
        }
    }
    println!("{checked} facts of {} files checked", facts.len());
    assert!(wrong.is_empty(), "{} of {checked}:\n{}", wrong.len(), wrong.join("\n"));
}
