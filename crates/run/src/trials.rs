//! The tests that source definitions bring: `check` tries them all, and a run refuses definitions whose tests fail.

use std::borrow::Cow;
use std::str::FromStr as _;

use rayon::prelude::*;

use super::failure::Failure;
use super::setup::Setup;
use super::standing;
use super::transform::{Input, clean_with};
use super::unproven::{Difference, Unproven};
use clean::{Cleaned, Findings};
use config::source::{Source, SourceTest};
use read::{Book, Encoding, Expect, Format, Limits};
use store::Store;
use vocab::frame::{Frame, Values};
use vocab::period::Date;
use vocab::rules;

/// Every definition that is not shown to be right, in the order of their files.
///
/// # Errors
/// When the registers have mistakes.
pub(super) fn unproven(setup: &Setup) -> Result<Vec<Unproven>, Failure> {
    let without = |source: &&Source| source.tests.is_empty();
    let without = setup.config.sources.iter().filter(without).map(|source| Unproven {
        file: file_of(source),
        failed: None,
        is_of_registers: false,
    });
    let mut unproven: Vec<Unproven> = without.chain(failed(setup)?).collect();
    unproven.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(unproven)
}

/// Refuses definitions whose tests fail, before they read an export. Those of a release that stands were tried when it was made.
/// Enterprises and parks of a test may be on no register here, which says nothing of the definition.
pub(super) fn hold(setup: &Setup, store: &Store) -> Result<(), Failure> {
    if were_tried(setup, store)? {
        return Ok(());
    }
    let failed: Vec<Unproven> = failed(setup)?.into_iter().filter(|failed| !failed.is_of_registers).collect();
    if failed.is_empty() { Ok(()) } else { Err(Failure::Unproven(failed)) }
}

/// Whether the release that stands was made with this program, these definitions and these registers.
fn were_tried(setup: &Setup, store: &Store) -> Result<bool, Failure> {
    let Some(current) = store.pointed(standing::pointer(setup))? else { return Ok(false) };
    // A damaged release is told elsewhere.
    let Ok(manifest) = store.manifest(&current) else { return Ok(false) };
    let decisive = ["program", "configuration", "registers"];
    let mut made_with = setup.made_with().into_iter().filter(|(_, key, _)| decisive.contains(key));
    Ok(made_with.all(|(_, key, now)| manifest.about.get(key).is_some_and(|then| *then == now)))
}

fn failed(setup: &Setup) -> Result<Vec<Unproven>, Failure> {
    let sources = &setup.config.sources;
    let tests: Vec<(&Source, &SourceTest)> =
        sources.iter().flat_map(|source| source.tests.iter().map(move |test| (source, test))).collect();
    if tests.is_empty() {
        return Ok(Vec::new());
    }
    setup.trial_registers()?;
    let tried: Result<Vec<Option<Unproven>>, Failure> =
        setup.working.install(|| tests.into_par_iter().map(|(source, test)| try_out(setup, source, test)).collect());
    Ok(tried?.into_iter().flatten().collect())
}

/// One test; none if it comes out as written.
fn try_out(setup: &Setup, source: &Source, test: &SourceTest) -> Result<Option<Unproven>, Failure> {
    let mut findings = Findings::new(usize::MAX);
    let source = if test.is_whole { Cow::Borrowed(source) } else { Cow::Owned(source.of_a_piece()) };
    let source = source.as_ref();
    // Corrections are for exports of the bureaus, whatever name a test has.
    let input = Input { name: &test.file, bytes: &[], corrections: &[], received: Some(Date::ZERO) };
    let cleaned = match book(source, test, &mut findings) {
        Some(book) => clean_with(&|| setup.trial_registers(), source, input, book, &mut findings)?,
        None => Cleaned::default(),
    };
    let mut got: Vec<String> = findings.kept().iter().map(|problem| problem.rule.code.to_owned()).collect();
    got.sort_unstable();
    let mut differences = differences(&cleaned.facts, &test.facts);
    let is_of_registers = !setup.has_trial_registers() && told_by_registers(&got) != told_by_registers(&test.problems);
    if got != test.problems {
        differences.push(Difference::Problems { expected: test.problems.clone(), got });
    }
    let failed = Some((test.name.clone(), differences)).filter(|(_, differences)| !differences.is_empty());
    Ok(failed.map(|failed| Unproven { file: file_of(source), failed: Some(failed), is_of_registers }))
}

/// The grid of a test. What is written stands for a text file in the encoding that is declared; a workbook is no text, and its
/// cells are written as CSV.
pub(super) fn book(source: &Source, test: &SourceTest, findings: &mut Findings) -> Option<Book> {
    let format = source.format.as_deref().and_then(|format| Format::from_str(format).ok());
    let encoding = source.encoding.as_deref().and_then(|encoding| Encoding::from_str(encoding).ok());
    let workbook = format.or_else(|| Format::of_name(&test.file)).filter(|format| !format.is_text());
    let (name, expect) = match workbook {
        Some(_) => ("test.csv", Expect { format: Some(Format::Csv), ..Expect::default() }),
        None => (test.file.as_str(), Expect { format, encoding, sheet: source.sheet.as_deref() }),
    };
    let bytes = read::encode(&test.input, encoding.filter(|_| workbook.is_none()).unwrap_or(Encoding::Utf8));
    let (book, problems) = read::read(name, &bytes, &expect, &Limits::default());
    findings.extend(problems);
    let mut book = book?;
    if let Some(format) = workbook {
        book.format = format;
        let sheet = source.sheet.as_deref().unwrap_or("Sheet1");
        book.sheets.iter_mut().for_each(|grid| sheet.clone_into(&mut grid.sheet));
    }
    Some(book)
}

/// Codes of rows that only the registers set aside.
pub(super) fn told_by_registers(codes: &[String]) -> Vec<&str> {
    let rules = [&rules::UNKNOWN_UNIT, &rules::UNKNOWN_PARK, &rules::UNKNOWN_REGION, &rules::UNKNOWN_INDUSTRY];
    codes.iter().map(String::as_str).filter(|code| rules.iter().any(|rule| rule.code == *code)).collect()
}

/// Where facts are not as expected: every expected pair stands in its row; a row may hold more.
fn differences(facts: &Frame, expected: &[String]) -> Vec<Difference> {
    if facts.rows() != expected.len() {
        let got = (0..facts.rows()).map(|row| pairs(facts, row).join(" ")).collect();
        return vec![Difference::Rows { expected: expected.len(), got }];
    }
    let differ = |(row, expected): (usize, &String)| {
        let pairs = pairs(facts, row);
        let missing = expected.split_whitespace().filter(|pair| !pairs.iter().any(|held| held == pair));
        let missing: Vec<String> = missing.map(str::to_owned).collect();
        let names: Vec<&str> = missing.iter().map(|pair| pair.split('=').next().unwrap_or_default()).collect();
        let is_named =
            |pair: &String| names.iter().any(|name| pair.strip_prefix(name).is_some_and(|v| v.starts_with('=')));
        let got = pairs.iter().filter(|pair| is_named(pair)).cloned().collect();
        (!missing.is_empty()).then_some(Difference::Values { row: row + 1, expected: missing, got })
    };
    expected.iter().enumerate().filter_map(differ).collect()
}

/// A row of facts as `name=value` pairs.
pub(super) fn pairs(facts: &Frame, row: usize) -> Vec<String> {
    let text = |(name, values): &(String, Values)| format!("{name}={}", values.text(row).unwrap_or_default());
    facts.columns().iter().map(text).collect()
}

fn file_of(source: &Source) -> String {
    format!("sources/{}.toml", source.id)
}
