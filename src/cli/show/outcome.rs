//! What came of a run.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::failure::failure_json;
use super::printer::{NONE, Printer, table};
use super::problem::problems_json;
use crate::cli::args::Lang;
use model::indicators::{ObsStatus, Reason};
use publish::Language;
use run::{Doubt, Failure, Headline, Outcome, QuarantineLine, Revised, Stands, Summary, TakenIn};
use vocab::level::Level;
use vocab::{Place, Problem, rules};

impl Printer {
    /// What came of a run, for programs.
    pub fn result_json(&self, came: &Result<Outcome, Failure>) -> Value {
        match came {
            Ok(outcome) => self.outcome_json(outcome),
            Err(failure) => {
                let mut failed = failure_json(failure);
                failed["outcome"] = "failed".into();
                failed
            }
        }
    }

    /// What a run came to.
    pub fn outcome(&self, outcome: &Outcome) {
        self.out(|| self.outcome_text(outcome), || self.outcome_json(outcome));
    }

    pub(super) fn outcome_text(&self, outcome: &Outcome) -> String {
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
                "repeated": stands.repeated, "gone": stands.gone, "not_taken": problems_json(&stands.not_taken),
                "open": stands.open, "warnings": stands.warnings, "late": stands.late,
                "store": problems_json(&stands.store), "troubles": stands.troubles,
            }),
            Outcome::Published(summary) => {
                json!({ "outcome": "published", "summary": &**summary, "store": problems_json(&summary.store) })
            }
            Outcome::TakenIn(taken) => json!({
                "outcome": if taken.waits.is_empty() { "taken_in" } else { "waits" }, "waits": taken.waits,
                "exports": taken.exports, "facts": taken.facts, "quarantined": taken.quarantined, "gone": taken.gone,
                "open": taken.open, "warnings": taken.warnings, "store": problems_json(&taken.store),
                "troubles": taken.troubles,
            }),
        }
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

    /// What was taken in without a release.
    fn taken_in(&self, taken: &TakenIn) -> String {
        let TakenIn { exports, facts, quarantined, .. } = taken;
        let mut text = match self.lang {
            Lang::Zh => format!("已接收 {exports} 个文件：{facts} 行事实，{quarantined} 行隔离；未发布\n"),
            Lang::En => format!(
                "Taken in {exports} exports: {facts} rows of facts, {quarantined} in quarantine; nothing published\n"
            ),
        };
        if !taken.waits.is_empty() {
            let _ = writeln!(text, "{}", self.say("等待下列文件", "Waiting for"));
            text.push_str(&self.owed(&taken.waits));
        }
        text.push_str(&self.missing(&taken.gone, &[]));
        text.push_str(&self.troubles(&taken.troubles));
        text.push_str(&self.of_store(&taken.store));
        text.push_str(&self.open(&taken.open, self.say("发现的问题", "What was found wrong")));
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
        let area = |level: Level| s.areas.get(level.as_str()).copied().unwrap_or(0);
        let _ = writeln!(text, "{} {}  {}–{}", self.say("已发布", "Published"), s.release, s.quarters.0, s.quarters.1);
        if let Some(day) = &s.as_of {
            let _ = writeln!(text, "{} {day}", self.say("只含此日及以前报送的文件：", "Without what was sent after"));
        }
        let (parks, counties, cities) = (area(Level::Park), area(Level::County), area(Level::City));
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
    pub(super) fn between_quarters(&self, count: usize) -> String {
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
    pub(super) fn missing(&self, gone: &[String], not_taken: &[Problem]) -> String {
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
}
