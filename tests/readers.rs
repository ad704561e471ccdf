//! A release is read as its users read it: with DuckDB, pandas and pyarrow.

use std::ffi::OsString;
use std::process::Command;

use crate::support::{finish, folder, not_run, root, run_sample, sample};

/// A Python that has the readers: the one that is named, or the usual one if it can import them.
fn python() -> Option<OsString> {
    if let Some(named) = std::env::var_os("MUJUN_PYTHON") {
        return Some(named);
    }
    let usual = Command::new("python3").args(["-c", "import duckdb, pandas, pyarrow"]).output();
    usual.is_ok_and(|output| output.status.success()).then(|| "python3".into())
}

#[test]
fn duckdb_pandas_and_pyarrow_read_a_release_alike() {
    let Some(python) = python() else {
        let why = "python3 has not all of them. Install them with `python3 -m venv readers && readers/bin/pip install \
                   duckdb pandas pyarrow`, and name that Python: MUJUN_PYTHON=readers/bin/python cargo test";
        not_run("a release read by DuckDB, pandas and pyarrow", why);
        return;
    };
    let (out, store) = (folder(), folder());
    sample(out.path(), 21, 150, 8, 8);
    let (code, _, stderr) = finish(&mut run_sample(out.path(), store.path()));
    assert_eq!(code, 0, "{stderr}");
    let script = root().join("tests/readers/read_release.py");
    assert!(script.is_file(), "{} is missing", script.display());
    let (code, stdout, stderr) = finish(Command::new(python).arg(script).arg(store.path().join("current")));
    assert_eq!(code, 0, "{stdout}{stderr}");
}
