//! Enterprises are classified by what departments know, never by what they report for statistics; and who is in which class
//! is for the administration alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use tempfile::TempDir;

use mujun::store::parquet;
use mujun::vocab::scalars::Scalars;

use crate::support::{finish, folder, mujun, root, run_sample, sample, tree};

/// The sample's configuration and models, with some files changed: name, text that is there, text in its place.
fn changed(changes: &[(&str, &str, &str)]) -> TempDir {
    let copy = folder();
    for top in ["config", "pipelines"] {
        for (name, bytes) in tree(&root().join(top)) {
            let mut text = String::from_utf8(bytes).unwrap();
            let name = format!("{top}/{name}");
            for (_, from, to) in changes.iter().filter(|(file, ..)| *file == name) {
                assert_eq!(text.matches(from).count(), 1, "{name}: {from}");
                text = text.replace(from, to);
            }
            let path = copy.path().join(&name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
    copy
}

fn check(config: &Path) -> (i32, String) {
    let (code, stdout, stderr) =
        finish(mujun(config).args(["--lang", "en", "check", "--config"]).arg(config.join("config")));
    (code, stdout + &stderr)
}

#[test]
fn a_classification_that_reads_a_survey_by_any_way_is_refused_and_the_way_is_named() {
    let evaluation = (
        "pipelines/models/administrative_quarter.sql",
        "FROM stay_quarter AS s",
        "FROM stay_quarter AS s LEFT JOIN value_added AS w ON w.unit_quarter = s.unit_quarter",
    );
    let (code, said) = check(changed(&[evaluation]).path());
    assert_eq!(code, 2, "{said}");
    let way =
        "classification_value reads enterprise_evaluation reads administrative_quarter reads value_added reads output";
    assert!(said.contains(way) && said.contains("\"survey\" (sources/b204-1.toml)"), "{said}");
    // What a department says now may turn out to be a survey later.
    let meter = ("config/sources/meter.toml", "\"administrative\"", "\"survey\"");
    let (code, said) = check(changed(&[meter]).path());
    assert!(code == 2 && said.contains("`meter`, whose collection is \"survey\""), "{said}");
}

#[test]
fn every_mistake_in_a_method_is_told_at_once_with_its_line_and_a_hint() {
    let method = "config/classification/anyang_2018.toml";
    let (code, said) = check(
        changed(&[
            (method, "a = 0.15\n", "a = 1.15\n"),
            (method, "c_order = [\"output_per_energy\", ", "c_order = [\"output_per_enegy\", "),
            (method, "weight = 40", "weight = 45"),
            (method, "numerator = \"research_ttm_fen\"", "numerator = \"revenue_ttm_fen\""),
            (method, "unit = \"万元/吨标准煤\"", "unit = \"万元/人\""),
            ("config/site.toml", "\"anyang_2018\"", "\"anyang_2019\""),
        ])
        .path(),
    );
    assert_eq!(code, 2, "{said}");
    for mistake in [
        "anyang_2018.toml:8:5: `a` must be a share from 0 to 1",
        "`output_per_enegy` is not a measure of this method; did you mean `output_per_energy`?",
        "the weights of all measures must make 100; here they make 105",
        "`revenue_ttm_fen` is not a column of enterprise_evaluation",
        "`万元/人` does not fit the unit that the columns are in: fen / gce",
        "there is no method classification/anyang_2019.toml; did you mean `anyang_2018`?",
    ] {
        assert!(said.contains(mistake), "{mistake}: {said}");
    }
}

#[test]
fn every_mistake_in_an_assessment_is_told_at_once_with_its_line_and_a_hint() {
    let method = "config/assessment/henan_example.toml";
    let (code, said) = check(
        changed(&[
            (method, "indicator = \"real_growth_ytd\"", "indicator = \"real_grwth_ytd\""),
            (method, "weight = { 2017 = 18, 2019 = 20 }", "weight = { 2017 = 18, 2019 = 21 }"),
            (method, "benchmark = { 2017 = -4 }", "benchmark = { 2017 = 4 }"),
            (method, "{ 2 = 50, 3 = 60, 4 = 70, 5 = 80, 6 = 90 }", "{ 2 = 50, 3 = 60, 4 = 55 }"),
            ("config/site.toml", "\"henan_example\"", "\"henan\""),
        ])
        .path(),
    );
    assert_eq!(code, 2, "{said}");
    for mistake in [
        "there is no indicator `real_grwth_ytd`; did you mean `real_growth_ytd`?",
        "the weights of all parts must make 100; from 2019 on they make 101",
        "`benchmark` is the value that gives nothing (`zero`)",
        "henan_example.toml:7:9: `stars` is the least score of two, three … stars, each above the one before",
        "there is no method assessment/henan.toml",
    ] {
        assert!(said.contains(mistake), "{mistake}: {said}");
    }
}

#[test]
fn a_figure_by_hand_that_a_method_does_not_give_fails_the_check() {
    for (file, from, to, words) in [
        ("config/classification/huangyan_2022.toml", "total = 113.17392800920797", "total = 113.1739280", "`total`"),
        (
            "config/classification/anyang_2018.toml",
            "classes = { A = 37, B = 176",
            "classes = { A = 35, B = 178",
            "expected 35 of class A, got 37",
        ),
        (
            "config/classification/anyang_2018.toml",
            "rounding = \"half_up\"",
            "rounding = \"down\"",
            "expected 37 of class A, got 30",
        ),
        ("config/assessment/henan_example.toml", "expect = 53.0", "expect = 54.0", "expected a score of Some(54.0)"),
    ] {
        let (code, said) = check(changed(&[(file, from, to)]).path());
        assert!(code == 2 && said.contains(words), "{from}: {said}");
    }
}

#[test]
fn a_source_that_does_not_say_who_collected_it_is_refused_with_the_three_words() {
    let (code, said) = check(changed(&[("config/sources/tax.toml", "collection = \"administrative\"\n", "")]).path());
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("sources/tax.toml") && said.contains("`collection` is missing: \"survey\""), "{said}");
}

/// Every text of every table and file of a release, by the name of the file.
fn texts(release: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    for (name, bytes) in tree(release) {
        let mut texts = BTreeSet::new();
        if name.ends_with(".parquet") {
            let frame = parquet::read(bytes, |_| true).unwrap().frame;
            for (column, values) in frame.columns() {
                texts.insert(column.clone());
                texts.extend((0..frame.rows()).filter_map(|row| values.text(row)));
            }
        } else {
            texts.extend(String::from_utf8_lossy(&bytes).split([',', '\n', '"', ' ']).map(str::to_owned));
        }
        all.insert(name, texts);
    }
    all
}

#[test]
fn the_list_of_classified_enterprises_is_in_the_internal_release_and_nothing_of_it_in_the_public_one() {
    let (out, internal, public) = (folder(), folder(), folder());
    sample(out.path(), 11, 200, 8, 8);
    let register = fs::read_to_string(out.path().join("config/registers/enterprise_park.csv")).unwrap();
    let codes: BTreeSet<&str> = register.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    assert!(codes.len() == 200 && codes.iter().all(|code| code.len() == 9), "{codes:?}");
    assert_eq!(finish(&mut run_sample(out.path(), internal.path())).0, 0);
    let (code, _, stderr) = finish(run_sample(out.path(), public.path()).args(["--profile", "public"]));
    assert_eq!(code, 0, "{stderr}");
    let list = internal.path().join("current/tables/classification/quarter=2018Q4/part-0.parquet");
    let frame = parquet::read(fs::read(list).unwrap(), |_| true).unwrap().frame;
    let column = |name: &str| -> Vec<&str> { frame.texts(name).unwrap().iter().flatten().collect() };
    let named = column("unit_code");
    assert!(named.len() > 100 && named.iter().all(|code| codes.contains(code)), "{named:?}");
    assert!(named.is_sorted(), "a release has one order");
    let classes: BTreeSet<&str> = column("class").into_iter().collect();
    assert_eq!(classes, BTreeSet::from(["A", "B", "C"]));
    let total = frame.floats("score_total").unwrap();
    let parts: Vec<&Scalars<f64>> = frame
        .columns()
        .iter()
        .filter(|(name, _)| name.starts_with("score_") && name != "score_total")
        .map(|(name, _)| frame.floats(name).unwrap())
        .collect();
    assert_eq!(parts.len(), 4);
    for (row, total) in total.iter().enumerate() {
        let sum: f64 = parts.iter().map(|part| part.get(row).unwrap()).sum();
        assert!((sum - total.unwrap()).abs() < 1e-8 && sum <= 100.0, "{sum} {total:?}");
    }
    for (name, texts) in texts(&public.path().join("current/")) {
        assert!(!name.contains("classification"), "{name}");
        assert!(!name.ends_with(".parquet") || !texts.contains("unit_code"), "{name}");
        let leaked = texts.iter().find(|text| codes.contains(text.as_str()));
        assert_eq!(leaked, None, "{name}");
    }
}
