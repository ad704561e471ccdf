//! 7z archives, packed by LZMA or LZMA2, which nearly all are.
//!
//! Files of one block can only be unpacked one behind the other, wanted or not. So what an archive declares is held against
//! the limits before anything is unpacked; the library gives no more than that.

use std::io::{self, Cursor, ErrorKind, Read};
use std::ops::ControlFlow;

use sevenz_rust2::{Archive, ArchiveEntry, BlockDecoder, Error, Password};

use super::container::{Container, Each, Kind, Listed};
use crate::bytes::Bytes;
use crate::context::{Context, Outcome};
use crate::limits::Counted;
use crate::unreadable;
use vocab::rules::{ENCRYPTED, PACKED_OTHERWISE};
use vocab::{Problem, Said, said};

pub(super) const MAGIC: &[u8] = b"7z\xBC\xAF\x27\x1C";

/// The longest list of contents, unpacked: thousands of names. The library takes a hundred times as much memory.
const MOST_LIST: u64 = 1 << 20;

/// The largest dictionary of a packer, in KiB. It takes up no more than what is unpacked.
const MOST_DICTIONARY_KIB: usize = 1 << 20;

/// An open archive.
pub(super) struct Seven<'a> {
    archive: Archive,
    bytes: &'a [u8],
}

impl<'a> Seven<'a> {
    /// Opens an archive, if what it declares is within `left` bytes.
    pub fn open(context: &Context<'_>, bytes: &'a [u8], left: usize) -> Outcome<Self> {
        let end = list_end(bytes)
            .ok_or_else(|| context.damaged(said!("7z：文件头不完整", "7z: its header is incomplete")))?;
        if bytes.iter().skip(8).take(24).all(|byte| *byte == 0) {
            // The library would search for a list. Whoever writes an archive says last where it is.
            return Err(context.cut_off(without_end()));
        }
        if end > bytes.len() as u64 {
            // The list of contents stands at the end.
            return Err(context.cut_off(without_end()));
        }
        let list = list_len(bytes)
            .ok_or_else(|| context.damaged(said!("7z：目录无法读取", "7z: its list of contents cannot be read")))?;
        if list > MOST_LIST {
            return Err(context.over(Counted::SevenList, MOST_LIST as usize));
        }
        let read = Archive::read_with_memory_limit(&mut Cursor::new(bytes), &Password::empty(), MOST_DICTIONARY_KIB);
        let archive = read.map_err(|error| told(context, &error))?;
        context.within(Counted::Members, archive.files.len(), context.limits.members)?;
        let declared = archive.files.iter().try_fold(0u64, |sum, file| sum.checked_add(file.size));
        if declared.is_none_or(|declared| declared > left as u64) {
            return Err(context.spent(bytes.len()));
        }
        Ok(Seven { archive, bytes })
    }
}

impl Container for Seven<'_> {
    fn list(&mut self, _: &Context<'_>) -> Outcome<Vec<Listed>> {
        let kind = |at: usize, file: &ArchiveEntry| {
            if file.is_directory {
                Kind::Folder
            } else if self.archive.is_file_encrypted(at) {
                Kind::Encrypted
            } else if is_link(file) {
                Kind::Link
            } else if file.is_anti_item {
                Kind::Other
            } else {
                Kind::File
            }
        };
        let listed = |(at, file): (usize, &ArchiveEntry)| {
            let slash = if file.is_directory && !file.name.ends_with('/') { "/" } else { "" };
            let name = format!("{}{slash}", file.name).into_bytes();
            Listed { name, says_utf8: true, size: file.size, kind: kind(at, file) }
        };
        Ok(self.archive.files.iter().enumerate().map(listed).collect())
    }

    fn contents(&mut self, context: &Context<'_>, each: &mut Each<'_>) -> Outcome<()> {
        let mut late = None;
        for block in 0..self.archive.blocks.len() {
            match self.block(context, block, each) {
                ControlFlow::Continue(failed) => late = late.or(failed),
                ControlFlow::Break(()) => return Ok(()),
            }
        }
        for (index, block) in self.archive.stream_map.file_block_index.iter().enumerate() {
            if block.is_none() && each(index, Ok(&mut io::empty())).is_break() {
                return Ok(());
            }
        }
        late.map_or(Ok(()), Err)
    }
}

impl Seven<'_> {
    /// Hands over the files of one block. Where it cannot be unpacked further, each of the rest is told; where that only comes
    /// out at its end, it is given back.
    fn block(&self, context: &Context<'_>, block: usize, each: &mut Each<'_>) -> ControlFlow<(), Option<Problem>> {
        let (mut source, password) = (Cursor::new(self.bytes), Password::empty());
        let decoder =
            BlockDecoder::new_with_memory_limit(1, MOST_DICTIONARY_KIB, block, &self.archive, &password, &mut source);
        let first = self.archive.stream_map.block_first_file_index.get(block).copied().unwrap_or_default();
        let end = first + decoder.entry_count();
        let (mut next, mut is_over, mut is_told) = (first, false, false);
        let went = decoder.for_each_entries(&mut |_, content| {
            let mut watched = Watched { inner: content, failed: false };
            is_over = each(next, Ok(&mut watched)).is_break();
            is_told = watched.failed;
            next += 1;
            Ok(!is_over)
        });
        if is_over {
            return ControlFlow::Break(());
        }
        let Err(error) = went else { return ControlFlow::Continue(None) };
        for index in next..end {
            each(index, Err(told(context, &error)))?;
        }
        ControlFlow::Continue((next == end && !is_told).then(|| told(context, &error)))
    }
}

/// Content of which is known whether reading it failed.
struct Watched<'a> {
    inner: &'a mut dyn Read,
    failed: bool,
}

impl Read for Watched<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.inner.read(into).inspect_err(|_| self.failed = true)
    }
}

/// Whether an entry is a link, as Unix says it in the upper half of the attributes.
fn is_link(file: &ArchiveEntry) -> bool {
    const UNIX: u32 = 0x8000;
    const KIND: u32 = 0o170_000;
    const LINK: u32 = 0o120_000;
    file.has_windows_attributes && file.windows_attributes & UNIX != 0 && (file.windows_attributes >> 16) & KIND == LINK
}

/// Where the list of contents ends, as the first header says.
fn list_end(bytes: &[u8]) -> Option<u64> {
    let (offset, len) = list_place(bytes)?;
    32u64.checked_add(offset)?.checked_add(len)
}

/// Where the list of contents begins, behind the first header, and how long it is.
fn list_place(bytes: &[u8]) -> Option<(u64, u64)> {
    let (_, rest) = bytes.split_at_checked(12)?;
    let (offset, rest) = rest.split_first_chunk()?;
    Some((u64::from_le_bytes(*offset), u64::from_le_bytes(*rest.first_chunk()?)))
}

/// How long the list of contents is once it is unpacked: the library believes that there are as many files as it has bytes,
/// and makes room for each.
fn list_len(bytes: &[u8]) -> Option<u64> {
    const PACKED: u8 = 0x17;
    let (offset, len) = list_place(bytes)?;
    let start = usize::try_from(32u64.checked_add(offset)?).ok()?;
    let list = bytes.get(start..)?.get(..usize::try_from(len).ok()?)?;
    match list.split_first() {
        Some((&PACKED, rest)) => unpacked_len(Bytes(rest)),
        _ => Some(len),
    }
}

/// What the folder of a packed list says of its length: the largest of its packers' outputs.
fn unpacked_len(mut bytes: Bytes<'_>) -> Option<u64> {
    mod id {
        pub const END: u64 = 0x00;
        pub const PACK_INFO: u64 = 0x06;
        pub const UNPACK_INFO: u64 = 0x07;
        pub const FOLDER: u64 = 0x0B;
        pub const UNPACK_SIZES: u64 = 0x0C;
    }
    const MOST_STREAMS: u64 = 64;
    if number(&mut bytes)? != id::PACK_INFO {
        return None;
    }
    // Its place, the number of its streams, and for each a size, perhaps with a checksum.
    number(&mut bytes)?;
    let streams = number(&mut bytes).filter(|streams| *streams <= MOST_STREAMS)?;
    loop {
        match number(&mut bytes)? {
            id::END => break,
            0x09 => (0..streams).try_for_each(|_| number(&mut bytes).map(drop))?,
            0x0A => checksums(&mut bytes, streams)?,
            _ => return None,
        }
    }
    if number(&mut bytes)? != id::UNPACK_INFO || number(&mut bytes)? != id::FOLDER {
        return None;
    }
    // One folder, described here.
    if (number(&mut bytes)?, bytes.u8()?) != (1, 0) {
        return None;
    }
    let outputs = folder(&mut bytes, MOST_STREAMS)?;
    if number(&mut bytes)? != id::UNPACK_SIZES {
        return None;
    }
    (0..outputs).map(|_| number(&mut bytes)).try_fold(0, |most, size| Some(size?.max(most)))
}

/// Goes over the packers of a folder, and says how many outputs they have.
fn folder(bytes: &mut Bytes<'_>, most: u64) -> Option<u64> {
    let coders = number(bytes).filter(|coders| (1..=most).contains(coders))?;
    let (mut inputs, mut outputs) = (0u64, 0u64);
    for _ in 0..coders {
        let flags = bytes.u8()?;
        bytes.take(usize::from(flags & 0x0F))?;
        let (taken, given) = if flags & 0x10 != 0 { (number(bytes)?, number(bytes)?) } else { (1, 1) };
        (inputs, outputs) = (inputs.checked_add(taken)?, outputs.checked_add(given)?);
        if flags & 0x20 != 0 {
            let len = number(bytes)?;
            bytes.take(usize::try_from(len).ok()?)?;
        }
    }
    let pairs = outputs.checked_sub(1)?;
    let packed = inputs.checked_sub(pairs).filter(|_| inputs <= most && outputs <= most)?;
    (0..2 * pairs).try_for_each(|_| number(bytes).map(drop))?;
    if packed > 1 {
        (0..packed).try_for_each(|_| number(bytes).map(drop))?;
    }
    Some(outputs)
}

/// Goes over checksums: for all streams, or for those of a list of bits.
fn checksums(bytes: &mut Bytes<'_>, streams: u64) -> Option<()> {
    let count = if bytes.u8()? != 0 {
        streams
    } else {
        let bits = bytes.take(usize::try_from(streams.div_ceil(8)).ok()?)?;
        bits.iter().map(|byte| u64::from(byte.count_ones())).sum()
    };
    bytes.take(usize::try_from(count).ok()?.checked_mul(4)?).map(drop)
}

/// A number of one to nine bytes: as many ones as its first byte begins with follow it.
fn number(bytes: &mut Bytes<'_>) -> Option<u64> {
    let first = bytes.u8()?;
    let more = first.leading_ones();
    let low = bytes.take(more as usize)?.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte));
    let high = u64::from(first) & (0x7F >> more.min(7));
    Some(if more < 7 { low | high << (8 * more) } else { low })
}

fn told(context: &Context<'_>, error: &Error) -> Problem {
    match error {
        Error::PasswordRequired | Error::MaybeBadPassword(_) => context.problem(&ENCRYPTED),
        Error::UnsupportedCompressionMethod(method) if method.starts_with("AES") => context.problem(&ENCRYPTED),
        Error::UnsupportedCompressionMethod(method) => {
            let how = said!("以 {method} 方式压缩", "packed by {method}");
            context.problem(&PACKED_OTHERWISE).said(how).expected(["LZMA2"])
        }
        Error::MaxMemLimited { max_kb, .. } => context.over(Counted::DictionaryKib, *max_kb),
        Error::Io(error, _) if error.kind() == ErrorKind::UnexpectedEof => context.cut_off(without_end()),
        Error::Io(error, _) => {
            let why = unreadable::content(error);
            context.damaged(said!("7z：{why}", "7z: {why}"; why))
        }
        Error::ChecksumVerificationFailed | Error::NextHeaderCrcMismatch => {
            context.damaged(said!("7z：校验和不符", "7z: Invalid checksum"))
        }
        error => context.damaged(said!("7z：内容无法读取（{error}）", "7z: {error}")),
    }
}

fn without_end() -> Said {
    said!("7z 压缩包缺少结尾", "a 7z archive without its end")
}
