//! Pipelines: what is done together, when, and what it waits for.

pub mod calendar;
pub mod cron;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::document::{Document, Table, did_you_mean, list};
use super::error::ConfigError;
use super::source::Source;
use calendar::Calendar;
use cron::Cron;
use vocab::said;

/// What is left of the folder of pipelines: the meanings of columns.
const DICTIONARY: &str = "dictionary";
/// Days without anything new after which a source is told, where the pipeline does not say it: a quarter, and what is late in it.
const USUAL_SILENT_DAYS: i64 = 120;
/// The longest name of a pipeline: those of schedulers have 52 characters, with what goes before.
const LONGEST_NAME: usize = 40;
/// Ten years.
const MOST_DAYS: i64 = 3650;

/// A stage of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Sources with an address are asked.
    Fetch,
    /// Exports become facts.
    Ingest,
    /// Facts become figures.
    Model,
    /// Figures become a release.
    Publish,
}

impl Stage {
    const WORDS: [(&'static str, Stage); 4] =
        [("fetch", Stage::Fetch), ("ingest", Stage::Ingest), ("model", Stage::Model), ("publish", Stage::Publish)];
}

/// What one file in the folder of pipelines means.
#[derive(Debug, Clone, PartialEq)]
pub struct Pipeline {
    /// The file's name.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// What it does, in order.
    pub stages: Vec<Stage>,
    /// When it starts.
    pub schedule: Cron,
    /// The name of the zone that the times of the schedule, and the days of the calendar, are of.
    pub zone_name: String,
    /// That zone.
    pub zone: TimeZone,
    /// Whether its releases are for everyone.
    pub is_public: bool,
    /// Days without anything new after which a source is told.
    pub silent_days: i64,
    /// What it waits for.
    pub calendar: Option<Calendar>,
}

impl Pipeline {
    /// Whether it does a stage.
    pub fn has(&self, stage: Stage) -> bool {
        self.stages.contains(&stage)
    }

    /// Whether it makes releases.
    pub fn publishes(&self) -> bool {
        self.has(Stage::Publish)
    }

    fn resolve(id: &str, table: &Table<'_, '_>, datasets: &[&str]) -> Pipeline {
        let schedule = table.text("schedule");
        let cron = Cron::parse(&schedule);
        if let Err(message) = &cron
            && !schedule.is_empty()
        {
            table.error("schedule", message.clone());
        }
        let zone_name = table.text("zone");
        let zone = TimeZone::get(&zone_name).ok();
        if zone.is_none() && !zone_name.is_empty() {
            let message = said!(
                "没有时区 `{zone_name}`；写法如 \"Asia/Shanghai\"",
                "there is no time zone `{zone_name}`; write a name like \"Asia/Shanghai\""
            );
            table.error("zone", message);
        }
        let profile = table.choice("profile", &[("internal", false), ("public", true)]);
        Pipeline {
            id: id.to_owned(),
            title: table.text("title"),
            stages: stages(table),
            // Without a time nothing is made of the rest: its error is told.
            schedule: cron.unwrap_or_else(|_| Cron::every_minute()),
            zone_name,
            zone: zone.unwrap_or(TimeZone::UTC),
            is_public: profile.unwrap_or(false),
            silent_days: table.int_within("silent_days", 1..=MOST_DAYS).unwrap_or(USUAL_SILENT_DAYS),
            calendar: table.table("calendar", |calendar| Calendar::resolve(calendar, datasets)),
        }
    }
}

/// Whether a name can stand in the names that schedulers give: of units, of objects, of functions.
fn is_plain(id: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_lowercase();
    id.len() <= LONGEST_NAME
        && id.starts_with(is_letter)
        && id.chars().all(|c| is_letter(c) || c.is_ascii_digit() || c == '-')
}

/// The stages, in the one order that there is.
fn stages(table: &Table<'_, '_>) -> Vec<Stage> {
    let all = || Stage::WORDS.map(|(_, stage)| stage).to_vec();
    if !table.has("stages") {
        return all();
    }
    let words = Stage::WORDS.map(|(word, _)| word);
    let mut stages = Vec::new();
    for text in table.texts("stages") {
        match Stage::WORDS.iter().find(|(word, _)| *word == text) {
            Some((_, stage)) => stages.push(*stage),
            None => {
                let hint = did_you_mean(&text, &words);
                table.error("stages", said!("`{text}` 不是阶段{hint}", "`{text}` is no stage{hint}"; hint));
            }
        }
    }
    let has = |stage: Stage| stages.contains(&stage);
    if !stages.is_sorted_by(|one, next| one < next) {
        let order = list(&words);
        let message = said!(
            "每个阶段只写一次，次序为：{order}",
            "each stage once, in this order: {order}";
            order
        );
        table.error("stages", message);
    }
    if !has(Stage::Ingest) {
        let message = said!(
            "缺少 `ingest`：没有它，文件不会成为事实",
            "`ingest` is missing: without it exports do not become facts"
        );
        table.error("stages", message);
    }
    if has(Stage::Model) != has(Stage::Publish) {
        let message = said!(
            "`model` 与 `publish` 须并用：数值只保存在发布批次中",
            "`model` and `publish` go together: figures are kept in releases alone"
        );
        table.error("stages", message);
    }
    stages
}

/// Resolves the files of the folder of pipelines, given by their names in it: all but the dictionary.
pub(crate) fn resolve(files: &BTreeMap<String, String>, sources: &[Source]) -> (Vec<Pipeline>, Vec<ConfigError>) {
    let mut datasets: Vec<&str> = sources.iter().map(|source| source.dataset.as_str()).collect();
    datasets.sort_unstable();
    datasets.dedup();
    let (mut pipelines, mut errors) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let id = name.trim_end_matches(".toml");
        if id == DICTIONARY || id.contains('/') {
            continue;
        }
        let file = format!("pipelines/{name}");
        if !is_plain(id) {
            let message = said!(
                "请以小写字母、数字和 `-` 命名该文件，如 quarterly.toml：调度程序会沿用其名称",
                "name the file by small letters, digits and `-`, like quarterly.toml: schedulers take its name over"
            );
            errors.push(ConfigError::in_file(&file, message));
        }
        let (pipeline, found) = Document::new(&file, text).read(|table| Pipeline::resolve(id, table, &datasets));
        pipelines.push(pipeline);
        errors.extend(found);
    }
    (pipelines, errors)
}
