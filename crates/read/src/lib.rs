//! Reading: the bytes of one export become grids of text cells with addresses.
//!
//! The format is found in the content, never in the file's name. Text is decoded strictly and as a whole: bytes that
//! are not valid are a [`Problem`] that names the place, never a replacement character. Nothing here panics or
//! allocates without bound, whatever the bytes are; that is why the containers are walked here, part by part and under
//! [`Limits`], and not handed to a library that trusts the sizes they declare.

mod address;
pub mod archive;
mod biff;
mod book;
mod builder;
mod bytes;
mod cell;
mod compound;
mod context;
mod crypto;
mod dbf;
mod decode;
mod delimited;
mod easyquery;
mod foreign;
mod format;
mod gb18030;
pub mod grid;
mod gzip;
mod html;
mod json;
mod limits;
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
mod unreadable;
mod worksheet;
mod xlsx;
mod xlsx_strings;
mod xml;

pub use book::{Book, Expect};
use book::{check_encoding, check_format, check_sheet, has_sheets};
use context::{Context, Outcome};
pub use format::{Encoding, Format};
pub use grid::{Grid, Merge, Row};
pub use gzip::is_gzip;
use limits::Counted;
pub use limits::Limits;
use sniff::{Content, TextKind};
use vocab::rules::{ARCHIVE_TOO_DEEP, EMPTY_FILE, SUFFIX_LIES};
use vocab::{Problem, said, transfer};

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
    context.within(Counted::Bytes, bytes.len(), context.limits.bytes)?;
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
    context.within(Counted::Bytes, bytes.len(), context.limits.bytes)?;
    if sniff::is_blank(bytes) {
        return Err(context.problem(&EMPTY_FILE));
    }
    let mut book = match sniff::content(bytes) {
        Content::Refused(rule, what) => return Err(context.problem(rule).said(what)),
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
        return Err(context.problem(&EMPTY_FILE).said(said!("所有单元格均为空", "no cell holds anything")));
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
        encoding_reason: said!("工作簿自身说明文字编码", "a workbook says itself how its text is encoded"),
        sheets,
    }
}

/// Large delimited text in GB18030 in which nothing is unusual.
fn open_large(context: &Context<'_>, bytes: &[u8], expect: &Expect<'_>) -> Outcome<Option<Book>> {
    let may_be = expect.encoding.is_none_or(|wanted| wanted == Encoding::Gb18030);
    let Some((format, grid)) = may_be.then(|| gb18030::read(context, bytes)).flatten() else { return Ok(None) };
    check_format(context, expect, format)?;
    Ok(Some(Book { format, encoding: Encoding::Gb18030, encoding_reason: decode::gb18030_alone(), sheets: vec![grid] }))
}

/// The text formats: decoded as a whole first, since the format is told by characters.
fn open_text(
    context: &Context<'_>,
    decoded: decode::Decoded<'_>,
    expect: &Expect<'_>,
    problems: &mut Vec<Problem>,
) -> Outcome<Book> {
    // A grid addresses its text with 32 bits, whatever the configured limits are.
    context.within(Counted::TextBytes, decoded.text.len(), u32::MAX as usize)?;
    let kind = sniff::text(&decoded.text);
    let format = match &kind {
        TextKind::Refused { rule, what } => return Err(context.problem(rule).said(what.clone())),
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

/// Refuses a workbook in which a name may mean either of two sheets.
fn check_names(context: &Context<'_>, sheets: &[Grid]) -> Outcome<()> {
    let mut names = std::collections::HashSet::new();
    match sheets.iter().find(|grid| !names.insert(grid.sheet.as_str())) {
        Some(Grid { sheet, .. }) => {
            Err(context.damaged(said!("有两个工作表都叫 {sheet}", "two sheets are called {sheet}")))
        }
        None => Ok(()),
    }
}

/// A note when the file's name promises another format than its content has.
fn check_suffix(context: &Context<'_>, name: &str, found: Format) -> Option<Problem> {
    let (_, suffix) = name.rsplit_once('.')?;
    if !Format::suffix_is_meant(suffix) || found.has_suffix(suffix) {
        return None;
    }
    Some(context.problem(&SUFFIX_LIES).value(format!(".{suffix}")).expected([found.as_str()]))
}
