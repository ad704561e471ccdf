//! The encryption of Office 2010 and later: what it is, XML says.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::aes::Aes;
use super::scheme::{Closed, Scheme, password_units};
use crate::context::Context;
use crate::xml::{Part, Tag, Token, Xml};
use vocab::said;

/// Turns of hashing that a file may ask for. Office writes 100 000; the format allows a hundred times as many, which
/// would cost seconds for nothing.
const MOST_TURNS: u32 = 1_000_000;
/// Bytes of a package that are chained.
const SEGMENT: usize = 4096;

/// A package whose password is known.
pub(super) struct Agile {
    aes: Aes,
    hash: Hash,
    salt: Vec<u8>,
}

/// The cipher of a package, when the default password opens it; `part` is where the XML stands.
pub(super) fn open(context: &Context<'_>, part: &str, xml: &[u8]) -> Result<(Agile, Scheme), Closed> {
    let text = std::str::from_utf8(xml).map_err(|_| Closed::Unreadable)?;
    let (data, key) = parameters(context, part, text)?;
    let scheme = Scheme::Agile { bits: key.bits };
    if key.turns > MOST_TURNS {
        let turns = key.turns;
        return Err(Closed::Unknown(said!("散列 {turns} 次的 AES", "AES with {turns} turns of hashing")));
    }
    let start = key.hash.turned(&key.salt, key.turns);
    let unseal = |purpose: [u8; 8], sealed: &[u8]| {
        let mut hash = key.hash.digest(&[&start, &purpose]);
        hash.resize(key.bits / 8, 0x36);
        let mut open = sealed.to_vec();
        Aes::new(&hash).ok_or(Closed::Unreadable)?.decrypt_chained(&mut open, first_block(&key.salt));
        Ok(open)
    };
    let input = unseal([0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79], &key.verifier)?;
    let expected = unseal([0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E], &key.verifier_hash)?;
    let found = key.hash.digest(&[&input]);
    if found.is_empty() || !expected.starts_with(&found) {
        return Err(Closed::Password(scheme));
    }
    let mut secret = unseal([0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6], &key.sealed_key)?;
    secret.truncate(key.bits / 8);
    Ok((Agile { aes: Aes::new(&secret).ok_or(Closed::Unreadable)?, hash: data.hash, salt: data.salt }, scheme))
}

impl Agile {
    /// Decrypts the content of a package.
    pub fn decrypt(&self, bytes: &mut [u8]) {
        for (number, segment) in (0u32..).zip(bytes.chunks_mut(SEGMENT)) {
            let before = self.hash.digest(&[&self.salt, &number.to_le_bytes()]);
            self.aes.decrypt_chained(segment, first_block(&before));
        }
    }
}

/// What chaining starts from: the first bytes of a salt or hash, filled up.
fn first_block(bytes: &[u8]) -> [u8; 16] {
    let mut block = [0x36; 16];
    block.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    block
}

/// How the package is encrypted.
struct Data {
    hash: Hash,
    salt: Vec<u8>,
}

/// How its key is.
struct Key {
    bits: usize,
    hash: Hash,
    salt: Vec<u8>,
    turns: u32,
    verifier: Vec<u8>,
    verifier_hash: Vec<u8>,
    sealed_key: Vec<u8>,
}

/// The parameters of the package and of the key that belongs to a password.
fn parameters(context: &Context<'_>, part: &str, text: &str) -> Result<(Data, Key), Closed> {
    let mut xml = Xml::new(context, Part::Named(part), text);
    let (mut data, mut key) = (None, None);
    loop {
        match xml.next().map_err(|_| Closed::Unreadable)? {
            Token::Open(tag) if tag.name() == "keyData" && data.is_none() => {
                let (hash, salt, _) = common(&tag)?;
                data = Some(Data { hash, salt });
            }
            // Keys that belong to a certificate have no turns.
            Token::Open(tag) if tag.name() == "encryptedKey" && tag.attribute("spinCount").is_some() => {
                let (hash, salt, bits) = common(&tag)?;
                key = Some(Key {
                    bits,
                    hash,
                    salt,
                    turns: tag.number("spinCount").ok_or(Closed::Unreadable)?,
                    verifier: bytes(&tag, "encryptedVerifierHashInput")?,
                    verifier_hash: bytes(&tag, "encryptedVerifierHashValue")?,
                    sealed_key: bytes(&tag, "encryptedKeyValue")?,
                });
            }
            Token::End => return data.zip(key).ok_or(Closed::Unreadable),
            _ => {}
        }
    }
}

/// Hash, salt and bits of a key, which must be one of AES, chained.
fn common(tag: &Tag<'_>) -> Result<(Hash, Vec<u8>, usize), Closed> {
    let [cipher, chaining, hash] =
        tag.attributes(["cipherAlgorithm", "cipherChaining", "hashAlgorithm"]).map(Option::unwrap_or_default);
    let (salt, bits) = (bytes(tag, "saltValue")?, tag.number("keyBits").ok_or(Closed::Unreadable)?);
    match Hash::named(&hash) {
        Some(hash) if cipher == "AES" && chaining == "ChainingModeCBC" && matches!(bits, 128 | 192 | 256) => {
            Ok((hash, salt, bits))
        }
        _ => {
            let what = said!("{bits} 位 {cipher}，{chaining}，{hash}", "{cipher} with {bits} bits, {chaining}, {hash}");
            Err(Closed::Unknown(what))
        }
    }
}

fn bytes(tag: &Tag<'_>, name: &str) -> Result<Vec<u8>, Closed> {
    tag.attribute(name).and_then(|text| BASE64.decode(text.trim()).ok()).ok_or(Closed::Unreadable)
}

#[derive(Clone, Copy)]
enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn named(name: &str) -> Option<Self> {
        match name {
            "SHA1" | "SHA-1" => Some(Hash::Sha1),
            "SHA256" => Some(Hash::Sha256),
            "SHA384" => Some(Hash::Sha384),
            "SHA512" => Some(Hash::Sha512),
            _ => None,
        }
    }

    fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        fn of<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
            let mut digest = D::new();
            parts.iter().for_each(|part| digest.update(part));
            digest.finalize().to_vec()
        }
        match self {
            Hash::Sha1 => of::<Sha1>(parts),
            Hash::Sha256 => of::<Sha256>(parts),
            Hash::Sha384 => of::<Sha384>(parts),
            Hash::Sha512 => of::<Sha512>(parts),
        }
    }

    /// The hash of the salted password, hashed again so many times.
    fn turned(self, salt: &[u8], turns: u32) -> Vec<u8> {
        let mut hash = self.digest(&[salt, &password_units()]);
        for turn in 0..turns {
            hash = self.digest(&[&turn.to_le_bytes(), &hash]);
        }
        hash
    }
}
