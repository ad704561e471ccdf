//! Web archives (MHT): a page, or a workbook of pages, in a message of several parts.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use memchr::memmem;
use quoted_printable::{ParseMode, decode as decode_quoted};

use super::book::{Book, Expect, check_encoding};
use super::context::{Context, Outcome};
use super::decode::{self, Decoded};
use super::format::{Encoding, Format};
use super::html;
use super::limits::Counted;
use vocab::rules::NOT_DATA;
use vocab::{Problem, said};

/// Parts within parts that are looked into.
const DEPTH: usize = 4;

/// Whether the bytes begin with the headers of such a message.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    let head = Part::of(bytes.get(..bytes.len().min(8 << 10)).unwrap_or_default());
    let kind = head.header("content-type").unwrap_or_default().to_ascii_lowercase();
    head.header("mime-version").is_some() && (kind.starts_with("multipart/") || kind.starts_with("text/html"))
}

/// Reads the tables of every page in the archive. The page of a worksheet has the worksheet's name; other tables are named
/// `table 1`, `table 2` … through all pages.
pub(super) fn read(
    context: &Context<'_>,
    bytes: &[u8],
    expect: &Expect<'_>,
    problems: &mut Vec<Problem>,
) -> Outcome<Book> {
    let mut pages = Vec::new();
    collect(context, bytes, 0, &mut pages)?;
    let mut book = Book {
        format: Format::Mht,
        encoding: Encoding::Utf8,
        encoding_reason: said!("各部分均为 ASCII", "all parts are ASCII"),
        sheets: Vec::new(),
    };
    let mut worksheets = Vec::new();
    let mut tables = 1;
    for page in &pages {
        let content = page.content(context)?;
        let decoded = decode::decode(context, &content)?;
        check_charset(context, page, &decoded)?;
        check_encoding(context, expect, &decoded)?;
        problems.extend(decode::damage(context, &decoded.text));
        if !decoded.text.is_ascii() {
            (book.encoding, book.encoding_reason) = (decoded.encoding, decoded.reason);
        }
        worksheets.extend(worksheets_of(&decoded.text));
        let mut grids = match html::read(context, &decoded.text, tables) {
            Ok(grids) => grids,
            Err(problem) if problem.rule == &NOT_DATA => continue,
            Err(problem) => return Err(problem),
        };
        tables += grids.len();
        let name = worksheets.iter().find(|(_, file)| *file == page.file()).map(|(name, _)| name);
        if let (Some(name), [grid]) = (name, grids.as_mut_slice()) {
            grid.sheet.clone_from(name);
        }
        book.sheets.append(&mut grids);
    }
    if book.sheets.is_empty() {
        let what = said!("各页均不含表格的网页归档", "a web archive whose pages hold no table");
        return Err(context.problem(&NOT_DATA).said(what));
    }
    Ok(book)
}

/// Holds the charset of a part's header, or else of the page itself, against the encoding of its bytes.
fn check_charset(context: &Context<'_>, page: &Part<'_>, decoded: &Decoded<'_>) -> Outcome<()> {
    let Some(label) = page.parameter("content-type", "charset") else { return html::check_charset(context, decoded) };
    let is_same = label.parse::<Encoding>().is_ok_and(|encoding| encoding == decoded.encoding);
    if is_same || decoded.text.is_ascii() || decoded.encoding == Encoding::Utf8Bom {
        return Ok(());
    }
    Err(html::declares(context, &label, decoded.encoding))
}

/// The names of worksheets with the files their pages are in, as the page of the workbook lists them.
fn worksheets_of(text: &str) -> Vec<(String, String)> {
    let sheets = text.split("<x:ExcelWorksheet>").skip(1);
    let sheet = |sheet: &str| {
        let name = sheet.split_once("<x:Name>")?.1.split_once("</x:Name>")?.0;
        let source = sheet.split_once("<x:WorksheetSource")?.1.split_once("HRef=\"")?.1.split_once('"')?.0;
        let name = quick_xml::escape::unescape(name).unwrap_or(Cow::Borrowed(name)).into_owned();
        Some((name, file_of(source)))
    };
    sheets.filter_map(sheet).collect()
}

/// The last step of an address.
fn file_of(address: &str) -> String {
    address.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase()
}

/// Collects the pages among the parts of a message.
fn collect<'a>(context: &Context<'_>, bytes: &'a [u8], depth: usize, pages: &mut Vec<Part<'a>>) -> Outcome<()> {
    let part = Part::of(bytes);
    let kind = part.header("content-type").unwrap_or_default().to_ascii_lowercase();
    if kind.starts_with("text/html") {
        context.within(Counted::Sheets, pages.len() + 1, context.limits.sheets)?;
        pages.push(part);
    } else if kind.starts_with("multipart/") {
        context.within(Counted::PartsWithinParts, depth + 1, DEPTH)?;
        let boundary = part.parameter("content-type", "boundary");
        let Some(boundary) = boundary else {
            return Err(context.damaged(said!("多部分消息没有分界标记", "a message of parts without a boundary")));
        };
        let (parts, is_whole) = part.parts(&boundary);
        for part in parts {
            collect(context, part, depth + 1, pages)?;
        }
        if !is_whole {
            let what = said!("网页归档缺少末尾的分界标记", "the last boundary of the web archive is missing");
            return Err(context.cut_off(what));
        }
    }
    Ok(())
}

/// A message, or a part of one: headers and what stands behind them.
struct Part<'a> {
    /// Names in lower case, with their values on one line.
    headers: Vec<(String, String)>,
    body: &'a [u8],
}

impl<'a> Part<'a> {
    /// Headers that are looked at; no export has as many.
    const MOST_HEADERS: usize = 100;

    fn of(bytes: &'a [u8]) -> Self {
        let mut headers: Vec<(String, String)> = Vec::new();
        let mut rest = bytes;
        while headers.len() < Part::MOST_HEADERS {
            let (line, behind) = split_line(rest);
            let text = String::from_utf8_lossy(line);
            if let (true, Some((_, value))) = (text.starts_with([' ', '\t']), headers.last_mut()) {
                value.push_str(&text);
            } else if let Some((name, value)) = text.split_once(':').filter(|(name, _)| !name.contains([' ', '<'])) {
                headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
            } else {
                // A blank line; whatever else stands there belongs to the body.
                rest = if line.is_empty() { behind } else { rest };
                break;
            }
            rest = behind;
        }
        Part { headers, body: rest }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A parameter of a header, such as the charset of a content type.
    fn parameter(&self, header: &str, name: &str) -> Option<String> {
        self.header(header)?.split(';').skip(1).find_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            let value = value.trim().trim_matches('"');
            (key.trim().eq_ignore_ascii_case(name) && !value.is_empty()).then(|| value.to_owned())
        })
    }

    /// The file that the part was, in lower case.
    fn file(&self) -> String {
        file_of(self.header("content-location").unwrap_or_default())
    }

    /// The parts between the boundaries, and whether the last boundary is there.
    fn parts(&self, boundary: &str) -> (Vec<&'a [u8]>, bool) {
        let mark = format!("--{boundary}");
        let mut parts = Vec::new();
        let mut start = None;
        for at in memmem::find_iter(self.body, mark.as_bytes()) {
            // At the beginning of a line only.
            if at > 0 && self.body.get(at - 1) != Some(&b'\n') {
                continue;
            }
            parts.extend(start.and_then(|start| self.body.get(start..at)));
            let behind = at + mark.len();
            if self.body.get(behind..behind + 2) == Some(b"--") {
                return (parts, true);
            }
            let line = self.body.get(behind..).and_then(|rest| memchr::memchr(b'\n', rest));
            start = Some(line.map_or(self.body.len(), |line| behind + line + 1));
        }
        parts.extend(start.and_then(|start| self.body.get(start..)));
        (parts, false)
    }

    /// The bytes that the part stands for.
    fn content(&self, context: &Context<'_>) -> Outcome<Cow<'a, [u8]>> {
        let encoding = self.header("content-transfer-encoding").unwrap_or("binary").to_ascii_lowercase();
        match encoding.as_str() {
            "quoted-printable" => decode_quoted(self.body, ParseMode::Robust).map(Cow::Owned).map_err(|error| {
                context.damaged(said!("quoted-printable 编码有误（{error}）", "quoted-printable: {error}"))
            }),
            "base64" => {
                let digits: Vec<u8> = self.body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
                let decoded = BASE64.decode(digits).map(Cow::Owned);
                decoded.map_err(|error| context.damaged(said!("base64 编码有误（{error}）", "base64: {error}")))
            }
            "7bit" | "8bit" | "binary" => Ok(Cow::Borrowed(self.body)),
            other => Err(context.damaged(said!("未知的传输编码 {other}", "unknown transfer encoding {other}"))),
        }
    }
}

/// The next line without its end, and what follows.
fn split_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let len = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len());
    let line = bytes.get(..len).unwrap_or_default();
    (line.strip_suffix(b"\r").unwrap_or(line), bytes.get(len + 1..).unwrap_or_default())
}
