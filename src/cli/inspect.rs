//! What `inspect` prints: for people, as one JSON document, or one JSON object for each data cell.

use std::fmt::Write as _;
use std::io::Write as _;

use serde_json::{Number, Value, json};

use super::args::Lang;
use super::escape::{escaped, inline};
use super::show::{Printer, problem_json};
use clean::Issued;
use config::source::IssuedFrom;
use layout::{DataCell, Discovery, FoundColumn, FoundRow, Guess};
use run::{FoundTable, Inspection};
use vocab::period::{Period, day_to_number};
use vocab::{text, unit};

/// Rows of a table that are shown.
const PREVIEW_ROWS: usize = 3;
/// Characters of a cell that are shown.
const PREVIEW_CHARS: usize = 24;
/// Columns of a table that are shown.
const PREVIEW_COLUMNS: usize = 8;

impl Printer {
    /// What a file is.
    pub fn inspection(&self, found: &Inspection) {
        self.out(|| self.inspection_text(found), || inspection_json(found));
    }

    /// The draft of a source definition; without one, why there is none, apart from what is printed into a file.
    pub fn draft(&self, found: &Inspection) {
        if let Some(draft) = &found.draft {
            self.out(|| self.lang.of(draft).to_owned(), || json!({ "draft": draft.en(), "draft_zh": draft.zh() }));
            return;
        }
        self.problems_of(found);
        self.line(match self.lang {
            Lang::Zh => "没有可起草来源定义的表格。",
            Lang::En => "There is no table to write a definition for.",
        });
    }

    /// One JSON object for each data cell, one in a line; problems go to standard error.
    pub fn cells(&self, found: &Inspection) {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        for (file, table) in found.all().flat_map(|file| file.tables.iter().map(move |table| (file, table))) {
            for cell in table.found.cells() {
                // A closed pipe is the reader's business.
                if writeln!(out, "{}", escaped(&cell_json(file, table, &cell).to_string())).is_err() {
                    return;
                }
            }
        }
        let _ = out.flush();
        self.problems_of(found);
    }

    /// What is wrong with a file, its members and its tables, to standard error.
    pub(super) fn problems_of<'f>(&self, found: &'f Inspection) {
        let of = |file: &'f Inspection| {
            file.problems.iter().chain(file.tables.iter().flat_map(|table| &table.found.problems))
        };
        for problem in found.all().flat_map(of) {
            self.line(&self.problem(problem));
        }
    }

    fn inspection_text(&self, found: &Inspection) -> String {
        let mut text = format!("{}\n", inline(&found.name));
        if let Some(book) = &found.book {
            let (format, encoding) = (self.say("格式", "format"), self.say("编码", "encoding"));
            let reason = self.lang.of(&book.encoding_reason);
            let _ =
                writeln!(text, "{format} {}  {encoding} {} ({reason})", book.format.as_str(), book.encoding.as_str());
            let _ = writeln!(text, "{}", self.issued_text(&found.issued));
        }
        if !found.members.is_empty() {
            let _ = writeln!(text, "{} {}", found.members.len(), self.say("个文件在压缩包内", "files in the archive"));
        }
        for table in &found.tables {
            self.table_text(&mut text, table);
        }
        for problem in &found.problems {
            let _ = writeln!(text, "{}", self.problem(problem));
        }
        for member in &found.members {
            text.push('\n');
            text.push_str(&self.inspection_text(member));
        }
        text
    }

    /// The days of issue that the export gives itself, each with what says so.
    fn issued_text(&self, issued: &[Issued]) -> String {
        let one = |issued: &Issued| {
            let by = match issued.by {
                IssuedFrom::Name => self.say("文件名末尾", "at the end of the name"),
                IssuedFrom::Caption => self.say("表上方所写", "a line over the table"),
                IssuedFrom::Received => self.say("收到之日", "the day it was received"),
            };
            let Issued { day, .. } = issued;
            format!("{day} ({by})")
        };
        let days = match issued {
            [] => self
                .say(
                    "未写明；如以收到之日为准，请声明 issued = \"received\"",
                    "not said; declare issued = \"received\" if the day it was received counts",
                )
                .to_owned(),
            [only] => one(only),
            [first, others @ ..] => {
                let others: Vec<String> = others.iter().map(one).collect();
                let also = self.say("；另有 ", "; there is also ");
                format!("{}{also}{}", one(first), others.join(", "))
            }
        };
        format!("{} {days}", self.say("发布日期", "issued"))
    }

    fn table_text(&self, text: &mut String, table: &FoundTable) {
        let found = &table.found;
        let sheet = match table.sheet.as_str() {
            "" => String::new(),
            sheet => format!("{} `{sheet}` ", self.say("工作表", "sheet")),
        };
        let _ = writeln!(text, "\n{sheet}{} {}", self.say("表", "table"), table.number);
        let mut line = |label: &str, value: Option<String>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                let _ = writeln!(text, "  {label}  {}", inline(&value));
            }
        };
        line(self.say("标题", "caption"), found.caption.clone());
        let by = if table.period_by_name { self.say("（文件名）", " (the file's name)") } else { "" };
        line(self.say("报告期", "period"), found.period.as_ref().map(|period| format!("{period}{by}")));
        line(self.say("单位", "unit"), Some(found.units.join(", ")));
        line(self.say("表头", "header"), self.rows_text(found));
        line(self.say("数据", "data"), Some(self.data_text(found)));
        line(self.say("时间", "time"), self.time_text(found));
        line(self.say("缺失", "missing"), Some(self.missing_text(table)));
        line(self.say("重复", "repeats"), table.repeats.clone());
        for column in &found.columns {
            let _ = writeln!(
                text,
                "    {:>3}  {}  {}  {}",
                found.grid.column_number(column.column),
                inline(&column.labels.join(" / ")),
                if found.unit_column == Some(column.column) {
                    self.say("各行单位", "unit of each row").to_owned()
                } else {
                    self.kind_text(column)
                },
                column.unit.as_deref().map(|unit| unit::parse(unit).map_or(unit, |unit| unit.name)).unwrap_or("")
            );
        }
        preview(text, found);
        for problem in &found.problems {
            let _ = writeln!(text, "{}", self.problem(problem));
        }
    }

    fn rows_text(&self, found: &Discovery) -> Option<String> {
        let first = found.header.start;
        let last = found.header.end.checked_sub(1).filter(|&last| last >= first)?;
        let number = |row: usize| found.grid.row(row).number;
        Some(self.between(number(first), number(last)))
    }

    fn data_text(&self, found: &Discovery) -> String {
        let of = found.rows.len();
        let number = |row: &FoundRow| found.grid.row(row.row).number;
        let place =
            found.rows.first().zip(found.rows.last()).map(|(first, last)| self.between(number(first), number(last)));
        match (self.lang, place) {
            (Lang::Zh, Some(place)) => format!("{of} 行（{place}）"),
            (Lang::En, Some(place)) => format!("{of} ({place})"),
            (_, None) => of.to_string(),
        }
    }

    /// Rows of the sheet, from one to another.
    fn between(&self, first: u32, last: u32) -> String {
        match (self.lang, first == last) {
            (Lang::Zh, true) => format!("第 {first} 行"),
            (Lang::Zh, false) => format!("第 {first}–{last} 行"),
            (Lang::En, true) => format!("row {first}"),
            (Lang::En, false) => format!("rows {first}–{last}"),
        }
    }

    fn time_text(&self, found: &Discovery) -> Option<String> {
        let across: Vec<_> = found.columns.iter().filter_map(|column| column.period).collect();
        let down: Vec<_> = found.rows.iter().filter_map(|row| row.period).collect();
        let (way, periods) =
            if across.is_empty() { (self.say("纵向", "down"), down) } else { (self.say("横向", "across"), across) };
        let by_end = |period: &&Period| (period.last_day(), **period);
        Some(format!("{way} {} – {}", periods.iter().min_by_key(by_end)?, periods.iter().max_by_key(by_end)?))
    }

    fn missing_text(&self, table: &FoundTable) -> String {
        let blank = self.say("空白", "blank");
        let counts = table.missing().into_iter().map(|(symbol, count)| {
            let symbol = if symbol.is_empty() { blank } else { symbol };
            format!("{symbol} × {count}")
        });
        counts.collect::<Vec<_>>().join("  ")
    }

    fn kind_text(&self, column: &FoundColumn) -> String {
        if let Some(period) = column.period {
            return period.to_string();
        }
        let (zh, en) = match column.guess {
            Guess::Empty => ("空", "empty"),
            Guess::Number => ("数值", "number"),
            Guess::UnitCode => ("单位代码", "unit code"),
            Guess::Industry => ("行业代码", "industry"),
            Guess::Region => ("区划代码", "region"),
            Guess::Period => ("报告期", "period"),
            Guess::Text => ("文字", "text"),
        };
        self.say(zh, en).to_owned()
    }
}

fn issued_json(issued: &Issued) -> Value {
    json!({ "day": day_to_number(issued.day), "by": issued.by.as_str() })
}

fn inspection_json(found: &Inspection) -> Value {
    let book = found.book.as_ref();
    json!({
        "file": found.name,
        "format": book.map(|book| book.format.as_str()),
        "encoding": book.map(|book| book.encoding.as_str()),
        "encoding_reason": book.map(|book| book.encoding_reason.en()),
        "encoding_reason_zh": book.map(|book| book.encoding_reason.zh()),
        "issued": found.issued.iter().map(issued_json).collect::<Vec<_>>(),
        "members": found.members.iter().map(inspection_json).collect::<Vec<_>>(),
        "tables": found.tables.iter().map(table_json).collect::<Vec<_>>(),
        "problems": found.problems.iter().map(problem_json).collect::<Vec<_>>(),
    })
}

fn table_json(table: &FoundTable) -> Value {
    let found = &table.found;
    let number = |row: usize| found.grid.row(row).number;
    json!({
        "sheet": table.sheet,
        "table": table.number,
        "caption": found.caption,
        "preamble": found.preamble.iter().map(|entry| json!({ "key": entry.key, "value": entry.value })).collect::<Vec<_>>(),
        "units": found.units,
        "period": found.period,
        "period_by_name": table.period_by_name,
        "header_rows": found.header.clone().map(number).collect::<Vec<_>>(),
        "data_rows": found.rows.len(),
        "first_data_row": found.rows.first().map(|row| number(row.row)),
        "note_rows": found.notes,
        "label_column": found.label_column.map(|column| found.grid.column_number(column)),
        "repeats": table.repeats,
        "missing": table.missing(),
        "columns": found.columns.iter().map(|column| json!({
            "column": found.grid.column_number(column.column), "labels": column.labels, "title": column.title,
            "unit": column.unit, "period": column.period.map(|period| period.to_string()),
            "frequency": column.frequency, "kind": column.guess.as_str(),
        })).collect::<Vec<_>>(),
        "problems": found.problems.iter().map(problem_json).collect::<Vec<_>>(),
    })
}

/// One data cell as JSON. The value is the number nearest to the digits that the file has.
fn cell_json(found: &Inspection, table: &FoundTable, cell: &DataCell<'_>) -> Value {
    let value = cell.value.as_deref().and_then(|digits| number(&plain(digits)));
    json!({
        "file": found.name,
        "sheet": table.sheet,
        "table": table.number,
        "row": cell.row,
        "column": cell.column,
        "row_label": &*cell.of_row.label,
        "parent": cell.of_row.parent.as_deref(),
        "group": cell.of_row.group.as_deref(),
        "column_label": cell.of_column.title,
        "header": cell.of_column.labels,
        "text": cell.text,
        "value": value,
        "missing": cell.missing,
        "unit": cell.unit,
        "period": cell.period.map(|period| period.to_string()),
    })
}

/// A decimal as a number of JSON. The reader of JSON is off by one in the last digit of some long ones.
fn number(decimal: &str) -> Option<Number> {
    let number: Number = serde_json::from_str(decimal).ok()?;
    if number.is_f64() { Number::from_f64(decimal.parse().ok()?) } else { Some(number) }
}

/// A decimal as JSON writes it: no zeros or plus before its digits.
fn plain(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits.trim_start_matches('+')), |rest| ("-", rest));
    let trimmed = digits.trim_start_matches('0');
    let lead = if trimmed.is_empty() || trimmed.starts_with(['.', 'e', 'E']) { "0" } else { "" };
    format!("{sign}{lead}{trimmed}")
}

/// The first rows as a person sees them.
fn preview(out: &mut String, found: &Discovery) {
    // Figures of one enterprise are for `--cells` alone, which is asked for them.
    if found.columns.iter().any(|column| column.guess == Guess::UnitCode) {
        return;
    }
    let shown: Vec<&FoundColumn> = found.columns.iter().take(PREVIEW_COLUMNS).collect();
    for row in found.rows.iter().take(PREVIEW_ROWS) {
        let cells: Vec<String> = shown.iter().map(|column| short(found.grid.cell(row.row, column.column))).collect();
        let more = if found.columns.len() > PREVIEW_COLUMNS { " │ …" } else { "" };
        let _ = writeln!(out, "  │ {}{more}", cells.join(" │ "));
    }
}

/// A cell in one line, cut where it is long.
fn short(cell: &str) -> String {
    let cell = text::trim(cell).replace(['\n', '\r'], " ");
    match cell.char_indices().nth(PREVIEW_CHARS) {
        Some((end, _)) => format!("{}…", &cell[..end]),
        None => cell,
    }
}
