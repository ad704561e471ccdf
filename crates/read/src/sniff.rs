//! What a file is, by its content.

use memchr::memmem;

use super::{dbf, decode, foreign, mime, parquet};
use vocab::rules::{NOT_DATA, Rule, UNKNOWN_FORMAT};
use vocab::{Said, said};

/// What the first bytes say.
pub(super) enum Content {
    /// An OLE2 compound file: Excel 97, or an encrypted workbook.
    Compound,
    /// The records of an Excel 5 to 2003 workbook by themselves.
    Records,
    /// A zip archive: Office Open XML, OpenDocument, or just files.
    Zip,
    /// Nothing binary that is known: text, to be decoded.
    Text,
    /// UTF-16 in this byte order, without a byte order mark.
    UnmarkedUtf16(&'static encoding_rs::Encoding),
    /// A web archive: parts of text, each in an encoding of its own.
    Mime,
    /// A table of dBASE or FoxPro.
    Table,
    /// A table of a data team.
    Parquet,
    /// Not read. The rule says the way out, and the words what it is.
    Refused(&'static Rule, Said),
}

/// What decoded text is.
pub(super) enum TextKind {
    /// A web page, or a fragment of one, with a table.
    Html,
    /// SpreadsheetML 2003.
    SpreadsheetMl,
    /// JSON; what of, is for its reader to say.
    Json,
    /// Cells separated by this byte.
    Delimited(u8),
    /// Anything else, and the rule that says so.
    Refused { rule: &'static Rule, what: Said },
}

/// How much of a text is looked at for the markers of its kind, which stand at its head.
const HEAD: usize = 16 << 10;
/// How much of a text is looked at for its delimiter: some hundred rows.
pub(super) const SAMPLE: usize = 64 << 10;

/// Whether there is nothing but blanks, a byte order mark aside.
pub(super) fn is_blank(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    bytes.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0x0B)
}

/// Tells a binary container by its magic number.
pub(super) fn content(bytes: &[u8]) -> Content {
    const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
    if bytes.starts_with(COMPOUND) {
        return Content::Compound;
    }
    if let [0x09, 0x08, 0x06 | 0x08 | 0x10, 0, 0, 0x05 | 0x06, ..] = bytes {
        return Content::Records;
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Content::Zip;
    }
    if let Some((rule, what)) = foreign::named(bytes) {
        return Content::Refused(rule, what);
    }
    if dbf::is_table(bytes) {
        return Content::Table;
    }
    if parquet::is_table(bytes) {
        return Content::Parquet;
    }
    if let Some(order) = decode::unmarked_utf16(bytes) {
        return Content::UnmarkedUtf16(order);
    }
    if mime::is_archive(bytes) {
        return Content::Mime;
    }
    let marked_utf16 = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let nuls = memchr::memchr_iter(0, head).count();
    // Text has no NUL. A few are damage, and reported as that; many are binary data.
    if !marked_utf16 && nuls * 100 > head.len() {
        return Content::Refused(&UNKNOWN_FORMAT, said!("二进制数据", "binary data"));
    }
    Content::Text
}

/// Tells what decoded text is.
pub(super) fn text(text: &str) -> TextKind {
    let head = prefix(text, HEAD).trim_start();
    if head.is_empty() && text.trim_start().is_empty() {
        return not_data(said!("只有空白", "blanks only"));
    }
    if is_status_line(text) {
        return not_data(said!("HTTP 错误应答", "an HTTP error reply"));
    }
    // `<20人` is no tag.
    if head
        .strip_prefix('<')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || "!?/".contains(c)))
    {
        return markup(head, text);
    }
    if is_json(head) {
        return TextKind::Json;
    }
    if let Some(what) = refused_text(head) {
        return unknown(what);
    }
    delimiter(prefix(text, SAMPLE))
}

/// Text that begins with `<`: a page with tables, a page without, or XML.
fn markup(head: &str, text: &str) -> TextKind {
    let root = root_element(head);
    if root.is_some_and(|root| root.eq_ignore_ascii_case("workbook"))
        && has(head, "urn:schemas-microsoft-com:office:spreadsheet")
    {
        return TextKind::SpreadsheetMl;
    }
    let page =
        ["<html", "<!doctype html", "<head", "<body", "<meta", "<table", "<div"].iter().any(|tag| has(head, tag));
    if has(text, "<table") && !is_login(text) {
        if page || !has(head, "<?xml") { TextKind::Html } else { other_xml(root) }
    } else if page && is_login(text) {
        not_data(said!("登录页面", "a login page"))
    } else if page {
        not_data(said!("不含表格的网页", "a web page without a table"))
    } else {
        other_xml(root)
    }
}

/// Whether a page asks for a password: it stands where an export should.
fn is_login(text: &str) -> bool {
    ["type=\"password\"", "type='password'", "type=password"].iter().any(|field| has(text, field))
}

/// The name of the first element, without its prefix: behind the declaration, comments and processing instructions.
fn root_element(head: &str) -> Option<&str> {
    let mut rest = head;
    loop {
        rest = rest.get(rest.find('<')? + 1..)?;
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.get(comment.find("-->")?..)?;
        } else if !rest.starts_with(['?', '!']) {
            let name = rest.split(|c: char| c.is_whitespace() || "/>".contains(c)).next()?;
            return Some(name.rsplit(':').next().unwrap_or(name));
        }
    }
}

fn other_xml(root: Option<&str>) -> TextKind {
    match root {
        Some(root) => {
            let root = prefix(root, 60);
            unknown(said!("根元素为 {root} 的 XML", "XML with the root element {root}"))
        }
        None => unknown(said!("XML 文件", "XML")),
    }
}

/// Whether text begins like an object or a list of JSON.
fn is_json(head: &str) -> bool {
    let mut after = head.chars().skip(1).filter(|c| !c.is_whitespace());
    let next = after.next();
    match head.chars().next() {
        Some('{') => matches!(next, Some('"' | '}')),
        Some('[') => matches!(next, Some('{' | '[' | ']')),
        _ => false,
    }
}

/// Text formats that are known by their first words, and not read.
fn refused_text(head: &str) -> Option<Said> {
    let first_line = head.lines().next().unwrap_or_default();
    if head.starts_with("ID;P") {
        return Some(said!("SYLK 文件", "SYLK"));
    }
    if first_line.trim() == "TABLE" && head.lines().nth(1).is_some_and(|line| line.trim() == "0,1") {
        return Some(said!("DIF 文件", "DIF"));
    }
    let sql = ["insert into ", "create table ", "drop table ", "-- mysql dump", "set names "];
    sql.iter().any(|start| has(prefix(first_line, start.len()), start)).then(|| said!("SQL 脚本", "an SQL script"))
}

/// A short text that begins with the status of a failed request, such as `404 Not Found`.
fn is_status_line(text: &str) -> bool {
    let line = text.trim_start().lines().next().unwrap_or_default().trim();
    let line = line.strip_prefix("HTTP/").and_then(|rest| rest.split_once(' ')).map_or(line, |(_, rest)| rest);
    let mut words = line.split(' ');
    let status = words
        .next()
        .is_some_and(|w| w.len() == 3 && w.starts_with(['4', '5']) && w.bytes().all(|b| b.is_ascii_digit()));
    let mut reason = words.peekable();
    let worded = reason.peek().is_some()
        && reason.all(|w| !w.is_empty() && w.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-'));
    text.len() < 2048 && status && worded
}

/// What may separate cells.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// The delimiter that the first line declares for Excel (`sep=;`), and the length of that line.
pub(super) fn declared_delimiter(text: &[u8]) -> Option<(u8, usize)> {
    let line = text.get(..memchr::memchr2(b'\n', b'\r', text)?)?;
    let word = line.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(line);
    match word {
        [s, e, p, b'=', delimiter] if [s, e, p].map(u8::to_ascii_lowercase) == *b"sep" => {
            DELIMITERS.contains(delimiter).then_some((*delimiter, line.len()))
        }
        _ => None,
    }
}

/// Finds the delimiter: the one of which most records hold the same number. Those inside quotes do not count, and neither
/// do tabs at the end of a cell, which some exports put there to keep Excel from reading codes as numbers.
fn delimiter(sample: &str) -> TextKind {
    if let Some((delimiter, _)) = declared_delimiter(sample.as_bytes()) {
        return TextKind::Delimited(delimiter);
    }
    let [commas, tabs, semicolons, bars] = agreement(sample.as_bytes());
    // In a tie the tabs have it: commas also stand in numbers, tabs are there for nothing else.
    let (usual, count) = if tabs >= commas { (b'\t', tabs) } else { (b',', commas) };
    let (rare, rare_count) = if bars > semicolons { (b'|', bars) } else { (b';', semicolons) };
    // Semicolons and bars also stand in prose: once is no table. Commas beside them are decimals, or stand in notes.
    if rare_count > 1 && rare_count > count {
        return TextKind::Delimited(rare);
    }
    if count == 0 {
        return not_data(said!("不含表格的文本", "text without a table"));
    }
    TextKind::Delimited(usual)
}

/// For each delimiter, the largest number of records that hold the same number of it, none aside.
fn agreement(bytes: &[u8]) -> [usize; 4] {
    let mut records: [Vec<u32>; 4] = Default::default();
    let mut counts = [0u32; 4];
    let mut end_record = |counts: &mut [u32; 4]| {
        for (records, count) in records.iter_mut().zip(counts) {
            if *count > 0 {
                records.push(std::mem::take(count));
            }
        }
    };
    let (mut quoted, mut before, mut closed_before) = (false, b'\n', false);
    for (at, byte) in bytes.iter().copied().enumerate() {
        let closed = quoted && byte == b'"';
        if quoted {
            quoted = !closed;
        } else {
            match byte {
                // A quote opens a cell at its beginning only; right behind a closing one it is a doubled quote.
                b'"' => quoted = closed_before || matches!(before, b'\n' | b'\r') || DELIMITERS.contains(&before),
                b'\n' | b'\r' => end_record(&mut counts),
                b'\t' if matches!(bytes.get(at + 1), None | Some(b',' | b'\n' | b'\r')) => {}
                byte => {
                    if let Some(index) = DELIMITERS.iter().position(|delimiter| *delimiter == byte) {
                        counts[index] += 1;
                    }
                }
            }
        }
        (before, closed_before) = (byte, closed);
    }
    end_record(&mut counts);
    records.map(|mut counts| {
        counts.sort_unstable();
        counts.chunk_by(|a, b| a == b).map(<[u32]>::len).max().unwrap_or(0)
    })
}

fn not_data(what: Said) -> TextKind {
    TextKind::Refused { rule: &NOT_DATA, what }
}

fn unknown(what: Said) -> TextKind {
    TextKind::Refused { rule: &UNKNOWN_FORMAT, what }
}

/// Whether `text` contains `word` (lower case ASCII) in any case.
fn has(text: &str, word: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(first) = word.bytes().next() else { return true };
    if memmem::find(bytes, word.as_bytes()).is_some() {
        return true;
    }
    memchr::memchr2_iter(first, first.to_ascii_uppercase(), bytes)
        .any(|at| bytes.get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word.as_bytes())))
}

/// The first `len` bytes of `text`, cut at a character.
fn prefix(text: &str, len: usize) -> &str {
    text.get(..text.floor_char_boundary(len)).unwrap_or(text)
}
