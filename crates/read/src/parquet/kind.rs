//! What the values of a column are, and how they are written as text.

use std::fmt::Write as _;

use ::parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use ::parquet::schema::types::ColumnDescriptor;

use super::super::cell::{write_clock, write_day, write_number};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Truth,
    Signed,
    Unsigned,
    /// Whole numbers with so many digits behind the point.
    Decimal(usize),
    /// Days since 1970.
    Day,
    /// Time of day: so many parts of a second.
    Time(i64),
    /// Time since 1970, in so many parts of a second.
    Moment {
        parts: i64,
        is_instant: bool,
    },
    Real,
    Text,
}

/// Parts of a second in a column of the old kind of time.
pub(super) const NANOS: i64 = 1_000_000_000;

impl Kind {
    /// The kind of a column; none for what is no text, number or time.
    pub(super) fn of(column: &ColumnDescriptor) -> Option<Kind> {
        let physical = column.physical_type();
        let whole = matches!(physical, Physical::INT32 | Physical::INT64);
        let bytes = matches!(physical, Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY);
        match column.logical_type_ref() {
            Some(LogicalType::Decimal(decimal)) if whole || bytes => {
                Some(Kind::Decimal(usize::try_from(decimal.scale).ok()?))
            }
            Some(LogicalType::Integer(int)) if whole => Some(if int.is_signed { Kind::Signed } else { Kind::Unsigned }),
            Some(LogicalType::Date) if whole => Some(Kind::Day),
            Some(LogicalType::Time(time)) if whole => Some(Kind::Time(parts(&time.unit))),
            Some(LogicalType::Timestamp(time)) if whole => {
                Some(Kind::Moment { parts: parts(&time.unit), is_instant: time.is_adjusted_to_u_t_c })
            }
            Some(LogicalType::String | LogicalType::Enum | LogicalType::Json) => Some(Kind::Text),
            Some(LogicalType::Unknown) | None => Kind::of_old(column, physical),
            Some(_) => None,
        }
    }

    /// The kind of a column as older programs name it, or do not.
    fn of_old(column: &ColumnDescriptor, physical: Physical) -> Option<Kind> {
        let moment = |parts| Kind::Moment { parts, is_instant: true };
        Some(match (column.converted_type(), physical) {
            (
                ConvertedType::DECIMAL,
                Physical::INT32 | Physical::INT64 | Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY,
            ) => Kind::Decimal(usize::try_from(column.type_scale()).ok()?),
            (ConvertedType::DATE, Physical::INT32) => Kind::Day,
            (ConvertedType::TIME_MILLIS, Physical::INT32) => Kind::Time(1_000),
            (ConvertedType::TIME_MICROS, Physical::INT64) => Kind::Time(1_000_000),
            (ConvertedType::TIMESTAMP_MILLIS, Physical::INT64) => moment(1_000),
            (ConvertedType::TIMESTAMP_MICROS, Physical::INT64) => moment(1_000_000),
            (
                ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64,
                Physical::INT32 | Physical::INT64,
            ) => Kind::Unsigned,
            (ConvertedType::BSON | ConvertedType::INTERVAL, _) => return None,
            (_, Physical::BOOLEAN) => Kind::Truth,
            (_, Physical::INT32 | Physical::INT64) => Kind::Signed,
            // A moment in nanoseconds, as Spark and Impala wrote it.
            (_, Physical::INT96) => moment(NANOS),
            (_, Physical::FLOAT | Physical::DOUBLE) => Kind::Real,
            // Programs that are old enough do not say that their bytes are text.
            (_, Physical::BYTE_ARRAY) => Kind::Text,
            (_, Physical::FIXED_LEN_BYTE_ARRAY) => return None,
        })
    }

    /// Writes a whole number as what it stands for.
    pub(super) fn write_whole(self, out: &mut String, value: i64) {
        match self {
            Kind::Decimal(scale) => write_decimal(out, i128::from(value), scale),
            Kind::Day => write_day(out, value),
            Kind::Time(parts) => write_time(out, value, parts),
            Kind::Moment { parts, is_instant } => write_moment(out, value, parts, is_instant),
            // Sixty-four bits without a sign are kept in as many with one.
            Kind::Unsigned => drop(write!(out, "{}", value as u64)),
            _ => drop(write!(out, "{value}")),
        }
    }
}

fn parts(unit: &TimeUnit) -> i64 {
    match unit {
        TimeUnit::MILLIS => 1_000,
        TimeUnit::MICROS => 1_000_000,
        TimeUnit::NANOS => NANOS,
    }
}

/// Writes bytes, the highest first, as the decimal they stand for; nothing where they are more than a decimal of 38 digits takes.
pub(super) fn write_decimal_of(out: &mut String, bytes: &[u8], scale: usize) -> Option<()> {
    let (filled, sign) =
        (bytes.len().min(16), if bytes.first().is_some_and(|first| *first >= 0x80) { 0xFF } else { 0 });
    let mut whole = [sign; 16];
    whole.get_mut(16 - filled..)?.copy_from_slice(bytes.get(bytes.len() - filled..)?);
    let over = bytes.get(..bytes.len() - filled)?;
    if over.iter().any(|byte| *byte != sign) {
        return None;
    }
    write_decimal(out, i128::from_be_bytes(whole), scale);
    Some(())
}

/// Writes `value` with its last `scale` digits behind the point.
fn write_decimal(out: &mut String, value: i128, scale: usize) {
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if value < 0 { "-" } else { "" };
    let point = if scale > 0 { "." } else { "" };
    let _ = write!(out, "{sign}{whole}{point}{fraction}");
}

/// Writes a time of day, with what is below a second where there is any.
fn write_time(out: &mut String, time: i64, parts: i64) {
    write_clock(out, time.div_euclid(parts));
    let fraction = time.rem_euclid(parts);
    if fraction != 0 {
        let width = parts.ilog10() as usize;
        let digits = format!("{fraction:0width$}");
        let _ = write!(out, ".{}", digits.trim_end_matches('0'));
    }
}

/// Writes a day with its time, without it at midnight. An instant is a day by a clock on the wall, and the bureaus' shows China's time.
fn write_moment(out: &mut String, time: i64, parts: i64, is_instant: bool) {
    const CHINA: i64 = 8 * 3600;
    const DAY: i64 = 86_400;
    let seconds = time.div_euclid(parts) + if is_instant { CHINA } else { 0 };
    write_day(out, seconds.div_euclid(DAY));
    let (of_day, fraction) = (seconds.rem_euclid(DAY), time.rem_euclid(parts));
    if (of_day, fraction) != (0, 0) {
        out.push('T');
        write_time(out, of_day * parts + fraction, parts);
    }
}

/// Writes a number of 32 bits with the digits that tell it from its neighbours.
pub(super) fn write_single(out: &mut String, value: f32) {
    write_number(out, value.to_string().parse().unwrap_or(f64::NAN));
}
