//! Archives of exports (zip, 7z, tar, also within gzip): each member is a file of its own, wherever it comes from and
//! whatever it is called.
//!
//! Names are UTF-8 where the archive says so, and otherwise what all of them together can only be: Chinese systems
//! write GBK without saying it. An archive in an archive is opened too, and no third one. What an archive may cost is
//! counted here, whatever its kind is.

mod container;
mod names;
mod seven;
mod tar;
mod zip;

use std::io::{ErrorKind, Read};
use std::ops::ControlFlow;

use super::context::{Context, Outcome};
use super::limits::{Counted, Limits};
use super::unreadable;
use container::Container;
use names::Entry;
use vocab::rules::{ARCHIVE_TOO_DEEP, EMPTY_FILE};
use vocab::{Place, Problem, said};
pub(super) use zip::{Zip, open as open_zip};

/// A file out of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its path in the archive, with `/`; behind the path of the inner archive, if it was in one.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Kinds of archives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Files, each packed by itself.
    Zip,
    /// Files, packed together.
    Seven,
    /// Files behind one another, not packed, or packed by gzip.
    Tar,
}

impl Kind {
    /// The word used in findings.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Zip => "zip",
            Kind::Seven => "7z",
            Kind::Tar => "tar",
        }
    }
}

/// Which kind of archive `bytes` are; none for a document that is kept in one, such as a workbook, and for everything else.
pub fn kind(bytes: &[u8]) -> Option<Kind> {
    if zip::is_archive(bytes) {
        Some(Kind::Zip)
    } else if bytes.starts_with(seven::MAGIC) {
        Some(Kind::Seven)
    } else if tar::is_tar(bytes) || tar::is_tar_in_gzip(bytes) {
        Some(Kind::Tar)
    } else {
        None
    }
}

/// Whether `bytes` are an archive of files.
pub fn is_archive(bytes: &[u8]) -> bool {
    kind(bytes).is_some()
}

/// Whether they are a tar archive, packed or not.
pub(super) fn is_tar(bytes: &[u8]) -> bool {
    tar::is_tar(bytes)
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

impl Walk<'_> {
    /// Walks through an archive; `within` is its path in the outermost one, if it is another.
    fn archive(&mut self, within: Option<&str>, bytes: &[u8]) -> Outcome<()> {
        let (outermost, limits) = (self.outermost.name, self.outermost.limits);
        let path = within.map_or(outermost.to_owned(), |within| format!("{outermost}/{within}"));
        let context = Context { name: &path, limits };
        let mut container: Box<dyn Container> = match kind(bytes) {
            Some(Kind::Seven) => Box::new(seven::Seven::open(&context, bytes, self.left())?),
            Some(Kind::Tar) => Box::new(tar::Tar::new(bytes, self.left())),
            _ => zip::container(&context, bytes)?,
        };
        let entries = names::named(container.list(&context)?);
        self.members += entries.len();
        self.outermost.within(Counted::Members, self.members, limits.members)?;
        if entries.iter().all(|entry| entry.is_folder) {
            return Err(context.problem(&EMPTY_FILE).said(said!("压缩包中没有文件", "no file is in the archive")));
        }
        let twice = names::twice(&entries);
        container.contents(&context, &mut |index, content| {
            let Some(entry) = entries.get(index).filter(|entry| !entry.is_folder) else {
                return ControlFlow::Continue(());
            };
            let path = format!("{path}/{}", entry.name);
            let context = Context { name: &path, limits };
            let content = match entry.refusal(&context, &twice) {
                Some(problem) => Err(problem),
                None => content
                    .map_err(|problem| Problem { place: Place::file(&path), ..problem })
                    .and_then(|content| self.unpack(&context, content)),
            };
            let taken = content.and_then(|bytes| self.member(&context, within, entry, bytes));
            self.problems.extend(taken.err());
            if self.is_spent { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
    }

    /// How many bytes may still be unpacked.
    fn left(&self) -> usize {
        self.outermost.most_from(self.bytes).saturating_sub(self.inflated)
    }

    /// A member: handed over, or opened if it is an archive itself.
    fn member(&mut self, context: &Context<'_>, within: Option<&str>, entry: &Entry, bytes: Vec<u8>) -> Outcome<()> {
        let name = within.map_or(entry.name.clone(), |within| format!("{within}/{}", entry.name));
        if !is_archive(&bytes) {
            (self.take)(Member { name, bytes });
            return Ok(());
        }
        if within.is_none() { self.archive(Some(&name), &bytes) } else { Err(context.problem(&ARCHIVE_TOO_DEEP)) }
    }

    fn unpack(&mut self, context: &Context<'_>, content: &mut dyn Read) -> Outcome<Vec<u8>> {
        let left = self.left();
        // One byte more than allowed tells a member that is too large from one that just fits.
        let most = left.min(context.limits.bytes).saturating_add(1);
        let mut bytes = Vec::new();
        let read = content.take(u64::try_from(most).unwrap_or(u64::MAX)).read_to_end(&mut bytes);
        self.inflated += bytes.len();
        if bytes.len() > left {
            self.is_spent = true;
            self.outermost.expanded(self.inflated, self.bytes)?;
        }
        context.within(Counted::Bytes, bytes.len(), context.limits.bytes)?;
        read.map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => context.cut_off(said!("成员缺少结尾", "a member without its end")),
            _ => context.damaged(unreadable::content(&error)),
        })?;
        Ok(bytes)
    }
}
