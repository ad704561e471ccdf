//! The whole job against answers that were worked out by other code, from values that no export shows.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use store::parquet;

use crate::support::{CONFIG, cells, finish, folder, is_slow, mujun, root, run_sample, sample, tree};

/// Seeds, enterprises and parks of the samples; three years each. The slow ones reach the size of the province.
const SAMPLES: [(u64, usize, usize); 6] =
    [(1, 640, 24), (2, 640, 24), (3, 640, 24), (4, 1500, 60), (5, 1500, 60), (6, 1500, 60)];

const SLOW_SAMPLES: [(u64, usize, usize); 3] = [(7, 5000, 120), (8, 22_000, 180), (9, 22_000, 180)];

const LEVELS: [&str; 5] = ["province", "city", "city_net", "county", "park"];

/// A sample's truth, and what the pipeline made of its exports.
struct World {
    name: String,
    truth: BTreeMap<Key, Row>,
    found: BTreeMap<Key, Row>,
    spoiled: BTreeSet<(String, u64, &'static str)>,
    quarantined: Vec<(String, u64, String)>,
    sent: BTreeMap<String, u64>,
    kept: BTreeMap<String, u64>,
}

/// Level, area, quarter, indicator.
type Key = [String; 4];

/// Value, numerator, denominator, status and reason, as they are written.
type Row = [String; 5];

/// Made once for all tests here, and held in memory: the folders are gone when they are looked at.
static WORLDS: LazyLock<Vec<World>> = LazyLock::new(|| {
    let slow = if is_slow() { SLOW_SAMPLES.as_slice() } else { &[] };
    SAMPLES.iter().chain(slow).map(|&(s, e, p)| world(s, e, p)).collect()
});

fn world(seed: u64, enterprises: usize, parks: usize) -> World {
    let (out, store) = (folder(), folder());
    sample(out.path(), seed, enterprises, parks, 12);
    let (code, _, stderr) = finish(&mut run_sample(out.path(), store.path()));
    assert_eq!(code, 0, "{stderr}");
    let truth = |name: &str| table(&fs::read(out.path().join("truth").join(name)).unwrap());
    World {
        name: format!("seed {seed}, {enterprises} enterprises, {parks} parks"),
        truth: truth("indicators.csv")
            .iter()
            .map(|row| {
                let key = ["level", "ref_area", "quarter", "indicator"].map(|name| row[name].clone());
                let none = || String::new();
                (key, [row["value"].clone(), row["numerator"].clone(), row["denominator"].clone(), none(), none()])
            })
            .collect(),
        found: released(&store.path().join("current")),
        spoiled: truth("spoiled.csv")
            .iter()
            .map(|row| (row["file"].clone(), row["row"].parse().unwrap(), code_of(&row["kind"])))
            .collect(),
        quarantined: quarantined(&store.path().join("quarantine")),
        sent: truth("inputs.csv").iter().map(|row| (row["file"].clone(), row["rows"].parse().unwrap())).collect(),
        kept: ledger(&store.path().join("current/quality/ledger/part-0.parquet")),
    }
}

/// The problem that a kind of spoiled row must be set aside for.
fn code_of(kind: &str) -> &'static str {
    match kind {
        "check_digit" => "C003",
        "duplicate_row" => "C005",
        "unknown_unit" => "C008",
        "unknown_park" => "C007",
        "not_a_number" => "C001",
        "value_required" => "C002",
        "not_in_list" => "C019",
        other => panic!("{other} is not a kind of spoiled row"),
    }
}

/// The rows of a CSV file by the names in its first line; a split of its own, so that an error of the pipeline's own
/// reading cannot hide here.
fn table(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(cells);
    let head = lines.next().unwrap();
    lines
        .map(|cells| {
            assert_eq!(cells.len(), head.len(), "{cells:?}");
            head.iter().cloned().zip(cells).collect()
        })
        .collect()
}

/// Every row of the long tables of the indicators: a file for each quarter and level, among the tables of the workbook.
fn released(release: &Path) -> BTreeMap<Key, Row> {
    let mut rows = BTreeMap::new();
    for (name, bytes) in tree(&release.join("reports")) {
        let [quarter, "csv", file] = name.split('/').collect::<Vec<_>>()[..] else { continue };
        let Some(level) = LEVELS.into_iter().find(|level| file == format!("{level}.csv")) else { continue };
        for row in table(&bytes) {
            assert_eq!(row["time_period"].replace('-', ""), quarter, "{name}");
            let key = [level, &row["ref_area"], quarter, &row["indicator"]].map(str::to_owned);
            let columns = ["value", "numerator", "denominator", "obs_status", "reason"];
            let values = columns.map(|column| row[column].clone());
            assert!(rows.insert(key.clone(), values).is_none(), "{key:?} stands there twice");
        }
    }
    rows
}

/// File, row and codes of every row in quarantine.
fn quarantined(folder: &Path) -> Vec<(String, u64, String)> {
    let mut rows = Vec::new();
    for (_, bytes) in tree(folder) {
        let frame = parquet::read(bytes, |_| true).unwrap().frame;
        let text = |name: &str, row: usize| frame.texts(name).unwrap().get(row).unwrap().to_owned();
        for row in 0..frame.rows() {
            let number = frame.ints("source_row").unwrap().get(row).unwrap();
            assert!(frame.ints("vintage").unwrap().get(row).is_some());
            rows.push((text("source_file", row), number.try_into().unwrap(), text("problem_codes", row)));
        }
    }
    rows
}

/// Rows of each export that became facts or were set aside.
fn ledger(file: &Path) -> BTreeMap<String, u64> {
    let frame = parquet::read(fs::read(file).unwrap(), |_| true).unwrap().frame;
    (0..frame.rows())
        .map(|row| {
            let count = |name: &str| u64::try_from(frame.ints(name).unwrap().get(row).unwrap()).unwrap();
            (frame.texts("file").unwrap().get(row).unwrap().to_owned(), count("facts") + count("quarantined"))
        })
        .collect()
}

fn near(found: &str, truth: &str) -> bool {
    let [found, truth]: [f64; 2] = [found, truth].map(|value| value.parse().unwrap());
    (found - truth).abs() <= f64::max(1e-12, truth.abs() * 1e-9)
}

#[test]
fn every_indicator_of_every_area_and_quarter_is_the_true_one() {
    for world in WORLDS.iter() {
        let mut wrong = Vec::new();
        let (mut values, mut sums, mut flagged, mut withheld) = (0, 0, 0, 0);
        // The truth may know of more than the configuration asks for.
        let asked = world.truth.iter().filter(|(key, _)| CONFIG.indicators.iter().any(|one| one.id == key[3]));
        for (key, [value, numerator, denominator, ..]) in asked {
            let Some([found, found_numerator, found_denominator, status, reason]) = world.found.get(key) else {
                if !value.is_empty() {
                    wrong.push(format!("{key:?}: {value} is missing"));
                }
                continue;
            };
            // The truth leaves out what a cell does not say; where that is too much, there is no figure.
            if reason == "withheld" {
                withheld += 1;
                assert!(found.is_empty() && found_numerator.is_empty(), "{key:?} is withheld and stands there");
                continue;
            }
            flagged += usize::from(status == "U");
            // A score without a part that is withheld is another one, and says so.
            let is_score_of_less = status == "U" && key[3].starts_with("assessment");
            let same = match (found.is_empty(), value.is_empty()) {
                (false, false) => is_score_of_less || near(found, value),
                (found, truth) => found == truth,
            };
            values += usize::from(!value.is_empty());
            if !same {
                wrong.push(format!("{key:?}: `{found}` instead of `{value}`"));
            }
            for (found, truth) in [(found_numerator, numerator), (found_denominator, denominator)] {
                if found.is_empty() || truth.is_empty() {
                    continue;
                }
                sums += 1;
                if found != truth {
                    wrong.push(format!("{key:?}: sum `{found}` instead of `{truth}`"));
                }
            }
        }
        let extra = world.found.keys().filter(|key| !world.truth.contains_key(*key));
        wrong.extend(extra.map(|key| format!("{key:?} has no truth")));
        assert!(
            wrong.is_empty(),
            "{}: {} wrong:\n{}",
            world.name,
            wrong.len(),
            wrong[..wrong.len().min(20)].join("\n")
        );
        println!(
            "{}: {values} values and {sums} sums agree; {flagged} have a flag, {withheld} are withheld",
            world.name
        );
        assert!(withheld * 20 < values, "{}: {withheld} of {values} are withheld", world.name);
        assert!(values > 4_000 && sums > 4_000, "{}: too little was compared: {values}, {sums}", world.name);
    }
}

#[test]
fn a_county_that_was_given_another_code_is_one_area_through_time() {
    for world in WORLDS.iter() {
        let quarters = |code: &str| {
            let of = |[level, area, quarter, indicator]: &Key| {
                let asked = level == "county" && area == code && indicator == "enterprises";
                asked.then(|| quarter.clone())
            };
            world.found.keys().filter_map(of).collect::<BTreeSet<_>>().len()
        };
        // 长垣: 410728 until 2019, 410783 from then on; its park is on the register under the old code, in one sample from
        // the second year on.
        assert_eq!(quarters("410728"), 0, "{}", world.name);
        assert!([8, 12].contains(&quarters("410783")), "{}: {}", world.name, quarters("410783"));
    }
}

#[test]
fn a_city_without_its_directly_administered_counties_lacks_their_parks_and_nothing_else() {
    let parks = |world: &World, level: &str, area: &str| -> i64 {
        let key = [level, area, "2019Q4", "enterprises"].map(str::to_owned);
        world.found[&key][0].parse::<f64>().unwrap() as i64
    };
    for world in WORLDS.iter() {
        // Of 新乡 and its counties only 长垣 is administered by the province; 济源 has none.
        let of = |level: &str, area: &str| parks(world, level, area);
        assert_eq!(of("city", "410700") - of("city_net", "410700"), of("county", "410783"), "{}", world.name);
        assert_eq!(of("city", "419001"), of("city_net", "419001"), "{}", world.name);
    }
}

#[test]
fn exactly_the_spoiled_rows_are_in_quarantine_each_for_its_reason() {
    for world in WORLDS.iter() {
        let found: BTreeSet<(String, u64, &str)> =
            world.quarantined.iter().map(|(file, row, codes)| (file.clone(), *row, codes.as_str())).collect();
        assert_eq!(found.len(), world.quarantined.len(), "{}: a row is there twice", world.name);
        let lost: Vec<_> = world.spoiled.difference(&found).collect();
        let wrong: Vec<_> = found.difference(&world.spoiled).collect();
        assert!(lost.is_empty() && wrong.is_empty(), "{}: not set aside: {lost:?}; set aside: {wrong:?}", world.name);
        let kinds: BTreeSet<&str> = found.iter().map(|(.., code)| *code).collect();
        assert_eq!(kinds.len(), 7, "{}: {kinds:?}", world.name);
    }
}

#[test]
fn every_row_that_was_sent_is_a_fact_or_in_quarantine() {
    for world in WORLDS.iter() {
        assert_eq!(world.kept, world.sent, "{}", world.name);
    }
}

/// The codes of each park's enterprises and their divisions are the pipeline's; the sums are made here, from what every
/// enterprise really did in each quarter.
#[test]
fn revenue_of_four_quarters_and_location_quotients_of_park_industries_follow_from_what_enterprises_did() {
    let (out, store) = (folder(), folder());
    sample(out.path(), 11, 300, 12, 8);
    let (code, _, stderr) = finish(&mut run_sample(out.path(), store.path()));
    assert_eq!(code, 0, "{stderr}");
    let mut division = BTreeMap::new();
    for (name, bytes) in tree(&store.path().join("facts/finance")) {
        assert!(name.ends_with(".parquet"), "{name}");
        let facts = parquet::read(bytes, |_| true).unwrap().frame;
        for row in 0..facts.rows() {
            let text = |name: &str| facts.texts(name).unwrap().get(row).unwrap().to_owned();
            division.insert(text("unit_code"), text("industry_code")[..2].parse::<i64>().unwrap());
        }
    }
    let discrete = table(&fs::read(out.path().join("truth/discrete.csv")).unwrap());
    // The last report of each enterprise in the year: what it did since January counts where it was last, and in the figures of the
    // quarter only if it is still there.
    let mut last: BTreeMap<&str, &BTreeMap<String, String>> = BTreeMap::new();
    for row in discrete.iter().filter(|row| row["quarter"].starts_with("2018")) {
        last.insert(&row["unit_code"], row);
    }
    let (mut four, mut year) = (BTreeMap::<(String, i64), i64>::new(), BTreeMap::<(String, i64), i64>::new());
    for (unit, row) in last.into_iter().filter(|(_, row)| !row["park_code"].is_empty()) {
        let revenue = row["revenue_ytd_fen"].parse::<i64>().unwrap();
        let key = (row["park_code"].clone(), division[unit]);
        *four.entry(key.clone()).or_default() += revenue;
        if row["quarter"] == "2018Q4" {
            *year.entry(key).or_default() += revenue;
        }
    }
    let total = |by: &dyn Fn(&(String, i64)) -> bool| -> f64 {
        year.iter().filter(|(key, _)| by(key)).map(|(_, fen)| *fen as f64).sum()
    };
    let file = store.path().join("current/tables/park_industry_quarter/quarter=2018Q4/part-0.parquet");
    let found = parquet::read(fs::read(file).unwrap(), |_| true).unwrap().frame;
    let mut seen = 0;
    for row in 0..found.rows() {
        let park = found.texts("ref_area").unwrap().get(row).unwrap().to_owned();
        let key = (park.clone(), found.ints("division").unwrap().get(row).unwrap());
        assert_eq!(found.ints("revenue_ytd_fen").unwrap().get(row), Some(year[&key]), "{key:?}");
        assert_eq!(found.ints("revenue_ttm_fen").unwrap().get(row), four.get(&key).copied(), "{key:?}");
        let here = total(&|(of, division)| *of == key.0 && *division == key.1) / total(&|(of, _)| *of == key.0);
        let everywhere = total(&|(_, division)| *division == key.1) / total(&|_| true);
        let quotient = found.floats("location_quotient").unwrap().get(row).unwrap();
        assert!((quotient / (here / everywhere) - 1.0).abs() < 1e-9, "{key:?}: {quotient}");
        seen += 1;
    }
    assert_eq!(seen, year.len());
    assert!(seen > 60, "{seen}");
}

#[test]
fn the_committed_sample_is_what_synth_writes() {
    let out = folder();
    let (code, _, stderr) = finish(mujun(out.path()).arg("synth").arg("--out").arg(out.path()));
    assert_eq!(code, 0, "{stderr}");
    let (written, committed) = (tree(&out.path().join("exports")), tree(&root().join("examples/exports")));
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&committed), names(&written));
    for (name, bytes) in &written {
        assert!(committed[name] == *bytes, "examples/exports/{name} is not what `mujun synth` writes");
    }
    let registers = tree(&out.path().join("config/registers"));
    assert_eq!(
        names(&registers),
        ["clusters.csv", "enterprise_park.csv", "leading_industries.csv", "parks.csv", "value_added_rate.csv"]
    );
    for (name, bytes) in registers {
        let committed = fs::read(root().join("config/registers").join(&name)).unwrap();
        assert!(committed == bytes, "config/registers/{name} is not what `mujun synth` writes");
    }
}

#[test]
fn a_published_figure_that_is_not_reproduced_fails_the_check() {
    let config = |alter: &[(&str, &str, &str)]| {
        let copy = folder();
        for (name, bytes) in tree(&root().join("config")) {
            let mut text = String::from_utf8(bytes).unwrap();
            if name == "site.toml" {
                text = text.replace("../pipelines", &root().join("pipelines").to_string_lossy());
            }
            for (_, from, to) in alter.iter().filter(|(file, ..)| *file == name) {
                assert_eq!(text.matches(from).count(), 1, "{name}: {from}");
                text = text.replace(from, to);
            }
            let path = copy.path().join(&name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let check = finish(mujun(copy.path()).args(["--lang", "en", "check", "--config"]).arg(copy.path()));
        (check.0, check.1 + &check.2)
    };
    let (contribution, pull) = ("indicators/contribution_ytd.toml", "indicators/pull_ytd.toml");
    let (code, said) = config(&[]);
    assert_eq!(code, 0, "{said}");
    let (code, said) =
        config(&[(contribution, "expect = 66.9", "expect = 66.8"), (pull, "expect = 7.4", "expect = 7.5")]);
    assert_eq!(code, 2, "{said}");
    for indicator in ["contribution_ytd", "pull_ytd"] {
        let words = ["failed", indicator, "2013Q1"];
        let failed = said.lines().any(|line| words.iter().all(|word| line.contains(word)));
        assert!(failed, "{indicator}: {said}");
    }
    // A changed formula is found by the same two figures.
    let (code, said) = config(&[(contribution, "* 100.0 END", "* 101.0 END")]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("66.9"), "{said}");
}
