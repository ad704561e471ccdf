//! One export, read, and what a source definition says of it beforehand.

use super::context::{Context, Outcome};
use super::decode::Decoded;
use super::format::{Encoding, Format};
use super::grid::Grid;
use vocab::Said;
use vocab::rules::{DECLARED_FORMAT_DIFFERS, NO_SUCH_SHEET};

/// One export, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// What the content is.
    pub format: Format,
    /// How its text is encoded; [`Encoding::Binary`] for workbooks.
    pub encoding: Encoding,
    /// Why it is read in that encoding.
    pub encoding_reason: Said,
    /// Its sheets in order. Delimited text, JSON, dBASE and Parquet tables have one without a name; an HTML page has one per table with text in
    /// it, named `table 1`, `table 2` … by their order in the page.
    pub sheets: Vec<Grid>,
}

/// What a source definition says of the file. A difference is a problem.
#[derive(Debug, Clone, Copy, Default)]
pub struct Expect<'a> {
    /// The format it must have.
    pub format: Option<Format>,
    /// The encoding its text must have. Text in ASCII alone satisfies every encoding; a byte order mark is no difference.
    pub encoding: Option<Encoding>,
    /// The only sheet wanted. Without meaning for delimited text.
    pub sheet: Option<&'a str>,
}

/// Refuses a file of another format than is expected.
pub(super) fn check_format(context: &Context<'_>, expect: &Expect<'_>, found: Format) -> Outcome<()> {
    match expect.format {
        Some(wanted) if wanted != found => {
            Err(context.problem(&DECLARED_FORMAT_DIFFERS).value(found.as_str()).expected([wanted.as_str()]))
        }
        _ => Ok(()),
    }
}

/// Refuses text in another encoding than is expected.
pub(super) fn check_encoding(context: &Context<'_>, expect: &Expect<'_>, decoded: &Decoded<'_>) -> Outcome<()> {
    let Some(wanted) = expect.encoding else { return Ok(()) };
    let found = decoded.encoding;
    let same = wanted == found
        || (wanted.is_utf8() && found.is_utf8())
        || (wanted == Encoding::Gb18030 && found == Encoding::Utf8 && decoded.text.is_ascii());
    if same {
        return Ok(());
    }
    Err(context.problem(&DECLARED_FORMAT_DIFFERS).value(found.as_str()).expected([wanted.as_str()]))
}

/// Refuses a workbook without the sheet that is wanted.
pub(super) fn check_sheet(context: &Context<'_>, expect: &Expect<'_>, book: &Book) -> Outcome<()> {
    match expect.sheet {
        Some(wanted) if has_sheets(book.format) && !book.sheets.iter().any(|grid| grid.sheet == wanted) => {
            let names = book.sheets.iter().map(|grid| grid.sheet.as_str());
            Err(context.problem(&NO_SUCH_SHEET).value(wanted).expected(names))
        }
        _ => Ok(()),
    }
}

/// Whether files of a format have sheets with names.
pub(super) fn has_sheets(format: Format) -> bool {
    !matches!(format, Format::Csv | Format::Tsv | Format::Json | Format::Dbf | Format::Parquet)
}
