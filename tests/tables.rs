//! Tables are written so that every reader gets back what was in them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use proptest::prelude::*;
use store::parquet;
use vocab::frame::{Frame, TextColumn, Values};
use vocab::scalars::Scalars;

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
    let texts = |text: &dyn Fn(i64) -> Option<String>| Values::Text(rows().map(text).collect());
    let code = |number: i64| Some(format!("C{number}"));
    // The first ones repeat, the others differ up to a number.
    let up_to = |most: i64, row: i64| if row < 1000 { row % 7 } else { row % most };
    let long = |row: i64| if row % 90 == 1 && row < 20_000 { 4000 } else { 1 };
    let hard = |row: i64| match row % 5 {
        0 => Some(i64::MAX - row),
        1 => Some(i64::MIN + row),
        2 => None,
        _ => Some(row * 1_000_003 % 77),
    };
    Frame::new()
        .with("differ", texts(&|row| Some(format!("{row:x}亩").repeat((row % 4) as usize))))
        .with("differ_or_null", texts(&|row| (row % 3 > 0).then(|| format!("企业{row}"))))
        .with("differ_and_are_long", texts(&|row| Some(row.to_string().repeat(long(row)))))
        .with("repeat", texts(&|row| code(row % 40)))
        .with("repeat_in_runs", texts(&|row| code(row.isqrt() % 40).filter(|_| row % 97 > row % 11)))
        .with(
            "repeat_and_fill_sixteen_bits",
            texts(&|row| code(up_to(65_536, row)).filter(|_| row % 9 > 0 || row >= 65_536)),
        )
        .with("repeat_but_too_many_differ", texts(&|row| code(up_to(70_000, row)).filter(|_| row % 9 > 0)))
        .with("repeat_but_are_too_long", texts(&|row| Some(up_to(9000, row).to_string().repeat(long(row)))))
        .with("never", texts(&|_| None))
        .with("never_the_same", Values::Same(None, ROWS as usize))
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

    #[test]
    fn a_column_of_numbers_holds_what_a_list_of_options_does(
        rows in prop::collection::vec(any::<Option<i64>>(), 0..20),
        more in prop::collection::vec(any::<Option<i64>>(), 0..20),
        changed in prop::collection::vec((any::<prop::sample::Index>(), any::<Option<i64>>()), 0..4),
        taken in prop::collection::vec(any::<prop::sample::Index>(), 0..9),
    ) {
        let mut list = rows.clone();
        let mut column: Scalars<i64> = rows.into_iter().collect();
        let length = list.len();
        for (at, value) in changed.into_iter().filter(|_| length > 0) {
            list[at.index(length)] = value;
            column.set(at.index(length), value);
        }
        list.extend(&more);
        column.append(more.into_iter().collect());
        let taken: Vec<usize> = taken.into_iter().filter(|_| !list.is_empty()).map(|at| at.index(list.len())).collect();

        prop_assert_eq!(column.iter().collect::<Vec<_>>(), list.clone());
        prop_assert_eq!(column.last(), list.last().copied().flatten());
        prop_assert_eq!(column.take(&taken).iter().collect::<Vec<_>>(), taken.iter().map(|at| list[*at]).collect::<Vec<_>>());
        let (values, present) = column.into_parts();
        let there = |at: usize| present.as_ref().is_none_or(|present| present[at]);
        prop_assert_eq!((0..list.len()).map(|at| there(at).then(|| values[at])).collect::<Vec<_>>(), list);
    }
}
