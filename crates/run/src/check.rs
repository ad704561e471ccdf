//! `check`: configuration, registers, models, and the tests written in the definitions.

use super::failure::Failure;
use super::setup::Setup;
use super::unproven::Unproven;
use super::{fetching, schema, trials};
use model::{assessment, classification, indicators};
use vocab::Said;

/// What `check` found.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    pub failures: Vec<Said>,
    /// Source definitions whose tests fail, or that have none.
    pub unproven: Vec<Unproven>,
}

impl CheckReport {
    /// Whether nothing failed.
    pub fn is_passed(&self) -> bool {
        self.failures.is_empty() && self.unproven.is_empty()
    }
}

/// Holds the indicators against the columns that the models give, and runs every test written in the definitions.
///
/// # Errors
/// When registers, models or indicators have mistakes; all those of one kind.
pub fn check(setup: &Setup) -> Result<CheckReport, Failure> {
    let registers = setup.registers()?;
    let columns = schema::area_columns(&setup.models, &setup.config.sources, registers)?;
    let mistakes = schema::mistakes(&setup.config, &columns);
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
    failures.extend(setup.config.sources.iter().flat_map(|source| source.unfinished.iter().cloned()));
    tests += setup.config.sources.iter().map(|source| source.tests.len()).sum::<usize>();
    Ok(CheckReport {
        sources: setup.config.sources.len(),
        indicators: setup.config.indicators.len(),
        models: setup.models.ordered().len(),
        tests,
        failures,
        unproven: trials::unproven(setup)?,
    })
}
