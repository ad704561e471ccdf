//! A gallery of small hostile, damaged or merely odd files, each with what is said of it: every problem with its code,
//! its place and its text in both languages, and the cells, where there are any.
//!
//! Each half of the gallery is a list of [`Case`]s made by code (see `tests/support/exports.rs`), and one file
//! `<half>.txt` with what they give. `UPDATE_CASES=1 cargo test gallery` writes it anew; the difference is then read by
//! a person. `MUJUN_GALLERY=<folder>` has the files written there: for other tools, and as seeds for fuzzing.

mod archives;
mod binary;
mod packages;
mod text;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use read::{Book, Expect, Limits, read};
use vocab::{Problem, Said};

use crate::support::root;

/// One file of the gallery.
pub struct Case {
    /// What is odd about it, as a sentence.
    pub name: &'static str,
    /// The name it comes under.
    pub file: &'static str,
    /// Its content.
    pub bytes: fn() -> Vec<u8>,
    /// What it may cost.
    pub limits: fn() -> Limits,
}

/// A file under the usual limits of the gallery.
pub const fn case(name: &'static str, file: &'static str, bytes: fn() -> Vec<u8>) -> Case {
    Case { name, file, bytes, limits }
}

/// Limits that hold for the gallery: those of a program in use, but smaller, so that a file which breaks them is soon made.
pub fn limits() -> Limits {
    Limits { bytes: 16 << 20, inflated_bytes: 8 << 20, sheets: 100, rows: 1 << 20, cells: 1 << 20, ..Limits::default() }
}

/// How long a file may take. Far more than any needs, far less than a hang.
const PATIENCE: Duration = Duration::from_secs(20);

/// Holds a half of the gallery against its file.
pub fn check(half: &str, cases: &[Case]) {
    let mut text = String::new();
    let mut names = BTreeSet::new();
    for case in cases {
        assert!(names.insert(case.name), "two cases are called `{}`", case.name);
        let bytes = (case.bytes)();
        if let Some(folder) = std::env::var_os("MUJUN_GALLERY") {
            let name = format!("{half}-{}-{}", case.name.replace(|c: char| !c.is_alphanumeric(), "-"), case.file);
            std::fs::write(std::path::Path::new(&folder).join(name), &bytes).expect("a file of the gallery");
        }
        let start = Instant::now();
        let (book, problems) = read(case.file, &bytes, &Expect::default(), &(case.limits)());
        assert!(start.elapsed() < PATIENCE, "{}: {:?}", case.name, start.elapsed());
        let empty = book.as_ref().is_none_or(|book| book.sheets.iter().all(|grid| grid.text_len() == 0));
        assert!(!(empty && problems.is_empty()), "{}: nothing was read, and nothing was said", case.name);
        let _ = writeln!(text, "## {}\n", case.name);
        render(&mut text, case.file, book.as_ref(), &problems);
    }
    compare(half, &text);
}

/// Holds what a half gives against its file, or writes the file anew.
pub fn compare(half: &str, text: &str) {
    let path = root().join(format!("tests/gallery/{half}.txt"));
    if std::env::var_os("UPDATE_CASES").is_some() {
        std::fs::write(&path, text).expect("the gallery can be written");
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    // Case by case: the difference is then short enough to be read.
    let sections = |text: &str| text.split("## ").map(str::to_owned).collect::<Vec<_>>();
    let (found, known) = (sections(text), sections(&expected));
    for (found, known) in found.iter().zip(&known) {
        assert_eq!(found, known, "UPDATE_CASES=1 writes {} anew", path.display());
    }
    assert_eq!(found.len(), known.len(), "UPDATE_CASES=1 writes {} anew", path.display());
}

/// Everything that is said of the files of the gallery, as values of problems.
pub fn all_values() -> BTreeSet<(&'static str, Said)> {
    let cases = [text::CASES, binary::CASES, packages::CASES];
    let problems = cases
        .into_iter()
        .flatten()
        .flat_map(|case| read(case.file, &(case.bytes)(), &Expect::default(), &(case.limits)()).1);
    problems.filter_map(|problem| Some((problem.rule.code, problem.value?))).collect()
}

/// What came of a file, for people.
fn render(text: &mut String, file: &str, book: Option<&Book>, problems: &[Problem]) {
    let _ = match book {
        Some(book) => writeln!(text, "{file}: {} {}", book.format.as_str(), book.encoding.as_str()),
        None => writeln!(text, "{file}: refused"),
    };
    render_problems(text, problems);
    render_sheets(text, book);
    text.push('\n');
}

/// Every problem with its code, its place and its text in both languages.
pub fn render_problems(text: &mut String, problems: &[Problem]) {
    for problem in problems {
        let _ = write!(text, "{} {} {}", problem.rule.code, problem.rule.severity.as_str(), problem.place);
        if let Some(value) = &problem.value {
            let _ = write!(text, " `{value}`");
        }
        if !problem.expected.is_empty() {
            let _ = write!(text, " → {}", problem.expected.join(", "));
        }
        let rule = problem.rule;
        let _ = writeln!(text, "\n    {} {}\n    {}{}", rule.en, rule.hint_en, rule.zh, rule.hint_zh);
    }
}

fn render_sheets(text: &mut String, book: Option<&Book>) {
    for grid in book.iter().flat_map(|book| &book.sheets) {
        let _ = writeln!(text, "  [{}]", grid.sheet);
        // A few rows show how the file was read.
        for row in grid.rows().filter(|row| !row.is_blank()).take(6) {
            let mut cells: Vec<_> = row.cells().take(12).map(|cell| cell.replace('\n', "⏎")).collect();
            if row.len() > cells.len() {
                cells.push(format!("… {} cells in all, the last is {}", row.len(), row.cell(row.len() - 1)));
            }
            let _ = writeln!(text, "  {:>7}: {}", row.number, cells.join(" | "));
        }
    }
}
