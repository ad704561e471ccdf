//! Bytes to facts: the part of a run that touches nothing outside.

use std::str::FromStr as _;

use super::failure::Failure;
use super::setup::Setup;
use clean::{Cleaned, Findings, Registers, clean};
use config::correction::Correction;
use config::source::Source;
use layout::LaidOut;
use read::{Book, Encoding, Expect, Format};
use vocab::period::Date;

/// An export on its way to facts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Input<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Its content.
    pub(super) bytes: &'a [u8],
    /// Known errors.
    pub(super) corrections: &'a [Correction],
    /// The day it was first received, where that counts.
    pub(super) received: Option<Date>,
}

/// Bytes to facts: the part of a run that touches nothing outside.
pub(super) fn transform(
    setup: &Setup,
    source: &Source,
    input: Input<'_>,
    findings: &mut Findings,
) -> Result<Cleaned, Failure> {
    match read_export(setup, source, input, findings) {
        Some(book) => clean_book(setup, source, input, book, findings),
        None => Ok(Cleaned::default()),
    }
}

/// Bytes to grids, as the definition has them.
pub(super) fn read_export(setup: &Setup, source: &Source, input: Input<'_>, findings: &mut Findings) -> Option<Book> {
    let expect = Expect {
        format: source.format.as_deref().and_then(|format| Format::from_str(format).ok()),
        encoding: source.encoding.as_deref().and_then(|encoding| Encoding::from_str(encoding).ok()),
        sheet: source.sheet.as_deref(),
    };
    let (book, problems) = read::read(input.name, input.bytes, &expect, &setup.limits());
    findings.extend(problems);
    book
}

/// Grids to facts.
pub(super) fn clean_book(
    setup: &Setup,
    source: &Source,
    input: Input<'_>,
    book: Book,
    findings: &mut Findings,
) -> Result<Cleaned, Failure> {
    clean_with(&|| setup.registers(), source, input, book, findings)
}

/// Grids to facts, with registers that are read when a table needs them.
pub(super) fn clean_with<'r>(
    registers: &dyn Fn() -> Result<&'r Registers, Failure>,
    source: &Source,
    input: Input<'_>,
    mut book: Book,
    findings: &mut Findings,
) -> Result<Cleaned, Failure> {
    let Input { name, corrections, received, .. } = input;
    let corrected = clean::correct(corrections, name, &mut book.sheets, findings);
    let delimited = matches!(book.format, Format::Csv | Format::Tsv);
    let mut whole = Cleaned::default();
    let export = clean::Export { name, delimited, received };
    for part in layout::lay_out(&book.sheets, source, name) {
        whole.plus(clean_part(registers, source, export, part, findings)?);
    }
    if let Some(corrected) = corrected {
        corrected.tell(name, &mut whole);
    }
    Ok(whole)
}

fn clean_part<'r>(
    registers: &dyn Fn() -> Result<&'r Registers, Failure>,
    source: &Source,
    export: clean::Export<'_>,
    part: LaidOut<'_>,
    findings: &mut Findings,
) -> Result<Cleaned, Failure> {
    if part.other {
        findings.extend(part.problems);
        return Ok(clean::leave_out(&part.grid));
    }
    // A form of a month that is not used need not have the columns of a quarter.
    let month = if part.table.is_none() { clean::between_quarters(source, None, export.name) } else { None };
    if let Some(month) = month {
        return Ok(clean::pass_over(&part.grid, &part.place, month, findings));
    }
    let codes = clean::codes_of(&part.problems);
    findings.extend(part.problems);
    let Some(table) = part.table else { return Ok(clean::refuse(&part.grid, &part.place, &codes)) };
    Ok(clean(&part.grid, &table, source, registers()?, export, findings))
}
