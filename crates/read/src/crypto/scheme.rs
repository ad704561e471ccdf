//! The schemes by which a workbook may be encrypted, the one password that is tried, and what is told of either.

use crate::compound::Fault;
use crate::context::Context;
use vocab::rules::{DEFAULT_PASSWORD, ENCRYPTED};
use vocab::{Problem, Said, said};

/// The password that Excel tries before it asks for one.
const PASSWORD: &str = "VelvetSweatshop";

/// How a workbook is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Xor,
    Rc4,
    CryptoApi { bits: usize },
    Standard { bits: usize },
    Agile { bits: usize },
}

impl Scheme {
    fn said(self) -> Said {
        match self {
            Scheme::Xor => said!("XOR 混淆", "XOR obfuscation"),
            Scheme::Rc4 => said!("RC4，40 位", "RC4, 40 bits"),
            Scheme::CryptoApi { bits } => said!("RC4 CryptoAPI，{bits} 位", "RC4 CryptoAPI, {bits} bits"),
            Scheme::Standard { bits } => said!("AES，{bits} 位", "AES, {bits} bits"),
            Scheme::Agile { bits } => said!("AES（agile），{bits} 位", "AES (agile), {bits} bits"),
        }
    }
}

/// Why an encrypted workbook cannot be opened.
#[derive(Debug)]
pub(crate) enum Closed {
    /// It has a password of its own.
    Password(Scheme),
    /// A scheme that is not known here.
    Unknown(Said),
    /// What is said of the encryption ends too early.
    Short,
    /// What is said of the encryption does not hold together.
    Unreadable,
    /// The package ends before its length.
    PackageShort,
    /// A stream of the file cannot be had.
    Stream(Fault),
}

impl Closed {
    pub fn problem(&self, context: &Context<'_>) -> Problem {
        match self {
            Closed::Password(scheme) => {
                let scheme = scheme.said();
                let what = said!(
                    "{scheme}：默认密码 {PASSWORD} 无法打开",
                    "{scheme}: the default password {PASSWORD} does not open it"; scheme
                );
                context.problem(&ENCRYPTED).said(what)
            }
            Closed::Unknown(what) => {
                context.problem(&ENCRYPTED).said(said!("{what}：本程序不支持", "{what}: not known here"; what))
            }
            Closed::Short => context.damaged(said!("加密说明过短", "what is said of its encryption is too short")),
            Closed::Unreadable => {
                context.damaged(said!("加密说明无法读取", "what is said of its encryption cannot be read"))
            }
            Closed::PackageShort => {
                context.damaged(said!("加密内容短于所写长度", "the encrypted package is shorter than it says"))
            }
            Closed::Stream(fault) => context.damaged(fault.said()),
        }
    }
}

/// The note that a workbook was opened with the default password.
pub(crate) fn note(context: &Context<'_>, scheme: Scheme) -> Problem {
    context.problem(&DEFAULT_PASSWORD).said(scheme.said())
}

/// An encryption of a version that is not known here.
pub(super) fn version(major: u16, minor: u16) -> Said {
    said!("版本为 {major}.{minor} 的加密", "encryption of version {major}.{minor}")
}

/// The password as all schemes but the oldest take it.
pub(super) fn password_units() -> Vec<u8> {
    PASSWORD.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
