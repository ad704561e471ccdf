//! Excel 5 to 2003 workbooks: a stream of records (BIFF) in a compound file.

mod bytes;
mod compound;
mod sheet;
mod strings;
mod workbook;

use super::context::{Context, Outcome};
use super::grid::Grid;
use crate::vocab::Problem;
use crate::vocab::rules::{ENCRYPTED, UNKNOWN_FORMAT};
use compound::Compound;

/// Reads the worksheets of a workbook in their order, or only the one that is wanted; the others are then returned as
/// empty grids, for their names.
pub(super) fn read(context: &Context<'_>, bytes: &[u8], wanted: Option<&str>) -> Outcome<Vec<Grid>> {
    let stream = workbook_stream(context, bytes)?;
    let workbook = workbook::read(context, &stream)?;
    context.within("sheets", workbook.sheets.len(), context.limits.sheets)?;
    let mut grids = Vec::new();
    for (name, start) in &workbook.sheets {
        if wanted.is_some_and(|wanted| wanted != name) {
            grids.push(Grid::new(name));
        } else {
            grids.push(sheet::read(context, &workbook, &stream, name, *start)?);
        }
    }
    Ok(grids)
}

/// The finding that a compound file holds an encrypted workbook of another format, if it does.
pub(super) fn encrypted(context: &Context<'_>, bytes: &[u8]) -> Option<Problem> {
    Compound::open(bytes).is_ok_and(|file| file.has("EncryptedPackage")).then(|| context.problem(&ENCRYPTED))
}

/// Takes the stream that is the workbook out of the compound file.
fn workbook_stream(context: &Context<'_>, bytes: &[u8]) -> Outcome<Vec<u8>> {
    let file = Compound::open(bytes).map_err(|fault| context.damaged(fault))?;
    if file.has("EncryptedPackage") {
        return Err(context.problem(&ENCRYPTED));
    }
    // Excel 97 and later call it Workbook, Excel 5 and 95 Book. A file for both holds both: the newer one counts.
    match ["Workbook", "Book"].into_iter().find(|name| file.has(name)) {
        Some(name) => file.stream(name).map_err(|fault| context.damaged(fault)),
        None if file.has("WordDocument") => Err(context.problem(&UNKNOWN_FORMAT).value("a Word 97 document")),
        None => Err(context.problem(&UNKNOWN_FORMAT).value("a compound file without a workbook")),
    }
}
