//! Tables to Parquet and back: numbers through the `parquet` crate's column writers, texts by our own pages, with one fixed set of
//! properties, so that the same table is the same bytes.

mod texts;

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, Encoding, LogicalType, Repetition, Type as PhysicalType};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{ColumnPath, Type};

use vocab::frame::{Frame, TextColumn, Values};
use vocab::scalars::Scalars;

/// Rows in one row group: small enough to be written while little is held, large enough to be read fast.
const ROW_GROUP_ROWS: usize = 1 << 17;

/// Written into each file in place of the library's own version, which would change the bytes with every upgrade.
const CREATED_BY: &str = "mujun";

/// Writes `frame` as one Parquet file with `metadata` in its footer.
///
/// # Errors
/// When `out` cannot be written.
pub fn write<W: Write + Send>(frame: &Frame, metadata: &BTreeMap<String, String>, out: W) -> Result<()> {
    let fields =
        frame.columns().iter().map(|(name, values)| field(name, values).map(Arc::new)).collect::<Result<Vec<_>>>()?;
    let schema = Arc::new(Type::group_type_builder("schema").with_fields(fields).build()?);
    let footer = metadata.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone())).collect();
    let mut properties = WriterProperties::builder()
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_compression(Compression::SNAPPY)
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_created_by(CREATED_BY.to_owned())
        .set_key_value_metadata(Some(footer));
    for (name, values) in frame.columns() {
        let column = ColumnPath::from(name.as_str());
        // Differences of whole numbers are packed into fewer bits than compression makes of them, five times as fast.
        if matches!(values, Values::Int(_)) {
            properties = properties
                .set_column_encoding(column.clone(), Encoding::DELTA_BINARY_PACKED)
                .set_column_compression(column, Compression::UNCOMPRESSED);
        }
    }
    let properties = properties.build();
    let mut writer = SerializedFileWriter::new(out, schema, Arc::new(properties))?;
    let columns = writer.schema_descr().clone();
    let rows = frame.rows();
    for start in (0..rows).step_by(ROW_GROUP_ROWS) {
        let end = rows.min(start + ROW_GROUP_ROWS);
        let mut group = writer.next_row_group()?;
        for (position, (_, values)) in frame.columns().iter().enumerate() {
            match values {
                Values::Same(text, _) => {
                    texts::write_same(&mut group, columns.column(position), text.as_deref(), end - start)?;
                }
                Values::Text(values) => texts::write_texts(&mut group, columns.column(position), values, start..end)?,
                Values::Int(values) => write_scalars::<Int64Type, W>(&mut group, values.parts(start..end))?,
                Values::Float(values) => write_scalars::<DoubleType, W>(&mut group, values.parts(start..end))?,
                Values::Bool(values) => write_scalars::<BoolType, W>(&mut group, values.parts(start..end))?,
            }
        }
        group.close()?;
    }
    writer.close()?;
    Ok(())
}

fn field(name: &str, values: &Values) -> Result<Type> {
    let (physical, logical) = match values {
        Values::Int(_) => (PhysicalType::INT64, None),
        Values::Float(_) => (PhysicalType::DOUBLE, None),
        Values::Bool(_) => (PhysicalType::BOOLEAN, None),
        Values::Text(_) | Values::Same(..) => (PhysicalType::BYTE_ARRAY, Some(LogicalType::String)),
    };
    Type::primitive_type_builder(name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .build()
}

/// Values with what says which of them are there; nothing where all are.
fn write_scalars<T: DataType<T: Copy>, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    (values, present): (&[T::T], Option<&[bool]>),
) -> Result<()> {
    let there: Vec<T::T>;
    let (levels, values) = match present {
        None => (vec![1; values.len()], values),
        Some(present) => {
            there = values.iter().zip(present).filter(|(_, present)| **present).map(|(value, _)| *value).collect();
            (present.iter().copied().map(i16::from).collect(), there.as_slice())
        }
    };
    let mut column =
        group.next_column()?.ok_or_else(|| ParquetError::General("more columns than the schema has".to_owned()))?;
    column.typed::<T>().write_batch(values, Some(&levels), None)?;
    column.close()
}

/// A Parquet file read back: its table and the text in its footer.
#[derive(Debug)]
pub struct ReadBack {
    /// The columns asked for, in the file's order.
    pub frame: Frame,
    /// Keys and values of the footer.
    pub metadata: BTreeMap<String, String>,
}

/// Reads the columns for which `wanted` holds.
///
/// # Errors
/// When the bytes are not a Parquet file written by [`write`].
pub fn read(bytes: Vec<u8>, wanted: impl Fn(&str) -> bool) -> Result<ReadBack> {
    let reader = SerializedFileReader::new(Bytes::from(bytes))?;
    let file = reader.metadata().file_metadata();
    let metadata = file
        .key_value_metadata()
        .into_iter()
        .flatten()
        .filter_map(|pair| Some((pair.key.clone(), pair.value.clone()?)))
        .collect();
    let mut frame = Frame::new();
    for (index, column) in file.schema_descr().columns().iter().enumerate() {
        if wanted(column.name()) {
            frame = frame.with(column.name(), read_column(&reader, index, column.physical_type())?);
        }
    }
    Ok(ReadBack { frame, metadata })
}

fn read_column(reader: &SerializedFileReader<Bytes>, index: usize, physical: PhysicalType) -> Result<Values> {
    Ok(match physical {
        PhysicalType::INT64 => {
            Values::Int(read_values::<Int64Type, _>(reader, index, Scalars::default(), Scalars::push)?)
        }
        PhysicalType::DOUBLE => {
            Values::Float(read_values::<DoubleType, _>(reader, index, Scalars::default(), Scalars::push)?)
        }
        PhysicalType::BOOLEAN => {
            Values::Bool(read_values::<BoolType, _>(reader, index, Scalars::default(), Scalars::push)?)
        }
        PhysicalType::BYTE_ARRAY => {
            let push = |column: &mut TextColumn, value: Option<ByteArray>| {
                // The writer only ever writes text, and the digest of the file has been checked.
                column.push(value.as_ref().and_then(|value| value.as_utf8().ok()));
            };
            Values::Text(read_values::<ByteArrayType, _>(reader, index, TextColumn::default(), push)?)
        }
        other => return Err(ParquetError::General(format!("a column of type {other} was not written by mujun"))),
    })
}

fn read_values<T: DataType, C>(
    reader: &SerializedFileReader<Bytes>,
    index: usize,
    mut column: C,
    push: impl Fn(&mut C, Option<T::T>),
) -> Result<C> {
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group)?;
        let rows = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
        let mut typed = parquet::column::reader::get_typed_column_reader::<T>(group.get_column_reader(index)?);
        let (mut values, mut levels) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
        typed.read_records(rows, Some(&mut levels), None, &mut values)?;
        let mut values = values.into_iter();
        for level in levels {
            push(&mut column, if level == 1 { values.next() } else { None });
        }
    }
    Ok(column)
}
