//! Source definitions: their own tests hold in `check` and `run`, and their reference says what the code knows.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use config::Config;
use vocab::unit;

use crate::cli::{bare, copy_config, json, replace, without_tests};
use crate::support::{finish, folder, mujun, root, run_sample, sample};

/// The reference and the chapter on reading, in both languages.
const SOURCES: [&str; 2] = ["docs/sources.md", "docs/sources.zh-CN.md"];
const READING: [(&str, &str); 2] = [("docs/reading.md", "en"), ("docs/reading.zh-CN.md", "zh")];

fn text_of(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// `run` with this configuration and an inbox in which nothing lies.
fn run_over_nothing(config: &Path, lang: &str) -> (i32, String) {
    let (store, inbox) = (folder(), folder());
    let mut command = mujun(store.path());
    command.args(["run", "--lang", lang, "--inbox"]).arg(inbox.path()).arg("--config").arg(config.join("config"));
    let (code, _, stderr) = finish(&mut command);
    (code, stderr)
}

fn checked(config: &Path, lang: &str) -> (i32, String) {
    let (code, stdout, stderr) = finish(bare(&["check", "--lang", lang, "--config"]).arg(config.join("config")));
    (code, stdout + &stderr)
}

#[test]
fn a_run_refuses_definitions_whose_tests_fail_and_says_what_came_out() {
    let site = folder();
    copy_config(site.path());
    let (code, said) = run_over_nothing(site.path(), "en");
    assert!(code == 4 && !said.contains("[[test]]"), "nothing to publish, and every test passes: {said}");
    let file = |name: &str| site.path().join(format!("config/sources/{name}.toml"));
    replace(&file("tax"), "tax_ytd_fen=0 ", "tax_ytd_fen=1 ");
    replace(&file("recognition"), "problems = [\"C012\"]", "problems = []");
    replace(&file("205-1"), "energy_prior_ytd_gce=110250000", "energy_prior_ytd_gce=110250001");
    let (code, said) = run_over_nothing(site.path(), "en");
    assert_eq!(code, 2, "{said}");
    for told in [
        "sources/tax.toml: test `",
        "expected `tax_ytd_fen=1`, got `tax_ytd_fen=0`",
        "sources/recognition.toml: test `one that was withdrawn, one that still holds, one withdrawn before it was awarded`: \
         expected problems none, got C012",
        "sources/205-1.toml: test `",
        "row 1 of facts: expected `energy_prior_ytd_gce=110250001`, got `energy_prior_ytd_gce=110250000`",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    assert_eq!(said.lines().filter(|line| line.starts_with("sources/")).count(), 3, "{said}");
    let (code, said) = run_over_nothing(site.path(), "zh");
    assert!(
        code == 2 && said.contains("sources/recognition.toml：测试“") && said.contains("应有问题 无，实有 C012"),
        "{said}"
    );
    let (code, said) = checked(site.path(), "en");
    assert!(code == 2 && said.contains("3 failed") && said.contains("sources/205-1.toml: test `"), "{said}");
}

#[test]
fn a_run_on_other_registers_is_not_refused_for_enterprises_that_tests_name() {
    let (work, store) = (folder(), folder());
    sample(work.path(), 11, 30, 2, 5);
    let (code, _, said) = finish(&mut run_sample(work.path(), store.path()));
    assert!(!said.contains("sources/") && [0, 4].contains(&code), "{code} {said}");
}

#[test]
fn check_refuses_a_definition_without_a_test_and_a_run_takes_it() {
    let site = folder();
    copy_config(site.path());
    without_tests(&site.path().join("config/sources/rd.toml"));
    let (code, said) = checked(site.path(), "en");
    assert!(code == 2 && said.contains("sources/rd.toml: the definition has no [[test]]"), "{said}");
    let (code, said) = checked(site.path(), "zh");
    assert!(code == 2 && said.contains("sources/rd.toml：来源定义没有测试"), "{said}");
    assert_eq!(run_over_nothing(site.path(), "en").0, 4, "there is nothing to publish, and nothing failed");
}

/// What the code takes in a source definition: the mistakes it tells of one in which nothing is right name all that would be.
fn told() -> Vec<String> {
    const WRONG: &str = "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz";
    let mut definition =
        format!("format = \"{WRONG}\"\nacross = \"{WRONG}\"\n{WRONG} = 1\nurl = \"https://data.example.cn/a\"\n");
    for (table, more) in [
        ("[issues]", ""),
        ("[basis]", ""),
        ("[expected]", ""),
        ("[[total]]", ""),
        ("[[column]]", "kind"),
        ("[[plausible]]", ""),
        ("[[rule]]", ""),
        ("[[test]]", ""),
    ] {
        let _ = writeln!(definition, "{table}\n{WRONG}_{} = 1", table.trim_matches(['[', ']']));
        if !more.is_empty() {
            let _ = writeln!(definition, "{more} = \"{WRONG}\"");
        }
    }
    let site = "calendar = \"finance\"\n[province]\ncode = \"410000\"\nname = \"河南省\"\n".to_owned();
    let files = BTreeMap::from([("site.toml".to_owned(), site), ("sources/d.toml".to_owned(), definition)]);
    Config::resolve(&files).unwrap_err().into_iter().map(|error| error.message.en().replace(WRONG, "?")).collect()
}

/// What is valid, by the mistake that begins like this.
fn valid(told: &[String], mistake: &str) -> BTreeSet<String> {
    let words = told.iter().find_map(|message| message.strip_prefix(mistake)?.strip_prefix("; valid here: "));
    let words = words.unwrap_or_else(|| panic!("{mistake}: {told:#?}"));
    words.split(", ").map(str::to_owned).collect()
}

/// The words in the first column of the table behind a mark of a document.
fn listed(document: &str, mark: &str) -> BTreeSet<String> {
    let mark = format!("<!-- {mark} -->");
    let (_, after) = document.split_once(&mark).unwrap_or_else(|| panic!("no {mark}"));
    let rows = after.trim_start().lines().take_while(|line| line.starts_with('|'));
    let first = rows.filter_map(|row| row.split('|').nth(1));
    first.flat_map(|cell| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[test]
fn the_reference_of_source_definitions_has_every_key_and_kind_and_no_other() {
    let told = told();
    let tables = ["issues", "basis", "expected", "total", "column", "plausible", "rule", "test"];
    for document in SOURCES {
        let text = text_of(document);
        assert_eq!(listed(&text, "keys"), valid(&told, "unknown key `?`"), "{document}");
        for table in tables {
            let known = valid(&told, &format!("unknown key `?_{table}`"));
            assert_eq!(listed(&text, &format!("keys of {table}")), known, "{document}");
        }
        assert_eq!(listed(&text, "kinds"), valid(&told, "`?` is not a kind of column"), "{document}");
        assert_eq!(listed(&text, "formats"), valid(&told, "`?` is not a format"), "{document}");
        assert_eq!(listed(&text, "across"), valid(&told, "`?` is not a valid `across`"), "{document}");
    }
}

/// Every unit of the vocabulary with its worth, by the ending of names.
fn units() -> String {
    let mut rows: Vec<(&str, Vec<String>)> = Vec::new();
    for unit in unit::ALL {
        let below = if unit.denominator == 1 { String::new() } else { format!("/{}", unit.denominator) };
        let worth = format!("{} = {}{below}", unit.name, unit.numerator);
        let ending = unit.dimension.canonical();
        match rows.iter_mut().find(|(other, _)| *other == ending) {
            Some((_, worths)) => worths.push(worth),
            None => rows.push((ending, vec![worth])),
        }
    }
    let row = |(ending, worths): (&str, Vec<String>)| format!("| `_{ending}` | {} |\n", worths.join(", "));
    rows.into_iter().map(row).collect()
}

/// `UPDATE_CASES=1` writes the table anew.
#[test]
fn the_reference_of_source_definitions_has_every_unit_and_no_other() {
    for document in SOURCES {
        let text = text_of(document);
        let (before, after) = text.split_once("<!-- units -->\n").expect("the mark of the units");
        let mut lines = after.lines();
        let head: Vec<&str> = lines.by_ref().take(2).collect();
        let old: String = lines.take_while(|line| line.starts_with('|')).map(|line| format!("{line}\n")).collect();
        if std::env::var_os("UPDATE_CASES").is_some() {
            let head = head.join("\n");
            let rest = after.strip_prefix(&format!("{head}\n{old}")).expect("the table");
            fs::write(root().join(document), format!("{before}<!-- units -->\n{head}\n{}{rest}", units())).unwrap();
        } else {
            assert_eq!(old, units(), "{document}: UPDATE_CASES=1 writes it");
        }
    }
}

/// The fenced blocks of a document that begin with this line.
fn block<'d>(document: &'d str, first: &str) -> &'d str {
    let (_, after) = document.split_once(&format!("{first}\n")).unwrap_or_else(|| panic!("no {first}"));
    after.split_once("\n```").map_or(after, |(block, _)| block)
}

#[test]
fn the_example_of_the_reference_is_a_definition_that_passes_its_test() {
    let examples = SOURCES.map(|document| block(&text_of(document), "```toml example").to_owned() + "\n");
    for example in &examples {
        let site = folder();
        copy_config(site.path());
        fs::write(site.path().join("config/sources/example.toml"), example).unwrap();
        let (code, said) = checked(site.path(), "en");
        assert_eq!(code, 0, "{said}");
        let (from, to) = ("value_fen=", "value_fen=9");
        assert!(example.contains(from), "{example}");
        fs::write(site.path().join("config/sources/example.toml"), example.replacen(from, to, 1)).unwrap();
        assert_eq!(checked(site.path(), "en").0, 2, "the test tests something");
    }
}

/// The cells of an inspected file as the rows of a table.
fn cells_as_rows(stdout: &str) -> String {
    let row = |line: &str| {
        let cell = json(line);
        let said = |key: &str| cell[key].as_str().unwrap_or_default().to_owned();
        let value = if cell["missing"] == true { String::new() } else { cell["value"].to_string() };
        let place = format!("R{}C{}", cell["row"], cell["column"]);
        let rest = ["text", "row_label", "column_label", "period", "unit"].map(said);
        format!("| {place} | {} | {value} |", rest.join(" | "))
    };
    stdout.lines().map(row).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_example_of_how_a_sheet_is_read_is_what_inspect_says() {
    for (document, lang) in READING {
        let (text, work) = (text_of(document), folder());
        let file = work.path().join("各市工业增加值_2018年1-3月_20180425.csv");
        fs::write(&file, block(&text, "```csv").to_owned() + "\n").unwrap();
        let (code, stdout, stderr) = finish(bare(&["inspect", "--cells", "--lang", lang]).arg(&file));
        assert_eq!((code, stderr.as_str()), (0, ""));
        let (_, after) = text.split_once("<!-- cells -->\n").expect("the mark of the cells");
        let rows: Vec<&str> = after.lines().skip(2).take_while(|line| line.starts_with('|')).collect();
        assert_eq!(rows.join("\n"), cells_as_rows(&stdout), "{document}");
    }
}
