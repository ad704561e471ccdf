//! The worked examples of methods, each against the code that the pipeline uses: functions, or the SQL models and indicators.

use std::collections::BTreeMap;
use std::fs;
use std::sync::LazyLock;

use config::coverage::{Least, Sufficiency};
use model::engine::{Table, query};
use model::fraction::Fraction;
use model::indicators::{Collected, Known, Value as Figure, compute};
use model::methods::benchmark::denton_cholette;
use model::methods::increments::{increments, over};
use model::methods::localise::{Edit, Systematic, fewest_fields, systematic};
use model::methods::outliers::{Effects, SpreadFrom, hidiroglou_berthelot, log_ratios};
use model::methods::revision::revisions;
use model::methods::sum;
use serde_json::Value;
use vocab::frame::{Frame, Values};
use vocab::scalars::Scalars;

use crate::support::{CONFIG, MODELS, root, shared};

/// The examples by name; none, with a line that says so, where they are not at hand.
static EXAMPLES: LazyLock<Option<BTreeMap<String, Value>>> = LazyLock::new(|| {
    let text =
        fs::read_to_string(shared("the worked examples of methods")?.join("golden/methods_golden.json")).unwrap();
    let all: Value = serde_json::from_str(&text).unwrap();
    let examples = all["examples"].as_array().unwrap().iter();
    Some(examples.map(|one| (one["id"].as_str().unwrap().to_owned(), one.clone())).collect())
});

/// Runs a test with the input and the answer of an example.
fn with(id: &str, test: impl FnOnce(&Value, &Value)) {
    if let Some(examples) = EXAMPLES.as_ref() {
        test(&examples[id]["input"], &examples[id]["expected"]);
    }
}

fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|one| one.as_f64().unwrap()).collect()
}

fn float(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

#[track_caller]
fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} is not {expected} within {tolerance}");
}

#[track_caller]
fn all_near(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{found:?} and {expected:?}");
    found.iter().zip(expected).for_each(|(a, b)| near(*a, *b, tolerance));
}

#[test]
fn denton_1_benchmarks_by_cholettes_start_and_not_by_dentons() {
    with("denton_1", |input, expected| {
        let path = denton_cholette(&floats(&input["indicator"]), &floats(&input["annual"]), 4).unwrap();
        all_near(&path, &floats(&expected["benchmarked"]), 0.0005);
        // The manual prints 1042.9 where its own path has 1042.85.
        all_near(&path, &floats(&expected["benchmarked_published_1dp"]), 0.052);
        let wrong = floats(&expected["not_this_original_denton_first4"]);
        assert!(path.iter().zip(wrong).all(|(found, wrong)| (found - wrong).abs() > 1.0));
        near(sum(path[..4].iter().copied()), 4000.0, 1e-9);
    });
}

#[test]
fn a_path_needs_a_positive_indicator_and_no_more_totals_than_it_has_values_for() {
    assert_eq!(denton_cholette(&[1.0, 0.0, 1.0, 1.0], &[4.0], 4), None);
    assert_eq!(denton_cholette(&[1.0, 1.0, 1.0], &[4.0], 4), None);
    assert_eq!(denton_cholette(&[1.0, 1.0, 1.0, 1.0], &[], 4), None);
}

#[test]
fn ytd_1_a_missing_month_makes_a_longer_span_and_is_never_split() {
    with("ytd_1", |input, expected| {
        // Tenths of the unit: amounts are whole numbers.
        let tenths = |value: &Value| (float(value) * 10.0).round() as i64;
        let points: Vec<(u8, i64)> = input["ytd"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(month, value)| (month.rsplit('-').next().unwrap().parse().unwrap(), tenths(value)))
            .collect();
        let found = increments(&points);
        for (found, expected) in found.iter().zip(expected["increments"].as_array().unwrap()) {
            let months: Vec<u64> = (found.from..=found.to).map(u64::from).collect();
            assert_eq!(serde_json::json!(months), expected["months"]);
            assert_eq!(found.value, tenths(&expected["value"]));
        }
        assert_eq!(found.len(), 3);
        let single = expected["months_with_no_single_month_value"].as_array().unwrap();
        let none = |month: &Value| over(&found, month.as_u64().unwrap() as u8, month.as_u64().unwrap() as u8).is_none();
        assert!(single.iter().all(none));
        assert!(expected["q1"].is_null() && over(&found, 1, 3).is_none());
        assert_eq!(over(&found, 1, 7), Some(390_381), "the spans add up");
    });
}

#[test]
fn hb_1_finds_the_outliers_of_univoutl() {
    with("hb_1", |input, expected| {
        let pairs: Vec<(f64, f64)> = floats(&input["y1"]).into_iter().zip(floats(&input["y2"])).collect();
        let plain = Effects { u: float(&input["U"]), a: float(&input["A"]), c: float(&input["C"]), floor: 0.0 };
        let found = hidiroglou_berthelot(&pairs, &plain).unwrap();
        near(found.median_ratio, float(&expected["median_ratio"]), 1e-6);
        all_near(&found.quartiles, &floats(&expected["quartiles_E"]), 1e-6);
        all_near(&found.bounds, &floats(&expected["bounds"]), 1e-6);
        near(found.effects[7], float(&expected["E_8"]), 1e-6);
        near(found.effects[11], float(&expected["E_12"]), 1e-6);
        let outliers: Vec<usize> = (0..pairs.len()).filter(|at| found.is_outlier(*at)).map(|at| at + 1).collect();
        assert_eq!(serde_json::json!(outliers), expected["outliers_1based"]);
    });
}

#[test]
fn equal_changes_make_no_outlier_of_a_slightly_different_one() {
    let mut pairs = vec![(100.0, 105.0); 11];
    pairs.push((100.0, 106.0));
    let outliers = |floor: f64| {
        let found = hidiroglou_berthelot(&pairs, &Effects { u: 0.5, a: 0.05, c: 4.0, floor }).unwrap();
        (0..pairs.len()).filter(|at| found.is_outlier(*at)).count()
    };
    assert_eq!(outliers(0.0), 1, "this is why there is a floor");
    assert_eq!(outliers(0.05), 0);
}

#[test]
fn mad_logratio_1_scores_the_logarithms_of_ratios() {
    with("mad_logratio_1", |input, expected| {
        let pairs: Vec<(f64, f64)> = floats(&input["y1"]).into_iter().zip(floats(&input["y2"])).collect();
        let found = log_ratios(&pairs, 0.0).unwrap();
        near(found.median, float(&expected["median_log_ratio"]), 1e-9);
        near(found.spread, float(&expected["mad_scaled"]), 1e-9);
        all_near(&found.scores, &floats(&expected["z"]), 1e-9);
        let threshold = float(&input["threshold"]);
        let outliers: Vec<usize> =
            (0..pairs.len()).filter(|at| found.scores[*at].abs() > threshold).map(|at| at + 1).collect();
        assert_eq!(serde_json::json!(outliers), expected["outliers_1based"]);
    });
}

#[test]
fn where_more_than_half_of_the_ratios_are_equal_the_spread_is_from_elsewhere_and_says_so() {
    let pairs: Vec<(f64, f64)> = (0..12).map(|at| (100.0, if at < 9 { 110.0 } else { 121.0 })).collect();
    let mean = log_ratios(&pairs, 0.0).unwrap();
    assert_eq!(mean.spread_from, SpreadFrom::Mean);
    near(mean.spread, 1.2533 * 1.1_f64.ln() / 4.0, 1e-12);
    assert_eq!(log_ratios(&pairs, 0.5).unwrap().spread_from, SpreadFrom::Floor);
    let equal = log_ratios(&pairs[..9], 0.0).unwrap();
    assert!(equal.scores.iter().all(|score| *score == 0.0), "no spread, no score");
}

/// The edits of the turnover example over profit, cost and turnover, in tenths.
fn turnover() -> Vec<Edit> {
    let edit = |terms: &[(i64, usize)], is_equation| Edit { terms: terms.to_vec(), constant: 0, is_equation };
    vec![
        edit(&[(1, 0), (1, 1), (-1, 2)], true),
        edit(&[(6, 2), (-10, 1)], false),
        edit(&[(-1, 1)], false),
        edit(&[(-1, 0)], false),
    ]
}

#[test]
fn fellegi_holt_1_names_the_one_field_that_must_change() {
    with("fellegi_holt_1", |input, expected| {
        assert_eq!(input["rules"], serde_json::json!(["p + c == t", "c - 0.6*t >= 0", "c >= 0", "p >= 0"]));
        let names = ["p", "c", "t"];
        let record = names.map(|name| input["record"][name].as_i64().unwrap());
        let weights = names.map(|name| input["weights"][name].as_u64().unwrap());
        assert!(turnover().iter().any(|edit| !edit.holds(&record)));
        let found = fewest_fields(&turnover(), &record, &weights, 3);
        let named: Vec<Vec<&str>> = found.iter().map(|set| set.iter().map(|at| names[*at]).collect()).collect();
        assert_eq!(serde_json::json!(named), expected["solutions"]);
        let weight: u64 = found[0].iter().map(|at| weights[*at]).sum();
        assert_eq!(serde_json::json!(weight), expected["min_weight"]);
        let mended = [expected["imputed_value_if_deterministic"]["p"].as_i64().unwrap(), record[1], record[2]];
        assert!(turnover().iter().all(|edit| edit.holds(&mended)));
    });
}

#[test]
fn all_ties_are_named_and_a_field_that_is_trusted_less_comes_first() {
    let sum = Edit { terms: vec![(1, 0), (1, 1), (-1, 2)], constant: 0, is_equation: true };
    let record = [10, 10, 25];
    assert_eq!(fewest_fields(std::slice::from_ref(&sum), &record, &[1, 1, 1], 3), [[0], [1], [2]]);
    assert_eq!(fewest_fields(std::slice::from_ref(&sum), &record, &[2, 1, 3], 3), [[1]]);
    assert_eq!(fewest_fields(&[sum], &[10, 10, 20], &[1, 1, 1], 3), [Vec::<usize>::new()], "nothing is wrong");
}

#[test]
fn a_unit_and_a_sign_are_looked_for_before_single_figures() {
    let groups = [vec![0, 1, 2], vec![0], vec![1], vec![2]];
    let found = |record: [i64; 3]| systematic(&turnover(), &record, &groups);
    assert_eq!(found([75, 1_250_000, 200]), Some((Systematic::TooLarge(10_000), 2)));
    assert_eq!(found([-75, -125, -200]), Some((Systematic::Sign, 0)), "the whole form");
    assert_eq!(found([755, 125, 200]), None);
}

#[test]
fn sum_1_loses_nothing_where_plain_sums_do() {
    with("sum_1", |input, expected| {
        let values: Vec<f64> =
            input["values"].as_array().unwrap().iter().map(|one| one.as_str().unwrap().parse().unwrap()).collect();
        assert_eq!(sum(values.iter().copied()), float(&expected["neumaier"]));
        assert_eq!(values.iter().sum::<f64>(), float(&expected["naive"]));
        assert_eq!(sum([0.1; 10]), float(&expected["tenths_neumaier"]));
        assert!([0.1; 10].iter().sum::<f64>() < 1.0, "plainly, ten tenths are less than one");
        assert_eq!([100_000_i64; 10].iter().sum::<i64>(), expected["tenths_integer_micro"].as_i64().unwrap());
    });
}

#[test]
fn revision_1_measures_revisions_against_the_later_figures() {
    with("revision_1", |input, expected| {
        let pairs: Vec<(f64, f64)> = floats(&input["first"]).into_iter().zip(floats(&input["latest"])).collect();
        let found = revisions(&pairs).unwrap();
        near(found.mean, float(&expected["MR"]), 1e-9);
        near(found.mean_absolute, float(&expected["MAR"]), 1e-9);
        near(found.relative.unwrap(), float(&expected["RMAR"]), 1e-9);
        assert_eq!(serde_json::json!([found.up, found.down]), serde_json::json!([expected["up"], expected["down"]]));
        assert_eq!((found.figures, found.same_sign), (4, 1.0));
        assert_eq!(revisions(&[]), None);
        assert_eq!(revisions(&[(1.0, -1.0), (2.0, 2.0)]).unwrap().same_sign, 0.5);
    });
}

type Row<'r> = [(&'r str, i64)];

/// A table of whole numbers with these rows; every other name in `sql` is a column of nulls.
fn table(rows: &[&Row<'_>], sql: &str) -> Frame {
    let words = sql.split(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'));
    let given = rows.iter().flat_map(|row| row.iter().map(|(name, _)| *name));
    let names: std::collections::BTreeSet<&str> =
        given.chain(words).filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase())).collect();
    let value = |row: &&Row<'_>, name: &str| row.iter().find(|(given, _)| *given == name).map(|(_, value)| *value);
    names.into_iter().fold(Frame::new(), |frame, name| {
        frame.with(name, Values::Int(rows.iter().map(|row| value(row, name)).collect()))
    })
}

/// What a model of the pipeline makes of hand-made tables.
fn model(name: &str, tables: &[(&str, Frame)]) -> Frame {
    let sql = model_sql(name);
    let tables: Vec<(&str, Table)> =
        tables.iter().map(|(name, frame)| (*name, Table::of(name, frame.clone()).unwrap())).collect();
    query(&sql, &tables.iter().map(|(name, table)| (*name, table)).collect::<Vec<_>>()).unwrap()
}

fn model_sql(name: &str) -> String {
    MODELS.ordered().iter().find(|model| model.table == name).unwrap_or_else(|| panic!("{name}")).written_out()
}

/// The value of an indicator for sums of an area.
fn indicator(id: &str, level: &str, sums: &Row<'_>) -> Option<f64> {
    last_of_years(id, level, &[sums])
}

/// The value of an indicator in the last of some years, given the sums of the last quarter of each; the last one is 2018.
fn last_of_years(id: &str, level: &str, sums: &[&Row<'_>]) -> Option<f64> {
    figure_of_years(id, level, sums).value
}

/// Likewise, with what stands beside the value.
fn figure_of_years(id: &str, level: &str, sums: &[&Row<'_>]) -> Figure {
    let text = |value: &str| Values::Text(sums.iter().map(|_| Some(value)).collect());
    let keys = ["level", "ref_area", "ref_area_name", "line", "quarter", "first_quarter"];
    let quarters = (0..sums.len()).map(|year| Some(8075 - 4 * (sums.len() - 1 - year) as i64));
    let area = table(sums, &model_sql("area_quarter")).without(&keys);
    let area = area
        .with("level", text(level))
        .with("ref_area", text("a"))
        .with("ref_area_name", text("a"))
        .with("line", text("a"))
        .with("quarter", Values::Int(quarters.collect()))
        .with("first_quarter", Values::Int(Scalars::repeat(Some(8060), sums.len())));
    // Every value that can be computed: how much was reported is no matter here.
    let any = Least { figure: 0.0, flagged: 0.0 };
    let sufficiency = Sufficiency { whole: any, reporting: any };
    let known = Known { sources: &[], collected: &Collected::new(), sufficiency };
    let all = compute(&CONFIG.indicators, None, &area, known).unwrap();
    let is_it = |value: &Figure| CONFIG.indicators[value.indicator].id == id && value.place.quarter.column() == 8075;
    all.into_iter().find(is_it).unwrap_or_else(|| panic!("{id}"))
}

fn cell(frame: &Frame, name: &str, row: usize) -> i64 {
    frame.ints(name).unwrap_or_else(|| panic!("{name}")).get(row).unwrap()
}

#[test]
fn growth_comparable_1_takes_the_base_that_this_years_form_reports() {
    with("growth_comparable_1", |input, expected| {
        let fen = |yi: f64| (yi * 10.0).round() as i64 * 1_000_000_000;
        let (before, now) = (fen(float(&input["published_2017"])), fen(float(&input["published_2018"])));
        let base = fen(float(&expected["implied_comparable_base"]));
        let rows: [&Row<'_>; 2] = [
            &[("park_number", 1), ("quarter", 8070), ("filed_finance", 1), ("profit_ytd_fen", before)],
            &[
                ("park_number", 1),
                ("quarter", 8074),
                ("filed_finance", 1),
                ("profit_ytd_fen", now),
                ("profit_prior_ytd_fen", base),
            ],
        ];
        let made = model(
            "sum_enterprise_quarter",
            &[("enterprise_quarter", table(&rows, &model_sql("sum_enterprise_quarter")))],
        );
        let row = (0..2).find(|row| cell(&made, "quarter", *row) == 8074).unwrap();
        let sums = ["profit_pair_ytd_fen", "profit_pair_prior_fen"].map(|name| (name, cell(&made, name, row)));
        let growth = indicator("profit_growth_ytd", "province", &sums).unwrap();
        near(growth, float(&input["official_comparable_growth_pct"]), 0.0005);
        let naive = (now as f64 / before as f64 - 1.0) * 100.0;
        near(naive, float(&expected["naive_growth_pct"]), 0.0005);
        assert!(growth > 0.0 && naive < 0.0, "the sign differs");
        let change = (sums[1].1 as f64 / before as f64 - 1.0) * 100.0;
        near(change, float(&expected["base_change_vs_published_pct"]), 0.005);
    });
}

#[test]
fn deflation_1_deflates_each_division_and_then_adds() {
    with("deflation_1", |input, expected| {
        let (prior, now) = (floats(&input["nominal_prior"]), floats(&input["nominal_current"]));
        let prices = floats(&input["ppi_current_over_prior"]);
        let fen = |value: f64| (value * 1e8).round() as i64;
        let units: Vec<[(&str, i64); 5]> = (0..2)
            .map(|at| {
                let (ytd, before) = (("va_ytd_fen", fen(now[at])), ("va_prior_ytd_fen", fen(prior[at])));
                [("park_number", 1), ("quarter", 8075), ("output_division", 13 + at as i64), ytd, before]
            })
            .collect();
        let units: Vec<&Row<'_>> = units.iter().map(|row| row.as_slice()).collect();
        let index: Vec<[(&str, i64); 3]> = (0..2)
            .map(|at| {
                [
                    ("industry_division", 13 + at as i64),
                    ("quarter", 8075),
                    ("index_micro", (prices[at] * 1e6).round() as i64),
                ]
            })
            .collect();
        let index: Vec<&Row<'_>> = index.iter().map(|row| row.as_slice()).collect();
        // What the model makes of them by itself is no column of theirs.
        let units = table(&units, &model_sql("park_division_sum")).without(&["has_growth", "has_energy", "has_all"]);
        let index = model("price_index", &[("producer_price", table(&index, ""))]);
        let sums = model("park_division_sum", &[("enterprise_quarter", units)]);
        let divisions = model("park_division_quarter", &[("park_division_sum", sums), ("price_index", index)]);
        let park = model("sum_park_division_quarter", &[("park_division_quarter", divisions)]);
        let names = ["va_growth_prior_fen", "va_growth_const_microyuan"];
        let sums = names.map(|name| (name, cell(&park, name, 0)));
        let growth = indicator("real_growth_ytd", "province", &sums).unwrap();
        near(growth, float(&expected["real_growth_pct"]), 1e-9);
        assert!((growth - float(&expected["wrong_total_deflated_by_simple_mean_pct"])).abs() > 0.4);
    });
}

#[test]
fn a_division_whose_price_index_is_not_above_zero_has_no_growth_and_stops_no_model() {
    let divisions = |model_name: &str, of: &str| {
        let sums: Vec<[(&str, i64); 6]> = (0..4)
            .map(|at| {
                let (ytd, prior) = (("va_growth_ytd_fen", 1_000), ("va_growth_prior_fen", 900));
                [("park_number", 1), ("quarter", 8075), ("division", 13 + at), ("growth_units", 1), ytd, prior]
            })
            .collect();
        let sums: Vec<&Row<'_>> = sums.iter().map(|row| row.as_slice()).collect();
        // Null, zero, below zero, and one index as it should be.
        let prices: [&Row<'_>; 4] = [
            &[("industry_division", 13), ("quarter", 8075)],
            &[("industry_division", 14), ("quarter", 8075), ("index_micro", 0)],
            &[("industry_division", 15), ("quarter", 8075), ("index_micro", -1_000_000)],
            &[("industry_division", 16), ("quarter", 8075), ("index_micro", 1_250_000)],
        ];
        let index = model("price_index", &[("producer_price", table(&prices, ""))]);
        model(model_name, &[(of, table(&sums, &model_sql(of))), ("price_index", index)])
    };
    let made = divisions("park_division_quarter", "park_division_sum");
    assert_eq!(made.rows(), 1, "a division without an index leaves both sides");
    assert_eq!((cell(&made, "division", 0), cell(&made, "va_growth_const_microyuan", 0)), (16, 8_000_000));
}

#[test]
fn a_target_is_held_against_the_value_before_it_is_rounded() {
    let change = |const_microyuan: i64| {
        let sums = [
            ("energy_scope_ytd_gce", 102),
            ("energy_scope_prior_gce", 100),
            ("va_scope_prior_fen", 100),
            ("va_scope_const_microyuan", const_microyuan),
        ];
        figure_of_years("energy_intensity_change_ytd", "province", &[&sums])
    };
    // 102 ÷ 106.25 is 4 % less; 102 ÷ 106.24646 is 3.9968 % less, which is shown as −4.00 too.
    assert_eq!(change(1_062_500).on_track, Some(true));
    let short = change(1_062_464);
    near(short.value.unwrap(), -3.99675, 5e-6);
    assert_eq!(short.on_track, Some(false));
    let share = |now: i64, before: i64| {
        let sums = |share: i64| [("va_ytd_fen", share), ("province_va_ytd_fen", 10_000)];
        figure_of_years("share_of_province_va_ytd", "province", &[&sums(before), &sums(now)])
    };
    assert_eq!(share(6_798, 6_810).on_track, Some(false), "67.98 and falling");
    assert_eq!(share(6_798, 6_790).on_track, Some(true), "67.98 and rising");
    assert_eq!(share(6_800, 6_900).on_track, Some(true), "68 is reached, whatever comes next");
}

/// Contribution and pull of a part of a total, from what the parks' sums and the province's publication would be.
fn contribution(part: (f64, f64), total: (f64, f64)) -> [Option<f64>; 2] {
    let fen = |value: f64| (value * 1e6).round() as i64;
    let growth = ((total.1 / total.0 - 1.0) * 1e6).round() as i64;
    let sums = [
        ("va_ytd_fen", fen(part.1)),
        ("province_va_ytd_fen", fen(total.1)),
        ("va_growth_prior_fen", fen(part.0)),
        ("va_growth_const_microyuan", fen(part.1) * 10_000),
        ("province_growth_micro", growth),
    ];
    ["contribution_ytd", "pull_ytd"].map(|id| indicator(id, "province", &sums))
}

#[test]
fn contribution_1_keeps_signs_and_gives_no_share_of_no_growth() {
    with("contribution_1", |input, expected| {
        for (at, case) in input["cases"].as_array().unwrap()[..3].iter().enumerate() {
            let (prior, current) = (floats(&case["prior"]), floats(&case["current"]));
            let total = (sum(prior.iter().copied()), sum(current.iter().copied()));
            let expected = &expected[format!("case{}", at + 1)];
            for part in 0..2 {
                let [share, pull] = contribution((prior[part], current[part]), total);
                near(pull.unwrap(), float(&expected["pull_pp"][part]), 1e-6);
                match expected["contribution_pct"].get(part) {
                    Some(expected) => near(share.unwrap(), float(expected), 1e-6),
                    None => assert_eq!(share, None, "of no growth there is no share"),
                }
            }
        }
        let telecom = &input["cases"][3]["telecom"];
        let [total, more, part] =
            ["total_current", "total_increment", "part_increment"].map(|name| float(&telecom[name]));
        // How large the part is does not matter, only what it added.
        let [share, pull] = contribution((1000.0, 1000.0 + part), (total - more, total));
        near(pull.unwrap(), float(&expected["telecom"]["pull_pp"]), 0.001);
        near(share.unwrap(), float(&expected["telecom"]["contribution_pct"]), 0.001);
    });
}

#[test]
fn ratio_1_is_a_ratio_of_sums_and_no_mean_of_ratios() {
    with("ratio_1", |input, expected| {
        let text = |values: [&str; 3]| Values::Text(values.into_iter().map(Some).collect());
        let parks = ["1", "2", "3"];
        let area = Frame::new()
            .with("level", text(["province"; 3]))
            .with("ref_area", text(["410000"; 3]))
            .with("ref_area_name", text(["p"; 3]))
            .with("line", text(["410000"; 3]))
            .with("territory_from", Values::Int(Scalars::repeat(None, 3)))
            .with("park_code", text(parks))
            .with("from_quarter", Values::Int(Scalars::repeat(Some(0), 3)))
            .with("to_quarter", Values::Int(Scalars::repeat(Some(9999), 3)));
        let (tax, land) = (floats(&input["tax"]), floats(&input["mu"]));
        let rows: Vec<[(&str, i64); 3]> = (0..3)
            .map(|at| {
                // Wan yuan and mu in canonical units.
                let (tax, land) = ((tax[at] * 1e6) as i64, (land[at] * 1e6) as i64);
                [("quarter", 8075), ("tax_ytd_on_land_fen", tax), ("land_tax_ytd_micromu", land)]
            })
            .collect();
        let slices: Vec<&Row<'_>> = rows.iter().map(|row| row.as_slice()).collect();
        let keys =
            ["park_code", "level", "ref_area", "ref_area_name", "line", "territory_from", "from_quarter", "to_quarter"];
        let park_quarter = table(&slices, &model_sql("area_sum")).without(&keys).with("park_code", text(parks));
        let made = model("area_sum", &[("area", area), ("park_quarter", park_quarter)]);
        let names = ["tax_ytd_on_land_fen", "land_tax_ytd_micromu"];
        let province = indicator("tax_per_mu_ytd", "province", &names.map(|name| (name, cell(&made, name, 0))));
        near(province.unwrap(), float(&expected["ratio_of_sums"]), 1e-12);
        let mean = sum(rows.iter().map(|row| indicator("tax_per_mu_ytd", "park", row).unwrap())) / 3.0;
        near(mean, float(&expected["mean_of_ratios"]), 1e-12);
    });
}

#[test]
fn growth_compound_1_is_a_geometric_mean() {
    with("growth_compound_1", |input, expected| {
        // Two years of energy at constant value added: their product is the growth against the base year.
        let whole = |percent: f64| ((100.0 + percent) * 10.0).round() as i64;
        let [both, last] = ["june_vs_2019_pct", "june_yoy_pct"].map(|name| whole(float(&input[name])));
        let year = |before: i64, now: i64| {
            let va = [("va_scope_prior_fen", 100), ("va_scope_const_microyuan", 1_000_000)];
            [("energy_scope_prior_gce", before), ("energy_scope_ytd_gce", now), va[0], va[1]]
        };
        let (first, second) = (year(last, both), year(1000, last));
        let implied = indicator("energy_intensity_change_ytd", "province", &first).unwrap();
        near(implied, float(&expected["implied_june_2020_yoy_pct"]), 0.001);
        let mean = last_of_years("energy_intensity_decline", "province", &[&first, &second]).unwrap();
        near(mean, float(&expected["two_year_average_pct"]), 0.001);
        near((mean * 10.0).round() / 10.0, float(&expected["rounded_1dp"]), 1e-12);
    });
}

#[test]
fn hhi_lq_1_squares_shares_and_divides_shares() {
    with("hhi_lq_1", |input, expected| {
        let concentration = |shares: &Value| {
            let unit = |share: f64| [("park_number", 1), ("quarter", 8075), ("revenue_ytd_fen", (share * 1e9) as i64)];
            let units: Vec<[(&str, i64); 3]> = floats(shares).into_iter().map(unit).collect();
            let units: Vec<&Row<'_>> = units.iter().map(|row| row.as_slice()).collect();
            let sql = model_sql("park_revenue");
            let made = model("park_revenue", &[("enterprise_quarter", table(&units, &sql))]);
            let names = ["revenue_ytd_fen", "revenue_square_wan", "revenue_square_cross", "revenue_square_fen2"];
            indicator("concentration_hhi_ytd", "province", &names.map(|name| (name, cell(&made, name, 0)))).unwrap()
        };
        let first = concentration(&input["shares_pct"]);
        near(first, float(&expected["hhi"]), 1e-9);
        near(concentration(&input["shares2_pct"]), float(&expected["hhi2"]), 1e-9);
        near(10_000.0 / first, float(&expected["effective_number_equivalent"]), 1e-9);
        let part = |name: &str| input["lq"][name].as_i64().unwrap();
        let sums = [
            ("leading_revenue_ytd_fen", part("region_industry")),
            ("leading_base_ytd_fen", part("region_total")),
            ("leading_province_ytd_fen", part("nation_industry")),
            ("province_revenue_ytd_fen", part("nation_total")),
        ];
        let quotient = indicator("leading_location_quotient_ytd", "park", &sums).unwrap();
        near(quotient, float(&expected["lq"]), 1e-9);
    });
}

/// Examples of confidentiality are tested with the room that protects; those named here with a reason.
const ELSEWHERE: &[(&str, &str)] = &[("score_huangyan_1", "the indicator of the score is not there yet")];

#[test]
fn every_worked_example_of_methods_has_a_test() {
    let Some(examples) = EXAMPLES.as_ref() else { return };
    let here = fs::read_to_string(root().join("tests/methods.rs")).unwrap();
    for id in examples.keys().filter(|id| !id.starts_with("sdc_")) {
        let is_tested = here.contains(&format!("with(\"{id}\""));
        let excused = ELSEWHERE.iter().find(|(name, _)| name == id);
        assert_ne!(is_tested, excused.is_some(), "{id}");
        if let Some((name, reason)) = excused {
            crate::support::not_run(name, reason);
        }
    }
}

#[test]
fn a_number_is_what_is_written_and_thirds_add_up() {
    let written = Fraction::decimal(9.9).unwrap();
    assert_eq!(written, Fraction::whole(99).by(&Fraction::whole(10)).unwrap());
    assert_eq!(Fraction::decimal(-26_667.0).unwrap(), Fraction::whole(-26_667));
    assert_eq!(Fraction::decimal(1e-10).unwrap().times(&Fraction::decimal(1e10).unwrap()), Fraction::whole(1));
    let third = Fraction::whole(1).by(&Fraction::whole(3)).unwrap();
    assert_eq!(third.plus(&third).plus(&third), Fraction::whole(1));
    assert!(Fraction::decimal(0.333_333_333_333_333_3).unwrap() < third);
    assert_eq!(Fraction::whole(1).by(&Fraction::whole(0)), None);
    assert_eq!(Fraction::whole(1).by(&Fraction::whole(-2)).unwrap().to_f64(), -0.5);
    assert_eq!(third.to_f64(), 1.0 / 3.0);
    assert_eq!(Fraction::decimal(f64::NAN), None);
}
