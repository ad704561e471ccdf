//! How two releases differ, as an official reads it.

use std::fmt::Write as _;

use super::explain::amounts::amount;
use super::explain::json_of;
use super::printer::{NONE, Printer};
use crate::cli::args::Lang;
use report::{signed, write};
use run::diff::{Change, ChangedExport, Diff, Kind, Parks, Release};

/// Exports of a kind and those of a value that are named; the number of the others is told.
const NAMED: usize = 8;

impl Printer {
    /// How two releases differ.
    pub fn differences(&self, diff: &Diff) {
        self.out(|| self.differences_text(diff), || json_of(diff));
    }

    fn differences_text(&self, diff: &Diff) -> String {
        let mut text = String::new();
        for (role, release) in [(self.say("从", "from"), &diff.before), (self.say("到", "to  "), &diff.after)] {
            let _ = writeln!(text, "{}", self.release_line(role, release));
        }
        text.push_str(&self.how_many(diff));
        if diff.counts.changed() == 0 {
            return text;
        }
        text.push_str(&self.what_stands_behind(diff));
        let _ = writeln!(text, "\n{}", self.say("变化的指标：", "Indicators with changes:"));
        for one in &diff.indicators {
            let name = self.say(&one.name_zh, &one.name_en);
            let largest = one.largest_percent.map_or(String::new(), |percent| {
                format!("{}{} %", self.say("，最大变化 ", ", at most "), signed(percent, 2))
            });
            let values = self.say("个数值", "values");
            let _ = writeln!(text, "  {name}  {}  {} {values}{largest}", one.indicator, one.changed);
        }
        let _ = writeln!(text, "\n{}", self.say("变化最大的：", "The largest changes:"));
        for change in &diff.changes {
            text.push_str(&self.one_change(change));
        }
        if diff.others > 0 {
            let _ = match self.lang {
                Lang::Zh => writeln!(text, "另有 {} 个数值有变化：--most 0 全部列出", diff.others),
                Lang::En => writeln!(text, "{} more values differ: --most 0 lists all", diff.others),
            };
        }
        text
    }

    fn release_line(&self, role: &str, release: &Release) -> String {
        let published = release.published.as_deref().unwrap_or(NONE);
        let (first, last) = release.quarters.as_ref().map_or((NONE, NONE), |(a, b)| (a.as_str(), b.as_str()));
        let id = &release.release;
        match self.lang {
            Lang::Zh => format!("{role}批次 {id}（发布于 {published}，{first}–{last}）"),
            Lang::En => format!("{role} release {id} (published {published}, {first}–{last})"),
        }
    }

    fn how_many(&self, diff: &Diff) -> String {
        let counts = &diff.counts;
        let kinds = [
            (counts.gone, "原有而今没有的", "gone"),
            (counts.appeared, "新出现的", "new"),
            (counts.larger, "变化 10 % 及以上的", "off by 10 % or more"),
            (counts.below_10_percent, "变化 1 %–10 % 的", "off by 1 to 10 %"),
            (counts.below_1_percent, "变化不到 1 % 的", "off by less than 1 %"),
            (counts.below_rounding, "变化小于公布位数的", "changed below the published decimals"),
            (counts.status, "数值未变而状态改变的", "under another status only"),
        ];
        let kinds: Vec<String> = kinds
            .iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, zh, en)| match self.lang {
                Lang::Zh => format!("{zh} {count} 个"),
                Lang::En => format!("{count} {en}"),
            })
            .collect();
        let (changed, unchanged) = (counts.changed(), counts.unchanged);
        let mut text = match (self.lang, changed) {
            (Lang::Zh, 0) => format!("{unchanged} 个数值全部相同\n"),
            (Lang::En, 0) => format!("all {unchanged} values are the same\n"),
            (Lang::Zh, _) => format!("{unchanged} 个数值相同，{changed} 个不同：{}\n", kinds.join("，")),
            (Lang::En, _) => format!("{unchanged} values are the same, {changed} differ: {}\n", kinds.join(", ")),
        };
        if counts.unattributed > 0 {
            let count = counts.unattributed;
            let _ = match self.lang {
                Lang::Zh => writeln!(text, "注意：{count} 个变化找不到任何原因，批次可能被改动过：mujun verify"),
                Lang::En => writeln!(
                    text,
                    "Attention: nothing accounts for {count} changes; a release may have been tampered with: mujun verify"
                ),
            };
        }
        text
    }

    fn what_stands_behind(&self, diff: &Diff) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "\n{}", self.say("两个批次的不同之处：", "What differs between the two:"));
        let kinds = [
            (Kind::New, "新增文件", "new exports"),
            (Kind::Revised, "同名而内容改变的文件", "exports of the same name with another content"),
            (Kind::Withdrawn, "不再有的文件", "exports that are gone"),
        ];
        for (kind, zh, en) in kinds {
            let of_kind: Vec<&ChangedExport> = diff.exports.iter().filter(|one| one.kind == kind).collect();
            if of_kind.is_empty() {
                continue;
            }
            let _ = match self.lang {
                Lang::Zh => writeln!(text, "  {zh} {} 个", of_kind.len()),
                Lang::En => writeln!(text, "  {} {en}", of_kind.len()),
            };
            for one in of_kind.iter().take(NAMED) {
                let span = match (&one.period_from, &one.period_to) {
                    (Some(from), Some(to)) if from != to => format!("  {from}–{to}"),
                    (Some(from), _) => format!("  {from}"),
                    _ => String::new(),
                };
                let _ = writeln!(text, "    {}  {}{span}", one.file, one.dataset);
            }
            if of_kind.len() > NAMED {
                let _ = writeln!(text, "    … +{}", of_kind.len() - NAMED);
            }
        }
        let made_with: Vec<&str> = diff.made_with.iter().map(|part| self.made_with(part)).collect();
        if !made_with.is_empty() {
            let parts = made_with.join(self.say("、", ", "));
            let _ = writeln!(text, "  {}{parts}", self.say("文件之外：", "beside exports: "));
        }
        text
    }

    fn one_change(&self, change: &Change) -> String {
        let mut text = String::new();
        let number = |value: Option<f64>| value.map_or(NONE.to_owned(), |value| write(value, change.decimals));
        let name = self.say(&change.name_zh, &change.name_en);
        let Change { ref_area, ref_area_name, quarter, unit_measure, .. } = change;
        let level = self.level(change.level);
        let _ = match self.lang {
            Lang::Zh => writeln!(text, "{name}  {ref_area} {ref_area_name}（{level}）  {quarter}"),
            Lang::En => writeln!(text, "{name}  {ref_area} {ref_area_name} ({level})  {quarter}"),
        };
        let _ = write!(text, "  {} → {} {unit_measure}", number(change.before), number(change.after));
        if let Some(difference) = change.change {
            let percent = change.percent.map_or(String::new(), |percent| format!(" = {} %", signed(percent, 2)));
            // Beside rounded values, a rounded difference would look wrong by one.
            let _ = write!(text, "  {}{percent}", signed(difference, change.decimals + 2));
        }
        if change.status_before != change.status_after {
            let status = |status: &Option<String>| status.clone().unwrap_or_else(|| NONE.to_owned());
            let _ = write!(text, "  [{} → {}]", status(&change.status_before), status(&change.status_after));
        }
        text.push('\n');
        if let Some(sides) = change.sides {
            let (over, under) = (self.say("分子", "numerator"), self.say("分母", "denominator"));
            let decimals = change.decimals + 2;
            let (a, b) = (signed(sides.numerator, decimals), signed(sides.denominator, decimals));
            let comma = self.say("，", ", ");
            let _ = writeln!(text, "  {}{over} {a}{comma}{under} {b}", self.say("其中：", "of which "));
        }
        if let Some(parks) = &change.parks {
            text.push_str(&self.of_parks(parks));
        }
        if !change.exports.is_empty() {
            let named = change.exports.iter().take(NAMED).cloned().collect::<Vec<_>>().join(self.say("、", ", "));
            let others = change.exports.len().saturating_sub(NAMED);
            let others = if others > 0 { format!(" … +{others}") } else { String::new() };
            let _ = writeln!(text, "  {}{named}{others}", self.say("涉及文件：", "exports: "));
        }
        text
    }

    /// The parks behind the change of the province's numerator.
    fn of_parks(&self, parks: &Parks) -> String {
        let of = |change: i64| {
            let text = amount(&parks.measure, change, self.lang);
            if change > 0 { format!("+{text}") } else { text }
        };
        let mut told: Vec<String> =
            parks.largest.iter().map(|(code, name, change)| format!("{code} {name} {}", of(*change))).collect();
        if parks.others > 0 {
            let change = of(parks.others_change);
            told.push(match self.lang {
                Lang::Zh => format!("其余 {} 个集聚区 {change}", parks.others),
                Lang::En => format!("{} other parks {change}", parks.others),
            });
        }
        if parks.rest != 0 {
            told.push(format!("{} {}", self.say("不属于任何集聚区", "of no park"), of(parks.rest)));
        }
        if told.is_empty() {
            return String::new();
        }
        format!("  {}{}\n", self.say("分子变化来自：", "the numerator by parks: "), told.join(self.say("；", "; ")))
    }
}
