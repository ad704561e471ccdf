//! `check`: configuration, registers, models, and the tests written in the definitions.

use std::str::FromStr as _;

use super::ingest::{Input, transform};
use super::setup::{Failure, Setup};
use super::{fetching, schema};
use crate::clean::Findings;
use crate::model::{assessment, classification, indicators};
use crate::read::{self, Encoding};
use crate::vocab::frame::Frame;

/// What `check` found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CheckReport {
    /// Source definitions.
    pub sources: usize,
    /// Indicators.
    pub indicators: usize,
    /// Models.
    pub models: usize,
    /// Tests that were run.
    pub tests: usize,
    /// What failed, one sentence each.
    pub failures: Vec<String>,
}

/// Holds the indicators against the columns that the models give, and runs every test written in the definitions.
///
/// # Errors
/// When registers, models or indicators have mistakes; all those of one kind.
pub fn check(setup: &Setup) -> Result<CheckReport, Failure> {
    let registers = setup.registers()?;
    let columns = schema::area_columns(&setup.models, &setup.config.sources, registers)?;
    let mistakes = schema::mistakes(&setup.config, &columns, &setup.dictionary);
    if !mistakes.is_empty() {
        return Err(Failure::Configuration(mistakes));
    }
    fetching::authorities(setup)?;
    let mut failures = indicators::check(&setup.config.indicators, &columns);
    let mut tests: usize = setup.config.indicators.iter().map(|indicator| indicator.tests.len()).sum();
    for method in &setup.config.methods {
        tests += method.tests.len();
        failures.extend(classification::check(method)?);
    }
    for method in &setup.config.assessments {
        tests += method.tests.len();
        failures.extend(assessment::check(method));
    }
    for source in &setup.config.sources {
        failures.extend(source.unfinished.iter().cloned());
        for test in &source.tests {
            tests += 1;
            // The input is written as UTF-8; the file it stands for is in the encoding that is declared.
            let encoding = source.encoding.as_deref().and_then(|encoding| Encoding::from_str(encoding).ok());
            let bytes = read::encode(&test.input, encoding.unwrap_or(Encoding::Utf8));
            let mut findings = Findings::new(usize::MAX);
            // Corrections are for exports of the bureaus, whatever name a test has.
            let input = Input { name: &test.file, bytes: &bytes, corrections: &[], received: Some(0) };
            let cleaned = transform(setup, source, input, &mut findings)?;
            let facts: Vec<String> = (0..cleaned.facts.rows()).map(|row| line(&cleaned.facts, row)).collect();
            if !agree(&facts, &test.facts) {
                failures.push(format!("{}: {}: expected facts {:?}, got {facts:?}", source.id, test.name, test.facts));
            }
            let mut codes: Vec<&str> = findings.kept().iter().map(|problem| problem.rule.code).collect();
            codes.sort_unstable();
            if codes != test.problems {
                failures.push(format!(
                    "{}: {}: expected problems {:?}, got {codes:?}",
                    source.id, test.name, test.problems
                ));
            }
        }
    }
    Ok(CheckReport {
        sources: setup.config.sources.len(),
        indicators: setup.config.indicators.len(),
        models: setup.models.ordered().len(),
        tests,
        failures,
    })
}

/// Every expected pair stands in its row; a row may hold more.
fn agree(facts: &[String], expected: &[String]) -> bool {
    facts.len() == expected.len()
        && facts.iter().zip(expected).all(|(row, pairs)| {
            let row: Vec<&str> = row.split(' ').collect();
            pairs.split_whitespace().all(|pair| row.contains(&pair))
        })
}

fn line(facts: &Frame, row: usize) -> String {
    let pairs = facts.columns().iter().map(|(name, values)| format!("{name}={}", values.text(row).unwrap_or_default()));
    pairs.collect::<Vec<_>>().join(" ")
}
