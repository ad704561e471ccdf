//! The records of one worksheet: its cells.

use super::records::{Record, Records};
use super::strings::{Continued, Fault, Writing};
use super::workbook::{Bound, Workbook, fault_in};
use crate::builder::Builder;
use crate::bytes::Bytes;
use crate::cell::{self, Style};
use crate::context::{Context, Outcome};
use crate::grid::{Grid, Merge};
use vocab::{Problem, said};

/// The kinds of records that are read here.
mod kind {
    pub const FORMULA: u16 = 0x0006;
    pub const EOF: u16 = 0x000A;
    pub const MULTIPLE_RK: u16 = 0x00BD;
    pub const RICH_STRING: u16 = 0x00D6;
    pub const MERGED_CELLS: u16 = 0x00E5;
    pub const LABEL_SST: u16 = 0x00FD;
    pub const NUMBER: u16 = 0x0203;
    pub const LABEL: u16 = 0x0204;
    pub const BOOLEAN_OR_ERROR: u16 = 0x0205;
    pub const STRING: u16 = 0x0207;
    pub const RK: u16 = 0x027E;
    pub const BOF: u16 = 0x0809;
}

/// Reads one of the workbook's sheets, and says where in the stream it ends.
pub(super) fn read(
    context: &Context<'_>,
    workbook: &Workbook,
    stream: &[u8],
    bound: &Bound,
    problems: &mut Vec<Problem>,
) -> Outcome<(Grid, usize)> {
    let name = &bound.name;
    let mut sheet =
        Sheet { context, workbook, builder: Builder::new(context, name.as_str()), formula: None, text: String::new() };
    let mut records = Records::from(stream, bound.start);
    if records.next().is_none_or(|record| record.kind != kind::BOF) {
        let what = said!("工作表 {name} 不在工作簿所写的位置", "sheet {name} is not where the workbook says");
        return Err(context.damaged(what));
    }
    // Charts within a sheet have records of their own, cells among them.
    let mut nested = 0usize;
    while let Some(record) = records.next() {
        match record.kind {
            kind::BOF => nested += 1,
            kind::EOF if nested == 0 => {
                sheet.unvalued()?;
                problems.extend(sheet.builder.findings());
                return Ok((sheet.builder.finish()?, stream.len() - records.left()));
            }
            kind::EOF => nested -= 1,
            _ if nested > 0 => {}
            _ => sheet.record(&record)?,
        }
    }
    Err(context.damaged(said!("工作表 {name} 没有结尾", "sheet {name} does not end")))
}

struct Sheet<'a> {
    context: &'a Context<'a>,
    workbook: &'a Workbook,
    builder: Builder<'a>,
    /// The formula whose result is text and comes in the next record of its kind.
    formula: Option<Start>,
    text: String,
}

/// What most cell records begin with.
#[derive(Clone, Copy)]
struct Start {
    row: u16,
    column: u16,
    style: u16,
}

impl Sheet<'_> {
    fn record(&mut self, record: &Record<'_>) -> Outcome<()> {
        let mut bytes = Bytes(record.data);
        let short = || fault_in(self.context, record.kind, Fault::Short);
        match record.kind {
            kind::NUMBER => {
                let (start, value) = (start(&mut bytes).ok_or_else(short)?, bytes.f64().ok_or_else(short)?);
                self.number(start, value)
            }
            kind::RK => {
                let (start, value) = (start(&mut bytes).ok_or_else(short)?, bytes.u32().ok_or_else(short)?);
                self.number(start, rk(value))
            }
            kind::MULTIPLE_RK => self.several_rk(bytes).unwrap_or_else(|| Err(short())),
            kind::BOOLEAN_OR_ERROR => {
                let start = start(&mut bytes).ok_or_else(short)?;
                let (value, is_error) = (bytes.u8().ok_or_else(short)?, bytes.u8().ok_or_else(short)?);
                self.push(start, if is_error == 0 { cell::boolean(value != 0) } else { error(value) })
            }
            kind::LABEL_SST => {
                let (start, index) = (start(&mut bytes).ok_or_else(short)?, bytes.u32().ok_or_else(short)?);
                let index = index as usize;
                match self.workbook.strings.get(index) {
                    Some(text) if self.style(start).indent == 0 => {
                        self.builder.push_shared(u32::from(start.row), u32::from(start.column), index, text)
                    }
                    Some(text) => self.push(start, &cell::indented(text, self.style(start).indent)),
                    None => {
                        let what = said!("单元格引用了不存在的字符串", "a cell refers to a string that is not there");
                        Err(self.at(self.context.damaged(what), start))
                    }
                }
            }
            kind::LABEL | kind::RICH_STRING => {
                let start = start(&mut bytes).ok_or_else(short)?;
                self.string(record, start, bytes)
            }
            kind::FORMULA => {
                let start = start(&mut bytes).ok_or_else(short)?;
                let result = bytes.take(8).ok_or_else(short)?;
                self.formula(start, result)
            }
            kind::STRING => match self.formula.take() {
                Some(start) => self.string(record, start, bytes),
                None => Ok(()),
            },
            kind::MERGED_CELLS => self.merges(bytes),
            _ => Ok(()),
        }
    }

    fn push(&mut self, start: Start, text: &str) -> Outcome<()> {
        self.builder.push(u32::from(start.row), u32::from(start.column), text)
    }

    fn style(&self, start: Start) -> Style {
        self.workbook.styles.get(usize::from(start.style)).copied().unwrap_or_default()
    }

    fn number(&mut self, start: Start, value: f64) -> Outcome<()> {
        let meaning = self.style(start).meaning;
        cell::write(&mut self.text, value, meaning, self.workbook.epoch);
        self.builder.push(u32::from(start.row), u32::from(start.column), &self.text)
    }

    fn string(&mut self, record: &Record<'_>, start: Start, mut bytes: Bytes<'_>) -> Outcome<()> {
        // The result of a formula may be long enough to run on into the next record.
        let string = match self.workbook.writing {
            Writing::Unicode => Continued::new(bytes, &record.more).string(),
            code_page => code_page.long(&mut bytes),
        };
        match string {
            Ok(text) => self.push(start, &cell::indented(&text, self.style(start).indent)),
            Err(fault) => Err(self.at(fault_in(self.context, record.kind, fault), start)),
        }
    }

    /// Several compressed numbers side by side.
    fn several_rk(&mut self, mut bytes: Bytes<'_>) -> Option<Outcome<()>> {
        let (row, first) = (bytes.u16()?, bytes.u16()?);
        let cells = bytes.0.len().checked_sub(2)? / 6;
        for index in 0..cells {
            let (style, value) = (bytes.u16()?, bytes.u32()?);
            let column = first.checked_add(u16::try_from(index).ok()?)?;
            if let Err(problem) = self.number(Start { row, column, style }, rk(value)) {
                return Some(Err(problem));
            }
        }
        Some(Ok(()))
    }

    /// Ends a formula whose result was to follow, and did not.
    fn unvalued(&mut self) -> Outcome<()> {
        match self.formula.take() {
            Some(start) => self.builder.push_formula(u32::from(start.row), u32::from(start.column), ""),
            None => Ok(()),
        }
    }

    /// The result of a formula: a number, or two bytes of ones behind what it is instead.
    fn formula(&mut self, start: Start, result: &[u8]) -> Outcome<()> {
        self.unvalued()?;
        match *result {
            [0, .., 0xFF, 0xFF] => {
                self.formula = Some(start);
                Ok(())
            }
            [1, _, value, .., 0xFF, 0xFF] => self.push(start, cell::boolean(value != 0)),
            [2, _, code, .., 0xFF, 0xFF] => self.push(start, error(code)),
            [_, .., 0xFF, 0xFF] => Ok(()),
            _ => match Bytes(result).f64() {
                Some(value) => self.number(start, value),
                None => Ok(()),
            },
        }
    }

    fn merges(&mut self, mut bytes: Bytes<'_>) -> Outcome<()> {
        let count = bytes.u16().unwrap_or(0);
        for _ in 0..count {
            let corners = [bytes.u16(), bytes.u16(), bytes.u16(), bytes.u16()].map(|corner| corner.map(usize::from));
            let [Some(top), Some(bottom), Some(left), Some(right)] = corners else { break };
            if bottom >= top && right >= left {
                self.builder.merge(Merge {
                    row: top,
                    column: left,
                    rows: bottom - top + 1,
                    columns: right - left + 1,
                })?;
            }
        }
        Ok(())
    }

    fn at(&self, problem: Problem, start: Start) -> Problem {
        self.builder.at(problem, u32::from(start.row), u32::from(start.column))
    }
}

fn start(bytes: &mut Bytes<'_>) -> Option<Start> {
    Some(Start { row: bytes.u16()?, column: bytes.u16()?, style: bytes.u16()? })
}

/// A number in four bytes: the upper half of a float or an integer of 30 bits, either perhaps times 100.
fn rk(value: u32) -> f64 {
    let number =
        if value & 2 != 0 { f64::from((value as i32) >> 2) } else { f64::from_bits(u64::from(value & !3) << 32) };
    if value & 1 != 0 { number / 100.0 } else { number }
}

/// What a person sees of an error.
fn error(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        _ => "#ERROR!",
    }
}
