//! Columns of text whose pages are encoded here, in fewer bytes and far less time than the library takes: one text in every
//! row, such as the file that all rows come from, which it would look up in its dictionary once for every row; and texts that
//! all differ, such as the codes of enterprises, each of which would have to be an object of its own.

use std::io::Write;

use bytes::Bytes;
use parquet::basic::{Compression, Encoding};
use parquet::column::page::{CompressedPage, Page, PageWriter as _};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::Result;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::writer::{SerializedPageWriter, SerializedRowGroupWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;

/// Rows of one page of texts that all differ.
const PAGE_ROWS: usize = 1 << 14;

/// Writes `rows` times `text` as the next column of the group: a dictionary of one text, and one run of its index.
pub(super) fn write_same<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    column: ColumnDescPtr,
    text: &str,
    rows: usize,
) -> Result<()> {
    let mut dictionary = Vec::new();
    push(text, &mut dictionary);
    let mut data = present(rows);
    data.push(1); // Bits of an index.
    data.extend(run(rows, 0));
    append(group, column, Some(dictionary), Encoding::RLE_DICTIONARY, [(data, rows)].into_iter())
}

/// Writes `texts`, none of which is null, as the next column of the group: each with its length before it.
pub(super) fn write_plain<'t, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    column: ColumnDescPtr,
    texts: impl ExactSizeIterator<Item = &'t str>,
) -> Result<()> {
    let mut texts = texts.peekable();
    let pages = std::iter::from_fn(move || {
        texts.peek()?;
        let rows = texts.len().min(PAGE_ROWS);
        let mut data = present(rows);
        texts.by_ref().take(rows).for_each(|text| push(text, &mut data));
        Some((data, rows))
    });
    append(group, column, None, Encoding::PLAIN, pages)
}

/// Appends a text to a page: its length, its bytes.
fn push(text: &str, page: &mut Vec<u8>) {
    page.extend((text.len() as u32).to_le_bytes());
    page.extend(text.as_bytes());
}

/// The beginning of a page of so many values, all of them present.
fn present(rows: usize) -> Vec<u8> {
    let levels = run(rows, 1);
    let mut data = (levels.len() as u32).to_le_bytes().to_vec();
    data.extend(levels);
    data
}

/// Appends a column to the group: its dictionary, if it has one, and its pages, each with its number of rows.
fn append<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    column: ColumnDescPtr,
    dictionary: Option<Vec<u8>>,
    encoding: Encoding,
    pages: impl Iterator<Item = (Vec<u8>, usize)>,
) -> Result<()> {
    let mut chunk = TrackedWrite::new(Vec::new());
    let mut writer = SerializedPageWriter::new(&mut chunk);
    let dictionary_offset = dictionary.is_some().then_some(0);
    if let Some(dictionary) = dictionary {
        let (size, buf) = (dictionary.len(), Bytes::from(dictionary));
        let page = Page::DictionaryPage { buf, num_values: 1, encoding: Encoding::PLAIN, is_sorted: false };
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

/// A run of one value that takes one bit, in the hybrid of runs and packed bits: twice its length as a varint, the value.
fn run(length: usize, value: u8) -> Vec<u8> {
    let mut encoded = Vec::new();
    let mut rest = length << 1;
    while rest > 0x7f {
        encoded.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    encoded.push(rest as u8);
    encoded.push(value);
    encoded
}
