//! Tables of dBASE, FoxPro and what writes like them (`.dbf`): a row of names, and a row for each record that is not deleted.
//!
//! Numbers are the text that stands in the table, digit for digit. Row numbers are those of the records, so that a deleted one
//! leaves a gap. The text of memo fields lies in a file of its own; its place stands in the cell, and that is told.
//!
//! The layout is that of the Visual FoxPro and dBASE IV documentation; the crate `dbase` gives numbers as `f64` and refuses a
//! table with one unusual value.

mod code_page;
mod header;
mod text;
mod value;

use super::book::{Book, Expect};
use super::context::{Context, Outcome};
use super::decode;
use super::format::Format;
use super::grid::Grid;
use super::limits::Counted;
use header::Table;
use text::Text;
use value::Value;
use vocab::rules::{CUT_IN_CHARACTER, MEMO_APART, RECORDS_DELETED, UNDECODABLE};
use vocab::{Problem, said};

pub(super) use header::is_table;

/// Reads a table.
pub(super) fn read(
    context: &Context<'_>,
    bytes: &[u8],
    expect: &Expect<'_>,
    problems: &mut Vec<Problem>,
) -> Outcome<Book> {
    let table = Table::open(context, bytes)?;
    let text = code_page::decide(context, &table, expect, problems)?;
    let mut rows = Rows { context, table: &table, text, grid: Grid::new(""), told: Told::new(table.fields.len()) };
    rows.names()?;
    for (at, record) in table.records().enumerate() {
        rows.record(at, record)?;
    }
    let Rows { grid, told, text, .. } = rows;
    told.tell(context, &table, &text, problems);
    problems.extend(decode::damage_in(context, &grid));
    Ok(Book { format: Format::Dbf, encoding: text.encoding, encoding_reason: text.reason, sheets: vec![grid] })
}

/// The grid being made.
struct Rows<'a> {
    context: &'a Context<'a>,
    table: &'a Table<'a>,
    text: Text,
    grid: Grid,
    told: Told,
}

impl Rows<'_> {
    fn names(&mut self) -> Outcome<()> {
        for (column, field) in self.table.shown() {
            let name = field.name_in(&self.text).ok_or_else(|| self.undecodable(1, column))?;
            self.grid.push_cell(name.trim());
        }
        self.grid.end_row(1);
        Ok(())
    }

    fn record(&mut self, at: usize, record: &[u8]) -> Outcome<()> {
        let number = u32::try_from(at + 2).unwrap_or(u32::MAX);
        match record.first() {
            Some(b' ') => {}
            Some(b'*') => {
                self.told.deleted.get_or_insert((number, 0)).1 += 1;
                return Ok(());
            }
            mark => {
                let mark = mark.unwrap_or(&0);
                let what = said!("dbf：记录以字节 {mark} 开头", "dbf: a record begins with byte {mark}");
                let mut problem = self.context.damaged(what);
                problem.place.row = Some(number);
                return Err(problem);
            }
        }
        let nulls = self.table.nulls(record);
        for (column, field) in self.table.shown() {
            let cell = field.cell(record, &nulls);
            match value::of(field, cell) {
                Value::Blank => self.grid.push_cell(""),
                Value::Plain(value) => self.grid.push_cell(&value),
                Value::Text(bytes) => {
                    let is_full = bytes.len() == field.len;
                    let decoded = self.text.decode(bytes, is_full);
                    let (text, is_cut) = decoded.ok_or_else(|| self.undecodable(number, column))?;
                    if is_cut {
                        self.told.cut.get_or_insert((number, column, 0)).2 += 1;
                    }
                    self.context.within(Counted::CellBytes, text.len(), self.context.limits.cell_bytes)?;
                    self.grid.push_cell(&text);
                }
                Value::Memo(place) => {
                    if let Some(count) = self.told.memos.get_mut(column) {
                        *count += 1;
                    }
                    self.grid.push_cell(&format!("memo {place}"));
                }
            }
        }
        self.grid.end_row(number);
        let limits = self.context.limits;
        self.context.within(Counted::Cells, self.grid.cell_count(), limits.cells)?;
        self.context.within(Counted::TextBytes, self.grid.text_len(), limits.inflated_bytes.min(u32::MAX as usize))
    }

    fn undecodable(&self, row: u32, column: usize) -> Problem {
        let mut problem = self.context.problem(&UNDECODABLE);
        problem.place.row = Some(row);
        problem.place.column = u32::try_from(column + 1).ok();
        let encoding = self.text.encoding.as_str();
        problem.said(said!("字段内容不是 {encoding}", "a field that is not {encoding}"))
    }
}

/// What there is to say once all records are read.
struct Told {
    /// The first deleted record, and how many there are.
    deleted: Option<(u32, usize)>,
    /// The first text that was cut within a character, and how many were.
    cut: Option<(u32, usize, usize)>,
    /// How many records have a memo, by column.
    memos: Vec<usize>,
}

impl Told {
    fn new(columns: usize) -> Self {
        Told { deleted: None, cut: None, memos: vec![0; columns] }
    }

    fn tell(&self, context: &Context<'_>, table: &Table<'_>, text: &Text, problems: &mut Vec<Problem>) {
        if let Some((row, count)) = self.deleted {
            let mut problem = context.problem(&RECORDS_DELETED).said(said!("{count} 条记录", "{count} records"));
            problem.place.row = Some(row);
            problems.push(problem);
        }
        if let Some((row, column, count)) = self.cut {
            let mut problem = context.problem(&CUT_IN_CHARACTER).said(said!("{count} 个单元格", "{count} cells"));
            problem.place.row = Some(row);
            problem.place.column = u32::try_from(column + 1).ok();
            problems.push(problem);
        }
        for (column, field) in table.shown() {
            let count = self.memos.get(column).copied().filter(|count| *count > 0);
            if let (Some(count), Some(name)) = (count, field.name_in(text)) {
                let what = said!("{name}：{count} 个单元格", "{name}: {count} cells");
                let mut problem = context.problem(&MEMO_APART).said(what);
                problem.place.column = u32::try_from(column + 1).ok();
                problems.push(problem);
            }
        }
    }
}
