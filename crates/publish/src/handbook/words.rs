//! The words of handbook and reports in both languages.

use config::indicator::{Basis, Direction, YearOnYear};
use config::plan::{Plan, PlanTarget};
use config::source::Collection;
use model::indicators::ObsStatus;
use vocab::level::Level;

/// A language of what people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Chinese.
    Chinese,
    /// English.
    English,
}

impl Language {
    /// Both, as handbooks and reports come: the one of the country first.
    pub const ALL: [Language; 2] = [Language::Chinese, Language::English];

    /// The text of this language.
    pub fn of<'t>(self, zh: &'t str, en: &'t str) -> &'t str {
        match self {
            Language::Chinese => zh,
            Language::English => en,
        }
    }

    /// The part of a text of both languages, written `中文 / English`; the whole text if it has no such parts.
    pub fn part_of(self, text: &str) -> &str {
        text.split_once(" / ").map_or(text, |(zh, en)| self.of(zh, en))
    }

    /// The part of a notice of both languages that is written in this one, whichever comes first; the whole notice if
    /// it has no such parts.
    pub fn part_written(self, notice: &str) -> &str {
        let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        match notice.split_once(" / ") {
            Some((first, second)) if is_chinese(first) != is_chinese(second) => {
                if is_chinese(first) == (self == Language::Chinese) { first } else { second }
            }
            _ => notice,
        }
    }

    /// What stands between the parts of a list.
    pub fn list(self) -> &'static str {
        self.of("、", ", ")
    }

    /// The span of time that a value covers.
    pub fn basis(self, basis: Basis) -> &'static str {
        match basis {
            Basis::Quarter => self.of("当季", "the quarter"),
            Basis::Ytd => self.of("本年累计", "year to date"),
            Basis::Ttm => self.of("近四季度", "last four quarters"),
            Basis::Point => self.of("季末", "end of the quarter"),
        }
    }

    /// A level of areas.
    pub fn level(self, level: Level) -> &'static str {
        self.of(level.zh(), level.en())
    }

    /// Which way is better.
    pub fn direction(self, direction: Direction) -> &'static str {
        match direction {
            Direction::Higher => self.of("越高越好", "higher is better"),
            Direction::Lower => self.of("越低越好", "lower is better"),
            Direction::None => self.of("无优劣之分，不排名", "neither is better; not ranked"),
        }
    }

    /// How a value is compared with last year.
    pub fn year_on_year(self, yoy: YearOnYear) -> &'static str {
        match yoy {
            YearOnYear::Relative => self.of("百分比变化", "in percent"),
            YearOnYear::Difference => self.of("差值", "as a difference"),
            YearOnYear::None => self.of("不比较", "not compared"),
        }
    }

    /// How data were collected.
    pub fn collection(self, collection: Collection) -> &'static str {
        match collection {
            Collection::Survey => self.of("统计调查", "survey"),
            Collection::Administrative => self.of("部门行政记录", "administrative"),
            Collection::Published => self.of("公开发布", "published"),
        }
    }

    /// What a status says of a figure, or why there is none.
    pub fn status(self, status: ObsStatus) -> &'static str {
        match status {
            ObsStatus::Normal => self.of("正常", "normal"),
            ObsStatus::Break => self.of("四个季度内辖区有变动", "the territory changed within four quarters"),
            ObsStatus::Estimated => self.of("含推算", "estimated in part"),
            ObsStatus::LowReliability => self.of("报送不全", "not all was reported"),
            ObsStatus::NotDue => self.of("尚未到报送期", "not yet due"),
            ObsStatus::CannotExist => self.of("不可能有值", "cannot exist"),
            ObsStatus::Missing => self.of("未报", "not reported"),
            ObsStatus::Suppressed => self.of("不予公布", "suppressed"),
        }
    }

    /// A unit as people write it beside a figure; empty where it is a plain ratio or a flag, which have none.
    pub fn unit(self, unit: &str) -> &str {
        if PLAIN.contains(&unit) {
            return "";
        }
        match (self, UNITS.iter().find(|(zh, _)| *zh == unit)) {
            (Language::English, Some((_, en))) => en,
            _ => unit,
        }
    }
}

/// Units that only say that there is none.
const PLAIN: &[&str] = &["比率", "标志"];

/// Units of indicators in English; what is not here is written as it is.
const UNITS: &[(&str, &str)] = &[
    ("百分点", "percentage points"),
    ("亿元", "100 million yuan"),
    ("万元", "10,000 yuan"),
    ("万元/亩", "10,000 yuan/mu"),
    ("万元/人", "10,000 yuan/person"),
    ("万元/吨标准煤", "10,000 yuan/tce"),
    ("吨标准煤/万元", "tce/10,000 yuan"),
    ("千克/万元", "kg/10,000 yuan"),
    ("平方公里", "km²"),
    ("万平方米", "10,000 m²"),
    ("亩", "mu"),
    ("个", "number"),
    ("项", "number"),
    ("人", "persons"),
    ("个/百家", "per 100 enterprises"),
    ("人/万人", "per 10,000 persons"),
    ("分", "points"),
    ("点", "points"),
    ("星", "stars"),
    ("位", "places"),
];

/// Until when a target is to be reached, as its document says it.
pub fn horizon(target: &PlanTarget, language: Language) -> String {
    let said = match language {
        Language::Chinese => &target.horizon_zh,
        Language::English => &target.horizon_en,
    };
    said.clone().unwrap_or_else(|| target.by.to_string())
}

/// A document by its number, with its title where it is known.
pub fn document(plan: &Plan, number: &str, language: Language) -> String {
    let known = plan.documents.iter().find(|document| document.number == number);
    let title = known.and_then(|document| match language {
        Language::Chinese => document.title_zh.as_ref().map(|title| format!("《{title}》")),
        Language::English => document.title_en.as_ref().map(|title| format!("{title}, ")),
    });
    match (title, language) {
        (Some(title), Language::Chinese) => format!("{title}（{number}）"),
        (Some(title), Language::English) => format!("{title}{number}"),
        (None, _) => number.to_owned(),
    }
}
