//! What the indicators mean: the page that the names of indicators lead to.

use askama::Template;

use super::head::Head;
use super::issue::Issue;
use super::text::{self, Both};
use config::indicator::Indicator;
use publish::{Language, handbook};

#[derive(Template)]
#[template(path = "indicators.html")]
struct Page {
    head: Head,
    measures: Vec<(Both, Vec<Entry>)>,
}

struct Entry {
    id: String,
    name: Both,
    lines: Vec<(Both, Both)>,
}

/// The page.
pub fn page(issue: &Issue<'_>) -> askama::Result<String> {
    let board = issue.board;
    let measures = board.config.plan.measures.iter().map(|measure| {
        let is_of = |indicator: &&Indicator| measure.tasks.iter().any(|task| task.id == indicator.task);
        let entries = board.config.indicators.iter().filter(is_of).map(|indicator| entry(issue, indicator)).collect();
        (Both::new(&measure.name_zh, &measure.name_en), entries)
    });
    let title = Both::new("指标解释", "What the indicators mean");
    Page { head: Head::of(issue, &title, ""), measures: measures.collect() }.render()
}

fn entry(issue: &Issue<'_>, indicator: &Indicator) -> Entry {
    let (config, dictionary) = (issue.board.config, issue.board.dictionary());
    let both = |say: &dyn Fn(Language) -> String| Both::of(|language| plain(&say(language)));
    let mut lines = vec![
        (Both::new("定义", "Definition"), Both::new(&indicator.definition_zh, &indicator.definition_en)),
        (Both::new("算式", "Formula"), both(&|language| handbook::formula(indicator, language))),
    ];
    let sums = [
        (Both::new("分子", "Numerator"), &indicator.numerator),
        (Both::new("分母", "Denominator"), &indicator.denominator),
    ];
    for (what, column) in sums {
        if let Some(column) = column {
            lines.push((what, both(&|language| handbook::meaning(dictionary, column, language))));
        }
    }
    lines.push((Both::new("时间口径", "Span"), Both::of(|language| language.basis(indicator.basis))));
    let unit = Both::of(|language| match language.unit(&indicator.unit) {
        "" => language.of("无", "none").to_owned(),
        unit => unit.to_owned(),
    });
    lines.push((Both::new("单位", "Unit"), unit));
    lines.push((Both::new("方向", "Direction"), Both::of(|language| language.direction(indicator.direction))));
    let comparable = Both::new(&indicator.comparability_zh, &indicator.comparability_en);
    lines.push((Both::new("可比性", "Comparability"), comparable));
    let source = Both::of(|language| language.part_of(&indicator.formula_source));
    lines.push((Both::new("公式来源", "Source of the formula"), source));
    lines.push((Both::new("数据来源", "Data"), both(&|language| handbook::sources(config, indicator, language))));
    Entry { id: indicator.id.clone(), name: text::name(indicator), lines }
}

/// A text of the handbook without its Markdown.
fn plain(markdown: &str) -> String {
    let mut text = markdown.replace('`', "").replace("<br>", "；");
    while let Some(link) = text.find("](") {
        let Some(end) = text[link..].find(')') else { break };
        text.replace_range(link..=link + end, "");
        if let Some(start) = text[..link].rfind('[') {
            text.remove(start);
        }
    }
    text
}
