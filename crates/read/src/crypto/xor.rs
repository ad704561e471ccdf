//! XOR obfuscation of Excel 5 to 2003. The scheme makes sixteen bytes out of the password; with only one password to
//! try they are known beforehand.

use super::scheme::{Closed, Scheme};
use crate::bytes::Bytes;

/// What the scheme makes of the default password: the key, the verifier, and the bytes that are mixed into the data.
const KEY: u16 = 0xB359;
const VERIFIER: u16 = 0x9A0A;
const MIXED_IN: [u8; 16] =
    [0x87, 0x6B, 0x9A, 0xE2, 0x1E, 0xE3, 0x05, 0x62, 0x1E, 0x69, 0x96, 0x60, 0x98, 0x6E, 0x94, 0x04];

/// Whether the default password opens a workbook; `bytes` are its key and verifier.
pub(super) fn check(mut bytes: Bytes<'_>) -> Result<Scheme, Closed> {
    match (bytes.u16(), bytes.u16()) {
        (Some(KEY), Some(VERIFIER)) => Ok(Scheme::Xor),
        (Some(_), Some(_)) => Err(Closed::Password(Scheme::Xor)),
        _ => Err(Closed::Short),
    }
}

/// Decrypts the data of one record, which ends at `end` in its stream.
pub(super) fn apply(data: &mut [u8], end: usize) {
    for (byte, mixed_in) in data.iter_mut().zip(MIXED_IN.iter().cycle().skip(end % MIXED_IN.len())) {
        *byte = (*byte ^ mixed_in).rotate_right(5);
    }
}
