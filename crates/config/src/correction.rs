//! Known errors of exports, and what stands in their place: `corrections.toml`.
//!
//! A correction names one cell and the text that must be there. It is applied to the cells as they were read, before anything
//! is made of them, so it can mend a header, a caption or a figure alike.

use globset::{Glob, GlobMatcher};

use super::document::{IntOrText, Table, did_you_mean};
use vocab::number::{self, Cell, Symbols};
use vocab::period::{self, Period};
use vocab::unit::{self, Unit};

/// One known error and its correction.
#[derive(Debug, Clone)]
pub struct Correction {
    /// Its name, by which problems and facts speak of it.
    pub id: String,
    /// Names of the exports it is for.
    pub file: GlobMatcher,
    /// The sheet, where the export has several.
    pub sheet: Option<String>,
    /// The row.
    pub row: RowOf,
    /// The column.
    pub column: ColumnOf,
    /// The text that must stand there. Once it does not, the source has been mended.
    pub expect: String,
    /// What is done.
    pub action: Action,
    /// Why.
    pub reason: String,
    /// Who reported the error.
    pub reported_by: String,
    /// When, as yyyymmdd.
    pub reported_on: i64,
}

/// How a correction names its row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowOf {
    /// By its number, as a spreadsheet or an editor shows it.
    Number(u32),
    /// By the text of one of its cells, which no other row has.
    Key(String),
}

/// How a correction names its column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnOf {
    /// By its number, counted from one.
    Number(u32),
    /// By the text of its header, which no other column has.
    Header(String),
}

/// What a correction does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// This text stands in the cell.
    Replace(String),
    /// The whole row is set aside.
    Drop,
}

/// What can be typed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Typed {
    Replace,
    Missing,
    Unit,
    Drop,
}

impl Correction {
    /// Whether the correction is for the export of this name.
    pub fn claims(&self, name: &str) -> bool {
        self.file.is_match(name)
    }

    /// Everything in it that facts depend on.
    pub fn fingerprint(&self) -> String {
        format!("{:?}", (&self.id, &self.sheet, &self.row, &self.column, &self.expect, &self.action))
    }
}

/// All corrections of `corrections.toml`, reporting every mistake. Those with mistakes are left out.
pub(super) fn resolve(table: &Table<'_, '_>) -> Vec<Correction> {
    let mut seen: Vec<String> = Vec::new();
    let corrections = table.tables("correction", |table| {
        let id = table.text("id");
        if !id.is_empty() && seen.contains(&id) {
            table.error("id", format!("`{id}` is the name of another correction too"));
        }
        seen.push(id.clone());
        correction(id, table)
    });
    corrections.into_iter().flatten().collect()
}

fn correction(id: String, table: &Table<'_, '_>) -> Option<Correction> {
    let expect = table.text("expect");
    let typed = table.choice(
        "action",
        &[("replace", Typed::Replace), ("missing", Typed::Missing), ("unit", Typed::Unit), ("drop", Typed::Drop)],
    );
    if !table.has("action") {
        table.error("action", "`action` is missing: it must be replace, missing, unit or drop");
    }
    // Everything is asked for before anything is given up, so that all mistakes are told at once.
    let (file, row, column) = (glob(table), row(table), column(table));
    let (sheet, reason, reported_by) = (table.opt_text("sheet"), table.text("reason"), table.text("reported_by"));
    let reported_on = day(table);
    let action = action(table, typed, &expect);
    Some(Correction {
        id,
        file: file?,
        sheet,
        row: row?,
        column: column?,
        expect,
        action: action?,
        reason,
        reported_by,
        reported_on: reported_on?,
    })
}

fn glob(table: &Table<'_, '_>) -> Option<GlobMatcher> {
    let text = table.text("file");
    match Glob::new(&text) {
        Ok(glob) => (!text.is_empty()).then(|| glob.compile_matcher()),
        Err(error) => {
            table.error("file", format!("`{text}` is not a valid pattern: {}", error.kind()));
            None
        }
    }
}

fn row(table: &Table<'_, '_>) -> Option<RowOf> {
    match (table.has("row"), table.has("key")) {
        (true, false) => positive(table, "row", table.opt_int("row")?).map(RowOf::Number),
        (false, true) => table.opt_text("key").map(RowOf::Key),
        (both, _) => {
            let (_, _) = (table.opt_int("row"), table.opt_text("key"));
            let key = if both { "key" } else { "row" };
            table.error(
                key,
                "a correction needs one of `row`, the row's number, and `key`, the text of one of its cells",
            );
            None
        }
    }
}

fn column(table: &Table<'_, '_>) -> Option<ColumnOf> {
    if !table.has("column") {
        table.error("column", "`column` is missing: it must be the column's number or the text of its header");
    }
    match table.int_or_text("column")? {
        IntOrText::Int(number) => positive(table, "column", number).map(ColumnOf::Number),
        IntOrText::Text(header) => Some(ColumnOf::Header(header)),
    }
}

fn positive(table: &Table<'_, '_>, key: &str, number: i64) -> Option<u32> {
    let positive = u32::try_from(number).ok().filter(|number| *number > 0);
    if positive.is_none() {
        table.error(key, format!("`{key}` is counted from one"));
    }
    positive
}

fn day(table: &Table<'_, '_>) -> Option<i64> {
    let text = table.text("reported_on");
    match period::parse(&text) {
        Ok(Period::Day(day)) => {
            Some(i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day()))
        }
        _ if text.is_empty() => None,
        _ => {
            table.error("reported_on", format!("`{text}` is not a day; write it like 2018-05-02"));
            None
        }
    }
}

fn action(table: &Table<'_, '_>, typed: Option<Typed>, expect: &str) -> Option<Action> {
    let value = table.opt_text("value");
    let units = (unit(table, "unit"), unit(table, "column_unit"));
    let wants = |keys: &[&str]| {
        for key in ["value", "unit", "column_unit"] {
            match (table.has(key), keys.contains(&key)) {
                (false, true) => table.error("action", format!("this action needs `{key}`")),
                (true, false) => table.error(key, format!("this action has no `{key}`")),
                _ => {}
            }
        }
    };
    match typed? {
        Typed::Replace => {
            wants(&["value"]);
            let value = value?;
            if value == expect {
                table.error("value", "`value` is what is there already");
            }
            Some(Action::Replace(value))
        }
        Typed::Missing => {
            wants(&[]);
            Some(Action::Replace(String::new()))
        }
        Typed::Drop => {
            wants(&[]);
            Some(Action::Drop)
        }
        Typed::Unit => {
            wants(&["unit", "column_unit"]);
            let (Some(from), Some(to)) = units else { return None };
            let converted = converted(expect, from, to);
            if let Err(message) = &converted {
                table.error("expect", message.clone());
            }
            converted.ok().map(Action::Replace)
        }
    }
}

fn unit(table: &Table<'_, '_>, key: &str) -> Option<&'static Unit> {
    let label = table.opt_text(key)?;
    match unit::parse(&label) {
        Ok(unit) => Some(unit),
        Err(nearest) => {
            let nearest: Vec<&str> = nearest.iter().map(|unit| unit.name).collect();
            table.error(key, format!("`{label}` is not a known unit{}", did_you_mean(&label, &nearest)));
            None
        }
    }
}

/// A figure that is written in one unit, written in another one.
fn converted(text: &str, from: &Unit, to: &Unit) -> Result<String, String> {
    if from.dimension != to.dimension {
        return Err(format!("{} and {} do not measure the same", from.name, to.name));
    }
    let Cell::Value(decimal) = number::parse(text, &Symbols::default()) else {
        return Err(format!("`{text}` is not a number, so it has no unit"));
    };
    let inexact =
        || format!("`{text}` {} cannot be written exactly in {}; use action = \"replace\"", from.name, to.name);
    let canonical = number::to_canonical(decimal, from).map_err(|_| inexact())?;
    let total = i128::from(canonical.unsigned_abs()) * i128::from(to.denominator);
    let unit = i128::from(to.numerator);
    let mut digits = (total / unit).to_string();
    let mut rest = total % unit;
    if rest != 0 {
        digits.push('.');
    }
    for _ in 0..number::MAX_SCALE {
        if rest == 0 {
            break;
        }
        digits.push_str(&(rest * 10 / unit).to_string());
        rest = rest * 10 % unit;
    }
    if rest != 0 {
        return Err(inexact());
    }
    Ok(if canonical < 0 { format!("-{digits}") } else { digits })
}
