//! Cells as they were sent: the raw export is read once more, and the cell is told with its heading, its text and its
//! unit.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::explained::{Cell, Corrected, Superseded};
use super::inputs::{Exports, Inputs};
use crate::failure::Failure;
use crate::ingested::Ingested;
use crate::inputs::numbered;
use crate::load;
use crate::prepared::key_columns;
use crate::setup::Setup;
use crate::transform::read_export;
use clean::Findings;
use config::source::{Kind, Source};
use layout::Table;
use read::grid::Grid;
use store::{Shelf, Store};
use vocab::Place;
use vocab::frame::Frame;
use vocab::period::{Quarter, Span, day_of_number};

/// A cell that a figure depends on: where its row is, and what it adds.
#[derive(Debug, Clone)]
pub(super) struct Found<'s> {
    pub(super) source: &'s Source,
    pub(super) column: String,
    pub(super) row: usize,
    pub(super) adds: Option<i64>,
}

/// Reads exports again, each once.
pub(super) struct Cells<'a> {
    setup: &'a Setup,
    store: &'a Store,
    exports: &'a Exports,
    books: RefCell<BTreeMap<String, Rc<Sent>>>,
    earlier: RefCell<BTreeMap<String, Rc<Frame>>>,
}

/// An export as it was sent, and its tables.
#[derive(Default)]
struct Sent {
    /// The sheets before corrections.
    sheets: Vec<Grid>,
    tables: Vec<InSheet>,
}

/// A table of an export.
struct InSheet {
    /// Position of its sheet.
    sheet: usize,
    /// Where each declared column is, its heading and its unit.
    columns: BTreeMap<String, Column>,
    /// Numbers of its data rows.
    rows: BTreeSet<u32>,
}

#[derive(Clone)]
struct Column {
    /// Its number in the sheet, counted from one.
    number: u32,
    heading: String,
    unit: Option<String>,
    factor: Option<String>,
}

impl<'a> Cells<'a> {
    pub(super) fn new(setup: &'a Setup, store: &'a Store, exports: &'a Exports) -> Cells<'a> {
        Cells { setup, store, exports, books: RefCell::default(), earlier: RefCell::default() }
    }

    /// What is told of these cells, those that add most first.
    pub(super) fn told(&self, inputs: &Inputs<'a>, found: &[Found<'a>]) -> Result<Vec<Cell>, Failure> {
        let mut cells = found.iter().map(|one| self.cell(inputs, one)).collect::<Result<Vec<Cell>, Failure>>()?;
        let order = |cell: &Cell| (cell.dataset.clone(), cell.field.clone(), cell.quarter.clone(), cell.row);
        cells.sort_by(|a, b| {
            let size = |cell: &Cell| cell.adds.map_or(0, i64::unsigned_abs);
            size(b).cmp(&size(a)).then_with(|| order(a).cmp(&order(b)))
        });
        Ok(cells)
    }

    fn cell(&self, inputs: &Inputs<'a>, found: &Found<'a>) -> Result<Cell, Failure> {
        let facts = inputs.facts(found.source)?;
        let text = |column: &str| facts.column(column).and_then(|values| values.text(found.row));
        let int = |column: &str| facts.ints(column).and_then(|values| values.get(found.row));
        let label = |quarter: i64| Quarter::of_column(quarter).map(|quarter| quarter.to_string());
        let (file, sheet) = (text("source_file").unwrap_or_default(), text("source_sheet").unwrap_or_default());
        let row = int("source_row").unwrap_or_default();
        let export = self.exports.find(&file);
        let column = self.column(export, &sheet, row, &found.column)?;
        let (place, sent) = column.unzip();
        let is_day = found.source.columns.iter().any(|one| one.name == found.column && one.kind == Kind::Date);
        let read = match int(&found.column) {
            Some(quarter) if is_day => label(quarter),
            _ => text(&found.column),
        };
        let corrections = text("corrections").unwrap_or_default();
        Ok(Cell {
            dataset: found.source.dataset.clone(),
            field: found.column.clone(),
            quarter: int("quarter").and_then(label),
            adds: found.adds,
            read,
            sha256: export.map(|one| one.export.digest.to_string()),
            column: place.as_ref().map(|column| column.number),
            heading: place.as_ref().map(|column| column.heading.clone()),
            unit: place.as_ref().and_then(|column| column.unit.clone()),
            factor: place.as_ref().and_then(|column| column.factor.clone()),
            text: sent,
            vintage: int("vintage").and_then(day_of_number).map(|day| day.to_string()),
            superseded: self.superseded(found, &facts, &file)?,
            corrections: corrections.split_whitespace().map(|id| self.correction(id)).collect(),
            file,
            sheet,
            row,
        })
    }

    fn correction(&self, id: &str) -> Corrected {
        let known = self.setup.config.corrections.iter().find(|correction| correction.id == id);
        Corrected { id: id.to_owned(), reason: known.map(|known| known.reason.clone()).unwrap_or_default() }
    }

    /// The column of a cell, and the text that was sent.
    fn column(
        &self,
        export: Option<&Ingested>,
        sheet: &str,
        row: i64,
        field: &str,
    ) -> Result<Option<(Column, String)>, Failure> {
        let (Some(export), Ok(row)) = (export, u32::try_from(row)) else { return Ok(None) };
        let sent = self.sent(export)?;
        let is_it = |table: &&InSheet| sent.sheets[table.sheet].sheet == sheet && table.rows.contains(&row);
        let found = sent.tables.iter().filter(is_it).find_map(|table| Some((table, table.columns.get(field)?)));
        let Some((table, column)) = found else { return Ok(None) };
        let grid = &sent.sheets[table.sheet];
        let at = column.number.saturating_sub(grid.column_number(0)) as usize;
        let text = grid.rows().find(|sent| sent.number == row).map(|row| row.cell(at).to_owned());
        Ok(Some((column.clone(), text.unwrap_or_default())))
    }

    fn sent(&self, export: &Ingested) -> Result<Rc<Sent>, Failure> {
        let name = &export.export.name;
        if let Some(read) = self.books.borrow().get(name) {
            return Ok(read.clone());
        }
        let sent = Rc::new(self.read(export)?);
        self.books.borrow_mut().insert(name.clone(), sent.clone());
        Ok(sent)
    }

    fn read(&self, export: &Ingested) -> Result<Sent, Failure> {
        let setup = self.setup;
        let source = export.source(setup);
        let bytes = self.store.read_raw(&export.export.digest)?;
        let mut findings = Findings::new(0);
        let read = read_export(setup, source, export.export.input(setup, &bytes), &mut findings);
        let Some(mut book) = read else { return Ok(Sent::default()) };
        let sheets = book.sheets.clone();
        let name = &export.export.name;
        clean::correct(&setup.config.corrections, name, &mut book.sheets, &mut findings);
        let mut tables = Vec::new();
        for part in layout::lay_out(&book.sheets, source, name) {
            let sheet = sheets.iter().position(|grid| grid.sheet == part.grid.sheet);
            let (Some(table), Some(sheet)) = (part.table, sheet) else { continue };
            let rows = table.body.iter().map(|&row| part.grid.row(row).number).collect();
            tables.push(InSheet { sheet, columns: columns(&part.grid, &table, source, &part.place), rows });
        }
        Ok(Sent { sheets, tables })
    }

    /// What exports that were issued before said of the same row.
    fn superseded(&self, found: &Found<'a>, facts: &Frame, file: &str) -> Result<Vec<Superseded>, Failure> {
        let keys: Vec<String> = key_columns(found.source).into_iter().map(str::to_owned).collect();
        let quarter = facts.ints("quarter").and_then(|quarters| Quarter::of_column(quarters.get(found.row)?));
        let Some(quarter) = quarter else { return Ok(Vec::new()) };
        let mine: Vec<Option<String>> = keys.iter().map(|key| key_text(facts, key, found.row)).collect();
        let mut told = Vec::new();
        for one in self.exports.holding(&found.source.dataset, Span::only(quarter)) {
            if one.export.name == file {
                continue;
            }
            let earlier = self.earlier(one)?;
            let is_it = |row: &usize| keys.iter().zip(&mine).all(|(key, mine)| key_text(&earlier, key, *row) == *mine);
            let Some(row) = (0..earlier.rows()).find(is_it) else { continue };
            let text = |column: &str| earlier.column(column).and_then(|values| values.text(row));
            told.push(Superseded {
                file: one.export.name.clone(),
                sheet: text("source_sheet").unwrap_or_default(),
                row: earlier.ints("source_row").and_then(|rows| rows.get(row)).unwrap_or_default(),
                vintage: one.issued().map(|day| day.to_string()),
                read: text(&found.column),
            });
        }
        told.sort_by(|a, b| b.vintage.cmp(&a.vintage));
        Ok(told)
    }

    fn earlier(&self, export: &Ingested) -> Result<Rc<Frame>, Failure> {
        let name = &export.export.name;
        if let Some(read) = self.earlier.borrow().get(name) {
            return Ok(read.clone());
        }
        let facts = load::read_table(self.store, &export.ingest, Shelf::Facts, |_| true)?;
        let facts = Rc::new(numbered(facts));
        self.earlier.borrow_mut().insert(name.clone(), facts.clone());
        Ok(facts)
    }
}

/// A part of the key of a row; enterprises are known by their numbers.
fn key_text(frame: &Frame, key: &str, row: usize) -> Option<String> {
    let key = if key == "unit_code" { "unit_number" } else { key };
    frame.column(key).and_then(|values| values.text(row))
}

/// Where the declared columns of a table are, with their headings and units.
fn columns(grid: &Grid, table: &Table, source: &Source, place: &Place) -> BTreeMap<String, Column> {
    let units = clean::units_of(table, source, place);
    let mut columns = BTreeMap::new();
    for ((declared, bound), unit) in source.columns.iter().zip(&table.bound).zip(units) {
        let Some(at) = bound.column() else { continue };
        let mut labels: Vec<&str> = Vec::new();
        for row in table.header.clone() {
            let label = grid.seen(row, at);
            if !label.is_empty() && labels.last() != Some(&label) {
                labels.push(label);
            }
        }
        let factor = unit.map(|unit| match unit.denominator {
            1 => unit.numerator.to_string(),
            under => format!("{}/{under}", unit.numerator),
        });
        let unit = unit.map(|unit| unit.name.to_owned());
        let (number, heading) = (table.column_number(at), labels.join(" / "));
        columns.insert(declared.name.clone(), Column { number, heading, unit, factor });
    }
    columns
}
