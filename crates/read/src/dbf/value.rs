//! The value of a field as text: what is written as text stays as it is written.

use std::borrow::Cow;

use super::header::Field;
use crate::bytes::Bytes;
use crate::cell;

pub(super) enum Value<'r> {
    Blank,
    /// Text in the encoding of the table.
    Text(&'r [u8]),
    /// What has no encoding: numbers, dates, logical values.
    Plain(Cow<'r, str>),
    /// The place of a text in another file.
    Memo(u64),
}

/// The value of a field whose bytes in a record are these.
pub(super) fn of<'r>(field: &Field<'_>, bytes: &'r [u8]) -> Value<'r> {
    let binary = match field.kind {
        _ if bytes.is_empty() => return Value::Blank,
        b'C' | b'V' => return text(bytes),
        b'N' | b'F' => return plain(bytes),
        b'D' => return day(bytes),
        b'L' => return logical(bytes),
        b'I' => integer(bytes),
        b'Y' => currency(bytes),
        b'T' => moment(bytes),
        b'B' if field.is_foxpro => double(bytes),
        _ => return memo(bytes),
    };
    binary.map_or(Value::Blank, |value| Value::Plain(Cow::Owned(value)))
}

/// Blanks and NUL fill a field up.
fn filled(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| !matches!(byte, 0 | b' ')).map_or(0, |last| last + 1);
    bytes.get(..end).unwrap_or_default()
}

fn text(bytes: &[u8]) -> Value<'_> {
    match filled(bytes) {
        [] => Value::Blank,
        text => Value::Text(text),
    }
}

/// Text of ASCII; if it is not, it is for the decoder to refuse.
fn plain(bytes: &[u8]) -> Value<'_> {
    let bytes = filled(bytes).trim_ascii_start();
    match std::str::from_utf8(bytes) {
        Ok("") => Value::Blank,
        Ok(text) => Value::Plain(Cow::Borrowed(text)),
        Err(_) => Value::Text(bytes),
    }
}

/// `20181231` as 2018-12-31, as it stands where it is no day, and nothing where it is zeros.
fn day(bytes: &[u8]) -> Value<'_> {
    let value = plain(bytes);
    match &value {
        Value::Plain(text) if text.bytes().all(|byte| byte == b'0') => Value::Blank,
        Value::Plain(text) if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            let (year, rest) = text.split_at(4);
            let (month, day) = rest.split_at(2);
            if ("01"..="12").contains(&month) && ("01"..="31").contains(&day) {
                Value::Plain(Cow::Owned(format!("{year}-{month}-{day}")))
            } else {
                value
            }
        }
        _ => value,
    }
}

fn logical(bytes: &[u8]) -> Value<'_> {
    match bytes {
        [b'T' | b't' | b'Y' | b'y'] => Value::Plain(Cow::Borrowed(cell::boolean(true))),
        [b'F' | b'f' | b'N' | b'n'] => Value::Plain(Cow::Borrowed(cell::boolean(false))),
        // Not known yet.
        [b'?' | b' ' | 0] => Value::Blank,
        other => text(other),
    }
}

fn integer(bytes: &[u8]) -> Option<String> {
    Bytes(bytes).u32().map(|bits| bits.cast_signed().to_string())
}

/// Ten-thousandths.
fn currency(bytes: &[u8]) -> Option<String> {
    let value = i64::from_le_bytes(*bytes.first_chunk()?);
    let sign = if value < 0 { "-" } else { "" };
    let value = value.unsigned_abs();
    Some(format!("{sign}{}.{:04}", value / 10_000, value % 10_000))
}

fn double(bytes: &[u8]) -> Option<String> {
    let mut text = String::new();
    cell::write_number(&mut text, Bytes(bytes).f64()?);
    Some(text)
}

/// A day of the Julian calendar's count and thousandths of a second.
fn moment(bytes: &[u8]) -> Option<String> {
    /// 1 January 1970.
    const EPOCH: i64 = 2_440_588;
    let mut bytes = Bytes(bytes);
    let (day, millis) = (bytes.u32()?, bytes.u32()?);
    if day == 0 {
        return None;
    }
    let (year, month, day) = cell::civil(i64::from(day) - EPOCH);
    let seconds = millis / 1_000;
    let date = format!("{year:04}-{month:02}-{day:02}");
    Some(match seconds {
        0 => date,
        _ => format!("{date} {:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60),
    })
}

/// The number of a block, in digits or in four bytes; none and zero are no memo.
fn memo(bytes: &[u8]) -> Value<'_> {
    let place = match bytes {
        [a, b, c, d] => Some(u64::from(u32::from_le_bytes([*a, *b, *c, *d]))),
        digits => std::str::from_utf8(filled(digits)).ok().and_then(|digits| digits.trim().parse().ok()),
    };
    match place {
        Some(place) if place > 0 => Value::Memo(place),
        Some(_) => Value::Blank,
        None => text(bytes),
    }
}
