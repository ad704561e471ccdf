//! Results as people and machines read them.

mod diff;
mod due;
mod explain;
mod failure;
mod outcome;
mod owed;
mod printer;
mod problem;
mod quarantine;
mod store;
mod troubles;

use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;

use super::args::{Format, Lang};
use run::{Action, CheckReport, Plan, PlannedExport, Unproven, Verified};
use vocab::{Said, said};

use due::reasons;
pub use due::status_text;
pub use printer::Printer;
use problem::problems_json;
pub use problem::{problem_json, problem_text};

impl Printer {
    /// Somebody was to be told of a run and was not.
    pub fn untold(&self, key: &str, why: &Said) {
        let told = said!(
            "observe.toml 的 {key} 未成功：{why}；发布结果不受影响",
            "`{key}` of observe.toml failed: {why}; what was published is as it is"; why
        );
        match self.format {
            Format::Text => self.line(self.lang.of(&told)),
            Format::Json => {
                self.line(&json!({ "untold": key, "message": told.en(), "message_zh": told.zh() }).to_string())
            }
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
                let _ = match plan.reasons.is_empty() {
                    _ if plan.without_exports.is_some() => writeln!(text, "{}", self.without_exports(plan)),
                    false => {
                        let reasons = reasons(&plan.reasons);
                        let said = self.say("将发布", "would publish");
                        writeln!(text, "{said} {} ({})", plan.release, self.lang.of(&reasons))
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
                let reason = (!plan.reasons.is_empty()).then(|| reasons(&plan.reasons));
                json!({ "release": plan.release, "current": plan.current, "readers": plan.readers, "reasons": plan.reasons,
                        "reason": reason.as_ref().map(Said::en), "reason_zh": reason.as_ref().map(Said::zh),
                        "gone": plan.gone, "not_taken": problems_json(&plan.not_taken), "fetches": plan.fetches, "exports": plan.exports,
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
        let by = match export.issued_by {
            Some("caption") => self.say("表头", "caption"),
            Some("received") => self.say("收到日期", "received"),
            _ => self.say("文件名", "name"),
        };
        format!("  {day} ({by})")
    }

    /// What `check` found.
    pub fn check(&self, report: &CheckReport) {
        let unproven = report.unproven.iter().map(Unproven::said);
        let failures: Vec<Said> = report.failures.iter().cloned().chain(unproven).collect();
        self.out(
            || {
                let mut text = String::new();
                for failure in &failures {
                    let _ = writeln!(text, "{} {}", self.say("未通过", "failed"), self.lang.of(failure));
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
                    "tests": report.tests, "failures": failures.iter().map(Said::en).collect::<Vec<_>>(),
                    "failures_zh": failures.iter().map(Said::zh).collect::<Vec<_>>(),
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
                json!({ "release": release, "whole": verified.is_whole(), "found": problems_json(&verified.found),
                        "mended": problems_json(&verified.mended) })
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
