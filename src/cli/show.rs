//! Results as people and machines read them.

mod diff;
mod due;
mod explain;
mod problem;
mod quarantine;
mod store;
mod troubles;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use super::args::{Format, Lang};
use super::escape::escaped;
use crate::model::indicators::{ObsStatus, Reason};
use crate::publish::Language;
use crate::report;
use crate::run::{
    Action, CheckReport, Doubt, Failure, Headline, Outcome, Plan, PlannedExport, QuarantineLine, Revised, Stands,
    Summary, Unproven, Verified,
};
use crate::synth;
use crate::vocab::{Place, Problem, rules};

pub use due::status_text;
pub use problem::problem_text;

/// Prints results in one format and one language.
pub struct Printer {
    format: Format,
    pub(super) lang: Lang,
}

/// Shown where there is no value.
const NONE: &str = "—";

impl Printer {
    /// A printer.
    pub fn new(format: Format, lang: Lang) -> Self {
        Printer { format, lang }
    }

    pub(super) fn say<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// Text or JSON on standard output; a closed pipe is the reader's business.
    pub(super) fn out(&self, text: impl FnOnce() -> String, json: impl FnOnce() -> Value) {
        let result = match self.format {
            Format::Text => text(),
            Format::Json => format!("{}\n", json()),
        };
        let _ = std::io::stdout().lock().write_all(escaped(&result).as_bytes());
    }

    /// One line on standard error.
    pub(super) fn line(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{}", escaped(text));
    }

    /// Why a command did not do what it was asked.
    pub fn failure(&self, failure: &Failure) {
        let details = self.details(failure);
        match self.format {
            Format::Text => {
                let mut text = String::new();
                for detail in details {
                    let _ = writeln!(text, "{detail}");
                }
                self.line(&format!("{text}{}: {failure}", self.say("错误", "error")));
            }
            Format::Json => self.line(&json!({ "error": failure.to_string(), "details": details }).to_string()),
        }
    }

    /// All that a failure counts and does not name.
    fn details(&self, failure: &Failure) -> Vec<String> {
        let mut details: Vec<String> = Vec::new();
        match failure {
            Failure::Configuration(errors) => details.extend(errors.iter().map(ToString::to_string)),
            Failure::Unproven(failed) => details.extend(failed.iter().map(|failed| self.unproven(failed))),
            Failure::Refused(problems) => details.extend(problems.iter().map(|problem| self.problem(problem))),
            Failure::Registers(problems) => {
                details.extend(problems.kept().iter().map(|problem| self.problem(problem)));
                let more = problems.len() - problems.kept().len();
                if more > 0 {
                    details.push(self.say(&format!("……另有 {more} 处"), &format!("… and {more} more")).to_owned());
                }
            }
            _ => {}
        }
        details
    }

    /// What came of a run, for programs.
    pub fn result_json(&self, came: &Result<Outcome, Failure>) -> Value {
        match came {
            Ok(outcome) => self.outcome_json(outcome),
            Err(failure) => {
                json!({ "outcome": "failed", "error": failure.to_string(), "details": self.details(failure) })
            }
        }
    }

    /// Somebody was to be told of a run and was not.
    pub fn untold(&self, key: &str, why: &str) {
        let text = match self.lang {
            Lang::Zh => format!("observe.toml 的 {key} 未成功：{why}；发布结果不受影响"),
            Lang::En => format!("`{key}` of observe.toml failed: {why}; what was published is as it is"),
        };
        match self.format {
            Format::Text => self.line(&text),
            Format::Json => self.line(&json!({ "untold": key, "message": text }).to_string()),
        }
    }

    /// One problem: place, rule, what stood there, what would be valid, the way out.
    pub(super) fn problem(&self, problem: &Problem) -> String {
        problem_text(problem, self.lang)
    }

    /// One problem, for machines.
    pub(super) fn problem_json(&self, problem: &Problem) -> Value {
        let rule = problem.rule;
        json!({
            "code": rule.code, "severity": rule.severity.as_str(), "file": problem.place.file, "sheet": problem.place.sheet,
            "row": problem.place.row, "column": problem.place.column, "rule": self.say(rule.zh, rule.en),
            "value": problem.value, "expected": problem.expected, "hint": self.say(rule.hint_zh, rule.hint_en),
        })
    }

    /// What a run came to.
    pub fn outcome(&self, outcome: &Outcome) {
        self.out(|| self.outcome_text(outcome), || self.outcome_json(outcome));
    }

    fn outcome_text(&self, outcome: &Outcome) -> String {
        match outcome {
            Outcome::NothingToDo(stands) => self.stands(stands),
            Outcome::Published(summary) => self.summary(summary),
            Outcome::TakenIn(taken) => self.taken_in(taken),
        }
    }

    fn outcome_json(&self, outcome: &Outcome) -> Value {
        match outcome {
            Outcome::NothingToDo(stands) => json!({
                "outcome": "nothing_to_do", "release": stands.release, "readers": stands.readers,
                "repeated": stands.repeated, "gone": stands.gone, "not_taken": self.problems_json(&stands.not_taken),
                "open": stands.open, "warnings": stands.warnings, "late": stands.late,
                "store": self.problems_json(&stands.store), "troubles": stands.troubles,
            }),
            Outcome::Published(summary) => {
                json!({ "outcome": "published", "summary": &**summary, "store": self.problems_json(&summary.store) })
            }
            Outcome::TakenIn(taken) => json!({
                "outcome": if taken.waits.is_empty() { "taken_in" } else { "waits" }, "waits": taken.waits,
                "exports": taken.exports, "facts": taken.facts, "quarantined": taken.quarantined, "gone": taken.gone,
                "open": taken.open, "warnings": taken.warnings, "store": self.problems_json(&taken.store),
                "troubles": taken.troubles,
            }),
        }
    }

    fn problems_json(&self, problems: &[Problem]) -> Vec<Value> {
        problems.iter().map(|problem| self.problem_json(problem)).collect()
    }

    /// The release that the inputs give is there; what is wrong with it is told until it is mended.
    fn stands(&self, s: &Stands) -> String {
        let is_current = s.readers.current.as_ref() == Some(&s.release);
        let said = match is_current {
            true => self.say("没有新的工作：现行发布批次为", "Nothing to do: the current release is"),
            false => self.say("没有新的工作：已有发布批次", "Nothing to do: there is the release"),
        };
        let mut text = format!("{said} {}\n", s.release);
        text.push_str(&self.readers(&s.release, &s.readers));
        text.push_str(&self.missing(&s.gone, &s.not_taken));
        text.push_str(&self.repeated(&s.repeated));
        text.push_str(&self.troubles(&s.troubles));
        text.push_str(&self.late(&s.late));
        text.push_str(&self.of_store(&s.store));
        text.push_str(&self.open(&s.open, self.say("尚未解决的问题", "What is still wrong")));
        text
    }

    /// What was found wrong, by code.
    fn open(&self, lines: &[QuarantineLine], title: &str) -> String {
        let mut text = if lines.is_empty() { String::new() } else { format!("\n{title}\n") };
        for line in lines {
            let _ = writeln!(text, "  {} ×{}  {}", line.code, line.count, self.say(&line.zh, &line.en));
            let _ = writeln!(text, "        {} {}", self.say("首见于", "first at"), line.first);
        }
        text
    }

    fn summary(&self, s: &Summary) -> String {
        let mut text = String::new();
        let area = |level: &str| s.areas.get(level).copied().unwrap_or(0);
        let _ = writeln!(text, "{} {}  {}–{}", self.say("已发布", "Published"), s.release, s.quarters.0, s.quarters.1);
        if let Some(day) = &s.as_of {
            let _ = writeln!(text, "{} {day}", self.say("只含此日及以前报送的文件：", "Without what was sent after"));
        }
        let (parks, counties, cities) = (area("park"), area("county"), area("city"));
        let _ = match self.lang {
            Lang::Zh => writeln!(
                text,
                "{parks} 个集聚区、{counties} 个县（市、区）、{cities} 个市和全省，{} 行指标；{} 个文件，{} 行事实，{} 行隔离",
                s.indicator_rows, s.exports, s.facts, s.quarantined
            ),
            Lang::En => writeln!(
                text,
                "{parks} parks, {counties} counties, {cities} cities and the province, {} rows of indicators; {} exports, {} rows of facts, {} rows in quarantine",
                s.indicator_rows, s.exports, s.facts, s.quarantined
            ),
        };
        if !s.notice.is_empty() {
            let _ = writeln!(text, "{}", s.notice);
        }
        let _ = writeln!(text, "\n{} {}", self.say("全省主要指标", "The province's headline indicators"), s.quarters.1);
        let rows: Vec<[String; 5]> = s.headlines.iter().map(|headline| self.headline(headline)).collect();
        let head = match self.lang {
            Lang::Zh => ["指标", "数值", "目标", "差距", "进度"],
            Lang::En => ["indicator", "value", "target", "gap", "on track"],
        };
        text.push_str(&table(&head.map(str::to_owned), &rows));
        text.push_str(&self.doubts(&s.doubts));
        text.push_str(&self.open(&s.quarantine, self.say("发现的问题", "What was found wrong")));
        text.push_str(&self.notes(&s.notes));
        text.push_str(&self.of_store(&s.store));
        for name in &s.gone {
            let _ = writeln!(text, "  {}", self.gone(name));
        }
        text.push_str(&self.troubles(&s.troubles));
        text.push_str(&self.late(&s.late));
        text.push_str(&self.repeated(&s.repeated));
        if s.corrected > 0 {
            let _ = writeln!(
                text,
                "  {} {}",
                self.say("按 corrections.toml 更正：", "corrected by corrections.toml:"),
                s.corrected
            );
        }
        text.push_str(&self.between_quarters(s.between_quarters));
        for name in &s.refused {
            let _ = writeln!(text, "  {} {name}", self.say("整份未采用：", "nothing could be used of"));
        }
        text.push_str(&s.revised.as_ref().map(|revised| self.revised(revised)).unwrap_or_default());
        let _ = writeln!(text, "\n{} {}", self.say("查看", "Look at"), s.folder.display());
        // The first release is what readers see, of course.
        if !s.is_current || s.readers.held.is_some() {
            text.push_str(&self.readers(&s.release, &s.readers));
        }
        text
    }

    /// What changed in the release that stood before.
    fn revised(&self, r: &Revised) -> String {
        let mut text = match self.lang {
            Lang::Zh => format!(
                "\n与上一发布批次 {} 相比：重算季度中 {} 个数值有 {} 个变化，见 {}\n",
                r.against, r.compared, r.revised, r.folder
            ),
            Lang::En => format!(
                "\nAgainst release {}: {} of {} figures of quarters that were made anew have changed, see {}\n",
                r.against, r.revised, r.compared, r.folder
            ),
        };
        if r.unreadable > 0 {
            let told = self.say(
                "  该批次有无法读取的表，未作比较：",
                "  tables of it that could not be read, and were not compared:",
            );
            let _ = writeln!(text, "{told} {}", r.unreadable);
        }
        text
    }

    /// What was left out, inferred, restored or recoded; quality/problems says where.
    fn notes(&self, notes: &[QuarantineLine]) -> String {
        if notes.is_empty() {
            return String::new();
        }
        let counted: Vec<String> = notes.iter().map(|line| format!("{} ×{}", line.code, line.count)).collect();
        format!(
            "  {}{}\n",
            self.say("提示，详见 quality/problems：", "notes, see quality/problems: "),
            counted.join(", ")
        )
    }

    /// How many exports are of months that end no quarter.
    fn between_quarters(&self, count: usize) -> String {
        match (count, self.lang) {
            (0, _) => String::new(),
            (_, Lang::Zh) => format!("  非季末月份的月报，不参与季度计算（C040）：{count}\n"),
            (_, Lang::En) => format!("  forms of months that end no quarter, not used (C040): {count}\n"),
        }
    }

    /// An export that is there no more.
    fn gone(&self, name: &str) -> String {
        self.problem(&Problem::new(&rules::EXPORT_GONE, Place::file(name)))
    }

    /// Exports that are there no more, and what lies in the inbox and is not taken.
    fn missing(&self, gone: &[String], not_taken: &[Problem]) -> String {
        let gone = gone.iter().map(|name| self.gone(name));
        let lines = gone.chain(not_taken.iter().map(|problem| self.problem(problem)));
        lines.map(|line| format!("{line}\n")).collect()
    }

    fn repeated(&self, repeated: &[(String, String)]) -> String {
        let line = |(name, other): &(String, String)| match self.lang {
            Lang::Zh => format!("  内容与 {other} 相同，没有新内容：{name}\n"),
            Lang::En => format!("  nothing new, the content of {other}: {name}\n"),
        };
        repeated.iter().map(line).collect()
    }

    fn headline(&self, h: &Headline) -> [String; 5] {
        let number = |value: Option<f64>| value.map_or(NONE.to_owned(), |v| format!("{v:.*}", h.decimals));
        let value = match h.value {
            // A figure with a flag carries it: it is not to be read like the others.
            Some(_) if h.obs_status == ObsStatus::LowReliability => format!("{} {} U", number(h.value), h.unit),
            Some(_) => format!("{} {}", number(h.value), h.unit),
            None => self.language().status(h.obs_status).to_owned(),
        };
        let track = match (h.on_track, h.target) {
            (Some(true), _) => self.say("达到或可达", "yes"),
            (Some(false), _) => self.say("不足", "no"),
            (None, _) => NONE,
        };
        let gap = h.gap.map_or(NONE.to_owned(), |gap| report::write(gap, report::gap_decimals(gap, h.decimals)));
        [self.say(&h.name_zh, &h.name_en).to_owned(), value, number(h.target), gap, track.to_owned()]
    }

    /// The headline indicators that are no figures, or ones with a flag.
    fn doubts(&self, doubts: &[Doubt]) -> String {
        let title = self.say("其中不成数或带标记的", "Of these, missing or with a flag");
        let title = if doubts.is_empty() { String::new() } else { format!("\n{title}\n") };
        title + &doubts.iter().map(|doubt| self.doubt(doubt)).collect::<String>()
    }

    /// What is missing of a headline indicator, and in which quarters.
    fn doubt(&self, d: &Doubt) -> String {
        let reason = match d.reason {
            Reason::Incomplete => self.say("报送不全，带标记", "incomplete, with a flag"),
            Reason::Withheld => self.say("报送过少，不成数", "withheld, too little was reported"),
            _ => self.say("未报", "not reported"),
        };
        let dataset = d.dataset.as_deref().unwrap_or(NONE);
        let missing = match (d.missing_units.filter(|missing| *missing > 0), self.lang) {
            (None, _) => String::new(),
            (Some(missing), Lang::Zh) => format!("，最多缺 {missing} 个单位"),
            (Some(missing), Lang::En) => format!(", up to {missing} units missing"),
        };
        let quarters = d.quarters.join(self.say("、", ", "));
        let name = self.say(&d.name_zh, &d.name_en);
        match self.lang {
            Lang::Zh => format!("  {name}：{reason}（{dataset}{missing}）\n        {quarters}\n"),
            Lang::En => format!("  {name}: {reason} ({dataset}{missing})\n        {quarters}\n"),
        }
    }

    fn language(&self) -> Language {
        match self.lang {
            Lang::Zh => Language::Chinese,
            Lang::En => Language::English,
        }
    }

    /// What a run would do.
    pub fn plan(&self, plan: &Plan) {
        self.out(
            || {
                let mut text = String::new();
                for source in &plan.fetches {
                    let _ = writeln!(text, "{:<10} {source}", self.say("下载", "fetch"));
                }
                for export in &plan.exports {
                    let action = match export.action {
                        Action::New => self.say("新增", "new"),
                        Action::Again => self.say("重做", "again"),
                        Action::Unchanged => continue,
                        Action::Damaged => self.say("重读", "damaged"),
                        Action::Revised => self.say("新版本", "revised"),
                        Action::Same => self.say("内容重复", "same"),
                        Action::Unclaimed => self.say("无人认领", "unclaimed"),
                        Action::Later => self.say("晚于截止日", "later"),
                    };
                    let source = export.source.as_deref().unwrap_or("");
                    let _ = writeln!(text, "{action:<10} {}  {source}{}", export.name, self.issued(export));
                }
                let unchanged = plan.exports.iter().filter(|export| export.action == Action::Unchanged).count();
                let _ = writeln!(text, "{} {unchanged}", self.say("未变化的文件：", "unchanged exports:"));
                let between = plan.exports.iter().filter(|export| export.between_quarters).count();
                text.push_str(&self.between_quarters(between));
                text.push_str(&self.missing(&plan.gone, &plan.not_taken));
                let reasons: Vec<&str> = plan.reasons.iter().map(|reason| self.say(reason.zh(), reason.en())).collect();
                let _ = match reasons.is_empty() {
                    _ if plan.without_exports.is_some() => writeln!(text, "{}", self.without_exports(plan)),
                    false => {
                        let (said, reasons) = (self.say("将发布", "would publish"), reasons.join(self.say("；", "; ")));
                        writeln!(text, "{said} {} ({reasons})", plan.release)
                    }
                    true => writeln!(
                        text,
                        "{} {}",
                        self.say("没有新的工作：已有发布批次", "Nothing to do: there is the release"),
                        plan.release
                    ),
                };
                if let Some(readers) = plan.readers.as_ref().filter(|readers| readers.held.is_some()) {
                    text.push_str(&self.readers(&plan.release, readers));
                }
                text
            },
            || {
                let told: Vec<&str> = plan.reasons.iter().map(|reason| reason.en()).collect();
                let not_taken: Vec<Value> = plan.not_taken.iter().map(|problem| self.problem_json(problem)).collect();
                let reason = (!told.is_empty()).then(|| told.join("; "));
                json!({ "release": plan.release, "current": plan.current, "readers": plan.readers, "reason": reason, "reasons": plan.reasons,
                        "gone": plan.gone, "not_taken": not_taken, "fetches": plan.fetches, "exports": plan.exports,
                        "without_exports": plan.without_exports })
            },
        );
    }

    fn without_exports(&self, plan: &Plan) -> String {
        let inbox = plan.without_exports.as_deref().unwrap_or(Path::new("")).display();
        match self.lang {
            Lang::Zh => format!("没有可发布的内容：收件目录 {inbox} 中没有来源定义所认领的文件"),
            Lang::En => {
                format!("nothing to publish: no file in the inbox {inbox} is an export that a source definition claims")
            }
        }
    }

    /// When an export was issued and what says so, or which other one it is.
    fn issued(&self, export: &PlannedExport) -> String {
        if let Some(other) = &export.same_as {
            return format!("  = {other}");
        }
        let Some(day) = export.issued else { return String::new() };
        let day = format!("{:04}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100);
        let by = match export.issued_by {
            Some("caption") => self.say("表头", "caption"),
            Some("received") => self.say("收到日期", "received"),
            _ => self.say("文件名", "name"),
        };
        format!("  {day} ({by})")
    }

    fn unproven(&self, unproven: &Unproven) -> String {
        match self.lang {
            Lang::Zh => unproven.zh(),
            Lang::En => unproven.en(),
        }
    }

    /// What `check` found.
    pub fn check(&self, report: &CheckReport) {
        let unproven = report.unproven.iter().map(|unproven| self.unproven(unproven));
        let failures: Vec<String> = report.failures.iter().cloned().chain(unproven).collect();
        self.out(
            || {
                let mut text = String::new();
                for failure in &failures {
                    let _ = writeln!(text, "{} {failure}", self.say("未通过", "failed"));
                }
                let _ = match self.lang {
                    Lang::Zh => writeln!(
                        text,
                        "{} 个来源、{} 个指标、{} 个模型；{} 项测试，{} 项未通过",
                        report.sources,
                        report.indicators,
                        report.models,
                        report.tests,
                        failures.len()
                    ),
                    Lang::En => writeln!(
                        text,
                        "{} sources, {} indicators, {} models; {} tests, {} failed",
                        report.sources,
                        report.indicators,
                        report.models,
                        report.tests,
                        failures.len()
                    ),
                };
                text
            },
            || {
                json!({
                    "sources": report.sources, "indicators": report.indicators, "models": report.models,
                    "tests": report.tests, "failures": failures,
                })
            },
        );
    }

    /// How a release differs from its manifest.
    pub fn verification(&self, verified: &Verified, release: Option<&str>) {
        let what = release.unwrap_or(self.say("数据仓库", "the store"));
        self.out(
            || {
                let mut text = String::new();
                for problem in &verified.mended {
                    let _ = writeln!(text, "{} {}", self.say("已修复", "mended"), self.problem(problem));
                }
                for problem in &verified.found {
                    let _ = writeln!(text, "{}", self.problem(problem));
                }
                let verdict = if verified.is_whole() {
                    self.say("完好", "is whole")
                } else {
                    self.say("已损坏", "is damaged")
                };
                let _ = writeln!(text, "{what} {verdict}");
                text
            },
            || {
                let list = |problems: &[Problem]| problems.iter().map(|p| self.problem_json(p)).collect::<Vec<_>>();
                json!({ "release": release, "whole": verified.is_whole(), "found": list(&verified.found),
                        "mended": list(&verified.mended) })
            },
        );
    }

    /// A sample file was written.
    pub fn sample_file(&self, name: &str, rows: u64) {
        self.line(&format!("{rows:>9}  {name}"));
    }

    /// A new installation, and what comes first in it.
    pub fn initialised(&self, dir: &Path, is_example: bool) {
        let folder = dir.display();
        let first = match (self.lang, is_example) {
            (Lang::Zh, true) => "含合成示例的集聚区、企业和导出文件，可直接运行：",
            (Lang::Zh, false) => {
                "请先填写 config/registers 中的登记库，并把导出文件放入 inbox（步骤见 README.md），然后："
            }
            (Lang::En, true) => {
                "With the parks, enterprises and exports of the synthetic sample; it can be run at once:"
            }
            (Lang::En, false) => {
                "Fill the registers in config/registers and put exports into inbox (see README.md), then:"
            }
        };
        let made = self.say("已生成", "Made");
        self.out(
            || format!("{made} {folder}\n{first}\n  cd {folder}\n  mujun check\n  mujun run\n"),
            || json!({ "folder": dir, "example": is_example }),
        );
    }

    /// All sample files were written.
    pub fn sample(&self, folder: &Path, s: &synth::Summary) {
        self.out(
            || match self.lang {
                Lang::Zh => format!(
                    "{} 个文件，{} 行，{} 字节，{} 行故意写错；写入 {}\n",
                    s.files,
                    s.rows,
                    s.bytes,
                    s.spoiled,
                    folder.display()
                ),
                Lang::En => format!(
                    "{} files, {} rows, {} bytes, {} rows spoiled on purpose; in {}\n",
                    s.files,
                    s.rows,
                    s.bytes,
                    s.spoiled,
                    folder.display()
                ),
            },
            || json!({ "files": s.files, "rows": s.rows, "bytes": s.bytes, "spoiled": s.spoiled, "folder": folder }),
        );
    }
}

/// The room that a text takes on a terminal: a Chinese character has two columns.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// Columns lined up by the width that characters have on a terminal.
fn table<const N: usize>(head: &[String; N], rows: &[[String; N]]) -> String {
    let widths: Vec<usize> =
        (0..N).map(|i| rows.iter().chain([head]).map(|row| width(&row[i])).max().unwrap_or(0)).collect();
    let mut text = String::new();
    for row in [head].into_iter().chain(rows) {
        text.push(' ');
        for (i, cell) in row.iter().enumerate() {
            let pad = " ".repeat(widths[i] - width(cell));
            // Names to the left, figures to the right.
            let _ = if i == 0 || i == N - 1 { write!(text, " {cell}{pad}") } else { write!(text, "  {pad}{cell}") };
            if i + 2 == N {
                text.push(' ');
            }
        }
        let trimmed = text.trim_end_matches(' ').len();
        text.truncate(trimmed);
        text.push('\n');
    }
    text
}
