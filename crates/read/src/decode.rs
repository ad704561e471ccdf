//! Strict decoding of a whole file.
//!
//! UTF-8 is tried first: text in another encoding is practically never valid UTF-8. What is not UTF-8 is GB18030 (and
//! with it GBK and GB2312), if the whole file is valid there *and* no stretch of it is UTF-8: UTF-8 bytes often happen
//! to be valid GB18030 and would become other, wrong characters without an error.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, GB18030, UTF_16BE, UTF_16LE};
use memchr::memmem;

use super::context::{Context, Outcome};
use super::format::Encoding;
use super::grid::Grid;
use vocab::rules::{DAMAGED_TEXT, UNDECODABLE};
use vocab::{Problem, Said, said};

/// The text of a file, its byte order mark removed.
pub(super) struct Decoded<'a> {
    pub text: Cow<'a, str>,
    pub encoding: Encoding,
    /// Why it is that encoding.
    pub reason: Said,
}

/// Decodes `bytes`, or says where they cannot be decoded.
pub(super) fn decode<'a>(context: &Context<'_>, bytes: &'a [u8]) -> Outcome<Decoded<'a>> {
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return decode_utf16(context, rest, UTF_16LE, byte_order_mark());
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return decode_utf16(context, rest, UTF_16BE, byte_order_mark());
    }
    let (marked, body) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(body) => (true, body),
        None => (false, bytes),
    };
    let error = match simdutf8::compat::from_utf8(body) {
        Ok(text) => {
            let (encoding, reason) = match marked {
                true => (Encoding::Utf8Bom, byte_order_mark()),
                false if text.is_ascii() => (Encoding::Utf8, ascii()),
                false => (Encoding::Utf8, said!("全部字节均为有效的 UTF-8", "all bytes are valid UTF-8")),
            };
            return Ok(Decoded { text: Cow::Borrowed(text), encoding, reason });
        }
        Err(error) => error,
    };
    let shift = bytes.len() - body.len();
    let bad_utf8 = || undecodable(context, bytes, shift + error.valid_up_to(), Encoding::Utf8);
    if marked {
        return Err(bad_utf8());
    }
    let mixture = Mixture::of(body);
    if mixture.is_mixed() {
        return Err(mixture.problem(context, body, error.valid_up_to()).unwrap_or_else(bad_utf8));
    }
    match decode_gb18030(body) {
        Some(text) => Ok(Decoded { text: text.into(), encoding: Encoding::Gb18030, reason: gb18030_alone() }),
        None => Err(undecodable(context, bytes, first_bad_gb18030(body), Encoding::Gb18030)),
    }
}

/// UTF-16 that does not say so: the byte order in which all units are characters that a table may hold, if there is one
/// such order only. Line ends and commas tell: turned round they are no characters at all.
pub(super) fn unmarked_utf16(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    memchr::memchr(0, bytes)?;
    let fits = |order: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes.as_chunks::<2>();
        let units = || pairs.iter().map(|pair| order(*pair));
        let has_line_end = units().any(|unit| matches!(unit, 0x0A | 0x0D));
        rest.is_empty() && has_line_end && units().all(is_usual)
    };
    match (fits(u16::from_le_bytes), fits(u16::from_be_bytes)) {
        (true, false) => Some(UTF_16LE),
        (false, true) => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether a unit of UTF-16 is a character of usual Chinese or Western text.
fn is_usual(unit: u16) -> bool {
    matches!(unit, 9 | 10 | 13 | 0x20..=0x7E | 0xA0..=0xFF | 0x2010..=0x27BF | 0x3000..=0x303F | 0x3200..=0x33FF
        | 0x3400..=0x9FFF | 0xFF01..=0xFFE6)
}

/// Decodes UTF-16 that does not say so.
pub(super) fn decode_unmarked<'a>(
    context: &Context<'_>,
    bytes: &'a [u8],
    order: &'static encoding_rs::Encoding,
) -> Outcome<Decoded<'a>> {
    let reason = said!(
        "每两个字节为一个 UTF-16 字符，且只符合一种字节序",
        "every two bytes are a character of UTF-16, in one byte order only"
    );
    decode_utf16(context, bytes, order, reason)
}

fn byte_order_mark() -> Said {
    said!("有字节顺序标记", "byte order mark")
}

/// Why text is in GB18030.
pub(super) fn gb18030_alone() -> Said {
    said!("不是 UTF-8，且全部字节均为有效的 GB18030", "not UTF-8, and all bytes are valid GB18030")
}

/// Why text of ASCII alone is in the encoding that is told.
pub(super) fn ascii() -> Said {
    said!("全部为 ASCII 字节，各种编码相同", "all bytes are ASCII, which every encoding shares")
}

/// Whether [`decode`] would take `bytes` for GB18030, if they are valid there.
pub(super) fn is_gb18030(bytes: &[u8]) -> bool {
    let marks: [&[u8]; 3] = [b"\xFF\xFE", b"\xFE\xFF", b"\xEF\xBB\xBF"];
    !marks.into_iter().any(|mark| bytes.starts_with(mark))
        && simdutf8::basic::from_utf8(bytes).is_err()
        && !Mixture::of(bytes).is_mixed()
}

/// `text` as bytes in `encoding`; workbooks hold no text as a whole, and get UTF-8.
pub(super) fn encode(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Gb18030 => GB18030.encode(text).0.into_owned(),
        Encoding::Utf8Bom => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        Encoding::Utf16 => std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf8 | Encoding::Binary => text.as_bytes().to_owned(),
    }
}

fn decode_utf16<'a>(
    context: &Context<'_>,
    body: &'a [u8],
    encoding: &'static encoding_rs::Encoding,
    reason: Said,
) -> Outcome<Decoded<'a>> {
    match encoding.decode_without_bom_handling_and_without_replacement(body) {
        Some(text) => Ok(Decoded { text, encoding: Encoding::Utf16, reason }),
        None => {
            let found =
                said!("utf-16 中有不成对的代理项或半个码元", "a surrogate without its pair, or half a unit, in utf-16");
            Err(context.problem(&UNDECODABLE).said(found))
        }
    }
}

/// What stands in text that someone decoded wrongly, with replacement characters, and saved: the last is two U+FFFD in
/// UTF-8, read as GBK. And NUL, which no text holds.
const DAMAGE: [(&str, &str); 3] = [("\0", "NUL"), ("\u{FFFD}", "U+FFFD"), ("锟斤拷", "锟斤拷")];

/// A warning when the text was damaged before it was sent.
pub(super) fn damage(context: &Context<'_>, text: &str) -> Option<Problem> {
    let bytes = text.as_bytes();
    let finds = DAMAGE.map(|(piece, what)| (memmem::find(bytes, piece.as_bytes()), what));
    let (at, what) = finds.into_iter().filter_map(|(at, what)| Some((at?, what))).min()?;
    let mut problem = context.problem(&DAMAGED_TEXT).value(what);
    problem.place.row = Some(line_of(bytes, at));
    Some(problem)
}

/// The same for a sheet of a workbook.
pub(super) fn damage_in(context: &Context<'_>, grid: &Grid) -> Option<Problem> {
    let finds = DAMAGE.map(|(piece, what)| (grid.find(piece), what));
    let ((row, column), what) = finds.into_iter().filter_map(|(at, what)| Some((at?, what))).min()?;
    let mut problem = context.problem(&DAMAGED_TEXT).value(what);
    problem.place.sheet.clone_from(&grid.sheet);
    problem.place.row = grid.rows().nth(row).map(|row| row.number);
    problem.place.column = u32::try_from(column + 1).ok();
    Some(problem)
}

fn undecodable(context: &Context<'_>, bytes: &[u8], at: usize, encoding: Encoding) -> Problem {
    let shown: Vec<String> = bytes.iter().skip(at).take(2).map(|byte| format!("{byte:02X}")).collect();
    let mut problem = context.problem(&UNDECODABLE);
    problem.place.row = Some(line_of(bytes, at));
    let (place, shown, encoding) = (place_of(bytes, at), shown.join(" "), encoding.as_str());
    problem.said(said!("{place}：{shown} 不是 {encoding}", "{place}: {shown} is not {encoding}"; place))
}

fn place_of(bytes: &[u8], at: usize) -> Said {
    let line = line_of(bytes, at);
    said!("第 {at} 字节（第 {line} 行）", "byte {at}, line {line}")
}

/// The line that byte `at` is on, counted from one.
fn line_of(bytes: &[u8], at: usize) -> u32 {
    let before = bytes.get(..at).unwrap_or(bytes);
    let feeds = memchr::memchr_iter(b'\n', before).count();
    // Old Mac files end their lines with CR alone.
    let ends = if feeds == 0 { memchr::memchr_iter(b'\r', before).count() } else { feeds };
    u32::try_from(ends).unwrap_or(u32::MAX - 1) + 1
}

/// The text of bytes that are valid GB18030 throughout. Two bytes become three at most, and the library would make room for six.
fn decode_gb18030(bytes: &[u8]) -> Option<String> {
    /// Room that the decoder wants to have left before it writes a character.
    const MARGIN: usize = 16;
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len() / 2 * 3 + MARGIN);
    let mut rest = bytes;
    loop {
        let (result, read) = decoder.decode_to_string_without_replacement(rest, &mut text, true);
        rest = rest.get(read..)?;
        match result {
            DecoderResult::InputEmpty => return Some(text),
            DecoderResult::OutputFull => text.reserve(rest.len() * 2 + MARGIN),
            DecoderResult::Malformed(..) => return None,
        }
    }
}

/// The offset of the first sequence that is not valid GB18030.
fn first_bad_gb18030(bytes: &[u8]) -> usize {
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    let mut scratch = [0u8; 4096];
    let mut at = 0;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let (result, read, _) = decoder.decode_to_utf8_without_replacement(rest, &mut scratch, true);
        at += read;
        match result {
            DecoderResult::InputEmpty => return at,
            DecoderResult::OutputFull => {}
            // `taken` bytes make up the bad sequence, and `after` good ones were read behind it.
            DecoderResult::Malformed(taken, after) => {
                return at.saturating_sub(usize::from(taken) + usize::from(after));
            }
        }
    }
}

/// How much of a file that is not valid UTF-8 nevertheless is UTF-8, told by its runs of bytes above ASCII.
#[derive(Default)]
struct Mixture {
    /// Bytes in runs of at least [`Mixture::SHORT`] that are UTF-8.
    utf8: usize,
    /// Bytes in other runs as long.
    other: usize,
    /// Bytes in runs of at least [`Mixture::LONG`] that are UTF-8.
    long_utf8: usize,
    /// Bytes in runs that are UTF-8 and, read as GBK, would hold characters that hardly any text has.
    odd_utf8: usize,
    /// Where the first run that is UTF-8 starts.
    first_utf8: Option<usize>,
}

impl Mixture {
    /// Runs shorter than two characters tell nothing: one GBK character in seven looks like UTF-8.
    const SHORT: usize = 6;
    /// Four Chinese characters of UTF-8. Six characters of GBK look like that once in some hundred million.
    const LONG: usize = 12;
    /// This much in long runs is no chance, even in a province's form.
    const CERTAIN: usize = 2 * Mixture::LONG;

    /// Three characters of UTF-8 that no GB2312 text can look like.
    const ODD: usize = 9;

    fn of(bytes: &[u8]) -> Self {
        let mut mixture = Mixture::default();
        let mut at = 0;
        loop {
            // The way through ASCII, which is most of a form, is gone in strides.
            while bytes.get(at..).and_then(|rest| rest.first_chunk::<16>()).is_some_and(|stride| stride.is_ascii()) {
                at += 16;
            }
            let Some(skip) = bytes.iter().skip(at).position(|byte| !byte.is_ascii()) else { return mixture };
            let start = at + skip;
            let run = bytes.get(start..).unwrap_or_default();
            let len = run.iter().position(u8::is_ascii).unwrap_or(run.len());
            mixture.count(start, run.get(..len).unwrap_or(run));
            at = start + len;
        }
    }

    fn count(&mut self, start: usize, run: &[u8]) {
        if run.len() < Mixture::SHORT {
            return;
        }
        match std::str::from_utf8(run) {
            // Chinese takes three bytes a character. Two bytes are no evidence: 省省省 in GBK is valid UTF-8.
            Ok(text) if text.chars().any(|c| c.len_utf8() < 3) => {}
            Ok(_) => {
                self.utf8 += run.len();
                self.first_utf8.get_or_insert(start);
                if run.len() >= Mixture::LONG {
                    self.long_utf8 += run.len();
                }
                // GB2312, which holds all usual characters, has no such bytes.
                if run.iter().any(|byte| (0x80..=0xA0).contains(byte)) {
                    self.odd_utf8 += run.len();
                }
            }
            Err(_) => self.other += run.len(),
        }
    }

    /// Whether the file is UTF-8 with something else in it, or something else with UTF-8 in it.
    fn is_mixed(&self) -> bool {
        self.utf8 > self.other || self.long_utf8 >= Mixture::CERTAIN || self.odd_utf8 >= Mixture::ODD
    }

    /// The place where the second encoding begins, and what both parts would be.
    fn problem(&self, context: &Context<'_>, bytes: &[u8], valid_up_to: usize) -> Option<Problem> {
        // The run that holds the first byte that is no UTF-8: it may be too short to count.
        let before = bytes.get(..valid_up_to).unwrap_or_default();
        let other = before.iter().rposition(u8::is_ascii).map_or(0, |at| at + 1);
        let run = bytes.get(other..).unwrap_or_default();
        let len = run.iter().position(u8::is_ascii).unwrap_or(run.len());
        // UTF-8 up to its second half is UTF-8, cut off or damaged.
        let utf8 = self.first_utf8.filter(|_| (valid_up_to - other) * 2 < len)?;
        let (from_utf8, from_other) = (place_of(bytes, utf8), place_of(bytes, other));
        let mut problem = context.problem(&UNDECODABLE);
        problem.place.row = Some(line_of(bytes, utf8.max(other)));
        let in_utf8 = said!("utf-8 始于{from_utf8}", "utf-8 from {from_utf8}"; from_utf8);
        let in_other = said!("gb18030 始于{from_other}", "gb18030 from {from_other}"; from_other);
        let parts = if utf8 < other { [in_utf8, in_other] } else { [in_other, in_utf8] };
        Some(problem.said(Said::join(&parts, "；", "; ")))
    }
}
