//! Where a published value comes from, down to the cells of the exports: held against a script that finds them
//! itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use protect::Profile;
use run::explain::{self, Asked};
use run::{Options, Setup};
use serde_json::Value;
use store::parquet;
use tempfile::TempDir;

use crate::cli::{LENIENT, json, replace, shown, steady};
use crate::readers::python;
use crate::support::{CONFIG, finish, folder, mujun, root, run_sample, sample, tree};

/// A sample with its store and a release for each kind of readers.
struct World {
    out: TempDir,
    store: TempDir,
}

/// Made once: its figures are looked at and never changed.
static WORLD: LazyLock<World> = LazyLock::new(|| {
    let (out, store) = (folder(), folder());
    sample(out.path(), 61, 60, 4, 9);
    for profile in ["internal", "public"] {
        let (code, _, stderr) = finish(run_of(out.path(), store.path()).args(["--profile", profile]));
        assert_eq!(code, 0, "{stderr}");
    }
    World { out, store }
});

fn run_of(out: &Path, store: &Path) -> Command {
    let mut command = run_sample(out, store);
    command.arg("--config").arg(LENIENT.join("config"));
    command
}

/// `explain` with the registers and the configuration that the release was made with.
fn explain_of(out: &Path, store: &Path, args: &[&str]) -> Command {
    let mut command = mujun(store);
    command.arg("explain").arg("--registers").arg(out.join("config/registers"));
    command.arg("--config").arg(LENIENT.join("config")).args(args);
    command
}

fn asked(args: &[&str]) -> Command {
    explain_of(WORLD.out.path(), WORLD.store.path(), args)
}

fn told(args: &[&str]) -> Value {
    let (code, stdout, stderr) = finish(asked(args).args(["--format", "json"]));
    assert_eq!(code, 0, "{args:?}: {stderr}");
    json(&stdout)
}

/// An area of a level and a quarter in which there is a value.
fn place(indicator: &str, level: &str) -> [String; 2] {
    for (name, bytes) in tree(&fs::canonicalize(WORLD.store.path().join("current")).unwrap()) {
        if !name.starts_with(&format!("indicators/level={level}/")) {
            continue;
        }
        let frame = parquet::read(bytes, |_| true).unwrap().frame;
        let text = |column: &str, row: usize| frame.column(column).and_then(|values| values.text(row));
        let fits = |row: &usize| {
            text("indicator", *row).as_deref() == Some(indicator)
                && text("reason", *row).is_none()
                && text("value", *row).is_some()
                && text("time_period", *row).is_some_and(|period| period.as_str() > "2018-Q1")
        };
        if let Some(row) = (0..frame.rows()).find(fits) {
            return [text("ref_area", row).unwrap(), text("time_period", row).unwrap()];
        }
    }
    panic!("no {indicator} of the level {level}")
}

#[test]
fn a_script_that_reads_the_exports_itself_finds_the_cells_that_values_are_made_of() {
    let Some(python) = python("explanations held against the cells that a Python script finds") else { return };
    let (out, store) = (folder(), folder());
    sample(out.path(), 62, 90, 6, 9);
    let (code, _, stderr) = finish(&mut run_of(out.path(), store.path()));
    assert_eq!(code, 0, "{stderr}");
    let mut command = Command::new(python);
    command.arg(root().join("tests/readers/explained.py")).arg(out.path()).arg(store.path().join("current"));
    command.args(["62", "32"]).arg(env!("CARGO_BIN_EXE_mujun")).current_dir(root());
    command.arg("explain").arg("--store").arg(store.path()).arg("--registers").arg(out.path().join("config/registers"));
    command.arg("--config").arg(LENIENT.join("config")).args(["--quiet", "--format", "json"]);
    let (code, stdout, stderr) = finish(&mut command);
    assert_eq!(code, 0, "{stdout}{stderr}");
    println!("{}", stdout.lines().last().unwrap_or_default());
}

#[test]
fn a_parks_value_and_the_provinces_are_told_in_both_languages() {
    let [park, quarter] = place("tax_per_mu_ttm", "park");
    let folders = [WORLD.store.path(), WORLD.out.path()];
    let mut texts = Vec::new();
    for lang in ["zh", "en"] {
        let of_park = ["tax_per_mu_ttm", "--area", &park, "--quarter", &quarter, "--most", "2", "--lang", lang];
        texts.push(shown(&mut asked(&of_park), &folders));
        let of_province = ["tax_per_mu_ttm", "--area", "河南省", "--quarter", &quarter, "--most", "3", "--lang", lang];
        texts.push(shown(&mut asked(&of_province), &folders));
    }
    insta::assert_snapshot!("explained", texts.join("\n\n"));
}

#[test]
fn a_value_that_lies_half_way_is_shown_as_reports_show_it() {
    let decimals: BTreeMap<&str, usize> = CONFIG.indicators.iter().map(|one| (one.id.as_str(), one.decimals)).collect();
    // The committed sample has enough enterprises for sixteenths of them.
    let store = folder();
    assert_eq!(finish(mujun(store.path()).arg("run")).0, 0);
    let mut found = Vec::new();
    for (path, bytes) in tree(&fs::canonicalize(store.path().join("current")).unwrap()) {
        let Some(place) = path.strip_prefix("indicators/level=county/quarter=") else { continue };
        let frame = parquet::read(bytes, |_| true).unwrap().frame;
        for row in 0..frame.rows() {
            let text = |column: &str| frame.texts(column).unwrap().get(row).unwrap().to_owned();
            let Some(value) = frame.floats("value").unwrap().get(row).filter(|value| *value > 0.0) else { continue };
            let places = decimals[text("indicator").as_str()];
            let scaled = value * 10_f64.powi(i32::try_from(places).unwrap());
            // Half-way, above an even digit: 6.25 is 6.3 in reports, and 6.2 where halves go to the even side.
            if scaled.fract() == 0.5 && scaled.floor() % 2.0 == 0.0 && places == 1 {
                let quarter = place.split('/').next().unwrap().to_owned();
                found.push((text("indicator"), text("ref_area"), quarter, scaled.ceil() / 10.0));
            }
        }
    }
    assert!(found.len() >= 3, "{found:?}");
    for (indicator, area, quarter, expected) in found.iter().take(6) {
        let mut command = mujun(store.path());
        let (code, stdout, stderr) = finish(command.args(["explain", indicator, "--area", area, "--quarter", quarter]));
        assert_eq!(code, 0, "{stderr}");
        let line = stdout.lines().nth(1).unwrap();
        assert!(line.contains(&format!("  {expected:.1} ")), "{expected}: {line}");
        assert!(!stdout.contains(" -0 ") && !stdout.contains("-0.0 "), "{stdout}");
    }
}

#[test]
fn the_json_has_every_key_that_is_documented() {
    let [park, quarter] = place("tax_per_mu_ttm", "park");
    let args = ["tax_per_mu_ttm", "--area", &park, "--quarter", &quarter, "--most", "1", "--format", "json"];
    let (code, stdout, stderr) = finish(&mut asked(&args));
    assert_eq!(code, 0, "{stderr}");
    let explained = json(&stdout);
    let pretty = serde_json::to_string_pretty(&explained).unwrap();
    insta::assert_snapshot!("explained_json", steady(&pretty, &[WORLD.store.path(), WORLD.out.path()]));
    let mut keys = BTreeSet::new();
    keys_of(&explained, &mut keys);
    let documented = fs::read_to_string(root().join("docs/explain.md")).unwrap();
    let missing: Vec<&String> = keys.iter().filter(|key| !documented.contains(&format!("`{key}`"))).collect();
    assert!(missing.is_empty(), "not in docs/explain.md: {missing:?}");
}

pub(crate) fn keys_of(value: &Value, keys: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => object.iter().for_each(|(key, value)| {
            keys.insert(key.clone());
            keys_of(value, keys);
        }),
        Value::Array(items) => items.iter().for_each(|item| keys_of(item, keys)),
        _ => {}
    }
}

#[test]
fn a_public_release_is_explained_down_to_the_park_without_any_enterprise() {
    let stays = fs::read_to_string(WORLD.out.path().join("config/registers/enterprise_park.csv")).unwrap();
    let units: Vec<&str> = stays.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    let [_, quarter] = place("tax_per_mu_ttm", "park");
    let mut parks = 0;
    for lang in ["zh", "en"] {
        for format in ["text", "json"] {
            let args =
                ["tax_per_mu_ttm", "--area", "410000", "--quarter", &quarter, "--profile", "public", "--depth", "9"];
            let mut command = asked(&args);
            let (code, stdout, stderr) = finish(command.args(["--most", "0", "--lang", lang, "--format", format]));
            assert_eq!(code, 0, "{stderr}");
            assert!(units.len() > 50 && !units.iter().any(|unit| stdout.contains(unit)), "{stdout}");
            assert!(!stdout.contains("单元格") && !stdout.contains("\"cells\":[{"), "{stdout}");
            parks += stdout.matches("\"level\":\"park\"").count();
        }
    }
    assert!(parks > 0, "parks are told");
}

/// The sums in an explanation, whatever they are of.
fn sums_in<'v>(value: &'v Value, found: &mut Vec<&'v Value>) {
    match value {
        Value::Object(object) => {
            if object.contains_key("kind") && object.contains_key("parts") {
                found.push(value);
            }
            object.values().for_each(|value| sums_in(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| sums_in(item, found)),
        _ => {}
    }
}

/// An indicator of few enterprises: some of its values are withheld from the public.
const HIDDEN: &str = "emissions_per_va_ytd";

#[test]
fn what_protection_withholds_stays_withheld_and_is_not_told_by_what_is_left() {
    let public = fs::canonicalize(WORLD.store.path().join("current-public")).unwrap();
    let mut looked_at = 0;
    for (name, bytes) in tree(&public) {
        if !name.starts_with("indicators/level=park/") || looked_at > 3 {
            continue;
        }
        let frame = parquet::read(bytes, |_| true).unwrap().frame;
        let text =
            |column: &str, row: usize| frame.column(column).and_then(|values| values.text(row)).unwrap_or_default();
        let is_hidden = |row: &usize| text("obs_status", *row) == "Q" && text("indicator", *row) == HIDDEN;
        for row in (0..frame.rows()).filter(is_hidden).take(1) {
            looked_at += 1;
            let (area, quarter) = (text("ref_area", row), text("time_period", row));
            let args = [HIDDEN, "--area", &area, "--quarter", &quarter, "--profile", "public"];
            let explained = told(&args);
            assert_eq!((&explained["value"]["value"], &explained["value"]["numerator"]), (&Value::Null, &Value::Null));
            assert_eq!(explained["why"]["reason"], "suppressed");
            let whole =
                told(&[HIDDEN, "--area", "410000", "--quarter", &quarter, "--profile", "public", "--depth", "3"]);
            let mut sums = Vec::new();
            sums_in(&whole, &mut sums);
            let hides = |sum: &&&Value| {
                let parts = sum["parts"].as_array().unwrap();
                parts.iter().any(|part| part["figure"]["standing"] == "withheld")
            };
            let hiding: Vec<&&Value> = sums.iter().filter(hides).collect();
            assert!(!hiding.is_empty(), "the part is among those of its city");
            assert!(hiding.iter().all(|sum| sum["rest"].is_null() && sum["holds"].is_null()), "{hiding:#?}");
        }
    }
    assert!(looked_at > 0, "something is withheld");
}

#[test]
fn what_is_mistyped_or_may_be_several_is_told_with_what_may_be_meant() {
    let [park, quarter] = place("tax_per_mu_ttm", "park");
    let told = told(&["亩均税收（近四季度）", "--area", &park, "--quarter", &quarter, "--depth", "0"]);
    assert_eq!(told["indicator"]["id"], "tax_per_mu_ttm", "an indicator may be named");
    let name = told["area"]["name"].as_str().unwrap().to_owned();
    let wrong: String = name.chars().take(2).chain(['某']).chain(name.chars().skip(3)).collect();
    let mistakes: [&[&str]; 9] = [
        &["tax_per_mu_ttn", "--area", &park, "--quarter", &quarter],
        &["nothing", "--area", &park, "--quarter", &quarter],
        &["tax_per_mu_ttm", "--area", &wrong, "--quarter", &quarter],
        &["tax_per_mu_ttm", "--area", "市", "--quarter", &quarter],
        &["tax_per_mu_ttm", "--area", &park, "--quarter", "2018"],
        &["tax_per_mu_ttm", "--area", &park, "--quarter", "2035Q1"],
        &["tax_per_mu_ttm", "--area", &park, "--quarter", &quarter, "--level", "parc"],
        &["largest_cluster_revenue", "--area", &park, "--quarter", &quarter],
        &["tax_per_mu_ttm", "--area", &park, "--quarter", &quarter, "--release", "0000000000000000"],
    ];
    let folders = [WORLD.store.path(), WORLD.out.path()];
    let texts: Vec<String> = mistakes.iter().map(|args| shown(&mut asked(args), &folders)).collect();
    assert!(texts.iter().all(|text| text.starts_with("exit 2\n")), "{}", texts.join("\n"));
    insta::assert_snapshot!("explain_mistakes", texts.join("\n\n"));
}

/// For each reason of a null in a park: the first value without a figure for it.
fn nulls() -> BTreeMap<String, [String; 3]> {
    let mut found = BTreeMap::new();
    for (name, bytes) in tree(&fs::canonicalize(WORLD.store.path().join("current")).unwrap()) {
        if !name.starts_with("indicators/level=park/") {
            continue;
        }
        let frame = parquet::read(bytes, |_| true).unwrap().frame;
        let text = |column: &str, row: usize| frame.column(column).and_then(|values| values.text(row));
        for row in (0..frame.rows()).filter(|row| text("value", *row).is_none()) {
            let place = ["indicator", "ref_area", "time_period"].map(|column| text(column, row).unwrap());
            found.entry(text("reason", row).unwrap()).or_insert(place);
        }
    }
    found
}

#[test]
fn a_value_that_is_not_there_is_explained_by_its_reason_and_what_it_lacks() {
    let (mut texts, nulls) = (Vec::new(), nulls());
    assert!(nulls.len() > 1, "{nulls:?}");
    for (reason, [indicator, area, quarter]) in &nulls {
        let explained = told(&[indicator.as_str(), "--area", area, "--quarter", quarter]);
        assert_eq!(
            (&explained["value"]["value"], &explained["why"]["reason"]),
            (&Value::Null, &Value::from(reason.as_str()))
        );
        let lacks = explained["value"]["reason_dataset"].as_str();
        let is_counted =
            |dataset: &str| explained["reported"].as_array().unwrap().iter().any(|one| one["dataset"] == dataset);
        assert!(lacks.is_none_or(is_counted), "{lacks:?} is among what should be reported");
        let args = [indicator.as_str(), "--area", area, "--quarter", quarter, "--depth", "0", "--lang", "en"];
        texts.push(shown(&mut asked(&args), &[WORLD.store.path(), WORLD.out.path()]));
    }
    insta::assert_snapshot!("explained_nulls", texts.join("\n\n"));
}

/// The tax list of a quarter in a sample.
fn tax_list(out: &Path, part: &str) -> PathBuf {
    let name = tree(out).into_keys().find(|name| name.contains(part)).unwrap();
    out.join(name)
}

#[test]
fn a_cell_that_was_sent_again_names_what_it_takes_the_place_of_and_a_corrected_one_its_correction() {
    let (out, store, site) = (folder(), folder(), folder());
    crate::cli::copy(&LENIENT, site.path());
    sample(out.path(), 63, 40, 3, 5);
    let list = tax_list(out.path(), "税收_2018年1-3月");
    let text = fs::read_to_string(&list).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let is_paid =
        |line: &&&str| line.split('\t').nth(2).and_then(|paid| paid.parse::<f64>().ok()).is_some_and(|paid| paid > 1.0);
    let row = lines.iter().find(is_paid).unwrap();
    let cells: Vec<&str> = row.split('\t').collect();
    // Sent again nine days later with another amount, and corrected in that.
    let again = list.with_file_name("规上工业企业税收_2018年1-3月_20180429.txt");
    fs::write(&again, text.replacen(row, &row.replacen(cells[2], "777.77", 1), 1)).unwrap();
    let number = lines.iter().position(|line| line == row).unwrap() + 1;
    let corrections = site.path().join("config/corrections.toml");
    let mut corrected = fs::read_to_string(&corrections).unwrap();
    corrected += &format!(
        "\n[[correction]]\nid = \"told-by-telephone\"\nfile = \"**/*20180429.txt\"\nrow = {number}\ncolumn = 3\nexpect = \"777.77\"\n\
         action = \"replace\"\nvalue = \"888.88\"\nreason = \"a digit was mistyped\"\nreported_by = \"tax office\"\nreported_on = \"2018-05-02\"\n"
    );
    fs::write(&corrections, corrected).unwrap();
    let mut run = run_sample(out.path(), store.path());
    let (code, _, stderr) = finish(run.arg("--config").arg(site.path().join("config")));
    assert_eq!(code, 0, "{stderr}");
    let mut command = mujun(store.path());
    command.arg("explain").arg("--registers").arg(out.path().join("config/registers"));
    command.arg("--config").arg(site.path().join("config")).args([
        "tax_per_mu_ytd",
        "--area",
        "410000",
        "--quarter",
        "2018Q1",
    ]);
    let (code, stdout, stderr) = finish(command.args(["--depth", "9", "--most", "0", "--format", "json"]));
    assert_eq!(code, 0, "{stderr}");
    let mut cells_told = Vec::new();
    cells_in(&json(&stdout), &mut cells_told);
    let cell = cells_told.iter().find(|cell| cell["text"] == "777.77").expect("the cell as it was sent");
    assert_eq!(cell["read"], "888880000", "what was read is the corrected text");
    assert_eq!(cell["corrections"][0]["id"], "told-by-telephone");
    assert_eq!(cell["vintage"], "2018-04-29");
    let before = &cell["superseded"][0];
    let paid: f64 = cells[2].parse().unwrap();
    assert_eq!(before["read"], ((paid * 1_000_000.0).round() as i64).to_string());
    assert!(before["file"].as_str().unwrap().ends_with(list.file_name().unwrap().to_str().unwrap()));
}

fn cells_in(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Object(object) => {
            if object.contains_key("superseded") {
                found.push(value.clone());
            }
            object.values().for_each(|value| cells_in(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| cells_in(item, found)),
        _ => {}
    }
}

#[test]
fn an_explanation_says_what_has_changed_since_the_release_was_made() {
    let site = folder();
    crate::cli::copy(&LENIENT, site.path());
    replace(&site.path().join("config/indicators/tax_per_mu_ttm.toml"), "decimals = 2", "decimals = 3");
    let [park, quarter] = place("tax_per_mu_ttm", "park");
    let mut command = mujun(WORLD.store.path());
    command.arg("explain").arg("--registers").arg(WORLD.out.path().join("config/registers"));
    command.arg("--config").arg(site.path().join("config")).args([
        "tax_per_mu_ttm",
        "--area",
        &park,
        "--quarter",
        &quarter,
    ]);
    let (code, stdout, stderr) = finish(command.args(["--depth", "0", "--format", "json"]));
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(json(&stdout)["changed_since"], serde_json::json!(["configuration"]));
}

#[test]
fn every_indicator_is_explained_in_a_park_and_in_the_province_and_every_sum_in_it_holds() {
    let site = LENIENT.join("config");
    let setup = Setup::load(Options {
        config: site,
        store: Some(WORLD.store.path().to_owned()),
        inbox: None,
        registers: Some(WORLD.out.path().join("config/registers")),
        span: None,
        as_of: None,
        profile: Profile::Internal,
        make_current: false,
        now: 0,
    })
    .unwrap();
    let [park, quarter] = place("enterprises", "park");
    let (mut wrong, mut untraced, mut traced) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for indicator in &CONFIG.indicators {
        for (level, area) in [("park", park.as_str()), ("province", "410000")] {
            if !indicator.levels.iter().any(|of| of.as_str() == level) {
                continue;
            }
            let wanted = Asked {
                indicator: indicator.id.clone(),
                area: area.to_owned(),
                level: Some(level.to_owned()),
                quarter: quarter.clone(),
                release: None,
                depth: 1,
                most: 1,
            };
            let explained = match explain::explain(&setup, &wanted) {
                Ok(explained) => serde_json::to_value(explained).unwrap(),
                Err(failure) => {
                    wrong.push(format!("{} {level}: {failure}", indicator.id));
                    continue;
                }
            };
            let mut sums = Vec::new();
            sums_in(&explained, &mut sums);
            let broken = sums.iter().filter(|sum| sum["holds"] != true).count();
            if broken > 0 {
                wrong.push(format!("{} {level}: {broken} sums do not hold", indicator.id));
            }
            for side in explained["made_of"].as_array().unwrap() {
                let measure = side["figure"]["measure"].as_str().unwrap().to_owned();
                match side["figure"]["rows"]["by"].as_str() {
                    Some("none") => _ = untraced.insert(measure),
                    Some(_) => _ = traced.insert(measure),
                    None => {}
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("traced: {traced:?}; not: {untraced:?}");
    assert!(traced.len() > 70, "{}, not: {untraced:?}", traced.len());
    // What one enterprise is worth there depends on the others: nothing is told rather than guessed.
    assert!(["class_a_units", "class_c_land_micromu"].iter().all(|measure| untraced.contains(*measure)), "{traced:?}");
}
