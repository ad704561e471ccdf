//! Enterprises are classified by what departments know, never by what they report for statistics; and who is in which class
//! is for the administration alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use tempfile::TempDir;

use config::Config;
use config::classification::{Method, Missing};
use model::assessment::fill;
use model::classification::{TABLE, largest_panel, models};
use model::engine::{self, Table};
use model::indicators::{ConfStatus, ObsStatus, Value as Figure};
use model::places::Place;
use model::sql::Models;
use store::parquet;
use vocab::frame::{Frame, Values};
use vocab::level::Level;
use vocab::period::Quarter;
use vocab::scalars::Scalars;

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
        "pipelines/models/enterprise/administrative_quarter.sql",
        "FROM stay_quarter AS s",
        "FROM stay_quarter AS s LEFT JOIN value_added AS w ON w.unit_number = s.unit_number AND w.quarter = s.quarter",
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
        "anyang_2018.toml:8:5: `a` must be from 0 to 1, not 1.15",
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
    for (name, texts) in texts(&public.path().join("current-public/")) {
        assert!(!name.starts_with("tables/classification"), "{name}");
        assert!(!name.ends_with(".parquet") || !texts.contains("unit_code"), "{name}");
        let leaked = texts.iter().find(|text| codes.contains(text.as_str()));
        assert_eq!(leaked, None, "{name}");
    }
}

/// Four ratios of an enterprise by ranks among all others; none where it has no value. Small numbers, so that many are equal.
type Ratios = [Option<i64>; 4];

fn config() -> Config {
    let texts = tree(&root().join("config")).into_iter().filter(|(name, _)| name.ends_with(".toml"));
    let texts = texts.map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap())).collect();
    Config::resolve(&texts).unwrap()
}

/// The sample's method, whose measures have these weights in millionths.
fn method(weights: [i64; 4]) -> Method {
    let mut method = config().method().unwrap().clone();
    for (measure, weight) in method.measures.iter_mut().zip(weights) {
        measure.weight_micro = weight;
    }
    method
}

/// Classes and total points that the models give the enterprises of a park.
fn classified(method: &Method, park: &[Ratios]) -> Vec<(Option<String>, f64)> {
    let made = classification(method, park);
    let class = |row: usize| made.texts("class").unwrap().get(row).map(str::to_owned);
    (0..made.rows()).map(|row| (class(row), made.floats("score_total").unwrap().get(row).unwrap())).collect()
}

/// The table of classes of a park, in the order of its enterprises.
fn classification(method: &Method, park: &[Ratios]) -> Frame {
    let rows = park.len();
    let ints = |values: Vec<Option<i64>>| Values::Int(values.into_iter().collect());
    let same = |value: i64| Values::Int(Scalars::repeat(Some(value), rows));
    let column = |measure: usize| ints(park.iter().map(|ratios| ratios[measure]).collect());
    // Tax over land and over emissions, R&D over sales, sales over energy: sales are 60, and the rest follows.
    let over = |measure: usize, of: i64| {
        ints(park.iter().map(|ratios| ratios[measure].map(|ratio| if ratio == 0 { 0 } else { of / ratio })).collect())
    };
    let frame = Frame::new()
        .with("unit_number", ints((0..rows as i64).map(Some).collect()))
        .with("park_number", same(1))
        .with("quarter", same(8075))
        .with("registered_quarters", same(100))
        .with("division", same(26))
        .with("land_micromu", over(0, 60))
        .with("tax_ttm_fen", same(60))
        .with("sales_ttm_fen", same(60))
        .with("income_va_ttm_fen", same(1))
        .with("research_ttm_fen", column(1))
        .with("insured_persons", same(1))
        .with("metered_ttm_gce", over(2, 60))
        .with("emission_ttm_g", over(3, 60));
    let number = Frame::new()
        .with("park_code", Values::Same(Some("1".to_owned()), 1))
        .with("park_number", Values::Int(Scalars::repeat(Some(1), 1)))
        .with("quarter", Values::Int(Scalars::repeat(Some(8075), 1)));
    let inputs = [("enterprise_evaluation", frame), ("park_code_quarter", number)];
    let inputs = inputs.map(|(name, frame)| (name.to_owned(), Table::of(name, frame).unwrap()));
    let made = engine::run(&Models::resolve(&models(method)).unwrap(), inputs.into(), |table| table == TABLE).unwrap();
    let made = &made[TABLE];
    let units = made.ints("unit_number").unwrap();
    let mut order: Vec<usize> = (0..made.rows()).collect();
    order.sort_by_key(|row| units.get(*row));
    made.take(&order)
}

/// A fraction in lowest terms.
fn reduced((over, under): (i128, i128)) -> (i128, i128) {
    let (mut a, mut b) = (over, under);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    (over / a.max(1), under / a.max(1))
}

/// The same by the words of the method, in fractions: who lacks a value of energy has no points for it, who lacks one of emissions
/// has the mean of the others.
fn by_fractions(method: &Method, park: &[Ratios]) -> Vec<(char, (i128, i128))> {
    let add = |a: (i128, i128), b: (i128, i128)| reduced((a.0 * b.1 + b.0 * a.1, a.1 * b.1));
    let less = |a: (i128, i128), b: (i128, i128)| a.0 * b.1 < b.0 * a.1;
    let points = |measure: usize| -> Vec<(i128, i128)> {
        let weight = i128::from(method.measures[measure].weight_micro);
        let known: Vec<i64> = park.iter().filter_map(|ratios| ratios[measure]).collect();
        let n = known.len() as i128;
        let own = |ratio: i64| (weight * (n - known.iter().filter(|other| **other > ratio).count() as i128), n);
        let sum = known.iter().map(|ratio| own(*ratio)).fold((0, 1), add);
        let missing = match method.measures[measure].missing {
            Missing::ParkMean if n > 0 => reduced((sum.0, sum.1 * n)),
            _ => (0, 1),
        };
        park.iter().map(|ratios| ratios[measure].map_or(missing, own)).collect()
    };
    let points: Vec<Vec<(i128, i128)>> = (0..4).map(points).collect();
    let sum = |of: &[usize], one: usize| of.iter().map(|measure| points[*measure][one]).fold((0, 1), add);
    let n = park.len();
    let ahead = |of: &[usize], among: &[usize], me: usize| {
        among.iter().filter(|&&other| less(sum(of, me), sum(of, other))).count()
    };
    let behind = |of: &[usize], among: &[usize], me: usize| {
        among.iter().filter(|&&other| less(sum(of, other), sum(of, me))).count()
    };
    let all: Vec<usize> = (0..n).collect();
    let every = [0, 1, 2, 3];
    let upper: Vec<usize> = all.iter().copied().filter(|me| ahead(&every, &all, *me) < n / 2).collect();
    let lower: Vec<usize> = all.iter().copied().filter(|me| behind(&every, &all, *me) < n / 2).collect();
    let class = |me: usize| match () {
        () if upper.contains(&me) && ahead(&[0, 1], &upper, me) < (n * 15 + 50) / 100 => 'A',
        () if lower.contains(&me) && behind(&[2, 3], &lower, me) < (n * 10 + 50) / 100 => 'C',
        () => 'B',
    };
    all.iter().map(|&me| (class(me), sum(&every, me))).collect()
}

/// Divisors of 60 and a few others, so that ratios repeat; nothing now and then, where the method allows it.
fn ratios() -> impl Strategy<Value = Ratios> {
    let ratio = || prop_oneof![Just(1_i64), Just(2), Just(3), Just(4), Just(5), Just(6)];
    let maybe = || prop_oneof![4 => ratio().prop_map(Some), 1 => Just(None)];
    (ratio(), ratio(), maybe(), maybe()).prop_map(|(a, b, c, d)| [Some(a), Some(b), c, d])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn classes_and_points_are_those_of_exact_fractions_however_many_are_equal(
        park in prop::collection::vec(ratios(), 2..45),
        weights in prop_oneof![
            Just([40_000_000, 10_000_000, 25_000_000, 25_000_000]),
            Just([33_300_000, 16_700_000, 12_345_678, 37_654_322]),
        ],
    ) {
        // A quarter in which no one has one of the measures is not evaluated.
        prop_assume!((2..4).all(|measure| park.iter().any(|ratios| ratios[measure].is_some())));
        let method = method(weights);
        let found = classified(&method, &park);
        let expected = by_fractions(&method, &park);
        for (one, ((class, total), (expected, (over, under)))) in found.iter().zip(&expected).enumerate() {
            prop_assert_eq!(class.clone(), Some(expected.to_string()), "{}: {}/{}", one, over, under);
            let points = *over as f64 / *under as f64 / 1e6;
            prop_assert!((total - points).abs() <= points.abs() * 1e-14, "{total} {points}");
        }
        prop_assert_eq!(found.len(), park.len());
    }
}

#[test]
fn an_enterprise_that_is_tied_at_a_cut_by_exact_points_is_within_it() {
    let method = method([40_000_000, 10_000_000, 25_000_000, 25_000_000]);
    let park = [
        [6, 1, 5, 4],
        [1, 1, 6, 3],
        [5, 5, 6, 6],
        [6, 5, 4, 1],
        [5, 4, 5, 3],
        [5, 6, 1, 2],
        [2, 1, 5, 1],
        [1, 1, 5, 5],
        [3, 2, 2, 5],
        [2, 2, 2, 1],
        [5, 3, 6, 5],
        [4, 3, 5, 2],
    ];
    let park: Vec<Ratios> = park.iter().map(|ratios| ratios.map(Some)).collect();
    let found = classified(&method, &park);
    let all: String = found.iter().filter_map(|(class, _)| class.as_deref()).collect();
    // The sixth has 55 5/6 points, the sixth place with the same points as another: upper half, and class A by tax and R&D. With
    // points rounded before they are added it fell behind by 10^-10, and was of class C.
    assert_eq!(all, "ABBABABBBCBB");
    assert!((found[5].1 - 335.0 / 6.0).abs() < 1e-12);
}

#[test]
fn a_park_that_is_too_large_for_exact_points_has_no_classes_instead_of_wrong_ones() {
    let mut large = method([40_000_000, 10_000_000, 25_000_000, 25_000_000]);
    assert_eq!(largest_panel(&large), Some(26_042), "more than the province has enterprises");
    // Weights with many decimals and means of every measure take more room.
    for (measure, weight) in large.measures.iter_mut().zip([33_333_333, 16_666_667, 12_345_679, 37_654_321]) {
        measure.missing = Missing::ParkMean;
        measure.weight_micro = weight;
    }
    let most = usize::try_from(largest_panel(&large).unwrap()).unwrap();
    let park = |size: usize| -> Vec<Ratios> { (0..size).map(|one| [Some(one as i64 % 6 + 1); 4]).collect() };
    assert!(classified(&large, &park(most)).iter().all(|(class, total)| class.is_some() && *total <= 100.0));
    let unknown = classification(&large, &park(most + 1));
    assert_eq!(unknown.rows(), most + 1);
    assert!(unknown.texts("class").unwrap().iter().all(|class| class.is_none()));
    assert!(unknown.floats("score_total").unwrap().iter().all(|total| total.is_none()));
}

/// Score and stars of a park in 2018Q4 that is at every benchmark but for one indicator, given as a value, or as the sums it is
/// made of.
fn assessed(part: &str, value: f64, sums: Option<(i64, i64)>) -> (f64, f64) {
    let config = config();
    let benchmarks = [
        ("share_of_province_va_ytd", 0.4),
        ("employees_all", 26_667.0),
        ("tax_per_mu_ttm", 11.0),
        ("value_added_per_mu_ttm", 55.0),
        ("labour_productivity_ytd", 30.0),
        ("real_growth_ytd", 8.0),
        ("revenue_growth_ytd", 10.0),
        ("smart_retrofit_coverage", 40.0),
        ("energy_intensity_change_ytd", -4.0),
        ("emissions_per_va_change_ytd", -5.0),
    ];
    let place = Arc::new(Place {
        level: Level::Park,
        ref_area: "1".into(),
        ref_area_name: "1".into(),
        line: "1".into(),
        year_ago: None,
        territory_from: None,
        quarter: Quarter::new(2018, 4).unwrap(),
    });
    let figure = |id: &str, value: Option<f64>, sums: Option<(i64, i64)>| Figure {
        indicator: config.indicators.iter().position(|indicator| indicator.id == id).unwrap(),
        place: place.clone(),
        value,
        numerator: sums.map(|(over, _)| over),
        denominator: sums.map(|(_, under)| under),
        units: None,
        reported: None,
        expected: None,
        reason: None,
        short_of: None,
        obs_status: ObsStatus::Normal,
        conf_status: ConfStatus::Free,
        yoy: None,
        target: None,
        on_track: None,
        rank: None,
        rank_of: None,
    };
    let mut figures: Vec<Figure> = benchmarks
        .iter()
        .map(
            |(id, benchmark)| {
                if *id == part { figure(id, Some(value), sums) } else { figure(id, Some(*benchmark), None) }
            },
        )
        .chain(["assessment_score", "assessment_stars"].map(|id| figure(id, None, None)))
        .collect();
    fill(config.assessment(), &config.indicators, &mut figures);
    (figures[10].value.unwrap(), figures[11].value.unwrap())
}

#[test]
fn stars_are_given_for_the_score_as_it_is_and_not_as_it_is_shown() {
    let (score, stars) = assessed("tax_per_mu_ttm", 4.8864, None);
    assert!((score - 89.995_927).abs() < 1e-6, "shown as 90.00: {score}");
    assert_eq!(stars, 5.0);
    // 12 points × 55/6 ÷ 55 are 2 points: 90 exactly, though no binary number is 55/6.
    assert_eq!(assessed("value_added_per_mu_ttm", 55.0 / 6.0, Some((55, 6))), (90.0, 6.0));
    assert_eq!(assessed("tax_per_mu_ttm", 4.9, None).1, 6.0);
}
