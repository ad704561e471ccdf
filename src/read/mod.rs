//! Reading: the bytes of one export become grids of text cells with addresses.
//!
//! The format is found in the content, never in the file's name. Text is decoded strictly and as a whole: bytes that
//! are not valid are a [`Problem`] that names the place, never a replacement character. Nothing here panics or
//! allocates without bound, whatever the bytes are; that is why the containers are walked here, part by part and under
//! [`Limits`], and not handed to a library that trusts the sizes they declare.

mod address;
pub mod archive;
mod biff;
mod builder;
mod bytes;
mod cell;
mod compound;
mod context;
mod crypto;
mod dbf;
mod decode;
mod delimited;
mod each;
mod easyquery;
mod foreign;
mod format;
mod gb18030;
pub mod grid;
mod gzip;
mod html;
mod marked;
mod mime;
mod number_format;
mod ods;
mod ods_styles;
mod package;
mod parquet;
mod plain;
mod relations;
mod release;
mod sniff;
mod spreadsheetml;
mod tags;
mod worksheet;
mod xlsx;
mod xml;

use crate::vocab::rules::{ARCHIVE_TOO_DEEP, DECLARED_FORMAT_DIFFERS, EMPTY_FILE, NO_SUCH_SHEET, SUFFIX_LIES};
use crate::vocab::{Problem, transfer};
use context::{Context, Outcome};
pub use format::{Encoding, Format};
pub use grid::{Grid, Merge, Row};
pub use gzip::is_gzip;
use sniff::{Content, TextKind};

/// One export, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// What the content is.
    pub format: Format,
    /// How its text is encoded; [`Encoding::Binary`] for workbooks.
    pub encoding: Encoding,
    /// Why it is read in that encoding.
    pub encoding_reason: &'static str,
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

/// What a file may cost at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Bytes of all parts of a workbook, or all members of an archive, together, once inflated.
    pub inflated_bytes: usize,
    /// Sheets or tables.
    pub sheets: usize,
    /// Rows of one sheet.
    pub rows: usize,
    /// Columns of one row.
    pub columns: usize,
    /// Cells of one sheet, empty ones only where few stand between others.
    pub cells: usize,
    /// Bytes of text in one cell, as UTF-8.
    pub cell_bytes: usize,
    /// Bytes that one byte of a file may become when it is unpacked; what stays below 64 MiB is not asked.
    pub expansion: usize,
    /// Members of an archive, those of an archive in it included.
    pub members: usize,
    /// Elements of a web page.
    pub elements: usize,
    /// Elements of a web page, or of XML, that lie in one another.
    pub nesting: usize,
    /// Attributes of an element.
    pub attributes: usize,
    /// Problems kept of one kind; beyond it they are counted.
    pub problems: usize,
}

impl Default for Limits {
    /// Room for a province's largest form, many times over.
    fn default() -> Self {
        Limits {
            bytes: 256 << 20,
            inflated_bytes: 512 << 20,
            sheets: 1_000,
            rows: 4_000_000,
            columns: 16_384,
            cells: 32_000_000,
            // A cell of Excel holds 32 767 characters; three bytes each in UTF-8.
            cell_bytes: 98_304,
            // Sheets of zeros inflate a hundredfold; what is made to harm, a thousandfold.
            expansion: 200,
            members: 10_000,
            elements: 2_000_000,
            nesting: 512,
            attributes: 256,
            problems: 1_000,
        }
    }
}

/// Reads one export. There is no book when the file cannot be used; the problems then say why.
pub fn read(name: &str, bytes: &[u8], expect: &Expect<'_>, limits: &Limits) -> (Option<Book>, Vec<Problem>) {
    let context = Context { name, limits };
    let mut problems = Vec::new();
    let book = match unpacked(&context, bytes, expect, &mut problems) {
        Ok(book) => Some(book),
        Err(problem) => {
            problems.push(problem);
            None
        }
    };
    (book, problems)
}

/// Text as the bytes of a file in `encoding`: tests in source definitions are written as text.
pub fn encode(text: &str, encoding: Encoding) -> Vec<u8> {
    decode::encode(text, encoding)
}

/// Reads a file by itself or what gzip is wrapped around.
fn unpacked(context: &Context<'_>, bytes: &[u8], expect: &Expect<'_>, problems: &mut Vec<Problem>) -> Outcome<Book> {
    if !gzip::is_gzip(bytes) {
        return open(context, context.name, bytes, expect, problems);
    }
    context.within("bytes", bytes.len(), context.limits.bytes)?;
    let inner = gzip::unpack(context, bytes)?;
    if gzip::is_gzip(&inner) {
        return Err(context.problem(&ARCHIVE_TOO_DEEP));
    }
    open(context, transfer::without_gzip(context.name), &inner, expect, problems)
}

/// Finds the format, holds it against what is expected and what the file's name promises, and reads the content.
fn open(
    context: &Context<'_>,
    name: &str,
    bytes: &[u8],
    expect: &Expect<'_>,
    problems: &mut Vec<Problem>,
) -> Outcome<Book> {
    context.within("bytes", bytes.len(), context.limits.bytes)?;
    if sniff::is_blank(bytes) {
        return Err(context.problem(&EMPTY_FILE));
    }
    let mut book = match sniff::content(bytes) {
        Content::Refused(rule, what) => return Err(context.problem(rule).value(what)),
        Content::Compound => open_compound(context, bytes, expect, problems)?,
        Content::Records => {
            check_format(context, expect, Format::Xls)?;
            workbook(Format::Xls, biff::read(context, bytes.to_vec(), expect.sheet, problems)?)
        }
        Content::Zip => open_zip(context, bytes, expect, problems)?,
        Content::Text => match open_large(context, bytes, expect)? {
            Some(book) => book,
            None => open_text(context, decode::decode(context, bytes)?, expect, problems)?,
        },
        Content::UnmarkedUtf16(order) => {
            open_text(context, decode::decode_unmarked(context, bytes, order)?, expect, problems)?
        }
        Content::Table => {
            check_format(context, expect, Format::Dbf)?;
            dbf::read(context, bytes, expect, problems)?
        }
        Content::Parquet => {
            check_format(context, expect, Format::Parquet)?;
            parquet::read(context, bytes)?
        }
        Content::Mime => {
            check_format(context, expect, Format::Mht)?;
            mime::read(context, bytes, expect, problems)?
        }
    };
    check_sheet(context, expect, &book)?;
    check_names(context, &book.sheets)?;
    problems.extend(check_suffix(context, name, book.format));
    if book.encoding == Encoding::Binary {
        problems.extend(book.sheets.iter().filter_map(|grid| decode::damage_in(context, grid)));
    }
    if let Some(wanted) = expect.sheet.filter(|_| has_sheets(book.format)) {
        book.sheets.retain(|grid| grid.sheet == wanted);
    }
    if book.sheets.iter().all(|grid| grid.rows().all(|row| row.is_blank())) {
        return Err(context.problem(&EMPTY_FILE).value("no cell holds anything"));
    }
    Ok(book)
}

/// An old workbook, or an encrypted new one.
fn open_compound(
    context: &Context<'_>,
    bytes: &[u8],
    expect: &Expect<'_>,
    problems: &mut Vec<Problem>,
) -> Outcome<Book> {
    let file = compound::Compound::open(bytes).map_err(|fault| context.fault(fault))?;
    if file.has(crypto::PACKAGE) {
        let (package, scheme) = crypto::open_package(context, &file).map_err(|closed| closed.problem(context))?;
        problems.push(crypto::note(context, scheme));
        return open_zip(context, &package, expect, problems);
    }
    check_format(context, expect, Format::Xls)?;
    let stream = biff::stream(context, &file)?;
    Ok(workbook(Format::Xls, biff::read(context, stream, expect.sheet, problems)?))
}

/// A new workbook.
fn open_zip(context: &Context<'_>, bytes: &[u8], expect: &Expect<'_>, problems: &mut Vec<Problem>) -> Outcome<Book> {
    let mut package = package::Package::open(context, bytes)?;
    let format = package.format()?;
    check_format(context, expect, format)?;
    let sheets = match format {
        Format::Ods => ods::read(&mut package, expect.sheet, problems)?,
        _ => xlsx::read(&mut package, expect.sheet, problems)?,
    };
    Ok(workbook(format, sheets))
}

fn workbook(format: Format, sheets: Vec<Grid>) -> Book {
    Book {
        format,
        encoding: Encoding::Binary,
        encoding_reason: "a workbook says itself how its text is encoded",
        sheets,
    }
}

/// Large delimited text in GB18030 in which nothing is unusual.
fn open_large(context: &Context<'_>, bytes: &[u8], expect: &Expect<'_>) -> Outcome<Option<Book>> {
    let may_be = expect.encoding.is_none_or(|wanted| wanted == Encoding::Gb18030);
    let Some((format, grid)) = may_be.then(|| gb18030::read(context, bytes)).flatten() else { return Ok(None) };
    check_format(context, expect, format)?;
    Ok(Some(Book { format, encoding: Encoding::Gb18030, encoding_reason: decode::GB18030_ALONE, sheets: vec![grid] }))
}

/// The text formats: decoded as a whole first, since the format is told by characters.
fn open_text(
    context: &Context<'_>,
    decoded: decode::Decoded<'_>,
    expect: &Expect<'_>,
    problems: &mut Vec<Problem>,
) -> Outcome<Book> {
    // A grid addresses its text with 32 bits, whatever the configured limits are.
    context.within("bytes of text", decoded.text.len(), u32::MAX as usize)?;
    let kind = sniff::text(&decoded.text);
    let format = match &kind {
        TextKind::Refused { rule, what } => return Err(context.problem(rule).value(what.as_ref())),
        TextKind::Html => Format::Html,
        TextKind::SpreadsheetMl => Format::Xml,
        TextKind::Json => Format::Json,
        TextKind::Delimited(b'\t') => Format::Tsv,
        TextKind::Delimited(_) => Format::Csv,
    };
    check_format(context, expect, format)?;
    check_encoding(context, expect, &decoded)?;
    problems.extend(decode::damage(context, &decoded.text));
    // A declared encoding outranks what the text says of itself, and was held against the bytes above.
    if expect.encoding.is_none() && matches!(kind, TextKind::Html | TextKind::SpreadsheetMl) {
        html::check_charset(context, &decoded)?;
    }
    let sheets = match kind {
        TextKind::Delimited(delimiter) => vec![delimited::read_text(context, &decoded.text, delimiter)?],
        TextKind::Json => vec![easyquery::read(context, &decoded.text, problems)?],
        TextKind::SpreadsheetMl => spreadsheetml::read(context, &decoded.text, expect.sheet, problems)?,
        _ => html::read(context, &decoded.text, 1)?,
    };
    Ok(Book { format, encoding: decoded.encoding, encoding_reason: decoded.reason, sheets })
}

fn check_format(context: &Context<'_>, expect: &Expect<'_>, found: Format) -> Outcome<()> {
    match expect.format {
        Some(wanted) if wanted != found => {
            Err(context.problem(&DECLARED_FORMAT_DIFFERS).value(found.as_str()).expected([wanted.as_str()]))
        }
        _ => Ok(()),
    }
}

fn check_encoding(context: &Context<'_>, expect: &Expect<'_>, decoded: &decode::Decoded<'_>) -> Outcome<()> {
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

fn check_sheet(context: &Context<'_>, expect: &Expect<'_>, book: &Book) -> Outcome<()> {
    match expect.sheet {
        Some(wanted) if has_sheets(book.format) && !book.sheets.iter().any(|grid| grid.sheet == wanted) => {
            let names = book.sheets.iter().map(|grid| grid.sheet.as_str());
            Err(context.problem(&NO_SUCH_SHEET).value(wanted).expected(names))
        }
        _ => Ok(()),
    }
}

/// Refuses a workbook in which a name may mean either of two sheets.
fn check_names(context: &Context<'_>, sheets: &[Grid]) -> Outcome<()> {
    let mut names = std::collections::HashSet::new();
    match sheets.iter().find(|grid| !names.insert(grid.sheet.as_str())) {
        Some(grid) => Err(context.damaged(format!("two sheets are called {}", grid.sheet))),
        None => Ok(()),
    }
}

fn has_sheets(format: Format) -> bool {
    !matches!(format, Format::Csv | Format::Tsv | Format::Json | Format::Dbf | Format::Parquet)
}

/// A note when the file's name promises another format than its content has.
fn check_suffix(context: &Context<'_>, name: &str, found: Format) -> Option<Problem> {
    let (_, suffix) = name.rsplit_once('.')?;
    if !Format::suffix_is_meant(suffix) || found.has_suffix(suffix) {
        return None;
    }
    Some(context.problem(&SUFFIX_LIES).value(format!(".{suffix}")).expected([found.as_str()]))
}
