//! A column with one text in every row, such as the file that all rows come from. It is encoded here, in a few bytes: the
//! library would look the text up in its dictionary once for every row.

use std::io::Write;

use bytes::Bytes;
use parquet::basic::{Compression, Encoding};
use parquet::column::page::{CompressedPage, Page, PageWriter as _};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::Result;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::writer::{SerializedPageWriter, SerializedRowGroupWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;

/// Writes `rows` times `text` as the next column of the group: a dictionary of one text, and one run of its index.
pub(super) fn write<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    column: ColumnDescPtr,
    text: &str,
    rows: usize,
) -> Result<()> {
    let mut chunk = TrackedWrite::new(Vec::new());
    let mut pages = SerializedPageWriter::new(&mut chunk);
    let dictionary = [&(text.len() as u32).to_le_bytes(), text.as_bytes()].concat();
    let buf = Bytes::from(dictionary);
    let size = buf.len();
    let page = Page::DictionaryPage { buf, num_values: 1, encoding: Encoding::PLAIN, is_sorted: false };
    pages.write_page(CompressedPage::new(page, size))?;

    let present = run(rows, 1);
    let index = run(rows, 0);
    let mut data = (present.len() as u32).to_le_bytes().to_vec();
    data.extend(present);
    data.push(1); // Bits of an index.
    data.extend(index);
    let size = data.len();
    let page = Page::DataPage {
        buf: Bytes::from(data),
        num_values: rows as u32,
        encoding: Encoding::RLE_DICTIONARY,
        def_level_encoding: Encoding::RLE,
        rep_level_encoding: Encoding::RLE,
        statistics: None,
    };
    let data_page = pages.write_page(CompressedPage::new(page, size))?;

    let bytes = chunk.into_inner()?;
    let metadata = ColumnChunkMetaData::builder(column)
        .set_encodings(vec![Encoding::PLAIN, Encoding::RLE, Encoding::RLE_DICTIONARY])
        .set_compression(Compression::UNCOMPRESSED)
        .set_num_values(rows as i64)
        .set_total_compressed_size(bytes.len() as i64)
        .set_total_uncompressed_size(bytes.len() as i64)
        .set_dictionary_page_offset(Some(0))
        .set_data_page_offset(data_page.offset as i64)
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
