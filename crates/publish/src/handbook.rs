//! The methodological handbook: every indicator in the words of its definition, by measure and task of the plan.

mod entry;
mod words;

pub use entry::{formula, meaning, sources};
pub use words::{Language, document, horizon};

use std::fmt::Write as _;

use super::dictionary::Dictionary;
use config::Config;
use config::indicator::Indicator;

/// The handbook in one language, as Markdown.
pub fn handbook(config: &Config, dictionary: &Dictionary, language: Language) -> String {
    let introduction = match language {
        Language::Chinese => include_str!("handbook/introduction.zh-CN.md"),
        Language::English => include_str!("handbook/introduction.md"),
    };
    let mut text = introduction.replace("{minimum_units}", &config.site.minimum_units.to_string());
    if !config.site.notice.is_empty() {
        let _ = writeln!(text, "> {}\n", config.site.notice);
    }
    text.push_str(&targets(config, language));
    text.push_str(&tasks(config, language));
    for measure in &config.plan.measures {
        let number = if measure.id.len() == 1 { format!("{} ", measure.id) } else { String::new() };
        let _ = writeln!(text, "## {number}{}\n", language.of(&measure.name_zh, &measure.name_en));
        for task in &measure.tasks {
            if measure.tasks.len() > 1 {
                let _ = writeln!(text, "### {} {}\n", task.id, language.of(&task.name_zh, &task.name_en));
            } else {
                let _ = writeln!(text, "{}\n", language.of(&task.name_zh, &task.name_en));
            }
            for (position, indicator) in config.indicators.iter().enumerate().filter(|(_, i)| i.task == task.id) {
                text.push_str(&entry::entry(config, dictionary, position, indicator, language));
            }
        }
    }
    text
}

/// What each document asks for.
fn targets(config: &Config, language: Language) -> String {
    let title = language.of("目标", "Targets");
    let head = language.of("| 目标 | 数值 | 期限 | 文件 | 指标 |", "| target | value | by | document | indicator |");
    let mut text = format!("## {title}\n\n{head}\n|---|---|---|---|---|\n");
    for target in &config.plan.targets {
        let shown = config.indicators.iter().find(|indicator| indicator.id == target.indicator);
        let unit = shown.map_or("", |indicator| indicator.unit.as_str());
        let _ = writeln!(
            text,
            "| {} | {} {unit} | {} | {} | {} |",
            language.of(&target.name_zh, &target.name_en),
            target.value,
            horizon(target, language),
            document(&config.plan, &target.document, language),
            shown.map_or("—".to_owned(), link),
        );
    }
    text.push('\n');
    text
}

/// Which indicators show each task.
fn tasks(config: &Config, language: Language) -> String {
    let title = language.of("任务与指标", "Tasks and indicators");
    let head = language.of("| 任务 | | 指标 |", "| task | | indicators |");
    let mut text = format!("## {title}\n\n{head}\n|---|---|---|\n");
    for task in config.plan.tasks() {
        let shown: Vec<String> =
            config.indicators.iter().filter(|indicator| indicator.task == task.id).map(link).collect();
        let shown = if shown.is_empty() { "—".to_owned() } else { shown.join(language.list()) };
        let _ = writeln!(text, "| {} | {} | {shown} |", task.id, language.of(&task.name_zh, &task.name_en));
    }
    text.push('\n');
    text
}

/// An indicator's identifier, leading to its entry.
fn link(indicator: &Indicator) -> String {
    format!("[`{0}`](#{0})", indicator.id)
}
