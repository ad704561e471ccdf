//! One problem, as it is read: by an official in Chinese, by the engineer on call in English.

use std::fmt::Write as _;

use crate::cli::args::Lang;
use crate::cli::escape::inline;
use serde_json::{Value, json};
use vocab::{Problem, Said, rules::Rule};

/// What stands before what was found and before what is held against it, each in Chinese and English.
struct Words {
    found: (&'static str, &'static str),
    against: (&'static str, &'static str),
}

/// Code, severity, place, rule, what stood there and what is held against it; in a second line the way out.
pub fn problem_text(problem: &Problem, lang: Lang) -> String {
    let rule = problem.rule;
    let words = words(rule);
    let details = [
        problem.value.as_ref().map(|value| found(&inline(lang.of(value)), words.found, lang)),
        (!problem.expected.is_empty()).then(|| against(&problem.expected, words.against, lang)),
    ];
    let details: Vec<String> = details.into_iter().flatten().collect();
    let mut text = String::new();
    let _ = match lang {
        Lang::Zh => {
            let details = if details.is_empty() { String::new() } else { format!("{}。", details.join("，")) };
            write!(
                text,
                "{} {} {}：{}{details}\n    {}",
                rule.code,
                rule.severity.zh(),
                inline(&problem.place.to_string()),
                rule.zh,
                rule.hint_zh
            )
        }
        Lang::En => {
            let details =
                if details.is_empty() { String::new() } else { format!(" {}.", capital(&details.join(", "))) };
            let severity = rule.severity.as_str();
            write!(
                text,
                "{} {severity} {}: {}{details}\n    {}",
                rule.code,
                inline(&problem.place.to_string()),
                rule.en,
                rule.hint_en
            )
        }
    };
    text
}

/// The same in both languages.
pub(super) fn problem_said(problem: &Problem) -> Said {
    Said::new(problem_text(problem, Lang::Zh), problem_text(problem, Lang::En))
}

/// One problem, for machines: the same whatever the language of messages is.
pub fn problem_json(problem: &Problem) -> Value {
    let Problem { place, rule, value, expected } = problem;
    json!({
        "code": rule.code, "severity": rule.severity.as_str(), "file": place.file, "sheet": place.sheet, "row": place.row,
        "column": place.column, "rule": rule.en, "rule_zh": rule.zh, "value": value.as_ref().map(Said::en),
        "value_zh": value.as_ref().map(Said::zh), "expected": expected, "hint": rule.hint_en, "hint_zh": rule.hint_zh,
    })
}

/// Problems, for machines.
pub(super) fn problems_json(problems: &[Problem]) -> Vec<Value> {
    problems.iter().map(problem_json).collect()
}

fn found(value: &str, (zh, en): (&str, &str), lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{zh}“{value}”"),
        Lang::En => format!("{en} `{value}`"),
    }
}

fn against(expected: &[String], (zh, en): (&str, &str), lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{zh}{}", inline(&expected.join("、"))),
        Lang::En => format!("{en} {}", inline(&expected.join(", "))),
    }
}

/// How a rule speaks of what it found. Most found something that should be something else.
fn words(rule: &Rule) -> Words {
    let found = match rule.code {
        "F001" | "F020" | "F021" | "F022" | "F024" | "F025" | "F026" | "F027" | "F028" => {
            ("地址与应答：", "address and reply:")
        }
        "F023" => ("原因：", "it is:"),
        "F029" | "F030" => ("应答日期为", "its day is"),
        "F003" => ("这些定义：", "the definitions"),
        "S001" => ("其中有", "it holds"),
        "S006" | "S007" | "S008" | "S009" | "S010" | "S011" => ("处理结果：", "what came of it:"),
        "R011" => ("定义写的是", "the definition says"),
        "R017" => ("应答为", "the reply is"),
        "R020" | "R021" => ("原因：", "it is"),
        "L001" => ("最接近的一行为", "the nearest row says"),
        "L002" | "L004" | "C002" => ("列", "column"),
        "L003" | "L011" | "L043" | "L102" => ("表头", "the heading is"),
        "L016" => ("行与列：", "row and column:"),
        "L100" | "L101" => ("实有", "it has"),
        "L106" => ("合计：", "the total is"),
        "C012" | "C013" | "C033" => ("规则：", "the rule is"),
        "C020" | "C021" | "C022" | "C023" => ("更正条目", "the correction is"),
        "C025" | "F006" => ("涉及", "they differ in"),
        "F007" => ("文件、报送单位、到期日、逾期天数：", "export, sender, day, days since:"),
        "C026" | "C037" => ("列与倍数：", "column and ratio:"),
        "C032" => ("", "it has"),
        "C038" => ("相同的报告期：", "the other period is"),
        "C039" => ("行数：", "it has"),
        "F080" => ("发布日期为", "it says"),
        "C040" | "C080" => ("报告期为", "its period is"),
        "M080" => ("模型与列：", "model and columns:"),
        "M016" => ("数据集与季度：", "dataset, its last quarter and a later one:"),
        "M018" => ("数据集与季度：", "dataset and quarter:"),
        "P001" => ("地区与指标：", "area and indicator:"),
        _ => ("发现", "found"),
    };
    let against = match rule.code {
        "F004" => ("文件名应符合 ", "its name would be like"),
        "S006" | "S007" => ("收到时的文件名：", "it was received as"),
        "L019" | "C030" => ("应属于 ", "expected"),
        "R005" => ("实际为 ", "it is"),
        "R011" => ("工作簿中有：", "the workbook holds"),
        "R003" => ("实际为 ", "the bytes are"),
        "L002" | "L005" => ("最接近的：", "nearest:"),
        "L011" => ("对应的声明：", "both answer to"),
        "L015" => ("判定为 ", "read as"),
        "L016" => ("列的单位：", "the column says"),
        "L043" => ("表的报告期为 ", "the table's period is"),
        "L044" => ("表上方为 ", "over the table stands"),
        "L106" => ("各分项之和为 ", "its parts make"),
        "L107" | "L108" => ("两种读法：", "either"),
        "C005" | "C006" => ("另一行：", "the other row is"),
        "C007" | "C010" => ("登记库中：", "the register has"),
        "C024" => ("定义写的是 ", "the definition says"),
        "C025" => ("另一个文件：", "the other export is"),
        "C026" | "C037" => ("对比：", "held against"),
        "C038" => ("另一个文件：", "the other export is"),
        "C039" => ("上一版：", "the one before is"),
        "C041" | "C044" => ("该集聚区：", "the park is"),
        "C042" => ("组织机构代码为 ", "the organisation code is"),
        "F006" => ("所依据的文件：", "the dated export is"),
        "M080" => ("来自：", "from"),
        "M016" => ("另有：", "there is"),
        "M018" => ("上一季度：", "the quarter before:"),
        "C029" => ("可能是：", "it may be"),
        "C031" => ("可信范围及可能的读法：", "the range, and what it may be:"),
        "C032" => ("可能的读法：", "it may be"),
        _ => ("应为 ", "expected"),
    };
    Words { found, against }
}

/// The text with a capital letter first.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
