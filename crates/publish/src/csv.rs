//! Tables and cells as CSV that people open in a spreadsheet program: it shows Chinese, and none of it is run as a formula.

use std::borrow::Cow;
use std::fmt::Write as _;

use vocab::frame::{Frame, Values};

/// A table as CSV: UTF-8 with a byte order mark, so that spreadsheet programs show Chinese; nulls are empty.
pub fn csv(frame: &Frame) -> String {
    /// Usual bytes of a cell, its comma included. A text that grows is copied again and again.
    const CELL: usize = 10;
    let mut text = String::with_capacity(CELL * (frame.rows() + 1) * frame.columns().len());
    text.push('\u{feff}');
    let names: Vec<String> = frame.columns().iter().map(|(name, _)| name.clone()).collect();
    text.push_str(&names.join(","));
    text.push('\n');
    for row in 0..frame.rows() {
        for (position, (_, values)) in frame.columns().iter().enumerate() {
            if position > 0 {
                text.push(',');
            }
            write_cell(values, row, &mut text);
        }
        text.push('\n');
    }
    text
}

/// Numbers as [`Values::text`] writes them, which need neither quotes nor care; a null is empty.
fn write_cell(values: &Values, row: usize, text: &mut String) {
    // Writing into a text cannot fail.
    let _ = match values {
        Values::Int(values) => values.get(row).map_or(Ok(()), |value| write!(text, "{value}")),
        Values::Float(values) => values.get(row).map_or(Ok(()), |value| write!(text, "{value}")),
        Values::Bool(values) => values.get(row).map_or(Ok(()), |value| write!(text, "{value}")),
        Values::Text(values) => values.get(row).map_or(Ok(()), |value| text.write_str(&text_cell(value))),
        Values::Same(value, _) => value.as_deref().map_or(Ok(()), |value| text.write_str(&text_cell(value))),
    };
}

/// A raw cell of an export in CSV that people open in a spreadsheet program: as it was, but that a formula is not run,
/// and that a code of many digits, which the program would round, has a tab before it.
pub fn raw_cell(text: &str) -> String {
    let all = |allowed: fn(&u8) -> bool| text.bytes().all(|byte| allowed(&byte));
    if all(|byte| byte.is_ascii_digit()) && text.len() > 11 {
        return format!("\t{text}");
    }
    let number = all(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b','));
    quoted(if number { Cow::Borrowed(text) } else { defused(text) }).into_owned()
}

/// A text in CSV that people open in a spreadsheet program: none of it is run as a formula.
pub fn text_cell(text: &str) -> Cow<'_, str> {
    quoted(defused(text))
}

/// A field of CSV: in quotes where it holds a comma, a quote or the end of a line.
pub fn quoted(text: Cow<'_, str>) -> Cow<'_, str> {
    let is_special = |byte: &u8| matches!(byte, b'"' | b',' | b'\n' | b'\r');
    if text.as_bytes().iter().any(is_special) { format!("\"{}\"", text.replace('"', "\"\"")).into() } else { text }
}

/// A text that a spreadsheet program would run as a formula is written as text.
fn defused(text: &str) -> Cow<'_, str> {
    let is_formula = matches!(text.as_bytes().first(), Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r'));
    if is_formula { format!("'{text}").into() } else { text.into() }
}
