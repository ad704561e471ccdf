//! Columns of text, whose pages are encoded here: the library would make an object of each text. Texts that repeat are written by
//! a dictionary, others as they are, each with its length before it.
//!
//! The encodings are those of the format's specification (apache/parquet-format, Encodings.md: PLAIN, RLE_DICTIONARY, and the
//! hybrid of runs and packed bits), in data pages of version 1. There are no statistics: readers skip row groups by numbers, hardly by
//! texts, and comparing every text would cost more than writing it.

use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::ops::Range;

use bytes::Bytes;
use foldhash::fast::FixedState;
use parquet::basic::{Compression, Encoding};
use parquet::column::page::{CompressedPage, Page, PageWriter as _};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::Result;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::writer::{SerializedPageWriter, SerializedRowGroupWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;

use vocab::frame::TextColumn;

/// Rows of one page.
const PAGE_ROWS: usize = 1 << 14;

/// Bytes of texts after which a page ends and a dictionary takes no more: readers hold a page as a whole.
const PAGE_BYTES: usize = 1 << 20;

/// A dictionary page, and the number of its texts.
type Dictionary = (Vec<u8>, usize);

/// Writes `rows` times `text`, or as many nulls, as the next column of the group.
pub(super) fn write_same<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    column: ColumnDescPtr,
    text: Option<&str>,
    rows: usize,
) -> Result<()> {
    let mut data = levels(&vec![text.is_some(); rows]);
    let Some(text) = text else { return append(group, column, None, std::iter::once((data, rows))) };
    let mut dictionary = Vec::new();
    push(text, &mut dictionary);
    data.push(1); // Bits of a number.
    put_run(rows, 0, 1, &mut data);
    append(group, column, Some((dictionary, 1)), std::iter::once((data, rows)))
}

/// Writes the texts of `rows` as the next column of the group.
pub(super) fn write_texts<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    column: ColumnDescPtr,
    texts: &TextColumn,
    rows: Range<usize>,
) -> Result<()> {
    let Some(Numbered { dictionary, numbers }) = Numbered::of(texts, rows.clone()) else {
        return append(group, column, None, plain_pages(texts, rows));
    };
    let pages = rows.clone().step_by(PAGE_ROWS).map(|start| start..rows.end.min(start + PAGE_ROWS));
    let bits = bits_of(dictionary.1);
    let mut rest = numbers.as_slice();
    let numbered = pages.map(|page| {
        let present = texts.present(page.clone());
        let (numbers, others) = rest.split_at(present.iter().filter(|is_there| **is_there).count());
        rest = others;
        let mut data = levels(present);
        data.push(bits);
        put_hybrid(numbers, bits, &mut data);
        (data, page.len())
    });
    append(group, column, Some(dictionary), numbered)
}

/// Pages of texts as they are, each with its number of rows.
fn plain_pages(texts: &TextColumn, mut rows: Range<usize>) -> impl Iterator<Item = (Vec<u8>, usize)> {
    std::iter::from_fn(move || {
        let start = rows.start;
        let mut values = Vec::new();
        while rows.start < rows.end && rows.start - start < PAGE_ROWS && values.len() < PAGE_BYTES {
            texts.get(rows.start).into_iter().for_each(|text| push(text, &mut values));
            rows.start += 1;
        }
        let mut data = levels(texts.present(start..rows.start));
        data.append(&mut values);
        (rows.start > start).then_some((data, rows.start - start))
    })
}

/// Texts by their number in a dictionary.
struct Numbered {
    dictionary: Dictionary,
    /// Of each text that is there. Eight of them fit into sixteen bytes, which is what makes packing them fast.
    numbers: Vec<u16>,
}

impl Numbered {
    /// None where texts hardly repeat, or too much of them differs: then a dictionary is not worth its time.
    fn of(texts: &TextColumn, rows: Range<usize>) -> Option<Numbered> {
        if !repeat(texts, rows.clone()) {
            return None;
        }
        let mut number_of: HashMap<&str, u16, FixedState> = HashMap::default();
        let (mut page, mut numbers) = (Vec::new(), Vec::with_capacity(rows.len()));
        let mut last = None;
        for text in rows.filter_map(|row| texts.get(row)) {
            let number = match last {
                Some((before, number)) if before == text => number,
                _ => match number_of.get(text) {
                    Some(number) => *number,
                    None if page.len() > PAGE_BYTES => return None,
                    None => {
                        let number = u16::try_from(number_of.len()).ok()?;
                        push(text, &mut page);
                        number_of.insert(text, number);
                        number
                    }
                },
            };
            last = Some((text, number));
            numbers.push(number);
        }
        Some(Numbered { dictionary: (page, number_of.len()), numbers })
    }
}

/// Whether texts repeat: judged by the first ones, which decides the same way for the same table.
fn repeat(texts: &TextColumn, rows: Range<usize>) -> bool {
    const LOOKED_AT: usize = 256;
    let looked_at = rows.len().min(LOOKED_AT);
    let seen: HashSet<Option<&str>, FixedState> = rows.take(LOOKED_AT).map(|row| texts.get(row)).collect();
    seen.len() * 2 <= looked_at
}

/// Appends a text to a page: its length, its bytes.
fn push(text: &str, page: &mut Vec<u8>) {
    page.extend((text.len() as u32).to_le_bytes());
    page.extend(text.as_bytes());
}

/// The beginning of a page: which of its values are there.
fn levels(present: &[bool]) -> Vec<u8> {
    let mut data = vec![0; 4];
    put_hybrid(&present.iter().copied().map(u16::from).collect::<Vec<_>>(), 1, &mut data);
    let length = data.len() as u32 - 4;
    data[..4].copy_from_slice(&length.to_le_bytes());
    data
}

/// Appends a column to the group: its dictionary, if it has one, and its pages, each with its number of rows.
fn append<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    column: ColumnDescPtr,
    dictionary: Option<Dictionary>,
    pages: impl Iterator<Item = (Vec<u8>, usize)>,
) -> Result<()> {
    let mut chunk = TrackedWrite::new(Vec::new());
    let mut writer = SerializedPageWriter::new(&mut chunk);
    let dictionary_offset = dictionary.is_some().then_some(0);
    let encoding = if dictionary.is_some() { Encoding::RLE_DICTIONARY } else { Encoding::PLAIN };
    if let Some((dictionary, entries)) = dictionary {
        let (size, buf) = (dictionary.len(), Bytes::from(dictionary));
        let (num_values, encoding) = (entries as u32, Encoding::PLAIN);
        let page = Page::DictionaryPage { buf, num_values, encoding, is_sorted: false };
        writer.write_page(CompressedPage::new(page, size))?;
    }
    let (mut first_page, mut rows) = (None, 0);
    for (data, rows_of_page) in pages {
        let (size, buf) = (data.len(), Bytes::from(data));
        let page = Page::DataPage {
            buf,
            num_values: rows_of_page as u32,
            encoding,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        };
        let written = writer.write_page(CompressedPage::new(page, size))?;
        first_page.get_or_insert(written.offset as i64);
        rows += rows_of_page;
    }

    let bytes = chunk.into_inner()?;
    let mut encodings = vec![Encoding::PLAIN, Encoding::RLE];
    encodings.extend(dictionary_offset.map(|_| encoding));
    let metadata = ColumnChunkMetaData::builder(column)
        .set_encodings(encodings)
        .set_compression(Compression::UNCOMPRESSED)
        .set_num_values(rows as i64)
        .set_total_compressed_size(bytes.len() as i64)
        .set_total_uncompressed_size(bytes.len() as i64)
        .set_dictionary_page_offset(dictionary_offset)
        .set_data_page_offset(first_page.unwrap_or_default())
        .build()?;
    let close = ColumnCloseResult {
        bytes_written: bytes.len() as u64,
        rows_written: rows as u64,
        metadata,
        bloom_filter: None,
        column_index: None,
        offset_index: None,
    };
    group.append_column(&Bytes::from(bytes), close)
}

/// Bits that hold every number of a dictionary of so many texts.
fn bits_of(entries: usize) -> u8 {
    (usize::BITS - entries.saturating_sub(1).leading_zeros()).max(1) as u8
}

/// Appends numbers in the hybrid: what stays the same for eight values or more as a run, the rest packed by eights.
fn put_hybrid(numbers: &[u16], bits: u8, data: &mut Vec<u8>) {
    let (mut packed, mut at) = (0, 0);
    while at < numbers.len() {
        let rest = &numbers[at..];
        let same = rest.iter().take_while(|number| **number == rest[0]).count();
        if same < 8 {
            at += rest.len().min(8);
            continue;
        }
        put_packed(&numbers[packed..at], bits, data);
        put_run(same, rest[0], bits, data);
        at += same;
        packed = at;
    }
    put_packed(&numbers[packed..], bits, data);
}

/// Appends a run: twice its length, then the number in whole bytes.
fn put_run(length: usize, number: u16, bits: u8, data: &mut Vec<u8>) {
    put_varint(length << 1, data);
    data.extend(&number.to_le_bytes()[..usize::from(bits.div_ceil(8))]);
}

/// Appends packed numbers: twice their eights and one, then each eight in as many bytes as a number has bits. The last eight is
/// filled up with zeros.
fn put_packed(numbers: &[u16], bits: u8, data: &mut Vec<u8>) {
    if numbers.is_empty() {
        return;
    }
    put_varint(numbers.len().div_ceil(8) << 1 | 1, data);
    for eight in numbers.chunks(8) {
        let place = |(number, at): (&u16, u8)| u128::from(*number) << (at * bits);
        let together = eight.iter().zip(0..).map(place).fold(0, |all, one| all | one);
        data.extend(&together.to_le_bytes()[..usize::from(bits)]);
    }
}

fn put_varint(mut rest: usize, data: &mut Vec<u8>) {
    while rest > 0x7f {
        data.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    data.push(rest as u8);
}
