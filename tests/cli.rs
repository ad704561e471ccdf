//! The command as a stranger runs it: what it prints, what it leaves behind, and how it exits.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use store::parquet;
use tempfile::TempDir;
use vocab::frame::Frame;

use crate::support::{finish, finished, folder, is_slow, mujun, not_run, program, root, run_sample, sample, tree};

/// Text without what differs from run to run: folders, and the names of releases, which follow from all content.
pub(crate) fn steady(text: &str, folders: &[&Path]) -> String {
    let mut text = text.to_owned();
    for folder in folders {
        text = text.replace(&*folder.to_string_lossy(), "[FOLDER]");
    }
    text = text.replace(&*root().to_string_lossy(), "[PROJECT]");
    let is_id = |word: &str| word.len() == 16 && word.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let mut out = String::new();
    let mut word = String::new();
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_alphanumeric() {
            word.push(c);
            continue;
        }
        out.push_str(if is_id(&word) { "[RELEASE]" } else { &word });
        word.clear();
        out.push(c);
    }
    out.pop();
    out
}

/// Exit code, results and messages, as one text.
pub(crate) fn shown(command: &mut Command, folders: &[&Path]) -> String {
    let (code, stdout, stderr) = finish(command);
    let stderr = if stderr.is_empty() { String::new() } else { format!("--- stderr\n{stderr}") };
    steady(&format!("exit {code}\n{stdout}{stderr}"), folders)
}

/// The command alone, from the project's folder.
pub(crate) fn bare(args: &[&str]) -> Command {
    let mut command = program();
    command.args(args);
    command
}

/// A small sample, made once: three parks, thirty enterprises, five quarters.
pub(crate) static SMALL: LazyLock<PathBuf> = LazyLock::new(|| {
    let out = shared_folder("small");
    sample(&out, 7, 30, 3, 5);
    out
});

/// An empty folder that several tests share. No test is the last to use it, so it is emptied by the first.
fn shared_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// `run` on the small sample, whose many spoiled rows are no reason to refuse here.
fn run_small(store: &Path) -> Command {
    let mut command = run_sample(&SMALL, store);
    command.arg("--config").arg(LENIENT.join("config"));
    command
}

/// The sample's configuration with a wide gate.
pub(crate) static LENIENT: LazyLock<PathBuf> = LazyLock::new(|| {
    let out = shared_folder("lenient");
    copy_config(&out);
    replace(&out.join("config/site.toml"), "max_quarantine_share = 0.05", "max_quarantine_share = 0.5");
    out
});

pub(crate) fn copy(from: &Path, to: &Path) {
    for (name, bytes) in tree(from) {
        let path = to.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// `config/` and `pipelines/` into a folder of their own.
pub(crate) fn copy_config(to: &Path) {
    copy(&root().join("config"), &to.join("config"));
    copy(&root().join("pipelines"), &to.join("pipelines"));
}

/// Leaves out the tests of a source definition, for one that is changed so that they no longer hold.
pub(crate) fn without_tests(path: &Path) {
    let text = fs::read_to_string(path).unwrap();
    let (definition, _) = text.split_once("[[test]]").expect("a test");
    fs::write(path, definition).unwrap();
}

/// Whether all that `check` found is that a definition has no test yet.
pub(crate) fn lacks_only_a_test((code, stdout, stderr): &(i32, String, String)) -> bool {
    let mut failures = stdout.lines().filter(|line| line.starts_with("failed "));
    *code == 2 && stderr.is_empty() && failures.all(|line| line.contains("has no [[test]]"))
}

pub(crate) fn replace(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{}: `{from}`", path.display());
    fs::write(path, text.replace(from, to)).unwrap();
}

pub(crate) fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The release that stands in a store.
fn current(store: &Path) -> PathBuf {
    store.join("current").canonicalize().expect("a release stands")
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

#[test]
fn help_says_what_can_be_done() {
    insta::assert_snapshot!("help", shown(&mut bare(&["--help"]), &[]));
    insta::assert_snapshot!("help_of_run", shown(&mut bare(&["run", "--help"]), &[]));
}

#[test]
fn typing_errors_are_told_with_what_was_meant() {
    let texts = [
        shown(&mut bare(&["inpsect", "x.csv"]), &[]),
        shown(&mut bare(&["run", "--quater", "2018Q4"]), &[]),
        shown(&mut bare(&["run", "--profile", "pubic"]), &[]),
        shown(&mut bare(&["run", "--quarter", "2018Q5"]), &[]),
        shown(&mut bare(&["run", "--from", "2019Q1", "--to", "2018Q1"]), &[]),
        shown(&mut bare(&["run", "--as-of", "2019"]), &[]),
        shown(&mut bare(&["check", "--config", "no-such-folder", "--lang", "en"]), &[]),
        shown(&mut bare(&["inspect", "no-such-file.csv", "--lang", "en"]), &[]),
    ];
    insta::assert_snapshot!("typing_errors", texts.join("\n\n"));
    assert!(texts.iter().all(|text| text.starts_with("exit 2\n")), "{texts:?}");
}

#[test]
fn the_sample_is_published_and_then_there_is_nothing_to_do() {
    let stores = [folder(), folder()];
    let chinese = shown(mujun(stores[0].path()).arg("run"), &[stores[0].path()]);
    let english = shown(mujun(stores[1].path()).args(["run", "--lang", "en"]), &[stores[1].path()]);
    insta::assert_snapshot!("run_in_chinese", chinese);
    insta::assert_snapshot!("run_in_english", english);
    insta::assert_snapshot!("run_again", shown(mujun(stores[0].path()).arg("run"), &[stores[0].path()]));
    assert_eq!(
        current(stores[0].path()).file_name(),
        current(stores[1].path()).file_name(),
        "a release is named by its content"
    );
}

#[test]
fn a_plan_changes_nothing_and_says_why() {
    let (store, inbox) = (folder(), folder());
    copy(&SMALL.join("exports/税务"), &inbox.path().join("税务"));
    copy(&SMALL.join("exports/统计局"), &inbox.path().join("统计局"));
    fs::write(inbox.path().join("税务/说明.csv"), "x,y\n1,2\n").unwrap();
    let with = |words: &[&str]| {
        let mut command = run_small(store.path());
        let args: Vec<_> = command.get_args().map(|arg| arg.to_owned()).collect();
        command = bare(&[]);
        command.args(args.into_iter().map(|arg| if arg == "run" { words[0].into() } else { arg })).args(&words[1..]);
        let position = |command: &Command| command.get_args().position(|arg| arg == "--inbox").unwrap();
        let args: Vec<_> = command.get_args().map(|arg| arg.to_owned()).collect();
        let at = position(&command) + 1;
        let mut command = bare(&[]);
        command.args(args.into_iter().enumerate().map(|(i, arg)| if i == at { inbox.path().into() } else { arg }));
        command
    };
    let folders = [store.path(), inbox.path(), SMALL.as_path(), LENIENT.as_path()];
    let before = shown(&mut with(&["plan", "--lang", "en"]), &folders);
    assert!(tree(store.path()).is_empty(), "nothing is written by a plan");
    let (code, _, stderr) = finish(&mut with(&["run"]));
    assert_eq!(code, 0, "{stderr}");
    let after = shown(&mut with(&["plan", "--lang", "en"]), &folders);
    let earlier = shown(&mut with(&["plan", "--lang", "en", "--as-of", "2017-12-31"]), &folders);
    insta::assert_snapshot!("plan", [before, after, earlier].join("\n\n"));
}

#[test]
fn check_runs_the_tests_in_the_definitions() {
    let (code, stdout, stderr) = finish(&mut bare(&["check", "--format", "json"]));
    assert_eq!((code, stderr.as_str()), (0, ""));
    let report = json(&stdout);
    assert_eq!(report["failures"], serde_json::json!([]));
    assert!(report["tests"].as_u64().unwrap() >= 30, "{report}");
    let config = folder();
    copy_config(config.path());
    replace(&config.path().join("config/sources/tax.toml"), "tax_ytd_fen=0 ", "tax_ytd_fen=1 ");
    replace(&config.path().join("config/indicators/real_growth_ytd.toml"), "expect = 18.0", "expect = 19.0");
    let text = shown(bare(&["check", "--lang", "en", "--config"]).arg(config.path().join("config")), &[config.path()]);
    assert!(text.starts_with("exit 2\n"), "{text}");
    for what in ["sources/tax.toml: test `", "expected `tax_ytd_fen=1`, got `tax_ytd_fen=0`", "real_growth_ytd: "] {
        assert!(text.contains(what), "{what}: {text}");
    }
}

#[test]
fn inspect_shows_a_form_and_drafts_its_definition() {
    const FORM: &str = "examples/exports/统计局/B203财务状况_2018年1-3月_20180423.csv";
    insta::assert_snapshot!("inspect", shown(&mut bare(&["inspect", FORM, "--lang", "en"]), &[]));
    let (code, draft, _) = finish(&mut bare(&["inspect", FORM, "--draft"]));
    assert_eq!(code, 0);
    insta::assert_snapshot!("draft", draft);
    let config = folder();
    copy_config(config.path());
    fs::write(config.path().join("config/sources/draft.toml"), finished(&draft)).unwrap();
    let said = finish(bare(&["check", "--lang", "en", "--config"]).arg(config.path().join("config")));
    assert_eq!(said.0, 0, "a draft is a valid definition once a person has looked at it: {said:?}");
}

#[test]
fn every_sample_export_can_be_inspected_and_drafted() {
    // The cities send the same forms: one of each, or all of them if there is time.
    let kind = |name: &String| match name.find("规上工业企业用地").or(name.find("工业用地台账")) {
        Some(at) if !is_slow() => name[at..].to_owned(),
        _ => name.clone(),
    };
    let exports = tree(&root().join("examples/exports")).into_keys();
    let one_quarter = exports.filter(|name| name.contains("2018年1-3月") || !name.contains('月'));
    let files: BTreeMap<String, String> = one_quarter.map(|name| (kind(&name), name)).collect();
    for file in files.into_values() {
        let path = root().join("examples/exports").join(&file);
        let (code, stdout, stderr) = finish(bare(&["inspect", "--format", "json"]).arg(&path));
        assert_eq!(code, 0, "{file}: {stderr}");
        assert!(json(&stdout)["tables"].as_array().is_some_and(|tables| !tables.is_empty()), "{file}");
        let config = folder();
        copy_config(config.path());
        let (_, draft, _) = finish(bare(&["inspect", "--draft"]).arg(&path));
        fs::write(config.path().join("config/sources/draft.toml"), finished(&draft)).unwrap();
        let said = finish(bare(&["check", "--lang", "en", "--config"]).arg(config.path().join("config")));
        assert_eq!(said.0, 0, "{file}: {said:?}\n{draft}");
    }
}

#[test]
fn numbers_of_seventeen_digits_are_shown_to_the_last_one() {
    let dir = folder();
    let path = dir.path().join("地区指标.csv");
    // Numbers between 0.1 and 1 in the shortest form that is exact, by a rule of their own.
    let numbers: Vec<f64> = (1..200).map(|at| 0.1 + f64::from(at).sqrt().fract() * 0.9).collect();
    let rows: String = numbers.iter().map(|number| format!("河南省,2018年,{number}\n")).collect();
    fs::write(&path, format!("地区,年份,指数\n{rows}")).unwrap();
    let (code, stdout, stderr) = finish(bare(&["inspect", "--cells", "--format", "json"]).arg(&path));
    assert_eq!(code, 0, "{stderr}");
    let wrong: Vec<&f64> = numbers.iter().filter(|number| !stdout.contains(&format!("\"value\":{number}"))).collect();
    assert!(wrong.is_empty(), "{wrong:?} of {} in {}", numbers.len(), &stdout[..stdout.len().min(600)]);
}

#[test]
fn releases_are_listed_pinned_and_rolled_back() {
    let store = folder();
    let run = |args: &[&str]| finish(run_small(store.path()).args(args));
    assert_eq!(run(&["--quarter", "2017Q1", "--make-current"]).0, 0);
    let first = name(&current(store.path()));
    assert_eq!(run(&[]).0, 0);
    let second = name(&current(store.path()));
    assert_ne!(first, second);
    let named = |text: String| text.replace(&first, "[FIRST]").replace(&second, "[SECOND]");
    let timeless = |line: &str| match (line.split_once(" since "), line.split_once(" (mujun")) {
        (Some((before, _)), Some((_, after))) => format!("{before} since [TIME] (mujun{after}"),
        _ => line.to_owned(),
    };
    let releases = |args: &[&str]| {
        let (code, stdout, stderr) = finish(mujun(store.path()).args(["releases", "--lang", "en"]).args(args));
        // Sorted without the names, which follow from all content.
        let mut lines: Vec<String> = steady(&named(stdout), &[]).lines().map(timeless).collect();
        lines.sort();
        steady(
            &format!("$ releases {}\nexit {code}\n{}{}", named(args.join(" ")), lines.join("\n"), named(stderr)),
            &[store.path()],
        )
    };
    let mut told = vec![releases(&[]), releases(&["rollback", &first]), releases(&["pin", &first])];
    assert_eq!(name(&current(store.path())), first);
    // What is published while a release is pinned waits.
    let (code, stdout, _) = run(&["--quarter", "2017Q2", "--lang", "en"]);
    assert!(code == 0 && stdout.contains("current is held at"), "{code} {stdout}");
    assert_eq!(name(&current(store.path())), first, "readers still see the pinned release");
    told.push(releases(&["unpin"]));
    told.push(releases(&["rollback", "no-such-release"]));
    insta::assert_snapshot!("releases", told.join("\n\n"));
}

#[test]
fn a_changed_byte_in_a_release_is_found() {
    let store = folder();
    assert_eq!(finish(&mut run_small(store.path())).0, 0);
    let release = current(store.path());
    let verify =
        |args: &[&str]| shown(mujun(store.path()).args(["verify", "--lang", "en"]).args(args), &[store.path()]);
    let mut told = vec![verify(&[]), verify(&[&name(&release)])];
    let file = release.join("quality/ledger/part-0.parquet");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    fs::write(&file, bytes).unwrap();
    fs::set_permissions(release.join("dictionary.csv").parent().unwrap(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(release.join("stray.txt"), "not in the manifest").unwrap();
    told.push(verify(&[]));
    told.push(verify(&["0123456789abcdef"]));
    insta::assert_snapshot!("verify", told.join("\n\n"));
}

#[test]
fn where_there_is_no_store_the_commands_say_so() {
    let store = folder();
    for args in [["verify"], ["releases"]] {
        let (code, stdout, stderr) = finish(mujun(store.path()).args(args).args(["--lang", "en"]));
        assert_eq!((code, stdout.as_str()), (2, ""), "{args:?}");
        assert!(stderr.contains("holds no store"), "{stderr}");
    }
    assert!(tree(store.path()).is_empty());
}

/// All rows of the indicators in a release, by level, quarter, area and indicator.
fn indicators(release: &Path) -> BTreeMap<[String; 4], BTreeMap<String, Option<String>>> {
    let mut rows = BTreeMap::new();
    for (file, bytes) in tree(&release.join("indicators")) {
        let level = file.split(['=', '/']).nth(1).unwrap().to_owned();
        let frame: Frame = parquet::read(bytes, |_| true).unwrap().frame;
        for row in 0..frame.rows() {
            let cell = |name: &str| frame.column(name).and_then(|column| column.text(row));
            let key = ["time_period", "ref_area", "indicator"].map(|name| cell(name).unwrap());
            let values = frame.columns().iter().map(|(name, values)| (name.clone(), values.text(row))).collect();
            let [time, area, indicator] = key;
            rows.insert([level.clone(), time, area, indicator], values);
        }
    }
    rows
}

#[test]
fn one_quarter_can_be_published_alone() {
    let store = folder();
    assert_eq!(finish(run_small(store.path()).args(["--quarter", "2017Q3", "--make-current"])).0, 0);
    let rows = indicators(&current(store.path()));
    assert!(!rows.is_empty() && rows.keys().all(|[_, time, ..]| time == "2017-Q3"));
    let (code, _, stderr) = finish(run_small(store.path()).args(["--quarter", "1999Q1", "--lang", "en"]));
    assert_eq!(code, 4, "{stderr}");
    assert!(stderr.contains("no quarter of those asked for has data"), "{stderr}");
}

#[test]
fn an_earlier_day_gives_what_was_known_then() {
    let store = folder();
    let run = |args: &[&str]| {
        let (code, stdout, stderr) =
            finish(mujun(store.path()).args(["run", "--lang", "en", "--make-current"]).args(args));
        assert_eq!(code, 0, "{stderr}");
        (stdout, indicators(&current(store.path())))
    };
    let (now_said, now) = run(&["--quarter", "2018Q1"]);
    let (then_said, then) = run(&["--quarter", "2018Q1", "--as-of", "2018-05-31"]);
    let value = |rows: &BTreeMap<[String; 4], BTreeMap<String, Option<String>>>, column: &str| {
        let key = ["province", "2018-Q1", "410000", "enterprises"].map(str::to_owned);
        rows[&key][column].clone()
    };
    // The revised B203 of June mends rows that were in quarantine.
    assert_ne!(value(&now, "value"), value(&then, "value"));
    let vintages = |rows: &BTreeMap<_, BTreeMap<String, Option<String>>>| {
        rows.values().filter_map(|row| row["vintage"].clone()).max()
    };
    assert!(vintages(&then).unwrap().as_str() <= "2018-05-31", "{:?}", vintages(&then));
    assert!(then_said.contains("2018-05-31") && !now_said.contains("2018-05-31"), "{then_said}");
    let manifest = json(&fs::read_to_string(current(store.path()).join("manifest.json")).unwrap());
    assert_eq!(manifest["about"]["as_of"], "2018-05-31");
}

#[test]
fn the_public_profile_holds_nothing_that_rests_on_too_few() {
    let (stores, many_parks) = ([folder(), folder()], folder());
    sample(many_parks.path(), 3, 30, 12, 6);
    let run = |store: &TempDir| {
        let mut command = run_sample(many_parks.path(), store.path());
        command.arg("--config").arg(LENIENT.join("config"));
        command
    };
    assert_eq!(finish(&mut run(&stores[0])).0, 0);
    assert_eq!(finish(run(&stores[1]).args(["--profile", "public"])).0, 0);
    let public = stores[1].path().join("current-public").canonicalize().unwrap();
    let internal = current(stores[0].path());
    assert!(
        internal.join("tables").is_dir() && !public.join("tables").exists(),
        "sums beneath the indicators are internal"
    );
    let (internal, open) = (indicators(&internal), indicators(&public));
    assert_eq!(internal.keys().collect::<Vec<_>>(), open.keys().collect::<Vec<_>>());
    let mut withheld = 0;
    for (key, row) in &internal {
        let shown = &open[key];
        if row["conf_status"].as_deref() == Some("C") {
            withheld += 1;
            assert_eq!(
                (shown["conf_status"].as_deref(), shown["obs_status"].as_deref()),
                (Some("C"), Some("Q")),
                "{key:?}"
            );
            for column in ["value", "numerator", "denominator", "coverage", "yoy", "gap", "on_track", "rank"] {
                assert_eq!(shown[column], None, "{key:?} {column}");
            }
        } else {
            for column in ["value", "numerator", "denominator", "obs_status"] {
                assert_eq!(shown[column], row[column], "{key:?} {column}");
            }
        }
    }
    assert!(withheld > 0, "twelve parks of thirty enterprises have some with few");
    // No year-on-year change leads back to a value that is withheld.
    for ([level, time, area, indicator], row) in &open {
        let (year, quarter) = time.split_once('-').unwrap();
        let before =
            [level.clone(), format!("{}-{quarter}", year.parse::<i32>().unwrap() - 1), area.clone(), indicator.clone()];
        let hidden = open.get(&before).is_some_and(|row| row["conf_status"].as_deref() == Some("C"));
        assert!(
            !hidden || row["yoy"].is_none(),
            "{level} {time} {area} {indicator}: its change shows last year's value"
        );
    }
}

#[test]
fn models_with_unknown_tables_and_columns_are_told_at_once_with_their_place_and_a_hint() {
    let config = folder();
    copy_config(config.path());
    let model = |name: &str| config.path().join("pipelines/models").join(name);
    replace(&model("park/park_rd.sql"), "SUM(e.revenue_ytd_fen)", "SUM(e.revenu_ytd_fen)");
    replace(&model("park/park_largest.sql"), "FROM enterprise_quarter", "FROM enterprise_quartr");
    let text = shown(bare(&["check", "--lang", "en", "--config"]).arg(config.path().join("config")), &[config.path()]);
    insta::assert_snapshot!("model_errors", text);
}

const BAD_CORRECTIONS: &str = r#"
[[correction]]
id = "a"
file = "**/[税.txt"
row = 0
column = "实缴税收累计"
expect = "1.00"
action = "replase"
reason = "?"
reported_by = "?"
reported_on = "May"

[[correction]]
id = "a"
file = "**/*.txt"
row = 5
key = "914101813284249154"
column = true
expect = "7"
action = "unit"
unit = "平方米"
column_unit = "万元"
value = "7"
raeson = "?"
reported_by = "?"
reported_on = "2018-05-02"

[[correction]]
id = "b"
file = "**/*.txt"
row = 5
column = 4
expect = "1"
action = "unit"
unit = "亩"
column_unit = "平方米"
reason = "?"
reported_by = "?"
reported_on = "2018-05-02"
"#;

#[test]
fn every_mistake_in_the_configuration_is_told_at_once() {
    let config = folder();
    copy_config(config.path());
    let file = |name: &str| config.path().join("config").join(name);
    replace(&file("site.toml"), "minimum_units = 3", "minimum_unit = 3");
    replace(&file("sources/b203.toml"), "kind = \"unit_code\"", "kind = \"unit_cod\"");
    replace(&file("sources/b203.toml"), "rule = \"revenue_ytd_fen >= 0\"", "rule = \"revenu_ytd_fen >= 0\"");
    replace(&file("sources/tax.toml"), "unit = \"万元\"", "unit = \"万圆钱\"");
    replace(&file("sources/land.toml"), "key = [\"parcel\"]", "key = [\"parcell\"]");
    replace(&file("sources/recognition.toml"), "kind = \"date\"", "kind = \"period\"");
    replace(&file("indicators/enterprises.toml"), "unit = \"个\"", "unit = \"亩\"");
    replace(&file("indicators/tax_per_mu_ttm.toml"), "decimals = 2", "decimals = \"two\"");
    fs::write(file("indicators/broken.toml"), "name_zh = \"未闭合\n").unwrap();
    fs::write(file("corrections.toml"), BAD_CORRECTIONS).unwrap();
    let text = shown(bare(&["check", "--lang", "en", "--config"]).arg(config.path().join("config")), &[config.path()]);
    insta::assert_snapshot!("configuration_errors", text);
}

#[test]
fn a_register_with_a_mistake_stops_the_run() {
    let (store, registers) = (folder(), folder());
    copy(&root().join("config/registers"), registers.path());
    let file = |name: &str| registers.path().join(name);
    let parks = fs::read_to_string(file("parks.csv")).unwrap();
    fs::write(file("parks.csv"), parks.replacen(",2009Q1,", ",2009年第五季度,", 2)).unwrap();
    replace(&file("parks.csv"), ",410104,", ",410199,");
    let units = fs::read_to_string(file("enterprise_park.csv")).unwrap();
    let first = units.lines().nth(1).unwrap().to_owned();
    fs::write(file("enterprise_park.csv"), format!("{units}{first}\n123456789,,,2010Q1,\n")).unwrap();
    replace(&file("clusters.csv"), "industry_division", "division");
    let mut command = mujun(store.path());
    command.args(["run", "--lang", "en", "--registers"]).arg(registers.path());
    insta::assert_snapshot!("register_errors", shown(&mut command, &[store.path(), registers.path()]));
}

#[test]
fn every_command_speaks_json() {
    let store = folder();
    let inbox = SMALL.join("exports");
    let form = tree(&inbox).into_keys().find(|name| name.contains("JJQ201")).unwrap();
    let run = |args: &[&str]| {
        let mut command = program();
        command.arg("--store").arg(store.path()).arg("--inbox").arg(&inbox);
        command.arg("--registers").arg(SMALL.join("config/registers"));
        command.arg("--config").arg(LENIENT.join("config")).args(["--format", "json"]).args(args);
        let (code, stdout, stderr) = finish(&mut command);
        stderr.lines().for_each(|line| drop(json(line)));
        (code, json(&stdout), stderr)
    };
    let form = inbox.join(form).to_string_lossy().into_owned();
    assert_eq!(run(&["plan"]).1["current"], serde_json::Value::Null);
    let (code, published, progress) = run(&["run"]);
    assert_eq!((code, &published["outcome"]), (0, &"published".into()));
    assert!(progress.lines().any(|line| json(line)["event"] == "stage_done"), "{progress}");
    let release = published["summary"]["release"].as_str().unwrap().to_owned();
    assert_eq!(run(&["run"]).1["outcome"], "nothing_to_do");
    assert_eq!(run(&["plan"]).1["reason"], serde_json::Value::Null);
    // The tests in the definitions name enterprises of the installation's own registers.
    assert_eq!(json(&finish(&mut bare(&["check", "--format", "json"])).1)["failures"], serde_json::json!([]));
    assert_eq!(run(&["inspect", &form]).1["format"], "html");
    assert!(run(&["inspect", &form, "--draft"]).1["draft"].as_str().unwrap().contains("[[column]]"));
    assert_eq!(run(&["releases"]).1["current"], release.as_str());
    assert_eq!(run(&["releases", "pin", &release]).1["pinned"], release.as_str());
    assert_eq!(run(&["releases", "unpin"]).1["pinned"], serde_json::Value::Null);
    assert_eq!(run(&["verify"]).1["found"], serde_json::json!([]));
    let (code, stdout, stderr) =
        finish(bare(&["check", "--format", "json", "--config", "no-such-folder"]).env("LC_ALL", "C"));
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(json(&stderr)["error"].as_str().unwrap().contains("no-such-folder"));
}

#[test]
fn strict_tells_a_release_with_warnings_from_one_without() {
    let store = folder();
    let (code, stdout, _) = finish(run_small(store.path()).arg("--strict"));
    assert_eq!(code, 3, "{stdout}");
    assert!(current(store.path()).is_dir(), "it is published nevertheless");
    assert_eq!(finish(run_small(store.path()).arg("--strict")).0, 3, "what is wrong is so still");
}

#[test]
fn a_gate_that_refuses_leaves_the_last_release() {
    let (store, config) = (folder(), folder());
    assert_eq!(finish(&mut run_small(store.path())).0, 0);
    let before = current(store.path());
    copy_config(config.path());
    replace(&config.path().join("config/site.toml"), "max_quarantine_share = 0.05", "max_quarantine_share = 0");
    let mut command = run_sample(&SMALL, store.path());
    command.args(["--lang", "en", "--config"]).arg(config.path().join("config"));
    let (code, stdout, stderr) = finish(&mut command);
    assert_eq!((code, stdout.as_str()), (4, ""), "{stderr}");
    assert!(stderr.contains("rows are in quarantine") && stderr.contains("the gate allows 0.0 %"), "{stderr}");
    assert_eq!(current(store.path()), before);
}

#[test]
fn a_store_that_is_held_is_left_for_later() {
    let store = folder();
    let lock = fs::File::create(store.path().join("lock")).unwrap();
    lock.try_lock().unwrap();
    let (code, stdout, stderr) = finish(run_small(store.path()).args(["--lang", "en"]));
    assert_eq!((code, stdout.as_str()), (75, ""), "{stderr}");
    assert!(stderr.contains("is held by"), "{stderr}");
    drop(lock);
    assert_eq!(finish(&mut run_small(store.path())).0, 0, "a lock file that nobody holds means nothing");
}

/// `run` with an inbox of its own.
fn run_inbox(store: &Path, inbox: &Path) -> Command {
    let mut command = mujun(store);
    command.args(["run", "--lang", "en", "--inbox"]).arg(inbox);
    command.arg("--registers").arg(SMALL.join("config/registers"));
    command.arg("--config").arg(LENIENT.join("config"));
    command
}

#[test]
fn an_empty_inbox_publishes_nothing() {
    let (store, inbox) = (folder(), folder());
    insta::assert_snapshot!(
        "empty_inbox",
        shown(&mut run_inbox(store.path(), inbox.path()), &[store.path(), inbox.path()])
    );
    let gone = shown(&mut run_inbox(store.path(), &inbox.path().join("gone")), &[store.path(), inbox.path()]);
    assert!(gone.starts_with("exit 2\n"), "{gone}");
}

#[test]
fn a_file_that_nobody_claims_is_told_and_the_others_go_on() {
    let (store, inbox) = (folder(), folder());
    copy(&SMALL.join("exports"), inbox.path());
    fs::write(inbox.path().join("会议通知.docx"), "x").unwrap();
    // A linked folder that leads back to the inbox is entered once.
    std::os::unix::fs::symlink(inbox.path(), inbox.path().join("自己")).unwrap();
    let (code, stdout, stderr) = finish(&mut run_inbox(store.path(), inbox.path()));
    assert_eq!(code, 0, "{stderr}");
    for line in ["F002 ×1  No source definition claims this file.", "first at 会议通知.docx"] {
        assert!(stdout.contains(line), "{line}: {stdout}");
    }
    assert!(!stdout.contains("自己"), "{stdout}");
    let problems = problems(store.path());
    assert!(problems.contains("会议通知.docx F002"), "{problems}");
}

#[test]
fn a_file_that_two_definitions_claim_is_used_by_neither() {
    let (store, config) = (folder(), folder());
    copy(&LENIENT.join("config"), &config.path().join("config"));
    copy(&LENIENT.join("pipelines"), &config.path().join("pipelines"));
    let tax = config.path().join("config/sources/tax.toml");
    fs::copy(&tax, config.path().join("config/sources/tax-again.toml")).unwrap();
    let mut command = run_sample(&SMALL, store.path());
    let (code, _, stderr) = finish(command.arg("--config").arg(config.path().join("config")));
    assert_eq!(code, 0, "{stderr}");
    let problems = problems(store.path());
    assert!(
        problems.contains(" F003 tax-again, tax") && problems.contains("config/sources/tax.toml F004"),
        "{problems}"
    );
}

#[test]
fn files_that_cannot_be_used_are_told_and_the_others_go_on() {
    let (store, inbox) = (folder(), folder());
    copy(&SMALL.join("exports"), inbox.path());
    let files = tree(inbox.path());
    let whole = |part: &str| {
        files.iter().find(|(name, _)| name.contains(part)).map(|(name, bytes)| (name.clone(), bytes.clone())).unwrap()
    };
    let (energy, bytes) = whole("205-1");
    fs::write(inbox.path().join(&energy), &bytes[..bytes.len() / 2]).unwrap();
    fs::write(inbox.path().join("B203财务状况_2018年1-12月_20190123.csv"), "").unwrap();
    let (code, stdout, stderr) = finish(&mut run_inbox(store.path(), inbox.path()));
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains(&format!("nothing could be used of {energy}")), "{stdout}");
    let problems = problems(store.path());
    assert!(problems.contains(&format!("{energy} R040")) && problems.contains("_20190123.csv R001"), "{problems}");
}

/// The published problems, one line each: file, code, what was found.
fn problems(store: &Path) -> String {
    let bytes = fs::read(current(store).join("quality/problems/part-0.parquet")).unwrap();
    let frame = parquet::read(bytes, |_| true).unwrap().frame;
    let cell = |name: &str, row: usize| frame.column(name).and_then(|column| column.text(row)).unwrap_or_default();
    (0..frame.rows())
        .map(|row| format!("{} {} {}\n", cell("file", row), cell("code", row), cell("found", row)))
        .collect()
}

/// A name, a code and figures that occur nowhere else.
const MARKERS: [&str; 5] = ["独家标记", "91410300329873042T", "329873042", "31415926", "27182818"];

/// Everything that is in a workbook, one part after another.
pub(crate) fn unpacked(workbook: &[u8]) -> Vec<u8> {
    let mut parts = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut all = Vec::new();
    for at in 0..parts.len() {
        parts.by_index(at).unwrap().read_to_end(&mut all).unwrap();
    }
    all
}

/// Whether the bytes hold a marker in any encoding that a file may have.
fn marked(bytes: &[u8]) -> Option<&'static str> {
    MARKERS.into_iter().find(|marker| {
        let gb = encoding_rs::GB18030.encode(marker).0.into_owned();
        [marker.as_bytes(), &gb].iter().any(|word| bytes.windows(word.len()).any(|part| part == *word))
    })
}

#[test]
fn a_file_over_the_limit_is_a_problem_of_its_own_and_the_others_go_on() {
    let (configuration, inbox, store) = (folder(), folder(), folder());
    for (name, bytes) in tree(&root().join("config")) {
        let path = configuration.path().join("config").join(&name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    for (name, bytes) in tree(&root().join("pipelines")) {
        let path = configuration.path().join("pipelines").join(&name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let site = configuration.path().join("config/site.toml");
    let text = std::fs::read_to_string(&site).unwrap().replace("268_435_456", "150_000");
    std::fs::write(&site, text).unwrap();
    let exports = tree(&root().join("examples/exports"));
    for (name, bytes) in &exports {
        let path = inbox.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    std::fs::write(inbox.path().join("统计局/B203财务状况_2020年1-3月_20200423.csv"), vec![b','; 150_001]).unwrap();
    let run = |command: &str| {
        let mut run = mujun(store.path());
        run.arg(command).arg("--config").arg(configuration.path().join("config")).arg("--inbox").arg(inbox.path());
        finish(run.args(["--lang", "en"]))
    };
    let (code, said, stderr) = run("run");
    assert_eq!(code, 0, "{stderr}");
    assert!(said.contains("R006 ×1") && said.contains("B203财务状况_2020年1-3月_20200423.csv"), "{said}");
    assert!(said.contains(&format!("{} exports", exports.len())), "{said}");
    assert!(run("run").1.contains("Nothing to do"));
}

#[test]
fn nothing_of_one_enterprise_leaves_quarantine() {
    let (store, inbox) = (folder(), folder());
    copy(&SMALL.join("exports"), inbox.path());
    let (form, bytes) = tree(inbox.path()).into_iter().find(|(name, _)| name.contains("B203")).unwrap();
    let text = encoding_rs::GB18030.decode(&bytes).0.into_owned();
    let row = text.lines().rfind(|line| line.starts_with('9')).unwrap();
    let cells: Vec<&str> = row.split(',').collect();
    let changed = |changes: &[(usize, &str)]| {
        let mut cells = cells.clone();
        changes.iter().for_each(|(at, cell)| cells[*at] = cell);
        cells.join(",")
    };
    let (named, coded) = ((1, "独家标记有限公司"), (0, "91410300329873042T"));
    let bad = [
        changed(&[named, (4, "31415926X")]),
        changed(&[named, coded, (4, "31415926")]),
        changed(&[named, (0, "91410300329873042X"), (4, "31415926")]),
        changed(&[named, coded, (2, "独家标记"), (3, "独家标记")]),
        changed(&[named, (2, "31415926"), (3, "27182818")]),
        changed(&[(1, "独家,标记,独家标记"), (4, "31415926")]),
        changed(&[named, coded, (4, "-31415926")]),
        changed(&[named, (4, "31415926.27182818")]),
        changed(&[named, (4, "31415926314159263141")]),
        changed(&[coded, (1, "\"独家标记\n有限公司\""), (4, "约27182818")]),
        "独家标记,91410300329873042T".to_owned(),
    ];
    let text = format!("{}\r\n{}\r\n", text.trim_end(), bad.join("\r\n"));
    fs::write(inbox.path().join(&form), encoding_rs::GB18030.encode(&text).0).unwrap();
    // A form whose header fits nothing is refused as a whole: its rows are in quarantine, its cells in no message.
    let refused = text.replace("报告期：", "报告期：2009年1-3月 ").replace("1-本月", "本月止");
    let other = inbox.path().join("统计局/B203财务状况_2019年1-3月_20190423.csv");
    fs::write(&other, encoding_rs::GB18030.encode(&refused).0).unwrap();

    let mut said = String::new();
    for (format, lang) in [("text", "zh"), ("text", "en"), ("json", "en")] {
        for command in ["plan", "run", "releases", "verify", "quarantine", "replay"] {
            let mut line = bare(&["--format", format, "--lang", lang, command, "--store"]);
            line.arg(store.path()).arg("--inbox").arg(inbox.path());
            line.arg("--registers").arg(SMALL.join("config/registers"));
            line.arg("--config").arg(LENIENT.join("config"));
            if command == "run" && format == "json" {
                line.args(["--profile", "public"]);
            }
            let (code, stdout, stderr) = finish(&mut line);
            assert!(
                code == 0 || (command, format, lang) == ("releases", "text", "zh") || code == 2,
                "{command}: {stderr}"
            );
            said += &stdout;
            said += &stderr;
        }
    }
    for path in [inbox.path().join(&form), other] {
        for draft in [None, Some("--draft")] {
            let (_, stdout, stderr) = finish(bare(&["inspect"]).arg(&path).args(draft));
            said += &stdout;
            said += &stderr;
        }
    }
    assert_eq!(marked(said.as_bytes()), None, "{said}");
    assert!(said.contains("C001") && said.contains("C016"), "{said}");

    let (mut in_quarantine, mut workbooks) = (0, 0);
    for (file, bytes) in tree(store.path()) {
        let mut texts = bytes.clone();
        if file.ends_with(".parquet") {
            // Pages are compressed: what a reader sees is what counts.
            let read = parquet::read(bytes, |_| true).unwrap();
            texts = format!("{:?} {:?}", read.frame, read.metadata).into_bytes();
        } else if file.ends_with(".xlsx") && file.starts_with("releases/") {
            workbooks += 1;
            texts = unpacked(&bytes);
        }
        let found = marked(&texts);
        match file.split('/').next() {
            Some("raw") => {}
            Some("quarantine") => in_quarantine += usize::from(found.is_some()),
            _ => assert_eq!(found, None, "{file}"),
        }
    }
    assert_eq!(in_quarantine, 2, "both forms have rows in quarantine");
    assert_eq!(workbooks, 2, "an internal and a public release have one each");
}

#[test]
fn messages_are_in_the_language_of_the_locale_unless_one_is_asked_for() {
    let file = folder();
    let path = file.path().join("t.csv");
    fs::write(&path, "region,2017,2018\na,1.5,2.5\n").unwrap();
    let said = |locale: &str, more: &[&str]| {
        let (_, text, _) = finish(bare(&["inspect"]).arg(&path).args(more).env("LC_ALL", locale));
        text.contains("编码") || text.contains("格式")
    };
    for locale in ["zh_CN.UTF-8", "C", "C.UTF-8", ""] {
        assert!(said(locale, &[]), "{locale}");
    }
    assert!(!said("en_US.UTF-8", &[]));
    assert!(said("en_US.UTF-8", &["--lang", "zh"]));
    assert!(!said("zh_CN.UTF-8", &["--lang", "en"]));
}

#[test]
fn shells_and_manuals_know_every_command() {
    let (code, help, _) = finish(&mut bare(&["--help"]));
    assert_eq!(code, 0);
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' '))?.split_whitespace().next())
        .filter(|command| *command != "help")
        .collect();
    assert!(commands.len() > 15, "{commands:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, script, stderr) = finish(&mut bare(&["completions", shell]));
        assert_eq!(code, 0, "{stderr}");
        assert!(commands.iter().all(|command| script.contains(command)), "{shell}");
    }
    let man = folder();
    let (code, told, stderr) = finish(bare(&["man"]).arg(man.path()));
    assert_eq!(code, 0, "{stderr}");
    let pages = commands
        .iter()
        .map(|command| format!("mujun-{command}.1"))
        .chain(["mujun.1", "mujun-releases-pin.1"].map(String::from));
    for page in pages {
        assert!(told.contains(&page), "{page}");
        let text = fs::read_to_string(man.path().join(&page)).expect("it was written");
        assert!(text.contains(".TH mujun") && text.contains(".SH SYNOPSIS"), "{page}");
    }
}

/// What bash completes once it has read the script.
#[test]
fn bash_completes_commands_and_options() {
    if Command::new("bash").arg("--version").output().is_err() {
        return not_run("completions of bash", "there is no bash");
    }
    let (_, script, _) = finish(&mut bare(&["completions", "bash"]));
    let asked = r#"COMP_WORDS=(mujun rel); COMP_CWORD=1; _mujun mujun rel mujun; echo "${COMPREPLY[@]}"
        COMP_WORDS=(mujun gc --dry); COMP_CWORD=2; _mujun mujun --dry gc; echo "${COMPREPLY[@]}""#;
    let (code, completed, stderr) = finish(Command::new("bash").arg("-c").arg(format!("{script}\n{asked}")));
    assert_eq!((code, completed.lines().collect::<Vec<_>>()), (0, vec!["releases", "--dry-run"]), "{stderr}");
}
