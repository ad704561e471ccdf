//! The cells of one column of a row group, one after the other, some thousand of them taken from the file at once.

use ::parquet::basic::Type as Physical;
use ::parquet::column::reader::{ColumnReaderImpl, get_typed_column_reader};
use ::parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArrayType, FloatType, Int32Type, Int64Type,
    Int96Type,
};
use ::parquet::errors::{ParquetError, Result};
use ::parquet::file::reader::RowGroupReader;

use super::super::cell::{boolean, write_number};
use super::kind::{Kind, NANOS, write_decimal_of, write_single};

/// Rows that are taken from the file at once.
const BATCH: usize = 1 << 12;

/// Why there is no next cell.
pub(super) enum Fault {
    /// The column has fewer rows than its table.
    Ends,
    /// The bytes of a text are no UTF-8.
    NotText,
    /// A decimal is larger than any that is known.
    TooLarge,
    /// The crate cannot read on.
    Damaged(ParquetError),
}

/// A column, from its first cell to its last.
pub(super) trait Column {
    /// Writes the next cell; nothing for a null.
    fn next(&mut self, out: &mut String) -> std::result::Result<(), Fault>;
}

/// The cells of a column of this row group.
pub(super) fn open(group: &dyn RowGroupReader, at: usize, kind: Kind) -> Result<Box<dyn Column>> {
    let column = group.get_column_reader(at)?;
    let physical = group.metadata().schema_descr().column(at).physical_type();
    let optional = group.metadata().schema_descr().column(at).max_def_level() > 0;
    macro_rules! cells {
        ($kind:ty, $write:expr) => {
            Box::new(Cells::<$kind, _> {
                reader: get_typed_column_reader::<$kind>(column),
                optional,
                write: $write,
                levels: Vec::new(),
                values: Vec::new().into_iter(),
                at: 0,
            })
        };
    }
    Ok(match physical {
        Physical::BOOLEAN => cells!(BoolType, |out: &mut String, value: bool| {
            out.push_str(boolean(value));
            Ok(())
        }),
        Physical::INT32 => cells!(Int32Type, move |out: &mut String, value: i32| {
            // Thirty-two bits without a sign are kept in as many with one.
            let value = if kind == Kind::Unsigned { i64::from(value as u32) } else { i64::from(value) };
            kind.write_whole(out, value);
            Ok(())
        }),
        Physical::INT64 => cells!(Int64Type, move |out: &mut String, value: i64| {
            kind.write_whole(out, value);
            Ok(())
        }),
        Physical::INT96 => cells!(Int96Type, |out: &mut String, value: ::parquet::data_type::Int96| {
            Kind::Moment { parts: NANOS, is_instant: true }.write_whole(out, value.to_nanos());
            Ok(())
        }),
        Physical::FLOAT => cells!(FloatType, |out: &mut String, value: f32| {
            write_single(out, value);
            Ok(())
        }),
        Physical::DOUBLE => cells!(DoubleType, |out: &mut String, value: f64| {
            write_number(out, value);
            Ok(())
        }),
        Physical::BYTE_ARRAY => {
            cells!(ByteArrayType, move |out: &mut String, value: ByteArray| bytes(out, &value, kind))
        }
        Physical::FIXED_LEN_BYTE_ARRAY => {
            cells!(
                FixedLenByteArrayType,
                move |out: &mut String, value: ::parquet::data_type::FixedLenByteArray| bytes(out, &value, kind)
            )
        }
    })
}

fn bytes(out: &mut String, value: &ByteArray, kind: Kind) -> std::result::Result<(), Fault> {
    match kind {
        Kind::Decimal(scale) => write_decimal_of(out, value.data(), scale).ok_or(Fault::TooLarge),
        _ => value.as_utf8().map(|text| out.push_str(text)).map_err(|_| Fault::NotText),
    }
}

struct Cells<T: DataType, W> {
    reader: ColumnReaderImpl<T>,
    /// Whether there may be nulls.
    optional: bool,
    write: W,
    /// For each row of the batch, whether it has a value.
    levels: Vec<i16>,
    values: std::vec::IntoIter<T::T>,
    /// How many rows of the batch are written.
    at: usize,
}

impl<T: DataType, W: FnMut(&mut String, T::T) -> std::result::Result<(), Fault>> Column for Cells<T, W> {
    fn next(&mut self, out: &mut String) -> std::result::Result<(), Fault> {
        let is_read = if self.optional { self.at == self.levels.len() } else { self.values.len() == 0 };
        if is_read {
            let mut values = Vec::new();
            self.levels.clear();
            self.at = 0;
            let levels = self.optional.then_some(&mut self.levels);
            self.reader.read_records(BATCH, levels, None, &mut values).map_err(Fault::Damaged)?;
            self.values = values.into_iter();
        }
        if self.optional {
            let level = self.levels.get(self.at).ok_or(Fault::Ends)?;
            self.at += 1;
            if *level == 0 {
                return Ok(());
            }
        }
        let value = self.values.next().ok_or(Fault::Ends)?;
        (self.write)(out, value)
    }
}
