//! Real binary workbooks against what is known of their cells. What a cell holds was written down with other tools than
//! this project's.

use std::fs;

use read::{Book, Expect, Limits, read};

use crate::support::{cells, shared};

/// A file of the corpus, and the codes of what was found in it.
fn book(folder: &std::path::Path, file: &str) -> (Book, Vec<&'static str>) {
    let bytes = fs::read(folder.join(file)).unwrap();
    let (book, problems) = read(file, &bytes, &Expect::default(), &Limits::default());
    let codes = problems.iter().map(|problem| problem.rule.code).collect();
    (book.unwrap_or_else(|| panic!("{file}: {problems:?}")), codes)
}

/// Equal as text without blanks at the ends, or as numbers to 13 digits: the facts were written in another hand.
fn same(found: &str, known: &str) -> bool {
    let numbers = found.trim().parse::<f64>().ok().zip(known.trim().parse::<f64>().ok());
    found.trim() == known.trim() || numbers.is_some_and(|(a, b)| (a - b).abs() <= a.abs().max(b.abs()) * 1e-13)
}

#[test]
fn yearbooks_encrypted_with_the_default_password_hold_the_cells_that_are_known() {
    let Some(folder) = shared("real encrypted yearbooks against known cells").map(|path| path.join("corpus")) else {
        return;
    };
    let facts = fs::read_to_string(folder.join("FACTS_open.csv")).unwrap();
    let (mut files, mut checked) = (Vec::new(), 0);
    for fact in facts.lines().map(cells) {
        let [file, sheet, label, place, known, _] = &fact[..] else { panic!("{fact:?}") };
        let encrypted = ("o026".."o033").contains(&&file[..4.min(file.len())]);
        if !encrypted {
            continue;
        }
        let (book, codes) = book(&folder, file);
        // The second sheet, with the publisher's address, is hidden.
        assert_eq!(codes, ["R013", "R016"], "{file}");
        let grid = book.sheets.iter().find(|grid| grid.sheet == *sheet).unwrap();
        let row = place.strip_prefix("row ").and_then(|rest| rest.strip_suffix(" cells")).unwrap();
        let row: usize = row.parse().unwrap();
        assert!(grid.row(row).cells().any(|cell| same(cell, label)), "{fact:?}");
        for cell in known.split('|') {
            let (column, value) = cell.strip_prefix('c').and_then(|cell| cell.split_once('=')).unwrap();
            let found = grid.cell(row, column.parse().unwrap());
            assert!(same(found, value), "{file}, row {row}: {cell} is `{found}`");
            checked += 1;
        }
        files.push(file.clone());
    }
    files.dedup();
    println!("{checked} cells of {} encrypted yearbooks agree", files.len());
    assert_eq!((files.len(), checked), (7, 93));
}
