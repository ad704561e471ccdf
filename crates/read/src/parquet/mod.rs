//! Tables of data teams (`.parquet`): a row with the names of the columns, and a row for each row.
//!
//! Whole numbers and decimals are the digits that stand in the file, days and times are ISO 8601, and a null is a blank cell. What the
//! file says of its own sizes is walked first (`walk`), because the crate that reads it sets memory aside for what it is told; and where
//! it stops the program over a damaged page, that is a finding like others (`caught`).

mod caught;
mod column;
mod kind;
mod walk;

use ::parquet::errors::ParquetError;
use ::parquet::file::reader::{FileReader as _, SerializedFileReader};
use ::parquet::schema::types::ColumnDescriptor;
use bytes::Bytes;

use super::book::Book;
use super::builder::Builder;
use super::context::{Context, Outcome};
use super::format::{Encoding, Format};
use column::Fault;
use kind::Kind;
use vocab::rules::{ENCRYPTED, UNDECODABLE, UNKNOWN_FORMAT};
use vocab::{Problem, said};
use walk::MAGIC;

/// How a file begins and ends whose list of columns is encrypted.
const ENCRYPTED_MAGIC: &[u8] = b"PARE";

/// Whether the bytes begin as such a table does.
pub(super) fn is_table(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC) || bytes.starts_with(ENCRYPTED_MAGIC)
}

/// Reads a table.
pub(super) fn read(context: &Context<'_>, bytes: &[u8]) -> Outcome<Book> {
    if bytes.ends_with(ENCRYPTED_MAGIC) {
        return Err(context.problem(&ENCRYPTED).said(said!("Parquet 文件", "a Parquet file")));
    }
    walk::footer(bytes).map_err(|fault| fault.told(context))?;
    caught::panics(|| table(context, bytes)).unwrap_or_else(|| {
        Err(context.damaged(said!("parquet：页的内容前后不符", "parquet: a page does not hold together")))
    })
}

fn table(context: &Context<'_>, bytes: &[u8]) -> Outcome<Book> {
    let damaged = |error: ParquetError| damaged(context, &error);
    let reader = SerializedFileReader::new(Bytes::copy_from_slice(bytes)).map_err(damaged)?;
    let columns = reader.metadata().file_metadata().schema_descr_ptr();
    let kinds = columns.columns().iter().map(|column| kind_of(context, column)).collect::<Outcome<Vec<Kind>>>()?;
    let mut total = 0;
    for group in reader.metadata().row_groups() {
        if group.num_columns() != kinds.len() {
            let what = said!("parquet：行组与全表的列不一致", "parquet: a row group has other columns than the table");
            return Err(context.damaged(what));
        }
        walk::pages(context, bytes, group, &mut total)?;
    }

    let mut builder = Builder::new(context, "");
    for (at, column) in (0..).zip(columns.columns()) {
        builder.push(0, at, column.name())?;
    }
    let (mut row, mut text) = (1, String::new());
    for index in 0..reader.num_row_groups() {
        let group = reader.get_row_group(index).map_err(damaged)?;
        let rows = u32::try_from(group.metadata().num_rows()).unwrap_or(u32::MAX);
        builder.within_rows(row, rows)?;
        let mut cells = Vec::with_capacity(kinds.len());
        for (at, kind) in kinds.iter().enumerate() {
            cells.push(column::open(&*group, at, *kind).map_err(damaged)?);
        }
        for row in row..row + rows {
            for (at, column) in (0..).zip(cells.iter_mut()) {
                text.clear();
                column.next(&mut text).map_err(|fault| builder.at(told(context, fault), row, at))?;
                builder.push(row, at, &text)?;
            }
        }
        row += rows;
    }
    Ok(Book {
        format: Format::Parquet,
        encoding: Encoding::Utf8,
        encoding_reason: said!("Parquet 文件的文字为 UTF-8", "texts of a Parquet file are UTF-8"),
        sheets: vec![builder.finish()?],
    })
}

/// What a column holds; a list, a group of columns or mere bytes are no cells.
fn kind_of(context: &Context<'_>, column: &ColumnDescriptor) -> Outcome<Kind> {
    let is_flat = column.path().parts().len() == 1 && column.max_rep_level() == 0 && column.max_def_level() <= 1;
    Kind::of(column).filter(|_| is_flat).ok_or_else(|| {
        let name = column.path().string();
        let what = match is_flat {
            true => said!("{name} 列为二进制内容的 Parquet 文件", "a Parquet file whose column {name} holds bytes"),
            false => said!("{name} 列为多值的 Parquet 文件", "a Parquet file whose column {name} holds several values"),
        };
        context.problem(&UNKNOWN_FORMAT).said(what)
    })
}

fn told(context: &Context<'_>, fault: Fault) -> Problem {
    match fault {
        Fault::Ends => {
            context.cut_off(said!("parquet：某列的行数少于全表", "parquet: a column ends before the table does"))
        }
        Fault::NotText => {
            let encoding = Encoding::Utf8.as_str();
            context.problem(&UNDECODABLE).said(said!("字段内容不是 {encoding}", "a field that is not {encoding}"))
        }
        Fault::TooLarge => {
            context.damaged(said!("parquet：小数超过 38 位", "parquet: a decimal of more than 38 digits"))
        }
        Fault::Damaged(error) => damaged(context, &error),
    }
}

fn damaged(context: &Context<'_>, error: &ParquetError) -> Problem {
    context.damaged(said!("parquet：内容无法读取（{error}）", "parquet: {error}"))
}
