//! What is due, what was done of it, and how things stand.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::printer::{NONE, Printer};
use super::problem::{problem_json, problems_json};
use crate::cli::args::{Format, Lang};
use run::{Done, DuePlan, Reason, RunSeen, Seen, Status, Turn, Verdict};
use vocab::Said;

/// What is waited for that is named in a line.
const NAMED: usize = 5;
impl Printer {
    /// What was due, and what came of it.
    pub fn due(&self, done: &[Done]) {
        self.out(
            || done.iter().map(|done| self.done(done)).collect(),
            || {
                let one = |done: &Done| {
                    let run = done.came.as_ref().map(|came| self.result_json(came));
                    let mut all = json!(done.turn);
                    all["run"] = run.into();
                    all
                };
                json!({ "pipelines": done.iter().map(one).collect::<Vec<_>>() })
            },
        );
    }

    fn done(&self, Done { turn, came }: &Done) -> String {
        match came {
            None => format!("{}\n", self.turn(turn)),
            Some(Ok(outcome)) => format!("[{}] {}\n{}", turn.pipeline, turn.title, self.outcome_text(outcome)),
            Some(Err(_)) => format!("[{}] {}\n{}\n", turn.pipeline, turn.title, self.say("未完成", "not done")),
        }
    }

    /// When a pipeline is due.
    fn turn(&self, turn: &Turn) -> String {
        let Turn { pipeline, title, is_due, next, zone, .. } = turn;
        let next = next.as_deref().unwrap_or(NONE);
        match (is_due, self.lang) {
            (true, Lang::Zh) => format!("[{pipeline}] {title}：已到期，下次 `run --due` 即运行"),
            (true, Lang::En) => format!("[{pipeline}] {title}: due now, the next `run --due` does it"),
            (false, Lang::Zh) => format!("[{pipeline}] {title}：没有到期的工作，下次 {next}（{zone}）"),
            (false, Lang::En) => format!("[{pipeline}] {title}: nothing is due; next {next} ({zone})"),
        }
    }

    /// What is due of all pipelines.
    pub fn plan_due(&self, plans: &[DuePlan]) {
        self.out(|| plans.iter().map(|plan| self.due_plan(plan)).collect(), || json!({ "pipelines": plans }));
    }

    fn due_plan(&self, plan: &DuePlan) -> String {
        let mut text = format!("{}\n", self.turn(&plan.turn));
        let more = plan.over.len().saturating_sub(NAMED);
        let more = match (more, self.lang) {
            (0, _) => String::new(),
            (more, Lang::Zh) => format!(" 等，另有 {more} 项"),
            (more, Lang::En) => format!(" and {more} more"),
        };
        let over = plan.over[..plan.over.len().min(NAMED)].join(self.say("、", ", ")) + &more;
        let would = match plan.verdict {
            Verdict::Publish => self.say("按日历可以发布", "by the calendar it would publish").to_owned(),
            Verdict::Wait => {
                format!("{}{over}", self.say("将接收文件，等待：", "it would take exports in, and wait for "))
            }
            Verdict::Refuse => format!("{}{over}", self.say("将拒绝发布：", "it would refuse to publish for want of ")),
            Verdict::TakeIn => self.say("只接收文件，不发布", "it takes exports in, and publishes nothing").to_owned(),
        };
        let _ = writeln!(text, "  {would}");
        if let Some(year) = plan.holidays_end {
            let _ = match self.lang {
                Lang::Zh => writeln!(text, "  节假日只列到 {year} 年，请补充 [calendar] 的 holidays 和 workdays"),
                Lang::En => {
                    writeln!(text, "  holidays are listed up to {year} only: complete `holidays` and `workdays`")
                }
            };
        }
        text + &self.owed(&plan.owed)
    }

    /// What was written into a folder.
    pub fn written(&self, folder: &std::path::Path, names: &[String]) {
        self.out(
            || names.iter().map(|name| format!("{}\n", folder.join(name).display())).collect(),
            || json!({ "folder": folder, "files": names }),
        );
    }

    /// A script of completions, as a shell reads it.
    pub fn completions(&self, shell: &str, script: &str) {
        self.out(|| script.to_owned(), || json!({ "shell": shell, "script": script }));
    }

    /// How things stand.
    pub fn status_report(&self, status: &Status) {
        self.out(|| status_text(status, self.lang), || self.status_json(status));
    }

    fn status_json(&self, status: &Status) -> Value {
        let mut all = json!(status);
        all["not_taken"] = problems_json(&status.not_taken).into();
        let void = status.readers.iter().filter_map(|seen| seen.void.as_ref());
        all["void_holds"] = void.map(problem_json).collect::<Vec<_>>().into();
        all
    }

    fn status_of(&self, s: &Status) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "{} {}", self.say("现在    ", "now         "), s.now);
        let _ = writeln!(text, "{} {}", self.say("上次运行", "last run    "), self.run_seen(s.last_run.as_ref()));
        let _ = writeln!(text, "{} {}", self.say("上次成功", "last success"), self.run_seen(s.last_success.as_ref()));
        for seen in &s.readers {
            text.push_str(&self.seen(seen));
        }
        text.push_str(&self.next_run(s));
        for plan in &s.pipelines {
            let _ = write!(text, "\n{}", self.due_plan(plan));
        }
        text.push_str(&self.set_aside(s));
        text.push_str(&self.sources(s));
        text.push_str(&self.disk(s));
        text
    }

    fn run_seen(&self, run: Option<&RunSeen>) -> String {
        let Some(run) = run else { return NONE.to_owned() };
        let outcome = match run.outcome.as_deref() {
            None => self.say("未结束", "has not ended"),
            Some("published") => self.say("已发布", "published"),
            Some("nothing_to_do") => self.say("没有新的工作", "nothing to do"),
            Some("taken_in") => self.say("已接收", "taken in"),
            Some("waits") => self.say("等待", "waits"),
            Some("refused") => self.say("拒绝发布", "refused"),
            Some("interrupted") => self.say("中断", "interrupted"),
            Some(_) => self.say("失败", "failed"),
        };
        let more = [&run.pipeline, &run.release].into_iter().flatten().map(|more| format!("  {more}"));
        let reason =
            run.reason.iter().map(|reason| format!("\n             {}", self.lang.of(reason).replace('\n', " ")));
        format!("{}  {outcome}{}", run.started, more.chain(reason).collect::<String>())
    }

    fn seen(&self, seen: &Seen) -> String {
        let release = seen.release.as_deref().unwrap_or(NONE);
        let published = seen.published.as_ref().map(|at| format!("  {at}")).unwrap_or_default();
        let mut text = format!("{} {} → {release}{published}\n", self.say("读者所见", "readers see "), seen.pointer);
        if let Some(hold) = &seen.held {
            let _ = writeln!(text, "  {}", self.hold(seen.pointer, hold));
        }
        if let Some(void) = &seen.void {
            let _ = writeln!(text, "  {}", self.problem(void));
        }
        text
    }

    /// What a run would do now, by the inbox.
    fn next_run(&self, s: &Status) -> String {
        let reasons = reasons(&s.reasons);
        let reasons = self.lang.of(&reasons);
        let mut text = match (reasons.is_empty(), self.lang) {
            (true, Lang::Zh) => "收件目录 没有新的工作\n".to_owned(),
            (true, Lang::En) => "inbox        nothing to do\n".to_owned(),
            (false, Lang::Zh) => format!("收件目录 {} 个文件待读；{reasons}\n", s.unread),
            (false, Lang::En) => format!("inbox        {} exports to be read; {reasons}\n", s.unread),
        };
        text.push_str(&self.missing(&s.gone, &s.not_taken));
        text
    }

    fn set_aside(&self, s: &Status) -> String {
        if s.quarantine.is_empty() && s.unusable.is_empty() {
            return format!("\n{}\n", self.say("没有隔离的行", "nothing is in quarantine"));
        }
        let mut text = format!("\n{}\n", self.say("隔离", "in quarantine"));
        for one in &s.quarantine {
            let since = one.since.as_deref().unwrap_or(NONE);
            let _ = match self.lang {
                Lang::Zh => writeln!(text, "  {} {} 行，{} 个文件，最早自 {since}", one.source, one.rows, one.exports),
                Lang::En => writeln!(
                    text,
                    "  {} {} rows in {} exports, the first since {since}",
                    one.source, one.rows, one.exports
                ),
            };
        }
        for one in &s.unusable {
            let (since, codes) = (one.since.as_deref().unwrap_or(NONE), one.codes.join(" "));
            let _ = match self.lang {
                Lang::Zh => writeln!(text, "  整份未采用：{}（{codes}），自 {since}", one.file),
                Lang::En => writeln!(text, "  nothing could be used of {} ({codes}), since {since}", one.file),
            };
        }
        text
    }

    fn sources(&self, s: &Status) -> String {
        let mut text = String::new();
        for one in &s.silent {
            let _ = match (one.days, &one.newest, self.lang) {
                (Some(days), Some(newest), Lang::Zh) => {
                    writeln!(text, "  {} 已 {days} 天没有新文件（自 {newest}）", one.source)
                }
                (Some(days), Some(newest), Lang::En) => {
                    writeln!(text, "  {}: nothing new for {days} days, since {newest}", one.source)
                }
                (.., Lang::Zh) => writeln!(text, "  {} 从未收到文件", one.source),
                (.., Lang::En) => writeln!(text, "  {}: nothing was ever received", one.source),
            };
        }
        for one in &s.unanswered {
            let confirmed = one.confirmed.as_deref().unwrap_or(NONE);
            let _ = match self.lang {
                Lang::Zh => writeln!(text, "  {} 未给出有效应答（{}），上次有效 {confirmed}", one.source, one.code),
                Lang::En => {
                    writeln!(text, "  {} gave no good answer ({}), the last one {confirmed}", one.source, one.code)
                }
            };
        }
        let title = self.say("没有新内容的来源", "sources without anything new");
        if text.is_empty() { text } else { format!("\n{title}\n{text}") }
    }

    fn disk(&self, s: &Status) -> String {
        let sum: u64 = s.disk.iter().map(|part| part.bytes).sum();
        let parts = s.disk.iter().map(|part| format!("{} {}", part.part, megabytes(part.bytes)));
        let parts: Vec<String> = parts.collect();
        if parts.is_empty() {
            return format!("\n{}\n", self.say("尚无数据仓库", "there is no store yet"));
        }
        format!("\n{} {} MB: {}\n", self.say("磁盘占用", "on the disk"), megabytes(sum), parts.join(", "))
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1e6)
}

/// How things stand, as text.
pub fn status_text(status: &Status, lang: Lang) -> String {
    Printer::new(Format::Text, lang).status_of(status)
}

/// Why a release would be published.
pub(super) fn reasons(reasons: &[Reason]) -> Said {
    Said::join(&reasons.iter().map(|reason| reason.said()).collect::<Vec<_>>(), "；", "; ")
}
