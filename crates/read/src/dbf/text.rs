//! The texts of a table, all in one encoding.

use std::borrow::Cow;

use encoding_rs::{GB18030, UTF_8};

use crate::format::Encoding;
use vocab::Said;

/// How texts are decoded.
pub(super) struct Text {
    decoder: &'static encoding_rs::Encoding,
    pub encoding: Encoding,
    pub reason: Said,
}

impl Text {
    pub fn new(decoder: &'static encoding_rs::Encoding, reason: Said) -> Self {
        let encoding = if decoder == GB18030 {
            Encoding::Gb18030
        } else if decoder == UTF_8 {
            Encoding::Utf8
        } else {
            Encoding::Binary
        };
        Text { decoder, encoding, reason }
    }

    /// A text, and whether half a character at its end was left out: only a field that is full can have cut one.
    pub fn decode<'t>(&self, bytes: &'t [u8], is_full: bool) -> Option<(Cow<'t, str>, bool)> {
        const LONGEST_HALF: usize = 3;
        let strict = |bytes: &'t [u8]| self.decoder.decode_without_bom_handling_and_without_replacement(bytes);
        if let Some(text) = strict(bytes) {
            return Some((text, false));
        }
        let halves = if is_full { LONGEST_HALF } else { 0 };
        let mut shorter = (1..=halves).filter_map(|half| bytes.get(..bytes.len().checked_sub(half)?));
        shorter.find_map(strict).map(|text| (text, true))
    }
}
