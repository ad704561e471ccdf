//! RC4 as workbooks use it: a key of its own for each block of 1024 bytes.

use md5::Md5;
use rc4::{KeyInit, Rc4, StreamCipher};
use sha1::Sha1;
use sha2::Digest;

use super::scheme::{Closed, Scheme, password_units};
use crate::bytes::Bytes;
use vocab::said;

/// What the keys of the blocks are made of.
#[derive(Debug)]
pub(super) enum Keys {
    /// "Office binary document RC4": 40 bits, by MD5.
    Basic([u8; 5]),
    /// RC4 CryptoAPI: 40 to 128 bits, by SHA-1.
    CryptoApi { hash: [u8; 20], bits: usize },
}

/// Bytes that are encrypted with one key.
pub(super) const BLOCK: usize = 1024;

impl Keys {
    /// The key of a block.
    fn key(&self, block: u32) -> Vec<u8> {
        match self {
            Keys::Basic(start) => Md5::new().chain_update(start).chain_update(block.to_le_bytes()).finalize().to_vec(),
            Keys::CryptoApi { hash, bits } => {
                let mut key = Sha1::new().chain_update(hash).chain_update(block.to_le_bytes()).finalize().to_vec();
                key.truncate(bits / 8);
                if *bits == 40 {
                    // The old provider takes 128 bits always; those that a key of 40 lacks are zero.
                    key.resize(16, 0);
                }
                key
            }
        }
    }

    /// Encrypts or decrypts what belongs to one block.
    pub fn apply(&self, block: u32, bytes: &mut [u8]) {
        // RC4 takes keys of 1 to 256 bytes, and those above have 5 to 16.
        if let Ok(mut cipher) = Rc4::new_from_slice(&self.key(block)) {
            cipher.apply_keystream(bytes);
        }
    }

    /// Whether they decrypt the verifier to something with this hash.
    fn open<D: Digest>(&self, verifier: &[u8], hash: &[u8]) -> bool {
        let mut both = [verifier, hash].concat();
        self.apply(0, &mut both);
        both.split_at_checked(verifier.len()).is_some_and(|(verifier, hash)| *D::digest(verifier) == *hash)
    }
}

/// The keys of a workbook under RC4 with 40 bits; `bytes` are the salt, the verifier and its hash.
pub(super) fn basic(mut bytes: Bytes<'_>) -> Result<(Keys, Scheme), Closed> {
    let [salt, verifier, hash] = [bytes.take(16), bytes.take(16), bytes.take(16)];
    let (salt, verifier, hash) =
        (salt.ok_or(Closed::Short)?, verifier.ok_or(Closed::Short)?, hash.ok_or(Closed::Short)?);
    let password = Md5::digest(password_units());
    let seed = [&password[..5], salt].concat().repeat(16);
    let mut start = [0; 5];
    start.copy_from_slice(&Md5::digest(seed)[..5]);
    let keys = Keys::Basic(start);
    if keys.open::<Md5>(verifier, hash) { Ok((keys, Scheme::Rc4)) } else { Err(Closed::Password(Scheme::Rc4)) }
}

/// The keys of a workbook under RC4 CryptoAPI.
pub(super) fn crypto_api(info: &super::standard::Info<'_>) -> Result<(Keys, Scheme), Closed> {
    // No size means 40 bits.
    let bits = if info.key_bits == 0 { 40 } else { info.key_bits };
    if !(40..=128).contains(&bits) || bits % 8 != 0 {
        return Err(Closed::Unknown(said!("{bits} 位 RC4 CryptoAPI", "RC4 CryptoAPI with {bits} bits")));
    }
    let scheme = Scheme::CryptoApi { bits };
    let hash = Sha1::new().chain_update(info.salt).chain_update(password_units()).finalize().into();
    let keys = Keys::CryptoApi { hash, bits };
    let expected = info.verifier_hash.get(..20).ok_or(Closed::Short)?;
    if keys.open::<Sha1>(info.verifier, expected) { Ok((keys, scheme)) } else { Err(Closed::Password(scheme)) }
}
