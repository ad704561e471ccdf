//! Numbers, days and settings at their bounds: nothing wraps, nothing is believed that cannot be.

use std::collections::BTreeMap;
use std::fs;

use model::Models;
use model::engine::{self, Error, Table};
use vocab::frame::{Frame, Values};
use vocab::scalars::Scalars;

use crate::cli::{bare, replace, shown};
use crate::quarantine::Site;
use crate::support::{finish, tree};

/// Tables of whole numbers: name and columns.
type Tables<'a> = &'a [(&'a str, &'a [(&'a str, Vec<i64>)])];

/// Runs one model over tables of whole numbers; the rows of its first column, or the columns of what does not fit.
fn model(sql: &str, tables: Tables<'_>) -> Result<Vec<Option<i64>>, Vec<String>> {
    let models = Models::resolve(&BTreeMap::from([("made.sql".to_owned(), sql.to_owned())])).unwrap();
    let table = |(name, columns): &(&str, &[(&str, Vec<i64>)])| {
        let frame = columns.iter().fold(Frame::new(), |frame, (name, values)| {
            frame.with(*name, Values::Int(values.iter().map(|value| Some(*value)).collect::<Scalars<i64>>()))
        });
        ((*name).to_owned(), Table::of(name, frame).unwrap())
    };
    match engine::run(&models, tables.iter().map(table).collect(), |_| true) {
        Ok(made) => Ok(made["made"].ints("x").unwrap().iter().collect()),
        Err(Error::Overflow { model, columns }) => {
            assert_eq!(model, "made");
            Err(columns)
        }
        Err(error) => panic!("{sql}: {error}"),
    }
}

const MAX: i64 = i64::MAX;

#[test]
fn a_sum_beyond_64_bits_is_an_error_that_names_its_column_and_one_within_is_exact() {
    let sum = "SELECT g, SUM(v) AS x FROM t GROUP BY g";
    let with = |values: Vec<i64>| model(sum, &[("t", &[("g", vec![1; values.len()]), ("v", values)])]);
    assert_eq!(with(vec![MAX, MAX]), Err(vec!["v".to_owned()]));
    assert_eq!(with(vec![-MAX, -MAX]), Err(vec!["v".to_owned()]));
    assert_eq!(with(vec![MAX / 2, MAX / 2 - 1_000_000_000_000_000]), Ok(vec![Some(MAX - 1_000_000_000_000_001)]));
    // What fits in the end may leave the range on the way.
    assert_eq!(with(vec![MAX, MAX, -MAX, -MAX, 7]), Ok(vec![Some(7)]));
}

#[test]
fn what_joins_unions_and_windows_repeat_is_looked_at_as_well() {
    // Twice the first one fits by a hair, nearer to the end than a companion can tell: refused, and without wrapping either.
    let t: Tables<'_> = &[("t", &[("k", vec![1, 2]), ("v", vec![MAX / 2 - 500, 12])])];
    for sql in [
        "SELECT a.k, SUM(a.v) AS x FROM t AS a INNER JOIN t AS b ON a.k <= b.k GROUP BY a.k",
        "SELECT SUM(v) AS x FROM (SELECT v FROM t UNION ALL SELECT v FROM t) AS u",
        "SELECT s + s AS x FROM (SELECT k, SUM(v) AS s FROM t GROUP BY k) AS u",
        "SELECT SUM(v * 2) AS x FROM t",
        "SELECT SUM(v + v) OVER (PARTITION BY k - k) AS x FROM t",
        "SELECT SUM(CASE WHEN k > 0 THEN v END) + SUM(v) AS x FROM t",
    ] {
        assert!(model(sql, t).is_err(), "{sql}");
    }
    // A table without rows takes nothing away where it is joined to others.
    let with_empty = [t[0], ("e", &[("k", Vec::new())][..])];
    let kept = "SELECT SUM(a.v) + SUM(a.v) AS x FROM t AS a LEFT JOIN e ON e.k = a.k";
    assert!(model(kept, &with_empty).is_err());
    // A join that repeats nothing leaves a sum as it is.
    let joined = "SELECT SUM(a.v) AS x FROM t AS a INNER JOIN t AS b ON b.k = a.k";
    assert_eq!(model(joined, t), Ok(vec![Some(MAX / 2 - 488)]));
}

#[test]
fn differences_and_products_cannot_wrap_either() {
    let t: Tables<'_> = &[("t", &[("k", vec![1, 2]), ("v", vec![MAX - 5, 12]), ("w", vec![-9, 3])])];
    assert!(model("SELECT v - w AS x FROM t", t).is_err());
    assert_eq!(
        model("SELECT v - k * 10000000000000 + w AS x FROM t", t),
        Ok(vec![Some(MAX - 10_000_000_000_014), Some(-19_999_999_999_985)])
    );
    assert!(model("SELECT v * w AS x FROM t", t).is_err());
    assert_eq!(model("SELECT w * w * w AS x FROM t", t), Ok(vec![Some(-729), Some(27)]));
    assert!(model("SELECT CASE WHEN k = 1 THEN v * 2 ELSE v END AS x FROM t", t).is_err());
    assert!(model("SELECT k AS x FROM t WHERE v + 100 > 0", t).is_err());
    // A figure made as a fraction that is too large for a whole number.
    assert!(model("SELECT CAST(CAST(v AS DOUBLE) * 100.0 AS BIGINT) AS x FROM t", t).is_err());
}

/// Only where the engine wraps: without optimisation it has checks of its own, which stop it before it can refuse.
#[cfg(not(debug_assertions))]
mod any {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_sum_is_exact_or_refused(values in prop::collection::vec((0_i64..3, prop::num::i64::ANY, 0_u32..63), 1..40)) {
            let values: Vec<(i64, i64)> = values.into_iter().map(|(group, value, shift)| (group, value >> shift)).collect();
            let columns = [("g", values.iter().map(|(g, _)| *g).collect()), ("v", values.iter().map(|(_, v)| *v).collect())];
            let mut sums: BTreeMap<i64, i128> = BTreeMap::new();
            values.iter().for_each(|(group, value)| *sums.entry(*group).or_default() += i128::from(*value));
            let made = model("SELECT g, SUM(v) AS x FROM t GROUP BY g ORDER BY g", &[("t", &columns)]);
            let fits = |sum: &i128| i64::try_from(*sum).is_ok();
            match made {
                Ok(made) => prop_assert_eq!(made, sums.values().map(|sum| i64::try_from(*sum).ok()).collect::<Vec<_>>()),
                // So near to the end that the companion cannot tell, a sum that would fit is refused too.
                Err(_) => prop_assert!(sums.values().any(|sum| !fits(&(sum + sum / 100_000)))),
            }
        }
    }
}

/// The tax list of the first quarter of 2018, with this amount in place of the first ones.
fn tax_of(site: &Site, amounts: &[&str]) -> String {
    let name = tree(&site.path("inbox")).into_keys().find(|name| name.contains("税收_2018年1-3月")).unwrap();
    let path = site.path("inbox").join(&name);
    let mut amounts = amounts.iter();
    let text = fs::read_to_string(&path).unwrap();
    let line = |line: &str| {
        let mut cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
        if cells.len() == 4
            && cells[2].parse::<f64>().is_ok()
            && let Some(amount) = amounts.next()
        {
            cells[2] = (*amount).to_owned();
        }
        cells.join("\t")
    };
    fs::write(&path, text.lines().map(line).collect::<Vec<_>>().join("\n") + "\n").unwrap();
    name
}

const RANGE: &str =
    "[[plausible]]\nof = [\"tax_ytd_fen\", \"tax_prior_ytd_fen\"]\nunit = \"亿元\"\nfrom = -100\nto = 1_000\n";

#[test]
fn figures_that_fit_and_whose_sum_does_not_stop_the_release_with_their_place_and_the_way_out_works() {
    let site = Site::new();
    let definition = site.path("config/sources/tax.toml");
    let text = fs::read_to_string(&definition).unwrap();
    let (before, _) = text.split_once("[[plausible]]").unwrap();
    let rules = &text[text.find("[[test]]").unwrap()..];
    fs::write(&definition, format!("{before}{rules}")).unwrap();
    // 9 × 10^18 fen each: both are numbers like any other.
    let name = tax_of(&site, &["9000000000000", "9000000000000.00"]);
    let (code, stdout, stderr) = finish(&mut site.command(&["run", "--lang", "en"]));
    assert_eq!(code, 4, "{stdout}{stderr}");
    for told in ["M080", &name, "tax.tax_ytd_fen", "config/sources/tax.toml", ":R5", ":R6", "[[plausible]]"] {
        assert!(stderr.contains(told), "{told}: {stderr}");
    }
    assert!(!stderr.contains("9000000000000"), "the figure of an enterprise is told: {stderr}");
    assert!(!site.path("store/current").exists(), "something was published");
    fs::write(&definition, format!("{before}{RANGE}\n{rules}")).unwrap();
    site.run();
    let told = site.ask(&["quarantine"]).to_string();
    assert!(!told.contains("M080"), "{told}");
}

#[test]
fn every_number_of_the_configuration_has_bounds_and_all_mistakes_are_told_at_once() {
    let site = Site::new();
    let cases = [
        (
            "site.toml",
            "max_quarantine_share = 0.5",
            "max_quarantine_share = nan",
            "`max_quarantine_share` must be a finite number",
        ),
        ("site.toml", "minimum_units = 3", "minimum_units = 0", "`minimum_units` must be from 1 to 1000, not 0"),
        ("site.toml", "{ finance = 0.5 }", "{ finance = 1.5 }", "a share is from 0 to 1, not 1.5"),
        ("site.toml", "attempts = 4", "attempts = 1000000", "`attempts` must be from 1 to 20"),
        ("site.toml", "max_rows = 4_000_000", "max_rows = 9_000_000_000_000", "`max_rows` must be from 1 to"),
        ("site.toml", "\"1990Q1\"", "\"1990\"", "`1990` is not a quarter"),
        ("sources/tax.toml", "from = -1_000\n", "from = -inf\n", "`from` must be a finite number"),
        (
            "sources/b203.toml",
            "to = 10_000\n",
            "to = 1e300\n",
            "`to` must be from -1000000000000000 to 1000000000000000",
        ),
        ("indicators/tax_per_mu_ttm.toml", "decimals = 2", "decimals = -2", "`decimals` must be from 0 to 12, not -2"),
        (
            "indicators/tax_per_mu_ytd.toml",
            "order = ",
            "history = 99999\norder = ",
            "`history` must be from 0 to 400, not 99999",
        ),
        ("indicators/enterprises.toml", "order = ", "factor = 0\norder = ", "`factor` must not be 0"),
        ("quality.toml", "least_pairs = 10", "least_pairs = 2", "`least_pairs` must be from 3 to 1000000, not 2"),
        (
            "classification/anyang_2018.toml",
            "minimum_quarters = 8",
            "minimum_quarters = -4",
            "`minimum_quarters` must be from 0 to 400, not -4",
        ),
        ("assessment/henan_example.toml", "cap = 1.2", "cap = inf", "`cap` must be a finite number"),
    ];
    let mut wanted = Vec::new();
    for (file, from, to, told) in cases {
        let path = site.path("config").join(file);
        if !fs::read_to_string(&path).unwrap().contains(from) {
            panic!("{file} has no `{from}`");
        }
        replace(&path, from, to);
        wanted.push((file, told));
    }
    let (code, stdout, stderr) = finish(&mut site.command(&["check", "--lang", "en"]));
    assert_eq!(code, 2, "{stdout}{stderr}");
    let missing: Vec<_> = wanted
        .iter()
        .filter(|(file, told)| !stderr.lines().any(|line| line.starts_with(&format!("{file}:")) && line.contains(told)))
        .collect();
    assert!(missing.is_empty(), "{missing:?}\n{stderr}");
}

#[test]
fn an_export_issued_after_the_day_of_the_run_is_told_and_never_the_latest_one() {
    let site = Site::new();
    site.run();
    let before = site.path("store/current").canonicalize().unwrap();
    let name = tree(&site.path("inbox")).into_keys().find(|name| name.contains("税收_2018年1-3月")).unwrap();
    let text = fs::read_to_string(site.path("inbox").join(&name)).unwrap();
    let future = name.replace("20180420", "20990420");
    // Half of everything, and issued last.
    fs::write(site.path("inbox").join(&future), text.replace("189.48", "94.74")).unwrap();
    let (code, stdout, stderr) = finish(&mut site.command(&["run", "--lang", "en"]));
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("F080") && stdout.contains(&future), "{stdout}");
    let after = site.path("store/current").canonicalize().unwrap();
    let figures = |release: &std::path::Path| {
        let frame = |bytes: Vec<u8>| store::parquet::read(bytes, |name| name != "release").unwrap().frame;
        let files = tree(&release.join("tables")).into_iter().filter(|(name, _)| name.ends_with(".parquet"));
        files.map(|(name, bytes)| (name, frame(bytes))).collect::<BTreeMap<_, _>>()
    };
    assert!(figures(&before) == figures(&after), "figures come from an export of 2099");
    assert!(site.ask(&["plan"])["reasons"].as_array().unwrap().is_empty(), "a run would do it again and again");
}

#[test]
fn an_export_of_a_quarter_that_has_not_begun_or_is_before_the_records_is_told_and_not_used() {
    let site = Site::new();
    site.run();
    let figure = || {
        let bytes = fs::read(site.path("store/current/quality/ledger/part-0.parquet")).unwrap();
        let frame = store::parquet::read(bytes, |_| true).unwrap().frame;
        (0..frame.rows()).filter_map(|row| frame.column("file")?.text(row)).collect::<Vec<String>>()
    };
    let known = figure();
    assert!(known.iter().any(|name| name.contains("2018年1-3月")));
    let name = tree(&site.path("inbox")).into_keys().find(|name| name.contains("税收_2018年1-3月")).unwrap();
    let text = fs::read_to_string(site.path("inbox").join(&name)).unwrap();
    let other = name.replace("2018年1-3月_20180420", "2098年1-3月_20180421");
    fs::write(site.path("inbox").join(&other), text.replace("2018年1-3月", "2098年1-3月")).unwrap();
    let (code, stdout, stderr) = finish(&mut site.command(&["run", "--lang", "en"]));
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("C080") && stdout.contains(&other), "{stdout}");
    assert_eq!(figure(), known, "it counts as used");
    fs::remove_file(site.path("inbox").join(&other)).unwrap();
    replace(&site.path("config/site.toml"), "\"1990Q1\"", "\"2017Q2\"");
    let (code, stdout, stderr) = finish(&mut site.command(&["run", "--lang", "en"]));
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("C080") && stdout.contains("2017Q2–2018Q1"), "{stdout}");
    assert!(!figure().iter().any(|name| name.contains("税收_2017年1-3月")), "an export before the records is used");
}

#[test]
fn days_and_quarters_that_cannot_be_are_mistakes_of_whoever_asks_for_them() {
    let site = Site::new();
    for args in [
        ["--as-of", "2099-01-01"],
        ["--as-of", "1905-01-01"],
        ["--quarter", "2099Q4"],
        ["--from", "2099Q1"],
        ["--to", "1911Q4"],
    ] {
        for command in ["run", "plan"] {
            let text = shown(&mut site.command(&[&[command, "--lang", "en"], args.as_slice()].concat()), &[]);
            assert!(text.starts_with("exit 2\n") && text.contains("the records begin with 1990Q1"), "{text}");
        }
    }
    assert!(!site.path("store").exists());
    let text = shown(&mut bare(&["run", "--help"]), &[]);
    assert!(text.contains("130") && text.contains("143"), "exit codes are not in the help: {text}");
}
