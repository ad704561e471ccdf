//! Zip archives.

use std::io::Cursor;
use std::ops::ControlFlow;

use memchr::memmem;
use zip::result::ZipError;
use zip::{CompressionMethod, ExtraField, ZipArchive};

use super::container::{Container, Each, Kind, Listed};
use super::names::link;
use crate::context::{Context, Outcome};
use crate::limits::Counted;
use crate::unreadable;
use vocab::rules::{MEMBER_NAME, MEMBER_TWICE, PACKED_OTHERWISE};
use vocab::said;

/// An open archive.
pub(crate) type Zip<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Entries of an archive with those of stored archives in it: more than any has, and still harmless.
const MOST_ENTRIES: usize = 1 << 17;

/// Whether `bytes` are a zip archive of files, and not a document that is kept in one, such as a workbook.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    if !bytes.starts_with(b"PK") {
        return false;
    }
    if entries_in(bytes, MOST_ENTRIES) > MOST_ENTRIES {
        // More than any document has; it is refused when it is opened.
        return true;
    }
    let Ok(archive) = ZipArchive::new(Cursor::new(bytes)) else { return false };
    let has = |name: &str| archive.index_for_name(name).is_some();
    let is_office = has("[Content_Types].xml") || has("mimetype") || has("OFD.xml");
    !(is_office || (has("content.xml") && has("META-INF/manifest.xml")))
}

/// Opens an archive, if it has at most so many entries. What it says of their number is not believed; each takes far more
/// memory than its bytes.
pub(crate) fn open<'a>(context: &Context<'_>, bytes: &'a [u8], most: usize) -> Outcome<Zip<'a>> {
    context.within(Counted::ZipEntries, entries_in(bytes, most), most)?;
    if memmem::rfind(bytes, b"PK\x05\x06").is_none() {
        // The list of contents stands at the end.
        return Err(context.cut_off(said!("zip 压缩包缺少结尾", "a zip archive without its end")));
    }
    ZipArchive::new(Cursor::new(bytes)).map_err(|error| context.damaged(unreadable::zip(&error)))
}

/// How many entries an archive lists, up to one more than `most`. What it says of their number is not believed.
fn entries_in(bytes: &[u8], most: usize) -> usize {
    memmem::find_iter(bytes, b"PK\x01\x02").take(most + 1).count()
}

/// A zip archive of files.
pub(super) fn container<'a>(context: &Context<'_>, bytes: &'a [u8]) -> Outcome<Box<dyn Container + 'a>> {
    let archive = open(context, bytes, MOST_ENTRIES)?;
    if archive.has_duplicate_names() {
        // Only the last of each could be read.
        return Err(context.problem(&MEMBER_TWICE));
    }
    Ok(Box::new(archive))
}

impl Container for Zip<'_> {
    fn list(&mut self, context: &Context<'_>) -> Outcome<Vec<Listed>> {
        context.within(Counted::Members, self.len(), context.limits.members)?;
        let mut listed = Vec::new();
        for index in 0..self.len() {
            // The library has put the Unicode path in place of the name already.
            let has_unicode_path = self
                .by_index_raw(index)
                .is_ok_and(|entry| entry.extra_data_fields().any(|field| matches!(field, ExtraField::UnicodePath(_))));
            let entry = self.by_index_data(index).map_err(|error| context.damaged(unreadable::zip(&error)))?;
            listed.push(Listed {
                name: entry.name_raw().to_vec(),
                says_utf8: has_unicode_path || entry.flags().as_u16() & 0x0800 != 0,
                size: entry.size(),
                kind: if entry.encrypted() { Kind::Encrypted } else { Kind::File },
            });
        }
        Ok(listed)
    }

    fn contents(&mut self, context: &Context<'_>, each: &mut Each<'_>) -> Outcome<()> {
        for index in 0..self.len() {
            if let ControlFlow::Break(()) = content(context, self, index, each) {
                break;
            }
        }
        Ok(())
    }
}

/// Hands over the content of one entry.
fn content(context: &Context<'_>, archive: &mut Zip<'_>, index: usize, each: &mut Each<'_>) -> ControlFlow<()> {
    let damaged = |error: ZipError| context.damaged(unreadable::zip(&error));
    let method = match archive.by_index_data(index) {
        Ok(entry) => entry.compression(),
        Err(error) => return each(index, Err(damaged(error))),
    };
    if !matches!(method, CompressionMethod::Stored | CompressionMethod::Deflated) {
        let how = said!("以 {method} 方式压缩", "packed by {method}");
        return each(index, Err(context.problem(&PACKED_OTHERWISE).said(how).expected(["Deflated"])));
    }
    match archive.by_index(index) {
        Ok(entry) if entry.is_symlink() => each(index, Err(context.problem(&MEMBER_NAME).said(link()))),
        Ok(mut entry) => each(index, Ok(&mut entry)),
        Err(error) => each(index, Err(damaged(error))),
    }
}
