//! The words of the handbook in both languages.

use crate::config::indicator::{Basis, Direction, YearOnYear};
use crate::config::source::Collection;

/// A language of the handbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Chinese.
    Chinese,
    /// English.
    English,
}

impl Language {
    /// The text of this language.
    pub(super) fn of<'t>(self, zh: &'t str, en: &'t str) -> &'t str {
        match self {
            Language::Chinese => zh,
            Language::English => en,
        }
    }

    /// The part of a text of both languages, written `中文 / English`; the whole text if it has no such parts.
    pub(super) fn part_of(self, text: &str) -> &str {
        text.split_once(" / ").map_or(text, |(zh, en)| self.of(zh, en))
    }

    pub(super) fn list(self) -> &'static str {
        self.of("、", ", ")
    }

    pub(super) fn basis(self, basis: Basis) -> &'static str {
        match basis {
            Basis::Quarter => self.of("当季 `quarter`", "the quarter, `quarter`"),
            Basis::Ytd => self.of("本年累计 `ytd`", "year to date, `ytd`"),
            Basis::Ttm => self.of("近四季度 `ttm`", "last four quarters, `ttm`"),
            Basis::Point => self.of("季末 `point`", "end of the quarter, `point`"),
        }
    }

    pub(super) fn level(self, level: &str) -> &str {
        match level {
            "park" => self.of("集聚区", "park"),
            "county" => self.of("县（市、区）", "county"),
            "city_net" => self.of("市（不含省直管县）", "city without directly administered counties"),
            "city" => self.of("市", "city"),
            "province" => self.of("全省", "province"),
            other => other,
        }
    }

    pub(super) fn direction(self, direction: Direction) -> &'static str {
        match direction {
            Direction::Higher => self.of("越高越好", "higher is better"),
            Direction::Lower => self.of("越低越好", "lower is better"),
            Direction::None => self.of("无优劣之分，不排名", "neither is better; not ranked"),
        }
    }

    pub(super) fn year_on_year(self, yoy: YearOnYear) -> &'static str {
        match yoy {
            YearOnYear::Relative => self.of("百分比变化", "in percent"),
            YearOnYear::Difference => self.of("差值", "as a difference"),
            YearOnYear::None => self.of("不比较", "not compared"),
        }
    }

    pub(super) fn collection(self, collection: Collection) -> &'static str {
        match collection {
            Collection::Survey => self.of("统计调查", "survey"),
            Collection::Administrative => self.of("部门行政记录", "administrative"),
            Collection::Published => self.of("公开发布", "published"),
        }
    }
}
