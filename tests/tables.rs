//! Tables are written so that every reader gets back what was in them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use mujun::store::parquet;
use mujun::vocab::frame::{Frame, TextColumn, Values};
use proptest::prelude::*;

use crate::readers::python;
use crate::support::{finish, folder, root};

fn written(frame: &Frame) -> Vec<u8> {
    let mut bytes = Vec::new();
    parquet::write(frame, &BTreeMap::from([("mujun.test".to_owned(), "值".to_owned())]), &mut bytes).unwrap();
    bytes
}

/// More rows than fit into one page and into one group, with what is hard to pack: texts of all lengths that differ, texts that
/// repeat in runs of all lengths and out of order, more of them than a dictionary takes, nulls, the largest and the smallest
/// number beside one another.
fn large() -> Frame {
    const ROWS: i64 = 150_001;
    let rows = || 0..ROWS;
    let hard = |row: i64| match row % 5 {
        0 => Some(i64::MAX - row),
        1 => Some(i64::MIN + row),
        2 => None,
        _ => Some(row * 1_000_003 % 77),
    };
    let text = |number: Option<i64>| number.map(|number| format!("C{number}"));
    // The first texts repeat, the others differ up to a number.
    let few = |row: i64, most: i64| if row < 1000 { row % 7 } else { row % most };
    Frame::new()
        .with("differ", Values::Text(rows().map(|row| Some(format!("{row:x}亩").repeat((row % 4) as usize))).collect()))
        .with("some", Values::Text(rows().map(|row| (row % 3 > 0).then(|| format!("企业{row}"))).collect()))
        .with("repeat", Values::Text(rows().map(|row| Some(format!("C{}", row % 40))).collect()))
        .with(
            "runs",
            Values::Text(
                rows().map(|row| (row % 97 > row % 11).then(|| (row % 97 * row % 37).isqrt())).map(text).collect(),
            ),
        )
        .with("wide", Values::Text(rows().map(|row| text((row % 9 > 0).then_some(few(row, 40_000)))).collect()))
        .with("too_many", Values::Text(rows().map(|row| text((row % 9 > 0).then_some(few(row, 70_000)))).collect()))
        .with("never", Values::Text(rows().map(|_| None::<&str>).collect()))
        .with("nowhere", Values::Same(None, ROWS as usize))
        .with("same", Values::Same(Some("一个文件.csv".to_owned()), ROWS as usize))
        .with("hard", Values::Int(rows().map(hard).collect()))
        .with("row", Values::Int(rows().map(Some).collect()))
        .with("share", Values::Float(rows().map(|row| (row % 7 > 0).then(|| row as f64 / 7.0)).collect()))
        .with("yes", Values::Bool(rows().map(|row| (row % 11 > 0).then_some(row % 2 == 0)).collect()))
}

#[test]
fn a_table_of_many_pages_is_read_back_as_it_was_written() {
    let frame = large();
    let read = parquet::read(written(&frame), |_| true).unwrap();
    assert_eq!(read.metadata["mujun.test"], "值");
    for (name, values) in frame.columns() {
        let found = read.frame.column(name).unwrap();
        assert_eq!(found.len(), values.len(), "{name}");
        let differs = (0..values.len()).find(|row| found.text(*row) != values.text(*row));
        assert_eq!(differs, None, "{name}");
    }
}

#[test]
fn duckdb_and_pyarrow_read_a_table_of_many_pages_as_it_was_written() {
    let Some(python) = python("a table of many pages read by DuckDB and pyarrow") else { return };
    for frame in [large(), large().take(&[])] {
        both_read(&python, &frame);
    }
}

/// Holds what DuckDB and pyarrow read against the table.
fn both_read(python: &std::ffi::OsStr, frame: &Frame) {
    let dir = folder();
    let path = dir.path().join("table.parquet");
    fs::write(&path, written(frame)).unwrap();
    let mut truth = String::new();
    for row in 0..frame.rows() {
        let cells = frame.columns().iter().map(|(_, values)| values.text(row).unwrap_or_else(|| "∅".to_owned()));
        writeln!(truth, "{}", cells.collect::<Vec<_>>().join("\t")).unwrap();
    }
    let told = dir.path().join("truth.tsv");
    fs::write(&told, truth).unwrap();
    let script = root().join("tests/readers/read_table.py");
    let (code, stdout, stderr) = finish(Command::new(python).arg(script).args([&path, &told]));
    assert_eq!(code, 0, "{stdout}{stderr}");
}

/// As many texts as there are runs, in runs of these lengths; a run of the first text is one of nulls.
fn runs(runs: &[(u8, usize)]) -> TextColumn {
    let all = runs
        .iter()
        .flat_map(|(text, length)| std::iter::repeat_n((*text > 0).then(|| "亩".repeat(*text as usize)), *length));
    all.chain(std::iter::repeat_n(None, runs.len())).take(runs.len()).collect()
}

proptest! {
    #[test]
    fn a_table_is_read_back_as_it_was_written(
        rows in prop::collection::vec((any::<Option<i64>>(), any::<Option<f64>>(), any::<Option<String>>(), any::<String>(), (0..4_u8, 0..30_usize)), 1..300),
    ) {
        let frame = Frame::new()
            .with("int", Values::Int(rows.iter().map(|row| row.0).collect()))
            .with("float", Values::Float(rows.iter().map(|row| row.1).collect()))
            .with("some", Values::Text(rows.iter().map(|row| row.2.as_deref()).collect()))
            .with("text", Values::Text(rows.iter().map(|row| Some(&row.3)).collect()))
            .with("repeat", Values::Text(runs(&rows.iter().map(|row| row.4).collect::<Vec<_>>())));
        let read = parquet::read(written(&frame), |_| true).unwrap().frame;
        prop_assert_eq!(format!("{read:?}"), format!("{frame:?}"));
    }
}
