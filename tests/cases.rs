//! Cases as data: `cases/<room>/<sentence>/` holds one export, and everything that the rooms make of it as readable text.
//!
//! ```text
//! case.toml      source = id of a definition under config/sources; left out when the case brings its own source.toml
//!                file = the name the export gets
//!                encoding = what the text of the input is turned into; left out when its bytes count as they are
//!                input = its file, if it is not input.txt
//!                drop_bytes = how much is cut off its end
//!                [limits] rows, cell_bytes = what it may cost at most
//! corrections.toml  known errors of the export, in a case about them
//! expected.txt   facts, quarantine, problems and ledger
//! ```
//!
//! `UPDATE_CASES=1 cargo test cases` writes expected.txt anew; the difference is then read by a person.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use clean::{Cleaned, Export, Figures, Findings, Ledger, Registers};
use config::Config;
use config::correction::Correction;
use config::source::Source;
use read::{Book, Encoding, Expect, Format, Limits};
use serde::Deserialize;
use vocab::frame::Frame;
use vocab::{Problem, rules};

use crate::support::root;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    source: Option<String>,
    file: String,
    encoding: Option<String>,
    #[serde(default = "usual_input")]
    input: String,
    #[serde(default)]
    drop_bytes: usize,
    #[serde(default)]
    limits: CaseLimits,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseLimits {
    rows: Option<usize>,
    cell_bytes: Option<usize>,
}

fn usual_input() -> String {
    "input.txt".to_owned()
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Entries of a folder, by name.
fn list(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

fn name_of(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

/// Every case by `<room>/<sentence>`.
fn all_cases() -> BTreeMap<String, PathBuf> {
    let rooms = list(&root().join("tests/cases")).into_iter().filter(|room| name_of(room) != "registers");
    rooms
        .flat_map(|room| {
            list(&room).into_iter().map(move |case| (format!("{}/{}", name_of(&room), name_of(&case)), case))
        })
        .collect()
}

/// One source definition and the corrections of a case, resolved as a configuration resolves them.
fn definition(id: &str, path: &Path, case: &Path) -> (Source, Vec<Correction>) {
    let site = "calendar = \"finance\"\n[province]\ncode = \"410000\"\nname = \"河南省\"\n";
    let mut files =
        BTreeMap::from([("site.toml".to_owned(), site.to_owned()), (format!("sources/{id}.toml"), text(path))]);
    if let Ok(corrections) = std::fs::read_to_string(case.join(CORRECTIONS)) {
        files.insert(CORRECTIONS.to_owned(), corrections);
    }
    let config = Config::resolve(&files).unwrap_or_else(|errors| panic!("{}: {errors:?}", path.display()));
    (config.sources.into_iter().next().expect("one source"), config.corrections)
}

const CORRECTIONS: &str = "corrections.toml";

pub(crate) fn registers() -> Registers {
    let grids = list(&root().join("tests/cases/registers"))
        .into_iter()
        .map(|path| {
            let name = name_of(&path);
            let (book, problems) = read::read(&name, text(&path).as_bytes(), &Expect::default(), &Limits::default());
            assert!(problems.is_empty(), "{problems:?}");
            let grid = book.expect("a register").sheets.remove(0);
            (name.trim_end_matches(".csv").to_owned(), (name, grid))
        })
        .collect();
    let (registers, problems) = Registers::resolve(&grids);
    assert!(problems.is_empty(), "{problems:?}");
    registers
}

/// What came of a case.
struct Made {
    book: Option<Book>,
    cleaned: Cleaned,
    findings: Findings,
}

/// The rooms one after the other, as a run conducts them.
fn make(case: &Case, (source, corrections): &(Source, Vec<Correction>), bytes: &[u8], registers: &Registers) -> Made {
    let expect = Expect {
        format: source.format.as_deref().and_then(|format| Format::from_str(format).ok()),
        encoding: source.encoding.as_deref().and_then(|encoding| Encoding::from_str(encoding).ok()),
        sheet: source.sheet.as_deref(),
    };
    let usual = Limits::default();
    let limits = Limits {
        rows: case.limits.rows.unwrap_or(usual.rows),
        cell_bytes: case.limits.cell_bytes.unwrap_or(usual.cell_bytes),
        ..usual
    };
    let mut findings = Findings::new(1000);
    let (mut book, problems) = read::read(&case.file, bytes, &expect, &limits);
    findings.extend(problems);
    let mut cleaned = Cleaned::default();
    let sheets = book.as_mut().map(|book| book.sheets.as_mut_slice()).unwrap_or_default();
    let corrected = clean::correct(corrections, &case.file, sheets, &mut findings);
    if let Some(book) = &book {
        let delimited = matches!(book.format, Format::Csv | Format::Tsv);
        let export = Export { name: &case.file, delimited, received: None };
        for part in layout::lay_out(&book.sheets, source, &case.file) {
            let codes = clean::codes_of(&part.problems);
            findings.extend(part.problems);
            cleaned.plus(match part.table {
                _ if part.other => clean::leave_out(&part.grid),
                Some(table) => clean::clean(&part.grid, &table, source, registers, export, &mut findings),
                None => clean::refuse(&part.grid, &part.place, &codes),
            });
        }
    }
    if let Some(corrected) = corrected {
        corrected.tell(&case.file, &mut cleaned);
    }
    Made { book, cleaned, findings }
}

fn line(frame: &Frame, row: usize, skipped: &[&str]) -> String {
    let columns = frame.columns().iter().filter(|(name, _)| !skipped.contains(&name.as_str()));
    let pairs = columns.map(|(name, values)| format!("{name}={}", values.text(row).unwrap_or_default()));
    pairs.collect::<Vec<_>>().join(" ")
}

fn problem_line(problem: &Problem) -> String {
    let mut line = format!("{} {} {}", problem.rule.code, problem.rule.severity.as_str(), problem.place);
    if let Some(value) = &problem.value {
        let _ = write!(line, " `{value}`");
    }
    if !problem.expected.is_empty() {
        let _ = write!(line, " → {}", problem.expected.join(", "));
    }
    line
}

/// Everything that came of a case, for people.
fn render(made: &Made) -> String {
    let mut text = String::new();
    let _ = match &made.book {
        Some(book) => writeln!(text, "read {} {}", book.format.as_str(), book.encoding.as_str()),
        None => writeln!(text, "not read"),
    };
    let (facts, quarantine) = (&made.cleaned.facts, &made.cleaned.quarantine);
    let _ = writeln!(text, "\nfacts {}", facts.rows());
    for row in 0..facts.rows() {
        let _ = writeln!(text, "  {}", line(facts, row, &["source_file", "source_sheet"]));
    }
    let _ = writeln!(text, "\nquarantine {}", quarantine.rows());
    for row in 0..quarantine.rows() {
        let cell = |name: &str| quarantine.column(name).and_then(|column| column.text(row)).unwrap_or_default();
        let _ = writeln!(text, "  R{} {} {}", cell("source_row"), cell("problem_codes"), cell("cells"));
    }
    let _ = writeln!(text, "\nproblems {}", made.findings.len());
    for problem in made.findings.kept() {
        let _ = writeln!(text, "  {}", problem_line(problem));
    }
    let Ledger { rows, preamble, header, notes, blank, facts, quarantined } = made.cleaned.ledger;
    let _ = writeln!(
        text,
        "\nledger {rows} rows = {preamble} preamble + {header} header + {notes} notes + {blank} blank + {facts} facts + {quarantined} quarantined"
    );
    text
}

fn bytes_of(case: &Case, folder: &Path) -> Vec<u8> {
    let path = folder.join(&case.input);
    let mut bytes = match case.encoding.as_deref() {
        None => std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
        Some("utf-8") => text(&path).into_bytes(),
        Some("gb18030") => encoding_rs::GB18030.encode(&text(&path)).0.into_owned(),
        Some(other) => panic!("{}: encoding `{other}`: utf-8 or gb18030", folder.display()),
    };
    bytes.truncate(bytes.len().saturating_sub(case.drop_bytes));
    bytes
}

/// One case: what it gives is what expected.txt says, its ledger closes, and its folder holds nothing else.
fn check(name: &str, folder: &Path, registers: &Registers) -> Result<(), String> {
    let case: Case =
        toml::from_str(&text(&folder.join("case.toml"))).map_err(|error| format!("{name}/case.toml: {error}"))?;
    let mut known = BTreeSet::from(["case.toml".to_owned(), "expected.txt".to_owned(), case.input.clone()]);
    let source = match &case.source {
        Some(id) => definition(id, &root().join(format!("config/sources/{id}.toml")), folder),
        None => {
            known.insert("source.toml".to_owned());
            definition("case", &folder.join("source.toml"), folder)
        }
    };
    if !source.1.is_empty() {
        known.insert(CORRECTIONS.to_owned());
    }
    if !source.0.claims(&case.file) {
        return Err(format!("{name}: `{}` does not claim the file {}", source.0.id, case.file));
    }
    let strange: Vec<String> =
        list(folder).iter().map(|path| name_of(path)).filter(|file| !known.contains(file)).collect();
    if !strange.is_empty() {
        return Err(format!("{name}: files that no case has: {}", strange.join(", ")));
    }
    let made = make(&case, &source, &bytes_of(&case, folder), registers);
    if !made.cleaned.ledger.closes() {
        return Err(format!("{name}: the ledger does not close: {:?}", made.cleaned.ledger));
    }
    let quarantined = made.cleaned.quarantine.rows() as u64;
    if !made.cleaned.figures.close() {
        return Err(format!("{name}: the ledger of figures does not close: {:?}", made.cleaned.figures));
    }
    if quarantined != made.cleaned.ledger.quarantined {
        return Err(format!(
            "{name}: {quarantined} rows in quarantine, the ledger says {}",
            made.cleaned.ledger.quarantined
        ));
    }
    let (rendered, path) = (render(&made), folder.join("expected.txt"));
    if std::env::var_os("UPDATE_CASES").is_some() {
        std::fs::write(&path, rendered).expect("expected.txt can be written");
        return Ok(());
    }
    let expected = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    if rendered == expected {
        return Ok(());
    }
    Err(format!("{name}: not as expected\n--- expected\n{expected}\n--- got\n{rendered}"))
}

#[test]
fn every_case_gives_what_it_says() {
    let registers = registers();
    let cases = all_cases();
    assert!(cases.len() >= 45, "only {} cases were found", cases.len());
    let failures: Vec<String> =
        cases.iter().filter_map(|(name, folder)| check(name, folder, &registers).err()).collect();
    assert!(failures.is_empty(), "{} of {} cases fail:\n{}", failures.len(), cases.len(), failures.join("\n"));
}

/// What a definition of the sample makes of a text under this name: the facts, and each problem as it is shown in a case.
pub fn ingest(id: &str, file: &str, input: &str) -> (Frame, Vec<String>) {
    let path = root().join(format!("config/sources/{id}.toml"));
    let definition = definition(id, &path, Path::new(""));
    let bytes = match definition.0.encoding.as_deref() {
        Some("gb18030") => encoding_rs::GB18030.encode(input).0.into_owned(),
        _ => input.as_bytes().to_vec(),
    };
    let case = Case {
        source: None,
        file: file.to_owned(),
        encoding: None,
        input: usual_input(),
        drop_bytes: 0,
        limits: CaseLimits::default(),
    };
    let made = make(&case, &definition, &bytes, &registers());
    (made.cleaned.facts, made.findings.kept().iter().map(problem_line).collect())
}

/// The first finding of each code that a case brings about, from the room of the code if that has one.
pub fn first_findings() -> BTreeMap<&'static str, Problem> {
    let registers = registers();
    let mut found: BTreeMap<&'static str, Problem> = BTreeMap::new();
    for (name, folder) in all_cases() {
        let case: Case = toml::from_str(&text(&folder.join("case.toml"))).expect("a case");
        let path = match &case.source {
            Some(id) => root().join(format!("config/sources/{id}.toml")),
            None => folder.join("source.toml"),
        };
        let source = definition(case.source.as_deref().unwrap_or("case"), &path, &folder);
        let made = make(&case, &source, &bytes_of(&case, &folder), &registers);
        for problem in made.findings.kept() {
            let shown_fully = problem.value.is_some() || !problem.expected.is_empty();
            let own_room = name.starts_with(match problem.rule.code.as_bytes() {
                [b'R', ..] => "read/",
                [b'L', ..] => "layout/",
                _ => "clean/",
            });
            let better = |known: &Problem| known.value.is_none() && known.expected.is_empty() && shown_fully;
            if own_room && found.get(problem.rule.code).is_none_or(better) {
                found.insert(problem.rule.code, problem.clone());
            }
        }
    }
    found
}

/// Codes that no content of a file can bring about on the way from `read` to `clean`, each with the reason.
const NOT_BY_A_FILE: &[(&str, &str)] = &[
    ("L041", "`inspect` alone reads how often a series is surveyed: discover tests"),
    ("L014", "`inspect` alone says it, of figures that no definition asks for: discover tests"),
    ("R019", "a member of an archive: archive tests"),
    ("R020", "a member of an archive: archive tests"),
    ("R021", "members of an archive: archive tests"),
    ("R022", "a member of an archive: archive tests"),
    ("C025", "two exports: vintage tests"),
    ("C026", "two exports: vintage tests"),
    ("C041", "two registers held against each other: register tests"),
    ("C042", "two columns of a register: register tests"),
    ("C043", "a register: register tests"),
    ("C044", "two registers held against each other: tests of doubt"),
    ("C037", "an export held against others: tests of doubt"),
    ("C038", "an export held against others: tests of doubt"),
    ("C039", "two issues of a list: tests of doubt"),
    ("C080", "a quarter and the day of the run: tests of bounds"),
];

/// Every code has a case that lives in the folder of its room, and every case shows something.
#[test]
fn every_code_that_a_file_can_bring_about_has_a_case() {
    if std::env::var_os("UPDATE_CASES").is_some() {
        return;
    }
    let mut shown: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, folder) in all_cases() {
        let expected = text(&folder.join("expected.txt"));
        let problems =
            expected.split("\nproblems ").nth(1).expect("problems").split("\nledger ").next().expect("ledger");
        for problem in problems.lines().skip(1).filter(|line| line.starts_with("  ")) {
            let code = problem.split_whitespace().next().expect("a code").to_owned();
            shown.entry(code).or_default().push(name.clone());
        }
    }
    let excused: BTreeSet<&str> = NOT_BY_A_FILE.iter().map(|(code, _)| *code).collect();
    for rule in rules::ALL {
        let room = match rule.code.chars().next() {
            Some('R') => "read/",
            Some('L') => "layout/",
            Some('C') => "clean/",
            // No single file brings about what the other rooms tell; `problems.rs` shows it.
            _ => continue,
        };
        let cases = shown.get(rule.code).map(Vec::as_slice).unwrap_or_default();
        let has_case = cases.iter().any(|case| case.starts_with(room));
        assert_eq!(has_case, !excused.contains(rule.code), "{} {}: shown by {cases:?}", rule.code, rule.name);
    }
}

/// Figures by what became of them, counted by hand: all, facts, labels, headings, over the table, notes, ignored, left out, set aside.
const FIGURES: &[(&str, [u64; 9])] = &[
    ("a-table-in-several-pieces-is-read-and-scratch-is-left-out", [15, 12, 0, 0, 0, 0, 0, 3, 0]),
    ("a-row-of-text-among-figures-is-set-aside-alone", [5, 5, 0, 0, 0, 0, 0, 0, 0]),
    ("parts-of-a-year-across-take-the-year-of-their-row", [12, 7, 1, 0, 0, 0, 0, 0, 4]),
    ("figures-around-a-table-are-told", [8, 2, 0, 1, 1, 2, 2, 0, 0]),
];

#[test]
fn every_figure_ends_in_one_place() {
    let registers = registers();
    for (name, counts) in FIGURES {
        let folder = root().join("tests/cases/layout").join(name);
        let case: Case = toml::from_str(&text(&folder.join("case.toml"))).expect("a case");
        let made = make(
            &case,
            &definition("case", &folder.join("source.toml"), &folder),
            &bytes_of(&case, &folder),
            &registers,
        );
        let Figures { all, facts, labels, headings, preamble, notes, ignored, left_out, set_aside } =
            made.cleaned.figures;
        let found = [all, facts, labels, headings, preamble, notes, ignored, left_out, set_aside];
        assert_eq!(found, *counts, "{name}");
    }
}

/// Bad rows take no good ones with them: where a row of a table is set aside alone, others became facts.
#[test]
fn good_rows_go_on_beside_bad_ones() {
    if std::env::var_os("UPDATE_CASES").is_some() {
        return;
    }
    for (name, folder) in all_cases().into_iter().filter(|(name, _)| name.starts_with("clean/")) {
        let expected = text(&folder.join("expected.txt"));
        // Where no row is bad, as in a form that is passed over as a whole, none stands beside it.
        let is_bad = !expected.contains("\nquarantine 0\n");
        assert!(
            !is_bad || !expected.contains("\nfacts 0\n"),
            "{name}: a case of `clean` has a good row beside the bad one"
        );
    }
}
