//! A calibrated sample gives the published totals, through the whole pipeline.

use std::collections::BTreeMap;
use std::fs;

use crate::support::{cells, finish, folder, is_slow, mujun, run_sample};

/// What is published of the parks for 2018, and how far a release may be off: half a percent.
const PUBLISHED: [(&str, f64); 6] = [
    ("share_of_province_va_ytd", 71.6),
    ("contribution_ytd", 97.3),
    ("planned_area", 3758.0),
    ("built_up_area", 2200.0),
    ("employees_all", 4_800_000.0),
    ("enterprises", 7890.0),
];

fn check(seed: &str, from: &str, quarters: &str) {
    let (out, store) = (folder(), folder());
    let mut synth = mujun(out.path());
    synth.arg("synth").arg("--out").arg(out.path()).args(["--anchors", "2018", "--no-discrete", "--seed", seed]);
    let (code, _, stderr) = finish(synth.args(["--from", from, "--quarters", quarters]));
    assert_eq!(code, 0, "{stderr}");
    let (code, said, stderr) =
        finish(run_sample(out.path(), store.path()).args(["--lang", "en", "--quarter", "2018Q4", "--make-current"]));
    assert_eq!(code, 0, "{stderr}");
    assert!(said.contains("180 parks") && said.contains("synthetic"), "{said}");
    let province = fs::read_to_string(store.path().join("current/reports/2018Q4/csv/province.csv")).unwrap();
    let mut lines = province.trim_start_matches('\u{feff}').lines().map(cells);
    let head = lines.next().unwrap();
    let at = |name: &str| head.iter().position(|column| column == name).unwrap();
    let (indicator, value) = (at("indicator"), at("value"));
    let found: BTreeMap<String, f64> =
        lines.filter_map(|row| Some((row[indicator].clone(), row[value].parse().ok()?))).collect();
    for (name, published) in PUBLISHED {
        let off = (found[name] / published - 1.0).abs();
        assert!(off <= 0.005, "{name}: {} instead of {published}", found[name]);
    }
}

#[test]
fn a_sample_calibrated_to_2018_reproduces_the_published_totals() {
    check("2019", "2018Q4", "1");
}

#[test]
fn a_calibrated_sample_of_several_years_reproduces_them_too() {
    if is_slow() {
        check("1", "2016Q1", "14");
        check("2", "2017Q1", "12");
    }
}

#[test]
fn a_sample_that_does_not_reach_the_year_of_its_anchors_is_refused() {
    let out = folder();
    for anchors in ["2018", "2017"] {
        let mut synth = mujun(out.path());
        synth.arg("synth").arg("--out").arg(out.path()).args(["--anchors", anchors, "--from", "2019Q1"]);
        let (code, _, stderr) = finish(&mut synth);
        assert_eq!(code, 2, "{stderr}");
        assert!(stderr.contains("2018Q4"), "{stderr}");
    }
}
