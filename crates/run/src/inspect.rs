//! `inspect`: what a file is, without any definition.

use std::collections::BTreeMap;
use std::hash::BuildHasher;
use std::path::Path;

use foldhash::fast::FixedState;

use super::draft;
use super::failure::Failure;
use super::inspection::{FoundTable, Inspection};
use layout::Discovery;
use read::{Book, Expect, Limits, archive};
use vocab::{Place, Problem, rules, said, text};

/// Looks at one file, within these limits, and drafts a definition where one is asked for.
///
/// # Errors
/// When the file cannot be opened.
pub fn inspect(path: &Path, limits: &Limits, with_draft: bool) -> Result<Inspection, Failure> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let bytes = match store::read_file(path, limits.bytes as u64) {
        Err(store::Error::TooLarge { limit, .. }) => {
            let found = said!("超过 {limit} 字节（max_file_bytes）", "more than {limit} bytes (max_file_bytes)");
            let problem = Problem::new(&rules::LIMIT_EXCEEDED, Place::file(&name)).said(found);
            return Ok(Inspection::without_table(name, vec![problem], Vec::new()));
        }
        Err(store::Error::NoFile { what, .. }) => {
            let problem = Problem::new(&rules::NO_PLAIN_FILE, Place::file(&name)).said(what.said());
            return Ok(Inspection::without_table(name, vec![problem], Vec::new()));
        }
        read => read?,
    };
    if !archive::is_archive(&bytes) {
        return Ok(look(name, &bytes, limits, with_draft));
    }
    let (members, problems) = archive::members(&name, &bytes, limits);
    let look = |member: archive::Member| look(format!("{name}/{}", member.name), &member.bytes, limits, with_draft);
    let members: Vec<Inspection> = members.into_iter().map(look).collect();
    let draft = draft::of_archive(&name, &members);
    Ok(Inspection { draft, ..Inspection::without_table(name, problems, members) })
}

/// Looks at one export.
fn look(name: String, bytes: &[u8], limits: &Limits, with_draft: bool) -> Inspection {
    let (book, problems) = read::read(&name, bytes, &Expect::default(), limits);
    let tables = book.as_ref().map(|book| tables(&name, book)).unwrap_or_default();
    let drafted = book.as_ref().filter(|_| with_draft);
    let draft = drafted.and_then(|book| draft::draft(&name, book, &tables));
    let issued = clean::issue_days(&name, tables.iter().map(|table| table.found.preamble.as_slice()));
    Inspection { name, book, issued, tables, problems, draft, members: Vec::new() }
}

/// The tables of all sheets. Sheets without a table are there once, with what they say.
fn tables(name: &str, book: &Book) -> Vec<FoundTable> {
    let mut tables: Vec<FoundTable> = Vec::new();
    let mut said: Vec<String> = Vec::new();
    let mut seen: BTreeMap<(usize, Vec<Figure>), String> = BTreeMap::new();
    let by_name = clean::period_by_name(name).map(|period| period.to_string());
    for grid in &book.sheets {
        let place = Place { sheet: grid.sheet.clone(), ..Place::file(name) };
        for (at, mut found) in layout::discover(grid, &place).into_iter().enumerate() {
            if found.rows.is_empty() {
                said.append(&mut found.units.clone());
            } else if found.units.is_empty() && at == 0 {
                // A page that puts each thing into a table of its own states the unit in the one before.
                found.units.append(&mut said);
            }
            let says = (found.rows.len(), figures(&found));
            let repeats = seen.get(&says).cloned();
            if repeats.is_none() && !says.1.is_empty() {
                seen.insert(says, grid.sheet.clone());
            }
            let named = by_name.as_ref().filter(|_| says_no_period(&found)).cloned();
            let period_by_name = named.is_some();
            found.period = found.period.or(named);
            tables.push(FoundTable { sheet: grid.sheet.clone(), number: at + 1, found, period_by_name, repeats });
        }
    }
    tables
}

/// Whether a run takes the period of a table from its file's name: nothing in the table and over it is one, or was meant as one.
fn says_no_period(found: &Discovery) -> bool {
    found.period.is_none()
        && found.unread.is_none()
        && found.columns.iter().all(|column| column.period.is_none())
        && found.rows.iter().all(|row| row.period.is_none() && row.part.is_none())
}

/// A figure with the labels of its row and its column, as they are compared: its hash, since a sheet has millions of them.
type Figure = u64;

/// The figures of a table, in whatever order its rows stand: two tables with the same ones say the same.
fn figures(found: &Discovery) -> Vec<Figure> {
    let hash = |texts: (&str, &str, &str)| FixedState::default().hash_one(texts);
    let keyed = found.filled_cells().filter_map(|cell| {
        Some(hash((&text::key(&cell.of_row.label), &text::key(&cell.of_column.title), cell.value.as_deref()?)))
    });
    let mut figures: Vec<Figure> = keyed.collect();
    figures.sort_unstable();
    figures
}
