//! Excel 5 to 2003 workbooks: a stream of records (BIFF) in a compound file.

mod codepage;
mod records;
mod sheet;
mod strings;
mod workbook;

use std::ops::Range;

use super::builder::{self, Total};
use super::compound::Compound;
use super::context::{Context, Outcome};
use super::crypto;
use super::grid::Grid;
use super::limits::Counted;
pub(super) use codepage::{Evidence, encoding};
use vocab::rules::{DOCUMENT, UNKNOWN_FORMAT};
use vocab::{Problem, said};

/// Reads the worksheets of a workbook stream in their order, or only the one that is wanted; the others are then returned
/// as empty grids, for their names.
pub(super) fn read(
    context: &Context<'_>,
    mut stream: Vec<u8>,
    wanted: Option<&str>,
    problems: &mut Vec<Problem>,
) -> Outcome<Vec<Grid>> {
    let scheme = crypto::open_stream(&mut stream).map_err(|closed| closed.problem(context))?;
    problems.extend(scheme.map(|scheme| crypto::note(context, scheme)));
    let workbook = workbook::read(context, &stream, problems)?;
    context.within(Counted::Sheets, workbook.sheets.len(), context.limits.sheets)?;
    let mut total = Total::new(context);
    let mut grids = Vec::new();
    let mut read: Vec<(Range<usize>, &str)> = Vec::new();
    for bound in &workbook.sheets {
        if wanted.is_some_and(|wanted| wanted != bound.name) {
            grids.push(Grid::new(&bound.name));
            continue;
        }
        let (grid, end) = sheet::read(context, &workbook, &stream, bound, problems)?;
        // Each byte belongs to one sheet: a list may name one of them a thousand times.
        if let Some((_, other)) = read.iter().find(|(other, _)| bound.start < other.end && other.start < end) {
            let name = &bound.name;
            let what =
                said!("两个工作表位于同一处：{other} 和 {name}", "two sheets stand in one place, {other} and {name}");
            return Err(context.damaged(what));
        }
        read.push((bound.start..end, &bound.name));
        total.add(&grid)?;
        if bound.hidden && wanted.is_none() {
            problems.extend(builder::hidden(context, &grid));
        }
        grids.push(grid);
    }
    Ok(grids)
}

/// Takes the stream that is the workbook out of the compound file.
pub(super) fn stream(context: &Context<'_>, file: &Compound<'_>) -> Outcome<Vec<u8>> {
    // Excel 97 and later call it Workbook, Excel 5 and 95 Book. A file for both holds both: the newer one counts.
    match ["Workbook", "Book"].into_iter().find(|name| file.has(name)) {
        Some(name) => file.stream(name).map_err(|fault| context.fault(fault)),
        None if file.has("WordDocument") => {
            Err(context.problem(&DOCUMENT).said(said!("Word 97 文档", "a Word 97 document")))
        }
        None if file.has("PowerPoint Document") => {
            Err(context.problem(&DOCUMENT).said(said!("PowerPoint 97 演示文稿", "a PowerPoint 97 presentation")))
        }
        None => {
            let what = said!("不含工作簿的复合文档", "a compound file without a workbook");
            Err(context.problem(&UNKNOWN_FORMAT).said(what))
        }
    }
}
