//! Real exports that are text, and one archive, cell by cell against what is known of them.
//!
//! The corpus is not part of the project; where it is missing, these tests say so and pass.

use std::fs;
use std::path::Path;

use read::{Book, Expect, Format, Limits};
use vocab::Problem;

use crate::support::{cells, shared};

fn open(corpus: &Path, file: &str) -> (Option<Book>, Vec<Problem>) {
    let bytes = fs::read(corpus.join(file)).unwrap();
    read::read(file, &bytes, &Expect::default(), &Limits::default())
}

fn book(corpus: &Path, file: &str) -> Book {
    let (book, problems) = open(corpus, file);
    book.unwrap_or_else(|| panic!("{file}: {problems:?}"))
}

/// The lines of the facts about one file: row label, column label, value.
fn facts(corpus: &Path, file: &str) -> Vec<[String; 3]> {
    let text = fs::read_to_string(corpus.join("FACTS_open.csv")).unwrap();
    let lines = text.lines().skip(1).map(cells).filter(|cells| cells[0] == file);
    let lines: Vec<_> = lines.map(|cells| [cells[2].clone(), cells[3].clone(), cells[4].clone()]).collect();
    assert!(!lines.is_empty(), "no fact is known of {file}");
    lines
}

#[test]
fn a_real_xml_spreadsheet_is_read_cell_for_cell() {
    let Some(corpus) = shared("a real SpreadsheetML against known cells").map(|path| path.join("corpus")) else {
        return;
    };
    let file = "o056_全国地址邮编.sql";
    let book = book(&corpus, file);
    assert_eq!(book.format, Format::Xml);
    let grid = &book.sheets[0];
    assert_eq!((book.sheets.len(), grid.sheet.as_str()), (1, "Sheet1"));
    for [row, column, value] in facts(&corpus, file) {
        match (row.as_str(), column.as_str()) {
            ("rows", "count") => assert_eq!(grid.len().to_string(), value),
            (row, "cells") => {
                let row: usize = row.strip_prefix("row ").unwrap().parse().unwrap();
                let expected: Vec<&str> = value.split('|').collect();
                let found: Vec<&str> = (0..expected.len()).map(|column| grid.cell(row, column)).collect();
                assert_eq!(found, expected);
            }
            other => panic!("a kind of fact that is not known: {other:?}"),
        }
    }
}

#[test]
fn real_replies_become_rows_and_what_they_do_not_have_is_missing() {
    let Some(corpus) = shared("real replies of easyquery against known values").map(|path| path.join("corpus")) else {
        return;
    };
    let mut checked = 0;
    for file in [
        "o058_gdpcache.json",
        "o059_debug.json",
        "o060_nbs_fsyd_reg_31prov_13months.json",
        "o062_nbs_hgyd_A020101_2024.json",
    ] {
        let (book, problems) = open(&corpus, file);
        assert!(problems.is_empty(), "{problems:?}");
        let book = book.unwrap();
        let grid = &book.sheets[0];
        let value = (0..20).find(|column| grid.cell(0, *column) == "strdata").unwrap();
        for [row, column, expected] in facts(&corpus, file) {
            let nodes = 1..grid.len();
            let found = match (row.as_str(), column.as_str()) {
                ("datanodes", "count") => nodes.len().to_string(),
                ("hasdata=false", "count") => nodes.filter(|row| grid.cell(*row, value).is_empty()).count().to_string(),
                (code, "strdata") => {
                    let found: Vec<usize> = nodes.filter(|row| grid.cell(*row, 0) == code).collect();
                    assert_eq!(found.len(), 1, "{code}");
                    grid.cell(found[0], value).to_owned()
                }
                other => panic!("a kind of fact that is not known: {other:?}"),
            };
            assert_eq!(found, expected, "{file}: {row}, {column}");
            checked += 1;
        }
    }
    println!("{checked} facts of replies agree");
    assert_eq!(checked, 14);
    let first = &book(&corpus, "o058_gdpcache.json").sheets[0];
    let row: Vec<&str> = (0..6).map(|column| first.cell(1, column)).collect();
    assert_eq!(
        row,
        ["zb.A010301_sj.2019B", "A010301", "国内生产总值指数(上年同期=100)_当季值", "2019B", "2019年第二季度", ""]
    );
}

#[test]
fn real_error_replies_and_pages_are_refused() {
    let Some(corpus) = shared("real files that are no data").map(|path| path.join("corpus")) else { return };
    let refusals = [
        ("o011_2022_tech_expenditure_bulletin.txt", "R008", "an HTTP error reply"),
        ("o061_nbs_returncode501.json", "R017", "501: 对不起，未能找到符合查询条件的信息。"),
    ];
    for (file, code, what) in refusals {
        assert!(!facts(&corpus, file).is_empty());
        let (book, problems) = open(&corpus, file);
        assert_eq!(book, None);
        assert_eq!(
            (problems[0].rule.code, problems[0].value.as_ref().map(vocab::Said::en)),
            (code, Some(what)),
            "{file}"
        );
    }
}
