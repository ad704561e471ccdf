//! Gzip: a wrapping around one export, or around a tar archive, and no archive itself. What is in it has the name of the
//! file, with or without `.gz`.

use std::io::{ErrorKind, Read};

use flate2::read::MultiGzDecoder;

use super::context::{Context, Outcome};
use super::limits::Counted;
use super::unreadable;
use vocab::said;

/// Whether `bytes` begin like gzip; it packs by deflate only.
pub fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x1F\x8B\x08")
}

/// What is packed, as it is unpacked; several parts behind one another are one file, as the format has it.
pub(super) fn reader(bytes: &[u8]) -> MultiGzDecoder<&[u8]> {
    MultiGzDecoder::new(bytes)
}

/// The first bytes of what is packed, as far as they can be unpacked.
pub(super) fn head(bytes: &[u8], len: u64) -> Vec<u8> {
    let mut head = Vec::new();
    let _damage_is_told_by_who_unpacks_the_rest = reader(bytes).take(len).read_to_end(&mut head);
    head
}

/// What is packed, as a whole.
pub(super) fn unpack(context: &Context<'_>, bytes: &[u8]) -> Outcome<Vec<u8>> {
    // One byte more than allowed tells what is too large from what just fits.
    let most = context.most_from(bytes.len()).min(context.limits.bytes).saturating_add(1);
    let mut unpacked = Vec::new();
    let read = reader(bytes).take(u64::try_from(most).unwrap_or(u64::MAX)).read_to_end(&mut unpacked);
    context.expanded(unpacked.len(), bytes.len())?;
    context.within(Counted::Bytes, unpacked.len(), context.limits.bytes)?;
    read.map_err(|error| match error.kind() {
        ErrorKind::UnexpectedEof => context.cut_off(said!("gzip 压缩内容缺少结尾", "gzip without its end")),
        _ => {
            let why = unreadable::content(&error);
            context.damaged(said!("gzip：{why}", "gzip: {why}"; why))
        }
    })?;
    Ok(unpacked)
}
