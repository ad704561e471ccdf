//! The encryption of Office 2007, and the description it shares with RC4 CryptoAPI.

use sha1::Sha1;
use sha2::Digest;

use super::aes::Aes;
use super::scheme::{Closed, Scheme, password_units};
use crate::bytes::Bytes;
use vocab::said;

/// What is said of the encryption: a header, and a verifier for the password.
pub(super) struct Info<'a> {
    pub algorithm: u32,
    pub key_bits: usize,
    pub salt: &'a [u8],
    pub verifier: &'a [u8],
    /// Encrypted, and so perhaps padded.
    pub verifier_hash: &'a [u8],
}

impl<'a> Info<'a> {
    /// Reads what follows the version.
    pub fn read(mut bytes: Bytes<'a>) -> Option<Self> {
        let _flags = bytes.u32()?;
        let len = bytes.u32()?;
        let mut header = Bytes(bytes.take(usize::try_from(len).ok()?)?);
        let (_flags, _extra) = (header.u32()?, header.u32()?);
        let (algorithm, _hash, key_bits) = (header.u32()?, header.u32()?, header.u32()?);
        let _salt_len = bytes.u32()?;
        let (salt, verifier) = (bytes.take(16)?, bytes.take(16)?);
        let _hash_len = bytes.u32()?;
        Some(Info { algorithm, key_bits: usize::try_from(key_bits).ok()?, salt, verifier, verifier_hash: bytes.0 })
    }
}

/// The cipher of a package, when the default password opens it; `bytes` follow the version.
pub(super) fn open(bytes: Bytes<'_>) -> Result<(Aes, Scheme), Closed> {
    let info = Info::read(bytes).ok_or(Closed::Short)?;
    let bits = match info.algorithm {
        0x660E => 128,
        0x660F => 192,
        0x6610 => 256,
        other => {
            let what = said!("算法为 {other:04x} 的加密", "encryption by algorithm {other:04x}");
            return Err(Closed::Unknown(what));
        }
    };
    let scheme = Scheme::Standard { bits };
    let aes = Aes::new(&key(info.salt, bits / 8)).ok_or(Closed::Short)?;
    let mut verifier = info.verifier.to_vec();
    let mut hash = info.verifier_hash.get(..32).ok_or(Closed::Short)?.to_vec();
    aes.decrypt_blocks(&mut verifier);
    aes.decrypt_blocks(&mut hash);
    if hash.starts_with(&Sha1::digest(verifier)) { Ok((aes, scheme)) } else { Err(Closed::Password(scheme)) }
}

/// The key of `len` bytes that belongs to the password and the salt.
fn key(salt: &[u8], len: usize) -> Vec<u8> {
    const TURNS: u32 = 50_000;
    let mut hash = Sha1::new().chain_update(salt).chain_update(password_units()).finalize();
    for turn in 0..TURNS {
        hash = Sha1::new().chain_update(turn.to_le_bytes()).chain_update(hash).finalize();
    }
    let hash = Sha1::new().chain_update(hash).chain_update(0u32.to_le_bytes()).finalize();
    let half = |fill: u8| {
        let mut block = [fill; 64];
        block.iter_mut().zip(hash).for_each(|(byte, hash)| *byte ^= hash);
        Sha1::digest(block)
    };
    let mut key = [half(0x36), half(0x5C)].concat();
    key.truncate(len);
    key
}
