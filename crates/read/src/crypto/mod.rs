//! Encrypted workbooks, opened with the one password that needs no asking.
//!
//! A workbook that is protected against changes, and not against reading, is encrypted all the same: with the password
//! that Excel itself tries first. Yearbooks come like that. Nothing else is tried: with a password of its own a workbook
//! is refused, by a finding that says so. The schemes are those of MS-OFFCRYPTO.

mod aes;
mod agile;
mod package;
mod rc4;
mod scheme;
mod standard;
mod stream;
mod xor;

pub(super) use package::{PACKAGE, open as open_package};
pub(super) use scheme::note;
pub(super) use stream::open as open_stream;
