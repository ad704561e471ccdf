//! Which encoding the strings of an Excel 5 or 95 workbook are in.
//!
//! A record of the workbook names it, and some writers name the wrong one: they write Chinese and say 1252, in which any
//! bytes are some letters. So it is decided once, over all strings, by a rule:
//!
//! 1. A code page of several bytes per character (936 and its like) is believed: what is not valid in it is refused.
//! 2. Where another one is named, none, or one that is not known, and every string is valid GBK, and most bytes above
//!    ASCII stand in the pairs of which Chinese text is made: the text is GBK, and that is told.
//! 3. Otherwise a single-byte code page is believed, and one that is missing or unknown is a reason to refuse.

use encoding_rs::{Encoding, GB18030};

use super::records::Records;
use crate::bytes::Bytes;
use crate::context::{Context, Outcome};
use vocab::rules::{CODE_PAGE_LIES, UNDECODABLE};
use vocab::{Problem, said};

/// The kinds of records that hold strings, and the one that says how.
mod kind {
    pub const CODE_PAGE: u16 = 0x0042;
    pub const BOUND_SHEET: u16 = 0x0085;
    pub const RICH_STRING: u16 = 0x00D6;
    pub const LABEL: u16 = 0x0204;
    pub const STRING: u16 = 0x0207;
}

/// The encoding of all strings in the stream, and what there is to say of it.
pub(super) fn decide(context: &Context<'_>, stream: &[u8]) -> Outcome<(&'static Encoding, Option<Problem>)> {
    let (mut declared, mut evidence) = (None, Evidence::default());
    for record in Records::from(stream, 0) {
        if record.kind == kind::CODE_PAGE {
            declared = declared.or(Bytes(record.data).u16());
        } else if let Some(string) = string(record.kind, record.data) {
            evidence.count(string);
        }
    }
    let named = declared.and_then(encoding);
    if let Some(encoding) = named.filter(|encoding| !encoding.is_single_byte()) {
        return Ok((encoding, None));
    }
    let record = match (declared, named) {
        (None, _) => said!("未写代码页", "no code page is named"),
        (Some(page), None) => said!("代码页 {page} 未知", "code page {page} is not known"),
        (Some(page), Some(_)) => said!("写明代码页 {page}", "code page {page} is named"),
    };
    if evidence.is_chinese() {
        let what = said!("{record}，文字为 GBK", "{record}, the text is GBK"; record);
        return Ok((GB18030, Some(context.problem(&CODE_PAGE_LIES).said(what))));
    }
    match named {
        Some(encoding) => Ok((encoding, None)),
        None if evidence.is_ascii() => Ok((GB18030, None)),
        None => {
            let what = said!("{record}，文字不是 GBK", "{record}, and the text is not GBK"; record);
            Err(context.problem(&UNDECODABLE).said(what))
        }
    }
}

/// The encoding that a code page is.
pub(crate) fn encoding(page: u16) -> Option<&'static Encoding> {
    Some(match page {
        // GB18030 holds GBK; 10008 is simplified Chinese on a Mac.
        936 | 10_008 | 54_936 => GB18030,
        950 | 10_002 => encoding_rs::BIG5,
        932 | 10_001 => encoding_rs::SHIFT_JIS,
        949 | 10_003 => encoding_rs::EUC_KR,
        65_001 => encoding_rs::UTF_8,
        // 32769 is how Excel 95 and before write 1252, and 32768 a Mac's.
        1252 | 32_769 | 367 => encoding_rs::WINDOWS_1252,
        10_000 | 32_768 => encoding_rs::MACINTOSH,
        866 => encoding_rs::IBM866,
        874 => encoding_rs::WINDOWS_874,
        1250 => encoding_rs::WINDOWS_1250,
        1251 => encoding_rs::WINDOWS_1251,
        1253 => encoding_rs::WINDOWS_1253,
        1254 => encoding_rs::WINDOWS_1254,
        1255 => encoding_rs::WINDOWS_1255,
        1256 => encoding_rs::WINDOWS_1256,
        1257 => encoding_rs::WINDOWS_1257,
        1258 => encoding_rs::WINDOWS_1258,
        _ => return None,
    })
}

/// The bytes of the string in a record of this kind.
fn string(kind: u16, data: &[u8]) -> Option<&[u8]> {
    let mut bytes = Bytes(data);
    let len = match kind {
        kind::BOUND_SHEET => {
            bytes.take(6)?;
            usize::from(bytes.u8()?)
        }
        kind::LABEL | kind::RICH_STRING => {
            bytes.take(6)?;
            usize::from(bytes.u16()?)
        }
        kind::STRING => usize::from(bytes.u16()?),
        _ => return None,
    };
    bytes.take(len)
}

/// What speaks for Chinese, and what against it.
#[derive(Default)]
pub(crate) struct Evidence {
    /// Bytes above ASCII in pairs as GB 2312 has them, and others.
    pairs: usize,
    others: usize,
    /// Whether some string is not valid.
    invalid: bool,
}

impl Evidence {
    pub fn count(&mut self, string: &[u8]) {
        if string.is_ascii() {
            return;
        }
        self.invalid |= GB18030.decode_without_bom_handling_and_without_replacement(string).is_none();
        for run in string.split(u8::is_ascii) {
            let (pairs, rest) = run.as_chunks::<2>();
            let common = |pair: &&[u8; 2]| (0xA1..=0xF7).contains(&pair[0]) && (0xA1..=0xFE).contains(&pair[1]);
            let count = 2 * pairs.iter().filter(common).count();
            self.pairs += count;
            self.others += 2 * pairs.len() - count + rest.len();
        }
    }

    fn is_ascii(&self) -> bool {
        self.pairs + self.others == 0
    }

    pub fn is_chinese(&self) -> bool {
        !self.invalid && self.pairs > self.others
    }
}
