//! A run makes good whatever readers miss, an operator's decision holds until it is lifted, and what is wrong is told until it is mended.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::cli::{json, replace};
use crate::quarantine::{Site, tax_list, tax_list_of};
use crate::support::{finish, tree};

impl Site {
    /// A run in English: exit code and what it said.
    fn said(&self, args: &[&str]) -> (i32, String) {
        let (code, stdout, stderr) = finish(&mut self.command(&[&["run", "--lang", "en"], args].concat()));
        (code, stdout + &stderr)
    }

    /// A run that tells its progress as lines of JSON.
    fn telling(&self, args: &[&str]) -> Command {
        let quiet = self.command(&[&["run", "--format", "json"], args].concat());
        let mut command = Command::new(quiet.get_program());
        command.current_dir(quiet.get_current_dir().unwrap()).args(quiet.get_args().filter(|arg| *arg != "--quiet"));
        command
    }

    /// A run as JSON, with the stages that it went through.
    fn staged(&self, args: &[&str]) -> (serde_json::Value, Vec<String>) {
        let (code, stdout, stderr) = finish(&mut self.telling(args));
        assert_eq!(code, 0, "{stderr}");
        let begun = stderr.lines().map(json).filter(|line| line["event"] == "stage_started");
        (json(&stdout), begun.map(|line| line["stage"].as_str().unwrap().to_owned()).collect())
    }

    fn store(&self, path: &str) -> PathBuf {
        self.path("store").join(path)
    }

    /// The release that a pointer names.
    fn pointed(&self, pointer: &str) -> Option<String> {
        let target = fs::read_link(self.store(pointer)).ok()?;
        Some(target.file_name().unwrap().to_string_lossy().into_owned())
    }

    fn current(&self) -> String {
        self.pointed("current").expect("a release stands")
    }

    fn release(&self, id: &str) -> BTreeMap<String, Vec<u8>> {
        tree(&self.store("releases").join(id))
    }

    /// Changes one figure of the first quarter's tax list, to another one each time.
    pub(crate) fn change(&self, cents: usize) {
        self.change_of("2017年1-3月", cents);
    }

    /// Changes one figure of the tax list of a period, to another one each time.
    pub(crate) fn change_of(&self, period: &str, cents: usize) {
        let (path, mut lines) = tax_list_of(&self.path("inbox"), period);
        let mut cells: Vec<String> = lines.last().unwrap().split('\t').map(str::to_owned).collect();
        cells[2] = format!("{}.{:02}", 100 + cents / 100, cents % 100);
        *lines.last_mut().unwrap() = cells.join("\t");
        fs::write(path, lines.join("\n") + "\n").unwrap();
    }

    fn catalogue(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.store("catalog.db")).unwrap()
    }

    /// Outcome and reason of every run, in their order.
    fn runs(&self) -> Vec<(Option<String>, Option<String>)> {
        let catalogue = self.catalogue();
        let mut statement = catalogue.prepare("SELECT id, outcome, reason FROM runs").unwrap();
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?))).unwrap();
        // Several may begin in one second: by the numbers of their processes then.
        let place = |id: &str| id.split_once(' ').map(|(at, process)| (at.to_owned(), process.parse::<u32>().unwrap()));
        let by_place: BTreeMap<_, _> =
            rows.map(Result::unwrap).map(|(id, outcome, reason)| (place(&id), (outcome, reason))).collect();
        by_place.into_values().collect()
    }
}

/// Removes a file of a release, or puts another text in its place; the file that other releases share is left alone.
fn spoil(path: &Path, text: Option<&str>) {
    fs::remove_file(path).unwrap();
    if let Some(text) = text {
        fs::write(path, text).unwrap();
    }
}

#[test]
fn whatever_of_the_current_release_is_missing_or_cut_short_is_made_again_with_the_same_bytes() {
    let site = Site::new();
    site.run();
    let older = site.current();
    site.change(1);
    site.run();
    let id = site.current();
    let (release, other) = (site.release(&id), site.release(&older));
    let folder = site.store("releases").join(&id);
    let shared = "dictionary.csv";
    let inode = |id: &str| fs::metadata(site.store("releases").join(id).join(shared)).unwrap().ino();
    assert_eq!(inode(&id), inode(&older), "the two releases share what is the same in both");
    let in_older = inode(&older);
    let damages: [(&str, &dyn Fn()); 7] = [
        ("its folder is gone", &|| fs::remove_dir_all(&folder).unwrap()),
        ("a folder in it is gone", &|| fs::remove_dir_all(folder.join("tables")).unwrap()),
        ("a file is gone", &|| spoil(&folder.join("quality/ledger/part-0.parquet"), None)),
        ("a file is cut short", &|| spoil(&folder.join(shared), Some("cut"))),
        ("a file is a link", &|| {
            spoil(&folder.join(shared), None);
            symlink(site.store("releases").join(&older).join(shared), folder.join(shared)).unwrap();
        }),
        ("its manifest is gone", &|| spoil(&folder.join("manifest.json"), None)),
        ("its manifest is no manifest", &|| spoil(&folder.join("manifest.json"), Some("{"))),
    ];
    for (what, damage) in damages {
        damage();
        let planned = site.ask(&["plan"]);
        assert_eq!(planned["reasons"], serde_json::json!(["damaged"]), "{what}");
        let (code, said) = site.said(&[]);
        assert!(code == 0 && said.contains("Published") && said.contains("S072"), "{what}: {said}");
        assert!(site.release(&id) == release, "{what}: other bytes");
        assert!(site.said(&[]).1.starts_with(&format!("Nothing to do: the current release is {id}")), "{what}");
    }
    assert!(site.release(&older) == other && inode(&older) == in_older, "the release beside it was not touched");
}

#[test]
fn a_pointer_that_is_gone_leads_nowhere_or_is_no_pointer_is_set_again_and_nothing_is_deleted() {
    let site = Site::new();
    site.run();
    let id = site.current();
    let pointer = site.store("current");
    let damages: [(&str, &dyn Fn()); 5] = [
        ("gone", &|| fs::remove_file(&pointer).unwrap()),
        ("leads nowhere", &|| {
            fs::remove_file(&pointer).unwrap();
            symlink("releases/0123456789abcdef", &pointer).unwrap();
        }),
        ("leads out of the store", &|| {
            fs::remove_file(&pointer).unwrap();
            symlink("/", &pointer).unwrap();
        }),
        ("a folder", &|| {
            fs::remove_file(&pointer).unwrap();
            fs::create_dir(&pointer).unwrap();
            fs::write(pointer.join("mine.txt"), "mine").unwrap();
        }),
        ("a file", &|| {
            fs::remove_file(&pointer).unwrap();
            fs::write(&pointer, "mine too").unwrap();
        }),
    ];
    for (what, damage) in damages {
        damage();
        let (told, stages) = site.staged(&[]);
        assert_eq!(
            (&told["outcome"], &told["readers"]["moved"]),
            (&"nothing_to_do".into(), &true.into()),
            "{what}: {told}"
        );
        assert!(!stages.iter().any(|stage| stage == "model"), "{what}: figures were made again");
        assert_eq!(site.pointed("current").as_ref(), Some(&id), "{what}");
        let codes: Vec<&str> = told["store"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap()).collect();
        assert_eq!(codes.contains(&"S071"), what.starts_with("a "), "{what}: {told}");
    }
    assert_eq!(fs::read_to_string(site.store("current.aside-1/mine.txt")).unwrap(), "mine");
    assert_eq!(fs::read_to_string(site.store("current.aside-2")).unwrap(), "mine too");
}

#[test]
fn a_rollback_holds_with_its_reason_until_it_is_lifted_and_costs_nothing() {
    let site = Site::new();
    site.run();
    let first = site.current();
    site.change(1);
    site.run();
    let second = site.current();
    let reason = "税收数据待核实";
    let listed = site.ask(&["releases", "rollback", &first, "--reason", reason]);
    assert_eq!((&listed["current"], &listed["pinned"]), (&first.as_str().into(), &first.as_str().into()));
    assert_eq!(listed["holds"][0]["hold"]["reason"], reason);
    for _ in 0..2 {
        let (told, stages) = site.staged(&[]);
        assert_eq!((&told["outcome"], &told["release"]), (&"nothing_to_do".into(), &second.as_str().into()), "{told}");
        assert_eq!(told["readers"]["held"]["reason"], reason);
        assert!(stages.is_empty(), "a run with nothing to do works: {stages:?}");
        assert_eq!(site.current(), first);
    }
    assert!(site.said(&[]).1.contains(&format!("current is held at {first} by an operator since ")));
    assert!(site.ask(&["plan"])["reasons"].as_array().unwrap().is_empty());

    site.change(2);
    let (told, _) = site.staged(&[]);
    let third = told["summary"]["release"].as_str().unwrap().to_owned();
    assert_eq!((&told["summary"]["is_current"], site.current()), (&false.into(), first.clone()), "{told}");
    assert!(site.staged(&[]).1.is_empty(), "the new release is there: nothing is left to do");

    site.ask(&["releases", "unpin"]);
    assert_eq!(site.current(), first, "lifting the hold alone moves nothing");
    let (told, stages) = site.staged(&[]);
    assert_eq!((&told["readers"]["moved"], site.current()), (&true.into(), third), "{told}");
    assert!(!stages.iter().any(|stage| stage == "model"), "{stages:?}");
}

#[test]
fn a_hold_that_cannot_be_kept_is_told_holds_nothing_and_goes_by_the_ways_out_that_are_named() {
    let site = Site::new();
    site.run();
    let first = site.current();
    let pinned = site.store("pinned");
    for text in ["../..", "", "0123456789abcdef\n", "{\"release\":1}", "\u{1b}[31m"] {
        fs::write(&pinned, text).unwrap();
        let (code, said) = site.said(&["--strict"]);
        assert!(code == 3 && said.contains("S070 error pinned"), "{text:?}: {said}");
        assert!(!said.contains('\u{1b}'), "{said:?}");
    }
    site.change(1);
    site.run();
    assert_ne!(site.current(), first, "it holds nothing");
    // One way out, and the other.
    site.ask(&["releases", "pin", &first]);
    assert!(!site.said(&[]).1.contains("S070"));
    assert_eq!(site.current(), first);
    fs::set_permissions(&pinned, fs::Permissions::from_mode(0o644)).unwrap();
    fs::write(&pinned, "nonsense/..").unwrap();
    assert_eq!(site.ask(&["releases"])["holds"][0]["code"], "S070");
    site.ask(&["releases", "unpin"]);
    assert!(!site.said(&[]).1.contains("S070"));
    // What older programs wrote: the name alone.
    fs::write(&pinned, format!("{first}\n")).unwrap();
    assert!(site.said(&[]).1.contains(&format!("current is held at {first}")));
}

#[test]
fn a_part_a_look_back_and_a_public_release_leave_the_pointer_where_it_is() {
    let site = Site::new();
    site.run();
    let whole = site.current();
    let about = |id: &str| {
        json(&fs::read_to_string(site.store("releases").join(id).join("manifest.json")).unwrap())["about"].clone()
    };
    assert_eq!(about(&whole)["scope"], "whole");
    for args in [["--quarter", "2017Q2"], ["--from", "2017Q3"], ["--to", "2017Q3"], ["--as-of", "2017-12-31"]] {
        let (told, _) = site.staged(&args);
        let id = told["summary"]["release"].as_str().unwrap();
        assert_eq!((&told["summary"]["is_current"], site.current()), (&false.into(), whole.clone()), "{args:?}");
        assert_eq!(about(id)["scope"], "part", "{args:?}");
        assert_eq!(site.staged(&args).0["outcome"], "nothing_to_do", "{args:?}");
    }
    let said = site.said(&["--quarter", "2017Q1"]).1;
    assert!(said.contains(&format!("current was left at {whole} (--make-current moves it)")), "{said}");
    let (told, _) = site.staged(&["--profile", "public"]);
    let public = told["summary"]["release"].as_str().unwrap().to_owned();
    assert_eq!((site.current(), site.pointed("current-public")), (whole.clone(), Some(public.clone())));
    let folder = |args: &[&str]| site.ask(&[&["current"], args].concat())["folder"].as_str().unwrap().to_owned();
    assert!(folder(&["--profile", "public"]).ends_with(&public) && folder(&[]).ends_with(&whole));
    // Told otherwise, and back.
    let (told, stages) = site.staged(&["--quarter", "2017Q1", "--make-current"]);
    assert_eq!(told["readers"]["moved"], true, "{told}");
    assert!(!stages.iter().any(|stage| stage == "model"));
    assert_ne!(site.current(), whole);
    site.run();
    assert_eq!(site.current(), whole);
    // Each pointer is held for itself.
    site.ask(&["releases", "pin", &public]);
    assert_eq!((site.pinned("pinned").is_none(), site.pinned("pinned-public")), (true, Some(public)));
    site.ask(&["releases", "unpin", "--profile", "public"]);
    assert!(site.pinned("pinned-public").is_none());
}

impl Site {
    /// The release that a hold names.
    fn pinned(&self, file: &str) -> Option<String> {
        let text = fs::read_to_string(self.store(file)).ok()?;
        Some(json(&text)["release"].as_str().unwrap().to_owned())
    }
}

#[test]
fn what_is_wrong_is_repeated_by_every_run_until_it_is_mended_and_strict_with_it() {
    let site = Site::new();
    let (code, first) = site.said(&["--strict"]);
    assert_eq!(code, 3);
    // Notes are no errors: what was inferred stays so, and is told by the run that publishes.
    let is_open = |line: &&str| line.contains(" ×") && !line.contains("quality/problems");
    let lines = |said: &str| -> Vec<String> { said.lines().filter(is_open).map(str::to_owned).collect() };
    assert!(!lines(&first).is_empty());
    for _ in 0..2 {
        let (code, again) = site.said(&["--strict"]);
        assert_eq!(code, 3, "{again}");
        assert!(again.starts_with("Nothing to do"), "{again}");
        assert_eq!(lines(&again), lines(&first), "the same errors are open");
    }
    assert_eq!(site.said(&[]).0, 0, "without --strict they are told only");
    let (told, _) = site.staged(&[]);
    assert_eq!(told["open"].as_array().unwrap().len(), lines(&first).len());
    // While a release is held, what is wrong with the exports is open all the same.
    let id = site.current();
    site.ask(&["releases", "pin", &id]);
    assert_eq!(site.said(&["--strict"]).0, 3);
}

#[test]
fn findings_that_the_catalogue_does_not_give_back_make_the_export_be_read_again() {
    let site = Site::new();
    site.run();
    let (id, warnings) = (site.current(), site.staged(&[]).0["warnings"].clone());
    let release = site.release(&id);
    let kept = |sql: &str| -> Vec<(String, String)> {
        let catalogue = site.catalogue();
        let mut statement = catalogue.prepare(sql).unwrap();
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
    };
    let all = "SELECT key, problems_json FROM ingests ORDER BY key";
    let before = kept(all);
    site.catalogue()
        .execute("UPDATE ingests SET problems_json = substr(problems_json, 1, 20) WHERE source = 'tax'", [])
        .unwrap();
    let csv = site.path("back.csv");
    let (code, _, stderr) =
        finish(&mut site.command(&["quarantine", "--lang", "en", "--source", "tax", "--csv", csv.to_str().unwrap()]));
    assert!(code == 1 && stderr.contains("S013") && stderr.contains("`mujun run` makes again"), "{stderr}");
    let (code, said) = site.said(&[]);
    assert!(code == 0 && said.contains("S013"), "{said}");
    assert_eq!(kept(all), before, "the findings are there again");
    assert!(site.current() == id && site.release(&id) == release, "and the release is the same");
    assert_eq!(site.staged(&[]).0["warnings"], warnings);
    assert_eq!(finish(&mut site.command(&["quarantine", "--source", "tax", "--csv", csv.to_str().unwrap()])).0, 0);
}

#[test]
fn runs_that_are_refused_fail_or_are_stopped_leave_their_reason_in_the_catalogue() {
    let site = Site::new();
    site.run();
    let settings = site.path("config/site.toml");
    replace(&settings, "max_quarantine_share = 0.5", "max_quarantine_share = 0");
    assert_eq!(site.said(&[]).0, 4);
    replace(&settings, "max_quarantine_share = 0", "max_quarantine_share = 0.5");
    let register = site.path("config/registers/parks.csv");
    let good = fs::read_to_string(&register).unwrap();
    fs::write(&register, good.replace("4101", "41x1")).unwrap();
    assert_eq!(site.said(&[]).0, 2);
    fs::write(&register, good).unwrap();

    site.change(1);
    let mut child = site.telling(&[]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut String::new()).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    site.run();
    let runs = site.runs();
    let outcomes: Vec<&str> = runs.iter().map(|(outcome, _)| outcome.as_deref().unwrap()).collect();
    assert_eq!(outcomes, ["published", "refused", "failed", "interrupted", "published"]);
    let reason = |at: usize| runs[at].1.clone().unwrap_or_default();
    assert!(reason(1).contains("rows are in quarantine") && reason(2).contains("parks.csv"), "{runs:?}");
    assert_eq!((reason(0), reason(3).as_str()), (String::new(), "it did not reach its end"));
    // Only of a run that was killed nobody knows when it ended.
    let endless = "SELECT group_concat(outcome) FROM runs WHERE finished IS NULL OR finished < started";
    let endless: Option<String> = site.catalogue().query_row(endless, [], |row| row.get(0)).unwrap();
    assert_eq!(endless.as_deref(), Some("interrupted"));
}

/// Codes of the rows of the first quarter's tax lists that `quarantine` shows, by file and row, and how many are mended.
fn open_in_tax(site: &Site, args: &[&str]) -> (Vec<(String, i64, bool)>, u64) {
    let found = site.ask(&[&["quarantine", "--source", "tax"], args].concat());
    let mut rows = Vec::new();
    for export in found["exports"].as_array().unwrap() {
        let file = export["file"].as_str().unwrap().to_owned();
        for row in export["rows"].as_array().unwrap() {
            rows.push((file.clone(), row["row"].as_i64().unwrap(), row["mended"].as_bool().unwrap()));
        }
    }
    rows.retain(|(file, ..)| file.contains("2017年1-3月"));
    (rows, found["mended"].as_u64().unwrap())
}

#[test]
fn rows_that_a_later_export_has_mended_are_counted_and_no_longer_listed() {
    let site = Site::new();
    let (path, good) = tax_list(&site.path("inbox"));
    let mut bad = good.clone();
    let rows = [bad.len() - 1, bad.len()];
    for row in rows {
        let mut cells: Vec<&str> = good[row - 1].split('\t').collect();
        cells[2] = "未缴";
        bad[row - 1] = cells.join("\t");
    }
    fs::write(&path, bad.join("\n") + "\n").unwrap();
    site.run();
    let (before, mended) = open_in_tax(&site, &[]);
    let is_listed = |listed: &[(String, i64, bool)], row: usize| listed.iter().any(|(_, at, _)| *at == row as i64);
    assert!(rows.iter().all(|row| is_listed(&before, *row)) && mended == 0, "{before:?}");

    // A list of one enterprise mends its row alone.
    let header = good.iter().position(|line| line.starts_with("社会信用代码") || line.contains("纳税人名称")).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    let more = name.replace("税收_", "税收补_").replace("_2017042", "_2017052");
    assert_ne!(more, name);
    let part: Vec<&str> = good[..=header].iter().chain([&good[rows[0] - 1]]).map(String::as_str).collect();
    fs::write(path.with_file_name(more), part.join("\n") + "\n").unwrap();
    site.run();
    let (after, mended) = open_in_tax(&site, &[]);
    assert!(!is_listed(&after, rows[0]) && is_listed(&after, rows[1]) && mended == 1, "{after:?} {mended}");
    let csv = site.path("back.csv");
    assert_eq!(finish(&mut site.command(&["quarantine", "--csv", csv.to_str().unwrap()])).0, 0);
    let sent = fs::read_to_string(csv).unwrap();
    let is_sent = |row: usize| sent.lines().any(|line| line.contains(name) && line.contains(&format!(",{row},C001")));
    assert_eq!(rows.map(is_sent), [false, true], "{sent}");

    // The whole list once more mends all that was wrong with it.
    let again = name.replace("_2017042", "_2017062");
    fs::write(path.with_file_name(again), good.join("\n") + "\n").unwrap();
    site.run();
    let (after, mended) = open_in_tax(&site, &[]);
    assert!(
        rows.iter().all(|row| !after.iter().any(|(file, at, _)| file.ends_with(name) && *at == *row as i64)),
        "{after:?}"
    );
    assert!(mended >= 2, "{mended}");
    let (all, _) = open_in_tax(&site, &["--mended"]);
    let of_first =
        |row: usize| all.iter().find(|(file, at, _)| file.ends_with(name) && *at == row as i64).map(|(.., is)| *is);
    assert_eq!(rows.map(of_first), [Some(true), Some(true)], "{all:?}");
}

#[test]
fn a_catalogue_that_is_no_catalogue_is_made_again_by_verify_as_the_message_says() {
    let site = Site::new();
    site.run();
    let (id, release) = (site.current(), site.release(&site.current()));
    fs::write(site.store("catalog.db"), "no catalogue").unwrap();
    let (code, said) = site.said(&[]);
    assert!(code == 1 && said.contains("S012") && said.contains("`mujun verify --repair`"), "{code} {said}");
    assert_eq!(finish(&mut site.command(&["verify", "--repair"])).0, 0);
    assert_eq!(fs::read_to_string(site.store("catalog.db.damaged")).unwrap(), "no catalogue");
    let (told, stages) = site.staged(&[]);
    assert_eq!(told["outcome"], "nothing_to_do", "{told}");
    assert!(!stages.iter().any(|stage| stage == "model"), "{stages:?}");
    assert!(site.current() == id && site.release(&id) == release);
    assert_eq!(site.ask(&["releases"])["releases"], serde_json::json!([id]));
}
