//! What people are given to read: the workbook and the tables in Chinese, held against the Parquet beside them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use publish::Language;

use crate::cli::{copy_config, replace, unpacked};
use crate::readers::python;
use crate::support::{CONFIG, finish, folder, mujun, root, run_sample, sample, tree};

/// The reports of the release that a store's readers see, by their names.
fn reports(store: &Path, pointer: &str) -> BTreeMap<String, Vec<u8>> {
    tree(&fs::canonicalize(store.join(pointer)).unwrap().join("reports"))
}

/// Runs a sample with other settings of `[reports]`, and more arguments.
fn run(out: &Path, store: &Path, settings: &str, more: &[&str]) {
    let config = folder();
    copy_config(config.path());
    replace(&config.path().join("config/site.toml"), "[reports]\nenabled = true\nquarters = 1 ", settings);
    replace(&config.path().join("config/site.toml"), "\nenglish = false", "");
    let (code, _, stderr) = finish(run_sample(out, store).arg("--config").arg(config.path().join("config")).args(more));
    assert_eq!(code, 0, "{stderr}");
}

#[test]
fn every_figure_of_workbook_and_csv_is_the_published_one_rounded() {
    let Some(python) = python("the figures of workbooks and their CSV read by openpyxl") else { return };
    let (out, store) = (folder(), folder());
    sample(out.path(), 71, 150, 8, 10);
    let script = root().join("tests/readers/read_reports.py");
    for (profile, pointer) in [("internal", "current"), ("public", "current-public")] {
        run(out.path(), store.path(), "[reports]\nquarters = 2\nenglish = true", &["--profile", profile]);
        let (code, stdout, stderr) = finish(Command::new(&python).arg(&script).arg(store.path().join(pointer)));
        assert_eq!(code, 0, "{profile}: {stdout}{stderr}");
        let withheld = reports(store.path(), pointer)
            .iter()
            .any(|(name, bytes)| name.ends_with("/csv/parks.csv") && String::from_utf8_lossy(bytes).contains("(c)"));
        assert_eq!(withheld, profile == "public", "small figures are withheld from the public, and only from them");
    }
}

#[test]
fn the_settings_say_whether_there_are_reports_and_of_how_many_quarters() {
    let (out, none, two) = (folder(), folder(), folder());
    sample(out.path(), 72, 40, 3, 8);
    run(out.path(), none.path(), "[reports]\nenabled = false", &[]);
    let workbooks = |store: &Path| -> Vec<String> {
        reports(store, "current").into_keys().filter(|name| name.ends_with(".xlsx")).collect()
    };
    assert!(workbooks(none.path()).is_empty());
    assert!(!reports(none.path(), "current").keys().any(|name| name.ends_with("/csv/parks.csv")));
    run(out.path(), two.path(), "[reports]\nquarters = 2", &[]);
    let made = workbooks(two.path());
    assert_eq!(made.len(), 2, "{made:?}");
    let config = folder();
    copy_config(config.path());
    replace(&config.path().join("config/site.toml"), "quarters = 1 ", "quarters = 0 ");
    let (code, stdout, stderr) =
        finish(mujun(none.path()).args(["check", "--lang", "en"]).arg("--config").arg(config.path().join("config")));
    assert_eq!(code, 2);
    assert!((stdout + &stderr).contains("`quarters` must be from 1 to 100"), "told");
}

#[test]
fn the_same_data_give_the_same_workbook_and_share_it() {
    let (out, one, other) = (folder(), folder(), folder());
    sample(out.path(), 73, 40, 3, 8);
    for store in [&one, &other] {
        run(out.path(), store.path(), "[reports]\nquarters = 1", &[]);
    }
    let (first, second) = (reports(one.path(), "current"), reports(other.path(), "current"));
    assert!(first.keys().any(|name| name.ends_with(".xlsx")));
    assert!(first == second, "not the same bytes");
}

#[test]
fn a_text_that_looks_like_a_formula_is_text() {
    let (out, store) = (folder(), folder());
    sample(out.path(), 74, 40, 4, 8);
    let register = out.path().join("config/registers/parks.csv");
    let text = fs::read_to_string(&register).unwrap();
    let names = ["=1+1", "+cmd|calc", "-2+3", "@SUM(1)"];
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (line, name) in lines.iter_mut().skip(1).zip(names) {
        let cells: Vec<&str> = line.split(',').collect();
        *line = line.replacen(cells[1], name, 1);
    }
    fs::write(&register, lines.join("\n") + "\n").unwrap();
    run(out.path(), store.path(), "[reports]\nquarters = 1", &[]);
    let reports = reports(store.path(), "current");
    let (_, workbook) = reports.iter().find(|(name, _)| name.ends_with(".xlsx")).unwrap();
    let parts = String::from_utf8_lossy(&unpacked(workbook)).into_owned();
    assert!(!parts.contains("<f>") && !parts.contains("<f "), "a formula");
    let (_, csv) = reports.iter().find(|(name, _)| name.ends_with("/csv/parks.csv")).unwrap();
    let csv = String::from_utf8_lossy(csv);
    for name in names {
        assert!(parts.contains(&format!(">{name}<")), "{name} is not in the workbook");
        assert!(csv.contains(&format!(",'{name},")), "{name} is not defused in the CSV");
    }
}

#[test]
fn every_unit_of_an_indicator_is_written_in_both_languages() {
    for indicator in &CONFIG.indicators {
        let unit = Language::English.unit(&indicator.unit);
        assert!(unit.is_ascii() || unit.ends_with('²'), "{}: {unit}", indicator.id);
    }
    assert_eq!(Language::Chinese.unit("比率"), "");
    assert_eq!(Language::Chinese.unit("万元/亩"), "万元/亩");
}
