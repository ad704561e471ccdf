//! How two releases differ: a history in which it is known what was done, held against what `diff` says, and against a
//! script that reads the releases itself.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;
use tempfile::TempDir;

use crate::cli::{LENIENT, SMALL, copy, json, replace, shown};
use crate::readers::python;
use crate::support::{finish, folder, mujun, root, tree};

/// An installation whose releases differ each by one thing that was done.
struct World {
    site: TempDir,
    store: TempDir,
    /// The releases in their order: the first; a revised cell; a withdrawn export; an enterprise that left; a definition.
    releases: Vec<String>,
    /// The export of the revised cell, and the one that was withdrawn.
    revised: String,
    withdrawn: String,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let (site, store) = (folder(), folder());
    for part in ["config", "pipelines"] {
        copy(&LENIENT.join(part), &site.path().join(part));
    }
    copy(&SMALL.join("config/registers"), &site.path().join("registers"));
    copy(&SMALL.join("exports"), &site.path().join("exports"));
    // Several releases are looked at, and all stay.
    replace(&site.path().join("config/site.toml"), "releases = 2 ", "releases = 9 ");
    let exports = site.path().join("exports");
    let named = |part: &str| tree(&exports).into_keys().find(|name| name.contains(part)).unwrap();
    let (revised, withdrawn) = (named("税收_2017年1-12月"), named("税收_2017年1-9月"));
    let mut releases = vec![publish(site.path(), store.path())];
    revise(&exports.join(&revised));
    releases.push(publish(site.path(), store.path()));
    fs::remove_file(exports.join(&withdrawn)).unwrap();
    releases.push(publish(site.path(), store.path()));
    leave(&site.path().join("registers/enterprise_park.csv"));
    releases.push(publish(site.path(), store.path()));
    let indicator = site.path().join("config/indicators/tax_per_mu_ttm.toml");
    let text = fs::read_to_string(&indicator).unwrap();
    fs::write(&indicator, format!("# Nothing that changes a figure.\n{text}")).unwrap();
    releases.push(publish(site.path(), store.path()));
    World { site, store, releases, revised, withdrawn }
});

/// Twice the tax of the last taxpayer.
fn revise(path: &Path) {
    let text = fs::read_to_string(path).unwrap();
    let line = text.lines().last().unwrap();
    let cells: Vec<&str> = line.split('\t').collect();
    let doubled = format!("{:.2}", cells[2].replace(',', "").parse::<f64>().unwrap() * 2.0);
    fs::write(path, text.replace(line, &[cells[0], cells[1], &doubled, cells[3]].join("\t"))).unwrap();
}

/// The first enterprise left its park at the end of 2017.
fn leave(register: &Path) {
    let text = fs::read_to_string(register).unwrap();
    let line = text.lines().skip(1).find(|line| line.ends_with(',')).unwrap();
    fs::write(register, text.replace(line, &format!("{line}2017Q4"))).unwrap();
}

fn at(site: &Path, store: &Path, command: &str) -> Command {
    let mut started = mujun(store);
    started.args([command, "--config"]).arg(site.join("config")).arg("--inbox").arg(site.join("exports"));
    started.arg("--registers").arg(site.join("registers"));
    started
}

fn publish(site: &Path, store: &Path) -> String {
    let (code, _, stderr) = finish(at(site, store, "run").arg("--quiet"));
    assert_eq!(code, 0, "{stderr}");
    fs::read_link(store.join("current")).unwrap().file_name().unwrap().to_string_lossy().into_owned()
}

fn asked(args: &[&str]) -> Command {
    let mut command = at(WORLD.site.path(), WORLD.store.path(), "diff");
    command.args(args);
    command
}

/// What `diff` says of two releases of the history, by their numbers.
fn told(before: usize, after: usize) -> Value {
    json(&told_as_json(before, after))
}

fn told_as_json(before: usize, after: usize) -> String {
    let [before, after] = [before, after].map(|at| WORLD.releases[at].as_str());
    let (code, stdout, stderr) = finish(asked(&[before, after, "--most", "0", "--format", "json"]).arg("--quiet"));
    assert_eq!(code, 0, "{stderr}");
    stdout
}

fn changes(diff: &Value) -> &[Value] {
    diff["changes"].as_array().unwrap()
}

fn number(diff: &Value, count: &str) -> u64 {
    diff["counts"][count].as_u64().unwrap()
}

#[test]
fn a_script_that_reads_both_releases_finds_the_same_changes_and_their_parts_add_up() {
    let Some(python) = python("differences of releases held against a script of DuckDB") else { return };
    let out = folder();
    for (before, after) in [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4), (4, 0)] {
        let said = out.path().join("diff.json");
        fs::write(&said, told_as_json(before, after)).unwrap();
        let mut command = Command::new(&python);
        command.arg(root().join("tests/readers/diffed.py")).arg(&said);
        let release = |at: usize| WORLD.store.path().join("releases").join(&WORLD.releases[at]);
        command.arg(release(before)).arg(release(after));
        let (code, stdout, stderr) = finish(&mut command);
        assert_eq!(code, 0, "{before} to {after}: {stdout}{stderr}");
        println!("{before} to {after}: {}", stdout.trim_end());
    }
}

#[test]
fn every_change_is_laid_to_what_was_done_and_nothing_is_left_over() {
    let done = [
        (WORLD.revised.as_str(), "revised", None),
        (WORLD.withdrawn.as_str(), "withdrawn", None),
        ("", "", Some("registers")),
    ];
    for (at, (file, kind, made_with)) in done.into_iter().enumerate() {
        let diff = told(at, at + 1);
        let exports = diff["exports"].as_array().unwrap();
        if made_with.is_none() {
            assert_eq!(exports.len(), 1, "{exports:?}");
            assert_eq!((exports[0]["file"].as_str(), exports[0]["kind"].as_str()), (Some(file), Some(kind)));
        } else {
            assert!(exports.is_empty(), "{exports:?}");
        }
        let beside: Vec<&str> = diff["made_with"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(beside, made_with.into_iter().collect::<Vec<_>>());
        assert!(changes(&diff).len() > 10, "{file}: too little changed");
        assert_eq!(number(&diff, "unattributed"), 0);
        let first = exports.first().and_then(|one| one["period_from"].as_str()).unwrap_or("2017Q1");
        for change in changes(&diff) {
            assert!(change["quarter"].as_str().unwrap() >= first, "a later export changes nothing before it: {change}");
            let named: Vec<&str> = change["exports"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            assert_eq!(named, Some(file).filter(|file| !file.is_empty()).into_iter().collect::<Vec<_>>(), "{change}");
        }
    }
}

#[test]
fn a_definition_that_changes_no_figure_is_told_as_none() {
    let diff = told(3, 4);
    assert_eq!(diff["made_with"], json("[\"configuration\"]"));
    assert!(changes(&diff).is_empty());
    assert!(number(&diff, "unchanged") > 1_000);
    let (code, stdout, _) = finish(&mut asked(&["current~1", "current"]));
    assert_eq!(code, 0);
    assert!(stdout.contains("个数值全部相同"), "{stdout}");
}

#[test]
fn the_way_back_is_the_way_there_with_the_signs_changed() {
    let (there, back) = (told(0, 1), told(1, 0));
    assert_eq!(changes(&there).len(), changes(&back).len());
    assert_eq!(number(&there, "appeared"), number(&back, "gone"));
    let key = |one: &Value| ["level", "ref_area", "quarter", "indicator"].map(|name| one[name].to_string());
    for one in changes(&there) {
        let other = changes(&back).iter().find(|other| key(other) == key(one)).expect("it changes back");
        assert_eq!((&one["before"], &one["after"]), (&other["after"], &other["before"]));
    }
}

#[test]
fn a_change_that_nothing_accounts_for_is_found() {
    // A release that says it is made like the first, with a table of the second.
    let store = folder();
    crate::crash::copy(WORLD.store.path(), store.path());
    let [first, second] = [0, 1].map(|at| store.path().join("releases").join(&WORLD.releases[at]));
    let planted = store.path().join("releases/planted");
    crate::crash::copy(&first, &planted);
    let table = "indicators/level=province/quarter=2018Q1/part-0.parquet";
    let entry =
        |manifest: &Value| manifest["files"].as_array().unwrap().iter().position(|file| file["path"] == table).unwrap();
    let [mut manifest, other] =
        [&first, &second].map(|folder| json(&fs::read_to_string(folder.join("manifest.json")).unwrap()));
    let (to, from) = (entry(&manifest), entry(&other));
    manifest["files"][to] = other["files"][from].clone();
    manifest["release"] = "planted".into();
    for (path, bytes) in [
        (planted.join(table), fs::read(second.join(table)).unwrap()),
        (planted.join("manifest.json"), manifest.to_string().into_bytes()),
    ] {
        fs::remove_file(&path).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let compared = |lang: &str, format: &str| {
        let mut command = at(WORLD.site.path(), store.path(), "diff");
        finish(command.args([&WORLD.releases[0], "planted", "--lang", lang, "--format", format, "--quiet"]))
    };
    let (code, stdout, stderr) = compared("zh", "json");
    assert_eq!(code, 0, "{stderr}");
    let diff = json(&stdout);
    let changed = changes(&diff).len() as u64 + diff["others"].as_u64().unwrap();
    assert!(changed > 0);
    assert_eq!(number(&diff, "unattributed"), changed);
    let (_, stdout, _) = compared("en", "text");
    assert!(stdout.contains(&format!("nothing accounts for {changed} changes")), "{stdout}");
}

#[test]
fn releases_are_named_by_id_beginning_step_and_day_and_a_wrong_name_says_which_there_are() {
    let named = |before: &str, after: &str| {
        let (code, stdout, stderr) = finish(asked(&[before, after, "--format", "json"]).arg("--quiet"));
        assert_eq!(code, 0, "{before} {after}: {stderr}");
        let diff = json(&stdout);
        [&diff["before"], &diff["after"]].map(|one| one["release"].as_str().unwrap().to_owned())
    };
    let [first, last] = [&WORLD.releases[0], &WORLD.releases[4]];
    assert_eq!(named("current~4", "current"), [first, last].map(Clone::clone));
    assert_eq!(named(&first[..12], last), [first, last].map(Clone::clone));
    // All were published today, so that a day from now on means the last.
    assert_eq!(named("9999-12-31", "current~4"), [last, first].map(Clone::clone));
    for wrong in ["current~5", "current~x", "currant", "1999-12-31", "zzzz"] {
        let (code, _, stderr) = finish(asked(&[wrong, "current"]).arg("--quiet"));
        assert_eq!(code, 2, "{wrong}: {stderr}");
        assert!(stderr.contains(wrong) && stderr.contains(first.as_str()), "{wrong}: {stderr}");
    }
    let (code, _, stderr) = finish(&mut asked(&["--indicator", "tax_per_mu_tm"]));
    assert_eq!(code, 2);
    assert!(stderr.contains("tax_per_mu_ttm"), "{stderr}");
    // A name that neither release has is no area in which nothing changed.
    let (code, _, stderr) = finish(&mut asked(&["--area", "河南"]));
    assert_eq!(code, 2);
    assert!(stderr.contains("`河南`") && stderr.contains("`河南省`"), "{stderr}");
    let (code, _, stderr) = finish(&mut asked(&["--quarter", "2031Q1"]));
    assert_eq!(code, 2);
    assert!(stderr.contains("2031Q1"), "{stderr}");
}

#[test]
fn only_what_is_asked_for_is_compared() {
    let all = told(0, 1);
    let quarters: BTreeSet<&str> = changes(&all).iter().filter_map(|one| one["quarter"].as_str()).collect();
    assert!(quarters.len() > 1);
    let [before, after] = [0, 1].map(|at| WORLD.releases[at].as_str());
    let args = [before, after, "--quarter", "2018-Q1", "--indicator", "tax_per_mu_ttm", "--area", "河南省"];
    let (code, stdout, stderr) = finish(asked(&args).args(["--format", "json", "--quiet"]));
    assert_eq!(code, 0, "{stderr}");
    let one = json(&stdout);
    let [only] = changes(&one) else { panic!("{stdout}") };
    assert_eq!((only["indicator"].as_str(), only["quarter"].as_str()), (Some("tax_per_mu_ttm"), Some("2018Q1")));
    assert!(only["sides"]["numerator"].as_f64().unwrap() > 0.0, "the tax was doubled: {only}");
    assert_eq!(only["sides"]["denominator"].as_f64(), Some(0.0));
    assert_eq!(only["parks"]["rest"].as_i64(), Some(0), "the parks account for all of it: {only}");
}

#[test]
fn an_official_reads_it_in_both_languages() {
    let [before, after] = [0, 1].map(|at| WORLD.releases[at].as_str());
    let texts: Vec<String> = ["zh", "en"]
        .map(|lang| shown(&mut asked(&[before, after, "--most", "3", "--lang", lang]), &[WORLD.store.path()]))
        .into_iter()
        .map(|text| without_times(&text))
        .collect();
    insta::assert_snapshot!("diff", texts.join("\n\n"));
}

/// Times of publication are those of the test.
fn without_times(text: &str) -> String {
    let is_time = |word: &&str| word.len() == 20 && word.ends_with('Z') && word.as_bytes()[10] == b'T';
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || "-:".contains(c))).filter(is_time);
    let mut told = text.to_owned();
    words.for_each(|word| told = told.replace(word, "[TIME]"));
    told
}

#[test]
fn the_json_has_every_key_that_is_documented() {
    let mut keys = BTreeSet::new();
    crate::explain::keys_of(&told(0, 2), &mut keys);
    let documented = fs::read_to_string(root().join("docs/diff.md")).unwrap();
    let missing: Vec<&String> = keys.iter().filter(|key| !documented.contains(&format!("`{key}`"))).collect();
    assert!(missing.is_empty(), "not in docs/diff.md: {missing:?}");
}
