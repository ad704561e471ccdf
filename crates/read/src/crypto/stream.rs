//! The workbook stream of Excel 5 to 2003: its records keep their place and their headers, and their data is encrypted.

use super::rc4::{self, BLOCK, Keys};
use super::scheme::{Closed, Scheme, version};
use super::{standard, xor};
use crate::bytes::Bytes;

/// Says how the stream is encrypted; the last record but few that is not.
const FILE_PASS: u16 = 0x002F;
/// The end of the records in front of the sheets.
const EOF: u16 = 0x000A;
const BOUND_SHEET: u16 = 0x0085;
const BOF: u16 = 0x0809;
/// Records whose data is never encrypted: BOF, FILEPASS, USREXCL, FILELOCK, INTERFACEHDR, RRDINFO and RRDHEAD.
const PLAIN: [u16; 7] = [BOF, FILE_PASS, 0x0194, 0x0195, 0x00E1, 0x0196, 0x0138];

/// Decrypts a workbook stream in place; none when it is not encrypted.
pub(crate) fn open(stream: &mut Vec<u8>) -> Result<Option<Scheme>, Closed> {
    let Some(pass) = file_pass(stream) else { return Ok(None) };
    let cipher = Cipher::of(pass)?;
    let sealed = std::mem::take(stream);
    *stream = cipher.whole(&sealed);
    for record in records(&sealed) {
        let open = stream.get_mut(record.start..record.end).unwrap_or_default();
        let data = sealed.get(record.start..record.end).unwrap_or_default();
        match record.kind {
            kind if PLAIN.contains(&kind) => open.copy_from_slice(data),
            kind => {
                cipher.record(open, record.end);
                if kind == BOUND_SHEET {
                    // Where the sheet starts is not encrypted.
                    let plain = data.len().min(4);
                    open[..plain].copy_from_slice(&data[..plain]);
                }
            }
        }
        let header = record.start.saturating_sub(4)..record.start;
        if let (Some(open), Some(header)) = (stream.get_mut(header.clone()), sealed.get(header)) {
            open.copy_from_slice(header);
        }
    }
    Ok(Some(cipher.scheme))
}

/// Where the data of a record is.
struct Span {
    kind: u16,
    start: usize,
    end: usize,
}

/// The records of a stream, up to the first that is not whole.
fn records(stream: &[u8]) -> impl Iterator<Item = Span> {
    let mut rest = Bytes(stream);
    std::iter::from_fn(move || {
        let (kind, len) = (rest.u16()?, usize::from(rest.u16()?));
        let start = stream.len() - rest.0.len();
        rest.take(len)?;
        Some(Span { kind, start, end: start + len })
    })
}

/// The data of the record that says how the stream is encrypted, if there is one.
fn file_pass(stream: &[u8]) -> Option<Pass> {
    let mut spans = records(stream);
    let first = spans.next().filter(|record| record.kind == BOF)?;
    let data = |span: &Span| stream.get(span.start..span.end).unwrap_or_default();
    let version = Bytes(data(&first)).u16()?;
    let pass = spans.take_while(|record| record.kind != EOF).find(|record| record.kind == FILE_PASS)?;
    Some(Pass { old: version < 0x0600, data: data(&pass).to_vec() })
}

struct Pass {
    /// Excel 5 and 95 know only one scheme, and do not name it.
    old: bool,
    data: Vec<u8>,
}

struct Cipher {
    scheme: Scheme,
    /// None for XOR.
    keys: Option<Keys>,
}

impl Cipher {
    fn of(pass: Pass) -> Result<Self, Closed> {
        let mut bytes = Bytes(&pass.data);
        let old = Ok(Cipher { scheme: Scheme::Xor, keys: None });
        if pass.old {
            return xor::check(bytes).and(old);
        }
        if bytes.u16().ok_or(Closed::Short)? == 0 {
            return xor::check(bytes).and(old);
        }
        let (major, minor) = (bytes.u16().ok_or(Closed::Short)?, bytes.u16().ok_or(Closed::Short)?);
        let (keys, scheme) = match (major, minor) {
            (1, 1) => rc4::basic(bytes)?,
            (2..=4, 2) => rc4::crypto_api(&standard::Info::read(bytes).ok_or(Closed::Short)?)?,
            _ => return Err(Closed::Unknown(version(major, minor))),
        };
        Ok(Cipher { scheme, keys: Some(keys) })
    }

    /// The whole stream, what is not encrypted included: RC4 counts every byte.
    fn whole(&self, sealed: &[u8]) -> Vec<u8> {
        let mut stream = sealed.to_vec();
        if let Some(keys) = &self.keys {
            for (block, bytes) in (0..).zip(stream.chunks_mut(BLOCK)) {
                keys.apply(block, bytes);
            }
        }
        stream
    }

    /// The data of one record, where a scheme goes record by record.
    fn record(&self, data: &mut [u8], end: usize) {
        if self.keys.is_none() {
            xor::apply(data, end);
        }
    }
}
