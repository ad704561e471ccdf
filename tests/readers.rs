//! A release is read as its users read it, with DuckDB, pandas and pyarrow; and its numbers are worked out once more in
//! Python, from the exports, by code that shares nothing with the pipeline.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::cli::{copy_config, replace};
use crate::support::{finish, folder, mujun, not_run, root, run_sample, sample, tree};

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

/// Seeds, and the doubt that is planted at each.
const DOUBTED: [(u64, &str); 12] = [
    (31, "missing_export"),
    (32, "bad_cell,revision_undated"),
    (33, "missing_row,list_reissued"),
    (34, "park_renamed"),
    (35, "park_merged"),
    (36, "park_split,park_founded"),
    (37, "enterprise_entered,enterprise_left,enterprise_returned"),
    (38, "foreign_series,county_missing"),
    (39, "price_index,bad_cell"),
    (40, "export_gone,list_reissued,park_renamed"),
    (41, "content_repeated"),
    (
        42,
        "park_merged,park_split,park_renamed,enterprise_returned,missing_export,bad_cell,missing_row,content_repeated,list_reissued",
    ),
];

#[test]
fn an_independent_script_gets_the_same_indicators_or_their_nulls_where_doubt_is_planted() {
    let Some(python) = python("twelve samples with planted doubt worked out once more by a Python script") else {
        return;
    };
    let config = folder();
    copy_config(config.path());
    // A quarter without B203 is published here, with what it lacks.
    replace(&config.path().join("config/site.toml"), "min_coverage = { finance = 0.5 }", "min_coverage = {}");
    let script = root().join("tests/readers/independent");
    for (seed, kinds) in DOUBTED {
        let (out, store) = (folder(), folder());
        let mut synth = mujun(out.path());
        synth.arg("synth").arg("--out").arg(out.path()).args(["--seed", &seed.to_string(), "--doubt", kinds]);
        let (code, _, stderr) = finish(synth.args(["--no-discrete", "--enterprises", "90", "--parks", "6"]));
        assert_eq!(code, 0, "{kinds}: {stderr}");
        let mut run = run_sample(out.path(), store.path());
        let (code, _, stderr) = finish(run.arg("--config").arg(config.path().join("config")));
        assert_eq!(code, 0, "{kinds}: {stderr}");
        let release = store.path().join("current");
        let (code, stdout, stderr) = finish(Command::new(&python).arg(&script).arg(out.path()).arg(release));
        assert_eq!(code, 0, "seed {seed}, {kinds}: {stdout}{stderr}");
        println!("{kinds}: {}", stdout.lines().last().unwrap_or_default());
    }
}

#[test]
fn a_script_in_duckdb_trusts_the_same_values_as_far_where_reports_are_missing() {
    let Some(python) = python("status, coverage, change and rank of every value by a script in DuckDB") else { return };
    let config = folder();
    copy_config(config.path());
    replace(&config.path().join("config/site.toml"), "min_coverage = { finance = 0.5 }", "min_coverage = {}");
    let peers = root().join("benches/peers");
    let script = |name: &str, arguments: &[(&str, &Path)]| {
        let mut command = Command::new(&python);
        command.arg(peers.join(name));
        arguments.iter().for_each(|(key, value)| _ = command.arg(key).arg(value));
        finish(&mut command)
    };
    let mut releases = Vec::new();
    for (seed, kinds) in [
        (51, "missing_export,bad_cell"),
        (52, "missing_row,county_missing"),
        (53, "enterprise_entered,enterprise_left,enterprise_returned,park_founded"),
    ] {
        let (out, store) = (folder(), folder());
        let mut synth = mujun(out.path());
        synth.arg("synth").arg("--out").arg(out.path()).args(["--seed", &seed.to_string(), "--doubt", kinds]);
        let (code, _, stderr) = finish(synth.args(["--no-discrete", "--enterprises", "200", "--parks", "12"]));
        assert_eq!(code, 0, "{kinds}: {stderr}");
        let (code, _, stderr) =
            finish(run_sample(out.path(), store.path()).arg("--config").arg(config.path().join("config")));
        assert_eq!(code, 0, "{kinds}: {stderr}");
        let (copies, peer) = (out.path().join("copies"), out.path().join("peer"));
        let (code, _, stderr) = script("utf8_copies.py", &[("--data", out.path()), ("--out", &copies)]);
        assert_eq!(code, 0, "{kinds}: {stderr}");
        let (code, _, stderr) = script("indicators_duckdb.py", &[("--data", &copies), ("--out", &peer)]);
        assert_eq!(code, 0, "{kinds}: {stderr}");
        let release = store.path().join("current");
        let (code, stdout, stderr) = script("compare.py", &[("--left", &release), ("--right", &peer)]);
        assert_eq!(code, 0, "{kinds}: {stdout}{stderr}");
        println!("{kinds}: {}", stdout.lines().find(|line| line.starts_with("compared too")).unwrap());
        releases.push((out, store));
    }
    // The comparison can fail: with the values of another seed every kind of difference is named.
    let (release, other) = (releases[0].1.path().join("current"), releases[1].0.path().join("peer"));
    let (code, stdout, _) = script("compare.py", &[("--left", &release), ("--right", &other)]);
    assert_eq!(code, 1, "{stdout}");
    for what in ["values", "obs_status", "coverage", "yoy", "rank"] {
        assert!(stdout.contains(&format!(" {what} differ: ")), "{what}: {stdout}");
    }
}
