//! One indicator in the handbook.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::words::{Language, document, horizon};
use crate::dictionary::Dictionary;
use config::Config;
use config::indicator::{Formula, Indicator};
use model::compile::shown;
use vocab::level::Level;

/// Everything that is known of an indicator.
pub(super) fn entry(
    config: &Config,
    dictionary: &Dictionary,
    position: usize,
    indicator: &Indicator,
    language: Language,
) -> String {
    let say = |zh: &'static str, en: &'static str| language.of(zh, en);
    let name = language.of(&indicator.name_zh, &indicator.name_en);
    let other_name = language.of(&indicator.name_en, &indicator.name_zh);
    let mut text = format!("<a id=\"{0}\"></a>\n\n#### {name}\n\n`{0}` · {other_name}\n\n", indicator.id);
    let _ = writeln!(text, "{}\n", language.of(&indicator.definition_zh, &indicator.definition_en));
    let _ = writeln!(text, "| | |\n|---|---|");
    let mut line = |what: &str, said: String| {
        let _ = writeln!(text, "| {what} | {} |", said.replace('|', "\\|"));
    };
    line(say("算式", "formula"), formula(indicator, language));
    for (what, column) in [
        (say("分子", "numerator"), indicator.numerator.as_deref()),
        (say("分母", "denominator"), indicator.denominator.as_deref()),
    ] {
        if let Some(column) = column {
            line(what, meaning(dictionary, column, language));
        }
    }
    let parts = parts(dictionary, indicator);
    if !parts.is_empty() {
        let parts: Vec<String> = parts.iter().map(|column| meaning(dictionary, column, language)).collect();
        line(say("所用合计", "made from"), parts.join("<br>"));
    }
    if let Some(condition) = &indicator.requires {
        line(say("计算条件", "only where"), format!("`{condition}`"));
    }
    let span = format!("{}{}`{}`", language.basis(indicator.basis), say(" ", ", "), indicator.basis.as_str());
    line(say("时间口径", "span"), span);
    line(say("层级", "levels"), levels(indicator, language));
    line(
        say("单位和小数位数", "unit and decimals"),
        format!("{}{}{}", indicator.unit, say("，", ", "), indicator.decimals),
    );
    line(say("方向", "direction"), language.direction(indicator.direction).to_owned());
    line(say("同比", "against last year"), language.year_on_year(indicator.yoy).to_owned());
    line(say("目标", "targets"), targets(config, indicator, language));
    if let Some((reported, expected)) = &indicator.coverage {
        let (reported, expected) = (plain(dictionary, reported, language), plain(dictionary, expected, language));
        line(say("覆盖率", "coverage"), format!("{reported} ÷ {expected}"));
    }
    line(say("保密下限", "minimum count"), minimum(config, dictionary, indicator, language));
    let estimated = match &indicator.estimated_units {
        _ if indicator.estimated => say("是（状态 E）", "yes (status E)").to_owned(),
        Some(column) => format!(
            "{}{}",
            say("不为零时是（状态 E）：", "where there are any (status E): "),
            plain(dictionary, column, language)
        ),
        None => say("否", "no").to_owned(),
    };
    line(say("含推算", "partly estimated"), estimated);
    if indicator.history > 0 {
        let said = format!("{} {}", indicator.history, say("个季度的历史之后", "quarters of history come before it"));
        line(say("首个数据", "first figure"), said);
    }
    line(say("公式来源", "source of the formula"), language.part_of(&indicator.formula_source).to_owned());
    line(
        say("可比性", "comparability"),
        language.of(&indicator.comparability_zh, &indicator.comparability_en).to_owned(),
    );
    line(say("数据来源", "data"), sources(config, indicator, language));
    let _ = writeln!(
        text,
        "\n<details><summary>SQL</summary>\n\n```sql\n{}\n```\n\n</details>\n",
        shown(position, &config.indicators)
    );
    text
}

/// How the value is made, in words.
pub fn formula(indicator: &Indicator, language: Language) -> String {
    let say = |zh: &'static str, en: &'static str| language.of(zh, en);
    let (over, under) = (say("分子", "numerator"), say("分母", "denominator"));
    let times = |factor: f64| if factor == 1.0 { String::new() } else { format!(" × {factor}") };
    let units = say("（合计的单位换算成", " (from the units of the sums to ");
    let end = say("）", ")");
    match &indicator.formula {
        Formula::Level => format!("{over}{}{units}{}{end}", times(indicator.factor), indicator.unit),
        Formula::Ratio => format!("{over} ÷ {under}{}{units}{}{end}", times(indicator.factor), indicator.unit),
        Formula::Growth => format!("{over} ÷ {under}{} − 100", times(indicator.factor)),
        Formula::Expression(_) => {
            say("见定义；写法见下面的 SQL", "as defined above; written out in the SQL below").to_owned()
        }
        Formula::Composite(_) => say(
            "由 config/assessment 中所用的考核方法从其他指标合成",
            "put together from other indicators by the method in use in config/assessment",
        )
        .to_owned(),
        Formula::GeometricMean { of, base_year } => format!(
            "{} [`{of}`](#{of}){} {base_year} {}",
            say("〔∏（1 +", "[product of (1 +"),
            say("）〕^(1/年数) − 1，自", ")]^(1/years) − 1, over the years after"),
            say("年之后逐年", "up to this one"),
        ),
    }
}

/// Columns that an expression or a condition is made from.
fn parts(dictionary: &Dictionary, indicator: &Indicator) -> BTreeSet<String> {
    let Formula::Expression(expression) = &indicator.formula else { return BTreeSet::new() };
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_sum = |word: &&str| dictionary.describes(word) && word.contains('_');
    expression.split(|c| !is_part(c)).filter(is_sum).map(str::to_owned).collect()
}

/// A column with its meaning and unit.
pub fn meaning(dictionary: &Dictionary, column: &str, language: Language) -> String {
    let doc = dictionary.column(column);
    let meaning = language.of(&doc.zh, &doc.en);
    let unit = if doc.unit.is_empty() {
        String::new()
    } else {
        format!("{}{}{}", language.of("（", " ("), doc.unit, language.of("）", ")"))
    };
    format!("`{column}`{}{meaning}{unit}", language.of("：", ": "))
}

/// A column's meaning alone; its name where it has none.
fn plain(dictionary: &Dictionary, column: &str, language: Language) -> String {
    let doc = dictionary.column(column);
    let meaning = language.of(&doc.zh, &doc.en);
    if meaning.is_empty() { format!("`{column}`") } else { format!("{meaning} (`{column}`)") }
}

fn levels(indicator: &Indicator, language: Language) -> String {
    let words: Vec<&str> = indicator.levels.iter().map(|level| language.level(*level)).collect();
    let mut said = if indicator.levels.len() == Level::ALL.len() {
        language.of("各级", "all").to_owned()
    } else {
        words.join(language.list())
    };
    let reason = match language {
        Language::Chinese => &indicator.levels_reason_zh,
        Language::English => &indicator.levels_reason_en,
    };
    if let Some(reason) = reason {
        let _ = write!(said, "{}{reason}", language.of("；其他层级没有：", "; not the others: "));
    }
    said
}

fn targets(config: &Config, indicator: &Indicator, language: Language) -> String {
    if indicator.targets.is_empty() {
        return language.of("没有已知的目标", "no target is known").to_owned();
    }
    let said = indicator.targets.iter().map(|target| {
        let set = config.plan.targets.iter().find(|set| {
            (&set.indicator, set.value, set.by, &set.document)
                == (&indicator.id, target.value, target.by, &target.document)
        });
        let until = set.map_or_else(|| target.by.to_string(), |set| horizon(set, language));
        let document = document(&config.plan, &target.document, language);
        let headline =
            if target.headline { language.of("；显示在数据旁", "; shown beside the value") } else { "" };
        format!(
            "{} {}{}{until}{}{document}{headline}",
            target.value,
            indicator.unit,
            language.of("，", ", by "),
            language.of("，", ": ")
        )
    });
    said.collect::<Vec<_>>().join("<br>")
}

fn minimum(config: &Config, dictionary: &Dictionary, indicator: &Indicator, language: Language) -> String {
    let Some(units) = &indicator.units else {
        return match &indicator.formula {
            Formula::GeometricMean { of, .. } => format!("{} [`{of}`](#{of})", language.of("同", "as for")),
            _ => language
                .of("不依据企业数据，或本身即单位数", "not made from figures of enterprises, or a count of them")
                .to_owned(),
        };
    };
    let least = config.site.minimum_units;
    format!("{} ≥ {least}", plain(dictionary, units, language))
}

/// The datasets with the titles of their exports and who collected them.
pub fn sources(config: &Config, indicator: &Indicator, language: Language) -> String {
    let of_dataset = |dataset: &String| {
        let sources: Vec<String> = config
            .sources
            .iter()
            .filter(|source| source.dataset == *dataset)
            .map(|source| {
                format!(
                    "{}{}{}{}",
                    source.title,
                    language.of("（", " ("),
                    language.collection(source.collection),
                    language.of("）", ")")
                )
            })
            .collect();
        format!("`{dataset}`{}{}", language.of("：", ": "), sources.join(language.list()))
    };
    indicator.datasets.iter().map(of_dataset).collect::<Vec<_>>().join("<br>")
}
