//! Every cell of every workbook at hand, against what other programs read: calamine, openpyxl and xlrd. This project reads workbooks
//! itself; this test is the evidence that it finds no other value, and counts what the others cannot read.
//!
//! calamine is taken from PyPI and not as a crate: a second copy of what it rests on would be built by everyone.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use read::{Expect, Grid, Limits, read};
use serde_json::{Value, json};

use crate::readers::python;
use crate::support::{finish, folder, root, shared};

const SUFFIXES: [&str; 4] = ["xlsx", "xlsm", "xls", "ods"];

/// Workbooks below a folder, by their suffix: what they are is for the readers to say.
fn workbooks(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(workbooks(&path));
        } else if path.extension().is_some_and(|suffix| SUFFIXES.iter().any(|known| suffix.eq_ignore_ascii_case(known)))
        {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The cells with text of a sheet: row and column from 1, and the text.
fn cells_of(grid: &Grid) -> Vec<Value> {
    let mut cells = Vec::new();
    for row in grid.rows() {
        cells.extend(row.filled().map(|(column, text)| json!([row.number, grid.column_number(column), text])));
    }
    cells
}

/// What this project reads of each file, as the script takes it.
fn ours(files: &[PathBuf]) -> Value {
    let read_one = |path: &PathBuf| {
        let bytes = fs::read(path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy();
        let (book, _) = read(&name, &bytes, &Expect::default(), &Limits::default());
        let sheets = book.map(|book| {
            let sheet = |grid: &Grid| json!({ "name": grid.sheet, "cells": cells_of(grid) });
            book.sheets.iter().map(sheet).collect::<Vec<_>>()
        });
        json!({ "path": path, "sheets": sheets })
    };
    files.iter().map(read_one).collect()
}

/// Runs the script: what it counted, and the differences it found.
fn compare(python: &std::ffi::OsStr, ours: &Value) -> Value {
    let work = folder();
    let file = work.path().join("ours.json");
    fs::write(&file, ours.to_string()).unwrap();
    let script = root().join("tests/readers/other_cells.py");
    let (code, stdout, stderr) = finish(Command::new(python).arg(script).arg(&file));
    assert_eq!(code, 0, "{stderr}");
    serde_json::from_str(&stdout).unwrap()
}

#[test]
fn every_cell_of_every_workbook_is_what_other_programs_read() {
    let Some(python) = python("every cell of workbooks read by calamine, openpyxl and xlrd") else { return };
    let mut files = workbooks(&root().join("examples"));
    let others = shared("the corpus read by calamine, openpyxl and xlrd");
    files.extend(
        others.iter().flat_map(|shared| [workbooks(&shared.join("corpus")), workbooks(&shared.join("cases"))].concat()),
    );

    let mut ours = ours(&files);
    let found = compare(&python, &ours);
    println!("{}", found["counts"]);
    assert_eq!(found["differences"], json!([]));
    let compared = found["counts"]["cells compared"].as_u64().unwrap();
    assert!(compared > if others.is_some() { 100_000 } else { 1_000 }, "{compared}");

    // The script would tell: one cell is said to hold another figure, one to be blank.
    let sheet = ours.as_array_mut().unwrap().iter_mut().find_map(|file| file["sheets"].get_mut(0)).unwrap();
    let cells = sheet["cells"].as_array_mut().unwrap();
    cells[0][2] = json!("another text");
    cells.pop();
    let differences = compare(&python, &ours)["differences"].as_array().unwrap().len();
    assert!(differences >= 2, "{differences}");
}
