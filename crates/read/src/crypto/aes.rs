//! AES with a key of any of its lengths, as packages use it: block by block, or chained.

use aes::cipher::{Array, BlockCipherDecrypt, KeyInit};
use aes::{Aes128, Aes192, Aes256};

/// Bytes of a block.
const BLOCK: usize = 16;

/// A cipher with its key.
pub(super) enum Aes {
    Bits128(Aes128),
    Bits192(Aes192),
    Bits256(Aes256),
}

impl Aes {
    /// None for a key of another length than 16, 24 or 32 bytes.
    pub fn new(key: &[u8]) -> Option<Self> {
        match key.len() {
            16 => Aes128::new_from_slice(key).ok().map(Aes::Bits128),
            24 => Aes192::new_from_slice(key).ok().map(Aes::Bits192),
            32 => Aes256::new_from_slice(key).ok().map(Aes::Bits256),
            _ => None,
        }
    }

    fn block(&self, block: &mut [u8; BLOCK]) {
        let mut array = Array::from(*block);
        match self {
            Aes::Bits128(cipher) => cipher.decrypt_block(&mut array),
            Aes::Bits192(cipher) => cipher.decrypt_block(&mut array),
            Aes::Bits256(cipher) => cipher.decrypt_block(&mut array),
        }
        *block = array.into();
    }

    /// Decrypts each whole block by itself (ECB).
    pub fn decrypt_blocks(&self, bytes: &mut [u8]) {
        for block in bytes.as_chunks_mut::<BLOCK>().0 {
            self.block(block);
        }
    }

    /// Decrypts whole blocks that are chained, the first to `before` (CBC).
    pub fn decrypt_chained(&self, bytes: &mut [u8], before: [u8; BLOCK]) {
        let mut before = before;
        for block in bytes.as_chunks_mut::<BLOCK>().0 {
            let sealed = *block;
            self.block(block);
            block.iter_mut().zip(before).for_each(|(byte, before)| *byte ^= before);
            before = sealed;
        }
    }
}
