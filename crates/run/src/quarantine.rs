//! What the last run set aside: listed by reason, and as a table to send back to whoever sent the exports.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::Path;

use super::failure::Failure;
use super::mended;
use super::problems::KeptProblems;
use super::setup::Setup;
use clean::RawCells;
use config::document::did_you_mean;
use store::{Ingest, Shelf, Store};
use vocab::frame::Frame;
use vocab::{rules, said};

/// Which exports are looked at.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Those of this source only.
    pub source: Option<String>,
    /// Those of this dataset only.
    pub dataset: Option<String>,
}

/// Where a row stands in its export: the sheet and the row as a spreadsheet shows them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct RowAddress {
    /// The sheet; empty where the format has none.
    pub sheet: String,
    /// The row or line, counted from one.
    pub row: i64,
}

/// A row that was set aside.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct BadRow {
    /// Where it stands.
    #[serde(flatten)]
    pub at: RowAddress,
    /// The codes of what is wrong with it.
    pub codes: Vec<String>,
    /// Whether a later export has mended it.
    pub mended: bool,
}

/// The rows of one export that were set aside.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct BadExport {
    /// The export.
    pub file: String,
    /// The definition that claims it.
    pub source: String,
    /// Its dataset.
    pub dataset: String,
    /// The rows, in the order of the export.
    pub rows: Vec<BadRow>,
}

impl Filter {
    /// Whether an ingest is looked at.
    pub(super) fn holds(&self, source: &str, dataset: &str) -> bool {
        self.source.as_deref().is_none_or(|wanted| wanted == source)
            && self.dataset.as_deref().is_none_or(|wanted| wanted == dataset)
    }

    /// A name that no definition has would find nothing, and look like good news.
    pub(super) fn check(&self, setup: &Setup) -> Result<(), Failure> {
        let sources = &setup.config.sources;
        let known = |option: &str, wanted: &Option<String>, names: Vec<&str>| match wanted {
            Some(wanted) if !names.contains(&wanted.as_str()) => {
                let meant = did_you_mean(wanted, &names);
                let none =
                    said!("--{option} {wanted}：没有这一项{meant}", "--{option} {wanted}: there is none{meant}"; meant);
                Err(Failure::Usage(none))
            }
            _ => Ok(()),
        };
        known("source", &self.source, sources.iter().map(|source| source.id.as_str()).collect())?;
        known("dataset", &self.dataset, sources.iter().map(|source| source.dataset.as_str()).collect())
    }
}

/// What is in quarantine.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Quarantine {
    /// The rows, by export.
    pub exports: Vec<BadExport>,
    /// How many rows later exports have mended, listed or not.
    pub mended: usize,
}

/// The rows that the last run set aside, by export: those that are open still, and with `with_mended` those too that a later
/// export has mended. Nothing is changed.
///
/// # Errors
/// When there is no store, or it cannot be read.
pub fn quarantine(setup: &Setup, filter: &Filter, with_mended: bool) -> Result<Quarantine, Failure> {
    filter.check(setup)?;
    let store = Store::open_existing(&setup.store_dir)?;
    let mut found = Quarantine { exports: Vec::new(), mended: 0 };
    let all = store.catalog().in_use()?;
    store.all_rows_are_whole()?;
    for export in with_rows(&all, filter) {
        let (file, ingest) = export;
        let frame = rows_of(&store, ingest, |_| true)?;
        let mended = are_mended(setup, &store, &all, export, &frame)?;
        found.mended += mended.iter().filter(|is_mended| **is_mended).count();
        let rows = bad_rows(&frame).into_iter().zip(mended).map(|(row, mended)| BadRow { mended, ..row });
        let rows: Vec<BadRow> = rows.filter(|row| with_mended || !row.mended).collect();
        if !rows.is_empty() {
            let (source, dataset) = (ingest.source.clone(), ingest.dataset.clone());
            found.exports.push(BadExport { file: file.clone(), source, dataset, rows });
        }
    }
    Ok(found)
}

fn are_mended(
    setup: &Setup,
    store: &Store,
    all: &[(String, Ingest)],
    export: &(String, Ingest),
    frame: &Frame,
) -> Result<Vec<bool>, Failure> {
    let cells: Vec<RawCells> = (0..frame.rows()).map(|row| cells_of(frame, row)).collect();
    mended::mended(setup, store, all, export, &cells)
}

/// Writes the rows that are open to `path` as CSV in Chinese, one line each: address, codes, what is wrong, the way out, and the raw
/// cells as they were, in the columns in which any of them has one. The figures of single enterprises are in it: it goes nowhere but where the user says.
///
/// # Errors
/// When there is no store, it cannot be read, or `path` cannot be written.
pub fn write_csv(setup: &Setup, filter: &Filter, path: &Path) -> Result<u64, Failure> {
    filter.check(setup)?;
    let store = Store::open_existing(&setup.store_dir)?;
    let all = store.catalog().in_use()?;
    store.all_rows_are_whole()?;
    let mut exports = Vec::new();
    for export in with_rows(&all, filter) {
        let frame = rows_of(&store, &export.1, |_| true)?;
        let mended = are_mended(setup, &store, &all, export, &frame)?;
        let open: Vec<usize> = (0..frame.rows()).filter(|row| !mended[*row]).collect();
        let Some(kept) = KeptProblems::of(&export.1) else {
            let name = &export.0;
            return Err(Failure::Usage(said!(
                "无法从目录库读出在 {name} 中发现的问题；`mujun run` 将重新读取该文件",
                "what was found wrong in {name} cannot be read from the catalogue; `mujun run` reads the export again"
            )));
        };
        exports.push((export.0.as_str(), kept, frame.take(&open)));
    }
    let rows = exports.iter().flat_map(|(.., frame)| (0..frame.rows()).map(|row| cells_of(frame, row)));
    let columns = Columns::of(rows);
    let mut head: Vec<String> = ["文件", "工作表", "行号", "问题代码", "问题", "处理办法"].map(str::to_owned).to_vec();
    head.extend(columns.heads());
    let mut written = 0;
    store::write_file(path, |out| {
        out.write_all("\u{feff}".as_bytes())?;
        line(out, head.into_iter())?;
        for (file, kept, frame) in &exports {
            written += csv_rows(out, file, kept, frame, &columns)?;
        }
        Ok(())
    })?;
    Ok(written)
}

/// Columns that each get one of their own in the table; what stands in others is in one more, each cell with its column. So a
/// table takes room for what it holds, also where some sheet is thousands of columns wide.
const MOST_COLUMNS: usize = 256;

/// The columns of the table that hold raw cells: those of the exports in which any row has one.
struct Columns {
    own: BTreeSet<usize>,
    has_others: bool,
}

impl Columns {
    fn of(rows: impl Iterator<Item = RawCells>) -> Self {
        let mut own: BTreeSet<usize> = rows.flat_map(|cells| cells.filled).map(|(column, _)| column).collect();
        let first_other = own.iter().nth(MOST_COLUMNS).copied();
        if let Some(first) = first_other {
            own.split_off(&first);
        }
        Columns { own, has_others: first_other.is_some() }
    }

    fn heads(&self) -> impl Iterator<Item = String> {
        let others = self.has_others.then(|| "其余各列".to_owned());
        self.own.iter().map(|column| format!("第{}列", column + 1)).chain(others)
    }

    fn cells(&self, row: RawCells) -> impl Iterator<Item = String> {
        let mut filled: BTreeMap<usize, String> = row.filled.into_iter().collect();
        let own: Vec<String> = self.own.iter().map(|column| filled.remove(column).unwrap_or_default()).collect();
        let other = |(column, cell): (usize, String)| format!("第{}列={cell}", column + 1);
        let others = self.has_others.then(|| filled.into_iter().map(other).collect::<Vec<_>>().join(" "));
        own.into_iter().chain(others)
    }
}

/// The raw cells of a row in quarantine, as JSON.
const CELLS: &str = "cells";

/// The lines of one export.
fn csv_rows(
    out: &mut impl Write,
    file: &str,
    kept: &KeptProblems,
    frame: &Frame,
    columns: &Columns,
) -> io::Result<u64> {
    let mut by_row: BTreeMap<RowAddress, Vec<(&str, u32)>> = BTreeMap::new();
    for problem in &kept.problems {
        if let (Some(row), Some(column)) = (problem.row, problem.column) {
            let at = RowAddress { sheet: problem.sheet.clone(), row: i64::from(row) };
            by_row.entry(at).or_default().push((&problem.code, column));
        }
    }
    let hints = frame.texts("hints_zh");
    for (row, bad) in bad_rows(frame).into_iter().enumerate() {
        let wrong = by_row.get(&bad.at).map(Vec::as_slice).unwrap_or_default();
        let told: Vec<String> = bad.codes.iter().map(|code| explained(code, wrong)).collect();
        let fixed = [
            file.to_owned(),
            bad.at.sheet.clone(),
            bad.at.row.to_string(),
            bad.codes.join(" "),
            told.join(" "),
            hints.and_then(|hints| hints.get(row)).unwrap_or("").to_owned(),
        ];
        line(out, fixed.into_iter().chain(columns.cells(cells_of(frame, row))))?;
    }
    Ok(frame.rows() as u64)
}

/// What a code says, with the columns it was found in: `第5列：应为数值的单元格中是文字。`
fn explained(code: &str, columns: &[(&str, u32)]) -> String {
    let rule = rules::by_code(code).map_or(code, |rule| rule.zh);
    let columns: Vec<String> = columns.iter().filter(|(of, _)| *of == code).map(|(_, at)| at.to_string()).collect();
    if columns.is_empty() { rule.to_owned() } else { format!("第{}列：{rule}", columns.join("、")) }
}

/// One line of CSV.
fn line(out: &mut impl Write, cells: impl Iterator<Item = String>) -> io::Result<()> {
    let cells: Vec<String> = cells.map(|cell| publish::raw_cell(&cell)).collect();
    writeln!(out, "{}\r", cells.join(","))
}

/// The ingests that set rows aside and are looked at, with the names of their exports.
fn with_rows<'a>(all: &'a [(String, Ingest)], filter: &Filter) -> impl Iterator<Item = &'a (String, Ingest)> {
    let filter = filter.clone();
    let is_asked = move |ingest: &Ingest| filter.holds(&ingest.source, &ingest.dataset);
    all.iter().filter(move |(_, ingest)| ingest.quarantine.is_some() && is_asked(ingest))
}

/// The rows of an ingest that are in quarantine.
pub(super) fn rows_of(store: &Store, ingest: &Ingest, wanted: impl Fn(&str) -> bool) -> Result<Frame, Failure> {
    super::load::read_table(store, ingest, Shelf::Quarantine, wanted)
}

/// Addresses and codes of rows in quarantine.
pub(super) fn bad_rows(frame: &Frame) -> Vec<BadRow> {
    let text = |name: &str, row: usize| frame.column(name).and_then(|column| column.text(row)).unwrap_or_default();
    let number = frame.ints("source_row");
    (0..frame.rows())
        .map(|row| BadRow {
            at: RowAddress {
                sheet: text("source_sheet", row),
                row: number.and_then(|number| number.get(row)).unwrap_or(0),
            },
            codes: text("problem_codes", row).split_whitespace().map(str::to_owned).collect(),
            mended: false,
        })
        .collect()
}

fn cells_of(frame: &Frame, row: usize) -> RawCells {
    RawCells::parse(frame.texts(CELLS).and_then(|cells| cells.get(row)).unwrap_or("[]"))
}
