//! A release is read as its users read it, with DuckDB, pandas and pyarrow; and its numbers are worked out once more in
//! Python, from the exports, by code that shares nothing with the pipeline.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{finish, folder, not_run, root, run_sample, sample, tree};

/// A Python that has the readers: the one that is named, or the usual one if it can import them; or none, and a line that
/// says what was not run.
pub(crate) fn python(what: &str) -> Option<OsString> {
    if let Some(named) = std::env::var_os("MUJUN_PYTHON") {
        return Some(named);
    }
    let usual = Command::new("python3").args(["-c", "import duckdb, openpyxl, pandas, pyarrow"]).output();
    if usual.is_ok_and(|output| output.status.success()) {
        return Some("python3".into());
    }
    let why = "python3 has not all of duckdb, openpyxl, pandas and pyarrow. Install them with `python3 -m venv readers && \
               readers/bin/pip install -r benches/peers/requirements.txt`, and name that Python: \
               MUJUN_PYTHON=readers/bin/python cargo test";
    not_run(what, why);
    None
}

#[test]
fn duckdb_pandas_and_pyarrow_read_a_release_alike() {
    let Some(python) = python("a release read by DuckDB, pandas and pyarrow") else { return };
    let (out, store) = (folder(), folder());
    sample(out.path(), 21, 150, 8, 8);
    let (code, _, stderr) = finish(&mut run_sample(out.path(), store.path()));
    assert_eq!(code, 0, "{stderr}");
    let script = root().join("tests/readers/read_release.py");
    assert!(script.is_file(), "{} is missing", script.display());
    let (code, stdout, stderr) = finish(Command::new(python).arg(script).arg(store.path().join("current")));
    assert_eq!(code, 0, "{stdout}{stderr}");
}

#[test]
fn an_independent_script_gets_the_same_indicators_from_the_same_exports() {
    let Some(python) = python("the indicators worked out once more by a Python script") else { return };
    let (out, store) = (folder(), folder());
    sample(out.path(), 22, 240, 16, 10);
    let (code, _, stderr) = finish(&mut run_sample(out.path(), store.path()));
    assert_eq!(code, 0, "{stderr}");
    let script = root().join("tests/readers/independent");
    let checked = |release: &Path| finish(Command::new(&python).arg(&script).arg(out.path()).arg(release));
    let release = store.path().join("current");
    let (code, stdout, stderr) = checked(&release);
    assert_eq!(code, 0, "{stdout}{stderr}");
    // The check can fail: one amount of one tax list gets 0.01 万元 more, and the sums that it is in are named.
    let list = tree(out.path()).into_keys().find(|name| name.contains("税收_2018年1-3月")).unwrap();
    let text = fs::read_to_string(out.path().join(&list)).unwrap();
    let amount = |line: &str| line.split('\t').nth(2)?.parse::<f64>().ok();
    let (row, paid) = text.lines().find_map(|line| Some((line, amount(line)?))).unwrap();
    let cells: Vec<&str> = row.split('\t').collect();
    let more = row.replacen(cells[2], &format!("{:.2}", paid + 0.01), 1);
    fs::write(out.path().join(&list), text.replacen(row, &more, 1)).unwrap();
    let (code, stdout, _) = checked(&release);
    assert_eq!(code, 1, "{stdout}");
    assert!(stdout.contains("FAIL tax_per_mu_ytd") && stdout.contains("ok   enterprises "), "{stdout}");
}
