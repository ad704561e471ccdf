//! An encrypted workbook of Office 2007 or later: a compound file with the encrypted package, and a stream that says how.

use super::scheme::{Closed, Scheme, version};
use super::{agile, standard};
use crate::bytes::Bytes;
use crate::compound::Compound;
use crate::context::Context;
use vocab::said;

/// The stream that says how a package is encrypted.
const INFO: &str = "EncryptionInfo";
/// The stream that is the package.
pub(crate) const PACKAGE: &str = "EncryptedPackage";

/// The zip archive in an encrypted package.
pub(crate) fn open(context: &Context<'_>, file: &Compound<'_>) -> Result<(Vec<u8>, Scheme), Closed> {
    if !file.has(INFO) {
        return Err(Closed::Unknown(said!("权限管理", "rights management")));
    }
    let info = file.stream(INFO).map_err(Closed::Stream)?;
    let mut info = Bytes(&info);
    let (major, minor) = (info.u16().ok_or(Closed::Short)?, info.u16().ok_or(Closed::Short)?);
    let mut package = file.stream(PACKAGE).map_err(Closed::Stream)?;
    let len = package.first_chunk::<8>().map(|len| u64::from_le_bytes(*len)).ok_or(Closed::Short)?;
    package.drain(..8);
    let scheme = match (major, minor) {
        (4, 4) => {
            info.u32().ok_or(Closed::Short)?;
            let (agile, scheme) = agile::open(context, INFO, info.0)?;
            agile.decrypt(&mut package);
            scheme
        }
        (2..=4, 2) => {
            let (aes, scheme) = standard::open(info)?;
            aes.decrypt_blocks(&mut package);
            scheme
        }
        _ => return Err(Closed::Unknown(version(major, minor))),
    };
    match usize::try_from(len).ok().filter(|len| *len <= package.len()) {
        Some(len) => package.truncate(len),
        None => return Err(Closed::PackageShort),
    }
    Ok((package, scheme))
}
