//! What a Parquet file says of its own sizes, held against what is there before memory is set aside for it. Only lengths are read: the
//! values are for the crate. The layout is that of `parquet.thrift` in Thrift's compact protocol.

use ::parquet::basic::Compression;
use ::parquet::file::metadata::RowGroupMetaData;

use super::super::context::{Context, Outcome};
use vocab::rules::PACKED_OTHERWISE;
use vocab::{Said, said};

/// How a file begins and ends.
pub(super) const MAGIC: &[u8] = b"PAR1";
/// No table has more columns, row groups or remarks.
const MOST_LISTED: u64 = 1 << 18;
/// No part of the format lies deeper.
const DEEPEST: usize = 16;

/// What does not hold together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The list of columns and row groups ends before what it announces.
    FooterEnds,
    /// A page does.
    PageEnds,
    /// They say what cannot be.
    Odd,
}

impl Fault {
    pub(super) fn told(self, context: &Context<'_>) -> vocab::Problem {
        match self {
            Fault::FooterEnds => {
                context.cut_off(said!("parquet：列的清单不完整", "parquet: the list of its columns is incomplete"))
            }
            Fault::PageEnds => context.cut_off(said!("parquet：页不完整", "parquet: a page is incomplete")),
            Fault::Odd => {
                context.damaged(said!("parquet：结构前后不符", "parquet: its structure does not hold together"))
            }
        }
    }
}

/// Refuses a part at the end, which lists columns and row groups, whose own lists are not as long as they say.
pub(super) fn footer(bytes: &[u8]) -> Result<(), Fault> {
    let rest = bytes.strip_suffix(MAGIC).ok_or(Fault::FooterEnds)?;
    let (rest, len) = rest.split_last_chunk::<4>().ok_or(Fault::FooterEnds)?;
    let start = rest.len().checked_sub(u32::from_le_bytes(*len) as usize).ok_or(Fault::FooterEnds)?;
    let footer = rest.get(start..).ok_or(Fault::FooterEnds)?;
    let mut cursor = Cursor { bytes: footer, at: 0, ends: Fault::FooterEnds };
    cursor.structure(0, &mut |_, _| {})
}

/// Refuses pages that are not there, that become too much, or are packed in a way that is not unpacked here. `total` is what the pages
/// of the whole file become.
pub(super) fn pages(context: &Context<'_>, bytes: &[u8], group: &RowGroupMetaData, total: &mut usize) -> Outcome<()> {
    for chunk in group.columns() {
        let name = chunk.column_path().string();
        if !matches!(chunk.compression(), Compression::UNCOMPRESSED | Compression::SNAPPY) {
            return Err(context.problem(&PACKED_OTHERWISE).said(packed_by(chunk.compression())));
        }
        let start = chunk.dictionary_page_offset().unwrap_or_else(|| chunk.data_page_offset());
        let range = usize::try_from(start).ok().zip(usize::try_from(chunk.compressed_size()).ok());
        let chunk_bytes = range
            .and_then(|(start, len)| bytes.get(start..start.checked_add(len)?))
            .filter(|_| chunk.file_path().is_none())
            .ok_or_else(|| Fault::PageEnds.told(context))?;
        let made = unpacked(chunk_bytes).map_err(|fault| {
            let mut problem = fault.told(context);
            problem.place.sheet = name;
            problem
        })?;
        *total = total.saturating_add(made);
        context.expanded(*total, bytes.len())?;
    }
    Ok(())
}

/// The bytes that the pages of a column become by what their headers say.
fn unpacked(chunk: &[u8]) -> Result<usize, Fault> {
    let mut cursor = Cursor { bytes: chunk, at: 0, ends: Fault::PageEnds };
    let mut total: usize = 0;
    while cursor.at < chunk.len() {
        let (mut made, mut packed) = (None, None);
        cursor.structure(0, &mut |field, value| match field {
            2 => made = usize::try_from(value).ok(),
            3 => packed = usize::try_from(value).ok(),
            _ => {}
        })?;
        cursor.skip(packed.ok_or(Fault::Odd)?)?;
        total = total.saturating_add(made.ok_or(Fault::Odd)?);
    }
    Ok(total)
}

/// A place in bytes of the compact protocol.
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    /// What is said where they end too soon.
    ends: Fault,
}

impl Cursor<'_> {
    fn byte(&mut self) -> Result<u8, Fault> {
        let byte = *self.bytes.get(self.at).ok_or(self.ends)?;
        self.at += 1;
        Ok(byte)
    }

    fn skip(&mut self, count: usize) -> Result<(), Fault> {
        let end = self.at.checked_add(count).filter(|end| *end <= self.bytes.len()).ok_or(self.ends)?;
        self.at = end;
        Ok(())
    }

    /// A whole number, seven bits in each byte, the lowest first.
    fn varint(&mut self) -> Result<u64, Fault> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Fault::Odd)
    }

    /// A struct: fields until a zero. `seen` gets the whole numbers among its own fields.
    fn structure(&mut self, depth: usize, seen: &mut dyn FnMut(i64, i64)) -> Result<(), Fault> {
        if depth > DEEPEST {
            return Err(Fault::Odd);
        }
        let mut field: i64 = 0;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Ok(());
            }
            field = match head >> 4 {
                0 => zigzag(self.varint()?),
                step => field.saturating_add(i64::from(step)),
            };
            match head & 0x0F {
                // A truth is in the head.
                1 | 2 => {}
                4..=6 => seen(field, zigzag(self.varint()?)),
                kind => self.value(kind, depth)?,
            }
        }
    }

    /// Skips one value of this kind.
    fn value(&mut self, kind: u8, depth: usize) -> Result<(), Fault> {
        match kind {
            1..=3 => self.skip(1),
            4..=6 => self.varint().map(|_| ()),
            7 => self.skip(8),
            8 => {
                let len = self.varint()?;
                self.skip(usize::try_from(len).map_err(|_| Fault::Odd)?)
            }
            9 | 10 => self.list(depth),
            12 => self.structure(depth + 1, &mut |_, _| {}),
            // The format has no maps.
            _ => Err(Fault::Odd),
        }
    }

    fn list(&mut self, depth: usize) -> Result<(), Fault> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => self.varint()?,
            few => u64::from(few),
        };
        if count > MOST_LISTED || depth > DEEPEST {
            return Err(Fault::Odd);
        }
        (0..count).try_for_each(|_| self.value(head & 0x0F, depth + 1))
    }
}

/// The sign is the lowest bit.
fn zigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

/// Says how a file is packed, by the usual name.
fn packed_by(compression: Compression) -> Said {
    let codec = match compression {
        Compression::GZIP(_) => "gzip",
        Compression::BROTLI(_) => "brotli",
        Compression::LZ4 | Compression::LZ4_RAW => "lz4",
        Compression::LZO => "lzo",
        Compression::ZSTD(_) => "zstd",
        _ => return said!("以未知方式压缩的 Parquet 文件", "a Parquet file packed by an unknown method"),
    };
    said!("以 {codec} 方式压缩的 Parquet 文件", "a Parquet file packed by {codec}")
}
