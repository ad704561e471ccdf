//! Known errors of exports, and what stands in their place: `corrections.toml`.
//!
//! A correction names one cell and the text that must be there. It is applied to the cells as they were read, before anything
//! is made of them, so it can mend a header, a caption or a figure alike.

use globset::{Glob, GlobMatcher};
use serde::Serialize;
use serde_json::json;

use super::document::{IntOrText, Table, did_you_mean};
use vocab::number::{self, Cell, Symbols};
use vocab::period::{self, Date, Period};
use vocab::unit::{self, Unit};
use vocab::{Said, said};

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
    /// When.
    pub reported_on: Date,
}

/// How a correction names its row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowOf {
    /// By its number, as a spreadsheet or an editor shows it.
    Number(u32),
    /// By the text of one of its cells, which no other row has.
    Key(String),
}

/// How a correction names its column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnOf {
    /// By its number, counted from one.
    Number(u32),
    /// By the text of its header, which no other column has.
    Header(String),
}

/// What a correction does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
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

    /// Everything in it that facts depend on, to be hashed: the same for as long as it says the same.
    pub fn fingerprint(&self) -> String {
        let Correction { id, sheet, row, column, expect, action, .. } = self;
        json!({ "id": id, "sheet": sheet, "row": row, "column": column, "expect": expect, "action": action })
            .to_string()
    }
}

/// All corrections of `corrections.toml`, reporting every mistake. Those with mistakes are left out.
pub(super) fn resolve(table: &Table<'_, '_>) -> Vec<Correction> {
    let mut seen: Vec<String> = Vec::new();
    let corrections = table.tables("correction", |table| {
        let id = table.text("id");
        if !id.is_empty() && seen.contains(&id) {
            let message = said!("另一条更正也名为 `{id}`", "`{id}` is the name of another correction too");
            table.error("id", message);
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
        let message = said!(
            "缺少 `action`：应为“replace”“missing”“unit”或“drop”",
            "`action` is missing: it must be replace, missing, unit or drop"
        );
        table.error("action", message);
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
            table.error("file", no_pattern(&text, &error));
            None
        }
    }
}

/// That a text is no pattern for names of files.
pub(super) fn no_pattern(text: &str, error: &globset::Error) -> Said {
    let reason = error.kind();
    said!("`{text}` 不是有效的匹配模式（{reason}）", "`{text}` is not a valid pattern: {reason}")
}

fn row(table: &Table<'_, '_>) -> Option<RowOf> {
    match (table.has("row"), table.has("key")) {
        (true, false) => positive(table, "row", table.opt_int("row")?).map(RowOf::Number),
        (false, true) => table.opt_text("key").map(RowOf::Key),
        (both, _) => {
            let (_, _) = (table.opt_int("row"), table.opt_text("key"));
            let key = if both { "key" } else { "row" };
            let message = said!(
                "更正须写 `row`（行号）或 `key`（该行某个单元格的文字）其中之一",
                "a correction needs one of `row`, the row's number, and `key`, the text of one of its cells"
            );
            table.error(key, message);
            None
        }
    }
}

fn column(table: &Table<'_, '_>) -> Option<ColumnOf> {
    if !table.has("column") {
        let message = said!(
            "缺少 `column`：应为列号或表头文字",
            "`column` is missing: it must be the column's number or the text of its header"
        );
        table.error("column", message);
    }
    match table.int_or_text("column")? {
        IntOrText::Int(number) => positive(table, "column", number).map(ColumnOf::Number),
        IntOrText::Text(header) => Some(ColumnOf::Header(header)),
    }
}

fn positive(table: &Table<'_, '_>, key: &str, number: i64) -> Option<u32> {
    let positive = u32::try_from(number).ok().filter(|number| *number > 0);
    if positive.is_none() {
        table.error(key, said!("`{key}` 从 1 开始计数", "`{key}` is counted from one"));
    }
    positive
}

fn day(table: &Table<'_, '_>) -> Option<Date> {
    let text = table.text("reported_on");
    match period::parse(&text) {
        Ok(Period::Day(day)) => Some(day),
        _ if text.is_empty() => None,
        _ => {
            let message =
                said!("`{text}` 不是日期；写法如 2018-05-02", "`{text}` is not a day; write it like 2018-05-02");
            table.error("reported_on", message);
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
                (false, true) => {
                    table.error("action", said!("此处理方式须有 `{key}`", "this action needs `{key}`"));
                }
                (true, false) => table.error(key, said!("此处理方式没有 `{key}`", "this action has no `{key}`")),
                _ => {}
            }
        }
    };
    match typed? {
        Typed::Replace => {
            wants(&["value"]);
            let value = value?;
            if value == expect {
                table.error("value", said!("`value` 与原文相同", "`value` is what is there already"));
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
            let hint = did_you_mean(&label, &nearest);
            let message = said!("`{label}` 不是已知的单位{hint}", "`{label}` is not a known unit{hint}"; hint);
            table.error(key, message);
            None
        }
    }
}

/// A figure that is written in one unit, written in another one.
fn converted(text: &str, from: &Unit, to: &Unit) -> Result<String, Said> {
    let (from_name, to_name) = (from.name, to.name);
    if from.dimension != to.dimension {
        return Err(said!(
            "{from_name} 与 {to_name} 不是同类单位",
            "{from_name} and {to_name} do not measure the same"
        ));
    }
    let Cell::Value(decimal) = number::parse(text, &Symbols::default()) else {
        return Err(said!("`{text}` 不是数值，没有单位", "`{text}` is not a number, so it has no unit"));
    };
    let inexact = || {
        said!(
            "`{text}` {from_name} 无法以 {to_name} 精确表示；请改用 action = \"replace\"",
            "`{text}` {from_name} cannot be written exactly in {to_name}; use action = \"replace\""
        )
    };
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
