//! Encrypted workbooks, opened with the one password that needs no asking.
//!
//! A workbook that is protected against changes, and not against reading, is encrypted all the same: with the password
//! that Excel itself tries first. Yearbooks come like that. Nothing else is tried: with a password of its own a workbook
//! is refused, by a finding that says so. The schemes are those of MS-OFFCRYPTO.

mod aes;
mod agile;
mod package;
mod rc4;
mod standard;
mod stream;
mod xor;

use super::context::Context;
use crate::vocab::Problem;
use crate::vocab::rules::{DEFAULT_PASSWORD, ENCRYPTED};
pub(super) use package::{INFO, PACKAGE, open as open_package};
pub(super) use stream::open as open_stream;

/// The password that Excel tries before it asks for one.
const PASSWORD: &str = "VelvetSweatshop";

/// How a workbook is encrypted, in the words of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    Xor,
    Rc4,
    CryptoApi { bits: usize },
    Standard { bits: usize },
    Agile { bits: usize },
}

impl std::fmt::Display for Scheme {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Scheme::Xor => f.write_str("XOR obfuscation"),
            Scheme::Rc4 => f.write_str("RC4, 40 bits"),
            Scheme::CryptoApi { bits } => write!(f, "RC4 CryptoAPI, {bits} bits"),
            Scheme::Standard { bits } => write!(f, "AES, {bits} bits"),
            Scheme::Agile { bits } => write!(f, "AES (agile), {bits} bits"),
        }
    }
}

/// Why an encrypted workbook cannot be opened.
#[derive(Debug)]
pub(super) enum Closed {
    /// It has a password of its own.
    Password(Scheme),
    /// A scheme that is not known here.
    Unknown(String),
    /// What is said of the encryption does not hold together.
    Damaged(&'static str),
}

impl Closed {
    pub fn problem(&self, context: &Context<'_>) -> Problem {
        match self {
            Closed::Password(scheme) => {
                context.problem(&ENCRYPTED).value(format!("{scheme}: the default password {PASSWORD} does not open it"))
            }
            Closed::Unknown(what) => context.problem(&ENCRYPTED).value(format!("{what}: not known here")),
            Closed::Damaged(what) => context.damaged(*what),
        }
    }
}

/// The note that a workbook was opened with the default password.
pub(super) fn note(context: &Context<'_>, scheme: Scheme) -> Problem {
    context.problem(&DEFAULT_PASSWORD).value(scheme.to_string())
}

/// The password as all schemes but the oldest take it.
fn password_units() -> Vec<u8> {
    PASSWORD.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
