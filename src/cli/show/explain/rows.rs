//! The rows of exports beneath a figure, and what stands beside it: who reported, what is set aside, published
//! series.

use std::fmt::Write as _;

use super::amounts::{amount, percent};
use super::{STEP, aligned};
use crate::cli::args::Lang;
use crate::cli::show::printer::{NONE, Printer};
use report::{signed, write};
use run::explain::{Cell, Contribution, Explained, Figure, Rest, Shared, Traced};

/// Files that are named; the number of the others is told.
const NAMED: usize = 3;

impl Printer {
    /// The rows that a figure of a park comes from.
    pub(super) fn traced(&self, figure: &Figure, traced: &Traced, indent: usize, text: &mut String) {
        let pad = " ".repeat(indent);
        let _ = writeln!(text, "{pad}{}", self.traced_title(figure, traced));
        let mut rows: Vec<[String; 3]> = Vec::new();
        let is_named = traced.parts.iter().any(|part| part.unit_code.is_some());
        if is_named {
            rows.extend(traced.parts.iter().map(|part| self.contribution(figure, part)));
            rows.extend(traced.rest.iter().map(|rest| self.other_enterprises(figure, rest)));
        }
        let lines = aligned(&rows, indent + STEP);
        for (at, part) in traced.parts.iter().enumerate() {
            if let Some(line) = lines.get(at) {
                let _ = writeln!(text, "{line}");
            }
            let within = indent + if is_named { 2 * STEP } else { STEP };
            self.cells_by_row(figure, part, within, text);
            for column in &part.together {
                let told = self.say("只有合在一起才起作用的一列：", "a column whose cells matter only together:");
                let _ = writeln!(text, "{}{told} {column}", " ".repeat(within));
            }
        }
        if let Some(line) = lines.get(traced.parts.len()) {
            let _ = writeln!(text, "{line}");
        }
        for shared in &traced.shared {
            let _ = writeln!(text, "{pad}{}", self.shared(shared));
        }
    }

    fn traced_title(&self, figure: &Figure, traced: &Traced) -> String {
        let count = traced.contributors;
        let held = if traced.holds {
            String::new()
        } else {
            let difference = amount(&figure.measure, traced.difference, self.lang);
            match self.lang {
                Lang::Zh => format!("；另有 {difference} 由各户合在一起计算而来（如四舍五入），不属于任何一户"),
                Lang::En => {
                    format!("; {difference} more come of computing them together, such as rounding, and are nobody's")
                }
            }
        };
        match (traced.by, self.lang) {
            ("enterprises", Lang::Zh) => format!("{count} 户企业之和{held}："),
            ("enterprises", Lang::En) => format!("the sum of {count} enterprises{held}:"),
            ("cells", Lang::Zh) => format!("由集聚区所报的下列单元格得出{held}："),
            ("cells", Lang::En) => format!("from these cells that are reported of the park{held}:"),
            (_, Lang::Zh) => "不能逐行追溯：它不是集聚区内各行之和。所依据的数据：".to_owned(),
            (_, Lang::En) => {
                "it cannot be traced to single rows: it is no sum of rows of the park. It rests on:".to_owned()
            }
        }
    }

    fn contribution(&self, figure: &Figure, part: &Contribution) -> [String; 3] {
        let code = part.unit_code.clone().unwrap_or_default();
        [code, amount(&figure.measure, part.value, self.lang), part.share.map_or(String::new(), percent)]
    }

    fn other_enterprises(&self, figure: &Figure, rest: &Rest) -> [String; 3] {
        let named = match self.lang {
            Lang::Zh => format!("其余 {} 户", rest.count),
            Lang::En => format!("{} others", rest.count),
        };
        [named, amount(&figure.measure, rest.value, self.lang), rest.share.map_or(String::new(), percent)]
    }

    /// The cells of a contribution; what only decides stands behind what adds in the same row.
    fn cells_by_row(&self, figure: &Figure, part: &Contribution, indent: usize, text: &mut String) {
        let mut rows: Vec<Vec<&Cell>> = Vec::new();
        for cell in &part.cells {
            let is_beside = |row: &&mut Vec<&Cell>| {
                row.first()
                    .is_some_and(|first| (&first.file, &first.sheet, first.row) == (&cell.file, &cell.sheet, cell.row))
            };
            match rows.iter_mut().find(is_beside) {
                Some(row) => row.push(cell),
                None => rows.push(vec![cell]),
            }
        }
        for row in rows {
            let (adding, deciding): (Vec<&Cell>, Vec<&Cell>) = row.iter().partition(|cell| cell.adds.is_some());
            let full = if adding.is_empty() { &row[..1] } else { &adding };
            full.iter().for_each(|cell| self.cell(figure, cell, indent, text));
            let others: Vec<String> = deciding
                .into_iter()
                .filter(|cell| !full.iter().any(|told| told.field == cell.field))
                .map(|cell| self.deciding(cell))
                .collect();
            if !others.is_empty() {
                let title = self.say("同一行决定是否计入：", "in the same row decides whether it counts: ");
                let _ = writeln!(text, "{}  {title}{}", " ".repeat(indent), others.join(self.say("；", "; ")));
            }
        }
        if let Some(rest) = &part.rest {
            let (value, share) =
                (amount(&figure.measure, rest.value, self.lang), rest.share.map_or(String::new(), percent));
            let named = match self.lang {
                Lang::Zh => format!("其余 {} 行", rest.count),
                Lang::En => format!("{} other rows", rest.count),
            };
            let _ = writeln!(text, "{}{named}  {value}  {share}", " ".repeat(indent));
        }
    }

    fn deciding(&self, cell: &Cell) -> String {
        let column = cell.column.map_or(String::new(), |column| format!("C{column}"));
        let (heading, sent) = (cell.heading.as_deref().unwrap_or(NONE), cell.text.as_deref().unwrap_or(NONE));
        match self.lang {
            Lang::Zh => format!("{column}「{heading}」“{sent}”"),
            Lang::En => format!("{column} \"{heading}\" \"{sent}\""),
        }
    }

    /// A cell: what it adds, where it stands, what stands there, and what was read.
    fn cell(&self, figure: &Figure, cell: &Cell, indent: usize, text: &mut String) {
        let pad = " ".repeat(indent);
        let adds = match cell.adds {
            Some(adds) => amount(&figure.measure, adds, self.lang),
            None => self.say("决定是否计入", "decides whether it counts").to_owned(),
        };
        let column = cell.column.map_or(String::new(), |column| format!("C{column}"));
        let sheet = if cell.sheet.is_empty() { String::new() } else { format!("{}!", cell.sheet) };
        let quarter = cell.quarter.as_deref().unwrap_or_default();
        let named = format!("{quarter} {}.{}", cell.dataset, cell.field);
        let _ = writeln!(text, "{pad}{}  {adds}", named.trim_start());
        let _ = writeln!(text, "{pad}  {} {sheet}R{}{column}", cell.file, cell.row);
        let heading = cell.heading.as_deref().unwrap_or(NONE);
        let sent = cell.text.as_deref().unwrap_or(NONE);
        let read = cell.read.as_deref().unwrap_or(NONE);
        let unit = cell.unit.as_deref().map_or(String::new(), |unit| {
            format!(" {unit}{}{}", self.say("，系数 ", ", factor "), cell.factor.as_deref().unwrap_or("1"))
        });
        let _ = match self.lang {
            Lang::Zh => writeln!(text, "{pad}  「{heading}」 原文“{sent}”{unit} → {read}"),
            Lang::En => writeln!(text, "{pad}  \"{heading}\" as sent \"{sent}\"{unit} → {read}"),
        };
        for earlier in &cell.superseded {
            let (day, read) = (earlier.vintage.as_deref().unwrap_or(NONE), earlier.read.as_deref().unwrap_or(NONE));
            let _ = match self.lang {
                Lang::Zh => writeln!(text, "{pad}  取代 {day} 的 {} R{}：{read}", earlier.file, earlier.row),
                Lang::En => writeln!(text, "{pad}  in the place of {} R{} of {day}: {read}", earlier.file, earlier.row),
            };
        }
        for correction in &cell.corrections {
            let title = self.say("更正", "corrected by");
            let _ = writeln!(text, "{pad}  {title} {}{}{}", correction.id, self.say("：", ": "), correction.reason);
        }
    }

    fn shared(&self, shared: &Shared) -> String {
        let title = match shared.is_register {
            true => self.say("登记库", "register"),
            false => self.say("共用数据", "shared data"),
        };
        format!("{title} {}{}{}", shared.table, self.say("：", ": "), self.files(&shared.files))
    }

    /// The first names of files, and how many more there are.
    fn files(&self, files: &[String]) -> String {
        let named: Vec<&str> = files.iter().take(NAMED).map(String::as_str).collect();
        let more = files.len().saturating_sub(NAMED);
        let more = match (more, self.lang) {
            (0, _) => String::new(),
            (_, Lang::Zh) => format!(" 等 {} 个文件", files.len()),
            (_, Lang::En) => format!(" and {more} more"),
        };
        if named.is_empty() { NONE.to_owned() } else { named.join(self.say("、", ", ")) + &more }
    }

    /// Other indicators that the value is made from.
    pub(super) fn others(&self, e: &Explained) -> String {
        if e.of_indicators.is_empty() {
            return String::new();
        }
        let rows: Vec<[String; 3]> = e
            .of_indicators
            .iter()
            .map(|one| {
                let value = one.value.value.map_or(NONE.to_owned(), |value| write(value, one.decimals));
                let name = format!("{} {}", one.quarter, self.say(&one.name_zh, &one.name_en));
                [name, format!("{value} {}", one.unit), one.value.obs_status.clone()]
            })
            .collect();
        let title = self.say("所用指标", "Made from these indicators");
        format!("\n{title}\n{}\n", aligned(&rows, STEP).join("\n"))
    }

    /// The condition without which there is no value.
    pub(super) fn conditions(&self, e: &Explained) -> String {
        let Some(condition) = &e.indicator.requires else { return String::new() };
        let mut text = format!("\n{} {condition}\n", self.say("计算条件：", "Only where"));
        let rows: Vec<[String; 3]> = e
            .made_of
            .iter()
            .filter(|side| side.role == "condition")
            .map(|side| {
                let value = side.figure.value.map_or(NONE.to_owned(), |value| value.to_string());
                [
                    format!("{} {}", side.figure.measure, self.say(&side.figure.zh, &side.figure.en)),
                    value,
                    String::new(),
                ]
            })
            .collect();
        for line in aligned(&rows, STEP) {
            let _ = writeln!(text, "{line}");
        }
        text
    }

    /// Who reported, what is set aside, and published series.
    pub(super) fn beside(&self, e: &Explained) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "\n{}", self.say("报送情况", "Who reported"));
        let rows: Vec<[String; 3]> = e
            .reported
            .iter()
            .map(|one| {
                let count = |count: Option<i64>| count.map_or(NONE.to_owned(), |count| count.to_string());
                let (reported, expected) = (count(one.reported), count(one.expected));
                [format!("{} {}", one.dataset, one.title), format!("{reported} / {expected}"), String::new()]
            })
            .collect();
        for (line, one) in aligned(&rows, STEP).iter().zip(&e.reported) {
            let _ = writeln!(text, "{line}\n      {}", self.files(&one.exports));
        }
        if !e.set_aside.is_empty() {
            let title = self
                .say("本区域本季被隔离、未计入的行", "Rows of the area and quarter that are set aside, and in no sum");
            let _ = writeln!(text, "\n{title}");
        }
        for one in &e.set_aside {
            let own = (one.rows > 0).then(|| format!("×{}", one.rows));
            let unknown = (one.of_nobody_known > 0).then(|| match self.lang {
                Lang::Zh => format!("不知属于谁的 {} 行", one.of_nobody_known),
                Lang::En => format!("{} of nobody known", one.of_nobody_known),
            });
            let counts: Vec<String> = own.into_iter().chain(unknown).collect();
            let counts = counts.join(self.say("，", ", "));
            let _ = writeln!(text, "  {} {counts}  {}", one.code, self.say(one.zh, one.en));
            let _ = writeln!(text, "      {}", one.file);
        }
        for one in &e.benchmarks {
            let value =
                |value: Option<i64>| value.map_or(NONE.to_owned(), |value| amount(&one.measure, value, self.lang));
            let (sum, published) = (value(one.sum), value(one.published));
            let ratio = one.sum.zip(one.published).filter(|(_, published)| *published != 0);
            let ratio = ratio
                .map_or(NONE.to_owned(), |(sum, published)| signed(sum as f64 / published as f64 * 100.0 - 100.0, 1));
            let _ = match self.lang {
                Lang::Zh => writeln!(text, "\n对照公布数 {}：合计 {sum}，公布 {published}（{ratio} %）", one.id),
                Lang::En => {
                    writeln!(text, "\nBeside the published {}: sum {sum}, published {published} ({ratio} %)", one.id)
                }
            };
        }
        text
    }

    /// Parts of what a release is made with.
    pub(in crate::cli::show) fn made_with(&self, part: &str) -> &'static str {
        let (zh, en) = match part {
            "configuration" => ("配置", "configuration"),
            "models" => ("模型", "models"),
            "registers" => ("登记库", "registers"),
            "options" => ("发布选项", "options"),
            _ => ("程序", "program"),
        };
        if self.lang == Lang::Zh { zh } else { en }
    }
}
