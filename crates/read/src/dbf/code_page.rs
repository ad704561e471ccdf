//! In which encoding the texts of a table are. One byte of its head may say it; much that writes tables leaves it zero, or
//! puts there the code page of another machine.
//!
//! It is decided once, over all texts:
//!
//! 1. What the source definition says holds.
//! 2. A code page of several bytes for a character (936 and its like) is believed.
//! 3. Where none is named, or one of the West, the bytes decide, as they do for a file of text: UTF-8, or else GBK. That is told.
//! 4. Another code page of one byte is believed, and one of the West where the texts are not Chinese.
//!
//! Texts that fill their fields may be cut within a character, and are only asked where there are no others.

use encoding_rs::{GB18030, UTF_8};

use super::header::Table;
use super::text::Text;
use super::value::{self, Value};
use crate::biff::{Evidence, encoding};
use crate::book::Expect;
use crate::context::{Context, Outcome};
use crate::decode;
use crate::format::Encoding;
use vocab::rules::{CODE_PAGE_DIFFERS, CODE_PAGE_UNSAID, UNDECODABLE};
use vocab::{Problem, said};

pub(super) fn decide(
    context: &Context<'_>,
    table: &Table<'_>,
    expect: &Expect<'_>,
    problems: &mut Vec<Problem>,
) -> Outcome<Text> {
    let declared = || said!("来源定义如此规定", "the source definition says so");
    match expect.encoding {
        Some(Encoding::Gb18030) => return Ok(Text::new(GB18030, declared())),
        Some(Encoding::Utf8 | Encoding::Utf8Bom) => return Ok(Text::new(UTF_8, declared())),
        _ => {}
    }
    let is_named = || said!("该表注明了代码页", "the table names its code page");
    let page = code_page(table.language);
    let named = page.and_then(encoding);
    if let Some(encoding) = named.filter(|encoding| !encoding.is_single_byte()) {
        return Ok(Text::new(encoding, is_named()));
    }
    let texts = texts(table);
    if texts.is_ascii() {
        return Ok(Text::new(UTF_8, decode::ascii()));
    }
    let mark = table.language;
    let head = match page {
        None if mark == 0 => said!("未写代码页", "no code page is named"),
        None => said!("代码页标记 {mark} 未知", "code page mark {mark} is not known"),
        Some(page) => said!("写明代码页 {page}", "code page {page} is named"),
    };
    let mut evidence = Evidence::default();
    texts.split(|byte| *byte == b'\n').for_each(|text| evidence.count(text));
    let decoded = decode::decode(context, &texts);
    // What programs of the West put there, wherever they run.
    let is_usual = page.is_some_and(|page| matches!(page, 437 | 850 | 1252 | 10_000));
    match (decoded, named) {
        (Ok(decoded), _) if decoded.encoding.is_utf8() || named.is_none() || is_usual && evidence.is_chinese() => {
            let (found, encoding) = if decoded.encoding.is_utf8() { ("UTF-8", UTF_8) } else { ("GBK", GB18030) };
            let rule = if mark == 0 { &CODE_PAGE_UNSAID } else { &CODE_PAGE_DIFFERS };
            let what = said!("{head}，文字为 {found}", "{head}, the text is {found}"; head);
            problems.push(context.problem(rule).said(what));
            let reason = said!(
                "该表未注明代码页，且其字节只能是该编码",
                "the table names no code page, and its bytes can only be this"
            );
            Ok(Text::new(encoding, reason))
        }
        (_, Some(encoding)) => Ok(Text::new(encoding, is_named())),
        (_, None) => {
            let what = said!("{head}，文字不是 GBK", "{head}, and the text is not GBK"; head);
            Err(context.problem(&UNDECODABLE).said(what))
        }
    }
}

/// The texts that tell the encoding, each on a line: names of fields, and texts with something above ASCII in them.
fn texts(table: &Table<'_>) -> Vec<u8> {
    let (mut whole, mut full) = (Vec::new(), Vec::new());
    let mut add = |text: &[u8], is_full: bool| {
        if !text.is_ascii() {
            let into = if is_full { &mut full } else { &mut whole };
            into.extend_from_slice(text);
            into.push(b'\n');
        }
    };
    for (_, field) in table.shown() {
        add(field.name, field.has_full_name());
    }
    for record in table.records() {
        let nulls = table.nulls(record);
        for (_, field) in table.shown() {
            if let Value::Text(text) = value::of(field, field.cell(record, &nulls)) {
                add(text, text.len() == field.len);
            }
        }
    }
    if whole.is_empty() { full } else { whole }
}

/// The code page that the mark in the head of a table means.
fn code_page(mark: u8) -> Option<u16> {
    Some(match mark {
        0x01 => 437,
        0x02 => 850,
        0x03 | 0x57..=0x59 => 1252,
        0x04 => 10_000,
        0x13 | 0x7B => 932,
        0x4D | 0x7A => 936,
        0x4E | 0x79 => 949,
        0x4F | 0x78 => 950,
        0x50 | 0x7C => 874,
        0x64 => 852,
        0x26 | 0x65 => 866,
        0x7D => 1255,
        0x7E => 1256,
        0xC8 => 1250,
        0xC9 => 1251,
        0xCA => 1254,
        0xCB => 1253,
        0xCC => 1257,
        _ => return None,
    })
}
