//! Tar archives, also within gzip: the old format, ustar, and the extensions of POSIX and GNU for long names.

use std::io::{self, Cursor, ErrorKind, Read};
use std::ops::ControlFlow;

use tar::{Archive, EntryType};

use super::container::{Container, Each, Kind, Listed};
use crate::context::{Context, Outcome};
use crate::gzip;
use crate::limits::Counted;
use crate::unreadable;
use vocab::{Problem, Said, said};

/// Headers and contents are made of blocks.
const BLOCK: usize = 512;

/// Whether `bytes` begin with the header of a member: its checksum is right, and it is marked as one, or blank where the
/// old format has nothing.
pub(super) fn is_tar(bytes: &[u8]) -> bool {
    let Some(header) = bytes.first_chunk::<BLOCK>() else { return false };
    let (before, rest) = header.split_at(148);
    let (checksum, behind) = rest.split_at(8);
    let digits = checksum.trim_ascii_start().split(|byte| matches!(byte, 0 | b' ')).next().unwrap_or_default();
    let stated = std::str::from_utf8(digits).ok().and_then(|digits| u32::from_str_radix(digits, 8).ok());
    // The checksum itself counts as blanks.
    let sum = before.iter().chain(behind).map(|byte| u32::from(*byte)).sum::<u32>() + 8 * u32::from(b' ');
    let is_old = || before.get(99) == Some(&0) && header.iter().skip(257).all(|byte| *byte == 0);
    stated == Some(sum) && (header.get(257..262) == Some(b"ustar") || is_old())
}

/// Whether `bytes` are a tar archive within gzip.
pub(super) fn is_tar_in_gzip(bytes: &[u8]) -> bool {
    gzip::is_gzip(bytes) && is_tar(&gzip::head(bytes, BLOCK as u64))
}

/// A tar archive. It is gone through twice, first for its list, so that what is packed is never held as a whole.
pub(super) struct Tar<'a> {
    bytes: &'a [u8],
    is_packed: bool,
    /// How many bytes may be unpacked.
    left: usize,
}

impl<'a> Tar<'a> {
    pub fn new(bytes: &'a [u8], left: usize) -> Self {
        Tar { bytes, is_packed: gzip::is_gzip(bytes), left }
    }

    fn stream(&self) -> Stream<'a> {
        let inner: Box<dyn Read> =
            if self.is_packed { Box::new(gzip::reader(self.bytes)) } else { Box::new(Cursor::new(self.bytes)) };
        // What is not packed is there already.
        let left = if self.is_packed { self.left } else { usize::MAX };
        Stream { inner, left, is_over: false, is_at_end: false }
    }

    fn told(&self, context: &Context<'_>, stream: &Stream<'_>, error: &io::Error) -> Problem {
        if stream.is_over {
            return context.spent(self.bytes.len());
        }
        match error.kind() {
            ErrorKind::UnexpectedEof => context.cut_off(without_end()),
            _ if stream.is_at_end => context.cut_off(without_end()),
            _ => {
                let why = unreadable::content(error);
                context.damaged(said!("tar：{why}", "tar: {why}"; why))
            }
        }
    }
}

impl Container for Tar<'_> {
    fn list(&mut self, context: &Context<'_>) -> Outcome<Vec<Listed>> {
        let mut stream = self.stream();
        let listed = list(&mut stream, context.limits.members);
        let listed = listed.map_err(|error| self.told(context, &stream, &error))?;
        context.within(Counted::Members, listed.len(), context.limits.members)?;
        if stream.is_at_end {
            // The end of an archive is a block of zeros. Without it members may be missing.
            return Err(context.cut_off(without_end()));
        }
        // What follows the end is padding; within gzip it is read, since the checksum stands behind it.
        io::copy(&mut stream, &mut io::sink()).map_err(|error| self.told(context, &stream, &error))?;
        Ok(listed)
    }

    fn contents(&mut self, context: &Context<'_>, each: &mut Each<'_>) -> Outcome<()> {
        let mut stream = self.stream();
        let went = contents(&mut stream, each);
        went.map_err(|error| self.told(context, &stream, &error))
    }
}

fn without_end() -> Said {
    said!("tar 压缩包缺少结尾", "a tar archive without its end")
}

/// The entries, up to one more than `most`.
fn list(stream: &mut Stream<'_>, most: usize) -> io::Result<Vec<Listed>> {
    let mut listed = Vec::new();
    for entry in Archive::new(stream).entries()?.take(most.saturating_add(1)) {
        let mut entry = entry?;
        let kind = match entry.header().entry_type() {
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => Kind::File,
            EntryType::Directory => Kind::Folder,
            EntryType::Link | EntryType::Symlink => Kind::Link,
            _ => Kind::Other,
        };
        let says_utf8 = says_utf8(&mut entry)?;
        listed.push(Listed { name: name(&entry.path_bytes(), kind), says_utf8, size: entry.size(), kind });
    }
    Ok(listed)
}

/// Whether the name comes from an extension of POSIX, where it is UTF-8.
fn says_utf8<R: Read>(entry: &mut tar::Entry<'_, R>) -> io::Result<bool> {
    let Some(mut extensions) = entry.pax_extensions()? else { return Ok(false) };
    Ok(extensions
        .any(|one| one.is_ok_and(|one| one.key_bytes() == b"path" && str::from_utf8(one.value_bytes()).is_ok())))
}

/// A name without the `./` that most archives put before it, and for a folder with a `/` behind it.
fn name(path: &[u8], kind: Kind) -> Vec<u8> {
    let mut name = path;
    while let Some(rest) = name.strip_prefix(b"./") {
        name = rest;
    }
    let is_folder = kind == Kind::Folder;
    if is_folder && matches!(name, b"" | b".") {
        return Vec::new();
    }
    let slash: &[u8] = if is_folder && !name.ends_with(b"/") { b"/" } else { b"" };
    [name, slash].concat()
}

fn contents(stream: &mut Stream<'_>, each: &mut Each<'_>) -> io::Result<()> {
    for (index, entry) in Archive::new(stream).entries()?.enumerate() {
        if let ControlFlow::Break(()) = each(index, Ok(&mut entry?)) {
            break;
        }
    }
    Ok(())
}

/// The bytes of an archive as they come, counted.
struct Stream<'a> {
    inner: Box<dyn Read + 'a>,
    left: usize,
    /// Whether more came than is allowed.
    is_over: bool,
    /// Whether it was read to its last byte.
    is_at_end: bool,
}

impl Read for Stream<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.is_at_end |= read == 0 && !into.is_empty();
        match self.left.checked_sub(read) {
            Some(left) => self.left = left,
            None => {
                self.is_over = true;
                return Err(io::Error::other("more than allowed"));
            }
        }
        Ok(read)
    }
}
