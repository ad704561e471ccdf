//! The programme whose tasks the indicators show: `action_plan.toml`.

use super::document::{Table, did_you_mean};
use super::range::LARGEST;
use vocab::said;

/// The longest name of a sheet that spreadsheet programs take.
const LONGEST: usize = 31;

/// Measures, their tasks, the documents and the targets they set.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// Documents that set targets.
    pub documents: Vec<PlanDocument>,
    /// Measures in the order in which they are written.
    pub measures: Vec<Measure>,
    /// Targets in the order in which they are written.
    pub targets: Vec<PlanTarget>,
}

/// A document that sets targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanDocument {
    /// Its number, by which targets name it.
    pub number: String,
    /// Its title in Chinese, where it is known.
    pub title_zh: Option<String>,
    /// Its title in English, where it is known.
    pub title_en: Option<String>,
}

/// A measure of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// Its number or name.
    pub id: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// Its tasks.
    pub tasks: Vec<Task>,
}

/// A task of a measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its number or name, by which indicators name it.
    pub id: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// The sheet of its own that it has in the workbook: its indicators in all areas beside one another.
    pub sheet: Option<Sheet>,
}

/// A sheet of the workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// What its file of CSV is called.
    pub name: String,
    /// What it is called in Chinese.
    pub name_zh: String,
    /// What it is called in English.
    pub name_en: String,
}

/// A target as a document sets it. The indicator that shows it repeats value, year and document.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanTarget {
    /// What the document calls it, in Chinese.
    pub name_zh: String,
    /// What the document calls it, in English.
    pub name_en: String,
    /// The indicator that shows it.
    pub indicator: String,
    /// Its value, in the indicator's unit and with its sign.
    pub value: f64,
    /// The year by whose end it is to be reached.
    pub by: i64,
    /// The number of the document.
    pub document: String,
    /// How the document states the time, where it is not the year alone; in Chinese.
    pub horizon_zh: Option<String>,
    /// Likewise in English.
    pub horizon_en: Option<String>,
}

impl Plan {
    pub(super) fn resolve(table: &Table<'_, '_>) -> Plan {
        let documents = table.tables("document", |document| PlanDocument {
            number: document.text("number"),
            title_zh: document.opt_text("title_zh"),
            title_en: document.opt_text("title_en"),
        });
        let (mut seen, mut named) = (Vec::new(), Vec::new());
        let measures = table.tables("measure", |measure| Measure {
            id: measure.text("id"),
            name_zh: measure.text("name_zh"),
            name_en: measure.text("name_en"),
            tasks: measure.tables("task", |task| {
                let id = task.text("id");
                if !id.is_empty() && seen.contains(&id) {
                    task.error("id", said!("另一项任务也名为 `{id}`", "`{id}` is the name of another task too"));
                }
                seen.push(id.clone());
                let sheet = task.table("sheet", |table| sheet(table, &mut named));
                Task { id, name_zh: task.text("name_zh"), name_en: task.text("name_en"), sheet }
            }),
        });
        let mut plan = Plan { documents, measures, targets: Vec::new() };
        plan.targets = table.tables("target", |target| PlanTarget {
            name_zh: target.text("name_zh"),
            name_en: target.text("name_en"),
            indicator: target.text("indicator"),
            value: value(target),
            by: year(target, "by"),
            document: plan.document_of(target),
            horizon_zh: target.opt_text("horizon_zh"),
            horizon_en: target.opt_text("horizon_en"),
        });
        plan
    }

    /// Every task, in the order of the plan.
    pub fn tasks(&self) -> impl Iterator<Item = &Task> {
        self.measures.iter().flat_map(|measure| &measure.tasks)
    }

    /// The task that an indicator names; empty after its error was reported.
    pub(super) fn task_of(&self, table: &Table<'_, '_>) -> String {
        let task = table.text("task");
        let tasks: Vec<&str> = self.tasks().map(|task| task.id.as_str()).collect();
        if tasks.is_empty() {
            let message = said!(
                "没有任务：缺少 `action_plan.toml`，或其中没有任务",
                "there are no tasks: `action_plan.toml` is missing, or has none"
            );
            table.error("task", message);
        } else if !task.is_empty() && !tasks.contains(&task.as_str()) {
            let hint = did_you_mean(&task, &tasks);
            let message = said!("`{task}` 不是计划中的任务{hint}", "`{task}` is not a task of the plan{hint}"; hint);
            table.error("task", message);
        }
        task
    }

    /// The document that a target names.
    pub(super) fn document_of(&self, table: &Table<'_, '_>) -> String {
        let number = table.text("document");
        let known: Vec<&str> = self.documents.iter().map(|document| document.number.as_str()).collect();
        if !number.is_empty() && !known.contains(&number.as_str()) {
            let hint = did_you_mean(&number, &known);
            let message = said!(
                "`{number}` 不是 `action_plan.toml` 中的文件{hint}",
                "`{number}` is not a document of `action_plan.toml`{hint}";
                hint
            );
            table.error("document", message);
        }
        number
    }
}

/// Files of CSV that are there anyway: those of the levels and of the other sheets.
const TAKEN: [&str; 10] =
    ["overview", "parks", "cities", "counties", "clusters", "park", "county", "city_net", "city", "province"];

/// A sheet; `named` are the names of the others.
fn sheet(table: &Table<'_, '_>, named: &mut Vec<String>) -> Sheet {
    let sheet = Sheet { name: table.text("name"), name_zh: table.text("name_zh"), name_en: table.text("name_en") };
    if !sheet.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
        let message =
            said!("`name` 为文件名：只能用小写字母和 `_`", "`name` is that of a file: small letters and `_` only");
        table.error("name", message);
    }
    if TAKEN.contains(&sheet.name.as_str()) || named.contains(&sheet.name) {
        let name = &sheet.name;
        let message = said!("另一个 CSV 文件也名为 `{name}`", "`{name}` is the name of another file of CSV too");
        table.error("name", message);
    }
    named.push(sheet.name.clone());
    for (key, name) in [("name_zh", &sheet.name_zh), ("name_en", &sheet.name_en)] {
        if name.chars().count() > LONGEST || name.contains(['[', ']', ':', '*', '?', '/', '\\', '\'']) {
            let message = said!(
                "`{key}` 最多 {LONGEST} 个字符，且不得含有 []:*?/\\'",
                "`{key}` must have at most {LONGEST} characters, and none of []:*?/\\'"
            );
            table.error(key, message);
        }
    }
    sheet
}

/// The value of a target.
pub(super) fn value(table: &Table<'_, '_>) -> f64 {
    table.number_within("value", -LARGEST..=LARGEST).unwrap_or_else(|| {
        if !table.has("value") {
            table.error("value", said!("目标须有 `value`", "a target needs `value`"));
        }
        0.0
    })
}

/// A year that must be there; 2000 after its error was reported.
pub(super) fn year(table: &Table<'_, '_>, key: &str) -> i64 {
    let year = table.opt_int(key).unwrap_or_else(|| {
        if !table.has(key) {
            table.error(key, said!("缺少 `{key}`：应为年份", "`{key}` is missing: it must be a year"));
        }
        2000
    });
    if !(1978..=2100).contains(&year) {
        table.error(key, said!("`{year}` 不是年份", "`{year}` is not a year"));
    }
    year
}
