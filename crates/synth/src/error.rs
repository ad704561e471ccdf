//! Why a sample could not be made.

use std::io;

use super::quarter::Quarter;

/// Why a sample could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The number of parks is out of range.
    #[error("parks: {given} is not within {min}..={max}, the parks that are known by name")]
    Parks {
        /// What was asked for.
        given: usize,
        /// At least.
        min: usize,
        /// At most.
        max: usize,
    },
    /// The number of enterprises is out of range.
    #[error("enterprises: {given} is not within {min}..={max} (every park has at least one)")]
    Enterprises {
        /// What was asked for.
        given: usize,
        /// At least: the number of parks.
        min: usize,
        /// At most.
        max: usize,
    },
    /// The number of quarters is out of range.
    #[error("quarters: {given} is not within {min}..={max}")]
    Quarters {
        /// What was asked for.
        given: usize,
        /// At least.
        min: usize,
        /// At most.
        max: usize,
    },
    /// The first quarter is out of range.
    #[error("from: {given} is not within {min}Q1..={max}Q4")]
    From {
        /// What was asked for.
        given: Quarter,
        /// First year allowed.
        min: i32,
        /// Last year allowed.
        max: i32,
    },
    /// Nothing is published for that year, or the quarters asked for do not hold its last one.
    #[error("anchors: {given} cannot be: figures are known for {known}, and the quarters must hold {known}Q4")]
    Anchors {
        /// What was asked for.
        given: i32,
        /// The year there is.
        known: i32,
    },
    /// The sample is too small for something to be planted.
    #[error(
        "doubt: there is no place for {kind} in so small a sample; ask for more parks, enterprises or quarters, or leave it out"
    )]
    Doubt {
        /// Name of the kind.
        kind: &'static str,
    },
    /// The output did not take a file.
    #[error("cannot write {file}")]
    Write {
        /// Name of the file.
        file: String,
        /// What went wrong.
        source: io::Error,
    },
    /// A workbook could not be built.
    #[error("cannot build a workbook")]
    Workbook(#[source] rust_xlsxwriter::XlsxError),
}
