//! What is said of figures before they are published: planted mistakes are found, and nothing is said that gives one away.

use std::collections::BTreeMap;
use std::fs;

use config::Config;
use config::quality::{Benchmark, Outliers, Relation};
use model::quality::{benchmarks, outliers};
use store::parquet;
use vocab::frame::{Frame, Values};
use vocab::level::Level;
use vocab::period::Span;

use crate::cli::{copy_config, replace};
use crate::quarantine::Site;
use crate::support::{cells, finish, folder, root, tree};

/// Rows of a table in the store, by the names of its columns.
fn rows(site: &Site, path: &str) -> Vec<BTreeMap<String, String>> {
    let bytes = fs::read(site.path("store").join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let frame = parquet::read(bytes, |_| true).unwrap().frame;
    let row = |row: usize| {
        frame.columns().iter().map(|(name, values)| (name.clone(), values.text(row).unwrap_or_default())).collect()
    };
    (0..frame.rows()).map(row).collect()
}

fn quality(site: &Site, table: &str) -> Vec<BTreeMap<String, String>> {
    rows(site, &format!("current/quality/{table}/part-0.parquet"))
}

/// Gives one enterprise of a park output, sales and exports of the first half of 2017 in yuan and not in thousands of yuan; its
/// organisation code.
fn plant(site: &Site) -> String {
    let inbox = tree(&site.path("inbox"));
    let name = inbox.keys().find(|name| name.contains("B204-1") && name.contains("2017年1-6月")).unwrap();
    let register = fs::read_to_string(site.path("config/registers/enterprise_park.csv")).unwrap();
    let text = String::from_utf8(inbox[name].clone()).unwrap();
    let mut planted = None;
    let line = |line: &str| {
        let mut row = cells(line);
        let is_plain = |cell: &String| !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
        let code = row[0].clone();
        let in_park = |register: &str| register.contains(&code[8..17]) && register.contains(",41");
        if planted.is_none()
            && code.len() == 18
            && row.len() == 9
            && row[3..].iter().all(is_plain)
            && register.lines().any(in_park)
        {
            for column in [3, 5, 7] {
                let thousand = if row[column] == "0" { "" } else { "000" };
                row[column].push_str(thousand);
            }
            planted = Some(code[8..17].to_owned());
            return row.join(",");
        }
        line.to_owned()
    };
    let text: Vec<String> = text.lines().map(line).collect();
    fs::write(site.path("inbox").join(name), text.join("\r\n") + "\r\n").unwrap();
    planted.expect("a row of plain numbers")
}

#[test]
fn a_form_in_the_wrong_unit_is_counted_named_inside_and_told_nowhere_else() {
    let site = Site::new();
    site.run();
    assert!(quality(&site, "form_failures").is_empty(), "the sample's forms agree");
    let code = plant(&site);
    site.run();
    let failures: Vec<_> =
        quality(&site, "form_failures").into_iter().filter(|row| row["time_period"] == "2017-Q2").collect();
    let rules: Vec<&str> = failures.iter().map(|row| row["form_rule"].as_str()).collect();
    assert!(rules.contains(&"revenue_and_sales"), "{failures:?}");
    assert!(failures.iter().all(|row| row["unit_code"] == code), "{failures:?}");
    assert!(failures.iter().all(|row| row["suspected_as"] == "unit_too_large_x1000"), "{failures:?}");
    assert!(failures.iter().all(|row| row["suspects"].contains("output.sales_ytd_fen")), "{failures:?}");
    let counts = quality(&site, "form_rules");
    let count = counts
        .iter()
        .find(|row| {
            row["level"] == "province" && row["time_period"] == "2017-Q2" && row["form_rule"] == "revenue_and_sales"
        })
        .unwrap();
    assert_eq!(count["failed"], "1", "{count:?}");
    let told = quality(&site, "problems");
    let told: Vec<&String> = told.iter().filter(|row| row["code"] == "M002").map(|row| &row["found"]).collect();
    assert!(told.iter().any(|found| found.starts_with("2017-Q2 revenue_and_sales: 1 / ")), "{told:?}");

    let (code_of, stdout, stderr) = finish(&mut site.command(&["run", "--profile", "public"]));
    assert_eq!(code_of, 0, "{stderr}");
    assert!(!stdout.contains(&code));
    let release = tree(&site.path("store/current-public").canonicalize().unwrap());
    for internal in ["quality/form_failures", "quality/outliers"] {
        assert!(!release.keys().any(|name| name.starts_with(internal)), "{internal}");
    }
    assert!(release.keys().any(|name| name.starts_with("quality/form_rules")));
    for (name, bytes) in release.iter().filter(|(name, _)| name.ends_with(".parquet")) {
        let frame = parquet::read(bytes.clone(), |_| true).unwrap().frame;
        for (column, values) in frame.columns() {
            let shows = (0..frame.rows()).any(|row| values.text(row).is_some_and(|text| text.contains(&code)));
            assert!(!shows, "{name} {column}");
        }
    }
}

#[test]
fn a_dataset_with_a_hole_is_not_published_and_the_last_release_stands() {
    let site = Site::new();
    replace(&site.path("config/site.toml"), "finance = 0.5", "finance = 0.5, tax = 0.9, tax_per_mu_ytd = 0.5");
    site.run();
    let before = fs::read_link(site.path("store/current")).unwrap();
    let covered = quality(&site, "coverage");
    let tax = covered
        .iter()
        .find(|row| row["item"] == "tax" && row["level"] == "province" && row["time_period"] == "2017-Q2")
        .unwrap();
    assert_eq!((tax["subject"].as_str(), tax["imputed_share"].as_str()), ("dataset", ""), "{tax:?}");
    let imputed =
        covered.iter().find(|row| row["item"] == "energy_intensity_ytd" && row["level"] == "province").unwrap();
    assert_eq!(imputed["imputed_share"], "1", "value added is imputed, and the table says so");

    let name = tree(&site.path("inbox")).into_keys().find(|name| name.contains("税收_2017年1-6月")).unwrap();
    fs::remove_file(site.path("inbox").join(name)).unwrap();
    let (code, _, stderr) = finish(&mut site.command(&["run", "--lang", "en"]));
    assert_eq!(code, 4, "{stderr}");
    assert!(stderr.contains("tax 2017Q2: 0.0 % (the gate asks for 90.0 %)"), "{stderr}");
    assert!(stderr.contains("gates.min_coverage.tax"), "the way out: {stderr}");
    assert_eq!(fs::read_link(site.path("store/current")).unwrap(), before);
}

#[test]
fn a_revision_is_explained_by_its_export_and_one_with_equal_values_is_an_empty_table() {
    let site = Site::new();
    let first = site.ask(&["run"]);
    assert!(first["summary"]["revised"].is_null(), "nothing stood before");
    let name = tree(&site.path("inbox")).into_keys().find(|name| name.contains("税收_2018年1-3月")).unwrap();
    let list = fs::read_to_string(site.path("inbox").join(&name)).unwrap();
    // The last row's amount doubled: a revised list, issued later.
    let mut lines: Vec<String> = list.lines().map(str::to_owned).collect();
    let last =
        lines.iter().rposition(|line| line.split('\t').nth(2).is_some_and(|n| n.parse::<f64>().is_ok_and(|n| n > 0.0)));
    let at = last.unwrap();
    let mut row: Vec<String> = lines[at].split('\t').map(str::to_owned).collect();
    row[2] = format!("{:.2}", row[2].parse::<f64>().unwrap() * 2.0);
    lines[at] = row.join("\t");
    let later = name.replace("20180420", "20180520");
    fs::write(site.path("inbox").join(&later), lines.join("\n") + "\n").unwrap();
    let told = site.ask(&["run"]);
    let revised = &told["summary"]["revised"];
    assert_eq!(revised["against"], first["summary"]["release"]);
    let changed = rows(&site, &format!("{}/revisions.parquet", revised["folder"].as_str().unwrap()));
    assert_eq!(revised["revised"], changed.len());
    let province =
        changed.iter().find(|row| row["level"] == "province" && row["indicator"] == "tax_per_mu_ytd").unwrap();
    assert_eq!((province["time_period"].as_str(), &province["cause"]), ("2018-Q1", &format!("+{later}")));
    let [old, new, by] = ["old", "new", "revision"].map(|name| province[name].parse::<f64>().unwrap());
    assert!(new > old && (new - old - by).abs() < 1e-12);
    // Enterprises are classified and parks assessed by tax, too.
    let by_tax = |name: &str| ["tax_per_", "class_", "assessment_"].iter().any(|start| name.starts_with(start));
    assert!(changed.iter().all(|row| by_tax(&row["indicator"])), "only tax was revised");
    let summary = rows(&site, &format!("{}/revision_summary.parquet", revised["folder"].as_str().unwrap()));
    let one = summary.iter().find(|row| row["level"] == "province" && row["indicator"] == "tax_per_mu_ytd").unwrap();
    assert_eq!((one["up"].as_str(), one["down"].as_str(), one["same_sign"].as_str()), ("1", "0", "1"));

    // The same values once more, in an export with other bytes.
    let again = name.replace("20180420", "20180620");
    fs::write(site.path("inbox").join(again), lines.join("\n") + "\n\n").unwrap();
    let told = site.ask(&["run"]);
    let revised = &told["summary"]["revised"];
    assert_eq!(revised["revised"], 0);
    assert!(revised["compared"].as_u64().unwrap() > 0, "{revised}");
    assert!(rows(&site, &format!("{}/revisions.parquet", revised["folder"].as_str().unwrap())).is_empty());
}

/// A table of areas: level, area, quarter, and columns of figures.
fn areas(rows: &[(&str, &str, i64, Vec<i64>)], columns: &[&str]) -> Frame {
    type Row<'a> = (&'a str, &'a str, i64, Vec<i64>);
    let text = |pick: fn(&Row<'_>) -> String| Values::Text(rows.iter().map(|row| Some(pick(row))).collect());
    let frame = Frame::new()
        .with("level", text(|row| row.0.to_owned()))
        .with("ref_area", text(|row| row.1.to_owned()))
        .with("ref_area_name", text(|row| row.1.to_owned()))
        .with("quarter", Values::Int(rows.iter().map(|row| Some(row.2)).collect()));
    columns.iter().enumerate().fold(frame, |frame, (at, name)| {
        frame.with(*name, Values::Int(rows.iter().map(|row| Some(row.3[at])).collect()))
    })
}

fn with() -> Outliers {
    Outliers {
        measures: vec!["tax_ytd_fen".to_owned()],
        level: Level::Park,
        least_pairs: 10,
        u: 0.5,
        a: 0.05,
        c: 10.0,
        floor: 0.05,
        threshold: 6.0,
        least_spread: 0.05,
    }
}

#[test]
fn a_park_that_trebles_stands_out_and_nine_parks_say_nothing() {
    let names: Vec<String> = (0..12).map(|at| format!("p{at}")).collect();
    let row = |at: usize, quarter: i64| {
        let tax = 1_000_000 + 10_000 * at as i64;
        let grown = if at == 7 { tax * 3 } else { tax + tax / 20 + 1000 * at as i64 };
        ("park", names[at].as_str(), quarter, vec![if quarter == 8075 { grown } else { tax }])
    };
    let table = |parks: usize| {
        let all: Vec<_> = (0..parks).flat_map(|at| [row(at, 8071), row(at, 8075)]).collect();
        areas(&all, &["tax_ytd_fen"])
    };
    let found = outliers::find(&with(), &table(12), Span::default());
    let told: Vec<_> = found.iter().map(|one| (one.area.as_ref().unwrap().0.as_str(), one.method.unwrap())).collect();
    assert_eq!(told, [("p7", "hidiroglou_berthelot"), ("p7", "log_ratio")]);
    let problems = outliers::problems(&found);
    assert_eq!(problems.len(), 1);
    assert_eq!(
        (problems[0].rule.code, problems[0].value.as_ref().map(vocab::Said::en)),
        ("M004", Some("2018-Q4 tax_ytd_fen: p7"))
    );

    let few = outliers::find(&with(), &table(9), Span::default());
    assert_eq!(few.len(), 1);
    assert_eq!((few[0].area.as_ref(), few[0].pairs), (None, 9));
    assert_eq!(outliers::problems(&few)[0].rule.code, "M007");
    assert!(
        outliers::find(&with(), &table(12), Span::of_columns(8071, 8074)).is_empty(),
        "only quarters that are published"
    );
}

#[test]
fn a_sum_above_the_whole_and_a_published_series_that_falls_are_told_and_nothing_is_forced() {
    let benchmark = Benchmark {
        id: "value_added".to_owned(),
        measure: "va".to_owned(),
        published: "published".to_owned(),
        level: Level::Province,
        relation: Relation::Part,
        rounding: 100,
        parts: "parks".to_owned(),
    };
    let year = |figures: [(i64, i64); 4]| {
        let rows: Vec<_> =
            (8072..).zip(figures).map(|(quarter, (va, of))| ("province", "41", quarter, vec![va, of, 4])).collect();
        benchmarks::compare(
            std::slice::from_ref(&benchmark),
            &areas(&rows, &["va", "published", "parks"]),
            Span::default(),
        )
    };
    let codes = |compared: &[benchmarks::Compared]| -> Vec<&str> {
        benchmarks::problems(std::slice::from_ref(&benchmark), compared).iter().map(|one| one.rule.code).collect()
    };
    // Four parts, half a unit of 100 each: 200 are rounding, 201 are not.
    let good = year([(1000, 1000), (2200, 2000), (3000, 3000), (4000, 8000)]);
    assert!(codes(&good).is_empty());
    assert_eq!(codes(&year([(1000, 1000), (2201, 2000), (3000, 3000), (4000, 8000)])), ["M005"]);
    assert_eq!(codes(&year([(1000, 2000), (1100, 1900), (1200, 3000), (1300, 4000)])), ["M006"]);
    let path: Vec<f64> = good.iter().map(|one| one.benchmarked.unwrap()).collect();
    assert!((path.iter().sum::<f64>() - 8000.0).abs() < 1e-6, "the path adds up to the published year: {path:?}");
    assert!((path[1] / path[0] - 1.2).abs() < 1e-9, "and moves as the sum does");
    assert_eq!(good[1].sum_added, Some(1200), "beside it stands the sum as it is");
    // Without the second quarter the published series adds two quarters at once, and the sum has no quarter of its own.
    let rows: Vec<_> =
        [(8072, 1000), (8074, 3000)].map(|(quarter, va)| ("province", "41", quarter, vec![va, va, 4])).into();
    let hole = benchmarks::compare(
        std::slice::from_ref(&benchmark),
        &areas(&rows, &["va", "published", "parks"]),
        Span::default(),
    );
    assert_eq!((hole[1].published_added, hole[1].sum_added, hole[1].benchmarked), (Some((2000, 6)), None, None));
}

#[test]
fn every_mistake_in_the_rules_of_quality_is_told_at_once() {
    let config = folder();
    copy_config(config.path());
    let (quality, site) = (config.path().join("config/quality.toml"), config.path().join("config/site.toml"));
    replace(&quality, "left = \"output.sales_ytd_fen\"", "left = \"output.sale_ytd_fen\"");
    replace(&quality, "mixed_units = true      # 1 gram", "# 1 gram");
    replace(&quality, "ratio = 0.5\n", "ratio = -0.5\n");
    replace(&quality, "id = \"tax_since_january\"", "id = \"energy_since_january\"");
    replace(&quality, "level = \"park\"", "level = \"parks\"");
    replace(&quality, "relation = \"part\"", "relation = \"parts\"");
    replace(&site, "finance = 0.5", "finanse = 1.5");
    let text = |path: &std::path::Path| fs::read_to_string(path).unwrap();
    let mut files: BTreeMap<String, String> = tree(&root().join("config"))
        .into_iter()
        .filter(|(name, _)| name.ends_with(".toml"))
        .map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap()))
        .collect();
    files.insert("quality.toml".to_owned(), text(&quality));
    files.insert("site.toml".to_owned(), text(&site));
    let told: Vec<String> = Config::resolve(&files).unwrap_err().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!("quality_mistakes", told.join("\n"));
}

#[test]
fn a_column_that_the_areas_do_not_have_is_told_by_check_and_stops_a_run() {
    let site = Site::new();
    replace(&site.path("config/quality.toml"), "    \"tax_ytd_fen\",", "    \"tax_ytd_fem\",");
    for command in ["check", "run"] {
        let mut command = site.command(&[command, "--lang", "en"]);
        let (code, stdout, stderr) = finish(&mut command);
        assert_eq!(code, 2, "{stdout}{stderr}");
        let told = stdout + &stderr;
        assert!(told.contains("`tax_ytd_fem` is not a column of area_quarter; did you mean `tax_ytd_fen`?"), "{told}");
    }
}
