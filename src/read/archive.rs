//! Zip archives of exports: each member is a file of its own, wherever it comes from and whatever it is called.
//!
//! Names are UTF-8 where the archive says so, and otherwise what all of them together can only be: Chinese systems
//! write GBK without saying it. An archive in an archive is opened too, and no third one.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use encoding_rs::GB18030;
use memchr::memmem;
use zip::{CompressionMethod, ExtraField, ZipArchive};

use super::Limits;
use super::context::{Context, Outcome};
use crate::vocab::rules::{ARCHIVE_TOO_DEEP, ENCRYPTED, MEMBER_NAME, MEMBER_PASSED_OVER, MEMBER_TWICE, UNKNOWN_FORMAT};
use crate::vocab::{Problem, transfer};

/// A file out of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its path in the archive, with `/`; behind the path of the inner archive, if it was in one.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// An open archive.
pub(super) type Zip<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Whether `bytes` are a zip archive of files, and not a document that is kept in one, such as a workbook.
pub fn is_archive(bytes: &[u8]) -> bool {
    if !bytes.starts_with(b"PK") {
        return false;
    }
    if entries_in(bytes, MOST_ENTRIES) > MOST_ENTRIES {
        // More than any document has; it is refused when it is opened.
        return true;
    }
    let Ok(archive) = ZipArchive::new(Cursor::new(bytes)) else { return false };
    let has = |name: &str| archive.index_for_name(name).is_some();
    !(has("[Content_Types].xml") || has("mimetype") || (has("content.xml") && has("META-INF/manifest.xml")))
}

/// All members of an archive, and what is wrong with the others. For [`each_member`], when all fit into memory.
pub fn members(name: &str, bytes: &[u8], limits: &Limits) -> (Vec<Member>, Vec<Problem>) {
    let mut members = Vec::new();
    let problems = each_member(name, bytes, limits, &mut |member| members.push(member));
    (members, problems)
}

/// Hands over the members of the archive called `name` one by one, and returns what is wrong with the others. In a
/// finding a member is called `<archive>/<member>`.
pub fn each_member(name: &str, bytes: &[u8], limits: &Limits, take: &mut dyn FnMut(Member)) -> Vec<Problem> {
    let outermost = Context { name, limits };
    let mut walk =
        Walk { outermost, bytes: bytes.len(), members: 0, inflated: 0, is_spent: false, problems: Vec::new(), take };
    let opened = walk.archive(None, bytes);
    walk.problems.extend(opened.err());
    walk.problems
}

/// Opens an archive, if it has at most so many entries. What it says of their number is not believed; each takes far more
/// memory than its bytes.
pub(super) fn open<'a>(context: &Context<'_>, bytes: &'a [u8], most: usize) -> Outcome<Zip<'a>> {
    context.within("entries in a zip archive", entries_in(bytes, most), most)?;
    if memmem::rfind(bytes, b"PK\x05\x06").is_none() {
        // The list of contents stands at the end.
        return Err(context.cut_off("a zip archive without its end"));
    }
    ZipArchive::new(Cursor::new(bytes)).map_err(|error| context.damaged(error.to_string()))
}

/// How many entries an archive lists, up to one more than `most`. What it says of their number is not believed.
fn entries_in(bytes: &[u8], most: usize) -> usize {
    memmem::find_iter(bytes, b"PK\x01\x02").take(most + 1).count()
}

/// Entries of an archive with those of stored archives in it: more than any has, and still harmless.
const MOST_ENTRIES: usize = 1 << 17;

/// The way through an archive and those within it.
struct Walk<'a> {
    /// The outermost archive.
    outermost: Context<'a>,
    /// Its bytes: what everything in it grew from.
    bytes: usize,
    members: usize,
    inflated: usize,
    /// Whether the archive used up what it may cost: nothing more is read of it.
    is_spent: bool,
    problems: Vec<Problem>,
    take: &'a mut dyn FnMut(Member),
}

/// What is known of an entry before its content is read.
struct Entry {
    index: usize,
    /// Its name, for people if it is none for a file.
    name: String,
    /// Why the name is none for a file.
    fault: Option<&'static str>,
    is_folder: bool,
    is_encrypted: bool,
}

impl Walk<'_> {
    /// Walks through an archive; `within` is its path in the outermost one, if it is another.
    fn archive(&mut self, within: Option<&str>, bytes: &[u8]) -> Outcome<()> {
        let (outermost, limits) = (self.outermost.name, self.outermost.limits);
        let path = within.map_or(outermost.to_owned(), |within| format!("{outermost}/{within}"));
        let context = Context { name: &path, limits };
        let mut archive = open(&context, bytes, MOST_ENTRIES)?;
        if archive.has_duplicate_names() {
            // Only the last of each could be read.
            return Err(context.problem(&MEMBER_TWICE));
        }
        self.members += archive.len();
        self.outermost.within("members", self.members, limits.members)?;
        let entries = entries(&context, &mut archive)?;
        let twice = twice(&entries);
        for entry in entries.into_iter().filter(|entry| !entry.is_folder) {
            let path = format!("{path}/{}", entry.name);
            let context = Context { name: &path, limits };
            let content = match entry.refusal(&context, &twice) {
                Some(problem) => Err(problem),
                None => self.inflate(&context, &mut archive, entry.index),
            };
            let inner = within.map_or(entry.name.clone(), |within| format!("{within}/{}", entry.name));
            let taken = content.and_then(|bytes| self.member(&context, within.is_none(), inner, bytes));
            self.problems.extend(taken.err());
            if self.is_spent {
                break;
            }
        }
        Ok(())
    }

    /// A member: handed over, or opened if it is an archive itself.
    fn member(&mut self, context: &Context<'_>, is_outermost: bool, name: String, bytes: Vec<u8>) -> Outcome<()> {
        if !is_archive(&bytes) {
            (self.take)(Member { name, bytes });
            return Ok(());
        }
        if is_outermost { self.archive(Some(&name), &bytes) } else { Err(context.problem(&ARCHIVE_TOO_DEEP)) }
    }

    fn inflate(&mut self, context: &Context<'_>, archive: &mut Zip<'_>, index: usize) -> Outcome<Vec<u8>> {
        let entry = archive.by_index_data(index).map_err(|error| context.damaged(error.to_string()))?;
        let method = entry.compression();
        if !matches!(method, CompressionMethod::Stored | CompressionMethod::Deflated) {
            return Err(context.problem(&UNKNOWN_FORMAT).value(format!("packed by {method}")).expected(["Deflated"]));
        }
        let entry = archive.by_index(index).map_err(|error| context.damaged(error.to_string()))?;
        if entry.is_symlink() {
            return Err(context.problem(&MEMBER_NAME).value("a link"));
        }
        let left = self.outermost.most_from(self.bytes).saturating_sub(self.inflated);
        // One byte more than allowed tells a member that is too large from one that just fits.
        let most = left.min(context.limits.bytes).saturating_add(1);
        let mut bytes = Vec::new();
        let read = entry.take(u64::try_from(most).unwrap_or(u64::MAX)).read_to_end(&mut bytes);
        self.inflated += bytes.len();
        if bytes.len() > left {
            self.is_spent = true;
            self.outermost.expanded(self.inflated, self.bytes)?;
        }
        context.within("bytes", bytes.len(), context.limits.bytes)?;
        read.map_err(|error| context.damaged(error.to_string()))?;
        Ok(bytes)
    }
}

impl Entry {
    /// Why the content is not read.
    fn refusal(&self, context: &Context<'_>, twice: &BTreeSet<String>) -> Option<Problem> {
        if let Some(fault) = self.fault {
            return Some(context.problem(&MEMBER_NAME).value(fault));
        }
        if is_passed_over(&self.name) {
            return Some(context.problem(&MEMBER_PASSED_OVER));
        }
        if twice.contains(&self.name) {
            return Some(context.problem(&MEMBER_TWICE));
        }
        self.is_encrypted.then(|| context.problem(&ENCRYPTED))
    }
}

/// The entries of an archive with their names.
fn entries(context: &Context<'_>, archive: &mut Zip<'_>) -> Outcome<Vec<Entry>> {
    let mut raw = Vec::new();
    for index in 0..archive.len() {
        // The library has put the Unicode path in place of the name already.
        let has_unicode_path = archive
            .by_index_raw(index)
            .is_ok_and(|entry| entry.extra_data_fields().any(|field| matches!(field, ExtraField::UnicodePath(_))));
        let entry = archive.by_index_data(index).map_err(|error| context.damaged(error.to_string()))?;
        let says_utf8 = has_unicode_path || entry.flags().as_u16() & 0x0800 != 0;
        raw.push((entry.name_raw().to_vec(), says_utf8, entry.encrypted(), entry.size()));
    }
    let silent = raw.iter().filter(|(_, says_utf8, ..)| !says_utf8).map(|(name, ..)| name.as_slice());
    let silent_is_utf8 = silent.clone().all(is_surely_utf8);
    let entry = |(index, (name, says_utf8, is_encrypted, size)): (usize, (Vec<u8>, bool, bool, u64))| {
        let decoded = if says_utf8 || silent_is_utf8 {
            String::from_utf8(name.clone()).ok()
        } else {
            GB18030.decode_without_bom_handling_and_without_replacement(&name).map(|name| name.into_owned())
        };
        let (fault, name) = match decoded {
            Some(name) => match fault(&name, size) {
                // A control character in a name is no reason to have it in a message.
                Some(fault) => (Some(fault), name.replace(char::is_control, "\u{FFFD}")),
                None => (None, name),
            },
            None => (Some("a name in no known encoding"), name.escape_ascii().to_string()),
        };
        Entry { index, is_folder: fault.is_none() && name.ends_with('/'), name, fault, is_encrypted }
    };
    Ok(raw.into_iter().enumerate().map(entry).collect())
}

/// Whether a name is UTF-8 and nothing else. Two bytes for a character are no evidence: 联通 in GBK looks like that.
fn is_surely_utf8(name: &[u8]) -> bool {
    std::str::from_utf8(name).is_ok_and(|name| name.chars().all(|c| c.is_ascii() || c.len_utf8() > 2))
}

/// What makes a name none for a file within the archive.
fn fault(name: &str, size: u64) -> Option<&'static str> {
    let drive = name.as_bytes().get(1) == Some(&b':') && name.starts_with(|c: char| c.is_ascii_alphabetic());
    if name.chars().any(char::is_control) {
        return Some("a control character");
    }
    if name.contains('\\') {
        return Some("a backslash");
    }
    if drive || name.starts_with('/') {
        return Some("an absolute path");
    }
    let path = name.strip_suffix('/').unwrap_or(name);
    if path.split('/').any(|step| matches!(step, "" | "." | "..")) {
        return Some("a step out of the archive, or none");
    }
    (name.ends_with('/') && size > 0).then_some("a folder that holds bytes itself")
}

/// What operating systems and office programs leave in archives, and unfinished transfers: as in a drop folder.
fn is_passed_over(name: &str) -> bool {
    const RUBBISH: [&str; 4] = ["__MACOSX", "Thumbs.db", "desktop.ini", "ehthumbs.db"];
    name.split('/').any(|step| {
        let rubbish = RUBBISH.iter().any(|rubbish| step.eq_ignore_ascii_case(rubbish));
        rubbish || transfer::is_hidden(step) || transfer::is_unfinished(step)
    })
}

/// The names that more than one entry has.
fn twice(entries: &[Entry]) -> BTreeSet<String> {
    let mut once = BTreeSet::new();
    entries.iter().filter(|entry| !once.insert(&entry.name)).map(|entry| entry.name.clone()).collect()
}
