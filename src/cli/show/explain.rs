//! Where a published value comes from, as an official reads it.

pub(super) mod amounts;
mod rows;

use std::fmt::Write as _;

use serde_json::{Value, json};

use self::amounts::{amount, percent};
use super::printer::{NONE, Printer, width};
use crate::cli::args::Lang;
use report::{signed, write};
use run::explain::{Explained, Figure, Published, Side, Standing, Sum};
use vocab::level::Level;

/// The room of one step to the right.
const STEP: usize = 2;

impl Printer {
    /// Where a value comes from.
    pub fn explained(&self, explained: &Explained) {
        self.out(|| self.explained_text(explained), || json_of(explained));
    }

    fn explained_text(&self, e: &Explained) -> String {
        let mut text = String::new();
        let d = &e.indicator;
        let _ = writeln!(text, "{}  {}", self.say(&d.name_zh, &d.name_en), d.id);
        let level = self.level(e.area.level);
        let _ =
            writeln!(text, "{} {}  {}  {level}  {}", e.area.ref_area, e.area.name, e.quarter, self.shown(&e.value, e));
        let profile = if e.profile == "public" { self.say("公开", "public") } else { self.say("内部", "internal") };
        let vintage = e.value.vintage.as_deref().unwrap_or(NONE);
        let _ = match self.lang {
            Lang::Zh => writeln!(text, "发布批次 {}（{profile}），所用数据最晚报送于 {vintage}", e.release),
            Lang::En => writeln!(text, "release {} ({profile}), from exports up to {vintage}", e.release),
        };
        if !e.changed_since.is_empty() {
            let changed: Vec<&str> = e.changed_since.iter().map(|part| self.made_with(part)).collect();
            let told = self.say(
                "注意：该批次发布之后有变化，以下按现在的来解释：",
                "Note: changed since that release, and explained as they are now: ",
            );
            let _ = writeln!(text, "{told}{}", changed.join(self.say("、", ", ")));
        }
        text.push_str(&self.definition(e));
        text.push_str(&self.why_not(e));
        text.push_str(&self.against_last_year(e));
        for side in e.made_of.iter().filter(|side| side.role != "condition") {
            let _ = writeln!(text);
            text.push_str(&self.side(side));
        }
        text.push_str(&self.others(e));
        text.push_str(&self.conditions(e));
        text.push_str(&self.beside(e));
        text
    }

    /// A value with its unit and its status.
    fn shown(&self, value: &Published, e: &Explained) -> String {
        let number = value.value.map_or(NONE.to_owned(), |number| write(number, e.indicator.decimals));
        let unit = &e.indicator.unit;
        let is_hidden = if value.conf_status == "C" { self.say("，不宜公开", ", confidential") } else { "" };
        format!("{number} {unit}  [{}{is_hidden}]", self.obs_status(&value.obs_status))
    }

    fn obs_status<'s>(&self, status: &'s str) -> &'s str {
        match status {
            "A" => self.say("A 正常", "A normal"),
            "B" => self.say("B 序列中断", "B break"),
            "E" => self.say("E 含推算", "E estimated"),
            "U" => self.say("U 可靠性低", "U low reliability"),
            "L" => self.say("L 尚未到期", "L not yet due"),
            "M" => self.say("M 不可能有值", "M cannot exist"),
            "O" => self.say("O 缺", "O missing"),
            "Q" => self.say("Q 不予公布", "Q suppressed"),
            other => other,
        }
    }

    fn definition(&self, e: &Explained) -> String {
        let d = &e.indicator;
        let mut text = format!("\n{}\n", self.say(&d.definition_zh, &d.definition_en));
        let (over, under) = (self.say("分子", "numerator"), self.say("分母", "denominator"));
        let times = if d.factor == 1.0 { String::new() } else { format!(" × {}", d.factor) };
        let formula = match d.formula {
            "level" => format!("{over}{times}"),
            "growth" => format!("{over} ÷ {under}{times} − 100"),
            "ratio" => format!("{over} ÷ {under}{times}"),
            "expression" => d.expression.clone().unwrap_or_default(),
            "geometric_mean" => self.say("各年变化的几何平均", "the geometric mean of the yearly changes").to_owned(),
            _ => self.say("由其他指标合成", "put together from other indicators").to_owned(),
        };
        let conversion = self.say("（按分、微亩等基本单位计，换算为", " (from canonical units to ");
        let end = self.say("）", ")");
        let _ = writeln!(text, "{}{formula}{conversion}{}{end}", self.say("算法：", "Computed as "), d.unit);
        let mut facts = Vec::new();
        if let Some(target) = e.value.target {
            let gap = e.value.gap.map_or(NONE.to_owned(), |gap| signed(gap, d.decimals + 1));
            facts.push(format!("{} {target}{}{gap}", self.say("目标", "target"), self.say("，差距 ", ", gap ")));
        }
        if let (Some(rank), Some(of)) = (e.value.rank, e.value.rank_of) {
            facts.push(format!("{} {rank}/{of}", self.say("排名", "rank")));
        }
        if let Some(coverage) = e.value.coverage {
            let missing = e.value.missing_units.filter(|missing| *missing > 0);
            let missing = missing.map_or(String::new(), |missing| match self.lang {
                Lang::Zh => format!("（缺 {missing} 个单位）"),
                Lang::En => format!(" ({missing} units missing)"),
            });
            facts.push(format!("{} {}{missing}", self.say("覆盖率", "coverage"), percent(coverage)));
        }
        if d.estimated {
            facts.push(self.say("含推算", "partly imputed").to_owned());
        }
        if !facts.is_empty() {
            let _ = writeln!(text, "{}", facts.join(self.say("；", "; ")));
        }
        text
    }

    fn why_not(&self, e: &Explained) -> String {
        let Some(why) = &e.why else { return String::new() };
        let mut text = format!("\n{}{}\n", self.say("原因：", "Why: "), self.say(&why.zh, &why.en));
        if let Some(dataset) = &e.value.reason_dataset {
            let files = why.exports.join(self.say("、", ", "));
            let files = if files.is_empty() {
                self.say("没有可用的文件", "no export of it can be used")
            } else {
                &files
            };
            let _ = writeln!(text, "  {} {dataset}{}{files}", self.say("所缺数据", "short of"), self.say("：", ": "));
        }
        if let Some([figure, flagged]) = why.least {
            let (figure, flagged) = (percent(figure), percent(flagged));
            let _ = match self.lang {
                Lang::Zh => writeln!(text, "  覆盖率达 {figure} 才成数，达 {flagged} 可带标记发布"),
                Lang::En => writeln!(text, "  a figure needs a coverage of {figure}, one with a flag {flagged}"),
            };
        }
        if let Some(condition) = e.indicator.requires.as_ref().filter(|_| why.reason == "excluded") {
            let _ = writeln!(text, "  {} {condition}", self.say("计算条件：", "only where"));
        }
        text
    }

    fn against_last_year(&self, e: &Explained) -> String {
        let Some(before) = &e.last_year else { return String::new() };
        let change = match (e.value.yoy, before.compared) {
            (Some(yoy), "relative") => format!("{} %", signed(yoy, 2)),
            (Some(yoy), _) => format!("{} {}", signed(yoy, e.indicator.decimals), e.indicator.unit),
            (None, _) => NONE.to_owned(),
        };
        let value = self.shown(&before.value, e);
        let mut text = match self.lang {
            Lang::Zh => format!("\n同比 {change}；上年同期 {} 为 {value}\n", before.quarter),
            Lang::En => format!("\nYear on year {change}; in {} it was {value}\n", before.quarter),
        };
        for side in before.made_of.iter().filter(|side| side.role != "condition") {
            let _ = writeln!(
                text,
                "  {}  {}  {}",
                self.role(side),
                self.say(&side.figure.zh, &side.figure.en),
                self.amount_of(&side.figure)
            );
        }
        text
    }

    fn role(&self, side: &Side) -> &'static str {
        let (zh, en) = match side.role {
            "numerator" => ("分子", "Numerator"),
            "denominator" => ("分母", "Denominator"),
            "condition" => ("条件", "Condition"),
            _ => ("所用合计", "Made from"),
        };
        if self.lang == Lang::Zh { zh } else { en }
    }

    /// One side of the quotient with what it is the sum of.
    fn side(&self, side: &Side) -> String {
        let figure = &side.figure;
        let mut text =
            format!("{}  {}  {}\n", self.role(side), self.say(&figure.zh, &figure.en), self.amount_of(figure));
        let _ = writeln!(text, "  {}{}", figure.measure, self.made(figure));
        if let Some(expression) = side.expression.as_ref().filter(|_| side.role != "part") {
            let _ = writeln!(text, "  = {expression}");
        }
        self.beneath(figure, STEP, &mut text);
        text
    }

    /// What a measure is made from, in the words of its definition.
    fn made(&self, figure: &Figure) -> String {
        let Some(made) = &figure.made else { return String::new() };
        let what = made.what.as_deref().unwrap_or_default();
        let from = made.from.join(" + ");
        let mut text = match made.way {
            "sum" => format!(" = {} {what}{}{from}", self.say("合计", "sum of"), self.say("，取自 ", " over ")),
            "count" => format!(" = {} {what}{}{from}", self.say("计数", "count of"), self.say("，取自 ", " over ")),
            "taken" => format!(" = {from}.{what}"),
            "year_ago" => format!(" = {}{from}", self.say("上年同期的 ", "a year ago: ")),
            "both_years" => format!(" = {}{from}", self.say("本期与上年同期之和：", "this and last year together: ")),
            "province" => format!(" = {}{from}", self.say("全省的 ", "of the whole province: ")),
            _ => format!(" = {from}"),
        };
        for (zh, en, condition) in
            [("，限于 ", ", where ", &made.only), ("，限于集聚区 ", ", of parks where ", &made.parks)]
        {
            if let Some(condition) = condition {
                let _ = write!(text, "{}{condition}", self.say(zh, en));
            }
        }
        text
    }

    /// A figure in a unit that people use; or why it is none.
    fn amount_of(&self, figure: &Figure) -> String {
        match (figure.value, figure.standing) {
            (Some(value), _) => amount(&figure.measure, value, self.lang),
            (None, Standing::Withheld) => self.say("不予公布", "withheld").to_owned(),
            (None, Standing::Unpublished) => self.say("本批次不含", "not in this release").to_owned(),
            (None, _) => NONE.to_owned(),
        }
    }

    /// What a figure is the sum of, further to the right.
    fn beneath(&self, figure: &Figure, indent: usize, text: &mut String) {
        for sum in &figure.sums {
            self.sum(figure, sum, indent, text);
        }
        if let Some(traced) = &figure.rows {
            self.traced(figure, traced, indent, text);
        }
    }

    fn sum(&self, whole: &Figure, sum: &Sum, indent: usize, text: &mut String) {
        let pad = " ".repeat(indent);
        let held = match sum.holds {
            Some(true) => "",
            Some(false) => self.say("——不等，请报告", " — it does not add up: please report this"),
            None => self.say("——有不予公布的部分", " — parts are withheld"),
        };
        let _ = writeln!(text, "{pad}{}{held}", self.kind(sum));
        let mut rows: Vec<[String; 3]> = Vec::new();
        for part in &sum.parts {
            let factor = if part.factor == 1 { String::new() } else { format!("{} × ", part.factor) };
            let share = part.share.map_or(String::new(), percent);
            rows.push([format!("{factor}{}", self.name(whole, &part.figure)), self.amount_of(&part.figure), share]);
        }
        if let Some(rest) = &sum.rest {
            let named = match self.lang {
                Lang::Zh => format!("其余 {} 个", rest.count),
                Lang::En => format!("{} others", rest.count),
            };
            rows.push([
                named,
                amount(&whole.measure, rest.value, self.lang),
                rest.share.map_or(String::new(), percent),
            ]);
        }
        let lines = aligned(&rows, indent + STEP);
        for (at, line) in lines.iter().enumerate() {
            let _ = writeln!(text, "{line}");
            if let Some(part) = sum.parts.get(at) {
                self.beneath(&part.figure, indent + 2 * STEP, text);
            }
        }
        if sum.without > 0 {
            let _ = match self.lang {
                Lang::Zh => writeln!(text, "{pad}  另有 {} 个没有数据，不增加数值", sum.without),
                Lang::En => writeln!(text, "{pad}  {} more of which nothing is known: they add nothing", sum.without),
            };
        }
    }

    fn kind(&self, sum: &Sum) -> String {
        let level = sum.level.map_or("", |level| self.level(level));
        match sum.kind {
            "areas" => match self.lang {
                Lang::Zh => format!("各{level}之和："),
                Lang::En => format!("the sum of each {level}:"),
            },
            "divisions" => self.say("各行业大类之和：", "the sum of its divisions:").to_owned(),
            "parts" => self.say("其中：", "the whole of:").to_owned(),
            "terms" => self.say("由下列合计加减：", "put together from:").to_owned(),
            "copy" => self.say("即：", "which is:").to_owned(),
            "both_years" => self.say("本期与上年同期之和：", "this and last year together:").to_owned(),
            "year_end" => self.say("年末即本年累计：", "at the end of the year, what was since January:").to_owned(),
            _ => self.say("集聚区符合条件，即：", "the park meets the condition, so it is:").to_owned(),
        }
    }

    /// What tells a part from the whole: its area, its division, its measure, its quarter.
    fn name(&self, whole: &Figure, part: &Figure) -> String {
        let mut words = Vec::new();
        if part.area != whole.area {
            words.push(format!("{} {}", part.area.ref_area, part.area.name));
        }
        if let Some(division) = part.division {
            words.push(format!("{}{division:02}", self.say("大类 ", "division ")));
        }
        if part.measure != whole.measure && part.division.is_none() {
            words.push(self.say(&part.zh, &part.en).to_owned());
        }
        if part.quarter != whole.quarter {
            words.push(part.quarter.clone());
        }
        words.join("  ")
    }

    pub(super) fn level(&self, level: Level) -> &'static str {
        self.say(level.zh(), level.en())
    }
}

/// Lines of a name, a figure and a share, lined up.
fn aligned(rows: &[[String; 3]], indent: usize) -> Vec<String> {
    let widest = |at: usize| rows.iter().map(|row| width(&row[at])).max().unwrap_or(0);
    let (names, figures, shares) = (widest(0), widest(1), widest(2));
    let line = |[name, figure, share]: &[String; 3]| {
        let room = |text: &str, wide: usize| " ".repeat(wide.saturating_sub(width(text)));
        let line = format!(
            "{}{name}{}  {}{figure}  {}{share}",
            " ".repeat(indent),
            room(name, names),
            room(figure, figures),
            room(share, shares)
        );
        line.trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

/// What was found, as JSON.
pub(super) fn json_of(found: &impl serde::Serialize) -> Value {
    serde_json::to_value(found).unwrap_or_else(|error| json!({ "error": error.to_string() }))
}
