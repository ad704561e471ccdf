//! Streams out of an OLE2 compound file.
//!
//! Vendors' exports break the letter of the format (unordered directories, wrong lengths of their own tables) and still
//! hold whole workbooks. So only what is needed to reach a stream must be right: its directory entry and its chain of
//! sectors, each inside the file and none used twice.

use super::bytes::Bytes;
use vocab::{Said, said};

/// The first bytes of a compound file.
const HEADER: usize = 512;
/// Streams shorter than this are kept in small sectors, inside the stream of the root entry.
const SMALL_STREAM: usize = 4096;
const SMALL_SECTOR: usize = 64;
const ENTRY: usize = 128;
/// Sector numbers from here on are marks, such as the end of a chain.
const MARKS: u32 = 0xFFFF_FFFA;

/// Why a stream cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Header,
    SectorSize,
    /// The table of sectors ends too early.
    Table,
    TableInCircles,
    Missing,
    /// The stream ends too early.
    Short,
    OutsideFile,
    OutsideTable,
    InCircles,
}

impl Fault {
    /// Whether a file has this fault because its end is missing.
    pub fn is_cut_off(self) -> bool {
        matches!(self, Fault::OutsideFile | Fault::Table | Fault::Short)
    }

    /// What is wrong.
    pub fn said(self) -> Said {
        match self {
            Fault::Header => said!("文件头不完整", "its header is incomplete"),
            Fault::SectorSize => said!("扇区大小未知", "its sectors are of no known size"),
            Fault::Table => said!("扇区表不完整", "its sector table is incomplete"),
            Fault::TableInCircles => said!("扇区表循环引用", "its sector table runs in circles"),
            Fault::Missing => said!("缺少数据流", "a stream is missing"),
            Fault::Short => said!("数据流短于目录所写长度", "a stream is shorter than its directory says"),
            Fault::OutsideFile => said!("数据流指向文件之外", "a stream leads outside the file"),
            Fault::OutsideTable => said!("数据流指向扇区表之外", "a stream leads outside the sector table"),
            Fault::InCircles => said!("数据流循环引用", "a stream runs in circles"),
        }
    }
}

/// An open compound file.
pub(super) struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    /// The sector that follows each sector.
    next: Vec<u32>,
    /// The same for small sectors.
    next_small: Vec<u32>,
    /// The small sectors themselves.
    small: Vec<u8>,
    entries: Vec<Entry>,
    /// The streams that stand in no storage, by their place among the entries.
    outermost: Vec<usize>,
}

#[derive(Default)]
struct Entry {
    name: String,
    /// Root, storage or stream.
    kind: u8,
    /// Entries of the same storage, and one of those it holds itself.
    left: u32,
    right: u32,
    child: u32,
    first: u32,
    len: usize,
}

impl<'a> Compound<'a> {
    const STREAM: u8 = 2;
    const ROOT: u8 = 5;

    /// Reads the tables of a compound file.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Fault> {
        let header = Header::read(bytes).ok_or(Fault::Header)?;
        let sector = match header.sector_shift {
            9 => 512,
            12 => 4096,
            _ => return Err(Fault::SectorSize),
        };
        let mut file = Compound {
            bytes,
            sector,
            next: Vec::new(),
            next_small: Vec::new(),
            small: Vec::new(),
            entries: Vec::new(),
            outermost: Vec::new(),
        };
        file.next = file.sector_table(&header)?;
        let directory = file.chain(header.first_directory, usize::MAX)?;
        file.entries =
            directory.chunks_exact(ENTRY).map(|entry| Entry::read(Bytes(entry)).unwrap_or_default()).collect();
        file.outermost = file.outermost();
        if let Some((first, len)) =
            file.entries.iter().find(|entry| entry.kind == Self::ROOT).map(|root| (root.first, root.len))
        {
            file.next_small = numbers(&file.chain(header.first_small_table, usize::MAX)?).collect();
            file.small = file.chain(first, len)?;
        }
        Ok(file)
    }

    /// Whether there is a stream of this name.
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The content of a stream.
    pub fn stream(&self, name: &str) -> Result<Vec<u8>, Fault> {
        let entry = self.find(name).ok_or(Fault::Missing)?;
        let content = if entry.len < SMALL_STREAM {
            follow(entry.first, entry.len, &self.next_small, |number| {
                let start = number as usize * SMALL_SECTOR;
                self.small.get(start..).map(|rest| rest.get(..SMALL_SECTOR).unwrap_or(rest))
            })?
        } else {
            self.chain(entry.first, entry.len)?
        };
        if content.len() < entry.len { Err(Fault::Short) } else { Ok(content) }
    }

    fn find(&self, name: &str) -> Option<&Entry> {
        let mut streams = self.outermost.iter().filter_map(|at| self.entries.get(*at));
        streams.find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// The streams in the root: a document may hold a workbook in a storage of its own, and that one is not meant. Where
    /// the directory is no tree, all streams there are.
    fn outermost(&self) -> Vec<usize> {
        let is_stream = |at: &usize| self.entries.get(*at).is_some_and(|entry| entry.kind == Self::STREAM);
        let root = self.entries.iter().find(|entry| entry.kind == Self::ROOT);
        let mut seen = vec![false; self.entries.len()];
        let mut open: Vec<u32> = root.map(|root| root.child).into_iter().collect();
        while let Some(next) = open.pop() {
            let at = next as usize;
            if let (Some(entry), Some(seen @ false)) = (self.entries.get(at), seen.get_mut(at)) {
                *seen = true;
                open.extend([entry.left, entry.right]);
            }
        }
        let found: Vec<usize> = (0..seen.len()).filter(|at| seen.get(*at) == Some(&true)).filter(is_stream).collect();
        if found.is_empty() { (0..self.entries.len()).filter(is_stream).collect() } else { found }
    }

    /// The table of which sector follows which, itself spread over sectors that the header and its extension list.
    fn sector_table(&self, header: &Header<'_>) -> Result<Vec<u32>, Fault> {
        let mut parts: Vec<u32> = numbers(header.first_tables).collect();
        let mut extension = header.first_extension;
        let sectors = self.bytes.len() / self.sector;
        for _ in 0..=sectors {
            if extension >= MARKS {
                break;
            }
            let mut listed: Vec<u32> = numbers(self.at(extension).ok_or(Fault::Table)?).collect();
            extension = listed.pop().unwrap_or(MARKS);
            parts.extend(listed);
            if parts.len() > sectors + self.sector {
                return Err(Fault::TableInCircles);
            }
        }
        let mut table = Vec::new();
        for part in parts.into_iter().filter(|part| *part < MARKS) {
            table.extend(numbers(self.at(part).ok_or(Fault::Table)?));
            if table.len() > sectors + self.sector {
                break;
            }
        }
        Ok(table)
    }

    /// One sector; the last of a file may be cut short.
    fn at(&self, number: u32) -> Option<&'a [u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector)?;
        let rest = self.bytes.get(start..).filter(|rest| !rest.is_empty())?;
        Some(rest.get(..self.sector).unwrap_or(rest))
    }

    fn chain(&self, first: u32, len: usize) -> Result<Vec<u8>, Fault> {
        follow(first, len, &self.next, |number| self.at(number))
    }
}

/// Puts the sectors of a chain together, up to `len` bytes.
fn follow<'b>(first: u32, len: usize, next: &[u32], at: impl Fn(u32) -> Option<&'b [u8]>) -> Result<Vec<u8>, Fault> {
    let mut content = Vec::new();
    let mut number = first;
    let mut used = vec![false; next.len()];
    while number < MARKS && content.len() < len {
        content.extend_from_slice(at(number).ok_or(Fault::OutsideFile)?);
        let place = number as usize;
        match (next.get(place), used.get_mut(place)) {
            (Some(follower), Some(used @ false)) => {
                *used = true;
                number = *follower;
            }
            (Some(_), _) => return Err(Fault::InCircles),
            (None, _) => return Err(Fault::OutsideTable),
        }
    }
    content.truncate(len);
    Ok(content)
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks::<4>().0.iter().map(|number| u32::from_le_bytes(*number))
}

struct Header<'a> {
    sector_shift: u16,
    first_directory: u32,
    first_small_table: u32,
    first_extension: u32,
    /// The first sectors of the sector table.
    first_tables: &'a [u8],
}

impl<'a> Header<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut bytes = Bytes(bytes.get(..HEADER)?);
        bytes.take(30)?;
        let sector_shift = bytes.u16()?;
        bytes.take(16)?;
        let first_directory = bytes.u32()?;
        bytes.take(8)?;
        let first_small_table = bytes.u32()?;
        bytes.take(4)?;
        let first_extension = bytes.u32()?;
        bytes.take(4)?;
        Some(Header { sector_shift, first_directory, first_small_table, first_extension, first_tables: bytes.0 })
    }
}

impl Entry {
    fn read(mut bytes: Bytes<'_>) -> Option<Self> {
        let units: Vec<u16> = bytes.take(64)?.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
        let name_len = usize::from(bytes.u16()? / 2).saturating_sub(1);
        let name = String::from_utf16(units.get(..name_len)?).ok()?;
        let kind = bytes.u8()?;
        bytes.take(1)?;
        let (left, right, child) = (bytes.u32()?, bytes.u32()?, bytes.u32()?);
        bytes.take(36)?;
        let (first, len) = (bytes.u32()?, bytes.u32()?);
        // The upper half of the length is rubbish in old files, and no workbook is larger than 4 GiB.
        Some(Entry { name, kind, left, right, child, first, len: len as usize })
    }
}
