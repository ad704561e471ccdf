//! The schemes by which a workbook may be encrypted, the one password that is tried, and what is told of either.

use crate::context::Context;
use vocab::Problem;
use vocab::rules::{DEFAULT_PASSWORD, ENCRYPTED};

/// The password that Excel tries before it asks for one.
const PASSWORD: &str = "VelvetSweatshop";

/// How a workbook is encrypted, in the words of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
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
pub(crate) enum Closed {
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
pub(crate) fn note(context: &Context<'_>, scheme: Scheme) -> Problem {
    context.problem(&DEFAULT_PASSWORD).value(scheme.to_string())
}

/// The password as all schemes but the oldest take it.
pub(super) fn password_units() -> Vec<u8> {
    PASSWORD.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
