//! Rows that were set aside: listed, sent back, and read again after a change.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::{LENIENT, SMALL, bare, copy, json, replace, shown};
use crate::support::{cells, finish, folder, tree};

/// An installation of its own: configuration, registers, an inbox and a store.
pub(crate) struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    pub(crate) fn new() -> Site {
        let folder = folder();
        copy(&LENIENT.join("config"), &folder.path().join("config"));
        copy(&LENIENT.join("pipelines"), &folder.path().join("pipelines"));
        copy(&SMALL.join("config/registers"), &folder.path().join("config/registers"));
        copy(&SMALL.join("exports"), &folder.path().join("inbox"));
        Site { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn command(&self, args: &[&str]) -> std::process::Command {
        let mut command = bare(args);
        command.arg("--quiet").arg("--config").arg(self.path("config"));
        command.arg("--inbox").arg(self.path("inbox")).arg("--store").arg(self.path("store"));
        command
    }

    pub(crate) fn run(&self) {
        let (code, _, stderr) = finish(&mut self.command(&["run"]));
        assert_eq!(code, 0, "{stderr}");
    }

    pub(crate) fn ask(&self, args: &[&str]) -> serde_json::Value {
        let (code, stdout, stderr) = finish(&mut self.command(&[args, &["--format", "json"]].concat()));
        assert_eq!(code, 0, "{stderr}");
        json(&stdout)
    }

    fn shown(&self, args: &[&str]) -> String {
        shown(&mut self.command(args), &[self.folder.path()])
    }
}

/// The first quarter's tax list of the small sample with its lines, the last one a row of data.
pub(crate) fn tax_list(inbox: &Path) -> (PathBuf, Vec<String>) {
    tax_list_of(inbox, "2017年1-3月")
}

/// Likewise of another period.
pub(crate) fn tax_list_of(inbox: &Path, period: &str) -> (PathBuf, Vec<String>) {
    let name = tree(inbox).into_keys().find(|name| name.contains(&format!("税收_{period}"))).unwrap();
    let text = fs::read_to_string(inbox.join(&name)).unwrap();
    (inbox.join(name), text.lines().map(str::to_owned).collect())
}

/// Rows in quarantine by file and row, with their codes, as `quarantine` lists them.
fn listed(site: &Site) -> BTreeMap<(String, i64), String> {
    let told = site.ask(&["quarantine"]);
    let exports = told["exports"].as_array().unwrap().clone();
    let rows = |export: &serde_json::Value| export["rows"].as_array().unwrap().clone();
    exports
        .iter()
        .flat_map(|export| rows(export).into_iter().map(|row| (export["file"].as_str().unwrap().to_owned(), row)))
        .map(|(file, row)| ((file, row["row"].as_i64().unwrap()), row["codes"].to_string()))
        .collect()
}

/// The last rows of the tax list with another amount: `未缴` in the first, text in the second, a negative one in the third.
fn spoil(site: &Site) -> (String, [usize; 3]) {
    let (path, mut lines) = tax_list(&site.path("inbox"));
    let last = lines.len();
    let rows = [last - 2, last - 1, last];
    for (row, amount) in rows.iter().zip(["未缴", "约七十", "-0.01"]) {
        let mut row_cells: Vec<String> = lines[row - 1].split('\t').map(str::to_owned).collect();
        row_cells[2] = amount.to_owned();
        lines[row - 1] = row_cells.join("\t");
    }
    fs::write(&path, format!("{}\n", lines.join("\n"))).unwrap();
    (path.strip_prefix(site.path("inbox")).unwrap().to_string_lossy().into_owned(), rows)
}

#[test]
fn a_replay_tells_what_a_change_mends_what_it_leaves_and_what_it_breaks() {
    let site = Site::new();
    let (file, [unpaid, text, _]) = spoil(&site);
    site.run();
    let before = listed(&site);
    let of_file = |all: &BTreeMap<(String, i64), String>, row: usize| all.get(&(file.clone(), row as i64)).cloned();
    assert_eq!(of_file(&before, unpaid).as_deref(), Some("[\"C001\"]"));
    assert_eq!(of_file(&before, text).as_deref(), Some("[\"C001\"]"));
    assert_eq!(site.ask(&["replay"])["takes_effect"], false);

    // One symbol is understood now, and a rule forbids what was allowed.
    let tax = site.path("config/sources/tax.toml");
    let definition = fs::read_to_string(&tax).unwrap();
    assert!(!definition.contains("missing"));
    fs::write(&tax, definition.replacen("confidential", "missing = [\"未缴\"]\nconfidential", 1)).unwrap();
    let store = tree(&site.path("store"));
    let replayed = site.ask(&["replay", "--source", "tax"]);
    insta::assert_snapshot!("replay", site.shown(&["replay", "--lang", "en"]));
    assert_eq!(tree(&site.path("store")), store, "a replay changes nothing");
    assert_eq!((&replayed["takes_effect"], replayed["fixed"].as_u64()), (&true.into(), Some(1)), "{replayed}");
    site.run();
    let mut expected = before.clone();
    expected.remove(&(file.clone(), unpaid as i64)).unwrap();
    assert_eq!(listed(&site), expected, "what the replay foretold is what the run did");
    assert_eq!(site.ask(&["replay"])["read_again"], 0);

    // Back again: what was mended is new among the bad.
    fs::write(&tax, &definition).unwrap();
    let replayed = site.ask(&["replay", "--dataset", "tax"]);
    assert_eq!((replayed["fixed"].as_u64(), replayed["new"].as_u64()), (Some(0), Some(1)), "{replayed}");
    site.run();
    assert_eq!(listed(&site), before);
}

#[test]
fn a_replay_tells_how_many_good_rows_get_other_values() {
    let site = Site::new();
    site.run();
    let tax = site.path("config/sources/tax.toml");
    replace(&tax, "header = [\"实缴税收累计\"]", "header = [\"HERE\"]");
    replace(&tax, "header = [\"上年同期实缴税收累计\"]", "header = [\"实缴税收累计\"]");
    replace(&tax, "header = [\"HERE\"]", "header = [\"上年同期实缴税收累计\"]");
    let replayed = site.ask(&["replay", "--source", "tax"]);
    let exports = replayed["exports"].as_array().unwrap();
    assert_eq!(exports.len(), 5, "one for each quarter: {replayed}");
    for export in exports {
        assert_eq!(export["good_before"], export["good_after"], "{export}");
        assert!(export["values_changed"].as_u64() >= export["good_after"].as_u64().map(|good| good / 2), "{export}");
    }
    assert_eq!(replayed["takes_effect"], true);
}

#[test]
fn every_row_in_quarantine_is_sent_back_as_it_was() {
    let site = Site::new();
    let (file, [unpaid, ..]) = spoil(&site);
    site.run();
    let csv = site.path("back/quarantine.csv");
    let told = site.shown(&["quarantine", "--lang", "en", "--csv", csv.to_str().unwrap()]);
    assert!(told.contains("They hold figures of single enterprises"), "{told}");
    let text = fs::read_to_string(&csv).unwrap();
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark, for spreadsheet programs");
    let rows: Vec<Vec<String>> = text.lines().map(cells).collect();
    assert!(rows.iter().all(|row| row.len() == rows[0].len()), "every line has as many cells");
    assert_eq!(rows.len() - 1, listed(&site).len());
    let row = rows.iter().find(|row| row[0] == file && row[2] == unpaid.to_string()).expect("the row");
    let (_, lines) = tax_list(&site.path("inbox"));
    let raw: Vec<&str> = lines[unpaid - 1].split('\t').collect();
    let sent: Vec<&str> = row[6..6 + raw.len()].iter().map(|cell| cell.trim_start_matches('\t')).collect();
    assert_eq!(sent, raw);
    assert_eq!((row[3].as_str(), row[4].as_str()), ("C001", "第3列：应为数值的单元格中是文字。"));
    assert!(row[5].ends_with('。'), "the way out: {}", row[5]);
    let held = tree(&site.path("store/releases"));
    assert!(held.keys().all(|name| !name.contains("quarantine")), "no release holds them");
}

#[test]
fn the_quarantine_is_listed_by_export_and_reason() {
    let site = Site::new();
    site.run();
    insta::assert_snapshot!("quarantine", site.shown(&["quarantine", "--lang", "en", "--source", "tax"]));
    insta::assert_snapshot!("quarantine_in_chinese", site.shown(&["quarantine", "--source", "jjq201"]));
    let (code, _, stderr) = finish(&mut site.command(&["quarantine", "--lang", "en", "--source", "jjq210"]));
    assert!(code == 2 && stderr.contains("did you mean `jjq201`?"), "{stderr}");
}

#[test]
fn rows_in_quarantine_carry_their_way_out() {
    let site = Site::new();
    site.run();
    let tables = tree(&site.path("store/quarantine"));
    assert!(!tables.is_empty());
    for (name, bytes) in tables {
        let frame = store::parquet::read(bytes, |_| true).unwrap().frame;
        for column in ["hints_zh", "hints_en"] {
            let hints = frame.texts(column).unwrap();
            assert!(hints.iter().all(|hint| hint.is_some_and(|hint| !hint.is_empty())), "{name} {column}");
        }
    }
}

/// One correction of the tax list's row `row`, whose amount must be `expect`.
fn correction(row: usize, expect: &str, value: &str) -> String {
    format!(
        "[[correction]]\nid = \"known-{row}\"\nfile = \"**/*税收_2017年1-3月_*.txt\"\nrow = {row}\ncolumn = 3\n\
         expect = \"{expect}\"\naction = \"replace\"\nvalue = \"{value}\"\nreason = \"mistyped\"\n\
         reported_by = \"tax office\"\nreported_on = \"2017-05-02\"\n\n"
    )
}

/// A published table as lines of `name=value`.
pub(crate) fn published(site: &Site, table: &str) -> Vec<String> {
    let bytes = fs::read(site.path("store/current").join(table).join("part-0.parquet")).unwrap();
    let frame = store::parquet::read(bytes, |_| true).unwrap().frame;
    let cell = |row: usize| {
        let pairs = frame.columns().iter().map(move |(name, values)| (name, values.text(row)));
        pairs.map(|(name, value)| format!("{name}={}", value.unwrap_or_default())).collect::<Vec<_>>().join(" ")
    };
    (0..frame.rows()).map(cell).collect()
}

#[test]
fn a_correction_takes_effect_is_told_and_names_itself_once_the_source_is_mended() {
    let site = Site::new();
    let (file, [unpaid, text, _]) = spoil(&site);
    site.run();
    let corrections = site.path("config/corrections.toml");
    let both = correction(unpaid, "未缴", "0.00") + &correction(text, "约七十", "70");
    let elsewhere = correction(5, "1", "2").replace("税收_2017年1-3月", "税收_1999年").replace("known-5", "nowhere");
    fs::write(&corrections, both + &elsewhere).unwrap();
    let replayed = site.ask(&["replay"]);
    assert_eq!((replayed["read_again"].as_u64(), replayed["fixed"].as_u64()), (Some(1), Some(2)), "{replayed}");
    let (code, stdout, stderr) = finish(&mut site.command(&["run", "--lang", "en"]));
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("corrected by corrections.toml: 2"), "{stdout}");
    let ledger = published(&site, "quality/ledger");
    let of_file = |lines: &[String]| lines.iter().find(|line| line.contains(&file)).cloned().unwrap();
    assert!(of_file(&ledger).contains("quarantined=0 corrected=2 "), "{}", of_file(&ledger));
    let problems = published(&site, "quality/problems");
    assert!(problems.iter().any(|line| line.contains("code=C023") && line.contains("found=nowhere")), "{problems:?}");
    let traced = tree(&site.path("store/facts/tax")).into_values().any(|bytes| {
        let frame = store::parquet::read(bytes, |_| true).unwrap().frame;
        frame.texts("corrections").is_some_and(|ids| ids.iter().flatten().any(|id| id == format!("known-{text}")))
    });
    assert!(traced, "a fact names the correction it rests on");

    // The bureau mends one of them.
    let path = site.path("inbox").join(&file);
    replace(&path, "约七十", "71");
    site.run();
    let problems = published(&site, "quality/problems");
    let stale = |line: &&String| line.contains("code=C022") && line.contains(&format!("found=known-{text}"));
    assert_eq!(problems.iter().filter(stale).count(), 1, "{problems:?}");
    assert!(of_file(&published(&site, "quality/ledger")).contains("corrected=1 "));
}
