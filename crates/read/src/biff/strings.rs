//! Strings in BIFF records.
//!
//! In BIFF8 a string says itself how it is written: UTF-16, or UTF-16 without its zero bytes. The workbook's CODEPAGE
//! record means nothing for it, and in some vendors' files it lies. Only BIFF5 strings are in a code page.

use encoding_rs::Encoding;

use crate::bytes::Bytes;

/// Why a string cannot be read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The record ends inside it.
    Short,
    /// It is not valid in its encoding.
    Text,
}

/// How a workbook writes its strings.
#[derive(Clone, Copy)]
pub(super) enum Writing {
    /// BIFF8: each string says.
    Unicode,
    /// BIFF5: in this encoding.
    CodePage(&'static Encoding),
}

impl Writing {
    /// A string in one piece, behind its length of two bytes.
    pub fn long(self, bytes: &mut Bytes<'_>) -> Result<String, Fault> {
        let len = bytes.u16().ok_or(Fault::Short)?;
        self.body(bytes, usize::from(len))
    }

    /// A string in one piece, behind its length of one byte.
    pub fn short(self, bytes: &mut Bytes<'_>) -> Result<String, Fault> {
        let len = bytes.u8().ok_or(Fault::Short)?;
        self.body(bytes, usize::from(len))
    }

    fn body(self, bytes: &mut Bytes<'_>, len: usize) -> Result<String, Fault> {
        match self {
            // Some writers leave the flags of an empty string out.
            Writing::Unicode if len == 0 => Ok(String::new()),
            Writing::Unicode => {
                let wide = bytes.u8().ok_or(Fault::Short)? & 1 != 0;
                let mut units = Vec::with_capacity(len);
                push_units(&mut units, bytes, len, wide).then_some(()).ok_or(Fault::Short)?;
                text(&units)
            }
            Writing::CodePage(encoding) => {
                let raw = bytes.take(len).ok_or(Fault::Short)?;
                let text = encoding.decode_without_bom_handling_and_without_replacement(raw).ok_or(Fault::Text)?;
                // Bytes to which a code page gives no character become control characters.
                let unassigned = |c| ('\u{80}'..='\u{9f}').contains(&c);
                if text.contains(unassigned) { Err(Fault::Text) } else { Ok(text.into_owned()) }
            }
        }
    }
}

/// Reads `len` UTF-16 units, or fails when there are fewer.
fn push_units(units: &mut Vec<u16>, bytes: &mut Bytes<'_>, len: usize, wide: bool) -> bool {
    let Some(raw) = bytes.take(if wide { len * 2 } else { len }) else { return false };
    if wide {
        units.extend(raw.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)));
    } else {
        units.extend(raw.iter().map(|byte| u16::from(*byte)));
    }
    true
}

fn text(units: &[u16]) -> Result<String, Fault> {
    String::from_utf16(units).map_err(|_| Fault::Text)
}

/// BIFF8 strings that may run on into the records that continue theirs: one, or a whole table of them.
pub(super) struct Continued<'a> {
    here: Bytes<'a>,
    more: std::slice::Iter<'a, &'a [u8]>,
}

impl<'a> Continued<'a> {
    /// The strings in what is left of a record, and in those that continue it.
    pub fn new(here: Bytes<'a>, more: &'a [&'a [u8]]) -> Self {
        Continued { here, more: more.iter() }
    }

    /// The next string, or none at the end.
    pub fn next(&mut self) -> Option<Result<String, Fault>> {
        while self.here.0.is_empty() {
            self.here = Bytes(self.more.next()?);
        }
        Some(self.string())
    }

    /// One string.
    pub fn string(&mut self) -> Result<String, Fault> {
        const WIDE: u8 = 0x01;
        const PHONETIC: u8 = 0x04;
        const RICH: u8 = 0x08;
        let mut left = usize::from(self.here.u16().ok_or(Fault::Short)?);
        if left == 0 && self.here.0.is_empty() {
            // Some writers leave the flags of an empty string out.
            return Ok(String::new());
        }
        let flags = self.here.u8().ok_or(Fault::Short)?;
        let runs = if flags & RICH != 0 { self.here.u16().ok_or(Fault::Short)? } else { 0 };
        let phonetic = if flags & PHONETIC != 0 { self.here.u32().ok_or(Fault::Short)? } else { 0 };
        let mut wide = flags & WIDE != 0;
        let mut units = Vec::with_capacity(left);
        loop {
            let fit = if wide { self.here.0.len() / 2 } else { self.here.0.len() };
            let now = left.min(fit);
            push_units(&mut units, &mut self.here, now, wide);
            left -= now;
            if left == 0 {
                break;
            }
            // The rest is in the next record, which says anew how wide its units are.
            self.here = Bytes(self.more.next().ok_or(Fault::Short)?);
            wide = self.here.u8().ok_or(Fault::Short)? & WIDE != 0;
        }
        self.skip(usize::from(runs) * 4)?;
        self.skip(usize::try_from(phonetic).unwrap_or(usize::MAX))?;
        text(&units)
    }

    fn skip(&mut self, mut len: usize) -> Result<(), Fault> {
        loop {
            let now = len.min(self.here.0.len());
            self.here.take(now);
            len -= now;
            if len == 0 {
                return Ok(());
            }
            self.here = Bytes(self.more.next().ok_or(Fault::Short)?);
        }
    }
}
