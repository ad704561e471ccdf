//! The records in front of the sheets: what the sheets' cells refer to.

use std::collections::HashMap;

use super::codepage;
use super::records::{Record, Records};
use super::strings::{Continued, Fault, Writing};
use crate::bytes::Bytes;
use crate::cell::{Epoch, Meaning, Style};
use crate::context::{Context, Outcome};
use crate::limits::Counted;
use crate::plain::Strings;
use vocab::rules::{UNDECODABLE, UNKNOWN_FORMAT};
use vocab::{Problem, said};

/// The kinds of records that are read here.
mod kind {
    pub const EOF: u16 = 0x000A;
    pub const DATE_MODE: u16 = 0x0022;
    pub const BOUND_SHEET: u16 = 0x0085;
    pub const XF: u16 = 0x00E0;
    pub const SST: u16 = 0x00FC;
    pub const FORMAT: u16 = 0x041E;
    pub const BOF: u16 = 0x0809;
}

/// What the cells of all sheets refer to.
pub(super) struct Workbook {
    pub sheets: Vec<Bound>,
    pub strings: Strings,
    /// What each cell style makes of its cells.
    pub styles: Vec<Style>,
    pub epoch: Epoch,
    pub writing: Writing,
}

/// A worksheet, as the workbook lists it.
pub(super) struct Bound {
    pub name: String,
    /// Where its records start in the stream.
    pub start: usize,
    pub hidden: bool,
}

/// Reads the records up to the first sheet.
pub(super) fn read(context: &Context<'_>, stream: &[u8], problems: &mut Vec<Problem>) -> Outcome<Workbook> {
    let mut records = Records::from(stream, 0);
    let mut workbook = Workbook {
        sheets: Vec::new(),
        strings: Strings::default(),
        styles: Vec::new(),
        epoch: Epoch::Y1900,
        writing: writing(context, records.next(), stream, problems)?,
    };
    let mut formats = HashMap::new();
    let mut styles = Vec::new();
    for record in records {
        let mut bytes = Bytes(record.data);
        let fault = |fault| fault_in(context, record.kind, fault);
        match record.kind {
            kind::DATE_MODE if bytes.u16() == Some(1) => workbook.epoch = Epoch::Y1904,
            kind::BOUND_SHEET => {
                workbook.sheets.extend(bound_sheet(bytes, workbook.writing).map_err(fault)?);
                context.within(Counted::Sheets, workbook.sheets.len(), context.limits.sheets)?;
            }
            kind::FORMAT => {
                let id = bytes.u16().ok_or(Fault::Short).map_err(fault)?;
                let code = match workbook.writing {
                    Writing::Unicode => workbook.writing.long(&mut bytes),
                    Writing::CodePage(_) => workbook.writing.short(&mut bytes),
                };
                // A format that is not text is that of a number: a date then stands as its day's number.
                let meaning = match code {
                    Ok(code) => Meaning::of_code(&code),
                    Err(Fault::Text) => Meaning::Number,
                    Err(Fault::Short) => return Err(fault(Fault::Short)),
                };
                formats.insert(id, meaning);
            }
            kind::XF => {
                bytes.u16();
                let format = bytes.u16().ok_or(Fault::Short).map_err(fault)?;
                // Only BIFF8 sets texts in: behind flags, alignment and turn.
                let indent = match (workbook.writing, bytes.take(5)) {
                    (Writing::Unicode, Some([.., indent])) => indent & 15,
                    _ => 0,
                };
                styles.push((format, indent));
            }
            kind::SST => workbook.strings = shared_strings(context, &record)?,
            kind::EOF => {
                let meaning = |id: u16| formats.get(&id).copied().unwrap_or_else(|| Meaning::of_builtin(id));
                let style = |(format, indent)| Style { meaning: meaning(format), indent };
                workbook.styles = styles.into_iter().map(style).collect();
                return Ok(workbook);
            }
            _ => {}
        }
    }
    let what = said!("工作簿流在第一个工作表之前结束", "the workbook stream ends before its first sheet");
    Err(context.damaged(what))
}

/// How strings are written, by the version in the first record.
fn writing(
    context: &Context<'_>,
    first: Option<Record<'_>>,
    stream: &[u8],
    problems: &mut Vec<Problem>,
) -> Outcome<Writing> {
    let version = first.filter(|record| record.kind == kind::BOF).and_then(|record| Bytes(record.data).u16());
    match version {
        Some(0x0600) => Ok(Writing::Unicode),
        Some(0x0500) => {
            let (encoding, problem) = codepage::decide(context, stream)?;
            problems.extend(problem);
            Ok(Writing::CodePage(encoding))
        }
        Some(version) => {
            let what = said!("版本为 {version:04x} 的 Excel 工作簿", "an Excel workbook of version {version:04x}");
            Err(context.problem(&UNKNOWN_FORMAT).said(what))
        }
        None => {
            let what = said!("工作簿流的开头不是工作簿", "the workbook stream does not begin with a workbook");
            Err(context.damaged(what))
        }
    }
}

/// A worksheet in the list; none for charts, macros and modules.
fn bound_sheet(mut bytes: Bytes<'_>, writing: Writing) -> Result<Option<Bound>, Fault> {
    let start = bytes.u32().ok_or(Fault::Short)?;
    let visibility = bytes.u8().ok_or(Fault::Short)?;
    let kind = bytes.u8().ok_or(Fault::Short)?;
    let name = writing.short(&mut bytes)?;
    Ok((kind == 0).then_some(Bound { name, start: start as usize, hidden: visibility & 3 != 0 }))
}

fn shared_strings(context: &Context<'_>, record: &Record<'_>) -> Outcome<Strings> {
    // The table begins with two counts. They are not needed, and not believed.
    let mut table = Continued::new(Bytes(record.data.get(8..).unwrap_or_default()), &record.more);
    let mut strings = Strings::default();
    while let Some(string) = table.next() {
        context.within(Counted::SharedStrings, strings.len() + 1, context.limits.cells)?;
        strings.push(&string.map_err(|fault| fault_in(context, record.kind, fault))?);
    }
    Ok(strings)
}

/// The finding that a record cannot be read.
pub(super) fn fault_in(context: &Context<'_>, kind: u16, fault: Fault) -> Problem {
    match fault {
        Fault::Short => {
            context.damaged(said!("类型为 {kind:04x} 的记录过短", "a record of type {kind:04x} is too short"))
        }
        Fault::Text => {
            let what = said!("类型为 {kind:04x} 的记录中的字符串", "a string in a record of type {kind:04x}");
            context.problem(&UNDECODABLE).said(what)
        }
    }
}
